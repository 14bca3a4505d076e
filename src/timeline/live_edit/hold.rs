//! Another end: what holds, and what gives way to it, step by step.
//!
//! First only elastic pauses share what is left, and every section is as long as it says; then the section that is
//! heard gives way, then those to come. A section whose length the voice has yet to say in words that the author
//! gave (a parameter's value) never does, nor one with a cue to come at a share of it (`at = "50%"`): that share
//! would be another. A section with a cue pinned from its end gives way before that cue, any other after its last
//! pin. The session's own `length` gives way at once, unless it is yet to be said.

use super::announced_lengths::{names_own_length, session_promised, told_elsewhere};
use super::edit_state::{EditInput, EditState, Free, Now, Question};
use super::refusal::Refusal;
use super::shape::{freeze_past, split_passes};
use crate::script::{Action, At};
use crate::timeline::model::LONGEST_TRACK;
use crate::timeline::solve::layout::{LengthGoal, track_length};
use crate::timeline::solve::settle::Solved;
use crate::timeline::solve::tree::{Item, LeafId, LengthConstraint, Sequence};
use crate::units::{FramePos, Frames};

/// The lengths that hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hold {
    /// Every section is as long as it says, and a side as long as the other one that was heard.
    Sides,
    /// Every section is as long as it says.
    Sections,
    /// Every section to come is.
    ToCome,
    /// Only what the voice has yet to say.
    Words,
}

const HOLDS: [Hold; 4] = [Hold::Sides, Hold::Sections, Hold::ToCome, Hold::Words];

/// The state whose track ends at `end`.
pub(super) fn end_at(
    input: &mut EditInput<'_>,
    state: &EditState,
    now: FramePos,
    end: FramePos,
) -> Result<EditState, Refusal> {
    let length = end.saturating_since(FramePos::START);
    if length == state.timeline.length {
        return Ok(EditState { goal: LengthGoal::Track(length), ..state.clone() });
    }
    let now = state.now(now);
    if let Some(line) = session_promised(input, state, now) {
        return Err(Refusal::Promised(line));
    }
    let mut split = state.clone();
    split_passes(&mut split.root, now.first);
    if let Some(state) = held(input, &split, now, length)? {
        return Ok(state);
    }
    let bounds = bounds(input, &split, now)?;
    // Silence may fill the track beyond what its pauses can share, so the end that it has is one of them.
    let current = state.timeline.length;
    let earliest = bounds.iter().map(|(earliest, _)| *earliest).chain([current]);
    let earliest = earliest.filter(|earliest| *earliest > length).min();
    let latest = bounds.iter().map(|(_, latest)| *latest).fold(current, Frames::max);
    let bound = earliest.unwrap_or(latest);
    // A bound is tried before it is offered, because it may need words that there are none of.
    if bound != current {
        held(input, &split, now, bound)?.ok_or(Refusal::NoRoom)?;
    }
    Err(match earliest {
        Some(_) => Refusal::TooEarly { earliest: FramePos::START + bound },
        None => Refusal::TooLate { latest: FramePos::START + bound },
    })
}

/// The state in which as much holds as can.
fn held(
    input: &mut EditInput<'_>,
    state: &EditState,
    now: Now,
    length: Frames,
) -> Result<Option<EditState>, Refusal> {
    let goal = LengthGoal::Track(length);
    for hold in HOLDS {
        let solved = solved(input, state, now, hold, goal);
        if solved.layout.infeasible.is_empty() {
            let state = input.take(state, now, solved)?;
            // Sections of no length still leave the silences around them, and a bell that rings on.
            if state.timeline.length == length {
                return Ok(Some(EditState { goal, ..state }));
            }
        }
    }
    Ok(None)
}

/// The shortest and the longest track of each hold that has any.
fn bounds(input: &mut EditInput<'_>, state: &EditState, now: Now) -> Result<Vec<(Frames, Frames)>, Refusal> {
    let mut bounds = Vec::new();
    let most = LONGEST_TRACK.to_frames(input.rate);
    for hold in HOLDS {
        let mut of = |goal| {
            let solved = solved(input, state, now, hold, goal);
            let root = root(input, state, now, hold);
            let question = Question { now, root: &root, goal, free: Free::Heard };
            let length = track_length(&input.problem(state, &question), &solved.layout, &solved.measured);
            solved.layout.infeasible.is_empty().then_some(length)
        };
        if let (Some(least), Some(longest)) = (of(LengthGoal::Shortest), of(LengthGoal::Longest)) {
            bounds.push((least, longest.min(most)));
        }
    }
    if bounds.is_empty() { Err(Refusal::NoRoom) } else { Ok(bounds) }
}

fn solved(input: &mut EditInput<'_>, state: &EditState, now: Now, hold: Hold, goal: LengthGoal) -> Solved {
    let root = root(input, state, now, hold);
    let question = Question { now, root: &root, goal, free: Free::Heard };
    input.solve(state, &question)
}

/// The tree in which just that much holds.
fn root(input: &EditInput<'_>, state: &EditState, now: Now, hold: Hold) -> Sequence {
    let mut root = state.root.clone();
    let holding = Holding { input, state, now, hold };
    holding.relax(&mut root.items);
    freeze_past(&mut root, input.start(), &state.lengths(), now.at);
    root
}

