//! Sections, beds and cues: from what was written to what was meant.

use super::bed::{Bed, BedChange};
use super::cue::BREATH_KEYS;
use super::model::{Action, Clock, Cue, CueMix, Guide, Role, Section, SectionKind, Strikes};
use super::offset::{self, bare_offset};
use super::raw::{RawAction, RawBed, RawBedChange, RawCue, RawPause, RawSection, Script};
use super::scope::Scope;
use super::time::{self, written};
use crate::audio::{SoundKind, SoundRef, SoundSource};
use crate::diag::{Diagnostic, Hint, Place, Spanned, did_you_mean_instead, nearest, quoted};
use crate::document::{Node, Value};
use crate::units::{Decibels, Millis, Pan};

/// Levels and lengths where a script is silent.
mod default {
    use crate::units::{Decibels, Millis};

    /// A bed lies this far under the voice; WCAG 2.1 G56 asks for 20 dB at least.
    pub(super) const BED_LEVEL: Decibels = Decibels(-24.0);
    /// A bed comes and goes in this time.
    pub(super) const BED_FADE: Millis = Millis::from_secs(5);
    /// A bed is this much lower during speech.
    pub(super) const DUCK: Decibels = Decibels(-8.0);
    /// From one strike to the next: one breath's inhale, after the Plum Village bell guide.
    pub(super) const EVERY: Millis = Millis::from_secs(6);
    /// From a strike to the first word.
    pub(super) const RING: Millis = Millis::from_secs(6);
    /// In, hold, out, rest: six breaths a minute with the longer half out.
    pub(super) const BREATH: [Millis; 4] =
        [Millis::from_secs(4), Millis::ZERO, Millis::from_secs(6), Millis::ZERO];
    /// From one counted number to the next.
    pub(super) const COUNT_EVERY: Millis = Millis::from_secs(1);
}

/// The most passes, strikes, breaths or numbers of one cue.
const MOST_REPETITIONS: u32 = 1000;

/// The longest phase of a breath: its tone is made whole, and one of hours would fill the memory.
const LONGEST_BREATH_PHASE: Millis = Millis::from_secs(300);

/// Letters of a side at most: each place that says it has them.
const LONGEST_SIDE_LETTERS: usize = 100;

pub(crate) fn bed(raw: &RawBed, scope: &mut Scope<'_>) -> Option<Bed> {
    Some(Bed {
        sound: raw.sound.clone()?.map(SoundRef::bed),
        level: scope.decibels_or(raw.level.as_ref(), default::BED_LEVEL),
        fade_in: scope.time_or(raw.fade_in.as_ref(), "fade_in", default::BED_FADE),
        fade_out: scope.time_or(raw.fade_out.as_ref(), "fade_out", default::BED_FADE),
        duck: lowering(raw.duck.as_ref(), scope),
    })
}

/// Ducking makes the bed lower; an author would otherwise not tell `"8dB"` from `"-8dB"`.
fn lowering(raw: Option<&Spanned<String>>, scope: &mut Scope<'_>) -> Decibels {
    let duck = scope.decibels_or(raw, default::DUCK);
    if let (Some(raw), true) = (raw, duck.0 > 0.0) {
        let finding = Diagnostic::error("out-of-range", raw.span, "ducking makes the bed lower, not louder");
        let lower = format!("\"-{}dB\"", duck.0);
        scope.report(finding.hint(Hint::from(format!("write {lower}")).instead(raw.span, lower)));
    }
    duck
}

