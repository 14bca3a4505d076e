//! LAME: frames to packets.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use mp3lame_encoder::{
    Bitrate, Builder, DualPcm, Encoder, FlushNoGap, MonoPcm, Quality, VbrMode, max_required_buffer_size,
};

use super::format::Mp3Format;
use super::packet::{PACKET_FRAMES, Packets};
use super::plan::Part;
use crate::audio::{ChannelLayout, Frame, Source};
use crate::encode::format::{Kbps, RateControl};
use crate::encode::work::EncodeError;
use crate::units::{FramePos, Gain};

/// LAME's own default (`LAME_DEFAULT_QUALITY`). Measured at 128 kb/s, in stereo, on one core: rain at 97 times real
/// time with 26.1 dB of signal over error. `-q 5` (ffmpeg's default) is a fifth faster and 0.4 to 0.5 dB worse on rain
/// and voice alike; `-q 2` takes half as long again for 0.5 dB more on voice and 3.5 dB less on rain.
const QUALITY: Quality = Quality::VeryNice;

/// Packets whose frames are read at a time.
const CHUNK_PACKETS: u64 = 16;

/// Packets that LAME must be fed beyond one to give it out: it looks 1376 frames ahead (`calcNeeded` less its delay).
const LOOKAHEAD_PACKETS: u64 = 2;

/// Encodes a part: the packets from `part.begin` to `part.end` and that one too, because it says how much room the
/// one before leaves.
pub(super) fn encode(
    source: &dyn Source,
    format: Mp3Format,
    part: &Part,
    stop: &AtomicBool,
) -> Result<Packets, EncodeError> {
    if stop.load(Ordering::Relaxed) {
        return Err(EncodeError::Interrupted);
    }
    let mut lame = Lame::new(format, Tag::None)?;
    let end = part.end + LOOKAHEAD_PACKETS;
    let mut at = part.begin;
    if part.continues() {
        // After this the first packet that may be used takes no room of the packets before it: it fits anywhere.
        let settled = *part.first.start() - 1 + LOOKAHEAD_PACKETS;
        lame.feed_all(source, at..settled, stop)?;
        lame.empty_reservoir()?;
        at = settled;
    }
    lame.feed_all(source, at..end, stop)?;
    let packets = lame.finish()?;
    let expected = part.end + 1 - part.begin;
    if packets.count() as u64 != expected {
        return Err(refusal(format!("{} packets instead of {expected}", packets.count())));
    }
    Ok(packets)
}

/// Returns the header of a file in which LAME states its own settings, for [`super::info`] to fill in: one packet.
pub(super) fn info_packet(format: Mp3Format) -> Result<Vec<u8>, EncodeError> {
    let mut lame = Lame::new(format, Tag::Info)?;
    lame.feed_silence(LOOKAHEAD_PACKETS)?;
    let mut packet = Vec::with_capacity(lame.lame.lame_tag_size());
    lame.lame.lame_tag_encode_to_vec(&mut packet).ok_or_else(|| refusal("no header"))?;
    Ok(packet)
}

/// A packet of digital silence as LAME makes it once it has forgotten what was before.
pub(super) fn silent_packet(format: Mp3Format) -> Result<Vec<u8>, EncodeError> {
    const SETTLING_PACKETS: u64 = 4;
    let mut lame = Lame::new(format, Tag::None)?;
    lame.feed_silence(SETTLING_PACKETS + LOOKAHEAD_PACKETS)?;
    let packets = lame.finish()?;
    let last = packets.count().checked_sub(1).ok_or_else(|| refusal("no packets of silence"))?;
    Ok(packets.packet(last).0.to_vec())
}

/// The header of its own for which LAME leaves room, if any.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    None,
    Info,
}

/// One encoder, and the bytes it has given out.
struct Lame {
    lame: Encoder,
    layout: ChannelLayout,
    gain: Gain,
    frames: Vec<Frame>,
    left: Vec<f32>,
    right: Vec<f32>,
    bytes: Vec<u8>,
}

impl Lame {
    fn new(format: Mp3Format, tag: Tag) -> Result<Self, EncodeError> {
        let hz = format.rate.hz();
        let channels = u8::try_from(format.layout.channels()).expect("a layout has one or two channels");
        let mut builder = Builder::new()
            .ok_or_else(|| refusal("out of memory"))?
            .with_num_channels(channels)
            .and_then(|builder| builder.with_sample_rate(hz))
            // Said, or LAME chooses one by the bit rate and resamples.
            .and_then(|builder| builder.with_output_sample_rate(hz.try_into().ok()))
            .and_then(|builder| builder.with_quality(QUALITY))
            .and_then(|builder| builder.with_to_write_vbr_tag(tag == Tag::Info))
            .map_err(refusal)?;
        match format.mode {
            RateControl::Constant(kbps) => builder.set_brate(bitrate(kbps)),
            RateControl::Variable(quality) => builder
                .set_vbr_mode(VbrMode::Mtrh)
                .and_then(|()| builder.set_vbr_quality(vbr_quality(quality.get()))),
        }
        .map_err(refusal)?;
        Ok(Self {
            lame: builder.build().map_err(refusal)?,
            layout: format.layout,
            gain: gain(format.mode),
            frames: Vec::new(),
            left: Vec::new(),
            right: Vec::new(),
            bytes: Vec::new(),
        })
    }

