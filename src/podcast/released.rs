//! When an episode came out: the `date` of a script as an instant, and as feeds write it.

use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp};

/// RSS writes years with four digits; no podcast is older than the first one.
const FIRST_RELEASE_YEAR: i16 = 2000;

/// An instant, to the second, with the time of day where it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Released {
    // First, so that the order is that of time.
    instant: Timestamp,
    offset_seconds: i32,
}

impl Released {
    /// The instant that `text` names: `2026-05-01`, `2026-05-01 07:30` or `2026-05-01T07:30:00+02:00`.
    ///
    /// A day alone is its noon in UTC, which is the same day for nearly everyone; a time without an offset is
    /// UTC.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        // A month or a year is no day. Jiff reads `20260501` too, which looks like a number.
        let bytes = text.as_bytes();
        if bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
            return None;
        }
        let (local, offset) = if text.len() == "2026-05-01".len() {
            (text.parse::<Date>().ok()?.at(12, 0, 0, 0), Offset::UTC)
        } else if let Ok(instant) = text.parse::<Timestamp>() {
            let offset = offset_of(text)?;
            (offset.to_datetime(instant), offset)
        } else if text.contains(['[', '+']) {
            return None;
        } else {
            (text.parse::<DateTime>().ok()?, Offset::UTC)
        };
        let local = local.with().subsec_nanosecond(0).build().ok()?;
        let instant = offset.to_timestamp(local).ok()?;
        (FIRST_RELEASE_YEAR..=9998)
            .contains(&local.year())
            .then_some(Self { instant, offset_seconds: offset.seconds() })
    }

    /// So many minutes later.
    pub(super) fn later(self, minutes: u32) -> Self {
        let instant = self.instant.checked_add(Span::new().minutes(i64::from(minutes)));
        Self { instant: instant.unwrap_or(self.instant), ..self }
    }

    /// As RFC 2822 has it: `Fri, 1 May 2026 12:00:00 +0000`.
    pub(super) fn rfc2822(self) -> String {
        let offset = Offset::from_seconds(self.offset_seconds).unwrap_or(Offset::UTC);
        let zoned = self.instant.to_zoned(TimeZone::fixed(offset));
        DateTimePrinter::new().zoned_to_string(&zoned).expect("years from 2000 to 9999 have four digits")
    }
}

/// The offset at the end of an instant that jiff has read.
fn offset_of(text: &str) -> Option<Offset> {
    if text.ends_with(['Z', 'z']) {
        return Some(Offset::UTC);
    }
    let parsed = jiff::fmt::temporal::DateTimeParser::new().parse_time_zone(&text[text.rfind(['+', '-'])?..]);
    parsed.ok()?.to_fixed_offset().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(Released::read(text).map(Released::rfc2822).as_deref(), expected, "{text}");
    }

    #[test]
    fn a_day_is_its_noon_and_a_time_is_kept_with_its_offset() {
        check("2026-05-01", Some("Fri, 1 May 2026 12:00:00 +0000"));
        check(" 2026-12-31 ", Some("Thu, 31 Dec 2026 12:00:00 +0000"));
        check("2026-05-01 07:30", Some("Fri, 1 May 2026 07:30:00 +0000"));
        check("2026-05-01T07:30:15.5", Some("Fri, 1 May 2026 07:30:15 +0000"));
        check("2026-05-01T07:30:00Z", Some("Fri, 1 May 2026 07:30:00 +0000"));
        check("2026-05-01T07:30:00+02:00", Some("Fri, 1 May 2026 07:30:00 +0200"));
        check("2026-05-01 00:30-05:30", Some("Fri, 1 May 2026 00:30:00 -0530"));
    }

    #[test]
    fn what_is_no_day_is_no_date() {
        for text in [
            "",
            "2026",
            "2026-05",
            "2026-13-01",
            "2026-02-29",
            "20260501",
            "1 May 2026",
            "01.05.2026",
            "1999-12-31",
        ] {
            check(text, None);
        }
        for text in [
            "2026-05-01T25:00",
            "2026-05-01T07:30-99:00",
            "2026-05-01T07:30[Europe/Berlin]",
            "2026-05-01 morning",
            "2026-05-01-",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn order_is_that_of_time() {
        let read = |text| Released::read(text).unwrap();
        assert!(read("2026-05-01T08:00+02:00") < read("2026-05-01T07:00Z"));
        assert_eq!(read("2026-05-01T07:00:00.5Z"), read("2026-05-01T07:00:00Z"));
        assert!(read("2026-05-01") < read("2026-05-01").later(1));
        assert_eq!(read("2026-05-01").later(61).rfc2822(), "Fri, 1 May 2026 13:01:00 +0000");
    }
}
