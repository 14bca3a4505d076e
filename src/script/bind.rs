//! Written to meant: a script and the values of its parameters make a session.

use std::collections::{BTreeMap, BTreeSet};

use super::loudness::Loudness;
use super::lower;
use super::model::{Meta, Session};
use super::params::ParamValue;
use super::raw::Script;
use super::scope::Scope;
use super::time;
use super::wording::Wording;
use crate::audio::ChannelLayout;
use crate::diag::{Diagnostic, Diagnostics, Span, Spanned, did_you_mean};
use crate::document::{Node, Value};
use crate::units::Millis;

/// One breath where a script does not say: six a minute, the pace most studies of slow breathing use
/// (Laborde et al. 2021; Shao et al. 2024).
pub(crate) const BREATH: Millis = Millis::from_secs(10);

/// Letters that stand for a number or a time at most: each place that says it has them.
const LONGEST_WORDS: usize = 200;

/// The rates a track may have, in frames a second.
const RATES: std::ops::RangeInclusive<i64> = 8_000..=192_000;

/// Which track of a script is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Binding {
    /// The edition, by name.
    pub edition: Option<String>,
    /// Parameters given from outside, as `name` and what was typed for it. They win over the edition's.
    pub set: Vec<(String, String)>,
    /// The language where the script does not say one: the project's.
    pub language: Option<String>,
}

/// Gives the parameters of `script` their values and checks every number in it.
///
/// Never fails: all mistakes are added to `diagnostics`, and what could be understood is returned.
pub fn bind(script: &Script, binding: &Binding, diagnostics: &mut Diagnostics) -> Session {
    let breath = breath(script, diagnostics);
    let params = params(script, binding, breath, diagnostics);
    let declared = script.params.iter().map(|param| param.name.value.clone()).collect();
    let mut scope = Scope::new(breath, params, declared, diagnostics);
    let written = script.language.as_ref().map(|language| language.value.clone());
    let language = written.or_else(|| binding.language.clone()).unwrap_or_else(|| "en".to_owned());
    let session = Session {
        wording: wording(script, &language, &mut scope),
        meta: meta(script, language, &mut scope),
        edition: binding.edition.clone(),
        voices: script.voices.clone(),
        length: script.length.as_ref().and_then(|value| scope.spanned_time(value, "length")),
        lead_in: scope.time_or(script.lead_in.as_ref(), "lead_in", Millis::ZERO),
        lead_out: scope.time_or(script.lead_out.as_ref(), "lead_out", Millis::ZERO),
        bed: script.bed.as_ref().and_then(|bed| lower::bed(bed, &mut scope)),
        sections: script.sections.iter().filter_map(|s| lower::section(s, script, &mut scope)).collect(),
        rate: script.rate.as_ref().and_then(|rate| self::rate(rate, &mut scope)),
        channels: script.channels.as_ref().and_then(|channels| self::channels(channels, &mut scope)),
        loudness: script.loudness.as_ref().map_or_else(Loudness::default, |value| scope.loudness(value)),
        params: Vec::new(),
    };
    let params = scope.finish(script);
    Session { params, ..session }
}

fn wording(script: &Script, language: &str, scope: &mut Scope<'_>) -> Wording {
    let mut words = BTreeMap::new();
    for (english, value) in &script.words {
        match &value.value {
            Node::String(text) if text.len() > LONGEST_WORDS => {
                let message = format!("the words for `{}` are too many to be said in a line", english.value);
                let hint = format!("write up to {LONGEST_WORDS} letters");
                scope.report(Diagnostic::error("out-of-range", value.span, message).hint(hint));
            }
            Node::String(text) => {
                words.insert(english.value.clone(), text.clone());
            }
            other => {
                let message = format!("`{}` must be a string, not {}", english.value, other.type_name());
                scope.report(Diagnostic::error("wrong-type", value.span, message));
            }
        }
    }
    Wording::new(language, words)
}

