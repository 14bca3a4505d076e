//! nidra's notes for itself in a project: the folder, and the files beside tracks that it has written.
//!
//! A file beside a track is known as ours by the track. When the track was deleted, it is known by its content, which
//! was noted before it was written. To lose the notes is no harm: then such a file is not nidra's until `--force`.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::project::Project;
use crate::files::{self, ByteLimit};
use crate::output::NewFile;

/// The folder of the notes, in the root of a project.
const FOLDER: &str = ".nidra";

/// The digests of files, a line each, in that folder.
const BESIDE: &str = "beside";

/// Longer than this, the older half goes: thirty thousand files are remembered.
const LONGEST: u64 = 1 << 20;

/// A file among the notes of the project at `root`; none in a folder that is no project, which is not littered.
pub(crate) fn file(root: &Path, name: &str) -> Option<PathBuf> {
    Project::is_root(root).then(|| root.join(FOLDER).join(name))
}

/// Makes the folder of the notes, which keeps itself out of version control, as those of other tools do.
pub(crate) fn prepare(root: &Path) -> io::Result<()> {
    let folder = root.join(FOLDER);
    std::fs::create_dir_all(&folder)?;
    // A link in its place is not followed.
    match File::create_new(folder.join(".gitignore")) {
        Ok(mut ignore) => ignore.write_all(b"*\n"),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Notes that files of these digests are ours, each once. What cannot be noted costs no more than that.
pub(crate) fn note(root: &Path, digests: &[String]) {
    let Some(path) = file(root, BESIDE) else { return };
    let noted = noted(&path);
    let new = digests.iter().filter(|digest| !has_line(&noted, digest));
    let lines: String = new.map(|digest| format!("{digest}\n")).collect();
    if lines.is_empty() {
        return;
    }
    let append = || {
        prepare(root)?;
        // In one piece, so that two runs at once do not mingle their lines.
        let file = OpenOptions::new().append(true).create(true).open(&path)?;
        files::require_ordinary(&file.metadata()?)?;
        (&file).write_all(lines.as_bytes())
    };
    let is_in_the_way = std::fs::metadata(&path).is_ok_and(|there| !there.is_file());
    if !is_in_the_way && append().is_ok() && (noted.len() + lines.len()) as u64 > LONGEST {
        halve(&path).ok();
    }
}

/// True if a file of this digest was noted.
pub(crate) fn is_noted(root: &Path, digest: &str) -> bool {
    file(root, BESIDE).is_some_and(|path| has_line(&noted(&path), digest))
}

/// The lines that are noted; none if they cannot be read.
fn noted(path: &Path) -> String {
    files::read_text(path, ByteLimit(2 * LONGEST)).unwrap_or_default()
}

fn has_line(noted: &str, digest: &str) -> bool {
    noted.lines().any(|line| line == digest)
}

fn halve(path: &Path) -> io::Result<()> {
    let notes = noted(path);
    let lines: Vec<&str> = notes.lines().collect();
    let mut file = NewFile::create(path).map_err(io::Error::other)?;
    lines[lines.len() / 2..].iter().try_for_each(|line| writeln!(file, "{line}"))?;
    file.finish().map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_is_known_and_the_oldest_is_forgotten() {
        let project = tempfile::tempdir().unwrap();
        let root = project.path();
        let digest = |n: usize| format!("{n:032x}");
        note(root, &[digest(1)]);
        assert!(!root.join(FOLDER).exists(), "a folder that is no project was littered");
        std::fs::write(root.join("nidra.toml"), "").unwrap();
        note(root, &[digest(1), digest(2)]);
        note(root, &[digest(3)]);
        // A run that was broken off notes the same again.
        let before = std::fs::read(root.join(".nidra/beside")).unwrap();
        note(root, &[digest(2), digest(3)]);
        assert_eq!(std::fs::read(root.join(".nidra/beside")).unwrap(), before);
        let known = |n| is_noted(root, &digest(n));
        assert_eq!([1, 2, 3, 4].map(known), [true, true, true, false]);
        assert_eq!(std::fs::read_to_string(root.join(".nidra/.gitignore")).unwrap(), "*\n");
        note(root, &(4..40_000).map(digest).collect::<Vec<_>>());
        assert_eq!([1, 39_999].map(known), [false, true]);
        assert!(std::fs::metadata(root.join(".nidra/beside")).unwrap().len() < LONGEST);
    }
}
