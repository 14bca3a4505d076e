//! What an MP3 may be.

use crate::audio::{ChannelLayout, Source};
use crate::sink::work::EncodeError;
use crate::units::SampleRate;

/// How an MP3 is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mp3Format {
    /// Frames a second: that of the track, and one of 32, 44.1 and 48 kHz.
    pub rate: SampleRate,
    /// Mono (the mean of left and right) or stereo.
    pub layout: ChannelLayout,
    /// How many bits it may use.
    pub mode: Mp3Mode,
}

/// How many bits an MP3 may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mp3Mode {
    /// The same number of bits for every second. Players find their place in it exactly.
    Cbr(Kbps),
    /// As many bits as the sound needs, at a quality.
    Vbr(VbrQuality),
}

/// A bit rate that MP3 has and nidra offers, from 64 to 320 kb/s. Under 64, LAME wants a lower sample rate, which
/// podcast players and Apple's directory do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kbps(u16);

impl Kbps {
    /// All of them, in kb/s: ISO 11172-3, 2.4.2.3, Layer III.
    pub const ALL: [u16; 10] = [64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

    /// The rate of `kbps` thousand bits a second, if it is one of [`Kbps::ALL`].
    pub fn new(kbps: u16) -> Option<Self> {
        Self::ALL.contains(&kbps).then_some(Self(kbps))
    }

    /// Thousands of bits a second.
    pub const fn get(self) -> u16 {
        self.0
    }
}

/// LAME's `-V`: 0 is the best and largest, 9 the smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VbrQuality(u8);

impl VbrQuality {
    /// The quality `-V quality`, from 0 to 9.
    pub fn new(quality: u8) -> Option<Self> {
        (quality <= 9).then_some(Self(quality))
    }

    /// From 0 to 9.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl Mp3Format {
    /// What podcasts are made of: CBR, 128 kb/s in stereo and 96 in mono (the lower end of what Apple recommends for
    /// either is 128 and 96).
    pub fn standard(rate: SampleRate, layout: ChannelLayout) -> Self {
        let kbps = match layout {
            ChannelLayout::Mono => Kbps(96),
            ChannelLayout::Stereo => Kbps(128),
        };
        Self { rate, layout, mode: Mp3Mode::Cbr(kbps) }
    }

    /// Whether the track can be written so.
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
