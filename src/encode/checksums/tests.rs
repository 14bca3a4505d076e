//! A track as it was written is told from one that was cut, spoilt, joined or edited, in every format.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use proptest::prelude::*;

use super::*;
use crate::audio::{ChannelLayout, Frame};
use crate::encode::tags::tests::picture;
use crate::encode::testing::Track;
use crate::encode::{Bits, Coding, Format, JobControl, Tags, write_track};
use crate::output::NewFile;
use crate::units::{Frames, SampleRate};

const FORMATS: &[Format] = &[
    Format::Wav,
    Format::Flac,
    #[cfg(feature = "mp3")]
    Format::Mp3,
    #[cfg(feature = "opus")]
    Format::Opus,
];

const TITLE: &str = "Legs up the wall";

/// A second of sound between two of silence, with a cover that takes several pages of Ogg.
fn written(folder: &Path, format: Format) -> PathBuf {
    let track = Track::new(48_000, 240_000, &[(96_000, 144_000)], |at| {
        let sample = (at % 97) as f32 / 200.0 - 0.24;
        Frame::new(sample, sample)
    });
    let placeholder = Checksums::placeholder("a track");
    let tags = Tags {
        provenance: format!("nidra 0.1.0 {{\"script\":\"a\",\"checksums\":\"{placeholder}\"}}"),
        cover: Some(picture(200_000)).filter(|_| format != Format::Wav),
        ..Tags::titled(TITLE, SampleRate::HZ_48000, Frames(240_000))
    };
    let coding = Coding { layout: ChannelLayout::Stereo, bits: Bits::Int16, rate_control: None };
    let path = folder.join(format!("track.{}", format.name()));
    let mut file = NewFile::create(&path).unwrap();
    let (stop, mut progress) = (AtomicBool::new(false), |_| {});
    let mut watch = JobControl { stop: &stop, progress: &mut progress };
    write_track(&track, format, coding, &tags, &mut file, &mut watch).unwrap();
    file.finish().unwrap();
    path
}

fn found(path: &Path) -> Option<(Condition, bool)> {
    let mut track = TrackFile::open(path).unwrap()?;
    let condition = track.condition().unwrap();
    let said = Checksums::of_line(track.line()).map(|checksums| checksums.file_bytes);
    assert_eq!(track.has_its_length(), said == Some(std::fs::metadata(path).unwrap().len()));
    Some((condition, track.is_ours().unwrap()))
}

/// What becomes of a track of each format when its bytes are changed.
#[track_caller]
fn check(change: impl Fn(&mut Vec<u8>), expected: impl Fn(Format, usize) -> Option<(Condition, bool)>) {
    let folder = tempfile::tempdir().unwrap();
    for format in FORMATS {
        let path = written(folder.path(), *format);
        let mut bytes = std::fs::read(&path).unwrap();
        let length = bytes.len();
        change(&mut bytes);
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(found(&path), expected(*format, length), "{format:?}");
    }
}

fn place_of(bytes: &[u8], text: &[u8]) -> usize {
    bytes.windows(text.len()).position(|window| window == text).unwrap()
}

#[test]
fn a_track_is_intact_as_it_was_written() {
    check(|_| {}, |_, _| Some((Condition::Intact, true)));
}

#[test]
fn a_track_that_is_cut_is_damaged_and_ours() {
    let cut =
        |length: usize| Some((Condition::Damaged(Damage::Cut { missing_bytes: length as u64 / 2 }), true));
    // What a WAV says about itself stands at its end.
    check(
        |bytes| bytes.truncate(bytes.len() - bytes.len() / 2),
        |format, length| cut(length).filter(|_| format != Format::Wav),
    );
    let one = Some((Condition::Damaged(Damage::Cut { missing_bytes: 1 }), true));
    check(|bytes| bytes.truncate(bytes.len() - 1), |format, _| one.filter(|_| format != Format::Wav));
}

