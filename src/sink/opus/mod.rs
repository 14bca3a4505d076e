//! Opus in Ogg (RFC 6716, RFC 7845), as long as the track to the frame.
//!
//! The track is encoded in pieces on all cores. A piece is a stretch of sound between rests, or 30 seconds of a
//! longer one; it has an encoder of its own that has heard the second before, the packets of which are dropped.
//! Rests are one packet of silence, over and over. Must not know tags: their packet comes finished.

mod pages;
mod piece;
#[cfg(test)]
mod tests;

use std::io::Write;
use std::ops::Range;

use super::grid::sounding;
use super::work::{EncodeError, Watch, in_order};
use crate::audio::{ChannelLayout, Source};
use crate::units::{Frames, SampleRate};
use pages::Pages;
use piece::{Edge, Encoder, PACKET, Piece};

/// What Opus runs at, whatever was put in (RFC 7845, section 4).
const RATE: SampleRate = SampleRate::HZ_48000;

/// Rests of fewer packets than this are left to the encoder: a second, so that a sentence is one piece.
const REST: u64 = 50;

/// Packets of a run's end that may still hold its last frames, because the encoder looks ahead (312 frames),
/// and one in which its filters come to rest.
const TAIL: u64 = 3;

/// The longest piece, in packets: long sound is cut at every 30 seconds of the track.
const CUT: u64 = 1500;

/// The bitrates there are for one channel, in kbit/s (RFC 6716, section 2.1.1); two may have twice the most.
const KBPS: Range<u32> = 6..257;

/// The format of an Opus file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpusFormat {
    /// One or two channels.
    pub layout: ChannelLayout,
    /// The bitrate that sound takes in the mean, in kbit/s; rests take hardly any.
    pub kbps: u32,
}

impl OpusFormat {
    /// What is transparent to most ears: 96 kbit/s in stereo, 64 in mono.
    pub const fn standard(layout: ChannelLayout) -> Self {
        let kbps = match layout {
            ChannelLayout::Stereo => 96,
            ChannelLayout::Mono => 64,
        };
        Self { layout, kbps }
    }
}

/// Packets that follow each other.
enum Part {
    Sound(Piece),
    Silence(u64),
}

/// Writes a track as Opus. `opus_tags` is the finished comment packet (RFC 7845, section 5.2).
///
/// # Errors
/// If the output refuses it, the work is to end, or the track is not at 48 kHz.
pub fn write_opus(
    source: &dyn Source,
    format: OpusFormat,
    opus_tags: &[u8],
    output: &mut impl Write,
    watch: &mut Watch<'_>,
) -> Result<(), EncodeError> {
    supported(source, format)?;
    let length = source.length();
    let silence = Encoder::new(format).and_then(Encoder::silence).map_err(refused)?;
    let pre_skip = Encoder::new(format).and_then(|mut encoder| encoder.lookahead()).map_err(refused)?;
    let packets = (length.0 + u64::from(pre_skip)).div_ceil(PACKET as u64);

    let mut pages = Pages::begin(output, &identification(format, pre_skip), opus_tags)?;
    pages.promise(packets, length.0 + u64::from(pre_skip));
    let make = |part| match part {
        Part::Sound(piece) => piece.encode(source, format).map_err(refused),
        Part::Silence(count) => Ok(vec![silence.clone(); count as usize]),
    };
    in_order(parts(source, packets), make, |packets: Result<Vec<Vec<u8>>, EncodeError>| {
        for packet in packets? {
            pages.push(packet)?;
        }
        watch.done(length.min(Frames(pages.written() * PACKET as u64)))
    })
}

fn supported(source: &dyn Source, format: OpusFormat) -> Result<(), EncodeError> {
    let kbps = KBPS.start..=(KBPS.end - 1) * u32::from(format.layout.channels());
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
fn parts(source: &dyn Source, packets: u64) -> impl Iterator<Item = Part> + '_ {
    let runs = sounding(source.regions(), PACKET as u64, REST)
        .map(move |run| run.start..(run.end + TAIL).min(packets))
        .chain(std::iter::once(packets..packets));
    let mut at = 0;
    runs.flat_map(move |run| {
        let rest = std::mem::replace(&mut at, run.end)..run.start;
        let silence = cuts(rest).map(|part| Part::Silence(part.end - part.start));
        silence.chain(cuts(run.clone()).map(move |packets| {
            let edge = |at: u64| if at == run.start || at == run.end { Edge::Rest } else { Edge::Cut };
            Part::Sound(Piece { start: edge(packets.start), end: edge(packets.end), packets })
        }))
    })
}

/// A range, cut at every multiple of [`CUT`] within it.
fn cuts(range: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let mut at = range.start;
    std::iter::from_fn(move || {
        let start = at;
        at = ((start / CUT + 1) * CUT).min(range.end);
        (start < range.end).then_some(start..at)
    })
}
