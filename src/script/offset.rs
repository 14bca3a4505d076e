//! Offsets in a pass and time checks as authors write them: `"2:30"`, `"-30s"`, `"50%"`, `"1m left"`.

use super::malformed::{Malformed, malformed, mistyped};
use super::time::{decimal_milli, meant, thousandths, time, written};
use crate::diag::{Diagnostic, Hint, Span, nearest, quoted};
use crate::units::Millis;

/// An exact offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// From the start of the pass.
    FromStart(Millis),
    /// Before the end of the pass.
    BeforeEnd(Millis),
    /// A share of the pass in thousandths of a percent.
    Share {
        /// 100,000 is the end.
        millipercent: u64,
    },
}

/// A time check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// At half of the pass.
    Halfway,
    /// That long before its end.
    Left(Millis),
}

/// An offset in a pass: `"2:30"`, `"-30s"`, `"50%"`.
pub(crate) fn at(text: &str, breath: Millis) -> Result<At, Malformed> {
    let trimmed = text.trim();
    if let Some(number) = trimmed.strip_suffix('%') {
        return match decimal_milli(number.trim()) {
            Some(millipercent) if millipercent <= 100_000 => Ok(At::Share { millipercent }),
            _ => malformed(
                format!("`{text}` is not a share of the pass"),
                "write a share from \"0%\" to \"100%\", as in \"50%\"",
            ),
        };
    }
    match trimmed.strip_prefix('-') {
        Some(before_end) => time(before_end, breath).map(At::BeforeEnd).map_err(|why| match why.instead {
            Some(meant) => {
                let meant = format!("-{meant}");
                Malformed { hint: format!("write {}", quoted(&meant)), instead: Some(meant), ..why }
            }
            None => why,
        }),
        None => time(trimmed, breath).map(At::FromStart),
    }
}

/// A time check: `"halfway"`, `"1m left"`.
pub(crate) fn check(text: &str, breath: Millis) -> Result<Check, Malformed> {
    let trimmed = text.trim();
    if trimmed == "halfway" {
        return Ok(Check::Halfway);
    }
    let left = trimmed.strip_suffix("left");
    let message = || format!("`{text}` is not a time check");
    match left.and_then(|length| time(length, breath).ok()) {
        Some(length) if length > Millis::ZERO => return Ok(Check::Left(length)),
        _ => {}
    }
    if nearest(trimmed, ["halfway"]).is_some() {
        return mistyped(message(), "halfway".to_owned());
    }
    match left.and_then(|length| meant(length, breath)) {
        Some(length) if time(&length, breath).is_ok_and(|length| length > Millis::ZERO) => {
            mistyped(message(), format!("{length} left"))
        }
        _ => malformed(message(), "write \"halfway\" or \"1m left\""),
    }
}

/// A number where an offset should be; a negative one is from the end.
pub(super) fn bare_offset(span: Span, typed: &str, breath: Millis) -> Diagnostic {
    let sign = if typed.starts_with('-') { "-" } else { "" };
    let hint = match meant(typed, breath).map(|meant| format!("\"{sign}{meant}\"")) {
        Some(meant) => Hint::from(format!("write `at = {meant}`")).instead(span, meant),
        None => "write `at = \"2:30\"`, `at = \"-30s\"` or `at = \"50%\"`".into(),
    };
    Diagnostic::error("bare-number", span, "`at` must be a string with a unit").hint(hint)
}

/// An offset as `at` reads it.
pub(crate) fn written_at(offset: At) -> String {
    match offset {
        At::FromStart(time) => written(time),
        At::BeforeEnd(time) => format!("-{}", written(time)),
        At::Share { millipercent } => {
            format!("{}%", thousandths(millipercent))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_from_the_start_from_the_end_or_a_share() {
        let breath = Millis(1);
        assert_eq!(at("2:30", breath), Ok(At::FromStart(Millis(150_000))));
        assert_eq!(at("-30s", breath), Ok(At::BeforeEnd(Millis(30_000))));
        assert_eq!(at("50%", breath), Ok(At::Share { millipercent: 50_000 }));
        assert!(at("101%", breath).is_err());
        assert_eq!(check("1m left", breath), Ok(Check::Left(Millis(60_000))));
    }

    #[test]
    fn an_offset_that_is_written_is_read_again() {
        for offset in
            [At::FromStart(Millis(1500)), At::BeforeEnd(Millis(90_001)), At::Share { millipercent: 33_340 }]
        {
            assert_eq!(at(&written_at(offset), Millis(1)), Ok(offset));
        }
    }
}
