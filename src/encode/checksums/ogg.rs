//! Pages of Ogg (RFC 3533, section 6), as far as checksums need them.
//!
//! A program that writes other comments into a track numbers all its pages anew, so the digest of the sound leaves the number
//! and the checksum of a page out. Both are checked instead while it is made.

use std::io::{self, Read};

use super::Digest;
use super::digest::short;

/// Bytes of a page before its table of segments.
const HEADER: usize = 27;

/// Offsets of the number and of the checksum in a page (RFC 3533, section 6).
const NUMBER: usize = 18;
const CHECKSUM: usize = 22;

/// A page as it stands in a file.
pub(super) struct Page(Vec<u8>);

impl Page {
    /// Reads the next page.
    ///
    /// # Errors
    /// With [`io::ErrorKind::InvalidData`] if there is something else, and if the file ends.
    pub(super) fn read(file: &mut impl Read) -> io::Result<Self> {
        let mut bytes = vec![0; HEADER];
        file.read_exact(&mut bytes)?;
        if !bytes.starts_with(b"OggS\0") {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let segments = usize::from(bytes[HEADER - 1]);
        bytes.resize(HEADER + segments, 0);
        file.read_exact(&mut bytes[HEADER..])?;
        let body: usize = bytes[HEADER..].iter().map(|size| usize::from(*size)).sum();
        let start = bytes.len();
        bytes.resize(start + body, 0);
        file.read_exact(&mut bytes[start..])?;
        Ok(Self(bytes))
    }

    /// Its length in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.0.len() as u64
    }

    /// Packets that end in it: a packet is segments of 255 bytes and one that is shorter.
    pub(super) fn packets_ended(&self) -> usize {
        let segments = usize::from(self.0[HEADER - 1]);
        self.0[HEADER..HEADER + segments].iter().filter(|size| **size < 255).count()
    }

    fn number(&self) -> u32 {
        u32::from_le_bytes(self.0[NUMBER..CHECKSUM].try_into().expect("four bytes"))
    }

    fn is_intact(&self) -> bool {
        self.0[CHECKSUM..CHECKSUM + 4] == self.checksum()
    }

    /// The checksum that belongs into it.
    pub(super) fn checksum(&self) -> [u8; 4] {
        let blank = |at| (CHECKSUM..CHECKSUM + 4).contains(&at);
        let bytes = self.0.iter().enumerate().map(|(at, byte)| if blank(at) { 0 } else { *byte });
        crc(bytes).to_le_bytes()
    }
}

/// Offset in a file of the checksum of the page that begins at `start`.
pub(super) fn checksum_place(start: u64) -> u64 {
    start + CHECKSUM as u64
}

/// The digest of pages of together `bytes`. Pages that are broken, or not in the order of their numbers, have another one.
///
/// # Errors
/// If the file cannot be read.
pub(super) fn digest(file: &mut impl Read, bytes: u64) -> io::Result<Digest> {
    let mut hasher = blake3::Hasher::new();
    let (mut left, mut number) = (bytes, None);
    while left > 0 {
        let page = match Page::read(file) {
            Ok(page) => page,
            Err(error) if is_of_content(&error) => break,
            Err(error) => return Err(error),
        };
        let follows = number.is_none_or(|number: u32| page.number() == number.wrapping_add(1));
        if !follows || !page.is_intact() || page.bytes() > left {
            break;
        }
        hasher.update(&page.0[..NUMBER]).update(&page.0[CHECKSUM + 4..]);
        (left, number) = (left - page.bytes(), Some(page.number()));
    }
    hasher.update(&left.to_le_bytes());
    Ok(short(&hasher))
}

/// Puts zeros in the place of the checksum of each page of a header that has the right one; a wrong one stays, and with it the
/// header has another digest.
pub(super) fn clear_checksums(header: &mut [u8]) {
    let mut start = 0;
    while let Ok(page) = Page::read(&mut &header[start..]) {
        if page.is_intact() {
            header[start + CHECKSUM..][..4].fill(0);
        }
        start += page.0.len();
    }
}

/// True if a read failed because of the content of the file.
pub(super) fn is_of_content(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData)
}

/// The CRC of a page: generator 0x04c11db7, no reflection, zero at the start (RFC 3533, section 6, field 7).
fn crc(bytes: impl Iterator<Item = u8>) -> u32 {
    bytes.fold(0, |crc: u32, byte| crc << 8 ^ CRC_TABLE[usize::from((crc >> 24) as u8 ^ byte)])
}

const CRC_TABLE: [u32; 256] = crc_table();

const fn crc_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = (byte as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000_0000 == 0 { crc << 1 } else { crc << 1 ^ 0x04c1_1db7 };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
}
