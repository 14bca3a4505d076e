//! The paths of all files that a run writes: no two of them may be one file.
//!
//! Checked before the first is written. Names that differ in capitals or in the composition of letters alone are one
//! file on a stick, on macOS and on Windows, so they are one here.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::batch::Job;

/// Two files of a run that would be one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{}' would be both {first} and {second}", path.display())]
pub struct PathClash {
    /// The path of the second.
    pub path: PathBuf,
    /// The file that has the path.
    pub first: String,
    /// The file that cannot have it.
    pub second: String,
}

/// The files of a run by where they lie, and what each is.
#[derive(Default)]
pub struct Outputs {
    taken: BTreeMap<String, String>,
    /// Folders as they were given, and without links.
    folders: BTreeMap<PathBuf, PathBuf>,
}

impl Outputs {
    /// Takes a path for a file that is `what`, as in "the playlist".
    ///
    /// # Errors
    /// If another file of the run has it. The path stays the other's.
    pub fn take(&mut self, path: &Path, what: String) -> Result<(), PathClash> {
        let key = self.key(path);
        match self.taken.get(&key) {
            Some(first) => Err(PathClash { path: path.to_owned(), first: first.clone(), second: what }),
            None => {
                self.taken.insert(key, what);
                Ok(())
            }
        }
    }

    /// Takes the paths of a track and of all that lies beside it, or none of them.
    ///
    /// # Errors
    /// At the first that another file has.
    pub fn take_job(&mut self, job: &Job) -> Result<(), PathClash> {
        let Job { track, files } = job;
        let edition = track.session.edition.as_ref().map(|name| format!(", edition {name}"));
        let of = format!("'{}'{}", track.script(), edition.unwrap_or_default());
        let before = self.taken.clone();
        let tracks = files.iter().map(|(format, path)| (path.clone(), format.name()));
        // All formats of a track share what lies beside them.
        let beside = files
            .first()
            .into_iter()
            .flat_map(|(_, path)| track.sidecars().map(|kind| (track.sidecar_file(kind, path), kind.name())));
        let taken =
            tracks.chain(beside).try_for_each(|(path, kind)| self.take(&path, format!("the {kind} of {of}")));
        taken.inspect_err(|_| self.taken = before)
    }

    fn key(&mut self, path: &Path) -> String {
        let (folder, name) = folder_and_name(path);
        let folder = self.folders.entry(folder.to_owned()).or_insert_with_key(|folder| without_links(folder));
        let path = folder.join(name);
        path.to_string_lossy().nfc().collect::<String>().to_lowercase().nfc().collect()
    }
}

/// The path of an output with the links of its folder resolved; a link in its own place is replaced, not followed.
pub fn output_path(path: &Path) -> PathBuf {
    let (folder, name) = folder_and_name(path);
    without_links(folder).join(name)
}

fn folder_and_name(path: &Path) -> (&Path, &OsStr) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    (folder.unwrap_or(Path::new(".")), path.file_name().unwrap_or_default())
}

/// The path of a folder with the links of its existing part resolved.
fn without_links(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = path.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    there.map_or_else(|| path.clone(), |(above, real)| real.join(path.strip_prefix(above).unwrap_or(&path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_has_one_use_however_it_is_spelt() {
        let folder = tempfile::tempdir().unwrap();
        let mut outputs = Outputs::default();
        let mut take = |path: &str, what: &str| {
            outputs.take(&folder.path().join(path), what.to_owned()).map_err(|clash| clash.first)
        };
        assert_eq!(take("out/rest.mp3", "one"), Ok(()));
        assert_eq!(take("out/rest.txt", "two"), Ok(()));
        assert_eq!(take("out/./REST.mp3", "three"), Err("one".to_owned()));
        assert_eq!(take("out/\u{e9}t\u{e9}.mp3", "four"), Ok(()));
        assert_eq!(take("out/E\u{301}te\u{301}.mp3", "five"), Err("four".to_owned()));
        #[cfg(unix)]
        {
            std::fs::create_dir(folder.path().join("real")).unwrap();
            std::os::unix::fs::symlink("real", folder.path().join("link")).unwrap();
            assert_eq!(take("real/a.mp3", "six"), Ok(()));
            assert_eq!(take("link/a.mp3", "seven"), Err("six".to_owned()));
            assert_eq!(take("link/deep/a.mp3", "eight"), Ok(()));
            assert_eq!(take("real/deep/a.mp3", "nine"), Err("eight".to_owned()));
        }
    }
}
