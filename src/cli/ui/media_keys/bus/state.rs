//! The state that the player and the thread of the bus share: how the session stands, and what was not told yet.
//!
//! The player writes and goes on; the thread waits until something is worth telling. If the bus is slow, what it was
//! not told yet becomes one change, so nothing piles up. Must not know the bus.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Instant;

use zbus::Variant;

use super::properties::{Micros, PLAYING, Properties, volume_at};
use crate::cli::ui::media_keys::SessionInfo;
use crate::playback::control::{Status, Volume};

/// Tolerated distance of the session from where a display believes it to be. Displays count whole seconds, and news of
/// a position can be some hundred milliseconds late on a busy machine; a listener does not see a move by less than
/// this.
const SEEK_TOLERANCE: Micros = Micros(500_000);

/// State of the session, as the bus is told of it.
pub(super) struct PlayerState {
    session: SessionInfo,
    state: Mutex<State>,
}

struct State {
    properties: Properties,
    /// The properties that the bus knows.
    told: Properties,
    playhead: Playhead,
    /// Playhead that displays assume: they ask when it starts or stops, and count from there.
    assumed: Playhead,
    /// It moved, and the bus was not told.
    has_moved: bool,
    is_closed: bool,
    waker: Option<Waker>,
}

/// A place in a track at an instant.
#[derive(Clone, Copy, Debug, Default)]
struct Playhead {
    at: Micros,
    length: Micros,
    is_playing: bool,
    /// `None` before anything is known.
    seen: Option<Instant>,
}

/// News for the bus.
pub(super) struct Change {
    /// The properties that changed, and their values.
    pub(super) properties: BTreeMap<&'static str, Variant<'static>>,
    /// Position of the session now, if not where it was thought to be.
    pub(super) seeked: Option<Micros>,
}

impl Playhead {
    /// Returns the position some time later.
    fn at(&self, now: Instant) -> Micros {
        let Some(seen) = self.seen.filter(|_| self.is_playing) else { return self.at };
        let elapsed = i64::try_from(now.saturating_duration_since(seen).as_micros()).unwrap_or(i64::MAX);
        Micros(self.at.0.saturating_add(elapsed).min(self.length.0.max(self.at.0)))
    }
}

impl PlayerState {
    pub(super) fn new(session: SessionInfo) -> Self {
        let state = State {
            properties: Properties::STOPPED,
            told: Properties::STOPPED,
            playhead: Playhead::default(),
            assumed: Playhead::default(),
            has_moved: false,
            is_closed: false,
            waker: None,
        };
        Self { session, state: Mutex::new(state) }
    }

    /// Takes down how the session stands, and calls the thread if that is news.
    pub(super) fn show(&self, status: &Status, now: Instant) {
        let mut state = self.state();
        state.properties = Properties::of(status);
        let playhead = Playhead {
            at: Micros::of(status.at),
            length: Micros::of(status.length),
            is_playing: state.properties.playback == PLAYING,
            seen: Some(now),
        };
        let assumed = state.assumed;
        // A display that sees it begin asks where.
        let begins = assumed.seen.is_none();
        let off = playhead.at.0.abs_diff(assumed.at(now).0);
        let has_moved = !begins && off > SEEK_TOLERANCE.0.unsigned_abs();
        if begins || has_moved || assumed.is_playing != playhead.is_playing {
            state.assumed = playhead;
        }
        state.assumed.length = playhead.length;
        state.playhead = playhead;
        state.has_moved |= has_moved;
        state.wake();
    }

    /// Nothing more will be shown.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.is_closed = true;
        state.wake();
    }

    /// Returns the news for the bus, as soon as there is any; `None` when it is over.
    pub(super) async fn change(&self) -> Option<Change> {
        poll_fn(|context| {
            let mut state = self.state();
            if state.is_closed {
                return Poll::Ready(None);
            }
            if !state.has_news() {
                state.waker = Some(context.waker().clone());
                return Poll::Pending;
            }
            let properties = state.properties.changes(&state.told, &self.session);
            let seeked = std::mem::take(&mut state.has_moved).then(|| state.playhead.at(Instant::now()));
            state.told = state.properties.clone();
            Poll::Ready(Some(Change { properties, seeked }))
        })
        .await
    }

    /// Returns the position of the session, by the last status and the time since.
    pub(super) fn position(&self, now: Instant) -> Micros {
        self.state().playhead.at(now)
    }

    /// Returns the length of the session.
    pub(super) fn length(&self) -> Micros {
        self.state().playhead.length
    }

    pub(super) fn properties(&self) -> Properties {
        self.state().properties.clone()
    }

    pub(super) fn metadata(&self) -> BTreeMap<&'static str, Variant<'static>> {
        self.state().properties.metadata(&self.session)
    }

    /// A slider was moved there. Shown before it is heard: a slider that jumps back under the finger is no slider.
    pub(super) fn slide(&self, slider: f64) -> Volume {
        let mut state = self.state();
        let volume = volume_at(slider);
        state.properties.volume = volume;
        state.told.volume = volume;
        volume
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn has_news(&self) -> bool {
        self.is_closed || self.has_moved || self.properties != self.told
    }

    /// Calls the thread if there is news.
    fn wake(&mut self) {
        if self.has_news()
            && let Some(waker) = self.waker.take()
        {
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
        let (player, start) = (PlayerState::new(SessionInfo::default()), Instant::now());
        let moved = shown.iter().filter(|(clock, state, at)| {
            player.show(&status(*state, *at), start + Duration::from_millis(*clock));
            std::mem::take(&mut player.state().has_moved)
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
        let (player, start) = (PlayerState::new(SessionInfo::default()), Instant::now());
        let at = |clock| player.position(start + Duration::from_millis(clock));
        assert_eq!(at(0), Micros(0));
        player.show(&status(PlayState::Playing, 99_000), start);
        assert_eq!([at(0), at(250), at(9000)], [Micros(99_000_000), Micros(99_250_000), Micros(100_000_000)]);
        player.show(&status(PlayState::Paused, 99_100), start);
        assert_eq!(at(9000), Micros(99_100_000));
    }
}
