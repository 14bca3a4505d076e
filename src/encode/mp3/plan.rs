//! The cuts of a track into parts that LAME encodes each on its own.
//!
//! Parts depend on the regions alone. Everything is counted in packets, from the first of the track.

use std::ops::{Range, RangeInclusive};

use super::packet::PACKET_FRAMES;
use crate::encode::runs::merged;
use crate::units::{FramePos, Frames};

/// Reach of a packet's sound: packet `p` is made of the frames from `1152 p - REACH_FRAMES` to `1152 p +
/// REACH_FRAMES`. LAME begins `ENCDELAY - MDCTDELAY` = 528 frames before it and its transform half a packet before
/// that; it ends with the last of 36 windows, 1120 + 512 frames after the 528 (`encoder.h`, `encoder.c`).
const REACH_FRAMES: u64 = 1104;

/// At 44.1 kHz the packets of CBR are padded in a pattern that comes again after so many: 160 kb/s / 49 is what a
/// packet of each bit rate is short of whole bytes. A part that begins on this grid pads the packets that one
/// encoder for the whole track would pad.
const GRID_PACKETS: u64 = 49;

/// The least that LAME hears of the silence before a part. Then what it knows is what it would know after any
/// silence: it weighs the demand of packets over 19 (`pefirbuf`), its reservoir is full after 9, and the threshold
/// of hearing that it adapts (`adjust_ATH`: by 0.925 a packet, from 0.01 at first to 0.000625) is so after 36.
const QUIET_PACKETS: u64 = 49;

/// Silence shorter than this is encoded as sound: LAME would be as long about warming up. One encoder for the whole
/// track would not be done with its past either: its threshold takes 95 packets from 1 to 0.000625.
const MIN_SILENT_PACKETS: u64 = QUIET_PACKETS + GRID_PACKETS;

/// The most continuous sound that LAME hears before its packets are used; the part before goes on as long. By
/// then it nearly always does bit for bit what the encoder of the part before does, and the seam is none. Measured
/// over rain at 128 kb/s: after 49 packets it does so at two seams of three, after 98 at 9 of 10, after 147 at all but
/// one, where no two packets were more than 0.1 dB worse.
pub(super) const OVERLAP_PACKETS: u64 = 3 * GRID_PACKETS;

/// Packets in a part of continuous sound: 41 s at 44.1 kHz. Longer parts leave cores idle on short tracks, shorter
/// ones cost more to warm up (these 9 %).
const PART_PACKETS: u64 = 32 * GRID_PACKETS;

/// A stretch of the track that one encoder makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The first packet that is encoded.
    pub begin: u64,
    /// The packets of which any may be the first that is used.
    pub first: RangeInclusive<u64>,
    /// The packet after the last that may be used.
    pub end: u64,
}

impl Part {
    /// True if the part before it sounds on into this one.
    pub(super) fn continues(&self) -> bool {
        self.first.start() != self.first.end()
    }
}

/// The parts of a track.
pub(super) struct Plan {
    /// The parts that sound, in order. Between the end of one and the next that does not continue it there is silence.
    pub parts: Vec<Part>,
    /// Packets in the track.
    pub packets: u64,
}

impl Plan {
    /// The plan for a track that sounds in `regions`.
    pub(super) fn new(regions: &[Range<FramePos>], length: Frames) -> Self {
        let packets = packets(length);
        let spans = merged(regions.iter().map(|region| span(region, packets)), MIN_SILENT_PACKETS);
        let from_start = |span: Range<u64>| if span.start < MIN_SILENT_PACKETS { 0..span.end } else { span };
        Self { parts: spans.map(from_start).flat_map(|span| parts(&span)).collect(), packets }
    }

    /// One part for the whole track, as one encoder would make it.
    #[cfg(test)]
    pub(super) fn straight(length: Frames) -> Self {
        let packets = packets(length);
        Self { parts: vec![Part { begin: 0, first: 0..=0, end: packets }], packets }
    }
}

/// Returns the number of packets that hold so many frames: as many as LAME makes. Its delay is 576 frames, and it ends
/// with at least as many again.
fn packets(length: Frames) -> u64 {
    length.0.div_ceil(PACKET_FRAMES) + 1
}

/// The packets that hold a region, and one before, which shapes its window for what comes.
fn span(region: &Range<FramePos>, packets: u64) -> Range<u64> {
    let end = (region.end.0 + REACH_FRAMES).div_ceil(PACKET_FRAMES);
    (region.start.0 / PACKET_FRAMES).saturating_sub(1)..end.min(packets)
}

/// Cuts continuous sound into parts.
fn parts(span: &Range<u64>) -> Vec<Part> {
    let on_grid = |packet: u64| packet - packet % GRID_PACKETS;
    let mut begin = on_grid(span.start.saturating_sub(QUIET_PACKETS));
    let mut first = span.start..=span.start;
    let mut parts = Vec::new();
    loop {
        let next = begin + PART_PACKETS;
        if next + PART_PACKETS / 2 > span.end {
            parts.push(Part { begin, first, end: span.end });
            return parts;
        }
        parts.push(Part { begin, first, end: next + OVERLAP_PACKETS });
        begin = next;
        // After two packets LAME's filters hold the true past.
        first = next + 2..=next + OVERLAP_PACKETS;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A track of 6000 packets that sounds from each of these packets to the other.
    #[track_caller]
    fn check(regions: &[(u64, u64)], parts: &[(u64, RangeInclusive<u64>, u64)]) {
        let frame = |packet: u64| FramePos(packet * PACKET_FRAMES);
        let regions: Vec<_> = regions.iter().map(|&(from, to)| frame(from)..frame(to)).collect();
        let plan = Plan::new(&regions, Frames(6000 * PACKET_FRAMES));
        let found: Vec<_> = plan.parts.into_iter().map(|part| (part.begin, part.first, part.end)).collect();
        assert_eq!(found, parts);
        assert_eq!(plan.packets, 6001);
    }

    #[test]
    fn silence_alone_has_no_parts() {
        check(&[], &[]);
    }

    #[test]
    fn sound_after_silence_is_a_part_that_begins_on_the_grid() {
        check(&[(500, 600)], &[(441, 499..=499, 601)]);
        check(&[(540, 600)], &[(490, 539..=539, 601)]);
    }

    #[test]
    fn a_short_silence_is_encoded() {
        check(&[(20, 30), (100, 110), (300, 310)], &[(0, 0..=0, 111), (245, 299..=299, 311)]);
    }

    #[test]
    fn long_sound_is_cut_with_an_overlap() {
        let parts = [(490, 539..=539, 2205), (2058, 2060..=2205, 3773), (3626, 3628..=3773, 5901)];
        check(&[(540, 5900)], &parts);
    }

    #[test]
    fn the_last_packets_hold_the_end_of_the_track() {
        check(&[(5990, 6000)], &[(5929, 5989..=5989, 6001)]);
    }
}
