//! What is seen on a terminal, of which `script` (util-linux) makes one; where it is missing, the test says so.
#![cfg(target_os = "linux")]

#[cfg(feature = "play")]
use std::io::{Read, Write};
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
            crate::judges::missing("script");
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

/// Runs a line of a shell on a terminal and presses keys: each when what is before it was seen. Gives all that was
/// seen; `None` where there is no `script`.
#[cfg(feature = "play")]
fn pressing(project: &Project, shell: &str, keys: &[(&str, &str)]) -> Option<String> {
    let mut terminal = Command::new("script");
    terminal.args(["--quiet", "--flush", "--command", shell, "/dev/null"]).current_dir(project.path(""));
    // A device that takes everything and is not heard, whatever the machine has.
    project.bytes("null.conf", b"pcm.!default { type null }\nctl.!default { type null }\n");
    terminal.env("ALSA_CONFIG_PATH", project.path("null.conf"));
    terminal.env("TERM", "vt220").stdin(Stdio::piped()).stdout(Stdio::piped());
    let Ok(mut run) = terminal.spawn() else {
        crate::judges::missing("script");
        return None;
    };
    let (mut input, mut output) = (run.stdin.take().unwrap(), run.stdout.take().unwrap());
    let (mut seen, mut looked) = (String::new(), 0);
    let mut keys = keys.iter();
    let mut next = keys.next();
    let mut piece = [0; 1000];
    while let Ok(read @ 1..) = output.read(&mut piece) {
        seen += &String::from_utf8_lossy(&piece[..read]);
        if let Some((before, key)) = next
            && let Some(at) = seen[looked..].find(before)
        {
            looked += at + before.len();
            input.write_all(key.as_bytes()).unwrap();
            next = keys.next();
        }
    }
    run.wait().unwrap();
    assert!(next.is_none(), "`{}` was not seen in:\n{seen}", next.unwrap().0);
    Some(seen)
}

#[cfg(feature = "play")]
#[track_caller]
fn check_given_back(keys: &[(&str, &str)]) {
    let project = Project::with_lines(&["Rest."]).file("scripts/a.toml", &script(60));
    let run = format!("{} play scripts/a.toml --start-in 1h", env!("CARGO_BIN_EXE_nidra"));
    let shell = format!("stty -g > before; {run}; echo ended with $?; stty -g > after");
    let Some(seen) = pressing(&project, &shell, keys) else { return };
    assert!(seen.contains("ended with 0"), "{seen}");
    let modes = |name| std::fs::read_to_string(project.path(name)).unwrap();
    assert_eq!(modes("before"), modes("after"));
    assert_eq!(seen.matches("\x1b[?25l").count(), seen.matches("\x1b[?25h").count(), "{seen:?}");
}

#[cfg(feature = "play")]
#[test]
fn the_terminal_is_as_it_was_whichever_way_playing_ends() {
    for key in ["q", "\x1b", "\x03", "\x04"] {
        check_given_back(&[("Begins at", key)]);
    }
}

#[cfg(feature = "play")]
#[test]
fn keys_are_read_one_by_one_and_pieces_of_keys_are_not_taken_for_escape() {
    let keys = [
        ("Begins at", "w"),
        ("It begins at", "?"),
        ("Ctrl-Z", "e"),
        ("End at", "7:3x0"),
        ("gives up): 7:30", "\x1b"),
        ("Begins at", "\x1b[99~"),
        ("Begins at", "w"),
        ("It begins at", "q"),
    ];
    check_given_back(&keys);
}

#[cfg(feature = "play")]
#[test]
fn where_no_shell_could_wake_it_ctrl_z_does_not_stop_it() {
    check_given_back(&[("Begins at", "\x1a"), ("\x1b[?25h", ""), ("Begins at", "q")]);
}

#[cfg(feature = "play")]
#[test]
fn whoever_comes_back_with_fg_is_told_that_it_is_paused_and_how_it_goes_on() {
    let bed = format!("[bed]\nsound = \"brown-noise\"\n{}", script(60).split_once('\n').unwrap().1);
    let project = Project::with_lines(&["Rest."]).file("scripts/a.toml", &format!("title = \"A\"\n{bed}"));
    let run = format!("{} play scripts/a.toml --loop-bed-after", env!("CARGO_BIN_EXE_nidra"));
    let shell = format!("bash -c 'set -m; {run}; echo stopped with $?; fg; echo ended with $?'");
    let keys = [("Playing on", "\x1a"), ("It is paused at", "q")];
    let Some(seen) = pressing(&project, &shell, &keys) else { return };
    // 128 and the number of SIGTSTP, as shells have it.
    for part in ["stopped with 148", "; space goes on.", "ended with 0"] {
        assert!(seen.contains(part), "`{part}` is not in:\n{seen}");
    }
}
