//! Opus in Ogg (RFC 6716, RFC 7845), as long as the track to the frame.
//!
//! The track is encoded in pieces on all cores, and a decoder hears no seam: every piece has an encoder that
//! has heard what comes before, the packets of which are dropped. Rests are one packet of silence, over and
//! over. Must not know tags: their packet comes finished.

mod encoder;
mod pages;
#[cfg(test)]
mod tests;

use std::io::Write;
use std::ops::{Range, RangeInclusive};

use super::ordered_par_map::ordered_par_map;
use super::runs::merged;
use super::work::{EncodeError, JobControl};
use crate::audio::{ChannelLayout, Source};
use crate::units::{Frames, SampleRate};
use encoder::{Encoder, PACKET_FRAMES, encode};
use pages::Pages;

/// The sample rate of Opus (RFC 7845, section 5.1, "Input Sample Rate").
const RATE: SampleRate = SampleRate::HZ_48000;

/// Rests of fewer packets than this, ten seconds, are left to the encoder, which finds them silent too, only
/// at some expense. More pieces would spend more on hearing what comes before.
const MIN_SILENT_PACKETS: u64 = 500;

/// Packets after the last frame that sounds that are kept. The encoder looks ahead, so the first still has
/// sound in it; in the others its filter against direct current decays, to -115 dB (measured).
const TAIL_PACKETS: u64 = 3;

/// The usual length of a part: two minutes. One more sixth is spent on hearing what comes before.
const PART_PACKETS: u64 = 6000;

/// The bitrates of one channel in kbit/s (RFC 6716, section 2.1.1); two channels may have twice the most.
const CHANNEL_KBPS: RangeInclusive<u32> = 6..=256;

/// The format of an Opus file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct OpusFormat {
    /// One or two channels.
    pub layout: ChannelLayout,
    /// The bitrate of sound in the mean, in kbit/s; rests take hardly any.
    pub kbps: u32,
    /// Packets of sound that one encoder makes: long sound is cut at every so many packets of the track.
    pub part_packets: u64,
}

impl OpusFormat {
    /// The usual bitrate, at which speech and bells are as the track to most ears: 64 kbit/s for mono, 96 for
    /// stereo (Xiph.org, "Opus Recommended Settings").
    pub(super) const fn standard(layout: ChannelLayout) -> Self {
        let kbps = match layout {
            ChannelLayout::Mono => 64,
            ChannelLayout::Stereo => 96,
        };
        Self { layout, kbps, part_packets: PART_PACKETS }
    }
}

/// Packets that follow each other.
enum Part {
    Sound(Range<u64>),
    Silence(Range<u64>),
}

/// Writes a track as Opus. `opus_tags` is the finished comment packet (RFC 7845, section 5.2).
///
/// # Errors
/// If the output refuses it, the work is to end, or the track is not at 48 kHz.
pub(super) fn write_opus(
    source: &dyn Source,
    format: OpusFormat,
    opus_tags: &[u8],
    output: &mut (impl Write + Send),
    watch: &mut JobControl<'_>,
) -> Result<(), EncodeError> {
    supported(source, format)?;
    let length = source.length();
    let silence = Encoder::new(format).and_then(Encoder::silence).map_err(refused)?;
    let pre_skip = Encoder::new(format).and_then(|mut encoder| encoder.lookahead()).map_err(refused)?;
    let end = length.0 + u64::from(pre_skip);
    let packets = end.div_ceil(PACKET_FRAMES as u64);

    let mut pages = Pages::begin(output, &identification(format, pre_skip), opus_tags, end)?;
    let stop = watch.stop;
    let make = |part| match part {
        Part::Sound(packets) => encode(source, format, packets, stop).map_err(refused),
        Part::Silence(packets) => Ok(packets.map(|_| silence.clone()).collect()),
    };
    ordered_par_map(
        parts(source, packets, format.part_packets),
        make,
        |packets: Result<Vec<Vec<u8>>, EncodeError>| {
            for packet in packets? {
                pages.push(packet)?;
            }
            watch.done(length.min(Frames(pages.written() * PACKET_FRAMES as u64)))
        },
    )
}

fn supported(source: &dyn Source, format: OpusFormat) -> Result<(), EncodeError> {
    let kbps = *CHANNEL_KBPS.start()..=CHANNEL_KBPS.end() * u32::from(format.layout.channels());
    if source.rate() != RATE {
        return Err(EncodeError::Unsupported(format!(
            "Opus is at 48000 Hz, and this track is at {} Hz; write `--rate 48000`",
            source.rate().hz()
        )));
    }
    if !kbps.contains(&format.kbps) {
        return Err(EncodeError::Unsupported(format!(
            "Opus takes {} to {} kbit/s here, and not {}",
            kbps.start(),
            kbps.end(),
            format.kbps
        )));
    }
    Ok(())
}

/// libopus refuses nothing it is asked here; if it does, there is no memory.
fn refused(error: opus::Error) -> EncodeError {
    EncodeError::Io(std::io::Error::other(error.to_string()))
}

/// The identification packet (RFC 7845, section 5.1).
fn identification(format: OpusFormat, pre_skip: u16) -> Vec<u8> {
    let (version, gain, mapping_family) = (1, 0u16, 0);
    [
        &b"OpusHead"[..],
        &[version, format.layout.channels() as u8],
        &pre_skip.to_le_bytes(),
        &RATE.hz().to_le_bytes(),
        &gain.to_le_bytes(),
        &[mapping_family],
    ]
    .concat()
}

/// The track in parts, in order. They depend on where it sounds and on nothing else.
fn parts(source: &dyn Source, packets: u64, cut: u64) -> impl Iterator<Item = Part> + '_ {
    let packet = PACKET_FRAMES as u64;
    let sounding = source.regions().iter();
    let sounding = sounding.map(move |region| region.start.0 / packet..region.end.0.div_ceil(packet));
    // A run of no packets at the end, so that the rest before it is a gap like any other.
    let runs = merged(sounding, MIN_SILENT_PACKETS)
        .map(move |run| run.start..(run.end + TAIL_PACKETS).min(packets))
        .chain(std::iter::once(packets..packets));
    let mut at = 0;
    runs.flat_map(move |run| {
        let rest = std::mem::replace(&mut at, run.end)..run.start;
        cuts(rest, cut).map(Part::Silence).chain(cuts(run, cut).map(Part::Sound))
    })
}

/// A range, cut at every multiple of `cut` within it.
fn cuts(range: Range<u64>, cut: u64) -> impl Iterator<Item = Range<u64>> {
    let mut at = range.start;
    std::iter::from_fn(move || {
        let start = at;
        at = ((start / cut + 1) * cut).min(range.end);
        (start < range.end).then_some(start..at)
    })
}
