//! The board that the player and the thread of the bus share: the state of the session, and what was not told yet.
//!
//! The player writes and goes on; the thread waits until something is worth telling. If the bus is slow, what it was
//! not told yet becomes one change, so nothing piles up. Must not know the bus.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Instant;

use zbus::Variant;

use super::shown::{Micros, Playback, Shown, volume_at};
use crate::cli::ui::media_keys::SessionInfo;
use crate::playback::control::{Status, Volume};

/// Tolerated distance of the session from where a display believes it to be. Displays count whole seconds, and news of
/// a position can be some hundred milliseconds late on a busy machine; a listener does not see a move by less than
/// this.
const TOLERANCE: Micros = Micros(500_000);

/// State of the session, as the bus is told of it.
pub(crate) struct Board {
    session: SessionInfo,
    state: Mutex<State>,
}

struct State {
    shown: Shown,
    /// State that the bus knows.
    told: Shown,
    place: Place,
    /// Position that displays assume: they ask when it starts or stops, and count from there.
    believed: Place,
    seeked: Seeked,
    open: bool,
    waker: Option<Waker>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seeked {
    Told,
    Untold,
}

/// A place in a track at an instant.
#[derive(Clone, Copy, Debug)]
struct Place {
    at: Micros,
    length: Micros,
    seen: Option<Instant>,
    playback: Playback,
}

/// News for the bus.
pub(crate) struct Change {
    /// The properties that changed, and their values.
    pub(crate) properties: BTreeMap<&'static str, Variant<'static>>,
    /// Position of the session now, if not where it was thought to be.
    pub(crate) seeked: Option<Micros>,
}

impl Place {
    const NOWHERE: Self = Self { at: Micros(0), length: Micros(0), seen: None, playback: Playback::Stopped };

    /// Returns the position some time later.
    fn at(&self, now: Instant) -> Micros {
        let Some(seen) = self.seen.filter(|_| self.playback == Playback::Playing) else { return self.at };
        let elapsed = i64::try_from(now.saturating_duration_since(seen).as_micros()).unwrap_or(i64::MAX);
        Micros(self.at.0.saturating_add(elapsed).min(self.length.0.max(self.at.0)))
    }
}

impl Board {
    pub(crate) fn new(session: SessionInfo) -> Self {
        let state = State {
            shown: Shown::NOTHING,
            told: Shown::NOTHING,
            place: Place::NOWHERE,
            believed: Place::NOWHERE,
            seeked: Seeked::Told,
            open: true,
            waker: None,
        };
        Self { session, state: Mutex::new(state) }
    }

    /// Takes down how the session stands, and calls the thread if that is news.
    pub(crate) fn show(&self, status: &Status, now: Instant) {
        let mut state = self.state();
        let shown = Shown::of(status);
        let place = Place {
            at: Micros::of(status.at),
            length: Micros::of(status.length),
            seen: Some(now),
            playback: shown.playback,
        };
        let off = place.at.0.abs_diff(state.believed.at(now).0);
        // A display that sees it begin asks where.
        let begins = state.believed.seen.is_none();
        if off > TOLERANCE.0.unsigned_abs() && !begins {
            state.seeked = Seeked::Untold;
            state.believed = place;
        } else if state.believed.playback != place.playback || begins {
            state.believed = place;
        }
        state.believed.length = place.length;
        state.shown = shown;
        state.place = place;
        if state.is_news() {
            state.call();
        }
    }

    /// Nothing more will be shown.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.open = false;
        state.call();
    }

    /// Returns the news for the bus, as soon as there is any; `None` when it is over.
    pub(crate) async fn change(&self) -> Option<Change> {
        poll_fn(|context| {
            let mut state = self.state();
            if !state.open {
                return Poll::Ready(None);
            }
            if !state.is_news() {
                state.waker = Some(context.waker().clone());
                return Poll::Pending;
            }
            let properties = state.shown.changes(&state.told, &self.session);
            let seeked = (state.seeked == Seeked::Untold).then(|| state.place.at(Instant::now()));
            state.told = state.shown.clone();
            state.seeked = Seeked::Told;
            Poll::Ready(Some(Change { properties, seeked }))
        })
        .await
    }

