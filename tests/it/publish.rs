//! Tracks as they are uploaded: every format, its loudness, what lies beside it, and what made it.

use std::fs;
use std::process::Command;

use crate::harness::Project;

const REST: &str = r#"
title = "Rest – über"
author = "A teacher"
album = "Evenings"
genre = "Yoga"
date = "2026-05-01"
description = "A short rest."
lead_in = "500ms"

[[section]]
title = "Arrive"
cues = [ { say = "Rest." }, { pause = "1s" } ]

[[section]]
title = "Stay"
cues = [ { bell = "tingsha", gain = "-3dB", ring = "2s" }, { say = "One." }, { pause = "300ms" } ]
"#;

const FORMATS: [&str; 4] = ["wav", "mp3", "flac", "opus"];

fn project() -> Project {
    Project::with_lines(&["Rest.", "One."]).file("scripts/rest.toml", REST)
}

/// What a program prints about a file, or `None` (and a line that says so) where it is not installed.
fn judge(project: &Project, program: &str, arguments: &[&str], file: &str) -> Option<Vec<u8>> {
    match Command::new(program).args(arguments).arg(project.path(file)).output() {
        Ok(output) => Some([output.stdout, output.stderr].concat()),
        Err(_) => {
            crate::judges::missing(program);
            None
        }
    }
}

fn render_all(project: &Project, more: &[&str]) -> serde_json::Value {
    let arguments = ["render", "--rate", "48000", "--format", "wav,mp3,flac,opus", "--json"];
    project.run(&[&arguments, more].concat()).expect(0, &[]).json()
}

