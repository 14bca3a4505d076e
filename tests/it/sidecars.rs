//! Files of text beside a track: each format as its readers take it, every time where it sounds.

use std::path::Path;

use nidra::build::{Overrides, ScriptSource, Settings, Stores};
use nidra::diag::{Diagnostics, SourceMap};
use nidra::script::{Binding, Session, bind, read};
use nidra::sidecar::{Sidecar, Subject, content};
use nidra::timeline::{Bus, CueKind, LevelCourse, Timeline, compile};
use nidra::units::SampleRate;
use proptest::prelude::*;

use crate::fake::{FakeSounds, RATE};
use crate::golden;

/// A session with everything that is written differently.
const SMALL: &str = r##"
title = "Sit & <breathe>"
description = "A little of everything, for \"testing\"."
author = "A. Teacher"
level = "everyone"
date = "2026-05-01"
props = ["mat", "a | b"]
cautions = ["Stop if you feel dizzy.", "1. Never *push*."]
lead_in = "2s"
lead_out = "3s"

[[section]]
title = "Sit"
counts = false
props = ["mat"]
cues = [
  { note = "Look at each _knee_ & foot." },
  { bell = "bowl", strikes = 3, every = "4s" },
  { say = "Sit tall, with your hands in your lap, and your feet & knees at rest. Close your eyes, if that is easy for you; if it is not, look < down > at the floor.", role = "setup" },
  { pause = "3s" },
  { say = "Leave out what hurts.", role = "caution" },
  { pause = "12s" },
  { say = "Breathe with the voice.", role = "enter" },
  { breathe = 2 },
  { breathe = 2, guide = "tone" },
  { breathe = 1, guide = "silent" },
  { clip = "sounds/rain-stick.wav" },
  { bell = "tingsha", ring = "0s" },
  { count = 3, every = "1s" },
]

[[section]]
title = "Rest, side \"{side}\""
sides = ["left", "right"]
length = "2m"
bed = { sound = "rain" }
cues = [
  { say = "Rest for {length}." },
  { checks = ["halfway"] },
  { pause = "flex" },
]
"##;

pub(crate) fn compiled(script: &str) -> (Session, Timeline) {
    let mut sources = SourceMap::default();
    let mut found = Diagnostics::default();
    let script = read("s.toml", script, &(), &mut sources, &mut found);
    let session = bind(&script, &Binding::default(), &mut found);
    let timeline = compile(&session, &FakeSounds, RATE, LevelCourse::Level, &mut found);
    assert!(!found.has_errors(), "{found:?}");
    (session, timeline.unwrap())
}

pub(crate) fn sidecar(sidecar: Sidecar, session: &Session, timeline: &Timeline) -> String {
    let title = &session.meta.title;
    let subject = Subject { session, timeline, track_name: "small-5m", title, cover: None };
    String::from_utf8(content(sidecar, &subject)).unwrap()
}

/// All but pictures.
fn texts() -> impl Iterator<Item = Sidecar> {
    Sidecar::ALL.into_iter().filter(|kind| ![Sidecar::Cover, Sidecar::Drawing].contains(kind))
}

/// The file beside a track of one section with these cues.
#[track_caller]
fn check(kind: Sidecar, top: &str, cues: &str, expected: &str) {
    let script = format!("title = \"t\"\n{top}\n[[section]]\ntitle = \"s\"\ncues = [ {cues} ]\n");
    let (session, timeline) = compiled(&script);
    let got = sidecar(kind, &session, &timeline);
    assert!(got.ends_with(expected), "{got}\ndoes not end with\n{expected}");
}

#[test]
fn the_files_beside_a_track_are_what_they_were() {
    let (session, timeline) = compiled(SMALL);
    for kind in texts() {
        let got = sidecar(kind, &session, &timeline);
        let got = got.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        golden::compare(&format!("sidecars/small.{}", kind.endings()[0]), &got);
    }
}

#[test]
fn names_and_endings_tell_the_kinds_apart() {
    for a in Sidecar::ALL {
        let same = |b: &&Sidecar| a.name() == b.name() || a.endings() == b.endings();
        assert_eq!(Sidecar::ALL.iter().filter(same).count(), 1, "{}", a.name());
    }
}

