//! Findings as a terminal may have them: what steers is visible in their words and in the lines they point into.
//!
//! An escape is longer than what it stands for, so places move, and carets with them.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diag::{Diagnostic, FileId, Hint, SourceMap, Span};
use crate::text::{VisibleLines, visible};

/// The texts that findings point into, as they are shown.
pub(crate) struct Shown<'a> {
    written: &'a SourceMap,
    shown: SourceMap,
    lines: BTreeMap<FileId, VisibleLines>,
}

impl<'a> Shown<'a> {
    /// All of these texts.
    pub(crate) fn new(written: &'a SourceMap) -> Self {
        let (mut shown, mut lines) = (SourceMap::default(), BTreeMap::new());
        for file in written.files() {
            let text = VisibleLines::of(&file.text);
            // In the same order they have the same ids.
            lines.insert(shown.add(visible(&file.path), text.text()), text);
        }
        Self { written, shown, lines }
    }

    /// The texts.
    pub(crate) fn sources(&self) -> &SourceMap {
        &self.shown
    }

    /// A finding in visible words that points into them.
    pub(crate) fn finding(&self, finding: &Diagnostic) -> Diagnostic {
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

    /// The place of a span as it is written, with the visible path of its file.
    pub(crate) fn written_place(&self, span: Span) -> String {
        let (path, line, column) = self.written.locate(self.whole(span));
        format!("{}:{line}:{column}", visible(path))
    }

    /// Returns the span in the text as it is shown.
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
