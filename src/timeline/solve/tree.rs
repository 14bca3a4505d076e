//! The clock of a session as a tree: leaves take time, sequences hold them, passes are equal.
//!
//! [`settle`] gives every leaf its length and [`walk`] its place. Must not know sounds or texts.

use super::share::{Fit, Slot, share};
use crate::units::{FramePos, Frames};

/// A leaf of the tree: an index into the leaves of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LeafId(pub(crate) usize);

/// The time a leaf takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stretch {
    /// Exactly this.
    Fixed(Frames),
    /// Its share of what is left.
    Elastic { weight: u32, min: Frames, max: Frames },
}

/// One thing after another.
#[derive(Clone, Debug)]
pub(crate) struct Sequence {
    pub(crate) items: Vec<Item>,
    pub(crate) extent: LengthConstraint,
    /// The pass of a section that this is, if it is a whole one.
    pub(crate) pass: Option<usize>,
    /// Silence at the end, where nothing else could take it.
    pub(crate) tail: Frames,
}

/// An item of a sequence.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Leaf(LeafId),
    Sub(Sequence),
    /// Passes of equal length.
    Passes(Vec<Sequence>),
}

/// The length that a sequence must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LengthConstraint {
    /// As long as its parts; its elastic pauses share with those around it.
    Open,
    /// As long as its parts, its elastic pauses at their least, whatever is around it.
    Least,
    /// Exactly this long; its elastic pauses must take what is left.
    Exact(Frames),
    /// Exactly this long, as it was heard; what its parts do not take is silence.
    Heard(Frames),
    /// Up to the pinned cue after it; what its elastic pauses cannot take is silence.
    UpTo(Frames, LeafId),
}

/// A sequence that cannot be as long as it must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Infeasible {
    pub(crate) extent: LengthConstraint,
    pub(crate) pass: Option<usize>,
    pub(crate) fit: Fit,
    /// The last leaf that takes time before the end.
    pub(crate) last: Option<LeafId>,
    /// Its elastic pauses, all at a bound.
    pub(crate) elastic: Vec<LeafId>,
}

impl Item {
    /// The sequences that it is made of; none of a leaf.
    pub(crate) fn sequences(&self) -> &[Sequence] {
        match self {
            Self::Leaf(_) => &[],
            Self::Sub(sub) => std::slice::from_ref(sub),
            Self::Passes(passes) => passes,
        }
    }

    /// The same, to change them.
    pub(crate) fn sequences_mut(&mut self) -> &mut [Sequence] {
        match self {
            Self::Leaf(_) => &mut [],
            Self::Sub(sub) => std::slice::from_mut(sub),
            Self::Passes(passes) => passes,
        }
    }
}

impl Sequence {
    pub(crate) fn new(items: Vec<Item>, extent: LengthConstraint, pass: Option<usize>) -> Self {
        Self { items, extent, pass, tail: Frames::ZERO }
    }
}

/// The time that a sequence takes: frames that are fixed, and elastic pauses.
#[derive(Default)]
struct Demand {
    fixed: Frames,
    slots: Vec<(LeafId, Slot)>,
}

/// Gives every elastic leaf its length, so that every exact sequence is met to the frame.
pub(crate) fn settle(root: &mut Sequence, leaves: &mut [Stretch], infeasible: &mut Vec<Infeasible>) {
    match root.extent {
        LengthConstraint::Open | LengthConstraint::Least => meet(root, None, leaves, infeasible),
        LengthConstraint::Exact(length)
        | LengthConstraint::Heard(length)
        | LengthConstraint::UpTo(length, _) => meet(root, Some(length), leaves, infeasible),
    }
}

/// The place of every leaf and pass: calls `leaf(id, start, length)` and `pass(index, start, length)`.
pub(crate) fn walk(
    sequence: &Sequence,
    start: FramePos,
    leaves: &[Stretch],
    leaf: &mut dyn FnMut(LeafId, FramePos, Frames),
    pass: &mut dyn FnMut(usize, FramePos, Frames),
) -> FramePos {
    let mut at = start;
    for item in &sequence.items {
        at = match item {
            Item::Leaf(id) => {
                let length = least(leaves[id.0]);
                leaf(*id, at, length);
                at + length
            }
            _ => item.sequences().iter().fold(at, |at, sub| walk(sub, at, leaves, leaf, pass)),
        };
    }
    at += sequence.tail;
    if let Some(index) = sequence.pass {
        pass(index, start, at.saturating_since(start));
    }
    at
}

/// The frames that a sequence takes whatever is around it; nothing for one whose pauses share with others.
pub(crate) fn own_length(item: &Item, leaves: &[Stretch]) -> Frames {
    match item {
        Item::Leaf(id) => least(leaves[id.0]),
        Item::Sub(sub) => outer_demand(sub, leaves).least(),
        Item::Passes(passes) => widest(passes, leaves).least() * passes.len() as u64,
    }
}

fn least(stretch: Stretch) -> Frames {
    match stretch {
        Stretch::Fixed(length) => length,
        Stretch::Elastic { min, .. } => min,
    }
}

