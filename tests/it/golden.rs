//! Outputs that are the behaviour: the samples of small sessions, the cue sheets of the real ones.
//!
//! `NIDRA_GOLDEN=write cargo test golden` writes them anew; the change is then read in review.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::{Project, nidra};

/// Small sessions that together use every built-in sound and every kind of cue, at 8 kHz.
const SMALL: [(&str, &str); 6] = [
    ("bowl", r#"cues = [ { bell = "bowl", strikes = 2, every = "1s", ring = "4s", fade_out = "2s" } ]"#),
    (
        "small-bells",
        r#"cues = [ { bell = "tingsha", ring = "2s", fade_out = "1s" }, { bell = "handbell", pan = -0.5, ring = "2s", fade_out = "1s" } ]"#,
    ),
    (
        "temple",
        r#"cues = [ { bell = "temple", pitch = "90Hz", gain = "-6dB", ring = "5s", fade_out = "3s" } ]"#,
    ),
    (
        "rain-under-a-voice",
        r#"bed = { sound = "rain", level = "-20dB", fade_in = "1s", fade_out = "1s" }
cues = [ { pause = "2s" }, { say = "One." }, { pause = "3s" }, { say = "Two.", gain = "-6dB", fade_in = "10ms" }, { pause = "2s" } ]"#,
    ),
    ("tanpura", "bed = { sound = \"tanpura\" }\ncues = [ { pause = \"40s\" } ]"),
    (
        "breath",
        "bed = { sound = \"brown-noise\" }\ncues = [ { breathe = 2, in = \"1s\", hold = \"250ms\", out = \"1500ms\", guide = \"tone\" } ]",
    ),
];

#[test]
fn small_sessions_have_the_same_samples_as_ever() {
    // A change below needs another revision here, or tracks of before would be called current.
    let mut hashes = format!("engine {}\n", nidra::digest::ENGINE_REVISION);
    for (name, section) in SMALL {
        let script = format!("title = \"{name}\"\n[[section]]\ntitle = \"s\"\n{section}\n");
        let project = Project::with_lines(&["One.", "Two."]).file("scripts/s.toml", &script);
        project.run(&["render", "-o", "s.wav"]).expect(0, &[]);
        let samples = hound::WavReader::open(project.path("s.wav")).unwrap().into_samples::<i16>();
        let bytes = samples.flat_map(|sample| sample.unwrap().to_le_bytes());
        writeln!(hashes, "{:016x} {name}", fnv1a(bytes)).unwrap();
    }
    compare("hashes.txt", &hashes);
}

#[test]
fn the_sessions_have_the_same_cue_sheets_as_ever() {
    for session in ["upper-back-25", "legs-up-the-wall", "roller-3"] {
        let script = format!("scripts/{session}.toml");
        let run = nidra(Path::new(env!("CARGO_MANIFEST_DIR"))).args(["show", &script]).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        compare(&format!("sheets/{session}.txt"), &String::from_utf8(run.stdout).unwrap());
    }
}

/// Compares with the golden of that name, or writes it.
#[track_caller]
pub(crate) fn compare(name: &str, got: &str) {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let before = fs::read_to_string(&path).unwrap_or_default();
    if std::env::var_os("NIDRA_GOLDEN").is_some_and(|value| value == "write") {
        let engine = |text: &str| text.lines().find(|line| line.starts_with("engine ")).map(str::to_owned);
        let is_of_an_engine = engine(got).is_some() && before != got;
        assert!(!is_of_an_engine || engine(&before) != engine(got), "raise `digest::ENGINE_REVISION` first");
        fs::write(&path, got).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    let differs = golden.lines().zip(got.lines()).find(|(golden, got)| golden != got);
    assert!(golden == got, "{name} is not what it was: {differs:?}");
}

/// FNV-1a, 64 bit (Fowler, Noll, Vo): enough to tell two tracks apart.
fn fnv1a(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
