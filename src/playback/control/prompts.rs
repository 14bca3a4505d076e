//! The prompts of a voice that answers the requests of a listener: lines of nidra's own, in English.
//!
//! They are said by the session's voice if it has them. [`crate::script::Wording`] turns them into other languages.

use crate::script::words::{capitalised, length, number};
use crate::timeline::Refusal;
use crate::units::Millis;

/// The rest is a minute longer.
pub(super) const MORE_REST: &str = "One more minute.";

/// It will end when it was asked to.
pub(super) const ENDS_ON_TIME: &str = "I will end on time.";

/// It would be more than twice as long: so it is asked whether that is meant.
pub(super) const MUCH_LONGER: &str = "That is more than twice as long. Ask again, if you mean it.";

/// The last change of the length was taken back.
pub(super) const TAKEN_BACK: &str = "I took that back.";

/// The last change of the length cannot be taken back, because it is in the past.
pub(super) const HEARD_ALREADY: &str = "That has been heard already.";

const HALF_A_MINUTE: Millis = Millis::from_secs(30);
const MINUTE: Millis = Millis::from_secs(60);
const HOUR: Millis = Millis::from_secs(3600);

/// Returns the line that tells the time left, to the nearest minute, and from an hour on what it is more than: a
/// number that is true and can be remembered.
pub(super) fn time_left(left: Millis) -> String {
    let minutes = (left.0 + MINUTE.0 / 2) / MINUTE.0;
    match minutes {
        0 if left < Millis(HALF_A_MINUTE.0 / 3 * 2) => "Less than a minute left.".to_owned(),
        0 => spoken(HALF_A_MINUTE),
        1..60 => spoken(MINUTE * minutes),
        60 => spoken(HOUR),
        61..90 => "More than an hour left.".to_owned(),
        _ => hours_left(minutes),
    }
}

/// From an hour and a half on: in half hours, later in hours, and at last as many as one sleeps.
fn hours_left(minutes: u64) -> String {
    let halves = match minutes / 30 {
        halves @ ..16 => halves,
        halves => (halves / 2 * 2).min(24),
    };
    let hours = match halves % 2 {
        0 => format!("{} hours left.", number(halves / 2)),
        _ => format!("{} and a half hours left.", number(halves / 2)),
    };
    if minutes == halves * 30 { capitalised(&hours) } else { format!("More than {hours}") }
}

/// Returns the reason for a refusal, as a sentence to be read.
pub(super) fn why_not(refusal: &Refusal) -> String {
    format!("{}.", capitalised(&refusal.to_string()))
}

/// Returns the answer of the voice to a wish that cannot be met.
pub(super) fn refusal(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NoRest => "There is no rest to change here.",
        Refusal::TooEarly { .. } => "I cannot end that early.",
        Refusal::TooLate { .. } => "I cannot end that late.",
        Refusal::Unchanged => "There is nothing to take back.",
        _ => "That cannot be done.",
    }
}

fn spoken(left: Millis) -> String {
    format!("{} left.", capitalised(&length(left).unwrap_or_else(|| left.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(left: u64, said: &str) {
        assert_eq!(time_left(Millis::from_secs(left)), said, "{left} s");
    }

    #[test]
    fn what_is_left_is_said_in_a_number_that_can_be_remembered() {
        check(0, "Less than a minute left.");
        check(19, "Less than a minute left.");
        check(20, "Thirty seconds left.");
        check(29, "Thirty seconds left.");
        check(30, "One minute left.");
        check(89, "One minute left.");
        check(90, "Two minutes left.");
        check(4 * 60 + 10, "Four minutes left.");
        check(59 * 60 + 29, "Fifty-nine minutes left.");
        check(59 * 60 + 30, "One hour left.");
        check(60 * 60 + 29, "One hour left.");
        check(60 * 60 + 30, "More than an hour left.");
        check(89 * 60 + 29, "More than an hour left.");
        check(90 * 60, "One and a half hours left.");
        check(104 * 60, "More than one and a half hours left.");
        check(120 * 60, "Two hours left.");
        check(8 * 3600 - 5, "Eight hours left.");
        check(8 * 3600 - 60, "More than seven and a half hours left.");
        check(8 * 3600 + 2400, "More than eight hours left.");
        check(12 * 3600, "Twelve hours left.");
        check(30 * 3600, "More than twelve hours left.");
    }

    #[test]
    fn why_not_is_a_sentence() {
        assert_eq!(why_not(&Refusal::NoRest), "There is no rest here that could be longer.");
        assert_eq!(why_not(&Refusal::Unchanged), "Nothing was changed that could be taken back.");
    }
}
