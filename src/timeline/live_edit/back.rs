//! A change taken back: what was heard keeps its places, and what is left is as it was before the change.
//!
//! The tree and the lengths to come are those of the earlier state, the places of what was heard those of the later
//! one. A rest that is heard gets the length that it had, or ends at once if more of it has passed. Nothing is solved
//! again unless a text changes.

use super::edit_state::{EditInput, EditState, Free, Now, Question};
use super::refusal::Refusal;
use super::shape::split_passes;
use crate::script::Action;
use crate::timeline::measure::Measured;
use crate::timeline::solve::layout::{LengthGoal, at_lengths, track_length};
use crate::timeline::solve::tree::{Item, LeafId, Sequence};
use crate::units::{FramePos, Frames};

/// The state that goes on at `now` as `earlier` would have, after what was heard of `state`.
pub(super) fn take_back(
    input: &mut EditInput<'_>,
    state: &EditState,
    earlier: &EditState,
    now: FramePos,
) -> Result<EditState, Refusal> {
    let mut now = state.now(now);
    // A check that was said there anyway has its place.
    if state.checks.iter().filter(|check| check.at < now.at).all(|check| earlier.checks.contains(check)) {
        now.until = now.at;
    }
    let back = input.joined(state, earlier, now);
    input.agreed(&back, now)
}

impl EditInput<'_> {
    /// Joins what was heard of `state` and what is left of `earlier`, with the texts they have.
    fn joined(&self, state: &EditState, earlier: &EditState, now: Now) -> EditState {
        let lengths: Vec<Frames> =
            (0..self.plan.leaves.len()).map(|index| self.length(state, earlier, index, now)).collect();
        let mut root = earlier.root.clone();
        split_passes(&mut root, now.first);
        let heard = Heard { state, lengths: &lengths, now, remainder: self.plan.remainder };
        let Boundary { end, next } = heard.keep(&mut root, self.start(), None);
        let missing = now.until.saturating_since(next.unwrap_or(end));
        heard.stretch(&mut root, None, missing);
        let measured: Vec<Measured> = (0..lengths.len())
            .map(|index| if state.has_begun(index, now) { state } else { earlier }.measured[index].clone())
            .collect();
        let question = Question { now, root: &root, goal: earlier.goal, free: Free::None };
        let mut layout = at_lengths(&self.problem(state, &question), &lengths);
        // The end may be later than the last section, where no section could take the frames.
        let question_before = Question { root: &earlier.root, ..question };
        let sections_end = at_lengths(&self.problem(state, &question_before), &earlier.lengths()).end;
        layout.end += earlier.layout.end.saturating_since(sections_end);
        let goal = match earlier.goal {
            LengthGoal::Counted(_) => LengthGoal::Counted(layout.counted),
            LengthGoal::Track(_) => {
                LengthGoal::Track(track_length(&self.problem(state, &question), &layout, &measured))
            }
            goal => goal,
        };
        let (checks, timeline) = (state.checks.clone(), state.timeline.clone());
        let asked = earlier.asked.clone();
        let back = EditState { root: root.clone(), goal, asked, measured, layout, checks, timeline };
        back.frozen(&root, self.start())
    }

    /// Returns the length of a leaf from now on.
    fn length(&self, state: &EditState, earlier: &EditState, index: usize, now: Now) -> Frames {
        let (start, length) = state.layout.leaves[index];
        let before = earlier.layout.leaves[index].1;
        if !state.has_begun(index, now) {
            return before;
        }
        let is_rest = self.plan.leaves[index]
            .cue
            .is_some_and(|cue| matches!(cue.action, Action::Pause(_) | Action::Elastic { .. }));
        let passed = now.until.saturating_since(start);
        if is_rest && passed < length { before.max(passed) } else { length }
    }
}

/// The part that was heard by now, in a tree of which the rest is to come.
#[derive(Clone, Copy)]
struct Heard<'h> {
    state: &'h EditState,
    lengths: &'h [Frames],
    now: Now,
    /// The leaf that is no cue and has a place of its own.
    remainder: LeafId,
}

/// The end of a sequence, and the start of the first cue to come, if that was met.
#[derive(Clone, Copy)]
struct Boundary {
    end: FramePos,
    next: Option<FramePos>,
}

impl Heard<'_> {
    /// Gives the silences that were heard the lengths they had. `limit` is where the pass around the sequence ended, or
    /// is to end, in the state that was heard.
    fn keep(self, sequence: &mut Sequence, start: FramePos, limit: Option<FramePos>) -> Boundary {
        let limit = self.limit(sequence, limit);
        let mut boundary = Boundary { end: start, next: None };
        for item in &mut sequence.items {
            if let Item::Leaf(id) = item {
                let is_next = id.0 == self.now.first && *id != self.remainder;
                boundary.next = boundary.next.or(is_next.then_some(boundary.end));
                boundary.end += self.lengths[id.0];
            }
            for sub in item.sequences_mut() {
                let Boundary { end, next } = self.keep(sub, boundary.end, limit);
                boundary = Boundary { end, next: boundary.next.or(next) };
            }
        }
        // Between two passes there is no silence.
        let last = last_leaf(sequence).filter(|last| *last < self.now.first);
        let heard_end = last.zip(limit).map(|(last, limit)| self.next_start(last).min(limit));
        if let Some(heard_end) = heard_end.filter(|end| *end <= self.now.at) {
            sequence.tail = heard_end.saturating_since(boundary.end);
        }
        boundary.end += sequence.tail;
        boundary
    }

    /// Makes the silence that is heard longer by what has passed of it and was not there before. True if it was found.
    fn stretch(self, sequence: &mut Sequence, limit: Option<FramePos>, by: Frames) -> bool {
        let limit = self.limit(sequence, limit);
        let mut inner = sequence.items.iter_mut().flat_map(Item::sequences_mut);
        let found = inner.any(|sub| self.stretch(sub, limit, by));
        let is_heard = last_leaf(sequence).is_some_and(|last| last + 1 == self.now.first)
            && limit.is_some_and(|limit| limit > self.now.at);
        if !found && is_heard {
            sequence.tail += by;
        }
        found || is_heard
    }

    fn limit(self, sequence: &Sequence, limit: Option<FramePos>) -> Option<FramePos> {
        let own = sequence.pass.map(|pass| {
            let (start, length) = self.state.layout.passes[pass];
            start + length
        });
        own.or(limit)
    }

    /// Returns the start of the leaf after this one, or the end of the last section.
    fn next_start(self, leaf: usize) -> FramePos {
        let cues = &self.state.layout.leaves[..self.remainder.0];
        cues.get(leaf + 1).map_or(self.state.layout.end, |(start, _)| *start)
    }
}

/// The last cue of a sequence.
fn last_leaf(sequence: &Sequence) -> Option<usize> {
    sequence.items.iter().rev().find_map(|item| match item {
        Item::Leaf(id) => Some(id.0),
        _ => item.sequences().iter().rev().find_map(last_leaf),
    })
}
