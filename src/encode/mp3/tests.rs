//! Our files, judged by programs that know nothing of us, and beside what one encoder makes of the same track.

mod judges;
mod material;

use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

use super::packet::PACKET_FRAMES;
use super::plan::{OVERLAP_PACKETS, Plan};
use super::*;
use crate::audio::{ChannelLayout, Frame, Source};
use crate::dsp::{BedKind, bed_loop};
use crate::encode::testing::Pcm;
use crate::encode::{Kbps, RateControl};
use crate::units::{Decibels, SampleRate};
use judges::{as_written, db, error, ffmpeg, judge};
use material::{LAYOUTS, cbr, encoded, format, packets, straight, vbr};

const MODES: [fn() -> RateControl; 6] =
    [|| cbr(64), || cbr(96), || cbr(128), || cbr(192), || vbr(4), || vbr(9)];

/// 15.3 s: sound that is joined, sound alone, and sound to the end.
fn short(hz: u32) -> Pcm {
    let second = hz as usize;
    let end = 15 * second + 331;
    let joined = 2 * second + 999..3 * second;
    Pcm::new(hz, end, &[second..2 * second, joined, 8 * second + 7..9 * second, 13 * second..end])
}

/// The frames farther than the codec's own spread from every region.
fn rests(track: &Pcm) -> Vec<bool> {
    const SPREAD: u64 = 1105 + PACKET_FRAMES;
    let mut rests = vec![true; track.frames.len()];
    for region in &track.regions {
        let from = region.start.0.saturating_sub(SPREAD) as usize;
        let to = (region.end.0 + SPREAD).min(track.length().0) as usize;
        rests[from..to].fill(false);
    }
    rests
}

#[test]
fn ffmpeg_hears_the_track_exactly_as_long_on_time_at_its_level_and_its_rests_as_silence() {
    for (hz, layout) in [44_100, 48_000, 32_000].into_iter().flat_map(|hz| LAYOUTS.map(|layout| (hz, layout)))
    {
        let track = short(hz);
        let meant = as_written(&track.frames, layout);
        for mode in MODES.map(|mode| mode()) {
            let format = format(&track, layout, mode);
            let Some(heard) = ffmpeg(&encoded(&track, format), layout) else { return };
            assert_eq!(heard.len(), meant.len(), "{format:?}");
            let on_time = error(&heard, &meant);
            for lag in [1, 576, 1105] {
                assert!(error(&heard[lag..], &meant) > on_time, "{format:?}: early by {lag}");
                assert!(error(&heard, &meant[lag..]) > on_time, "{format:?}: late by {lag}");
            }
            let rests = rests(&track);
            assert!(rests.iter().filter(|rest| **rest).count() > heard.len() / 3);
            let loud = heard.iter().zip(&rests).position(|(frame, rest)| *rest && *frame != Frame::SILENCE);
            assert_eq!(loud, None, "{format:?}");
        }
    }
}

#[test]
fn the_level_is_the_tracks() {
    let tone = |index: usize| libm::sin(index as f64 * 0.1) as f32 * 0.5;
    let track = Pcm::sounding(48_000, (0..48_000).map(|index| Frame::mono(tone(index))).collect());
    for kbps in Kbps::ALL {
        for mode in [cbr(kbps), vbr((kbps % 6) as u8)] {
            let format = format(&track, ChannelLayout::Stereo, mode);
            let Some(heard) = ffmpeg(&encoded(&track, format), ChannelLayout::Stereo) else { return };
            let power = |frames: &[Frame]| error(frames, &vec![Frame::SILENCE; frames.len()]);
            let change = db(power(&heard) / power(&track.frames));
            assert!(change.abs() < 0.02, "{mode:?}: {change:.3} dB");
        }
    }
}

#[test]
fn tracks_of_any_length_and_no_sound_at_all_are_whole() {
    for length in [0, 1, 47, 575, 576, 1151, 1152, 1153, 50_000] {
        let silent = Pcm::new(48_000, length, &[]);
        let sounding = Pcm::sounding(48_000, vec![Frame::new(0.1, -0.1); length]);
        for (track, mode) in
            [(&silent, cbr(64)), (&silent, vbr(2)), (&sounding, cbr(64)), (&sounding, vbr(2))]
        {
            let bytes = encoded(track, format(track, ChannelLayout::Stereo, mode));
            assert_eq!(packets(&bytes).count(), length.div_ceil(1152) + 2);
            // ffmpeg takes a track of nothing for one without a stream.
            if length > 0
                && let Some(heard) = ffmpeg(&bytes, ChannelLayout::Stereo)
            {
                assert_eq!(heard.len(), length, "{mode:?}");
            }
        }
    }
}

