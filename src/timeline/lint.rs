//! Warnings about a session that compiles: the things that a careful teacher would look at again.
//!
//! Judges the compiled timeline, so it knows the true pace and the true silences. The rules that
//! read words know English only, and keep quiet for other languages.

use super::model::{CueKind, PlacedCue, Timeline};
use super::solve::advice::empty_pause;
use super::solve::trial::Trials;
use crate::diag::{Diagnostic, Diagnostics, Hint, Place, Span, quoted};
use crate::script::{Action, Cue, Role, Section, SectionKind, Session};
use crate::units::{FramePos, Frames, Millis};

/// Words a minute above which guided speech is hurried: ordinary reading is 125 to 150.
const FASTEST_WPM: u64 = 140;

/// Shorter lines have no pace worth measuring.
const FEWEST_WORDS: usize = 4;

/// Longer lines sound read, not said.
const MAX_WORDS: usize = 18;

/// A longer silence makes people wonder whether the track has stopped.
const LONGEST_SILENCE: Millis = Millis::from_secs(30);

/// Lines before a silence that may announce it.
const ANNOUNCING_LINES: usize = 2;

/// Words that announce a silence.
const ANNOUNCING: [&str; 14] = [
    "minute",
    "minutes",
    "second",
    "seconds",
    "breath",
    "breaths",
    "quiet",
    "silence",
    "silent",
    "silently",
    "still",
    "stillness",
    "bell",
    "bells",
];

/// Things a practice may need, by the stem that names them.
const PROPS: [&str; 11] =
    ["chair", "bolster", "block", "blanket", "strap", "belt", "cushion", "pillow", "roller", "wall", "mat"];

/// Adds the warnings about a session.
pub(crate) fn lint(
    session: &Session,
    timeline: &Timeline,
    trials: &mut Trials<'_, '_>,
    diagnostics: &mut Diagnostics,
) {
    for section in &session.sections {
        care(section, diagnostics);
    }
    for cue in timeline.cues.iter().filter(|cue| cue.kind == CueKind::Elastic && cue.slot == Frames::ZERO) {
        let diagnostic =
            Diagnostic::warning("empty-pause", cue.origin, "no time is left for this elastic pause");
        let pause = elastic(session, cue.origin);
        let hint =
            pause.map(|(pause, least)| empty_pause(trials, pause, least.map(|place| place.write("\"1s\""))));
        diagnostics.push(diagnostic.maybe_hint(hint));
    }
    let said: Vec<Line<'_>> = timeline.cues.iter().filter_map(Line::of).collect();
    for line in &said {
        pace(line, timeline, diagnostics);
    }
    if session.wording.is_english() {
        silences(timeline, &said, diagnostics);
        sides(session, timeline, &said, diagnostics);
        props(session, &said, diagnostics);
    }
}

/// The elastic pause that stands there, and where its minimum is or can be written.
fn elastic(session: &Session, place: Span) -> Option<(&Cue, Option<&Place>)> {
    let cue = session.sections.iter().find_map(|section| section.cue_at(place))?;
    match &cue.action {
        Action::Elastic { least, .. } => Some((cue, least.as_ref())),
        _ => None,
    }
}

/// A line, and its words: most rules look at them.
struct Line<'t> {
    cue: &'t PlacedCue,
    words: Vec<String>,
}

impl<'t> Line<'t> {
    fn of(cue: &'t PlacedCue) -> Option<Self> {
        (cue.kind == CueKind::Say).then(|| Self { cue, words: words(&cue.text) })
    }

