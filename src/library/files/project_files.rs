//! The files of a project: where they are, how they are known, and what they say of themselves. Each is looked at once.
//!
//! Behind `sound_store.rs`. Must not know levels, or what a file is wanted for.
#![allow(clippy::disallowed_methods, reason = "this is where sounds are read from the disk")]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::decode::{Outline, Recording};
use super::loaded_file::{ChangeCheck, LoadedFile};
use super::open_file::{OpenFile, Stamp, foresee_head};
use super::resamplers::Resamplers;
use crate::audio::SoundError;
use crate::digest::{Digest, digest_of_reader};
use crate::files;
use crate::library::analysis::identity;
use crate::library::names::path::{PathError, path_within, place_within, stays_within};

/// The thoroughness of the look at a file before it is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// It is known by its bytes and decoded from end to end: all that is wrong with a sound is known before anything is
    /// made of it.
    #[default]
    Thorough,
    /// It is known by its name, its length and when it was written, as `make` knows files, and is as long as its header
    /// says. What is heard may yet turn out to be broken, but no listener waits until hours of speech are read.
    Glance,
}

/// The findings about each file by its path, each made once.
type Looked<T> = Mutex<BTreeMap<String, Arc<OnceLock<Result<T, SoundError>>>>>;

/// The files below the root of a project.
pub(crate) struct Files {
    root: PathBuf,
    /// The same without links, once it was looked for.
    real_root: OnceLock<Option<PathBuf>>,
    /// Its folders, as paths without links.
    folders: Mutex<BTreeMap<String, Result<PathBuf, PathError>>>,
    look: Look,
    /// The digests by which files are known, and their stamps when that was seen.
    known: Looked<(Digest, Stamp)>,
    /// Their lengths and their rates.
    outlines: Looked<Option<Outline>>,
}

impl Files {
    pub(crate) fn new(root: PathBuf, look: Look) -> Self {
        let (real_root, folders) = (OnceLock::new(), Mutex::default());
        Self { root, real_root, folders, look, known: Mutex::default(), outlines: Mutex::default() }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn look(&self) -> Look {
        self.look
    }

    /// Forgets all of them, because they may have changed.
    pub(crate) fn look_again(&self) {
        locked(&self.folders).clear();
        locked(&self.known).clear();
        locked(&self.outlines).clear();
    }

    /// A short number for what a file holds, as far as it is looked at: equal numbers, equal sounds.
    pub(crate) fn known(&self, path: &str) -> Result<Digest, SoundError> {
        Ok(self.look_at(path)?.0)
    }

    /// Returns the digest by which a file is known to a run that only glances at it.
    pub(crate) fn at_a_glance(&self, path: &str) -> Result<Digest, SoundError> {
        Ok(identity::of_stamp(path, self.look_at(path)?.1))
    }

    fn look_at(&self, path: &str) -> Result<(Digest, Stamp), SoundError> {
        once(&self.known, path, || {
            let file = self.open(path)?;
            if self.look == Look::Glance {
                foresee_head(&file);
            }
            // The stamp comes first, so that a change while the file is read is seen later.
            let known = Stamp::of(&file).and_then(|stamp| match self.look {
                Look::Thorough => Ok((digest_of_reader(file)?, stamp)),
                Look::Glance => Ok((identity::of_stamp(path, stamp), stamp)),
            });
            known.map_err(|error| SoundError::unreadable(path, error.to_string()))
        })
    }

    /// Returns what is known of a file without decoding it; `None` if it has to be decoded from its beginning to its
    /// end.
    pub(crate) fn outline(&self, path: &str) -> Result<Option<Outline>, SoundError> {
        once(&self.outlines, path, || {
            let file = self.open(path)?;
            let bytes =
                file.metadata().map_err(|error| SoundError::unreadable(path, error.to_string()))?.len();
            Ok(Recording::open(file, bytes).map(|recording| recording.outline()))
        })
    }

    /// A file, ready to be measured and heard.
    pub(crate) fn opened(&self, path: &str, resamplers: &Arc<Resamplers>) -> Result<LoadedFile, SoundError> {
        let (digest, stamp) = self.look_at(path)?;
        let proof = match self.look {
            Look::Thorough => ChangeCheck::Bytes(digest),
            Look::Glance => ChangeCheck::Stamp,
        };
        LoadedFile::new(path, OpenFile::new(self.open(path)?, stamp), proof, resamplers)
    }

    fn open(&self, path: &str) -> Result<File, SoundError> {
        let file = self.file(path).map_err(|error| match error {
            PathError::Missing => SoundError::MissingFile { path: path.to_owned() },
            PathError::Outside => SoundError::OutsideProject { path: path.to_owned() },
        })?;
        files::open(&file).map_err(|error| SoundError::unreadable(path, error.to_string()))
    }

    /// To follow a path to its end takes longer than to open it, and lines lie in one folder by the hundreds.
    fn file(&self, path: &str) -> Result<PathBuf, PathError> {
        stays_within(path)?;
        let root = self.real_root().ok_or(PathError::Missing)?;
        let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
        let found = locked(&self.folders)
            .entry(folder.to_owned())
            .or_insert_with(|| place_within(root, folder))
            .clone();
        let file = found?.join(name);
        // What is no file of its own may be a link, which leads anywhere.
        let is_plain = file.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
        if is_plain { Ok(file) } else { path_within(root, path) }
    }

    fn real_root(&self) -> Option<&Path> {
        self.real_root.get_or_init(|| self.root.canonicalize().ok()).as_deref()
    }
}

/// Returns the finding about a file, which is made now if it was not before.
fn once<T: Clone>(
    looked: &Looked<T>,
    path: &str,
    look: impl FnOnce() -> Result<T, SoundError>,
) -> Result<T, SoundError> {
    // The lock is held for the look-up only.
    let found = locked(looked).entry(path.to_owned()).or_default().clone();
    found.get_or_init(look).clone()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_where_its_path_leads() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("project");
        std::fs::create_dir_all(root.join("sounds/bells")).unwrap();
        for file in ["project/a.wav", "project/sounds/bells/b.wav", "secret.wav"] {
            std::fs::write(folder.path().join(file), file).unwrap();
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::symlink;
            symlink("a.wav", root.join("link.wav")).unwrap();
            symlink("../secret.wav", root.join("out.wav")).unwrap();
            symlink("sounds/bells", root.join("bells")).unwrap();
            symlink("..", root.join("up")).unwrap();
        }
        let files = Files::new(root.clone(), Look::Glance);
        let odd = [
            "",
            ".",
            "/a.wav",
            "C:a.wav",
            "sounds\\bells",
            "../secret.wav",
            "sounds/../../secret.wav",
            "sounds",
        ];
        let linked = ["link.wav", "out.wav", "bells/b.wav", "up/secret.wav", "up/project/a.wav"];
        let plain = ["a.wav", "sounds/bells/b.wav", "sounds/../a.wav", "sounds/bells/c.wav", "none/b.wav"];
        // Twice, for the second finds its folder known.
        for path in [odd.as_slice(), &linked, &plain].concat().repeat(2) {
            let through = path_within(files.real_root().unwrap(), path);
            let canonical = files.file(path).map(|file| file.canonicalize().unwrap());
            assert_eq!(canonical, through, "{path}");
        }
    }
}
