//! Many tracks at once: what is made again and what is not, in shards, and after a run that was broken off.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::SystemTime;

use crate::harness::{Project, nidra};

const LINES: [&str; 4] = ["Rest.", "Breathe in.", "Breathe out.", "Sit well."];

/// A script of a second that says one of the lines.
fn script(line: &str) -> String {
    format!(
        "title = \"A\"\n[[section]]\ntitle = \"A\"\nlength = \"1s\"\ncues = [ {{ say = \"{line}\" }}, {{ pause = \"flex\" }} ]\n"
    )
}

/// Three tracks: `in` and `deep/out` say a line each, `both` says both and includes a file.
fn project() -> Project {
    let both = "title = \"B\"\n[[section]]\ntitle = \"B\"\ncues = [ { say = \"Breathe in.\" }, { say = \"Breathe out.\" }, { include = \"common/end.toml\" } ]\n";
    Project::with_lines(&LINES)
        .file("scripts/in.toml", &script("Breathe in."))
        .file("scripts/deep/out.toml", &script("Breathe out."))
        .file("scripts/both.toml", both)
        .file("common/end.toml", "cues = [ { pause = \"1s\" } ]\n")
}

/// The tracks that a run makes again.
fn rendered(project: &Project, arguments: &[&str]) -> Vec<String> {
    let report = project.run(&[&["render", "--json"], arguments].concat()).expect(0, &[]).json();
    let tracks = report["tracks"].as_array().unwrap().iter();
    let made = tracks.filter(|track| track["state"] == "rendered");
    made.map(|track| track["track"].as_str().unwrap().trim_start_matches("out/").to_owned()).collect()
}

/// All files below `out/` and when they were written.
fn written(project: &Project) -> BTreeMap<String, SystemTime> {
    let time = |path: &String| fs::metadata(project.path(path)).unwrap().modified().unwrap();
    project.files("out").into_iter().map(|path| (path.clone(), time(&path))).collect()
}

fn bytes(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let read = |path: &String| fs::read(project.path(path)).unwrap();
    project.files("out").into_iter().map(|path| (path.clone(), read(&path))).collect()
}

/// What is rendered again after a change of one file.
#[track_caller]
fn check(path: &str, change: impl Fn(&[u8]) -> Vec<u8>, expected: &[&str]) {
    let project = project();
    assert_eq!(rendered(&project, &[]), ["both.wav", "deep/out.wav", "in.wav"]);
    let before = bytes(&project);
    assert_eq!(rendered(&project, &[]), [] as [&str; 0]);
    let old = fs::read(project.path(path)).unwrap_or_default();
    project.bytes(path, &change(&old));
    assert_eq!(rendered(&project, &[]), expected, "after a change of {path}");
    assert_eq!(rendered(&project, &[]), [] as [&str; 0]);
    // The change taken back, the tracks are what they were.
    if !old.is_empty() {
        project.bytes(path, &old);
        assert_eq!(rendered(&project, &[]), expected);
        assert_eq!(bytes(&project), before);
    }
}

fn append(text: &'static str) -> impl Fn(&[u8]) -> Vec<u8> {
    move |old| [old, text.as_bytes()].concat()
}

#[test]
fn only_the_tracks_that_a_change_concerns_are_made_again() {
    check("scripts/in.toml", append("# a word\n"), &["in.wav"]);
    check("common/end.toml", append("# a word\n"), &["both.wav"]);
    check("nidra.toml", append("author = \"A\"\n"), &["both.wav", "deep/out.wav", "in.wav"]);
    check("nidra.toml", append("# a word\n"), &[]);
    check("scripts/none.txt", append("not a script"), &[]);
    // A clip, one sample of it.
    let flip = |old: &[u8]| {
        let mut new = old.to_vec();
        new[100] ^= 0x10;
        new
    };
    check("sounds/voices/me/1.wav", flip, &["both.wav", "in.wav"]);
    check("sounds/voices/me/2.wav", flip, &["both.wav", "deep/out.wav"]);
    check("sounds/voices/me/3.wav", flip, &[]);
    // A line that is spoken by another file.
    let other = |old: &[u8]| String::from_utf8_lossy(old).replace("\"2.wav\"", "\"3.wav\"").into_bytes();
    check("sounds/voices/me/voice.toml", other, &["both.wav", "deep/out.wav"]);
}

