//! One cue as written: exactly one action, and only the keys that go with it.

use super::include::Reading;
use super::raw::{RawAction, RawCue, RawPause};
use crate::diag::{Diagnostic, Diagnostics, Edit, Hint, Place, Span, Spanned, nearest, quoted};
use crate::document::{self, Fields, Form, Node, Table, Value};

/// The keys that say what a cue does.
const ACTIONS: [&str; 10] =
    ["say", "clip", "bell", "pause", "breathe", "count", "checks", "include", "repeat", "note"];

/// The phases of a breath.
pub(crate) const BREATH_KEYS: [&str; 4] = ["in", "hold", "out", "rest"];

/// The cues of a list; what is no cue is reported and left out.
pub(crate) fn cues(value: &Value, reading: &mut Reading<'_>) -> Vec<RawCue> {
    let Node::Array(items) = &value.value else {
        let message = format!("`cues` must be a list, not {}", value.value.type_name());
        let finding = Diagnostic::error("wrong-type", value.span, message);
        let only = as_cue(value).map(|cue| Edit { span: value.span, text: format!("[ {cue} ]") });
        let hint = Hint::from("write `cues = [ { say = \"...\" } ]`").maybe_edit(only);
        reading.diagnostics.push(finding.hint(hint));
        return Vec::new();
    };
    items.iter().filter_map(|item| cue(item, reading)).collect()
}

fn cue(value: &Value, reading: &mut Reading<'_>) -> Option<RawCue> {
    let Node::Table(table) = &value.value else {
        let message = format!("a cue must be a table, not {}", value.value.type_name());
        let finding = Diagnostic::error("wrong-type", value.span, message);
        let edit = as_cue(value).map(|text| Edit { span: value.span, text });
        let hint = Hint::from("write `{ say = \"...\" }` or `{ pause = \"10s\" }`").maybe_edit(edit);
        reading.diagnostics.push(finding.hint(hint));
        return None;
    };
    let name = action_of(table, value.span, reading.diagnostics)?;
    let mut fields = Fields::new(table, "a cue", reading.diagnostics);
    let action = simple_action(name, &mut fields);
    let nested = if name == "repeat" { fields.value("cues") } else { None };
    let mut cue = RawCue {
        span: value.span,
        action: RawAction::Note(None),
        at: None,
        unpin: table.without("at"),
        gain: None,
        pan: None,
        fade_in: None,
        fade_out: None,
        role: fields.string("role"),
    };
    if is_mixed(name) {
        cue.at = fields.value("at").cloned();
        cue.gain = fields.string("gain");
        cue.pan = fields.float("pan");
        cue.fade_in = fields.value("fade_in").cloned();
        cue.fade_out = fields.value("fade_out").cloned();
    }
    finish(fields, table, name);
    cue.action = match (action, name) {
        (Some(action), _) => action,
        (None, "pause") => RawAction::Pause(pause(table, reading.diagnostics)?),
        (None, "include") => RawAction::Include(include(table, reading)?),
        (None, _) => RawAction::Repeat {
            times: table.get("repeat").cloned(),
            cues: repeated(nested, table.place("cues"), value.span, reading),
        },
    };
    Some(cue)
}

/// The cue that a plain value is meant to be.
fn as_cue(value: &Value) -> Option<String> {
    match &value.value {
        Node::String(text) => Some(format!("{{ say = {} }}", quoted(text))),
        Node::Integer(seconds @ 0..=3600) => Some(format!("{{ pause = \"{seconds}s\" }}")),
        _ => None,
    }
}

/// Returns the action of the cue; none and several are both mistakes.
fn action_of(table: &Table, span: Span, diagnostics: &mut Diagnostics) -> Option<&'static str> {
    let found: Vec<_> = table
        .entries
        .iter()
        .filter_map(|(key, _)| Some((ACTIONS.into_iter().find(|name| *name == key.value)?, key.span)))
        .collect();
    match found.as_slice() {
        [(name, _)] => Some(name),
        [(first, first_span), (second, second_span), ..] => {
            let message = format!("a cue does one thing, and this one has `{first}` and `{second}`");
            let finding = Diagnostic::error("two-actions", *second_span, message)
                .related(*first_span, "the first action");
            let hint = Hint {
                text: format!("make two cues: `{{ {first} = ... }}, {{ {second} = ... }}`"),
                edits: parted(table, &found),
            };
            diagnostics.push(finding.hint(hint));
            None
        }
        [] => {
            let typo = table.entries.iter().find_map(|(key, _)| Some((key, nearest(&key.value, ACTIONS)?)));
            let finding = match typo {
                Some((key, action)) => {
                    let message = format!("unknown key `{}` in a cue", key.value);
                    let hint = Hint::from(format!("did you mean `{action}`?")).instead(key.span, action);
                    Diagnostic::error("unknown-key", key.span, message).hint(hint)
                }
                None => Diagnostic::error("no-action", span, "this cue does nothing")
                    .hint(format!("give it one of: {}", ACTIONS.join(", "))),
            };
            diagnostics.push(finding);
            None
        }
    }
}

