//! The formats a track can be written in.

use super::pcm::Bits;
use crate::audio::ChannelLayout;
use crate::digest::{Digested, Digester};

/// A format of tracks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Uncompressed; the master.
    Wav,
    /// The format that every phone, car and podcast app plays.
    Mp3,
    /// Lossless, half the size of a WAV.
    Flac,
    /// The smallest; for players that know it.
    Opus,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Wav, Self::Mp3, Self::Flac, Self::Opus];

    /// Its name as it is written, which is also the ending of its files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Mp3 => "mp3",
            Self::Flac => "flac",
            Self::Opus => "opus",
        }
    }
}

/// The settings with which a track is written, whatever the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Coding {
    /// One or two channels.
    pub layout: ChannelLayout,
    /// The format of samples, where they are stored.
    pub bits: Bits,
    /// Bits a second that the lossy formats take, or their quality; their usual rate if it is not said.
    pub rate_control: Option<RateControl>,
}

/// The bits that a lossy format may use: a constant rate or a quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateControl {
    /// The same number of bits for every second, so that players find their place in it exactly; for Opus that many
    /// on average.
    Constant(Kbps),
    /// As many bits as the sound needs, at a quality: MP3 only.
    Variable(VbrQuality),
}

impl Digested for Coding {
    fn digest_into(&self, to: &mut Digester) {
        let Self { layout, bits, rate_control } = self;
        to.field("channels", layout).field("bits", bits).field("rate-control", rate_control);
    }
}

impl Digested for RateControl {
    fn digest_into(&self, to: &mut Digester) {
        match self {
            Self::Constant(kbps) => to.field("kbps", &u32::from(kbps.get())),
            Self::Variable(quality) => to.field("vbr", &u32::from(quality.get())),
        };
    }
}

/// A bit rate that MP3 has and nidra offers, from 64 to 320 kb/s. Under 64, LAME wants a lower sample rate, which
/// podcast players and Apple's directory do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kbps(u16);

impl Kbps {
    #[cfg(feature = "mp3")]
    pub(super) const K96: Self = Self(96);
    #[cfg(feature = "mp3")]
    pub(super) const K128: Self = Self(128);

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
