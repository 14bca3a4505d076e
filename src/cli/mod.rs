//! The command line: arguments to options to `build`, diagnostics and results to people.
//!
//! `args/` is what was typed, `commands/` does it, `ui/` shows it: `commands` uses both others, and these know neither
//! it nor each other. The only place that prints: results to stdout, everything else to stderr. Off a terminal
//! there is no colour, no carriage return, and one sentence an event.
#![allow(
    clippy::disallowed_methods,
    reason = "the command line reads the environment and writes new projects"
)]

mod args;
#[cfg(feature = "play")]
mod clock;
mod commands;
mod exit;
mod ui;

use std::process::ExitCode;

use clap::CommandFactory;

use args::{Args, Command};
use commands::{check, feed, new, render, show, verify};
use exit::Exit;
use ui::diagnostics::say_failure;

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let args = args::of_the_process();
    let done = match args.command {
        Command::Render(args) => render::render(args),
        Command::Feed(args) => feed::feed(&args),
        Command::Check(args) => check::check(&args),
        Command::Show(args) => show::show(&args),
        Command::Verify(args) => verify::verify(&args),
        Command::Init(args) => new::init(&args),
        Command::New(args) => new::new(&args),
        #[cfg(feature = "play")]
        Command::Play(args) => commands::play::play(&args),
        #[cfg(not(feature = "play"))]
        Command::Play(_) => {
            let how = "build it with `cargo build --release --features play`, or `nidra render` a track";
            Err(Exit::Device.because(format!("this nidra was built without live playing; {how}")).into())
        }
        Command::Completions { shell } => {
            // Not straight to stdout: clap_complete panics when the reader has enough.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "nidra", &mut script);
            ui::output::print_text(&String::from_utf8_lossy(&script)).map(|()| Exit::Well)
        }
    };
    done.unwrap_or_else(|error| say_failure(&error)).into()
}
