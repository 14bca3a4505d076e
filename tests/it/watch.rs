//! `nidra render --watch`: what is saved is rendered again, and nothing else. These tests wait for sentences, not for
//! times; the one limit is there so that a failing test ends.
#![cfg(unix)]
#![allow(clippy::disallowed_types, reason = "a test that waits for ever does not fail")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
#[allow(
    clippy::disallowed_types,
    reason = "a limit on waiting for a failing test is no time of a session"
)]
use std::time::Duration;

use crate::harness::{Project, nidra};

/// A sentence that does not come in this time does not come at all, however slow the machine.
const LIMIT: Duration = Duration::from_secs(60);

/// Nor one that does not come among so many others.
const MAX_LINES: usize = 100;

const READY: &str = "Ctrl-C stops.";

fn script(lines: &[&str]) -> String {
    let cues: String = lines.iter().map(|line| format!("  {{ say = \"{line}\" }},\n")).collect();
    format!("title = \"t\"\n\n[[section]]\ntitle = \"s\"\ncues = [\n{cues}]\n")
}

/// Two scripts; only the first says "One.".
fn project() -> Project {
    Project::with_lines(&["One.", "Two.", "And three."])
        .file("scripts/one.toml", &script(&["One.", "Two."]))
        .file("scripts/two.toml", &script(&["Two."]))
}

/// The program while it watches; gone when the test is over.
struct Watching {
    child: Child,
    lines: Receiver<String>,
    heard: Vec<String>,
}

impl Watching {
    #[track_caller]
    fn begin(project: &Project, arguments: &[&str]) -> Self {
        let mut command = nidra(&project.path(""));
        let mut child = command.arg("render").args(arguments).stderr(Stdio::piped()).spawn().unwrap();
        let (told, lines) = channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| told.send(line)));
        let mut watching = Self { child, lines, heard: Vec::new() };
        watching.hear(READY);
        watching
    }

    /// Waits for a line in which this is, and returns the lines up to it.
    #[track_caller]
    fn hear(&mut self, part: &str) -> Vec<String> {
        let mut lines = Vec::new();
        while !lines.last().is_some_and(|line: &String| line.contains(part)) {
            match self.lines.recv_timeout(LIMIT) {
                Ok(line) if lines.len() < MAX_LINES => lines.push(line),
                _ => panic!("`{part}` was not said, but {:#?}", [&self.heard[..], &lines].concat()),
            }
        }
        self.heard.extend_from_slice(&lines);
        lines
    }

    /// Ends it as Ctrl-C does; its exit code, and what it said that was not heard.
    fn end(mut self) -> (Option<i32>, Vec<String>) {
        self.signal("-INT");
        let code = self.child.wait().unwrap().code();
        (code, self.lines.iter().collect())
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn bytes(project: &Project, path: &str) -> Vec<u8> {
    fs::read(project.path(path)).unwrap()
}

#[test]
fn what_is_saved_is_rendered_again_and_nothing_else() {
    for how in ["--watch", "--watch=poll"] {
        let project = project();
        let mut watching = Watching::begin(&project, &[how]);
        let (one, two) = (bytes(&project, "out/one.wav"), bytes(&project, "out/two.wav"));
        project.bytes("scripts/one.toml", script(&["Two.", "One."]).as_bytes());
        let said = watching.hear("scripts/one.toml changed: 1 track rendered, 1 current.");
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].starts_with("out/one.wav: "), "{said:?}");
        assert!(bytes(&project, "out/one.wav") != one);
        assert!(bytes(&project, "out/two.wav") == two);
        // Neither its own tracks nor its own files wake it, nor is there anything left to say.
        assert_eq!(watching.end(), (Some(130), Vec::new()), "{how}");
    }
}

#[test]
fn a_clip_renders_the_tracks_that_use_it() {
    let project = project();
    let mut watching = Watching::begin(&project, &["-w"]);
    let other = bytes(&project, "sounds/voices/me/2.wav");
    // One is used by the first script, two by both, three by none.
    project.bytes("sounds/voices/me/0.wav", &other);
    let said = watching.hear("sounds/voices/me/0.wav changed: 1 track rendered, 1 current.");
    assert_eq!(said.len(), 2, "{said:?}");
    project.bytes("sounds/voices/me/1.wav", &other);
    watching.hear("sounds/voices/me/1.wav changed: 2 tracks rendered.");
    let mut unused = other;
    *unused.last_mut().unwrap() ^= 1;
    project.bytes("sounds/voices/me/2.wav", &unused);
    project.bytes("nidra.toml", b"voice = \"me\"\nrate = 16000\n");
    watching.hear("2 tracks rendered.");
    assert_eq!(watching.end(), (Some(130), Vec::new()));
}

