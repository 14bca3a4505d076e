//! Pages of Ogg (RFC 3533, section 6), and the headers of Opus in them (RFC 7845, section 3).

use std::io::{self, Read, Seek, SeekFrom};

use super::vorbis::comments;
use super::{TrackHeader, array, broken, skip};
use crate::encode::tags::MAX_TAG_BYTES;

/// Bytes of a page before its table of segments.
const PAGE_HEADER_BYTES: usize = 27;

/// A page that goes on with a packet of the page before it.
const CONTINUED: u8 = 1;

/// Reads the two header packets of Opus, of which each ends its page. The first page holds `OpusHead` and nothing else;
/// the comments are the second packet.
pub(super) fn read_opus(file: &mut (impl Read + Seek), header: &mut TrackHeader) -> io::Result<()> {
    file.rewind()?;
    let first = PageHeader::read(file)?;
    if !first.ends_packet() || &array(file)? != b"OpusHead" {
        return Err(broken());
    }
    skip(file, first.body_bytes().checked_sub(8).ok_or_else(broken)?)?;
    let start = file.stream_position()?;
    let page = PageHeader::read(file)?;
    if page.is_continued() {
        return Err(broken());
    }
    let left = page.first_packet_bytes();
    let mut packet = PacketReader { file: &mut *file, page, left }.take(MAX_TAG_BYTES as u64);
    if &array(&mut packet)? != b"OpusTags" {
        return Err(broken());
    }
    comments(&mut packet, header)?;
    file.seek(SeekFrom::Start(start))?;
    loop {
        let page = PageHeader::read(file)?;
        skip(file, page.body_bytes())?;
        if page.ends_packet() {
            header.sound_start = Some(file.stream_position()?);
            return Ok(());
        }
    }
}

/// The header of a page with its table of segments: a packet is segments of 255 bytes and one that is shorter.
struct PageHeader(Vec<u8>);

impl PageHeader {
    fn read(file: &mut impl Read) -> io::Result<Self> {
        let start = array::<PAGE_HEADER_BYTES>(file)?;
        let [b'O', b'g', b'g', b'S', 0, .., segments] = start else { return Err(broken()) };
        let mut bytes = start.to_vec();
        bytes.resize(PAGE_HEADER_BYTES + usize::from(segments), 0);
        file.read_exact(&mut bytes[PAGE_HEADER_BYTES..])?;
        Ok(Self(bytes))
    }

    fn segments(&self) -> &[u8] {
        &self.0[PAGE_HEADER_BYTES..]
    }

    fn is_continued(&self) -> bool {
        self.0[5] & CONTINUED != 0
    }

    fn ends_packet(&self) -> bool {
        self.segments().iter().any(|size| *size < 255)
    }

    fn body_bytes(&self) -> u64 {
        self.segments().iter().map(|size| u64::from(*size)).sum()
    }

    /// Bytes of its first packet that it holds.
    fn first_packet_bytes(&self) -> u64 {
        let whole = self.segments().iter().take_while(|size| **size == 255).count();
        whole as u64 * 255 + self.segments().get(whole).map_or(0, |last| u64::from(*last))
    }
}

/// The first packet of a page, over as many pages as it takes.
struct PacketReader<'f, F> {
    file: &'f mut F,
    page: PageHeader,
    /// Bytes of the packet in this page that were not read yet.
    left: u64,
}

impl<F: Read> Read for PacketReader<'_, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.left == 0 && !self.page.ends_packet() {
            self.page = PageHeader::read(self.file)?;
            if !self.page.is_continued() {
                return Err(broken());
            }
            self.left = self.page.first_packet_bytes();
        }
        let read = self.file.take(self.left).read(buffer)?;
        self.left -= read as u64;
        Ok(read)
    }
}

/// A whole page as it stands in a file.
pub(in crate::encode) struct Page(Vec<u8>);

impl Page {
    /// Offsets of the number and of the checksum in a page.
    const NUMBER: usize = 18;
    pub(in crate::encode) const CHECKSUM: usize = 22;

    /// Reads the next page.
    ///
    /// # Errors
    /// With [`io::ErrorKind::InvalidData`] if there is something else, and if the file ends.
    pub(in crate::encode) fn read(file: &mut impl Read) -> io::Result<Self> {
        let header = PageHeader::read(file)?;
        let body = header.body_bytes() as usize;
        let PageHeader(mut bytes) = header;
        let start = bytes.len();
        bytes.resize(start + body, 0);
        file.read_exact(&mut bytes[start..])?;
        Ok(Self(bytes))
    }

    /// Its length in bytes.
    pub(in crate::encode) fn bytes(&self) -> u64 {
        self.0.len() as u64
    }

    /// Its number in the stream.
    pub(in crate::encode) fn number(&self) -> u32 {
        u32::from_le_bytes(self.0[Self::NUMBER..Self::CHECKSUM].try_into().expect("four bytes"))
    }

    /// Its bytes without those of its number and checksum.
    pub(in crate::encode) fn unnumbered(&self) -> [&[u8]; 2] {
        [&self.0[..Self::NUMBER], &self.0[Self::CHECKSUM + 4..]]
    }

    /// True if its checksum belongs to it.
    pub(in crate::encode) fn is_intact(&self) -> bool {
        self.0[Self::CHECKSUM..Self::CHECKSUM + 4] == self.checksum()
    }

    /// The checksum that belongs into it.
    pub(in crate::encode) fn checksum(&self) -> [u8; 4] {
        let blank = |at| (Self::CHECKSUM..Self::CHECKSUM + 4).contains(&at);
        let bytes = self.0.iter().enumerate().map(|(at, byte)| if blank(at) { 0 } else { *byte });
        crc(bytes).to_le_bytes()
    }
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
