//! A state whose lengths are known, and the texts that agree with them.
//!
//! A change that moves things without sharing anything anew comes here: the tree is as it was settled, so only a text
//! that takes another time needs another solution, in which the elastic pauses to come give or take the difference.

use super::edit_state::{EditInput, EditState, Free, Now, Question};
use super::refusal::Refusal;
use super::shape::freeze_past;
use crate::diag::Diagnostics;
use crate::timeline::measure::Measured;
use crate::timeline::solve::settle::Solved;
use crate::timeline::solve::tree::Stretch;

impl EditInput<'_> {
    /// The state with the texts that are true in it.
    pub(super) fn agreed(&mut self, later: &EditState, now: Now) -> Result<EditState, Refusal> {
        let mut found = Diagnostics::default();
        let question = Question { now, root: &later.root, goal: later.goal, free: Free::None };
        let measured = self.measure(later, &question, &mut found);
        if self.fits(later, &measured) {
            let layout = later.layout.clone();
            return self.take(later, now, Solved { measured, layout, found, settled: true });
        }
        let mut root = later.root.clone();
        let lengths = later.lengths();
        freeze_past(&mut root, self.start(), &lengths, now.at);
        let question = Question { now, root: &root, goal: later.goal, free: Free::ToCome };
        let solved = self.solve(later, &question);
        self.take(later, now, solved)
    }

    /// True if every cue takes the time that it has.
    fn fits(&self, state: &EditState, measured: &[Measured]) -> bool {
        let leaves = self.plan.leaves.iter().zip(measured).zip(&state.layout.leaves);
        leaves
            .filter(|((leaf, _), _)| leaf.cue.is_some())
            .all(|((_, measured), (_, length))| measured.stretch == Stretch::Fixed(*length))
    }
}
