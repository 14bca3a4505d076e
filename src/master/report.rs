//! The report on mastering, for authors who want to know before they publish.

use super::loudness::{step, windows};
use crate::audio::MomentaryPower;
use crate::meter::{ABSOLUTE_GATE, loudness, power_of};
use crate::render::Renderer;
use crate::units::{Dbtp, Decibels, FramePos, Lufs};

/// The level against the voice that counts as quiet: a bed under speech is to lie 20 dB lower (WCAG 2.2, 1.4.7).
const QUIET_BELOW_VOICE: Decibels = Decibels(-20.0);

/// A quiet this long lets a listener sink, and what follows it is heard as sudden.
const LONG_QUIET_STEPS: u32 = 30 * MomentaryPower::A_SECOND;

/// A rise within this time is sudden: half a second.
const SUDDEN: u64 = MomentaryPower::A_SECOND as u64 / 2;

/// The reference that the gain of a track was found from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoudnessReference {
    /// The voice.
    Voice,
    /// There is no voice: the whole programme.
    Programme,
    /// There is nothing to hear at all.
    Silence,
}

/// The figures of a mastered track, as they are measured in its file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Report {
    /// The reference that the gain was found from.
    pub anchor: LoudnessReference,
    /// The gain of the track.
    pub gain: Decibels,
    /// The integrated loudness of the voice.
    pub voice: Option<Lufs>,
    /// The integrated loudness of everything.
    pub programme: Option<Lufs>,
    /// The true peak of what has been read of the track.
    pub true_peak: Dbtp,
    /// The largest sudden rise after quiet.
    pub rise: Option<Rise>,
}

/// A sudden sound after a long quiet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rise {
    /// Position of its start.
    pub at: FramePos,
    /// The rise over the quiet, silence being as loud as the absolute gate (-70 LUFS).
    pub by: Decibels,
    /// Its loudness then against the voice.
    pub against_voice: Decibels,
}

/// The largest sudden rise after half a minute or more that lay 20 LU or more under the `anchor`, the loudness of
/// the voice before the gain of the track.
pub(super) fn largest_rise(renderer: &Renderer<'_>, anchor: Lufs) -> Option<Rise> {
    let quiet_under = power_of((anchor + QUIET_BELOW_VOICE).0);
    let floor = power_of(ABSOLUTE_GATE.0);
    // The first window after the last that was not quiet, and the loudest window since.
    let (mut since, mut level) = (0, floor);
    // A rise that goes on: where it began, over which level, and how high it has come.
    let mut rising: Option<(u64, f64, f64)> = None;
    let mut largest: Option<(u64, f64, f64)> = None;
    for (number, power) in windows(renderer) {
        if let Some((start, over, highest)) = &mut rising {
            *highest = highest.max(power);
            if number >= *start + SUDDEN {
                keep_larger(&mut largest, (*start, *over, *highest));
                rising = None;
            }
        }
        if power <= quiet_under {
            level = level.max(power);
            continue;
        }
        if rising.is_none() && number - since >= u64::from(LONG_QUIET_STEPS) {
            rising = Some((number, level, power));
        }
        (since, level) = (number + 1, floor);
    }
    if let Some(rise) = rising {
        keep_larger(&mut largest, rise);
    }
    largest.map(|(number, over, highest)| Rise {
        at: FramePos(number * step(renderer).0),
        by: loudness(highest) - loudness(over),
        against_voice: loudness(highest) - anchor,
    })
}

fn keep_larger(largest: &mut Option<(u64, f64, f64)>, rise: (u64, f64, f64)) {
    if largest.is_none_or(|(_, over, highest)| rise.2 / rise.1 > highest / over) {
        *largest = Some(rise);
    }
}
