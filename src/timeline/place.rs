//! Everything that has a place becomes events, cues and chapters.

use std::collections::BTreeMap;

use super::bed::bed_spans;
use super::checks::PlacedCheck;
use super::expand::{Pass, Plan};
use super::measure::{Measured, Part};
use super::missing::unsaid;
use super::model::{Bus, Chapter, ClipId, CueKind, Event, Fades, PlacedCue, Timeline};
use super::solve::layout::Layout;
use crate::audio::{SoundKind, SoundRef};
use crate::diag::Diagnostics;
use crate::script::{Action, Clock, Cue, CueMix, Facts, Session};
use crate::units::{FramePos, Frames, Pan, SampleRate};

/// The input of [`place`].
pub(crate) struct Placed<'a> {
    pub(crate) session: &'a Session,
    pub(crate) plan: &'a Plan<'a>,
    pub(crate) layout: &'a Layout,
    pub(crate) measured: &'a [Measured],
    pub(crate) checks: &'a [PlacedCheck],
    /// Sounds that have their numbers already, and keep them.
    pub(crate) known: &'a [SoundRef],
}

/// The timeline.
pub(crate) fn place(placed: &Placed<'_>, rate: SampleRate, diagnostics: &mut Diagnostics) -> Timeline {
    let mut score =
        Score { rate, ids: BTreeMap::new(), sounds: Vec::new(), events: Vec::new(), cues: Vec::new() };
    for sound in placed.known {
        intern(sound, &mut score.ids, &mut score.sounds);
    }
    let leaves = placed.plan.leaves.iter().zip(placed.measured).zip(&placed.layout.leaves);
    for ((leaf, measured), &(start, slot)) in leaves {
        if let Some(cue) = leaf.cue {
            score.leaf(cue, measured, start, slot, leaf.pass);
        }
    }
    for check in placed.checks {
        score.check(check);
    }
    let Score { mut ids, mut sounds, mut events, mut cues, .. } = score;
    // Stable sorts: what the script says first comes first among equals.
    events.sort_by_key(|event| event.start);
    cues.sort_by_key(|cue| cue.at);
    let silence_after = placed.layout.end + placed.session.lead_out.to_frames(rate);
    // A bell is never cut: the track goes on until the last tail has rung out.
    let end = events.iter().map(Event::end).fold(silence_after, FramePos::max);
    let length = end.saturating_since(FramePos::START);
    let beds = bed_spans(placed.session, placed.plan, placed.layout, &events, length, rate, &mut |sound| {
        intern(sound, &mut ids, &mut sounds)
    });
    Timeline {
        rate,
        length,
        counted: placed.layout.counted,
        sounds,
        events,
        beds,
        chapters: chapters(placed, rate, diagnostics),
        cues,
    }
}

fn intern(sound: &SoundRef, ids: &mut BTreeMap<SoundRef, ClipId>, sounds: &mut Vec<SoundRef>) -> ClipId {
    *ids.entry(sound.clone()).or_insert_with(|| {
        sounds.push(sound.clone());
        ClipId(
            u32::try_from(sounds.len() - 1).expect("there are fewer sounds than cues, and cues are limited"),
        )
    })
}

/// The timeline while it is written.
struct Score {
    rate: SampleRate,
    ids: BTreeMap<SoundRef, ClipId>,
    sounds: Vec<SoundRef>,
    events: Vec<Event>,
    cues: Vec<PlacedCue>,
}

