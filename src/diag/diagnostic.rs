//! One diagnostic, and the list of them that every stage adds to.

use super::hint::Hint;
use super::source::{SourceMap, Span};

/// The severity of a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// No track can be made.
    Error,
    /// A track can be made; a careful teacher would look again.
    Warning,
}

/// One diagnostic about a script.
///
/// The message is lower case, has no full stop and puts names in backticks; a hint says what to type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its severity.
    pub severity: Severity,
    /// The kind of diagnostic, in kebab case; documented in `docs/diagnostics.md`.
    pub id: &'static str,
    /// The message: what is wrong.
    pub message: String,
    /// Its place in the text.
    pub span: Span,
    /// The text under the caret.
    pub label: String,
    /// Other places that matter.
    pub related: Vec<(Span, String)>,
    /// Advice on what to do about it.
    pub hints: Vec<Hint>,
}

impl Diagnostic {
    /// Its own span, then those of what it is related to.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        [self.span].into_iter().chain(self.related.iter().map(|(span, _)| *span))
    }

    /// An error at `span`.
    pub fn error(id: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, id, span, message.into())
    }

    /// A warning at `span`.
    pub fn warning(id: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, id, span, message.into())
    }

    fn new(severity: Severity, id: &'static str, span: Span, message: String) -> Self {
        Self { severity, id, message, span, label: String::new(), related: Vec::new(), hints: Vec::new() }
    }

    /// Adds what to say under the caret.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds another place that matters.
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// Adds what to do about it.
    pub fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds a hint, if there is one.
    pub fn maybe_hint(self, hint: Option<Hint>) -> Self {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }
}

/// The most errors that are told, and the most warnings: more than the lines of any script that waits for its voice.
/// A text with a mistake in each of a hundred thousand lines would take minutes to print.
const MAX_DIAGNOSTICS: usize = 1000;

/// The errors for which a name that may have been meant is looked for: the first ones.
const MAX_SUGGESTED: usize = 100;

/// The diagnostic that only says that there are more.
pub const TOO_MANY_DIAGNOSTICS: &str = "too-many-findings";

/// The diagnostics of a run, in the order in which they were found until [`Diagnostics::sorted`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds a diagnostic, unless it is already there: editions of one script share their mistakes.
    ///
    /// After a thousand of its severity the next one says only that there are more.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let Diagnostic { severity, span, .. } = diagnostic;
        match self.count(severity) {
            there if there > MAX_DIAGNOSTICS => {}
            _ if self.0.contains(&diagnostic) => {}
            MAX_DIAGNOSTICS => {
                let name = if severity == Severity::Error { "errors" } else { "warnings" };
                let message = format!("there are more than {MAX_DIAGNOSTICS} {name}");
                let more = Diagnostic::new(severity, TOO_MANY_DIAGNOSTICS, span, message);
                self.0.push(more.hint("mend these, and check again"));
            }
            _ => self.0.push(diagnostic),
        }
    }

    /// True if no more errors are told.
    pub fn is_full(&self) -> bool {
        self.count(Severity::Error) > MAX_DIAGNOSTICS
    }

    /// True if there are so many errors that names which may have been meant are no longer looked for.
    pub fn are_many(&self) -> bool {
        self.count(Severity::Error) >= MAX_SUGGESTED
    }

    fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|there| there.severity == severity).count()
    }

    /// Adds all diagnostics of another stage.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        for diagnostic in others {
            self.push(diagnostic);
        }
    }

    /// True if no track can be made.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.severity == Severity::Error)
    }

    /// True if nothing was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The diagnostics as they stand in the files, those that others build on first.
    pub fn sorted(mut self, sources: &SourceMap) -> Self {
        self.0.sort_by_key(|d| (sources.rank(d.span.file), d.span.start, d.severity));
        self
    }

    /// The diagnostics.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// The diagnostics, to be changed (`--deny`).
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Diagnostic> {
        self.0.iter_mut()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
