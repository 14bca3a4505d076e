//! The command line: what comes out, what goes where, which exit code.

use std::fs;
use std::process::Stdio;

use crate::harness::{Project, nidra};

const REST: &str = r#"
title = "Rest"
[params.hold]
default = "2s"
max = "5s"
[[section]]
title = "Rest"
length = "{hold}"
cues = [ { say = "Rest." }, { pause = "flex" } ]
"#;

const TWO: &str = r#"
title = "Two"
[params.hold]
default = "2s"
[[edition]]
name = "Short"
set = { hold = "1s" }
[[edition]]
name = "long one"
set = { hold = "3s" }
[[section]]
title = "Rest"
length = "{hold}"
cues = [ { say = "Rest." }, { pause = "flex" } ]
"#;

fn project() -> Project {
    Project::with_lines(&["Rest.", "One."]).file("scripts/rest.toml", REST)
}

fn frames(project: &Project, path: &str) -> u32 {
    hound::WavReader::open(project.path(path)).unwrap().duration()
}

#[test]
fn render_without_a_script_renders_the_project() {
    let project = project().file("scripts/deep/two.toml", TWO);
    let run = project.run(&["render"]).expect(0, &["out/rest.wav: 0:02.000, 16000 frames;"]);
    assert!(run.stdout.is_empty());
    assert_eq!(project.files("out"), ["out/deep/two-long-one.wav", "out/deep/two-short.wav", "out/rest.wav"]);
    assert_eq!(frames(&project, "out/deep/two-short.wav"), 8000);
    assert_eq!(frames(&project, "out/deep/two-long-one.wav"), 24_000);
}

#[test]
fn flags_have_the_last_word() {
    let project = project();
    project
        .run(&[
            "render",
            "scripts/rest.toml",
            "--set",
            "hold=3s",
            "--rate",
            "16000",
            "--channels",
            "mono",
            "--bits",
            "24",
            "-o",
            "x.wav",
        ])
        .expect(0, &[]);
    let reader = hound::WavReader::open(project.path("x.wav")).unwrap();
    assert_eq!((reader.duration(), reader.spec().channels, reader.spec().bits_per_sample), (48_000, 1, 24));
    project.run(&["render", "--set", "hold=3s"]).expect(0, &["out/rest-hold-3s.wav"]);
    project
        .run(&["render", "--set", "hold=6s"])
        .expect(3, &["error[out-of-range]: `--set` makes `hold` 0:06.000"]);
    project.run(&["render", "--set", "hodl=6s"]).expect(3, &["did you mean `hold`?"]);
    project.run(&["render", "--set", "hold"]).expect(2, &["NAME=VALUE"]);
}

#[test]
fn an_edition_is_chosen_by_name() {
    let project = project().file("scripts/two.toml", TWO);
    project.run(&["render", "scripts/two.toml", "--edition", "Short", "-o", "tracks/"]).expect(0, &[]);
    assert_eq!(project.files("tracks"), ["tracks/two-short.wav"]);
    project
        .run(&["render", "scripts/two.toml", "--edition", "Shrot"])
        .expect(3, &["no edition named `Shrot`", "did you mean `Short`?"]);
}

#[test]
fn a_track_goes_to_a_pipe_with_a_true_header() {
    let project = project();
    let run = project.run(&["render", "scripts/rest.toml", "-o", "-"]).expect(0, &[]);
    project.run(&["render"]).expect(0, &[]);
    assert!(run.stdout == fs::read(project.path("out/rest.wav")).unwrap());
    // From stdin it is the same sound, and the track says that it has no script.
    let piped = project.run_with_input(&["render", "-", "-o", "-"], REST).expect(0, &[]);
    let sound = |track: &[u8]| track[44..44 + 2 * 2 * 16_000].to_vec();
    assert!(sound(&piped.stdout) == sound(&run.stdout));
    let project = project.file("scripts/two.toml", TWO);
    project
        .run(&["render", "scripts/two.toml", "-o", "-"])
        .expect(2, &["stdout has room for one track", "`--edition Short`"]);
}

#[test]
fn a_failing_script_does_not_stop_the_others() {
    let project = project().file("scripts/bad.toml", "title = 5").file("scripts/zz.toml", REST);
    project.run(&["render"]).expect(3, &["scripts/bad.toml:1:9", "1 of 3 scripts failed: scripts/bad.toml."]);
    assert_eq!(project.files("out"), ["out/rest.wav", "out/zz.wav"]);
}

#[test]
fn a_voice_that_is_not_there_is_one_mistake_however_many_lines_it_has() {
    let misspelt = |voices: &str| project().file("scripts/rest.toml", &format!("voice = {voices}\n{REST}"));
    for voices in ["\"mee\"", "[\"me\", \"mee\"]", "[\"mee\", \"me\"]"] {
        let script = misspelt(voices).file("sounds/voices/me/voice.toml", "");
        let run = script.run(&["check"]).expect(4, &["no voice named `mee`", "did you mean `me`?"]);
        assert_eq!(run.stderr.matches("error[").count(), 1, "{}", run.stderr);
    }
}