/// The lengths that hold, and the state in which they do.
#[derive(Clone, Copy)]
struct Holding<'h, 'a> {
    input: &'h EditInput<'a>,
    state: &'h EditState,
    now: Now,
    hold: Hold,
}

impl Holding<'_, '_> {
    /// Lets go of all that does not hold, in sequences around whole passes.
    fn relax(self, items: &mut [Item]) {
        for item in items {
            match item {
                Item::Leaf(_) => {}
                Item::Sub(pass) if pass.pass.is_some() => self.give_way(std::slice::from_mut(pass)),
                // Passes of one section, some of which have begun.
                Item::Sub(split) if self.hold == Hold::Sides => self.keep(&mut split.items),
                Item::Sub(split) => self.relax(&mut split.items),
                Item::Passes(passes) => self.give_way(passes),
            }
        }
    }

    /// Passes are as long as they are.
    fn keep(self, items: &mut [Item]) {
        for sequence in items.iter_mut().flat_map(Item::sequences_mut) {
            let Some(pass) = sequence.pass else { continue };
            if sequence.extent == LengthConstraint::Open {
                sequence.extent = LengthConstraint::Heard(self.state.layout.passes[pass].1);
            }
        }
    }

    /// Passes of a section give way together, or none does.
    fn give_way(self, passes: &mut [Sequence]) {
        let may = passes.iter().all(|sequence| {
            sequence.pass.is_some_and(|pass| {
                let started = self.state.layout.passes[pass].0 < self.now.at;
                let hold = if started { Hold::ToCome } else { Hold::Words };
                self.hold >= hold && self.may_give_way(sequence, pass)
            })
        });
        if may {
            passes.iter_mut().for_each(|pass| open(pass, self.opening(pass)));
        }
    }

    fn may_give_way(self, sequence: &Sequence, pass: usize) -> bool {
        let (start, length) = self.state.layout.passes[pass];
        if start + length <= self.now.at {
            return false;
        }
        match sequence.extent {
            LengthConstraint::Least => true,
            LengthConstraint::Exact(_) => {
                !names_own_length(self.input, self.now, pass)
                    && !told_elsewhere(self.input, self.state, self.now, pass)
                    && self.pins_allow(sequence)
            }
            _ => false,
        }
    }

    /// True if no pin to come would be another than the one that was written, and a pause can give way.
    fn pins_allow(self, sequence: &Sequence) -> bool {
        let to_come = pins(sequence).filter(|(_, pin)| pin.0 >= self.now.first);
        let opening = self.opening(sequence);
        to_come.filter_map(|(index, pin)| Some((index, self.at(pin)?))).all(|(index, at)| match at {
            At::Share { .. } => false,
            At::FromStart(_) => index < opening,
            At::BeforeEnd(_) => true,
        }) && has_elastic(self, sequence, opening)
    }

    /// Returns the index of the stretch that gives way: the one before the first cue to come that is pinned from the
    /// end, or else the last.
    fn opening(self, sequence: &Sequence) -> usize {
        pins(sequence)
            .filter(|(_, pin)| pin.0 >= self.now.first)
            .find(|(_, pin)| matches!(self.at(*pin), Some(At::BeforeEnd(_))))
            .map_or(sequence.items.len().saturating_sub(1), |(index, _)| index)
    }

    fn at(self, pin: LeafId) -> Option<At> {
        self.input.plan.leaves[pin.0].cue?.at.map(|at| at.value)
    }
}

/// The stretches of a pass that end with a pin: which, and the pinned cue.
fn pins(sequence: &Sequence) -> impl Iterator<Item = (usize, LeafId)> {
    sequence.items.iter().enumerate().filter_map(|(index, item)| match item {
        Item::Sub(Sequence { extent: LengthConstraint::UpTo(_, pin), .. }) => Some((index, *pin)),
        _ => None,
    })
}

/// True if the stretch that is to give way has a pause that could.
fn has_elastic(holding: Holding<'_, '_>, sequence: &Sequence, opening: usize) -> bool {
    let items =
        if pins(sequence).next().is_some() { &sequence.items[opening..=opening] } else { &sequence.items };
    items.iter().any(|item| elastic(holding, item))
}

fn elastic(holding: Holding<'_, '_>, item: &Item) -> bool {
    match item {
        Item::Leaf(id) => {
            let (start, length) = holding.state.layout.leaves[id.0];
            let cue = holding.input.plan.leaves[id.0].cue;
            start + length >= holding.now.at
                && cue.is_some_and(|cue| matches!(cue.action, Action::Elastic { .. }))
        }
        _ => item.sequences().iter().flat_map(|sub| &sub.items).any(|item| elastic(holding, item)),
    }
}

/// A pass, and its stretch that gives way, share with what is around them.
fn open(sequence: &mut Sequence, opening: usize) {
    let pinned = pins(sequence).next().is_some();
    sequence.extent = LengthConstraint::Open;
    if pinned && let Some(Item::Sub(stretch)) = sequence.items.get_mut(opening) {
        stretch.extent = LengthConstraint::Open;
    }
}
