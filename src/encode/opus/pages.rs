//! Opus packets in Ogg pages (RFC 3533, RFC 7845 section 3). The home of `ogg`.

use std::io::{self, Write};

use ogg::{PacketWriteEndInfo, PacketWriter};

use super::encoder::PACKET_FRAMES;

/// The number of the stream, which only streams in one file must not share. Fixed, so that a track is the
/// same bytes every time.
const SERIAL: u32 = u32::from_be_bytes(*b"nidr");

/// Packets of a page: a second, the longest that RFC 7845 (section 6) advises, so that seeking is quick.
const PAGE_PACKETS: u32 = 50;

/// Segments that a page can hold, and that the largest packet takes (RFC 3533, section 6).
const PAGE_SEGMENTS: usize = 255;
const MAX_PACKET_SEGMENTS: usize = 6;

/// Writes the pages of one track.
pub(super) struct Pages<W: Write> {
    ogg: PacketWriter<'static, W>,
    /// The end of the track, in frames from the first that is decoded.
    end: u64,
    written: u64,
    /// Packets and segments of the page that is being filled.
    packets: u32,
    segments: usize,
}

impl<W: Write> Pages<W> {
    /// Begins with the two packets of the header, each on pages of its own. The track ends at this frame,
    /// counted from the first that is decoded.
    ///
    /// # Errors
    /// If the output refuses them.
    pub(super) fn begin(output: W, identification: &[u8], tags: &[u8], end: u64) -> io::Result<Self> {
        let mut ogg = PacketWriter::new(output);
        for header in [identification, tags] {
            ogg.write_packet(header.to_vec(), SERIAL, PacketWriteEndInfo::EndPage, 0)?;
        }
        Ok(Self { ogg, end, written: 0, packets: 0, segments: 0 })
    }

    /// Appends a packet. The one in which the track ends, ends the stream: what it holds after that is not
    /// played (RFC 7845, section 4.4).
    ///
    /// # Errors
    /// If the output refuses it.
    pub(super) fn push(&mut self, packet: Vec<u8>) -> io::Result<()> {
        self.written += 1;
        self.packets += 1;
        self.segments += packet.len() / 255 + 1;
        let position = self.written * PACKET_FRAMES as u64;
        let full = self.packets == PAGE_PACKETS || self.segments + MAX_PACKET_SEGMENTS > PAGE_SEGMENTS;
        let end = match position {
            _ if position >= self.end => PacketWriteEndInfo::EndStream,
            _ if full => PacketWriteEndInfo::EndPage,
            _ => PacketWriteEndInfo::NormalPacket,
        };
        if full {
            (self.packets, self.segments) = (0, 0);
        }
        self.ogg.write_packet(packet, SERIAL, end, position.min(self.end))
    }

    /// Packets written so far.
    pub(super) fn written(&self) -> u64 {
        self.written
    }
}
