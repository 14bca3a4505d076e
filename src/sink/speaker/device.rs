//! The speaker: frames from a ring buffer to the machine's audio device. The home of `rodio`.
//!
//! rodio is a speaker here, never a clock: it takes the frames it is given, in order. The device
//! thread pops samples from the ring and does nothing else: it never allocates, locks or waits.
#![allow(clippy::disallowed_types, reason = "rodio's trait and the parking of a thread are in Durations")]

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use rodio::cpal::ErrorKind;
use rodio::stream::{DeviceSinkBuilder, MixerDeviceSink};
use rtrb::{Consumer, Producer, RingBuffer};

use crate::audio::Frame;
use crate::units::{Millis, SampleRate};

/// How far the worker renders ahead: a machine may be busy for that long without a gap.
const AHEAD: Millis = Millis(2000);

/// How long the worker rests when the ring is full.
const REST: Duration = Duration::from_millis(20);

/// There is nothing to play through.
#[derive(Debug, thiserror::Error)]
#[error("there is no audio device to play through ({0}); `nidra render` needs none")]
pub struct DeviceError(String);

/// An open audio device.
pub struct Speaker {
    /// Dropping it closes the device.
    _device: MixerDeviceSink,
    ring: Producer<Frame>,
    state: Arc<State>,
}

/// What both sides of the ring know.
#[derive(Default)]
struct State {
    finished: AtomicBool,
    failed: AtomicBool,
    underruns: AtomicU64,
}

impl Speaker {
    /// Opens the default device.
    ///
    /// # Errors
    /// If there is none.
    pub fn open(rate: SampleRate) -> Result<Self, DeviceError> {
        let failed = |error: rodio::stream::DeviceSinkError| DeviceError(error.to_string());
        let rate_hz = NonZero::new(rate.hz()).expect("a sample rate is not zero");
        let state = Arc::new(State::default());
        let on_error = state.clone();
        let mut device = DeviceSinkBuilder::from_default_device()
            .map_err(failed)?
            .with_sample_rate(rate_hz)
            .with_error_callback(move |error| {
                if is_gone(error.kind()) {
                    on_error.failed.store(true, Ordering::Relaxed);
                }
            })
            .open_sink_or_fallback()
            .map_err(failed)?;
        device.log_on_drop(false);
        let (ring, frames) = RingBuffer::new(AHEAD.to_frames(rate).as_usize());
        // Not through rodio's Player: it plays the first 256 stereo frames as 512 mono ones (rodio issue 871).
        device.mixer().add(Tap { frames, right: None, rate_hz, state: state.clone() });
        Ok(Self { _device: device, ring, state })
    }

    /// Hands frames to the device, waiting for room. False if `stop` was raised or the device is gone.
    pub fn push(&mut self, frames: &[Frame], stop: &AtomicBool) -> bool {
        for frame in frames {
            while self.ring.is_full() {
                if !self.going(stop) {
                    return false;
                }
                std::thread::park_timeout(REST);
            }
            // There is room, so it is not refused.
            let _ = self.ring.push(*frame);
        }
        self.going(stop)
    }

    /// Waits until everything has been handed to the device, or `stop` is raised. Returns how often the
    /// device found the ring empty.
    pub fn drain(&mut self, stop: &AtomicBool) -> u64 {
        let underruns = self.state.underruns.load(Ordering::Relaxed);
        self.state.finished.store(true, Ordering::Relaxed);
        while self.going(stop) && !self.ring.is_abandoned() {
            std::thread::park_timeout(REST);
        }
        underruns
    }

    fn going(&self, stop: &AtomicBool) -> bool {
        !stop.load(Ordering::Relaxed) && !self.state.failed.load(Ordering::Relaxed)
    }
}

/// Whether an error ends the playing. An overrun or a lost priority does not: the device goes on.
fn is_gone(error: ErrorKind) -> bool {
    matches!(error, ErrorKind::DeviceNotAvailable | ErrorKind::HostUnavailable | ErrorKind::StreamInvalidated)
}

/// The device's side of the ring.
struct Tap {
    frames: Consumer<Frame>,
    /// The second half of the frame that was taken: an underrun never comes between the channels.
    right: Option<f32>,
    rate_hz: NonZero<u32>,
    state: Arc<State>,
}

impl Iterator for Tap {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        if let Some(right) = self.right.take() {
            return Some(right);
        }
        let frame = match self.frames.pop() {
            Ok(frame) => frame,
            Err(_) if self.state.finished.load(Ordering::Relaxed) => return None,
            Err(_) => {
                self.state.underruns.fetch_add(1, Ordering::Relaxed);
                Frame::SILENCE
            }
        };
        self.right = Some(frame.right);
        Some(frame.left)
    }
}

impl rodio::Source for Tap {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> NonZero<u16> {
        NonZero::new(2).expect("two is not zero")
    }

    fn sample_rate(&self) -> NonZero<u32> {
        self.rate_hz
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}
