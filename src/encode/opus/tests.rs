//! Our files, decoded by libopus and by programs that know nothing of us.
#![allow(clippy::single_range_in_vec_init, reason = "a track may sound in one region")]

use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::encoder::WARM_UP_PACKETS;
use super::*;
use crate::audio::Frame;
use crate::encode::testing::{Pcm, judge, judge_bytes, watched};
use crate::units::FramePos;

const LAYOUTS: [ChannelLayout; 2] = [ChannelLayout::Mono, ChannelLayout::Stereo];

/// A vendor, and no comments.
const TAGS: &[u8] = b"OpusTags\x05\0\0\0nidra\0\0\0\0";

/// A track that sounds like a voice in these regions.
fn voices(length: usize, regions: &[Range<usize>]) -> Pcm {
    let mut frames = vec![Frame::SILENCE; length];
    for region in regions {
        for at in region.clone() {
            frames[at] = voice(at, (at - region.start).min(region.end - at));
        }
    }
    let position = |at: usize| FramePos(at as u64);
    let regions = regions.iter().map(|region| position(region.start)..position(region.end));
    Pcm { rate: RATE, frames, regions: regions.collect() }
}

/// Two seconds of sound, a rest that is long enough to be made of silence, and a second and a bit of sound.
fn session() -> Pcm {
    voices(48_000 * 15 + 123, &[24_000..120_000, 48_000 * 14..48_000 * 15 + 123])
}

/// Something like a voice, left of the middle: a buzz with vibrato in syllables, and breath. It fades over the
/// first and last 20 ms of a region; `edge` is how far away the nearest end is.
fn voice(at: usize, edge: usize) -> Frame {
    let seconds = at as f64 / 48_000.0;
    let phase = std::f64::consts::TAU * 140.0 * seconds + 2.0 * libm::sin(seconds * 30.0);
    let buzz: f64 = (1..8).map(|n| libm::sin(phase * f64::from(n)) / f64::from(n)).sum();
    let syllable = libm::sin(seconds * 11.0).max(0.05);
    let breath = ((at.wrapping_mul(0x9E37_79B9) & 0xFFFF) as f64 / 65_536.0 - 0.5) * 0.1;
    let sample = (0.15 * (buzz + breath) * syllable * (edge as f64 / 960.0).min(1.0)) as f32;
    Frame::new(sample, sample * 0.5)
}

fn written(track: &Pcm, format: OpusFormat, tags: &[u8]) -> Vec<u8> {
    let mut output = Vec::new();
    watched(track.length(), |watch| write_opus(track, format, tags, &mut output, watch));
    output
}

/// A page of an Ogg file.
struct Page {
    flags: u8,
    position: u64,
    sequence: u32,
    /// Packets that end on it.
    packets: usize,
    length: usize,
}

fn pages(file: &[u8]) -> Vec<Page> {
    let (mut pages, mut at) = (Vec::new(), 0);
    while at < file.len() {
        assert_eq!(&file[at..at + 4], b"OggS");
        let segments = usize::from(file[at + 26]);
        let lacing = &file[at + 27..at + 27 + segments];
        let body: usize = lacing.iter().map(|&size| usize::from(size)).sum();
        pages.push(Page {
            flags: file[at + 5],
            position: u64::from_le_bytes(file[at + 6..at + 14].try_into().unwrap()),
            sequence: u32::from_le_bytes(file[at + 18..at + 22].try_into().unwrap()),
            packets: lacing.iter().filter(|&&size| size < 255).count(),
            length: 27 + segments + body,
        });
        at += 27 + segments + body;
    }
    pages
}

/// The packets of a file, without its header.
fn packets(file: &[u8]) -> Vec<Vec<u8>> {
    let mut reader = ogg::PacketReader::new(std::io::Cursor::new(file));
    let packets = std::iter::from_fn(|| reader.read_packet().unwrap().map(|packet| packet.data));
    packets.skip(2).collect()
}

