//! TOML tables to a [`Script`]: which keys there are and what type they have.

use super::cue::cues;
use super::include::{Files, Reading};
use super::model::SectionPlaces;
use super::raw::{RawBed, RawBedChange, RawEdition, RawParam, RawSection, Script};
use crate::diag::{Diagnostic, Diagnostics, Hint, SourceMap, Span, Spanned, quoted};
use crate::document::{self, Fields, Node, Table, Value};

/// Reads a script. `path` is its path from the project root, as shown in messages.
///
/// Never fails: all mistakes are added to `diagnostics`, and what could be read is returned.
pub fn read(
    path: &str,
    text: &str,
    files: &dyn Files,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Script {
    let file = sources.add(path, text);
    let table = document::parse(file, text, diagnostics);
    let mut reading =
        Reading { files, sources, diagnostics, open: vec![path.to_owned()], bytes: text.len(), includes: 0 };
    script(&table, Span::new(file, 0..0), &mut reading)
}

/// The most editions of a script: each is a track of its own.
const MOST_EDITIONS: usize = 100;

/// The most parameters of a script.
const MOST_PARAMS: usize = 100;

fn script(table: &Table, top: Span, reading: &mut Reading<'_>) -> Script {
    // What is missing may be what a syntax error has swallowed.
    let whole = !reading.diagnostics.has_errors();
    let mut fields = Fields::new(table, "a script", reading.diagnostics);
    let title = fields.string("title");
    let mut read = Script {
        span: top,
        language: fields.string("language"),
        voices: fields.strings("voice"),
        author: fields.string("author"),
        description: fields.string("description"),
        level: fields.string("level"),
        date: fields.date("date"),
        cover: fields.string("cover"),
        album: fields.string("album"),
        track: fields.integer("track"),
        genre: fields.string("genre"),
        props: fields.strings("props"),
        prop_place: table.item_place("props"),
        length_place: table.place("length"),
        voice_place: table.place("voice"),
        cautions: fields.strings("cautions"),
        tags: fields.strings("tags"),
        length: fields.value("length").cloned(),
        lead_in: fields.value("lead_in").cloned(),
        lead_out: fields.value("lead_out").cloned(),
        breath: fields.value("breath").cloned(),
        rate: fields.integer("rate"),
        channels: fields.string("channels"),
        loudness: fields.value("loudness").cloned(),
        ..Script::default()
    };
    let params = fields.table("params");
    let editions = fields.tables("edition");
    let words = fields.table("words");
    let bed = fields.table("bed");
    let sections = fields.tables("section");
    let editions = fields.up_to(MOST_EDITIONS, "edition", &editions, |edition| edition.span);
    let params =
        params.map(|table| fields.up_to(MOST_PARAMS, "params", &table.entries, |(name, _)| name.span));
    if whole && title.is_none() && table.get("title").is_none() && !table.has_like("title") {
        let finding = Diagnostic::error("missing-key", top, "a script needs `title`");
        let hint = Hint::from("begin it with `title = \"Legs up the wall\"`");
        let edit = table.place("title").map(|place| place.write("\"Legs up the wall\""));
        fields.diagnostics().push(finding.hint(hint.maybe_edit(edit)));
    }
    if whole && sections.is_empty() && table.get("section").is_none() && !table.has_like("section") {
        let finding = Diagnostic::error("missing-key", top, "a script needs at least one `[[section]]`");
        let end = Span { start: table.span.end, ..table.span };
        let hint =
            Hint::from("add `[[section]]` with `title = \"Rest\"` and `cues = [ { pause = \"1m\" } ]`")
                .instead(end, "\n[[section]]\ntitle = \"Rest\"\ncues = [ { pause = \"1m\" } ]\n");
        fields.diagnostics().push(finding.hint(hint));
    }
    fields.finish();
    read.title = title;
    read.words = words.map(|table| table.entries.clone()).unwrap_or_default();
    read.params = params.map(|params| self::params(params, reading.diagnostics)).unwrap_or_default();
    read.editions = editions.iter().filter_map(|table| edition(table, reading.diagnostics)).collect();
    read.bed = bed.map(|table| self::bed(table, reading.diagnostics));
    read.sections = sections.into_iter().map(|table| section(table, reading)).collect();
    read
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

fn bed(table: &Table, diagnostics: &mut Diagnostics) -> RawBed {
    let mut fields = Fields::new(table, "a bed", diagnostics);
    let sound = fields.string("sound");
    fields.require("sound", &sound, "\"rain\"");
    let bed = RawBed {
        span: table.span,
        sound,
        level: fields.string("level"),
        fade_in: fields.value("fade_in").cloned(),
        fade_out: fields.value("fade_out").cloned(),
        duck: fields.string("duck"),
    };
    fields.finish();
    bed
}

fn section(table: &Table, reading: &mut Reading<'_>) -> RawSection {
    let mut fields = Fields::new(table, "a section", reading.diagnostics);
    let title = fields.string("title");
    fields.require("title", &title, "\"Rest\"");
    let mut section = RawSection {
        span: table.span,
        title,
        length: fields.value("length").cloned(),
        counts: fields.boolean("counts"),
        repeat: fields.value("repeat").cloned(),
        sides: fields.strings("sides"),
        bed: None,
        kind: fields.string("kind"),
        props: fields.strings("props"),
        cues: Vec::new(),
        side_place: table.item_place("sides"),
        places: SectionPlaces {
            sides: table.place("sides"),
            repeat: table.place("repeat"),
            cue: table.item_place("cues").filter(|_| table.get("cues").is_some()),
        },
    };
    let bed = fields.value("bed");
    let cues_table = fields.value("cues");
    fields.require("cues", &cues_table, "[ { pause = \"1m\" } ]");
    fields.finish();
    section.bed = bed.and_then(|value| match &value.value {
        Node::String(name) => Some(RawBedChange::Named(crate::diag::Spanned::new(name.clone(), value.span))),
        Node::Table(table) => Some(RawBedChange::Set(Box::new(self::bed(table, reading.diagnostics)))),
        other => {
            let message = format!("`bed` must be \"none\" or a table, not {}", other.type_name());
            let hint = Hint::from("write `bed = \"none\"` or `bed = { sound = \"rain\" }`");
            let hint = hint.instead(value.span, "\"none\"");
            reading.diagnostics.push(Diagnostic::error("wrong-type", value.span, message).hint(hint));
            None
        }
    });
    section.cues = cues_table.map(|value| cues(value, reading)).unwrap_or_default();
    section
}
