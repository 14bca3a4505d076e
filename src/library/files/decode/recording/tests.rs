//! What holds for every recording: a stretch of it is what its place makes it, whatever was read before.

use std::io::Cursor;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::super::decode;
use super::*;
use crate::audio::ChannelLayout::{Mono, Stereo};
use crate::library::testing::{PAGED, sound_file};

/// The lowest that our MP3 has.
const HZ: u32 = 32_000;

/// 10.05 s.
const LENGTH: u64 = 321_600;

type Channels = Vec<Vec<f32>>;

/// Files of every format, and all that is in them.
static FILES: LazyLock<Vec<(Vec<u8>, Channels)>> = LazyLock::new(|| {
    let files = PAGED.iter().flat_map(|format| [(*format, Mono), (*format, Stereo)]);
    let files = files.map(|(format, layout)| sound_file(format, layout, HZ, LENGTH));
    files.map(|bytes| (bytes.clone(), decode(bytes).unwrap().channels)).collect()
});

fn open(bytes: &[u8]) -> Recording {
    try_open(bytes).unwrap()
}

fn try_open(bytes: &[u8]) -> Option<Recording> {
    Recording::open(Cursor::new(bytes.to_vec()), bytes.len() as u64)
}

/// Whether a stretch is what it is in the whole, to the bit.
fn is_within(read: &Channels, whole: &Channels, from: u64) -> bool {
    let from = from as usize;
    read.iter().zip(whole).all(|(read, whole)| read[..] == whole[from..from + read.len()])
        && read.len() == whole.len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_stretch_is_what_it_is_in_the_whole_however_it_is_reached(
        file in 0..PAGED.len() * 2,
        stretches in prop::collection::vec((0..LENGTH, 1u64..40_000, any::<bool>()), 1..12),
    ) {
        let (bytes, whole) = &FILES[file];
        let mut recording = open(bytes);
        prop_assert_eq!(recording.outline().length, Frames(LENGTH));
        let mut last = 0;
        for (at, length, goes_on) in stretches {
            let from = if goes_on { last } else { at };
            let to = (from + length).min(LENGTH);
            let read = recording.read(Frames(from), Frames(to)).unwrap();
            prop_assert!(is_within(&read, whole, from), "{}..{} of file {}", from, to, file);
            last = to.saturating_sub(10_000);
        }
    }
}

#[test]
fn the_next_stretch_needs_no_seek_and_the_last_is_whole() {
    for (bytes, whole) in FILES.iter() {
        let mut recording = open(bytes);
        for from in (0..LENGTH).step_by(80_000) {
            let back = from.saturating_sub(64_000);
            assert!(recording.goes_on_at(Frames(back)), "{back}");
            let to = (from + 80_000).min(LENGTH);
            assert!(is_within(&recording.read(Frames(back), Frames(to)).unwrap(), whole, back), "{back}");
        }
        assert!(!recording.goes_on_at(Frames(LENGTH - 64_001)));
    }
}

#[test]
fn every_depth_of_wav_is_what_it_is_in_the_whole() {
    use hound::SampleFormat::{Float, Int};
    for (bits, sample_format) in [(8, Int), (16, Int), (24, Int), (32, Int), (32, Float)] {
        let spec = hound::WavSpec { channels: 2, sample_rate: 8000, bits_per_sample: bits, sample_format };
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        let largest = (1i64 << (bits - 1)) - 1;
        for n in 0..20_000i64 {
            // From the least to the largest there are.
            let sample = ((n * 7919) % 20_000) * (2 * largest + 1) / 19_999 - largest - 1;
            match sample_format {
                Int => writer.write_sample(sample as i32).unwrap(),
                Float => writer.write_sample(sample as f32 / 3e8).unwrap(),
            }
        }
        writer.finalize().unwrap();
        let whole = decode(bytes.get_ref().clone()).unwrap().channels;
        let read = open(bytes.get_ref()).read(Frames::ZERO, Frames(10_000)).unwrap();
        assert_eq!(read, whole, "{bits} {sample_format:?}");
    }
}