#[test]
fn a_webvtt_caption_stands_where_its_words_sound() {
    check(
        Sidecar::WebVtt,
        "lead_in = \"1500ms\"",
        r#"{ say = "One & <two> three." }, { pause = "10s" }, { say = "Four." }"#,
        "\n\n00:00:01.500 --> 00:00:03.500\nOne &amp; &lt;two&gt; three.\n\n\
         00:00:03.500 --> 00:00:13.500\n[ten seconds of silence]\n\n00:00:13.500 --> 00:00:14.000\nFour.\n",
    );
}

#[test]
fn an_srt_caption_has_a_number_and_two_short_lines() {
    check(
        Sidecar::Srt,
        "",
        r#"{ bell = "bowl", ring = "3s" }, { say = "Lie down, and let your arms and legs be as heavy as they like to be." }"#,
        "1\r\n00:00:00,000 --> 00:00:03,000\r\n[bell]\r\n\r\n\
         2\r\n00:00:03,000 --> 00:00:04,091\r\nLie down,\r\n\r\n\
         3\r\n00:00:04,091 --> 00:00:11,000\r\nand let your arms and legs be\r\nas heavy as they like to be.\r\n",
    );
}

#[test]
fn lrc_has_its_tags_and_a_line_for_each_thing_heard() {
    check(
        Sidecar::Lrc,
        "author = \"A\"",
        r#"{ breathe = 1, guide = "tone" }, { say = "Rest here." }"#,
        &format!(
            "[ti:t]\n[ar:A]\n[al:t]\n[length:0:11]\n[re:nidra]\n[ve:{}]\n\
             [00:00.00](♪ Breathe in)\n[00:04.00](♪ Breathe out)\n[00:10.00]Rest here.\n",
            env!("CARGO_PKG_VERSION")
        ),
    );
}

#[test]
fn a_transcript_is_read_in_paragraphs() {
    check(
        Sidecar::Transcript,
        "",
        r#"{ bell = "bowl", strikes = 3 }, { say = "Sit." }, { pause = "9s" }, { count = 2 }, { pause = "5m" }, { pause = "5m" }, { note = "Shh." }"#,
        "t\n10:30\n\n\n0:00 s\n\n[three bells]\n\nSit.\n\nOne. Two.\n\n[ten minutes of silence]\n",
    );
}

#[test]
fn chapters_follow_each_other_without_a_gap() {
    let (session, timeline) = compiled(SMALL);
    let json: serde_json::Value =
        serde_json::from_str(&sidecar(Sidecar::ChaptersJson, &session, &timeline)).unwrap();
    assert_eq!(json["version"], "1.2.0");
    let chapters = json["chapters"].as_array().unwrap();
    let seconds = |chapter: &serde_json::Value, key: &str| chapter[key].as_f64().unwrap();
    assert_eq!(seconds(&chapters[0], "startTime"), 0.0);
    assert!(chapters.windows(2).all(|pair| seconds(&pair[0], "endTime") == seconds(&pair[1], "startTime")));
    assert!(chapters.iter().all(|chapter| seconds(chapter, "startTime") < seconds(chapter, "endTime")));
    let end = timeline.length.to_millis(RATE).0 as f64 / 1000.0;
    assert_eq!(seconds(chapters.last().unwrap(), "endTime"), end);
}

#[test]
fn labels_have_tabs_and_six_digits() {
    check(
        Sidecar::Labels,
        "lead_in = \"1s\"",
        r#"{ say = "Sit." }, { pause = "1s" }, { clip = "sounds/rain-stick.wav" }"#,
        "1.000000\t12.500000\t# s\n1.000000\t1.500000\tSit.\n1.500000\t2.500000\t[pause]\n\
         2.500000\t12.500000\t[rain stick]\n",
    );
}

#[test]
fn a_cue_sheet_counts_in_75ths_and_rounds_down() {
    check(
        Sidecar::CueSheet,
        "",
        "{ pause = \"1s\" } ]\n[[section]]\ntitle = \"the \\\"next\\\"\"\ncues = [ { pause = \"1999ms\" } ]\n\
         [[section]]\ntitle = \"last\"\ncues = [ { pause = \"1m\" }",
        "TITLE \"t\"\nFILE \"small-5m.wav\" WAVE\n  TRACK 01 AUDIO\n    TITLE \"s\"\n    INDEX 01 00:00:00\n\
         \x20 TRACK 02 AUDIO\n    TITLE \"the ''next''\"\n    INDEX 01 00:01:00\n\
         \x20 TRACK 03 AUDIO\n    TITLE \"last\"\n    INDEX 01 00:02:74\n",
    );
}