fn meta(script: &Script, language: String, scope: &mut Scope<'_>) -> Meta {
    let text = |field: &Option<Spanned<String>>| field.as_ref().map(|text| text.value.clone());
    let texts = |fields: &[Spanned<String>]| fields.iter().map(|text| text.value.clone()).collect();
    Meta {
        title: text(&script.title).unwrap_or_default(),
        span: script.title.as_ref().map_or(script.span, |title| title.span),
        language,
        author: text(&script.author),
        description: text(&script.description),
        level: text(&script.level),
        date: script.date.clone(),
        cover: script.cover.clone(),
        album: text(&script.album),
        track: script.track.as_ref().and_then(|track| self::track(track, scope)),
        genre: text(&script.genre),
        props: script.props.clone(),
        cautions: texts(&script.cautions),
        tags: texts(&script.tags),
    }
}

/// The number of a track in its series: players show up to three digits.
fn track(track: &Spanned<i64>, scope: &mut Scope<'_>) -> Option<u32> {
    let fitting = u32::try_from(track.value).ok().filter(|number| (1..=999).contains(number));
    if fitting.is_none() {
        let message = format!("`track` is {}, and goes from 1 to 999", track.value);
        scope.report(Diagnostic::error("out-of-range", track.span, message));
    }
    fitting
}

fn rate(rate: &Spanned<i64>, scope: &mut Scope<'_>) -> Option<Spanned<u32>> {
    if RATES.contains(&rate.value) {
        return u32::try_from(rate.value).ok().map(|hz| Spanned::new(hz, rate.span));
    }
    let message = format!(
        "`rate` is {}, and tracks have {} to {} frames a second",
        rate.value,
        RATES.start(),
        RATES.end()
    );
    scope.report(Diagnostic::error("out-of-range", rate.span, message).hint("write `rate = 48000`"));
    None
}

fn channels(channels: &Spanned<String>, scope: &mut Scope<'_>) -> Option<Spanned<ChannelLayout>> {
    let layout = match channels.value.as_str() {
        "mono" => ChannelLayout::Mono,
        "stereo" => ChannelLayout::Stereo,
        _ => {
            scope.unknown("channel layout", channels, &["mono", "stereo"]);
            return None;
        }
    };
    Some(Spanned::new(layout, channels.span))
}

fn breath(script: &Script, diagnostics: &mut Diagnostics) -> Millis {
    let mut scope = Scope::new(BREATH, BTreeMap::new(), BTreeSet::new(), diagnostics);
    let breath = scope.time_or(script.breath.as_ref(), "breath", BREATH);
    if breath >= Millis::from_secs(1) {
        return breath;
    }
    let span = script.breath.as_ref().map_or(script.span, |value| value.span);
    scope.report(
        Diagnostic::error("out-of-range", span, "a breath takes at least a second")
            .hint("write `breath = \"10s\"`"),
    );
    BREATH
}

