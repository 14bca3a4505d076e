//! The machine's audio device, opened. With its neighbours the home of `rodio`.
//!
//! rodio is a speaker here, never a clock: it takes the frames it is given, in order. The device thread takes from a
//! [`DeviceCallback`](super::DeviceCallback) and does nothing else: it never allocates, locks or waits.

use std::num::NonZero;
use std::sync::Arc;

use rodio::cpal::traits::DeviceTrait;
use rodio::cpal::{BufferSize, Device, ErrorKind};
use rodio::stream::{DeviceSinkBuilder, DeviceSinkError, MixerDeviceSink};

use super::alsa_guard::{ask, close};
use super::clock::{DeviceClock, clock_of};
use super::device_errors::DeviceErrors;
use super::error::{DeviceError, cause, reason};
use super::feed::Feed;
use super::list::{DEFAULT_NAME, KnownDevice, default, named};
use super::output_queue::OutputQueue;
use super::setup::{Setup, setups};
use crate::units::{Frames, Millis, SampleRate};

/// Length of audio that a device asks for at once; it holds two of these, a third of a second, which is the time that a
/// key takes until it is heard. With half of it a class on a machine whose cores were all busy had a gap of 29 ms,
/// measured. Rounded up to a power of two, which suits most hardware.
const PERIOD: Millis = Millis(100);

/// An open audio device.
pub struct OutputDevice {
    /// Its name, as people call it.
    pub name: String,
    /// The rate it takes frames at.
    pub rate: SampleRate,
    /// The queue that takes what is played.
    pub queue: OutputQueue,
    /// The stream that empties the queue; none once the device is closed.
    pub stream: Option<OutputStream>,
}

/// A stream of the machine's; without one the queue is emptied by hand, as in tests. Dropping it closes the device.
#[derive(Default)]
pub struct OutputStream(Option<MixerDeviceSink>);

impl Drop for OutputStream {
    fn drop(&mut self) {
        close(self.0.take());
    }
}

impl OutputDevice {
    /// Opens a device: the one that is called so or by a part of it, or the system's default. At the wanted rate if it
    /// has that, else at one that it has: the engine makes the session at that.
    ///
    /// # Errors
    /// If there is none, or it does not play.
    pub fn open(name: Option<&str>, wanted: SampleRate) -> Result<Self, DeviceError> {
        let asked = name.map(str::to_owned);
        ask(name.unwrap_or(DEFAULT_NAME), move || open(asked.as_deref(), wanted))
    }

    /// Closes the device. That may take a while, in which nothing more is heard.
    pub fn close(&mut self) {
        self.queue.stop(Frames::ZERO);
        self.stream = None;
    }
}

fn open(name: Option<&str>, wanted: SampleRate) -> Result<OutputDevice, DeviceError> {
    let KnownDevice { device, info } = name.map_or_else(default, named)?;
    let refused = |reason| DeviceError::Refused { name: info.name.clone(), reason };
    let ranges: Vec<_> = match device.supported_output_configs() {
        Ok(ranges) => ranges.collect(),
        // What the system plays through by default is a name, behind which there may be nothing.
        Err(error) if name.is_none() && !is_busy(error.kind()) => return Err(DeviceError::NoDevice),
        Err(error) => return Err(refused(cause(&error))),
    };
    let clock = device.id().map_or(DeviceClock::Realtime, |id| clock_of(id.id()));
    let mut last =
        DeviceError::Refused { name: info.name.clone(), reason: "it has no format that suits".to_owned() };
    for setup in setups(&ranges, wanted.hz()) {
        let Some(rate) = SampleRate::new(setup.rate_hz) else { continue };
        let period = u32::try_from(PERIOD.to_frames(rate).0).unwrap_or(u32::MAX).next_power_of_two();
        // cpal refuses a period that the device has not, so that is left to the device then.
        for buffer in [BufferSize::Fixed(period), BufferSize::Default] {
            match start(&device, setup, buffer, rate, clock) {
                Ok((stream, queue)) => {
                    let stream = Some(OutputStream(Some(stream)));
                    return Ok(OutputDevice { name: info.name, rate, queue, stream });
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
    clock: DeviceClock,
) -> Result<(MixerDeviceSink, OutputQueue), DeviceSinkError> {
    let (queue, callback) = OutputQueue::new(rate, clock);
    let pulled = Arc::default();
    let mut errors = DeviceErrors::new(callback.shared.clone(), Arc::clone(&pulled), rate);
    let feed = Feed::new(callback, setup, pulled).ok_or(DeviceSinkError::UnsupportedSampleFormat)?;
    let mut device = DeviceSinkBuilder::default()
        .with_device(device.clone())
        .with_channels(NonZero::new(setup.channels).ok_or(DeviceSinkError::UnsupportedSampleFormat)?)
        .with_sample_rate(NonZero::new(setup.rate_hz).ok_or(DeviceSinkError::UnsupportedSampleFormat)?)
        .with_sample_format(setup.format)
        .with_buffer_size(buffer)
        .with_error_callback(move |error: rodio::cpal::Error| errors.on_error(error.kind()))
        .open_stream()?;
    device.log_on_drop(false);
    // Not through rodio's Player: it plays the first 256 stereo frames as 512 mono ones (rodio issue 871).
    device.mixer().add(feed);
    Ok((device, queue))
}