/// Puts other bytes in the place of some sound.
fn spoil_sound(bytes: &mut [u8]) {
    // Half of a WAV is sound; of the others, the cover is before it.
    let from = if bytes.starts_with(b"RIFF") { bytes.len() / 2 } else { bytes.len() - 300 };
    bytes[from..from + 200].fill(0x55);
}

#[test]
fn a_track_without_its_sound_is_damaged_and_ours() {
    check(|bytes| spoil_sound(bytes), |_, _| Some((Condition::Damaged(Damage::Sound), true)));
}

#[test]
fn bytes_behind_a_track_are_damage_and_a_tag_is_an_edit() {
    let extra = Condition::Damaged(Damage::Trailing { extra_bytes: 5 });
    check(|bytes| bytes.extend(b"12345"), |_, _| Some((extra, true)));
    let id3v1 = [&b"TAG"[..], &[b'x'; 125]].concat();
    check(|bytes| bytes.extend(&id3v1), |_, _| Some((Condition::Edited, false)));
    check(
        |bytes| bytes.extend(bytes.clone()),
        |format, length| {
            // Of a WAV that is joined to another the second is bytes behind the first.
            let joined = Condition::Damaged(Damage::Trailing { extra_bytes: length as u64 });
            Some(if format == Format::Wav { (joined, true) } else { (Condition::Edited, false) })
        },
    );
}

#[test]
fn a_track_with_other_words_is_edited_and_not_ours() {
    let retitle = |bytes: &mut Vec<u8>| {
        let at = place_of(bytes, TITLE.as_bytes());
        bytes[at..at + TITLE.len()].copy_from_slice(b"Feet up the wall");
    };
    check(retitle, |_, _| Some((Condition::Edited, false)));
}

#[test]
fn a_track_with_other_sound_and_other_words_is_the_work_of_a_program() {
    let remake = |bytes: &mut Vec<u8>| {
        let at = place_of(bytes, b"nidra 0.1.0");
        let other = place_of(&bytes[at + 1..], b"nidra 0.1.0") + at + 1;
        // The line stays, and the program is another.
        let software = if bytes[at + 11] == b' ' { other } else { at };
        bytes[software..software + 11].copy_from_slice(b"Lavf60.16.1");
        let end = bytes.len();
        bytes[end / 2] ^= 1;
    };
    check(remake, |_, _| Some((Condition::Remade, false)));
}

#[test]
fn a_track_that_was_edited_and_damaged_is_both_and_not_ours() {
    let spoil = |bytes: &mut Vec<u8>| {
        let at = place_of(bytes, TITLE.as_bytes());
        bytes[at..at + TITLE.len()].copy_from_slice(b"Feet up the wall");
        spoil_sound(bytes);
    };
    check(spoil, |_, _| Some((Condition::EditedAndDamaged(Damage::Sound), false)));
}

#[test]
fn a_page_of_headers_with_another_checksum_is_not_intact() {
    let spoil = |bytes: &mut Vec<u8>| {
        if let Some(page) = bytes.windows(4).skip(1).position(|window| window == b"OggS") {
            bytes[page + 1 + 22] ^= 1;
        }
    };
    check(spoil, |format, _| {
        let edited = (Condition::Edited, false);
        Some(if format.name() == "opus" { edited } else { (Condition::Intact, true) })
    });
}

#[test]
fn a_track_with_spoilt_checksums_is_edited() {
    let spoil = |with: u8| {
        move |bytes: &mut Vec<u8>| {
            let at = place_of(bytes, CHECKSUMS_MEMBER.as_bytes()) + CHECKSUMS_MEMBER.len();
            bytes[at] = with;
        }
    };
    // No digit at all, and another one.
    check(spoil(b'-'), |_, _| Some((Condition::Edited, false)));
    check(spoil(b'1'), |_, _| Some((Condition::Edited, false)));
}

