//! Where the track is cut into parts that LAME encodes each on its own.
//!
//! Parts depend on the regions alone. Everything is counted in packets, from the first of the track.

use std::ops::{Range, RangeInclusive};

use super::packet::PACKET;
use crate::units::{FramePos, Frames};

/// How far LAME looks around: its packet `p` holds sound of the frames from `1152 p - REACH` to `1152 p + REACH`.
/// `ENCDELAY` 576 and `MDCTDELAY` 48 of `encoder.h`, and one granule of overlap, rounded up to what was measured:
/// packets farther away hold nothing.
const REACH: u64 = 1104;

/// At 44.1 kHz the packets of CBR are padded in a pattern that comes again after so many: 160 kb/s / 49 is what a
/// packet of each bit rate is short of whole bytes. A part that begins on this grid pads the packets that one
/// encoder for the whole track would pad.
const GRID: u64 = 49;

/// What LAME hears of the silence before a part, at least. It weighs the demand of packets over 19 (`pefirbuf`), and
/// its reservoir is full after three.
const QUIET: u64 = 49;

/// Silence shorter than this is encoded as sound: a part of its own would make LAME hear as much to warm up.
const WORTH: u64 = 147;

/// How long LAME hears continuous sound before its packets may be used, and the part before goes on as long.
pub(super) const WARM: u64 = GRID;

/// Packets in a part of continuous sound: 20.5 s at 44.1 kHz. Longer parts leave cores idle on short tracks, shorter
/// ones cost more to warm up (this one 6 %).
const LONG: u64 = 16 * GRID;

/// A stretch of the track that one encoder makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The first packet that is encoded.
    pub begin: u64,
    /// Which packet is the first that may be used: any of these.
    pub first: RangeInclusive<u64>,
    /// The packet after the last that may be used.
    pub end: u64,
}

impl Part {
    /// Whether the part before it sounds on into this one.
    pub(super) fn continues(&self) -> bool {
        self.first.start() != self.first.end()
    }
}

/// The parts of a track.
pub(super) struct Plan {
    /// What sounds, in order. Between the end of one and the next that does not continue it there is silence.
    pub parts: Vec<Part>,
    /// Packets in the track.
    pub packets: u64,
}

impl Plan {
    /// The plan for a track that sounds in `regions`.
    pub(super) fn new(regions: &[Range<FramePos>], length: Frames) -> Self {
        let packets = packets(length);
        let mut spans: Vec<Range<u64>> = Vec::new();
        for region in regions {
            let span = span(region, packets);
            match spans.last_mut() {
                Some(last) if span.start < last.end + WORTH => last.end = span.end,
                _ if span.start < WORTH => spans.push(0..span.end),
                _ => spans.push(span),
            }
        }
        Self { parts: spans.iter().flat_map(parts).collect(), packets }
    }

    /// One part for the whole track, as one encoder would make it.
    #[cfg(test)]
    pub(super) fn straight(length: Frames) -> Self {
        let packets = packets(length);
        Self { parts: vec![Part { begin: 0, first: 0..=0, end: packets }], packets }
    }
}

/// How many packets hold so many frames: as many as LAME makes. Its delay is 576 frames, and it ends with at least
/// as many again.
fn packets(length: Frames) -> u64 {
    length.0.div_ceil(PACKET) + 1
}

/// The packets that hold a region, and one before, which shapes its window for what comes.
fn span(region: &Range<FramePos>, packets: u64) -> Range<u64> {
    let end = (region.end.0 + REACH).div_ceil(PACKET);
    (region.start.0 / PACKET).saturating_sub(1)..end.min(packets)
}

/// Cuts continuous sound into parts.
fn parts(span: &Range<u64>) -> Vec<Part> {
    let on_grid = |packet: u64| packet - packet % GRID;
    let mut begin = on_grid(span.start.saturating_sub(QUIET));
    let mut first = span.start..=span.start;
    let mut parts = Vec::new();
    loop {
        let next = begin + LONG;
        if next + LONG / 2 > span.end {
            parts.push(Part { begin, first, end: span.end });
            return parts;
        }
        parts.push(Part { begin, first, end: next + WARM });
        begin = next;
        // After two packets LAME's filters hold the true past.
        first = next + 2..=next + WARM;
    }
}