/// The samples that libopus makes of packets, without the frames that are to be skipped.
fn decoded(packets: &[Vec<u8>], layout: ChannelLayout) -> Vec<f32> {
    let channels = if layout == ChannelLayout::Mono { opus::Channels::Mono } else { opus::Channels::Stereo };
    let width = usize::from(layout.channels());
    let mut decoder = opus::Decoder::new(48_000, channels).unwrap();
    let mut packet_samples = vec![0.0; PACKET_FRAMES * width];
    let mut samples = Vec::new();
    for packet in packets {
        decoder.decode_float(packet, &mut packet_samples, false).unwrap();
        samples.extend_from_slice(&packet_samples);
    }
    samples.split_off(312 * width)
}

/// The power of the difference between a track and what was decoded, over some frames.
fn error(track: &Pcm, layout: ChannelLayout, decoded: &[f32], frames: Range<usize>) -> f64 {
    let power = |a: f32, b: f32| f64::from(a - b).powi(2);
    let difference = |at: usize| match (layout, track.frames[at]) {
        (ChannelLayout::Mono, frame) => power(decoded[at], frame.to_mono()),
        (ChannelLayout::Stereo, frame) => {
            power(decoded[2 * at], frame.left) + power(decoded[2 * at + 1], frame.right)
        }
    };
    frames.map(difference).sum()
}

#[test]
fn it_is_as_long_as_the_track_and_nothing_is_late() {
    let track = session();
    for layout in LAYOUTS {
        let file = written(&track, OpusFormat::standard(layout), TAGS);
        assert_eq!(pages(&file).last().unwrap().position, track.length().0 + 312);
        let sound = decoded(&packets(&file), layout);
        let width = usize::from(layout.channels());
        let correlation = |lag: usize| -> f64 {
            let left = |at: usize| f64::from(sound[at * width]);
            (30_000..110_000).map(|at| f64::from(track.frames[at].left) * left(at + lag - 5)).sum()
        };
        let best = (0..=10).max_by(|a, b| correlation(*a).total_cmp(&correlation(*b)));
        assert_eq!(best, Some(5), "{layout:?}");
    }
}

#[test]
fn a_track_of_any_length_ends_where_it_ends() {
    let format = OpusFormat::standard(ChannelLayout::Mono);
    for length in [0, 1, 647, 648, 649, 960, 48_000 - 312, 96_000] {
        let regions = [0..length];
        let track = voices(length, if length == 0 { &[] } else { &regions });
        let file = written(&track, format, TAGS);
        let pages = pages(&file);
        let last = pages.last().unwrap();
        assert_eq!((last.position, last.flags & 4), (length as u64 + 312, 4), "{length}");
        assert_eq!(packets(&file).len(), (length + 312).div_ceil(960), "{length}");
    }
}

#[test]
fn rests_are_silent() {
    let track = session();
    for layout in LAYOUTS {
        for kbps in [16, OpusFormat::standard(layout).kbps] {
            let format = OpusFormat { kbps, ..OpusFormat::standard(layout) };
            let sound = decoded(&packets(&written(&track, format, TAGS)), layout);
            let width = usize::from(layout.channels());
            // From the end of the tail to the packet in which sound begins again.
            let rest = &sound[(120_000 + 4 * PACKET_FRAMES) * width..(48_000 * 14 - PACKET_FRAMES) * width];
            let loudest = rest.iter().fold(0.0f32, |loudest, sample| loudest.max(sample.abs()));
            assert!(loudest < 1e-30, "{layout:?} {kbps}: {loudest:e}");
        }
    }
}

#[test]
fn a_seam_is_no_worse_than_one_straight_encoder_is_there() {
    // Longer than what an encoder has heard before the seam.
    let (cut, length) = (WARM_UP_PACKETS + 50, 48_000 * 23);
    let track = voices(length, &[0..length]);
    for layout in LAYOUTS {
        let format = OpusFormat::standard(layout);
        let ours = packets(&written(&track, OpusFormat { part_packets: cut, ..format }, TAGS));
        let straight = packets(&written(&track, format, TAGS));
        assert_eq!(ours.len(), straight.len());
        let (ours, straight) = (decoded(&ours, layout), decoded(&straight, layout));
        let around = (cut as usize - 2) * PACKET_FRAMES..(cut as usize + 3) * PACKET_FRAMES;
        let worse = error(&track, layout, &ours, around.clone()) / error(&track, layout, &straight, around);
        assert!(10.0 * libm::log10(worse) < 0.1, "{layout:?}: {worse}");
    }
}

