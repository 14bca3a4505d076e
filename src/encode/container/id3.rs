//! ID3v2.3, as ours is, and 2.4, to which some taggers turn it: `TXXX:NIDRA` and `TSSE`.

use std::io::{self, Read, Seek};

use super::{PROVENANCE_KEY, TrackHeader, array, broken, skip, text};

/// Bytes of the header of a tag, and of each of its frames (id3v2.3.0, sections 3.1 and 3.3).
const HEADER_BYTES: u32 = 10;

/// The flag of a copy of the header at the end of the tag (id3v2.4.0, section 3.1).
const FOOTER: u8 = 0x10;

/// Reads the tag of version 2 that begins the file, from its fourth byte on.
pub(super) fn read(file: &mut (impl Read + Seek), header: &mut TrackHeader) -> io::Result<()> {
    file.rewind()?;
    let [_, _, _, version, _, flags, size @ ..] = array::<10>(file)?;
    let mut left = sync_safe(size).ok_or_else(broken)?;
    let headers = if flags & FOOTER != 0 { 2 } else { 1 };
    header.sound_start = Some(u64::from(headers * HEADER_BYTES + left));
    // Ours has no flags, and no program adds any without another reason than ours.
    if !matches!(version, 3 | 4) || flags != 0 {
        return Ok(());
    }
    while left >= HEADER_BYTES && (header.software.is_none() || header.provenance.is_none()) {
        let [a, b, c, d, size @ .., _, flags] = array::<10>(file)?;
        let id = [a, b, c, d];
        if a == 0 {
            // Padding.
            break;
        }
        let size = if version == 4 { sync_safe(size) } else { Some(u32::from_be_bytes(size)) };
        let size = size.filter(|size| *size <= left - HEADER_BYTES).ok_or_else(broken)?;
        left -= HEADER_BYTES + size;
        // A compressed or encrypted frame is none of ours, nor one after which more would have to be known.
        if flags != 0 || !matches!(&id, b"TSSE" | b"TXXX") {
            skip(file, u64::from(size))?;
            continue;
        }
        let Some(words) = text(file, size)?.and_then(|body| texts(&body)) else { continue };
        match (&id, words.as_slice()) {
            (b"TSSE", [software, ..]) => header.software = Some(software.clone()),
            (b"TXXX", [key, line, ..]) if key == PROVENANCE_KEY => header.provenance = Some(line.clone()),
            _ => {}
        }
    }
    Ok(())
}

/// A size of seven bits a byte; nothing if it is none.
fn sync_safe(bytes: [u8; 4]) -> Option<u32> {
    let plain = bytes.iter().all(|byte| *byte < 0x80);
    plain.then(|| bytes.iter().fold(0, |size, byte| size << 7 | u32::from(*byte)))
}

/// The texts of the body of a text frame, which begins with its encoding: one, or for `TXXX` two.
fn texts(body: &[u8]) -> Option<Vec<String>> {
    let (encoding, text) = body.split_first()?;
    let text = match encoding {
        0 => text.iter().copied().map(char::from).collect(),
        1 | 2 => utf16(text)?,
        3 => String::from_utf8(text.to_vec()).ok()?,
        _ => return None,
    };
    Some(text.split('\0').map(|text| text.trim_start_matches('\u{feff}').to_owned()).collect())
}

/// UTF-16 of either byte order, big-endian where there is no mark.
fn utf16(bytes: &[u8]) -> Option<String> {
    let units = bytes.chunks_exact(2).map(|unit| [unit[0], unit[1]]);
    let little = bytes.starts_with(&[0xff, 0xfe]);
    let units = units.map(|unit| if little { u16::from_le_bytes(unit) } else { u16::from_be_bytes(unit) });
    char::decode_utf16(units).collect::<Result<_, _>>().ok()
}
