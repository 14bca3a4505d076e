//! Our tags, read by programs that know nothing of us. One that is not installed is named and skipped.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::tests::{flac_block, full, marker, mp3, opus, picture, wav};
use super::*;
use crate::encode::TrackFile;

/// What a program prints, or `None` (and a line that says so) where it is not installed.
fn judge(program: &str, arguments: &[&str], path: &Path) -> Option<String> {
    let output = Command::new(program).args(arguments).arg(path).stdin(Stdio::null()).output().ok();
    let text =
        output.map(|output| String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned());
    let text = text.filter(|text| !text.contains("No module named"));
    if text.is_none() {
        crate::judges::missing(&format!("{program} {}", arguments.join(" ").lines().next().unwrap_or("")));
    }
    text
}

fn cover() -> Picture {
    // As much of a JPEG as says its size, and the end of one.
    let start = b"\xff\xd8\xff\xe0\x00\x04..\xff\xff\xc4\x00\x03.\xff\xc0\x00\x11\x08\0\x30\0\x40\x03";
    let bytes = [&start[..], &[0; 500_009], &[0xff, 0xd9]].concat();
    Picture { bytes, ..picture(0) }
}

fn written(folder: &Path, name: &str, bytes: Vec<u8>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Silence as the program `flac` codes it, with our blocks in the place of its own.
fn flac(folder: &Path, tags: &Tags) -> Option<PathBuf> {
    let silence = written(folder, "silence.raw", vec![0; 60_000 * 2]);
    let raw = ["--force-raw-format", "--endian=little", "--sign=signed", "--channels=1", "--bps=16"];
    let all = [&raw[..], &["--sample-rate=1000", "--lax", "--silent", "--force"]].concat();
    judge("flac", &all, &silence)?;
    let coded = std::fs::read(folder.join("silence.flac")).unwrap();
    let mut sound = &coded[4..];
    loop {
        let last = sound[0] & 0x80 != 0;
        let size = u32::from_be_bytes([0, sound[1], sound[2], sound[3]]) as usize;
        sound = &sound[4 + size..];
        if last {
            break;
        }
    }
    let cover = flac_picture(tags.cover.as_ref().unwrap());
    let blocks = [
        b"fLaC".to_vec(),
        flac_block(0, &coded[8..42]),
        flac_block(4, &vorbis_comment(tags)),
        flac_block(0x86, &cover),
    ];
    Some(written(folder, "track.flac", [&blocks.concat(), sound].concat()))
}

fn tags() -> Tags {
    Tags { cover: Some(cover()), ..full() }
}

#[test]
fn every_format_has_the_chapters_that_ffprobe_finds() {
    let folder = tempfile::tempdir().unwrap();
    let check = |tags: &Tags, expected: &[String]| {
        let mut paths = vec![
            written(folder.path(), "track.mp3", mp3(2297, &id3v2(tags))),
            written(folder.path(), "track.wav", wav(60_000, &riff_chunks(tags))),
            written(folder.path(), "track.opus", opus(3000, &opus_tags(tags))),
        ];
        paths.extend(flac(folder.path(), tags));
        // The end of the last one is the end of the sound where the format does not hold it.
        let show =
            ["-v", "fatal", "-show_entries", "chapter=start_time:chapter_tags=title", "-of", "csv=p=0"];
        for path in paths {
            let Some(found) = judge("ffprobe", &show, &path) else { return };
            assert_eq!(found.lines().collect::<Vec<_>>(), expected, "{}", path.display());
        }
    };
    check(&tags(), &["0.000000,Settle".to_owned(), "12.500000,विश्राम 🧘".to_owned()]);
    let many = |count: u64| (0..count).map(|i| marker(i * 100, i * 100 + 100, &format!("Breath {i} – über")));
    let expected =
        |count| (0..count).map(|i| format!("{}.{}00000,Breath {i} – über", i / 10, i % 10)).collect();
    for count in [1, 255, 256, 600] {
        let expected: Vec<String> = expected(count);
        check(&Tags { chapters: many(count).collect(), ..tags() }, &expected);
    }
}

#[test]
fn taggers_read_an_mp3_and_have_nothing_to_complain_of() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), "track.mp3", mp3(2297, &id3v2(&tags())));
    if let Some(said) = judge("mp3val", &[], &path) {
        assert!(
            said.contains("2297 MPEG frames") && said.contains("CBR") && !said.contains("WARNING"),
            "{said}"
        );
    }
    if let Some(said) = judge("eyeD3", &["--no-color"], &path) {
        for line in ["ID3 v2.3:", "title: Legs up the wall – über", "track: 7", "FRONT_COVER", "[Lang: eng]"]
        {
            assert!(said.contains(line), "{line}\n{said}");
        }
        assert!(
            !said.to_lowercase().contains("warn") && !said.to_lowercase().contains("non standard"),
            "{said}"
        );
    }
    if let Some(said) = judge("exiftool", &["-s3", "-warning", "-error", "-ID3:Title", "-Length"], &path) {
        assert_eq!(said, "Legs up the wall – über\n60 s\n");
    }
    if let Some(said) = judge("kid3-cli", &["-c", "get all 2"], &path) {
        for line in
            ["ID3v2.3.0", "Legs up the wall – über", "2026-05-01", "Table of Contents", "nidra 0.1.0 script"]
        {
            assert!(said.contains(line), "{line}\n{said}");
        }
    }
    let read = "
