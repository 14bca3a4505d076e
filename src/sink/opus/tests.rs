//! Our files, judged by opusinfo and decoded by ffmpeg, which know nothing of us.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use super::*;
use crate::audio::Frame;
use crate::dsp::Noise;
use crate::sink::tags::{Tags, opus_tags};
use crate::sink::testing::{Track, judge};

const LAYOUTS: [ChannelLayout; 2] = [ChannelLayout::Mono, ChannelLayout::Stereo];

/// Noise without its highest octaves, which a codec may leave out, louder and softer like syllables.
fn speech(at: u64) -> Frame {
    let noise = Noise::new(3);
    let smooth = |at: u64| (0..12).map(|back| noise.signed(at + back)).sum::<f32>() / 12.0;
    let syllable = if at % 12_000 < 8000 { 0.6 } else { 0.1 };
    Frame::new(smooth(at) * syllable, smooth(at + 6) * syllable)
}

/// Two lines with a long rest between them, and a line that ends with the track.
fn session() -> Track {
    Track::new(48_000, 500_123, &[(30_000, 90_000), (250_000, 300_000), (440_000, 500_123)], speech)
}

fn encoded(track: &Track, format: OpusFormat) -> Vec<u8> {
    let stop = AtomicBool::new(false);
    let mut watch = Watch { stop: &stop, progress: &mut |_| () };
    let tags = opus_tags(&Tags::titled("A track", track.rate, track.length()));
    let mut bytes = Vec::new();
    write_opus(track, format, &tags, &mut bytes, &mut watch).unwrap();
    bytes
}

/// What ffmpeg decodes, or `None` (and a line that says so) where it is not installed.
fn decoded(path: &Path, layout: ChannelLayout) -> Option<Vec<Frame>> {
    let output =
        Command::new("ffmpeg").args(["-v", "error", "-i"]).arg(path).args(["-f", "f32le", "-"]).output();
    let Ok(output) = output else {
        eprintln!("skipped: ffmpeg is not installed");
        return None;
    };
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let samples = output.stdout.chunks_exact(4).map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap()));
    let samples: Vec<f32> = samples.collect();
    Some(match layout {
        ChannelLayout::Mono => samples.into_iter().map(Frame::mono).collect(),
        ChannelLayout::Stereo => samples.chunks_exact(2).map(|pair| Frame::new(pair[0], pair[1])).collect(),
    })
}

/// The power of the difference between what was heard and the track from one frame to another, per frame.
fn error(track: &Track, heard: &[Frame], from: u64, to: u64) -> f64 {
    let difference = |at: u64| {
        let (heard, meant) = (heard[at as usize].to_mono(), track.frame(at).to_mono());
        f64::from(heard - meant) * f64::from(heard - meant)
    };
    (from..to).map(difference).sum::<f64>() / (to - from) as f64
}

#[test]
fn what_comes_back_is_as_long_in_place_and_silent_where_it_should_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("track.opus");
    let track = session();
    for layout in LAYOUTS {
        std::fs::write(&path, encoded(&track, OpusFormat::standard(layout))).unwrap();
        if let Some(said) = judge("opusinfo", &[], &path) {
            assert!(!said.contains("WARNING") && said.contains("Playback length: 0m:10.419s"), "{said}");
        }
        let Some(heard) = decoded(&path, layout) else { return };
        assert_eq!(heard.len() as u64, track.length, "{layout:?}");
        // The rest, once the last word has died away (120 ms), is under the last bit of 16.
        let rest = heard[100_000..249_000].iter().map(|frame| frame.peak()).fold(0.0, f32::max);
        assert!(rest < 1.0 / 65_536.0, "{layout:?}: {rest}");
        // Of all places, the sound fits best where it belongs.
        let likeness = |lag: i64| -> f64 {
            let frame = |at: i64| f64::from(heard[(at + lag) as usize].to_mono());
            (255_000..275_000).map(|at| frame(at) * f64::from(track.frame(at as u64).to_mono())).sum()
        };
        let best = (-400..=400).max_by(|a, b| likeness(*a).total_cmp(&likeness(*b))).unwrap();
        assert_eq!(best, 0, "{layout:?}");
    }
}

#[test]
fn no_seam_is_heard_in_long_sound() {
    let seam = CUT * PACKET as u64;
    let length = 2 * seam + 100_000;
    let track = Track::new(48_000, length, &[(0, length)], speech);
    let format = OpusFormat::standard(ChannelLayout::Stereo);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("track.opus");
    std::fs::write(&path, encoded(&track, format)).unwrap();
    let Some(heard) = decoded(&path, format.layout) else { return };
    let everywhere = error(&track, &heard, 48_000, length - 48_000);
    for seam in [seam, 2 * seam] {
        // 60 ms on either side, against all of the track: a decibel at most.
        let here = error(&track, &heard, seam - 2880, seam + 2880);
        assert!(here < everywhere * 1.26, "{here:e} at a seam, {everywhere:e} everywhere");
    }
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let track = session();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| encoded(&track, OpusFormat::standard(ChannelLayout::Stereo)))
    };
    assert!(with(1) == with(2));
}

#[test]
fn rests_take_hardly_any_room() {
    let track = Track::new(48_000, 48_000 * 600, &[(48_000, 96_000)], speech);
    let size = encoded(&track, OpusFormat::standard(ChannelLayout::Stereo)).len();
    assert!(size < 30_000 + 600 * 250, "{size} bytes");
}

#[test]
fn another_rate_and_a_raised_flag_are_errors_in_words() {
    let write = |track: &Track, stopped| {
        let stop = AtomicBool::new(stopped);
        let mut watch = Watch { stop: &stop, progress: &mut |_| () };
        let format = OpusFormat::standard(ChannelLayout::Mono);
        write_opus(track, format, b"OpusTags", &mut Vec::new(), &mut watch)
    };
    let cd = Track::new(44_100, 1000, &[(0, 1000)], speech);
    let refused = write(&cd, false).unwrap_err().to_string();
    assert_eq!(refused, "Opus is at 48000 Hz, and this track is at 44100 Hz; write `--rate 48000`");
    assert!(matches!(write(&session(), true), Err(EncodeError::Interrupted)));
}