#[test]
fn a_track_without_checksums_is_ours_and_not_known_to_be_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("track.wav");
    let tags = Tags::titled(TITLE, SampleRate::HZ_48000, Frames(0));
    let chunks = crate::encode::tags::riff_chunks(&Tags { provenance: "nidra 0.1.0 {}".to_owned(), ..tags });
    let mut file = NewFile::create(&path).unwrap();
    let format = crate::encode::pcm::PcmFormat {
        rate: SampleRate::HZ_48000,
        layout: ChannelLayout::Mono,
        bits: Bits::Int16,
    };
    crate::encode::wav::WavWriter::new(&mut file, format, Frames(0), chunks).unwrap().finish().unwrap();
    complete(file.written().unwrap()).unwrap();
    file.finish().unwrap();
    let mut track = TrackFile::open(&path).unwrap().unwrap();
    assert_eq!(
        (track.condition().unwrap(), track.is_ours().unwrap(), track.has_its_length()),
        (Condition::Unknown, true, false)
    );
}

#[test]
fn checksums_are_read_as_they_are_written() {
    let checksums = Checksums { file_bytes: 5, sound_bytes: u64::MAX, sound: [0xab; 16], file: [1; 16] };
    let text = checksums.to_string();
    assert_eq!((text.len(), Checksums::parse(&text)), (Checksums::LETTERS, Some(checksums)));
    assert_eq!(Checksums::placeholder("a").len(), Checksums::LETTERS);
    assert_ne!(Checksums::placeholder("a"), Checksums::placeholder("b"));
    let capitals = format!("\"checksums\":\"{}\"", text.to_uppercase());
    for line in ["", &capitals, "\"checksums\":\"", &format!("\"checksums\":\"{}é\"", &text[1..]), &text[1..]]
    {
        assert_eq!(Checksums::of_line(line), None, "{line}");
    }
}

/// A hole is as good as the zeros that it stands for, and a place in the file does not count.
#[test]
fn silence_has_the_digest_of_its_zeros() {
    let folder = tempfile::tempdir().unwrap();
    let digest = |name: &str, make: &dyn Fn(&mut File), start: u64, length: u64| {
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(folder.path().join(name))
            .unwrap();
        make(&mut file);
        digest::of_range(&mut file, start..start + length).unwrap()
    };
    let sound = vec![1; 100_000];
    let zeros = digest(
        "zeros",
        &|file| file.write_all(&[&sound[..], &[0; 400_000], &sound].concat()).unwrap(),
        0,
        600_000,
    );
    let hole = digest(
        "hole",
        &|file| {
            file.write_all(&sound).unwrap();
            file.seek(SeekFrom::Start(500_000)).unwrap();
            file.write_all(&sound).unwrap();
        },
        0,
        600_000,
    );
    let later = digest(
        "later",
        &|file| file.write_all(&[&[9; 77], &sound[..], &[0; 400_000], &sound].concat()).unwrap(),
        77,
        600_000,
    );
    assert_eq!((hole, later), (zeros, zeros));
    let shorter = digest(
        "shorter",
        &|file| file.write_all(&[&sound[..], &[0; 399_999], &sound].concat()).unwrap(),
        0,
        599_999,
    );
    let cut =
        digest("cut", &|file| file.write_all(&[&sound[..], &[0; 400_000]].concat()).unwrap(), 0, 600_000);
    let empty = digest("empty", &|file| file.set_len(600_000).unwrap(), 0, 600_000);
    assert_eq!([shorter, cut, empty].iter().filter(|digest| **digest == zeros).count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_byte_of_a_track_can_change_unseen(format in 0..FORMATS.len(), place in 0.0..1.0f64, flip in 1u8..) {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path(), FORMATS[format]);
        let mut bytes = std::fs::read(&path).unwrap();
        let at = (place * bytes.len() as f64) as usize;
        bytes[at] ^= flip;
        std::fs::write(&path, bytes).unwrap();
        let found = TrackFile::open(&path).unwrap().map(|mut track| track.condition().unwrap());
        prop_assert_ne!(found, Some(Condition::Intact), "byte {} of {:?}", at, FORMATS[format]);
    }
}