pub(crate) fn section(raw: &RawSection, script: &Script, scope: &mut Scope<'_>) -> Option<Section> {
    let props = raw.props.clone();
    for prop in &props {
        if !script.props.iter().any(|listed| listed.value == prop.value) {
            let message = format!("`{}` is used here and not in the script's `props`", prop.value);
            let edit = script.prop_place.as_ref().map(|place| place.write(&quoted(&prop.value)));
            let hint = Hint::from(format!("add \"{}\" to `props` at the top", prop.value)).maybe_edit(edit);
            scope.report(Diagnostic::warning("unlisted-prop", prop.span, message).hint(hint));
        }
    }
    for side in raw.sides.iter().filter(|side| side.value.chars().count() > LONGEST_SIDE_LETTERS) {
        let finding = Diagnostic::error("out-of-range", side.span, "a side is a word or two");
        scope.report(finding.hint("write `sides = [\"left\", \"right\"]`"));
    }
    let title = raw.title.as_ref().map(|title| scope.text(title));
    let section = Section {
        span: raw.title.as_ref().map_or(raw.span, |title| title.span),
        title: title?,
        length: raw.length.as_ref().and_then(|value| scope.spanned_time(value, "length")),
        clock: match &raw.counts {
            Some(Spanned { value: false, .. }) => Clock::Outside,
            _ => Clock::Counted,
        },
        rounds: raw
            .repeat
            .as_ref()
            .and_then(|value| scope.number(value, "repeat", MOST_REPETITIONS))
            .unwrap_or(1),
        sides: raw.sides.iter().map(|side| side.value.clone()).collect(),
        bed: raw.bed.as_ref().map_or(BedChange::Keep, |change| bed_change(change, scope)),
        kind: raw.kind.as_ref().and_then(|kind| scope.one_of("kind of section", kind, &SECTION_KINDS)),
        props,
        cues: cues(&raw.cues, scope),
        places: raw.places.clone(),
    };
    if let [side] = raw.sides.as_slice() {
        let other = match side.value.as_str() {
            "right" => Some("left"),
            "left" => Some("right"),
            _ => None,
        };
        let finding = Diagnostic::warning("one-sided", side.span, "`sides` names only one side");
        let shown = other.map_or_else(|| "...".to_owned(), quoted);
        let edit = other.zip(raw.side_place.as_ref()).map(|(other, place)| place.write(&quoted(other)));
        let hint = Hint::from(format!("write `sides = [{}, {shown}]`", quoted(&side.value)));
        scope.report(finding.hint(hint.maybe_edit(edit)));
    }
    Some(section)
}

fn bed_change(raw: &RawBedChange, scope: &mut Scope<'_>) -> BedChange {
    match raw {
        RawBedChange::Set(raw) => bed(raw, scope).map_or(BedChange::Keep, BedChange::Set),
        RawBedChange::Named(name) if name.value == "none" => BedChange::Stop,
        RawBedChange::Named(name) => {
            let message = format!("`bed` is \"none\" or a table, not `{}`", name.value);
            let hint = did_you_mean_instead(name, ["none"]).unwrap_or_else(|| {
                let table = format!("{{ sound = {} }}", quoted(&name.value));
                Hint::from(format!("write `bed = {table}`")).instead(name.span, table)
            });
            scope.report(Diagnostic::error("malformed", name.span, message).hint(hint));
            BedChange::Keep
        }
    }
}

const SECTION_KINDS: [(&str, SectionKind); 2] =
    [("backbend", SectionKind::Backbend), ("inversion", SectionKind::Inversion)];

const ROLES: [(&str, Role); 6] = [
    ("setup", Role::Setup),
    ("enter", Role::Enter),
    ("hold", Role::Hold),
    ("exit", Role::Exit),
    ("caution", Role::Caution),
    ("option", Role::Option),
];

const GUIDES: [(&str, Guide); 3] =
    [("voice", Guide::Voice), ("tone", Guide::Tone), ("silent", Guide::Silent)];

/// Cues in order; those of included files stand in place of the include.
fn cues(raw: &[RawCue], scope: &mut Scope<'_>) -> Vec<Cue> {
    let mut lowered = Vec::with_capacity(raw.len());
    for cue in raw {
        match &cue.action {
            RawAction::Include(included) => lowered.extend(cues(included, scope)),
            _ => lowered.extend(self::cue(cue, scope)),
        }
    }
    lowered
}

