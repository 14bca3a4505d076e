//! The files of a project: where they are, what they hold as a digest, and what they say of themselves. Each is
//! looked at once in a run, and read only if its digest is not noted since it was last written to.
//!
//! Behind `sound_store.rs`. Must not know levels, or what a file is wanted for.
#![allow(clippy::disallowed_methods, reason = "this is where sounds are read from the disk")]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::decode::{Outline, Recording};
use super::loaded_sound::LoadedSound;
use super::open_file::{FileStamp, OpenFile, foresee_head};
use super::resamplers::Resamplers;
use crate::audio::SoundError;
use crate::digest::{Digest, digest_of, digest_of_reader};
use crate::files;
use crate::library::analysis::analysis_cache::AnalysisCache;
use crate::library::names::path::{PathError, path_within, place_within, stays_within};

/// The trust in digests that were noted in another run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NotedDigests {
    /// A noted digest stands for a file that was not written to since, by its length and its times, as git does it.
    #[default]
    Trusted,
    /// All files are read, for who wants to be sure.
    Ignored,
}

/// The diagnostics about each file by its path, each made once.
type Found<T> = Mutex<BTreeMap<String, Arc<OnceLock<Result<T, SoundError>>>>>;

/// The files below the root of a project.
pub(crate) struct ProjectFiles {
    root: PathBuf,
    /// The same without links, once it was looked for.
    real_root: OnceLock<Option<PathBuf>>,
    /// Its folders, as paths without links.
    folders: Mutex<BTreeMap<String, Result<PathBuf, PathError>>>,
    noted: NotedDigests,
    /// Their stamps when they were first looked at.
    stamps: Found<FileStamp>,
    digests: Found<Digest>,
    /// Their lengths and their rates.
    outlines: Found<Option<Outline>>,
}

impl ProjectFiles {
    pub(crate) fn new(root: PathBuf, noted: NotedDigests) -> Self {
        let (real_root, folders, stamps) = (OnceLock::new(), Mutex::default(), Mutex::default());
        Self {
            root,
            real_root,
            folders,
            noted,
            stamps,
            digests: Mutex::default(),
            outlines: Mutex::default(),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Forgets all of them, because they may have changed.
    pub(crate) fn invalidate(&self) {
        locked(&self.folders).clear();
        locked(&self.stamps).clear();
        locked(&self.digests).clear();
        locked(&self.outlines).clear();
    }

    /// Returns the digest of the bytes of a file.
    pub(crate) fn digest(&self, path: &str, cache: &AnalysisCache) -> Result<Digest, SoundError> {
        once(&self.digests, path, || {
            if let Some(digest) = self.noted_digest(path, cache)? {
                return Ok(digest);
            }
            let (stamp, file) = (self.stamp(path)?, self.open(path)?);
            let digest = digest_of_reader(&file).map_err(|error| unreadable(path, &error))?;
            let now = FileStamp::of(&file).map_err(|error| unreadable(path, &error))?;
            if !now.is_as_written(stamp) {
                return Err(SoundError::Changed { path: path.to_owned() });
            }
            if now == stamp && stamp.tells_of_writes() {
                cache.insert(digest_of(&(path, stamp)), &digest);
            }
            Ok(digest)
        })
    }

    /// Returns the digest of the bytes of a file, if it is known without reading it.
    pub(crate) fn known_digest(
        &self,
        path: &str,
        cache: &AnalysisCache,
    ) -> Result<Option<Digest>, SoundError> {
        let found = locked(&self.digests).get(path).and_then(|found| found.get().cloned());
        found.map_or_else(|| self.noted_digest(path, cache), |digest| digest.map(Some))
    }

    fn noted_digest(&self, path: &str, cache: &AnalysisCache) -> Result<Option<Digest>, SoundError> {
        let stamp = self.stamp(path)?;
        let noted = match self.noted {
            NotedDigests::Trusted => cache.get(&digest_of(&(path, stamp))),
            NotedDigests::Ignored => None,
        };
        Ok(noted.and_then(|digest| Digest::try_from(&*digest).ok()))
    }

    /// Returns the stamp of a file, and has its beginning fetched from the disk meanwhile.
    pub(crate) fn stamp(&self, path: &str) -> Result<FileStamp, SoundError> {
        once(&self.stamps, path, || {
            let file = self.open(path)?;
            foresee_head(&file);
            FileStamp::of(&file).map_err(|error| unreadable(path, &error))
        })
    }

    /// Returns what is known of a file without decoding it; `None` if it has to be decoded from its beginning to its
    /// end.
    pub(crate) fn outline(&self, path: &str) -> Result<Option<Outline>, SoundError> {
        once(&self.outlines, path, || {
            let file = self.open(path)?;
            let bytes = file.metadata().map_err(|error| unreadable(path, &error))?.len();
            Ok(Recording::open(file, bytes).map(|recording| recording.outline()))
        })
    }

    /// A file, ready to be measured and heard, that has still that digest.
    pub(crate) fn load(
        &self,
        path: &str,
        digest: &Digest,
        resamplers: &Arc<Resamplers>,
    ) -> Result<LoadedSound, SoundError> {
        let file = OpenFile::new(self.open(path)?, self.stamp(path)?);
        LoadedSound::of_file(path, file, digest, resamplers)
    }

    fn open(&self, path: &str) -> Result<File, SoundError> {
        let file = self.file(path).map_err(|error| match error {
            PathError::Missing => SoundError::MissingFile { path: path.to_owned() },
            PathError::Outside => SoundError::OutsideProject { path: path.to_owned() },
        })?;
        files::open(&file).map_err(|error| unreadable(path, &error))
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

/// Returns the diagnostic about a file, which is made now if it was not before.
fn once<T: Clone>(
    found: &Found<T>,
    path: &str,
    find: impl FnOnce() -> Result<T, SoundError>,
) -> Result<T, SoundError> {
    // The lock is held for the look-up only.
    let found = locked(found).entry(path.to_owned()).or_default().clone();
    found.get_or_init(find).clone()
}

fn unreadable(path: &str, error: &std::io::Error) -> SoundError {
    SoundError::unreadable(path, error.to_string())
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
        let files = ProjectFiles::new(root.clone(), NotedDigests::Trusted);
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