#[test]
fn only_our_own_tracks_are_replaced() {
    let project = project().file("out/rest.wav", "somebody else's");
    project.run(&["render"]).expect(1, &["'", "rest.wav' is there already and is not nidra's", "--force"]);
    assert_eq!(fs::read(project.path("out/rest.wav")).unwrap(), b"somebody else's");
    project.run(&["render", "--force"]).expect(0, &[]);
    project.run(&["render"]).expect(0, &[]);
    assert_eq!(project.files("out"), ["out/rest.wav"]);
}

#[test]
fn two_scripts_cannot_be_one_track() {
    let project = project();
    project.run(&["render", "scripts/rest.toml", "scripts/rest.toml", "scripts"]).expect(0, &[]);
    // A FAT stick does not tell them apart.
    let project = project.file("scripts/Rést.toml", REST);
    let both =
        "'out/rest.wav' would be both the wav of 'scripts/Rést.toml' and the wav of 'scripts/rest.toml'";
    project.run(&["render"]).expect(1, &[both]);
    assert_eq!(project.files("out"), ["out/rest.wav"]);
}

#[test]
fn wrong_usage_is_told_and_exits_with_two() {
    let project = project();
    project.run(&[]).expect(2, &["Usage: nidra"]);
    project.run(&["rendr"]).expect(2, &["render"]);
    project.run(&["render", "--bits", "12"]).expect(2, &["possible values: 16, 24, 32f"]);
    project.run(&["render", "--rate", "1"]).expect(2, &["8000"]);
    project.run(&["render", "--jobs", "0"]).expect(2, &["--jobs"]);
    project.run(&["render", "--format", "ogg"]).expect(2, &["wav"]);
    project.run(&["render", "-o", "a.m4a"]).expect(2, &["nidra writes wav, mp3, flac and opus, and no m4a"]);
    project.run(&["render", "none.toml"]).expect(2, &["there is no script or folder 'none.toml'\n"]);
    for typed in ["scripts/rets.toml", "rest.toml", "rest", "Rest"] {
        project.run(&["check", typed]).expect(2, &["; did you mean 'scripts/rest.toml'?"]);
    }
    let project = project.file("notes/a.txt", "no script");
    project.run(&["check", "notes"]).expect(2, &["there is no script (*.toml) in 'notes'"]);
    project.run(&["show"]).expect(2, &["<SCRIPT>"]);
    let empty = Project::with_lines(&[]);
    empty.run(&["render"]).expect(2, &["nidra init"]);
}

#[test]
fn what_is_missing_has_its_own_exit_code() {
    let say = |line: &str| {
        format!("title = \"t\"\n[[section]]\ntitle = \"s\"\ncues = [ {{ say = \"{line}\" }} ]\n")
    };
    let project = project().file("scripts/rest.toml", &say("Nobody said this."));
    project
        .run(&["render"])
        .expect(4, &["error[missing-line]: no voice has the line \"Nobody said this.\"", "voice.toml"]);
    let project = project.file("nidra.toml", "voice = \"you\"\n");
    project.run(&["check"]).expect(4, &["nidra.toml:1:9", "no voice named `you`"]);
    let project = project.file("nidra.toml", "voice = \"me\"\nvioce = 5\n");
    project.run(&["check"]).expect(3, &["unknown key `vioce`", "did you mean `voice`?"]);
}

#[test]
fn warnings_can_be_denied() {
    let project = project()
        .file("scripts/rest.toml", &REST.replace("[[section]]", "[params.other]\ndefault = 1\n[[section]]"));
    project.run(&["render"]).expect(0, &["warning[unused-param]", "1 warning."]);
    project.run(&["render", "--deny", "warnings"]).expect(3, &["error[unused-param]"]);
}

#[test]
fn check_prints_how_the_words_fit() {
    let run = project().run(&["check"]).expect(0, &[]);
    let report = String::from_utf8(run.stdout).unwrap();
    for part in
        ["wpm", "Rest.", "Practice clock: 0:02.000 (16000 frames).", "File: 0:02.000", "600 words a minute"]
    {
        assert!(report.contains(part), "`{part}` is not in:\n{report}");
    }
    let checked = project().run(&["check", "--json"]).expect(0, &[]).json();
    assert_eq!(checked[0]["tracks"][0]["cues"][0]["speech_frames"], 800);
    assert_eq!(checked[0]["tracks"][0]["cues"][0]["slack_frames"], 15_200);
    let broken =
        project().file("scripts/rest.toml", "title = 5").run(&["check", "--json"]).expect(3, &[]).json();
    let diagnostics = broken[0]["findings"].as_array().unwrap();
    let wrong = diagnostics.iter().find(|diagnostic| diagnostic["id"] == "wrong-type").unwrap();
    assert_eq!((&wrong["line"], &wrong["column"]), (&1.into(), &9.into()));
}

