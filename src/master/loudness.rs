//! The loudness of a track from the loudness of its clips, without rendering it.
//!
//! Every clip knows its power in each window of 400 ms. A track's windows are those of its clips, times the gains
//! of the timeline; sounds that overlap are no echoes of each other, so their powers add.

use super::report::LoudnessReference;
use crate::audio::{MomentaryPower, Source};
use crate::dsp::raised_cosine;
use crate::meter::integrated;
use crate::render::Renderer;
use crate::timeline::{Bus, Event};
use crate::units::{FramePos, Frames, Lufs};

/// Frames from one window to the next.
pub(super) fn step(renderer: &Renderer<'_>) -> Frames {
    Frames(u64::from(renderer.rate().hz() / MomentaryPower::A_SECOND).max(1))
}

/// The reference for the gain of a track, and its integrated loudness in the mix.
pub(super) fn reference(renderer: &Renderer<'_>) -> (LoudnessReference, Option<Lufs>) {
    let voice = voice(renderer).map(|loudness| (LoudnessReference::Voice, Some(loudness)));
    let programme = || programme(renderer).map(|loudness| (LoudnessReference::Programme, Some(loudness)));
    voice.or_else(programme).unwrap_or((LoudnessReference::Silence, None))
}

/// The integrated loudness of everything on the voice bus, each line measured where it lies.
fn voice(renderer: &Renderer<'_>) -> Option<Lufs> {
    let step = step(renderer);
    integrated(|| {
        let spoken = renderer.timeline().events.iter().filter(|event| event.bus == Bus::Voice);
        spoken.flat_map(|event| {
            let windows = renderer.momentary(event.clip).0.len();
            (0..windows).map(move |index| (of_event(renderer, event, index, step), 1))
        })
    })
}

/// The integrated loudness of the whole mix.
pub(super) fn programme(renderer: &Renderer<'_>) -> Option<Lufs> {
    integrated(|| windows(renderer).map(|(_, power)| (power, 1)))
}

/// The power of every window of the mix in which something sounds, with its number from the start of the track:
/// window 0 ends one step after it. Windows that are not wholly in the track are none, as for any meter.
pub(super) fn windows<'r>(renderer: &'r Renderer<'_>) -> impl Iterator<Item = (u64, f64)> + 'r {
    let step = step(renderer);
    let mut next = MomentaryPower::WINDOW as u64 - 1;
    let last = renderer.length().0 / step.0;
    let numbers = renderer.regions().iter().flat_map(move |region| {
        let first = (region.start.0 / step.0).max(next);
        let end = (region.end.0 / step.0 + MomentaryPower::WINDOW as u64).min(last);
        next = end.max(next);
        first..end
    });
    numbers.map(move |number| (number, power(renderer, number, step)))
}

fn power(renderer: &Renderer<'_>, number: u64, step: Frames) -> f64 {
    let end = FramePos((number + 1) * step.0);
    let start = end.saturating_sub(step * MomentaryPower::WINDOW as u64);
    let events = renderer.events(start, end).map(|event| {
        // The window that ends nearest to this one.
        let ended = (end.saturating_since(event.start).0 + step.0 / 2) / step.0;
        ended.checked_sub(1).map_or(0.0, |index| of_event(renderer, event, index as usize, step))
    });
    let middle = start + Frames(end.saturating_since(start).0 / 2);
    let beds = renderer.beds(middle, middle + Frames(1)).map(|bed| {
        let windows = renderer.momentary(bed.clip).whole();
        let round = middle.saturating_since(bed.start).0 / step.0;
        let window = (!windows.is_empty()).then(|| windows[(round % windows.len() as u64) as usize]);
        let gain = f64::from(bed.gain_at(middle).0);
        f64::from(window.unwrap_or(0.0)) * gain * gain
    });
    events.chain(beds).sum()
}

/// The power of an event in one window of its clip.
fn of_event(renderer: &Renderer<'_>, event: &Event, index: usize, step: Frames) -> f64 {
    let power = renderer.momentary(event.clip).0.get(index).copied().unwrap_or(0.0);
    let (left, right) = event.pan.to_gains();
    let both = f64::from(left.0 * left.0 + right.0 * right.0) / 2.0;
    let gain = f64::from(event.gain.0 * faded(event, (index as u64 + 1) * step.0, step));
    f64::from(power) * both * gain * gain
}

/// Returns the gain that the fades of an event leave in the window that ends so many frames after its start.
fn faded(event: &Event, end: u64, step: Frames) -> f32 {
    let middle = end.saturating_sub(step.0 * MomentaryPower::WINDOW as u64 / 2);
    let left = event.length.0.saturating_sub(middle);
    let (fade_in, fade_out) = (event.fades.fade_in.0, event.fades.fade_out.0);
    // Edges of a clip shorter than a window have been measured with it, and are no fades of the event.
    let rising = if fade_in > step.0 { raised_cosine(middle.min(fade_in), fade_in) } else { 1.0 };
    let falling = if fade_out > step.0 { raised_cosine(left.min(fade_out), fade_out) } else { 1.0 };
    rising.min(falling)
}