#[test]
fn what_was_typed_decides_what_is_current() {
    let project = project();
    let all = ["both.wav", "deep/out.wav", "in.wav"];
    assert_eq!(rendered(&project, &[]), all);
    assert_eq!(rendered(&project, &["--bits", "24"]), all);
    assert_eq!(rendered(&project, &["--bits", "24", "--jobs", "1"]), [] as [&str; 0]);
    assert_eq!(rendered(&project, &["--bits", "24", "--with", "vtt"]), all);
    assert_eq!(rendered(&project, &["--bits", "24", "--with", "vtt", "--format", "wav"]), [] as [&str; 0]);
    let both = ["both.flac", "deep/out.flac", "in.flac"];
    assert_eq!(rendered(&project, &["--bits", "24", "--with", "vtt", "--format", "wav,flac"]), both);
    assert_eq!(rendered(&project, &["--bits", "24", "--with", "vtt", "--force"]), all);
}

#[test]
fn the_notes_of_other_runs_can_be_lost_or_spoilt() {
    let project = project();
    rendered(&project, &[]);
    let notes = fs::read(project.path(".nidra/measures")).unwrap();
    assert_eq!(fs::read_to_string(project.path(".nidra/.gitignore")).unwrap(), "*\n");
    let flipped: Vec<u8> = notes.iter().map(|byte| byte ^ 1).collect();
    for spoilt in [flipped, notes[..notes.len() - 1].to_owned(), vec![0, 1], Vec::new()] {
        project.bytes(".nidra/measures", &spoilt);
        assert_eq!(rendered(&project, &[]), [] as [&str; 0]);
        assert_eq!(fs::read(project.path(".nidra/measures")).unwrap(), notes);
    }
    fs::remove_dir_all(project.path(".nidra")).unwrap();
    assert_eq!(rendered(&project, &[]), [] as [&str; 0]);
}

