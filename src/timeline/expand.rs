//! A session unrolled: every pass of every section and repeat written out, as a tree of leaves.
//!
//! Lengths are not known here; `measure` asks the library for them.

use super::solve::tree::{Item, LeafId, LengthConstraint, Sequence};
use crate::diag::{Diagnostic, Diagnostics, Hint, Span, Spanned};
use crate::script::{Action, At, Clock, Cue, Section, Session};
use crate::units::{Frames, Millis, SampleRate, div_nearest};

/// More cues, strikes, breaths and rounds than any session has; repeats of repeats must not fill the memory, be they
/// empty. Of a day of breaths there are thirty thousand phases.
const MAX_UNROLLED: usize = 100_000;

/// A session unrolled.
#[derive(Debug)]
pub(crate) struct Plan<'s> {
    pub(crate) root: Sequence,
    pub(crate) leaves: Vec<Leaf<'s>>,
    pub(crate) passes: Vec<Pass<'s>>,
    /// The items of the root that are outside the promised minutes.
    pub(crate) outside: Vec<usize>,
    /// The leaf that takes the frames no equal passes can share.
    pub(crate) remainder: LeafId,
}

/// A cue in one pass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaf<'s> {
    /// The cue; none for the remainder.
    pub(crate) cue: Option<&'s Cue>,
    /// The section it is in; none for the remainder.
    pub(crate) section: Option<&'s Section>,
    pub(crate) pass: usize,
    /// The innermost round, from 1, and how many there are.
    pub(crate) round: Option<(u32, u32)>,
}

/// One pass of a section.
#[derive(Clone, Debug)]
pub(crate) struct Pass<'s> {
    pub(crate) section: &'s Section,
    /// The side and the other one.
    pub(crate) sides: Option<(String, String)>,
    pub(crate) round: Option<(u32, u32)>,
}

/// Unrolls a session.
pub(crate) fn expand<'s>(session: &'s Session, rate: SampleRate, diagnostics: &mut Diagnostics) -> Plan<'s> {
    let mut expansion = Expansion { leaves: Vec::new(), passes: Vec::new(), rate, unrolled: 0, diagnostics };
    let mut items = Vec::new();
    let mut outside = Vec::new();
    let mut end_of_counted = 0;
    for section in &session.sections {
        let Some(item) = expansion.section(section) else { continue };
        items.push(item);
        match section.clock {
            Clock::Outside => outside.push(items.len() - 1),
            Clock::Counted => end_of_counted = items.len(),
        }
    }
    let remainder = LeafId(expansion.leaves.len());
    let pass = expansion.passes.len().saturating_sub(1);
    expansion.leaves.push(Leaf { cue: None, section: None, pass, round: None });
    let (leaves, passes) = (expansion.leaves, expansion.passes);
    // After the last counted section, so that it is inside the promised minutes.
    items.insert(end_of_counted, Item::Leaf(remainder));
    outside.iter_mut().filter(|index| **index >= end_of_counted).for_each(|index| *index += 1);
    Plan { root: Sequence::new(items, LengthConstraint::Open, None), leaves, passes, outside, remainder }
}

struct Expansion<'s, 'd> {
    leaves: Vec<Leaf<'s>>,
    passes: Vec<Pass<'s>>,
    rate: SampleRate,
    /// The weight of all cues and rounds so far.
    unrolled: usize,
    diagnostics: &'d mut Diagnostics,
}

