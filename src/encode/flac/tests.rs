//! Our files, decoded by symphonia and by programs that know nothing of us.

use std::io::{Cursor, SeekFrom};
use std::path::Path;
use std::sync::atomic::AtomicBool;

use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

use super::*;
use crate::audio::{ChannelLayout, Frame};
use crate::encode::testing::{Track, judge, watched};
use crate::encode::wav::WavWriter;
use crate::output::Stream;
use crate::units::SampleRate;

const BITS: [Bits; 2] = [Bits::Int16, Bits::Int24];
const LAYOUTS: [ChannelLayout; 2] = [ChannelLayout::Mono, ChannelLayout::Stereo];

/// Tones with rests between them, one up to the very end, in a whole number of blocks and a little more.
fn session(hz: u32) -> Track {
    Track::new(hz, 20 * 4096 + 77, &[(10_000, 20_000), (60_000, 61_000), (81_000, 20 * 4096 + 77)], tone)
}

/// A swelling tone, with a little hiss on the right.
fn tone(at: u64) -> Frame {
    let tone = libm::sin(at as f64 * 0.031) * 0.9 * libm::sin(at as f64 * 0.0003);
    Frame::new(tone as f32, (tone + noise(at) * 0.01) as f32)
}

/// The same in both channels.
fn speech(at: u64) -> Frame {
    Frame::mono(tone(at).left)
}

/// From -1 to 1, and unlike from frame to frame.
fn noise(at: u64) -> f64 {
    let mixed = (at + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) as i64 as f64 / i64::MAX as f64
}

fn formats(hz: u32) -> impl Iterator<Item = PcmFormat> {
    let rate = SampleRate::new(hz).unwrap();
    LAYOUTS.into_iter().flat_map(move |layout| BITS.map(|bits| PcmFormat { rate, layout, bits }))
}

fn tags(track: &Track) -> Tags {
    Tags::titled("A track", track.rate, track.length())
}

fn encoded(track: &Track, format: PcmFormat) -> Vec<u8> {
    let mut output = Cursor::new(Vec::new());
    watched(track.length(), |watch| write_flac(track, format, &tags(track), &mut output, watch));
    output.into_inner()
}

/// Every sample of a file, channel by channel in turn, by symphonia, which checks the digest too.
fn decoded(bytes: Vec<u8>, bits: Bits) -> Vec<i32> {
    let stream = MediaSourceStream::new(Box::new(Cursor::new(bytes)), MediaSourceStreamOptions::default());
    let mut format = symphonia::default::get_probe()
        .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
        .unwrap();
    let track = format.default_track(TrackType::Audio).unwrap();
    let parameters = track.codec_params.as_ref().unwrap().audio().unwrap().clone();
    let options = AudioDecoderOptions::default().verify(true);
    let mut decoder = symphonia::default::get_codecs().make_audio_decoder(&parameters, &options).unwrap();
    let mut samples: Vec<f32> = Vec::new();
    while let Ok(Some(packet)) = format.next_packet() {
        let frames = decoder.decode(&packet).unwrap();
        let from = samples.len();
        samples.resize(from + frames.samples_interleaved(), 0.0);
        frames.copy_to_slice_interleaved(&mut samples[from..]);
    }
    assert_eq!(decoder.finalize().verify_ok, Some(true));
    let scale = (1u32 << (8 * bits.bytes() - 1)) as f32;
    samples.into_iter().map(|sample| (sample * scale) as i32).collect()
}

#[track_caller]
fn check(track: &Track, format: PcmFormat) -> usize {
    let bytes = encoded(track, format);
    let size = bytes.len();
    let expected: Vec<i32> = (0..track.length)
        .flat_map(|at| {
            let samples = format.integers(FramePos(at), &[track.frame(at)]).next().unwrap();
            samples.into_iter().take(format.layout.channels().into())
        })
        .collect();
    assert!(decoded(bytes, format.bits) == expected, "{format:?}");
    size
}

