//! The arguments, as close to what was typed as can be; each subcommand lowers its own.

mod feed;
mod play;
mod render;
mod shard;
mod sound;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use crate::build::{Overrides, Settings};
use crate::sidecar::Sidecar;
use crate::text::visible;
use crate::units::SampleRate;

pub(super) use feed::FeedArgs;
pub(super) use play::PlayArgs;
#[cfg(feature = "play")]
pub(super) use play::parse_volume;
pub(super) use render::{PlayerArg, RenderArgs, WatchArg};

/// Compile session scripts for yoga and meditation into exact audio tracks
#[derive(Debug, Parser)]
#[command(name = "nidra", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Examples:
  nidra init my-practice && cd my-practice && nidra render
  nidra check scripts/legs-up-the-wall.toml
  nidra render scripts/legs-up-the-wall.toml --set hold=7m -o legs.wav
  nidra render scripts/roller-3.toml -o - | ffplay -

Exit codes: 0 success; 1 something failed; 2 wrong usage; 3 a script is invalid;
4 a sound is missing or unreadable; 5 no audio device; 130 interrupted.")]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Render scripts to tracks; without arguments, the whole project
    Render(RenderArgs),
    /// Make a podcast folder: episodes, sidecar files and the feed
    Feed(FeedArgs),
    /// Report every mistake, and how the words fit the time
    Check(CheckArgs),
    /// Print the cue sheet: the time of every sound
    Show(ShowArgs),
    /// Play a session live
    Play(PlayArgs),
    /// Show what made a track, and whether it is intact and current
    Verify(VerifyArgs),
    /// Create a project with a script that renders at once
    Init(InitArgs),
    /// Create a commented script in scripts/
    New(NewArgs),
    /// Print a shell completion script
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Parses the arguments of the process, or exits with a message that repeats them in a form safe for a terminal.
pub(super) fn of_the_process() -> Args {
    Args::try_parse().unwrap_or_else(|error| {
        let visible = std::env::args_os().map(|argument| visible(&argument.to_string_lossy()));
        // The same mistake, unless it was that an argument is no Unicode, and then clap does not repeat it.
        Args::try_parse_from(visible).err().unwrap_or(error).exit()
    })
}

/// Choice of the tracks of a script.
#[derive(Debug, ClapArgs)]
pub(super) struct TrackArgs {
    /// Only this edition (can be repeated)
    #[arg(long, value_name = "NAME")]
    pub(super) edition: Vec<String>,
    /// Value of a parameter, as in hold=7m (can be repeated)
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    pub(super) set: Vec<(String, String)>,
    /// Sample rate, 8000 to 192000 [default: the script's, or 48000]
    #[arg(long, value_name = "HZ", value_parser = clap::value_parser!(u32).range(8_000..=192_000))]
    pub(super) rate: Option<u32>,
}

impl TrackArgs {
    pub(super) fn overrides(&self) -> Overrides {
        Overrides {
            editions: self.edition.clone(),
            set: self.set.clone(),
            settings: Settings { rate: self.rate.and_then(SampleRate::new), ..Settings::default() },
            ..Overrides::default()
        }
    }
}

#[derive(Clone, Copy, Debug, ClapArgs)]
pub(super) struct DenyArgs {
    /// Treat warnings as errors
    #[arg(long, value_enum)]
    pub(super) deny: Option<DenyArg>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct CheckArgs {
    /// Scripts, or folders of scripts; `-` reads one from stdin [default: scripts/]
    pub(super) scripts: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) track: TrackArgs,
    #[command(flatten)]
    pub(super) deny: DenyArgs,
    /// Print the diagnostics and the report as JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ShowArgs {
    /// The script; `-` reads it from stdin
    pub(super) script: PathBuf,
    #[command(flatten)]
    pub(super) track: TrackArgs,
    /// Output format: text, json, or a sidecar: vtt, srt, lrc, txt, chapters, labels, cue, plan, html, svg
    #[arg(long, default_value = "text", value_parser = show_format)]
    pub(super) format: ShowFormat,
}

#[derive(Debug, ClapArgs)]
pub(super) struct VerifyArgs {
    /// Tracks, in any format
    #[arg(required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Print the results as JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct InitArgs {
    /// The folder of the project; created if missing
    pub(super) folder: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(super) struct NewArgs {
    /// Name of the script, as in evening-rest
    pub(super) name: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum DenyArg {
    Warnings,
}

/// Format in which `nidra show` prints a track.
#[derive(Clone, Copy, Debug)]
pub(super) enum ShowFormat {
    /// The cue sheet for people.
    Text,
    /// The cue sheet for machines.
    Json,
    /// As a file that could lie beside the track.
    Sidecar(Sidecar),
}

fn show_format(typed: &str) -> Result<ShowFormat, String> {
    // A picture is not for a terminal; its drawing is.
    let sidecars = || Sidecar::ALL.into_iter().filter(|kind| *kind != Sidecar::Cover);
    match typed {
        "text" => Ok(ShowFormat::Text),
        "json" => Ok(ShowFormat::Json),
        _ => sidecars().find(|kind| kind.name() == typed).map(ShowFormat::Sidecar).ok_or_else(|| {
            let names: Vec<&str> =
                ["text", "json"].into_iter().chain(sidecars().map(Sidecar::name)).collect();
            format!("write one of: {}", names.join(", "))
        }),
    }
}

fn assignment(typed: &str) -> Result<(String, String), String> {
    match typed.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write NAME=VALUE, as in hold=7m".to_owned()),
    }
}