#[test]
fn a_cue_sheet_stops_at_99_tracks_and_says_so() {
    let script = "title = \"t\"\n[[section]]\ntitle = \"s\"\nrepeat = 120\ncues = [ { pause = \"1m\" } ]\n";
    let (session, timeline) = compiled(script);
    let sheet = sidecar(Sidecar::CueSheet, &session, &timeline);
    assert_eq!(sheet.matches("  TRACK ").count(), 99);
    assert!(
        sheet.contains("TRACK 99 AUDIO\n    TITLE \"s (99 of 120)\"\n    INDEX 01 98:00:00\n"),
        "{sheet}"
    );
    assert!(sheet.contains("REM COMMENT \"The last track has 21 more chapters"), "{sheet}");
}

#[test]
fn a_plan_has_a_row_for_each_line_and_the_quiet_after_it() {
    check(
        Sidecar::PlanMarkdown,
        "",
        r#"{ say = "Sit *here*.", role = "enter" }, { pause = "20s" }, { note = "Wait." }, { pause = "20s" }, { breathe = 1 }, { bell = "bowl", strikes = 2 }"#,
        "\n## 0:00 s\n\n1:03\n\n| Time | For | Words and sounds | Then quiet |\n| ---: | --- | --- | ---: |\n\
         | 0:00 | **Go in** | Sit \\*here\\*. | 0:40 |\n| 0:21 |  | **Note:** Wait. |  |\n\
         | 0:41 |  | *1 breath, led by the voice, 0:10* |  |\n| 0:51 |  | *♪ bowl × 2* |  |\n\
         \n---\n\nTrack: small-5m\n",
    );
}

#[test]
fn a_page_needs_nothing_else_and_closes_what_it_opens() {
    let (session, timeline) = compiled(SMALL);
    let page = sidecar(Sidecar::PlanHtml, &session, &timeline);
    for outside in ["<script", "<link", "<img", "url(", "@import", "http:", "https:"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("<html lang=\"en\">") && page.contains("<h1>Sit &amp; &lt;breathe&gt;</h1>"));
    let mut open = Vec::new();
    for tag in page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let name = tag.split_whitespace().next().unwrap();
        match name.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed), "<{tag}>"),
            None if ["!DOCTYPE", "meta"].contains(&name) => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

/// A caption as a reader of WebVTT takes it: start and end in milliseconds, and its text.
type Read = (u64, u64, String);

/// A strict reader of the WebVTT we write.
fn read_vtt(file: &str) -> Vec<Read> {
    let mut blocks = file.strip_suffix('\n').expect("ends with a line").split("\n\n");
    assert_eq!(blocks.next(), Some("WEBVTT"));
    assert!(blocks.next().unwrap().starts_with("NOTE "));
    let time = |text: &str| {
        let digits: Vec<u64> = text.split([':', '.']).map(|part| part.parse().unwrap()).collect();
        assert_eq!(text.len(), "00:00:00.000".len(), "{text}");
        ((digits[0] * 60 + digits[1]) * 60 + digits[2]) * 1000 + digits[3]
    };
    let caption = |block: &str| {
        let (timing, text) = block.split_once('\n').expect("a caption has text");
        let (start, end) = timing.split_once(" --> ").unwrap();
        assert!(text.lines().count() <= 2 && !text.contains(['<', '>']), "{text}");
        let text = text.replace('\n', " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        (time(start), time(end), text)
    };
    blocks.map(caption).collect()
}

/// A text without the white space that captions may put elsewhere.
pub(crate) fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn cue() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Za-z&<>.,;é -]{1,120}[a-z]".prop_map(|text| format!("{{ say = \"{text}\" }}")),
        2 => (0u64..20_000).prop_map(|ms| format!("{{ pause = \"{ms}ms\" }}")),
        1 => (1u64..4, 10u64..4000, 0u64..3000).prop_map(|(strikes, every, ring)| {
            format!("{{ bell = \"bowl\", strikes = {strikes}, every = \"{every}ms\", ring = \"{ring}ms\" }}")
        }),
        1 => prop::sample::select(vec!["voice", "tone", "silent"])
            .prop_map(|guide| format!("{{ breathe = 1, in = \"2s\", out = \"2s\", guide = \"{guide}\" }}")),
        1 => Just("{ note = \"quiet\" }".to_owned()),
    ]
}