    fn has(&self, is_meant: impl Fn(&str) -> bool) -> bool {
        self.words.iter().any(|word| is_meant(word))
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn pace(line: &Line<'_>, timeline: &Timeline, diagnostics: &mut Diagnostics) {
    let (cue, count) = (line.cue, line.words.len());
    if count > MAX_WORDS {
        let message = format!("this line has {count} words; over {MAX_WORDS} it sounds read, not said");
        diagnostics.push(Diagnostic::warning("long-line", cue.origin, message).hint("make two cues of it"));
    }
    let Some((_, length)) = cue.clip.filter(|(_, length)| *length > Frames::ZERO) else { return };
    let wpm = count as u64 * 60 * u64::from(timeline.rate.hz()) / length.0;
    if count >= FEWEST_WORDS && wpm > FASTEST_WPM {
        let message = format!("\"{}\" is spoken at {wpm} words a minute", cue.text);
        let hint =
            format!("record it slower; calm guidance is 95 to 130, and over {FASTEST_WPM} it is hurried");
        diagnostics.push(Diagnostic::warning("fast-speech", cue.origin, message).hint(hint));
    }
}

/// Gaps between words, bells and led breaths that no line announced.
fn silences(timeline: &Timeline, said: &[Line<'_>], diagnostics: &mut Diagnostics) {
    let limit = LONGEST_SILENCE.to_frames(timeline.rate);
    let mut heard_until: Option<FramePos> = None;
    let mut lines = 0;
    for cue in &timeline.cues {
        let length = match cue.kind {
            CueKind::Pause | CueKind::Elastic | CueKind::Note => continue,
            CueKind::Breathe => cue.slot,
            CueKind::Bell => Frames::ZERO,
            CueKind::Say | CueKind::Clip => cue.clip.map_or(Frames::ZERO, |(_, length)| length),
        };
        if let (Some(until), Some(last)) = (heard_until, said[..lines].last()) {
            let gap = cue.at.saturating_since(until);
            let mut before = said[..lines].iter().rev().take(ANNOUNCING_LINES);
            if gap > limit && !before.any(|line| line.has(|word| ANNOUNCING.contains(&word))) {
                let message = format!("{} of silence that nobody announced", gap.to_millis(timeline.rate));
                let diagnostic = Diagnostic::warning("long-silence", last.cue.origin, message)
                    .label("the last words before it")
                    .hint(
                        "say how long it is, or what ends it: \"I will be quiet now. A bell will call you.\"",
                    );
                diagnostics.push(diagnostic);
            }
        }
        heard_until = heard_until.max(Some(cue.at + length));
        if cue.kind == CueKind::Say {
            lines += 1;
        }
    }
}

/// Sections that say "left" and never "right", unless another section is its mirror.
fn sides(session: &Session, timeline: &Timeline, said: &[Line<'_>], diagnostics: &mut Diagnostics) {
    let mut only: [Vec<(&str, Span)>; 2] = [Vec::new(), Vec::new()];
    for section in session.sections.iter().filter(|section| section.sides.is_empty()) {
        let mut first = [None, None];
        let own = said.iter().filter(|line| timeline.chapters[line.cue.chapter].origin == section.span);
        for line in own {
            for (index, side) in ["left", "right"].into_iter().enumerate() {
                if first[index].is_none() && names_side(line, side) {
                    first[index] = Some(line.cue.origin);
                }
            }
        }
        match first {
            [Some(span), None] => only[0].push(("left", span)),
            [None, Some(span)] => only[1].push(("right", span)),
            _ => {}
        }
    }
    let paired = only[0].len().min(only[1].len());
    for (side, span) in only.iter().flat_map(|one| one.iter().skip(paired)) {
        let message = format!("\"{side}\" is said here, and the other side never gets its turn");
        let diagnostic = Diagnostic::warning("one-sided", *span, message);
        diagnostics.push(diagnostic.hint("give the section `sides = [\"left\", \"right\"]` and say {side}"));
    }
}

/// True if a line means a side of the body: not "two minutes left", "right now" or "roll to your right".
fn names_side(line: &Line<'_>, side: &str) -> bool {
    let words = &line.words;
    if line.has(|word| word.starts_with("roll")) {
        return false;
    }
    words.iter().enumerate().any(|(i, word)| {
        let before = i.checked_sub(1).and_then(|i| words.get(i)).map_or("", String::as_str);
        let after = words.get(i + 1).map_or("", String::as_str);
        let counts_time = ["minute", "second", "breath", "round", "time", "is", "are"];
        word == side
            && !counts_time.iter().any(|unit| before.trim_end_matches('s') == unit.trim_end_matches('s'))
            && !["now", "away", "there", "here"].contains(&after)
            && !["all", "that's", "just"].contains(&before)
    })
}

/// Things that are spoken of and not in the list of props.
fn props(session: &Session, said: &[Line<'_>], diagnostics: &mut Diagnostics) {
    let listed = |stem: &str| {
        session.meta.props.iter().any(|prop| words(&prop.value).iter().any(|w| is_form(w, stem)))
    };
    for stem in PROPS.into_iter().filter(|stem| !listed(stem)) {
        if let Some(line) = said.iter().find(|line| line.has(|word| is_form(word, stem))) {
            let message = format!("a {stem} is spoken of and not in the script's `props`");
            let edit = session.meta.prop_place.as_ref().map(|place| place.write(&quoted(stem)));
            let hint = Hint::from(format!("add \"{stem}\" to `props` at the top")).maybe_edit(edit);
            diagnostics.push(Diagnostic::warning("unlisted-prop", line.cue.origin, message).hint(hint));
        }
    }
}

fn is_form(word: &str, stem: &str) -> bool {
    word.strip_prefix(stem).is_some_and(|ending| matches!(ending, "" | "s"))
}

/// Warns of a backbend or an inversion that lacks what it owes to the person who does it.
fn care(section: &Section, diagnostics: &mut Diagnostics) {
    let Some(kind) = section.kind else { return };
    let name = match kind {
        SectionKind::Backbend => "backbend",
        SectionKind::Inversion => "inversion",
    };
    let roles = roles(&section.cues);
    let entered =
        roles.iter().position(|role| matches!(role, Role::Enter | Role::Hold)).unwrap_or(roles.len());
    for (role, id, what, hint) in [
        (
            Role::Caution,
            "no-caution",
            "no caution",
            "add a cue with `role = \"caution\"`: when not to, and when to stop",
        ),
        (Role::Option, "no-option", "no easier way", "add a cue with `role = \"option\"`"),
    ] {
        if !roles[..entered].contains(&role) {
            let message = format!("{what} is given before this {name}");
            diagnostics.push(Diagnostic::warning(id, section.span, message).hint(hint));
        }
    }
    if !roles.contains(&Role::Exit) {
        let message = format!("there is no way out of this {name}");
        let diagnostic = Diagnostic::warning("no-exit", section.span, message);
        diagnostics.push(diagnostic.hint("add a cue with `role = \"exit\"` that says how to come out"));
    }
}

fn roles(cues: &[Cue]) -> Vec<Role> {
    let of = |cue: &Cue| match &cue.action {
        Action::Repeat { cues, .. } => roles(cues),
        _ => cue.role.into_iter().collect(),
    };
    cues.iter().flat_map(of).collect()
}
