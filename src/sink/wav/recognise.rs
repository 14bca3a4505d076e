//! Whether a file is a track of ours, which may be replaced.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// What `ISFT` of our files begins with; the version follows.
pub(super) const SOFTWARE: &str = "nidra ";

/// True for a WAV whose `LIST INFO` says that nidra made it. Reads the headers of chunks only.
///
/// # Errors
/// If the file cannot be read. What is no WAV, a broken one, or no ordinary file is simply not ours.
pub fn is_ours(path: &Path) -> io::Result<bool> {
    // Not even opened: a pipe that nobody writes to would be waited for.
    if !std::fs::metadata(path)?.is_file() {
        return Ok(false);
    }
    let mut file = BufReader::new(File::open(path)?);
    match software(&mut file) {
        Ok(software) => Ok(software.is_some_and(|software| software.starts_with(SOFTWARE))),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

fn software(file: &mut (impl Read + Seek)) -> io::Result<Option<String>> {
    let mut start = [0; 12];
    file.read_exact(&mut start)?;
    if !matches!(&start[..4], b"RIFF" | b"RF64") || &start[8..] != b"WAVE" {
        return Ok(None);
    }
    let mut large_data = None;
    loop {
        let (id, size) = chunk(file)?;
        match &id {
            b"ds64" => {
                let mut sizes = [0; 16];
                file.read_exact(&mut sizes)?;
                large_data = sizes[8..].try_into().ok().map(u64::from_le_bytes);
                skip(file, u64::from(size).saturating_sub(16))?;
            }
            b"LIST" => {
                if let Some(software) = info(file, size)? {
                    return Ok(Some(software));
                }
            }
            b"data" if size == u32::MAX => skip(file, large_data.unwrap_or(u64::MAX))?,
            _ => skip(file, u64::from(size))?,
        }
    }
}

/// The `ISFT` of a `LIST` chunk of `size` bytes.
fn info(file: &mut (impl Read + Seek), size: u32) -> io::Result<Option<String>> {
    let mut kind = [0; 4];
    file.read_exact(&mut kind)?;
    let mut left = u64::from(size).saturating_sub(4);
    if &kind != b"INFO" {
        skip(file, left)?;
        return Ok(None);
    }
    while left >= 8 {
        let (id, size) = chunk(file)?;
        let padded = u64::from(size) + u64::from(size % 2);
        left = left.saturating_sub(8 + padded);
        if &id == b"ISFT" {
            let mut text = Vec::new();
            file.take(u64::from(size.min(256))).read_to_end(&mut text)?;
            return Ok(Some(String::from_utf8_lossy(&text).into_owned()));
        }
        skip(file, u64::from(size))?;
    }
    Ok(None)
}

fn chunk(file: &mut impl Read) -> io::Result<([u8; 4], u32)> {
    let (mut id, mut size) = ([0; 4], [0; 4]);
    file.read_exact(&mut id)?;
    file.read_exact(&mut size)?;
    Ok((id, u32::from_le_bytes(size)))
}

/// Over a chunk and its pad byte.
fn skip(file: &mut impl Seek, bytes: u64) -> io::Result<()> {
    let to = file.stream_position()?.saturating_add(bytes.saturating_add(bytes % 2));
    // Programs that write to a pipe say "as large as can be", and file systems refuse to seek that far.
    if to > file.seek(SeekFrom::End(0))? {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    file.seek(SeekFrom::Start(to)).map(|_| ())
}