#[test]
fn every_sample_comes_back_at_any_rate_depth_and_length() {
    for hz in [44_100, 48_000] {
        formats(hz).for_each(|format| _ = check(&session(hz), format));
    }
    for hz in [8000, 11_025, 12_345, 96_000, 192_000] {
        formats(hz).for_each(|format| _ = check(&Track::new(hz, 5000, &[(100, 4500)], tone), format));
    }
    for length in [1, 2, 5, 63, 255, 256, 257, 4095, 4096, 8192] {
        formats(48_000)
            .for_each(|format| _ = check(&Track::new(48_000, length, &[(0, length)], tone), format));
    }
}

#[test]
fn what_cannot_be_foretold_comes_back_too_and_takes_hardly_more_room_than_in_a_wav() {
    let loud: fn(u64) -> Frame = |at| Frame::new(noise(at) as f32, noise(at + 1_000_000) as f32);
    // The farthest apart that two channels can be: their difference takes one bit more.
    let extremes: fn(u64) -> Frame =
        |at| if noise(at) > 0.0 { Frame::new(1.0, -1.0) } else { Frame::new(-1.0, 1.0) };
    for format in formats(48_000) {
        for sound in [loud, extremes] {
            let size = check(&Track::new(48_000, 9000, &[(0, 9000)], sound), format);
            let wav = 9000 * usize::from(format.frame_bytes());
            assert!(size < wav * 101 / 100 + 100, "{size} bytes of {wav}");
        }
    }
}

#[test]
fn a_voice_in_the_middle_takes_one_channel_of_room() {
    let track = Track::new(48_000, 40_960, &[(0, 40_960)], speech);
    let size = |layout| check(&track, PcmFormat { rate: track.rate, layout, bits: Bits::Int24 });
    assert!(size(ChannelLayout::Stereo) < size(ChannelLayout::Mono) + 100);
}

#[test]
fn an_hour_of_silence_takes_a_few_bytes_a_block() {
    let track = Track::new(8000, 8000 * 3600, &[(0, 10), (8000 * 3000, 8000 * 3000 + 10)], tone);
    for format in formats(8000) {
        let size = encoded(&track, format).len() as u64;
        assert!(size < track.length / 4096 * 18 + 360 * 18 + 1000, "{size}");
    }
}

/// The MD5 of what ffmpeg decodes.
fn sound_md5(path: &Path, bits: Bits) -> Option<String> {
    let codec = if bits == Bits::Int16 { "pcm_s16le" } else { "pcm_s24le" };
    let arguments = ["-v", "error", "-i", path.to_str().unwrap(), "-c:a", codec, "-f", "md5"];
    judge("ffmpeg", &arguments, Path::new("-")).map(|md5| md5.trim_start_matches("MD5=").to_owned())
}

#[test]
fn independent_readers_have_nothing_to_complain_of_and_hear_the_wav() {
    let folder = tempfile::tempdir().unwrap();
    let (path, wav_path) = (folder.path().join("track.flac"), folder.path().join("track.wav"));
    for format in [44_100, 48_000].into_iter().flat_map(formats) {
        let track = session(format.rate.hz());
        let frames: Vec<Frame> = (0..track.length).map(|at| track.frame(at)).collect();
        std::fs::write(&path, encoded(&track, format)).unwrap();
        let file = std::fs::File::create(&wav_path).unwrap();
        let mut wav = WavWriter::new(Stream(file), format, track.length(), Vec::new()).unwrap();
        wav.write(Block::Sound(&frames)).unwrap();
        wav.finish().unwrap();

        let heard = sound_md5(&wav_path, format.bits);
        assert_eq!(sound_md5(&path, format.bits), heard, "{format:?}");
        judge("flac", &["-t", "-s", "-w"], &path);
        let show = ["--show-md5sum", "--show-total-samples", "--show-min-blocksize", "--show-max-blocksize"];
        if let (Some(shown), Some(heard)) = (judge("metaflac", &show, &path), heard) {
            assert_eq!(
                shown.lines().collect::<Vec<_>>(),
                [&*heard, &track.length.to_string(), "4096", "4096"]
            );
        }
        if let Some(frames) = judge("soxi", &["-s"], &path) {
            assert_eq!(frames, track.length.to_string());
        }
        let show = ["-v", "error", "-show_entries", "stream=duration_ts,channels", "-of", "csv=p=0"];
        if let Some(shown) = judge("ffprobe", &show, &path) {
            assert_eq!(shown, format!("{},{}", format.layout.channels(), track.length));
        }
    }
}

