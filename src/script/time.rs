//! Times, levels and pitches as authors write them, and as hints do: `"1m30s"`, `"3 breaths"`, `"-6dB"`, `"220Hz"`.
//!
//! Every function gives the value or the reason and a hint; where it was written is the caller's matter.

use super::malformed::{Malformed, malformed, mistyped};
use crate::diag::{Diagnostic, Hint, Span};
use crate::units::{Decibels, Millis, Pitch};

/// No time of a session is longer: 24 hours.
pub(crate) const LONGEST_TIME: Millis = Millis::from_secs(24 * 3600);

/// The hint that shows how times are written.
const SUCH_AS: &str = "write a time such as \"90s\", \"1m30s\", \"1:30\", \"250ms\" or \"3 breaths\"";

/// A length of time; `breath` is the length of one breath.
pub(crate) fn time(text: &str, breath: Millis) -> Result<Millis, Malformed> {
    let trimmed = text.trim();
    match read_time(trimmed, breath) {
        Some(ms) if ms <= LONGEST_TIME.0 => Ok(Millis(ms)),
        Some(_) => malformed(format!("`{text}` is longer than 24 hours"), "split the session"),
        None => {
            let bare = !trimmed.is_empty() && trimmed.chars().all(|c| c.is_ascii_digit() || c == '.');
            let message = format!("`{text}` {}", if bare { "has no unit" } else { "is not a time" });
            match meant(trimmed, breath) {
                Some(meant) if bare => Err(Malformed {
                    message,
                    hint: format!("write \"{trimmed}s\" or \"{trimmed}m\""),
                    instead: Some(meant),
                }),
                Some(meant) => mistyped(message, meant),
                None => malformed(message, SUCH_AS),
            }
        }
    }
}

/// A time in milliseconds, however long it is.
fn read_time(trimmed: &str, breath: Millis) -> Option<u64> {
    if trimmed.contains(':') {
        clock(trimmed)
    } else if let Some(number) = breaths(trimmed) {
        decimal_milli(number)?.checked_mul(breath.0).map(|scaled| scaled.saturating_add(500) / 1000)
    } else {
        units(trimmed)
    }
}

/// The time that is meant by another way to write one: `10`, `-10s`, `2,5s`, `10 sec`, `5 Minutes`, `1:75`.
pub(super) fn meant(text: &str, breath: Millis) -> Option<String> {
    let text = text.trim().trim_start_matches(['-', '+', '\u{2212}']).to_lowercase().replace(',', ".");
    let mut tidy = String::new();
    for word in text.split_inclusive(|c: char| !c.is_alphabetic()) {
        let (letters, rest) = word.split_at(word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len()));
        tidy += match letters {
            "sec" | "secs" | "second" | "seconds" => "s",
            "mins" | "minute" | "minutes" => "m",
            "hr" | "hrs" | "hour" | "hours" => "h",
            "and" => "",
            other => other,
        };
        tidy += rest;
    }
    let unspaced = tidy.replace(' ', "");
    let over = tidy.split_once(':').map(|(minutes, seconds)| format!("{minutes}m{seconds}s"));
    // `1h30` is an hour and thirty minutes, `1m30` and `90` end with seconds.
    let unit = if unspaced.contains('h') && !unspaced.contains('m') { 'm' } else { 's' };
    let readable = [tidy, unspaced.clone(), format!("{unspaced}{unit}"), over.unwrap_or_default()];
    readable.into_iter().find(|text| read_time(text, breath).is_some_and(|ms| ms <= LONGEST_TIME.0))
}

/// A number where a time should be.
pub(super) fn bare_number(span: Span, message: String, typed: &str, breath: Millis) -> Diagnostic {
    let hint = match meant(typed, breath) {
        Some(meant) if meant == format!("{typed}s") => {
            Hint::from(format!("write \"{typed}s\" or \"{typed}m\"")).instead(span, format!("\"{meant}\""))
        }
        Some(meant) => Hint::from(format!("write \"{meant}\"")).instead(span, format!("\"{meant}\"")),
        None => SUCH_AS.into(),
    };
    Diagnostic::error("bare-number", span, message).hint(hint)
}