#[test]
fn pages_are_a_second_long_and_the_headers_have_their_own() {
    let track = session();
    let large = [TAGS, &vec![b'x'; 100_000]].concat();
    for (tags, kbps, tag_pages) in [(TAGS, 96, 1), (&large, 510, 2)] {
        let format = OpusFormat { kbps, ..OpusFormat::standard(ChannelLayout::Stereo) };
        let file = written(&track, format, tags);
        let pages = pages(&file);
        assert_eq!(&file[28..28 + 12], b"OpusHead\x01\x02\x38\x01");
        assert_eq!((pages[0].flags, pages[0].packets, pages[0].position, pages[0].length), (2, 1, 0, 47));
        let headers = &pages[1..=tag_pages];
        assert_eq!(headers.iter().map(|page| page.packets).sum::<usize>(), 1);
        assert_eq!(headers.last().unwrap().position, 0);
        let sound = &pages[tag_pages + 1..];
        assert!(sound.iter().all(|page| page.packets <= 50 && page.flags & 1 == 0));
        let mut packets = 0;
        for page in &sound[..sound.len() - 1] {
            packets += page.packets as u64;
            assert_eq!((page.position, page.flags), (packets * 960, 0));
        }
        assert!(pages.iter().enumerate().all(|(index, page)| page.sequence as usize == index));
    }
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let track = session();
    let format = OpusFormat { part_packets: 60, ..OpusFormat::standard(ChannelLayout::Stereo) };
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| written(&track, format, TAGS))
    };
    assert!(with(1) == with(2));
}

#[test]
fn a_raised_flag_a_full_disk_and_what_opus_cannot_hold_are_errors() {
    let write = |track: &Pcm, kbps, room: usize, stopped| {
        let stop = AtomicBool::new(stopped);
        let mut watch = JobControl { stop: &stop, progress: &mut |_| () };
        let format = OpusFormat { kbps, ..OpusFormat::standard(ChannelLayout::Mono) };
        write_opus(track, format, TAGS, &mut &mut vec![0; room][..], &mut watch)
    };
    let track = voices(48_000, &[0..48_000]);
    assert!(write(&track, 64, 100_000, false).is_ok());
    assert!(matches!(write(&track, 64, 1000, false), Err(EncodeError::Io(_))));
    assert!(matches!(write(&track, 64, 100_000, true), Err(EncodeError::Interrupted)));
    let error = |track: &Pcm, kbps| write(track, kbps, 100_000, false).unwrap_err().to_string();
    assert_eq!(error(&track, 300), "Opus takes 6 to 256 kbit/s here, and not 300");
    let slow = Pcm { rate: SampleRate::new(44_100).unwrap(), ..track };
    assert_eq!(error(&slow, 64), "Opus is at 48000 Hz, and this track is at 44100 Hz; write `--rate 48000`");
}

#[test]
fn independent_readers_have_nothing_to_complain_of_and_hear_the_whole_track() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("track.opus");
    let file = path.to_str().unwrap().to_owned();
    let track = session();
    for layout in LAYOUTS {
        std::fs::write(&path, written(&track, OpusFormat::standard(layout), TAGS)).unwrap();
        if let Some(info) = judge("opusinfo", &[], &path) {
            let info = info.to_lowercase();
            assert!(!info.contains("warning") && !info.contains("error"), "{info}");
            assert!(info.contains("playback length: 0m:15.002s"), "{info}");
        }
        let bytes = 2 * u64::from(layout.channels()) * track.length().0;
        let arguments = ["-v", "error", "-i", &file, "-f", "s16le"];
        if let Some(samples) = judge_bytes("ffmpeg", &arguments, Path::new("-")) {
            assert_eq!(samples.len() as u64, bytes, "{layout:?}");
        }
        let wav = folder.path().join("track.wav");
        if judge("opusdec", &["--quiet", &file], &wav).is_some() {
            let reader = hound::WavReader::open(&wav).unwrap();
            assert_eq!(u64::from(reader.duration()), track.length().0, "{layout:?}");
        }
    }
}
