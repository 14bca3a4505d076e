//! The formats that an MP3 may have.

use crate::audio::{ChannelLayout, Source};
use crate::encode::format::{Kbps, RateControl};
use crate::encode::work::EncodeError;
use crate::units::SampleRate;

/// The format of an MP3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::encode) struct Mp3Format {
    /// Frames a second: that of the track, and one of 32, 44.1 and 48 kHz.
    pub rate: SampleRate,
    /// Mono (the mean of left and right) or stereo.
    pub layout: ChannelLayout,
    /// The bits that it may use: a constant rate or a quality.
    pub mode: RateControl,
}

impl Mp3Format {
    /// Returns the format that podcasts are made of: CBR, 128 kb/s in stereo and 96 in mono (the lower end of what
    /// Apple recommends for either is 128 and 96).
    pub(in crate::encode) fn standard(rate: SampleRate, layout: ChannelLayout) -> Self {
        let kbps = match layout {
            ChannelLayout::Mono => Kbps::K96,
            ChannelLayout::Stereo => Kbps::K128,
        };
        Self { rate, layout, mode: RateControl::Constant(kbps) }
    }

    /// Checks that the track can be written so.
    pub(super) fn check(&self, source: &dyn Source) -> Result<(), EncodeError> {
        let hz = source.rate().hz();
        // MPEG-1. Its half rates (MPEG-2) are not what podcast directories take, and have another packet.
        if ![32_000, 44_100, 48_000].contains(&hz) {
            let hint = if hz.is_multiple_of(11_025) { 44_100 } else { 48_000 };
            let message = format!("MP3 holds 32, 44.1 or 48 kHz, not {hz} Hz; write `--rate {hint}`");
            return Err(EncodeError::Unsupported(message));
        }
        if source.rate() != self.rate {
            let message = format!("a track of {hz} Hz cannot be written as MP3 of {} Hz", self.rate.hz());
            return Err(EncodeError::Unsupported(message));
        }
        Ok(())
    }
}
