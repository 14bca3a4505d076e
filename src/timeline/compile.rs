//! The session and the lengths of its clips to a timeline: unroll, measure, settle, place.
//!
//! A text may say how much time is left, and how long it takes to say so moves what is left; so the
//! middle two steps are done again until the texts stay the same, five times at most.

use super::checks::place_checks;
use super::expand::{Leaf, Pass, Plan, expand};
use super::lint::lint;
use super::measure::{Measure, Measured};
use super::misfit::explain;
use super::model::Timeline;
use super::place::{Placed, place};
use super::tree::{Extent, Misfit, Sequence, Stretch, own_length, settle, walk};
use crate::diag::{Diagnostic, Diagnostics};
use crate::library::Sounds;
use crate::script::{Clock, Facts, Session};
use crate::units::{FramePos, Frames, Millis, SampleRate};

/// How often texts and places may chase each other.
const MOST_ATTEMPTS: usize = 5;

/// No timeline is longer: 24 hours, as no time of a script is.
const LONGEST: Millis = Millis::from_secs(24 * 3600);

/// Places every sound of `session` at its exact frame.
///
/// Never fails: mistakes are added to `diagnostics`; `None` if they, or those already there, leave
/// nothing that could be a timeline. A script with mistakes is still searched for missing sounds, but
/// what does not fit is not held against it: cues may have been left out.
pub fn compile(
    session: &Session,
    sounds: &dyn Sounds,
    rate: SampleRate,
    diagnostics: &mut Diagnostics,
) -> Option<Timeline> {
    let broken = diagnostics.has_errors();
    let plan = expand(session, rate, diagnostics);
    let mut measure = Measure::new(sounds, &session.wording, rate);
    let mut found = Diagnostics::default();
    let mut facts: Vec<Facts> =
        plan.leaves.iter().map(|leaf| first_guess(leaf, &plan.passes, session)).collect();
    let mut measured = measure_all(&plan, &facts, &mut measure, &mut found);
    let mut layout = lay_out(&plan, session, &measured, rate);
    let mut settled = false;
    for _ in 0..MOST_ATTEMPTS {
        facts = plan.leaves.iter().enumerate().map(|(i, leaf)| layout.facts(i, leaf, &plan, rate)).collect();
        found = Diagnostics::default();
        let next = measure_all(&plan, &facts, &mut measure, &mut found);
        settled = next == measured;
        if settled {
            break;
        }
        measured = next;
        layout = lay_out(&plan, session, &measured, rate);
    }
    diagnostics.extend(found);
    if broken {
        return None;
    }
    if !settled && let Some(section) = session.sections.first() {
        let message = "the spoken times do not settle: saying how much is left changes how much is left";
        let finding = Diagnostic::error("unsettled", section.span, message);
        diagnostics.push(finding.hint("pin the cue that says `{left}` with `at`"));
    }
    for misfit in &layout.misfits {
        diagnostics.push(explain(misfit, session, &plan, &measured, rate));
    }
    let checks = place_checks(&plan, &layout, &measured, &mut measure, rate, diagnostics);
    let timeline = place(
        &Placed { session, plan: &plan, layout: &layout, measured: &measured, checks: &checks },
        rate,
        diagnostics,
    );
    if timeline.length > LONGEST.to_frames(rate) && !diagnostics.has_errors() {
        let length = timeline.length.to_millis(rate);
        let span = session.sections.first().map(|section| section.span).unwrap_or_default();
        let message = format!("this session is {length} long, and 24 hours is the most");
        diagnostics.push(Diagnostic::error("too-long", span, message));
    }
    if diagnostics.has_errors() {
        return None;
    }
    lint(session, &timeline, diagnostics);
    Some(timeline)
}

/// Where everything lies.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// Start and length of every leaf.
    pub(crate) leaves: Vec<(FramePos, Frames)>,
    /// Start and length of every pass.
    pub(crate) passes: Vec<(FramePos, Frames)>,
    /// The frame after the last section.
    pub(crate) end: FramePos,
    pub(crate) counted: Frames,
    pub(crate) misfits: Vec<Misfit>,
}

impl Layout {
    /// What the timeline knows about the place of a leaf.
    pub(crate) fn facts(&self, index: usize, leaf: &Leaf<'_>, plan: &Plan<'_>, rate: SampleRate) -> Facts {
        let Some(pass) = plan.passes.get(leaf.pass) else { return Facts::default() };
        let (start, length) = self.passes[leaf.pass];
        let left = (start + length).saturating_since(self.leaves[index].0);
        Facts {
            sides: pass.sides.clone(),
            round: leaf.round,
            total: self.counted.to_millis(rate),
            left: left.to_millis(rate),
            length: length.to_millis(rate),
        }
    }
}

/// Facts before anything has a place: what the script promises, or a minute.
fn first_guess(leaf: &Leaf<'_>, passes: &[Pass<'_>], session: &Session) -> Facts {
    const NOMINAL: Millis = Millis::from_secs(60);
    let Some(pass) = passes.get(leaf.pass) else { return Facts::default() };
    let length = pass.section.length.map_or(NOMINAL, |length| length.value);
    Facts {
        sides: pass.sides.clone(),
        round: leaf.round,
        total: session.length.map_or(NOMINAL, |length| length.value),
        left: length,
        length,
    }
}

fn measure_all(
    plan: &Plan<'_>,
    facts: &[Facts],
    measure: &mut Measure<'_>,
    found: &mut Diagnostics,
) -> Vec<Measured> {
    plan.leaves.iter().zip(facts).map(|(leaf, facts)| measure.leaf(leaf, facts, found)).collect()
}

/// Settles the lengths and finds the places.
fn lay_out(plan: &Plan<'_>, session: &Session, measured: &[Measured], rate: SampleRate) -> Layout {
    let mut stretches: Vec<Stretch> = measured.iter().map(|leaf| leaf.stretch).collect();
    let mut root: Sequence = plan.root.clone();
    if let Some(length) = session.length {
        let outside: Frames =
            plan.outside.iter().map(|&item| own_length(&root.items[item], &stretches)).sum();
        root.extent = Extent::Exact(length.value.to_frames(rate) + outside);
    }
    let mut layout = Layout {
        leaves: vec![(FramePos::START, Frames::ZERO); plan.leaves.len()],
        passes: vec![(FramePos::START, Frames::ZERO); plan.passes.len()],
        ..Layout::default()
    };
    settle(&mut root, &mut stretches, &mut layout.misfits);
    stretches[plan.remainder.0] = Stretch::Fixed(std::mem::take(&mut root.tail));
    let start = FramePos::START + session.lead_in.to_frames(rate);
    let (leaves, passes) = (&mut layout.leaves, &mut layout.passes);
    layout.end = walk(
        &root,
        start,
        &stretches,
        &mut |id, at, length| leaves[id.0] = (at, length),
        &mut |index, at, length| passes[index] = (at, length),
    );
    let counted =
        plan.passes.iter().zip(&layout.passes).filter(|(pass, _)| pass.section.clock == Clock::Counted);
    layout.counted =
        counted.map(|(_, (_, length))| *length).sum::<Frames>() + layout.leaves[plan.remainder.0].1;
    layout
}
