//! What a listener may ask for while a session plays: more of a rest, and another end.

use nidra::audio::{SoundError, SoundRef, SoundSource, Sounds};
use nidra::diag::{Diagnostics, SourceMap};
use nidra::playback::control::{Command, Effect, Playhead, Transport, Volume, WallTime};
use nidra::script::{Binding, Session, bind, read};
use nidra::timeline::{CueKind, EditRequest, LevelCourse, LiveEdit, Refusal, Timeline, amend, compile};
use nidra::units::{FramePos, Frames, Millis};

use crate::fake::{FakeSounds, RATE};

const HOLD: &str = "[params.hold]\ndefault = \"30s\"\n";

/// A project whose voice cannot say that.
struct Without(&'static str);

impl Sounds for Without {
    fn length(&self, sound: &SoundRef) -> Result<Frames, SoundError> {
        match &sound.source {
            SoundSource::Line(text) if text.contains(self.0) => {
                Err(SoundError::MissingLine { text: text.clone() })
            }
            _ => FakeSounds.length(sound),
        }
    }
}

pub(crate) fn session(text: &str) -> Session {
    let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
    let script = read("s.toml", text, &(), &mut sources, &mut found);
    let session = bind(&script, &Binding::default(), &mut found);
    assert!(!found.has_errors(), "{text}\n{found:?}");
    session
}

pub(crate) fn more(now: u64, more: u64) -> LiveEdit {
    LiveEdit { now: FramePos(now), wish: EditRequest::MoreRest(Millis(more)) }
}

pub(crate) fn end(now: u64, end: u64) -> LiveEdit {
    LiveEdit { now: FramePos(now), wish: EditRequest::EndAt(FramePos(end)) }
}

/// Sections after a head, each its keys and its cues.
fn script(head: &str, sections: &[(&str, &str)]) -> String {
    let sections = sections
        .iter()
        .map(|(keys, cues)| format!("[[section]]\ntitle = \"s\"\n{keys}\ncues = [{}]\n", cues.trim()));
    format!("title = \"t\"\n{head}\n{}", sections.collect::<String>())
}

fn shown(timeline: &Timeline) -> Vec<String> {
    let mut lines: Vec<String> = timeline
        .cues
        .iter()
        .map(|cue| match cue.kind {
            CueKind::Pause | CueKind::Elastic => format!("{} rest {}", cue.at.0, cue.slot.0),
            _ => format!("{} {}", cue.at.0, cue.text),
        })
        .collect();
    lines.push(format!("{} end", timeline.length.0));
    lines
}

/// What is heard, and when, after these wishes.
#[track_caller]
fn check(head: &str, sections: &[(&str, &str)], wishes: &[LiveEdit], expected: &[&str]) {
    let timeline =
        amend(&session(&script(head, sections)), &FakeSounds, RATE, LevelCourse::Level, wishes).unwrap();
    assert_eq!(shown(&timeline), expected);
}

/// The last wish is refused.
#[track_caller]
fn refused(head: &str, sections: &[(&str, &str)], wishes: &[LiveEdit], expected: Refusal) {
    let session = session(&script(head, sections));
    assert_eq!(amend(&session, &FakeSounds, RATE, LevelCourse::Level, wishes), Err(expected));
    assert!(amend(&session, &FakeSounds, RATE, LevelCourse::Level, &wishes[..wishes.len() - 1]).is_ok());
}

const LINES: (&str, &str) =
    ("", r#"{ say = "One two" }, { pause = "5s" }, { say = "Three" }, { say = "Four" }, { pause = "2s" }"#);

#[test]
fn without_a_wish_the_timeline_is_that_of_the_script() {
    let session =
        session(&script("lead_in = \"1s\"", &[LINES, ("length = \"20s\"", "{ pause = \"flex\" }")]));
    let compiled =
        compile(&session, &FakeSounds, RATE, LevelCourse::Level, &mut Diagnostics::default()).unwrap();
    assert_eq!(amend(&session, &FakeSounds, RATE, LevelCourse::Level, &[]), Ok(compiled));
}

#[test]
fn the_rest_that_is_heard_lasts_longer_and_all_else_comes_later() {
    let expected = ["0 One two", "1000 rest 8000", "9000 Three", "9500 Four", "10000 rest 2000", "12000 end"];
    // In the rest, at its first frame, and in the words before it.
    for now in [3000, 1000, 500, 0] {
        check("", &[LINES], &[more(now, 3000)], &expected);
    }
    check("", &[LINES], &[more(500, 1000), more(500, 1000), more(7000, 1000)], &expected);
    let expected = ["0 One two", "1000 rest 5000", "6000 Three", "6500 Four", "7000 rest 5000", "12000 end"];
    check("", &[LINES], &[more(6800, 3000)], &expected);
}

#[test]
fn where_nobody_rests_there_is_no_more_of_it() {
    // Words that other words follow, the lead-in, the lead-out, and after the end.
    refused("lead_in = \"1s\"\nlead_out = \"1s\"", &[LINES], &[more(7200, 1000)], Refusal::NoRest);
    for now in [500, 10_100, 99_000] {
        refused("lead_in = \"1s\"\nlead_out = \"1s\"", &[LINES], &[more(now, 1000)], Refusal::NoRest);
    }
    // The rest of the next section is another one.
    let other = [("", "{ say = \"One\" }"), ("", "{ pause = \"5s\" }")];
    refused("", &other, &[more(100, 1000)], Refusal::NoRest);
}

#[test]
fn a_rest_is_meant_while_the_bell_before_it_rings() {
    let cues = ("", r#"{ bell = "bowl", ring = "4s" }, { pause = "10s" }, { say = "One" }"#);
    check("", &[cues], &[more(2000, 5000)], &["0 bowl", "4000 rest 15000", "19000 One", "19500 end"]);
}

#[test]
fn pinned_cues_keep_their_distance_from_what_is_before_them() {
    let pinned = (
        "length = \"60s\"",
        r#"{ pause = "flex" }, { say = "Middle", at = "50%" }, { pause = "flex" }, { say = "End", at = "-5s" }, { pause = "flex" }"#,
    );
    let sections = [pinned, LINES];
    check(
        "",
        &sections[..1],
        &[more(10_000, 6000)],
        &["0 rest 36000", "36000 Middle", "36500 rest 24500", "61000 End", "61500 rest 4500", "66000 end"],
    );
    check(
        "",
        &sections[..1],
        &[more(30_100, 6000)],
        &["0 rest 30000", "30000 Middle", "30500 rest 30500", "61000 End", "61500 rest 4500", "66000 end"],
    );
    // The silence before a pin that no pause takes, and the words before that silence.
    let gap = ("length = \"20s\"", r#"{ say = "One" }, { say = "Two", at = "10s" }, { pause = "flex" }"#);
    for now in [200, 5000] {
        check(
            "",
            &[gap],
            &[more(now, 1000), more(now, 1000)],
            &["0 One", "12000 Two", "12500 rest 9500", "22000 end"],
        );
    }
}

#[test]
fn of_equal_passes_only_the_one_that_is_heard_grows() {
    let sides = ("repeat = 3", r#"{ say = "Go" }, { pause = "flex" }"#);
    check(
        "length = \"30s\"",
        &[sides],
        &[more(12_000, 5000)],
        &[
            "0 Go",
            "500 rest 9500",
            "10000 Go",
            "10500 rest 14500",
            "25000 Go",
            "25500 rest 9500",
            "35000 end",
        ],
    );
}

#[test]
fn numbers_that_are_yet_to_be_said_are_true_then() {
    let left = (
        "length = \"60s\"",
        r#"{ pause = "flex" }, { say = "{left} of {length} left." }, { pause = "29s" }"#,
    );
    let before =
        ["0 rest 28000", "28000 Thirty-two seconds of one minute left.", "31000 rest 29000", "60000 end"];
    check("", &[left], &[], &before);
    // "one minute and ten seconds" is three words longer, but the rest that is heard is as long as was asked for.
    check(
        "",
        &[(
            "length = \"60s\"",
            r#"{ pause = "flex" }, { say = "{left} of {length} left." }, { pause = "flex" }"#,
        )],
        &[more(5000, 10_000)],
        &[
            "0 rest 38500",
            "38500 Thirty-two seconds of one minute and ten seconds left.",
            "43000 rest 27000",
            "70000 end",
        ],
    );
}

#[test]
fn a_line_that_has_no_clip_is_never_needed() {
    let left = ("length = \"60s\"", r#"{ pause = "flex" }, { say = "{length}." }, { pause = "flex" }"#);
    let session = session(&script("", &[left]));
    let amended = amend(&session, &Without("seven seconds"), RATE, LevelCourse::Level, &[more(100, 7000)]);
    assert_eq!(amended, Err(Refusal::Unsaid("One minute and seven seconds.".into())));
    assert!(amend(&session, &Without("seven seconds"), RATE, LevelCourse::Level, &[more(100, 8000)]).is_ok());
}

#[test]
fn checks_are_said_once_and_where_they_are_true() {
    let rest = ("length = \"60s\"", r#"{ checks = ["halfway", "20s left"] }, { pause = "flex" }"#);
    check("", &[rest], &[], &["0 rest 60000", "30000 Halfway.", "40000 Twenty seconds left.", "60000 end"]);
    check(
        "",
        &[rest],
        &[more(10_000, 20_000)],
        &["0 rest 80000", "40000 Halfway.", "60000 Twenty seconds left.", "80000 end"],
    );
    // It was half of the rest when it was said.
    for now in [30_100, 35_000] {
        check(
            "",
            &[rest],
            &[more(now, 20_000)],
            &["0 rest 80000", "30000 Halfway.", "60000 Twenty seconds left.", "80000 end"],
        );
    }
    // A check that is being said is said to its end.
    check(
        "",
        &[rest],
        &[end(40_500, 41_500)],
        &["0 rest 41500", "30000 Halfway.", "40000 Twenty seconds left.", "41500 end"],
    );
    refused("", &[rest], &[end(40_500, 41_000)], Refusal::TooEarly { earliest: FramePos(41_500) });
    // Half of what it is now has passed, so nobody says so.
    check("", &[rest], &[end(28_000, 50_000)], &["0 rest 50000", "30000 Twenty seconds left.", "50000 end"]);
}

#[test]
fn what_the_author_let_the_voice_say_stays_true() {
    let sections = [
        ("length = \"{hold}\"", r#"{ pause = "flex" }"#),
        ("", r#"{ say = "That was {hold}." }, { pause = "flex" }"#),
    ];
    refused(HOLD, &sections, &[more(100, 1000)], Refusal::Promised("That was thirty seconds.".into()));
    refused(HOLD, &sections, &[end(100, 31_000)], Refusal::TooEarly { earliest: FramePos(32_000) });
    // What has been said is said.
    check(
        HOLD,
        &[("length = \"{hold}\"", r#"{ say = "{hold}." }, { pause = "flex" }"#)],
        &[end(500, 20_000)],
        &["0 Thirty seconds.", "1000 rest 19000", "20000 end"],
    );
    refused(
        HOLD,
        &[("length = \"{hold}\"", r#"{ pause = "flex" }, { say = "{hold}." }"#)],
        &[end(500, 20_000)],
        Refusal::TooEarly { earliest: FramePos(30_000) },
    );
}

#[test]
fn elastic_pauses_share_what_is_left_until_the_new_end() {
    let cues = (
        "",
        r#"{ pause = { flex = 1, min = "2s" } }, { say = "One" }, { pause = "3s" }, { pause = { flex = 2, min = "4s", max = "20s" } }"#,
    );
    let head = "length = \"33s\"\nlead_out = \"500ms\"";
    check(
        head,
        &[cues],
        &[],
        &["0 rest 9833", "9833 One", "10333 rest 3000", "13333 rest 19667", "33500 end"],
    );
    check(
        head,
        &[cues],
        &[end(1000, 22_000)],
        &["0 rest 6000", "6000 One", "6500 rest 3000", "9500 rest 12000", "22000 end"],
    );
    // What has passed of a rest has passed.
    check(
        head,
        &[cues],
        &[end(8000, 22_000)],
        &["0 rest 8000", "8000 One", "8500 rest 3000", "11500 rest 10000", "22000 end"],
    );
    refused(head, &[cues], &[end(5000, 10_000)], Refusal::TooEarly { earliest: FramePos(13_000) });
    check(
        head,
        &[cues],
        &[end(5000, 13_000)],
        &["0 rest 5000", "5000 One", "5500 rest 3000", "8500 rest 4000", "13000 end"],
    );
    refused(head, &[cues], &[end(10_000, 50_000)], Refusal::TooLate { latest: FramePos(33_833) });
    // Minutes that were asked for stay.
    refused(
        head,
        &[cues],
        &[more(500, 60_000), end(5000, 10_000)],
        Refusal::TooEarly { earliest: FramePos(70_000) },
    );
}

#[test]
fn a_section_gives_way_only_when_nothing_else_can() {
    let exact = ("length = \"20s\"", r#"{ pause = { flex = 1, min = "2s" } }"#);
    let open = ("", r#"{ say = "One" }, { pause = { flex = 1, min = "3s", max = "20s" } }"#);
    let sections = [exact, open, exact];
    let head = "length = \"50500ms\"";
    let rests = |first, second, third, length| {
        let (one, two) = (first, first + 500);
        vec![
            format!("0 rest {first}"),
            format!("{one} One"),
            format!("{two} rest {second}"),
            format!("{} rest {third}", two + second),
            format!("{length} end"),
        ]
    };
    for (end_ms, expected) in [
        (45_500, rests(20_000, 5000, 20_000, 45_500)),
        (35_500, rests(7500, 7500, 20_000, 35_500)),
        (12_500, rests(5000, 3500, 3500, 12_500)),
    ] {
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check(head, &sections, &[end(5000, end_ms)], &expected);
    }
    refused(head, &sections, &[end(5000, 10_000)], Refusal::TooEarly { earliest: FramePos(10_500) });
}

#[test]
fn a_side_stays_as_long_as_the_one_before_it_if_it_can() {
    let sides =
        ("sides = [\"left\", \"right\"]", r#"{ say = "Turn {side}" }, { pause = { flex = 1, min = "2s" } }"#);
    let rest = ("", r#"{ pause = { flex = 2, min = "6s" } }"#);
    let head = "length = \"30s\"";
    check(
        head,
        &[sides, rest],
        &[end(9000, 26_000)],
        &[
            "0 Turn left",
            "1000 rest 7000",
            "8000 Turn right",
            "9000 rest 7000",
            "16000 rest 10000",
            "26000 end",
        ],
    );
    check(
        head,
        &[sides, rest],
        &[end(9000, 20_000)],
        &[
            "0 Turn left",
            "1000 rest 7000",
            "8000 Turn right",
            "9000 rest 3667",
            "12667 rest 7333",
            "20000 end",
        ],
    );
}

#[test]
fn the_last_bell_has_rung_out_at_the_new_end() {
    // A bell rings for ten seconds, under a rest that is shared with another one.
    let cues = ("", r#"{ pause = "flex" }, { bell = "bowl", ring = "1s" }, { pause = "flex" }"#);
    let head = "length = \"41s\"";
    check(
        head,
        &[cues],
        &[end(1000, 31_000)],
        &["0 rest 15000", "15000 bowl", "16000 rest 15000", "31000 end"],
    );
    check(head, &[cues], &[end(1000, 15_000)], &["0 rest 5000", "5000 bowl", "6000 rest 5000", "15000 end"]);
    refused(head, &[cues], &[end(25_000, 29_000)], Refusal::TooEarly { earliest: FramePos(30_000) });
}

#[test]
fn a_check_in_a_rest_belongs_to_it() {
    let rest =
        ("length = \"60s\"", r#"{ pause = "flex" }, { say = "Halfway.", at = "50%" }, { pause = "flex" }"#);
    check(
        "",
        &[rest],
        &[more(30_200, 1000)],
        &["0 rest 30000", "30000 Halfway.", "30500 rest 30500", "61000 end"],
    );
}

/// The second of two rounds has fewer words than the first, and is as long: from 4.5 to 6 seconds there is silence.
const ROUNDS: (&str, &str) = (
    "length = \"61s\"",
    r#"{ repeat = 2, cues = [{ say = "{left} left" }] }, { say = "One" }, { pause = "flex" }"#,
);

/// The two rounds, then "One" at that frame, the rest after it and the end.
fn rounds(one: u64, end: u64) -> [String; 5] {
    [
        "0 One minute and one second left".into(),
        "3000 Fifty-eight seconds left".into(),
        format!("{one} One"),
        format!("{} rest {}", one + 500, end - one - 500),
        format!("{end} end"),
    ]
}

#[test]
fn the_silence_at_the_end_of_a_round_stays_while_it_is_heard() {
    let check = |wishes: &[LiveEdit], one, end| {
        let expected = rounds(one, end);
        check("", &[ROUNDS], wishes, &expected.each_ref().map(String::as_str));
    };
    check(&[], 6000, 61_000);
    check(&[end(4600, 80_000)], 6000, 80_000);
    check(&[end(5999, 30_000)], 6000, 30_000);
    // Also what was asked for, in that silence or in the words before it.
    check(&[more(5000, 3000)], 9000, 64_000);
    check(&[more(5000, 3000), end(5000, 80_000)], 9000, 80_000);
    check(&[more(4000, 3000), end(4100, 80_000), more(7000, 3000), end(8000, 40_000)], 12_000, 40_000);
}

/// A line that says how long its section is, for two seconds from 1000 on.
const SPOKEN: &str = r#"
title = "Rest"
lead_in = "1s"
[[section]]
title = "Rest"
length = "2m"
cues = [ { say = "Rest for {length}." }, { pause = "flex" } ]
"#;

/// What is done when a listener asks for more rest: the words of the line then, and from where it is said again.
fn asked_for_more(heard: u64, paused: bool) -> (String, Option<FramePos>) {
    let session = session(SPOKEN);
    let solve = |edits: &[LiveEdit]| amend(&session, &FakeSounds, RATE, LevelCourse::Level, edits);
    let timeline = solve(&[]).unwrap();
    let mut transport = Transport::new(Volume::FULL, Vec::new(), Vec::new());
    let here = |horizon| Playhead {
        timeline: &timeline,
        heard: FramePos(heard),
        horizon: FramePos(horizon),
        moment: WallTime(Millis(0)),
    };
    let here = if paused { here(heard) } else { here(heard + 300) };
    if paused {
        transport.handle(Command::Pause, &here, &solve);
    }
    let acts = transport.handle(Command::MoreRest, &here, &solve);
    let retimed =
        acts.iter().find_map(|act| if let Effect::Retime(timeline) = act { Some(timeline) } else { None });
    let again = acts.iter().find_map(|act| if let Effect::Play(from) = act { Some(*from) } else { None });
    (retimed.unwrap().cues[0].text.clone(), again)
}

#[test]
fn words_that_are_true_no_more_are_said_again_as_they_are() {
    let before = "Rest for two minutes.".to_owned();
    let after = "Rest for three minutes.".to_owned();
    assert_eq!(asked_for_more(1700, false), (after.clone(), Some(FramePos(1000))));
    // Who goes on after a pause hears the line from its start.
    assert_eq!(asked_for_more(1700, true), (after, None));
    // What was heard to its end was true when it was said.
    assert_eq!(asked_for_more(20_000, false), (before, None));
}
