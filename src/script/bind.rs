//! Written to meant: a script and the values of its parameters make a session.

use std::collections::{BTreeMap, BTreeSet};

use super::as_written::Script;
use super::loudness::Loudness;
use super::model::{Meta, Session};
use super::scope::Scope;
use super::section;
use super::values::{Binding, params};
use super::wording::Wording;
use crate::audio::ChannelLayout;
use crate::diag::{Diagnostic, Diagnostics, Hint, Spanned};
use crate::document::{Node, Table};
use crate::units::Millis;

/// One breath where a script does not say: six a minute, the pace most studies of slow breathing use
/// (Laborde et al. 2021; Shao et al. 2024).
pub(crate) const DEFAULT_BREATH: Millis = Millis::from_secs(10);

/// Letters that stand for a number or a time at most: each place that says it has them.
const LONGEST_WORDING_LETTERS: usize = 200;

/// The rates a track may have, in frames a second.
const SAMPLE_RATES_HZ: std::ops::RangeInclusive<i64> = 8_000..=192_000;

/// The keys of a script, as they are told.
const KEYS: [&str; 26] = [
    "title",
    "language",
    "voice",
    "author",
    "description",
    "level",
    "date",
    "cover",
    "album",
    "track",
    "genre",
    "props",
    "cautions",
    "tags",
    "length",
    "lead_in",
    "lead_out",
    "breath",
    "rate",
    "channels",
    "loudness",
    "params",
    "edition",
    "words",
    "bed",
    "section",
];

/// Gives the parameters of `script` their values and checks every number in it.
///
/// Never fails: all mistakes are added to `diagnostics`, and what could be understood is returned.
pub fn bind(script: &Script, binding: &Binding, diagnostics: &mut Diagnostics) -> Session {
    let breath = breath(script, diagnostics);
    let params = params(script, binding, breath, diagnostics);
    let declared = script.params.iter().map(|param| param.name.value.clone()).collect();
    let mut scope = Scope::new(breath, params, declared, diagnostics);
    let table = &script.table;
    scope.keys(table, "a script", &KEYS, &[]);
    let language = scope.fields(table).string("language").map(|language| language.value);
    let language = language.or_else(|| binding.language.clone()).unwrap_or_else(|| "en".to_owned());
    let wording = wording(table, &language, &mut scope);
    let meta = meta(script, language, &mut scope);
    let (bed, sections) = (scope.fields(table).table("bed"), scope.fields(table).tables("section"));
    let session = Session {
        wording,
        edition: binding.edition.clone(),
        voices: scope.fields(table).strings("voice"),
        length: scope.spanned_time(table, "length"),
        lead_in: scope.time_or(table, "lead_in", Millis::ZERO),
        lead_out: scope.time_or(table, "lead_out", Millis::ZERO),
        bed: bed.and_then(|bed| section::bed(bed, &mut scope)),
        sections: sections.iter().filter_map(|table| section::section(table, &meta, &mut scope)).collect(),
        rate: rate(table, &mut scope),
        channels: channels(table, &mut scope),
        loudness: table.get("loudness").map_or_else(Loudness::default, |value| scope.loudness(value)),
        params: Vec::new(),
        given: Vec::new(),
        length_place: table.place("length"),
        voice_place: table.place("voice"),
        meta,
    };
    let (params, given) = scope.finish(script);
    Session { params, given, ..session }
}

fn wording(table: &Table, language: &str, scope: &mut Scope<'_>) -> Wording {
    let mut words = BTreeMap::new();
    for (english, value) in scope.fields(table).table("words").iter().flat_map(|table| &table.entries) {
        match &value.value {
            Node::String(text) if text.chars().count() > LONGEST_WORDING_LETTERS => {
                let message = format!("the words for `{}` are too many to be said in a line", english.value);
                let hint = format!("write up to {LONGEST_WORDING_LETTERS} letters");
                scope.report(Diagnostic::error("out-of-range", value.span, message).hint(hint));
            }
            Node::String(text) => {
                words.insert(english.value.clone(), text.clone());
            }
            other => {
                let message = format!("`{}` must be a string, not {}", english.value, other.type_name());
                scope.report(Diagnostic::error("wrong-type", value.span, message));
            }
        }
    }
    Wording::new(language, words)
}

fn meta(script: &Script, language: String, scope: &mut Scope<'_>) -> Meta {
    let table = &script.table;
    let track = track(table, scope);
    let mut fields = scope.fields(table);
    let title = fields.string("title");
    let mut text = |key| fields.string(key).map(|text| text.value);
    let (author, description, level) = (text("author"), text("description"), text("level"));
    let (album, genre) = (text("album"), text("genre"));
    let mut texts = |key| fields.strings(key).into_iter().map(|text| text.value).collect();
    Meta {
        span: title.as_ref().map_or(script.span, |title| title.span),
        title: title.map(|title| title.value).unwrap_or_default(),
        language,
        author,
        description,
        level,
        album,
        track,
        genre,
        cautions: texts("cautions"),
        tags: texts("tags"),
        date: fields.date("date"),
        cover: fields.string("cover"),
        props: fields.strings("props"),
        prop_place: table.item_place("props"),
    }
}

/// The number of a track in its series: players show up to three digits.
fn track(table: &Table, scope: &mut Scope<'_>) -> Option<u32> {
    let track = scope.fields(table).integer("track")?;
    let fitting = u32::try_from(track.value).ok().filter(|number| (1..=999).contains(number));
    if fitting.is_none() {
        let message = format!("`track` is {}, and goes from 1 to 999", track.value);
        let nearest = track.value.clamp(1, 999);
        let hint = Hint::from(format!("write `track = {nearest}`")).instead(track.span, nearest.to_string());
        scope.report(Diagnostic::error("out-of-range", track.span, message).hint(hint));
    }
    fitting
}

fn rate(table: &Table, scope: &mut Scope<'_>) -> Option<Spanned<u32>> {
    let rate = scope.fields(table).integer("rate")?;
    if SAMPLE_RATES_HZ.contains(&rate.value) {
        return u32::try_from(rate.value).ok().map(|hz| Spanned::new(hz, rate.span));
    }
    let message = format!(
        "`rate` is {}, and tracks have {} to {} frames a second",
        rate.value,
        SAMPLE_RATES_HZ.start(),
        SAMPLE_RATES_HZ.end()
    );
    let hint = Hint::from("write `rate = 48000`").instead(rate.span, "48000");
    scope.report(Diagnostic::error("out-of-range", rate.span, message).hint(hint));
    None
}

fn channels(table: &Table, scope: &mut Scope<'_>) -> Option<Spanned<ChannelLayout>> {
    let channels = scope.fields(table).string("channels")?;
    let known = [("mono", ChannelLayout::Mono), ("stereo", ChannelLayout::Stereo)];
    scope.one_of("channel layout", &channels, &known).map(|layout| Spanned::new(layout, channels.span))
}

fn breath(script: &Script, diagnostics: &mut Diagnostics) -> Millis {
    let mut scope = Scope::new(DEFAULT_BREATH, BTreeMap::new(), BTreeSet::new(), diagnostics);
    let breath = scope.time_or(&script.table, "breath", DEFAULT_BREATH);
    if breath >= Millis::from_secs(1) {
        return breath;
    }
    let span = script.table.get("breath").map_or(script.span, |value| value.span);
    let hint = Hint::from("write `breath = \"10s\"`").instead(span, "\"10s\"");
    scope.report(Diagnostic::error("out-of-range", span, "a breath takes at least a second").hint(hint));
    DEFAULT_BREATH
}
