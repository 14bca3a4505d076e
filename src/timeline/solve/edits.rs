//! Changes of a session in words, and as edits of its texts.
//!
//! Called by `advice`. Must not know what a change mends.

use super::trial::Change;
use crate::diag::{Hint, Span};
use crate::script::{Cue, Giver, Param, ParamValue, Section, Session, written, written_at};
use crate::units::Millis;

/// The hint to make these changes, or to do something else.
pub(super) fn hint(session: &Session, changes: &[Change], or: &str) -> Hint {
    let mut phrases = Vec::new();
    let mut edits = Some(Vec::new());
    for change in changes {
        let step = step(session, change);
        if step.edits.is_empty() {
            edits = None;
        }
        phrases.push(step.text);
        if let Some(edits) = &mut edits {
            edits.extend(step.edits);
        }
    }
    // A part of the changes would not mend it.
    Hint { text: format!("{}, or {or}", phrases.join(" and ")), edits: edits.unwrap_or_default() }
}

/// One change in words, and as an edit.
fn step(session: &Session, change: &Change) -> Hint {
    match change {
        Change::SectionLength(place, to) => {
            let section = session.sections.iter().find(|section| section.span == *place);
            new_length(session, section.and_then(|section| section.length).map(|length| length.span), *to, "")
        }
        Change::SessionLength(to) => {
            new_length(session, session.length.map(|length| length.span), *to, " at the top of the script")
        }
        Change::Pin(place, Some(at)) => {
            let value = format!("\"{}\"", written_at(*at));
            Hint::from(format!("write `at = {value}`")).instead(*place, value)
        }
        Change::Pin(place, None) => {
            let edit = pinned_cue(session, *place).and_then(|(_, cue)| cue.unpin.clone());
            Hint::from("let it follow without `at`").maybe_edit(edit)
        }
        Change::Flex(place) => {
            let section = session.sections.iter().find(|section| section.span == *place);
            let place = section.and_then(|section| section.places.cue.as_ref());
            let edit = place.map(|place| place.write("{ pause = \"flex\" }"));
            Hint::from("add `{ pause = \"flex\" }` at its end").maybe_edit(edit)
        }
        Change::Least(_, least) => format!("give it `min = \"{}\"`", written(*least)).into(),
    }
}

/// The hint to write a length: where it stands, or where the parameter that it is gets its value.
fn new_length(session: &Session, place: Option<Span>, to: Millis, at: &str) -> Hint {
    let given = session.given.iter().find(|param| place.is_some_and(|place| param.uses.contains(&place)));
    let value = format!("\"{}\"", written(to));
    match (given, place) {
        (Some(param), _) => new_value(param, to),
        (None, Some(place)) => Hint::from(format!("write `length = {value}`{at}")).instead(place, value),
        (None, None) => format!("write `length = {value}`{at}").into(),
    }
}

/// The hint to give a parameter another value, within its bounds or with them. Where it is spoken, or counts elsewhere
/// too, only its author knows what else that changes.
fn new_value(param: &Param, to: Millis) -> Hint {
    let (name, value) = (&param.name, format!("\"{}\"", written(to)));
    let beyond = param.max.filter(|max| max.value < ParamValue::Time(to));
    let mut hint = match &param.giver {
        Giver::Default(place) => {
            Hint::from(format!("write `default = {value}` for `{name}`")).instead(*place, &value)
        }
        Giver::Edition(edition, place) => {
            Hint::from(format!("write `{name} = {value}` in edition `{edition}`")).instead(*place, &value)
        }
        Giver::CommandLine => format!("type `--set {name}={}`", written(to).replace(' ', "")).into(),
    };
    if let Some(max) = beyond {
        hint.text.push_str(&format!(" and `max = {value}`"));
        if !hint.edits.is_empty() {
            hint = hint.instead(max.span, &value);
        }
    }
    if param.spoken || param.uses.len() > 1 {
        let and = if beyond.is_some() { " and its `max`" } else { "" };
        return format!("make `{name}`{and} about {value}").into();
    }
    hint
}

/// The cue that is pinned there, and its section.
pub(super) fn pinned_cue(session: &Session, pin: Span) -> Option<(&Section, &Cue)> {
    let cues = session.sections.iter().flat_map(|section| section.cues.iter().map(move |cue| (section, cue)));
    cues.into_iter().find(|(_, cue)| cue.at.is_some_and(|at| at.span == pin))
}