#[test]
fn what_ends_early_or_has_too_many_channels_is_refused() {
    for (bytes, _) in FILES.iter() {
        let mut cut = open(&bytes[..bytes.len() / 2]);
        assert!(cut.read(Frames::ZERO, Frames(1000)).is_ok());
        let error = cut.read(Frames(1000), Frames(LENGTH)).unwrap_err();
        assert!(error.contains("of 321600 frames") || error.contains("broken"), "{error}");
        // It is not lost for the rest.
        assert!(cut.read(Frames(2000), Frames(5000)).is_ok());
    }
    let spec = hound::WavSpec {
        channels: 3,
        sample_rate: 8000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
    (0..300).for_each(|n| writer.write_sample(n as i16).unwrap());
    writer.finalize().unwrap();
    assert!(try_open(bytes.get_ref()).is_none());
    assert!(try_open(b"This is a text, and no sound at all").is_none());
}

/// As ffmpeg makes them, with the noise that a decoder fills in: in MP4, and as bare packets that say nothing of
/// their number.
const AAC: [&[u8]; 2] = [
    include_bytes!("../../../../../tests/sounds/noise.m4a"),
    include_bytes!("../../../../../tests/sounds/noise.aac"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_stretch_of_aac_is_the_same_whatever_was_read_before(
        file in 0..AAC.len(),
        stretches in prop::collection::vec((0u64..120_000, 1u64..40_000), 1..8),
    ) {
        let mut recording = open(AAC[file]);
        for (from, length) in stretches {
            let (from, to) = (Frames(from), Frames((from + length).min(recording.outline().length.0)));
            prop_assert_eq!(recording.read(from, to).unwrap(), open(AAC[file]).read(from, to).unwrap());
        }
    }
}

#[test]
fn aac_is_as_long_as_it_is_decoded_and_its_beginning_is_that_of_the_whole() {
    for bytes in AAC {
        let whole = decode(bytes.to_vec()).unwrap().channels;
        let mut recording = open(bytes);
        let length = recording.outline().length;
        assert_eq!(length, Frames(whole[0].len() as u64));
        recording.read(Frames(60_000), Frames(70_000)).unwrap();
        assert!(recording.read(Frames::ZERO, length).unwrap() == whole);
        // In the middle it is the same but for the noise.
        let (from, to) = (64_000, 96_000);
        let middle = &recording.read(Frames(from), Frames(to)).unwrap()[0];
        let (mut off, mut power) = (0.0, 0.0);
        for (read, whole) in middle.iter().zip(&whole[0][from as usize..to as usize]) {
            off += (read - whole) * (read - whole);
            power += whole * whole;
        }
        assert!(off < power / 20.0, "{off} of {power}");
    }
}

/// As where files were joined without decoding them.
#[test]
fn packets_that_overlap_are_refused_with_a_way_out() {
    let mut bytes = AAC[0].to_vec();
    // Every packet lasts 1024 frames (ISO/IEC 14496-12, section 8.6.1.2).
    let stts = bytes.windows(4).position(|name| name == b"stts").unwrap();
    let duration = &mut bytes[stts + 16..stts + 20];
    assert_eq!(duration, 1024u32.to_be_bytes());
    duration.copy_from_slice(&1023u32.to_be_bytes());
    let error = open(&bytes).read(Frames::ZERO, Frames(20_000)).unwrap_err();
    let why = "its packets do not follow one another: what should be at frame ";
    assert!(error.starts_with(why) && error.ends_with("; save it as FLAC"), "{error}");
}

#[cfg(feature = "mp3")]
#[test]
fn the_packets_of_an_mp3_that_does_not_say_how_long_it_is_are_counted() {
    let bytes = sound_file(crate::encode::Format::Mp3, Mono, HZ, LENGTH);
    let at = bytes.windows(4).position(|four| four == b"Info" || four == b"Xing").unwrap();
    let mut plain = bytes;
    plain[at..at + 4].fill(0);
    let whole = decode(plain.clone()).unwrap().channels;
    let mut recording = open(&plain);
    assert_eq!(recording.outline().length, Frames(whole[0].len() as u64));
    for from in [200_000, 0, 310_000] {
        let read = recording.read(Frames(from), Frames(from + 10_000)).unwrap();
        assert!(is_within(&read, &whole, from), "{from}");
    }
}
