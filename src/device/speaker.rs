//! The machine's audio device, opened. With its neighbours the home of `rodio`.
//!
//! rodio is a speaker here, never a clock: it takes the frames it is given, in order. The device thread takes from a
//! [`DeviceCallback`](super::DeviceCallback) and does nothing else: it never allocates, locks or waits.
#![allow(clippy::disallowed_types, reason = "the wait for a device is a Duration")]

use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use rodio::cpal::traits::DeviceTrait;
use rodio::cpal::{BufferSize, Device, ErrorKind};
use rodio::stream::{DeviceSinkBuilder, DeviceSinkError, MixerDeviceSink};

use super::alsa_guard::{OPENING, quietly_within};
use super::device_errors::DeviceErrors;
use super::error::{DeviceError, NO_ANSWER, cause, reason};
use super::feed::Feed;
use super::list::{Known, default, named};
use super::output_queue::OutputQueue;
use super::setup::{Setup, setups};
use crate::units::{Millis, SampleRate};

/// Length of audio that a device asks for at once; it holds two of these, a third of a second, which is the time that a
/// key takes until it is heard. With half of it a class on a machine whose cores were all busy had a gap of 29 ms,
/// measured. Rounded up to a power of two, which suits most hardware.
const PERIOD: Millis = Millis(100);

/// Time limit for closing a device: a sound server that hangs never answers.
const CLOSING: Duration = Duration::from_secs(1);

/// An open audio device. Dropping it closes the device.
pub struct Speaker {
    name: String,
    rate: SampleRate,
    line: OutputQueue,
    device: Option<MixerDeviceSink>,
}

impl Speaker {
    /// Opens a device: the one that is called so or by a part of it, or the system's default. At the wanted rate if it
    /// has that, else at one that it has: the player makes the session at that.
    ///
    /// # Errors
    /// If there is none, or it does not play.
    pub fn open(name: Option<&str>, wanted: SampleRate) -> Result<Self, DeviceError> {
        let asked = name.map(str::to_owned);
        quietly_within(OPENING, move || open(asked.as_deref(), wanted)).unwrap_or_else(|| {
            Err(DeviceError::Refused {
                name: name.unwrap_or("default").to_owned(),
                reason: NO_ANSWER.to_owned(),
            })
        })
    }

    /// The rate it plays at.
    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// Returns the name of the device.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the queue that takes what is played.
    pub fn line(&mut self) -> &mut OutputQueue {
        &mut self.line
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        if let Some(device) = self.device.take() {
            quietly_within(CLOSING, move || drop(device));
        }
    }
}

fn open(name: Option<&str>, wanted: SampleRate) -> Result<Speaker, DeviceError> {
    let Known { device, info } = name.map_or_else(default, named)?;
    let refused = |reason| DeviceError::Refused { name: info.name.clone(), reason };
    let ranges: Vec<_> = match device.supported_output_configs() {
        Ok(ranges) => ranges.collect(),
        // What the system plays through by default is a name, behind which there may be nothing.
        Err(error) if name.is_none() && !is_busy(error.kind()) => return Err(DeviceError::NoDevice),
        Err(error) => return Err(refused(cause(&error))),
    };
    let mut last =
        DeviceError::Refused { name: info.name.clone(), reason: "it has no format that suits".to_owned() };
    for setup in setups(&ranges, wanted.hz()) {
        let Some(rate) = SampleRate::new(setup.rate_hz) else { continue };
        let period = u32::try_from(PERIOD.to_frames(rate).0).unwrap_or(u32::MAX).next_power_of_two();
        // cpal refuses a period that the device has not, so that is left to the device then.
        for buffer in [BufferSize::Fixed(period), BufferSize::Default] {
            match start(&device, setup, buffer, rate) {
                Ok((device, line)) => {
                    return Ok(Speaker { name: info.name, rate, line, device: Some(device) });
                }
                Err(error) => last = refused(reason(&error)),
            }
        }
    }
    Err(last)
}

fn is_busy(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::DeviceBusy | ErrorKind::PermissionDenied)
}

fn start(
    device: &Device,
    setup: Setup,
    buffer: BufferSize,
    rate: SampleRate,
) -> Result<(MixerDeviceSink, OutputQueue), DeviceSinkError> {
    let (line, tap) = OutputQueue::new(rate);
    let pulled = Arc::default();
    let mut trouble = DeviceErrors::new(tap.shared.clone(), Arc::clone(&pulled), rate);
    let feed = Feed::new(tap, setup, pulled).ok_or(DeviceSinkError::UnsupportedSampleFormat)?;
    let mut device = DeviceSinkBuilder::default()
        .with_device(device.clone())
        .with_channels(NonZero::new(setup.channels).ok_or(DeviceSinkError::UnsupportedSampleFormat)?)
        .with_sample_rate(NonZero::new(setup.rate_hz).ok_or(DeviceSinkError::UnsupportedSampleFormat)?)
        .with_sample_format(setup.format)
        .with_buffer_size(buffer)
        .with_error_callback(move |error: rodio::cpal::Error| trouble.hear(error.kind()))
        .open_stream()?;
    device.log_on_drop(false);
    // Not through rodio's Player: it plays the first 256 stereo frames as 512 mono ones (rodio issue 871).
    device.mixer().add(feed);
    Ok((device, line))
}
