//! The terminal of a listener: keys one by one, one line that changes, sentences above it, and the way out.
//!
//! The only place that changes the modes of the terminal. Everyone who writes to it while it is changed writes
//! here, so that a line and a sentence never mingle. It is given back whenever this is dropped, while a panic
//! unwinds too, and while the program is stopped by Ctrl-Z.
#![allow(clippy::disallowed_types, reason = "waiting for a shell takes real time")]

mod system;

use std::io::Write;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossterm::cursor::{Hide, MoveToColumn, Show};
use crossterm::event::{KeyboardEnhancementFlags, PopKeyboardEnhancementFlags, PushKeyboardEnhancementFlags};
use crossterm::queue;
use crossterm::terminal::{Clear, ClearType, disable_raw_mode, enable_raw_mode};

use crate::cli::ui::output::say_all;
use crate::text::visible;

/// Width in columns of a terminal that does not tell.
const USUAL_WIDTH: usize = 80;

/// The system stops a program within microseconds of being asked to; in a program that it cannot stop, because no
/// shell could wake it, this goes by.
const STOPPED_WITHIN: Duration = Duration::from_millis(100);

/// Use of the keys of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// They are read, one by one.
    Read,
    /// They are not read.
    NotRead,
}

/// Use of stderr for a line that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// It is a terminal that a line can be changed on, and there is one.
    Shown,
    /// It is no such terminal, or the listener does not want a line: sentences only.
    None,
}

/// A terminal in use.
pub(crate) struct Terminal {
    keys: Keys,
    line: Line,
    now: Mutex<TerminalState>,
    woken: Condvar,
}

#[derive(Default)]
struct TerminalState {
    is_raw: bool,
    /// The terminal reports keys that have no character, as media keys.
    is_reporting: bool,
    is_closed: bool,
    is_paused: bool,
    line: String,
    /// Something is asked for: shown in place of the line.
    question: Option<String>,
}

impl Terminal {
    /// Begins to use it, if the program is in the foreground; else later, when it comes there.
    pub(crate) fn open(keys: Keys, line: Line) -> Self {
        let this = Self { keys, line, now: Mutex::default(), woken: Condvar::new() };
        this.hold();
        this
    }

    /// Makes the terminal give keys one by one, unless it does so already. False while the program is in the
    /// background, where a program that reads or changes a terminal is stopped.
    pub(crate) fn hold(&self) -> bool {
        let mut now = self.lock();
        if self.keys == Keys::NotRead || now.is_closed || !system::is_foreground() {
            return false;
        }
        // A shell that stopped and woke the program has put its own modes back.
        if now.is_raw && system::is_cooked() {
            let _ = disable_raw_mode();
            now.is_raw = false;
        }
        if !now.is_raw {
            now.is_raw = enable_raw_mode().is_ok();
            system::keep_newlines();
            if self.line == Line::Shown {
                write(|out| queue!(out, Hide));
            }
            if now.is_reporting {
                write(|out| queue!(out, PushKeyboardEnhancementFlags(REPORTED)));
            }
            self.draw(&now);
        }
        now.is_raw
    }

    /// Has keys reported that have no character. Only for terminals that said they can.
    pub(crate) fn report_all_keys(&self) {
        let mut now = self.lock();
        if now.is_raw && !now.is_reporting {
            now.is_reporting = true;
            write(|out| queue!(out, PushKeyboardEnhancementFlags(REPORTED)));
        }
    }

    /// True if keys are waited for no longer; waits a while for it.
    pub(crate) fn is_closed_within(&self, while_: Duration) -> bool {
        let waited = self.woken.wait_timeout_while(self.lock(), while_, |now| !now.is_closed);
        waited.map_or(true, |(now, _)| now.is_closed)
    }

    /// Notes whether it is silent, for [`Terminal::suspend`], which waits for that before the program is stopped.
    pub(crate) fn note_paused(&self, is_paused: bool) {
        self.lock().is_paused = is_paused;
        self.woken.notify_all();
    }

