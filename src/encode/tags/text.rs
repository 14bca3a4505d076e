//! The texts that every kind of tag has in the same way.

/// The beginning of our program's mark; the version follows.
pub(in crate::encode) const MAKER: &str = "nidra ";

/// The name of the provenance in ID3 (`TXXX`) and in Vorbis comments.
pub(in crate::encode) const PROVENANCE_KEY: &str = "NIDRA";

/// The name and version of this program: `nidra 0.1.0`.
pub(in crate::encode) fn software() -> String {
    format!("{MAKER}{}", env!("CARGO_PKG_VERSION"))
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
    fn a_date_is_a_year_or_a_day() {
        assert_eq!(year_and_day("2026"), Some(("2026", None)));
        assert_eq!(year_and_day("2026-05"), Some(("2026", None)));
        assert_eq!(year_and_day("2026-05-01"), Some(("2026", Some(("05", "01")))));
        assert_eq!(year_and_day("May 2026"), None);
        assert_eq!(year_and_day(""), None);
    }
}
