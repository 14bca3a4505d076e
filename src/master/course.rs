//! A session that gets softer towards sleep.

use crate::audio::Sound;
use crate::timeline::{Bus, Timeline};
use crate::units::{Decibels, FramePos, Gain};

/// Level of the last word against the first. In the one study that compared courses of a voice, the voice that
/// became softer, lower and slower was the one that let go of tension; how much is our choice, small enough that a
/// listener does not turn it up.
const DESCENT: Decibels = Decibels(-3.0);

/// The last bell is at most this loud against the voice that came before it.
const LAST_BELL: Decibels = Decibels(-6.0);

/// The same timeline with a voice that descends evenly over the session, and soft bells in the last chapter that
/// has any.
pub fn soften(mut timeline: Timeline) -> Timeline {
    let whole = timeline.length.0.max(1) as f64;
    let descent = |at: FramePos| Decibels(DESCENT.0 * at.0 as f64 / whole);
    let sounds = &timeline.sounds;
    let is_bell = |clip: usize| matches!(sounds[clip], Sound::Bell { .. });
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