    /// Returns the position of the session, by the last status and the time since.
    pub(crate) fn position(&self, now: Instant) -> Micros {
        self.state().place.at(now)
    }

    /// Returns the length of the session.
    pub(crate) fn length(&self) -> Micros {
        self.state().place.length
    }

    pub(crate) fn playback(&self) -> Playback {
        self.state().shown.playback
    }

    pub(crate) fn metadata(&self) -> BTreeMap<&'static str, Variant<'static>> {
        self.state().shown.metadata(&self.session)
    }

    pub(crate) fn volume(&self) -> Volume {
        self.state().shown.volume
    }

    /// A slider was moved there. Shown before it is heard: a slider that jumps back under the finger is no slider.
    pub(crate) fn slide(&self, slider: f64) -> Volume {
        let mut state = self.state();
        let volume = volume_at(slider);
        state.shown.volume = volume;
        state.told.volume = volume;
        volume
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_news(&self) -> bool {
        self.shown != self.told || self.seeked == Seeked::Untold
    }

    fn call(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_types, reason = "the clock of a test is a sum")]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::playback::control::{Heard, PlayState};
    use crate::units::Millis;

    fn status(state: PlayState, at: u64) -> Status {
        let (title, heard) = ("Rest".to_owned(), Heard::Rest { left: Millis(0) });
        let length = Millis(100_000);
        Status { state, at: Millis(at), length, chapter: 0, chapters: 1, title, heard, volume: Volume::FULL }
    }

    /// Shows each place at its time on the clock, in milliseconds, and says at which of these times it was a move.
    #[track_caller]
    fn check(shown: &[(u64, PlayState, u64)], moves: &[u64]) {
        let (board, start) = (Board::new(SessionInfo::default()), Instant::now());
        let moved = shown.iter().filter(|(clock, state, at)| {
            board.show(&status(*state, *at), start + Duration::from_millis(*clock));
            std::mem::replace(&mut board.state().seeked, Seeked::Told) == Seeked::Untold
        });
        assert_eq!(moved.map(|(clock, ..)| *clock).collect::<Vec<_>>(), moves);
    }

    #[test]
    fn to_go_on_and_to_wait_are_no_moves() {
        use PlayState::{Paused, Playing};
        check(&[(0, Playing, 5000), (250, Playing, 5250), (900, Playing, 5500), (950, Playing, 5950)], &[]);
        check(
            &[(0, Playing, 5000), (1000, Paused, 6100), (60_000, Paused, 6100), (61_000, Playing, 6100)],
            &[],
        );
        check(&[(0, Playing, 99_900), (1000, PlayState::BedOnly, 100_000), (60_000, Paused, 100_000)], &[]);
    }

    #[test]
    fn a_move_is_told_wherever_it_leads_and_however_slowly_it_comes() {
        use PlayState::{Paused, Playing};
        check(&[(0, Playing, 5000), (250, Playing, 15_250), (500, Playing, 15_500)], &[250]);
        check(
            &[(0, Playing, 5000), (1000, Paused, 6000), (9000, Playing, 4200), (9250, Playing, 4450)],
            &[9000],
        );
        check(&[(0, Paused, 5000), (250, Paused, 4499)], &[250]);
        check(&[(0, Playing, 5000), (1000, Playing, 5700), (2000, Playing, 6400)], &[2000]);
    }

    #[test]
    fn a_place_goes_on_to_the_end_and_no_further() {
        let (board, start) = (Board::new(SessionInfo::default()), Instant::now());
        let at = |clock| board.position(start + Duration::from_millis(clock));
        assert_eq!(at(0), Micros(0));
        board.show(&status(PlayState::Playing, 99_000), start);
        assert_eq!([at(0), at(250), at(9000)], [Micros(99_000_000), Micros(99_250_000), Micros(100_000_000)]);
        board.show(&status(PlayState::Paused, 99_100), start);
        assert_eq!(at(9000), Micros(99_100_000));
    }
}
