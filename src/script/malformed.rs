//! The reason why a text is no time, level or the like, and what to type instead.
//!
//! Where it was written is the caller's matter, until [`Malformed::at`].

use crate::diag::{Diagnostic, Edit, Hint, Span, quoted};

/// The reason why a text is no time or level: what to say, and what to type instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) message: String,
    pub(crate) hint: String,
    /// The text to type, where it is certain.
    pub(crate) instead: Option<String>,
}

impl Malformed {
    /// The diagnostic about a string that stands there.
    pub(crate) fn at(self, span: Span) -> Diagnostic {
        let edit = self.instead.map(|text| Edit { span, text: quoted(&text) });
        Diagnostic::error("malformed", span, self.message).hint(Hint::from(self.hint).maybe_edit(edit))
    }
}

/// A text that is wrong in a way that only its author can mend.
pub(super) fn malformed<T>(message: String, hint: impl Into<String>) -> Result<T, Malformed> {
    Err(Malformed { message, hint: hint.into(), instead: None })
}

/// A text that is wrong, what was meant by it, and the advice to write that.
pub(super) fn mistyped<T>(message: String, meant: String) -> Result<T, Malformed> {
    Err(Malformed { message, hint: format!("write {}", quoted(&meant)), instead: Some(meant) })
}
