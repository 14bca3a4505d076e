//! Ready-made packets of digital silence.

use super::format::Mp3Format;
use super::lame;
use super::packet::{MAX_BEGIN_BYTES, Packets};
use crate::encode::format::RateControl;
use crate::encode::work::EncodeError;

/// Makes packets of silence: LAME's header, and in the side information nothing but where the sound begins that
/// the packet does not have. The whole room is free for the sound of packets that follow.
pub(super) struct Silence {
    header: [u8; 4],
    length: usize,
    head: usize,
    /// Shortfall of packets of this length from the bit rate: `missing.0 / missing.1` bytes each.
    missing: (u64, u64),
}

/// The bit of the header's third byte that says that a packet is one byte longer (ISO 11172-3, 2.4.2.3).
const PADDING_FLAG: u8 = 0b10;

impl Silence {
    pub(super) fn new(format: Mp3Format) -> Result<Self, EncodeError> {
        let mut bytes = lame::silent_packet(format)?;
        let header = [bytes[0], bytes[1], bytes[2] & !PADDING_FLAG, bytes[3]];
        if bytes[2] & PADDING_FLAG != 0 {
            bytes.pop();
        }
        bytes[2] = header[2];
        let length = bytes.len();
        let packets = Packets::parse(bytes).expect("a packet of LAME's without its padding");
        let (_, head) = packets.packet(0);
        let hz = u64::from(format.rate.hz());
        let missing = match format.mode {
            RateControl::Constant(kbps) => 144_000 * u64::from(kbps.get()) % hz,
            RateControl::Variable(_) => 0,
        };
        Ok(Self { header, length, head, missing: (missing, hz) })
    }

    /// The track's packet `index` if it is silent, and how many of its bytes are not room, where `free` bytes of room
    /// before it hold nothing.
    ///
    /// CBR pads as LAME does (`slot_lag` of `encoder.c`): as soon as the packets before are a byte short, rounded up.
    pub(super) fn packet(&self, index: u64, free: usize) -> (Vec<u8>, usize) {
        let (missing, of) = self.missing;
        let padded = |packets: u64| (packets * missing).div_ceil(of);
        let padding = index > 0 && padded(index) > padded(index - 1);
        let mut packet = vec![0; self.length + usize::from(padding)];
        packet[..4].copy_from_slice(&self.header);
        packet[2] |= if padding { PADDING_FLAG } else { 0 };
        // Decoders forget what lies before the beginning of a packet's sound (ffmpeg, libmad), even where it has
        // none. So silence begins as early as it can, and they remember the room for the packets that follow.
        let begin = free.min(MAX_BEGIN_BYTES);
        packet[4] = (begin >> 1) as u8;
        packet[5] = (begin << 7) as u8;
        (packet, self.head)
    }
}
