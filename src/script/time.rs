//! Times, levels and pitches as authors write them: `"1m30s"`, `"3 breaths"`, `"-6dB"`, `"220Hz"`.
//!
//! Every function gives the value or the reason and a hint; where it was written is the caller's matter.

use super::model::{At, Check};
use crate::units::{Decibels, Millis, Pitch};

/// Why a text is no time or level: what to say, and what to type instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) message: String,
    pub(crate) hint: String,
}

pub(super) fn malformed<T>(message: String, hint: impl Into<String>) -> Result<T, Malformed> {
    Err(Malformed { message, hint: hint.into() })
}

/// No time of a session is longer: 24 hours.
const LONGEST: Millis = Millis::from_secs(24 * 3600);

/// A length of time; `breath` is the length of one breath.
pub(crate) fn time(text: &str, breath: Millis) -> Result<Millis, Malformed> {
    let trimmed = text.trim();
    let read = if trimmed.contains(':') {
        clock(trimmed)
    } else if let Some(number) = breaths(trimmed) {
        decimal_milli(number).map(|milli| (breath.0 * milli + 500) / 1000)
    } else {
        units(trimmed)
    };
    match read {
        Some(ms) if ms <= LONGEST.0 => Ok(Millis(ms)),
        Some(_) => malformed(format!("`{text}` is longer than 24 hours"), "split the session"),
        None if !trimmed.is_empty() && trimmed.chars().all(|c| c.is_ascii_digit() || c == '.') => {
            malformed(format!("`{text}` has no unit"), format!("write \"{trimmed}s\" or \"{trimmed}m\""))
        }
        None => malformed(
            format!("`{text}` is not a time"),
            "write a time such as \"90s\", \"1m30s\", \"1:30\", \"250ms\" or \"3 breaths\"",
        ),
    }
}

/// An offset in a pass: `"2:30"`, `"-30s"`, `"50%"`.
pub(crate) fn at(text: &str, breath: Millis) -> Result<At, Malformed> {
    let trimmed = text.trim();
    if let Some(number) = trimmed.strip_suffix('%') {
        return match decimal_milli(number.trim()) {
            Some(millipercent) if millipercent <= 100_000 => Ok(At::Share { millipercent }),
            _ => malformed(format!("`{text}` is not a share of the pass"), "write \"0%\" to \"100%\""),
        };
    }
    match trimmed.strip_prefix('-') {
        Some(before_end) => time(before_end, breath).map(At::BeforeEnd),
        None => time(trimmed, breath).map(At::FromStart),
    }
}

/// A time check: `"halfway"`, `"1m left"`.
pub(crate) fn check(text: &str, breath: Millis) -> Result<Check, Malformed> {
    let trimmed = text.trim();
    if trimmed == "halfway" {
        return Ok(Check::Halfway);
    }
    let left = trimmed.strip_suffix("left").and_then(|length| time(length, breath).ok());
    match left {
        Some(length) if length > Millis::ZERO => Ok(Check::Left(length)),
        _ => malformed(format!("`{text}` is not a time check"), "write \"halfway\" or \"1m left\""),
    }
}

/// A change of level: `"-6dB"`.
pub(crate) fn decibels(text: &str) -> Result<Decibels, Malformed> {
    let trimmed = text.trim();
    let number = trimmed.strip_suffix("dB").or_else(|| trimmed.strip_suffix("db"));
    match number.and_then(|n| n.trim().parse::<f64>().ok()) {
        Some(db) if db.is_finite() && db.abs() <= 120.0 => Ok(Decibels(db)),
        Some(_) => {
            malformed(format!("`{text}` is beyond any sound"), "write a level from \"-120dB\" to \"120dB\"")
        }
        None if trimmed.parse::<f64>().is_ok() => {
            malformed(format!("`{text}` has no unit"), format!("write \"{trimmed}dB\""))
        }
        None => malformed(format!("`{text}` is not a level"), "write a level such as \"-6dB\""),
    }
}