impl<'s> Expansion<'s, '_> {
    fn section(&mut self, section: &'s Section) -> Option<Item> {
        let sides = section.pairs_of_sides();
        let mut sequences = Vec::new();
        for round in 1..=section.rounds {
            for side in &sides {
                if !self.room(section.span, 1 + section.title.value.weight()) {
                    break;
                }
                let pass = self.passes.len();
                let round = (section.rounds > 1).then_some((round, section.rounds));
                self.passes.push(Pass { section, sides: side.clone(), round });
                sequences.push(self.pass(section, pass));
            }
        }
        match sequences.len() {
            0 => None,
            1 => sequences.pop().map(Item::Sub),
            _ => Some(Item::Passes(sequences)),
        }
    }

    /// One pass: the stretches between pinned cues, each up to the next pin, and what follows the last.
    fn pass(&mut self, section: &'s Section, pass: usize) -> Sequence {
        let length = section.length.map(|length| length.value.to_frames(self.rate));
        let mut items = Vec::new();
        let mut stretch = Vec::new();
        let mut from = Frames::ZERO;
        for cue in &section.cues {
            if let Some(at) = self.pin(cue, section, length) {
                let id = LeafId(self.leaves.len());
                match at.value.checked_sub(from) {
                    Some(gap) => {
                        let before = std::mem::take(&mut stretch);
                        items.push(Item::Sub(Sequence::new(
                            before,
                            LengthConstraint::UpTo(gap, id),
                            Some(pass),
                        )));
                        from = at.value;
                    }
                    None => self.diagnostics.push(Diagnostic::error(
                        "pin-order",
                        at.span,
                        "this cue is pinned before the one above it",
                    )),
                }
            }
            stretch.extend(self.cue(cue, pass, self.passes[pass].round));
        }
        let rest = match (length, section.clock) {
            (Some(length), _) => LengthConstraint::Exact(length.saturating_sub(from)),
            (None, Clock::Counted) => LengthConstraint::Open,
            (None, Clock::Outside) => LengthConstraint::Least,
        };
        if items.is_empty() {
            return Sequence::new(stretch, rest, Some(pass));
        }
        items.push(Item::Sub(Sequence::new(stretch, rest, Some(pass))));
        let whole = match length {
            Some(length) => LengthConstraint::Exact(length),
            None => rest,
        };
        Sequence::new(items, whole, Some(pass))
    }

    /// Returns the offset at which a cue is pinned, in frames from the start of the pass.
    fn pin(&mut self, cue: &Cue, section: &Section, length: Option<Frames>) -> Option<Spanned<Frames>> {
        let at = cue.at?;
        let Some(length) = length else {
            if let At::FromStart(offset) = at.value {
                return Some(Spanned::new(offset.to_frames(self.rate), at.span));
            }
            let message = "`at` from the end or in percent needs the length of the section";
            let diagnostic = Diagnostic::error("pin-without-length", at.span, message)
                .related(section.span, "this section has no `length`");
            self.diagnostics.push(diagnostic);
            return None;
        };
        let offset = match at.value {
            At::FromStart(offset) => Some(offset.to_frames(self.rate)),
            At::BeforeEnd(offset) => length.checked_sub(offset.to_frames(self.rate)),
            At::Share { millipercent } => Some(Frames(div_nearest(length.0 * millipercent, 100_000))),
        };
        let offset = offset.filter(|offset| *offset <= length);
        if offset.is_none() {
            let shown = length.to_millis(self.rate);
            let message = format!("this cue is pinned outside its section, which is {shown} long");
            self.diagnostics.push(Diagnostic::error("pin-outside", at.span, message));
        }
        offset.map(|offset| Spanned::new(offset, at.span))
    }

    fn cue(&mut self, cue: &'s Cue, pass: usize, round: Option<(u32, u32)>) -> Option<Item> {
        if !self.room(cue.span, weight(&cue.action)) {
            return None;
        }
        match &cue.action {
            Action::Repeat { times, cues } => Some(self.repeat(cue, *times, cues, pass)),
            _ => {
                let id = LeafId(self.leaves.len());
                let section = Some(self.passes[pass].section);
                self.leaves.push(Leaf { cue: Some(cue), section, pass, round });
                Some(Item::Leaf(id))
            }
        }
    }

    /// Counts one more cue or round of that weight; false if there are too many, which is reported once.
    fn room(&mut self, span: Span, weight: usize) -> bool {
        let is_first = self.unrolled < MAX_UNROLLED;
        self.unrolled = self.unrolled.saturating_add(weight);
        let has_room = self.unrolled < MAX_UNROLLED;
        if is_first && !has_room {
            let message =
                format!("this session has more than {MAX_UNROLLED} cues, strikes, breaths and rounds");
            self.diagnostics.push(Diagnostic::error("too-long", span, message).hint("repeat less often"));
        }
        has_room
    }

    fn repeat(&mut self, cue: &Cue, times: u32, cues: &'s [Cue], pass: usize) -> Item {
        let mut sequences = Vec::new();
        for round in 1..=times {
            if !self.room(cue.span, 1) {
                break;
            }
            let items: Vec<Item> =
                cues.iter().filter_map(|cue| self.unpinned(cue, pass, Some((round, times)))).collect();
            sequences.push(Sequence::new(items, LengthConstraint::Open, None));
        }
        Item::Passes(sequences)
    }

    fn unpinned(&mut self, cue: &'s Cue, pass: usize, round: Option<(u32, u32)>) -> Option<Item> {
        if let Some(at) = cue.at {
            let message =
                "a cue inside `repeat` cannot be pinned: its offset would be the same in every round";
            let diagnostic = Diagnostic::error("pin-in-repeat", at.span, message);
            let hint = Hint::from("take `at` away, or write the rounds out").maybe_edit(cue.unpin.clone());
            self.diagnostics.push(diagnostic.hint(hint));
        }
        self.cue(cue, pass, round)
    }
}

/// The weight of a cue: the sounds, or short lines, that it is made of.
fn weight(action: &Action) -> usize {
    match action {
        Action::Say(text) | Action::Clip { text: Some(text), .. } => 1 + text.value.weight(),
        Action::Bell { strikes, .. } => 1 + strikes.count as usize,
        Action::Breathe { breaths, phases, .. } => {
            1 + *breaths as usize * phases.iter().filter(|phase| **phase > Millis::ZERO).count()
        }
        Action::Count { to, .. } => 1 + *to as usize,
        Action::Checks(checks) => 1 + checks.len(),
        _ => 1,
    }
}
