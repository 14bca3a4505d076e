//! The shape of the program: arrows between stages, homes of crates, documents that keep up.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each stage may use besides itself. `document` and the leaves use no stage; nothing points back.
const ARROWS: &[(&str, &[&str])] = &[
    ("units", &[]),
    ("digest", &["units"]),
    ("diag", &["units"]),
    ("files", &[]),
    ("text", &[]),
    ("audio", &["units", "diag", "digest"]),
    ("document", &["diag"]),
    ("dsp", &["units", "audio"]),
    ("meter", &["units", "audio"]),
    ("script", &["units", "diag", "digest", "audio", "document"]),
    ("library", &["units", "diag", "digest", "files", "audio", "document", "dsp", "meter"]),
    ("timeline", &["units", "diag", "audio", "script"]),
    ("render", &["units", "audio", "dsp", "timeline"]),
    ("master", &["units", "digest", "audio", "dsp", "meter", "timeline", "render"]),
    ("output", &["files"]),
    ("sidecar", &["units", "diag", "text", "audio", "script", "timeline"]),
    ("feed", &["units", "diag", "text", "document"]),
    ("encode", &["units", "digest", "text", "files", "output", "audio", "dsp"]),
    ("device", &["units", "audio", "dsp"]),
    (
        "build",
        &[
            "units", "diag", "digest", "text", "files", "output", "audio", "document", "script", "library",
            "timeline", "render", "master", "sidecar", "feed", "encode",
        ],
    ),
    (
        "playback",
        &[
            "units", "diag", "digest", "files", "output", "audio", "script", "library", "timeline", "render",
            "master", "encode", "device", "build",
        ],
    ),
    (
        "cli",
        &[
            "units", "diag", "text", "files", "output", "audio", "script", "timeline", "master", "sidecar",
            "feed", "encode", "device", "build", "playback",
        ],
    ),
];

/// The folders that may name an outside crate; everything else may not.
const HOMES: &[(&str, &[&str])] = &[
    ("toml", &["document"]),
    ("serde", &["units", "timeline", "sidecar", "build", "playback", "cli"]),
    ("serde_json", &["sidecar", "build", "playback", "cli"]),
    ("strsim", &["diag", "library"]),
    ("thiserror", &["audio", "library", "timeline", "output", "encode", "device", "build", "playback"]),
    ("libm", &["units", "dsp", "library", "meter", "sidecar"]),
    ("rubato", &["dsp"]),
    ("ebur128", &["meter"]),
    ("hound", &["library", "encode"]),
    ("symphonia", &["library"]),
    ("rayon", &["library", "encode", "build", "playback", "cli"]),
    ("blake3", &["digest", "encode"]),
    ("deunicode", &["build"]),
    ("flac_codec", &["encode"]),
    ("fluent_uri", &["feed"]),
    ("isolang", &["feed"]),
    ("jiff", &["feed", "cli"]),
    ("quick_xml", &["feed"]),
    ("rss", &["feed"]),
    ("uuid", &["feed"]),
    ("jpeg_encoder", &["sidecar"]),
    ("mp3lame_encoder", &["encode"]),
    ("ogg", &["encode"]),
    ("opus", &["encode"]),
    ("resvg", &["sidecar"]),
    ("tempfile", &["output", "encode"]),
    ("rodio", &["device"]),
    ("rtrb", &["device"]),
    ("alsa", &["device"]),
    ("clap", &["cli"]),
    ("anyhow", &["cli"]),
    ("annotate_snippets", &["cli"]),
    ("clap_complete", &["cli"]),
    ("crossterm", &["cli"]),
    ("ctrlc", &["cli"]),
    ("indicatif", &["cli"]),
    ("notify", &["cli"]),
    ("rustix", &["files", "library", "encode", "cli"]),
    ("unicode_normalization", &["build"]),
    ("unicode_width", &["cli"]),
    ("zbus", &["cli"]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file: its stage (`""` for `lib.rs` and `main.rs`), its path and its text without tests.
fn sources() -> Vec<(String, PathBuf, String)> {
    let mut open = vec![root().join("src")];
    let mut sources = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let inner = path.strip_prefix(root().join("src")).unwrap();
                let stage = inner.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
                let text = fs::read_to_string(&path).unwrap();
                let stage = if stage.ends_with(".rs") { String::new() } else { stage };
                sources.push((stage, path, text));
            }
        }
    }
    assert!(sources.len() > 50, "only {} source files were found", sources.len());
    sources
}

