//! MP3's own blocks: where each begins and ends in a stream, and where its sound does.
//!
//! A packet is four bytes of header, side information, and room for sound. A packet's sound may begin in the
//! room that packets before it left over (the *bit reservoir*): `begin` says how many bytes before.
//! All of it is ISO 11172-3, 2.4.1 and 2.4.2.

/// Frames in a packet.
pub(super) const PACKET_FRAMES: u64 = 1152;

/// The farthest that sound can begin before its packet, in bytes: `main_data_begin` has nine bits.
pub(super) const MAX_BEGIN_BYTES: usize = 511;

/// Bit rates in kb/s by their index in the header, 2.4.2.3.
const KBPS: [u32; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

/// Sample rates by their index in the header, 2.4.2.3.
const HZ: [u32; 3] = [44_100, 48_000, 32_000];

/// The place of a packet in its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Its first byte.
    pub at: usize,
    /// Its bytes.
    pub length: usize,
    /// Those of them that are header and side information.
    pub head: usize,
    /// Distance from its own room back to the start of its sound, in bytes of room.
    pub begin: usize,
}

impl Place {
    /// Reads the header of the packet whose first byte is `bytes[at]`, if there is a whole packet of MPEG-1
    /// Layer III without CRC.
    fn parse(bytes: &[u8], at: usize) -> Option<Self> {
        let [sync, kind, rates, modes, begin, more, ..] = *bytes.get(at..)? else { return None };
        if sync != 0xFF || kind != 0xFB {
            return None;
        }
        let kbps = *KBPS.get(usize::from(rates >> 4)).filter(|kbps| **kbps > 0)?;
        let hz = *HZ.get(usize::from(rates >> 2 & 3))?;
        let padding = u32::from(rates >> 1 & 1);
        let length = usize::try_from(144_000 * kbps / hz + padding).ok()?;
        let mono = modes >> 6 == 3;
        let head = if mono { 4 + 17 } else { 4 + 32 };
        let begin = usize::from(begin) << 1 | usize::from(more >> 7);
        (at + length <= bytes.len()).then_some(Self { at, length, head, begin })
    }

    /// The bytes that are room for sound.
    pub(super) fn room(&self) -> std::ops::Range<usize> {
        self.at + self.head..self.at + self.length
    }
}

/// A stream of packets, cut up.
pub(super) struct Packets {
    bytes: Vec<u8>,
    places: Vec<Place>,
}

impl Packets {
    /// Cuts a stream up, if it is nothing but whole packets.
    pub(super) fn parse(bytes: Vec<u8>) -> Option<Self> {
        let mut places = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let place = Place::parse(&bytes, at)?;
            at += place.length;
            places.push(place);
        }
        Some(Self { bytes, places })
    }

    /// Returns the number of packets.
    pub(super) fn count(&self) -> usize {
        self.places.len()
    }

    /// Returns the distance from a packet's own room back to the start of its sound, in bytes of room.
    pub(super) fn begin(&self, index: usize) -> usize {
        self.places[index].begin
    }

    /// The bytes of a packet, and how many of them are header and side information.
    pub(super) fn packet(&self, index: usize) -> (&[u8], usize) {
        let place = self.places[index];
        (&self.bytes[place.at..place.at + place.length], place.head)
    }

    /// The last `length` bytes of room before a packet, in order.
    pub(super) fn room_before(&self, index: usize, length: usize) -> Vec<u8> {
        let mut room = Vec::with_capacity(length);
        for place in self.places[..index].iter().rev() {
            let missing = length - room.len();
            room.extend(self.bytes[place.room()].iter().rev().take(missing));
        }
        room.reverse();
        room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A packet of 64 kb/s mono at 48 kHz: 192 bytes, of which 21 are its head; its room is filled with `fill`.
    fn packet(begin: usize, fill: u8) -> Vec<u8> {
        let mut packet = vec![fill; 192];
        packet[..6].copy_from_slice(&[0xFF, 0xFB, 0x54, 0xC0, (begin >> 1) as u8, (begin << 7) as u8]);
        packet
    }

    #[test]
    fn a_stream_is_cut_into_its_packets() {
        let packets = Packets::parse([packet(0, 1), packet(301, 2), packet(511, 3)].concat()).unwrap();
        assert_eq!(packets.count(), 3);
        assert_eq!([0, 1, 2].map(|index| packets.begin(index)), [0, 301, 511]);
        let (bytes, head) = packets.packet(1);
        assert_eq!((bytes.len(), head), (192, 21));
        let room = packets.room_before(2, 175);
        assert_eq!(room, [vec![1; 4], vec![2; 171]].concat());
    }

    #[test]
    fn what_is_not_whole_packets_is_not_cut() {
        let whole = packet(0, 1);
        assert!(Packets::parse(whole[..191].to_vec()).is_none());
        assert!(Packets::parse([whole.as_slice(), &[0]].concat()).is_none());
        for (byte, value) in [(0, 0xFE), (1, 0xFA), (2, 0xF4), (2, 0x04), (2, 0x5C)] {
            let mut broken = whole.clone();
            broken[byte] = value;
            assert!(Packets::parse(broken).is_none(), "{byte} {value:x}");
        }
    }
}
