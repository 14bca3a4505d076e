//! The sounds of a run: a shelf for each project, and the lengths of sounds from one run to the next.
//!
//! The lengths lie in a small file that can be deleted at any time. Its entries are known by the content of the
//! sounds, so they are never out of date, and two runs that write it at once lose a few entries and nothing else.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::project::Project;
use crate::library::Shelf;
use crate::sink::{NewFile, SinkError, clear_leftovers};

/// The folder of what nidra keeps for itself, in the root of a project.
const FOLDER: &str = ".nidra";

/// The lengths of sounds, in that folder.
const LENGTHS: &str = "lengths";

/// The shelves of the projects of a run.
#[derive(Default)]
pub struct Shelves(Mutex<BTreeMap<PathBuf, Arc<Shelf>>>);

impl Shelves {
    /// The shelf of a project.
    pub(super) fn of(&self, project: &Project) -> Arc<Shelf> {
        let open = || {
            let known = std::fs::read_to_string(project.root.join(FOLDER).join(LENGTHS)).unwrap_or_default();
            Arc::new(Shelf::new(project.root.clone(), &known))
        };
        self.shelves().entry(project.root.clone()).or_insert_with(open).clone()
    }

    /// Forgets what files hold, because they may have changed.
    pub fn look_again(&self) {
        self.shelves().values().for_each(|shelf| shelf.look_again());
    }

    /// Keeps the lengths of sounds for the next run. A folder that is no project is not littered, and what
    /// cannot be written costs the next run some time and is no error.
    pub fn keep(&self) {
        for (root, shelf) in self.shelves().iter().filter(|(root, _)| Project::is_root(root)) {
            keep(&root.join(FOLDER), &shelf.lengths()).ok();
        }
    }

    fn shelves(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Arc<Shelf>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn keep(folder: &Path, lengths: &str) -> Result<(), SinkError> {
    clear_leftovers(folder);
    // The folder keeps itself out of version control, as those of other tools do.
    for (name, text) in [(".gitignore", "*\n"), (LENGTHS, lengths)] {
        let path = folder.join(name);
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        let mut file = NewFile::create(&path)?;
        file.write_all(text.as_bytes()).map_err(|error| SinkError::new("write", &path, error))?;
        file.finish()?;
    }
    Ok(())
}