#[test]
fn a_mistake_is_shown_once_for_each_save_and_the_last_good_track_stays() {
    let project = project();
    let mut watching = Watching::begin(&project, &["--watch"]);
    let good = bytes(&project, "out/one.wav");
    project.bytes("scripts/one.toml", script(&["Oen."]).as_bytes());
    let stays = "scripts/one.toml: skipped until its errors are fixed; out/one.wav stays as it was.";
    let said = watching.hear(stays).join("\n");
    assert!(said.contains("scripts/one.toml:6:3") && said.contains("^^^^^^"), "{said}");
    assert!(bytes(&project, "out/one.wav") == good);
    // What happens to another script is no reason to show it again.
    // (The first change may still be on its way through a round; then both are named.)
    project.bytes("scripts/two.toml", script(&["One."]).as_bytes());
    let said = watching.hear("changed: 1 track rendered.");
    assert_eq!(said.len(), 2, "{said:?}");
    // To save it again with the mistake in it is one.
    project.bytes("scripts/one.toml", script(&["Oen.", "Two."]).as_bytes());
    assert!(watching.hear(stays).join("\n").contains("scripts/one.toml:6:3"));
    // Mended, and the very script that it was: its track is there.
    project.bytes("scripts/one.toml", script(&["One.", "Two."]).as_bytes());
    let said = watching.hear("scripts/one.toml is well again.");
    assert_eq!(said.len(), 1, "{said:?}");
    project.bytes("scripts/one.toml", script(&["Two.", "One."]).as_bytes());
    watching.hear("scripts/one.toml changed: 1 track rendered, 1 current.");
    assert!(bytes(&project, "out/one.wav") != good);
    assert_eq!(watching.end(), (Some(130), Vec::new()));
}

#[test]
fn editors_save_in_many_ways() {
    let project = project();
    let mut watching = Watching::begin(&project, &["scripts/one.toml", "scripts/two.toml", "--watch"]);
    let to = |path: &str| project.path(path);
    let changed = "scripts/one.toml changed: 1 track rendered, 1 current.";
    // A new file that takes the place of the old one.
    project.bytes("scripts/one.toml.new", script(&["Two.", "One."]).as_bytes());
    fs::rename(to("scripts/one.toml.new"), to("scripts/one.toml")).unwrap();
    assert_eq!(watching.hear(changed).len(), 2);
    // The old file out of the way, then a new one.
    fs::rename(to("scripts/one.toml"), to("scripts/one.toml~")).unwrap();
    project.bytes("scripts/one.toml", script(&["One.", "One."]).as_bytes());
    assert_eq!(watching.hear(changed).len(), 2);
    // Emptied, then written.
    let file = fs::File::create(to("scripts/one.toml")).unwrap();
    drop(file);
    project.bytes("scripts/one.toml", script(&["Two.", "Two."]).as_bytes());
    assert_eq!(watching.hear(changed).len(), 2);
    assert_eq!(watching.end(), (Some(130), Vec::new()));
}

#[test]
fn scripts_come_and_go() {
    let project = project();
    let mut watching = Watching::begin(&project, &["--watch"]);
    project.bytes("scripts/new/three.toml", script(&["And three."]).as_bytes());
    watching.hear("scripts/new/three.toml changed: 1 track rendered, 2 current.");
    let track = bytes(&project, "out/new/three.wav");
    fs::remove_file(project.path("scripts/new/three.toml")).unwrap();
    let said = watching.hear("scripts/new/three.toml is gone; out/new/three.wav stays as it was.");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(bytes(&project, "out/new/three.wav") == track);
    // A folder that was not there when it began is watched as well as any.
    project.bytes("scripts/new/four.toml", script(&["Two.", "And three."]).as_bytes());
    watching.hear("scripts/new/four.toml changed: 1 track rendered, 2 current.");
    assert_eq!(watching.end(), (Some(130), Vec::new()));
}

#[test]
fn it_watches_where_the_tracks_go() {
    for (arguments, track) in [
        (&["scripts/one.toml", "-o", "scripts/here.wav"][..], "scripts/here.wav"),
        (&["scripts/one.toml", "-o", "./"], "one.wav"),
        (&["scripts/one.toml", "--with", "txt,svg", "--format", "flac"], "out/one.flac"),
    ] {
        let project = project();
        let mut watching = Watching::begin(&project, &[arguments, &["--watch", "--force"]].concat());
        project.bytes("scripts/one.toml", script(&["Two."]).as_bytes());
        watching.hear(&format!("{track}: "));
        watching.hear("scripts/one.toml changed: 1 track rendered.");
        assert_eq!(watching.end(), (Some(130), Vec::new()), "{track}");
    }
}

#[test]
fn a_broken_script_does_not_make_another_the_only_one() {
    let project = project();
    let mut watching = Watching::begin(&project, &["--watch", "-o", "tracks"]);
    project.bytes("scripts/one.toml", script(&["Oen."]).as_bytes());
    watching.hear("tracks/one.wav stays as it was.");
    project.bytes("scripts/two.toml", script(&["One."]).as_bytes());
    watching.hear("tracks/two.wav: ");
    watching.hear("changed: 1 track rendered.");
}

