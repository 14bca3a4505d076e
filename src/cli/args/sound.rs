//! Arguments for the sound of a track, shared by the subcommands that make tracks.

use clap::{Args as ClapArgs, ValueEnum};

use super::TrackArgs;
use crate::audio::ChannelLayout;
use crate::build::{Overrides, Settings};
use crate::encode::{Kbps, RateControl, VbrQuality};
use crate::script::{Loudness, parse_ceiling};
use crate::units::Dbtp;

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct SoundArgs {
    /// Channels [default: the script's, or stereo]
    #[arg(long, value_enum)]
    pub(in crate::cli) channels: Option<ChannelsArg>,
    /// Bit rate in kb/s: constant for MP3, average for Opus [default: 128 and 96, mono 96 and 64]
    #[arg(long, value_name = "KBPS", value_parser = kilobits, conflicts_with = "vbr")]
    pub(in crate::cli) bitrate: Option<Kbps>,
    /// Variable bit rate for MP3, 0 (best) to 9 (smallest); players seek badly in it
    #[arg(long, value_name = "QUALITY", value_parser = clap::value_parser!(u8).range(0..=9))]
    pub(in crate::cli) vbr: Option<u8>,
    /// Loudness of the voice: podcast, phone, sleep, archive, or as in -16LUFS [default: the script's, or podcast]
    #[arg(long, value_name = "LOUDNESS", value_parser = Loudness::typed, allow_hyphen_values = true)]
    pub(in crate::cli) loudness: Option<Loudness>,
    /// Maximum true peak, as in -1dBTP [default: the preset's]
    #[arg(long, value_name = "PEAK", value_parser = parse_ceiling, allow_hyphen_values = true)]
    pub(in crate::cli) ceiling: Option<Dbtp>,
}

impl SoundArgs {
    /// Returns the overrides for these tracks, as far as these arguments set them.
    pub(in crate::cli) fn overrides(&self, track: &TrackArgs) -> Overrides {
        let mut overrides = track.overrides();
        let variable = self.vbr.and_then(VbrQuality::new);
        overrides.settings = Settings {
            channels: self.channels.map(Into::into),
            rate_control: self.bitrate.map(RateControl::Constant).or(variable.map(RateControl::Variable)),
            loudness: Loudness { ceiling: self.ceiling, ..self.loudness.unwrap_or_default() },
            ..overrides.settings
        };
        overrides.typed = self.typed(track);
        overrides
    }

    /// Returns the options that decide about the bytes of a track, as they could be typed again.
    fn typed(&self, track: &TrackArgs) -> Vec<String> {
        let mut typed = Vec::new();
        let mut option = |name: &str, value: Option<String>| {
            typed.extend(value.map(|value| format!("--{name}={value}")));
        };
        for (name, value) in &track.set {
            option("set", Some(format!("{name}={value}")));
        }
        option("rate", track.rate.map(|rate| rate.to_string()));
        option("channels", self.channels.and_then(typed_name));
        option("bitrate", self.bitrate.map(|kbps| kbps.get().to_string()));
        option("vbr", self.vbr.map(|quality| quality.to_string()));
        let loudness = self.loudness.unwrap_or_default();
        option("loudness", loudness.preset.map(|preset| preset.name().to_owned()));
        option("loudness", loudness.target.map(|target| format!("{}LUFS", target.0)));
        option("ceiling", self.ceiling.map(|ceiling| format!("{}dBTP", ceiling.0)));
        typed
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum ChannelsArg {
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

/// A choice as it is typed.
pub(super) fn typed_name(choice: impl ValueEnum) -> Option<String> {
    choice.to_possible_value().map(|value| value.get_name().to_owned())
}

fn kilobits(typed: &str) -> Result<Kbps, String> {
    let known = typed.trim_end_matches('k').parse().ok().and_then(Kbps::new);
    known.ok_or_else(|| format!("write one of: {}", Kbps::ALL.map(|kbps| kbps.to_string()).join(", ")))
}
