//! Advice about a diagnostic: a sentence, and the changes of the text that follow it.

use super::source::{Span, Spanned};

/// Advice about a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The advice in words.
    pub text: String,
    /// The changes that follow it, all of them together; none where only a person can know them.
    pub edits: Vec<Edit>,
}

/// One change of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The stretch that is replaced; an empty one where something is inserted.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// A place where a value is written, or can be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub(crate) span: Span,
    pub(crate) before: String,
    pub(crate) after: String,
}

impl Hint {
    /// Adds a change that follows the advice.
    pub fn edit(mut self, edit: Edit) -> Self {
        self.edits.push(edit);
        self
    }

    /// Adds a change, if there is one.
    pub fn maybe_edit(self, edit: Option<Edit>) -> Self {
        match edit {
            Some(edit) => self.edit(edit),
            None => self,
        }
    }

    /// Adds the change that writes `text` over `span`.
    pub fn instead(self, span: Span, text: impl Into<String>) -> Self {
        self.edit(Edit { span, text: text.into() })
    }
}

impl<T: Into<String>> From<T> for Hint {
    fn from(text: T) -> Self {
        Self { text: text.into(), edits: Vec::new() }
    }
}

impl Place {
    /// The place of a value that is written there.
    pub fn of<T>(written: &Spanned<T>) -> Self {
        Self { span: written.span, ..Self::default() }
    }

    /// True if a value is written there, and the span is part of it.
    pub fn holds(&self, span: Span) -> bool {
        let within = self.span.start <= span.start && span.end <= self.span.end;
        self.span.file == span.file && within && span.start < span.end
    }

    /// The change that writes `value` there.
    pub fn write(&self, value: &str) -> Edit {
        Edit { span: self.span, text: format!("{}{value}{}", self.before, self.after) }
    }
}

/// A text as TOML writes it, with its quotes.
pub fn quoted(text: &str) -> String {
    let mut written = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => written.extend(['\\', c]),
            c if c.is_control() => written.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => written.push(c),
        }
    }
    written.push('"');
    written
}
