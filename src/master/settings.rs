//! The settings of mastering: what a track is brought to.

use crate::audio::ChannelLayout;
use crate::digest::{Digested, Digester};
use crate::timeline::LevelCourse;
use crate::units::{Dbtp, Decibels, Lufs, Preset};

/// A sound in one channel reads this much lower than the same sound in two (ITU-R BS.1770-5: the powers of the
/// channels are added).
const ONE_CHANNEL: Decibels = Decibels(-3.010_3);

/// The loudness, ceiling, course and layout that a track is brought to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mastering {
    /// The integrated loudness of the voice, as it is measured in a file of that layout.
    pub target: Lufs,
    /// The highest true peak before any lossy coding.
    pub ceiling: Dbtp,
    /// The course of loudness over the session.
    pub course: LevelCourse,
    /// The channels of the file.
    pub layout: ChannelLayout,
}

impl Digested for Mastering {
    fn digest_into(&self, to: &mut Digester) {
        let Self { target, ceiling, course, layout } = self;
        let course = match course {
            LevelCourse::Level => "level",
            LevelCourse::Descending => "descending",
        };
        to.field("target", target)
            .field("ceiling", ceiling)
            .field("course", course)
            .field("channels", layout);
    }
}

impl Mastering {
    /// Returns the settings of a preset for a file of that layout: the same sound in one channel measures 3 LU less.
    pub fn new(preset: Preset, layout: ChannelLayout) -> Self {
        let (target, ceiling, course) = match preset {
            Preset::Podcast => (-16.0, -1.5, LevelCourse::Level),
            Preset::Phone => (-14.0, -1.5, LevelCourse::Level),
            Preset::Sleep => (-18.0, -1.5, LevelCourse::Descending),
            Preset::Archive => (-23.0, -1.0, LevelCourse::Level),
        };
        // The published mono target is a whole number: -19 for -16.
        let target = match layout {
            ChannelLayout::Stereo => target,
            ChannelLayout::Mono => target - 3.0,
        };
        Self { target: Lufs(target), ceiling: Dbtp(ceiling), course, layout }
    }

    /// Returns the decibels to add to a loudness of the stereo mix to have it as it is measured in the file.
    pub(super) fn as_measured(&self) -> Decibels {
        match self.layout {
            ChannelLayout::Stereo => Decibels::ZERO,
            ChannelLayout::Mono => ONE_CHANNEL,
        }
    }
}
