//! One cue: exactly one action, only the keys that go with it, and how it is mixed.

use super::action::{MAX_REPETITIONS, action};
use super::model::{Action, Cue, CueMix, Role};
use super::offset::{self, At, bare_offset};
use super::scope::Scope;
use crate::diag::{Diagnostic, Edit, Hint, Span, Spanned, nearest, quoted};
use crate::document::{Form, Node, Table, Value};
use crate::units::{Decibels, Millis, Pan};

/// The keys that say what a cue does.
const ACTIONS: [&str; 10] =
    ["say", "clip", "bell", "pause", "breathe", "count", "checks", "include", "repeat", "note"];

const ROLES: [(&str, Role); 6] = [
    ("setup", Role::Setup),
    ("enter", Role::Enter),
    ("hold", Role::Hold),
    ("exit", Role::Exit),
    ("caution", Role::Caution),
    ("option", Role::Option),
];

/// The cues of a list, those of included files in the place of the include; what is no cue is reported and left out.
pub(crate) fn cues(value: &Value, scope: &mut Scope<'_>) -> Vec<Cue> {
    let Node::Array(items) = &value.value else {
        let message = format!("`cues` must be a list, not {}", value.value.type_name());
        let diagnostic = Diagnostic::error("wrong-type", value.span, message);
        let only = as_cue(value).map(|cue| Edit { span: value.span, text: format!("[ {cue} ]") });
        let hint = Hint::from("write `cues = [ { say = \"...\" } ]`").maybe_edit(only);
        scope.report(diagnostic.hint(hint));
        return Vec::new();
    };
    let mut read = Vec::with_capacity(items.len());
    for item in items {
        match &item.value {
            Node::Table(table) => cue(table, item.span, scope, &mut read),
            other => {
                let message = format!("a cue must be a table, not {}", other.type_name());
                let diagnostic = Diagnostic::error("wrong-type", item.span, message);
                let edit = as_cue(item).map(|text| Edit { span: item.span, text });
                let hint = Hint::from("write `{ say = \"...\" }` or `{ pause = \"10s\" }`").maybe_edit(edit);
                scope.report(diagnostic.hint(hint));
            }
        }
    }
    read
}

/// Adds the cue that a table describes, or those of the file that it includes.
fn cue(table: &Table, span: Span, scope: &mut Scope<'_>, cues: &mut Vec<Cue>) {
    let Some(name) = action_of(table, span, scope) else { return };
    check_keys(name, table, scope);
    let role = scope.fields(table).string("role");
    match table.get("include").map(|included| &included.value) {
        // The table of a file, put there in place of its path.
        Some(Node::Table(file)) if file.form == Form::File => {
            cues.extend(file.get("cues").map(|list| self::cues(list, scope)).unwrap_or_default());
            return;
        }
        // What is wrong with it has been told.
        Some(Node::String(_)) => return,
        _ => {}
    }
    let (at, mix) = if is_mixed(name) { (at(table, scope), mix(table, scope)) } else { Default::default() };
    let role = role.and_then(|role| scope.one_of("role", &role, &ROLES));
    let action = match name {
        "repeat" => repeat(table, span, scope),
        _ => action(name, table, scope),
    };
    cues.extend(action.map(|action| Cue { span, action, at, unpin: table.without("at"), mix, role }));
}

fn at(table: &Table, scope: &mut Scope<'_>) -> Option<Spanned<At>> {
    let Spanned { value, span } = table.get("at")?;
    let breath = scope.breath();
    let typed = match value {
        Node::String(text) => {
            return scope.read(offset::at(text, breath), *span).map(|at| Spanned::new(at, *span));
        }
        Node::Integer(seconds) => seconds.to_string(),
        Node::Float(seconds) => seconds.to_string(),
        _ => String::new(),
    };
    scope.report(bare_offset(*span, &typed, breath));
    None
}

fn mix(table: &Table, scope: &mut Scope<'_>) -> CueMix {
    CueMix {
        gain: scope.decibels_or(table, "gain", Decibels::ZERO),
        pan: scope.fields(table).float("pan").map_or(Pan::CENTRE, |pan| self::pan(&pan, scope)),
        fade_in: scope.time_or(table, "fade_in", Millis::ZERO),
        fade_out: scope.time_or(table, "fade_out", Millis::ZERO),
    }
}

