//! The texts that every kind of tag has in the same way.

use crate::units::Millis;

/// The beginning of our program's mark; the version follows.
pub(super) const MAKER: &str = "nidra ";

/// The name of the provenance in ID3 (`TXXX`) and in Vorbis comments.
pub(super) const KEY: &str = "NIDRA";

/// The name and version of this program: `nidra 0.1.0`.
pub(in crate::encode) fn software() -> String {
    format!("{MAKER}{}", env!("CARGO_PKG_VERSION"))
}

/// `01:02:03.004`, with hours however short it is.
pub(super) fn clock(at: Millis) -> String {
    let (seconds, ms) = (at.0 / 1000, at.0 % 1000);
    format!("{:02}:{:02}:{:02}.{ms:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// The year of a date as scripts give it (`2026`, `2026-05`, `2026-05-01`), and its month and day if both are
/// there, each as digits.
pub(super) fn year_and_day(date: &str) -> Option<(&str, Option<(&str, &str)>)> {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let mut parts = date.trim().split('-');
    let year = parts.next().filter(|year| digits(year, 4))?;
    let month = parts.next().filter(|month| digits(month, 2));
    let day = parts.next().filter(|day| digits(day, 2));
    Some((year, month.zip(day)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_shows_hours_always() {
        assert_eq!(clock(Millis(0)), "00:00:00.000");
        assert_eq!(clock(Millis(3_723_004)), "01:02:03.004");
        assert_eq!(clock(Millis(360_000_000)), "100:00:00.000");
    }

    #[test]
    fn a_date_is_a_year_or_a_day() {
        assert_eq!(year_and_day("2026"), Some(("2026", None)));
        assert_eq!(year_and_day("2026-05"), Some(("2026", None)));
        assert_eq!(year_and_day("2026-05-01"), Some(("2026", Some(("05", "01")))));
        assert_eq!(year_and_day("May 2026"), None);
        assert_eq!(year_and_day(""), None);
    }
}
