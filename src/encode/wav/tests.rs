//! Our files, read by hound and judged by programs that know nothing of us.

use std::path::Path;
use std::process::Command;

use super::*;
use crate::audio::{Block, ChannelLayout, Frame};
use crate::dsp::to_i16;
use crate::encode::pcm::{Bits, PcmFormat};
use crate::encode::tags::riff_chunks;
use crate::encode::{Marker, Tags, TrackFile};
use crate::output::NewFile;
use crate::output::Stream;
use crate::units::{FramePos, Frames, SampleRate};

const BITS: [Bits; 3] = [Bits::Int16, Bits::Int24, Bits::Float32];
const LAYOUTS: [ChannelLayout; 2] = [ChannelLayout::Mono, ChannelLayout::Stereo];

fn formats() -> impl Iterator<Item = PcmFormat> {
    [44_100, 48_000, 96_000].into_iter().flat_map(|hz| {
        LAYOUTS.into_iter().flat_map(move |layout| {
            BITS.into_iter().map(move |bits| PcmFormat { rate: SampleRate::new(hz).unwrap(), layout, bits })
        })
    })
}

/// 101 frames of a slope, 1000 of silence, and 100 of the slope again: an odd number of frames.
fn slope() -> Vec<Frame> {
    (0..101).map(|i| Frame::new(i as f32 / 200.0, -(i as f32) / 150.0)).collect()
}

/// What follows the samples of a track with this title.
fn chunks(title: &str) -> Vec<u8> {
    let mut tags = Tags::titled(title, SampleRate::HZ_48000, Frames(1201));
    let chapter =
        |start, end, title: &str| Marker { start: FramePos(start), end: FramePos(end), title: title.into() };
    tags.chapters = vec![chapter(0, 101, "Up"), chapter(1101, 1201, "Up again")];
    riff_chunks(&tags)
}

fn create(path: &Path, format: PcmFormat, length: Frames, title: &str) -> WavWriter<NewFile> {
    WavWriter::new(NewFile::create(path).unwrap(), format, length, chunks(title)).unwrap()
}

fn write_slope(path: &Path, format: PcmFormat) {
    let mut file = create(path, format, Frames(1201), "A slope");
    file.write(Block::Sound(&slope())).unwrap();
    file.write(Block::Silence(Frames(1000))).unwrap();
    file.write(Block::Sound(&slope()[..100])).unwrap();
    file.finish().unwrap().finish().unwrap();
}

/// The output of a program, or `None` (and a line that says so) where it is not installed.
fn judge(program: &str, arguments: &[&str], path: &Path) -> Option<String> {
    match Command::new(program).args(arguments).arg(path).output() {
        Ok(output) => {
            let text = [output.stdout, output.stderr].concat();
            Some(String::from_utf8_lossy(&text).into_owned())
        }
        Err(_) => {
            crate::judges::missing(program);
            None
        }
    }
}

#[test]
fn hound_reads_back_every_sample_of_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slope.wav");
    for format in formats() {
        write_slope(&path, format);
        let reader = hound::WavReader::open(&path).unwrap();
        assert_eq!(reader.duration(), 1201, "{format:?}");
        assert_eq!(reader.spec().channels, format.layout.channels());
        assert_eq!(reader.spec().sample_rate, format.rate.hz());
        let frame = slope()[100];
        let samples: Vec<f64> = match format.bits {
            Bits::Float32 => reader.into_samples::<f32>().map(|s| f64::from(s.unwrap())).collect(),
            _ => reader.into_samples::<i32>().map(|s| f64::from(s.unwrap())).collect(),
        };
        let stereo = format.layout == ChannelLayout::Stereo;
        let (index, sample) = if stereo { (200, frame.left) } else { (100, frame.to_mono()) };
        let expected = match format.bits {
            Bits::Int16 => f64::from(to_i16(sample, FramePos(100), 0)),
            Bits::Int24 => (f64::from(sample) * 8_388_608.0).round(),
            Bits::Float32 => f64::from(sample),
        };
        assert_eq!(samples[index], expected, "{format:?}");
        let silence = if stereo { 202..2202 } else { 101..1101 };
        assert!(samples[silence].iter().all(|sample| *sample == 0.0), "{format:?}");
    }
}