fn cue(raw: &RawCue, scope: &mut Scope<'_>) -> Option<Cue> {
    let at = raw.at.as_ref().and_then(|value| match &value.value {
        Node::String(text) => {
            let breath = scope.breath();
            scope.read(offset::at(text, breath), value.span).map(|at| Spanned::new(at, value.span))
        }
        other => {
            let typed = match other {
                Node::Integer(seconds) => seconds.to_string(),
                Node::Float(seconds) => seconds.to_string(),
                _ => String::new(),
            };
            let breath = scope.breath();
            scope.report(bare_offset(value.span, &typed, breath));
            None
        }
    });
    let mix = CueMix {
        gain: scope.decibels_or(raw.gain.as_ref(), Decibels::ZERO),
        pan: raw.pan.as_ref().map_or(Pan::CENTRE, |pan| self::pan(pan, scope)),
        fade_in: scope.time_or(raw.fade_in.as_ref(), "fade_in", Millis::ZERO),
        fade_out: scope.time_or(raw.fade_out.as_ref(), "fade_out", Millis::ZERO),
    };
    let role = raw.role.as_ref().and_then(|role| scope.one_of("role", role, &ROLES));
    let unpin = raw.unpin.clone();
    Some(Cue { span: raw.span, action: action(raw, scope)?, at, unpin, mix, role })
}

fn pan(pan: &Spanned<f64>, scope: &mut Scope<'_>) -> Pan {
    if !(-1.0..=1.0).contains(&pan.value) {
        let message = format!("`pan` is {}, and goes from -1 (left) to 1 (right)", pan.value);
        let side = if pan.value < 0.0 { "-1.0" } else { "1.0" };
        let hint = Hint::from(format!("write `pan = {side}`")).instead(pan.span, side);
        scope.report(Diagnostic::error("out-of-range", pan.span, message).hint(hint));
        return Pan::CENTRE;
    }
    Pan(pan.value as f32)
}

fn action(raw: &RawCue, scope: &mut Scope<'_>) -> Option<Action> {
    Some(match &raw.action {
        RawAction::Say(text) => Action::Say(scope.text(text.as_ref()?)),
        RawAction::Clip { path, text } => {
            let text = text.as_ref().map(|text| scope.text(text));
            let kind = if text.is_some() { SoundKind::Speech } else { SoundKind::AsIs };
            Action::Clip { sound: path.clone()?.map(|path| SoundRef::file(kind, path)), text }
        }
        RawAction::Bell { name, strikes, every, ring, pitch } => {
            let strikes = Strikes {
                count: number_or(strikes.as_ref(), "strikes", 1, scope),
                every: scope.time_or(every.as_ref(), "every", default::EVERY),
                ring: scope.time_or(ring.as_ref(), "ring", default::RING),
            };
            let pitch = pitch.as_ref().and_then(|pitch| scope.read(time::pitch(&pitch.value), pitch.span));
            let sound = name.clone()?.map(|name| SoundRef::bell(name, pitch));
            if let (SoundSource::File(path), Some(_)) = (&sound.value.source, pitch) {
                let message = format!("could not read `{path}`: only built-in bells can be given a pitch");
                scope.report(Diagnostic::error("unreadable-sound", sound.span, message));
            }
            Action::Bell { sound, strikes }
        }
        RawAction::Pause(pause) => self::pause(pause, scope)?,
        RawAction::Breathe { breaths, phases, places, guide } => {
            breathe(breaths.as_ref(), phases, places, guide.as_ref(), scope)?
        }
        RawAction::Count { to, every, place } => Action::Count {
            to: scope.number(to.as_ref()?, "count", MOST_REPETITIONS)?,
            every: scope.time_or(every.as_ref(), "every", default::COUNT_EVERY),
            place: scope.literal_place(every.as_ref(), place),
        },
        RawAction::Checks(checks) => Action::Checks(
            checks
                .iter()
                .filter_map(|check| {
                    let breath = scope.breath();
                    let read = scope.read(offset::check(&check.value, breath), check.span)?;
                    Some(Spanned::new(read, check.span))
                })
                .collect(),
        ),
        RawAction::Repeat { times, cues } => {
            let times = scope.number(times.as_ref()?, "repeat", MOST_REPETITIONS);
            let cues = self::cues(cues, scope);
            Action::Repeat { times: times?, cues }
        }
        RawAction::Note(text) => Action::Note(text.as_ref()?.value.clone()),
        // `cues` puts what it holds in its place.
        RawAction::Include(_) => return None,
    })
}

