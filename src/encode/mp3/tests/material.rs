//! Tracks to encode, and what was encoded.

use std::io::Cursor;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

use crate::audio::{ChannelLayout, Frame, Source};
use crate::dsp::Noise;
use crate::encode::format::{Kbps, RateControl, VbrQuality};
use crate::encode::mp3::packet::Packets;
use crate::encode::mp3::plan::Plan;
use crate::encode::mp3::{Mp3Format, write_planned};
use crate::encode::testing::Pcm;
use crate::encode::{EncodeError, JobControl};
use crate::units::{FramePos, Gain, SampleRate};

impl Pcm {
    /// A track of `length` frames that sounds in `regions` like something between a voice and a brush, every
    /// region another way.
    pub(crate) fn new(hz: u32, length: usize, regions: &[Range<usize>]) -> Self {
        let rate = SampleRate::new(hz).unwrap();
        let mut frames = vec![Frame::SILENCE; length];
        for region in regions {
            murmur(rate, region.start as u64, &mut frames[region.clone()]);
        }
        let position = |at: usize| FramePos(at as u64);
        let regions = regions.iter().map(|region| position(region.start)..position(region.end)).collect();
        Self { rate, frames, regions }
    }

    /// A track that sounds from end to end.
    pub(crate) fn sounding(hz: u32, frames: Vec<Frame>) -> Self {
        let end = FramePos(frames.len() as u64);
        Self {
            rate: SampleRate::new(hz).unwrap(),
            frames,
            regions: std::iter::once(FramePos(0)..end).collect(),
        }
    }
}

/// Syllables, four a second, of a buzz at 130 Hz and a hiss, both dark.
fn murmur(rate: SampleRate, seed: u64, out: &mut [Frame]) {
    let noise = Noise::new(seed);
    let turn = |hz: f64, index: u64| (index as f64 * hz / f64::from(rate.hz())).fract() as f32;
    let mut dark = Frame::SILENCE;
    for (index, frame) in (0..).zip(out) {
        let syllable = turn(4.0, index);
        let level = 4.0 * syllable * (1.0 - syllable);
        let buzz = turn(130.0, index) - 0.5;
        let bright = Frame::new(buzz + noise.signed(2 * index), buzz + noise.signed(2 * index + 1));
        dark = dark * Gain(0.8) + bright * Gain(0.2);
        *frame = dark * Gain(0.4 * level * level);
    }
}

pub(crate) const LAYOUTS: [ChannelLayout; 2] = [ChannelLayout::Mono, ChannelLayout::Stereo];

pub(crate) fn cbr(kbps: u16) -> RateControl {
    RateControl::Constant(Kbps::new(kbps).unwrap())
}

pub(crate) fn vbr(quality: u8) -> RateControl {
    RateControl::Variable(VbrQuality::new(quality).unwrap())
}

pub(crate) fn format(track: &Pcm, layout: ChannelLayout, mode: RateControl) -> Mp3Format {
    Mp3Format { rate: track.rate, layout, mode }
}

/// The track as nidra writes it.
pub(crate) fn encoded(track: &Pcm, format: Mp3Format) -> Vec<u8> {
    planned(track, format, &Plan::new(&track.regions, track.length())).unwrap()
}

/// The track as one encoder makes it from end to end.
pub(crate) fn straight(track: &Pcm, format: Mp3Format) -> Vec<u8> {
    planned(track, format, &Plan::straight(track.length())).unwrap()
}

fn planned(track: &Pcm, format: Mp3Format, plan: &Plan) -> Result<Vec<u8>, EncodeError> {
    let stop = AtomicBool::new(false);
    let mut output = Cursor::new(Vec::new());
    write_planned(
        track,
        format,
        plan,
        &[],
        &mut output,
        &mut JobControl { stop: &stop, progress: &mut |_| {} },
    )?;
    Ok(output.into_inner())
}

/// Cuts a file without a tag into its packets, the header first, and checks that no packet's sound begins in room
/// that a packet before it has already used.
#[track_caller]
pub(crate) fn packets(bytes: &[u8]) -> Packets {
    let packets = Packets::parse(bytes.to_vec()).unwrap();
    let mut free = 0;
    for index in 1..packets.count() {
        let (packet, head) = packets.packet(index);
        let begin = packets.begin(index);
        assert!(begin <= free, "packet {index} begins {begin} bytes before itself, {free} are free");
        free = begin + packet.len() - head;
    }
    packets
}
