//! Advice about lengths and pins: what to write so that all fits, tried before it is given.
//!
//! For each kind of fault there are a few changes that a person would think of, the least first; the first that mends
//! it, and breaks nothing else, is the hint. Must not know how a session is solved: it asks [`Trials`].

use super::edits::{hint, pinned_cue};
use super::faults::{Fault, Faults, missing_frames};
use super::trial::{Change, Trials};
use crate::diag::{Edit, Hint, Span};
use crate::script::{At, Clock, Cue, Section, Session};
use crate::timeline::measure::least_millis;
use crate::units::{Frames, Millis};

/// The most times a length or a pin is moved by what is still missing: a pin in percent leaves half of it each time.
const MAX_STEPS: usize = 24;

/// The fault of a session that has none, and is to have none afterwards.
fn no_fault() -> Fault {
    ("", Span::default())
}

/// The advice about a length that is too short for what is in it.
pub(super) fn over_full(
    trials: &mut Trials<'_, '_>,
    fault: Fault,
    section: Option<&Section>,
    by: Frames,
) -> Hint {
    let or = "shorten a pause or a line";
    let found = lengthened(trials, fault, section, by, &[])
        .or_else(|| pinned_earlier(trials, fault, section?, by))
        .or_else(|| lengthened_with_flex(trials, fault, section, by));
    found.map_or_else(|| or.into(), |changes| hint(trials.session, &changes, or))
}

/// The advice about a length that is too long for what is in it.
pub(super) fn under_full(
    trials: &mut Trials<'_, '_>,
    fault: Fault,
    section: Option<&Section>,
    by: Frames,
) -> Hint {
    let open = |section: &&Section| section.clock == Clock::Counted && section.length.is_none();
    let home = section.or_else(|| trials.session.sections.iter().rfind(open));
    if let Some(home) = home
        && trials.mends(fault, &[Change::Flex(home.span)]) == Some(Ok(()))
    {
        let edit = home.places.cue.as_ref().map(|place| place.write("{ pause = \"flex\" }"));
        return Hint::from("add `{ pause = \"flex\" }` where the silence should be").maybe_edit(edit);
    }
    let shorter = by.to_millis(trials.rate);
    let current = length_of(trials.session, section);
    let changes = current.map(|current| vec![length(section, Millis(current.0.saturating_sub(shorter.0)))]);
    let mends = |changes: &Vec<Change>| trials.mends(fault, changes) == Some(Ok(()));
    match changes.filter(mends) {
        Some(changes) => hint(trials.session, &changes, "make a pause longer"),
        None => "make a pause longer".into(),
    }
}

/// The advice about a cue that is pinned where it cannot be.
pub(crate) fn pinned(trials: &mut Trials<'_, '_>, fault: Fault, by: Frames) -> Hint {
    let or = "shorten what is before it";
    let Some((section, cue)) = pinned_cue(trials.session, fault.1) else { return or.into() };
    let Some(at) = cue.at else { return or.into() };
    let start = match fault.0 {
        "pin-outside" => At::BeforeEnd(Millis::ZERO),
        "pin-without-length" => At::FromStart(Millis::ZERO),
        "pin-order" => At::FromStart(latest_before(section, fault.1)),
        _ => later(at.value, by, section, trials),
    };
    let moved = moved(trials, fault, section, start);
    let found = moved
        .or_else(|| lengthened(trials, fault, Some(section), by, &[]))
        .or_else(|| lengthened(trials, fault, Some(section), by, &[Change::Pin(fault.1, Some(start))]))
        .or_else(|| {
            let unpinned = vec![Change::Pin(fault.1, None)];
            (trials.mends(fault, &unpinned) == Some(Ok(()))).then_some(unpinned)
        });
    found.map_or_else(|| or.into(), |changes| hint(trials.session, &changes, or))
}

/// The advice about an elastic pause that no time is left for.
pub(crate) fn empty_pause(trials: &mut Trials<'_, '_>, pause: &Cue, edit: Option<Edit>) -> Hint {
    let least = [Change::Least(pause.span, Millis::from_secs(1))];
    match trials.mends(no_fault(), &least) {
        Some(Ok(())) => Hint::from("give it a `min`, as in `{ flex = 1, min = \"1s\" }`").maybe_edit(edit),
        _ => {
            let or = "take the pause away";
            let within =
                |section: &&Section| section.cue_at(pause.span).is_some() && section.length.is_some();
            let section = trials.session.sections.iter().find(within);
            let to = length_of(trials.session, section).map(|now| now + Millis::from_secs(1));
            let changes = to.map(|to| vec![length(section, to)]);
            let mends = |changes: &Vec<Change>| trials.mends(no_fault(), changes) == Some(Ok(()));
            changes.filter(mends).map_or_else(|| or.into(), |changes| hint(trials.session, &changes, or))
        }
    }
}

/// The pin moved until what is before it and what is after it have room.
fn moved(trials: &mut Trials<'_, '_>, fault: Fault, section: &Section, start: At) -> Option<Vec<Change>> {
    let mut at = start;
    for _ in 0..MAX_STEPS {
        let changes = vec![Change::Pin(fault.1, Some(at))];
        let faults = match trials.mends(fault, &changes)? {
            Ok(()) => return Some(changes),
            Err(faults) => faults,
        };
        let rate = trials.rate;
        let full = section.length.and_then(|length| missing_frames(&faults, ("over-full", length.span)));
        at = match (missing_frames(&faults, ("overlap", fault.1)), full, at) {
            (Some(by), ..) => later(at, by, section, trials),
            (None, Some(by), At::BeforeEnd(time)) => At::BeforeEnd(time + least_millis(by, rate)),
            _ => return None,
        };
    }
    None
}

