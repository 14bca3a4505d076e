//! A file that stays open: read from several places at once, and known to be what it was.
//!
//! Behind `project_files.rs` and `streamed/`. Must not know what is in it.
#![allow(clippy::disallowed_methods, reason = "a file that was written to just now is not trusted")]

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::digest::{Digested, Digester};

/// The metadata by which a file is known to be what it was. It decides what is read again, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileStamp {
    /// In bytes.
    length: u64,
    /// Not all systems say when.
    modified: Option<SystemTime>,
    /// Its number on its disk, and when it was last changed in any way, in seconds and nanoseconds; zero where a system
    /// does not say.
    status: [u64; 3],
}

/// The time within which two writes of a file may have one time: that of FAT is even seconds.
const COARSEST_TIME_S: u64 = 2;

impl FileStamp {
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        #[cfg(unix)]
        let status = {
            use std::os::unix::fs::MetadataExt;
            [metadata.ino(), metadata.ctime().cast_unsigned(), metadata.ctime_nsec().cast_unsigned()]
        };
        #[cfg(not(unix))]
        let status = [0; 3];
        Ok(Self { length: metadata.len(), modified: metadata.modified().ok(), status })
    }

    /// True if the file was not written to between the two. That it was renamed or deleted makes no difference to those who
    /// have it open.
    pub(crate) fn is_as_written(self, before: Self) -> bool {
        (self.length, self.modified) == (before.length, before.modified)
    }

    /// True if a later write to the file would change its stamp: it was not written to just now.
    pub(crate) fn tells_of_writes(&self) -> bool {
        let age = self.modified.and_then(|modified| SystemTime::now().duration_since(modified).ok());
        age.is_some_and(|age| age.as_secs() >= COARSEST_TIME_S)
    }
}

impl Digested for FileStamp {
    fn digest_into(&self, to: &mut Digester) {
        let Self { length, modified, status: [number, seconds, nanoseconds] } = self;
        let since = modified.map(|time| time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default());
        let modified = since.map(|since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX));
        to.field("length", length)
            .field("modified", &modified)
            .field("number", number)
            .field("changed", seconds)
            .field("changed-ns", nanoseconds);
    }
}

/// Tells the system that the head of a file is about to be read, and does not wait for it: it then reads those of many
/// files at a time. A talk of 2560 lines that was never heard, read from the disk, begins after 250 ms so, and after
/// 450 without (measured).
#[cfg(target_os = "linux")]
pub(crate) fn foresee_head(file: &File) {
    use rustix::fs::{Advice, fadvise};
    /// As much as tells how long most recordings are.
    const HEAD_BYTES: u64 = 8192;
    // Without it the head is read when it is needed.
    let _ = fadvise(file, 0, std::num::NonZeroU64::new(HEAD_BYTES), Advice::WillNeed);
}

/// Other systems are not told.
#[cfg(not(target_os = "linux"))]
pub(crate) fn foresee_head(_file: &File) {}

/// An open file.
#[derive(Debug)]
pub(crate) struct OpenFile {
    /// Its position belongs to the holder of the lock.
    file: Mutex<File>,
    stamp: FileStamp,
}

impl OpenFile {
    /// A file that had that stamp when its content was looked at.
    pub(crate) fn new(file: File, stamp: FileStamp) -> Self {
        Self { file: Mutex::new(file), stamp }
    }

    /// True if it has not been written to since.
    pub(crate) fn is_unchanged(&self) -> bool {
        FileStamp::of(&self.locked()).is_ok_and(|now| now.is_as_written(self.stamp))
    }

    /// Returns the length that it had, in bytes.
    pub(crate) fn length(&self) -> u64 {
        self.stamp.length
    }

    /// Returns a reader that begins at its beginning, whatever other readers do.
    pub(crate) fn reader(self: &Arc<Self>) -> FileReader {
        FileReader { file: self.clone(), at: 0 }
    }

    fn locked(&self) -> MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reader of an open file, with a position of its own.
pub(crate) struct FileReader {
    file: Arc<OpenFile>,
    at: u64,
}

impl Read for FileReader {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let mut file = self.file.locked();
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.read(bytes)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for FileReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.file.stamp.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
