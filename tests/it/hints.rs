//! Advice that works: every hint of the suite is typed, and the script is read again.
//!
//! What a hint says to type must mend its diagnostic and bring no other error. A hint that nothing can be typed for is
//! listed here, with the reason by its side, so that a new one is seen.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use nidra::diag::{Diagnostic, Edit, Hint, Severity, SourceMap};
use proptest::prelude::*;

use crate::fake::FakeFiles;
use crate::suite::{Case, Compiled, SCRIPT, all_cases};

/// Hints that only a person can follow: the id, and how the hint begins.
const FOR_PEOPLE: &[(&str, &str)] = &[
    // Words that only the author has, or a recording.
    ("fast-speech", "record it slower"),
    ("long-line", "make two cues of it"),
    ("long-silence", "say how long it is"),
    ("missing-line", "record or synthesise it"),
    ("missing-sound", "the path is from the project root"),
    ("no-caution", "add a cue with `role = \"caution\"`"),
    ("no-exit", "add a cue with `role = \"exit\"`"),
    ("no-option", "add a cue with `role = \"option\"`"),
    ("no-words", "add the words"),
    ("one-sided", "give the section `sides"),
    ("unreadable-include", "the path is from the project root"),
    // One of several, and nothing says which.
    ("malformed", "write \"halfway\" or \"1m left\""),
    ("malformed", "write a share from"),
    ("out-of-range", "write a `max` of"),
    ("no-action", "give it one of"),
    ("spoken-not-used", "use it where it counts"),
    ("unknown-key", "a cue can have"),
    ("unknown-param", "declare it"),
    ("bare-number", "write a time such as"),
    ("include-loop", "the way was"),
    ("too-long", "repeat less often"),
    ("check-dropped", "take the check away"),
    // Where a text is written in a way that no single change fits.
    ("two-actions", "make two cues: `{ pause"),
    ("under-full", "add `{ pause = \"flex\" }` where"),
    // A parameter that counts elsewhere too, or is given on the command line, which is in no file.
    ("out-of-range", "write `max = \"10s\"`"),
    ("over-full", "make `hold`"),
    ("over-full", "type `--set"),
    ("out-of-range", "type `--set"),
];

/// Cases where a value counts for the first time when its hint was typed, and is wrong itself: the case, and the error.
const UNCOVERED: &[(&str, &str)] =
    &[("an unknown key at the top", "under-full"), ("ten different mistakes in one script", "out-of-range")];

#[test]
fn every_hint_mends_its_diagnostic_when_it_is_typed() {
    let mut failures = String::new();
    let (mut typed, mut spoken) = (0, BTreeMap::new());
    for (file, case) in all_cases() {
        let before = case.compile();
        for diagnostic in before.found.iter() {
            for hint in &diagnostic.hints {
                if hint.edits.is_empty() {
                    *spoken.entry((diagnostic.id, hint.text.clone())).or_insert(0) += 1;
                    continue;
                }
                typed += 1;
                if let Err(why) = type_it(&case, &before, diagnostic, hint) {
                    writeln!(
                        failures,
                        "{}: {}: {}\n  hint: {}\n  {why}",
                        file.display(),
                        case.name,
                        diagnostic.message,
                        hint.text
                    )
                    .unwrap();
                }
            }
        }
    }
    let listed = |id: &str, text: &str| {
        FOR_PEOPLE.iter().find(|(known, start)| *known == id && text.starts_with(start))
    };
    for (id, text) in spoken.keys().filter(|(id, text)| listed(id, text).is_none()) {
        writeln!(failures, "nothing to type, and not listed: (\"{id}\", {text:?})").unwrap();
    }
    let used: BTreeSet<_> = spoken.keys().filter_map(|(id, text)| listed(id, text)).collect();
    for unused in FOR_PEOPLE.iter().filter(|entry| !used.contains(entry)) {
        writeln!(failures, "listed, and no case has it: {unused:?}").unwrap();
    }
    println!("{typed} hints can be typed, {} are for people", spoken.values().sum::<usize>());
    assert!(failures.is_empty(), "\n{failures}");
    assert!(typed >= 90, "only {typed} hints were typed");
}

/// Makes the changes of a hint, and looks whether its diagnostic is gone and no other error came.
fn type_it(case: &Case, before: &Compiled, diagnostic: &Diagnostic, hint: &Hint) -> Result<(), String> {
    let changed = changed(case, &before.sources, &hint.edits)?;
    let after = changed.compile();
    let key = |diagnostic: &Diagnostic| (diagnostic.id, diagnostic.message.clone());
    let count = |compiled: &Compiled, this: &Diagnostic| {
        compiled.found.iter().filter(|other| key(other) == key(this)).count()
    };
    let worse = after.found.iter().filter(|now| {
        let (had, has) = (count(before, now), count(&after, now));
        let uncovered = UNCOVERED.contains(&(case.name.as_str(), now.id));
        let is_new = now.severity == Severity::Error && has > had && !uncovered;
        is_new || (key(now) == key(diagnostic) && has >= had)
    });
    let worse: Vec<String> = worse.map(|now| format!("{}: {}", now.id, now.message)).collect();
    if worse.is_empty() {
        return Ok(());
    }
    let files: Vec<_> = changed.files.0.values().map(String::as_str).collect();
    Err(format!("afterwards: {}\n{}{}", worse.join("; "), changed.script, files.concat()))
}

fn changed(case: &Case, sources: &SourceMap, edits: &[Edit]) -> Result<Case, String> {
    let mut files = case.files.0.clone();
    files.insert(SCRIPT.to_owned(), case.script.clone());
    let mut edits: Vec<&Edit> = edits.iter().collect();
    // From the end, so that the places before stay where they are.
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    for edit in edits {
        let path = sources.locate(edit.span).0;
        let text = files.get_mut(path).ok_or_else(|| format!("no file `{path}`"))?;
        text.get(edit.span.range()).ok_or_else(|| format!("no such place: {:?}", edit.span))?;
        text.replace_range(edit.span.range(), &edit.text);
    }
    let script = files.remove(SCRIPT).unwrap_or_default();
    Ok(case.with(script, FakeFiles(files)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a person mistypes, an edit lies on whole letters of the file that it is for.
    #[test]
    fn edits_lie_in_their_files(at in 0.0f64..1.0, length in 0usize..4, typed in "[a-z{}\\[\\]\"=,\n\u{e9}5-]{0,3}") {
        // Those that are about how long it may take do.
        for (_, case) in all_cases().filter(|(_, case)| !case.script.contains("1000")) {
            let start = case.script.floor_char_boundary((case.script.len() as f64 * at) as usize);
            let end = case.script.ceil_char_boundary(start + length);
            let mut script = case.script.clone();
            script.replace_range(start..end, &typed);
            let mistyped = case.with(script, FakeFiles(case.files.0.clone()));
            let compiled = mistyped.compile();
            for edit in compiled.found.iter().flat_map(|diagnostic| &diagnostic.hints).flat_map(|hint| &hint.edits) {
                let path = compiled.sources.locate(edit.span).0;
                let text = if path == SCRIPT { &mistyped.script } else { &mistyped.files.0[path] };
                prop_assert!(text.get(edit.span.range()).is_some(), "{edit:?} in {text:?}");
            }
        }
    }
}
