//! Tracks of ours are known, whatever their format; everything else is not, and harms nobody.

use std::io::{Cursor, Seek, SeekFrom};

use proptest::prelude::*;

use super::super::tests::{flac, full, mp3, opus, tagged, wav};
use super::super::text::software;
use super::super::{Picture, Tags, id3v2, opus_tags, riff_chunks, vorbis_comment};
use super::*;
use crate::encode::TrackFile;

const LINE: &str = "nidra 0.1.0 script=abc";

fn marks_of(bytes: &[u8]) -> Marks {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("track");
    std::fs::write(&path, bytes).unwrap();
    let marks = super::marks_of(&mut File::open(&path).unwrap()).unwrap().unwrap_or_default();
    let line = TrackFile::open(&path).unwrap().map(|track| track.line().to_owned());
    assert_eq!(line, marks.clone().line());
    marks
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
    let large = vec![7; 500_000];
    let tags = [
        full(),
        Tags { provenance: LINE.to_owned(), ..tagged(60_000, Vec::new()) },
        Tags {
            title: "A long title. ".repeat(9000),
            cover: Some(Picture { mime: "image/png", width: 3000, height: 3000, bytes: large }),
            ..full()
        },
    ];
    for tags in tags {
        for bytes in all_formats(&tags) {
            let marks = marks_of(&bytes);
            assert_eq!(marks, Marks { software: Some(software()), provenance: Some(LINE.to_owned()) });
        }
    }
}

#[test]
fn provenance_in_any_script_is_read() {
    let line = "nidra 0.1.0 script=विश्राम.toml 🧘".to_owned();
    for bytes in all_formats(&Tags { provenance: line.clone(), ..full() }) {
        assert_eq!(marks_of(&bytes).line(), Some(line.clone()));
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
    let cover = Some(Picture { mime: "image/jpeg", width: 1, height: 1, bytes: vec![0; 1 << 20] });
    let tags = Tags { cover, ..full() };
    let sounds = [
        wav(1 << 20, &riff_chunks(&tags)),
        mp3(1000, &id3v2(&tags)),
        [flac(&vorbis_comment(&tags)), vec![0; 1 << 20]].concat(),
        opus(1000, &opus_tags(&tags)),
    ];
    for bytes in sounds {
        let mut counted = Counted(Cursor::new(&bytes), 0);
        assert_eq!(read(&mut counted).unwrap().provenance.as_deref(), Some(LINE));
        assert!(counted.1 < 1000, "{} bytes were read", counted.1);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..400), format in 0usize..4) {
        let start: &[u8] = [&b"RIFF\0\0\0\0WAVE"[..], b"ID3\x03\0\0\0\0\x7f\x7f", b"fLaC\x04\0\xff\xff", b"OggS\0"][format];
        read(&mut Cursor::new([start, &bytes].concat())).ok();
        read(&mut Cursor::new(bytes)).ok();
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
        read(&mut Cursor::new(&bytes)).ok();
        bytes.truncate(cut);
        if let Ok(marks) = read(&mut Cursor::new(&bytes)) {
            let line = marks.line().unwrap_or_default();
            prop_assert!(line.is_empty() || line.starts_with("nidra "), "{}", line);
        }
    }
}
