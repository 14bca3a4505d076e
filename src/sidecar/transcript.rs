//! The transcript: all that is heard, as plain text to read.
//!
//! Chapters are headings with their time, lines are paragraphs, sounds and silences stand in brackets. What one
//! cue says in steps, as a count or guided breaths, is one paragraph.

use super::audible::{Audible, AudibleKind, LedBy, audible_by_chapter};
use super::captions::MIN_CAPTIONED_SILENCE;
use super::phrases::Phrases;
use super::{Subject, clock};
use crate::diag::Span;
use crate::text::one_line;

pub(super) fn transcript(subject: &Subject<'_>) -> String {
    let timeline = subject.timeline;
    let rate = timeline.rate;
    let meta = &subject.session.meta;
    let author = meta.author.as_ref().map_or_else(String::new, |author| format!("{}, ", one_line(author)));
    let length = clock::length(timeline.length.to_millis(rate));
    let mut text = format!("{}\n{author}{length}\n", one_line(subject.title));
    if let Some(description) = &meta.description {
        text.push_str(&format!("\n{}\n", one_line(description)));
    }
    for (chapter, heard) in timeline.chapters.iter().zip(audible_by_chapter(timeline)) {
        let at = chapter.at.to_millis(rate).clock();
        text.push_str(&format!("\n\n{at} {}\n", one_line(&chapter.title)));
        for paragraph in paragraphs(&heard, subject) {
            text.push_str(&format!("\n{paragraph}\n"));
        }
    }
    text
}

/// The open paragraph: the things that are told together in it.
enum Open {
    Nothing,
    /// Lines of one cue.
    Lines(Option<Span>, String),
    /// Strikes one after the other.
    Bells(usize),
}

fn paragraphs(all: &[Audible<'_>], subject: &Subject<'_>) -> Vec<String> {
    let phrases = Phrases(&subject.session.wording);
    let mut paragraphs = Vec::new();
    let mut open = Open::Nothing;
    let close = |open: &mut Open| match std::mem::replace(open, Open::Nothing) {
        Open::Nothing => None,
        Open::Lines(_, lines) => Some(lines),
        Open::Bells(strikes) => Some(phrases.bells(strikes)),
    };
    for heard in all {
        let length = heard.end.saturating_since(heard.at).to_millis(subject.timeline.rate);
        let whole = match heard.what {
            AudibleKind::Line(text) => {
                match &mut open {
                    Open::Lines(origin, lines) if *origin == heard.origin => {
                        lines.push(' ');
                        lines.push_str(&one_line(text));
                    }
                    _ => {
                        paragraphs.extend(close(&mut open));
                        open = Open::Lines(heard.origin, one_line(text));
                    }
                }
                continue;
            }
            AudibleKind::Bell(_) => {
                match &mut open {
                    Open::Bells(strikes) => *strikes += 1,
                    _ => {
                        paragraphs.extend(close(&mut open));
                        open = Open::Bells(1);
                    }
                }
                continue;
            }
            AudibleKind::Sound(path) => phrases.sound(path),
            AudibleKind::Breaths(breaths, led @ (LedBy::Tone | LedBy::Nothing)) => {
                phrases.breaths(breaths, led, length)
            }
            AudibleKind::Silence(bed) if length >= MIN_CAPTIONED_SILENCE => phrases.silence(length, bed),
            AudibleKind::Breaths(..)
            | AudibleKind::Silence(_)
            | AudibleKind::Tone(_)
            | AudibleKind::Note(_) => continue,
        };
        paragraphs.extend(close(&mut open));
        paragraphs.push(whole);
    }
    paragraphs.extend(close(&mut open));
    paragraphs
}
