//! The timeline as a value.

use serde::Serialize;

use crate::audio::SoundRef;
use crate::diag::Span;
use crate::script::{LONGEST_TIME, Role};
use crate::units::{FramePos, Frames, Gain, Millis, Pan, SampleRate};

/// No track is longer: 24 hours, as no time of a script is.
pub(crate) const LONGEST_TRACK: Millis = LONGEST_TIME;

/// One of the timeline's sounds: an index into [`Timeline::sounds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct ClipId(pub u32);

impl ClipId {
    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A bus, on which events are summed before the mix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bus {
    /// Speech.
    Voice,
    /// Bells, pacers and other sounds.
    Bell,
    /// Continuous sound under everything.
    Bed,
}

/// Gain ramps at both ends of an event, each a raised cosine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fades {
    /// From silence, at the start.
    pub fade_in: Frames,
    /// To silence, at the end.
    pub fade_out: Frames,
}

impl Fades {
    /// The same, made shorter in proportion where both together are longer than the sound.
    pub fn shortened(self, length: Frames) -> Self {
        let Self { fade_in, fade_out } = self;
        let both = fade_in + fade_out;
        if both <= length {
            return self;
        }
        // Rounded down on purpose: one frame less is no fade that does not fit.
        let share = u128::from(fade_in.0) * u128::from(length.0) / u128::from(both.0);
        let fade_in = Frames(u64::try_from(share).unwrap_or(0));
        Self { fade_in, fade_out: length.saturating_sub(fade_in) }
    }
}

/// A clip at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The first frame that sounds.
    pub start: FramePos,
    /// Length of the part of the clip that sounds, from its first frame.
    pub length: Frames,
    /// The clip.
    pub clip: ClipId,
    /// Gain of the clip.
    pub gain: Gain,
    /// Position between the speakers.
    pub pan: Pan,
    /// The fades at its start and end.
    pub fades: Fades,
    /// The bus on which it is summed: [`Bus::Voice`] or [`Bus::Bell`].
    pub bus: Bus,
}

impl Event {
    /// The frame after the last.
    pub fn end(&self) -> FramePos {
        self.start + self.length
    }
}

/// A bed from one instant to another: the clip goes round and round, from its first frame at `start`.
#[derive(Clone, Debug, PartialEq)]
pub struct BedSpan {
    /// The first frame that sounds.
    pub start: FramePos,
    /// Length of the sound.
    pub length: Frames,
    /// The clip, which is a seamless loop.
    pub clip: ClipId,
    /// Gain while the voice is silent.
    pub gain: Gain,
    /// The fades at its start and end, equal in power.
    pub fades: Fades,
    /// The ducking under the voice, in time order.
    pub ducking: Envelope,
}

impl BedSpan {
    /// The frame after the last.
    pub fn end(&self) -> FramePos {
        self.start + self.length
    }
}

/// A gain over time: unity before the first ramp, then constant from each ramp's end to the next one's start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Envelope(pub Vec<Ramp>);

/// A raised-cosine change of gain. Ramps of an envelope do not overlap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ramp {
    /// Position of its start.
    pub start: FramePos,
    /// Length of the ramp.
    pub length: Frames,
    /// The gain before it.
    pub from: Gain,
    /// The gain after it.
    pub to: Gain,
}

/// One pass of a section.
#[derive(Clone, Debug, PartialEq)]
pub struct Chapter {
    /// Its first frame.
    pub at: FramePos,
    /// Its exact length.
    pub length: Frames,
    /// The title that listeners see.
    pub title: String,
    /// True if it belongs to the promised minutes.
    pub counted: bool,
    /// The place at which it was written.
    pub origin: Span,
}

/// One cue in its place, for cue sheets, transcripts and the fit report.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedCue {
    /// Its first frame.
    pub at: FramePos,
    /// The time it takes on the clock.
    pub slot: Frames,
    /// Kind of the cue.
    pub kind: CueKind,
    /// The line that is said, the bell that is rung, or what is meant.
    pub text: String,
    /// The clip it plays and how much of it, if it plays one.
    pub clip: Option<(ClipId, Frames)>,
    /// Purpose of the cue, as the script says.
    pub role: Option<Role>,
    /// Its chapter: an index into [`Timeline::chapters`].
    pub chapter: usize,
    /// The place at which it was written.
    pub origin: Span,
}

/// The kind of a cue: what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CueKind {
    /// A spoken line: also those of counts, guided breaths and time checks, and a file that is speech.
    Say,
    /// A file of the project that is no speech.
    Clip,
    /// One strike of a bell.
    Bell,
    /// Silence of an exact length.
    Pause,
    /// Silence that shares what is left.
    Elastic,
    /// Breathing at a pace.
    Breathe,
    /// Something for the teacher; it takes no time and no listener hears it.
    Note,
}

/// Every sound of a session at its exact frame.
///
/// Invariants: events and beds are sorted by start (stably, so the order of the script breaks ties),
/// none ends after `length`, and every [`ClipId`] is an index into `sounds`.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// The session rate.
    pub rate: SampleRate,
    /// The whole track, from the first frame of the lead-in to the last of the lead-out.
    pub length: Frames,
    /// The practice clock: all counted chapters.
    pub counted: Frames,
    /// The sounds that are used.
    pub sounds: Vec<SoundRef>,
    /// Clips in their places.
    pub events: Vec<Event>,
    /// Beds in their places.
    pub beds: Vec<BedSpan>,
    /// Passes of sections.
    pub chapters: Vec<Chapter>,
    /// Cues in their places.
    pub cues: Vec<PlacedCue>,
}

impl Timeline {
    /// True if a bed sounds anywhere.
    pub fn has_bed(&self) -> bool {
        self.beds.iter().any(|bed| bed.length > Frames::ZERO)
    }
}
