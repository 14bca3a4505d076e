//! What holds for every long recording: it is what it would be if it were held, however it is read.

#![allow(clippy::disallowed_methods, reason = "long recordings are in files")]

mod measure;

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::thread;

use proptest::prelude::*;

use super::*;
use crate::audio::ClipFrames;
use crate::audio::Pages as _;
use crate::encode::Format;
use crate::library::files::decode::decode;
use crate::library::files::open_file::FileStamp;
use crate::library::files::shape::shaped;
use crate::library::testing::{PAGED, sound_file};

const HZ: u32 = 8000;

/// 65.2 s: eight pages and a little, and more than what is long.
const MILLIS: u64 = 65_200;

const TREATMENTS: [SoundKind; 3] = [SoundKind::AsIs, SoundKind::Speech, SoundKind::Bed];

/// A file of each format, on disk for all tests.
static FILES: LazyLock<Vec<OnDisk>> = LazyLock::new(|| {
    // The least that our MP3 has is 32 kHz.
    let rate = |format| if format == Format::Mp3 { 4 * HZ } else { HZ };
    PAGED.iter().map(|format| OnDisk::noise(*format, ChannelLayout::Stereo, rate(*format))).collect()
});

struct OnDisk {
    path: PathBuf,
    bytes: Vec<u8>,
    rate: SampleRate,
    _folder: tempfile::TempDir,
}

impl OnDisk {
    fn new(bytes: Vec<u8>, hz: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sound");
        fs::write(&path, &bytes).unwrap();
        Self { path, bytes, rate: SampleRate::new(hz).unwrap(), _folder: folder }
    }

    fn noise(format: Format, layout: ChannelLayout, hz: u32) -> Self {
        Self::new(sound_file(format, layout, hz, MILLIS * u64::from(hz) / 1000), hz)
    }

    /// For whoever writes to it.
    fn flac() -> Self {
        Self::noise(Format::Flac, ChannelLayout::Mono, HZ)
    }

    fn long(&self) -> Option<LongFile> {
        let file = File::open(&self.path).unwrap();
        let stamp = FileStamp::of(&file).unwrap();
        LongFile::of("sounds/rain", &Arc::new(OpenFile::new(file, stamp)), &Arc::default())
    }

    /// What it would be if it were held.
    fn held(&self, treatment: SoundKind, rate: SampleRate, gain: Gain) -> Vec<Frame> {
        let sound = decode(self.bytes.clone()).unwrap().at(rate, &Resamplers::default());
        match shaped(sound, treatment, rate).scaled(gain) {
            ClipFrames::Mono(samples) => samples.iter().map(|&sample| Frame::mono(sample)).collect(),
            ClipFrames::Stereo(frames) => frames.into(),
        }
    }
}

fn hz(hz: u32) -> SampleRate {
    SampleRate::new(hz).unwrap()
}

fn stretch(long: &StreamedClip, from: u64, length: u64) -> Vec<Frame> {
    let mut frames = vec![Frame::new(9.0, 9.0); length as usize];
    long.read(Frames(from), &mut frames);
    frames
}

fn whole(long: &StreamedClip) -> Vec<Frame> {
    stretch(long, 0, long.length().0)
}

#[test]
fn at_its_own_rate_it_is_what_would_be_held_to_the_bit() {
    for file in FILES.iter() {
        for treatment in TREATMENTS {
            let long = file.long().unwrap();
            let held = file.held(treatment, file.rate, Gain(0.5));
            let long = long.prepare_at(file.rate, treatment, Gain(0.5));
            assert_eq!(long.length(), Frames(held.len() as u64));
            // Not `assert_eq`, which would print half a million frames.
            assert!(whole(&long) == held, "{:?} {treatment:?}", file.rate);
            assert_eq!(long.fault(), None);
        }
    }
}

