//! Written to meant: a script and the values of its parameters make a session.

use std::collections::{BTreeMap, BTreeSet};

use super::loudness::Loudness;
use super::lower;
use super::model::{Meta, Session};
use super::raw::Script;
use super::scope::Scope;
use super::values::{Binding, params};
use super::wording::Wording;
use crate::audio::ChannelLayout;
use crate::diag::{Diagnostic, Diagnostics, Hint, Spanned};
use crate::document::Node;
use crate::units::Millis;

/// One breath where a script does not say: six a minute, the pace most studies of slow breathing use
/// (Laborde et al. 2021; Shao et al. 2024).
pub(crate) const BREATH: Millis = Millis::from_secs(10);

/// Letters that stand for a number or a time at most: each place that says it has them.
const LONGEST_WORDING_LETTERS: usize = 200;

/// The rates a track may have, in frames a second.
const SAMPLE_RATES_HZ: std::ops::RangeInclusive<i64> = 8_000..=192_000;

/// Gives the parameters of `script` their values and checks every number in it.
///
/// Never fails: all mistakes are added to `diagnostics`, and what could be understood is returned.
pub fn bind(script: &Script, binding: &Binding, diagnostics: &mut Diagnostics) -> Session {
    let breath = breath(script, diagnostics);
    let params = params(script, binding, breath, diagnostics);
    let declared = script.params.iter().map(|param| param.name.value.clone()).collect();
    let mut scope = Scope::new(breath, params, declared, diagnostics);
    let written = script.language.as_ref().map(|language| language.value.clone());
    let language = written.or_else(|| binding.language.clone()).unwrap_or_else(|| "en".to_owned());
    let session = Session {
        wording: wording(script, &language, &mut scope),
        meta: meta(script, language, &mut scope),
        edition: binding.edition.clone(),
        voices: script.voices.clone(),
        length: script.length.as_ref().and_then(|value| scope.spanned_time(value, "length")),
        lead_in: scope.time_or(script.lead_in.as_ref(), "lead_in", Millis::ZERO),
        lead_out: scope.time_or(script.lead_out.as_ref(), "lead_out", Millis::ZERO),
        bed: script.bed.as_ref().and_then(|bed| lower::bed(bed, &mut scope)),
        sections: script.sections.iter().filter_map(|s| lower::section(s, script, &mut scope)).collect(),
        rate: script.rate.as_ref().and_then(|rate| self::rate(rate, &mut scope)),
        channels: script.channels.as_ref().and_then(|channels| self::channels(channels, &mut scope)),
        loudness: script.loudness.as_ref().map_or_else(Loudness::default, |value| scope.loudness(value)),
        params: Vec::new(),
        given: Vec::new(),
        length_place: script.length_place.clone(),
        voice_place: script.voice_place.clone(),
    };
    let (params, given) = scope.finish(script);
    Session { params, given, ..session }
}

fn wording(script: &Script, language: &str, scope: &mut Scope<'_>) -> Wording {
    let mut words = BTreeMap::new();
    for (english, value) in &script.words {
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
    let text = |field: &Option<Spanned<String>>| field.as_ref().map(|text| text.value.clone());
    let texts = |fields: &[Spanned<String>]| fields.iter().map(|text| text.value.clone()).collect();
    Meta {
        title: text(&script.title).unwrap_or_default(),
        span: script.title.as_ref().map_or(script.span, |title| title.span),
        language,
        author: text(&script.author),
        description: text(&script.description),
        level: text(&script.level),
        date: script.date.clone(),
        cover: script.cover.clone(),
        album: text(&script.album),
        track: script.track.as_ref().and_then(|track| self::track(track, scope)),
        genre: text(&script.genre),
        props: script.props.clone(),
        prop_place: script.prop_place.clone(),
        cautions: texts(&script.cautions),
        tags: texts(&script.tags),
    }
}

/// The number of a track in its series: players show up to three digits.
fn track(track: &Spanned<i64>, scope: &mut Scope<'_>) -> Option<u32> {
    let fitting = u32::try_from(track.value).ok().filter(|number| (1..=999).contains(number));
    if fitting.is_none() {
        let message = format!("`track` is {}, and goes from 1 to 999", track.value);
        let nearest = track.value.clamp(1, 999);
        let hint = Hint::from(format!("write `track = {nearest}`")).instead(track.span, nearest.to_string());
        scope.report(Diagnostic::error("out-of-range", track.span, message).hint(hint));
    }
    fitting
}

fn rate(rate: &Spanned<i64>, scope: &mut Scope<'_>) -> Option<Spanned<u32>> {
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

fn channels(channels: &Spanned<String>, scope: &mut Scope<'_>) -> Option<Spanned<ChannelLayout>> {
    let known = [("mono", ChannelLayout::Mono), ("stereo", ChannelLayout::Stereo)];
    let layout = scope.one_of("channel layout", channels, &known)?;
    Some(Spanned::new(layout, channels.span))
}

fn breath(script: &Script, diagnostics: &mut Diagnostics) -> Millis {
    let mut scope = Scope::new(BREATH, BTreeMap::new(), BTreeSet::new(), diagnostics);
    let breath = scope.time_or(script.breath.as_ref(), "breath", BREATH);
    if breath >= Millis::from_secs(1) {
        return breath;
    }
    let span = script.breath.as_ref().map_or(script.span, |value| value.span);
    let hint = Hint::from("write `breath = \"10s\"`").instead(span, "\"10s\"");
    scope.report(Diagnostic::error("out-of-range", span, "a breath takes at least a second").hint(hint));
    BREATH
}