import sys
from mutagen.id3 import ID3
t = ID3(sys.argv[1])
toc = t['CTOC:toc']
print(t['TIT2'], t['TDRC'], t['COMM::eng'].text[0].splitlines(), t['TXXX:NIDRA'], t['TSSE'], len(t['APIC:'].data))
print(toc.flags == 3, [(c, t['CHAP:' + c].start_time, t['CHAP:' + c].end_time) for c in toc.child_element_ids])
print([str(t['CHAP:' + c].sub_frames['TIT2']) for c in toc.child_element_ids])";
    if let Some(said) = judge("python3", &["-c", read], &path) {
        let size = cover().bytes.len();
        let expected = format!(
            "Legs up the wall – über 2026-05-01 ['Lie down.', 'Rest.'] nidra 0.1.0 script=abc {} {size}\n\
             True [('ch0', 0, 12500), ('ch1', 12500, 60000)]\n['Settle', 'विश्राम 🧘']\n",
            text::software()
        );
        assert_eq!(said, expected);
    }
}

#[test]
fn readers_of_flac_and_opus_have_nothing_to_complain_of() {
    let folder = tempfile::tempdir().unwrap();
    if let Some(path) = flac(folder.path(), &tags()) {
        let said = judge("flac", &["--test"], &path).unwrap();
        assert!(said.contains("ok") && !said.contains("WARNING") && !said.contains("ERROR"), "{said}");
        if let Some(said) = judge("metaflac", &["--list"], &path) {
            for line in
                ["TITLE=Legs up the wall – über", "CHAPTER001NAME=विश्राम 🧘", "Cover (front)", "depth: 24"]
            {
                assert!(said.contains(line), "{line}\n{said}");
            }
        }
    }
    let path = written(folder.path(), "track.opus", opus(3000, &opus_tags(&tags())));
    if let Some(said) = judge("opusinfo", &[], &path) {
        assert!(said.contains("64x48x24") && said.contains("CHAPTER001NAME=विश्राम 🧘"), "{said}");
        assert!(!said.contains("WARNING") && !said.contains("ERROR"), "{said}");
    }
}

#[test]
fn readers_of_wav_find_points_labels_and_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), "track.wav", wav(60_001, &riff_chunks(&tags())));
    if let Some(said) = judge("sndfile-info", &[], &path) {
        for line in ["labl : 2 : विश्राम 🧘", "ISRC : nidra 0.1.0 script=abc", "Offset : 12500"]
        {
            assert!(said.contains(line), "{line}\n{said}");
        }
        assert!(!said.contains("***") && !said.contains("should"), "{said}");
    }
    let show = ["-v", "error", "-show_entries", "format_tags=artist,date,title", "-of", "csv=p=0:nk=0"];
    if let Some(said) = judge("ffprobe", &show, &path) {
        for line in ["Legs up the wall – über", "Mira", "2026-05-01"] {
            assert!(said.contains(line), "{line}\n{said}");
        }
    }
}

#[test]
fn what_ffmpeg_makes_of_a_track_is_not_ours_to_replace() {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = vec![
        written(folder.path(), "track.mp3", mp3(2297, &id3v2(&full()))),
        written(folder.path(), "track.wav", wav(60_000, &riff_chunks(&full()))),
        written(folder.path(), "track.opus", opus(3000, &opus_tags(&full()))),
    ];
    paths.extend(flac(folder.path(), &tags()));
    for path in paths {
        assert!(TrackFile::open(&path).unwrap().unwrap().is_ours().unwrap(), "{}", path.display());
        let ending = path.extension().unwrap().to_str().unwrap();
        let copy = folder.path().join(format!("copy.{ending}"));
        let input = ["-v", "error", "-y", "-i", path.to_str().unwrap(), "-map", "0:a", "-c", "copy"];
        let Some(said) = judge("ffmpeg", &input, &copy) else { return };
        assert!(copy.exists(), "{said}");
        let mut copied = TrackFile::open(&copy).unwrap().unwrap();
        assert!(!copied.is_ours().unwrap(), "{}", copy.display());
        // It carries the line on, so `nidra verify` can still say where it comes from.
        assert_eq!(copied.line(), full().provenance, "{}", copy.display());
    }
}
