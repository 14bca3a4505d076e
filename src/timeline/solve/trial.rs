//! Trials: a session with a few changes, laid out again to see what is still wrong.
//!
//! Advice is tried before it is given. A trial is solved as the session is, so what holds here holds when it is typed.
//! Must not know words or files.

use super::faults::{Fault, Faults, fault_of};
use super::settle::whole;
use crate::diag::{Diagnostics, Severity, Span, Spanned};
use crate::script::{Action, At, Cue, Session};
use crate::timeline::expand::expand;
use crate::timeline::measure::MeasuredSounds;
use crate::timeline::model::LONGEST_TRACK;
use crate::units::{FramePos, Frames, Millis, SampleRate};

/// The most leaves that are laid out for all the advice about a session: a session with very many mistakes must not
/// cost minutes.
const MAX_LEAVES: usize = 200_000;

/// A change of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The exact length of the section that stands there.
    SectionLength(Span, Millis),
    /// The exact length of the counted part.
    SessionLength(Millis),
    /// The offset that is written there, or none at all.
    Pin(Span, Option<At>),
    /// One more elastic pause at the end of the section that stands there.
    Flex(Span),
    /// The minimum of the elastic pause that stands there.
    Least(Span, Millis),
}

impl Change {
    /// True of a length that cannot be written.
    fn is_too_long(&self) -> bool {
        match self {
            Self::SectionLength(_, length) | Self::SessionLength(length) | Self::Least(_, length) => {
                *length > LONGEST_TRACK
            }
            Self::Pin(..) | Self::Flex(_) => false,
        }
    }
}

/// Tries changes of a session.
pub(crate) struct Trials<'a, 'm> {
    pub(super) session: &'a Session,
    measure: &'m mut MeasuredSounds<'a>,
    pub(super) rate: SampleRate,
    /// The leaves that may still be laid out.
    left: usize,
    /// The faults without a change.
    before: Option<Faults>,
}

impl<'a, 'm> Trials<'a, 'm> {
    pub(crate) fn new(session: &'a Session, measure: &'m mut MeasuredSounds<'a>, rate: SampleRate) -> Self {
        Self { session, measure, rate, left: MAX_LEAVES, before: None }
    }

    /// The faults with these changes; `None` if enough was tried.
    pub(super) fn faults(&mut self, changes: &[Change]) -> Option<Faults> {
        if self.left == 0 {
            return None;
        }
        let changed = changed(self.session, changes);
        let mut found = Diagnostics::default();
        let plan = expand(&changed, self.rate, &mut found);
        self.left = self.left.saturating_sub(plan.leaves.len());
        let solved = whole(&changed, &plan, self.measure, self.rate);
        found.extend(solved.found);
        let errors = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        let mut faults: Faults = errors
            .map(|diagnostic| ((diagnostic.id, diagnostic.span, diagnostic.message.clone()), Frames::ZERO))
            .collect();
        if !solved.settled {
            faults.insert(("unsettled", Span::default(), String::new()), Frames::ZERO);
        }
        let longest = FramePos::START + LONGEST_TRACK.to_frames(self.rate);
        if solved.layout.end > longest || changes.iter().any(Change::is_too_long) {
            faults.insert(("too-long", Span::default(), String::new()), Frames::ZERO);
        }
        for unmet in &solved.layout.infeasible {
            let ((id, span), by) = fault_of(unmet, &changed, &plan);
            let most = faults.entry((id, span, String::new())).or_default();
            *most = by.max(*most);
        }
        Some(faults)
    }

    /// Tests that changes remove a fault and add none; `Err` has the faults there would be.
    pub(super) fn mends(&mut self, fault: Fault, changes: &[Change]) -> Option<Result<(), Faults>> {
        if self.before.is_none() {
            self.before = Some(self.faults(&[])?);
        }
        let after = self.faults(changes)?;
        let before = self.before.as_ref()?;
        let worse = after.keys().any(|key| !before.contains_key(key) || (key.0, key.1) == fault);
        Some(if worse { Err(after) } else { Ok(()) })
    }
}

fn changed(session: &Session, changes: &[Change]) -> Session {
    let mut changed = session.clone();
    for change in changes {
        match change {
            Change::SessionLength(length) => {
                let span = changed.length.map(|length| length.span).unwrap_or_default();
                changed.length = Some(Spanned::new(*length, span));
            }
            Change::SectionLength(place, length) => {
                for section in changed.sections.iter_mut().filter(|section| section.span == *place) {
                    let span = section.length.map_or(section.span, |length| length.span);
                    section.length = Some(Spanned::new(*length, span));
                }
            }
            Change::Pin(place, at) => {
                let cues = changed.sections.iter_mut().flat_map(|section| &mut section.cues);
                for cue in cues.filter(|cue| cue.at.is_some_and(|at| at.span == *place)) {
                    cue.at = at.map(|at| Spanned::new(at, *place));
                }
            }
            Change::Flex(place) => {
                for section in changed.sections.iter_mut().filter(|section| section.span == *place) {
                    section.cues.push(flex());
                }
            }
            Change::Least(place, length) => {
                changed.sections.iter_mut().for_each(|section| raise(&mut section.cues, *place, *length));
            }
        }
    }
    changed
}

fn flex() -> Cue {
    let action = Action::Elastic { weight: 1, min: Millis::ZERO, max: None, least: None };
    Cue { span: Span::default(), action, at: None, unpin: None, mix: Default::default(), role: None }
}

fn raise(cues: &mut [Cue], place: Span, length: Millis) {
    for cue in cues {
        match &mut cue.action {
            Action::Elastic { min, .. } if cue.span == place => *min = length,
            Action::Repeat { cues, .. } => raise(cues, place, length),
            _ => {}
        }
    }
}