#[test]
fn mp3val_mp3check_and_mutagen_have_nothing_to_complain_of() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("track.mp3");
    for (hz, layout) in [44_100, 48_000].into_iter().flat_map(|hz| LAYOUTS.map(|layout| (hz, layout))) {
        let track = short(hz);
        for mode in MODES.map(|mode| mode()) {
            std::fs::write(&path, encoded(&track, format(&track, layout, mode))).unwrap();
            check_with_programs(&path, mode, &track);
        }
    }
}

#[track_caller]
fn check_with_programs(path: &Path, mode: RateControl, track: &Pcm) {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    if let Some(said) = judge("mp3val", &[], path).map(text) {
        let complains = |line: &str| line.contains("WARNING") && !line.contains("No supported tags");
        assert!(!said.lines().any(complains) && said.contains("MPEG frames"), "{mode:?}: {said}");
    }
    // Of VBR it says wherever the rate changes.
    if let RateControl::Constant(_) = mode
        && let Some(said) = judge("mp3check", &["-e"], path).map(text)
    {
        assert_eq!(said, "", "{mode:?}");
    }
    let read = "import sys; import mutagen.mp3 as m; i = m.MP3(sys.argv[1]).info; \
                print(i.length, i.bitrate_mode, i.sketchy, i.encoder_info)";
    let Some(said) = judge("python3", &["-c", read], path).map(text) else { return };
    if said.contains("No module named 'mutagen'") {
        return crate::judges::missing("mutagen");
    }
    let words: Vec<&str> = said.split_whitespace().collect();
    let seconds: f64 = words[0].parse().unwrap();
    assert!((seconds - track.frames.len() as f64 / f64::from(track.rate.hz())).abs() < 1e-6, "{said}");
    let name = if let RateControl::Constant(_) = mode { "BitrateMode.CBR" } else { "BitrateMode.VBR" };
    assert_eq!(words[1..4], [name, "False", "LAME"], "{said}");
}

#[test]
fn the_header_says_where_everything_is() {
    for (layout, mode) in LAYOUTS.into_iter().flat_map(|layout| MODES.map(|mode| (layout, mode()))) {
        let track = short(44_100);
        let bytes = encoded(&track, format(&track, layout, mode));
        let packets = packets(&bytes);
        let (header, head) = packets.packet(0);
        let number = |at: usize, length: usize| {
            header[head + at..][..length].iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
        };
        let name = if let RateControl::Constant(_) = mode { b"Info" } else { b"Xing" };
        assert_eq!(&header[head..head + 4], name);
        assert_eq!(number(4, 4), 0b1111, "all fields are there");
        assert_eq!((number(8, 4), number(12, 4)), (packets.count() - 1, bytes.len()));
        assert_eq!(&header[head + 120..][..9], b"LAME3.100");
        let padding = (packets.count() - 1) * 1152 - 576 - track.frames.len();
        assert_eq!(number(141, 3), 576 << 12 | padding);
        assert_eq!(number(148, 4), bytes.len());
        assert_eq!(number(152, 2), usize::from(crc::update(0, &bytes[header.len()..])));
        assert_eq!(number(154, 2), usize::from(crc::update(0, &header[..head + 154])));
        for hundredth in 0..100 {
            let packet = 1 + hundredth * (packets.count() - 1) / 100;
            let before: usize = (0..packet).map(|index| packets.packet(index).0.len()).sum();
            assert_eq!(number(16 + hundredth, 1), 256 * before / bytes.len(), "{mode:?} {hundredth} %");
        }
    }
}

#[test]
fn a_constant_bit_rate_is_constant_to_the_byte() {
    for kbps in Kbps::ALL {
        let track = short(44_100);
        let bytes = encoded(&track, format(&track, ChannelLayout::Mono, cbr(kbps)));
        let packets = packets(&bytes);
        let mut written = 0;
        for index in 1..packets.count() {
            written += packets.packet(index).0.len();
            let meant = 144_000 * usize::from(kbps) * index;
            assert!((written * 44_100).abs_diff(meant) < 44_100, "{kbps} kb/s, packet {index}");
        }
    }
}

/// 65 s of rain at 44.1 kHz with murmur over it.
static OVER_RAIN: LazyLock<Pcm> = LazyLock::new(|| {
    let (hz, second) = (44_100, 44_100);
    let murmur = [5 * second..15 * second, 18 * second..24 * second, 38 * second..48 * second];
    let mut frames = Pcm::new(hz, 65 * second, &murmur).frames;
    let rain = bed_loop(BedKind::Rain, SampleRate::new(hz).unwrap());
    let level = Decibels(-12.0).to_gain();
    frames.iter_mut().zip(rain.iter().cycle()).for_each(|(frame, drop)| *frame += *drop * level);
    Pcm::sounding(hz, frames)
});

