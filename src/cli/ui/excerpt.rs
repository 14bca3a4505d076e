//! The part of a text that a diagnostic points into, as a terminal may have it: what a renderer has to look at, however
//! long the text and its lines are.
//!
//! What steers is an escape, which is longer than what it stands for, so places move, and carets with them.

use std::ops::Range;

use crate::diag::{FileId, SourceMap, Span};
use crate::text::{VisibleLines, visible};

/// Spans of a file that are further apart, in bytes, are shown in excerpts of their own.
const MAX_BYTES_BETWEEN: usize = 2000;

/// The most bytes of a line that are shown before and after what is pointed at, and the most of that.
const MAX_BYTES_AROUND: usize = 400;

/// Whole lines of a text, or the middle of a very long one.
pub(crate) struct Excerpt {
    /// The path of the text.
    pub(crate) path: String,
    /// The lines.
    pub(crate) text: String,
    /// The number of the first, from 1.
    pub(crate) first_line: usize,
    /// The spans in it.
    pub(crate) spans: Vec<ExcerptSpan>,
}

/// A span in an excerpt.
pub(crate) struct ExcerptSpan {
    /// Its index among those asked for.
    pub(crate) index: usize,
    /// Its bytes in the lines of the excerpt.
    pub(crate) range: Range<usize>,
    /// Path, line and column of its start in the file, where an editor will go.
    pub(crate) written: String,
}

impl Excerpt {
    /// Path, line and column of the start of a span, as a renderer counts them.
    pub(crate) fn place(&self, span: &ExcerptSpan) -> String {
        place(&self.path, self.first_line, &self.text[..span.range.start])
    }
}

/// Path, line and column of the end of a text that begins in this line.
fn place(path: &str, first_line: usize, before: &str) -> String {
    let column = before.rsplit('\n').next().unwrap_or(before).chars().count() + 1;
    format!("{path}:{}:{column}", first_line + newlines(before))
}

/// The excerpts that show `spans`, that of the first one first.
pub(crate) fn excerpts(sources: &SourceMap, spans: &[Span]) -> Vec<Excerpt> {
    let mut excerpts = Vec::new();
    let mut left: Vec<usize> = (0..spans.len()).collect();
    while let Some(&first) = left.first() {
        let file = spans[first].file;
        let taken = neighbours(file, spans, first, &left);
        left.retain(|index| !taken.contains(index));
        excerpts.extend(excerpt(sources, file, spans, &taken));
    }
    excerpts
}

/// The spans of a file that lie near to `first`, directly or from one to the next, in the order they were asked for.
fn neighbours(file: FileId, spans: &[Span], first: usize, left: &[usize]) -> Vec<usize> {
    let of_file = left.iter().copied().filter(|index| spans[*index].file == file);
    let mut by_place: Vec<usize> = of_file.collect();
    by_place.sort_by_key(|index| spans[*index].start);
    let is_near = |a: &usize, b: &usize| {
        spans[*b].range().start.saturating_sub(spans[*a].range().end) <= MAX_BYTES_BETWEEN
    };
    let mut near = by_place.chunk_by(is_near).find(|near| near.contains(&first)).unwrap_or_default().to_vec();
    near.sort_unstable();
    near
}

fn excerpt(sources: &SourceMap, file: FileId, spans: &[Span], taken: &[usize]) -> Option<Excerpt> {
    let source = sources.get(file)?;
    let (path, text) = (visible(&source.path), source.text.as_str());
    // On whole characters, whatever broken TOML has made of it.
    let shown = |index: usize| {
        let Range { start, end } = spans[index].range();
        let start = floor_boundary(text, start);
        start..floor_boundary(text, end).clamp(start, ceil_boundary(text, start + MAX_BYTES_AROUND))
    };
    let first = taken.iter().map(|index| shown(*index).start).min()?;
    let last = taken.iter().map(|index| shown(*index).end).max()?;
    let line_start = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let line_end = last + text[last..].lines().next().map_or(0, str::len);
    let start = line_start.max(ceil_boundary(text, first.saturating_sub(MAX_BYTES_AROUND)));
    let end = line_end.min(ceil_boundary(text, last + MAX_BYTES_AROUND));
    let lines = VisibleLines::of(&text[start..end]);
    let span = |index: usize| {
        let Range { start: from, end: to } = shown(index);
        ExcerptSpan {
            index,
            range: lines.at(from - start)..lines.at(to - start),
            written: place(&path, 1, &text[..from]),
        }
    };
    let spans = taken.iter().map(|index| span(*index)).collect();
    let first_line = 1 + newlines(&text[..start]);
    Some(Excerpt { text: lines.text().to_owned(), first_line, spans, path })
}

/// The start of the character at `at`, or the end of the text.
fn floor_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The first start of a character from `at` on, or the end of the text.
fn ceil_boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, spans: &[(usize, usize)], expected: &[(usize, &str, &[usize])]) {
        let mut sources = SourceMap::default();
        let file = sources.add("a.toml", text);
        let spans: Vec<Span> = spans.iter().map(|(start, end)| Span::new(file, *start..*end)).collect();
        let excerpts = excerpts(&sources, &spans);
        let found: Vec<(usize, &str, Vec<usize>)> = excerpts
            .iter()
            .map(|one| (one.first_line, one.text.as_str(), one.spans.iter().map(|span| span.index).collect()))
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(line, text, spans)| (*line, *text, spans.to_vec())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn whole_lines_are_shown_and_not_the_rest_of_the_file() {
        check("a\nbcd\ne\n", &[(3, 4)], &[(2, "bcd", &[0])]);
        check("a\nbcd\ne\n", &[(6, 7), (0, 1)], &[(1, "a\nbcd\ne", &[0, 1])]);
        check("", &[(0, 0)], &[(1, "", &[0])]);
        check("a\n", &[(2, 2)], &[(2, "", &[0])]);
    }

    #[test]
    fn of_a_long_line_and_of_a_long_file_only_what_is_near() {
        let line = "é".repeat(5000);
        check(&line, &[(4000, 4002)], &[(1, &line[3600..4402], &[0])]);
        let file = format!("first\n{}last\n", "x\n".repeat(5000));
        check(&file, &[(10_006, 10_010), (0, 5)], &[(5002, "last", &[0]), (1, "first", &[1])]);
    }

    #[test]
    fn places_are_told_in_the_file_and_counted_in_what_is_shown() {
        let mut sources = SourceMap::default();
        let file = sources.add("a.toml", "é\nö\u{1b}x\r\n");
        let check = |start, shown, written, text| {
            let excerpts = excerpts(&sources, &[Span::new(file, start..7)]);
            let (excerpt, span) = (&excerpts[0], &excerpts[0].spans[0]);
            assert_eq!(excerpt.text, r"ö\u{1b}x");
            assert_eq!((excerpt.place(span).as_str(), span.written.as_str()), (shown, written));
            assert_eq!(&excerpt.text[span.range.clone()], text);
        };
        check(5, "a.toml:2:2", "a.toml:2:2", r"\u{1b}x");
        check(6, "a.toml:2:8", "a.toml:2:3", "x");
        // The second byte of a letter is the letter.
        check(4, "a.toml:2:1", "a.toml:2:1", r"ö\u{1b}x");
    }
}
