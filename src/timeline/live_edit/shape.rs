//! The tree of a session that has been heard in part.
//!
//! Passes that must be equal are parted where one of them has begun, what has been heard gets the length it had,
//! and what was solved becomes what holds from then on. Must not know texts or edits.

use crate::timeline::solve::tree::{Item, LengthConstraint, Sequence};
use crate::units::{FramePos, Frames};

/// Passes of which some have begun are parted: those go their own way, those to come stay equal to each other.
/// A leaf has begun if its number is below `first`.
pub(super) fn split_passes(sequence: &mut Sequence, first: usize) {
    for item in &mut sequence.items {
        let passes = match item {
            Item::Leaf(_) => continue,
            Item::Sub(sub) => {
                split_passes(sub, first);
                continue;
            }
            Item::Passes(passes) => passes,
        };
        let begun = passes.iter().take_while(|pass| has_begun(pass, first)).count();
        if begun == 0 {
            continue;
        }
        let to_come = passes.split_off(begun);
        let mut items: Vec<Item> = std::mem::take(passes).into_iter().map(Item::Sub).collect();
        if !to_come.is_empty() {
            items.push(Item::Passes(to_come));
        }
        let mut split = Sequence::new(items, LengthConstraint::Open, None);
        split_passes(&mut split, first);
        *item = Item::Sub(split);
    }
}

fn has_begun(sequence: &Sequence, first: usize) -> bool {
    sequence.items.iter().any(|item| match item {
        Item::Leaf(id) => id.0 < first,
        _ => item.sequences().iter().any(|sub| has_begun(sub, first)),
    })
}

/// Keeps the length of what has been heard by `now`, also where only the silence at its end is left to hear, and fills
/// what is being heard with silence where nothing else can take what is left. Returns the end of the sequence.
pub(super) fn freeze_past(
    sequence: &mut Sequence,
    start: FramePos,
    lengths: &[Frames],
    now: FramePos,
) -> FramePos {
    let mut end = start;
    for item in &mut sequence.items {
        end = match item {
            Item::Leaf(id) => end + lengths[id.0],
            _ => item.sequences_mut().iter_mut().fold(end, |end, sub| freeze_past(sub, end, lengths, now)),
        };
    }
    let silent_from = end;
    end += std::mem::take(&mut sequence.tail);
    let length = end.saturating_since(start);
    let only_silence_is_left = start < end && (end <= now || silent_from < now);
    match sequence.extent {
        LengthConstraint::Exact(_) if start < now => sequence.extent = LengthConstraint::Heard(length),
        LengthConstraint::Open | LengthConstraint::Least if only_silence_is_left => {
            sequence.extent = LengthConstraint::Heard(length)
        }
        _ => {}
    }
    end
}

/// Gives `sequence` the lengths and silences of `settled`, which hold from now on. Returns the end of the sequence.
pub(super) fn freeze(
    sequence: &mut Sequence,
    settled: &Sequence,
    start: FramePos,
    lengths: &[Frames],
) -> FramePos {
    let mut end = start;
    for (item, settled) in sequence.items.iter_mut().zip(&settled.items) {
        if let Item::Leaf(id) = item {
            end += lengths[id.0];
        }
        // A tree is settled in the shape it has.
        for (sub, settled) in item.sequences_mut().iter_mut().zip(settled.sequences()) {
            end = freeze(sub, settled, end, lengths);
        }
    }
    sequence.tail = settled.tail;
    end += settled.tail;
    let length = end.saturating_since(start);
    sequence.extent = match sequence.extent {
        LengthConstraint::Exact(_) => LengthConstraint::Exact(length),
        LengthConstraint::Heard(_) => LengthConstraint::Heard(length),
        LengthConstraint::UpTo(_, pin) => LengthConstraint::UpTo(length, pin),
        LengthConstraint::Least if settled.extent == LengthConstraint::Open => LengthConstraint::Open,
        extent => extent,
    };
    end
}

/// Makes the silence longer that is heard at `now`, if it is one that belongs to no pause. Gives the end of the
/// sequence as it was, and whether that silence was found.
pub(super) fn lengthen_tail(
    sequence: &mut Sequence,
    start: FramePos,
    lengths: &[Frames],
    now: FramePos,
    more: Frames,
) -> (FramePos, bool) {
    let (mut end, mut found) = (start, false);
    for item in &mut sequence.items {
        if let Item::Leaf(id) = item {
            end += lengths[id.0];
        }
        for sub in item.sequences_mut() {
            let (after, here) = lengthen_tail(sub, end, lengths, now, more);
            (end, found) = (after, found || here);
        }
    }
    let silent_from = end;
    end += sequence.tail;
    if !found && silent_from <= now && now < end {
        sequence.tail += more;
        // Whatever is asked for later: all that this sequence has left is the silence that was asked for.
        if !matches!(sequence.extent, LengthConstraint::UpTo(..)) {
            sequence.extent = LengthConstraint::Heard(end.saturating_since(start) + more);
        }
        found = true;
    }
    (end, found)
}
