//! A file that appears whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::bytes::Output;
use super::error::OutputError;
use super::temporary::temporary_in;
use crate::files::require_ordinary;

/// Large enough that a block of a track is one write.
const BUFFER_BYTES: usize = 1 << 20;

/// A file on its way to its target: a temporary file beside it until [`NewFile::finish`]. Dropped before
/// that, it leaves nothing behind, and what was at the target stays. A target that is a link is replaced itself: what
/// it points to, wherever that is, stays as it is.
pub struct NewFile {
    file: BufWriter<File>,
    /// Zeros that are due: a hole where the file system knows holes. Seeking over them only when something
    /// follows leaves one seek a silence.
    due: u64,
    temporary: NamedTempFile,
    target: PathBuf,
}

impl NewFile {
    /// Begins a file in a folder that is there: see [`make_folder_of`].
    ///
    /// # Errors
    /// If no file can be made there, or the target is there and no ordinary file.
    pub fn create(target: &Path) -> Result<Self, OutputError> {
        let failed = |source| OutputError::io("write", target, source);
        // The rename would put a file in the place of a pipe, or, for root, of `/dev/null`.
        if let Ok(there) = std::fs::metadata(target) {
            require_ordinary(&there).map_err(|reason| OutputError::io("replace", target, reason))?;
        }
        let temporary = temporary_in(folder_of(target)).map_err(failed)?;
        let file = temporary.as_file().try_clone().map_err(failed)?;
        let file = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(Self { file, due: 0, temporary, target: target.to_owned() })
    }

    /// Makes the file durable and puts it in its place, durably too.
    ///
    /// # Errors
    /// As for [`NewFile::place`].
    pub fn finish(self) -> Result<(), OutputError> {
        let target = self.target.clone();
        self.place()?;
        sync_folder_of(&target);
        Ok(())
    }

    /// Makes the file durable and puts it in its place. After a power cut it is there whole, or what was there before
    /// is; [`sync_folder_of`] settles which, for all files of a folder at once. To sync a folder takes as long as to
    /// sync a short file.
    ///
    /// # Errors
    /// If the disk is full, or the target cannot be replaced; it is then what it was.
    pub fn place(mut self) -> Result<(), OutputError> {
        let synced = self.written().and_then(|file| file.sync_all());
        synced.map_err(|source| OutputError::io("write", &self.target, source))?;
        let Self { temporary, target, .. } = self;
        let persisted = temporary.persist(&target);
        persisted.map_err(|error| OutputError::io("replace", &target, error.error))?;
        Ok(())
    }

    /// The file with all that was written to it so far, to be read and changed.
    ///
    /// # Errors
    /// If the disk is full.
    pub(crate) fn written(&mut self) -> io::Result<&mut File> {
        self.file.flush()?;
        let end = self.file.seek(SeekFrom::End(0))? + std::mem::take(&mut self.due);
        // A hole at the end has no byte after it that would make the file as long as it is.
        self.file.get_ref().set_len(end)?;
        Ok(self.file.get_mut())
    }

    fn pass_over_zeros(&mut self) -> io::Result<()> {
        match std::mem::take(&mut self.due) {
            0 => Ok(()),
            due => {
                let over = i64::try_from(due).map_err(io::Error::other)?;
                self.file.seek(SeekFrom::Current(over)).map(|_| ())
            }
        }
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pass_over_zeros()?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for NewFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.pass_over_zeros()?;
        self.file.seek(to)
    }
}

impl Output for NewFile {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn zeros(&mut self, count: u64) -> io::Result<()> {
        self.due += count;
        Ok(())
    }
}

/// Makes the folder of `target`, if it is not there.
///
/// # Errors
/// If it cannot be made.
pub fn make_folder_of(target: &Path) -> Result<(), OutputError> {
    let folder = folder_of(target);
    std::fs::create_dir_all(folder).map_err(|source| OutputError::io("make the folder", folder, source))
}

/// Makes the names in the folder of `target` durable. Where folders cannot be synced, they need not be.
pub fn sync_folder_of(target: &Path) {
    File::open(folder_of(target)).and_then(|folder| folder.sync_all()).ok();
}

pub(super) fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is in a folder, name and text.
    fn content(folder: &Path) -> Vec<(String, String)> {
        let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
        let mut content: Vec<_> = entries
            .map(|entry| {
                let text = std::fs::read_to_string(entry.path()).unwrap();
                (entry.file_name().into_string().unwrap(), text)
            })
            .collect();
        content.sort();
        content
    }

    fn begun(target: &Path, text: &str) -> NewFile {
        let mut file = NewFile::create(target).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    #[track_caller]
    fn check(folder: &Path, expected: &[(&str, &str)]) {
        let expected: Vec<_> = expected.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
        assert_eq!(content(folder), expected);
    }

    #[test]
    fn two_that_write_one_file_both_leave_it_whole_and_the_later_wins() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("track");
        let (first, second) = (begun(&target, "first"), begun(&target, "second"));
        assert_eq!(super::super::clear_leftovers(folder.path()), 0);
        second.finish().unwrap();
        check_track(folder.path(), "second");
        first.finish().unwrap();
        check(folder.path(), &[("track", "first")]);
    }

    /// The track beside temporary files.
    #[track_caller]
    fn check_track(folder: &Path, text: &str) {
        assert_eq!(std::fs::read_to_string(folder.join("track")).unwrap(), text);
    }

    #[test]
    fn what_is_dropped_unfinished_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("track");
        begun(&target, "old").finish().unwrap();
        drop(begun(&target, "new"));
        check(folder.path(), &[("track", "old")]);
    }

    #[test]
    fn a_folder_that_went_or_came_meanwhile_is_an_error_and_harms_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        std::fs::create_dir(&out).unwrap();
        let file = begun(&out.join("track"), "new");
        std::fs::remove_dir_all(&out).unwrap();
        let error = file.finish().unwrap_err();
        assert!(
            matches!(&error, OutputError::Io { act: "replace", source, .. } if source.kind() == io::ErrorKind::NotFound)
        );
        assert!(NewFile::create(&out.join("track")).is_err() && !out.exists());
        make_folder_of(&out.join("track")).unwrap();
        let file = begun(&out.join("track"), "new");
        std::fs::create_dir(out.join("track")).unwrap();
        assert!(matches!(file.finish().unwrap_err(), OutputError::Io { act: "replace", .. }));
        assert!(std::fs::read_dir(out.join("track")).unwrap().next().is_none());
        assert_eq!(std::fs::read_dir(&out).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_replaced_itself_and_what_it_points_to_stays() {
        let folder = tempfile::tempdir().unwrap();
        let [master, target] = ["master", "track"].map(|name| folder.path().join(name));
        std::fs::write(&master, "old").unwrap();
        std::os::unix::fs::symlink(&master, &target).unwrap();
        begun(&target, "new").finish().unwrap();
        check(folder.path(), &[("master", "old"), ("track", "new")]);
        std::fs::remove_file(&target).unwrap();
        std::os::unix::fs::symlink("nowhere", &target).unwrap();
        begun(&target, "new").finish().unwrap();
        check(folder.path(), &[("master", "old"), ("track", "new")]);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_takes_no_files_is_named() {
        // Even for a superuser.
        let Err(error) = NewFile::create(Path::new("/dev/null/track.wav")) else {
            panic!("made in a device")
        };
        assert!(error.to_string().contains("'/dev/null/track.wav'"), "{error}");
    }
}