proptest! {
    #[test]
    fn captions_are_in_order_and_lose_no_word(cues in prop::collection::vec(cue(), 1..12)) {
        let cues = cues.join(", ");
        let script = format!("title = \"t --> \"\n[[section]]\ntitle = \"s\"\ncues = [ {cues}, {{ say = \"End\" }} ]");
        let (session, timeline) = compiled(&script);
        let captions = read_vtt(&sidecar(Sidecar::WebVtt, &session, &timeline));
        prop_assert!(captions.iter().all(|(start, end, _)| start < end && *end <= timeline.length.0));
        prop_assert!(captions.windows(2).all(|pair| pair[0].1 <= pair[1].0));
        // Each line begins a caption at its own frame, which at this rate is its millisecond.
        for event in timeline.events.iter().filter(|event| event.bus == Bus::Voice) {
            prop_assert!(captions.iter().any(|(start, ..)| *start == event.start.0), "{}", event.start.0);
        }
        let said: String = timeline.cues.iter().filter(|c| c.kind == CueKind::Say).map(|c| bare(&c.text)).collect();
        let mut shown = String::new();
        for (_, _, text) in &captions {
            // Our own words stand in brackets, which these lines do not have.
            let outside = text.split('[').map(|part| part.split_once(']').map_or(part, |(_, after)| after));
            shown.extend(outside.map(bare));
        }
        prop_assert_eq!(said, shown);
    }

    #[test]
    fn no_text_breaks_a_file(title in "\\PC{0,40}", said in "\\PC{1,80}") {
        let quoted = |text: &str| toml_string(&text.replace('{', "{{").replace('}', "}}"));
        let script = format!(
            "title = {0}\n[[section]]\ntitle = {0}\ncues = [ {{ say = {1} }}, {{ note = {0} }} ]",
            quoted(&title), quoted(&said)
        );
        let mut found = Diagnostics::default();
        let script = read("s.toml", &script, &(), &mut SourceMap::default(), &mut found);
        let session = bind(&script, &Binding::default(), &mut found);
        // A text of nothing is refused before there is a timeline.
        let Some(timeline) = compile(&session, &FakeSounds, RATE, LevelCourse::Level, &mut found) else { return Ok(()) };
        for kind in texts() {
            let file = sidecar(kind, &session, &timeline);
            prop_assert!(!file.contains('\0') && file.lines().count() < 300, "{}", file);
        }
        let captions = read_vtt(&sidecar(Sidecar::WebVtt, &session, &timeline));
        prop_assert!(captions.iter().all(|(start, end, _)| start < end));
        let json = serde_json::from_str::<serde_json::Value>(&sidecar(Sidecar::ChaptersJson, &session, &timeline));
        prop_assert!(json.is_ok());
    }
}

fn toml_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[test]
fn every_line_of_the_sessions_has_its_caption_where_it_sounds() {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts");
    for (script, hz) in
        [("upper-back-25.toml", 44_100), ("legs-up-the-wall.toml", 48_000), ("roller-3.toml", 44_100)]
    {
        let settings = Settings { rate: SampleRate::new(hz), ..Settings::default() };
        let overrides = Overrides { settings, ..Overrides::default() };
        let compiled =
            nidra::build::compile(&ScriptSource::File(scripts.join(script)), &overrides, &Stores::default())
                .unwrap();
        for track in &compiled.tracks {
            let captions = read_vtt(&sidecar(Sidecar::WebVtt, &track.session, &track.timeline));
            let lines: Vec<_> =
                track.timeline.events.iter().filter(|event| event.bus == Bus::Voice).collect();
            assert!(lines.len() > 20, "{}", track.name);
            for event in lines {
                let (start, end) =
                    (event.start.to_millis(track.timeline.rate), event.end().to_millis(track.timeline.rate));
                assert!(captions.iter().any(|caption| caption.0 == start.0), "{} at {start}", track.name);
                assert!(captions.iter().any(|caption| caption.1 == end.0), "{} until {end}", track.name);
            }
        }
    }
}