fn without_tests(path: &Path, text: &str) -> String {
    let test_only = ["tests.rs", "tests", "testing.rs", "judged.rs"];
    if path.iter().any(|part| test_only.iter().any(|name| part == *name)) {
        return String::new();
    }
    text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned()
}

/// The words that follow `prefix` in code; comments do not count.
fn words_after<'t>(text: &'t str, prefix: &str) -> BTreeSet<&'t str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split(prefix).skip(1))
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap())
        .collect()
}

#[test]
fn no_stage_uses_one_that_comes_after_it() {
    for (stage, path, text) in sources() {
        if stage.is_empty() {
            continue;
        }
        let text = without_tests(&path, &text);
        let (_, allowed) = ARROWS.iter().find(|(name, _)| *name == stage).expect("every folder is a stage");
        for used in words_after(&text, "crate::") {
            let known = ARROWS.iter().any(|(name, _)| *name == used);
            assert!(
                !known || used == stage || allowed.contains(&used),
                "{}: {stage} uses {used}",
                path.display()
            );
        }
    }
}

#[test]
fn every_crate_has_its_home() {
    for (stage, path, text) in sources() {
        let code: String =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        let code = without_tests(&path, &code);
        for &(name, homes) in HOMES {
            let named = code.match_indices(&format!("{name}::")).any(|(at, _)| {
                let before = code[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
            });
            assert!(!named || homes.contains(&stage.as_str()), "{} names {name}", path.display());
        }
    }
}

/// Files that open others themselves: the door for reading, a pipe that is typed as a script, the folder that is synced, and
/// temporary files.
const READING_DOORS: &[&str] =
    &["files/mod.rs", "cli/commands/run/input.rs", "output/new_file.rs", "output/temporary.rs"];

#[test]
fn files_are_read_through_one_door() {
    for (_, path, text) in sources() {
        let text = without_tests(&path, &text);
        let is_door = READING_DOORS.iter().any(|door| path.ends_with(door));
        for opening in ["fs::read(", "fs::read_to_string(", "File::open("] {
            // `TrackFile::open` is another.
            let is_whole = |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric());
            let opens = text.match_indices(opening).any(|(at, _)| is_whole(at));
            assert!(is_door || !opens, "{} reads a file by `{opening}`; use `crate::files`", path.display());
        }
    }
}

/// The files that may name what leads to a terminal.
const DOORS: &[(&str, &[&str])] = &[
    // The track of `-o -` is no text; whether there is a terminal, and how wide, is asked, too.
    ("stdout()", &["cli/ui/output.rs", "cli/commands/run/stdout.rs"]),
    (
        "stderr()",
        &[
            "cli/ui/output.rs",
            "cli/commands/run/progress.rs",
            "cli/ui/player/mod.rs",
            "cli/ui/player/terminal.rs",
            SYSTEM,
        ],
    ),
    // What is ours in it steers, so the rest must be visible before.
    ("say_styled(", &["cli/ui/output.rs", "cli/ui/diagnostics.rs"]),
    ("set_message(", &["cli/commands/run/progress.rs"]),
    ("/dev/tty", &[]),
    ("print!(", &[]),
    ("println!(", &[]),
    ("dbg!(", &[]),
];

const SYSTEM: &str = "cli/ui/player/terminal/system.rs";

