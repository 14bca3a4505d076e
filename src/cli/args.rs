//! The arguments, as close to what was typed as can be; each subcommand lowers its own.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use crate::audio::ChannelLayout;
use crate::pipeline::{KILOBITS, Overrides, Settings};
use crate::script::{Loudness, parse_ceiling};
use crate::sink::{Bitrate, Bits, Format};
use crate::units::{Dbtp, SampleRate};

/// Compile session scripts for yoga and meditation into exact audio tracks
#[derive(Debug, Parser)]
#[command(name = "nidra", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Examples:
  nidra init my-practice && cd my-practice && nidra render
  nidra check scripts/legs-up-the-wall.toml
  nidra render scripts/legs-up-the-wall.toml --set hold=7m -o legs.wav
  nidra render scripts/roller-3.toml -o - | ffplay -

Exit codes: 0 well; 1 something failed; 2 wrong usage; 3 a script is invalid; 4 a sound is missing or
unreadable; 5 no audio device; 130 interrupted.")]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Render scripts to tracks; without a script, all of the project's
    Render(RenderArgs),
    /// Report every mistake, and how the words fit into the time
    Check(CheckArgs),
    /// Print the cue sheet: what is heard when
    Show(ShowArgs),
    /// Play a session live
    Play(PlayArgs),
    /// Tell which script made a track, and whether it would be the same today
    Verify(VerifyArgs),
    /// Make a new project that renders at once
    Init(InitArgs),
    /// Make a new, commented script in scripts/
    New(NewArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Which tracks of a script.
#[derive(Debug, ClapArgs)]
pub(super) struct TrackArgs {
    /// Only this edition (can be repeated)
    #[arg(long, value_name = "NAME")]
    pub(super) edition: Vec<String>,
    /// Give a parameter another value, as in hold=7m (can be repeated)
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    pub(super) set: Vec<(String, String)>,
    /// Frames a second, 8000 to 192000 [default: the script's, or 48000]
    #[arg(long, value_name = "HZ", value_parser = clap::value_parser!(u32).range(8_000..=192_000))]
    pub(super) rate: Option<u32>,
}

impl TrackArgs {
    pub(super) fn overrides(&self) -> Overrides {
        Overrides {
            editions: self.edition.clone(),
            set: self.set.clone(),
            settings: Settings { rate: self.rate.and_then(SampleRate::new), ..Settings::default() },
            typed: Vec::new(),
        }
    }
}

#[derive(Debug, ClapArgs)]
pub(super) struct RenderArgs {
    /// Scripts, or folders of scripts; `-` reads one from stdin [default: scripts/]
    pub(super) scripts: Vec<PathBuf>,
    /// Where to: a folder (it ends in `/`, is one, or there are several tracks), a file, or `-` for stdout
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
    /// The formats of the tracks, as in mp3,wav [default: the ending of a file after -o, the project's, or wav]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FORMAT")]
    pub(super) format: Vec<FormatArg>,
    #[command(flatten)]
    pub(super) track: TrackArgs,
    /// Channels [default: the script's, or stereo]
    #[arg(long, value_enum)]
    pub(super) channels: Option<ChannelsArg>,
    /// How samples are stored: 16 or 24 bit, or 32-bit float [default: 16]
    #[arg(long, value_enum)]
    pub(super) bits: Option<BitsArg>,
    /// Kilobits a second of MP3 (constant) and Opus (on average) [default: 128 and 96, mono 96 and 64]
    #[arg(long, value_name = "KBPS", value_parser = kilobits, conflicts_with = "vbr")]
    pub(super) bitrate: Option<u32>,
    /// Variable bit rate for MP3, from 0 (best) to 9 (smallest); players seek badly in it
    #[arg(long, value_name = "QUALITY", value_parser = clap::value_parser!(u8).range(0..=9))]
    pub(super) vbr: Option<u8>,
    /// Loudness of the voice: podcast, phone, sleep, archive, or as in -16LUFS [default: the script's, or podcast]
    #[arg(long, value_name = "LOUDNESS", value_parser = Loudness::typed, allow_hyphen_values = true)]
    pub(super) loudness: Option<Loudness>,
    /// Highest true peak, as in -1dBTP [default: the preset's]
    #[arg(long, value_name = "PEAK", value_parser = parse_ceiling, allow_hyphen_values = true)]
    pub(super) ceiling: Option<Dbtp>,
    /// Threads to render with [default: all cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// Replace files that are not tracks of nidra's, too
    #[arg(short, long)]
    pub(super) force: bool,
    #[command(flatten)]
    pub(super) deny: DenyArgs,
    /// Print what was made as JSON to stdout
    #[arg(long)]
    pub(super) json: bool,
}

impl RenderArgs {
    pub(super) fn overrides(&self) -> Overrides {
        let mut overrides = self.track.overrides();
        overrides.settings = Settings {
            channels: self.channels.map(Into::into),
            bits: self.bits.map(Into::into),
            bitrate: self.bitrate.map(Bitrate::Kilobits).or(self.vbr.map(Bitrate::Variable)),
            loudness: Loudness { ceiling: self.ceiling, ..self.loudness.unwrap_or_default() },
            ..overrides.settings
        };
        overrides.typed = self.typed();
        overrides
    }

    /// What decides about the bytes of a track, as it could be typed again.
    fn typed(&self) -> Vec<String> {
        let mut typed = Vec::new();
        let mut option = |name: &str, value: Option<String>| {
            typed.extend(value.map(|value| format!("--{name}={value}")));
        };
        for (name, value) in &self.track.set {
            option("set", Some(format!("{name}={value}")));
        }
        option("rate", self.track.rate.map(|rate| rate.to_string()));
        option("channels", self.channels.and_then(typed_name));
        option("bits", self.bits.and_then(typed_name));
        option("bitrate", self.bitrate.map(|kilobits| kilobits.to_string()));
        option("vbr", self.vbr.map(|quality| quality.to_string()));
        let loudness = self.loudness.unwrap_or_default();
        option("loudness", loudness.preset.map(|preset| preset.name().to_owned()));
        option("loudness", loudness.target.map(|target| format!("{}LUFS", target.0)));
        option("ceiling", self.ceiling.map(|ceiling| format!("{}dBTP", ceiling.0)));
        typed
    }
}

#[derive(Debug, ClapArgs)]
pub(super) struct DenyArgs {
    /// Take warnings for errors
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
    /// Print the findings and the report as JSON to stdout
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ShowArgs {
    /// The script; `-` reads it from stdin
    pub(super) script: PathBuf,
    #[command(flatten)]
    pub(super) track: TrackArgs,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: ShowFormat,
}

#[derive(Debug, ClapArgs)]
#[cfg_attr(not(feature = "play"), allow(dead_code, reason = "there are no devices without the feature"))]
pub(super) struct PlayArgs {
    /// The script; `-` reads it from stdin
    pub(super) script: PathBuf,
    #[command(flatten)]
    pub(super) track: TrackArgs,
    /// Begin at this time of the track, as in 2:30
    #[arg(long, value_name = "TIME", value_parser = crate::script::parse_time)]
    pub(super) from: Option<crate::units::Millis>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct VerifyArgs {
    /// Tracks in any format
    #[arg(required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Print what was found as JSON to stdout
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct InitArgs {
    /// The folder of the project; it is made if it is not there
    pub(super) folder: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(super) struct NewArgs {
    /// The name of the script, as in evening-rest
    pub(super) name: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FormatArg {
    Wav,
    Mp3,
    Flac,
    Opus,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Wav => Self::Wav,
            FormatArg::Mp3 => Self::Mp3,
            FormatArg::Flac => Self::Flac,
            FormatArg::Opus => Self::Opus,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ShowFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum DenyArg {
    Warnings,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ChannelsArg {
    Mono,
    Stereo,
}

impl From<ChannelsArg> for ChannelLayout {
    fn from(channels: ChannelsArg) -> Self {
        match channels {
            ChannelsArg::Mono => Self::Mono,
            ChannelsArg::Stereo => Self::Stereo,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum BitsArg {
    #[value(name = "16")]
    Int16,
    #[value(name = "24")]
    Int24,
    #[value(name = "32f")]
    Float32,
}

impl From<BitsArg> for Bits {
    fn from(bits: BitsArg) -> Self {
        match bits {
            BitsArg::Int16 => Self::Int16,
            BitsArg::Int24 => Self::Int24,
            BitsArg::Float32 => Self::Float32,
        }
    }
}

/// A choice as it is typed.
fn typed_name(choice: impl ValueEnum) -> Option<String> {
    choice.to_possible_value().map(|value| value.get_name().to_owned())
}

fn kilobits(typed: &str) -> Result<u32, String> {
    let known = KILOBITS.into_iter().find(|kilobits| kilobits.to_string() == typed.trim_end_matches('k'));
    let names = || KILOBITS.map(|kilobits| kilobits.to_string()).join(", ");
    known.ok_or_else(|| format!("write one of: {}", names()))
}

fn assignment(typed: &str) -> Result<(String, String), String> {
    match typed.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write NAME=VALUE, as in hold=7m".to_owned()),
    }
}
