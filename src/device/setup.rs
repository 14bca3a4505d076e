//! The choice among a device's ways to take samples.

use rodio::cpal::{SampleFormat, SupportedStreamConfigRange};

/// Rates to fall back on when a device has not the wanted one, the better first.
const COMMON: [u32; 2] = [48_000, 44_100];

/// One way a device takes samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setup {
    pub(super) rate_hz: u32,
    pub(super) channels: u16,
    pub(super) format: SampleFormat,
}

/// The ways a device takes samples, the best first: at the wanted rate, since resampling is the session's own affair
/// and not a device's; in stereo; in floats, which nothing rounds on the way.
pub(super) fn setups(ranges: &[SupportedStreamConfigRange], wanted_hz: u32) -> Vec<Setup> {
    let mut setups: Vec<Setup> = ranges
        .iter()
        .map(|range| Setup {
            rate_hz: nearest_rate(range.min_sample_rate()..=range.max_sample_rate(), wanted_hz),
            channels: range.channels(),
            format: range.sample_format(),
        })
        .filter(|setup| setup.channels > 0 && setup.rate_hz > 0 && format_rank(setup.format).is_some())
        .collect();
    setups.sort_by_key(|setup| {
        (rate_rank(setup.rate_hz, wanted_hz), channels_rank(setup.channels), format_rank(setup.format))
    });
    setups.dedup();
    setups
}

fn nearest_rate(has: std::ops::RangeInclusive<u32>, wanted_hz: u32) -> u32 {
    let common = COMMON.into_iter().find(|rate| has.contains(rate));
    if has.contains(&wanted_hz) {
        return wanted_hz;
    }
    common.unwrap_or_else(|| wanted_hz.clamp(*has.start(), *has.end()))
}

fn rate_rank(rate_hz: u32, wanted_hz: u32) -> (usize, u32) {
    let common = COMMON.iter().position(|&rate| rate == rate_hz).unwrap_or(COMMON.len());
    if rate_hz == wanted_hz { (0, 0) } else { (1 + common, rate_hz.abs_diff(wanted_hz)) }
}

/// Two is wanted; of more, the fewest, as the others are silent; one only if there is nothing else.
fn channels_rank(channels: u16) -> u16 {
    match channels {
        1 => u16::MAX,
        more => more - 2,
    }
}

/// Nothing for a format that is no amplitude (DSD).
fn format_rank(format: SampleFormat) -> Option<u8> {
    match format {
        SampleFormat::F32 => Some(0),
        SampleFormat::I32 => Some(1),
        SampleFormat::I24 => Some(2),
        SampleFormat::F64 => Some(3),
        SampleFormat::I16 => Some(4),
        SampleFormat::U32 | SampleFormat::U24 | SampleFormat::I64 | SampleFormat::U64 => Some(5),
        SampleFormat::U16 => Some(6),
        SampleFormat::I8 | SampleFormat::U8 => Some(7),
        _ => None,
    }
}
