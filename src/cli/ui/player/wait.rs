//! Waiting until a moment of the day, by the clock on the wall: a machine that slept in the meantime is not late by
//! the time it slept, and one whose clock was set is not early.
#![allow(clippy::disallowed_types, reason = "waiting takes real time")]

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::playback::control::{Command, WallTime};
use crate::units::Millis;

/// The clock is looked at this often. No listener hears that a session begins that much late.
const LOOK: Millis = Millis(200);

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

/// Waits for the moment, or for a listener who wants to begin (any command that goes on or forward) or to quit.
pub(crate) fn wait_until(
    until: WallTime,
    commands: &Receiver<Command>,
    now: &mut dyn FnMut() -> WallTime,
    tell: &mut dyn FnMut(Waiting),
) -> Waited {
    loop {
        let left = Millis(until.0.0.saturating_sub(now().0.0));
        if left == Millis::ZERO {
            return Waited::Begin;
        }
        tell(Waiting::Left(left));
        match commands.recv_timeout(Duration::from_millis(left.min(LOOK).0)) {
            Ok(Command::Quit) => return Waited::Quit,
            Ok(Command::PauseOrResume | Command::Resume | Command::Step(..)) => return Waited::Begin,
            Ok(Command::Where) => tell(Waiting::Where(left)),
            Ok(Command::Keys) => tell(Waiting::Keys),
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            // No listener can ask for anything any more; the moment comes all the same.
            Err(RecvTimeoutError::Disconnected) => return wait_alone(until, now, tell),
        }
    }
}

fn wait_alone(until: WallTime, now: &mut dyn FnMut() -> WallTime, tell: &mut dyn FnMut(Waiting)) -> Waited {
    let (_kept, nothing) = std::sync::mpsc::channel();
    wait_until(until, &nothing, now, tell)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits for second 100 on a clock that shows these seconds, one a look; gives what was told, too.
    #[track_caller]
    fn check(seconds: &[u64], commands: &[Command], expected: Waited, told: &[Waiting]) {
        let (sender, receiver) = std::sync::mpsc::channel();
        commands.iter().for_each(|command| sender.send(*command).unwrap());
        let mut seconds = seconds.iter();
        let mut now = || WallTime(Millis::from_secs(*seconds.next().expect("it waits too long")));
        let mut said = Vec::new();
        let until = WallTime(Millis::from_secs(100));
        assert_eq!(wait_until(until, &receiver, &mut now, &mut |waiting| said.push(waiting)), expected);
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

    #[test]
    fn nobody_who_can_ask_is_no_reason_not_to_begin() {
        let (sender, receiver) = std::sync::mpsc::channel();
        drop(sender);
        let mut seconds = [1, 2, 3, 9].iter();
        let mut now = || WallTime(Millis::from_secs(*seconds.next().unwrap()));
        let waited = wait_until(WallTime(Millis::from_secs(5)), &receiver, &mut now, &mut |_| {});
        assert_eq!((waited, seconds.next()), (Waited::Begin, None));
    }
}
