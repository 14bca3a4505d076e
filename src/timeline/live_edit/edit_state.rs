//! The state of a session that is played: everything about its timeline that the next request needs to know.

use super::refusal::Refusal;
use super::shape::freeze;
use crate::audio::{SoundRef, Sounds};
use crate::diag::{Diagnostics, Severity};
use crate::script::{Action, Facts, Session};
use crate::timeline::checks::{PlacedCheck, SpokenChecks, place_checks};
use crate::timeline::expand::{Plan, expand};
use crate::timeline::measure::{Measured, MeasuredSounds};
use crate::timeline::model::{LONGEST_TRACK, Timeline};
use crate::timeline::place::{Placed, place};
use crate::timeline::solve::layout::{Layout, LayoutProblem, LengthGoal, Remainder};
use crate::timeline::solve::settle::{Solved, solve};
use crate::timeline::solve::settle::{goal, whole};
use crate::timeline::solve::tree::{Sequence, Stretch};
use crate::units::{FramePos, Frames, SampleRate};

/// The input that no request changes.
pub(super) struct EditInput<'a> {
    pub(super) session: &'a Session,
    pub(super) plan: Plan<'a>,
    pub(super) measure: MeasuredSounds<'a>,
    pub(super) rate: SampleRate,
}

/// The state of a session, as all edits so far have made it.
#[derive(Clone)]
pub(super) struct EditState {
    /// The plan's tree, with the lengths and silences that hold.
    pub(super) root: Sequence,
    pub(super) goal: LengthGoal,
    /// The additional length that was asked for, of each leaf.
    pub(super) asked: Vec<Frames>,
    pub(super) measured: Vec<Measured>,
    pub(super) layout: Layout,
    pub(super) checks: Vec<PlacedCheck>,
    pub(super) timeline: Timeline,
}

/// The elastic pauses that may get another length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Free {
    /// None.
    None,
    /// Those that have not begun.
    ToCome,
    /// Also the one that is heard, but for what has passed of it.
    Heard,
}

/// Position of the listener.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now {
    pub(super) at: FramePos,
    /// The first leaf that has not begun.
    pub(super) first: usize,
    /// Until when nothing else can be heard: a check that is being said has its last word.
    pub(super) until: FramePos,
}

/// The question to be solved: at which position, in which tree, to which end.
pub(super) struct Question<'a> {
    pub(super) now: Now,
    pub(super) root: &'a Sequence,
    pub(super) goal: LengthGoal,
    pub(super) free: Free,
}

impl EditState {
    /// Makes the state of a session as it was written.
    pub(super) fn start<'a>(
        session: &'a Session,
        sounds: &'a dyn Sounds,
        rate: SampleRate,
    ) -> Result<(EditInput<'a>, Self), Refusal> {
        let mut found = Diagnostics::default();
        let plan = expand(session, rate, &mut found);
        let mut measure = MeasuredSounds::new(sounds, session, rate);
        let Solved { measured, layout, found: missing, settled } = whole(session, &plan, &mut measure, rate);
        if found.has_errors() || missing.has_errors() || !layout.infeasible.is_empty() || !settled {
            return Err(Refusal::Broken);
        }
        let mut input = EditInput { session, plan, measure, rate };
        let root = layout.tree.clone();
        let asked = vec![Frames::ZERO; measured.len()];
        let (checks, timeline) =
            input.finish(&layout, &measured, SpokenChecks { checks: &[], now: FramePos::START }, &[])?;
        let goal = goal(session, rate);
        Ok((input, Self { root, goal, asked, measured, layout, checks, timeline }))
    }

    /// Returns the position of the listener at an instant.
    pub(super) fn now(&self, at: FramePos) -> Now {
        // The last leaf is the remainder, which has a place of its own.
        let cues = &self.layout.leaves[..self.layout.leaves.len() - 1];
        let said = self.checks.iter().filter(|check| check.at < at);
        let until = said.map(|check| check.at + check.part.length).fold(at, FramePos::max);
        Now { at, first: cues.partition_point(|(start, _)| *start < at), until }
    }

    /// The length of every leaf.
    pub(super) fn lengths(&self) -> Vec<Frames> {
        self.layout.leaves.iter().map(|(_, length)| *length).collect()
    }

    /// True if a leaf has begun.
    pub(super) fn has_begun(&self, index: usize, now: Now) -> bool {
        if index + 1 == self.layout.leaves.len() {
            self.layout.leaves[index].0 < now.at
        } else {
            index < now.first
        }
    }

    /// The same state with the lengths and silences of a tree that has been settled.
    pub(super) fn frozen(mut self, settled: &Sequence, start: FramePos) -> Self {
        let lengths = self.lengths();
        freeze(&mut self.root, settled, start, &lengths);
        self
    }
}

impl<'a> EditInput<'a> {
    /// Returns the problem that is to be laid out, after `state`.
    pub(super) fn problem<'g>(&'g self, state: &EditState, question: &Question<'g>) -> LayoutProblem<'g> {
        problem(self.session, &self.plan, self.rate, state, question)
    }

    /// The first frame of the first section.
    pub(super) fn start(&self) -> FramePos {
        FramePos::START + self.session.lead_in.to_frames(self.rate)
    }