/// A pitch: `"220Hz"`, between 20 Hz and 8 kHz.
pub(crate) fn pitch(text: &str) -> Result<Pitch, Malformed> {
    let trimmed = text.trim();
    let number = trimmed.strip_suffix("Hz").or_else(|| trimmed.strip_suffix("hz"));
    match number.and_then(|n| decimal_milli(n.trim())).and_then(|milli| u32::try_from(milli).ok()) {
        Some(millihertz) if (20_000..=8_000_000).contains(&millihertz) => Ok(Pitch { millihertz }),
        _ => malformed(format!("`{text}` is not a pitch"), "write a pitch from \"20Hz\" to \"8000Hz\""),
    }
}

fn breaths(text: &str) -> Option<&str> {
    text.strip_suffix("breaths").or_else(|| text.strip_suffix("breath")).map(str::trim_end)
}

/// `M:SS`, `H:MM:SS`, seconds with up to three decimals.
fn clock(text: &str) -> Option<u64> {
    let parts: Vec<&str> = text.split(':').collect();
    let (seconds, larger) = parts.split_last()?;
    let whole = |part: &&str| part.parse::<u64>().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit()));
    let minutes = match larger {
        [m] => whole(m)?,
        [h, m] => whole(h)?.checked_mul(60)?.checked_add(whole(m).filter(|m| *m < 60)?)?,
        _ => return None,
    };
    let two_digits = seconds.split('.').next().is_some_and(|whole| whole.len() == 2);
    let ms = decimal_milli(seconds).filter(|ms| *ms < 60_000 && two_digits)?;
    minutes.checked_mul(60_000)?.checked_add(ms)
}

/// A row of numbers with units, large units first: `1h30m`, `1m 30s`, `2.5s`, `250ms`.
fn units(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total: u64 = 0;
    let mut last_unit = u64::MAX;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let unit = match unit {
            "h" => 3_600_000,
            "m" | "min" => 60_000,
            "s" => 1000,
            "ms" => 1,
            _ => return None,
        };
        if unit >= last_unit {
            return None;
        }
        // `number` has up to three decimals, so `milli` is exact; what is finer than a millisecond is refused.
        let scaled = decimal_milli(number)?.checked_mul(unit)?;
        if scaled % 1000 != 0 {
            return None;
        }
        total = total.checked_add(scaled / 1000)?;
        last_unit = unit;
        rest = tail.trim_start();
    }
    (last_unit != u64::MAX).then_some(total)
}

/// A decimal number without sign in thousandths; at most three decimals.
fn decimal_milli(text: &str) -> Option<u64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(decimals) || decimals.len() > 3 {
        return None;
    }
    if text.contains('.') && decimals.is_empty() {
        return None;
    }
    let thousandths = format!("{decimals:0<3}").parse::<u64>().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_time(text: &str, ms: Option<u64>) {
        assert_eq!(time(text, Millis(10_000)).ok(), ms.map(Millis), "{text}");
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        check_time("90s", Some(90_000));
        check_time("1m30s", Some(90_000));
        check_time("1m 30s", Some(90_000));
        check_time("1:30", Some(90_000));
        check_time("1:02:03", Some(3_723_000));
        check_time("0:00.250", Some(250));
        check_time("250ms", Some(250));
        check_time("2.5s", Some(2500));
        check_time("1h", Some(3_600_000));
        check_time("3 breaths", Some(30_000));
        check_time("1 breath", Some(10_000));
        check_time("0s", Some(0));
    }

    #[test]
    fn what_is_not_a_time_is_refused() {
        for text in [
            "", "10", "s", "-5s", "1.2345s", "0.5ms", "30s1m", "1:5", "1:60", "1:99:00", "five", "5x", "1e3s",
        ] {
            check_time(text, None);
        }
        check_time("99999999999999999999h", None);
        check_time("25h", None);
    }

    #[test]
    fn a_bare_number_gets_a_hint_that_can_be_typed() {
        assert_eq!(time("10", Millis(1)).unwrap_err().hint, "write \"10s\" or \"10m\"");
    }

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
    fn levels_need_their_unit() {
        assert_eq!(decibels("-6dB"), Ok(Decibels(-6.0)));
        assert_eq!(decibels("-6 dB"), Ok(Decibels(-6.0)));
        assert_eq!(decibels("-6").unwrap_err().hint, "write \"-6dB\"");
        assert!(decibels("NaNdB").is_err());
        assert_eq!(pitch("220Hz"), Ok(Pitch { millihertz: 220_000 }));
    }
}
