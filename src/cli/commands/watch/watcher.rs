//! The watcher of changes: the system, by events; or a thread that looks again and again, where it cannot.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::changes::Changes;
use super::poll_watcher::PollWatcher;
use crate::cli::args::WatchArg;

/// Notices changes in folders.
pub(crate) struct Watcher {
    backend: Backend,
    folders: BTreeMap<PathBuf, RecursiveMode>,
    changes: Arc<Changes>,
}

enum Backend {
    Events(RecommendedWatcher),
    Polling { watcher: PollWatcher, reason: Option<String> },
}

impl Watcher {
    /// Notices nothing yet.
    pub(crate) fn new(how: WatchArg, changes: &Arc<Changes>) -> Self {
        let backend = match how {
            WatchArg::Poll => polling(changes, None),
            WatchArg::Events => {
                events(changes).map_or_else(|error| polling(changes, Some(plain(&error))), Backend::Events)
            }
        };
        Self { backend, folders: BTreeMap::new(), changes: changes.clone() }
    }

    /// Notices changes in a folder from now on. One that is not there is left for another time.
    pub(crate) fn watch(&mut self, folder: &Path, mode: RecursiveMode) {
        let Ok(folder) = folder.canonicalize() else { return };
        // Also below a folder that is watched: a script may lie in a hidden one.
        self.changes.expect(&folder);
        let covers = |(above, how): (&PathBuf, &RecursiveMode)| {
            folder == *above && mode == *how || *how == RecursiveMode::Recursive && folder.starts_with(above)
        };
        if self.folders.iter().any(covers) {
            return;
        }
        self.folders.insert(folder.clone(), mode);
        match &mut self.backend {
            Backend::Polling { watcher, .. } => watcher.watch(&folder, mode),
            Backend::Events(watcher) => match watcher.watch(&folder, mode) {
                Ok(()) => {}
                Err(error) if is_gone(&error) => drop(self.folders.remove(&folder)),
                Err(error) => self.poll(Some(plain(&error))),
            },
        }
    }

    /// Looks instead of waiting for events, which do not come for this reason.
    pub(crate) fn poll(&mut self, reason: Option<String>) {
        self.backend = polling(&self.changes, reason);
        if let Backend::Polling { watcher, .. } = &self.backend {
            self.folders.iter().for_each(|(folder, mode)| watcher.watch(folder, *mode));
        }
    }

    /// Returns the way in which changes are noticed, if it is not by events, for the end of a sentence.
    pub(crate) fn how(&self) -> String {
        match &self.backend {
            Backend::Events(_) => String::new(),
            Backend::Polling { reason: None, .. } => ", looking twice a second".to_owned(),
            Backend::Polling { reason: Some(reason), .. } => {
                format!(", looking twice a second because the system does not tell of changes: {reason}")
            }
        }
    }
}

fn polling(changes: &Arc<Changes>, reason: Option<String>) -> Backend {
    Backend::Polling { watcher: PollWatcher::begin(changes.clone()), reason }
}
fn events(changes: &Arc<Changes>) -> notify::Result<RecommendedWatcher> {
    let changes = changes.clone();
    let noticed = move |event: notify::Result<notify::Event>| match event {
        // To read a file is no change; rounds do it all the time.
        Ok(event) if is_reading(event.kind) => {}
        Ok(event) if event.need_rescan() => changes.note_unknown(),
        Ok(event) => changes.note(event.paths),
        // A folder that was gone before it could be watched is told of by other events.
        Err(error) if is_gone(&error) => {}
        Err(error) => changes.lose(plain(&error)),
    };
    // A link that leads out of a project is none that a script could use.
    let config = notify::Config::default().with_follow_symlinks(false);
    RecommendedWatcher::new(noticed, config)
}

fn is_reading(kind: EventKind) -> bool {
    matches!(kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write))
}

fn is_gone(error: &notify::Error) -> bool {
    match &error.kind {
        notify::ErrorKind::PathNotFound | notify::ErrorKind::WatchNotFound => true,
        notify::ErrorKind::Io(error) => error.kind() == std::io::ErrorKind::NotFound,
        _ => false,
    }
}

fn plain(error: &notify::Error) -> String {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => "it watches as many files as it may".to_owned(),
        notify::ErrorKind::Io(error) => crate::output::plain_reason(error),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::changes::{CancelPolicy, Wake};
    use super::*;

    #[test]
    fn rounds_do_not_wake_themselves() {
        for how in [WatchArg::Events, WatchArg::Poll] {
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path().canonicalize().unwrap();
            std::fs::write(root.join("rest.toml"), "").unwrap();
            let changes = Arc::new(Changes::default());
            let mut watcher = Watcher::new(how, &changes);
            watcher.watch(&root, RecursiveMode::Recursive);
            changes.ignore([root.join("out/rest.wav")].into());
            // What a round does: it reads, makes a folder, and a file under another name first.
            std::fs::read(root.join("rest.toml")).unwrap();
            std::fs::create_dir(root.join("out")).unwrap();
            std::fs::write(root.join("out/.nidra-1.tmp"), "").unwrap();
            std::fs::rename(root.join("out/.nidra-1.tmp"), root.join("out/rest.wav")).unwrap();
            // The system tells in order, so whatever else there was to tell is told with this.
            std::fs::write(root.join("other.toml"), "").unwrap();
            changes.wait(|| false);
            let wake = changes.begin(CancelPolicy::AtOnce);
            assert_eq!(wake, Wake::Changed([root.join("other.toml")].into()), "{how:?}");
        }
    }
}
