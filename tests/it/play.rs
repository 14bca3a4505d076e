//! The program playing through a real device of ALSA, one that writes what it gets to a file.
#![cfg(all(feature = "play", target_os = "linux"))]

use std::fs;
use std::process::{Child, Stdio};

use crate::harness::{Project, nidra};

const SESSION: &str = r#"
title = "A rest"
lead_in = "300ms"

[bed]
sound = "brown-noise"
level = "-12dB"
fade_out = "500ms"

[[section]]
title = "Rest"
cues = [ { say = "Rest." }, { pause = "20s" }, { bell = "tingsha", ring = "2s" } ]
"#;

fn project() -> Project {
    Project::with_lines(&["Rest."]).file("scripts/rest.toml", SESSION)
}

/// Plays as fast as the device takes it, which notes all of it.
fn play(project: &Project, arguments: &[&str], input: Stdio) -> Child {
    let noted = project.path("heard.raw");
    let device = format!(
        "pcm.!default {{ type file slave.pcm {{ type null }} file \"{}\" format \"raw\" }}\n\
         ctl.!default {{ type null }}\n",
        noted.display()
    );
    project.bytes("device.conf", device.as_bytes());
    nidra(&project.path(""))
        .args([&["play", "scripts/rest.toml"], arguments].concat())
        .env("ALSA_CONFIG_PATH", project.path("device.conf"))
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .env("TZ", "UTC")
        .stdin(input)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[track_caller]
fn ended(run: Child, code: i32) -> String {
    let output = run.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(output.stdout.is_empty() && !said.contains(['\r', '\x1b']), "{said:?}");
    said
}

/// The samples that the device got, in steps of 16 bits.
fn heard(project: &Project) -> Vec<f32> {
    let bytes = fs::read(project.path("heard.raw")).unwrap();
    let samples = bytes.as_chunks::<4>().0.iter().map(|sample| f32::from_le_bytes(*sample) * 32_768.0);
    samples.collect()
}

fn rendered(project: &Project) -> Vec<f32> {
    project.run(&["render", "scripts/rest.toml", "-o", "rest.wav"]).expect(0, &[]);
    let mut wav = hound::WavReader::open(project.path("rest.wav")).unwrap();
    wav.samples::<i16>().map(|sample| f32::from(sample.unwrap())).collect()
}

#[test]
fn what_the_device_gets_is_the_rendered_file() {
    let project = project();
    let said = ended(play(&project, &[], Stdio::null()), 0);
    let mut lines = said.lines();
    let first = lines.next().unwrap();
    assert!(first.starts_with("A rest, 36 seconds, ends at ") && first.ends_with('.'), "{said}");
    assert_eq!(lines.next(), Some("Playing on default, 8 kHz."), "{said}");
    assert!(said.ends_with("The session is over.\n") && !said.contains("interrupted"), "{said}");
    let (heard, file) = (heard(&project), rendered(&project));
    let first = |samples: &[f32]| samples.iter().position(|sample| *sample != 0.0).unwrap();
    let start = first(&heard) - first(&file);
    assert!(heard[start..].starts_with(&file), "the sound differs");
    assert!(heard[start + file.len()..].iter().all(|sample| *sample == 0.0), "something comes after it");
    assert!(project.files(".nidra").iter().all(|name| !name.contains("place-")), "it was played to its end");
}

#[test]
fn every_sound_is_measured_once_whether_it_is_checked_played_or_rendered() {
    let project = project();
    let notes = || fs::read(project.path(".nidra/measures")).unwrap();
    project.run(&["check"]).expect(0, &[]);
    let checked = notes();
    ended(play(&project, &[], Stdio::null()), 0);
    assert!(notes() == checked);
    fs::remove_file(project.path(".nidra/measures")).unwrap();
    ended(play(&project, &[], Stdio::null()), 0);
    assert!(notes() == checked);
    project.run(&["render"]).expect(0, &[]);
    assert!(notes() == checked);
}

#[test]
fn lines_of_a_pipe_steer_it_and_it_goes_on_where_it_stopped() {
    use std::io::Write;
    let project = project();
    // All of it is wanted before the first frame is heard, and the bed would go on for a day.
    let mut run = play(&project, &["--loop-bed-after"], Stdio::piped());
    let lines = b"seek 0:10\nsomthing\npause\nquit\n";
    run.stdin.take().unwrap().write_all(lines).unwrap();
    let said = ended(run, 0);
    assert!(said.contains("Now at 0:10.\n") && said.contains("Paused at"), "{said}");
    assert!(said.contains("somthing"), "{said}");
    assert!(said.contains("--resume goes on from there."), "{said}");
    let said = ended(play(&project, &["--resume"], Stdio::null()), 0);
    assert!(said.contains("Going on at 0:1"), "{said}");
    let sounding = |samples: Vec<f32>| samples.iter().filter(|sample| **sample != 0.0).count();
    let (heard, file) = (sounding(heard(&project)), sounding(rendered(&project)));
    assert!(heard < file * 4 / 5 && heard > file / 2, "{heard} of {file}");
}

#[test]
fn the_first_line_says_when_it_ends_and_a_section_is_announced() {
    let project = project();
    let said = ended(play(&project, &["--section", "re"], Stdio::null()), 0);
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].starts_with("A rest, 36 seconds, ends at "), "{said}");
    assert_eq!(lines[1], "It begins with Rest, at 0:00.", "{said}");
    assert!(lines.contains(&"Rest: 22 seconds. 36 seconds left."), "{said}");
    // The end that is wished for stands there until it is known whether it can be had.
    // Half a day from now is out of reach whenever this runs.
    let hours = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs() / 3600;
    let far = format!("{}:00", (hours + 12) % 24);
    let said = ended(play(&project, &["--end-at", &far], Stdio::null()), 0);
    assert!(said.starts_with(&format!("A rest, 36 seconds, to end at {far}.\n")), "{said}");
    let refused =
        said.lines().position(|line| line.starts_with(&format!("It cannot end at {far}. The session ")));
    let after = said.lines().nth(refused.unwrap_or_else(|| panic!("{said}")) + 1).unwrap();
    assert!(after.starts_with("It ends at ") || after.starts_with("The voice has no"), "{said}");
    let said = ended(play(&project, &["-q"], Stdio::null()), 0);
    assert_eq!(said, "");
}

