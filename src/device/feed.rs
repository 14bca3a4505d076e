//! The callback as rodio takes it: sample by sample, in as many channels as the device has.
//!
//! rodio's mixer hands samples on as they are when rate and channels are the device's (measured: bit for bit), and
//! else interpolates linearly, and drops the right channel for a mono device. So both are always the device's here.
#![allow(clippy::disallowed_types, reason = "rodio's trait speaks of Durations")]

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rodio::cpal::SampleFormat;

use super::callback::DeviceCallback;
use super::setup::Setup;
use crate::audio::Frame;
use crate::dsp;
use crate::units::{FramePos, Frames};

/// The source that rodio pulls samples from.
pub(super) struct Feed {
    callback: DeviceCallback,
    channels: NonZero<u16>,
    rate_hz: NonZero<u32>,
    depth: Depth,
    frame: Frame,
    /// The channel that comes next.
    channel: u16,
    /// Position of the dither.
    at: FramePos,
    /// The same, for `DeviceErrors`.
    pulled: Arc<AtomicU64>,
}

/// The depth of a sample on its way to the device. rodio only cuts off what does not fit, so the rounding is ours, as
/// it is in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    Float,
    Bits24,
    Bits16,
}

impl Feed {
    pub(super) fn new(callback: DeviceCallback, setup: Setup, pulled: Arc<AtomicU64>) -> Option<Self> {
        let depth = match setup.format {
            SampleFormat::F32 | SampleFormat::F64 => Depth::Float,
            SampleFormat::I16 | SampleFormat::U16 | SampleFormat::I8 | SampleFormat::U8 => Depth::Bits16,
            _ => Depth::Bits24,
        };
        Some(Self {
            callback,
            channels: NonZero::new(setup.channels)?,
            rate_hz: NonZero::new(setup.rate_hz)?,
            depth,
            frame: Frame::SILENCE,
            channel: 0,
            at: FramePos::START,
            pulled,
        })
    }

    fn next_frame(&mut self) -> Frame {
        let mut frame = self.callback.next_frame();
        if self.channels.get() == 1 {
            frame = Frame::mono((frame.left + frame.right) * 0.5);
        }
        let frame = match self.depth {
            Depth::Float => frame,
            Depth::Bits24 => Frame::new(bits24(frame.left), bits24(frame.right)),
            // What has 16 bits already, as a track that is played as its file is, needs no more dither.
            Depth::Bits16 if is_of_16_bits(frame.left) && is_of_16_bits(frame.right) => frame,
            Depth::Bits16 => {
                let [left, right] = dsp::frame_to_i16(frame, self.at);
                Frame::new(f32::from(left) / 32_768.0, f32::from(right) / 32_768.0)
            }
        };
        self.at += Frames(1);
        self.pulled.store(self.at.0, Ordering::Relaxed);
        frame
    }
}

fn is_of_16_bits(sample: f32) -> bool {
    (sample * 32_768.0).fract() == 0.0
}

fn bits24(sample: f32) -> f32 {
    // 24 bits are what an f32 holds, so both ways are exact.
    dsp::to_i24(sample) as f32 / 8_388_608.0
}

impl Iterator for Feed {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        let channel = self.channel;
        if channel == 0 {
            self.frame = self.next_frame();
        }
        self.channel = if channel + 1 == self.channels.get() { 0 } else { channel + 1 };
        Some(match channel {
            0 => self.frame.left,
            1 => self.frame.right,
            _ => 0.0,
        })
    }
}

impl rodio::Source for Feed {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> NonZero<u16> {
        self.channels
    }

    fn sample_rate(&self) -> NonZero<u32> {
        self.rate_hz
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}