fn demand(sequence: &Sequence, leaves: &[Stretch]) -> Demand {
    let mut demand = Demand::default();
    for item in &sequence.items {
        match item {
            Item::Leaf(id) => match leaves[id.0] {
                Stretch::Fixed(length) => demand.fixed += length,
                Stretch::Elastic { weight, min, max } => {
                    demand.slots.push((*id, Slot { weight, min, max, times: 1 }));
                }
            },
            Item::Sub(sub) => demand.add(outer_demand(sub, leaves), 1),
            Item::Passes(passes) => demand.add(widest(passes, leaves), passes.len() as u64),
        }
    }
    demand
}

/// Returns the time that a sequence takes of the one around it.
fn outer_demand(sequence: &Sequence, leaves: &[Stretch]) -> Demand {
    let fixed = match sequence.extent {
        LengthConstraint::Open => return demand(sequence, leaves),
        LengthConstraint::Exact(length)
        | LengthConstraint::Heard(length)
        | LengthConstraint::UpTo(length, _) => length,
        LengthConstraint::Least => demand(sequence, leaves).least(),
    };
    Demand { fixed, slots: Vec::new() }
}

/// The demand of the pass that needs most; the others follow it.
fn widest(passes: &[Sequence], leaves: &[Stretch]) -> Demand {
    let demands = passes.iter().map(|pass| outer_demand(pass, leaves));
    // The first of equals, so that the choice does not depend on how many there are.
    demands
        .reduce(|widest, next| if next.least() > widest.least() { next } else { widest })
        .unwrap_or_default()
}

impl Demand {
    fn add(&mut self, other: Self, times: u64) {
        self.fixed += other.fixed * times;
        self.slots.extend(
            other.slots.into_iter().map(|(id, slot)| (id, Slot { times: slot.times * times, ..slot })),
        );
    }

    fn least(&self) -> Frames {
        self.fixed + self.slots.iter().map(|(_, slot)| slot.min * slot.times).sum::<Frames>()
    }
}

/// Settles a sequence whose length is given (`None`: as short as it can be).
fn meet(
    sequence: &mut Sequence,
    target: Option<Frames>,
    leaves: &mut [Stretch],
    infeasible: &mut Vec<Infeasible>,
) {
    let demand = demand(sequence, leaves);
    let slots: Vec<Slot> = demand.slots.iter().map(|(_, slot)| *slot).collect();
    let target = target.unwrap_or_else(|| demand.least());
    let shares = match target.checked_sub(demand.fixed) {
        Some(rest) => share(rest, &slots),
        None => {
            let mut shares = share(Frames::ZERO, &slots);
            shares.fit = Fit::Over(demand.least().saturating_sub(target));
            shares
        }
    };
    sequence.tail = match shares.fit {
        Fit::Met { rest } | Fit::Under(rest) => rest,
        Fit::Over(_) => Frames::ZERO,
    };
    let at_fault = match (sequence.extent, shares.fit) {
        (_, Fit::Met { .. }) => false,
        (_, Fit::Over(_)) => true,
        // Time left before a pin, or in the shorter of equal passes, is meant to be silence.
        (extent, Fit::Under(_)) => matches!(extent, LengthConstraint::Exact(_)),
    };
    if at_fault {
        infeasible.push(Infeasible {
            extent: sequence.extent,
            pass: sequence.pass,
            fit: shares.fit,
            last: last_leaf(sequence, leaves),
            elastic: demand.slots.iter().map(|(id, _)| *id).collect(),
        });
    }
    let mut lengths = shares.lengths.into_iter();
    hand_down(sequence, &mut lengths, leaves, infeasible);
}

/// Hands the shares to the leaves they are for, in the order in which [`demand`] asked.
fn hand_down(
    sequence: &mut Sequence,
    lengths: &mut dyn Iterator<Item = Frames>,
    leaves: &mut [Stretch],
    infeasible: &mut Vec<Infeasible>,
) {
    for item in &mut sequence.items {
        match item {
            Item::Leaf(id) => {
                if matches!(leaves[id.0], Stretch::Elastic { .. }) {
                    leaves[id.0] = Stretch::Fixed(lengths.next().unwrap_or_default());
                }
            }
            Item::Sub(sub) if sub.extent == LengthConstraint::Open => {
                hand_down(sub, lengths, leaves, infeasible)
            }
            Item::Sub(sub) => settle(sub, leaves, infeasible),
            Item::Passes(passes) => {
                let widest = widest(passes, leaves);
                let shared: Frames = widest
                    .slots
                    .iter()
                    .map(|(_, slot)| lengths.next().unwrap_or_default() * slot.times)
                    .sum();
                for pass in passes {
                    match pass.extent {
                        LengthConstraint::Open => meet(pass, Some(widest.fixed + shared), leaves, infeasible),
                        _ => settle(pass, leaves, infeasible),
                    }
                }
            }
        }
    }
}

fn last_leaf(sequence: &Sequence, leaves: &[Stretch]) -> Option<LeafId> {
    sequence.items.iter().rev().find_map(|item| match item {
        Item::Leaf(id) => (least(leaves[id.0]) > Frames::ZERO).then_some(*id),
        _ => item.sequences().iter().rev().find_map(|sub| last_leaf(sub, leaves)),
    })
}
