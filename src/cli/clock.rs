//! The clock on the wall: times of day as people type them, the moments they mean, and moments as people read them.
//!
//! The only place that knows what time it is. What a time means depends on the time zone, which is a value here, so
//! that nights with an hour more or less can be tested.

use jiff::civil::Time;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

use crate::playback::control::WallTime;
use crate::units::Millis;

/// The shortest step of what is typed. A time has come while a clock shows it.
const MINUTE: Millis = Millis::from_secs(60);

/// A time of the day, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeOfDay(Time);

impl TimeOfDay {
    /// Reads `07:30`, `7:30`, `19:30`, `0730`, `7:30pm` or `7pm`.
    ///
    /// # Errors
    /// What is wrong with it, and what to type instead.
    pub(crate) fn parse(typed: &str) -> Result<Self, String> {
        read(typed).map(Self).ok_or_else(|| {
            format!("`{}` is no time of day; write one as in 7:30, 19:30 or 7:30pm", typed.trim())
        })
    }
}

/// A clock on a wall somewhere.
#[derive(Clone, Debug)]
pub(crate) struct WallClock(TimeZone);

impl WallClock {
    /// The clock of this machine.
    pub(crate) fn here() -> Self {
        Self(TimeZone::system())
    }

    /// The clock of Greenwich.
    #[cfg(test)]
    pub(crate) fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// Now: milliseconds of Unix time. It jumps when the clock is set.
    pub(crate) fn now() -> WallTime {
        moment(Timestamp::now())
    }

    /// The next moment at which a clock shows that time. In the minute in which it shows it, that is the start of the
    /// minute, so that a listener who is woken at 6:30 and waits until 6:30 does not wait for a day.
    ///
    /// In a night with an hour twice that is the one that comes next; in a night without that hour it is as much
    /// later as the clocks are put forward.
    pub(crate) fn next(&self, TimeOfDay(time): TimeOfDay, now: WallTime) -> WallTime {
        let today = instant(now).to_zoned(self.0.clone()).date();
        let days = (0..=2).filter_map(|days| today.checked_add(days.days()).ok());
        let moments = days.flat_map(|day| {
            let there = self.0.to_ambiguous_timestamp(day.to_datetime(time));
            match there.offset() {
                AmbiguousOffset::Fold { .. } => vec![there.earlier(), there.later()],
                _ => vec![there.compatible()],
            }
        });
        let come = |moment: &WallTime| moment.0 + MINUTE > now.0;
        // A day after tomorrow always has some of the future in it.
        moments.flatten().map(moment).find(come).unwrap_or(now)
    }

    /// A moment as people read it: `7:30`, `19:30`.
    pub(crate) fn show(&self, at: WallTime) -> String {
        let there = instant(at).to_zoned(self.0.clone());
        format!("{}:{:02}", there.hour(), there.minute())
    }
}

/// Returns the time that the machine has been up, also while it slept; it never goes back, and setting the clock does
/// not matter.
#[cfg(target_os = "linux")]
pub(crate) fn uptime() -> Millis {
    read_clock(rustix::time::ClockId::Boottime)
}

/// Returns the part of [`uptime`] in which it was asleep: Linux's monotonic clock stands still then (man 2
/// `clock_gettime`). A caller that is kept from the second clock gets less, never more.
#[cfg(target_os = "linux")]
pub(crate) fn asleep() -> Millis {
    let up = uptime();
    Millis(up.0.saturating_sub(read_clock(rustix::time::ClockId::Monotonic).0))
}

#[cfg(target_os = "linux")]
fn read_clock(clock: rustix::time::ClockId) -> Millis {
    let now = rustix::time::clock_gettime(clock);
    Millis(u64::try_from(now.tv_sec * 1000 + now.tv_nsec / 1_000_000).unwrap_or(0))
}

/// Elsewhere nothing is known of it.
#[cfg(not(target_os = "linux"))]
pub(crate) fn asleep() -> Millis {
    Millis::ZERO
}

/// Returns the time since its first call. Whether the time of a sleep is in it depends on the system.
#[cfg(not(target_os = "linux"))]
#[allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is where the program has its clock"
)]
pub(crate) fn uptime() -> Millis {
    static FIRST: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    let first = FIRST.get_or_init(std::time::Instant::now);
    Millis(u64::try_from(first.elapsed().as_millis()).unwrap_or(u64::MAX))
}

fn instant(WallTime(Millis(ms)): WallTime) -> Timestamp {
    i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).unwrap_or(Timestamp::MAX)
}

fn moment(instant: Timestamp) -> WallTime {
    WallTime(Millis(u64::try_from(instant.as_millisecond()).unwrap_or(0)))
}

