//! WAV and RF64: `ISFT` and `ISRC` of `LIST INFO`.

use std::io::{self, Read, Seek};

use super::{Marks, array, broken, skip, text};

/// Chunks that are looked at, and words of a list; ours have seven and eleven.
const MOST_CHUNKS: usize = 4096;

/// After the first four bytes.
pub(super) fn read(file: &mut (impl Read + Seek)) -> io::Result<Marks> {
    let [_, _, _, _, kind @ ..] = array::<8>(file)?;
    if &kind != b"WAVE" {
        return Ok(Marks::default());
    }
    let mut large_data = None;
    for _ in 0..MOST_CHUNKS {
        let (id, size) = chunk(file)?;
        match &id {
            b"ds64" => large_data = Some(ds64(file, size)?),
            b"LIST" => {
                let marks = info(file, size)?;
                if marks.software.is_some() {
                    return Ok(marks);
                }
            }
            b"data" if size == u32::MAX => skip_padded(file, large_data.unwrap_or(u64::MAX))?,
            _ => skip_padded(file, u64::from(size))?,
        }
    }
    Err(broken())
}

/// The marks of a `LIST` chunk of `size` bytes, and over it.
fn info(file: &mut (impl Read + Seek), size: u32) -> io::Result<Marks> {
    let mut marks = Marks::default();
    let mut left = u64::from(size).checked_sub(4).ok_or_else(broken)?;
    if &array(file)? != b"INFO" {
        skip_padded(file, left)?;
        return Ok(marks);
    }
    while left >= 8 {
        let (id, size) = chunk(file)?;
        let padded = u64::from(size) + u64::from(size % 2);
        left = left.saturating_sub(8 + padded);
        let mark = match &id {
            b"ISFT" => &mut marks.software,
            b"ISRC" => &mut marks.provenance,
            _ => {
                skip_padded(file, u64::from(size))?;
                continue;
            }
        };
        let words = text(file, size)?;
        *mark = words.map(|words| String::from_utf8_lossy(&words).trim_end_matches('\0').to_owned());
        skip(file, u64::from(size % 2))?;
    }
    Ok(marks)
}

fn chunk(file: &mut impl Read) -> io::Result<([u8; 4], u32)> {
    Ok((array(file)?, u32::from_le_bytes(array(file)?)))
}

/// Over the body of a chunk and its pad byte.
fn skip_padded(file: &mut impl Seek, bytes: u64) -> io::Result<()> {
    skip(file, bytes.saturating_add(bytes % 2))
}

/// Returns the offset of the samples of a WAV or RF64.
///
/// # Errors
/// If the file cannot be read, or has no samples.
pub(in crate::encode) fn before_wav_samples(file: &mut (impl Read + Seek)) -> io::Result<u64> {
    file.rewind()?;
    array::<12>(file)?;
    for _ in 0..MOST_CHUNKS {
        match chunk(file)? {
            (id, _) if &id == b"data" => return file.stream_position(),
            (_, size) => skip_padded(file, u64::from(size))?,
        }
    }
    Err(broken())
}

/// The size of the samples in a `ds64` chunk of `size` bytes, and over it (EBU Tech 3306).
fn ds64(file: &mut (impl Read + Seek), size: u32) -> io::Result<u64> {
    // The size of the file, of its samples, and of more.
    let [_, _, _, _, _, _, _, _, data @ ..] = array::<16>(file)?;
    skip_padded(file, u64::from(size).saturating_sub(16))?;
    Ok(u64::from_le_bytes(data))
}
