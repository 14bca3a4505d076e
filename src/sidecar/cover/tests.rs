//! The cover as a whole: its colours, its letters, what it draws, and its bytes.

use std::process::Command;

use proptest::prelude::*;

use super::CoverText;
use super::dial::{Dial, SLOTS, Slot};
use super::drawing::{AUTHOR, SUBTITLE, TITLE, drawn_cover_svg, length_label};
use super::inspect::{Colours, ImageKind, inspect};
use super::lines::{TextBox, fit};
use super::picture::{MAX_COVER_BYTES, pixels, small_jpeg};
use super::typeface::Typeface;
use crate::diag::{SourceMap, Span};
use crate::timeline::{Bus, Chapter, ClipId, CueKind, Event, Fades, PlacedCue, Timeline};
use crate::units::{FramePos, Frames, Gain, Pan, SampleRate};

const RATE: SampleRate = SampleRate::new(1000).expect("not zero");

/// A hundred seconds: words for the first ten, silence, a bell at 50 s, breathing from 60 to 70 s.
fn timeline() -> Timeline {
    let origin = Span::new(SourceMap::default().add("s.toml", ""), 0..0);
    let chapter = |at, length, counted| Chapter {
        at: FramePos(at),
        length: Frames(length),
        title: String::new(),
        counted,
        origin,
    };
    let cue = |at, slot, kind| PlacedCue {
        at: FramePos(at),
        slot: Frames(slot),
        kind,
        text: String::new(),
        clip: None,
        chapter: 0,
        role: None,
        origin,
    };
    Timeline {
        rate: RATE,
        length: Frames(100_000),
        counted: Frames(80_000),
        sounds: Vec::new(),
        events: vec![Event {
            start: FramePos(0),
            length: Frames(10_000),
            clip: ClipId(0),
            gain: Gain::UNITY,
            pan: Pan::CENTRE,
            fades: Fades::default(),
            bus: Bus::Voice,
        }],
        beds: Vec::new(),
        chapters: vec![chapter(0, 20_000, false), chapter(20_000, 80_000, true)],
        cues: vec![cue(50_000, 1, CueKind::Bell), cue(60_000, 10_000, CueKind::Breathe)],
    }
}

fn text(title: &str) -> CoverText<'_> {
    CoverText { title, subtitle: "25 min", author: Some("Ana") }
}

const TITLES: [&str; 12] = [
    "A",
    "Legs Up the Wall",
    "Loving-Kindness",
    "Rückenschule für müde Schultern und Übungen zum Einschlafen am Abend zu Hause",
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "Глубокий отдых",
    "Γιόγκα για αρχάριους",
    "Thở sâu buổi sáng",
    "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W",
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
     seventeen eighteen nineteen twenty twenty-one twenty-two twenty-three twenty-four twenty-five",
];

#[track_caller]
fn check_inside(text: &str, within: TextBox, face: &Typeface) {
    let Some(set) = fit(text, within, face) else { panic!("{text:?} is not set") };
    assert!((1..=within.max_lines).contains(&set.lines.len()), "{text:?}: {} lines", set.lines.len());
    assert!(set.height() <= within.height + 1e-6, "{text:?}: {} high", set.height());
    assert!(set.size <= within.largest, "{text:?}: {}", set.size);
    // Lines are chosen from the widths of their words; kerning across the blanks comes on top.
    assert!(set.size >= within.smallest * 0.95, "{text:?}: {}", set.size);
    for line in &set.lines {
        assert!(line.width * set.size <= within.width + 1e-6, "{text:?}: {} wide", line.width * set.size);
    }
}

