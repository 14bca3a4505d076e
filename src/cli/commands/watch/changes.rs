//! The changes since the last round: noted by the watcher, waited for by the loop, and a reason to stop what is being
//! rendered.
#![allow(clippy::disallowed_types, reason = "how long it has been quiet is real time")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::filter::{Reach, WatchFilter};

/// So long nothing may change before a round begins. Editors empty a file and write it, or write another and rename
/// it, without a pause; and of a second that a save may take to be heard, this is little.
const QUIET: Duration = Duration::from_millis(60);

/// A script that is gone has so long to come back: some editors take the old file away first.
const GONE: Duration = Duration::from_millis(400);

/// An author who never leaves the files in peace is not waited for longer.
const PATIENCE: Duration = Duration::from_secs(3);

/// The moment from which a change stops a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Hold {
    /// At once.
    #[default]
    None,
    /// Not before it has made a track, so that someone who saves all the time gets tracks, too.
    UntilMade,
    /// Never.
    ToTheEnd,
}

/// The reason for the end of waiting.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wake {
    /// These changed.
    Changed(BTreeSet<PathBuf>),
    /// The system no longer tells of changes, for this reason.
    Lost(String),
    /// Ctrl-C.
    Interrupted,
}

/// The changes, and what follows from them.
#[derive(Default)]
pub(crate) struct Changes {
    state: Mutex<State>,
    news: Condvar,
    stop: AtomicBool,
}

#[derive(Default)]
struct State {
    heed: WatchFilter,
    changed: BTreeSet<PathBuf>,
    /// Counts what was noted.
    notes: u64,
    hold: Hold,
    lost: Option<String>,
    interrupted: bool,
}

impl Changes {
    /// Raised when a round is to stop.
    pub(crate) fn stop(&self) -> &AtomicBool {
        &self.stop
    }

    /// Changes below this folder count from now on.
    pub(crate) fn heed(&self, folder: &Path, reach: Reach) {
        self.state().heed.folder(folder, reach);
    }

    /// Changes of these files do not: they are written by rounds.
    pub(crate) fn disregard(&self, files: impl IntoIterator<Item = PathBuf>) {
        self.state().heed.all_but(files);
    }

    /// Notes changed files, as far as they count.
    pub(crate) fn note(&self, paths: impl IntoIterator<Item = PathBuf>) {
        let mut state = self.state();
        let before = state.notes;
        for path in paths.into_iter().collect::<BTreeSet<_>>() {
            if state.heed.counts(&path) {
                state.changed.insert(path);
                state.notes += 1;
            }
        }
        if state.notes > before {
            self.tell(&state);
        }
    }

    /// Notes that something changed, without knowing what.
    pub(crate) fn note_unknown(&self) {
        let mut state = self.state();
        state.notes += 1;
        self.tell(&state);
    }

    /// Notes that the system does not tell of changes any longer.
    pub(crate) fn lose(&self, reason: String) {
        self.state().lost = Some(reason);
        self.news.notify_all();
    }

    /// Ends the round, and the waiting.
    pub(crate) fn interrupt(&self) {
        let mut state = self.state();
        state.interrupted = true;
        self.tell(&state);
    }

    pub(crate) fn is_interrupted(&self) -> bool {
        self.state().interrupted
    }

    /// The round that runs has made a track.
    pub(crate) fn made(&self) {
        let mut state = self.state();
        if state.hold == Hold::UntilMade {
            state.hold = Hold::None;
            self.heed_stop(&state);
        }
    }

    /// Returns the changes so far. A round has begun, with this hold.
    pub(crate) fn begin(&self, hold: Hold) -> Wake {
        // Under one lock: a change is either in this wake or stops the round that follows it.
        let mut state = self.state();
        if state.interrupted {
            return Wake::Interrupted;
        }
        if let Some(reason) = state.lost.take() {
            return Wake::Lost(reason);
        }
        state.notes = 0;
        state.hold = hold;
        self.stop.store(false, Ordering::Relaxed);
        Wake::Changed(std::mem::take(&mut state.changed))
    }

    /// Waits for changes, until it is quiet, and a little longer if something `is_missing`. The next round has
    /// begun, with this hold.
    pub(crate) fn wait(&self, hold: Hold, is_missing: impl FnOnce() -> bool) -> Wake {
        let idle = |state: &mut State| state.notes == 0 && !state.interrupted && state.lost.is_none();
        let waited = self.news.wait_while(self.state(), idle);
        drop(self.settled(waited.unwrap_or_else(PoisonError::into_inner), QUIET));
        if is_missing() {
            drop(self.settled(self.state(), GONE));
        }
        self.begin(hold)
    }

    fn settled<'s>(&self, mut state: MutexGuard<'s, State>, quiet: Duration) -> MutexGuard<'s, State> {
        let begun = Instant::now();
        while !state.interrupted && begun.elapsed() < PATIENCE {
            let before = state.notes;
            let same = |state: &mut State| state.notes == before && !state.interrupted;
            let waited = self.news.wait_timeout_while(state, quiet, same);
            let (next, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = next;
            if timeout.timed_out() {
                break;
            }
        }
        state
    }

    fn tell(&self, state: &State) {
        self.heed_stop(state);
        self.news.notify_all();
    }

    fn heed_stop(&self, state: &State) {
        if state.interrupted || (state.notes > 0 && state.hold == Hold::None) {
            self.stop.store(true, Ordering::Relaxed);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes() -> Changes {
        let changes = Changes::default();
        changes.heed(Path::new("/alone"), Reach::Flat);
        changes
    }

    fn noted(changes: &Changes) -> Wake {
        changes.wait(Hold::None, || false)
    }

    fn changed(paths: &[&str]) -> Wake {
        Wake::Changed(paths.iter().map(PathBuf::from).collect())
    }

    #[test]
    fn a_burst_is_one_round() {
        let changes = changes();
        changes.note(["/alone/a".into(), "/elsewhere".into()]);
        changes.note(["/alone/b".into()]);
        assert_eq!(noted(&changes), changed(&["/alone/a", "/alone/b"]));
        changes.note_unknown();
        assert_eq!(noted(&changes), changed(&[]));
    }

    #[test]
    fn a_change_stops_a_round_unless_it_is_held() {
        let check = |hold: Hold, after_note: bool, after_made: bool| {
            let changes = changes();
            changes.note_unknown();
            changes.wait(hold, || false);
            let stopped = || changes.stop().load(Ordering::Relaxed);
            assert!(!stopped(), "{hold:?}");
            changes.note(["/alone/a".into()]);
            assert_eq!(stopped(), after_note, "{hold:?}");
            changes.made();
            assert_eq!(stopped(), after_made, "{hold:?}");
            assert_eq!(noted(&changes), changed(&["/alone/a"]));
            changes.interrupt();
            assert!(stopped());
            assert_eq!(noted(&changes), Wake::Interrupted);
        };
        check(Hold::None, true, true);
        check(Hold::UntilMade, false, true);
        check(Hold::ToTheEnd, false, false);
    }

    #[test]
    fn it_is_said_when_the_system_tells_no_more() {
        let changes = changes();
        changes.lose("too many".to_owned());
        assert_eq!(noted(&changes), Wake::Lost("too many".to_owned()));
    }
}
