//! Measure and settle: texts and places, until they agree.
//!
//! A text may say how much time is left, and how long it takes to say so moves what is left; so both
//! are done again until the texts stay the same, five times at most. Used for a whole session and for what is
//! left of one that is being played. Must not know which of the two it is.

use super::expand::{Leaf, Plan};
use super::measure::Measured;
use super::place::end_of_sound;
use super::tree::{Infeasible, LengthConstraint, Sequence, Stretch, own_length, settle, walk};
use crate::diag::Diagnostics;
use crate::script::{Clock, Facts, Session};
use crate::units::{FramePos, Frames, SampleRate};

/// The most times that texts and places may chase each other.
const MOST_ATTEMPTS: usize = 5;

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
    pub(crate) misfits: Vec<Infeasible>,
    /// The tree as it was settled, with its silences.
    pub(crate) tree: Sequence,
}

impl Layout {
    /// Returns the facts that the timeline knows about the place of a leaf.
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
    pub(crate) promise: LengthGoal,
    pub(crate) remainder: Remainder,
    pub(crate) rate: SampleRate,
}

/// The result of [`solve`].
pub(crate) struct Solved {
    pub(crate) measured: Vec<Measured>,
    pub(crate) layout: Layout,
    /// The findings of the measuring.
    pub(crate) found: Diagnostics,
    /// True if the texts agree with the places.
    pub(crate) settled: bool,
}

/// Measures every leaf, from these facts on, and lays all out until the texts stay the same.
pub(crate) fn solve(
    ground: &LayoutProblem<'_>,
    first: &[Facts],
    measure: &mut dyn FnMut(usize, &Facts, &mut Diagnostics) -> Measured,
) -> Solved {
    let mut all = |facts: &[Facts], found: &mut Diagnostics| -> Vec<Measured> {
        facts.iter().enumerate().map(|(index, facts)| measure(index, facts, found)).collect()
    };
    let mut found = Diagnostics::default();
    let mut measured = all(first, &mut found);
    let mut layout = lay_out(ground, &measured);
    for _ in 0..MOST_ATTEMPTS {
        let leaves = ground.plan.leaves.iter().enumerate();
        let facts: Vec<Facts> =
            leaves.map(|(index, leaf)| layout.facts(index, leaf, ground.plan, ground.rate)).collect();
        found = Diagnostics::default();
        let next = all(&facts, &mut found);
        if next == measured {
            return Solved { measured, layout, found, settled: true };
        }
        measured = next;
        layout = lay_out(ground, &measured);
    }
    Solved { measured, layout, found, settled: false }
}

/// Settles the lengths and finds the places.
pub(crate) fn lay_out(ground: &LayoutProblem<'_>, measured: &[Measured]) -> Layout {
    match ground.promise {
        LengthGoal::Shortest => lay_out_in(ground, measured, LengthConstraint::Open),
        LengthGoal::Longest => longest(ground, measured),
        LengthGoal::Counted(length) => {
            let stretches = stretches(measured);
            let outside = ground.plan.outside.iter();
            let outside: Frames = outside.map(|&item| own_length(&ground.root.items[item], &stretches)).sum();
            lay_out_in(ground, measured, LengthConstraint::Exact(length + outside))
        }
        LengthGoal::Track(length) => lay_out_until(ground, measured, length),
    }
}

/// The whole track: from the first frame to the last of the lead-out, or of the last bell's tail.
pub(crate) fn track_length(ground: &LayoutProblem<'_>, layout: &Layout, measured: &[Measured]) -> Frames {
    let silence_after = layout.end + ground.session.lead_out.to_frames(ground.rate);
    silence_after.max(end_of_sound(ground.plan, layout, measured)).saturating_since(FramePos::START)
}

fn stretches(measured: &[Measured]) -> Vec<Stretch> {
    measured.iter().map(|leaf| leaf.stretch).collect()
}

fn longest(ground: &LayoutProblem<'_>, measured: &[Measured]) -> Layout {
    let mut stretches = stretches(measured);
    let mut root = Sequence { extent: LengthConstraint::Exact(ENDLESS), ..ground.root.clone() };
    let mut misfits = Vec::new();
    settle(&mut root, &mut stretches, &mut misfits);
    misfits.retain(|misfit| misfit.extent != root.extent);
    root.tail = Frames::ZERO;
    placed(ground, root, &stretches, misfits)
}

/// All sections together are as long as `extent` says.
fn lay_out_in(ground: &LayoutProblem<'_>, measured: &[Measured], extent: LengthConstraint) -> Layout {
    let mut stretches = stretches(measured);
    let mut root = Sequence { extent, ..ground.root.clone() };
    let mut misfits = Vec::new();
    settle(&mut root, &mut stretches, &mut misfits);
    if ground.remainder == Remainder::Leaf {
        stretches[ground.plan.remainder.0] = Stretch::Fixed(std::mem::take(&mut root.tail));
    }
    placed(ground, root, &stretches, misfits)
}

/// The track ends exactly there. Mostly the lead-out does; where a bell rings on after it, the sections must end
/// earlier, and by how much depends on where that leaves the bell.
fn lay_out_until(ground: &LayoutProblem<'_>, measured: &[Measured], length: Frames) -> Layout {
    let lead_in = ground.session.lead_in.to_frames(ground.rate);
    let around = lead_in + ground.session.lead_out.to_frames(ground.rate);
    let lay_out = |sections: u64| lay_out_in(ground, measured, LengthConstraint::Exact(Frames(sections)));
    let most = length.saturating_sub(around).0;
    let exact = lay_out(if length < around { 0 } else { most });
    if exact.misfits.is_empty() && track_length(ground, &exact, measured) <= length {
        return exact;
    }
    let mut rings_on = most;
    if !exact.misfits.is_empty() {
        // Sections that cannot last until the lead-out may still have a bell that rings until the end.
        let longest = longest(ground, measured);
        rings_on = longest.end.saturating_since(FramePos::START + lead_in).0;
        let until = track_length(ground, &longest, measured);
        if !longest.misfits.is_empty() || rings_on > most || until < length {
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
        let too_short = !layout.misfits.is_empty();
        if too_short || track_length(ground, &layout, measured) <= length {
            low = middle + 1;
            fits = (!too_short).then_some(layout).or(fits);
        } else {
            rings_on = middle;
        }
    }
    // Nothing fits: with nothing at all to lie in, the layout says what is wrong with it.
    let mut layout = fits.unwrap_or_else(|| lay_out(0));
    if layout.misfits.is_empty() {
        // A few frames short, because pauses that share cannot leave the bell just anywhere: silence takes them.
        layout.end = FramePos::START + lead_in + Frames(most);
    }
    layout
}

fn placed(
    ground: &LayoutProblem<'_>,
    root: Sequence,
    stretches: &[Stretch],
    misfits: Vec<Infeasible>,
) -> Layout {
    let plan = ground.plan;
    let start = FramePos::START + ground.session.lead_in.to_frames(ground.rate);
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
    Layout { leaves, passes, end, counted, misfits, tree: root }
}

/// The places of leaves whose lengths are known, in a tree whose silences are.
pub(crate) fn at_lengths(ground: &LayoutProblem<'_>, lengths: &[Frames]) -> Layout {
    let stretches: Vec<Stretch> = lengths.iter().map(|length| Stretch::Fixed(*length)).collect();
    placed(ground, ground.root.clone(), &stretches, Vec::new())
}