fn pan(pan: &Spanned<f64>, scope: &mut Scope<'_>) -> Pan {
    if !(-1.0..=1.0).contains(&pan.value) {
        let message = format!("`pan` is {}, and goes from -1 (left) to 1 (right)", pan.value);
        let side = if pan.value < 0.0 { "-1.0" } else { "1.0" };
        let hint = Hint::from(format!("write `pan = {side}`")).instead(pan.span, side);
        scope.report(Diagnostic::error("out-of-range", pan.span, message).hint(hint));
        return Pan::CENTRE;
    }
    Pan(pan.value as f32)
}

fn repeat(table: &Table, span: Span, scope: &mut Scope<'_>) -> Option<Action> {
    let times = scope.number(table.get("repeat")?, "repeat", MAX_REPETITIONS);
    let cues = repeated(table, span, scope);
    Some(Action::Repeat { times: times?, cues })
}

fn repeated(table: &Table, span: Span, scope: &mut Scope<'_>) -> Vec<Cue> {
    if let Some(value) = table.get("cues") {
        return cues(value, scope);
    }
    let diagnostic = Diagnostic::error("missing-key", span, "a `repeat` cue needs `cues`");
    let edit = table.place("cues").map(|place| place.write("[ { pause = \"1m\" } ]"));
    let hint = Hint::from("write `{ repeat = 3, cues = [ { pause = \"1m\" } ] }`").maybe_edit(edit);
    scope.report(diagnostic.hint(hint));
    Vec::new()
}

/// The cue that a plain value is meant to be.
fn as_cue(value: &Value) -> Option<String> {
    match &value.value {
        Node::String(text) => Some(format!("{{ say = {} }}", quoted(text))),
        Node::Integer(seconds @ 0..=3600) => Some(format!("{{ pause = \"{seconds}s\" }}")),
        _ => None,
    }
}

/// The actions of a cue, which is to have one.
pub(super) fn actions(table: &Table) -> Vec<(&'static str, Span)> {
    let action = |(key, _): &(Spanned<String>, Value)| {
        Some((ACTIONS.into_iter().find(|name| *name == key.value)?, key.span))
    };
    table.entries.iter().filter_map(action).collect()
}

/// Returns the action of the cue; none and several are both mistakes.
fn action_of(table: &Table, span: Span, scope: &mut Scope<'_>) -> Option<&'static str> {
    let found = actions(table);
    match found.as_slice() {
        [(name, _)] => Some(name),
        [(first, first_span), (second, second_span), ..] => {
            let message = format!("a cue does one thing, and this one has `{first}` and `{second}`");
            let diagnostic = Diagnostic::error("two-actions", *second_span, message)
                .related(*first_span, "the first action");
            let hint = Hint {
                text: format!("make two cues: `{{ {first} = ... }}, {{ {second} = ... }}`"),
                edits: parted(table, &found),
            };
            scope.report(diagnostic.hint(hint));
            None
        }
        [] => {
            let typo = table.entries.iter().find_map(|(key, _)| Some((key, nearest(&key.value, ACTIONS)?)));
            let diagnostic = match typo {
                Some((key, action)) => {
                    let message = format!("unknown key `{}` in a cue", key.value);
                    let hint = Hint::from(format!("did you mean `{action}`?")).instead(key.span, action);
                    Diagnostic::error("unknown-key", key.span, message).hint(hint)
                }
                None => Diagnostic::error("no-action", span, "this cue does nothing")
                    .hint(format!("give it one of: {}", ACTIONS.join(", "))),
            };
            scope.report(diagnostic);
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

/// Reports the keys that do not go with this action, and says with which they would.
fn check_keys(name: &'static str, table: &Table, scope: &mut Scope<'_>) {
    let own: &[&str] = match name {
        "clip" => &["text"],
        "bell" => &["strikes", "every", "ring", "pitch"],
        "breathe" => &["in", "hold", "out", "rest", "guide"],
        "count" => &["every"],
        "repeat" => &["cues"],
        _ => &[],
    };
    for (key, value) in MIXED.into_iter().filter_map(|key| Some((key, table.get(key)?))) {
        if !is_mixed(name) {
            let message = format!("a `{name}` cue cannot have `{key}`");
            let diagnostic = Diagnostic::error("key-not-here", value.span, message);
            let hint = Hint::from(format!("leave `{key}` out: only say, clip and bell cues have it"));
            scope.report(diagnostic.hint(hint.maybe_edit(table.without(key))));
        }
    }
    scope.keys(table, "a cue", &[&[name], own, &["role"], &MIXED].concat(), &[]);
}