    /// Takes the frames of many packets, in chunks, until `stop` is raised.
    fn feed_all(
        &mut self,
        source: &dyn Source,
        packets: std::ops::Range<u64>,
        stop: &AtomicBool,
    ) -> Result<(), EncodeError> {
        for at in packets.clone().step_by(CHUNK_PACKETS as usize) {
            if stop.load(Ordering::Relaxed) {
                return Err(EncodeError::Interrupted);
            }
            self.feed(source, at..packets.end.min(at + CHUNK_PACKETS))?;
        }
        Ok(())
    }

    /// Takes the frames of these packets' places on the grid.
    fn feed(&mut self, source: &dyn Source, packets: std::ops::Range<u64>) -> Result<(), EncodeError> {
        let length = usize::try_from((packets.end - packets.start) * PACKET_FRAMES).expect("a few packets");
        self.frames.resize(length, Frame::SILENCE);
        source.read(FramePos(packets.start * PACKET_FRAMES), &mut self.frames);
        self.encode()
    }

    fn feed_silence(&mut self, packets: u64) -> Result<(), EncodeError> {
        self.frames = vec![Frame::SILENCE; usize::try_from(packets * PACKET_FRAMES).expect("a few packets")];
        self.encode()
    }

    fn encode(&mut self) -> Result<(), EncodeError> {
        self.bytes.reserve(max_required_buffer_size(self.frames.len()));
        let (frames, gain) = (&self.frames, self.gain);
        self.left.clear();
        match self.layout {
            ChannelLayout::Mono => {
                self.left.extend(frames.iter().map(|frame| frame.to_mono() * gain));
                self.lame.encode_to_vec(MonoPcm(self.left.as_slice()), &mut self.bytes)
            }
            ChannelLayout::Stereo => {
                self.right.clear();
                self.left.extend(frames.iter().map(|frame| frame.left * gain));
                self.right.extend(frames.iter().map(|frame| frame.right * gain));
                let pcm = DualPcm { left: self.left.as_slice(), right: self.right.as_slice() };
                self.lame.encode_to_vec(pcm, &mut self.bytes)
            }
        }
        .map(drop)
        .map_err(refusal)
    }

    /// Fills up the packets so far, so that the next begins in its own room.
    fn empty_reservoir(&mut self) -> Result<(), EncodeError> {
        self.bytes.reserve(max_required_buffer_size(0));
        self.lame.flush_to_vec::<FlushNoGap>(&mut self.bytes).map(drop).map_err(refusal)
    }

    /// All packets so far, whole.
    fn finish(mut self) -> Result<Packets, EncodeError> {
        self.empty_reservoir()?;
        Packets::parse(self.bytes).ok_or_else(|| refusal("packets that are not whole"))
    }
}

/// Returns the gain that undoes LAME's own scaling of its input, so that a decoder gives back the level that went in.
///
/// LAME's CBR presets make the input quieter (`abr_switch_map` of `presets.c`, column `scale`), VBR does not. Its
/// full scale for floats is 32767 (`lame_encode_buffer_ieee_float`), that of decoders 32768.
fn gain(mode: RateControl) -> Gain {
    let scale = match mode {
        RateControl::Constant(kbps) => match kbps.get() {
            ..=160 => 0.95,
            161..=192 => 0.97,
            193..=224 => 0.98,
            _ => 1.0,
        },
        RateControl::Variable(_) => 1.0,
    };
    Gain((32768.0 / 32767.0 / scale) as f32)
}

fn bitrate(kbps: Kbps) -> Bitrate {
    match kbps.get() {
        ..=64 => Bitrate::Kbps64,
        65..=80 => Bitrate::Kbps80,
        81..=96 => Bitrate::Kbps96,
        97..=112 => Bitrate::Kbps112,
        113..=128 => Bitrate::Kbps128,
        129..=160 => Bitrate::Kbps160,
        161..=192 => Bitrate::Kbps192,
        193..=224 => Bitrate::Kbps224,
        225..=256 => Bitrate::Kbps256,
        257.. => Bitrate::Kbps320,
    }
}

/// LAME's `-V`, which its crate numbers with the names of `-q`.
fn vbr_quality(quality: u8) -> Quality {
    use Quality::{Best, Decent, Good, NearBest, Nice, Ok, SecondBest, SecondWorst, VeryNice, Worst};
    const QUALITIES: [Quality; 10] =
        [Best, SecondBest, NearBest, VeryNice, Nice, Good, Decent, Ok, SecondWorst, Worst];
    QUALITIES[usize::from(quality.min(9))]
}

/// LAME has no reason to refuse what it is given here; if it does, that is what it says.
fn refusal(what: impl std::fmt::Display) -> EncodeError {
    io::Error::other(format!("LAME: {what}")).into()
}
