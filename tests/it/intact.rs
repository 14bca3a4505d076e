//! A track that is called current is whole, and what somebody has changed stays as it is.

use std::fs;
use std::io::Write;
use std::process::Command;

use crate::harness::{Project, nidra};

const LINES: [&str; 2] = ["Rest.", "Breathe in."];

fn script(line: &str) -> String {
    format!(
        "title = \"A\"\n[[section]]\ntitle = \"A\"\nlength = \"3s\"\ncues = [ {{ say = \"{line}\" }}, {{ pause = \"flex\" }} ]\n"
    )
}

/// A track in each of the formats, with captions beside it.
fn rendered() -> Project {
    let project = Project::with_lines(&LINES).file("scripts/rest.toml", &script("Rest."));
    project.run(&render()).expect(0, &[]);
    project
}

fn render<'a>() -> Vec<&'a str> {
    vec!["render", "--rate", "48000", "--format", "wav,mp3,flac,opus", "--with", "vtt"]
}

fn with(more: &[&'static str]) -> Vec<&'static str> {
    [render(), more.to_vec()].concat()
}

fn change(project: &Project, path: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(project.path(path)).unwrap();
    change(&mut bytes);
    fs::write(project.path(path), bytes).unwrap();
}

/// What `verify` and `render` say of a track that was changed; the bytes are those of before once it is rendered again.
#[track_caller]
fn check_damage(ending: &str, damage: fn(&mut Vec<u8>), said: &str, again: &[&'static str]) {
    let project = rendered();
    let path = format!("out/rest.{ending}");
    let before = fs::read(project.path(&path)).unwrap();
    project.run(&["verify", &path]).expect(0, &[]);
    change(&project, &path, damage);
    let verified = project.run(&["verify", &path]).expect(1, &[]);
    let verified = String::from_utf8(verified.stdout).unwrap();
    assert!(verified.starts_with(&format!("{path}: damaged: {said}")), "{verified}");
    let run = project.run(&with(again)).expect(0, &[]);
    assert!(run.stderr.contains(&format!("{path}: 0:03")), "{}", run.stderr);
    assert!(fs::read(project.path(&path)).unwrap() == before, "{path} is not what it was");
    project.run(&["verify", &path]).expect(0, &[]);
}

#[test]
fn a_damaged_track_is_named_and_made_again() {
    for ending in ["mp3", "flac", "opus"] {
        check_damage(ending, |bytes| bytes.truncate(bytes.len() * 9 / 10), "it ends ", &[]);
        let zero = |bytes: &mut Vec<u8>| {
            let end = bytes.len();
            bytes[end - 400..].fill(0);
        };
        check_damage(ending, zero, "its sound is not what was written", &["--verify"]);
        check_damage(ending, |bytes| bytes.extend([1; 700]), "700 bytes behind its end", &[]);
    }
    check_damage(
        "wav",
        |bytes| bytes[5000..5100].fill(1),
        "its sound is not what was written",
        &["--verify"],
    );
    check_damage("wav", |bytes| bytes.extend([0]), "1 byte behind its end", &[]);
}

#[test]
fn a_file_that_is_whole_is_not_read_to_its_end_unless_that_is_asked_for() {
    let project = rendered();
    change(&project, "out/rest.mp3", |bytes| {
        let end = bytes.len();
        bytes[end - 400..].fill(0);
    });
    project.run(&render()).expect(0, &["4 tracks: 4 current."]);
    project.run(&with(&["--verify"])).expect(0, &["4 tracks: 1 rendered, 3 current."]);
}

/// Programs that change what a track says about itself, its path put behind.
const EDITORS: [(&str, &[&str]); 6] = [
    ("mp3", &["mid3v2", "-A", "Mine"]),
    ("mp3", &["eyeD3", "--quiet", "-A", "Mine"]),
    (
        "mp3",
        &[
            "python3",
            "-c",
            "import sys, mutagen.apev2 as a; t = a.APEv2(); t['Album'] = 'Mine'; t.save(sys.argv[1])",
        ],
    ),
    ("flac", &["metaflac", "--set-tag=ALBUM=Mine"]),
    ("flac", &["metaflac", "--dont-use-padding", "--set-tag=ALBUM=Mine"]),
    (
        "opus",
        &[
            "python3",
            "-c",
            "import sys, mutagen; t = mutagen.File(sys.argv[1]); t['ALBUM'] = 'Mine'; t.save()",
        ],
    ),
];

#[test]
fn a_track_that_another_program_edited_is_somebody_s_work() {
    for (ending, editor) in EDITORS {
        let project = rendered();
        let path = format!("out/rest.{ending}");
        let edited = Command::new(editor[0]).args(&editor[1..]).arg(project.path(&path)).output();
        let Ok(edited) = edited else {
            crate::judges::missing(editor[0]);
            continue;
        };
        if String::from_utf8_lossy(&edited.stderr).contains("No module named") {
            crate::judges::missing("mutagen");
            continue;
        }
        assert!(edited.status.success(), "{editor:?}: {}", String::from_utf8_lossy(&edited.stderr));
        let work = fs::read(project.path(&path)).unwrap();
        let verified = project.run(&["verify", &path]).expect(1, &[]);
        let verified = String::from_utf8(verified.stdout).unwrap();
        assert!(
            verified.contains("its sound is whole, its tags were changed by another program"),
            "{editor:?}: {verified}"
        );
        // Nothing would be other than it is, so nothing is an error.
        project.run(&render()).expect(0, &["4 tracks: 4 current.", &format!("left as it is: {path};")]);
        project.run(&with(&["--verify"])).expect(0, &["4 tracks: 4 current."]);
        project.bytes("scripts/rest.toml", script("Breathe in.").as_bytes());
        let said =
            format!("{path}' was changed by another program since nidra made it; `--force` replaces it");
        project.run(&render()).expect(1, &[&said, "4 tracks: 3 rendered, 1 failed."]);
        assert!(fs::read(project.path(&path)).unwrap() == work, "{path} was replaced");
        project.run(&with(&["--force"])).expect(0, &["4 tracks: 4 rendered."]);
        project.run(&["verify", &path]).expect(0, &[]);
    }
}

#[test]
fn a_track_that_was_edited_and_damaged_is_named_and_not_called_current() {
    let project = rendered();
    let path = "out/rest.mp3";
    change(&project, path, |bytes| {
        let album = bytes.windows(4).position(|window| window == b"TLAN").unwrap();
        bytes[album + 11..album + 14].copy_from_slice(b"deu");
        bytes.truncate(bytes.len() * 9 / 10);
    });
    let work = fs::read(project.path(path)).unwrap();
    let verified = String::from_utf8(project.run(&["verify", path]).expect(1, &[]).stdout).unwrap();
    assert!(verified.contains("early, and its tags were changed by another program"), "{verified}");
    assert!(verified.contains("`nidra render scripts/rest.toml --rate=48000"), "{verified}");
    let said = "was changed by another program since nidra made it; `--force` replaces it";
    project.run(&with(&["--verify"])).expect(1, &[said, "4 tracks: 3 current, 1 failed."]);
    assert!(fs::read(project.path(path)).unwrap() == work);
}

/// Programs that take the line of provenance out of a track with its other tags, and leave who encoded it.
const CLEARERS: [(&str, &[&str]); 3] = [
    ("mp3", &["mid3v2", "--delete-frames=TXXX"]),
    ("flac", &["metaflac", "--remove-all-tags", "--set-tag=TITLE=Mine"]),
    (
        "opus",
        &["python3", "-c", "import sys, mutagen; t = mutagen.File(sys.argv[1]); del t['nidra']; t.save()"],
    ),
];

#[test]
fn a_track_whose_tags_were_taken_away_is_somebody_s_work() {
    for (ending, editor) in CLEARERS {
        let project = rendered();
        let path = format!("out/rest.{ending}");
        let edited = Command::new(editor[0]).args(&editor[1..]).arg(project.path(&path)).output();
        if edited.is_err()
            || edited.is_ok_and(|run| String::from_utf8_lossy(&run.stderr).contains("No module"))
        {
            crate::judges::missing(editor[0]);
            continue;
        }
        let work = fs::read(project.path(&path)).unwrap();
        let said = format!("{path}' is there already and is not nidra's; `--force` replaces it");
        project.run(&render()).expect(1, &[&said, "4 tracks: 3 current, 1 failed."]);
        assert!(fs::read(project.path(&path)).unwrap() == work, "{path} was replaced");
    }
}

#[test]
fn a_file_beside_a_track_that_somebody_edited_is_theirs() {
    let project = rendered();
    change(&project, "out/rest.vtt", |bytes| bytes.extend(b"\nNOTE mine\n"));
    let work = fs::read(project.path("out/rest.vtt")).unwrap();
    project.run(&render()).expect(0, &["4 current", "left as it is: out/rest.vtt;"]);
    // Nor do they keep a damaged or a lost track from being made again.
    change(&project, "out/rest.flac", |bytes| bytes.truncate(bytes.len() / 2));
    fs::remove_file(project.path("out/rest.opus")).unwrap();
    project.run(&render()).expect(0, &["4 tracks: 2 rendered, 2 current.", "left as it is: out/rest.vtt;"]);
    assert!(fs::read(project.path("out/rest.vtt")).unwrap() == work);
    project.run(&render()).expect(0, &["4 current", "left as it is: out/rest.vtt;"]);
    project.bytes("scripts/rest.toml", script("Breathe in.").as_bytes());
    project.run(&render()).expect(1, &["out/rest.vtt' was changed by another program since nidra made it"]);
    assert!(fs::read(project.path("out/rest.vtt")).unwrap() == work);
    project.run(&with(&["--force"])).expect(0, &[]);
    assert!(fs::read_to_string(project.path("out/rest.vtt")).unwrap().contains("Breathe in."));
}

#[test]
fn two_files_of_a_run_are_never_one() {
    let check = |scripts: &[&str], arguments: &[&str], said: &str| {
        let project = Project::with_lines(&LINES);
        scripts
            .iter()
            .for_each(|name| project.bytes(&format!("scripts/{name}.toml"), script("Rest.").as_bytes()));
        let run = project.run(&[&["render", "--rate", "48000"], arguments].concat());
        assert_ne!(run.code, 0);
        assert!(run.stderr.contains(said), "{}", run.stderr);
        run.stderr
    };
    let one: &[&str] = &["rest"];
    check(
        one,
        &["-o", "a.txt", "--with", "txt", "--format", "mp3"],
        "'a.txt' would be both the mp3 of 'scripts/rest.toml' and the txt of",
    );
    check(one, &["-o", "a.jpg", "--with", "cover", "--format", "mp3"], "'a.jpg' would be both the mp3 of");
    check(one, &["-o", "A.VTT", "--with", "vtt", "--format", "mp3"], "would be both the mp3 of");
    check(
        one,
        &["-o", "playlist.m3u8", "--format", "mp3", "--playlist"],
        "'playlist.m3u8' would be both the mp3 of 'scripts/rest.toml' and the playlist",
    );
    check(
        &["Rest", "rest"],
        &[],
        "'out/rest.wav' would be both the wav of 'scripts/Rest.toml' and the wav of 'scripts/rest.toml'",
    );
    check(
        &["a.labels", "a"],
        &["--with", "labels,txt"],
        "'out/a.labels.txt' would be both the txt of 'scripts/a.labels.toml' and the labels of 'scripts/a.toml'",
    );
}

/// Runs `nidra` on something that must not be waited for.
#[cfg(unix)]
mod in_the_way {
    use super::*;
    use std::os::unix::fs::{FileTypeExt, symlink};

    fn pipe(project: &Project, path: &str) {
        let _ = fs::remove_file(project.path(path));
        assert!(Command::new("mkfifo").arg(project.path(path)).status().unwrap().success());
    }

    #[test]
    fn a_pipe_or_a_device_in_place_of_a_file_is_refused_at_once() {
        let project = Project::with_lines(&LINES).file("scripts/rest.toml", &script("Rest."));
        let command = ["render", "--rate", "48000", "--format", "mp3", "--with", "vtt", "--playlist"];
        project.run(&command).expect(0, &[]);
        for path in ["out/rest.vtt", "out/playlist.m3u8", "out/rest.mp3"] {
            let old = fs::read(project.path(path)).unwrap();
            for device in [false, true] {
                pipe(&project, path);
                if device {
                    fs::remove_file(project.path(path)).unwrap();
                    symlink("/dev/zero", project.path(path)).unwrap();
                }
                for force in [&[][..], &["--force"]] {
                    let run = project.run(&[&command, force].concat());
                    assert_eq!(run.code, 1, "{path}: {}", run.stderr);
                    assert!(run.stderr.contains("it is a pipe or a device"), "{path}: {}", run.stderr);
                }
                let kind = fs::symlink_metadata(project.path(path)).unwrap().file_type();
                assert!(kind.is_fifo() || kind.is_symlink(), "{path} was replaced");
                let verified = project.run(&["verify", path]).expect(1, &[]);
                assert!(
                    String::from_utf8(verified.stdout)
                        .unwrap()
                        .contains("could not be read: it is a pipe or a device")
                );
                fs::remove_file(project.path(path)).unwrap();
            }
            fs::write(project.path(path), old).unwrap();
        }
        project.run(&command).expect(0, &["current"]);
    }

    #[test]
    fn a_pipe_in_place_of_notes_or_settings_is_not_waited_for() {
        for path in [
            ".nidra/beside",
            ".nidra/manifest",
            ".nidra/measures",
            "nidra.toml",
            "sounds/voices/me/voice.toml",
            "sounds/voices/me/0.wav",
            "scripts/other.toml",
        ] {
            let project = Project::with_lines(&LINES).file("scripts/rest.toml", &script("Rest."));
            fs::create_dir_all(project.path(".nidra")).unwrap();
            pipe(&project, path);
            let notes = path.starts_with(".nidra") || path.starts_with("scripts");
            let run = project.run(&["render", "scripts/rest.toml", "--with", "vtt"]);
            assert_eq!(run.code == 0, notes, "{path}: {}", run.stderr);
        }
        let project = Project::with_lines(&LINES);
        project.bytes("scripts/rest.toml", format!("cover = \"cover.png\"\n{}", script("Rest.")).as_bytes());
        pipe(&project, "cover.png");
        project.run(&["render"]).expect(3, &["missing-cover"]);
    }

    #[test]
    fn a_pipe_called_scripts_is_not_waited_for() {
        let project = Project::with_lines(&LINES);
        fs::remove_dir_all(project.path("scripts")).ok();
        pipe(&project, "scripts");
        for command in ["check", "render", "feed"] {
            let run = project.run(&[command]);
            assert_ne!(run.code, 0, "{command}: {}", run.stderr);
        }
    }

    #[test]
    fn a_link_among_the_notes_is_not_followed() {
        let project = Project::with_lines(&LINES).file("scripts/rest.toml", &script("Rest."));
        fs::create_dir_all(project.path(".nidra")).unwrap();
        symlink(project.path("outside"), project.path(".nidra/.gitignore")).unwrap();
        project.run(&render()).expect(0, &["4 tracks: 4 rendered."]);
        assert!(!project.path("outside").exists());
    }

    #[test]
    fn a_folder_that_goes_away_fails_its_tracks_and_does_not_come_back() {
        let hour = script("Rest.").replace("3s", "10m") + "[bed]\nsound = \"brown-noise\"\n";
        let project = Project::with_lines(&LINES)
            .file("scripts/deep/rest.toml", &hour)
            .file("scripts/sit.toml", &script("Rest."));
        let mut child = nidra(&project.path(""));
        let child = child
            .args(["render", "--format", "flac", "--rate", "48000", "--with", "vtt", "--jobs", "1"])
            .stderr(std::process::Stdio::piped());
        let mut child = child.spawn().unwrap();
        let mut said = std::io::BufReader::new(child.stderr.take().unwrap());
        let mut text = String::new();
        // The short track is there, so the long one is on its way.
        std::io::BufRead::read_line(&mut said, &mut text).unwrap();
        assert!(text.starts_with("out/sit.flac"), "{text}");
        fs::remove_dir_all(project.path("out/deep")).unwrap();
        std::io::Read::read_to_string(&mut said, &mut text).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(1), "{text}");
        let errors: Vec<&str> = text.lines().filter(|line| line.starts_with("error:")).collect();
        assert_eq!(errors.len(), 1, "{text}");
        assert!(errors[0].contains("out/deep/rest."), "{text}");
        assert!(!project.path("out/deep").exists(), "{text}");
    }
}

/// An MP3 that says it was made of a script.
fn claims(project: &Project, path: &str, line: &str) {
    let encoded = [&[0][..], b"NIDRA\0", line.as_bytes()].concat();
    let frame = |id: &[u8], body: &[u8]| [id, &(body.len() as u32).to_be_bytes(), &[0, 0], body].concat();
    let frames = [frame(b"TSSE", b"\0nidra 0.1.0"), frame(b"TXXX", &encoded)].concat();
    let size = frames.len();
    let size = [size >> 21, size >> 14, size >> 7, size].map(|part| (part & 0x7f) as u8);
    let mut file = fs::File::create(project.path(path)).unwrap();
    file.write_all(&[&b"ID3\x03\0\0"[..], &size, &frames, &[0; 5000]].concat()).unwrap();
}

#[test]
fn a_stranger_s_track_names_no_file_outside_the_project() {
    let project = rendered();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", project.path("scripts/link.toml")).unwrap();
    let linked = if cfg!(unix) { "scripts/link.toml" } else { "../outside.toml" };
    for script in ["/etc/passwd", "../outside.toml", "/dev/zero", "scripts/../../outside.toml", linked] {
        let line = format!(
            "nidra 0.1.0 {{\"script\":\"{script}\",\"format\":\"mp3\",\"script_digest\":\"\",\"sounds_digest\":\"\",\"settings_digest\":\"\"}}"
        );
        claims(&project, "out/theirs.mp3", &line);
        let verified = project.run(&["verify", "out/theirs.mp3"]).expect(1, &[]);
        let verified = String::from_utf8(verified.stdout).unwrap();
        assert!(verified.contains("which is outside the project here."), "{verified}");
    }
}

#[test]
fn a_track_in_a_pipe_is_its_file() {
    let project = Project::with_lines(&LINES).file("scripts/rest.toml", &script("Rest."));
    project.run(&["render", "--rate", "48000", "--format", "wav,flac"]).expect(0, &[]);
    for ending in ["wav", "flac"] {
        let piped =
            project.run(&["render", "scripts/rest.toml", "-o", "-", "--rate", "48000", "--format", ending]);
        assert!(
            piped.expect(0, &[]).stdout == fs::read(project.path(&format!("out/rest.{ending}"))).unwrap()
        );
    }
}

/// A session that has one of everything a digest is made of.
const MANY: &str = r#"
title = "Many"
author = "A"
date = 2026-05-01
cover = "none"
loudness = "sleep"

[params.hold]
default = "10s"

[[edition]]
name = "long"
set = { hold = "12s" }

[bed]
sound = "brown-noise"

[[section]]
title = "A"
length = "{hold}"
cues = [
  { bell = "bowl", pitch = "220Hz", gain = "-6dB" },
  { say = "Rest." },
  { clip = "sounds/voices/me/0.wav" },
  { breathe = 1, in = "500ms", out = "1s", guide = "tone" },
  { pause = "flex" },
]
"#;

#[test]
fn digests_are_those_of_every_release() {
    let project = Project::with_lines(&LINES).file("scripts/many.toml", MANY);
    project.run(&["render", "--format", "mp3", "--bitrate", "96", "--rate", "48000"]).expect(0, &[]);
    let made = &project.run(&["verify", "--json", "out/many-long.mp3"]).json()[0]["made"];
    assert_eq!(made["engine"], 2);
    let digests =
        ["script_digest", "sounds_digest", "settings_digest"].map(|key| made[key].as_str().unwrap());
    // Whoever changes one of these has every track of every user rendered again. A change of the sound raises the
    // revision of the engine, and leaves these as they are.
    let expected = [
        "d9f54cbb46fe59d33255083997b27291",
        "d372275b678efaed038cfbe7b8cfc6e8",
        "f57bda4d2e3884b9a693474f5749993b",
    ];
    assert_eq!(digests, expected);
}