#[test]
fn at_another_rate_it_is_what_would_be_held_but_for_the_last_digits() {
    let file = &FILES[1];
    for rate in [hz(11_025), hz(6000)] {
        for treatment in TREATMENTS {
            let (long, held) = (file.long().unwrap(), file.held(treatment, rate, Gain(0.5)));
            let heard = whole(&long.prepare_at(rate, treatment, Gain(0.5)));
            assert_eq!(heard.len(), held.len());
            let off = |(a, b): (&Frame, &Frame)| (*a + *b * Gain(-1.0)).peak();
            let worst = heard.iter().zip(&held).map(off).fold(0.0, f32::max);
            assert!(worst < 1e-6, "{worst} at {rate:?} {treatment:?}");
        }
    }
}

#[test]
fn at_a_rate_without_a_common_factor_it_is_what_would_be_held_to_the_bit() {
    let (file, rate) = (&FILES[1], hz(16_411));
    let heard = whole(&file.long().unwrap().prepare_at(rate, SoundKind::AsIs, Gain(0.5)));
    assert!(heard == file.held(SoundKind::AsIs, rate, Gain(0.5)));
}

#[test]
fn mono_is_both_channels() {
    let file = OnDisk::noise(Format::Wav, ChannelLayout::Mono, HZ);
    let long = file.long().unwrap().prepare_at(hz(HZ), SoundKind::Speech, Gain::UNITY);
    assert!(whole(&long) == file.held(SoundKind::Speech, hz(HZ), Gain::UNITY));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn a_stretch_is_the_same_whatever_was_read_before(
        format in 0..PAGED.len(),
        treatment in 0..TREATMENTS.len(),
        // The loop is shorter than the recording.
        stretches in prop::collection::vec((0u64..650_000, 1u64..20_000), 1..20),
    ) {
        let file = &FILES[format];
        let long = || file.long().unwrap().prepare_at(hz(11_025), TREATMENTS[treatment], Gain(0.7));
        let (once, again) = (whole(&long()), long());
        for (from, length) in stretches {
            let length = length.min(once.len() as u64 - from);
            let heard = stretch(&again, from, length);
            prop_assert!(heard == once[from as usize..(from + length) as usize], "{from}, {length}");
        }
    }
}

#[test]
fn threads_that_read_at_once_read_the_same() {
    for file in FILES.iter() {
        let long = file.long().unwrap().prepare_at(hz(11_025), SoundKind::Bed, Gain::UNITY);
        let once = whole(&file.long().unwrap().prepare_at(hz(11_025), SoundKind::Bed, Gain::UNITY));
        thread::scope(|scope| {
            for begin in 0..3u64 {
                let (long, once) = (&long, &once);
                scope.spawn(move || {
                    for n in 0..120 {
                        let from = (begin * 250_000 + n * 5000) % 650_000;
                        assert!(stretch(long, from, 5000) == once[from as usize..][..5000], "{from}");
                    }
                });
            }
        });
    }
}

#[test]
fn only_what_lasts_longer_than_a_minute_is_long() {
    for (frames, is_long) in [(60 * u64::from(HZ), false), (60 * u64::from(HZ) + 1, true)] {
        let file = OnDisk::new(sound_file(Format::Wav, ChannelLayout::Mono, HZ, frames), HZ);
        assert_eq!(file.long().is_some(), is_long);
    }
}

