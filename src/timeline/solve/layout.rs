//! The layout of a session: the lengths that meet its goal, and the places that follow from them.
//!
//! Of a whole session, or of what is left of one that is being played. Must not know which of the two it is, nor texts.

use super::tree::{Infeasible, LengthConstraint, Sequence, Stretch, own_length, settle, walk};
use crate::script::{Clock, Facts, Session};
use crate::timeline::expand::{Leaf, Plan};
use crate::timeline::measure::Measured;
use crate::units::{FramePos, Frames, SampleRate};

/// More frames than any session has, and few enough to be added up.
const ENDLESS: Frames = Frames(1 << 60);

/// The places of everything.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// Start and length of every leaf.
    pub(crate) leaves: Vec<(FramePos, Frames)>,
    /// Start and length of every pass.
    pub(crate) passes: Vec<(FramePos, Frames)>,
    /// The frame after the last section.
    pub(crate) end: FramePos,
    pub(crate) counted: Frames,
    pub(crate) infeasible: Vec<Infeasible>,
    /// The tree as it was settled, with its silences.
    pub(crate) tree: Sequence,
}

impl Layout {
    /// Returns the facts that the timeline knows about the place of every leaf.
    pub(crate) fn facts(&self, plan: &Plan<'_>, rate: SampleRate) -> Vec<Facts> {
        plan.leaves.iter().enumerate().map(|(index, leaf)| self.facts_of(index, leaf, plan, rate)).collect()
    }

    fn facts_of(&self, index: usize, leaf: &Leaf<'_>, plan: &Plan<'_>, rate: SampleRate) -> Facts {
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

/// The length that all sections together must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LengthGoal {
    /// As short as they can be.
    Shortest,
    /// As long as they can be.
    Longest,
    /// The counted sections take exactly this.
    Counted(Frames),
    /// The whole track does, with its silences around it and its last bell's tail.
    Track(Frames),
}

/// Owner of the frames that no equal passes can share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remainder {
    /// The leaf that is there for them.
    Leaf,
    /// The end, because that leaf has been heard by now.
    End,
}

/// The problem that is to be laid out.
#[derive(Clone, Copy)]
pub(crate) struct LayoutProblem<'a> {
    pub(crate) session: &'a Session,
    pub(crate) plan: &'a Plan<'a>,
    /// The plan's tree, or what became of it.
    pub(crate) root: &'a Sequence,
    pub(crate) goal: LengthGoal,
    pub(crate) remainder: Remainder,
    pub(crate) rate: SampleRate,
}

/// Settles the lengths and finds the places.
pub(crate) fn lay_out(problem: &LayoutProblem<'_>, measured: &[Measured]) -> Layout {
    match problem.goal {
        LengthGoal::Shortest => lay_out_in(problem, measured, LengthConstraint::Open),
        LengthGoal::Longest => longest(problem, measured),
        LengthGoal::Counted(length) => {
            let stretches = stretches(measured);
            let outside = problem.plan.outside.iter();
            let outside: Frames =
                outside.map(|&item| own_length(&problem.root.items[item], &stretches)).sum();
            lay_out_in(problem, measured, LengthConstraint::Exact(length + outside))
        }
        LengthGoal::Track(length) => lay_out_until(problem, measured, length),
    }
}

/// The whole track: from the first frame to the last of the lead-out, or of the last bell's tail.
pub(crate) fn track_length(problem: &LayoutProblem<'_>, layout: &Layout, measured: &[Measured]) -> Frames {
    let silence_after = layout.end + problem.session.lead_out.to_frames(problem.rate);
    silence_after.max(end_of_sound(problem.plan, layout, measured)).saturating_since(FramePos::START)
}

/// The frame after the last that sounds, but for beds.
fn end_of_sound(plan: &Plan<'_>, layout: &Layout, measured: &[Measured]) -> FramePos {
    let leaves = plan.leaves.iter().zip(measured).zip(&layout.leaves);
    let ends = leaves.filter_map(|((leaf, measured), &(start, slot))| {
        let cue = leaf.cue?;
        let parts = measured.parts.iter();
        parts.map(|part| start + part.offset + part.heard_length(cue, slot.saturating_sub(part.offset))).max()
    });
    ends.max().unwrap_or(FramePos::START)
}

fn stretches(measured: &[Measured]) -> Vec<Stretch> {
    measured.iter().map(|leaf| leaf.stretch).collect()
}

