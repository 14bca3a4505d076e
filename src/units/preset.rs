//! The purposes that a track may have, by name.

/// The purpose of a track, which says how loud it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// The level that Apple Podcasts asks for: -16 LUFS. Lossy coding may add half a decibel to a peak, and the
    /// decoded file is to stay under -1 dBTP.
    Podcast,
    /// For the speaker of a phone, as loud as streams play music: -14 LUFS.
    Phone,
    /// For the night: the level of AES TD1008 for speech, -18 LUFS, getting softer.
    Sleep,
    /// For an archive or a broadcaster: EBU R 128, -23 LUFS and -1 dBTP.
    Archive,
}

impl Preset {
    /// All presets, the default first.
    pub const ALL: [Self; 4] = [Self::Podcast, Self::Phone, Self::Sleep, Self::Archive];

    /// Its name, as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Podcast => "podcast",
            Self::Phone => "phone",
            Self::Sleep => "sleep",
            Self::Archive => "archive",
        }
    }
}