#[test]
fn every_command_that_measures_sounds_notes_them_and_only_in_a_project() {
    let check = |command: &[&str]| {
        let project = project();
        project.run(command).expect(0, &[]);
        assert!(project.path(".nidra/measures").is_file(), "{command:?}");
        let before = fs::metadata(project.path(".nidra/measures")).unwrap().modified().unwrap();
        project.run(command).expect(0, &[]);
        let after = fs::metadata(project.path(".nidra/measures")).unwrap().modified().unwrap();
        assert_eq!(before, after, "{command:?} wrote what was there");
    };
    check(&["show", "scripts/both.toml"]);
    check(&["check"]);
    check(&["render"]);
    let folder = tempfile::tempdir().unwrap();
    let script = "title = \"A\"\n[[section]]\ntitle = \"A\"\ncues = [ { bell = \"bowl\" } ]\n";
    fs::write(folder.path().join("a.toml"), script).unwrap();
    let shown = nidra(folder.path()).args(["show", "a.toml"]).output().unwrap();
    assert!(shown.status.success(), "{shown:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_clip_that_was_changed_is_measured_again() {
    let project = project();
    let shown = || project.run(&["show", "--format", "json", "scripts/both.toml"]).expect(0, &[]).json();
    let before = shown();
    assert_eq!(shown(), before);
    let (long, short) = (project.path("sounds/voices/me/3.wav"), project.path("sounds/voices/me/1.wav"));
    let old = fs::read(&short).unwrap();
    fs::copy(&long, &short).unwrap();
    let changed = shown();
    assert_ne!(changed, before);
    fs::write(&short, old).unwrap();
    assert_eq!(shown(), before);
    // What was noted is what is found without notes.
    fs::copy(long, short).unwrap();
    fs::remove_dir_all(project.path(".nidra")).unwrap();
    assert_eq!(shown(), changed);
}

#[test]
fn what_lies_beside_a_track_is_made_again_without_the_track() {
    let project = project();
    let with = ["--with", "vtt,chapters"];
    rendered(&project, &with);
    let (times, files) = (written(&project), bytes(&project));
    assert!(files.contains_key("out/deep/out.vtt"), "{:?}", files.keys());
    fs::remove_file(project.path("out/deep/out.vtt")).unwrap();
    fs::remove_file(project.path("out/in.chapters.json")).unwrap();
    assert_eq!(rendered(&project, &with), [] as [&str; 0]);
    assert_eq!(bytes(&project), files);
    let again: Vec<_> = written(&project).into_iter().filter(|(path, time)| times[path] != *time).collect();
    let again: Vec<_> = again.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(again, ["out/deep/out.vtt", "out/in.chapters.json"]);
}

#[test]
fn what_lay_beside_a_deleted_track_is_replaced_and_somebody_s_file_is_not() {
    let project = project();
    let with = ["--with", "vtt"];
    rendered(&project, &with);
    // Tracks are deleted to have them made again, and then the script says something else.
    fs::remove_file(project.path("out/in.wav")).unwrap();
    project.bytes("scripts/in.toml", script("Rest.").as_bytes());
    assert_eq!(rendered(&project, &with), ["in.wav"]);
    assert!(fs::read_to_string(project.path("out/in.vtt")).unwrap().contains("Rest."));
    fs::remove_file(project.path("out/in.wav")).unwrap();
    fs::write(project.path("out/in.vtt"), "mine").unwrap();
    project.run(&["render", "--with", "vtt"]).expect(1, &["in.vtt' is there already", "--force"]);
}

#[test]
fn a_failing_script_is_named_at_the_end_and_the_rest_go_on() {
    let project = project()
        .file("scripts/bad.toml", "titel = \"B\"\n")
        .file("scripts/mute.toml", &script("Nobody has recorded this.").replace("1s", "9s"));
    let said = ["3 tracks: 3 rendered.", "2 of 5 scripts failed: scripts/bad.toml, scripts/mute.toml."];
    let run = project.run(&["render", "--json"]).expect(1, &said);
    let failed = &run.json()["failed_scripts"];
    assert_eq!(*failed, serde_json::json!(["scripts/bad.toml", "scripts/mute.toml"]));
    // Somebody else's file is a failure, too.
    fs::write(project.path("out/in.wav"), "mine").unwrap();
    let said = [
        "out/in.wav' is there already",
        "out/both.wav: current.",
        "3 tracks: 2 current, 1 failed.",
        "Failed: out/in.wav.",
    ];
    let report = project.run(&["render", "--json"]).expect(1, &said).json();
    let states: Vec<_> = report["tracks"].as_array().unwrap().iter().map(|t| t["state"].clone()).collect();
    assert_eq!(states, ["current", "current", "failed"]);
    assert!(report["tracks"][2]["error"].as_str().unwrap().contains("--force"));
}

#[test]
fn a_mistake_of_the_project_is_said_once() {
    let project = project().file("nidra.toml", "voice = \"me\"\nrate = 8000\nautor = \"A\"\n");
    let run = project.run(&["render"]).expect(3, &["nidra.toml:3:1", "did you mean `author`?"]);
    for said in ["unknown key", "nidra.toml: 1 error."] {
        assert_eq!(run.stderr.matches(said).count(), 1, "{}", run.stderr);
    }
    assert!(!run.stderr.contains(".toml: 1 error.\nscripts"), "{}", run.stderr);
}

#[test]
fn shards_make_every_track_once_and_the_same() {
    let project = project();
    rendered(&project, &[]);
    let whole = bytes(&project);
    fs::remove_dir_all(project.path("out")).unwrap();
    let mut tracks: Vec<String> =
        ["0/3", "1/3", "2/3"].iter().flat_map(|shard| rendered(&project, &["--shard", shard])).collect();
    tracks.sort();
    assert_eq!(tracks, ["both.wav", "deep/out.wav", "in.wav"]);
    assert_eq!(bytes(&project), whole);
    assert_eq!(rendered(&project, &["--shard", "0/1"]), [] as [&str; 0]);
    project.run(&["render", "--shard", "3/3"]).expect(2, &["shards count from 0"]);
}

#[test]
fn an_array_scheduler_says_which_shard_this_is() {
    let run = |arguments: &[&str], variables: &[(&str, &str)]| {
        let project = project();
        let mut command = nidra(&project.path(""));
        let run = command.args(arguments).envs(variables.iter().copied()).output().unwrap();
        (run.status.code(), String::from_utf8(run.stderr).unwrap(), project.files("out").len())
    };
    let one_of_eight = [("JOB_COMPLETION_INDEX", "7"), ("NIDRA_SHARDS", "8")];
    let (code, said, files) = run(&["render"], &one_of_eight);
    assert_eq!((code, files), (Some(0), 0), "{said}");
    assert!(said.contains("Shard 7/8, as Kubernetes says"), "{said}");
    // The flag, and a script that is named, are stronger.
    assert_eq!(run(&["render", "--shard", "0/1"], &one_of_eight).2, 3);
    assert_eq!(run(&["render", "scripts/in.toml"], &one_of_eight).2, 1);
    let (code, said, _) = run(&["render"], &one_of_eight[..1]);
    assert_eq!(code, Some(2));
    assert!(said.contains("NIDRA_SHARDS is not set"), "{said}");
}

/// A run in the project, its sentences at hand.
fn spawn(project: &Project, arguments: &[&str]) -> Child {
    nidra(&project.path("")).arg("render").args(arguments).stderr(Stdio::piped()).spawn().unwrap()
}

/// Twenty tracks, each with captions.
fn many() -> Project {
    let numbers = 10..30;
    numbers.fold(Project::with_lines(&LINES), |project, number| {
        let line = LINES[number % LINES.len()];
        project.file(&format!("scripts/{number}.toml"), &script(line).replace("1s", &format!("{number}s")))
    })
}

const MANY: [&str; 4] = ["--with", "vtt", "--format", "wav,flac"];

#[test]
fn a_run_that_is_killed_leaves_whole_tracks_and_the_next_one_finishes() {
    let reference = many();
    reference.run(&[&["render"][..], &MANY].concat()).expect(0, &[]);
    let whole = bytes(&reference);
    assert_eq!(whole.len(), 60);
    let project = many();
    // Each run is killed a few tracks later than the one before.
    for sentences in 1..8 {
        let mut child = spawn(&project, &MANY);
        let said = BufReader::new(child.stderr.take().unwrap());
        let heard = said.lines().take(3 * sentences).count();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(heard > 0);
        for (path, found) in bytes(&project).iter().filter(|(path, _)| !path.contains("/.nidra-")) {
            assert!(whole.get(path) == Some(found), "{path} is not whole");
        }
    }
    project.run(&[&["render"][..], &MANY].concat()).expect(0, &[]);
    assert!(bytes(&project) == whole, "{:?}", project.files("out"));
    let said = ["40 tracks: 40 current."];
    project.run(&[&["render"][..], &MANY].concat()).expect(0, &said);
}

#[test]
fn two_runs_at_once_do_each_other_no_harm() {
    let project = many();
    let runs = [spawn(&project, &MANY), spawn(&project, &MANY)];
    for mut run in runs {
        let mut said = String::new();
        run.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(run.wait().unwrap().success(), "{said}");
    }
    let reference = many();
    reference.run(&[&["render"][..], &MANY].concat()).expect(0, &[]);
    assert!(bytes(&project) == bytes(&reference), "{:?}", project.files("out"));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_run_and_leaves_nothing_half_written() {
    let hour = script("Rest.").replace("1s", "1h") + "[bed]\nsound = \"brown-noise\"\n";
    let project = Project::with_lines(&LINES).file("scripts/a.toml", &hour).file("scripts/b.toml", &hour);
    project.bytes("scripts/0.toml", script("Rest.").as_bytes());
    let mut child = spawn(&project, &["--rate", "48000", "--format", "flac"]);
    // The short track is done, so the long ones are on their way.
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert!(line.starts_with("out/0.flac: "), "{line}");
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    said.read_to_string(&mut line).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{line}");
    assert!(line.contains("Interrupted; nothing half-written was left."), "{line}");
    assert_eq!(project.files("out"), ["out/0.flac"], "{line}");
}
