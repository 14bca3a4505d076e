//! The shape of the program: arrows between stages, homes of crates, documents that keep up.

mod circles;
mod names;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// What each path below `src/` may use besides itself, by its longest prefix here. `document` and the leaves use no
/// stage; nothing points back.
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
    ("timeline", &["units", "diag", "audio", "dsp", "script"]),
    ("render", &["units", "audio", "dsp", "timeline"]),
    ("master", &["units", "digest", "audio", "dsp", "meter", "timeline", "render"]),
    ("output", &["digest", "files"]),
    ("sidecar", &["units", "diag", "text", "audio", "script", "timeline"]),
    ("encode", &["units", "digest", "text", "files", "output", "audio", "dsp"]),
    ("device", &["units", "audio", "dsp"]),
    (
        "build",
        &[
            "units", "diag", "digest", "text", "files", "output", "audio", "document", "script", "library",
            "timeline", "render", "master", "sidecar", "encode",
        ],
    ),
    (
        "podcast",
        &["units", "diag", "digest", "text", "files", "output", "document", "encode", "sidecar", "build"],
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
            "encode", "device", "build", "podcast", "playback",
        ],
    ),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file: its path below `src/`, with slashes, and its text.
fn sources() -> Vec<(String, String)> {
    let src = root().join("src");
    let mut open = vec![src.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let inner = path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
                sources.push((inner, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(sources.len() > 50, "only {} source files were found", sources.len());
    sources
}

/// True if a path is the file `prefix`, or the module or folder of that name, or below it.
fn is_below(path: &str, prefix: &str) -> bool {
    let rest = path.strip_prefix(prefix.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest == ".rs" || rest.starts_with('/'))
}

fn without_tests(path: &str, text: &str) -> String {
    let test_only = ["tests.rs", "tests", "testing.rs", "interop_tests.rs"];
    if path.split('/').any(|part| test_only.contains(&part)) {
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
    for (path, text) in sources() {
        let Some((stage, _)) = path.split_once('/') else { continue };
        let text = without_tests(&path, &text);
        let rules = ARROWS.iter().filter(|(prefix, _)| is_below(&path, prefix));
        let (_, allowed) = rules.max_by_key(|(prefix, _)| prefix.len()).expect("every folder is a stage");
        for used in words_after(&text, "crate::") {
            let known = ARROWS.iter().any(|(name, _)| *name == used);
            assert!(!known || used == stage || allowed.contains(&used), "{path} uses {used}");
        }
    }
}

/// The outside crates that are no tool of tests, by all tables of the manifest, as the code names them.
fn crates() -> Vec<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut crates = Vec::new();
    let mut is_listed = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_listed = line.ends_with("dependencies]") && line != "[dev-dependencies]";
        } else if let Some((name, _)) =
            line.split_once([' ', '=']).filter(|_| is_listed && !line.starts_with('#'))
        {
            crates.push(name.replace('-', "_"));
        }
    }
    assert!(crates.len() > 30, "only {} crates were found", crates.len());
    crates
}

/// The paths below `src/` that may name an outside crate, as `docs/crates.md` has them.
fn homes(name: &str) -> Vec<String> {
    let page = fs::read_to_string(root().join("docs/crates.md")).unwrap();
    let rows = page.lines().map(|line| line.split('|').collect::<Vec<_>>());
    let row =
        rows.filter(|row| row.len() > 3).find(|row| row[1].trim().replace('-', "_") == format!("`{name}`"));
    let homes = row.unwrap_or_else(|| panic!("docs/crates.md does not say where {name} is at home"))[2];
    homes.split('`').filter(|home| home.contains('/')).map(str::to_owned).collect()
}

#[test]
fn every_crate_has_its_home() {
    let crates: Vec<(String, Vec<String>)> =
        crates().into_iter().map(|name| (format!("{name}::"), homes(&name))).collect();
    for (name, homes) in &crates {
        assert!(!homes.is_empty(), "{name} has no home in docs/crates.md");
        for home in homes {
            assert!(
                root().join("src").join(home).exists(),
                "{home}, a home of {name} in docs/crates.md, is not there"
            );
        }
    }
    for (path, text) in sources() {
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let code = without_tests(&path, &code.join("\n"));
        for (name, homes) in &crates {
            let is_crate =
                |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            let named = code.match_indices(name).any(|(at, _)| is_crate(at));
            // A module of ours may be called as a crate is.
            let module = name.trim_end_matches("::");
            let is_ours = code.contains(&format!("mod {module};"))
                || code.contains(&format!("use super::{module}::{{self"));
            assert!(
                !named || is_ours || homes.iter().any(|home| is_below(&path, home)),
                "{path} names {name}"
            );
        }
    }
}

/// Files that open others themselves: the door for reading, a pipe that is typed as a script, the folder that is
/// synced, and temporary files.
const READING_DOORS: &[&str] =
    &["files/mod.rs", "cli/commands/run/input.rs", "output/new_file.rs", "output/temporary.rs"];

#[test]
fn files_are_read_through_one_door() {
    for (path, text) in sources() {
        let text = without_tests(&path, &text);
        let is_door = READING_DOORS.contains(&path.as_str());
        for opening in ["fs::read(", "fs::read_to_string(", "File::open("] {
            // `TrackFile::open` is another.
            let is_whole = |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric());
            let opens = text.match_indices(opening).any(|(at, _)| is_whole(at));
            assert!(is_door || !opens, "{path} reads a file by `{opening}`; use `crate::files`");
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
    for (path, text) in sources() {
        let text = without_tests(&path, &text);
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for (name, doors) in DOORS {
            let named = code.iter().any(|line| line.contains(name));
            assert!(!named || doors.contains(&path.as_str()), "{path} names {name}");
        }
    }
}

#[test]
fn every_file_says_what_it_is_and_is_short() {
    for (path, text) in sources() {
        assert!(text.starts_with("//! "), "{path} does not open with what it is");
        let lines = text.lines().count();
        assert!(lines <= 400, "{path} has {lines} lines");
    }
}

#[test]
fn every_diagnostic_is_documented() {
    let page = fs::read_to_string(root().join("docs/diagnostics.md")).unwrap();
    let mut ids = BTreeSet::new();
    for (_, text) in sources() {
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