/// Blocks of metadata: their types and bodies; and where the first frame begins.
fn read_metadata(bytes: &[u8]) -> (Vec<(u8, &[u8])>, usize) {
    let (mut blocks, mut at) = (Vec::new(), 4);
    loop {
        let header = &bytes[at..at + 4];
        let size = usize::from(header[1]) << 16 | usize::from(header[2]) << 8 | usize::from(header[3]);
        blocks.push((header[0] & 0x7F, &bytes[at + 4..at + 4 + size]));
        at += 4 + size;
        if header[0] & 0x80 != 0 {
            return (blocks, at);
        }
    }
}

#[test]
fn seek_points_lead_to_their_frames() {
    let track = Track::new(8000, 8000 * 45, &[(8000 * 5, 8000 * 23), (8000 * 44, 8000 * 45)], tone);
    let format = PcmFormat { rate: track.rate, layout: ChannelLayout::Stereo, bits: Bits::Int16 };
    let bytes = encoded(&track, format);
    let (blocks, first) = read_metadata(&bytes);
    let (_, table) = blocks.iter().find(|block| block.0 == 3).unwrap();
    let points: Vec<&[u8]> = table.chunks(18).collect();
    assert_eq!(points.len(), 5);
    for (index, point) in points.iter().enumerate() {
        let sample = u64::from_be_bytes(point[..8].try_into().unwrap());
        let offset = u64::from_be_bytes(point[8..16].try_into().unwrap()) as usize;
        assert!((index as u64 * 80_000).abs_diff(sample) <= 4096, "{sample}");
        let frame = &bytes[first + offset..];
        assert_eq!((&frame[..2], u64::from(frame[4])), (&[0xFF, 0xF8][..], sample / 4096));
    }
}

#[test]
fn a_track_of_no_length_is_refused_in_words() {
    let track = Track::new(48_000, 0, &[], tone);
    let format = PcmFormat { rate: track.rate, layout: ChannelLayout::Mono, bits: Bits::Int16 };
    let (stop, mut output) = (AtomicBool::new(false), Cursor::new(Vec::new()));
    let mut watch = JobControl { stop: &stop, progress: &mut |_| () };
    let error = write_flac(&track, format, &tags(&track), &mut output, &mut watch).unwrap_err();
    assert_eq!(error.to_string(), "FLAC cannot hold this track: no samples written to encoder");
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let track = session(48_000);
    for format in formats(48_000) {
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| encoded(&track, format))
        };
        assert!(with(1) == with(2), "{format:?}");
    }
}

/// A disk with room for so many bytes.
struct Full(Cursor<Vec<u8>>, usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.position() as usize + bytes.len() > self.1 {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.0.write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Seek for Full {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn a_full_disk_a_raised_flag_and_what_flac_cannot_hold_are_errors() {
    let track = session(48_000);
    let format = PcmFormat { rate: track.rate, layout: ChannelLayout::Stereo, bits: Bits::Int16 };
    let write = |format, room, stopped| {
        let stop = AtomicBool::new(stopped);
        let mut watch = JobControl { stop: &stop, progress: &mut |_| () };
        write_flac(&track, format, &tags(&track), &mut Full(Cursor::new(Vec::new()), room), &mut watch)
    };
    let size = encoded(&track, format).len();
    assert!(write(format, size, false).is_ok());
    for room in [0, 40, 100, size / 2, size - 1] {
        assert!(matches!(write(format, room, false), Err(EncodeError::Io(_))), "{room}");
    }
    assert!(matches!(write(format, size, true), Err(EncodeError::Interrupted)));
    let fast = PcmFormat { rate: SampleRate::new(2_000_000).unwrap(), ..format };
    let error = write(fast, size, false).unwrap_err().to_string();
    assert_eq!(error, "FLAC cannot hold 2000000 Hz; write `--rate 48000`");
}
