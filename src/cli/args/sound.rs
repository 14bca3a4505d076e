//! Arguments for the sound of a track, shared by the subcommands that make tracks.

use clap::Args as ClapArgs;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::TrackArgs;
use crate::audio::ChannelLayout;
use crate::build::{Overrides, Settings};
use crate::encode::{Kbps, RateControl, VbrQuality};
use crate::script::{Loudness, parse_ceiling};
use crate::units::Dbtp;

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct SoundArgs {
    /// Channels [default: the script's, or stereo]
    #[arg(long, value_parser = one_of(CHANNELS))]
    pub(in crate::cli) channels: Option<ChannelLayout>,
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
            channels: self.channels,
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
        option("channels", self.channels.and_then(|channels| word_of(CHANNELS, channels)));
        option("bitrate", self.bitrate.map(|kbps| kbps.get().to_string()));
        option("vbr", self.vbr.map(|quality| quality.to_string()));
        let loudness = self.loudness.unwrap_or_default();
        option("loudness", loudness.preset.map(|preset| preset.name().to_owned()));
        option("loudness", loudness.target.map(|target| format!("{}LUFS", target.0)));
        option("ceiling", self.ceiling.map(|ceiling| format!("{}dBTP", ceiling.0)));
        typed
    }
}

/// The words for channels.
const CHANNELS: [(&str, ChannelLayout); 2] =
    [("mono", ChannelLayout::Mono), ("stereo", ChannelLayout::Stereo)];

/// A parser of one of these words, each of which means a value.
pub(super) fn one_of<T: Copy + Send + Sync + 'static, const N: usize>(
    words: [(&'static str, T); N],
) -> impl TypedValueParser<Value = T> {
    let meaning =
        move |typed: String| words.into_iter().find(|(word, _)| *word == typed).map(|(_, value)| value);
    PossibleValuesParser::new(words.map(|(word, _)| word))
        .try_map(move |typed| meaning(typed).ok_or("it is none of these words"))
}

/// The word that means a value.
pub(super) fn word_of<T: PartialEq, const N: usize>(words: [(&str, T); N], value: T) -> Option<String> {
    words.into_iter().find(|(_, meant)| *meant == value).map(|(word, _)| word.to_owned())
}

fn kilobits(typed: &str) -> Result<Kbps, String> {
    let known = typed.trim_end_matches('k').parse().ok().and_then(Kbps::new);
    known.ok_or_else(|| format!("write one of: {}", Kbps::ALL.map(|kbps| kbps.to_string()).join(", ")))
}