#[test]
fn every_title_stays_in_its_place_and_large_enough() {
    let face = Typeface::new();
    for title in TITLES {
        for within in [TITLE, SUBTITLE, AUTHOR] {
            check_inside(title, within, &face);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_latin_words_stay_in_their_place(title in "[A-Za-zÀ-ž]{1,24}([ -][A-Za-zÀ-ž]{1,16}){0,14}") {
        check_inside(&title, TITLE, &Typeface::new());
    }

    #[test]
    fn any_title_at_all_makes_a_picture(title in "\\PC{0,40}|[\\x00-\\x7F]{0,20}") {
        let svg = drawn_cover_svg(text(&title), &timeline());
        prop_assert_eq!(pixels(&svg, 8).width(), 8);
    }
}

fn lines_of(title: &str) -> usize {
    fit(title, TITLE, &Typeface::new()).unwrap().lines.len()
}

#[test]
fn a_title_breaks_where_that_makes_it_larger() {
    assert_eq!(lines_of("Rest"), 1);
    assert_eq!(lines_of("Legs Up the Wall"), 2);
    assert_eq!(lines_of("Loving-Kindness"), 2);
    assert_eq!(lines_of("Upper Back in Twenty-five Minutes"), 3);
}

#[test]
fn letters_the_font_lacks_leave_the_text_out_and_signs_leave_themselves_out() {
    let face = Typeface::new();
    assert_eq!(fit("योग निद्रा", TITLE, &face), None);
    assert_eq!(fit("Yoga 瑜伽", TITLE, &face), None);
    assert_eq!(fit("🧘", TITLE, &face), None);
    assert_eq!(fit(" \t\n\u{0}", TITLE, &face), None);
    assert_eq!(fit("🧘\u{200D}♀\u{FE0F} Rest\u{7} 🌙", TITLE, &face), fit("Rest", TITLE, &face));
    assert_eq!(fit("Rücken", TITLE, &face).map(|set| set.lines.len()), Some(1));
}

#[test]
fn a_letter_and_its_separate_accent_are_one_letter() {
    let face = Typeface::new();
    assert_eq!(face.set("Ru\u{308}cken"), face.set("Rücken"));
}

#[test]
fn the_drawing_says_how_much_is_said_when() {
    let dial = Dial::of(&timeline());
    let tenth = SLOTS / 10;
    assert!(dial.slots[..tenth].iter().all(|slot| matches!(slot, Slot::Voice(part) if *part > 0.99)));
    assert!(dial.slots[tenth..6 * tenth].iter().all(|slot| *slot == Slot::Silence));
    assert!(dial.slots[6 * tenth..7 * tenth].iter().all(|slot| *slot == Slot::Sound));
    assert_eq!(dial.strikes, [0.5]);
    assert_eq!(dial.chapters.iter().map(|piece| piece.counted).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_long_track_is_no_larger_a_drawing_than_a_short_one() {
    let mut long = timeline();
    long.length = Frames(100_000_000);
    let (event, bell, chapter) = (long.events[0].clone(), long.cues[0].clone(), long.chapters[0].clone());
    for n in 0..10_000 {
        let at = FramePos(n * 10_000);
        long.events.push(Event { start: at, length: Frames(3000), ..event.clone() });
        long.cues.push(PlacedCue { at, ..bell.clone() });
        long.chapters.push(Chapter { at, length: Frames(10_000), ..chapter.clone() });
    }
    let dial = Dial::of(&long);
    assert_eq!(dial.slots.len(), SLOTS);
    assert!(dial.strikes.len() < 100, "{}", dial.strikes.len());
    assert!(dial.chapters.len() < 200, "{}", dial.chapters.len());
}

#[test]
fn an_empty_timeline_has_a_cover_too() {
    let empty = Timeline {
        length: Frames::ZERO,
        events: Vec::new(),
        chapters: Vec::new(),
        cues: Vec::new(),
        ..timeline()
    };
    assert!(drawn_cover_svg(text("Rest"), &empty).ends_with("</svg>\n"));
}

#[test]
fn the_same_words_and_timeline_make_the_same_bytes() {
    let make = || {
        let svg = drawn_cover_svg(text("Legs Up the Wall"), &timeline());
        let jpeg = small_jpeg(&pixels(&svg, 200), MAX_COVER_BYTES);
        (svg, jpeg)
    };
    assert_eq!(make(), make());
}

#[test]
fn the_svg_needs_no_font_and_no_other_file() {
    let svg = drawn_cover_svg(text("Wim & <Friends>"), &timeline());
    assert!(svg.contains("<title>Wim &amp; &lt;Friends&gt;</title>"));
    for needed in ["<text", "font-", "href", "<image", "url("] {
        assert!(!svg.contains(needed), "{needed}");
    }
}

/// The largest covers are those with the smallest letters, because nothing costs a JPEG more than edges.
#[test]
fn no_title_makes_the_file_too_large() {
    // Edges cost by their length, the rest by its area: at a third of the side a cover has at most a third of its
    // bytes. A quarter is asked for, to be sure.
    for title in TITLES {
        let picture = pixels(&drawn_cover_svg(text(title), &timeline()), 1000);
        let bytes = small_jpeg(&picture, MAX_COVER_BYTES / 4);
        assert!(bytes.len() <= MAX_COVER_BYTES / 4, "{title:?}: {} bytes", bytes.len());
    }
}

#[test]
fn the_jpeg_is_what_podcast_hosts_ask_for() {
    let picture = pixels(&drawn_cover_svg(text("Rest"), &timeline()), 64);
    let bytes = small_jpeg(&picture, MAX_COVER_BYTES);
    let facts = inspect(&bytes).unwrap();
    assert_eq!((facts.kind, facts.colours), (ImageKind::Jpeg, Colours::Rgb));
    assert_eq!((facts.width, facts.height, facts.bits_per_pixel), (64, 64, 24));
    // JFIF, and 72 dots an inch both ways.
    assert_eq!(&bytes[6..11], b"JFIF\0");
    assert_eq!(bytes[13..18], [1, 0, 72, 0, 72]);
}

/// Another program reads the JPEG. Where it is not installed, the test says so and passes.
#[test]
fn other_programs_read_the_jpeg() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cover.jpg");
    let picture = pixels(&drawn_cover_svg(text("Rest"), &timeline()), 96);
    #[allow(clippy::disallowed_methods, reason = "another program has to read the file")]
    std::fs::write(&path, small_jpeg(&picture, MAX_COVER_BYTES)).unwrap();
    let args = ["-v", "error", "-show_entries", "stream=codec_name,profile,width,height", "-of", "csv=p=0"];
    match Command::new("ffprobe").args(args).arg(&path).output() {
        Ok(run) => assert_eq!(String::from_utf8_lossy(&run.stdout).trim(), "mjpeg,Baseline,96,96"),
        Err(_) => crate::judges::missing("ffprobe"),
    }
}

#[test]
fn lengths_are_short_on_a_cover() {
    for (seconds, label) in [
        (45, "45 s"),
        (60, "1 min"),
        (89, "1 min"),
        (1500, "25 min"),
        (3600, "1 h"),
        (5400, "1 h 30 min"),
        (28_800, "8 h"),
    ] {
        assert_eq!(length_label(Frames(seconds * 1000), RATE), label);
    }
}
