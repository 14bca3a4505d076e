//! Ordinary files: opened without waiting, and read up to a limit.
//!
//! A leaf that all who read files use. A pipe that no program writes to would be waited for, and a device has no end,
//! so neither is ever read; a file is asked for its kind once more when it is open, because its name may have got
//! another meaning since. Must not know what is in a file.
#![allow(clippy::disallowed_methods, reason = "the one place where files are opened to be read")]

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The largest file that is read into memory as a whole, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteLimit(pub u64);

impl ByteLimit {
    /// Texts of people: a script, a voice, a feed. The longest real ones have some hundred kilobytes.
    pub const TEXT: Self = Self(16 << 20);
    /// Pictures, and files beside a track: what tags can hold (16 MB), and as much again.
    pub const PICTURE: Self = Self(32 << 20);
    /// nidra's own notes: the loudness of a thousand hours of recordings has 144 MB.
    pub const NOTES: Self = Self(256 << 20);
}

/// Opens an ordinary file to be read. A link is followed.
///
/// # Errors
/// If it is not there or may not be read, and if it is a pipe, a device or a folder.
pub fn open(path: &Path) -> io::Result<File> {
    // By its name first, because merely to open some devices has effects.
    require_ordinary(&std::fs::metadata(path)?)?;
    let file = open_without_waiting(path)?;
    require_ordinary(&file.metadata()?)?;
    Ok(file)
}

/// Reads the whole of an ordinary file.
///
/// # Errors
/// As for [`open`], and if it is larger than `limit`.
pub fn read(path: &Path, limit: ByteLimit) -> io::Result<Vec<u8>> {
    read_to_limit(open(path)?, limit)
}

/// Reads an ordinary file that is UTF-8.
///
/// # Errors
/// As for [`read`], and with [`io::ErrorKind::InvalidData`] if it is not UTF-8.
pub fn read_text(path: &Path, limit: ByteLimit) -> io::Result<String> {
    String::from_utf8(read(path, limit)?).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// Reads to the end of `source`.
///
/// # Errors
/// If it cannot be read, or holds more than `limit`.
pub fn read_to_limit(source: impl Read, limit: ByteLimit) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more tells a file of just that size from a larger one.
    source.take(limit.0 + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > limit.0 {
        true => Err(io::Error::other(format!("it is larger than {} MB", limit.0 >> 20))),
        false => Ok(bytes),
    }
}

/// Refuses all but ordinary files.
///
/// # Errors
/// If it is a pipe, a device or a folder.
pub fn require_ordinary(there: &std::fs::Metadata) -> io::Result<()> {
    match there.is_file() {
        true => Ok(()),
        false if there.is_dir() => Err(io::Error::other("it is a folder")),
        false => Err(io::Error::other("it is a pipe or a device, and no file")),
    }
}

#[cfg(unix)]
fn open_without_waiting(path: &Path) -> io::Result<File> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    // Neither a pipe without a writer nor a terminal holds this up; of an ordinary file it changes nothing.
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    File::options().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open_without_waiting(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text");
        std::fs::write(&path, "eight by").unwrap();
        let read = |limit| read_text(&path, ByteLimit(limit)).map_err(|error| error.to_string());
        assert_eq!(read(8), Ok("eight by".to_owned()));
        assert_eq!(read(7), Err("it is larger than 0 MB".to_owned()));
        std::fs::write(&path, b"\xff").unwrap();
        assert_eq!(read_text(&path, ByteLimit(8)).unwrap_err().kind(), io::ErrorKind::InvalidData);
        assert_eq!(open(&folder.path().join("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_ordinary_file_is_never_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let made = std::process::Command::new("mkfifo").arg(path("pipe")).status().unwrap();
        assert!(made.success());
        std::os::unix::fs::symlink("/dev/zero", path("zero")).unwrap();
        std::os::unix::fs::symlink("pipe", path("link")).unwrap();
        for name in ["pipe", "zero", "link", ""] {
            let refused = read(&path(name), ByteLimit::TEXT).unwrap_err().to_string();
            assert!(refused.starts_with("it is a "), "{name}: {refused}");
        }
        // The pipe is known by its handle, too: its name may have been that of a file a moment ago.
        let opened = open_without_waiting(&path("pipe")).unwrap();
        assert!(require_ordinary(&opened.metadata().unwrap()).is_err());
    }
}