#[test]
fn only_the_doors_print() {
    for (_, path, text) in sources() {
        let inner = path.strip_prefix(root().join("src")).unwrap().to_str().unwrap().replace('\\', "/");
        let text = without_tests(&path, &text);
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for (name, doors) in DOORS {
            let named = code.iter().any(|line| line.contains(name));
            assert!(!named || doors.contains(&inner.as_str()), "{inner} names {name}");
        }
    }
}

#[test]
fn every_crate_is_justified() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let listed = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let crates = fs::read_to_string(root().join("docs/crates.md")).unwrap();
    for line in listed.lines().filter(|line| line.contains('=')) {
        let name = line.split(['=', ' ']).next().unwrap();
        assert!(crates.contains(&format!("`{name}`")), "docs/crates.md does not say why there is {name}");
        let crate_name = name.replace('-', "_");
        assert!(HOMES.iter().any(|(home, _)| *home == crate_name), "{name} has no home in HOMES");
    }
}

#[test]
fn every_file_says_what_it_is_and_is_short() {
    for (_, path, text) in sources() {
        assert!(text.starts_with("//! "), "{} does not open with what it is", path.display());
        let lines = text.lines().count();
        assert!(lines <= 400, "{} has {lines} lines", path.display());
    }
}

#[test]
fn every_finding_is_documented() {
    let page = fs::read_to_string(root().join("docs/diagnostics.md")).unwrap();
    let mut ids = BTreeSet::new();
    for (_, _, text) in sources() {
        for start in ["::error(\"", "::warning(\"", "::error(\n", "::warning(\n"] {
            for rest in text.split(start).skip(1) {
                let id = rest.trim_start().trim_start_matches('"').split('"').next().unwrap();
                if !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
                    ids.insert(id.to_owned());
                }
            }
        }
    }
    assert!(ids.len() > 30, "only {} findings were found", ids.len());
    for id in ids {
        assert!(page.contains(&format!("`{id}`")), "docs/diagnostics.md does not explain `{id}`");
    }
}

#[test]
fn every_subcommand_is_documented() {
    let help = crate::harness::nidra(&root()).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for line in commands.lines() {
        let name = line.split_whitespace().next().unwrap();
        assert!(
            name == "help" || readme.contains(&format!("nidra {name}")),
            "README.md does not say what `nidra {name}` does"
        );
    }
}

/// First words that make a riddle of a doc comment: it says what the thing is instead.
const RIDDLES: [&str; 7] = ["What", "How", "Whether", "Where", "Which", "Why", "Who"];

/// Words for a person where there is a noun: listener, author, caller, player, another program.
const NO_NOUNS: [&str; 3] = ["nobody", "whoever", "somebody"];

/// Names that say less than those of the field that came in their place.
const OLD_NAMES: [&str; 14] = [
    "Again",
    "Amendment",
    "Anchor",
    "Conductor",
    "Ground",
    "Heed",
    "Hearing",
    "Looker",
    "Misfit",
    "Music",
    "Shelf",
    "Unheard",
    "Wish",
    "World",
];

#[test]
fn the_code_speaks_the_language_of_the_field() {
    let mut faults = Vec::new();
    for (_, path, text) in sources() {
        let text = without_tests(&path, &text);
        let mut is_first = true;
        for line in text.lines().map(str::trim_start) {
            let doc = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
            let first = doc.filter(|_| is_first).and_then(|doc| doc.split_whitespace().next());
            is_first = doc.is_none();
            let (code, comment) = line.split_once("//").unwrap_or((line, ""));
            let words = |text: &str| -> Vec<String> {
                text.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned).collect()
            };
            let has =
                |text: &str, list: &[&str]| words(text).iter().any(|word| list.contains(&word.as_str()));
            if first.is_some_and(|word| RIDDLES.contains(&word))
                || has(&comment.to_lowercase(), &NO_NOUNS)
                || (!code.contains('"') && !code.contains("::") && has(code, &OLD_NAMES))
            {
                faults.push(format!("{}: {line}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}\n{}", faults.len(), faults.join("\n"));
}