/// Whether sndfile-info finds a fault. It says of every odd chunk that it is odd, padded or not, and does
/// not know that RF64 may hold a `fact` or a `cue ` chunk.
fn complains(info: &str) -> bool {
    let fault = |line: &&str| line.contains("***") || line.contains("should");
    let harmless = ["even number of bytes", "fact : 4 (unknown", "cue  : 52 (unknown"];
    let harmless = |line: &str| harmless.iter().any(|said| line.contains(said));
    info.lines().filter(fault).any(|line| !harmless(line))
}

#[test]
fn independent_readers_have_nothing_to_complain_of() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slope.wav");
    for format in formats() {
        write_slope(&path, format);
        if let Some(info) = judge("sndfile-info", &[], &path) {
            assert!(!complains(&info) && info.contains("Frames      : 1201"), "{format:?}\n{info}");
        }
        if let Some(frames) = judge("soxi", &["-s"], &path) {
            assert_eq!(frames.trim(), "1201", "{format:?}");
        }
        let show = ["-v", "error", "-show_entries", "stream=channel_layout", "-of", "csv=p=0"];
        if let Some(layout) = judge("ffprobe", &show, &path) {
            assert!(!layout.contains("FL"), "{format:?}: {layout}");
        }
        if format.bits != Bits::Float32 {
            let read = "import sys, wave; w = wave.open(sys.argv[1]); print(w.getnframes(), len(w.readframes(9999)))";
            if let Some(lengths) = judge("python3", &["-c", read], &path) {
                assert_eq!(lengths.trim(), format!("1201 {}", format.bytes(Frames(1201))), "{format:?}");
            }
        }
    }
}

#[test]
fn odd_samples_are_padded_and_the_sizes_are_true() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd.wav");
    let format = PcmFormat { rate: SampleRate::HZ_48000, layout: ChannelLayout::Mono, bits: Bits::Int24 };
    write_slope(&path, format);
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(bytes.len() % 2, 0);
    assert_eq!(u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize, bytes.len() - 8);
    assert_eq!(bytes[44 + 3 * 1201], 0);
    assert_eq!(&bytes[44 + 3 * 1201 + 1..][..4], b"cue ");
}

#[test]
fn over_four_gibibytes_it_is_rf64_and_its_silence_takes_no_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("night.wav");
    let format = PcmFormat { rate: SampleRate::HZ_48000, layout: ChannelLayout::Stereo, bits: Bits::Float32 };
    let length = Frames(600_000_000);
    let mut file = create(&path, format, length, "A night");
    file.write(Block::Sound(&slope())).unwrap();
    file.write(Block::Silence(Frames(length.0 - 202))).unwrap();
    file.write(Block::Sound(&slope())).unwrap();
    file.finish().unwrap().finish().unwrap();
    assert!(is_ours(&path));
    let metadata = std::fs::metadata(&path).unwrap();
    assert!(metadata.len() > 4_800_000_000);
    #[cfg(target_os = "linux")]
    {
        use std::os::linux::fs::MetadataExt;
        assert!(metadata.st_blocks() * 512 < 1_000_000, "{} blocks", metadata.st_blocks());
    }
    if let Some(info) = judge("sndfile-info", &[], &path) {
        assert!(info.contains("Frames      : 600000000") && !complains(&info), "{info}");
    }
    let show = ["-v", "error", "-show_entries", "stream=duration_ts", "-of", "csv=p=0"];
    if let Some(frames) = judge("ffprobe", &show, &path) {
        assert_eq!(frames.trim(), "600000000");
    }
}

#[test]
fn a_stream_and_a_file_are_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slope.wav");
    for format in formats() {
        write_slope(&path, format);
        let mut writer = WavWriter::new(Stream(Vec::new()), format, Frames(1201), chunks("A slope")).unwrap();
        writer.write(Block::Sound(&slope()[..40])).unwrap();
        writer.write(Block::Sound(&slope()[40..])).unwrap();
        writer.write(Block::Silence(Frames(300))).unwrap();
        writer.write(Block::Silence(Frames(700))).unwrap();
        writer.write(Block::Sound(&slope()[..100])).unwrap();
        assert!(writer.finish().unwrap().0 == std::fs::read(&path).unwrap(), "{format:?}");
    }
}