#[test]
fn every_format_has_the_frames_the_chapters_and_the_tags_of_the_timeline() {
    let project = project();
    let made = render_all(&project, &[]);
    for (index, format) in FORMATS.into_iter().enumerate() {
        let file = format!("out/rest.{format}");
        let track = &made["tracks"][index];
        assert_eq!((track["track"].as_str(), track["format"].as_str()), (Some(file.as_str()), Some(format)));
        let frames = track["length_frames"].as_u64().unwrap();
        let path = project.path(&file);
        let decode = ["-v", "error", "-f", "f32le", "-ac", "1", "-", "-i"];
        let decoded =
            Command::new("ffmpeg").args(["-v", "error", "-i"]).arg(&path).args(&decode[2..7]).output();
        match decoded {
            Ok(output) => assert_eq!(output.stdout.len() as u64, frames * 4, "{format}"),
            Err(_) => crate::judges::missing("ffmpeg"),
        }
        let show = ["-v", "error", "-show_chapters", "-show_format", "-show_streams", "-of", "json"];
        let Some(shown) = judge(&project, "ffprobe", &show, &file) else { continue };
        let shown: serde_json::Value = serde_json::from_slice(&shown).unwrap();
        let titles: Vec<&str> = shown["chapters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["tags"]["title"].as_str().unwrap())
            .collect();
        assert_eq!(titles, ["Arrive", "Stay"], "{format}");
        let text = shown.to_string();
        for tag in ["Rest – über", "A teacher", "Evenings", "Yoga", "2026", "A short rest."] {
            assert!(text.contains(tag), "{format} does not say {tag}: {text}");
        }
    }
}

#[test]
fn the_same_bytes_come_out_whatever_the_threads() {
    let project = project();
    let tracks = |jobs: &str| {
        render_all(&project, &["--jobs", jobs, "--with", "all"]);
        let files = project.files("out");
        assert_eq!(files.len(), 4 + 11, "{files:?}");
        files.into_iter().map(|file| fs::read(project.path(&file)).unwrap()).collect::<Vec<_>>()
    };
    assert!(tracks("1") == tracks("2"));
}

#[test]
fn the_ending_of_a_file_is_its_format() {
    let project = project();
    project.run(&["render", "scripts/rest.toml", "--rate", "48000", "-o", "a.flac"]).expect(0, &["a.flac"]);
    assert_eq!(fs::read(project.path("a.flac")).unwrap()[..4], *b"fLaC");
    project
        .run(&["render", "scripts/rest.toml", "--format", "mp3", "-o", "a.wav"])
        .expect(2, &["`--format mp3` and a file that ends in .wav"]);
    project
        .run(&["render", "scripts/rest.toml", "-o", "a.mp3"])
        .expect(1, &["MP3 holds 32, 44.1 or 48 kHz, not 8000 Hz; write `--rate 48000`"]);
    assert_eq!(project.files("").iter().filter(|file| file.starts_with("a.")).count(), 1);
    project.run(&["render", "--format", "mp4"]).expect(2, &["invalid value 'mp4'"]);
    project.run(&["render", "--bitrate", "48"]).expect(2, &["write one of: 64, 80"]);
}

#[test]
fn a_compressed_track_goes_to_a_pipe_when_it_is_whole() {
    let project = project();
    render_all(&project, &[]);
    for format in FORMATS {
        let run = ["render", "scripts/rest.toml", "--rate", "48000", "--format", format, "-o", "-"];
        let piped = project.run(&run).expect(0, &[]).stdout;
        assert!(piped == fs::read(project.path(&format!("out/rest.{format}"))).unwrap(), "{format}");
    }
}

#[test]
fn loudness_is_the_flag_s_then_the_script_s_then_the_project_s() {
    let check = |nidra_toml: &str, script: &str, flags: &[&str], voice: f64, peak_under: f64| {
        let project = project()
            .file("nidra.toml", &format!("voice = \"me\"\nrate = 8000\n{nidra_toml}"))
            .file("scripts/rest.toml", &format!("{script}\n{REST}"));
        let made = project.run(&[&["render", "--json"], flags].concat()).expect(0, &[]).json();
        assert_eq!(made["tracks"][0]["voice_lufs"].as_f64(), Some(voice), "{made}");
        assert!(made["tracks"][0]["true_peak_dbtp"].as_f64().unwrap() <= peak_under, "{made}");
    };
    check("", "", &[], -16.0, -1.5);
    check("loudness = \"archive\"", "", &[], -23.0, -1.0);
    check("loudness = \"archive\"", "loudness = \"sleep\"", &[], -18.0, -1.5);
    check("loudness = \"archive\"", "loudness = \"sleep\"", &["--loudness", "phone"], -14.0, -1.5);
    check("", "loudness = { target = \"-12LUFS\", ceiling = \"-9dBTP\" }", &[], -12.0, -9.0);
    check("", "", &["--loudness=-20LUFS", "--channels", "mono", "--ceiling=-3dBTP"], -20.0, -3.0);
    check("channels = \"mono\"", "", &[], -19.0, -1.5);
}

#[test]
fn a_wrong_loudness_is_a_diagnostic() {
    let project = project().file("scripts/rest.toml", &format!("loudness = \"podcst\"\ntrack = 0\n{REST}"));
    project
        .run(&["render"])
        .expect(3, &["`podcst` is no loudness", "did you mean `podcast`?", "`track` is 0"]);
    project.run(&["render", "--loudness", "-16"]).expect(2, &["write \"-16LUFS\""]);
}

#[test]
fn a_track_knows_what_made_it_and_whether_that_has_changed() {
    let project = project();
    let tracks: Vec<String> = FORMATS.iter().map(|format| format!("out/rest.{format}")).collect();
    let check = |code: i32, says: &str| {
        let arguments: Vec<&str> = ["verify"].into_iter().chain(tracks.iter().map(String::as_str)).collect();
        let run = project.run(&arguments).expect(code, &[]);
        let text = String::from_utf8(run.stdout).unwrap();
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(text.lines().all(|line| line.contains(says)), "{text}");
    };
    let version = env!("CARGO_PKG_VERSION");
    let made = format!("made by nidra {version} from scripts/rest.toml, with --rate=48000");
    render_all(&project, &[]);
    check(0, &format!("{made}; current."));
    let clip = project.path("sounds/voices/me/0.wav");
    let sound = fs::read(&clip).unwrap();
    project.bytes("sounds/voices/me/0.wav", &fs::read(project.path("sounds/voices/me/1.wav")).unwrap());
    check(1, "; not current, because of changed sounds.");
    project.bytes("sounds/voices/me/0.wav", &sound);
    check(0, "; current.");
    project.bytes("nidra.toml", b"voice = \"me\"\nrate = 8000\nauthor = \"x\"\nloudness = \"sleep\"\n");
    check(1, "; not current, because of changed settings.");
    project.bytes("nidra.toml", b"voice = \"me\"\nrate = 8000\n");
    project.bytes("scripts/rest.toml", REST.replace("300ms", "400ms").as_bytes());
    check(1, "; not current, because of a changed script.");
    project.bytes("scripts/rest.toml", b"title = 5");
    check(1, "which has mistakes now");
    fs::remove_file(project.path("scripts/rest.toml")).unwrap();
    check(1, "which is not here any more");
}

#[test]
fn a_foreign_file_made_nothing_and_says_so() {
    let project = project();
    let run = project.run(&["verify", "nidra.toml", "gone.wav", "--json"]).expect(1, &[]).json();
    assert_eq!((&run[0]["verdict"], &run[1]["verdict"]), (&"foreign".into(), &"unreadable".into()), "{run}");
}

#[test]
fn what_lies_beside_a_track_is_replaced_only_if_it_came_with_it() {
    let project = project();
    project.bytes("out/rest.txt", b"my own notes");
    project.run(&["render", "--with", "txt,vtt"]).expect(1, &["'", "out/rest.txt' is there already"]);
    assert_eq!(project.files("out"), ["out/rest.txt"]);
    project.run(&["render", "--with", "txt,vtt", "--force"]).expect(0, &["Beside it: "]);
    assert_eq!(project.files("out"), ["out/rest.txt", "out/rest.vtt", "out/rest.wav"]);
    // From now on the track says what is in them.
    project.bytes("out/rest.vtt", b"edited");
    project.run(&["render", "--with", "txt,vtt"]).expect(0, &["left as it is: out/rest.vtt"]);
    assert!(fs::read(project.path("out/rest.vtt")).unwrap() == b"edited");
    project.bytes("out/rest.srt", b"not ours");
    project.run(&["render", "--with", "srt"]).expect(1, &["out/rest.srt' is there already"]);
    project.run(&["render", "-o", "-", "--with", "srt"]).expect(2, &["there is no beside"]);
}

#[test]
fn a_cover_of_the_project_is_looked_at_first() {
    let script = |cover: &str| REST.replace("genre", &format!("cover = \"{cover}\"\ngenre"));
    let project = project();
    let check = |cover: &str, code: i32, says: &[&str]| {
        project.bytes("scripts/rest.toml", script(cover).as_bytes());
        project.run(&["render", "--with", "cover"]).expect(code, says);
    };
    check("covers/gone.jpg", 3, &["scripts/rest.toml:5:9", "could not read the cover `covers/gone.jpg`"]);
    check("nidra.toml", 3, &["the cover is neither a JPEG nor a PNG"]);
    check("none", 0, &[]);
    assert_eq!(project.files("out"), ["out/rest.wav"]);
    project.bytes("scripts/rest.toml", REST.as_bytes());
    project.run(&["render", "--with", "cover"]).expect(0, &["Beside it: ", "rest.jpg"]);
    fs::copy(project.path("out/rest.jpg"), project.path("my.jpg")).unwrap();
    check("my.jpg", 0, &[]);
    assert!(fs::read(project.path("my.jpg")).unwrap() == fs::read(project.path("out/rest.jpg")).unwrap());
}

#[test]
fn a_project_says_in_which_formats_and_with_what_beside_them() {
    let nidra_toml = |more: &str| format!("voice = \"me\"\nrate = 48000\n{more}\n");
    let project =
        project().file("nidra.toml", &nidra_toml("formats = [\"flac\", \"mp3\"]\nwith = \"lrc\"\nvbr = 5"));
    project.run(&["render"]).expect(0, &[]);
    assert_eq!(project.files("out"), ["out/rest.flac", "out/rest.lrc", "out/rest.mp3"]);
    // What is typed wins.
    project.run(&["render", "--format", "wav", "--with", "srt", "-o", "typed/"]).expect(0, &[]);
    assert_eq!(project.files("typed"), ["typed/rest.srt", "typed/rest.wav"]);
    let check = |more: &str, says: &[&str]| {
        project.bytes("nidra.toml", nidra_toml(more).as_bytes());
        project.run(&["render"]).expect(3, says);
    };
    check("formats = [\"mp4\"]", &["nidra.toml:3:12", "unknown format `mp4`", "did you mean `mp3`?"]);
    check("with = [\"vvt\"]", &["unknown sidecar `vvt`", "did you mean `vtt`?"]);
    check("bitrate = 100", &["MP3 has no 100 kilobits a second", "write one of: 64, 80"]);
    check("vbr = 10", &["`vbr` is 10, and goes from 0 (best) to 9 (smallest)"]);
    check("loudness = 16", &["`loudness` must be a string or a table"]);
}
