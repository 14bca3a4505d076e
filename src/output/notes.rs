//! nidra's notes for itself in a project: the folder, and the manifest of files that it has written.
//!
//! A file that holds a line of nidra's is known as ours by it. Files beside tracks hold none; they are known by their
//! tracks, and when these were deleted, by the manifest: what was written where, noted before it was written. To lose
//! the notes is no harm: then such a file is not nidra's until `--force`.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::new_file::{NewFile, folder_of};
use super::temporary::clear_leftovers;
use crate::files::{self, ByteLimit};

/// The folder of the notes, in the root of a project.
const NOTES_FOLDER: &str = ".nidra";

/// The manifest in that folder: a line for each file, with its digest and its path from the root.
const MANIFEST: &str = "manifest";

/// The manifest as it was at first, digests alone: it is read, and no more written.
const OLD_MANIFEST: &str = "beside";

/// The size at which the older half of the manifest goes, in bytes: some ten thousand files are remembered.
const MAX_MANIFEST_BYTES: u64 = 1 << 20;

/// The notes of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notes {
    root: PathBuf,
}

impl Notes {
    /// The notes of the project at `root`.
    pub fn of(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Reads a file among the notes.
    ///
    /// # Errors
    /// If it is not there, or cannot be read.
    pub fn read(&self, name: &str, limit: ByteLimit) -> io::Result<Vec<u8>> {
        files::read(&self.file(name), limit)
    }

    /// Writes a file among the notes, whole or not at all.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.prepare()?;
        clear_leftovers(&self.root.join(NOTES_FOLDER));
        let mut file = NewFile::create(&self.file(name)).map_err(io::Error::other)?;
        file.write_all(bytes)?;
        file.finish().map_err(io::Error::other)
    }

    /// Removes a file from the notes, if it is there.
    pub fn remove(&self, name: &str) {
        std::fs::remove_file(self.file(name)).ok();
    }

    /// Enters files and their digests into the manifest, each once. What cannot be noted costs no more than that.
    pub fn enter<'a>(&self, files: impl IntoIterator<Item = (&'a Path, &'a str)>) {
        let noted = self.text_of(MANIFEST);
        let new = files.into_iter().map(|(path, digest)| self.entry(path, digest));
        let lines: String = new.filter(|line| !has_line(&noted, line)).map(|line| line + "\n").collect();
        let path = self.file(MANIFEST);
        let append = || {
            self.prepare()?;
            // In one piece, so that two runs at once do not mingle their lines.
            let file = OpenOptions::new().append(true).create(true).open(&path)?;
            files::require_ordinary(&file.metadata()?)?;
            (&file).write_all(lines.as_bytes())
        };
        let is_in_the_way = std::fs::metadata(&path).is_ok_and(|there| !there.is_file());
        if lines.is_empty() || is_in_the_way || append().is_err() {
            return;
        }
        let all: Vec<&str> = noted.lines().chain(lines.lines()).collect();
        if (noted.len() + lines.len()) as u64 > MAX_MANIFEST_BYTES {
            let newer = all[all.len() / 2..].join("\n") + "\n";
            self.write(MANIFEST, newer.as_bytes()).ok();
        }
    }

    /// True if the manifest has a file of this digest at `path`.
    pub fn have(&self, path: &Path, digest: &str) -> bool {
        has_line(&self.text_of(MANIFEST), &self.entry(path, digest))
            || has_line(&self.text_of(OLD_MANIFEST), digest)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.root.join(NOTES_FOLDER).join(name)
    }

    /// Makes the folder of the notes, which keeps itself out of version control, as those of other tools do.
    fn prepare(&self) -> io::Result<()> {
        std::fs::create_dir_all(self.root.join(NOTES_FOLDER))?;
        // A link in its place is not followed.
        match File::create_new(self.file(".gitignore")) {
            Ok(mut ignore) => ignore.write_all(b"*\n"),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The line of a file whose folder is there.
    fn entry(&self, path: &Path, digest: &str) -> String {
        let folder = folder_of(path).canonicalize().unwrap_or_default();
        let path = folder.join(path.file_name().unwrap_or_default());
        let path = path.strip_prefix(&self.root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        // A line break in a name would part its line.
        format!("{digest} {}", path.escape_debug())
    }

    /// A text among the notes; nothing if it cannot be read.
    fn text_of(&self, name: &str) -> String {
        files::read_text(&self.file(name), ByteLimit(2 * MAX_MANIFEST_BYTES)).unwrap_or_default()
    }
}

fn has_line(text: &str, line: &str) -> bool {
    text.lines().any(|noted| noted == line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_entered_is_known_and_the_oldest_is_forgotten() {
        let project = tempfile::tempdir().unwrap();
        // As it is when the project is found.
        let root = project.path().canonicalize().unwrap();
        let (notes, path) = (Notes::of(&root), root.join("out/rest.vtt"));
        std::fs::create_dir(root.join("out")).unwrap();
        let digest = |n: usize| format!("{n:032x}");
        let enter = |numbers: &[usize]| {
            let digests: Vec<String> = numbers.iter().map(|n| digest(*n)).collect();
            notes.enter(digests.iter().map(|digest| (path.as_path(), digest.as_str())));
        };
        enter(&[1, 2]);
        enter(&[3]);
        // A run that was broken off enters the same again.
        let before = std::fs::read(root.join(".nidra/manifest")).unwrap();
        enter(&[2, 3]);
        assert_eq!(std::fs::read(root.join(".nidra/manifest")).unwrap(), before);
        assert_eq!(before.iter().filter(|byte| **byte == b'\n').count(), 3);
        let known = |n| notes.have(&path, &digest(n));
        assert_eq!([1, 2, 3, 4].map(known), [true, true, true, false]);
        assert!(!notes.have(&root.join("out/other.vtt"), &digest(1)));
        assert_eq!(std::fs::read_to_string(root.join(".nidra/.gitignore")).unwrap(), "*\n");
        enter(&(4..30_000).collect::<Vec<_>>());
        assert_eq!([1, 29_999].map(known), [false, true]);
        assert!(std::fs::metadata(root.join(".nidra/manifest")).unwrap().len() < MAX_MANIFEST_BYTES);
    }

    #[test]
    fn digests_of_versions_before_are_known_wherever_they_are() {
        let project = tempfile::tempdir().unwrap();
        std::fs::create_dir(project.path().join(".nidra")).unwrap();
        std::fs::write(project.path().join(".nidra/beside"), "aa\nbb\n").unwrap();
        let notes = Notes::of(project.path());
        assert!(notes.have(Path::new("rest.vtt"), "bb") && !notes.have(Path::new("rest.vtt"), "b"));
    }
}
