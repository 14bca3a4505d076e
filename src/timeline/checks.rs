//! Time checks: said where no other words are, or not at all.

use super::cue_sounds::check_line;
use super::expand::Plan;
use super::measure::{Measured, MeasuredSounds, Part};
use super::solve::layout::Layout;
use crate::audio::SoundKind;
use crate::diag::{Diagnostic, Diagnostics, Edit, Hint, Span, Spanned};
use crate::script::{Action, Check, Facts};
use crate::units::{FramePos, Frames, Millis, SampleRate};

/// A check keeps this far from other words and from the strike of a bell, so that it is not taken for part of them.
const CLEARANCE: Millis = Millis::from_secs(1);

/// A time check in its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlacedCheck {
    pub(crate) at: FramePos,
    pub(crate) part: Part,
    pub(crate) pass: usize,
    pub(crate) span: Span,
}

/// The checks that have been said by now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpokenChecks<'a> {
    pub(crate) checks: &'a [PlacedCheck],
    pub(crate) now: FramePos,
}

/// Places every check that has room, and reports those that have none. Those that have been said stay where they
/// are and are not said again; none begins before that instant.
pub(crate) fn place_checks(
    plan: &Plan<'_>,
    layout: &Layout,
    measured: &[Measured],
    said: SpokenChecks<'_>,
    measure: &mut MeasuredSounds<'_>,
    rate: SampleRate,
    diagnostics: &mut Diagnostics,
) -> Vec<PlacedCheck> {
    let mut taken = taken(layout, measured);
    let mut placed = said.checks.to_vec();
    taken.extend(placed.iter().map(|check| (check.at, check.at + check.part.length)));
    for leaf in &plan.leaves {
        let Some((cue, Action::Checks(checks))) = leaf.cue.map(|cue| (cue, &cue.action)) else { continue };
        let (start, pass_length) = layout.passes[leaf.pass];
        for sound in measure.sounds(cue, leaf.section, &Facts::default(), diagnostics) {
            let check = checks[sound.step];
            if said.checks.iter().any(|said| (said.pass, said.span) == (leaf.pass, check.span)) {
                continue;
            }
            let at = match check.value {
                Check::Halfway => Some(start + Frames(pass_length.0 / 2)),
                Check::Left(left) => {
                    pass_length.checked_sub(left.to_frames(rate)).map(|offset| start + offset)
                }
            };
            let part = measure.part(&sound, Frames::ZERO, None, diagnostics);
            let clearance = CLEARANCE.to_frames(rate);
            let free = at.filter(|&at| {
                let end = at + part.length;
                // The last word of a check must be inside the pass whose time it tells.
                at >= said.now
                    && end <= start + pass_length
                    && taken.iter().all(|&(from, to)| end + clearance <= from || to + clearance <= at)
            });
            match free {
                Some(at) => {
                    taken.push((at, at + part.length));
                    placed.push(PlacedCheck { at, part, pass: leaf.pass, span: check.span });
                }
                None => {
                    let line = check_line(check.value);
                    let message = format!("the time check \"{line}\" is left out: there is no room for it");
                    let diagnostic = Diagnostic::warning("check-dropped", check.span, message);
                    let text =
                        "take the check away, or make room around it: a second before and after its words";
                    diagnostics
                        .push(diagnostic.hint(Hint::from(text).maybe_edit(without(checks, check.span))));
                }
            }
        }
    }
    placed
}

/// The change that takes one of several checks out of its list.
fn without(checks: &[Spanned<Check>], span: Span) -> Option<Edit> {
    let index = checks.iter().position(|check| check.span == span)?;
    let (start, end) = match (index.checked_sub(1).and_then(|index| checks.get(index)), checks.get(index + 1))
    {
        (Some(before), _) => (before.span.end, span.end),
        (None, Some(after)) => (span.start, after.span.start),
        (None, None) => return None,
    };
    Some(Edit { span: Span { start, end, ..span }, text: String::new() })
}

/// Returns the spans of speech, and the instants at which a bell or another sound begins.
fn taken(layout: &Layout, measured: &[Measured]) -> Vec<(FramePos, FramePos)> {
    let mut taken = Vec::new();
    for (leaf, &(start, _)) in measured.iter().zip(&layout.leaves) {
        for part in &leaf.parts {
            let from = start + part.offset;
            let is_speech = part.sound.kind == SoundKind::Speech;
            taken.push((from, if is_speech { from + part.length } else { from }));
        }
    }
    taken
}