#[test]
fn what_is_changed_while_it_is_heard_is_a_fault_and_silent() {
    let file = OnDisk::flac();
    let long = file.long().unwrap().prepare_at(hz(HZ), SoundKind::AsIs, Gain::UNITY);
    assert_ne!(stretch(&long, 0, 10), [Frame::SILENCE; 10]);
    assert_eq!(long.fault(), None);
    // Put in its place, as most editors do: whoever has it open has all of what it was.
    let beside = file.path.with_extension("new");
    fs::write(&beside, b"other").unwrap();
    fs::rename(&beside, &file.path).unwrap();
    assert_ne!(stretch(&long, 400_000, 10), [Frame::SILENCE; 10]);
    assert_eq!(long.fault(), None);
    // Written over.
    fs::write(&file.path, &file.bytes).unwrap();
    let (while_heard, before) = (file.long().unwrap(), file.long().unwrap());
    let long = while_heard.prepare_at(hz(HZ), SoundKind::AsIs, Gain::UNITY);
    fs::write(&file.path, &file.bytes[..file.bytes.len() - 1]).unwrap();
    let changed = Fault::Changed { recording: "sounds/rain".to_owned() };
    assert_eq!(before.measure(SoundKind::Bed), Err(changed.clone()));
    assert_eq!(stretch(&long, 0, 10), [Frame::SILENCE; 10]);
    assert_eq!(long.fault(), Some(changed));
}

#[test]
fn what_is_broken_in_the_middle_is_a_fault_and_silent_there() {
    let mut bytes = OnDisk::flac().bytes;
    let middle = bytes.len() / 2;
    bytes[middle..middle + 20_000].fill(0);
    let file = OnDisk::new(bytes, HZ);
    let is_unreadable = |fault| matches!(fault, Some(Fault::Unreadable { reason, .. }) if !reason.is_empty());
    assert!(is_unreadable(file.long().unwrap().measure(SoundKind::Speech).err()));
    let long = file.long().unwrap().prepare_at(hz(HZ), SoundKind::AsIs, Gain::UNITY);
    assert_ne!(stretch(&long, 1000, 10), [Frame::SILENCE; 10]);
    assert_eq!(long.fault(), None);
    let heard = whole(&long);
    assert!(is_unreadable(long.fault()) && heard.iter().all(|frame| *frame == Frame::SILENCE));
}

#[test]
fn after_its_end_there_is_nothing() {
    let long = FILES[0].long().unwrap().prepare_at(hz(HZ), SoundKind::AsIs, Gain::UNITY);
    assert_eq!(stretch(&long, long.length().0 - 5, 10), [Frame::SILENCE; 10]);
    assert!(matches!(long.fault(), Some(Fault::Unreadable { .. })));
}

#[test]
fn to_listen_to_it_takes_no_more_memory_the_longer_it_is() {
    let most = |seconds: u64| {
        let sound = sound_file(Format::Wav, ChannelLayout::Mono, HZ, seconds * u64::from(HZ));
        let file = OnDisk::new(sound, HZ);
        let long = file.long().unwrap();
        // The counter counts those of one thread.
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let measure = || allocation_counter::measure(|| drop(long.measure(SoundKind::Bed).unwrap()));
        one.install(measure).bytes_max
    };
    // What is made once for all is made by the first.
    let (_, short, long) = (most(70), most(70), most(700));
    // Of the 20 MB that are more, the powers: ten a second, for a moment in four places.
    assert!(long.abs_diff(short) < 700 * 10 * 8 * 4, "{short} and {long} bytes");
}

#[cfg(feature = "mp3")]
#[test]
fn what_is_not_found_again_where_it_was_is_refused() {
    let mut bytes = FILES[2].bytes.clone();
    let info = bytes.windows(4).position(|four| four == b"Info" || four == b"Xing").unwrap();
    // Packets of 128 kb/s at 32 kHz; the first is the header, and its name comes after the side information. A second
    // header in the middle is no sound, but a search in the file takes it for some.
    let (packet, first) = (576, info - 36);
    assert_eq!(bytes[first], 0xff);
    let header = bytes[first..first + packet].to_vec();
    let middle = first + 900 * packet;
    bytes.splice(middle..middle, header);
    let file = OnDisk::new(bytes, 4 * HZ);
    let fault = file.long().unwrap().measure(SoundKind::AsIs).unwrap_err();
    assert!(matches!(fault, Fault::Unreadable { reason, .. } if reason.contains("middle")));
}