/// The last pin of a section moved away from its end, and the length made longer where that is not enough.
fn pinned_earlier(
    trials: &mut Trials<'_, '_>,
    fault: Fault,
    section: &Section,
    by: Frames,
) -> Option<Vec<Change>> {
    let last = section.cues.iter().filter_map(|cue| cue.at).next_back()?;
    let length = section.length?.value;
    let before_end = match last.value {
        At::FromStart(_) => return None,
        At::BeforeEnd(time) => time,
        At::Share { millipercent } => Millis(length.0 - length.0 * millipercent / 100_000),
    };
    let earlier = Change::Pin(last.span, Some(At::BeforeEnd(before_end + least_millis(by, trials.rate))));
    match trials.mends(fault, std::slice::from_ref(&earlier))? {
        Ok(()) => Some(vec![earlier]),
        Err(_) => lengthened(trials, fault, Some(section), by, &[earlier]),
    }
}

/// A longer length, of the session too if it must hold more then, together with other changes.
fn lengthened(
    trials: &mut Trials<'_, '_>,
    fault: Fault,
    section: Option<&Section>,
    by: Frames,
    with: &[Change],
) -> Option<Vec<Change>> {
    let mut to = length_of(trials.session, section)? + least_millis(by, trials.rate);
    let mut whole = trials.session.length;
    let mut missing = Frames(u64::MAX);
    for _ in 0..MAX_STEPS {
        let mut changes = with.to_vec();
        changes.push(length(section, to));
        let longer = whole.filter(|whole| section.is_some() && Some(*whole) != trials.session.length);
        changes.extend(longer.map(|whole| Change::SessionLength(whole.value)));
        let faults = match trials.mends(fault, &changes)? {
            Ok(()) => return Some(changes),
            Err(faults) => faults,
        };
        match (still(&faults, fault, section), whole.as_mut()) {
            (Some(by), _) if by < missing => {
                to = to + least_millis(by, trials.rate);
                missing = by;
            }
            (None, Some(whole)) if section.is_some() => {
                let over = missing_frames(&faults, ("over-full", whole.span))?;
                whole.value = whole.value + least_millis(over, trials.rate);
            }
            _ => return None,
        }
    }
    None
}

/// Returns the frames that are still missing in a section: before the pin, or in its length.
fn still(faults: &Faults, fault: Fault, section: Option<&Section>) -> Option<Frames> {
    let length = section.and_then(|section| section.length).map(|length| ("over-full", length.span));
    missing_frames(faults, fault).or_else(|| missing_frames(faults, length?))
}

/// A length in whole seconds, and an elastic pause that takes what is left of it: for what takes no whole milliseconds.
fn lengthened_with_flex(
    trials: &mut Trials<'_, '_>,
    fault: Fault,
    section: Option<&Section>,
    by: Frames,
) -> Option<Vec<Change>> {
    let open = |section: &&Section| section.clock == Clock::Counted && section.length.is_none();
    let home = section.or_else(|| trials.session.sections.iter().rfind(open))?;
    let to = length_of(trials.session, section)? + least_millis(by, trials.rate);
    let whole = Millis::from_secs(to.0.div_ceil(1000));
    let changes = vec![length(section, whole), Change::Flex(home.span)];
    (trials.mends(fault, &changes)? == Ok(())).then_some(changes)
}

fn length_of(session: &Session, section: Option<&Section>) -> Option<Millis> {
    let length = section.map_or(session.length, |section| section.length);
    length.map(|length| length.value)
}

fn length(section: Option<&Section>, to: Millis) -> Change {
    section.map_or(Change::SessionLength(to), |section| Change::SectionLength(section.span, to))
}

/// The latest instant that a cue before this pin is pinned to.
fn latest_before(section: &Section, pin: Span) -> Millis {
    let length = section.length.map_or(Millis::ZERO, |length| length.value);
    let before = section.cues.iter().filter_map(|cue| cue.at).take_while(|at| at.span != pin);
    let from_start = before.map(|at| match at.value {
        At::FromStart(time) => time,
        At::BeforeEnd(time) => Millis(length.0.saturating_sub(time.0)),
        At::Share { millipercent } => Millis((length.0 * millipercent).div_ceil(100_000)),
    });
    from_start.max().unwrap_or_default()
}

/// An offset that much later, from where it was counted.
fn later(at: At, by: Frames, section: &Section, trials: &Trials<'_, '_>) -> At {
    let by = least_millis(by, trials.rate);
    match at {
        At::FromStart(time) => At::FromStart(time + by),
        At::BeforeEnd(time) => At::BeforeEnd(Millis(time.0.saturating_sub(by.0))),
        At::Share { millipercent } => {
            let length = section.length.map_or(1, |length| length.value.0.max(1));
            let more = (by.0 * 100_000).div_ceil(length);
            At::Share { millipercent: (millipercent + more).min(100_000) }
        }
    }
}
