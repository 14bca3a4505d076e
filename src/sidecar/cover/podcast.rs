//! The drawn cover of a podcast: of no session that it has, so that it stays when sessions come and go.

use super::drawing::CoverText;
use super::picture::{CoverImage, CoverSide, drawn_cover};
use crate::diag::Span;
use crate::timeline::{Bus, Chapter, ClipId, CueKind, Event, Fades, PlacedCue, Timeline};
use crate::units::{FramePos, Frames, Gain, Pan, SampleRate};

/// A percent of the emblem, as frames.
const PERCENT: u64 = 10;

/// The chapters of the emblem, as percents: to arrive, to rest for long, to come back.
const CHAPTERS: [(u64, u64); 3] = [(0, 22), (22, 78), (78, 100)];

/// Its words: when, and for how long, as percents. They grow fewer, and there are some at the end.
const WORDS: [(u64, u64); 9] =
    [(2, 3), (6, 4), (11, 3), (15, 4), (20, 1), (27, 2), (79, 2), (84, 3), (91, 4)];

/// When its bell is struck, as percents.
const BELLS: [u64; 2] = [23, 77];

/// A cover of a title and an author, under 512 kB: drawn like that of a track, but from a session as sessions are.
pub fn drawn_podcast_cover(text: CoverText<'_>) -> CoverImage {
    drawn_cover(text, &emblem(), CoverSide::Feed)
}

fn emblem() -> Timeline {
    let origin = Span::default();
    let chapter = |(from, to): (u64, u64)| Chapter {
        at: FramePos(from * PERCENT),
        length: Frames((to - from) * PERCENT),
        title: String::new(),
        counted: (from, to) == CHAPTERS[1],
        origin,
    };
    let words = |(at, length): (u64, u64)| Event {
        start: FramePos(at * PERCENT),
        length: Frames(length * PERCENT),
        clip: ClipId(0),
        gain: Gain::UNITY,
        pan: Pan::CENTRE,
        fades: Fades::default(),
        bus: Bus::Voice,
    };
    let bell = |at: u64| PlacedCue {
        at: FramePos(at * PERCENT),
        slot: Frames(1),
        kind: CueKind::Bell,
        text: String::new(),
        clip: None,
        chapter: 1,
        role: None,
        origin,
    };
    Timeline {
        rate: SampleRate::HZ_48000,
        length: Frames(100 * PERCENT),
        counted: Frames((CHAPTERS[1].1 - CHAPTERS[1].0) * PERCENT),
        sounds: Vec::new(),
        events: WORDS.into_iter().map(words).collect(),
        beds: Vec::new(),
        chapters: CHAPTERS.into_iter().map(chapter).collect(),
        cues: BELLS.into_iter().map(bell).collect(),
    }
}
