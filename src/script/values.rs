//! The values of parameters: their defaults, an edition's, the command line's, each held against its bounds.
//!
//! Part of [`bind()`](super::bind()). Must not know what a parameter is used for.

use std::collections::BTreeMap;

use super::as_written::{RawParam, Script};
use super::params::{Giver, ParamValue};
use super::time;
use crate::diag::{Diagnostic, Diagnostics, Hint, Span, Spanned, nearest, quoted};
use crate::document::{Node, Value};
use crate::units::Millis;

/// The track of a script that is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Binding {
    /// The edition, by name.
    pub edition: Option<String>,
    /// Parameters given from outside, as `name` and what was typed for it. They win over the edition's.
    pub set: Vec<(String, String)>,
    /// The language where the script does not say one: the project's.
    pub language: Option<String>,
}

/// The values of the parameters, and who gave them; mistakes are reported.
pub(super) fn params(
    script: &Script,
    binding: &Binding,
    breath: Millis,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, (ParamValue, Giver)> {
    let mut values = BTreeMap::new();
    for param in &script.params {
        // Read for their mistakes; `fits` reads them again for their values.
        for bound in [&param.min, &param.max].into_iter().flatten() {
            let mut found = Diagnostics::default();
            if literal(bound, breath, &mut found).is_none() {
                diagnostics.extend(
                    found.into_iter().map(|diagnostic| like_default(diagnostic, param, bound, breath)),
                );
            }
        }
        let meant = bounds_in_order(param, breath, diagnostics);
        let Some(written) = &param.default else { continue };
        if let Some(meant) = meant {
            values.insert(param.name.value.clone(), (meant, Giver::Default(written.span)));
            continue;
        }
        let Some(default) = literal(written, breath, diagnostics) else { continue };
        let giver = Giver::Default(written.span);
        if fits(script, &giver, &param.name, written.span, default, breath, diagnostics) {
            values.insert(param.name.value.clone(), (default, giver));
        }
    }
    for edition in &script.editions {
        // All editions are looked at, so that one run finds the mistakes of all of them.
        let chosen = binding.edition.as_deref() == Some(edition.name.value.as_str());
        for (name, value) in &edition.set {
            let Some(read) = literal(value, breath, diagnostics) else { continue };
            let giver = Giver::Edition(edition.name.value.clone(), value.span);
            if fits(script, &giver, name, value.span, read, breath, diagnostics) && chosen {
                values.insert(name.value.clone(), (read, giver));
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
                if fits(script, &Giver::CommandLine, &name, span, value, breath, diagnostics) {
                    values.insert(name.value, (value, Giver::CommandLine));
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

/// True if a value may be given to the parameter of that name; what is wrong is reported.
fn fits(
    script: &Script,
    giver: &Giver,
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
        let hint = match (nearest(&name.value, known.iter().copied()), known.as_slice()) {
            (Some(meant), _) => {
                let hint = Hint::from(format!("did you mean `{meant}`?"));
                if *giver == Giver::CommandLine { hint } else { hint.instead(name.span, meant) }
            }
            (None, []) => "this script has no parameters".into(),
            (None, known) => format!("there is: {}", known.join(", ")).into(),
        };
        let by = giver.name();
        let message = format!("{by} sets `{}`, which is no parameter", name.value);
        diagnostics.push(Diagnostic::error("unknown-param", name.span, message).hint(hint));
        return false;
    };
    let mut quiet = Diagnostics::default();
    let mut bound =
        |bound: &Option<Value>| bound.as_ref().and_then(|value| literal(value, breath, &mut quiet));
    let (default, min, max) = (bound(&param.default), bound(&param.min), bound(&param.max));
    if let Some(default) = default.filter(|default| !same_type(*default, value)) {
        let message = format!("`{}` must be {}", name.value, default.type_name());
        diagnostics.push(Diagnostic::error("wrong-type", span, message).maybe_hint(of_type(
            default,
            value,
            giver,
            &name.value,
            span,
            breath,
        )));
        return false;
    }
    // Of another type than the value, a bound is told once, where the default is.
    let is_bound = |bound: &ParamValue| same_type(*bound, value);
    let beyond = match (min.filter(is_bound), max.filter(is_bound)) {
        // No value is between them, and that has been told.
        (Some(min), Some(max)) if min > max => None,
        (Some(min), _) if value < min => Some(("less than its min", min, &param.min)),
        (_, Some(max)) if value > max => Some(("more than its max", max, &param.max)),
        _ => None,
    };
    if let Some((how, limit, written)) = beyond {
        let message = format!("{} makes `{}` {value}, {how} of {limit}", giver.name(), name.value);
        let hint = write_param(giver, &name.value, span, &limit.written());
        let mut diagnostic = Diagnostic::error("out-of-range", span, message).hint(hint);
        if let Some(written) = written {
            diagnostic = diagnostic.related(written.span, "the limit");
        }
        diagnostics.push(diagnostic);
    }
    beyond.is_none()
}

fn same_type(one: ParamValue, other: ParamValue) -> bool {
    std::mem::discriminant(&one) == std::mem::discriminant(&other)
}

/// Reports a `min` above the `max`, and bounds that are no such value as the default; then gives what the default is
/// likely to mean.
fn bounds_in_order(param: &RawParam, breath: Millis, diagnostics: &mut Diagnostics) -> Option<ParamValue> {
    let mut quiet = Diagnostics::default();
    let mut read = |bound| literal(bound, breath, &mut quiet);
    if let Some(default) = &param.default
        && let Some(value) = read(default)
        && let Some((bound, other)) = [&param.min, &param.max]
            .into_iter()
            .flatten()
            .find_map(|bound| Some((bound, read(bound).filter(|other| !same_type(*other, value))?)))
    {
        let name = &param.name.value;
        let message =
            format!("the default of `{name}` is {}, and its bound {}", value.type_name(), other.type_name());
        let diagnostic =
            Diagnostic::error("wrong-type", default.span, message).related(bound.span, "the bound");
        let hint = match (value, other) {
            (ParamValue::Number(number), ParamValue::Time(_)) => {
                let minutes = quoted(&format!("{number}m"));
                Hint::from(format!("write {minutes} for minutes")).instead(default.span, &minutes)
            }
            _ => "write both as times, as in \"10m\", or both as numbers".into(),
        };
        diagnostics.push(diagnostic.hint(hint));
        return Some(match value {
            ParamValue::Number(minutes) => ParamValue::Time(Millis::from_secs(minutes.saturating_mul(60))),
            ParamValue::Time(_) => value,
        });
    }
    let (Some(min), Some(max)) = (&param.min, &param.max) else { return None };
    let (Some(least), Some(most)) = (read(min), read(max)) else { return None };
    if same_type(least, most) && least > most {
        let message = format!("the `max` of `{}` is below its `min`, {least}", param.name.value);
        let hint = format!("write a `max` of {} or more, or a smaller `min`", least.written());
        let diagnostic = Diagnostic::error("out-of-range", max.span, message).related(min.span, "the `min`");
        diagnostics.push(diagnostic.hint(hint));
    }
    None
}

/// The advice to give a parameter another value; a command line is no text that can be changed.
fn write_param(giver: &Giver, name: &str, span: Span, value: &str) -> Hint {
    match giver {
        Giver::CommandLine => format!("type `--set {name}={}`", value.replace(['"', ' '], "")).into(),
        Giver::Default(_) => Hint::from(format!("write `default = {value}`")).instead(span, value),
        Giver::Edition(..) => Hint::from(format!("write `{name} = {value}`")).instead(span, value),
    }
}

/// A diagnostic about a bound without a unit: it is likely to have that of the default.
fn like_default(diagnostic: Diagnostic, param: &RawParam, bound: &Value, breath: Millis) -> Diagnostic {
    let default =
        param.default.as_ref().and_then(|value| literal(value, breath, &mut Diagnostics::default()));
    let (Some(ParamValue::Time(default)), Node::String(text)) = (default, &bound.value) else {
        return diagnostic;
    };
    let meant = format!("{}{}", text.trim(), unit_of(default));
    if diagnostic.id != "malformed"
        || !text.trim().ends_with(|c: char| c.is_ascii_digit())
        || time::time(&meant, breath).is_err()
    {
        return diagnostic;
    }
    let hint = Hint::from(format!("write \"{meant}\"")).instead(bound.span, format!("\"{meant}\""));
    Diagnostic { hints: vec![hint], ..diagnostic }
}

/// The unit that a time is likely written in: minutes, if it is a whole number of them.
fn unit_of(time: Millis) -> &'static str {
    if time.0 > 0 && time.0.is_multiple_of(60_000) { "m" } else { "s" }
}

/// The advice to give a parameter a value of its type, if one is meant.
fn of_type(
    default: ParamValue,
    value: ParamValue,
    giver: &Giver,
    name: &str,
    span: Span,
    breath: Millis,
) -> Option<Hint> {
    let (ParamValue::Time(default), ParamValue::Number(number)) = (default, value) else { return None };
    let meant = format!("{number}{}", unit_of(default));
    time::time(&meant, breath).ok().map(|_| write_param(giver, name, span, &format!("\"{meant}\"")))
}

/// The value of a parameter as written in TOML: a time or a whole number.
pub(super) fn literal(value: &Value, breath: Millis, diagnostics: &mut Diagnostics) -> Option<ParamValue> {
    let why = match &value.value {
        Node::Integer(number) => match u64::try_from(*number) {
            Ok(number) => return Some(ParamValue::Number(number)),
            Err(_) => {
                let positive = number.unsigned_abs().to_string();
                let hint = Hint::from(format!("write {positive}")).instead(value.span, positive);
                Diagnostic::error("out-of-range", value.span, "a parameter cannot be negative").hint(hint)
            }
        },
        Node::String(text) => match time::time(text, breath) {
            Ok(time) => return Some(ParamValue::Time(time)),
            Err(why) => why.at(value.span),
        },
        other => {
            let message = format!("a parameter is a time or a whole number, not {}", other.type_name());
            let hint = Hint::from("write \"10m\" or 5").instead(value.span, "\"10m\"");
            Diagnostic::error("wrong-type", value.span, message).hint(hint)
        }
    };
    diagnostics.push(why);
    None
}
