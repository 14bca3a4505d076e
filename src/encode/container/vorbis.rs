//! Vorbis comments, of FLAC and of Opus: the vendor and `NIDRA`.

use std::io::{self, Read, Seek, SeekFrom};

use super::{PROVENANCE_KEY, TrackHeader, array, skip, text};

/// The metadata block that holds the comments (RFC 9639, section 8.1).
const VORBIS_COMMENT: u8 = 4;

/// Set in the header of the last metadata block (the same section).
const LAST_BLOCK: u8 = 0x80;

/// Reads the metadata blocks of FLAC, after the first four bytes of the file.
pub(super) fn read_flac(file: &mut (impl Read + Seek), header: &mut TrackHeader) -> io::Result<()> {
    loop {
        let [kind, size @ ..] = array::<4>(file)?;
        let size = u64::from(u32::from_be_bytes([0, size[0], size[1], size[2]]));
        let start = file.stream_position()?;
        if kind & !LAST_BLOCK == VORBIS_COMMENT && header.provenance.is_none() {
            comments(&mut file.take(size), header)?;
            file.seek(SeekFrom::Start(start))?;
        }
        skip(file, size)?;
        if kind & LAST_BLOCK != 0 {
            header.sound_start = Some(start + size);
            return Ok(());
        }
    }
}

/// Reads a block of comments as far as needed.
pub(super) fn comments(block: &mut impl Read, header: &mut TrackHeader) -> io::Result<()> {
    header.software = comment(block)?;
    for _ in 0..u32::from_le_bytes(array(block)?) {
        let comment = comment(block)?;
        let named = comment.as_deref().and_then(|comment| comment.split_once('='));
        if let Some((_, line)) = named.filter(|(name, _)| name.eq_ignore_ascii_case(PROVENANCE_KEY)) {
            header.provenance = Some(line.to_owned());
            break;
        }
    }
    Ok(())
}

/// The next text with a size, or nothing if it is too long.
fn comment(block: &mut impl Read) -> io::Result<Option<String>> {
    let size = u32::from_le_bytes(array(block)?);
    Ok(text(block, size)?.map(|text| String::from_utf8_lossy(&text).into_owned()))
}