/// A time as `time` reads it, exact to the millisecond.
pub(crate) fn written(time: Millis) -> String {
    let (hours, minutes, ms) = (time.0 / 3_600_000, time.0 / 60_000 % 60, time.0 % 60_000);
    let mut parts = Vec::new();
    if hours > 0 {
        parts.push(format!("{hours}h"));
    }
    if minutes > 0 {
        parts.push(format!("{minutes}m"));
    }
    if ms > 0 || parts.is_empty() {
        parts.push(format!("{}s", thousandths(ms)));
    }
    parts.join(" ")
}

/// A number of thousandths as a decimal, as in `1.5`.
pub(super) fn thousandths(count: u64) -> String {
    let decimals = format!("{:03}", count % 1000);
    let decimals = decimals.trim_end_matches('0');
    let point = if decimals.is_empty() { "" } else { "." };
    format!("{}{point}{decimals}", count / 1000)
}

/// A change of level: `"-6dB"`.
pub(crate) fn decibels(text: &str) -> Result<Decibels, Malformed> {
    let trimmed = text.trim();
    let number = trimmed.strip_suffix("dB").or_else(|| trimmed.strip_suffix("db"));
    match number.and_then(|n| n.trim().parse::<f64>().ok()) {
        Some(db) if db.is_finite() && db.abs() <= 120.0 => Ok(Decibels(db)),
        Some(db) => Err(Malformed {
            message: format!("`{text}` is beyond any sound"),
            hint: "write a level from \"-120dB\" to \"120dB\"".to_owned(),
            instead: (!db.is_nan()).then(|| if db < 0.0 { "-120dB" } else { "120dB" }.to_owned()),
        }),
        None if trimmed.parse::<f64>().is_ok_and(|db| db.is_finite() && db.abs() <= 120.0) => {
            mistyped(format!("`{text}` has no unit"), format!("{trimmed}dB"))
        }
        None => malformed(format!("`{text}` is not a level"), "write a level such as \"-6dB\""),
    }
}

/// A pitch: `"220Hz"`, between 20 Hz and 8 kHz.
pub(crate) fn pitch(text: &str) -> Result<Pitch, Malformed> {
    let trimmed = text.trim();
    let number = trimmed.strip_suffix("Hz").or_else(|| trimmed.strip_suffix("hz"));
    let message = format!("`{text}` is not a pitch");
    let hint = "write a pitch from \"20Hz\" to \"8000Hz\"".to_owned();
    match number.and_then(|n| decimal_milli(n.trim())) {
        Some(milli @ 20_000..=8_000_000) => Ok(Pitch { millihertz: milli as u32 }),
        Some(milli) => {
            let nearest = if milli < 20_000 { "20Hz" } else { "8000Hz" };
            Err(Malformed { message, hint, instead: Some(nearest.to_owned()) })
        }
        None => malformed(message, hint),
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
pub(super) fn decimal_milli(text: &str) -> Option<u64> {
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
    fn what_is_meant_by_another_way_to_write_a_time_is_told() {
        for (text, expected) in [
            ("10", Some("10s")),
            ("-10s", Some("10s")),
            ("2,5s", Some("2.5s")),
            ("10 sec", Some("10s")),
            ("5 Minutes", Some("5m")),
            ("1 hour 30 minutes", Some("1h30m")),
            ("1h30", Some("1h30m")),
            ("1m30", Some("1m30s")),
            ("1:75", Some("1m75s")),
            ("five", None),
            ("999999999", None),
        ] {
            let told = time(text, Millis(10_000)).unwrap_err();
            assert_eq!(told.instead.as_deref(), expected, "{text}");
            assert!(told.instead.is_none_or(|instead| time(&instead, Millis(10_000)).is_ok()), "{text}");
        }
    }

    #[test]
    fn a_time_that_is_written_is_read_again() {
        for ms in [0, 7, 1000, 26_784, 60_000, 90_500, 207_000, 3_600_000, 3_723_004, 86_400_000] {
            assert_eq!(time(&written(Millis(ms)), Millis(1)), Ok(Millis(ms)), "{}", written(Millis(ms)));
        }
    }

    #[test]
    fn a_bare_number_gets_a_hint_that_can_be_typed() {
        assert_eq!(time("10", Millis(1)).unwrap_err().hint, "write \"10s\" or \"10m\"");
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
