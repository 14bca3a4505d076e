//! The action of a cue: what is said, rung, waited for or counted, with every value known. Must not know other cues.

use super::model::{Action, Guide, Strikes};
use super::offset;
use super::scope::Scope;
use super::time::{self, written};
use crate::audio::{SoundKind, SoundRef, SoundSource};
use crate::diag::{Diagnostic, Hint, Place, Spanned, nearest, quoted};
use crate::document::{Node, Table};
use crate::units::Millis;

/// The phases of a breath.
pub(crate) const BREATH_KEYS: [&str; 4] = ["in", "hold", "out", "rest"];

/// The most passes, strikes, breaths or numbers of one cue.
pub(super) const MAX_REPETITIONS: u32 = 1000;

/// From one strike to the next: one breath's inhale, after the Plum Village bell guide.
const STRIKE_EVERY: Millis = Millis::from_secs(6);

/// From a strike to the first word.
const RING: Millis = Millis::from_secs(6);

/// In, hold, out, rest: six breaths a minute with the longer half out.
const BREATH_PHASES: [Millis; 4] = [Millis::from_secs(4), Millis::ZERO, Millis::from_secs(6), Millis::ZERO];

/// From one counted number to the next.
const COUNT_EVERY: Millis = Millis::from_secs(1);

/// The longest phase of a breath: its tone is made whole, and one of hours would fill the memory.
const LONGEST_BREATH_PHASE: Millis = Millis::from_secs(300);

const GUIDES: [(&str, Guide); 3] =
    [("voice", Guide::Voice), ("tone", Guide::Tone), ("silent", Guide::Silent)];

/// The action of that name; none if it cannot be known, which has been reported.
pub(super) fn action(name: &str, table: &Table, scope: &mut Scope<'_>) -> Option<Action> {
    Some(match name {
        "say" => {
            let text = scope.fields(table).string("say")?;
            Action::Say(scope.text(&text))
        }
        "clip" => {
            let (path, text) = (scope.fields(table).string("clip"), scope.fields(table).string("text"));
            let text = text.map(|text| scope.text(&text));
            let kind = if text.is_some() { SoundKind::Speech } else { SoundKind::AsIs };
            Action::Clip { sound: path?.map(|path| SoundRef::file(kind, path)), text }
        }
        "bell" => bell(table, scope)?,
        "pause" => pause(table, scope)?,
        "breathe" => breathe(table, scope)?,
        "count" => Action::Count {
            to: scope.number(table.get("count")?, "count", MAX_REPETITIONS)?,
            every: scope.time_or(table, "every", COUNT_EVERY),
            place: scope.literal_place(table, "every"),
        },
        "checks" => {
            let (checks, breath) = (scope.fields(table).strings("checks"), scope.breath());
            let read = checks.into_iter().filter_map(|check| {
                let read = scope.read(offset::check(&check.value, breath), check.span)?;
                Some(Spanned::new(read, check.span))
            });
            Action::Checks(read.collect())
        }
        "note" => Action::Note(scope.fields(table).string("note")?.value),
        // An include whose path is no text.
        _ => {
            scope.fields(table).string("include");
            return None;
        }
    })
}

fn bell(table: &Table, scope: &mut Scope<'_>) -> Option<Action> {
    let name = scope.fields(table).string("bell");
    let strikes = Strikes {
        count: scope.number_or(table, "strikes", 1, MAX_REPETITIONS),
        every: scope.time_or(table, "every", STRIKE_EVERY),
        ring: scope.time_or(table, "ring", RING),
    };
    let pitch = scope.fields(table).string("pitch");
    let pitch = pitch.and_then(|pitch| scope.read(time::pitch(&pitch.value), pitch.span));
    let sound = name?.map(|name| SoundRef::bell(name, pitch));
    if let (SoundSource::File(path), Some(_)) = (&sound.value.source, pitch) {
        let message = format!("could not read `{path}`: only built-in bells can be given a pitch");
        scope.report(Diagnostic::error("unreadable-sound", sound.span, message));
    }
    Some(Action::Bell { sound, strikes })
}

fn pause(table: &Table, scope: &mut Scope<'_>) -> Option<Action> {
    let value = table.get("pause")?;
    match &value.value {
        Node::Table(elastic) => Some(self::elastic(elastic, scope)),
        Node::String(text) if text.trim() == "flex" => {
            let (before, after) = ("{ flex = 1, min = ".to_owned(), " }".to_owned());
            let least = Some(Place { before, after, ..Place::of(value) });
            Some(Action::Elastic { weight: 1, min: Millis::ZERO, max: None, least })
        }
        Node::String(text) if nearest(text, ["flex"]).is_some() => {
            let message = format!("`{text}` is no pause");
            let hint = Hint::from("did you mean `flex`?").instead(value.span, "\"flex\"");
            scope.report(Diagnostic::error("malformed", value.span, message).hint(hint));
            None
        }
        _ => scope.time(value, "pause").map(Action::Pause),
    }
}

fn elastic(table: &Table, scope: &mut Scope<'_>) -> Action {
    scope.keys(table, "an elastic pause", &["flex", "min", "max"], &[("flex", "1")]);
    let weight = scope.number_or(table, "flex", 1, MAX_REPETITIONS);
    let min = scope.time_or(table, "min", Millis::ZERO);
    let max = scope.spanned_time(table, "max");
    if let Some(Spanned { value: most, span }) = max.filter(|max| max.value < min) {
        let message = format!("this pause is at least {min} and at most {most}");
        let larger = quoted(&written(min));
        let edit = scope.literal_place(table, "max").map(|place| place.write(&larger));
        let hint = Hint::from(format!("write `max = {larger}`, or a larger one")).maybe_edit(edit);
        scope.report(Diagnostic::error("out-of-range", span, message).hint(hint));
    }
    let max = max.map(|max| max.value).filter(|max| *max >= min);
    Action::Elastic { weight, min, max, least: scope.literal_place(table, "min") }
}

fn breathe(table: &Table, scope: &mut Scope<'_>) -> Option<Action> {
    let value = table.get("breathe")?;
    let breaths = scope.number(value, "breathe", MAX_REPETITIONS);
    let mut phases = BREATH_PHASES;
    for (key, phase) in BREATH_KEYS.into_iter().zip(&mut phases) {
        *phase = scope.time_or(table, key, *phase);
        if let Some(value) = table.get(key).filter(|_| *phase > LONGEST_BREATH_PHASE) {
            let message = format!("`{key}` is {phase}, and a breath does not take that long");
            let diagnostic = Diagnostic::error("out-of-range", value.span, message);
            scope.report(diagnostic.hint(format!("write up to \"{}s\"", LONGEST_BREATH_PHASE.0 / 1000)));
        }
    }
    let guide = match scope.fields(table).string("guide") {
        None => Guide::Voice,
        Some(guide) => scope.one_of("guide", &guide, &GUIDES)?,
    };
    if phases[0] + phases[2] == Millis::ZERO {
        let edit = |(key, length)| Some(table.place(key)?.write(length));
        let hint = Hint {
            text: "write `in = \"4s\", out = \"6s\"`".to_owned(),
            edits: [("in", "\"4s\""), ("out", "\"6s\"")].into_iter().filter_map(edit).collect(),
        };
        scope.report(Diagnostic::error("out-of-range", value.span, "a breath goes in and out").hint(hint));
    }
    let places = Box::new(BREATH_KEYS.map(|key| scope.literal_place(table, key)));
    Some(Action::Breathe { breaths: breaths?, phases, places, guide })
}
