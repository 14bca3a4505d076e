//! The text that listeners read about an episode: its description, and its chapters as a list of times.
//!
//! The text is the HTML that Apple Podcasts, Spotify and others show: paragraphs, and nothing else. A chapter
//! has a paragraph of its own, as Spotify wants each on a line and Apple shows line breaks of HTML only.

use crate::text::{escaped, one_line};
use crate::units::Millis;

/// The longest description ("A Podcaster's Guide to RSS", `description`).
pub(super) const MAX_NOTES_BYTES: usize = 4000;

/// A list of fewer chapters is not read ("Chapters on Apple Podcasts", support page 5482; Spotify says the
/// same).
const MIN_LISTED_CHAPTERS: usize = 3;

/// The result for the list of chapters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChapterList {
    /// It stands in the notes.
    Written,
    /// There are too few of them, or the first is not at the start.
    NotNeeded,
    /// The notes would be over 4000 bytes with it.
    NoRoom,
}

/// The notes of an episode, as HTML; empty if there is nothing to say.
pub(super) fn notes(description: Option<&str>, chapters: &[(Millis, String)]) -> (String, ChapterList) {
    let paragraphs = paragraphs(description.unwrap_or_default());
    let lines = chapter_lines(chapters);
    if lines.len() < MIN_LISTED_CHAPTERS || chapters.first().is_none_or(|(at, _)| at.0 > 0) {
        return (html(&paragraphs), ChapterList::NotNeeded);
    }
    let whole = html(&[paragraphs.clone(), lines].concat());
    if whole.len() > MAX_NOTES_BYTES {
        return (html(&paragraphs), ChapterList::NoRoom);
    }
    (whole, ChapterList::Written)
}

/// Paragraphs are parted by empty lines; every other line end is a space.
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in text.lines().map(one_line) {
        let current = paragraphs.last_mut().expect("there is always one");
        if line.is_empty() {
            paragraphs.push(String::new());
        } else if current.is_empty() {
            *current = line;
        } else {
            current.push(' ');
            current.push_str(&line);
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// `(00:01:30) Arrive`: whole seconds, rounded down so that no listener misses the first word. Of two chapters
/// in one second the first stands, as players want times that rise; one without a title has no line.
fn chapter_lines(chapters: &[(Millis, String)]) -> Vec<String> {
    let mut lines = Vec::with_capacity(chapters.len());
    let mut before = None;
    for (at, title) in chapters {
        let (seconds, title) = (at.0 / 1000, one_line(title));
        if before.is_some_and(|before| seconds <= before) || title.is_empty() {
            continue;
        }
        before = Some(seconds);
        lines.push(format!("({}) {title}", at.long_clock()));
    }
    lines
}

fn html(paragraphs: &[String]) -> String {
    let marked = paragraphs.iter().map(|text| format!("<p>{}</p>", escaped(text)));
    marked.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(description: &str, chapters: &[(u64, &str)], expected: &str, list: ChapterList) {
        let chapters: Vec<_> = chapters.iter().map(|&(at, title)| (Millis(at), title.to_owned())).collect();
        assert_eq!(notes(Some(description), &chapters), (expected.to_owned(), list));
    }

    #[test]
    fn three_chapters_from_the_start_are_a_list() {
        check(
            "Rest.",
            &[(0, "Arrive"), (90_999, "Lie <down> & rest"), (3_723_000, "Close")],
            "<p>Rest.</p>\n<p>(00:00:00) Arrive</p>\n<p>(00:01:30) Lie &lt;down&gt; &amp; rest</p>\n<p>(01:02:03) Close</p>",
            ChapterList::Written,
        );
        check("Rest.", &[(0, "Arrive"), (90_000, "Close")], "<p>Rest.</p>", ChapterList::NotNeeded);
        check("Rest.", &[(1, "A"), (2000, "B"), (3000, "C")], "<p>Rest.</p>", ChapterList::NotNeeded);
        check("", &[], "", ChapterList::NotNeeded);
    }

    #[test]
    fn no_two_chapters_stand_at_one_second() {
        check("", &[(0, "A"), (999, "B"), (1000, "C")], "", ChapterList::NotNeeded);
        check(
            "",
            &[(0, "A"), (999, "B"), (1000, " "), (1001, "C"), (2000, "D\nd")],
            "<p>(00:00:00) A</p>\n<p>(00:00:01) C</p>\n<p>(00:00:02) D d</p>",
            ChapterList::Written,
        );
    }

    #[test]
    fn empty_lines_part_paragraphs() {
        check(
            "One\n  two.\r\n\r\n\n Three\u{0}.\n",
            &[],
            "<p>One two.</p>\n<p>Three.</p>",
            ChapterList::NotNeeded,
        );
    }

    #[test]
    fn a_list_that_has_no_room_is_left_out_whole() {
        let words = "x".repeat(MAX_NOTES_BYTES - "<p></p>".len() - 3 * "\n<p>(00:00:00) A</p>".len());
        let chapters = [(0, "A"), (1000, "B"), (2000, "C")].map(|(at, title)| (Millis(at), title.to_owned()));
        let (text, list) = notes(Some(&words), &chapters);
        assert_eq!((text.len(), list), (MAX_NOTES_BYTES, ChapterList::Written));
        let (text, list) = notes(Some(&format!("{words}x")), &chapters);
        assert_eq!((text, list), (format!("<p>{words}x</p>"), ChapterList::NoRoom));
    }
}