fn params(
    script: &Script,
    binding: &Binding,
    breath: Millis,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, ParamValue> {
    let mut values = BTreeMap::new();
    for param in &script.params {
        // Read for their mistakes; `fits` reads them again for their values.
        for bound in [&param.min, &param.max].into_iter().flatten() {
            literal(bound, breath, diagnostics);
        }
        let Some(written) = &param.default else { continue };
        let Some(default) = literal(written, breath, diagnostics) else { continue };
        if fits(script, "the default", &param.name, written.span, default, breath, diagnostics) {
            values.insert(param.name.value.clone(), default);
        }
    }
    for edition in &script.editions {
        // All editions are looked at, so that one run finds the mistakes of all of them.
        let chosen = binding.edition.as_deref() == Some(edition.name.value.as_str());
        for (name, value) in &edition.set {
            let Some(read) = literal(value, breath, diagnostics) else { continue };
            let by = format!("edition `{}`", edition.name.value);
            if fits(script, &by, name, value.span, read, breath, diagnostics) && chosen {
                values.insert(name.value.clone(), read);
            }
        }
    }
    for (name, typed) in &binding.set {
        let span = script.params.iter().find(|p| p.name.value == *name).map_or(script.span, |p| p.name.span);
        let read = match typed.parse::<u64>() {
            Ok(number) => Ok(ParamValue::Number(number)),
            Err(_) => time::time(typed, breath).map(ParamValue::Time),
        };
        let name = Spanned::new(name.clone(), span);
        match read {
            Ok(value) => {
                if fits(script, "`--set`", &name, span, value, breath, diagnostics) {
                    values.insert(name.value, value);
                }
            }
            Err(why) => {
                let message = format!("`--set {}={typed}`: {}", name.value, why.message);
                diagnostics.push(Diagnostic::error("malformed", span, message).hint(why.hint));
            }
        }
    }
    values
}

/// Whether a value may be given to the parameter of that name; what is wrong is reported.
fn fits(
    script: &Script,
    by: &str,
    name: &Spanned<String>,
    span: Span,
    value: ParamValue,
    breath: Millis,
    diagnostics: &mut Diagnostics,
) -> bool {
    let Some(param) = script.params.iter().find(|param| param.name.value == name.value) else {
        if diagnostics.is_full() {
            return false;
        }
        let known: Vec<_> = script.params.iter().map(|param| param.name.value.as_str()).collect();
        let hint = (!diagnostics.are_many()).then(|| {
            did_you_mean(&name.value, known.iter().copied()).unwrap_or_else(|| match known.as_slice() {
                [] => "this script has no parameters".to_owned(),
                known => format!("there is: {}", known.join(", ")),
            })
        });
        let message = format!("{by} sets `{}`, which is no parameter", name.value);
        diagnostics.push(Diagnostic::error("unknown-param", name.span, message).maybe_hint(hint));
        return false;
    };
    let mut quiet = Diagnostics::default();
    let mut bound =
        |bound: &Option<Value>| bound.as_ref().and_then(|value| literal(value, breath, &mut quiet));
    let (default, min, max) = (bound(&param.default), bound(&param.min), bound(&param.max));
    let same_type = |other: &ParamValue| std::mem::discriminant(other) == std::mem::discriminant(&value);
    if let Some(default) = default.filter(|default| !same_type(default)) {
        let message = format!("`{}` must be {}", name.value, default.type_name());
        diagnostics.push(Diagnostic::error("wrong-type", span, message));
        return false;
    }
    let beyond = match (min, max) {
        (Some(min), _) if value < min => Some(("less than its min", min, &param.min)),
        (_, Some(max)) if value > max => Some(("more than its max", max, &param.max)),
        _ => None,
    };
    if let Some((how, limit, written)) = beyond {
        let message = format!("{by} makes `{}` {value}, {how} of {limit}", name.value);
        let mut finding = Diagnostic::error("out-of-range", span, message);
        if let Some(written) = written {
            finding = finding.related(written.span, "the limit");
        }
        diagnostics.push(finding);
    }
    beyond.is_none()
}

/// The value of a parameter as written in TOML: a time or a whole number.
fn literal(value: &Value, breath: Millis, diagnostics: &mut Diagnostics) -> Option<ParamValue> {
    let why = match &value.value {
        Node::Integer(number) => match u64::try_from(*number) {
            Ok(number) => return Some(ParamValue::Number(number)),
            Err(_) => Diagnostic::error("out-of-range", value.span, "a parameter cannot be negative"),
        },
        Node::String(text) => match time::time(text, breath) {
            Ok(time) => return Some(ParamValue::Time(time)),
            Err(why) => Diagnostic::error("malformed", value.span, why.message).hint(why.hint),
        },
        other => {
            let message = format!("a parameter is a time or a whole number, not {}", other.type_name());
            Diagnostic::error("wrong-type", value.span, message).hint("write \"10m\" or 5")
        }
    };
    diagnostics.push(why);
    None
}
