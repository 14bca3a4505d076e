//! What every stage relies on: mistakes are told once, in order, up to a limit, and hints are TOML.

use super::*;

fn at(file: FileId, start: u32) -> Span {
    Span { file, start, end: start + 1 }
}

fn error(id: &'static str, span: Span) -> Diagnostic {
    Diagnostic::error(id, span, "wrong")
}

fn warning(id: &'static str, span: Span) -> Diagnostic {
    Diagnostic::warning(id, span, "doubtful")
}

#[test]
fn a_mistake_is_told_once_and_a_thousand_are_enough() {
    let (mut found, file) = (Diagnostics::default(), FileId::default());
    for start in [3, 3, 5] {
        found.push(warning("w", at(file, start)));
    }
    assert_eq!(found.iter().count(), 2);
    for start in 0..1500 {
        found.push(error("e", at(file, start)));
    }
    let errors = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    assert_eq!(errors.count(), 1001);
    assert!(found.is_full());
    assert_eq!(found.iter().last().map(|diagnostic| diagnostic.id), Some(TOO_MANY_DIAGNOSTICS));
    // Warnings have a limit of their own.
    found.push(warning("w", at(file, 9)));
    assert_eq!(found.iter().last().map(|diagnostic| diagnostic.id), Some("w"));
}

#[test]
fn mistakes_stand_as_in_the_files_and_those_of_a_foundation_first() {
    let mut sources = SourceMap::default();
    let script = sources.add("s.toml", "abc");
    let voice = sources.add_foundation("voice.toml", "abc");
    let mut found = Diagnostics::default();
    found.push(error("third", at(script, 2)));
    found.push(error("second", at(script, 0)));
    found.push(error("first", at(voice, 1)));
    let ids: Vec<_> = found.sorted(&sources).iter().map(|diagnostic| diagnostic.id).collect();
    assert_eq!(ids, ["first", "second", "third"]);
}

#[test]
fn columns_are_counted_in_characters() {
    let mut sources = SourceMap::default();
    let file = sources.add("s.toml", "a\nätsch = 1");
    assert_eq!(sources.locate(at(file, 9)), ("s.toml", 2, 7));
    assert_eq!(sources.add_once("s.toml", "a\nätsch = 1"), file);
    assert_ne!(sources.add_once("s.toml", "another"), file);
}

#[test]
fn a_text_in_a_hint_is_read_again_as_it_was() {
    for text in ["plain", "a \"quote\"", "back\\slash", "line\nbreak\t\u{1b}[2J", "ümlaut"] {
        let toml = format!("key = {}", quoted(text));
        assert_eq!(toml::de::from_str::<toml::Table>(&toml).unwrap()["key"].as_str(), Some(text), "{toml}");
    }
}

#[test]
fn a_name_is_near_if_a_third_of_it_was_mistyped() {
    let near = |typed| nearest(typed, ["tanpura", "rain", "brown-noise"]);
    assert_eq!(near("tampura"), Some("tanpura"));
    assert_eq!(near("RIAN"), Some("rain"));
    assert_eq!(near("brown noise"), Some("brown-noise"));
    assert_eq!(near("sea"), None);
    assert_eq!(near(&"rain".repeat(1000)), None);
}
