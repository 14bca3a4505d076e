//! The command line: arguments to options to `build`, findings and results to people.
//!
//! The shell of the program, and the only place that prints: results to stdout, everything else to
//! stderr. Off a terminal there is no colour, no carriage return, and one sentence an event.
#![allow(
    clippy::disallowed_methods,
    reason = "the command line reads the environment and writes new projects"
)]

mod args;
mod check;
mod excerpt;
mod exit;
mod feed;
mod findings;
mod input;
mod interrupt;
mod naming;
mod new;
mod output;
mod place;
mod plan;
#[cfg(feature = "play")]
mod play;
mod playlist;
mod progress;
mod render;
mod report;
mod show;
mod shown;
mod stdout;
mod summary;
mod verify;
mod watch;

use std::io;
use std::process::ExitCode;

use clap::CommandFactory;

use args::{Args, Command};
use exit::Exit;

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
        Command::Play(args) => play::play(&args),
        #[cfg(not(feature = "play"))]
        Command::Play(_) => {
            let how = "build it with `cargo build --release --features play`, or `nidra render` a track";
            findings::say(&format!("error: this nidra was built without live playing; {how}"));
            Ok(Exit::Device)
        }
        Command::Completions { shell } => {
            // Not straight to stdout: clap_complete panics when the reader has enough.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "nidra", &mut script);
            output::print_text(&String::from_utf8_lossy(&script)).map(|()| Exit::Well)
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
    let kind =
        |cause: &(dyn std::error::Error + 'static)| cause.downcast_ref::<io::Error>().map(io::Error::kind);
    error.chain().any(|cause| kind(cause) == Some(io::ErrorKind::BrokenPipe))
}
