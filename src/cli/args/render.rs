//! The arguments of `nidra render`: what tracks are to be, and what beside them.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::sound::{SoundArgs, one_of, word_of};
use super::{DenyArgs, TrackArgs};
use crate::build::{Overrides, Shard};
use crate::encode::{Bits, Format};
use crate::sidecar::Sidecar;
use crate::units::Preset;

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct RenderArgs {
    /// Scripts, or folders of scripts; `-` reads one from stdin [default: scripts/]
    pub(in crate::cli) scripts: Vec<PathBuf>,
    /// Output file, folder (ends in `/`, exists, or there are several tracks), or `-` for stdout
    #[arg(short, long, value_name = "PATH")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Formats, as in mp3,wav [default: by the extension after -o, the project's, or wav]
    #[arg(long, value_parser = one_of(Format::ALL.map(|format| (format.name(), format))), value_delimiter = ',', value_name = "FORMAT")]
    pub(in crate::cli) format: Vec<Format>,
    #[command(flatten)]
    pub(in crate::cli) track: TrackArgs,
    #[command(flatten)]
    pub(in crate::cli) sound: SoundArgs,
    /// Sample format: 16 or 24 bit, or 32-bit float [default: 16]
    #[arg(long, value_parser = one_of(BITS))]
    pub(in crate::cli) bits: Option<Bits>,
    /// Make a folder of numbered MP3 files with a playlist, for a phone, a car or a USB stick
    #[arg(long = "for", value_enum, value_name = "PLAYER")]
    pub(in crate::cli) player: Option<PlayerArg>,
    /// Also write playlist.m3u8 with all tracks
    #[arg(long)]
    pub(in crate::cli) playlist: bool,
    /// Sidecar files, as in vtt,chapters,cover: captions (vtt, srt, lrc), transcript (txt), chapters, labels
    /// (Audacity), cue sheet (cue), class plan (plan, html), cover, svg, or all
    #[arg(long, value_name = "FILE", value_delimiter = ',', value_parser = sidecars)]
    pub(in crate::cli) with: Vec<SidecarArg>,
    /// Render only shard I of N, counted from 0, as in 3/8 [default: the array scheduler's, or all]
    #[arg(long, value_name = "I/N", value_parser = super::shard::shard)]
    pub(in crate::cli) shard: Option<Shard>,
    /// Number of threads [default: all cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(in crate::cli) jobs: Option<u16>,
    /// Render everything, and replace files that nidra did not make or that were edited
    #[arg(short, long)]
    pub(in crate::cli) force: bool,
    /// Read current tracks in full, and render damaged ones again
    #[arg(long)]
    pub(in crate::cli) verify: bool,
    /// Render again whenever a script or a sound is saved, until Ctrl-C; =poll checks twice a second, for network
    /// mounts and VM shares, which deliver no file events
    #[arg(short, long, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "events")]
    pub(in crate::cli) watch: Option<WatchArg>,
    #[command(flatten)]
    pub(in crate::cli) deny: DenyArgs,
    /// Print the result for every track as JSON
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

impl RenderArgs {
    pub(in crate::cli) fn overrides(&self) -> Overrides {
        let mut overrides = self.sound.overrides(&self.track);
        overrides.settings.bits = self.bits;
        if self.player == Some(PlayerArg::Phone) {
            overrides.otherwise.loudness.preset = Some(Preset::Phone);
        }
        let bits = self.bits.and_then(|bits| word_of(BITS, bits)).map(|bits| format!("--bits={bits}"));
        overrides.typed.extend(bits.into_iter().chain(self.player.map(|_| "--for=phone".to_owned())));
        overrides.with = self.with.iter().flat_map(|SidecarArg(with)| with.iter().copied()).collect();
        overrides
    }
}

/// The player that a folder of tracks is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum PlayerArg {
    Phone,
}

/// The words for formats of samples.
const BITS: [(&str, Bits); 3] = [("16", Bits::Int16), ("24", Bits::Int24), ("32f", Bits::Float32)];

/// The way to notice changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum WatchArg {
    Events,
    Poll,
}

/// The files beside a track that one word means.
#[derive(Clone, Debug)]
pub(in crate::cli) struct SidecarArg(Vec<Sidecar>);

fn sidecars(typed: &str) -> Result<SidecarArg, String> {
    let named: Vec<Sidecar> =
        Sidecar::ALL.into_iter().filter(|kind| typed == "all" || kind.name() == typed).collect();
    if named.is_empty() {
        let names: Vec<&str> = Sidecar::ALL.into_iter().map(Sidecar::name).collect();
        return Err(format!("write all, or some of: {}", names.join(", ")));
    }
    Ok(SidecarArg(named))
}