#[test]
fn sound_that_is_cut_is_as_good_as_from_one_encoder_at_every_seam() {
    let track = &*OVER_RAIN;
    let plan = Plan::new(&track.regions, track.length());
    let seams: Vec<u64> = plan.parts[1..].iter().map(|part| part.begin).collect();
    assert_eq!(seams, [1568]);
    for (layout, mode) in
        LAYOUTS.into_iter().flat_map(|layout| [cbr(64), cbr(128), vbr(4)].map(|m| (layout, m)))
    {
        let format = format(track, layout, mode);
        let meant = as_written(&track.frames, layout);
        let Some(heard) = ffmpeg(&encoded(track, format), layout) else { return };
        let one = ffmpeg(&straight(track, format), layout).unwrap();
        let worse = |from: usize, to: usize| {
            let error = |heard: &[Frame]| error(&heard[from..to], &meant[from..to]);
            db(error(&heard) / error(&one))
        };
        for seam in &seams {
            // Wherever in the overlap it is, and until the second encoder has forgotten that it is new.
            for packet in *seam..seam + 2 * OVERLAP_PACKETS {
                let from = (packet * PACKET_FRAMES) as usize - 1105;
                let change = worse(from, from + 2 * PACKET_FRAMES as usize);
                assert!(change < 1.0, "{format:?}: {change:.2} dB at packet {packet}");
            }
        }
        let change = worse(0, meant.len());
        assert!(change.abs() < 0.1, "{format:?}: {change:.2} dB");
    }
}

#[test]
fn every_region_is_as_good_as_from_one_encoder() {
    let track = short(48_000);
    for (layout, mode) in LAYOUTS.into_iter().flat_map(|layout| MODES.map(|mode| (layout, mode()))) {
        let format = format(&track, layout, mode);
        let meant = as_written(&track.frames, layout);
        let Some(heard) = ffmpeg(&encoded(&track, format), layout) else { return };
        let one = ffmpeg(&straight(&track, format), layout).unwrap();
        for region in &track.regions {
            let region = region.start.0 as usize..region.end.0 as usize;
            let error = |heard: &[Frame]| error(&heard[region.clone()], &meant[region.clone()]);
            let change = db(error(&heard) / error(&one));
            assert!(change.abs() < 0.1, "{format:?}: {change:.3} dB in {region:?}");
        }
    }
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let (short, long) = (short(48_000), &*OVER_RAIN);
    let all = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let encode = |track, mode| encoded(track, format(track, ChannelLayout::Mono, mode));
        pool.install(|| [encode(&short, cbr(96)), encode(long, cbr(96)), encode(long, vbr(4))])
    };
    assert!(all(1) == all(2));
}

#[test]
fn the_tag_comes_first_and_progress_ends_with_the_track() {
    let track = short(48_000);
    let format = Mp3Format::standard(track.rate, ChannelLayout::Stereo);
    let stop = AtomicBool::new(false);
    let mut done = Vec::new();
    let mut output = Cursor::new(Vec::new());
    output.write_all(b"before").unwrap();
    let mut watch = JobControl { stop: &stop, progress: &mut |frames| done.push(frames) };
    write_mp3(&track, format, b"ID3 as it is", &mut output, &mut watch).unwrap();
    assert_eq!(output.position(), output.get_ref().len() as u64);
    let bytes = output.into_inner();
    assert_eq!(&bytes[..18], b"beforeID3 as it is");
    assert_eq!(bytes[18..], encoded(&track, format));
    assert!(done.is_sorted());
    assert_eq!(done.last(), Some(&track.length()));
}

#[test]
fn raising_the_flag_ends_the_work() {
    let track = short(48_000);
    let format = Mp3Format::standard(track.rate, ChannelLayout::Mono);
    let stop = AtomicBool::new(true);
    let mut watch = JobControl { stop: &stop, progress: &mut |_| {} };
    let ended = write_mp3(&track, format, &[], &mut Cursor::new(Vec::new()), &mut watch);
    assert!(matches!(ended, Err(EncodeError::Interrupted)));
}

#[test]
fn a_rate_that_mp3_does_not_hold_is_refused_with_what_to_write() {
    for (hz, hint) in [(96_000, 48_000), (22_050, 44_100), (88_200, 44_100), (8000, 48_000)] {
        let track = Pcm::new(hz, 1000, &[]);
        let format = Mp3Format::standard(track.rate, ChannelLayout::Mono);
        let stop = AtomicBool::new(false);
        let mut watch = JobControl { stop: &stop, progress: &mut |_| {} };
        let refused = write_mp3(&track, format, &[], &mut Cursor::new(Vec::new()), &mut watch).unwrap_err();
        let message = format!("MP3 holds 32, 44.1 or 48 kHz, not {hz} Hz; write `--rate {hint}`");
        assert_eq!(refused.to_string(), message);
    }
}
