//! The changes since the last round: noted by the watcher, waited for by the loop, and a reason to cancel a round.
#![allow(clippy::disallowed_types, reason = "how long it has been quiet is real time")]

use std::collections::BTreeSet;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::is_private;

/// Time without a change before a round begins. Editors empty a file and write it, or write another and rename it,
/// without a pause; and of a second that a save may take to be heard, this is little.
const DEBOUNCE: Duration = Duration::from_millis(60);

/// The same while a script is gone: some editors take the old file away first.
const DEBOUNCE_WHILE_GONE: Duration = Duration::from_millis(400);

/// Longest time that an author who never leaves the files in peace is waited for.
const LONGEST_DEBOUNCE: Duration = Duration::from_secs(3);

/// The moment from which a change cancels a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum CancelPolicy {
    #[default]
    AtOnce,
    /// Not before it has made a track, so that an author who saves all the time gets tracks, too.
    AfterATrack,
    Never,
}

/// The reason for the next round, or for none.
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
    /// The folders that are watched.
    folders: BTreeSet<PathBuf>,
    /// The files that rounds write.
    ours: BTreeSet<PathBuf>,
    changed: BTreeSet<PathBuf>,
    /// Number of changes.
    count: u64,
    cancel: CancelPolicy,
    lost: Option<String>,
    is_interrupted: bool,
}

impl Changes {
    /// Raised when a round is to stop.
    pub(crate) fn stop(&self) -> &AtomicBool {
        &self.stop
    }

    /// Notes that a folder is watched from now on.
    pub(crate) fn expect(&self, folder: &Path) {
        self.state().folders.insert(folder.to_owned());
    }

    /// Counts changes of these files no more: they are written by rounds.
    pub(crate) fn ignore(&self, files: BTreeSet<PathBuf>) {
        self.state().ours.extend(files);
    }

    /// Notes changed files, as far as a track may depend on them.
    pub(crate) fn note(&self, paths: impl IntoIterator<Item = PathBuf>) {
        let mut state = self.state();
        let changed: BTreeSet<PathBuf> = paths.into_iter().filter(|path| state.matches(path)).collect();
        state.count += changed.len() as u64;
        state.changed.extend(changed);
        self.tell(&state);
    }

    /// Notes that something changed, without knowing what.
    pub(crate) fn note_unknown(&self) {
        let mut state = self.state();
        state.count += 1;
        self.tell(&state);
    }

    /// Notes that the system does not tell of changes any longer.
    pub(crate) fn lose(&self, reason: String) {
        let mut state = self.state();
        state.lost = Some(reason);
        self.tell(&state);
    }

    /// Ends the round, and the waiting.
    pub(crate) fn interrupt(&self) {
        let mut state = self.state();
        state.is_interrupted = true;
        self.tell(&state);
    }

    /// Notes that the round that runs has made a track.
    pub(crate) fn note_made(&self) {
        let mut state = self.state();
        if state.cancel == CancelPolicy::AfterATrack {
            state.cancel = CancelPolicy::AtOnce;
            self.tell(&state);
        }
    }

    /// Begins a round that a change cancels by this policy, and returns the changes so far.
    pub(crate) fn begin(&self, cancel: CancelPolicy) -> Wake {
        // Under one lock: a change is either in this wake or cancels the round that follows it.
        let mut state = self.state();
        if state.is_interrupted {
            return Wake::Interrupted;
        }
        if let Some(reason) = state.lost.take() {
            return Wake::Lost(reason);
        }
        state.count = 0;
        state.cancel = cancel;
        self.stop.store(false, Ordering::Relaxed);
        Wake::Changed(std::mem::take(&mut state.changed))
    }

    /// Waits for changes, until it is quiet, and a little longer if something `is_missing`.
    pub(crate) fn wait(&self, is_missing: impl FnOnce() -> bool) {
        drop(self.news.wait_while(self.state(), |state| !state.is_awake()));
        self.wait_for_quiet(DEBOUNCE);
        if is_missing() {
            self.wait_for_quiet(DEBOUNCE_WHILE_GONE);
        }
    }