#[test]
fn a_lone_script_is_watched_with_the_sounds_beside_it() {
    let project = project();
    let alone = |path: &str| format!("alone/{path}");
    for path in ["sounds/voices/me/voice.toml", "sounds/voices/me/0.wav", "sounds/voices/me/1.wav"] {
        project.bytes(&alone(path), &bytes(&project, path));
    }
    fs::remove_file(project.path("nidra.toml")).unwrap();
    fs::remove_dir_all(project.path("sounds")).unwrap();
    let text = format!("voice = \"me\"\nrate = 8000\n{}", script(&["One."]));
    project.bytes("alone/rest.toml", text.as_bytes());
    let mut watching = Watching::begin(&project, &["alone/rest.toml", "--watch"]);
    let mut clip = bytes(&project, &alone("sounds/voices/me/0.wav"));
    *clip.last_mut().unwrap() ^= 1;
    project.bytes(&alone("sounds/voices/me/0.wav"), &clip);
    watching.hear("alone/sounds/voices/me/0.wav changed: 1 track rendered.");
}

#[test]
fn a_script_in_a_hidden_folder_is_watched() {
    let project = project().file("scripts/.drafts/four.toml", &script(&["One."]));
    let mut watching = Watching::begin(&project, &["scripts/.drafts/four.toml", "--watch"]);
    project.bytes("scripts/.drafts/four.toml", script(&["Two."]).as_bytes());
    watching.hear("scripts/.drafts/four.toml changed: 1 track rendered.");
}

/// A script that takes for ever.
const LONG: &str =
    "title = \"t\"\n[bed]\nsound = \"rain\"\n[[section]]\ntitle = \"s\"\ncues = [ { pause = \"23h\" } ]\n";

/// Saves the first script at one stroke: a script that is emptied and then written may be met in between.
fn save(project: &Project, text: &str) {
    project.bytes("scripts/.new", text.as_bytes());
    fs::rename(project.path("scripts/.new"), project.path("scripts/one.toml")).unwrap();
}

/// Waits until a track is on its way, or none is any more.
#[track_caller]
fn until(project: &Project, watching: &mut Watching, is_on_its_way: bool) {
    while project.files("out").iter().any(|name| name.contains(".nidra-")) != is_on_its_way {
        assert!(watching.child.try_wait().unwrap().is_none(), "it ended");
        std::thread::yield_now();
    }
}

#[test]
fn a_save_breaks_off_what_is_rendered_and_ctrl_c_everything() {
    let project = project();
    let mut watching = Watching::begin(&project, &["scripts", "--watch"]);
    let begin = |watching: &mut Watching| {
        save(&project, LONG);
        until(&project, watching, true);
    };
    begin(&mut watching);
    save(&project, &script(&["Two."]));
    watching.hear("scripts/one.toml changed: 1 track rendered, 1 current.");
    assert_eq!(project.files("out"), ["out/one.wav", "out/two.wav"]);
    begin(&mut watching);
    let (code, said) = watching.end();
    assert_eq!((code, said), (Some(130), vec!["Interrupted; nothing half-written was left.".to_owned()]));
    assert_eq!(project.files("out"), ["out/one.wav", "out/two.wav"]);
}

/// A flag that is raised when this is dropped.
struct RaisedWhenDropped<'f>(&'f AtomicBool);

impl Drop for RaisedWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn ctrl_c_after_a_save_has_broken_off_what_was_rendered_says_so_too() {
    let project = project();
    let mut watching = Watching::begin(&project, &["scripts", "--watch"]);
    save(&project, LONG);
    until(&project, &mut watching, true);
    // What is saved all the time is waited for, so Ctrl-C comes between two rounds.
    let is_over = AtomicBool::new(false);
    let (code, said) = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                save(&project, LONG);
            }
        });
        // The thread ends even if what follows fails.
        let _raised = RaisedWhenDropped(&is_over);
        until(&project, &mut watching, false);
        watching.end()
    });
    assert_eq!((code, said), (Some(130), vec!["Interrupted; nothing half-written was left.".to_owned()]));
    assert_eq!(project.files("out"), ["out/one.wav", "out/two.wav"]);
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let project = project();
    project.run(&["render", "--watch", "-"]).expect(2, &["stdin cannot be watched"]);
    #[cfg(unix)]
    project.run(&["render", "--watch", "/dev/null"]).expect(2, &["a pipe cannot be watched"]);
    project.run(&["render", "--watch", "-o", "-"]).expect(2, &["stdout has room for one track"]);
    project.run(&["render", "--watch", "--json"]).expect(2, &["`--json` reports one run"]);
    project.run(&["render", "--watch=never"]).expect(2, &["invalid value 'never'"]);
    project.run(&["render", "--watch", "nowhere"]).expect(2, &["there is no script or folder 'nowhere'"]);
    assert!(project.files("out").is_empty());
}