fn number_or(value: Option<&Value>, key: &str, default: u32, scope: &mut Scope<'_>) -> u32 {
    value.and_then(|value| scope.number(value, key, MOST_REPETITIONS)).unwrap_or(default)
}

fn pause(raw: &RawPause, scope: &mut Scope<'_>) -> Option<Action> {
    let (weight, min, max, place) = match raw {
        RawPause::Written(value) => match &value.value {
            Node::String(text) if text.trim() == "flex" => {
                let (before, after) = ("{ flex = 1, min = ".to_owned(), " }".to_owned());
                let least = Some(Place { before, after, ..Place::of(value) });
                return Some(Action::Elastic { weight: 1, min: Millis::ZERO, max: None, least });
            }
            Node::String(text) if nearest(text, ["flex"]).is_some() => {
                let message = format!("`{text}` is no pause");
                let hint = Hint::from("did you mean `flex`?").instead(value.span, "\"flex\"");
                scope.report(Diagnostic::error("malformed", value.span, message).hint(hint));
                return None;
            }
            _ => return scope.time(value, "pause").map(Action::Pause),
        },
        RawPause::Elastic { weight, min, max, least } => (weight, min, max, least),
    };
    let weight = number_or(weight.as_ref(), "flex", 1, scope);
    let least = scope.time_or(min.as_ref(), "min", Millis::ZERO);
    let most = max.as_ref().and_then(|value| scope.time(value, "max"));
    if let (Some(value), Some(most), true) = (max, most, most.is_some_and(|most| most < least)) {
        let message = format!("this pause is at least {least} and at most {most}");
        let larger = quoted(&written(least));
        let edit =
            scope.literal_place(max.as_ref(), &Some(Place::of(value))).map(|place| place.write(&larger));
        let hint = Hint::from(format!("write `max = {larger}`, or a larger one")).maybe_edit(edit);
        scope.report(Diagnostic::error("out-of-range", value.span, message).hint(hint));
    }
    let place = scope.literal_place(min.as_ref(), place);
    Some(Action::Elastic { weight, min: least, max: most.filter(|most| *most >= least), least: place })
}

fn breathe(
    breaths: Option<&Value>,
    phases: &[Option<Value>; 4],
    places: &[Option<Place>; 4],
    guide: Option<&Spanned<String>>,
    scope: &mut Scope<'_>,
) -> Option<Action> {
    let value = breaths?;
    let breaths = scope.number(value, "breathe", MOST_REPETITIONS);
    let mut lengths = default::BREATH;
    for (index, phase) in phases.iter().enumerate() {
        lengths[index] = scope.time_or(phase.as_ref(), BREATH_KEYS[index], lengths[index]);
        if let Some(value) = phase.as_ref().filter(|_| lengths[index] > LONGEST_BREATH_PHASE) {
            let message = format!(
                "`{}` is {}, and a breath does not take that long",
                BREATH_KEYS[index], lengths[index]
            );
            let finding = Diagnostic::error("out-of-range", value.span, message);
            scope.report(finding.hint(format!("write up to \"{}s\"", LONGEST_BREATH_PHASE.0 / 1000)));
        }
    }
    let guide = match guide {
        None => Guide::Voice,
        Some(guide) => scope.one_of("guide", guide, &GUIDES)?,
    };
    if lengths[0] + lengths[2] == Millis::ZERO {
        let [inwards, _, outwards, _] = places;
        let hint = Hint {
            text: "write `in = \"4s\", out = \"6s\"`".to_owned(),
            edits: [(inwards, "\"4s\""), (outwards, "\"6s\"")]
                .into_iter()
                .filter_map(|(place, length)| Some(place.as_ref()?.write(length)))
                .collect(),
        };
        scope.report(Diagnostic::error("out-of-range", value.span, "a breath goes in and out").hint(hint));
    }
    let place = |index: usize| scope.literal_place(phases[index].as_ref(), &places[index]);
    let places = Box::new([place(0), place(1), place(2), place(3)]);
    Some(Action::Breathe { breaths: breaths?, phases: lengths, places, guide })
}