/// The changes that make a cue of each action of an inline table, with the keys that follow it.
fn parted(table: &Table, actions: &[(&'static str, Span)]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut action = None;
    for (index, (key, _)) in table.entries.iter().enumerate() {
        if actions.iter().any(|(_, span)| *span == key.span) {
            action = Some(key.value.as_str());
            if let Some((_, before)) = index.checked_sub(1).and_then(|index| table.entries.get(index)) {
                let span = Span { start: before.span.end, end: key.span.start, ..key.span };
                edits.push(Edit { span, text: " }, { ".to_owned() });
            }
        } else if MIXED.contains(&key.value.as_str()) && !action.is_none_or(is_mixed) {
            // It goes with another action than the one it would follow.
            return Vec::new();
        }
    }
    let leads = table.entries.first().is_some_and(|(key, _)| ACTIONS.contains(&key.value.as_str()));
    if table.form == Form::Inline && leads { edits } else { Vec::new() }
}

/// The keys that say how a cue is mixed, or pin it.
const MIXED: [&str; 5] = ["at", "gain", "pan", "fade_in", "fade_out"];

/// True of an action that can have them.
fn is_mixed(action: &str) -> bool {
    matches!(action, "say" | "clip" | "bell")
}

/// The actions that are just keys; `None` for those that read other cues or several forms.
fn simple_action(name: &str, fields: &mut Fields<'_, '_>) -> Option<RawAction> {
    Some(match name {
        "say" => RawAction::Say(fields.string("say")),
        "clip" => RawAction::Clip { path: fields.string("clip"), text: fields.string("text") },
        "bell" => RawAction::Bell {
            name: fields.string("bell"),
            strikes: fields.value("strikes").cloned(),
            every: fields.value("every").cloned(),
            ring: fields.value("ring").cloned(),
            pitch: fields.string("pitch"),
        },
        "breathe" => RawAction::Breathe {
            breaths: fields.value("breathe").cloned(),
            phases: BREATH_KEYS.map(|phase| fields.value(phase).cloned()),
            places: Box::new(BREATH_KEYS.map(|phase| fields.place(phase))),
            guide: fields.string("guide"),
        },
        "count" => RawAction::Count {
            to: fields.value("count").cloned(),
            every: fields.value("every").cloned(),
            place: fields.place("every"),
        },
        "checks" => RawAction::Checks(fields.strings("checks")),
        "note" => RawAction::Note(fields.string("note")),
        other => {
            fields.value(match other {
                "pause" => "pause",
                "include" => "include",
                _ => "repeat",
            });
            return None;
        }
    })
}

/// Reports the keys that do not go with this action, and says with which they would.
fn finish(mut fields: Fields<'_, '_>, table: &Table, name: &str) {
    if !is_mixed(name) {
        for key in MIXED {
            if let Some(value) = fields.value(key) {
                let message = format!("a `{name}` cue cannot have `{key}`");
                let finding = Diagnostic::error("key-not-here", value.span, message);
                let hint = Hint::from(format!("leave `{key}` out: only say, clip and bell cues have it"));
                fields.diagnostics().push(finding.hint(hint.maybe_edit(table.without(key))));
            }
        }
    }
    fields.finish();
}

fn pause(table: &Table, diagnostics: &mut Diagnostics) -> Option<RawPause> {
    let value = table.get("pause")?;
    let Node::Table(elastic) = &value.value else { return Some(RawPause::Written(value.clone())) };
    let mut fields = Fields::new(elastic, "an elastic pause", diagnostics);
    let weight = fields.value("flex").cloned();
    fields.require("flex", &weight, "1");
    let min = fields.value("min").cloned();
    let max = fields.value("max").cloned();
    fields.finish();
    Some(RawPause::Elastic { weight, min, max, least: elastic.place("min") })
}

fn repeated(
    nested: Option<&Value>,
    place: Option<Place>,
    span: Span,
    reading: &mut Reading<'_>,
) -> Vec<RawCue> {
    match nested {
        Some(value) => cues(value, reading),
        None => {
            let finding = Diagnostic::error("missing-key", span, "a `repeat` cue needs `cues`");
            let edit = place.map(|place| place.write("[ { pause = \"1m\" } ]"));
            let hint = Hint::from("write `{ repeat = 3, cues = [ { pause = \"1m\" } ] }`").maybe_edit(edit);
            reading.diagnostics.push(finding.hint(hint));
            Vec::new()
        }
    }
}

/// The cues of another file of the project.
fn include(table: &Table, reading: &mut Reading<'_>) -> Option<Vec<RawCue>> {
    let path = Fields::new(table, "a cue", reading.diagnostics).string("include")?;
    let text = reading.text(&path)?;
    Some(included(&path, &text, reading))
}

fn included(path: &Spanned<String>, text: &str, reading: &mut Reading<'_>) -> Vec<RawCue> {
    let file = reading.sources.add_once(path.value.as_str(), text);
    let table = document::parse(file, text, reading.diagnostics);
    let mut fields = Fields::new(&table, "an included file", reading.diagnostics);
    let list = fields.value("cues");
    fields.require("cues", &list, "[ { pause = \"1m\" } ]");
    fields.finish();
    reading.open.push(path.value.clone());
    let read = list.map(|list| cues(list, reading)).unwrap_or_default();
    reading.open.pop();
    read
}
