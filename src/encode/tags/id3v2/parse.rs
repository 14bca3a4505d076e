//! Bytes of a tag to its frames: what the lint and the reader of provenance have in common.

use super::HEADER;

/// A frame as it stands in a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame<'t> {
    /// Its name.
    pub(super) id: [u8; 4],
    /// Its content.
    pub(super) body: &'t [u8],
}

/// The frames of a version 2.3 tag, or of the part of a frame that holds frames.
///
/// # Errors
/// The place of the first bytes that are no frame.
pub(super) fn frames(bytes: &[u8]) -> Result<Vec<Frame<'_>>, usize> {
    let mut frames = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let (id, size) = bytes[at..].first_chunk().and_then(frame_header).ok_or(at)?;
        let body = bytes[at + HEADER..].get(..size).ok_or(at)?;
        frames.push(Frame { id, body });
        at += HEADER + size;
    }
    Ok(frames)
}

/// Name and size of a frame of version 2.3 without flags.
fn frame_header(header: &[u8; HEADER]) -> Option<([u8; 4], usize)> {
    let [a, b, c, d, sizes @ .., 0, 0] = header else { return None };
    let id = [*a, *b, *c, *d];
    let named = id.iter().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let size = u32::from_be_bytes(*sizes) as usize;
    named.then_some((id, size))
}

/// A size of seven bits a byte; nothing if it is none.
pub(in super::super) fn sync_safe(bytes: [u8; 4]) -> Option<u32> {
    let plain = bytes.iter().all(|byte| *byte < 0x80);
    plain.then(|| bytes.iter().fold(0, |size, byte| size << 7 | u32::from(*byte)))
}

/// The texts of the body of a text frame, which begins with its encoding: one, or for `TXXX` two.
pub(in super::super) fn texts(body: &[u8]) -> Option<Vec<String>> {
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
