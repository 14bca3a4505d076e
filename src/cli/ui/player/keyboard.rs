//! A thread that reads the keys of a terminal.
//!
//! It only sends commands: what they do is not its matter.
#![allow(clippy::disallowed_types, reason = "it waits for keys in real time")]

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, poll, read};
use crossterm::terminal::supports_keyboard_enhancement;

use super::ask::{Answer, Ask};
use super::keys::{Act, act};
use super::lines::Times;
use super::terminal::Terminal;
use crate::cli::clock::Clock;
use crate::playback::control::Command;

/// Time to wait for a key before looking whether the terminal still is as it was.
const WAIT: Duration = Duration::from_millis(250);

/// A pause fades within this time, so that stopping the program does not cut a word.
const SILENT_WITHIN: Duration = Duration::from_millis(500);

/// The bytes of one key come together, over the slowest line too; what comes later is another key.
const SAME_KEY: Duration = Duration::from_millis(50);

/// Terminals that are not asked what they can: they would not answer, and be waited for.
const ANSWERLESS: [&str; 5] = ["dumb", "linux", "vt", "ansi", "cons"];

/// Reads keys and sends what they mean, until the terminal is closed or the player takes no more commands.
pub(crate) fn listen(terminal: Arc<Terminal>, commands: Sender<Command>, times: Times) {
    std::thread::spawn(move || {
        let mut keyboard = Keyboard { terminal, commands, times, ask: None };
        // A terminal that went away has no keys: the signal that tells of it ends the program.
        let _ = keyboard.run();
    });
}

struct Keyboard {
    terminal: Arc<Terminal>,
    commands: Sender<Command>,
    times: Times,
    ask: Option<Ask>,
}

/// The next step of the loop.
enum Then {
    Listen,
    Stop,
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
                if self.terminal.is_closed_within(WAIT) {
                    return Ok(());
                }
                continue;
            }
            if !poll(WAIT)? {
                continue;
            }
            let then = match read()? {
                Event::Key(key) => self.press(key)?,
                Event::Resize(..) => {
                    self.terminal.redraw();
                    Then::Listen
                }
                _ => Then::Listen,
            };
            if let Then::Stop = then {
                return Ok(());
            }
        }
    }

    fn press(&mut self, key: KeyEvent) -> std::io::Result<Then> {
        let act = act(key);
        // Escape ends a session, so a key that came in two pieces must not be taken for it.
        if key.code == KeyCode::Esc && poll(SAME_KEY)? {
            skip_sequence()?;
            return Ok(Then::Listen);
        }
        // What is done with Ctrl is done while something is typed, too.
        let is_typed = key.modifiers.is_empty() || matches!(key.code, KeyCode::Char(_)) && !is_control(key);
        if let (Some(ask), true) = (&mut self.ask, is_typed) {
            let answer = if act.is_some() || !is_released(key) { ask.press(key.code) } else { Answer::More };
            return Ok(self.answered(answer));
        }
        Ok(match act {
            Some(Act::Do(command)) => self.send(command),
            Some(Act::EndOnTime) => match self.times.end_at {
                Some(time) => self.send(Command::EndAt(self.times.clock.next(time, Clock::now()))),
                None => {
                    let ask = Ask::default();
                    self.terminal.ask(Some(ask.line()));
                    self.ask = Some(ask);
                    Then::Listen
                }
            },
            Some(Act::Suspend) => {
                let _ = self.send(Command::Pause);
                self.terminal.suspend(SILENT_WITHIN);
                self.send(Command::Returned)
            }
            None => Then::Listen,
        })
    }

    fn answered(&mut self, answer: Answer) -> Then {
        if answer == Answer::More {
            self.terminal.ask(self.ask.as_ref().map(Ask::line));
            return Then::Listen;
        }
        self.ask = None;
        self.terminal.ask(None);
        match answer {
            Answer::Given(time) => self.send(Command::EndAt(self.times.clock.next(time, Clock::now()))),
            Answer::Unreadable(why) => {
                self.terminal.say(&format!("{why}."));
                Then::Listen
            }
            Answer::More | Answer::GivenUp => Then::Listen,
        }
    }

    fn send(&self, command: Command) -> Then {
        self.commands.send(command).map_or(Then::Stop, |()| Then::Listen)
    }
}

/// Takes what follows an escape: the rest of a sequence, which ends in a letter or `~`, or one key pressed with Alt.
fn skip_sequence() -> std::io::Result<()> {
    let ends = |code| !matches!(code, KeyCode::Char('[' | 'O' | '0'..='9' | ';' | '<' | '>' | '?'));
    loop {
        if matches!(read()?, Event::Key(key) if ends(key.code)) || !poll(SAME_KEY)? {
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
    !term.is_empty() && !ANSWERLESS.iter().any(|known| term.starts_with(known))
}
