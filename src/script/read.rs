//! A text to a [`Script`]: its tables, the files that it includes, its parameters and editions.

use super::as_written::{RawEdition, RawParam, Script};
use super::cue::actions;
use super::include::{IncludedFiles, Reading};
use crate::diag::{Diagnostic, Diagnostics, Hint, SourceMap, Span, Spanned, quoted};
use crate::document::{self, Fields, Node, Table, Value};

/// The most editions of a script: each is a track of its own.
const MAX_EDITIONS: usize = 100;

/// The most parameters of a script.
const MAX_PARAMS: usize = 100;

/// Reads a script. `path` is its path from the project root, as shown in messages.
///
/// Never fails: all mistakes are added to `diagnostics`, and what could be read is returned.
pub fn read(
    path: &str,
    text: &str,
    files: &dyn IncludedFiles,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Script {
    let file = sources.add(path, text);
    let mut table = document::parse(file, text, diagnostics);
    let span = Span::new(file, 0..0);
    // What is missing may be what a syntax error has swallowed.
    if !diagnostics.has_errors() {
        missing(&table, span, diagnostics);
    }
    let mut fields = Fields::new(&table, "a script", diagnostics);
    let (params, editions) = (fields.table("params"), fields.tables("edition"));
    let editions = fields.up_to(MAX_EDITIONS, "edition", &editions, |edition| edition.span);
    let params =
        params.map(|table| fields.up_to(MAX_PARAMS, "params", &table.entries, |(name, _)| name.span));
    let params = params.map(|params| self::params(params, diagnostics)).unwrap_or_default();
    let editions = editions.iter().filter_map(|table| edition(table, diagnostics)).collect();
    let mut reading =
        Reading { files, sources, diagnostics, open: vec![path.to_owned()], bytes: text.len(), includes: 0 };
    if let Some(Spanned { value: Node::Array(sections), .. }) = table.get_mut("section") {
        for section in sections {
            if let Node::Table(section) = &mut section.value {
                include_in(section.get_mut("cues"), &mut reading);
            }
        }
    }
    Script { span, table, params, editions }
}

/// Reports a title and sections that are not there.
fn missing(table: &Table, top: Span, diagnostics: &mut Diagnostics) {
    let lacks = |key: &str| table.get(key).is_none() && !table.has_like(key);
    if lacks("title") {
        let diagnostic = Diagnostic::error("missing-key", top, "a script needs `title`");
        let hint = Hint::from("begin it with `title = \"Legs up the wall\"`");
        let edit = table.place("title").map(|place| place.write("\"Legs up the wall\""));
        diagnostics.push(diagnostic.hint(hint.maybe_edit(edit)));
    }
    if lacks("section") {
        let diagnostic = Diagnostic::error("missing-key", top, "a script needs at least one `[[section]]`");
        let end = Span { start: table.span.end, ..table.span };
        let hint =
            Hint::from("add `[[section]]` with `title = \"Rest\"` and `cues = [ { pause = \"1m\" } ]`")
                .instead(end, "\n[[section]]\ntitle = \"Rest\"\ncues = [ { pause = \"1m\" } ]\n");
        diagnostics.push(diagnostic.hint(hint));
    }
}

/// Puts the tables of included files in the place of their paths.
fn include_in(cues: Option<&mut Value>, reading: &mut Reading<'_>) {
    let Some(Spanned { value: Node::Array(cues), .. }) = cues else { return };
    for cue in cues {
        let Node::Table(cue) = &mut cue.value else { continue };
        match actions(cue).as_slice() {
            [("include", _)] => {
                if let Some(Spanned { value: node, span }) = cue.get_mut("include")
                    && let Node::String(path) = node
                    && let Some(table) = included(&Spanned::new(path.clone(), *span), reading)
                {
                    *node = Node::Table(table);
                }
            }
            [("repeat", _)] => include_in(cue.get_mut("cues"), reading),
            _ => {}
        }
    }
}

/// The table of another file of the project.
fn included(path: &Spanned<String>, reading: &mut Reading<'_>) -> Option<Table> {
    let text = reading.text(path)?;
    let file = reading.sources.add_once(path.value.as_str(), &text);
    let mut table = document::parse(file, &text, reading.diagnostics);
    let mut fields = Fields::new(&table, "an included file", reading.diagnostics);
    let list = fields.value("cues");
    fields.require("cues", &list, "[ { pause = \"1m\" } ]");
    fields.finish();
    reading.open.push(path.value.clone());
    include_in(table.get_mut("cues"), reading);
    reading.open.pop();
    Some(table)
}

fn params(written: &[(Spanned<String>, Value)], diagnostics: &mut Diagnostics) -> Vec<RawParam> {
    let mut params = Vec::with_capacity(written.len());
    for (name, value) in written {
        let Node::Table(param) = &value.value else {
            let message =
                format!("`{}` must be a table with a default, not {}", name.value, value.value.type_name());
            let default = match &value.value {
                Node::String(text) => quoted(text),
                Node::Integer(number) => number.to_string(),
                _ => "\"10m\"".to_owned(),
            };
            let hint = Hint::from(format!("write `{} = {{ default = {default} }}`", name.value))
                .instead(value.span, format!("{{ default = {default} }}"));
            diagnostics.push(Diagnostic::error("wrong-type", value.span, message).hint(hint));
            continue;
        };
        let mut fields = Fields::new(param, "a parameter", diagnostics);
        let default = fields.value("default").cloned();
        fields.require("default", &default, "\"10m\"");
        let min = fields.value("min").cloned();
        let max = fields.value("max").cloned();
        fields.finish();
        params.push(RawParam { name: name.clone(), default, min, max });
    }
    params
}

fn edition(table: &Table, diagnostics: &mut Diagnostics) -> Option<RawEdition> {
    let mut fields = Fields::new(table, "an edition", diagnostics);
    let name = fields.string("name");
    fields.require("name", &name, "\"10m\"");
    let set = fields.table("set").map(|set| set.entries.clone()).unwrap_or_default();
    fields.finish();
    Some(RawEdition { name: name?, set })
}
