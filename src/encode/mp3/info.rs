//! The header packet: how long the track is exactly, and where in the file each hundredth of it is.
//!
//! The layout is Xing's with LAME's extension (`VbrTag.c`). LAME itself fills in what describes its settings.

use super::crc;
use super::format::Mp3Format;
use super::lame;
use super::packet::{PACKET_FRAMES, Packets};
use super::stitch::Stream;
use crate::encode::work::EncodeError;
use crate::units::Frames;

/// Frames that LAME's stream begins before the track (`ENCDELAY` of `encoder.h`).
const DELAY_FRAMES: u64 = 576;

// Offsets in bytes from the four letters `Xing` or `Info`.
const PACKETS: usize = 8;
const BYTES: usize = 12;
const HUNDREDTHS: usize = 16;
const TRIM: usize = 141;
const MUSIC_LENGTH: usize = 148;
const MUSIC_CRC: usize = 152;
const TAG_CRC: usize = 154;

/// A header packet.
pub(super) struct Info {
    packet: Vec<u8>,
    /// Offset of the four letters in the packet.
    at: usize,
}

impl Info {
    /// A header with everything in it but what only the end of the stream knows.
    pub(super) fn new(format: Mp3Format) -> Result<Self, EncodeError> {
        let packet = lame::info_packet(format)?;
        let packets = Packets::parse(packet.clone()).expect("LAME's header is a packet");
        let (_, at) = packets.packet(0);
        Ok(Self { packet, at })
    }

    /// The bytes of the packet.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.packet
    }

    /// Fills in what the stream turned out to be, for a track of `length`.
    pub(super) fn complete(&mut self, stream: &Stream, length: Frames) -> Result<(), EncodeError> {
        let bytes = stream.bytes + self.packet.len() as u64;
        let (Ok(packets), Ok(bytes)) = (u32::try_from(stream.packets), u32::try_from(bytes)) else {
            let message = "MP3 cannot say that it is longer than 4 GiB; write fewer kilobits a second";
            return Err(EncodeError::Unsupported(message.to_owned()));
        };
        self.put(PACKETS, &packets.to_be_bytes());
        self.put(BYTES, &bytes.to_be_bytes());
        let own = self.packet.len() as u64;
        let seek: Vec<u8> = stream
            .hundredths
            .iter()
            .map(|before| (256 * (own + before) / u64::from(bytes)).min(255) as u8)
            .collect();
        self.put(HUNDREDTHS, &seek);
        let padding = stream.packets * PACKET_FRAMES - DELAY_FRAMES - length.0;
        let trim = (DELAY_FRAMES << 12 | padding) as u32;
        self.put(TRIM, &trim.to_be_bytes()[1..]);
        self.put(MUSIC_LENGTH, &bytes.to_be_bytes());
        self.put(MUSIC_CRC, &stream.crc.to_be_bytes());
        let tag = crc::update(0, &self.packet[..self.at + TAG_CRC]);
        self.put(TAG_CRC, &tag.to_be_bytes());
        Ok(())
    }

    fn put(&mut self, at: usize, bytes: &[u8]) {
        self.packet[self.at + at..][..bytes.len()].copy_from_slice(bytes);
    }
}
