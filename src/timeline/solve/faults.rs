//! The faults of a session: where a length cannot be met, and by how much.
//!
//! Told by `infeasible`, mended by `advice`, counted by `trial`. Must not know words.

use std::collections::BTreeMap;

use super::share::Fit;
use super::tree::{Infeasible, LeafId, LengthConstraint};
use crate::diag::Span;
use crate::script::Session;
use crate::timeline::expand::Plan;
use crate::units::Frames;

/// A fault: its kind and its place.
pub(super) type Fault = (&'static str, Span);

/// The faults of a session by kind, place and message, each with the frames it misses by.
pub(super) type Faults = BTreeMap<(&'static str, Span, String), Frames>;

/// By how much the fault of that kind at that place misses.
pub(super) fn missing_frames(faults: &Faults, (id, span): Fault) -> Option<Frames> {
    faults.get(&(id, span, String::new())).copied().filter(|by| *by > Frames::ZERO)
}

/// The fault of a length that is not met, and the frames by which it misses.
pub(super) fn fault_of(unmet: &Infeasible, session: &Session, plan: &Plan<'_>) -> (Fault, Frames) {
    let span = match unmet.pass.and_then(|pass| plan.passes.get(pass)) {
        Some(pass) => pass.section.length.map_or(pass.section.span, |length| length.span),
        None => session.length.map_or(Span::default(), |length| length.span),
    };
    match (unmet.extent, unmet.fit) {
        (LengthConstraint::UpTo(_, pinned), Fit::Over(by)) => (("overlap", pin_of(pinned, plan)), by),
        (_, Fit::Over(by)) => (("over-full", span), by),
        (_, Fit::Under(by) | Fit::Met { rest: by }) => (("under-full", span), by),
    }
}

/// The place of the pin of a leaf.
pub(super) fn pin_of(pinned: LeafId, plan: &Plan<'_>) -> Span {
    plan.leaves[pinned.0].cue.and_then(|cue| cue.at.map(|at| at.span)).unwrap_or_default()
}

/// The infeasible to tell: of those of one kind at one place, as in the passes of a section, the worst, which is mended with
/// what mends them all.
pub(crate) fn worst<'m>(
    infeasible: &'m [Infeasible],
    session: &Session,
    plan: &Plan<'_>,
) -> Vec<&'m Infeasible> {
    let mut worst: BTreeMap<Fault, (Frames, &Infeasible)> = BTreeMap::new();
    for unmet in infeasible {
        let (fault, by) = fault_of(unmet, session, plan);
        let most = worst.entry(fault).or_insert((by, unmet));
        if by > most.0 {
            *most = (by, unmet);
        }
    }
    worst.into_values().map(|(_, unmet)| unmet).collect()
}
