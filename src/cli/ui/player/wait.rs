//! Waiting until a moment of the day, by the clock on the wall: a machine that slept in the meantime is not late by
//! the time it slept, and one whose clock was set is not early.

use crate::playback::control::{Command, WallTime};
use crate::units::Millis;

/// The clock is looked at this often. No listener hears that a session begins that much late.
const CLOCK_CHECK_INTERVAL: Millis = Millis(200);

/// Result of waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waited {
    /// The moment came, or the listener did not want to wait for it.
    Begin,
    /// The listener ended it.
    Quit,
}

/// News while waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waiting {
    /// So much is left; several times a second.
    Left(Millis),
    /// The listener asks how much is left.
    Where(Millis),
    /// The listener asks for the keys.
    Keys,
}

/// Waits for the moment, or for a listener who wants to begin (any command that goes on or forward) or to quit; `next`
/// waits so long for the next command.
pub(crate) fn wait_until(
    until: WallTime,
    next: &mut dyn FnMut(Millis) -> Option<Command>,
    now: &mut dyn FnMut() -> WallTime,
    tell: &mut dyn FnMut(Waiting),
) -> Waited {
    loop {
        let left = Millis(until.0.0.saturating_sub(now().0.0));
        if left == Millis::ZERO {
            return Waited::Begin;
        }
        tell(Waiting::Left(left));
        match next(left.min(CLOCK_CHECK_INTERVAL)) {
            Some(Command::Quit) => return Waited::Quit,
            Some(Command::PauseOrResume | Command::Resume | Command::Step(..)) => return Waited::Begin,
            Some(Command::Where) => tell(Waiting::Where(left)),
            Some(Command::Keys) => tell(Waiting::Keys),
            Some(_) | None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits for second 100 on a clock that shows these seconds, one a look; gives what was told, too.
    #[track_caller]
    fn check(seconds: &[u64], commands: &[Command], expected: Waited, told: &[Waiting]) {
        let (mut commands, mut seconds) = (commands.iter().copied(), seconds.iter());
        let mut now = || WallTime(Millis::from_secs(*seconds.next().expect("it waits too long")));
        let mut said = Vec::new();
        let until = WallTime(Millis::from_secs(100));
        let mut tell = |waiting| said.push(waiting);
        assert_eq!(wait_until(until, &mut |_| commands.next(), &mut now, &mut tell), expected);
        assert_eq!(said, told);
        assert_eq!(seconds.next(), None, "it did not wait");
    }

    fn left(seconds: u64) -> Waiting {
        Waiting::Left(Millis::from_secs(seconds))
    }

    #[test]
    fn a_moment_that_has_come_is_not_waited_for() {
        check(&[100], &[], Waited::Begin, &[]);
        check(&[5000], &[Command::Where], Waited::Begin, &[]);
    }

    #[test]
    fn it_begins_by_the_clock_on_the_wall_whatever_happens_to_it() {
        // The machine slept past it.
        check(&[10, 4000], &[], Waited::Begin, &[left(90)]);
        // The clock was set back, and then forward.
        check(&[98, 50, 99, 100], &[], Waited::Begin, &[left(2), left(50), left(1)]);
    }

    #[test]
    fn a_listener_can_begin_quit_or_ask_in_the_meantime() {
        check(&[10], &[Command::Quit], Waited::Quit, &[left(90)]);
        check(&[10], &[Command::PauseOrResume], Waited::Begin, &[left(90)]);
        check(&[10], &[Command::Resume], Waited::Begin, &[left(90)]);
        let asked = [left(90), Waiting::Where(Millis::from_secs(90)), left(89), Waiting::Keys, left(88)];
        check(&[10, 11, 12, 100], &[Command::Where, Command::Keys, Command::MoreRest], Waited::Begin, &asked);
    }
}
