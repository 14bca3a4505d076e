//! The values in force while a script is lowered, and the readers that use them.

use std::collections::{BTreeMap, BTreeSet};

use super::as_written::Script;
use super::loudness::Loudness;
use super::malformed::Malformed;
use super::params::{Giver, Param, ParamValue};
use super::template::{BUILT_IN, Piece, Text, Written, split};
use super::time::{self, bare_number};
use super::values::literal;
use crate::diag::{Diagnostic, Diagnostics, Edit, Hint, Place, Span, Spanned, nearest};
use crate::document::{Fields, Node, Table, Value, one_of};
use crate::units::{Decibels, Millis};

/// Parameters, the length of a breath, and where mistakes go.
pub(crate) struct Scope<'d> {
    breath: Millis,
    /// The values of the parameters, and who gave them.
    params: BTreeMap<String, (ParamValue, Giver)>,
    /// Parameters of the script, also those whose value is a mistake: their use is not another one.
    declared: BTreeSet<String>,
    /// The places where each parameter is used as a value.
    used: BTreeMap<String, Vec<Span>>,
    spoken: BTreeMap<String, Span>,
    diagnostics: &'d mut Diagnostics,
}

impl<'d> Scope<'d> {
    pub(crate) fn new(
        breath: Millis,
        params: BTreeMap<String, (ParamValue, Giver)>,
        declared: BTreeSet<String>,
        diagnostics: &'d mut Diagnostics,
    ) -> Self {
        Self { breath, params, declared, used: BTreeMap::new(), spoken: BTreeMap::new(), diagnostics }
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The value that a written name stands for; an unknown one is reported.
    pub(crate) fn one_of<T: Copy>(
        &mut self,
        what: &str,
        word: &Spanned<String>,
        known: &[(&str, T)],
    ) -> Option<T> {
        one_of(word, what, known, self.diagnostics)
    }

    /// The values of a table that have one type, whatever the script's parameters are.
    pub(crate) fn fields<'t>(&mut self, table: &'t Table) -> Fields<'t, '_> {
        Fields::new(table, "", self.diagnostics)
    }