    /// Gives the terminal back and stops the program and all that run with it, as Ctrl-Z does. Comes back when the
    /// shell wakes it; [`Terminal::hold`] goes on from there.
    pub(crate) fn suspend(&self, silent_within: Duration) {
        let Ok((mut now, _)) =
            self.woken.wait_timeout_while(self.lock(), silent_within, |now| !now.is_paused && !now.is_closed)
        else {
            return;
        };
        self.give_back(&mut now);
        system::stop_until_woken();
        // It is stopped now, or a thread that was quicker than the stop waits for it here.
        let _ = self.woken.wait_timeout_while(now, STOPPED_WITHIN, |now| !now.is_closed);
    }

    /// Changes the line. Does nothing if there is none, or in the background.
    pub(crate) fn show(&self, line: String) {
        let mut now = self.lock();
        if self.line == Line::Shown && now.line != line {
            now.line = line;
            self.draw(&now);
        }
    }

    /// Draws the line again: the width of the terminal has changed.
    pub(crate) fn redraw(&self) {
        self.draw(&self.lock());
    }

    /// Shows what is asked for in place of the line, or the line again.
    pub(crate) fn ask(&self, question: Option<String>) {
        let mut now = self.lock();
        now.question = question;
        self.draw(&now);
    }

    /// Writes a sentence, which is one line whatever is in it, above the line if there is one.
    pub(crate) fn say(&self, sentence: &str) {
        let now = self.lock();
        if self.is_drawn(&now) {
            write(|out| queue!(out, MoveToColumn(0), Clear(ClearType::UntilNewLine)));
        }
        say_all([sentence]);
        self.draw(&now);
    }

    fn is_drawn(&self, now: &TerminalState) -> bool {
        let has_terminal = self.keys == Keys::NotRead || now.is_raw;
        self.line == Line::Shown && has_terminal && !now.is_closed && system::is_foreground()
    }

    /// Over what was there, and then what is left of that is cleared, so that nothing flickers.
    fn draw(&self, now: &TerminalState) {
        if self.is_drawn(now) {
            let shown = visible(now.question.as_ref().unwrap_or(&now.line));
            let shown = super::line::cut(&shown, width().saturating_sub(1));
            write(|out| {
                queue!(out, MoveToColumn(0))?;
                out.extend_from_slice(shown.as_bytes());
                queue!(out, Clear(ClearType::UntilNewLine))
            });
        }
    }

    fn give_back(&self, now: &mut TerminalState) {
        if self.is_drawn(now) {
            write(|out| queue!(out, MoveToColumn(0), Clear(ClearType::UntilNewLine)));
        }
        // In the background the terminal is the shell's, which has put its own modes back.
        if now.is_raw && system::is_foreground() {
            if now.is_reporting {
                write(|out| queue!(out, PopKeyboardEnhancementFlags));
            }
            if self.line == Line::Shown {
                write(|out| queue!(out, Show));
            }
            let _ = disable_raw_mode();
        }
        now.is_raw = false;
    }

    fn lock(&self) -> MutexGuard<'_, TerminalState> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the terminal back, for good; the thread that waits for keys waits no longer.
    pub(crate) fn close(&self) {
        let mut now = self.lock();
        self.give_back(&mut now);
        now.is_closed = true;
        self.woken.notify_all();
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.close();
    }
}

/// Esc is then told from the beginning of other keys, and media keys are told of.
const REPORTED: KeyboardEnhancementFlags = KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES;

/// In one go. That no listener looks is no reason to stop.
fn write(queue: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) {
    let mut bytes = Vec::new();
    if queue(&mut bytes).is_ok() {
        let mut err = std::io::stderr().lock();
        let _ = err.write_all(&bytes).and_then(|()| err.flush());
    }
}

/// Returns the width of the terminal in columns.
pub(crate) fn width() -> usize {
    match system::columns() {
        None | Some(0) => USUAL_WIDTH,
        Some(columns) => columns,
    }
}
