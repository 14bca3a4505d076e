//! Sections and beds: from what is written to what is meant.

use super::action::MAX_REPETITIONS;
use super::bed::{Bed, BedChange};
use super::cue::cues;
use super::model::{Clock, Meta, Section, SectionKind, SectionPlaces};
use super::scope::Scope;
use crate::audio::SoundRef;
use crate::diag::{Diagnostic, Hint, Spanned, did_you_mean_instead, quoted};
use crate::document::{Node, Table, Value};
use crate::units::{Decibels, Millis};

/// A bed lies this far under the voice; WCAG 2.1 G56 asks for 20 dB at least.
const BED_LEVEL: Decibels = Decibels(-24.0);

/// A bed comes and goes in this time.
const BED_FADE: Millis = Millis::from_secs(5);

/// A bed is this much lower during speech.
const DUCK: Decibels = Decibels(-8.0);

/// Letters of a side at most: each place that says it has them.
const LONGEST_SIDE_LETTERS: usize = 100;

const SECTION_KINDS: [(&str, SectionKind); 2] =
    [("backbend", SectionKind::Backbend), ("inversion", SectionKind::Inversion)];

/// The bed that a table describes.
pub(crate) fn bed(table: &Table, scope: &mut Scope<'_>) -> Option<Bed> {
    scope.keys(table, "a bed", &["sound", "level", "fade_in", "fade_out", "duck"], &[("sound", "\"rain\"")]);
    let sound = scope.fields(table).string("sound");
    Some(Bed {
        level: scope.decibels_or(table, "level", BED_LEVEL),
        fade_in: scope.time_or(table, "fade_in", BED_FADE),
        fade_out: scope.time_or(table, "fade_out", BED_FADE),
        duck: lowering(table, scope),
        sound: sound?.map(SoundRef::bed),
    })
}

/// Ducking makes the bed lower; an author would otherwise not tell `"8dB"` from `"-8dB"`.
fn lowering(table: &Table, scope: &mut Scope<'_>) -> Decibels {
    let duck = scope.decibels_or(table, "duck", DUCK);
    if let (Some(raw), true) = (table.get("duck"), duck.0 > 0.0) {
        let diagnostic =
            Diagnostic::error("out-of-range", raw.span, "ducking makes the bed lower, not louder");
        let lower = format!("\"-{}dB\"", duck.0);
        scope.report(diagnostic.hint(Hint::from(format!("write {lower}")).instead(raw.span, lower)));
    }
    duck
}

/// The section that a table describes; `meta` lists the props there are.
pub(crate) fn section(table: &Table, meta: &Meta, scope: &mut Scope<'_>) -> Option<Section> {
    let keys = ["title", "length", "counts", "repeat", "sides", "kind", "props", "bed", "cues"];
    let required = [("title", "\"Rest\""), ("cues", "[ { pause = \"1m\" } ]")];
    scope.keys(table, "a section", &keys, &required);
    let mut fields = scope.fields(table);
    let (title, kind, counts) = (fields.string("title"), fields.string("kind"), fields.boolean("counts"));
    let (props, sides) = (fields.strings("props"), fields.strings("sides"));
    for prop in props.iter().filter(|prop| !meta.props.iter().any(|listed| listed.value == prop.value)) {
        let message = format!("`{}` is used here and not in the script's `props`", prop.value);
        let edit = meta.prop_place.as_ref().map(|place| place.write(&quoted(&prop.value)));
        let hint = Hint::from(format!("add \"{}\" to `props` at the top", prop.value)).maybe_edit(edit);
        scope.report(Diagnostic::warning("unlisted-prop", prop.span, message).hint(hint));
    }
    check_sides(&sides, table, scope);
    let span = title.as_ref().map_or(table.span, |title| title.span);
    let title = title.map(|title| scope.text(&title));
    let section = Section {
        span,
        length: scope.spanned_time(table, "length"),
        clock: if counts.is_some_and(|counts| !counts.value) { Clock::Outside } else { Clock::Counted },
        rounds: scope.number_or(table, "repeat", 1, MAX_REPETITIONS),
        sides: sides.into_iter().map(|side| side.value).collect(),
        bed: table.get("bed").map_or(BedChange::Keep, |change| bed_change(change, scope)),
        kind: kind.and_then(|kind| scope.one_of("kind of section", &kind, &SECTION_KINDS)),
        props,
        cues: table.get("cues").map(|list| cues(list, scope)).unwrap_or_default(),
        places: SectionPlaces {
            sides: table.place("sides"),
            repeat: table.place("repeat"),
            cue: table.item_place("cues").filter(|_| table.get("cues").is_some()),
        },
        title: title?,
    };
    Some(section)
}

/// Reports sides that are no words, and one without the other.
fn check_sides(sides: &[Spanned<String>], table: &Table, scope: &mut Scope<'_>) {
    for side in sides.iter().filter(|side| side.value.chars().count() > LONGEST_SIDE_LETTERS) {
        let diagnostic = Diagnostic::error("out-of-range", side.span, "a side is a word or two");
        scope.report(diagnostic.hint("write `sides = [\"left\", \"right\"]`"));
    }
    if let [side] = sides {
        let other = match side.value.as_str() {
            "right" => Some("left"),
            "left" => Some("right"),
            _ => None,
        };
        let diagnostic = Diagnostic::warning("one-sided", side.span, "`sides` names only one side");
        let shown = other.map_or_else(|| "...".to_owned(), quoted);
        let edit = other.zip(table.item_place("sides")).map(|(other, place)| place.write(&quoted(other)));
        let hint = Hint::from(format!("write `sides = [{}, {shown}]`", quoted(&side.value)));
        scope.report(diagnostic.hint(hint.maybe_edit(edit)));
    }
}

fn bed_change(value: &Value, scope: &mut Scope<'_>) -> BedChange {
    match &value.value {
        Node::Table(table) => bed(table, scope).map_or(BedChange::Keep, BedChange::Set),
        Node::String(name) if name == "none" => BedChange::Stop,
        Node::String(name) => {
            let message = format!("`bed` is \"none\" or a table, not `{name}`");
            let name = Spanned::new(name.clone(), value.span);
            let hint = did_you_mean_instead(&name, ["none"]).unwrap_or_else(|| {
                let table = format!("{{ sound = {} }}", quoted(&name.value));
                Hint::from(format!("write `bed = {table}`")).instead(name.span, table)
            });
            scope.report(Diagnostic::error("malformed", name.span, message).hint(hint));
            BedChange::Keep
        }
        other => {
            let message = format!("`bed` must be \"none\" or a table, not {}", other.type_name());
            let hint = Hint::from("write `bed = \"none\"` or `bed = { sound = \"rain\" }`");
            let hint = hint.instead(value.span, "\"none\"");
            scope.report(Diagnostic::error("wrong-type", value.span, message).hint(hint));
            BedChange::Keep
        }
    }
}
