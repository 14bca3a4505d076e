//! The command line: arguments to options to `pipeline`, findings and results to people.
//!
//! The shell of the program, and the only place that prints: results to stdout, everything else to
//! stderr. Off a terminal there is no colour, no carriage return, and one sentence an event.
#![allow(
    clippy::disallowed_methods,
    reason = "the command line reads the environment and writes new projects"
)]

mod args;
mod check;
mod exit;
mod findings;
mod input;
mod new;
#[cfg(feature = "play")]
mod play;
mod render;
mod show;

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Args, Command};
use exit::Exit;

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let args = Args::parse();
    let done = match args.command {
        Command::Render(args) => render::render(args),
        Command::Check(args) => check::check(&args),
        Command::Show(args) => show::show(&args),
        Command::Init(args) => new::init(&args),
        Command::New(args) => new::new(&args),
        #[cfg(feature = "play")]
        Command::Play(args) => play::play(&args),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Args::command(), "nidra", &mut io::stdout());
            Ok(Exit::Well)
        }
    };
    match done {
        Ok(exit) => exit.into(),
        // `nidra show x | head` has got what it wanted.
        Err(error) if is_broken_pipe(&error) => Exit::Well.into(),
        Err(error) => {
            findings::say(&format!("error: {error:#}"));
            Exit::Failed.into()
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}
