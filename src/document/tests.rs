//! What all who read TOML rely on: no mistake stops the reading, and what a hint changes can be read again.

use super::*;
use crate::diag::{Diagnostics, Edit, FileId, Spanned};

fn parsed(text: &str) -> Table {
    let mut found = Diagnostics::default();
    let table = parse(FileId::default(), text, &mut found);
    assert!(found.is_empty(), "{text}: {found:?}");
    table
}

fn edited(text: &str, edit: &Edit) -> String {
    let mut text = text.to_owned();
    text.replace_range(edit.span.range(), &edit.text);
    text
}

/// The kinds of the mistakes, and each hint.
fn told(found: &Diagnostics) -> Vec<(&'static str, String)> {
    let hint = |diagnostic: &crate::diag::Diagnostic| diagnostic.hints.first().map(|hint| hint.text.clone());
    found.iter().map(|diagnostic| (diagnostic.id, hint(diagnostic).unwrap_or_default())).collect()
}

#[test]
fn every_mistake_of_a_table_is_told_and_the_rest_is_read() {
    let table = parsed("gian = 1\nname = 5\nlist = [\"a\", 2]\nfade = \"1s\"");
    let mut found = Diagnostics::default();
    let mut fields = Fields::new(&table, "a cue", &mut found);
    assert_eq!(fields.string("name"), None);
    let texts: Vec<String> = fields.strings("list").into_iter().map(|text| text.value).collect();
    assert_eq!(texts, ["a"]);
    assert_eq!(fields.string("fade").map(|text| text.value).as_deref(), Some("1s"));
    let gain = fields.string("gain");
    // It is mistyped, so it is not missing too.
    fields.require("gain", &gain, "\"-6dB\"");
    let title = fields.string("title");
    fields.require("title", &title, "\"Rest\"");
    fields.finish();
    let expected = [
        ("wrong-type", ""),
        ("wrong-type", ""),
        ("unknown-key", "did you mean `gain`?"),
        ("missing-key", "add `title = \"Rest\"`"),
    ];
    assert_eq!(told(&found), expected.map(|(id, hint)| (id, hint.to_owned())));
}

#[test]
fn a_list_without_end_is_cut() {
    let table = parsed(&format!("list = [{}]", "\"x\", ".repeat(1500)));
    let mut found = Diagnostics::default();
    assert_eq!(Fields::new(&table, "a script", &mut found).strings("list").len(), 1000);
    assert_eq!(found.iter().map(|diagnostic| diagnostic.id).collect::<Vec<_>>(), ["too-many-entries"]);
}

#[test]
fn a_key_can_be_written_wherever_a_table_has_room() {
    for (text, path) in [
        ("", None),
        ("b = 1\n", None),
        ("a = 2\nb = 1\n", None),
        ("[t]\nb = 1\n", Some("t")),
        ("t = {}", Some("t")),
        ("t = { b = 1 }", Some("t")),
        ("t = { a = 2, b = 1 }", Some("t")),
    ] {
        let inner = |table: &Table| match path.map(|key| &table.get(key).unwrap().value) {
            Some(Node::Table(inner)) => inner.clone(),
            _ => table.clone(),
        };
        let edit = inner(&parsed(text)).place("a").unwrap().write("7");
        let after = edited(text, &edit);
        let value = inner(&parsed(&after)).get("a").map(|value| value.value.clone());
        assert_eq!(value, Some(Node::Integer(7)), "{after}");
        let rest = inner(&parsed(&after)).get("b").is_some();
        assert_eq!(rest, text.contains('b'), "{after}");
    }
}

#[test]
fn an_item_can_be_added_to_any_list() {
    for (text, items) in
        [("", 1), ("l = []", 1), ("l = [\"a\"]", 2), ("l = \"a\"", 2), ("l = [\"a\", \"b\",]", 3)]
    {
        let after = edited(text, &parsed(text).item_place("l").unwrap().write("\"z\""));
        let table = parsed(&after);
        let Node::Array(list) = &table.get("l").unwrap().value else { panic!("{after}") };
        assert_eq!(list.len(), items, "{after}");
        assert_eq!(list.last().map(|item| item.value.clone()), Some(Node::String("z".to_owned())), "{after}");
    }
}

#[test]
fn a_key_can_be_taken_away() {
    for text in
        ["t = { a = 1 }", "t = { a = 1, b = 2 }", "t = { b = 2, a = 1 }", "t = { b = 2, a = 1, c = 3 }"]
    {
        let Node::Table(inner) = &parsed(text).get("t").unwrap().value.clone() else { panic!("{text}") };
        let Some(edit) = inner.without("a") else { panic!("{text}") };
        let after = edited(text, &edit);
        let Node::Table(inner) = &parsed(&after).get("t").unwrap().value.clone() else { panic!("{after}") };
        assert!(
            inner.get("a").is_none() && inner.entries.len() + 1 == text.matches('=').count() - 1,
            "{after}"
        );
    }
}

#[test]
fn a_name_that_is_none_of_those_there_are_is_told_with_them() {
    let known = [("mono", 1), ("stereo", 2)];
    let mut found = Diagnostics::default();
    let mut read = |name: &str| {
        let name = Spanned::new(name.to_owned(), crate::diag::Span::default());
        one_of(&name, "channel layout", &known, &mut found)
    };
    assert_eq!((read("stereo"), read("sterio"), read("surround")), (Some(2), None, None));
    let hints: Vec<String> = told(&found).into_iter().map(|(_, hint)| hint).collect();
    assert_eq!(hints, ["did you mean `stereo`?", "write one of: mono, stereo"]);
}