#[test]
fn lines_of_a_pipe_change_the_length_and_take_that_back() {
    use std::io::Write;
    let project = project();
    let mut run = play(&project, &["--loop-bed-after"], Stdio::piped());
    let lines = b"pause\nseek 0:10\nmore\nundo\nu\nquit\n";
    run.stdin.take().unwrap().write_all(lines).unwrap();
    let said = ended(run, 0);
    let is_aside = |line: &str| {
        ["The voice has no", "The sound was interrupted"].iter().any(|start| line.starts_with(start))
    };
    let told: Vec<&str> = said.lines().filter(|line| !is_aside(line)).collect();
    let longer = told.iter().position(|line| line.starts_with("One more minute of rest. 1 minute 2"));
    let told = &told[longer.unwrap_or_else(|| panic!("{said}")) + 1..];
    assert!(told[0].starts_with("The last change is taken back. 2"), "{said}");
    assert_eq!(told[1], "Nothing was changed that could be taken back.", "{said}");
}

#[test]
fn what_cannot_be_played_is_said_before_anything_is_heard() {
    let project = Project::with_lines(&["One."]).file("scripts/rest.toml", SESSION);
    let said = ended(play(&project, &[], Stdio::null()), 4);
    assert!(said.contains("error[missing-line]") && !project.path("heard.raw").exists(), "{said}");
    let project = self::project();
    for (arguments, why) in [
        (["--from", "9:00"], "this track is only 0:36"),
        (["--section", "rust"], "no section"),
        (["--device", "nonesuch"], "no audio device `nonesuch`"),
    ] {
        let code = if arguments[0] == "--device" { 5 } else { 2 };
        let said = ended(play(&project, &arguments, Stdio::null()), code);
        assert!(said.contains(why), "{said}");
    }
}
