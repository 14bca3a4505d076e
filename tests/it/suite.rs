//! Runs `tests/suite`: scripts with their expected diagnostics and cue sheets written into them.
//!
//! A file holds cases, each after a line `--- name ---`. In a script, the comment `#    ^ error[id] message` expects
//! a diagnostic that starts in the line above at the column of the caret (`#<` for the first column); all diagnostics
//! must be expected and all expected ones found. After a line `>>>` stands the cue sheet: `at kind slot text`, in
//! milliseconds (the rate is 1000 Hz). A case may bring files of its project, each after a line `+++ path +++`, and
//! may say `--- name (edition x) (set a=b) ---`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use nidra::diag::{Diagnostics, Severity, SourceMap};
use nidra::script::{Binding, bind, read};
use nidra::timeline::{LevelCourse, Timeline, compile};

use crate::fake::{FakeFiles, FakeSounds, RATE};

/// The path of the script of a case.
pub(crate) const SCRIPT: &str = "s.toml";

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) binding: Binding,
    pub(crate) script: String,
    pub(crate) files: FakeFiles,
    sheet: Option<String>,
}

#[test]
fn every_script_of_the_suite_says_what_it_expects() {
    let mut failures = String::new();
    let mut count = 0;
    for (file, case) in all_cases() {
        count += 1;
        if let Err(difference) = run(&case) {
            writeln!(failures, "{}: {}\n{difference}", file.display(), case.name).unwrap();
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
    assert!(count >= 110, "only {count} cases were found");
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

pub(crate) fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut included: Option<String> = None;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("--- ").and_then(|rest| rest.strip_suffix(" ---")) {
            let script = String::new();
            let files = FakeFiles(BTreeMap::new());
            cases.push(Case { name: name.to_owned(), binding: binding(name), script, files, sheet: None });
            included = None;
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(path) = line.strip_prefix("+++ ").and_then(|rest| rest.strip_suffix(" +++")) {
            included = Some(path.to_owned());
        } else if line == ">>>" {
            case.sheet = Some(String::new());
            included = None;
        } else {
            let target = match (&mut case.sheet, &included) {
                (Some(sheet), _) => sheet,
                (None, Some(path)) => case.files.0.entry(path.clone()).or_default(),
                (None, None) => &mut case.script,
            };
            target.push_str(line);
            target.push('\n');
        }
    }
    cases
}

fn binding(name: &str) -> Binding {
    let option = |opening| name.split(opening).skip(1).filter_map(|rest| rest.split(')').next());
    let set = option("(set ").filter_map(|set| {
        let (name, value) = set.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    });
    Binding { edition: option("(edition ").next().map(str::to_owned), set: set.collect(), language: None }
}

/// A case as nidra reads it.
pub(crate) struct Compiled {
    pub(crate) sources: SourceMap,
    pub(crate) found: Diagnostics,
    timeline: Option<Timeline>,
}

impl Case {
    /// The same case with other texts.
    pub(crate) fn with(&self, script: String, files: FakeFiles) -> Self {
        Self { name: self.name.clone(), binding: self.binding.clone(), script, files, sheet: None }
    }

    pub(crate) fn compile(&self) -> Compiled {
        let mut sources = SourceMap::default();
        let mut found = Diagnostics::default();
        let script = read(SCRIPT, &self.script, &self.files, &mut sources, &mut found);
        let session = bind(&script, &self.binding, &mut found);
        let timeline = compile(&session, &FakeSounds, RATE, LevelCourse::Level, &mut found);
        Compiled { sources, found, timeline }
    }
}

/// All cases of the suite, each with the file it is in.
pub(crate) fn all_cases() -> impl Iterator<Item = (PathBuf, Case)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    sorted(&root).into_iter().flat_map(|stage| sorted(&stage)).flat_map(|file| {
        let cases = cases(&fs::read_to_string(&file).unwrap());
        cases.into_iter().map(move |case| (file.clone(), case))
    })
}

fn run(case: &Case) -> Result<(), String> {
    let Compiled { sources, found, timeline } = case.compile();
    let mut got: Vec<String> = found
        .iter()
        .map(|diagnostic| {
            let (path, line, column) = sources.locate(diagnostic.span);
            let severity = if diagnostic.severity == Severity::Error { "error" } else { "warning" };
            format!("{path}:{line}:{column} {severity}[{}] {}", diagnostic.id, diagnostic.message)
        })
        .collect();
    let mut expected = expectations(SCRIPT, &case.script);
    for (path, text) in &case.files.0 {
        expected.extend(expectations(path, text));
    }
    got.sort();
    expected.sort();
    // An expectation may leave out the end of a message.
    let matches =
        got.len() == expected.len() && got.iter().zip(&expected).all(|(got, want)| got.starts_with(want));
    if !matches {
        return Err(format!(
            "  expected:\n    {}\n  found:\n    {}",
            expected.join("\n    "),
            got.join("\n    ")
        ));
    }
    let Some(sheet) = &case.sheet else { return Ok(()) };
    let got = timeline.map(|timeline| cue_sheet(&timeline)).unwrap_or_default();
    if got.trim() == sheet.trim() {
        return Ok(());
    }
    Err(format!("  expected sheet:\n{}\n  found sheet:\n{got}", sheet.trim_end()))
}

/// `#   ^ error[id] message` under a line, as `path:line:column severity[id] message`.
fn expectations(path: &str, text: &str) -> Vec<String> {
    let mut line_above = 0;
    let mut expected = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let annotation = line.strip_prefix('#').and_then(|rest| {
            if let Some(diagnostic) = rest.strip_prefix("< ") {
                return Some((1, diagnostic.trim()));
            }
            let caret = rest.find('^').filter(|caret| rest[..*caret].trim().is_empty())?;
            Some((caret + 2, rest[caret + 1..].trim()))
        });
        match annotation {
            Some((column, diagnostic)) => expected.push(format!("{path}:{line_above}:{column} {diagnostic}")),
            None => line_above = number + 1,
        }
    }
    expected
}

fn cue_sheet(timeline: &Timeline) -> String {
    let mut sheet = String::new();
    for cue in &timeline.cues {
        let kind = serde_json::to_value(cue.kind).unwrap();
        let line = format!("{} {} {} {}", cue.at.0, kind.as_str().unwrap(), cue.slot.0, cue.text);
        writeln!(sheet, "{}", line.trim_end()).unwrap();
    }
    writeln!(sheet, "{} end, {} counted", timeline.length.0, timeline.counted.0).unwrap();
    sheet
}
