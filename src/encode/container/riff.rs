//! WAV and RF64: `ISFT` and `ISRC` of `LIST INFO`, and where the samples begin.

use std::io::{self, Read, Seek};

use super::{TrackHeader, array, broken, skip, text};

/// The most chunks that are looked at; ours have seven.
const MAX_CHUNKS: usize = 4096;

/// Reads the chunks after the first four bytes of the file, as far as needed.
pub(super) fn read(file: &mut (impl Read + Seek), header: &mut TrackHeader) -> io::Result<()> {
    let [_, _, _, _, kind @ ..] = array::<8>(file)?;
    if &kind != b"WAVE" {
        return Err(broken());
    }
    let mut large_data = None;
    for _ in 0..MAX_CHUNKS {
        let (id, size) = chunk(file)?;
        match &id {
            b"ds64" => large_data = Some(ds64(file, size)?),
            b"LIST" => info(file, size, header)?,
            b"data" => {
                header.sound_start.get_or_insert(file.stream_position()?);
                let large = (size == u32::MAX).then(|| large_data.unwrap_or(u64::MAX));
                skip_padded(file, large.unwrap_or(size.into()))?;
            }
            _ => skip_padded(file, size.into())?,
        }
        if header.software.is_some() && header.sound_start.is_some() {
            return Ok(());
        }
    }
    Err(broken())
}

/// Reads the words of a `LIST` chunk of `size` bytes, and goes over it.
fn info(file: &mut (impl Read + Seek), size: u32, header: &mut TrackHeader) -> io::Result<()> {
    let mut left = u64::from(size).checked_sub(4).ok_or_else(broken)?;
    if &array(file)? != b"INFO" {
        return skip_padded(file, left);
    }
    while left >= 8 {
        let (id, size) = chunk(file)?;
        left = left.saturating_sub(8 + u64::from(size) + u64::from(size % 2));
        let word = match &id {
            b"ISFT" => &mut header.software,
            b"ISRC" => &mut header.provenance,
            _ => {
                skip_padded(file, u64::from(size))?;
                continue;
            }
        };
        let words = text(file, size)?;
        *word = words.map(|words| String::from_utf8_lossy(&words).trim_end_matches('\0').to_owned());
        skip(file, u64::from(size % 2))?;
    }
    Ok(())
}

fn chunk(file: &mut impl Read) -> io::Result<([u8; 4], u32)> {
    Ok((array(file)?, u32::from_le_bytes(array(file)?)))
}

/// Over the body of a chunk and its pad byte.
fn skip_padded(file: &mut impl Seek, bytes: u64) -> io::Result<()> {
    skip(file, bytes.saturating_add(bytes % 2))
}

/// The size of the samples in a `ds64` chunk of `size` bytes, and over it (EBU Tech 3306).
fn ds64(file: &mut (impl Read + Seek), size: u32) -> io::Result<u64> {
    // The size of the file, of its samples, and of more.
    let [_, _, _, _, _, _, _, _, data @ ..] = array::<16>(file)?;
    skip_padded(file, u64::from(size).saturating_sub(16))?;
    Ok(u64::from_le_bytes(data))
}