fn read(typed: &str) -> Option<Time> {
    let typed = typed.trim().to_ascii_lowercase();
    let half = |ending| typed.strip_suffix(ending).map(str::trim_end);
    let (digits, noon) = match (half("am"), half("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        _ => (typed.as_str(), None),
    };
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((hour, minute)) => (hour, minute),
        None if noon.is_some() && digits.len() <= 2 => (digits, "00"),
        None if digits.is_ascii() && digits.len() >= 3 => digits.split_at(digits.len() - 2),
        None => return None,
    };
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i8>().ok())?;
    let (hour, minute) =
        (number(hour).filter(|_| hour.len() <= 2)?, number(minute).filter(|_| minute.len() == 2)?);
    let hour = match noon {
        Some(noon) if (1..=12).contains(&hour) => hour % 12 + noon,
        Some(_) => return None,
        None => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where clocks go forward at 2:00 of the last Sunday of March, and back at 3:00 of that of October.
    fn berlin() -> WallClock {
        WallClock(TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap())
    }

    #[track_caller]
    fn check_read(typed: &str, expected: Option<(i8, i8)>) {
        let expected = expected.map(|(hour, minute)| TimeOfDay(Time::constant(hour, minute, 0, 0)));
        assert_eq!(TimeOfDay::parse(typed).ok(), expected, "{typed}");
    }

    #[test]
    fn times_of_day_are_read_as_people_write_them() {
        check_read("07:30", Some((7, 30)));
        check_read(" 7:30 ", Some((7, 30)));
        check_read("19:30", Some((19, 30)));
        check_read("7.30", Some((7, 30)));
        check_read("0730", Some((7, 30)));
        check_read("730", Some((7, 30)));
        check_read("7:30pm", Some((19, 30)));
        check_read("7:30 PM", Some((19, 30)));
        check_read("7pm", Some((19, 0)));
        check_read("12am", Some((0, 0)));
        check_read("12:05pm", Some((12, 5)));
        check_read("0:00", Some((0, 0)));
        check_read("23:59", Some((23, 59)));
    }

    #[test]
    fn what_is_no_time_of_day_is_refused() {
        for typed in [
            "", "7", "19", "24:00", "7:60", "7:3", "13pm", "0am", "pm", ":30", "7:", "-7:30", "+7:30",
            "007:30", "7:30:00", "noon", "5m", "é30", "٧:٣٠",
        ] {
            check_read(typed, None);
        }
        let said = TimeOfDay::parse("seven").unwrap_err();
        assert_eq!(said, "`seven` is no time of day; write one as in 7:30, 19:30 or 7:30pm");
    }

    #[track_caller]
    fn check_next(clock: &WallClock, now: &str, typed: &str, expected: &str) {
        let at = |text: &str| moment(text.parse().unwrap());
        let next = clock.next(TimeOfDay::parse(typed).unwrap(), at(now));
        assert_eq!(instant(next), instant(at(expected)), "{typed} after {now}");
    }

    #[test]
    fn the_next_time_is_today_or_tomorrow() {
        let clock = berlin();
        check_next(&clock, "2026-05-01T05:00:00+02:00", "7:30", "2026-05-01T07:30:00+02:00");
        check_next(&clock, "2026-05-01T19:00:00+02:00", "7:30", "2026-05-02T07:30:00+02:00");
        check_next(&clock, "2026-05-01T19:00:00+02:00", "7:30pm", "2026-05-01T19:30:00+02:00");
        check_next(&clock, "2026-12-31T23:59:00+01:00", "0:05", "2027-01-01T00:05:00+01:00");
    }

    #[test]
    fn a_time_has_come_for_as_long_as_a_clock_shows_it() {
        let clock = berlin();
        check_next(&clock, "2026-05-01T06:30:00+02:00", "6:30", "2026-05-01T06:30:00+02:00");
        check_next(&clock, "2026-05-01T06:30:59.999+02:00", "6:30", "2026-05-01T06:30:00+02:00");
        check_next(&clock, "2026-05-01T06:31:00+02:00", "6:30", "2026-05-02T06:30:00+02:00");
        check_next(&clock, "2026-05-02T00:00:10+02:00", "23:59", "2026-05-02T23:59:00+02:00");
    }

    #[test]
    fn nights_with_an_hour_more_or_less_are_as_clocks_show_them() {
        let clock = berlin();
        // Forward: 8 hours by the clock are 7.
        check_next(&clock, "2026-03-28T23:30:00+01:00", "7:30", "2026-03-29T07:30:00+02:00");
        // There is no 2:30 in that night.
        check_next(&clock, "2026-03-29T00:00:00+01:00", "2:30", "2026-03-29T03:30:00+02:00");
        // Back: there are two, and the next one is meant.
        check_next(&clock, "2026-10-25T00:00:00+02:00", "2:30", "2026-10-25T02:30:00+02:00");
        check_next(&clock, "2026-10-25T02:31:00+02:00", "2:30", "2026-10-25T02:30:00+01:00");
        check_next(&clock, "2026-10-25T02:31:00+01:00", "2:30", "2026-10-26T02:30:00+01:00");
        check_next(&clock, "2026-10-24T23:30:00+02:00", "7:30", "2026-10-25T07:30:00+01:00");
    }

    #[test]
    fn moments_are_shown_as_on_that_clock() {
        let at = |text: &str| berlin().show(moment(text.parse().unwrap()));
        assert_eq!(at("2026-05-01T05:30:00Z"), "7:30");
        assert_eq!(at("2026-12-01T18:05:59Z"), "19:05");
        assert_eq!(at("2026-05-01T22:00:00Z"), "0:00");
        assert_eq!(WallClock(TimeZone::UTC).show(WallTime(Millis(u64::MAX))), "22:00");
    }
}
