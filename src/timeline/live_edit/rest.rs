//! More of a rest: which silence is meant, and everything after it later.

use super::announced_lengths::promised;
use super::edit_state::{EditInput, EditState, Free, Now, Question};
use super::refusal::Refusal;
use super::shape::{lengthen_tail, split_passes};
use crate::script::{Action, Clock};
use crate::timeline::model::LONGEST_TRACK;
use crate::timeline::solve::layout::{LengthGoal, at_lengths, track_length};
use crate::units::{FramePos, Frames, Millis};

/// A silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    /// A pause.
    Pause(usize),
    /// The time left before a pinned cue or at the end of a pass: the silence at that instant.
    Gap { at: FramePos, pass: usize },
}

/// The state in which the rest at `now` lasts `more` longer.
pub(super) fn more_rest(
    input: &mut EditInput<'_>,
    state: &EditState,
    now: FramePos,
    more: Millis,
) -> Result<EditState, Refusal> {
    if more > LONGEST_TRACK {
        return Err(Refusal::TooLate { latest: FramePos::START + LONGEST_TRACK.to_frames(input.rate) });
    }
    let more = more.to_frames(input.rate);
    let rest = rest_at(input, state, now).ok_or(Refusal::NoRest)?;
    let (pass, now) = match rest {
        Rest::Pause(leaf) => {
            let now = state.now(now);
            // A rest that is heard, or is heard next, has begun; words that are said before it are to come.
            let is_next = (now.first..leaf).all(|index| state.layout.leaves[index].1 == Frames::ZERO);
            let first = if is_next { now.first.max(leaf + 1) } else { now.first };
            (input.plan.leaves[leaf].pass, Now { first, ..now })
        }
        Rest::Gap { pass, .. } => (pass, state.now(now)),
    };
    if let Some(line) = promised(input, state, now, pass) {
        return Err(Refusal::Promised(line));
    }
    let later = lengthened(input, state, now, rest, pass, more);
    input.agreed(&later, now)
}

/// The state with a longer rest, and with the texts it had.
fn lengthened(
    input: &EditInput<'_>,
    state: &EditState,
    now: Now,
    rest: Rest,
    pass: usize,
    more: Frames,
) -> EditState {
    let mut later = state.clone();
    split_passes(&mut later.root, now.first);
    let mut lengths = state.lengths();
    match rest {
        Rest::Pause(leaf) => {
            lengths[leaf] += more;
            later.asked[leaf] += more;
        }
        Rest::Gap { at, .. } => {
            lengthen_tail(&mut later.root, input.start(), &lengths, at, more);
        }
    }
    let root = later.root.clone();
    let question = Question { now, root: &root, goal: later.goal, free: Free::None };
    let problem = input.problem(state, &question);
    later.layout = at_lengths(&problem, &lengths);
    // The end may be later than the last section, where no section could take the frames.
    later.layout.end = state.layout.end + more;
    later.goal = match later.goal {
        LengthGoal::Counted(length) if input.plan.passes[pass].section.clock == Clock::Counted => {
            LengthGoal::Counted(length + more)
        }
        LengthGoal::Track(_) => LengthGoal::Track(track_length(&problem, &later.layout, &later.measured)),
        goal => goal,
    };
    later.frozen(&root, input.start())
}

/// The rest that is meant at an instant: the silence that is heard, or the one that comes next in the same pass
/// when the words or the bell before it are heard.
fn rest_at(input: &EditInput<'_>, state: &EditState, now: FramePos) -> Option<Rest> {
    let leaves = &state.layout.leaves;
    let plan = &input.plan;
    let pass =
        state.layout.passes.iter().position(|&(start, length)| start <= now && now < start + length)?;
    let is_pause = |index: usize| {
        plan.leaves[index]
            .cue
            .is_some_and(|cue| matches!(cue.action, Action::Pause(_) | Action::Elastic { .. }))
    };
    let mut own = (0..leaves.len()).filter(|&index| plan.leaves[index].cue.is_some());
    let mut timed =
        own.by_ref().filter(|&index| plan.leaves[index].pass == pass && leaves[index].1 > Frames::ZERO);
    let here = timed.find(|&index| now < leaves[index].0 + leaves[index].1);
    let (start, length) = state.layout.passes[pass];
    let gap = |at: FramePos| Some(Rest::Gap { at, pass });
    match here {
        Some(index) if now < leaves[index].0 => gap(now),
        None => gap(now),
        Some(index) if is_pause(index) => Some(Rest::Pause(index)),
        Some(index) => {
            let end = leaves[index].0 + leaves[index].1;
            match timed.next() {
                Some(next) if leaves[next].0 > end => gap(end),
                Some(next) => is_pause(next).then_some(Rest::Pause(next)),
                None if start + length > end => gap(end),
                None => None,
            }
        }
    }
}
