//! FLAC and Ogg Opus: the vendor and `NIDRA` of the Vorbis comments.

use std::io::{self, Read, Seek, SeekFrom};

use super::super::MOST_BYTES;
use super::{KEY, MOST_TEXT, Marks, array, broken, skip};

/// The metadata block that holds the comments (RFC 9639, section 8.1).
const VORBIS_COMMENT: u8 = 4;

/// Set in the header of the last metadata block (the same section).
const LAST_BLOCK: u8 = 0x80;

/// A page of Ogg that goes on with a packet of the page before it (RFC 3533, section 6).
const CONTINUED: u8 = 1;

/// After the first four bytes.
pub(super) fn read_flac(file: &mut (impl Read + Seek)) -> io::Result<Marks> {
    loop {
        let [kind, size @ ..] = array::<4>(file)?;
        let size = u64::from(u32::from_be_bytes([0, size[0], size[1], size[2]]));
        if kind & 0x7f == VORBIS_COMMENT {
            return comments(&mut file.take(size));
        }
        if kind & LAST_BLOCK != 0 {
            // The last one.
            return Ok(Marks::default());
        }
        skip(file, size)?;
    }
}

/// Returns the offset of the frames of a FLAC file, after its metadata.
///
/// # Errors
/// If the file cannot be read, or is cut off before that.
pub(in crate::encode) fn after_flac_metadata(file: &mut (impl Read + Seek)) -> io::Result<u64> {
    file.seek(SeekFrom::Start(4))?;
    loop {
        let [kind, size @ ..] = array::<4>(file)?;
        skip(file, u64::from(u32::from_be_bytes([0, size[0], size[1], size[2]])))?;
        if kind & LAST_BLOCK != 0 {
            return file.stream_position();
        }
    }
}

/// From the first page on, which holds `OpusHead` and nothing else (RFC 7845, section 3); the comments are the
/// second packet.
pub(super) fn read_opus(file: &mut (impl Read + Seek)) -> io::Result<Marks> {
    let first = Page::read(file)?;
    if first.ends != Ends::Playhead || &array(file)? != b"OpusHead" {
        return Err(broken());
    }
    skip(file, first.length.checked_sub(8).ok_or_else(broken)?)?;
    let page = Page::read(file)?;
    if page.continued {
        return Err(broken());
    }
    let mut packet = Packet { file, left: page.length, ends: page.ends }.take(MOST_BYTES as u64);
    if &array(&mut packet)? != b"OpusTags" {
        return Err(broken());
    }
    comments(&mut packet)
}

/// The marks of a block of comments, which is read as far as needed.
fn comments(block: &mut impl Read) -> io::Result<Marks> {
    let vendor = comment(block)?;
    let mut marks = Marks { software: vendor, provenance: None };
    for _ in 0..u32::from_le_bytes(array(block)?) {
        let comment = comment(block)?;
        let named = comment.as_deref().and_then(|comment| comment.split_once('='));
        if let Some((_, provenance)) = named.filter(|(name, _)| name.eq_ignore_ascii_case(KEY)) {
            marks.provenance = Some(provenance.to_owned());
            break;
        }
    }
    Ok(marks)
}

/// The next text with a size, or nothing if it is too long.
fn comment(block: &mut impl Read) -> io::Result<Option<String>> {
    let size = u32::from_le_bytes(array(block)?);
    if size > MOST_TEXT {
        let skipped = io::copy(&mut block.take(u64::from(size)), &mut io::sink())?;
        return if skipped == u64::from(size) { Ok(None) } else { Err(broken()) };
    }
    let mut text = vec![0; size as usize];
    block.read_exact(&mut text)?;
    Ok(Some(String::from_utf8_lossy(&text).into_owned()))
}

/// The place where the first packet of a page ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    /// In it.
    Playhead,
    /// On a later one.
    Later,
}

/// A page of Ogg as far as its first packet goes (RFC 3533, section 6).
struct Page {
    continued: bool,
    /// Bytes of the first packet in this page.
    length: u64,
    ends: Ends,
}

impl Page {
    fn read(file: &mut impl Read) -> io::Result<Self> {
        // The mark, a version, flags, and 20 bytes of position, stream, number and checksum.
        let [b'O', b'g', b'g', b'S', 0, flags, .., segments] = array::<27>(file)? else {
            return Err(broken());
        };
        let mut sizes = vec![0; usize::from(segments)];
        file.read_exact(&mut sizes)?;
        // A packet is segments of 255 bytes, and ends with one that is shorter.
        let whole = sizes.iter().take_while(|size| **size == 255).count();
        let last = sizes.get(whole).map(|last| u64::from(*last));
        let ends = if last.is_some() { Ends::Playhead } else { Ends::Later };
        Ok(Self { continued: flags & CONTINUED != 0, length: whole as u64 * 255 + last.unwrap_or(0), ends })
    }
}

/// The first packet of a page, over as many pages as it takes.
struct Packet<'f, F> {
    file: &'f mut F,
    left: u64,
    ends: Ends,
}

impl<F: Read> Read for Packet<'_, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.left == 0 && self.ends == Ends::Later {
            let page = Page::read(self.file)?;
            if !page.continued {
                return Err(broken());
            }
            (self.left, self.ends) = (page.length, page.ends);
        }
        let read = self.file.take(self.left).read(buffer)?;
        self.left -= read as u64;
        Ok(read)
    }
}
