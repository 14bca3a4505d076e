//! The class plan: what a teacher needs on paper, section by section, with the times of the track.
//!
//! One value, written as Markdown and as a page to print. A row is something that is said, heard or to be minded,
//! and the quiet after it; so the quiet is the true one, with what was found by the solver in it.

mod html;
mod markdown;

use super::audible::{Audible, AudibleKind, LedBy, audible_by_chapter};
use super::phrases::{Phrases, readable};
use super::{Subject, clock};
use crate::script::{Role, Section};
use crate::text::one_line;
use crate::timeline::Chapter;
use crate::units::Millis;

/// A shorter quiet is a breath between two lines, not a pause to keep; the column counts in seconds.
const MIN_LISTED_QUIET: Millis = Millis::from_secs(1);

/// A class plan.
struct Plan<'a> {
    phrases: Phrases<'a>,
    language: String,
    title: String,
    track_name: &'a str,
    description: Option<String>,
    /// Level, lengths, author and date, each with its label.
    facts: Vec<(String, String)>,
    cautions: Vec<String>,
    props: Vec<String>,
    parts: Vec<Part>,
}

/// One pass of a section.
struct Part {
    at: String,
    length: String,
    title: String,
    /// Its length, whether it counts, and what it needs, in one line.
    about: String,
    rows: Vec<Row>,
}

struct Row {
    at: String,
    kind: RowKind,
    role: Option<Role>,
    text: String,
    /// Length of the time after it in which nothing is said or rung.
    quiet: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RowKind {
    Words,
    Sound,
    Note,
}

/// The plan in Markdown: CommonMark with the tables and task lists of GitHub.
pub(super) fn markdown(subject: &Subject<'_>) -> String {
    markdown::markdown(&plan(subject))
}

/// The plan as one HTML page without scripts or other files, laid out for A4 and Letter.
pub(super) fn html(subject: &Subject<'_>) -> String {
    html::html(&plan(subject))
}

fn plan<'a>(subject: &Subject<'a>) -> Plan<'a> {
    let (session, timeline) = (subject.session, subject.timeline);
    let meta = &session.meta;
    let phrases = Phrases(&session.wording);
    let time = |frames: crate::units::Frames| clock::length(frames.to_millis(timeline.rate));
    let facts = [
        ("Level", meta.level.as_deref().map(one_line)),
        ("Practice", Some(time(timeline.counted))),
        ("Whole track", Some(time(timeline.length))),
        ("By", meta.author.as_deref().map(one_line)),
        ("Date", meta.date.as_ref().map(|date| one_line(&date.value))),
    ];
    let parts = timeline.chapters.iter().zip(audible_by_chapter(timeline)).map(|(chapter, heard)| Part {
        at: chapter.at.to_millis(timeline.rate).clock(),
        length: time(chapter.length),
        title: one_line(&chapter.title),
        about: about(chapter, subject),
        rows: rows(&heard, subject),
    });
    Plan {
        phrases,
        language: one_line(&meta.language),
        title: one_line(subject.title),
        track_name: subject.track_name,
        description: meta.description.as_deref().map(one_line),
        facts: facts.into_iter().filter_map(|(name, fact)| Some((phrases.label(name), fact?))).collect(),
        cautions: meta.cautions.iter().map(|caution| one_line(caution)).collect(),
        props: meta.props.iter().map(|prop| one_line(&prop.value)).collect(),
        parts: parts.collect(),
    }
}

/// Returns the length of a part, whether it counts, and what it needs.
fn about(chapter: &Chapter, subject: &Subject<'_>) -> String {
    let phrases = Phrases(&subject.session.wording);
    let mut about = vec![clock::length(chapter.length.to_millis(subject.timeline.rate))];
    if !chapter.counted {
        about.push(phrases.label("not counted"));
    }
    let of_chapter = |section: &&Section| section.span == chapter.origin;
    let section = subject.session.sections.iter().find(of_chapter);
    let props: Vec<String> =
        section.iter().flat_map(|section| &section.props).map(|prop| one_line(&prop.value)).collect();
    if !props.is_empty() {
        about.push(format!("{} {}", phrases.label("with"), props.join(", ")));
    }
    about.join(" · ")
}

fn rows(all: &[Audible<'_>], subject: &Subject<'_>) -> Vec<Row> {
    let rate = subject.timeline.rate;
    let phrases = Phrases(&subject.session.wording);
    let mut rows: Vec<Row> = Vec::new();
    let mut strikes: Option<(&str, usize)> = None;
    // The breaths whose phases stand in their row, and the cue of the last row if that was words.
    let (mut led, mut said) = (None, None);
    for heard in all {
        let length = heard.end.saturating_since(heard.at).to_millis(rate);
        let rung = strikes.take();
        let (kind, text) = match heard.what {
            AudibleKind::Tone(_) => continue,
            AudibleKind::Line(_) if led.is_some() && led == heard.origin => continue,
            AudibleKind::Line(text) => match rows.last_mut() {
                Some(row) if said == heard.origin && row.quiet.is_empty() => {
                    // The next step of a count.
                    row.text = format!("{} {}", row.text, one_line(text));
                    continue;
                }
                _ => (RowKind::Words, one_line(text)),
            },
            AudibleKind::Bell(name) => {
                let (count, again) = match rung {
                    Some((before, count)) if before == name => (count + 1, true),
                    _ => (1, false),
                };
                strikes = Some((name, count));
                if let (true, Some(row)) = (again, rows.last_mut()) {
                    row.text = format!("♪ {} × {count}", readable(name));
                    continue;
                }
                (RowKind::Sound, format!("♪ {}", readable(name)))
            }
            AudibleKind::Sound(path) => (RowKind::Sound, format!("♪ {}", readable(path))),
            AudibleKind::Breaths(breaths, by) => {
                led = heard.origin;
                (RowKind::Sound, breathing(breaths, by, length, phrases))
            }
            AudibleKind::Note(text) => (RowKind::Note, one_line(text)),
            AudibleKind::Silence(_) if length < MIN_LISTED_QUIET => continue,
            AudibleKind::Silence(_) => match rows.last_mut() {
                Some(row) if row.quiet.is_empty() => {
                    row.quiet = clock::length(length);
                    continue;
                }
                _ => (RowKind::Sound, nothing_before_it(heard.what)),
            },
        };
        let quiet =
            if matches!(heard.what, AudibleKind::Silence(_)) { clock::length(length) } else { String::new() };
        let at = heard.at.to_millis(rate).clock();
        said = if kind == RowKind::Words { heard.origin } else { None };
        rows.push(Row { at, kind, role: heard.role, text, quiet });
    }
    rows
}

/// Returns the text in the row of a silence that follows nothing.
fn nothing_before_it(what: AudibleKind<'_>) -> String {
    match what {
        AudibleKind::Silence(Some(bed)) => format!("♪ {}", readable(bed)),
        _ => "…".to_owned(),
    }
}

/// Breaths, what leads them and how long they take.
fn breathing(breaths: &str, led: LedBy, length: Millis, phrases: Phrases<'_>) -> String {
    let led = match led {
        LedBy::Voice => phrases.label("led by the voice"),
        LedBy::Tone => phrases.label("led by a tone"),
        LedBy::Nothing => phrases.label("in silence"),
    };
    format!("{}, {led}, {}", phrases.label(breaths), clock::length(length))
}
