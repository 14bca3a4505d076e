//! The sounds of a run: a store for each project, and how long and loud sounds are from one run to the next.
//!
//! The measures lie in a small file that can be deleted at any time. Its entries are known by the content of the
//! sounds, so they are never out of date, and two runs that write it at once lose a few entries and nothing else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::project::{Project, Projects};
use crate::files::ByteLimit;
use crate::library::{NotedDigests, SoundStore, SoundUse};

/// The file of the lengths and loudness of sounds, among the notes of a project.
const MEASURES: &str = "measures";

/// The sound stores of the projects of a run.
#[derive(Default)]
pub struct Stores {
    projects: Projects,
    shelves: Mutex<BTreeMap<PathBuf, Arc<SoundStore>>>,
    sound_use: SoundUse,
    noted: NotedDigests,
}

impl Stores {
    /// Stores for a run that makes no track and only asks how long and loud sounds are.
    pub fn sparing() -> Self {
        Self { sound_use: SoundUse::Checking, ..Self::default() }
    }

    /// Stores for a run that plays one track, which holds its sounds itself, and begins at once.
    pub fn for_playing() -> Self {
        Self { sound_use: SoundUse::Playing, ..Self::default() }
    }

    /// The same, reading all files, whatever is noted of them.
    pub fn reading_all(self) -> Self {
        Self { noted: NotedDigests::Ignored, ..self }
    }

    /// The project that a script or a folder belongs to, with what `nidra.toml` says.
    pub fn project(&self, folder: &Path) -> Arc<Project> {
        self.projects.of(folder)
    }

    /// The store of a project.
    pub(super) fn of(&self, project: &Project) -> Arc<SoundStore> {
        let open = || {
            let known =
                Project::notes(&project.root).and_then(|notes| notes.read(MEASURES, ByteLimit::NOTES).ok());
            let (root, known) = (project.root.clone(), known.unwrap_or_default());
            Arc::new(SoundStore::new(root, known, self.sound_use, self.noted))
        };
        self.shelves().entry(project.root.clone()).or_insert_with(open).clone()
    }

    /// Forgets what files hold, because they may have changed.
    pub fn invalidate(&self) {
        self.projects.forget();
        self.shelves().values().for_each(|shelf| shelf.invalidate());
    }

    /// Keeps what was measured for the next run, if anything was. What cannot be written costs that run some time and
    /// is no error.
    pub fn keep(&self) {
        for (root, shelf) in self.shelves().iter() {
            if let Some(measures) = shelf.measures() {
                Project::notes(root).and_then(|notes| notes.write(MEASURES, &measures).ok());
            }
        }
    }

    fn shelves(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Arc<SoundStore>>> {
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
