//! The reason why a length cannot be met, in words: seconds over or under, which pauses are at their bound, what to
//! loosen.

use std::collections::BTreeMap;

use super::advice::{over_full, pinned as pinned_hint, under_full};
use super::expand::Plan;
use super::measure::Measured;
use super::share::Fit;
use super::tree::{Infeasible, LeafId, LengthConstraint};
use super::trial::Trials;
use crate::diag::{Diagnostic, Span};
use crate::script::{Action, Session};
use crate::units::{Frames, Millis, SampleRate};

/// The most pauses to point at; the message counts the others.
const MOST_POINTED_AT: usize = 4;

pub(crate) fn explain(
    misfit: &Infeasible,
    session: &Session,
    plan: &Plan<'_>,
    measured: &[Measured],
    rate: SampleRate,
    trials: &mut Trials<'_, '_>,
) -> Diagnostic {
    if let (LengthConstraint::UpTo(_, pinned), Fit::Over(by)) = (misfit.extent, misfit.fit) {
        return overlap(misfit, pinned, by, plan, measured, rate, trials);
    }
    let (id, span, by) = place_of(misfit, session, plan);
    let section = misfit.pass.and_then(|pass| plan.passes.get(pass)).map(|pass| pass.section);
    let what = if section.is_some() { "this section" } else { "the counted part" };
    let (finding, bound) = match misfit.fit {
        Fit::Over(by) => {
            let message = format!("{what} is {} too long for its `length`", seconds(by, rate));
            (Diagnostic::error("over-full", span, message), "minimum")
        }
        Fit::Under(by) | Fit::Met { rest: by } => {
            let message = format!("{what} is {} too short for its `length`", seconds(by, rate));
            (Diagnostic::error("under-full", span, message), "maximum")
        }
    };
    let finding = point_at(finding, &misfit.elastic, bound, plan, rate);
    finding.hint(match misfit.fit {
        Fit::Over(_) => over_full(trials, (id, span), section, by),
        Fit::Under(_) | Fit::Met { .. } => under_full(trials, (id, span), section, by),
    })
}

/// The kind of a misfit, its place, and by how much it misses.
pub(crate) fn place_of(
    misfit: &Infeasible,
    session: &Session,
    plan: &Plan<'_>,
) -> (&'static str, Span, Frames) {
    let span = match misfit.pass.and_then(|pass| plan.passes.get(pass)) {
        Some(pass) => pass.section.length.map_or(pass.section.span, |length| length.span),
        None => session.length.map_or(Span::default(), |length| length.span),
    };
    match (misfit.extent, misfit.fit) {
        (LengthConstraint::UpTo(_, pinned), Fit::Over(by)) => ("overlap", pin_of(pinned, plan), by),
        (_, Fit::Over(by)) => ("over-full", span, by),
        (_, Fit::Under(by) | Fit::Met { rest: by }) => ("under-full", span, by),
    }
}

fn pin_of(pinned: LeafId, plan: &Plan<'_>) -> Span {
    plan.leaves[pinned.0].cue.and_then(|cue| cue.at.map(|at| at.span)).unwrap_or_default()
}

/// The misfits to tell: of those of one kind at one place, as in the passes of a section, the worst, which is mended with
/// what mends them all.
pub(crate) fn worst<'m>(
    misfits: &'m [Infeasible],
    session: &Session,
    plan: &Plan<'_>,
) -> Vec<&'m Infeasible> {
    let mut worst: BTreeMap<(&str, Span), (Frames, &Infeasible)> = BTreeMap::new();
    for misfit in misfits {
        let (id, span, by) = place_of(misfit, session, plan);
        let most = worst.entry((id, span)).or_insert((by, misfit));
        if by > most.0 {
            *most = (by, misfit);
        }
    }
    worst.into_values().map(|(_, misfit)| misfit).collect()
}

/// Points at the pauses that are at their bound, each line of the script once.
fn point_at(
    mut finding: Diagnostic,
    elastic: &[LeafId],
    bound: &str,
    plan: &Plan<'_>,
    rate: SampleRate,
) -> Diagnostic {
    let mut spans: Vec<(Span, String)> = Vec::new();
    for id in elastic {
        let Some(cue) = plan.leaves[id.0].cue else { continue };
        let Action::Elastic { min, max, .. } = &cue.action else { continue };
        let limit = if bound == "minimum" { Some(*min) } else { *max };
        let Some(limit) = limit else { continue };
        if !spans.iter().any(|(span, _)| *span == cue.span) {
            spans.push((cue.span, format!("at its {bound}, {}", seconds(limit.to_frames(rate), rate))));
        }
    }
    let others = spans.len().saturating_sub(MOST_POINTED_AT);
    for (span, label) in spans.into_iter().take(MOST_POINTED_AT) {
        finding = finding.related(span, label);
    }
    if others > 0 {
        finding.label = format!("{others} more pauses are at their {bound}");
    }
    finding
}

fn overlap(
    misfit: &Infeasible,
    pinned: LeafId,
    by: Frames,
    plan: &Plan<'_>,
    measured: &[Measured],
    rate: SampleRate,
    trials: &mut Trials<'_, '_>,
) -> Diagnostic {
    let span = pin_of(pinned, plan);
    let message = format!(
        "{} would start {} before {} has ended",
        name(pinned, measured),
        seconds(by, rate),
        misfit.last.map_or("what is before it".to_owned(), |last| name(last, measured)),
    );
    let mut finding = Diagnostic::error("overlap", span, message);
    if let Some(last) = misfit.last.and_then(|last| plan.leaves[last.0].cue) {
        finding = finding.related(last.span, format!("still going on for {}", seconds(by, rate)));
    }
    point_at(finding, &misfit.elastic, "minimum", plan, rate).hint(pinned_hint(trials, ("overlap", span), by))
}

fn name(leaf: LeafId, measured: &[Measured]) -> String {
    match measured[leaf.0].parts.first() {
        Some(part) => format!("\"{}\"", part.text),
        None => "the pause".to_owned(),
    }
}

fn seconds(length: Frames, rate: SampleRate) -> String {
    let Millis(ms) = length.to_millis(rate);
    match ms {
        // Shorter than a millisecond, and still not nothing.
        0 => format!("{} frames", length.0),
        ms => format!("{}.{:03} s", ms / 1000, ms % 1000),
    }
}
