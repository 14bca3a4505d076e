//! A WAV file that appears whole or not at all.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::format::WavFormat;
use super::writer::{Output, WavWriter};
use crate::audio::Block;
use crate::sink::{Sink, SinkError};
use crate::units::Frames;

/// A WAV on its way to `target`: a temporary file beside it until [`WavFile::finish`]. Dropped
/// before that, it leaves nothing behind, and what was at the target stays.
pub struct WavFile {
    writer: WavWriter<Sparse>,
    temporary: NamedTempFile,
    target: PathBuf,
}

impl WavFile {
    /// Begins a WAV of exactly `length` frames. The folder of `target` is made if it is not there.
    ///
    /// # Errors
    /// If the folder or a file in it cannot be made, or the target is there and no ordinary file.
    pub fn create(target: &Path, format: WavFormat, length: Frames, title: &str) -> Result<Self, SinkError> {
        let failed = |source| SinkError::new("write", target, source);
        // The rename would put a file in the place of a pipe, or, for root, of `/dev/null`.
        if std::fs::metadata(target).is_ok_and(|there| !there.is_file()) {
            let reason = io::Error::other("it is a pipe, a device or a folder");
            return Err(SinkError::new("replace", target, reason));
        }
        let folder = folder_of(target);
        std::fs::create_dir_all(folder)
            .map_err(|source| SinkError::new("make the folder", folder, source))?;
        let temporary = temporary_in(folder).map_err(failed)?;
        let file = temporary.as_file().try_clone().map_err(failed)?;
        let writer = WavWriter::new(Sparse::new(file), format, length, title).map_err(failed)?;
        Ok(Self { writer, temporary, target: target.to_owned() })
    }

    /// Makes the file durable and puts it in its place.
    ///
    /// # Errors
    /// If the disk is full, or the target cannot be replaced; it is then what it was.
    pub fn finish(self) -> Result<(), SinkError> {
        let Self { writer, temporary, target } = self;
        let failed = |source| SinkError::new("write", &target, source);
        writer.finish().and_then(Sparse::finish).map_err(failed)?;
        let persisted = temporary.persist(&target);
        persisted.map_err(|error| SinkError::new("replace", &target, error.error))?;
        // The new name is durable only when the folder is; where folders cannot be synced, they need not be.
        File::open(folder_of(&target)).and_then(|folder| folder.sync_all()).ok();
        Ok(())
    }
}

impl Sink for WavFile {
    fn write(&mut self, block: Block<'_>) -> io::Result<()> {
        self.writer.write(block)
    }
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".nidra-").suffix(".tmp");
    #[cfg(unix)]
    {
        // Temporary files are private; a track is a file like any other, so the umask decides.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// A file in which zeros are holes, where the file system knows holes.
struct Sparse {
    file: io::BufWriter<File>,
    /// Zeros that are due. Seeking over them only when something follows leaves one seek a silence.
    due: u64,
}

impl Sparse {
    fn new(file: File) -> Self {
        // Large enough that a block is one write.
        Self { file: io::BufWriter::with_capacity(1 << 20, file), due: 0 }
    }

    fn finish(mut self) -> io::Result<()> {
        self.file.flush()?;
        let end = self.file.stream_position()? + self.due;
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        // A hole at the end has no byte after it that would make the file as long as it is.
        file.set_len(end)?;
        file.sync_all()
    }
}

impl Output for Sparse {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.due > 0 {
            let over = i64::try_from(std::mem::take(&mut self.due)).map_err(io::Error::other)?;
            self.file.seek(SeekFrom::Current(over))?;
        }
        self.file.write_all(bytes)
    }

    fn zeros(&mut self, count: u64) -> io::Result<()> {
        self.due += count;
        Ok(())
    }
}