impl Score {
    fn leaf(&mut self, cue: &Cue, measured: &Measured, start: FramePos, slot: Frames, chapter: usize) {
        let whole = |kind, text: String, clip| PlacedCue {
            at: start,
            slot,
            kind,
            text,
            clip,
            role: cue.role,
            chapter,
            origin: cue.span,
        };
        match &cue.action {
            Action::Pause(_) => self.cues.push(whole(CueKind::Pause, String::new(), None)),
            Action::Elastic { .. } => self.cues.push(whole(CueKind::Elastic, String::new(), None)),
            Action::Breathe { breaths, .. } => {
                let text = format!("{breaths} {}", if *breaths == 1 { "breath" } else { "breaths" });
                self.cues.push(whole(CueKind::Breathe, text, None));
            }
            Action::Note(text) if !text.trim().is_empty() => {
                self.cues.push(whole(CueKind::Note, text.clone(), None));
            }
            _ => {}
        }
        for part in &measured.parts {
            let clip = self.event(part, start, cue, start + slot);
            let kind = match part.sound.kind {
                SoundKind::Speech => CueKind::Say,
                SoundKind::AsIs => CueKind::Clip,
                SoundKind::Bell => CueKind::Bell,
                // The breath they lead stands in the sheet already.
                SoundKind::Pacer | SoundKind::Bed => continue,
            };
            self.cues.push(PlacedCue {
                at: start + part.offset,
                slot: part.slot,
                kind,
                text: part.text.clone(),
                clip: Some(clip),
                role: cue.role,
                chapter,
                origin: cue.span,
            });
        }
    }

    fn event(&mut self, part: &Part, leaf: FramePos, cue: &Cue, leaf_end: FramePos) -> (ClipId, Frames) {
        let start = leaf + part.offset;
        let length = part.heard_length(cue, leaf_end.saturating_since(start));
        let clip = intern(&part.sound, &mut self.ids, &mut self.sounds);
        let CueMix { fade_in, fade_out, .. } = cue.mix;
        let fades = Fades { fade_in: fade_in.to_frames(self.rate), fade_out: fade_out.to_frames(self.rate) };
        self.events.push(Event {
            start,
            length,
            clip,
            gain: cue.mix.gain.to_gain(),
            pan: cue.mix.pan,
            fades: fades.shortened(length),
            bus: bus(part.sound.kind),
        });
        (clip, length)
    }

    fn check(&mut self, check: &PlacedCheck) {
        let clip = intern(&check.part.sound, &mut self.ids, &mut self.sounds);
        self.events.push(Event {
            start: check.at,
            length: check.part.length,
            clip,
            gain: crate::units::Gain::UNITY,
            pan: Pan::CENTRE,
            fades: Fades::default(),
            bus: Bus::Voice,
        });
        self.cues.push(PlacedCue {
            at: check.at,
            slot: check.part.slot,
            kind: CueKind::Say,
            text: check.part.text.clone(),
            clip: Some((clip, check.part.length)),
            role: None,
            chapter: check.pass,
            origin: check.span,
        });
    }
}

fn bus(kind: SoundKind) -> Bus {
    match kind {
        SoundKind::Speech => Bus::Voice,
        SoundKind::AsIs | SoundKind::Bell | SoundKind::Pacer => Bus::Bell,
        SoundKind::Bed => Bus::Bed,
    }
}

fn chapters(placed: &Placed<'_>, rate: SampleRate, diagnostics: &mut Diagnostics) -> Vec<Chapter> {
    let passes = placed.plan.passes.iter().zip(&placed.layout.passes);
    passes
        .map(|(pass, &(at, length))| Chapter {
            at,
            length,
            title: title(pass, placed, length, rate, diagnostics),
            counted: pass.section.clock == Clock::Counted,
            origin: pass.section.span,
        })
        .collect()
}

/// The title of a pass; one that does not name its side or round gets them, so that chapters can be told apart.
fn title(
    pass: &Pass<'_>,
    placed: &Placed<'_>,
    length: Frames,
    rate: SampleRate,
    diagnostics: &mut Diagnostics,
) -> String {
    let facts = Facts {
        sides: pass.sides.clone(),
        round: pass.round,
        total: placed.layout.counted.to_millis(rate),
        left: length.to_millis(rate),
        length: length.to_millis(rate),
    };
    let text = &pass.section.title.value;
    let wording = &placed.session.wording;
    let mut title = text.resolve(&facts, wording).unwrap_or_else(|why| {
        diagnostics.push(unsaid(&why, pass.section.title.span, Some(pass.section), wording));
        String::new()
    });
    if let Some((side, _)) = &pass.sides
        && !text.0.contains(&crate::script::Piece::Side)
    {
        title.push_str(&format!(", {side}"));
    }
    if let Some((round, rounds)) = pass.round
        && !text.0.contains(&crate::script::Piece::Round)
    {
        title.push_str(&format!(" ({round} of {rounds})"));
    }
    title
}
