//! The loudness of a track, as scripts, projects and command lines say it.

use super::malformed::{Malformed, malformed, mistyped};
use crate::diag::{Diagnostic, Diagnostics, Hint, Spanned, nearest};
use crate::document::{Fields, Node, Value};
use crate::units::{Dbtp, Lufs, Preset};

/// Loudness as far as one place says it; what is not said comes from the place that holds next.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loudness {
    /// The purpose of the track.
    pub preset: Option<Preset>,
    /// The loudness of the voice, as it is measured in the file.
    pub target: Option<Lufs>,
    /// The highest true peak.
    pub ceiling: Option<Dbtp>,
}

/// Softer, speech is lost in the noise of any player; louder, the limiter would work without a rest.
const TARGETS: std::ops::RangeInclusive<f64> = -40.0..=-8.0;

/// Over 0 dBTP players clip; a ceiling much lower is a level, not a ceiling.
const CEILINGS: std::ops::RangeInclusive<f64> = -20.0..=0.0;

impl Loudness {
    /// Reads `loudness = "sleep"`, `loudness = "-18LUFS"`, or a table of both with a ceiling.
    pub fn read(value: &Value, diagnostics: &mut Diagnostics) -> Self {
        match &value.value {
            Node::String(text) => {
                let text = Spanned::new(text.clone(), value.span);
                kept(Some(text), word, diagnostics).unwrap_or_default()
            }
            Node::Table(table) => {
                let mut fields = Fields::new(table, "loudness", diagnostics);
                let [named, aim, limit] = ["preset", "target", "ceiling"].map(|key| fields.string(key));
                fields.finish();
                Self {
                    preset: kept(named, preset, diagnostics),
                    target: kept(aim, target, diagnostics),
                    ceiling: kept(limit, ceiling, diagnostics),
                }
            }
            other => {
                let message = format!("`loudness` must be a string or a table, not {}", other.type_name());
                let diagnostic = Diagnostic::error("wrong-type", value.span, message);
                let hint = Hint::from("write `loudness = \"podcast\"` or `loudness = \"-16LUFS\"`");
                diagnostics.push(diagnostic.hint(hint.instead(value.span, "\"podcast\"")));
                Self::default()
            }
        }
    }

    /// A preset or a target as it is typed on a command line: `podcast`, `-16LUFS`.
    ///
    /// # Errors
    /// What is wrong with it, and what to type instead.
    pub fn typed(text: &str) -> Result<Self, String> {
        word(text).map_err(|why| format!("{}; {}", why.message, why.hint))
    }
}

/// A ceiling as it is typed on a command line: `-1dBTP`.
///
/// # Errors
/// What is wrong with it, and what to type instead.
pub fn parse_ceiling(text: &str) -> Result<Dbtp, String> {
    ceiling(text).map_err(|why| format!("{}; {}", why.message, why.hint))
}

/// Returns what could be read; what could not is reported.
fn kept<T>(
    text: Option<Spanned<String>>,
    read: impl Fn(&str) -> Result<T, Malformed>,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    let text = text?;
    read(&text.value).map_err(|why| diagnostics.push(why.at(text.span))).ok()
}

fn word(text: &str) -> Result<Loudness, Malformed> {
    if text.contains(|c: char| c.is_ascii_digit()) {
        return Ok(Loudness { target: Some(target(text)?), ..Loudness::default() });
    }
    Ok(Loudness { preset: Some(preset(text)?), ..Loudness::default() })
}

fn preset(text: &str) -> Result<Preset, Malformed> {
    let found = Preset::ALL.into_iter().find(|preset| preset.name() == text.trim());
    let names = Preset::ALL.map(Preset::name);
    let message = format!("`{text}` is no loudness");
    match (found, nearest(text, names)) {
        (Some(found), _) => Ok(found),
        (None, Some(name)) => Err(Malformed {
            message,
            hint: format!("did you mean `{name}`?"),
            instead: Some(name.to_owned()),
        }),
        (None, None) => {
            malformed(message, format!("write one of: {}, or a level such as \"-16LUFS\"", names.join(", ")))
        }
    }
}

fn target(text: &str) -> Result<Lufs, Malformed> {
    let lufs = number(text, "LUFS", "-16LUFS", TARGETS)?;
    if TARGETS.contains(&lufs) {
        return Ok(Lufs(lufs));
    }
    Err(Malformed {
        message: format!("`{text}` is no loudness for speech"),
        hint: "write a loudness from \"-40LUFS\" to \"-8LUFS\"".to_owned(),
        instead: Some(if lufs < *TARGETS.start() { "-40LUFS" } else { "-8LUFS" }.to_owned()),
    })
}

fn ceiling(text: &str) -> Result<Dbtp, Malformed> {
    let dbtp = number(text, "dBTP", "-1.5dBTP", CEILINGS)?;
    if CEILINGS.contains(&dbtp) {
        return Ok(Dbtp(dbtp));
    }
    Err(Malformed {
        message: format!("`{text}` is no ceiling"),
        hint: "write a ceiling from \"-20dBTP\" to \"0dBTP\"".to_owned(),
        instead: Some(if dbtp < *CEILINGS.start() { "-20dBTP" } else { "0dBTP" }.to_owned()),
    })
}

/// A number with that unit, whatever its case.
fn number(
    text: &str,
    unit: &str,
    example: &str,
    range: std::ops::RangeInclusive<f64>,
) -> Result<f64, Malformed> {
    let trimmed = text.trim();
    let at = trimmed.len().checked_sub(unit.len()).filter(|at| trimmed.is_char_boundary(*at));
    let split = at.map(|at| trimmed.split_at(at)).filter(|(_, end)| end.eq_ignore_ascii_case(unit));
    match split.and_then(|(number, _)| number.trim().parse::<f64>().ok()).filter(|number| number.is_finite())
    {
        Some(number) => Ok(number),
        None if trimmed.parse().is_ok_and(|number| range.contains(&number)) => {
            mistyped(format!("`{text}` has no unit"), format!("{trimmed}{unit}"))
        }
        None => {
            malformed(format!("`{text}` is not in {unit}"), format!("write a level such as \"{example}\""))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preset_or_a_level_is_loudness() {
        assert_eq!(Loudness::typed("sleep").unwrap().preset, Some(Preset::Sleep));
        assert_eq!(Loudness::typed("-18 lufs").unwrap().target, Some(Lufs(-18.0)));
        assert_eq!(parse_ceiling("-1.5dBTP"), Ok(Dbtp(-1.5)));
    }

    #[track_caller]
    fn check(text: &str, hint: &str) {
        let error = Loudness::typed(text).unwrap_err();
        assert!(error.ends_with(hint), "{error}");
    }

    #[test]
    fn what_is_wrong_has_a_hint_that_can_be_typed() {
        check("-16", "write \"-16LUFS\"");
        check("podcst", "did you mean `podcast`?");
        check("-60LUFS", "write a loudness from \"-40LUFS\" to \"-8LUFS\"");
        check("-16dB", "write a level such as \"-16LUFS\"");
        assert!(parse_ceiling("3dBTP").is_err());
    }
}