#[test]
fn what_is_not_finished_leaves_the_old_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.wav");
    std::fs::write(&path, "the old track").unwrap();
    let format = PcmFormat { rate: SampleRate::HZ_48000, layout: ChannelLayout::Stereo, bits: Bits::Int16 };
    let mut dropped = create(&path, format, Frames(101), "t");
    dropped.write(Block::Sound(&slope())).unwrap();
    drop(dropped);
    let mut short = create(&path, format, Frames(500), "t");
    short.write(Block::Sound(&slope())).unwrap();
    let error = short.finish().err().unwrap().to_string();
    assert!(error.contains("promises 500 frames, and there are 101"), "{error}");
    let mut long = create(&path, format, Frames(50), "t");
    assert!(long.write(Block::Sound(&slope())).is_err());
    drop(long);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "the old track");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// A disk with room for so many bytes.
struct Full(usize);

impl std::io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if bytes.len() > self.0 {
            return Err(std::io::Error::new(std::io::ErrorKind::StorageFull, "full"));
        }
        self.0 -= bytes.len();
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error_at_whatever_byte_it_comes() {
    let format = PcmFormat { rate: SampleRate::HZ_48000, layout: ChannelLayout::Mono, bits: Bits::Int24 };
    let write = |room| -> std::io::Result<()> {
        let mut writer = WavWriter::new(Stream(Full(room)), format, Frames(151), chunks("t"))?;
        writer.write(Block::Sound(&slope()))?;
        writer.write(Block::Silence(Frames(50)))?;
        writer.finish().map(|_| ())
    };
    let needed = 44 + 151 * 3 + 1 + chunks("t").len();
    assert!(write(needed).is_ok());
    for room in 0..needed {
        assert!(write(room).is_err(), "{room}");
    }
}

fn is_ours(path: &Path) -> bool {
    TrackFile::open(path).unwrap().is_some_and(|mut track| track.is_ours().unwrap())
}

#[test]
fn only_our_own_tracks_are_ours() {
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, bytes: &[u8], ours: bool| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(is_ours(&path), ours, "{name}");
    };
    let path = folder.path().join("slope.wav");
    let format = PcmFormat { rate: SampleRate::HZ_48000, layout: ChannelLayout::Mono, bits: Bits::Int16 };
    write_slope(&path, format);
    let ours = std::fs::read(&path).unwrap();
    check("whole.wav", &ours, true);
    check("cut.wav", &ours[..ours.len() - 40], false);
    check("empty.wav", b"", false);
    // What a program leaves that writes to a pipe: the largest sizes there are.
    let endless = [&ours[..40], &u32::MAX.to_le_bytes(), &ours[44..]].concat();
    check("endless.wav", &endless, false);
    check("text.wav", b"not a track at all, but some words", false);
    let foreign = String::from_utf8_lossy(&ours).replace("nidra ", "other ").into_bytes();
    check("foreign.wav", &foreign, false);
    assert!(TrackFile::open(&folder.path().join("none.wav")).is_err());
}

#[cfg(unix)]
#[test]
fn a_pipe_is_neither_waited_for_nor_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    if !Command::new("mkfifo").arg(&pipe).status().is_ok_and(|made| made.success()) {
        crate::judges::missing("mkfifo");
        return;
    }
    assert!(TrackFile::open(&pipe).is_err());
    let check = |target: &Path| {
        let error = NewFile::create(target).err().unwrap().to_string();
        assert!(error.contains(": it is a "), "{error}");
    };
    check(&pipe);
    check(folder.path());
    assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_track_is_a_file_like_any_other_to_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let mode = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
    let format = PcmFormat { rate: SampleRate::HZ_48000, layout: ChannelLayout::Mono, bits: Bits::Int16 };
    write_slope(&folder.path().join("track.wav"), format);
    std::fs::write(folder.path().join("other"), "").unwrap();
    assert_eq!(mode("track.wav"), mode("other"));
}
