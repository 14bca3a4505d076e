//! A thread that looks at folders twice a second, for places where the system does not tell of changes: folders
//! of a network, shared folders of virtual machines, or too many of them.
//!
//! The one of the `notify` crate compares whole seconds, so it would miss the second save of a second; told to compare
//! contents, it reads all files at every look, sounds and tracks too.
#![allow(clippy::disallowed_types, reason = "it looks twice a second of real time")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use notify::RecursiveMode;

use super::changes::Changes;
use super::is_private;

/// Time from one look to the next.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// Looks until it is dropped.
pub(crate) struct PollWatcher {
    seen: Arc<Mutex<Seen>>,
    /// When it goes, the thread ends.
    _lives: Sender<()>,
}

#[derive(Default)]
struct Seen {
    folders: Vec<(PathBuf, RecursiveMode)>,
    files: Files,
}

/// Files, and by what a change of one is seen.
type Files = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

impl PollWatcher {
    /// Begins to look, into no folder yet.
    pub(crate) fn begin(changes: Arc<Changes>) -> Self {
        let seen = Arc::<Mutex<Seen>>::default();
        let (lives, ended) = channel();
        let looked = seen.clone();
        std::thread::spawn(move || {
            while ended.recv_timeout(POLL_INTERVAL) == Err(RecvTimeoutError::Timeout) {
                changes.note(locked(&looked).look());
            }
        });
        Self { seen, _lives: lives }
    }

    /// Looks into this folder, too. What is there now is no change.
    pub(crate) fn watch(&self, folder: &Path, mode: RecursiveMode) {
        let mut seen = locked(&self.seen);
        seen.folders.push((folder.to_owned(), mode));
        find(folder, mode, &mut seen.files);
    }
}

impl Seen {
    /// The files that are not as they were.
    fn look(&mut self) -> BTreeSet<PathBuf> {
        let mut files = Files::new();
        self.folders.iter().for_each(|(folder, mode)| find(folder, *mode, &mut files));
        let before = std::mem::replace(&mut self.files, files);
        let is_other = |path: &&PathBuf| self.files.get(*path) != before.get(*path);
        self.files.keys().chain(before.keys()).filter(is_other).cloned().collect()
    }
}

/// Finds the files of a folder. One that cannot be read has none.
fn find(folder: &Path, mode: RecursiveMode, files: &mut Files) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| !is_private(&entry.file_name())) {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && mode == RecursiveMode::Recursive => find(&entry.path(), mode, files),
            Ok(kind) if !kind.is_dir() => {
                // What a link leads to counts, not the link.
                let Ok(there) = std::fs::metadata(entry.path()) else { continue };
                files.insert(entry.path(), (there.modified().ok(), there.len()));
            }
            _ => {}
        }
    }
}

fn locked(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_is_seen_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("deep")).unwrap();
        std::fs::write(path("old"), "1").unwrap();
        std::fs::write(path("deep/old"), "1").unwrap();
        let mut seen =
            Seen { folders: vec![(folder.path().to_owned(), RecursiveMode::Recursive)], files: Files::new() };
        seen.look();
        let mut check = |names: &[&str]| {
            assert_eq!(seen.look(), names.iter().map(|name| path(name)).collect());
        };
        check(&[]);
        std::fs::write(path("deep/old"), "12").unwrap();
        std::fs::write(path("new"), "").unwrap();
        std::fs::write(path(".hidden"), "").unwrap();
        check(&["deep/old", "new"]);
        // An older file in its place is a change, too.
        let past = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        std::fs::File::options().write(true).open(path("new")).unwrap().set_modified(past).unwrap();
        check(&["new"]);
        // A folder that is taken away and made again is looked into again.
        std::fs::remove_dir_all(path("deep")).unwrap();
        check(&["deep/old"]);
        std::fs::create_dir(path("deep")).unwrap();
        std::fs::write(path("deep/old"), "12").unwrap();
        check(&["deep/old"]);
        std::fs::rename(path("new"), path("old")).unwrap();
        check(&["new", "old"]);
        check(&[]);
    }
}
