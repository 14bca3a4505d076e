//! What is seen on a terminal, of which `script` (util-linux) makes one; where it is missing, the test says so.
#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};

use crate::harness::Project;

fn script(seconds: u32) -> String {
    let cues = "cues = [ { say = \"Rest.\" }, { pause = \"flex\" } ]";
    format!("title = \"A\"\n[[section]]\ntitle = \"A\"\nlength = \"{seconds}s\"\n{cues}\n")
}

/// The exit code of a run on a terminal and all that came to it; `None` where there is no `script`.
fn on_a_terminal(project: &Project, arguments: &str) -> Option<(i32, String)> {
    let run = format!("{} {arguments}", env!("CARGO_BIN_EXE_nidra"));
    let mut terminal = Command::new("script");
    terminal.args(["--quiet", "--return", "--command", &run, "/dev/null"]).current_dir(project.path(""));
    match terminal.env("TERM", "xterm").stdin(Stdio::null()).output() {
        Ok(seen) => Some((seen.status.code().unwrap(), String::from_utf8_lossy(&seen.stdout).into_owned())),
        Err(_) => {
            eprintln!("skipped: script is not installed");
            None
        }
    }
}

#[track_caller]
fn check(project: &Project, arguments: &str, has: &[&str], has_not: &[&str]) {
    let Some((code, seen)) = on_a_terminal(project, arguments) else { return };
    assert_eq!(code, 0, "{seen}");
    for part in has {
        assert!(seen.contains(part), "`{part}` is not in:\n{seen}");
    }
    for part in has_not {
        assert!(!seen.contains(part), "`{part}` is in:\n{seen}");
    }
}

#[test]
fn one_track_has_one_bar_and_a_batch_has_one_more_for_the_whole() {
    let project = Project::with_lines(&["Rest."]).file("scripts/a.toml", &script(60));
    check(&project, "render", &["out/a.wav: 1:00.000", "%, ", " left"], &["tracks", "panicked"]);
    let project = project.file("scripts/b.toml", &script(60));
    check(&project, "render --force", &["2 tracks: 2 rendered.", " of 2 tracks"], &["panicked"]);
    check(
        &project,
        "render",
        &["out/a.wav: current.", "2 tracks: 2 current."],
        &["Current, and", "panicked"],
    );
}

#[test]
fn current_tracks_of_a_large_batch_are_named_at_the_end() {
    let project = Project::with_lines(&["Rest."]);
    let project = (10..32)
        .fold(project, |project, number| project.file(&format!("scripts/{number}.toml"), &script(number)));
    project.run(&["render"]).expect(0, &["22 tracks: 22 rendered."]);
    let named = "Current, and not rendered again: out/10.wav,";
    check(&project, "render", &["22 tracks: 22 current.", named, "and 2 more."], &["out/10.wav: current."]);
}