    /// Solves what is left: texts and places, until they agree.
    pub(super) fn solve(&mut self, state: &EditState, question: &Question<'_>) -> Solved {
        let Self { session, plan, measure, rate } = self;
        let problem = problem(session, plan, *rate, state, question);
        solve(&problem, &state.layout.facts(plan, *rate), &mut |index, facts, found| {
            measured(plan, measure, state, question, index, facts, found)
        })
    }

    /// Measures every leaf at the places of a layout.
    pub(super) fn measure(
        &mut self,
        state: &EditState,
        question: &Question<'_>,
        found: &mut Diagnostics,
    ) -> Vec<Measured> {
        let Self { plan, measure, rate, .. } = self;
        let facts = state.layout.facts(plan, *rate).into_iter().enumerate();
        facts.map(|(index, facts)| measured(plan, measure, state, question, index, &facts, found)).collect()
    }

    /// Places everything, or says which line there is no clip for.
    pub(super) fn finish(
        &mut self,
        layout: &Layout,
        measured: &[Measured],
        said: SpokenChecks<'_>,
        known: &[SoundRef],
    ) -> Result<(Vec<PlacedCheck>, Timeline), Refusal> {
        let mut found = Diagnostics::default();
        let (plan, rate) = (&self.plan, self.rate);
        let checks = place_checks(plan, layout, measured, said, &mut self.measure, rate, &mut found);
        let placed = Placed { session: self.session, plan, layout, measured, checks: &checks, known };
        let timeline = place(&placed, rate, &mut found);
        self.sayable(&found, measured)?;
        let longest = LONGEST_TRACK.to_frames(rate);
        if timeline.length > longest {
            return Err(Refusal::TooLate { latest: FramePos::START + longest });
        }
        Ok((checks, timeline))
    }

    /// An error if a line has no clip or no words.
    pub(super) fn sayable(&self, found: &Diagnostics, measured: &[Measured]) -> Result<(), Refusal> {
        let Some(error) = found.iter().find(|diagnostic| diagnostic.severity == Severity::Error) else {
            return Ok(());
        };
        let mut parts = measured.iter().flat_map(|leaf| &leaf.parts);
        let line = parts
            .find(|split_passes| self.measure.lacks(&split_passes.sound))
            .map(|split_passes| split_passes.text.clone());
        Err(Refusal::Unsaid(line.unwrap_or_else(|| error.message.clone())))
    }

    /// The state that a solution makes, in which no line is missing.
    pub(super) fn take(&mut self, state: &EditState, now: Now, solved: Solved) -> Result<EditState, Refusal> {
        let Solved { measured, layout, found, settled } = solved;
        self.sayable(&found, &measured)?;
        if !layout.infeasible.is_empty() {
            return Err(Refusal::NoRoom);
        }
        if !settled {
            return Err(Refusal::Unsettled);
        }
        let heard: Vec<PlacedCheck> =
            state.checks.iter().filter(|check| check.at < now.at).cloned().collect();
        let said = SpokenChecks { checks: &heard, now: now.at };
        let (checks, timeline) = self.finish(&layout, &measured, said, &state.timeline.sounds)?;
        let settled = layout.tree.clone();
        let state = EditState { measured, layout, checks, timeline, ..state.clone() };
        Ok(state.frozen(&settled, self.start()))
    }
}

fn problem<'g>(
    session: &'g Session,
    plan: &'g Plan<'g>,
    rate: SampleRate,
    state: &EditState,
    question: &Question<'g>,
) -> LayoutProblem<'g> {
    let begun = state.has_begun(plan.remainder.0, question.now);
    let remainder = if begun { Remainder::End } else { Remainder::Leaf };
    LayoutProblem { session, plan, root: question.root, goal: question.goal, remainder, rate }
}

/// Returns the sounds and the time of a leaf: as they were if it has begun, else what its place makes of them.
fn measured(
    plan: &Plan<'_>,
    measure: &mut MeasuredSounds<'_>,
    state: &EditState,
    question: &Question<'_>,
    index: usize,
    facts: &Facts,
    found: &mut Diagnostics,
) -> Measured {
    let (start, length) = state.layout.leaves[index];
    let begun = state.has_begun(index, question.now);
    let leaf = &plan.leaves[index];
    let elastic = leaf.cue.is_some_and(|cue| matches!(cue.action, Action::Elastic { .. }));
    if begun && !elastic {
        let parts = state.measured[index].parts.clone();
        return Measured { stretch: Stretch::Fixed(length), parts };
    }
    let written = measure.leaf(leaf, facts, found);
    let asked = state.asked[index];
    let passed = question.now.until.saturating_since(start).min(length);
    let stretch = match (written.stretch, question.free) {
        (Stretch::Fixed(written), _) => Stretch::Fixed(written + asked),
        (_, Free::None) => Stretch::Fixed(length),
        (_, Free::ToCome) if begun => Stretch::Fixed(length),
        (_, Free::Heard) if begun && passed >= length => Stretch::Fixed(length),
        (Stretch::Elastic { weight, min, max }, _) => {
            let min = (min + asked).max(passed);
            Stretch::Elastic { weight, min, max: (max + asked).max(min) }
        }
    };
    Measured { stretch, ..written }
}
