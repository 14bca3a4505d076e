//! The reason why a length cannot be met, in words: seconds over or under, which pauses are at their bound, what to
//! loosen.

use super::advice::{over_full, pinned as pinned_hint, under_full};
use super::faults::{fault_of, pin_of};
use super::share::Fit;
use super::tree::{Infeasible, LeafId, LengthConstraint};
use super::trial::Trials;
use crate::diag::{Diagnostic, Span};
use crate::script::{Action, Session};
use crate::timeline::expand::Plan;
use crate::timeline::measure::Measured;
use crate::units::{Frames, Millis, SampleRate};

/// The most pauses to point at; the message counts the others.
const MAX_PAUSES_POINTED_AT: usize = 4;

pub(crate) fn explain(
    unmet: &Infeasible,
    session: &Session,
    plan: &Plan<'_>,
    measured: &[Measured],
    rate: SampleRate,
    trials: &mut Trials<'_, '_>,
) -> Diagnostic {
    if let (LengthConstraint::UpTo(_, pinned), Fit::Over(by)) = (unmet.extent, unmet.fit) {
        return overlap(unmet, pinned, by, plan, measured, rate, trials);
    }
    let (fault, by) = fault_of(unmet, session, plan);
    let (_, span) = fault;
    let section = unmet.pass.and_then(|pass| plan.passes.get(pass)).map(|pass| pass.section);
    let what = if section.is_some() { "this section" } else { "the counted part" };
    let (diagnostic, bound) = match unmet.fit {
        Fit::Over(by) => {
            let message = format!("{what} is {} too long for its `length`", seconds(by, rate));
            (Diagnostic::error("over-full", span, message), "minimum")
        }
        Fit::Under(by) | Fit::Met { rest: by } => {
            let message = format!("{what} is {} too short for its `length`", seconds(by, rate));
            (Diagnostic::error("under-full", span, message), "maximum")
        }
    };
    let diagnostic = point_at(diagnostic, &unmet.elastic, bound, plan, rate);
    diagnostic.hint(match unmet.fit {
        Fit::Over(_) => over_full(trials, fault, section, by),
        Fit::Under(_) | Fit::Met { .. } => under_full(trials, fault, section, by),
    })
}

/// Points at the pauses that are at their bound, each line of the script once.
fn point_at(
    mut diagnostic: Diagnostic,
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
    let others = spans.len().saturating_sub(MAX_PAUSES_POINTED_AT);
    for (span, label) in spans.into_iter().take(MAX_PAUSES_POINTED_AT) {
        diagnostic = diagnostic.related(span, label);
    }
    if others > 0 {
        diagnostic.label = format!("{others} more pauses are at their {bound}");
    }
    diagnostic
}

fn overlap(
    unmet: &Infeasible,
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
        unmet.last.map_or("what is before it".to_owned(), |last| name(last, measured)),
    );
    let mut diagnostic = Diagnostic::error("overlap", span, message);
    if let Some(last) = unmet.last.and_then(|last| plan.leaves[last.0].cue) {
        diagnostic = diagnostic.related(last.span, format!("still going on for {}", seconds(by, rate)));
    }
    point_at(diagnostic, &unmet.elastic, "minimum", plan, rate).hint(pinned_hint(
        trials,
        ("overlap", span),
        by,
    ))
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
