//! The part of a text that a finding points into: what a renderer has to look at, however long the text and its lines are.

use std::ops::Range;

use crate::diag::{FileId, SourceMap, Span};

/// Spans of a file that are further apart, in bytes, are shown in excerpts of their own.
const WIDEST_GAP: usize = 2000;

/// The most bytes of a line that are shown before and after what is pointed at, and the most of that.
const WIDEST: usize = 400;

/// Whole lines of a text, or the middle of a very long one.
pub(crate) struct Excerpt<'a> {
    /// The path of the text.
    pub(crate) path: &'a str,
    /// The lines.
    pub(crate) text: &'a str,
    /// The number of the first, from 1.
    pub(crate) first_line: usize,
    /// The spans in it by their index among those asked for, each as a range of these lines.
    pub(crate) spans: Vec<(usize, Range<usize>)>,
}

impl Excerpt<'_> {
    /// `path`, line and column of a byte of the excerpt, as a renderer counts them.
    pub(crate) fn place(&self, at: usize) -> String {
        let before = &self.text[..at];
        let column = before.rsplit('\n').next().unwrap_or(before).chars().count() + 1;
        format!("{}:{}:{column}", self.path, self.first_line + newlines(before))
    }
}

/// The excerpts that show `spans`, that of the first one first.
pub(crate) fn excerpts<'a>(sources: &'a SourceMap, spans: &[Span]) -> Vec<Excerpt<'a>> {
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
    let is_near =
        |a: &usize, b: &usize| spans[*b].range().start.saturating_sub(spans[*a].range().end) <= WIDEST_GAP;
    let mut near = by_place.chunk_by(is_near).find(|near| near.contains(&first)).unwrap_or_default().to_vec();
    near.sort_unstable();
    near
}

fn excerpt<'a>(sources: &'a SourceMap, file: FileId, spans: &[Span], taken: &[usize]) -> Option<Excerpt<'a>> {
    let source = sources.get(file)?;
    let text = source.text.as_str();
    let shown = |index: usize| {
        let Range { start, end } = spans[index].range();
        start..boundary_from(text, end.min(start + WIDEST))
    };
    let first = taken.iter().map(|index| shown(*index).start).min()?;
    let last = taken.iter().map(|index| shown(*index).end).max()?;
    let line_start = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[last..].find('\n').map_or(text.len(), |at| last + at);
    let start = line_start.max(boundary_from(text, first.saturating_sub(WIDEST)));
    let end = line_end.min(boundary_from(text, last + WIDEST));
    Some(Excerpt {
        path: &source.path,
        text: &text[start..end],
        first_line: 1 + newlines(&text[..start]),
        spans: taken
            .iter()
            .map(|index| (*index, shown(*index)))
            .map(|(index, Range { start: from, end: to })| (index, from - start..to - start))
            .collect(),
    })
}

/// The first byte of a character from `at` on, or the end of the text.
fn boundary_from(text: &str, at: usize) -> usize {
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
            .map(|one| (one.first_line, one.text, one.spans.iter().map(|(index, _)| *index).collect()))
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
    fn a_place_is_counted_in_the_excerpt() {
        let mut sources = SourceMap::default();
        let file = sources.add("a.toml", "é\nöx\n");
        let excerpts = excerpts(&sources, &[Span::new(file, 5..6)]);
        assert_eq!(excerpts[0].place(excerpts[0].spans[0].1.start), "a.toml:2:2");
    }
}
