//! What changed since the last round: noted by whoever watches, waited for by the loop, and a reason to stop what
//! is being rendered.
#![allow(clippy::disallowed_types, reason = "how long it has been quiet is real time")]

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So long nothing may change before a round begins: editors empty a file and write it, or write another and
/// rename it, in less (measured: under 5 ms), and nobody notices it.
const QUIET: Duration = Duration::from_millis(60);

/// A script that is gone has so long to come back: some editors take the old file away first.
const GONE: Duration = Duration::from_millis(400);

/// Whoever never leaves the files in peace is not waited for longer.
const PATIENCE: Duration = Duration::from_secs(3);

/// How far into a folder one looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// The files in it.
    Flat,
    /// And those of all folders in it.
    Deep,
}

/// Whether a change stops a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Hold {
    /// At once.
    #[default]
    None,
    /// Not before it has made a track, so that someone who saves all the time gets tracks, too.
    UntilMade,
    /// Never.
    ToTheEnd,
}

/// Why the waiting is over.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wake {
    /// These changed.
    Changed(BTreeSet<PathBuf>),
    /// The system no longer tells of changes, for this reason.
    Lost(String),
    /// Ctrl-C.
    Interrupted,
}

/// What changed, and what follows from it.
#[derive(Default)]
pub(super) struct Changes {
    state: Mutex<State>,
    news: Condvar,
    stop: AtomicBool,
}

#[derive(Default)]
struct State {
    folders: BTreeMap<PathBuf, Reach>,
    /// The files that rounds write.
    ours: BTreeSet<PathBuf>,
    changed: BTreeSet<PathBuf>,
    /// Counts what was noted.
    notes: u64,
    hold: Hold,
    lost: Option<String>,
    interrupted: bool,
}

impl Changes {
    /// Raised when a round is to stop.
    pub(super) fn stop(&self) -> &AtomicBool {
        &self.stop
    }

    /// Changes below this folder count from now on.
    pub(super) fn heed(&self, folder: &Path, reach: Reach) {
        let mut state = self.state();
        let known = state.folders.entry(folder.to_owned()).or_insert(reach);
        *known = reach.max(*known);
    }

    /// Changes of these files do not: they are written by rounds.
    pub(super) fn disregard(&self, files: impl IntoIterator<Item = PathBuf>) {
        self.state().ours.extend(files);
    }

    /// Notes changed files, as far as they count.
    pub(super) fn note(&self, paths: impl IntoIterator<Item = PathBuf>) {
        let mut state = self.state();
        let before = state.notes;
        for path in paths.into_iter().collect::<BTreeSet<_>>() {
            if state.counts(&path) {
                state.changed.insert(path);
                state.notes += 1;
            }
        }
        if state.notes > before {
            self.tell(&state);
        }
    }

    /// Notes that something changed, and nobody knows what.
    pub(super) fn note_unknown(&self) {
        let mut state = self.state();
        state.notes += 1;
        self.tell(&state);
    }

    /// Notes that the system does not tell of changes any longer.
    pub(super) fn lose(&self, reason: String) {
        self.state().lost = Some(reason);
        self.news.notify_all();
    }

    /// Ends the round, and the waiting.
    pub(super) fn interrupt(&self) {
        let mut state = self.state();
        state.interrupted = true;
        self.tell(&state);
    }

    pub(super) fn is_interrupted(&self) -> bool {
        self.state().interrupted
    }

    /// The round that runs has made a track.
    pub(super) fn made(&self) {
        let mut state = self.state();
        if state.hold == Hold::UntilMade {
            state.hold = Hold::None;
            self.heed_stop(&state);
        }
    }

    /// What has changed so far. A round has begun, with this hold.
    pub(super) fn begin(&self, hold: Hold) -> Wake {
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
    pub(super) fn wait(&self, hold: Hold, is_missing: impl FnOnce() -> bool) -> Wake {
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

impl State {
    /// Whether a track may depend on a file or a folder.
    fn counts(&self, path: &Path) -> bool {
        // A folder that a round makes is above a file of ours, which is what comes next in the order of paths.
        let from_here = (Bound::Included(path), Bound::Unbounded);
        let ours = self.ours.range::<Path, _>(from_here).next().is_some_and(|ours| ours.starts_with(path));
        let heeded = |(folder, reach): (&PathBuf, &Reach)| {
            let Ok(rest) = path.strip_prefix(folder) else { return false };
            let depth = rest.components().count();
            depth > 0 && (depth == 1 || *reach == Reach::Deep) && !rest.iter().any(is_noise)
        };
        !ours && self.folders.iter().any(heeded)
    }
}

/// Whether a name is one that editors and other programs give to what is not meant for anyone else.
pub(super) fn is_noise(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with(['.', '#']) || name.ends_with('~') || name.ends_with(".tmp")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes() -> Changes {
        let changes = Changes::default();
        changes.heed(Path::new("/home/.work/p"), Reach::Deep);
        changes.heed(Path::new("/alone"), Reach::Flat);
        changes.disregard(["/home/.work/p/out/one/rest.wav".into(), "/home/.work/p/rest.mp3".into()]);
        changes
    }

    fn noted(changes: &Changes) -> Wake {
        changes.wait(Hold::None, || false)
    }

    fn changed(paths: &[&str]) -> Wake {
        Wake::Changed(paths.iter().map(PathBuf::from).collect())
    }

    #[test]
    fn what_a_track_may_depend_on_counts_and_nothing_else() {
        #[track_caller]
        fn check(path: &str, counts: bool) {
            assert_eq!(changes().state().counts(Path::new(path)), counts, "{path}");
        }
        check("/home/.work/p/scripts/rest.toml", true);
        check("/home/.work/p/scripts", true);
        check("/home/.work/p/out/one/other.wav", true);
        check("/home/.work/p/out/one/rest.wav", false);
        check("/home/.work/p/out/one", false);
        check("/home/.work/p/out", false);
        check("/home/.work/p/rest.mp3", false);
        check("/home/.work/p/.nidra/lengths", false);
        check("/home/.work/p/.git/index", false);
        check("/home/.work/p/scripts/.rest.toml.swp", false);
        check("/home/.work/p/scripts/rest.toml~", false);
        check("/home/.work/p/scripts/#rest.toml#", false);
        check("/home/.work/p/scripts/rest.tmp", false);
        check("/home/.work/p", false);
        check("/home/.work/q/rest.toml", false);
        check("/alone/rest.toml", true);
        check("/alone/deep/rest.toml", false);
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
