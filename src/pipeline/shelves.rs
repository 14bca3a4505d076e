//! The sounds of a run: a shelf for each project, and the lengths of sounds from one run to the next.
//!
//! The lengths lie in a small file that can be deleted at any time. Its entries are known by the content of the
//! sounds, so they are never out of date, and two runs that write it at once lose a few entries and nothing else.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::notes;
use super::project::Project;
use crate::library::Shelf;
use crate::sink::{NewFile, clear_leftovers};

/// The lengths of sounds, among the notes of a project.
const LENGTHS: &str = "lengths";

/// The shelves of the projects of a run.
#[derive(Default)]
pub struct Shelves(Mutex<BTreeMap<PathBuf, Arc<Shelf>>>);

impl Shelves {
    /// The shelf of a project.
    pub(super) fn of(&self, project: &Project) -> Arc<Shelf> {
        let open = || {
            let known =
                notes::file(&project.root, LENGTHS).and_then(|path| std::fs::read_to_string(path).ok());
            Arc::new(Shelf::new(project.root.clone(), &known.unwrap_or_default()))
        };
        self.shelves().entry(project.root.clone()).or_insert_with(open).clone()
    }

    /// Forgets what files hold, because they may have changed.
    pub fn look_again(&self) {
        self.shelves().values().for_each(|shelf| shelf.look_again());
    }

    /// Keeps the lengths of sounds for the next run. What cannot be written costs that run some time and is no
    /// error.
    pub fn keep(&self) {
        for (root, shelf) in self.shelves().iter() {
            keep(root, &shelf.lengths()).ok();
        }
    }

    fn shelves(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Arc<Shelf>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn keep(root: &Path, lengths: &str) -> io::Result<()> {
    let Some(path) = notes::file(root, LENGTHS) else { return Ok(()) };
    notes::prepare(root)?;
    path.parent().map(clear_leftovers);
    if std::fs::read_to_string(&path).is_ok_and(|old| old == lengths) {
        return Ok(());
    }
    let mut file = NewFile::create(&path).map_err(io::Error::other)?;
    file.write_all(lengths.as_bytes())?;
    file.finish().map_err(io::Error::other)
}
