//! MeasuredSounds and lay out: texts and places, until they agree.
//!
//! A text may say how much time is left, and how long it takes to say so moves what is left; so both are done again
//! until the texts stay the same, five times at most. Must not know what is measured.

use super::layout::{Layout, LayoutProblem, LengthGoal, Remainder, lay_out};
use crate::diag::Diagnostics;
use crate::script::{Facts, Session};
use crate::timeline::expand::{Leaf, Pass, Plan};
use crate::timeline::measure::{Measured, MeasuredSounds};
use crate::units::{Millis, SampleRate};

/// The most times that texts and places may chase each other.
const MAX_ATTEMPTS: usize = 5;

/// The result of [`solve`].
pub(crate) struct Solved {
    pub(crate) measured: Vec<Measured>,
    pub(crate) layout: Layout,
    /// The diagnostics of the measuring.
    pub(crate) found: Diagnostics,
    /// True if the texts agree with the places.
    pub(crate) settled: bool,
}

/// Measures every leaf, from these facts on, and lays all out until the texts stay the same.
pub(crate) fn solve(
    problem: &LayoutProblem<'_>,
    first: &[Facts],
    measure: &mut dyn FnMut(usize, &Facts, &mut Diagnostics) -> Measured,
) -> Solved {
    let mut all = |facts: &[Facts], found: &mut Diagnostics| -> Vec<Measured> {
        facts.iter().enumerate().map(|(index, facts)| measure(index, facts, found)).collect()
    };
    let mut found = Diagnostics::default();
    let mut measured = all(first, &mut found);
    let mut layout = lay_out(problem, &measured);
    for _ in 0..MAX_ATTEMPTS {
        let facts = layout.facts(problem.plan, problem.rate);
        found = Diagnostics::default();
        let next = all(&facts, &mut found);
        if next == measured {
            return Solved { measured, layout, found, settled: true };
        }
        measured = next;
        layout = lay_out(problem, &measured);
    }
    Solved { measured, layout, found, settled: false }
}

/// Measures and settles a whole session, as it was written.
pub(crate) fn whole(
    session: &Session,
    plan: &Plan<'_>,
    measure: &mut MeasuredSounds<'_>,
    rate: SampleRate,
) -> Solved {
    let facts: Vec<Facts> = plan.leaves.iter().map(|leaf| first_guess(leaf, &plan.passes, session)).collect();
    let goal = goal(session, rate);
    let problem = LayoutProblem { session, plan, root: &plan.root, goal, remainder: Remainder::Leaf, rate };
    solve(&problem, &facts, &mut |index, facts, found| measure.leaf(&plan.leaves[index], facts, found))
}

/// Returns the length that the script promises of the whole.
pub(crate) fn goal(session: &Session, rate: SampleRate) -> LengthGoal {
    match session.length {
        Some(length) => LengthGoal::Counted(length.value.to_frames(rate)),
        None => LengthGoal::Shortest,
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
