//! The arguments of `nidra feed`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::sound::SoundArgs;
use super::{DenyArgs, TrackArgs};
use crate::build::{Defaults, Overrides};
use crate::sidecar::Sidecar;

/// Files that apps want beside an episode.
const BESIDE: [Sidecar; 3] = [Sidecar::ChaptersJson, Sidecar::WebVtt, Sidecar::Cover];

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct FeedArgs {
    /// Scripts, or folders of scripts [default: those that `[podcast]` names, or scripts/]
    pub(in crate::cli) scripts: Vec<PathBuf>,
    /// Output folder [default: feed/ in the output folder of the project]
    #[arg(short, long, value_name = "FOLDER")]
    pub(in crate::cli) output: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) track: TrackArgs,
    #[command(flatten)]
    pub(in crate::cli) sound: SoundArgs,
    /// Number of threads [default: all cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(in crate::cli) jobs: Option<u16>,
    /// Publish even if listeners lose episodes or get them twice
    #[arg(long)]
    pub(in crate::cli) accept_loss: bool,
    /// Render everything, and replace files that nidra did not make or that were edited
    #[arg(short, long)]
    pub(in crate::cli) force: bool,
    #[command(flatten)]
    pub(in crate::cli) deny: DenyArgs,
    /// Print the result for every track and the feed as JSON
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

impl FeedArgs {
    /// Returns the overrides that are typed, and the files beside the tracks: those that a project has, and those that
    /// a feed names.
    pub(in crate::cli) fn overrides(&self, defaults: &Defaults) -> Overrides {
        let mut overrides = self.sound.overrides(&self.track);
        overrides.with = defaults.with.iter().copied().chain(BESIDE).collect();
        overrides
    }
}
