//! Findings as a terminal may have them: what steers is visible in their words and in the lines they point into.
//!
//! An escape is longer than what it stands for, so places move, and carets with them.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diag::{Diagnostic, FileId, Hint, SourceMap, Span};
use crate::text::{VisibleLines, visible};

/// The texts that findings point into, as they are shown.
pub(super) struct Shown<'a> {
    written: &'a SourceMap,
    shown: SourceMap,
    lines: BTreeMap<FileId, VisibleLines>,
}

impl<'a> Shown<'a> {
    /// All of these texts.
    pub(super) fn new(written: &'a SourceMap) -> Self {
        let (mut shown, mut lines) = (SourceMap::default(), BTreeMap::new());
        for file in written.files() {
            let text = VisibleLines::of(&file.text);
            // In the same order they have the same ids.
            lines.insert(shown.add(visible(&file.path), text.text()), text);
        }
        Self { written, shown, lines }
    }

    /// The texts.
    pub(super) fn sources(&self) -> &SourceMap {
        &self.shown
    }

    /// A finding in visible words that points into them.
    pub(super) fn finding(&self, finding: &Diagnostic) -> Diagnostic {
        let related = finding.related.iter().map(|(span, label)| (self.span(*span), visible(label)));
        Diagnostic {
            message: visible(&finding.message),
            span: self.span(finding.span),
            label: visible(&finding.label),
            related: related.collect(),
            hints: finding
                .hints
                .iter()
                .map(|hint| Hint { text: visible(&hint.text), edits: Vec::new() })
                .collect(),
            ..finding.clone()
        }
    }

    /// The places of a finding that have another column where they are shown: there, and as they are written.
    pub(super) fn places(&self, finding: &Diagnostic) -> Vec<(String, String)> {
        let spans = [finding.span].into_iter().chain(finding.related.iter().map(|(span, _)| *span));
        let place = |span: Span| {
            let (path, line, column) = self.shown.locate(self.span(span));
            let (_, _, written) = self.written.locate(self.whole(span));
            (column != written)
                .then(|| (format!("{path}:{line}:{column}"), format!("{path}:{line}:{written}")))
        };
        spans.filter_map(place).collect()
    }

    /// Where a span is where it is shown.
    fn span(&self, span: Span) -> Span {
        let Range { start, end } = self.whole(span).range();
        self.lines.get(&span.file).map_or(span, |lines| Span::new(span.file, lines.at(start)..lines.at(end)))
    }

    /// The span on whole characters of its text, whatever broken TOML has made of it.
    fn whole(&self, span: Span) -> Span {
        let text = self.written.get(span.file).map_or("", |file| file.text.as_str());
        let whole =
            |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let Range { start, end } = span.range();
        Span::new(span.file, whole(start)..whole(end).max(whole(start)))
    }
}
