//! Mistakes of a voice or of the project: told first, where they are, and once. What follows from them is not told.

use std::fs;

use crate::harness::Project;

const SCRIPT: &str = "title = \"t\"\n[[section]]\ntitle = \"s\"\ncues = [\n\
                      { say = \"Rest.\" },\n{ say = \"Other.\" },\n{ say = \"Rest.\" },\n]\n";

/// A project that says "Rest." and "Other.", and has recordings of both.
fn project(voice: &str) -> Project {
    Project::with_lines(&["Rest.", "Other."])
        .file("sounds/voices/me/voice.toml", voice)
        .file("scripts/a.toml", SCRIPT)
        .file("scripts/b.toml", SCRIPT)
}

const REST: &str = "[[clip]]\ntext = \"Rest.\"\nfile = \"0.wav\"\n";
const OTHER: &str = "[[clip]]\ntext = \"Other.\"\nfile = \"1.wav\"\n";

/// Both scripts have these diagnostics, in this order, and typing the edits of one mends it.
#[track_caller]
fn check(project: Project, expected: &[&str]) {
    let diagnostics = |project: &Project| {
        let run = project.run(&["check", "--json"]).json();
        let scripts: Vec<_> = run
            .as_array()
            .unwrap()
            .iter()
            .map(|script| script["findings"].as_array().unwrap().clone())
            .collect();
        scripts
    };
    let shown = |diagnostic: &serde_json::Value| {
        let text = |key: &str| diagnostic[key].as_str().unwrap().to_owned();
        format!("{}:{} {}: {}", text("file"), diagnostic["line"], text("id"), text("message"))
    };
    let scripts = diagnostics(&project);
    for (number, script) in scripts.iter().enumerate() {
        let script_name = ["scripts/a.toml", "scripts/b.toml"][number];
        let expected: Vec<String> = expected.iter().map(|line| line.replace("SCRIPT", script_name)).collect();
        assert_eq!(script.iter().map(shown).collect::<Vec<_>>(), expected);
    }
    for diagnostic in &scripts[0] {
        for edits in diagnostic["edits"].as_array().unwrap().iter().map(|edits| edits.as_array().unwrap()) {
            let Some(first) = edits.first() else { continue };
            let path = project.path(first["file"].as_str().unwrap());
            let before = fs::read_to_string(&path).unwrap();
            let mut after = before.clone();
            for edit in edits.iter().rev() {
                let at = |key: &str| edit[key].as_u64().unwrap() as usize;
                after.replace_range(at("start")..at("end"), edit["text"].as_str().unwrap());
            }
            fs::write(&path, &after).unwrap();
            let now = diagnostics(&project)[0].clone();
            assert!(now.iter().all(|other| shown(other) != shown(diagnostic)), "{after}\n{now:#?}");
            fs::write(&path, before).unwrap();
        }
    }
}

#[test]
fn a_mistyped_key_of_a_clip_is_the_one_mistake_of_its_line() {
    let voice = format!("[[clip]]\ntext = \"Rest.\"\nfiel = \"0.wav\"\n{OTHER}");
    check(project(&voice), &["sounds/voices/me/voice.toml:3 unknown-key: unknown key `fiel` in a clip"]);
    let voice = format!("[[clip]]\ntxet = \"Rest.\"\nfile = \"0.wav\"\n{OTHER}");
    check(project(&voice), &["sounds/voices/me/voice.toml:2 unknown-key: unknown key `txet` in a clip"]);
    let voice =
        "[[clpi]]\ntext = \"Rest.\"\nfile = \"0.wav\"\n[[clpi]]\ntext = \"Other.\"\nfile = \"1.wav\"\n";
    check(project(voice), &["sounds/voices/me/voice.toml:1 unknown-key: unknown key `clpi` in a voice"]);
}

#[test]
fn mistakes_of_a_voice_come_first_and_what_does_not_follow_from_them_is_told() {
    check(
        project("[[clip]]\ntext = \"Rest.\"\nfile = 5\n"),
        &[
            "sounds/voices/me/voice.toml:3 wrong-type: `file` must be a string, not a whole number",
            "SCRIPT:6 missing-line: no voice has the line \"Other.\"",
        ],
    );
}

#[test]
fn what_hides_lines_of_a_voice_is_the_one_mistake() {
    let voice = format!("{REST}[[clip]]\ntext = 5\nfile = \"1.wav\"\n");
    check(
        project(&voice),
        &["sounds/voices/me/voice.toml:5 wrong-type: `text` must be a string, not a whole number"],
    );
    let voice = format!("{REST}[[clip]\ntext = \"Other.\"\nfile = \"1.wav\"\n");
    let run = project(&voice).run(&["check"]).expect(3, &["voice.toml:4", "error[syntax]"]);
    assert!(!run.stderr.contains("missing-line"), "{}", run.stderr);
}

#[test]
fn a_file_that_is_not_there_is_told_where_the_voice_names_it() {
    let voice = format!("{OTHER}[[clip]]\ntext = \"Rest.\"\nfile = \"2.wav\"\n");
    check(
        project(&voice),
        &["sounds/voices/me/voice.toml:6 missing-sound: there is no file `sounds/voices/me/2.wav`"],
    );
    let voice = format!("{OTHER}[[clip]]\ntext = \"Rest.\"\nfile = \"../../../../0.wav\"\n");
    check(
        project(&voice),
        &[
            "sounds/voices/me/voice.toml:6 outside-project: `sounds/voices/me/../../../../0.wav` is outside the project",
        ],
    );
    let voice = format!("{OTHER}[[clip]]\ntext = \"Rest.\"\nfile = \"voice.toml\"\n");
    let run = project(&voice).run(&["check"]).expect(4, &["voice.toml:6:8", "error[unreadable-sound]"]);
    assert_eq!(run.stderr.matches("error[").count(), 1, "{}", run.stderr);
}

#[test]
fn a_line_that_a_voice_has_twice_is_told_there() {
    check(
        project(&format!("{REST}{OTHER}{REST}")),
        &["sounds/voices/me/voice.toml:8 line-twice: \"Rest.\" is in this voice twice, as `0.wav` too"],
    );
}

#[test]
fn a_mistake_about_the_voice_is_told_once_and_first() {
    let whole = || project(&format!("{REST}{OTHER}"));
    check(
        whole().file("nidra.toml", "voice = 5\nrate = 8000\n"),
        &["nidra.toml:1 wrong-type: `voice` must be a string, not a whole number"],
    );
    check(
        whole().file("nidra.toml", "rate = 8000\nvioce = \"me\"\n"),
        &["nidra.toml:2 unknown-key: unknown key `vioce` in a project"],
    );
    check(
        whole()
            .file("nidra.toml", "rate = 8000\n")
            .file("scripts/a.toml", &format!("vioce = \"me\"\n{SCRIPT}"))
            .file("scripts/b.toml", &format!("vioce = \"me\"\n{SCRIPT}")),
        &["SCRIPT:1 unknown-key: unknown key `vioce` in a script"],
    );
    check(
        whole().file("nidra.toml", "rate = 8000\n"),
        &[
            "SCRIPT:5 missing-line: there is no voice to say \"Rest.\"",
            "SCRIPT:6 missing-line: there is no voice to say \"Other.\"",
            "SCRIPT:7 missing-line: there is no voice to say \"Rest.\"",
        ],
    );
}
