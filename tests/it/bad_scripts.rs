//! Every bad script of the suite, through the program: a clear error, the right exit code, no file.

use std::fs;
use std::path::Path;

use crate::harness::Project;
use crate::suite::cases;

#[test]
fn no_bad_script_makes_a_track() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/script/errors.toml");
    let mut count = 0;
    for case in cases(&fs::read_to_string(path).unwrap()) {
        let mut project = Project::with_lines(&["Rest.", "One two."]).file("scripts/s.toml", &case.script);
        for (path, text) in &case.files.0 {
            project = project.file(path, text);
        }
        let set: Vec<String> =
            case.binding.set.iter().map(|(name, value)| format!("--set={name}={value}")).collect();
        let mut arguments = vec!["render", "scripts/s.toml"];
        arguments.extend(set.iter().map(String::as_str));
        let run = project.run(&arguments);
        assert!(matches!(run.code, 3 | 4), "{}: exit {}\n{}", case.name, run.code, run.stderr);
        assert!(run.stderr.contains("error["), "{}\n{}", case.name, run.stderr);
        assert!(run.stderr.lines().any(|line| line.contains(".toml:")), "{}\n{}", case.name, run.stderr);
        assert!(project.files("out").is_empty(), "{}", case.name);
        count += 1;
    }
    assert!(count >= 80, "only {count} bad scripts");
}

#[test]
fn bytes_that_are_no_text_are_an_error_like_any_other() {
    for bytes in [&b"\xff\xfe\x00junk"[..], b"\x00", b"title = \"\xff\"", b"RIFF\x00\x00\x00\x00WAVE"] {
        let project = Project::with_lines(&[]);
        project.bytes("scripts/s.toml", bytes);
        project.run(&["render"]).expect(3, &["error["]);
        assert!(project.files("out").is_empty());
    }
}
