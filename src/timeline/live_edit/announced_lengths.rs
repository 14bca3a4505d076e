//! Lengths that the voice has yet to say in words the author gave.
//!
//! A value that only the timeline knows (`{left}`) is said anew from the new places. A parameter's value is said as it
//! is, so what it may be the length of must stay that long. Errs on the side of staying.

use super::edit_state::{EditInput, EditState, Now};
use crate::script::words::length;
use crate::script::{Action, Clock, Piece, Text};
use crate::units::Frames;

/// The line to come that names a length which more rest in `pass` would change, if there is one.
pub(super) fn promised(input: &EditInput<'_>, state: &EditState, now: Now, pass: usize) -> Option<String> {
    let section = input.plan.passes[pass].section;
    let own = section.length.is_some().then(|| words(input, state.layout.passes[pass].1)).flatten();
    let in_pass = own.and_then(|own| {
        let mut lines = lines(input, state, now);
        lines
            .find(|(of, line)| {
                // Another pass that is just as long, and stays so, may mean itself.
                let another = *of != pass && words(input, state.layout.passes[*of].1).as_ref() == Some(&own);
                !another && says(line, &own)
            })
            .map(|(_, line)| line.to_owned())
    });
    let counted = section.clock == Clock::Counted;
    in_pass.or_else(|| session_promised(input, state, now).filter(|_| counted))
}

/// The line to come that names the length of the session, if the script promises one.
pub(super) fn session_promised(input: &EditInput<'_>, state: &EditState, now: Now) -> Option<String> {
    input.session.length?;
    let total = words(input, state.layout.counted)?;
    let mut lines = lines(input, state, now);
    lines.find(|(_, line)| says(line, &total)).map(|(_, line)| line.to_owned())
}

/// True if a value is yet to be said in a pass, or stands in its title.
pub(super) fn names_own_length(input: &EditInput<'_>, now: Now, pass: usize) -> bool {
    let mut leaves = input.plan.leaves.iter().enumerate().skip(now.first);
    has_value(&input.plan.passes[pass].section.title.value)
        || leaves.any(|(_, leaf)| {
            leaf.pass == pass && leaf.cue.and_then(|cue| text(&cue.action)).is_some_and(has_value)
        })
}

/// True if a value that is yet to be said anywhere has the words for the length of a pass.
pub(super) fn told_elsewhere(input: &EditInput<'_>, state: &EditState, now: Now, pass: usize) -> bool {
    let own = words(input, state.layout.passes[pass].1);
    own.is_some_and(|own| lines(input, state, now).any(|(_, line)| says(line, &own)))
}

/// Lines to come with a value in them: in which pass, and as they would be said now.
fn lines<'c>(
    input: &'c EditInput<'_>,
    state: &'c EditState,
    now: Now,
) -> impl Iterator<Item = (usize, &'c str)> {
    let leaves = input.plan.leaves.iter().zip(&state.measured).skip(now.first);
    leaves.filter_map(|(leaf, measured)| {
        text(&leaf.cue?.action).filter(|text| has_value(text))?;
        Some((leaf.pass, measured.parts.first()?.text.as_str()))
    })
}

fn text(action: &Action) -> Option<&Text> {
    match action {
        Action::Say(text) | Action::Clip { text: Some(text), .. } => Some(&text.value),
        _ => None,
    }
}

fn has_value(text: &Text) -> bool {
    text.0.iter().any(|piece| matches!(piece, Piece::Value(_)))
}

/// A length in the words of the session, if it has words for it.
fn words(input: &EditInput<'_>, time: Frames) -> Option<String> {
    input.session.wording.say(&length(time.to_millis(input.rate))?).ok()
}

fn says(line: &str, words: &str) -> bool {
    line.to_lowercase().contains(&words.to_lowercase())
}
