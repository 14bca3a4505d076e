//! Tracks of ours are known, whatever their format; everything else is not, and does no harm.

use std::io::{Cursor, Seek, SeekFrom};

use proptest::prelude::*;

use super::*;
use crate::encode::tags::tests::{flac, full, mp3, opus, picture, tagged, wav};
use crate::encode::tags::{id3v2, opus_tags, riff_chunks, software, vorbis_comment};
use crate::encode::{Tags, TrackFile};

const LINE: &str = "nidra 0.1.0 script=abc";

fn header_of(bytes: &[u8]) -> TrackHeader {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("track");
    std::fs::write(&path, bytes).unwrap();
    let header = TrackHeader::of(&mut File::open(&path).unwrap()).unwrap().unwrap();
    let track = TrackFile::open(&path).unwrap();
    assert_eq!(track.as_ref().map(TrackFile::line), header.line());
    header
}

/// The four formats with these tags.
fn all_formats(tags: &Tags) -> [Vec<u8>; 4] {
    [
        wav(1000, &riff_chunks(tags)),
        mp3(10, &id3v2(tags)),
        flac(&vorbis_comment(tags)),
        opus(10, &opus_tags(tags)),
    ]
}

#[test]
fn every_format_says_what_made_it() {
    let tags = [
        full(),
        Tags { provenance: LINE.to_owned(), ..tagged(60_000, Vec::new()) },
        Tags { title: "A long title. ".repeat(9000), cover: Some(picture(500_000)), ..full() },
    ];
    for tags in tags {
        for bytes in all_formats(&tags) {
            let header = header_of(&bytes);
            assert_eq!((header.software, header.provenance), (Some(software()), Some(LINE.to_owned())));
        }
    }
}

#[test]
fn provenance_in_any_script_is_read() {
    let line = "nidra 0.1.0 script=विश्राम.toml 🧘".to_owned();
    for bytes in all_formats(&Tags { provenance: line.clone(), ..full() }) {
        assert_eq!(header_of(&bytes).line(), Some(line.as_str()));
    }
}

#[track_caller]
fn check(bytes: &[u8], line: Option<&str>, ours: bool) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("track");
    std::fs::write(&path, bytes).unwrap();
    let mut track = TrackFile::open(&path).unwrap();
    assert_eq!(track.as_ref().map(TrackFile::line), line);
    assert_eq!(track.as_mut().is_some_and(|track| track.is_ours().unwrap()), ours);
}

#[test]
fn what_another_program_made_of_a_track_is_not_ours_to_replace() {
    let ours = software();
    for bytes in all_formats(&full()) {
        check(&bytes, Some(LINE), true);
        let edited = replaced(&bytes, ours.as_bytes(), &b"Lavf60.16.100"[..ours.len()]);
        check(&edited, Some(LINE), false);
        let foreign = replaced(&edited, b"nidra 0.1.0", b"other 0.1.0");
        check(&foreign, None, false);
    }
}

/// Not the line of provenance, which has the name in its middle.
fn replaced(bytes: &[u8], what: &[u8], with: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = bytes.windows(what.len()).position(|window| window == what).unwrap();
    bytes[at..at + what.len()].copy_from_slice(with);
    bytes
}

#[test]
fn without_its_line_a_track_is_not_known_as_ours() {
    let info = b"LIST\x26\0\0\0INFOINAM\x02\0\0\0A\0ISFT\x0c\0\0\0nidra 0.1.0\0";
    check(&wav(10, info), None, false);
}

#[test]
fn a_tag_that_was_turned_to_another_version_still_says_it() {
    let tag = ::id3::Tag::read_from2(Cursor::new(id3v2(&full()))).unwrap();
    for version in [::id3::Version::Id3v24, ::id3::Version::Id3v23] {
        let mut bytes = Vec::new();
        ::id3::Encoder::new().version(version).padding(300).encode(&tag, &mut bytes).unwrap();
        check(&mp3(5, &bytes), Some(LINE), true);
    }
}

#[test]
fn what_is_no_track_has_no_provenance() {
    check(b"", None, false);
    check(b"nid", None, false);
    check(b"not a track at all, but some words: nidra 0.1.0", None, false);
    check(&mp3(10, b""), None, false);
    check(b"ID3\x03\x00\x00\x7f\x7f\x7f\x7fTXXX\xff\xff\xff\xff\0\0", None, false);
    check(b"fLaC\x84\0\0\x10\xff\xff\xff\xff", None, false);
    check(b"OggS", None, false);
    let folder = tempfile::tempdir().unwrap();
    assert!(TrackFile::open(folder.path()).is_err());
    assert!(TrackFile::open(&folder.path().join("none.mp3")).is_err());
}

/// Counts what is read of a file.
struct Counted<'b>(Cursor<&'b [u8]>, usize);

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.0.read(buffer)?;
        self.1 += read;
        Ok(read)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn only_headers_are_read() {
    let tags = Tags { cover: Some(picture(1 << 20)), ..full() };
    let sounds = [
        wav(1 << 20, &riff_chunks(&tags)),
        mp3(1000, &id3v2(&tags)),
        [flac(&vorbis_comment(&tags)), vec![0; 1 << 20]].concat(),
        opus(1000, &opus_tags(&tags)),
    ];
    for bytes in sounds {
        let mut counted = Counted(Cursor::new(&bytes), 0);
        let header = TrackHeader::read(&mut counted).unwrap().unwrap();
        assert_eq!(header.line(), Some(LINE));
        assert!(header.sound_start.is_some());
        assert!(counted.1 < 7000, "{} bytes were read", counted.1);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..400), format in 0usize..4) {
        let start: &[u8] = [&b"RIFF\0\0\0\0WAVE"[..], b"ID3\x03\0\0\0\0\x7f\x7f", b"fLaC\x04\0\xff\xff", b"OggS\0"][format];
        prop_assert!(TrackHeader::read(&mut Cursor::new([start, &bytes].concat())).unwrap().is_some());
        TrackHeader::read(&mut Cursor::new(bytes)).unwrap();
    }

    #[test]
    fn a_track_that_is_cut_or_changed_is_read_without_harm(
        format in 0usize..4, cut in 0usize..3000, changes in prop::collection::vec((0usize..3000, any::<u8>()), 0..4)
    ) {
        let mut bytes = all_formats(&full())[format].clone();
        for (at, to) in changes {
            let length = bytes.len();
            bytes[at % length] = to;
        }
        TrackHeader::read(&mut Cursor::new(&bytes)).unwrap();
        bytes.truncate(cut);
        if let Some(header) = TrackHeader::read(&mut Cursor::new(&bytes)).unwrap() {
            prop_assert!(header.line().is_none_or(|line| line.starts_with("nidra ")), "{:?}", header);
            prop_assert!(header.sound_start.is_none_or(|start| start <= bytes.len() as u64), "{:?}", header);
        }
    }
}