    fn wait_for_quiet(&self, quiet: Duration) {
        let (begun, mut state) = (Instant::now(), self.state());
        while !state.is_interrupted && begun.elapsed() < LONGEST_DEBOUNCE {
            let before = state.count;
            let is_quiet = |state: &mut State| state.count == before && !state.is_interrupted;
            let waited = self.news.wait_timeout_while(state, quiet, is_quiet);
            let (next, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            if timeout.timed_out() {
                return;
            }
            state = next;
        }
    }

    fn tell(&self, state: &State) {
        if state.is_interrupted || (state.count > 0 && state.cancel == CancelPolicy::AtOnce) {
            self.stop.store(true, Ordering::Relaxed);
        }
        self.news.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_awake(&self) -> bool {
        self.count > 0 || self.is_interrupted || self.lost.is_some()
    }

    /// True if a track may depend on a file or a folder: it lies in a folder that is watched, no program keeps it for
    /// itself, and no round writes it.
    fn matches(&self, path: &Path) -> bool {
        // A folder that a round makes is above a file of ours, which is what comes next in the order of paths.
        let from_here = (Bound::Included(path), Bound::Unbounded);
        let is_ours = self.ours.range::<Path, _>(from_here).next().is_some_and(|ours| ours.starts_with(path));
        let is_in = |folder: &PathBuf| {
            path.strip_prefix(folder)
                .is_ok_and(|rest| !rest.as_os_str().is_empty() && !rest.iter().any(is_private))
        };
        !is_ours && self.folders.iter().any(is_in)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes() -> Changes {
        let changes = Changes::default();
        changes.expect(Path::new("/alone"));
        changes
    }

    fn next(changes: &Changes, cancel: CancelPolicy) -> Wake {
        changes.wait(|| false);
        changes.begin(cancel)
    }

    fn changed(paths: &[&str]) -> Wake {
        Wake::Changed(paths.iter().map(PathBuf::from).collect())
    }

    #[test]
    fn a_burst_is_one_round() {
        let changes = changes();
        changes.note(["/alone/a".into(), "/elsewhere".into()]);
        changes.note(["/alone/b".into()]);
        assert_eq!(next(&changes, CancelPolicy::AtOnce), changed(&["/alone/a", "/alone/b"]));
        changes.note_unknown();
        assert_eq!(next(&changes, CancelPolicy::AtOnce), changed(&[]));
    }

    #[test]
    fn a_change_cancels_a_round_by_its_policy() {
        let check = |cancel: CancelPolicy, after_note: bool, after_made: bool| {
            let changes = changes();
            changes.note_unknown();
            next(&changes, cancel);
            let stopped = || changes.stop().load(Ordering::Relaxed);
            assert!(!stopped(), "{cancel:?}");
            changes.note(["/elsewhere".into()]);
            assert!(!stopped(), "{cancel:?}");
            changes.note(["/alone/a".into()]);
            assert_eq!(stopped(), after_note, "{cancel:?}");
            changes.note_made();
            assert_eq!(stopped(), after_made, "{cancel:?}");
            assert_eq!(next(&changes, CancelPolicy::AtOnce), changed(&["/alone/a"]));
            changes.interrupt();
            assert!(stopped());
            assert_eq!(next(&changes, CancelPolicy::AtOnce), Wake::Interrupted);
        };
        check(CancelPolicy::AtOnce, true, true);
        check(CancelPolicy::AfterATrack, false, true);
        check(CancelPolicy::Never, false, false);
    }

    #[test]
    fn it_is_said_when_the_system_tells_no_more() {
        let changes = changes();
        changes.lose("too many".to_owned());
        assert_eq!(next(&changes, CancelPolicy::AtOnce), Wake::Lost("too many".to_owned()));
    }

    #[test]
    fn what_a_track_may_depend_on_counts_and_nothing_else() {
        let changes = changes();
        changes.expect(Path::new("/home/.work/p"));
        changes.ignore(["/home/.work/p/out/one/rest.wav".into(), "/home/.work/p/rest.mp3".into()].into());
        let check = |path: &str, counts: bool| {
            assert_eq!(changes.state().matches(Path::new(path)), counts, "{path}");
        };
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
    }
}
