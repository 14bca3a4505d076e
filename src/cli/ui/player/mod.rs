//! The listener of a session: the source of commands and the target of news, which is a terminal, a pipe, or nothing at
//! all.
//!
//! Knows nothing of sound, devices or scripts.

mod display;
mod keyboard;
pub(crate) mod keys;
mod line;
mod lines;
pub(crate) mod sentences;
mod terminal;
mod time_prompt;
pub(crate) mod wait;

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use crate::cli::args::PlayArgs;
use crate::cli::clock::WallClock;
use crate::cli::ui::diagnostics::on_terminal;
use crate::playback::control::Command;
use display::Style;
use lines::Times;
use terminal::{Keys, Terminal};

pub(crate) use display::Display;

/// ScriptSource of commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Input {
    Keys,
    Lines,
    /// A script came from there, and there is no terminal.
    Nothing,
}

impl Input {
    fn new(script_from_stdin: bool, stdin_is_terminal: bool, stderr_is_terminal: bool) -> Self {
        match (script_from_stdin, stdin_is_terminal || (script_from_stdin && stderr_is_terminal)) {
            (_, true) => Self::Keys,
            (false, false) => Self::Lines,
            (true, false) => Self::Nothing,
        }
    }
}

/// Begins to listen to the keys or lines that there are, and returns the display of the session. All threads of it end
/// with the display, or wait for input that is heard no more.
pub(crate) fn open(args: &PlayArgs, commands: Sender<Command>) -> Display {
    let from_stdin = args.script.as_deref() == Some(Path::new("-"));
    let input = Input::new(from_stdin, std::io::stdin().is_terminal(), std::io::stderr().is_terminal());
    let style = Style::new(args.quiet, args.plain, on_terminal());
    let keys = if input == Input::Keys { Keys::Read } else { Keys::NotRead };
    let terminal = Arc::new(Terminal::open(keys, style.line()));
    let times = Times { clock: WallClock::here(), end_at: args.end_at };
    match input {
        Input::Keys => keyboard::listen(terminal.clone(), commands, times),
        Input::Lines => lines::listen(std::io::stdin(), commands, times),
        Input::Nothing => {}
    }
    Display::new(terminal, style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_keys_of_a_terminal_or_lines_of_a_pipe_but_never_the_script() {
        let check = |from_stdin, stdin, stderr, expected| {
            assert_eq!(Input::new(from_stdin, stdin, stderr), expected);
        };
        check(false, true, true, Input::Keys);
        check(false, true, false, Input::Keys);
        check(false, false, true, Input::Lines);
        check(false, false, false, Input::Lines);
        check(true, false, true, Input::Keys);
        check(true, true, true, Input::Keys);
        check(true, false, false, Input::Nothing);
    }
}
