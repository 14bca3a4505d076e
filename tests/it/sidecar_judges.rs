//! Files beside a track as independent programs read them: ffmpeg the captions, cuetools the CUE sheet, Python the rest.

use std::ffi::OsStr;
use std::process::Command;

use nidra::script::Session;
use nidra::sidecar::Sidecar;
use nidra::timeline::{Bus, Timeline};
use nidra::units::FramePos;

use crate::fake::RATE;
use crate::sidecars::{bare, compiled, sidecar};

/// Lines that a format could take for something else: tags, times, numbers, its own keywords.
const HARD: [&str; 14] = [
    "Salt & pepper, \"quoted\", 'it', &amp; &lt;b&gt;.",
    "Look < down > at <b>the floor</b>.",
    "00:00:20,000 --> 00:00:21,000",
    "4",
    "NOTE that this is no note.",
    "STYLE",
    "WEBVTT",
    "[00:09.00] Or [ar:nobody], [bell].",
    "{y:i}Up, and {there}.",
    "- One, # two, and -- three.",
    "🧘 Sit, über alles é, 躺下，放松你的身体。",
    "Lie down, and let your arms and your legs be as heavy as they like to be, for as long as they like to be so.",
    "REM TRACK 09 AUDIO",
    "%s %n 100 % \t of the time.",
];

/// A session of those lines, each with two seconds of quiet after it, and chapters that are called like them.
fn hard() -> (Session, Timeline) {
    let quoted = |text: &str| serde_json::Value::from(text.replace('{', "{{").replace('}', "}}")).to_string();
    let section = |(index, line): (usize, &&str)| {
        let title = match index {
            0 => quoted("Back\\slash\\"),
            _ => quoted(line),
        };
        let say = format!("{{ say = {} }}", quoted(line));
        format!(
            "[[section]]\ntitle = {title}\ncues = [ {{ bell = \"bowl\", ring = \"3s\" }}, {say}, {{ pause = \"2s\" }} ]\n"
        )
    };
    let sections: String = HARD.iter().enumerate().map(section).collect();
    compiled(&format!(
        "title = \"Hard & <fast> [all]\"\nauthor = \"A. Teacher\"\nlead_in = \"1500ms\"\n{sections}"
    ))
}

/// What a program prints about a file with this text; `None` where it is not installed.
///
/// # Panics
/// If it complains.
#[track_caller]
fn judged<A: AsRef<OsStr>>(program: &str, arguments: &[A], name: &str, text: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    match Command::new(program).args(arguments).current_dir(folder.path()).output() {
        Ok(output) => {
            let complaint = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && complaint.is_empty(), "{program}: {complaint}\n{text}");
            Some(String::from_utf8(output.stdout).unwrap())
        }
        Err(_) => {
            crate::judges::missing(program);
            None
        }
    }
}

/// A caption as ffmpeg shows it: from one millisecond to another, and its lines.
#[derive(Debug)]
struct Shown {
    start: u64,
    end: u64,
    lines: Vec<String>,
}

/// All that ffmpeg shows of a file of captions.
#[track_caller]
fn shown(kind: Sidecar, text: &str) -> Option<Vec<Shown>> {
    let name = format!("captions.{}", kind.endings()[0]);
    let arguments = ["-v", "error", "-i", &name, "-c:s", "text", "-f", "srt", "-"];
    let shown = judged("ffmpeg", &arguments, &name, text)?;
    let time = |text: &str| {
        let digits: Vec<u64> = text.split([':', ',']).map(|part| part.parse().unwrap()).collect();
        ((digits[0] * 60 + digits[1]) * 60 + digits[2]) * 1000 + digits[3]
    };
    let caption = |block: &str| {
        let mut lines = block.lines().skip(1);
        let (start, end) = lines.next().unwrap().split_once(" --> ").unwrap();
        // The plain text that ffmpeg writes has braces as ASS has them.
        let lines = lines.map(|line| line.replace("\\{", "{").replace("\\}", "}"));
        Shown { start: time(start), end: time(end), lines: lines.collect() }
    };
    Some(shown.trim_end().split("\n\n").map(caption).collect())
}

/// The letters that a format has no way to write, and those that stand for them.
fn written(kind: Sidecar, text: &str) -> String {
    let other: &[(char, char)] = match kind {
        Sidecar::Srt => &[('<', '‹'), ('>', '›'), ('{', '('), ('}', ')')],
        Sidecar::Lrc => &[('[', '('), (']', ')')],
        _ => &[],
    };
    let letter = |c| other.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to);
    text.chars().map(letter).collect()
}

/// Compares all captions of a session, as ffmpeg shows them, with what is said when.
#[track_caller]
fn check_captions(kind: Sidecar, session: &Session, timeline: &Timeline) {
    let Some(shown) = shown(kind, &sidecar(kind, session, timeline)) else { return };
    // Of LRC nothing tells how long the last line stands.
    let timed = if kind == Sidecar::Lrc { shown.len() - 1 } else { shown.len() };
    assert!(shown[..timed].iter().all(|caption| caption.start < caption.end), "{shown:?}");
    assert!(shown.windows(2).all(|pair| pair[0].end <= pair[1].start), "{shown:?}");
    let most = if kind == Sidecar::Lrc { 1 } else { 2 };
    assert!(shown.iter().all(|caption| (1..=most).contains(&caption.lines.len())), "{shown:?}");
    let lines: Vec<_> = timeline.events.iter().filter(|event| event.bus == Bus::Voice).collect();
    assert_eq!(lines.len(), HARD.len());
    for (event, said) in lines.into_iter().zip(HARD) {
        let inside = |caption: &&Shown| (event.start.0..event.end().0).contains(&caption.start);
        let of_line: Vec<_> = shown.iter().filter(inside).collect();
        let text: String = of_line.iter().flat_map(|caption| &caption.lines).map(|line| bare(line)).collect();
        assert_eq!(text, bare(&written(kind, said)), "{kind:?}");
        let times = (of_line[0].start, of_line.last().unwrap().end);
        // A line of LRC stands until the next thing is heard.
        let end = if kind == Sidecar::Lrc { times.1 } else { event.end().0 };
        assert_eq!(times, (event.start.0, end), "{kind:?}: {said}");
        let before = shown.iter().rev().find(|caption| caption.start < event.start.0).unwrap();
        assert_eq!((before.end, before.lines.concat()), (event.start.0, written(kind, "[bell]")), "{kind:?}");
    }
}

