//! The session and the lengths of its clips to a timeline: unroll, measure, settle, place.
//!
//! The middle two steps are in `solve/`, because what is left of a session can be solved, too.

use super::checks::{SpokenChecks, place_checks};
use super::expand::expand;
use super::lint::lint;
use super::measure::MeasuredSounds;
use super::model::{LONGEST_TRACK, Timeline};
use super::place::{Placed, place};
use super::solve::advice::pinned;
use super::solve::faults::worst;
use super::solve::infeasible::explain;
use super::solve::settle::{Solved, whole};
use super::solve::trial::Trials;
use super::transform::{LevelCourse, apply_descent};
use crate::audio::Sounds;
use crate::diag::{Diagnostic, Diagnostics};
use crate::script::Session;
use crate::units::{FramePos, Frames, SampleRate};

/// Places every sound of `session` at its exact frame.
///
/// Never fails: mistakes are added to `diagnostics`; `None` if they, or those already there, leave
/// nothing that could be a timeline. A script with mistakes is still searched for missing sounds, but
/// what does not fit is not held against it: cues may have been left out.
pub fn compile(
    session: &Session,
    sounds: &dyn Sounds,
    rate: SampleRate,
    course: LevelCourse,
    diagnostics: &mut Diagnostics,
) -> Option<Timeline> {
    let broken = diagnostics.has_errors();
    let mut unrolled = Diagnostics::default();
    let plan = expand(session, rate, &mut unrolled);
    let mut measure = MeasuredSounds::new(sounds, session, rate);
    session.beds().for_each(|bed| measure.bed(bed, diagnostics));
    let Solved { measured, layout, found, settled } = whole(session, &plan, &mut measure, rate);
    if broken {
        diagnostics.extend(unrolled);
        diagnostics.extend(found);
        return None;
    }
    if measure.makes_too_much()
        && let Some(section) = session.sections.first()
    {
        let message =
            "the bells and breath tones of this session are more than 20 minutes of different sound";
        let diagnostic = Diagnostic::error("too-long", section.span, message);
        diagnostics.push(diagnostic.hint("use fewer different pitches and lengths of a breath"));
    }
    let mut trials = Trials::new(session, &mut measure, rate);
    for diagnostic in unrolled {
        diagnostics.push(match diagnostic.id {
            "pin-order" | "pin-outside" | "pin-without-length" => {
                let hint = pinned(&mut trials, (diagnostic.id, diagnostic.span), Frames::ZERO);
                diagnostic.hint(hint)
            }
            _ => diagnostic,
        });
    }
    // After what made the session too long, for then there is no end of these.
    diagnostics.extend(found);
    if !settled && let Some(section) = session.sections.first() {
        let message = "the spoken times do not settle: saying how much is left changes how much is left";
        let diagnostic = Diagnostic::error("unsettled", section.span, message);
        diagnostics.push(diagnostic.hint("pin the cue that says `{left}` with `at`"));
    }
    for unmet in worst(&layout.infeasible, session, &plan) {
        if diagnostics.is_full() {
            break;
        }
        diagnostics.push(explain(unmet, session, &plan, &measured, rate, &mut trials));
    }
    let none_said = SpokenChecks { checks: &[], now: FramePos::START };
    let checks = place_checks(&plan, &layout, &measured, none_said, &mut measure, rate, diagnostics);
    let timeline = place(
        &Placed { session, plan: &plan, layout: &layout, measured: &measured, checks: &checks, known: &[] },
        rate,
        diagnostics,
    );
    if timeline.length > LONGEST_TRACK.to_frames(rate) && !diagnostics.has_errors() {
        let length = timeline.length.to_millis(rate);
        let span = session.sections.first().map(|section| section.span).unwrap_or_default();
        let message = format!("this session is {length} long, and 24 hours is the most");
        diagnostics.push(Diagnostic::error("too-long", span, message));
    }
    if diagnostics.has_errors() {
        return None;
    }
    lint(session, &timeline, &mut Trials::new(session, &mut measure, rate), diagnostics);
    Some(apply_descent(timeline, course))
}