fn longest(problem: &LayoutProblem<'_>, measured: &[Measured]) -> Layout {
    let mut stretches = stretches(measured);
    let mut root = Sequence { extent: LengthConstraint::Exact(ENDLESS), ..problem.root.clone() };
    let mut infeasible = Vec::new();
    settle(&mut root, &mut stretches, &mut infeasible);
    infeasible.retain(|unmet| unmet.extent != root.extent);
    root.tail = Frames::ZERO;
    placed(problem, root, &stretches, infeasible)
}

/// All sections together are as long as `extent` says.
fn lay_out_in(problem: &LayoutProblem<'_>, measured: &[Measured], extent: LengthConstraint) -> Layout {
    let mut stretches = stretches(measured);
    let mut root = Sequence { extent, ..problem.root.clone() };
    let mut infeasible = Vec::new();
    settle(&mut root, &mut stretches, &mut infeasible);
    if problem.remainder == Remainder::Leaf {
        stretches[problem.plan.remainder.0] = Stretch::Fixed(std::mem::take(&mut root.tail));
    }
    placed(problem, root, &stretches, infeasible)
}

/// The track ends exactly there. Mostly the lead-out does; where a bell rings on after it, the sections must end
/// earlier, and by how much depends on where that leaves the bell.
fn lay_out_until(problem: &LayoutProblem<'_>, measured: &[Measured], length: Frames) -> Layout {
    let lead_in = problem.session.lead_in.to_frames(problem.rate);
    let around = lead_in + problem.session.lead_out.to_frames(problem.rate);
    let lay_out = |sections: u64| lay_out_in(problem, measured, LengthConstraint::Exact(Frames(sections)));
    let most = length.saturating_sub(around).0;
    let exact = lay_out(if length < around { 0 } else { most });
    if exact.infeasible.is_empty() && track_length(problem, &exact, measured) <= length {
        return exact;
    }
    let mut rings_on = most;
    if !exact.infeasible.is_empty() {
        // Sections that cannot last until the lead-out may still have a bell that rings until the end.
        let longest = longest(problem, measured);
        rings_on = longest.end.saturating_since(FramePos::START + lead_in).0;
        let until = track_length(problem, &longest, measured);
        if !longest.infeasible.is_empty() || rings_on > most || until < length {
            return exact;
        }
        if until == length {
            return longest;
        }
    }
    let (mut fits, mut low) = (None, 0);
    while low < rings_on {
        let middle = low + (rings_on - low) / 2;
        let layout = lay_out(middle);
        let too_short = !layout.infeasible.is_empty();
        if too_short || track_length(problem, &layout, measured) <= length {
            low = middle + 1;
            fits = (!too_short).then_some(layout).or(fits);
        } else {
            rings_on = middle;
        }
    }
    // Nothing fits: with nothing at all to lie in, the layout says what is wrong with it.
    let mut layout = fits.unwrap_or_else(|| lay_out(0));
    if layout.infeasible.is_empty() {
        // A few frames short, because pauses that share cannot leave the bell just anywhere: silence takes them.
        layout.end = FramePos::START + lead_in + Frames(most);
    }
    layout
}

fn placed(
    problem: &LayoutProblem<'_>,
    root: Sequence,
    stretches: &[Stretch],
    infeasible: Vec<Infeasible>,
) -> Layout {
    let plan = problem.plan;
    let start = FramePos::START + problem.session.lead_in.to_frames(problem.rate);
    let mut leaves = vec![(FramePos::START, Frames::ZERO); plan.leaves.len()];
    let mut passes = vec![(FramePos::START, Frames::ZERO); plan.passes.len()];
    let end = walk(
        &root,
        start,
        stretches,
        &mut |id, at, length| leaves[id.0] = (at, length),
        &mut |index, at, length| passes[index] = (at, length),
    );
    let counted = plan.passes.iter().zip(&passes).filter(|(pass, _)| pass.section.clock == Clock::Counted);
    let counted = counted.map(|(_, (_, length))| *length).sum::<Frames>() + leaves[plan.remainder.0].1;
    Layout { leaves, passes, end, counted, infeasible, tree: root }
}

/// The places of leaves whose lengths are known, in a tree whose silences are.
pub(crate) fn at_lengths(problem: &LayoutProblem<'_>, lengths: &[Frames]) -> Layout {
    let stretches: Vec<Stretch> = lengths.iter().map(|length| Stretch::Fixed(*length)).collect();
    placed(problem, problem.root.clone(), &stretches, Vec::new())
}
