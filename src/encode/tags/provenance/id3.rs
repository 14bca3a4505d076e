//! ID3v2.3, as ours is, and 2.4, to which some taggers turn it: `TXXX:NIDRA` and `TSSE`.

use std::io::{self, Read, Seek};

use super::super::id3v2::HEADER;
use super::super::id3v2::parse::{sync_safe, texts};
use super::{KEY, Marks, array, broken, skip, text};

/// After `ID3` and the version.
pub(super) fn read(version: u8, file: &mut (impl Read + Seek)) -> io::Result<Marks> {
    let mut marks = Marks::default();
    let [_, flags, size @ ..] = array::<6>(file)?;
    // Ours has no flags, and no program adds any without another reason than ours.
    if !matches!(version, 3 | 4) || flags != 0 {
        return Ok(marks);
    }
    let mut left = sync_safe(size).ok_or_else(broken)?;
    while left >= 10 {
        let [a, b, c, d, size @ .., _, flags] = array::<10>(file)?;
        let id = [a, b, c, d];
        if a == 0 {
            // Padding.
            break;
        }
        let size = if version == 4 { sync_safe(size) } else { Some(u32::from_be_bytes(size)) };
        let size = size.filter(|size| *size <= left - 10).ok_or_else(broken)?;
        left -= 10 + size;
        // A compressed or encrypted frame is none of ours, nor one after which more would have to be known.
        if flags != 0 || !matches!(&id, b"TSSE" | b"TXXX") {
            skip(file, u64::from(size))?;
            continue;
        }
        let Some(words) = text(file, size)?.and_then(|body| texts(&body)) else { continue };
        match (&id, words.as_slice()) {
            (b"TSSE", [software, ..]) => marks.software = Some(software.clone()),
            (b"TXXX", [key, provenance, ..]) if key == KEY => marks.provenance = Some(provenance.clone()),
            _ => {}
        }
        if marks.software.is_some() && marks.provenance.is_some() {
            break;
        }
    }
    Ok(marks)
}

/// Returns the offset of the sound, after the tag of version 2 that begins the file.
///
/// # Errors
/// If the file cannot be read, or the tag is broken.
pub(in crate::encode) fn after_id3(file: &mut (impl Read + Seek)) -> io::Result<u64> {
    /// A copy of the header stands at the end of the tag (id3v2.4.0, section 3.1).
    const FOOTER: u8 = 0x10;
    file.rewind()?;
    let [_, _, _, _, _, flags, size @ ..] = array::<HEADER>(file)?;
    let headers = if flags & FOOTER != 0 { 2 } else { 1 };
    let size = sync_safe(size).ok_or_else(broken)?;
    Ok(headers * HEADER as u64 + u64::from(size))
}
