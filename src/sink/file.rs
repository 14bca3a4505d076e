//! A file that appears whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::SinkError;
use super::wav::Output;

/// Large enough that a block of a track is one write.
const BUFFER: usize = 1 << 20;

/// A file on its way to its target: a temporary file beside it until [`NewFile::finish`]. Dropped before
/// that, it leaves nothing behind, and what was at the target stays.
pub struct NewFile {
    file: BufWriter<File>,
    /// Zeros that are due: a hole where the file system knows holes. Seeking over them only when something
    /// follows leaves one seek a silence.
    due: u64,
    temporary: NamedTempFile,
    target: PathBuf,
}

impl NewFile {
    /// Begins a file. The folder of `target` is made if it is not there.
    ///
    /// # Errors
    /// If the folder or a file in it cannot be made, or the target is there and no ordinary file.
    pub fn create(target: &Path) -> Result<Self, SinkError> {
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
        let file = BufWriter::with_capacity(BUFFER, file);
        Ok(Self { file, due: 0, temporary, target: target.to_owned() })
    }

    /// Makes the file durable and puts it in its place.
    ///
    /// # Errors
    /// If the disk is full, or the target cannot be replaced; it is then what it was.
    pub fn finish(mut self) -> Result<(), SinkError> {
        let sync = |file: &mut Self| {
            file.file.flush()?;
            let end = file.file.seek(SeekFrom::End(0))? + file.due;
            // A hole at the end has no byte after it that would make the file as long as it is.
            file.file.get_ref().set_len(end)?;
            file.file.get_ref().sync_all()
        };
        sync(&mut self).map_err(|source| SinkError::new("write", &self.target, source))?;
        let Self { temporary, target, .. } = self;
        let persisted = temporary.persist(&target);
        persisted.map_err(|error| SinkError::new("replace", &target, error.error))?;
        // The new name is durable only when the folder is; where folders cannot be synced, they need not be.
        File::open(folder_of(&target)).and_then(|folder| folder.sync_all()).ok();
        Ok(())
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
