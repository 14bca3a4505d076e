//! Why a length cannot be met, in words: seconds over or under, which pauses are at their bound, what to loosen.

use super::expand::Plan;
use super::measure::Measured;
use super::share::Fit;
use super::tree::{Extent, LeafId, Misfit};
use crate::diag::{Diagnostic, Span};
use crate::script::{Action, Session};
use crate::units::{Frames, Millis, SampleRate};

/// The most pauses to point at; the message counts the others.
const MOST_POINTED_AT: usize = 4;

pub(crate) fn explain(
    misfit: &Misfit,
    session: &Session,
    plan: &Plan<'_>,
    measured: &[Measured],
    rate: SampleRate,
) -> Diagnostic {
    if let (Extent::UpTo(_, pinned), Fit::Over(by)) = (misfit.extent, misfit.fit) {
        return overlap(misfit, pinned, by, plan, measured, rate);
    }
    let (span, what) = match misfit.pass.and_then(|pass| plan.passes.get(pass)) {
        Some(pass) => (pass.section.length.map_or(pass.section.span, |length| length.span), "this section"),
        None => (session.length.map_or(Span::default(), |length| length.span), "the counted part"),
    };
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
    match (misfit.fit, misfit.elastic.is_empty()) {
        (Fit::Over(by), true) => {
            finding.hint(format!("shorten a pause or a line, or make `length` {} longer", seconds(by, rate)))
        }
        (Fit::Over(_), false) => {
            finding.hint("lower the `min` of these pauses, leave a line out, or make `length` longer")
        }
        (_, true) => finding.hint("add `{ pause = \"flex\" }` where the silence should be"),
        (_, false) => finding.hint("raise the `max` of these pauses, or add `{ pause = \"flex\" }`"),
    }
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
        finding = finding.hint(format!("{others} more pauses are at their {bound}"));
    }
    finding
}

fn overlap(
    misfit: &Misfit,
    pinned: LeafId,
    by: Frames,
    plan: &Plan<'_>,
    measured: &[Measured],
    rate: SampleRate,
) -> Diagnostic {
    let cue = plan.leaves[pinned.0].cue;
    let span = cue.and_then(|cue| cue.at.map(|at| at.span)).unwrap_or_default();
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
    point_at(finding, &misfit.elastic, "minimum", plan, rate)
        .hint("pin it later, shorten what is before it, or let it follow without `at`")
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
