//! The language of the code: names and first words that a reader from the field understands.

use std::collections::{BTreeMap, BTreeSet};

use super::{sources, without_tests};

/// First words that make a riddle of a doc comment: it says what the thing is instead.
const RIDDLES: [&str; 7] = ["What", "How", "Whether", "Where", "Which", "Why", "Who"];

/// Words for a person where there is a noun: listener, author, caller, player, another program.
const NO_NOUNS: [&str; 3] = ["nobody", "whoever", "somebody"];

/// Names that say less than those of the field that came in their place, and limits that do not say of what.
const OLD_NAMES: [&str; 29] = [
    "Again",
    "Amendment",
    "Anchor",
    "Companion",
    "Conductor",
    "Finding",
    "Ground",
    "Hearing",
    "Heed",
    "Looker",
    "Made",
    "Misfit",
    "Outcome",
    "Remake",
    "Shelf",
    "Treatment",
    "Unheard",
    "Wish",
    "World",
    "AHEAD",
    "AT_ONCE",
    "ENOUGH",
    "EVERY",
    "FEW",
    "LEAST",
    "LONGEST",
    "MOST",
    "PATIENCE",
    "SHORT",
];

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

#[test]
fn the_code_speaks_the_language_of_the_field() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let text = without_tests(&path, &text);
        let mut is_first = true;
        for line in text.lines().map(str::trim_start) {
            let doc = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
            let first = doc.filter(|_| is_first).and_then(|doc| doc.split_whitespace().next());
            is_first = doc.is_none();
            let (code, comment) = line.split_once("//").unwrap_or((line, ""));
            if first.is_some_and(|word| RIDDLES.contains(&word))
                || words(&comment.to_lowercase()).any(|word| NO_NOUNS.contains(&word))
                || (!code.contains('"') && words(code).any(|word| OLD_NAMES.contains(&word)))
            {
                faults.push(format!("{path}: {line}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn no_two_stages_have_public_types_of_one_name() {
    let mut stages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in sources() {
        let stage = path.split('/').next().unwrap();
        for line in without_tests(&path, &text).lines().map(str::trim_start) {
            let public = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) "));
            let Some(item) = public else { continue };
            let name =
                ["struct ", "enum ", "trait ", "type "].iter().find_map(|kind| item.strip_prefix(kind));
            if let Some(name) = name.and_then(|rest| words(rest).next()) {
                stages.entry(name.to_owned()).or_default().insert(stage.to_owned());
            }
        }
    }
    assert!(stages.len() > 200, "only {} public types were found", stages.len());
    let twice: Vec<_> = stages.iter().filter(|(_, stages)| stages.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}
