//! A piece of the track as Opus packets.
//!
//! A decoder goes on from piece to piece as if one encoder had made them all. After a rest it is in the state
//! in which an encoder is that has heard silence. Where a piece is cut out of longer sound, the packets on
//! both sides are made without prediction from the packet before, so that it does not matter that the decoder
//! has heard that from another encoder.

use std::ops::Range;

use opus::{Application, Bitrate, Channels};

use super::OpusFormat;
use super::RATE;
use crate::audio::{ChannelLayout, Frame, Source};
use crate::units::FramePos;

/// Frames of a packet: 20 ms.
pub(super) const PACKET: usize = 960;

/// Packets that an encoder makes before the ones that are kept: a second. 80 ms make a decoder converge
/// (RFC 7845, section 4.6); the encoder's analysis of the sound takes longer.
const WARM_UP: u64 = 50;

/// Packets of silence after which an encoder says nothing new.
const SETTLED: usize = 20;

/// The largest packet there is (RFC 6716, section 3.4, R2).
const MAX_PACKET: usize = 1275;

/// What lies beyond the end of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    /// Silence.
    Rest,
    /// More of the same sound, in the piece beside it.
    Cut,
}

/// Packets that one encoder makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) packets: Range<u64>,
    pub(super) start: Edge,
    pub(super) end: Edge,
}

/// An encoder of packets.
pub(super) struct Encoder {
    opus: opus::Encoder,
    layout: ChannelLayout,
    samples: Vec<f32>,
}

impl Encoder {
    pub(super) fn new(format: OpusFormat) -> opus::Result<Self> {
        let channels = match format.layout {
            ChannelLayout::Mono => Channels::Mono,
            ChannelLayout::Stereo => Channels::Stereo,
        };
        let mut opus = opus::Encoder::new(RATE.hz(), channels, Application::Audio)?;
        opus.set_bitrate(Bitrate::Bits((format.kbps * 1000) as i32))?;
        opus.set_vbr(true)?;
        // Bits where they are needed: a file has no buffer that could run over.
        opus.set_vbr_constraint(false)?;
        opus.set_complexity(10)?;
        Ok(Self { opus, layout: format.layout, samples: Vec::new() })
    }

    /// How many frames late a decoder is.
    pub(super) fn lookahead(&mut self) -> opus::Result<u16> {
        let frames = self.opus.get_lookahead()?;
        Ok(u16::try_from(frames).expect("libopus looks less than a second ahead"))
    }

    /// The packet it makes of silence after silence.
    pub(super) fn silence(mut self) -> opus::Result<Vec<u8>> {
        let silence = [Frame::SILENCE; PACKET];
        for _ in 1..SETTLED {
            self.encode(&silence)?;
        }
        self.encode(&silence)
    }

    fn encode(&mut self, frames: &[Frame]) -> opus::Result<Vec<u8>> {
        self.samples.clear();
        match self.layout {
            ChannelLayout::Mono => self.samples.extend(frames.iter().map(|frame| frame.to_mono())),
            ChannelLayout::Stereo => {
                self.samples.extend(frames.iter().flat_map(|frame| [frame.left, frame.right]));
            }
        }
        self.opus.encode_vec_float(&self.samples, MAX_PACKET)
    }
}

impl Piece {
    /// Its packets.
    pub(super) fn encode(self, source: &dyn Source, format: OpusFormat) -> opus::Result<Vec<Vec<u8>>> {
        let mut encoder = Encoder::new(format)?;
        let mut frames = [Frame::SILENCE; PACKET];
        let mut kept = Vec::new();
        for packet in self.packets.start.saturating_sub(WARM_UP)..self.packets.end {
            source.read(FramePos(packet * PACKET as u64), &mut frames);
            encoder.opus.set_prediction_disabled(self.stands_alone(packet))?;
            let bytes = encoder.encode(&frames)?;
            if packet >= self.packets.start {
                kept.push(bytes);
            }
        }
        Ok(kept)
    }

    /// Whether a packet is next to a cut, and must not lean on the one before it.
    fn stands_alone(&self, packet: u64) -> bool {
        let Range { start, end } = self.packets;
        self.start == Edge::Cut && (packet == start || packet + 1 == start)
            || self.end == Edge::Cut && packet + 1 == end
    }
}