#[test]
fn ffmpeg_reads_every_line_of_the_webvtt_where_it_is_said() {
    let (session, timeline) = hard();
    check_captions(Sidecar::WebVtt, &session, &timeline);
}

#[test]
fn ffmpeg_reads_every_line_of_the_srt_where_it_is_said() {
    let (session, timeline) = hard();
    check_captions(Sidecar::Srt, &session, &timeline);
}

#[test]
fn ffmpeg_reads_every_line_of_the_lrc_where_it_is_said() {
    let (session, timeline) = hard();
    check_captions(Sidecar::Lrc, &session, &timeline);
    let text = sidecar(Sidecar::Lrc, &session, &timeline);
    let show = ["-v", "error", "-show_entries", "format_tags=title,artist", "-of", "default=nw=1", "t.lrc"];
    let Some(tags) = judged("ffprobe", &show, "t.lrc", &text) else { return };
    assert_eq!(tags, "TAG:title=Hard & <fast> (all)\nTAG:artist=A. Teacher\n");
}

/// The titles of the chapters of a session, and where each begins.
fn chapters(timeline: &Timeline) -> Vec<(FramePos, String)> {
    let chapter = |(index, title): (usize, &str)| match index {
        // The first one begins with the track.
        0 => (FramePos::START, title.trim().to_owned()),
        _ => (timeline.chapters[index].at, title.split_whitespace().collect::<Vec<_>>().join(" ")),
    };
    let titles = std::iter::once("Back\\slash\\").chain(HARD.into_iter().skip(1));
    assert_eq!(timeline.chapters.len(), HARD.len());
    titles.enumerate().map(chapter).collect()
}

#[test]
fn cuetools_reads_every_chapter_of_the_cue_sheet() {
    let (session, timeline) = hard();
    let sheet = sidecar(Sidecar::CueSheet, &session, &timeline);
    let chapters = chapters(&timeline);
    let print = ["-d", "%N|%T|%P\\n", "-t", "%n|%t|%p\\n", "t.cue"];
    if let Some(found) = judged("cueprint", &print, "t.cue", &sheet) {
        let mut expected = vec![format!("{}|Hard & <fast> [all]|A. Teacher", chapters.len())];
        expected.extend(
            chapters
                .iter()
                .zip(1..)
                .map(|((_, title), number)| format!("{number}|{}|A. Teacher", title.replace('"', "''"))),
        );
        let found: Vec<_> = found.lines().map(|line| line.replace(" |", "|")).collect();
        assert_eq!(found, expected);
    }
    if let Some(found) = judged("cuebreakpoints", &["t.cue"], "t.cue", &sheet) {
        let sectors = |at: &FramePos| at.0 * 75 / u64::from(RATE.hz());
        let expected = chapters.iter().skip(1).map(|(at, _)| {
            let sectors = sectors(at);
            format!("{}:{:02}.{:02}", sectors / 4500, sectors / 75 % 60, sectors % 75)
        });
        assert_eq!(found.lines().collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    }
}

#[test]
fn python_reads_every_chapter_of_the_json() {
    let (session, timeline) = hard();
    let program = "import json\nfor c in json.load(open('t.json', encoding='utf-8'))['chapters']: \
                   print(round(c['startTime'] * 1000), c['title'], sep='|')";
    let json = sidecar(Sidecar::ChaptersJson, &session, &timeline);
    let Some(found) = judged("python3", &["-X", "utf8", "-c", program], "t.json", &json) else { return };
    let expected = chapters(&timeline).into_iter().map(|(at, title)| format!("{}|{title}", at.0));
    assert_eq!(found.lines().collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

#[test]
fn python_reads_every_label() {
    let (session, timeline) = hard();
    let program = "import csv\nfor a, b, text in csv.reader(open('t.txt', encoding='utf-8'), delimiter='\\t', \
                   quoting=csv.QUOTE_NONE): print(round(float(a) * 1000), round(float(b) * 1000), text, sep='|')";
    let labels = sidecar(Sidecar::Labels, &session, &timeline);
    let Some(found) = judged("python3", &["-X", "utf8", "-c", program], "t.txt", &labels) else { return };
    let found: Vec<&str> = found.lines().collect();
    assert_eq!(found.len(), HARD.len() * 4);
    for event in timeline.events.iter().filter(|event| event.bus == Bus::Voice) {
        let times = format!("{}|{}|", event.start.0, event.end().0);
        assert!(found.iter().any(|label| label.starts_with(&times)), "{times} of {found:?}");
    }
    for said in HARD.map(|said| said.split_whitespace().collect::<Vec<_>>().join(" ")) {
        assert!(found.iter().any(|label| label.ends_with(&format!("|{said}"))), "{said} of {found:?}");
    }
}
