//! Parts and silence to one stream.
//!
//! The sound of a part's first packet may begin in the room of packets before it. Those are of another encoder, or
//! silence; what they leave free takes it. So a part need not begin with an empty reservoir, which would cost the
//! first second after every seam its quality.

use std::collections::VecDeque;
use std::io::{self, Write};

use super::crc;
use super::packet::{MAX_BEGIN_BYTES, Packets};
use super::plan::{OVERLAP_PACKETS, Part};
use super::silence::Silence;

/// Packets that are pending back because sound may still be put into their room: the shortest, 32 kb/s at 48 kHz in
/// stereo, has 60 bytes of room.
const MAX_PENDING_PACKETS: usize = MAX_BEGIN_BYTES.div_ceil(60);

/// The facts about a stream that the header needs.
pub(super) struct Stream {
    /// Packets, without the header's own.
    pub packets: u64,
    /// Bytes, without the header's own.
    pub bytes: u64,
    /// CRC of the bytes.
    pub crc: u16,
    /// Bytes before each hundredth of the packets.
    pub hundredths: Vec<u64>,
}

/// Joins parts.
pub(super) struct Stitcher<'w, W> {
    output: &'w mut W,
    silence: Silence,
    /// The last packets, each with the length of its head.
    pending: VecDeque<(Vec<u8>, usize)>,
    /// Bytes of room at the end of what there is that no sound needs.
    free: usize,
    /// The next packet.
    next: u64,
    /// The part before, if the next one may continue it, and the first packet of it that was not used yet.
    open: Option<(Part, Packets)>,
    /// Packets in the track.
    total: u64,
    stream: Stream,
}

impl<'w, W: Write> Stitcher<'w, W> {
    /// For a track of `total` packets.
    pub(super) fn new(output: &'w mut W, silence: Silence, total: u64) -> Self {
        let stream = Stream { packets: 0, bytes: 0, crc: 0, hundredths: Vec::with_capacity(100) };
        Self { output, silence, pending: VecDeque::new(), free: 0, next: 0, open: None, total, stream }
    }

    /// Adds the next part.
    pub(super) fn join(&mut self, part: &Part, packets: Packets) -> io::Result<()> {
        let first = match &self.open {
            Some((before, packets_before)) if part.continues() => {
                seam(before, packets_before, part, &packets)
            }
            _ => *part.first.start(),
        };
        self.close(first)?;
        self.silence_to(first)?;
        let index = index(part, first);
        self.put_back(&packets.room_before(index, packets.begin(index)))?;
        self.open = Some((part.clone(), packets));
        // What cannot be part of a seam need not wait.
        self.take_open(part.end.saturating_sub(OVERLAP_PACKETS))
    }

    /// Ends the stream.
    pub(super) fn finish(mut self) -> io::Result<Stream> {
        self.close(self.total)?;
        self.silence_to(self.total)?;
        while let Some((packet, _)) = self.pending.pop_front() {
            self.write(&packet)?;
        }
        Ok(self.stream)
    }

    /// Ends the open part: it is used up to its end, but not beyond `to`.
    fn close(&mut self, to: u64) -> io::Result<()> {
        self.take_open(to)?;
        if let Some((part, packets)) = self.open.take() {
            self.free = packets.begin(index(&part, self.next));
        }
        Ok(())
    }

    /// Uses the open part's packets before `to`.
    fn take_open(&mut self, to: u64) -> io::Result<()> {
        let Some((part, packets)) = self.open.take() else { return Ok(()) };
        while self.next < to.min(part.end) {
            let (packet, head) = packets.packet(index(&part, self.next));
            self.push(packet.to_vec(), head)?;
        }
        self.open = Some((part, packets));
        Ok(())
    }

    fn silence_to(&mut self, to: u64) -> io::Result<()> {
        while self.next < to {
            let (packet, head) = self.silence.packet(self.next, self.free);
            self.free = MAX_BEGIN_BYTES.min(self.free + packet.len() - head);
            self.push(packet, head)?;
        }
        Ok(())
    }

    /// Puts `sound` at the end of the room there is.
    ///
    /// # Errors
    /// If there is less room than the plan of the parts promises.
    fn put_back(&mut self, sound: &[u8]) -> io::Result<()> {
        let (bytes, free) = (sound.len(), self.free);
        if bytes > free {
            return Err(io::Error::other(format!("LAME: {bytes} bytes of sound do not fit into {free}")));
        }
        let mut sound = sound.iter().rev();
        for (packet, head) in self.pending.iter_mut().rev() {
            packet[*head..].iter_mut().rev().zip(&mut sound).for_each(|(to, byte)| *to = *byte);
        }
        Ok(())
    }

    fn push(&mut self, packet: Vec<u8>, head: usize) -> io::Result<()> {
        self.pending.push_back((packet, head));
        self.next += 1;
        if self.pending.len() > MAX_PENDING_PACKETS {
            let (packet, _) = self.pending.pop_front().expect("it is not empty");
            self.write(&packet)?;
        }
        Ok(())
    }

    fn write(&mut self, packet: &[u8]) -> io::Result<()> {
        let stream = &mut self.stream;
        // Hundredth `h` begins with packet `h total / 100`, rounded down.
        let begun = ((stream.packets + 1) * 100).div_ceil(self.total).min(100);
        stream.hundredths.resize(usize::try_from(begun).expect("at most 100"), stream.bytes);
        stream.packets += 1;
        stream.bytes += packet.len() as u64;
        stream.crc = crc::update(stream.crc, packet);
        self.output.write_all(packet)
    }
}

/// The packet at which a part takes over from the one before, in sound that goes on: where its sound fits into the
/// room that the one before leaves, as exactly as can be, and late, because an encoder knows the better what it does
/// the longer it has heard.
fn seam(before: &Part, packets_before: &Packets, part: &Part, packets: &Packets) -> u64 {
    let spare = |packet: u64| {
        let left = packets_before.begin(index(before, packet));
        left.checked_sub(packets.begin(index(part, packet)))
    };
    let settled = part.begin + OVERLAP_PACKETS / 2;
    let fits = |from: u64| (from..=*part.first.end()).rev().filter_map(move |p| Some((spare(p)?, p)));
    let best = fits(settled).min_by_key(|(spare, _)| *spare);
    let any = || fits(*part.first.start()).next();
    best.or_else(any).map_or(*part.first.start(), |(_, packet)| packet)
}

/// Returns the index of a packet of the track in its part.
fn index(part: &Part, packet: u64) -> usize {
    usize::try_from(packet - part.begin).expect("a part is short")
}