#[test]
fn show_says_what_the_file_will_be() {
    let project = project();
    let sheet = project.run(&["show", "scripts/rest.toml", "--format", "json"]).expect(0, &[]).json();
    project.run(&["render"]).expect(0, &[]);
    assert_eq!(sheet["length_frames"], frames(&project, "out/rest.wav"));
    assert_eq!(sheet["counted_frames"], 16_000);
    assert_eq!(sheet["cues"][0]["at_frame"], 0);
    assert_eq!(sheet["chapters"][0]["title"], "Rest");
    let text = String::from_utf8(project.run(&["show", "scripts/rest.toml"]).stdout).unwrap();
    assert!(text.contains("Rest: 0:02.000") && text.contains("0:00.000  Rest."), "{text}");
}

#[test]
fn breath_tones_fit_at_rates_that_milliseconds_do_not_divide() {
    let breathe = "title = \"t\"\n[[section]]\ntitle = \"s\"\ncues = [ { breathe = 40, in = \"333ms\", out = \"1001ms\", guide = \"tone\" } ]\n";
    let project = project().file("scripts/rest.toml", breathe);
    for (rate, frames) in [("11025", 588_294), ("22050", 1_176_588), ("44100", 2_353_176)] {
        let sheet = project
            .run(&["show", "scripts/rest.toml", "--rate", rate, "--format", "json"])
            .expect(0, &[])
            .json();
        assert_eq!(sheet["counted_frames"], frames);
    }
}

#[test]
fn includes_stay_in_the_project() {
    let include = |path: &str| {
        format!(
            "title = \"t\"\n[[section]]\ntitle = \"s\"\ncues = [ {{ include = \"{path}\" }}, {{ say = \"Rest.\" }} ]\n"
        )
    };
    let project = project()
        .file("scripts/rest.toml", &include("common/one.toml"))
        .file("common/one.toml", "cues = [ { say = \"One.\" } ]");
    project.run(&["render"]).expect(0, &["out/rest.wav: 0:00.180"]);
    for path in ["../one.toml", "common/../../one.toml", "/etc/hostname", "common"] {
        let project = Project::with_lines(&["Rest."]).file("scripts/rest.toml", &include(path));
        project.run(&["render"]).expect(3, &["error[unreadable-include]", path]);
    }
}

#[test]
fn a_new_project_renders_at_once() {
    let empty = Project::with_lines(&[]);
    empty.run(&["init", "sit"]).expect(0, &["nidra render"]);
    let run = nidra(&empty.path("sit")).args(["render", "--rate", "8000"]).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(empty.path("sit/out/first-sit.wav").exists());
    let run = nidra(&empty.path("sit")).args(["new", "evening-rest"]).output().unwrap();
    assert!(run.status.success());
    let run = nidra(&empty.path("sit")).args(["check", "--deny", "warnings"]).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let before = empty.files("sit");
    empty.run(&["init", "sit"]).expect(1, &["is there already; nothing was changed"]);
    assert_eq!(empty.files("sit"), before);
}

