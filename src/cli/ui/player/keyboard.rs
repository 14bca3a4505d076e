//! A thread that reads the keys of a terminal.
//!
//! It only sends commands: what they do is not its matter.
#![allow(clippy::disallowed_types, reason = "it waits for keys in real time")]

use std::ops::ControlFlow::{self, Break, Continue};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, poll, read};
use crossterm::terminal::supports_keyboard_enhancement;

use super::keys::{KeyAction, action};
use super::lines::Times;
use super::terminal::Terminal;
use super::time_prompt::{Answer, TimePrompt};
use crate::cli::clock::WallClock;
use crate::playback::control::Command;

/// Time to wait for a key before looking whether the terminal still is as it was.
const KEY_POLL_INTERVAL: Duration = Duration::from_millis(250);

/// A pause fades within this time, so that stopping the program does not cut a word.
const PAUSE_FADE: Duration = Duration::from_millis(500);

/// The bytes of one key come together, over the slowest line too; what comes later is another key.
const KEY_SEQUENCE_GAP: Duration = Duration::from_millis(50);

/// Terminals that are not asked what they can: they would not answer, and be waited for.
const SILENT_TERMINALS: [&str; 5] = ["dumb", "linux", "vt", "ansi", "cons"];

/// Reads keys and sends what they mean, until the terminal is closed or the player takes no more commands.
pub(crate) fn listen(terminal: Arc<Terminal>, commands: Sender<Command>, times: Times) {
    let read = move || {
        let mut keyboard = Keyboard { terminal, commands, times, prompt: None };
        // A terminal that went away has no keys: the signal that tells of it ends the program.
        let _ = keyboard.run();
    };
    // Without a thread nothing is heard of the keys, and the session plays.
    let _ = thread::Builder::new().name("keys".to_owned()).spawn(read);
}

struct Keyboard {
    terminal: Arc<Terminal>,
    commands: Sender<Command>,
    times: Times,
    prompt: Option<TimePrompt>,
}

impl Keyboard {
    fn run(&mut self) -> std::io::Result<()> {
        if self.terminal.hold() && is_asked() && supports_keyboard_enhancement().unwrap_or(false) {
            self.terminal.report_all_keys();
        }
        loop {
            if self.terminal.is_closed_within(Duration::ZERO) {
                return Ok(());
            }
            if !self.terminal.hold() {
                if self.terminal.is_closed_within(KEY_POLL_INTERVAL) {
                    return Ok(());
                }
                continue;
            }
            if !poll(KEY_POLL_INTERVAL)? {
                continue;
            }
            let flow = match read()? {
                Event::Key(key) => self.press(key)?,
                Event::Resize(..) => {
                    self.terminal.redraw();
                    Continue(())
                }
                _ => Continue(()),
            };
            if flow.is_break() {
                return Ok(());
            }
        }
    }

    fn press(&mut self, key: KeyEvent) -> std::io::Result<ControlFlow<()>> {
        let action = action(key);
        // Escape ends a session, so a key that came in two pieces must not be taken for it.
        if key.code == KeyCode::Esc && poll(KEY_SEQUENCE_GAP)? {
            skip_sequence()?;
            return Ok(Continue(()));
        }
        // What is done with Ctrl is done while something is typed, too.
        let is_typed = key.modifiers.is_empty() || matches!(key.code, KeyCode::Char(_)) && !is_control(key);
        if let (Some(prompt), true) = (&mut self.prompt, is_typed) {
            let answer =
                if action.is_some() || !is_released(key) { prompt.press(key.code) } else { Answer::More };
            return Ok(self.answered(answer));
        }
        Ok(match action {
            Some(KeyAction::Do(command)) => self.send(command),
            Some(KeyAction::EndOnTime) => match self.times.end_at {
                Some(time) => self.send(Command::EndAt(self.times.clock.next(time, WallClock::now()))),
                None => {
                    let prompt = TimePrompt::default();
                    self.terminal.ask(Some(prompt.line()));
                    self.prompt = Some(prompt);
                    Continue(())
                }
            },
            Some(KeyAction::Suspend) => {
                let _ = self.send(Command::Pause);
                self.terminal.suspend(PAUSE_FADE);
                self.send(Command::Returned)
            }
            None => Continue(()),
        })
    }

    fn answered(&mut self, answer: Answer) -> ControlFlow<()> {
        if answer == Answer::More {
            self.terminal.ask(self.prompt.as_ref().map(TimePrompt::line));
            return Continue(());
        }
        self.prompt = None;
        self.terminal.ask(None);
        match answer {
            Answer::Given(time) => self.send(Command::EndAt(self.times.clock.next(time, WallClock::now()))),
            Answer::Unreadable(why) => {
                self.terminal.say(&format!("{why}."));
                Continue(())
            }
            Answer::More | Answer::GivenUp => Continue(()),
        }
    }

    fn send(&self, command: Command) -> ControlFlow<()> {
        self.commands.send(command).map_or(Break(()), |()| Continue(()))
    }
}

/// Takes what follows an escape: the rest of a sequence, which ends in a letter or `~`, or one key pressed with Alt.
fn skip_sequence() -> std::io::Result<()> {
    let ends = |code| !matches!(code, KeyCode::Char('[' | 'O' | '0'..='9' | ';' | '<' | '>' | '?'));
    loop {
        if matches!(read()?, Event::Key(key) if ends(key.code)) || !poll(KEY_SEQUENCE_GAP)? {
            return Ok(());
        }
    }
}

fn is_control(key: KeyEvent) -> bool {
    key.modifiers.contains(crossterm::event::KeyModifiers::CONTROL)
}

fn is_released(key: KeyEvent) -> bool {
    key.kind == crossterm::event::KeyEventKind::Release
}

fn is_asked() -> bool {
    let term = std::env::var("TERM").unwrap_or_default();
    !term.is_empty() && !SILENT_TERMINALS.iter().any(|known| term.starts_with(known))
}