    /// Reports the keys of a table that are none of these, and those of `required` that are not there.
    pub(crate) fn keys(
        &mut self,
        table: &Table,
        what: &'static str,
        keys: &[&'static str],
        required: &[(&'static str, &str)],
    ) {
        let is_known = |(key, _): &(Spanned<String>, Value)| keys.contains(&key.value.as_str());
        let is_there = |(key, _): &(&str, &str)| table.get(key).is_some();
        // Nearly every table is as it should be, and there may be a hundred editions of twenty thousand cues.
        if table.entries.iter().all(is_known) && required.iter().all(is_there) {
            return;
        }
        let mut fields = Fields::new(table, what, self.diagnostics);
        for key in keys {
            fields.value(key);
        }
        for (key, example) in required {
            fields.require::<()>(key, &None, example);
        }
        fields.finish();
    }

    /// A time, or `{param}` for one.
    pub(crate) fn time(&mut self, value: &Value, key: &str) -> Option<Millis> {
        let breath = self.breath;
        match &value.value {
            Node::String(text) => match self.param(text, value.span) {
                Some(ParamValue::Time(time)) => Some(time),
                Some(other) => self.wrong(value.span, key, "a time", &format!("the number {other}")),
                None if is_reference(text) => None,
                None => self.read(time::time(text, breath), value.span),
            },
            Node::Integer(_) | Node::Float(_) => {
                let typed = match &value.value {
                    Node::Float(number) => number.to_string(),
                    Node::Integer(number) => number.to_string(),
                    _ => String::new(),
                };
                self.report(bare_number(value.span, format!("`{key}` has no unit"), &typed, breath));
                None
            }
            other => self.wrong(value.span, key, "a time such as \"90s\"", other.type_name()),
        }
    }

    /// A time and where it was written.
    pub(crate) fn spanned_time(&mut self, table: &Table, key: &str) -> Option<Spanned<Millis>> {
        let value = table.get(key)?;
        self.time(value, key).map(|time| Spanned::new(time, value.span))
    }

    /// A time, or what holds where none is written.
    pub(crate) fn time_or(&mut self, table: &Table, key: &str, default: Millis) -> Millis {
        table.get(key).and_then(|value| self.time(value, key)).unwrap_or(default)
    }

    /// A whole number up to `max`, or `{param}` for one.
    pub(crate) fn number(&mut self, value: &Value, key: &str, max: u32) -> Option<u32> {
        let number = match &value.value {
            Node::Integer(number) => Some(*number),
            Node::String(text) => match self.param(text, value.span) {
                Some(ParamValue::Number(number)) => Some(i64::try_from(number).unwrap_or(i64::MAX)),
                Some(other) => {
                    return self.wrong(value.span, key, "a whole number", &format!("the time {other}"));
                }
                None if is_reference(text) => return None,
                None => None,
            },
            _ => None,
        };
        let Some(number) = number else {
            return self.wrong(value.span, key, "a whole number", value.value.type_name());
        };
        let fitting = u32::try_from(number).ok().filter(|n| *n <= max);
        if fitting.is_none() {
            let message = format!("`{key}` is {number}, and goes from 0 to {max}");
            let fitting = number.clamp(0, i64::from(max));
            let place = Some(Place::of(value)).filter(|_| !is_given(value));
            let edit = place.map(|place| place.write(&fitting.to_string()));
            let hint = Hint::from(format!("write `{key} = {fitting}`")).maybe_edit(edit);
            self.report(Diagnostic::error("out-of-range", value.span, message).hint(hint));
        }
        fitting
    }

    /// A whole number, or what holds where none is written.
    pub(crate) fn number_or(&mut self, table: &Table, key: &str, default: u32, max: u32) -> u32 {
        table.get(key).and_then(|value| self.number(value, key, max)).unwrap_or(default)
    }

    /// A change of level, or what holds where none is written.
    pub(crate) fn decibels_or(&mut self, table: &Table, key: &'static str, default: Decibels) -> Decibels {
        let text = self.fields(table).string(key);
        text.and_then(|text| self.read(time::decibels(&text.value), text.span)).unwrap_or(default)
    }

    /// Reads the loudness that the track is to have.
    pub(crate) fn loudness(&mut self, value: &Value) -> Loudness {
        Loudness::read(value, self.diagnostics)
    }

    /// Any text with a syntax of its own.
    pub(crate) fn read<T>(&mut self, read: Result<T, Malformed>, span: Span) -> Option<T> {
        read.map_err(|why| self.report(why.at(span))).ok()
    }

    /// The place of a time that a script writes itself, or not at all: what a parameter gives is written elsewhere.
    pub(crate) fn literal_place(&self, table: &Table, key: &str) -> Option<Place> {
        table.place(key).filter(|_| !table.get(key).is_some_and(is_given))
    }

    /// The length of one breath.
    pub(crate) fn breath(&self) -> Millis {
        self.breath
    }

    /// A spoken text: parameters become words, what only the timeline knows stays. A text with a
    /// mistake in it becomes an empty one, which is never missing from a voice.
    pub(crate) fn text(&mut self, text: &Spanned<String>) -> Spanned<Text> {
        let mut pieces = Vec::new();
        for written in split(&text.value) {
            match written {
                Written::Words(words) => pieces.push(Some(Piece::Words(words))),
                Written::Name { name, at } => pieces.push(self.name(name, at, text)),
                Written::Unclosed { at } => {
                    pieces.push(None);
                    let diagnostic = Diagnostic::error(
                        "unpaired-brace",
                        inside(text, at, 1),
                        "a brace that is not paired",
                    );
                    let brace = &text.value[at..at + 1];
                    let hint = Hint::from(format!(
                        "write `{brace}{brace}` where a brace is meant, and a name as in `{{hold}}`"
                    ));
                    let edit = exactly(text, at, 1).map(|span| Edit { span, text: brace.repeat(2) });
                    self.report(diagnostic.hint(hint.maybe_edit(edit)));
                }
            }
        }
        if text.value.trim().is_empty() {
            self.report(Diagnostic::error("empty-text", text.span, "there is nothing to say here"));
        }
        let whole: Option<Vec<Piece>> = pieces.into_iter().collect();
        Spanned::new(Text(whole.unwrap_or_default()), text.span)
    }

    fn name(&mut self, name: &str, at: usize, text: &Spanned<String>) -> Option<Piece> {
        if let Some((_, piece)) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name) {
            return Some(piece.clone());
        }
        // A name may have spaces around it.
        let length = text.value[at..].find('}').map_or(1, |close| close + 1);
        let span = inside(text, at, length);
        self.spoken.entry(name.to_owned()).or_insert(span);
        let value = self.params.get(name).map(|(value, _)| *value);
        if value.is_none() && !self.diagnostics.is_full() {
            let known = self.params.keys().map(String::as_str).chain(BUILT_IN.map(|(name, _)| name));
            let place = exactly(text, at, length);
            let diagnostic = unknown_param(name, span, &known.collect::<Vec<_>>(), |meant| {
                place.map(|span| Edit { span, text: format!("{{{meant}}}") })
            });
            self.report_undeclared(name, diagnostic);
        }
        value.map(|value| Piece::Value(value.spoken()))
    }

    /// Reports that there is no such parameter, unless there is one whose value is a mistake.
    fn report_undeclared(&mut self, name: &str, diagnostic: Diagnostic) {
        if !self.declared.contains(name) {
            self.report(diagnostic);
        }
    }

    /// The parameter that a whole string `{name}` stands for; an unknown one is reported.
    fn param(&mut self, text: &str, span: Span) -> Option<ParamValue> {
        let name = reference(text)?;
        self.used.entry(name.to_owned()).or_default().push(span);
        let value = self.params.get(name).map(|(value, _)| *value);
        if value.is_none() && !self.diagnostics.is_full() {
            let known: Vec<&str> = self.params.keys().map(String::as_str).collect();
            let diagnostic = unknown_param(name, span, &known, |meant| {
                Some(Edit { span, text: format!("\"{{{meant}}}\"") })
            });
            self.report_undeclared(name, diagnostic);
        }
        value
    }

    fn wrong<T>(&mut self, span: Span, key: &str, wanted: &str, found: &str) -> Option<T> {
        let message = format!("`{key}` must be {wanted}, not {found}");
        self.report(Diagnostic::error("wrong-type", span, message));
        None
    }

    /// The values, and where each counts, after the checks that need the whole script.
    pub(super) fn finish(self, script: &Script) -> (Vec<(String, ParamValue)>, Vec<Param>) {
        for param in &script.params {
            let name = &param.name.value;
            if BUILT_IN.iter().any(|(built_in, _)| built_in == name) {
                let message = format!("`{name}` has a meaning of its own and cannot be a parameter");
                self.diagnostics.push(Diagnostic::error("reserved-name", param.name.span, message));
            }
            match (self.spoken.get(name), self.used.contains_key(name)) {
                (Some(span), false) => {
                    let message = format!(
                        "`{{{name}}}` is spoken, but no time or number of the script is `{{{name}}}`"
                    );
                    let diagnostic = Diagnostic::error("spoken-not-used", *span, message)
                        .related(param.name.span, "the parameter")
                        .hint(format!("use it where it counts, as in `length = \"{{{name}}}\"`"));
                    self.diagnostics.push(diagnostic);
                }
                (None, false) => {
                    let message = format!("parameter `{name}` is not used");
                    self.diagnostics.push(Diagnostic::warning("unused-param", param.name.span, message));
                }
                _ => {}
            }
        }
        let Self { breath, params, mut used, spoken, .. } = self;
        let max = |name: &str| {
            let written = script.params.iter().find(|param| param.name.value == name)?.max.as_ref()?;
            let max = literal(written, breath, &mut Diagnostics::default())?;
            Some(Spanned::new(max, written.span))
        };
        let values = params.iter().map(|(name, (value, _))| (name.clone(), *value)).collect();
        let given = params.into_iter().map(|(name, (_, giver))| Param {
            max: max(&name),
            uses: used.remove(&name).unwrap_or_default(),
            spoken: spoken.contains_key(&name),
            giver,
            name,
        });
        (values, given.collect())
    }
}

/// A parameter that is not there; `instead` writes the one that is meant.
fn unknown_param(
    name: &str,
    span: Span,
    known: &[&str],
    instead: impl Fn(&str) -> Option<Edit>,
) -> Diagnostic {
    let hint = match (nearest(name, known.iter().copied()), known) {
        (Some(meant), _) => Hint::from(format!("did you mean `{meant}`?")).maybe_edit(instead(meant)),
        (None, []) => format!("declare it: `[params.{name}]` and under it `default = \"10m\"`").into(),
        (None, known) => format!("there is: {}", known.join(", ")).into(),
    };
    Diagnostic::error("unknown-param", span, format!("nothing is named `{{{name}}}`")).hint(hint)
}

fn reference(text: &str) -> Option<&str> {
    text.trim().strip_prefix('{')?.strip_suffix('}').map(str::trim)
}

/// True of a value that a parameter gives.
fn is_given(value: &Value) -> bool {
    matches!(&value.value, Node::String(text) if is_reference(text))
}

fn is_reference(text: &str) -> bool {
    reference(text).is_some()
}

/// A place inside a string that stands in the file as it is, without escapes; else it is not known exactly.
fn exactly(text: &Spanned<String>, at: usize, length: usize) -> Option<Span> {
    let verbatim = text.span.range().len() == text.value.len() + 2;
    verbatim.then(|| inside(text, at, length))
}

/// A place inside a one-line string; the quote before it is one byte. Escapes and long strings
/// make this inexact, so the span never leaves the string.
fn inside(text: &Spanned<String>, at: usize, length: usize) -> Span {
    let start = (text.span.start + 1 + at as u32).min(text.span.end);
    Span { start, end: (start + length as u32).min(text.span.end), ..text.span }
}