#[test]
fn the_same_script_gives_the_same_bytes_from_anywhere_with_any_threads() {
    let project = project().file("scripts/bells.toml", r#"
title = "Bells"
[bed]
sound = "rain"
fade_in = "1s"
[[section]]
title = "Bells"
cues = [ { bell = "bowl", strikes = 3, every = "1s" }, { say = "One." }, { bell = "tingsha", fade_out = "2s" } ]
"#);
    let render = |arguments: &[&str]| {
        project
            .run(&[&["render", "scripts/bells.toml", "--force", "-o", "x.wav"], arguments].concat())
            .expect(0, &[]);
        fs::read(project.path("x.wav")).unwrap()
    };
    let one = render(&["--jobs", "1"]);
    assert!(one == render(&["--jobs", "2"]));
    assert!(one == render(&[]));
    let elsewhere =
        nidra(&project.path("sounds")).args(["render", "../scripts/bells.toml", "-o", "-"]).output().unwrap();
    assert!(one == elsewhere.stdout);
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_track() {
    let project = project();
    project.run(&["render"]).expect(0, &[]);
    let old = fs::read(project.path("out/rest.wav")).unwrap();
    // A file may be 8 KiB at most; with the signal ignored that is an error, as a full disk is.
    let limited = format!(
        "trap '' XFSZ; ulimit -f 16; exec '{}' render --set hold=4s -o out/rest.wav",
        env!("CARGO_BIN_EXE_nidra")
    );
    let run = std::process::Command::new("sh")
        .args(["-c", &limited])
        .current_dir(project.path(""))
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1));
    let stderr = String::from_utf8(run.stderr).unwrap();
    assert!(stderr.contains("error: could not write 'out/rest.wav': file too large"), "{stderr}");
    assert!(old == fs::read(project.path("out/rest.wav")).unwrap());
    assert_eq!(project.files("out"), ["out/rest.wav"]);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_nothing_half_written() {
    let long = "title = \"t\"\n[bed]\nsound = \"rain\"\n[[section]]\ntitle = \"s\"\ncues = [ { pause = \"23h\" } ]\n";
    let project = project().file("scripts/rest.toml", long);
    let mut child = nidra(&project.path("")).arg("render").stderr(Stdio::piped()).spawn().unwrap();
    // The temporary file says that the rendering has begun.
    while !project.files("out").iter().any(|name| name.contains(".nidra-")) {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it began");
        std::thread::yield_now();
    }
    let interrupt =
        std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(project.files("out").is_empty());
}

#[test]
fn a_reader_that_has_enough_is_no_failure() {
    let project = project();
    for arguments in [
        &["show", "scripts/rest.toml"][..],
        &["show", "scripts/rest.toml", "--format", "json"],
        &["check", "--json"],
        &["render", "--json"],
        &["render", "-o", "-"],
        &["completions", "bash"],
    ] {
        let mut child = nidra(&project.path("")).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn a_file_that_is_not_utf8_is_one_finding_and_no_track() {
    let project = project();
    project.bytes(
        "scripts/rest.toml",
        &REST.as_bytes().iter().map(|b| b | (u8::from(*b == b'R') << 7)).collect::<Vec<_>>(),
    );
    project.run(&["render"]).expect(3, &["error[not-utf8]", "scripts/rest.toml:2:10", "rest.toml: 1 error."]);
    project.bytes("scripts/rest.toml", REST.as_bytes());
    project.bytes("nidra.toml", b"author = \"Ren\xe9\"\nvoice = \"me\"\n");
    project.run(&["render"]).expect(3, &["error[not-utf8]", "nidra.toml:1:14"]);
    assert!(project.files("out").is_empty());
}

#[test]
fn a_project_file_that_cannot_be_read_is_not_passed_over() {
    let project = project();
    fs::remove_file(project.path("nidra.toml")).unwrap();
    fs::create_dir(project.path("nidra.toml")).unwrap();
    project.run(&["render"]).expect(3, &["error[unreadable-project]: could not read `nidra.toml`"]);
}

#[test]
fn an_edition_that_is_not_there_points_into_the_script() {
    let project = project().file("scripts/two.toml", TWO);
    project.run(&["render", "scripts/rest.toml", "--edition", "5m"]).expect(
        3,
        &[
            "error[unknown-edition]: no edition named `5m`",
            "--> scripts/rest.toml:1:1",
            "this script has no editions",
        ],
    );
    project
        .run(&["render", "scripts/two.toml", "--edition", "Shrot"])
        .expect(3, &["--> scripts/two.toml:6:8", "did you mean `Short`?"]);
    let broken = project.file("scripts/broken.toml", "title = ");
    let run = broken.run(&["render", "scripts/broken.toml", "--edition", "5m"]).expect(3, &["error[syntax]"]);
    assert!(!run.stderr.contains("unknown-edition"), "{}", run.stderr);
}

#[test]
fn bits_may_be_written_as_a_number() {
    let depth = |bits: &str| {
        let project = project().file("nidra.toml", &format!("voice = \"me\"\nrate = 8000\nbits = {bits}\n"));
        project.run(&["render"]).expect(0, &[]);
        hound::WavReader::open(project.path("out/rest.wav")).unwrap().spec().bits_per_sample
    };
    assert_eq!([depth("24"), depth("\"24\""), depth("\"32f\""), depth("16")], [24, 24, 32, 16]);
    let project = project().file("nidra.toml", "voice = \"me\"\nbits = 12\n");
    project.run(&["render"]).expect(3, &["error[unknown-name]: unknown bit depth `12`", "nidra.toml:2:8"]);
}

#[test]
fn only_a_sound_that_could_startle_is_warned_of() {
    let check = |gain: &str| {
        let cues = format!(
            r#"{{ say = "Rest." }}, {{ pause = "40s" }}, {{ say = "One." }}, {{ pause = "40s" }}, {{ bell = "handbell", gain = "{gain}" }}"#
        );
        let script = format!("title = \"Rest\"\n[[section]]\ntitle = \"A\"\ncues = [ {cues} ]\n");
        let project = project().file("scripts/rest.toml", &script);
        let run = project.run(&["render"]).expect(0, &["out/rest.wav"]);
        run.stderr.contains("could startle")
    };
    assert!(!check("0dB"));
    assert!(check("14dB"));
}
