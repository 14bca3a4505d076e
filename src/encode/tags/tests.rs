//! Tracks that the tests of the tags have in common.

use super::*;

impl Tags {
    /// The tags that every track must have, and nothing else: its title, and that nidra made it.
    pub(crate) fn titled(title: &str, rate: SampleRate, length: Frames) -> Self {
        Self {
            title: title.to_owned(),
            artist: None,
            album: None,
            track: None,
            genre: None,
            comment: None,
            date: None,
            language: "und".to_owned(),
            provenance: text::software(),
            cover: None,
            chapters: Vec::new(),
            rate,
            length,
        }
    }
}

/// A stretch of a track.
pub(in crate::encode) fn marker(start: u64, end: u64, title: &str) -> Marker {
    Marker { start: FramePos(start), end: FramePos(end), title: title.to_owned() }
}

/// A track of so many milliseconds, at 1000 Hz, with these chapters.
pub(in crate::encode) fn tagged(length: u64, chapters: Vec<Marker>) -> Tags {
    Tags { chapters, ..Tags::titled("A track", SampleRate::new(1000).unwrap(), Frames(length)) }
}

/// A picture of so many bytes.
pub(in crate::encode) fn picture(bytes: usize) -> Picture {
    let bytes = vec![0xff; bytes];
    Picture { mime: "image/jpeg", width: 64, height: 48, bits_per_pixel: 24, palette_colours: 0, bytes }
}

/// A track of a minute that says all that can be said.
pub(in crate::encode) fn full() -> Tags {
    Tags {
        title: "Legs up the wall – über".to_owned(),
        artist: Some("Mira".to_owned()),
        album: Some("Evenings".to_owned()),
        track: Some(7),
        genre: Some("Meditation".to_owned()),
        comment: Some("Lie down.\r\nRest.".to_owned()),
        date: Some("2026-05-01".to_owned()),
        language: "en".to_owned(),
        provenance: "nidra 0.1.0 script=abc".to_owned(),
        cover: Some(picture(40)),
        chapters: vec![marker(0, 12_500, "Settle"), marker(12_500, 60_000, "विश्राम 🧘")],
        rate: SampleRate::new(1000).unwrap(),
        length: Frames(60_000),
    }
}

/// A WAV of so many frames of silence: 16 bit, mono, 1000 Hz.
pub(in crate::encode) fn wav(frames: u32, trailer: &[u8]) -> Vec<u8> {
    let data = frames * 2;
    let number = |number: u32| number.to_le_bytes();
    let format = [number(16), [1, 0, 1, 0], number(1000), number(2000), [2, 0, 16, 0]].concat();
    let riff = number(36 + data + trailer.len() as u32);
    let sound = vec![0; data as usize];
    [b"RIFF", &riff[..], b"WAVEfmt ", &format, b"data", &number(data), &sound, trailer].concat()
}

/// An MP3 of so many silent frames of 26 ms (MPEG 1 layer III, 128 kb/s, 44.1 kHz, all zero), behind its tag.
pub(in crate::encode) fn mp3(frames: usize, tag: &[u8]) -> Vec<u8> {
    let silent = [&[0xff, 0xfb, 0x90, 0x00][..], &[0; 413]].concat();
    [tag, &silent.repeat(frames)].concat()
}

/// A FLAC without sound: `STREAMINFO` of a minute at 1000 Hz, mono, 16 bit, and the comments.
pub(in crate::encode) fn flac(comments: &[u8]) -> Vec<u8> {
    let info = [
        &[0x10, 0, 0x10, 0, 0, 0, 0, 0, 0, 0][..],
        // 20 bits of rate, 3 of channels, 5 of bits a sample, 36 of length.
        &(1000u64 << 44 | 15 << 36 | 60_000).to_be_bytes(),
        &[0; 16],
    ]
    .concat();
    [&b"fLaC\x00\x00\x00\x22"[..], &info, &flac_block(0x84, comments)].concat()
}

/// A metadata block of FLAC.
pub(in crate::encode) fn flac_block(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind], &(body.len() as u32).to_be_bytes()[1..], body].concat()
}

/// An Ogg Opus of so many silent packets of 20 ms, stereo.
pub(in crate::encode) fn opus(packets: u32, tags: &[u8]) -> Vec<u8> {
    let head = [&b"OpusHead\x01\x02\x38\x01"[..], &48_000u32.to_le_bytes(), &[0, 0, 0]].concat();
    let mut pages = ogg_packet(2, 0, 0, &head);
    let mut number = 1;
    let mut flags = 0;
    // A page has at most 255 segments of 255 bytes; one is left for the short one that ends the packet.
    let mut parts = tags.chunks(254 * 255).peekable();
    while let Some(part) = parts.next() {
        pages.extend(ogg_page(flags, 0, number, part, parts.peek().is_none()));
        (number, flags) = (number + 1, 1);
    }
    for packet in 1..=packets {
        let last = if packet == packets { 4 } else { 0 };
        let played = u64::from(packet) * 960 + 312;
        pages.extend(ogg_packet(last, played, number, &[0xfc, 0xff, 0xfe]));
        number += 1;
    }
    pages
}

fn ogg_packet(flags: u8, played: u64, number: u32, packet: &[u8]) -> Vec<u8> {
    ogg_page(flags, played, number, packet, true)
}

fn ogg_page(flags: u8, played: u64, number: u32, part: &[u8], ends: bool) -> Vec<u8> {
    let mut sizes = vec![255; part.len() / 255];
    if ends {
        sizes.push((part.len() % 255) as u8);
    }
    let played = if ends { played } else { u64::MAX };
    let start =
        [&b"OggS\0"[..], &[flags], &played.to_le_bytes(), &[1, 0, 0, 0], &number.to_le_bytes()].concat();
    let mut page = [&start, &[0; 4][..], &[sizes.len() as u8], &sizes, part].concat();
    let checksum = page.iter().fold(0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte) << 24, |sum, _| sum << 1 ^ (0x04c1_1db7 * (sum >> 31)))
    });
    page[22..26].copy_from_slice(&checksum.to_le_bytes());
    page
}
