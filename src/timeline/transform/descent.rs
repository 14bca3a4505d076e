//! The descent: a session that gets softer towards sleep.

use crate::audio::SoundKind;
use crate::timeline::model::{Bus, Timeline};
use crate::units::{Decibels, FramePos, Gain};

/// The course of the level over a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelCourse {
    /// As the script has it.
    Level,
    /// The voice gets softer, and the last bell is soft.
    Descending,
}

/// Level of the last word against the first. In the one study that compared courses of a voice, the voice that
/// became softer, lower and slower was the one that let go of tension; how much is our choice, small enough that a
/// listener does not turn it up.
const DESCENT: Decibels = Decibels(-3.0);

/// The last bell is at most this loud against the voice that came before it.
const LAST_BELL: Decibels = Decibels(-6.0);

/// The timeline in that course: where it descends, with a voice that does so evenly over the session, and soft bells in
/// the last chapter that has any.
pub(crate) fn apply_descent(mut timeline: Timeline, course: LevelCourse) -> Timeline {
    if course == LevelCourse::Level {
        return timeline;
    }
    let whole = timeline.length.0.max(1) as f64;
    let descent = |at: FramePos| Decibels(DESCENT.0 * at.0 as f64 / whole);
    let sounds = &timeline.sounds;
    let is_bell = |clip: usize| sounds[clip].kind == SoundKind::Bell;
    let last_bell =
        timeline.events.iter().rfind(|event| is_bell(event.clip.index())).map(|event| event.start);
    let chapter = last_bell.and_then(|at| timeline.chapters.iter().rfind(|chapter| chapter.at <= at));
    let closing = chapter.map_or(last_bell, |chapter| Some(chapter.at));
    for event in &mut timeline.events {
        let by = descent(event.start);
        if event.bus == Bus::Voice {
            event.gain = event.gain * by.to_gain();
        } else if is_bell(event.clip.index()) && closing.is_some_and(|closing| event.start >= closing) {
            let Gain(softest) = (LAST_BELL + by).to_gain();
            event.gain = Gain(event.gain.0.min(softest));
        }
    }
    timeline
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::SoundRef;
    use crate::diag::Span;
    use crate::timeline::{Chapter, ClipId, Event, Fades};
    use crate::units::{Frames, Pan, SampleRate};

    #[test]
    fn a_session_for_the_night_descends_and_its_last_bell_is_soft() {
        let event = |start, clip, bus| Event {
            start: FramePos(start),
            length: Frames(3),
            clip: ClipId(clip),
            gain: Gain::UNITY,
            pan: Pan::CENTRE,
            fades: Fades::default(),
            bus,
        };
        let chapter = |at| Chapter {
            at: FramePos(at),
            length: Frames(50),
            title: String::new(),
            counted: true,
            origin: Span::default(),
        };
        let whole = Timeline {
            rate: SampleRate::HZ_48000,
            length: Frames(100),
            counted: Frames(100),
            sounds: vec![SoundRef::line("Rest."), SoundRef::bell("bowl", None)],
            events: vec![
                event(0, 0, Bus::Voice),
                event(10, 1, Bus::Bell),
                event(50, 0, Bus::Voice),
                event(90, 1, Bus::Bell),
            ],
            beds: Vec::new(),
            chapters: vec![chapter(0), chapter(50)],
            cues: Vec::new(),
        };
        assert_eq!(apply_descent(whole.clone(), LevelCourse::Level), whole);
        let softened = apply_descent(whole, LevelCourse::Descending);
        let levels = softened.events.iter().map(|event| event.gain.to_decibels().0);
        let off = levels.zip([0.0, 0.0, -1.5, -8.7]).map(|(level, expected)| (level - expected).abs());
        assert!(off.fold(0.0, f64::max) < 0.01, "{softened:?}");
    }
}
