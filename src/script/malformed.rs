//! The reason why a text is no time, level or the like, and what to type instead.
//!
//! Where it was written is the caller's matter, until [`Malformed::at`].

use super::time;
use crate::diag::{Diagnostic, Edit, Hint, Span, quoted};
use crate::units::Millis;

/// The hint that shows how times are written.
pub(super) const SUCH_AS: &str =
    "write a time such as \"90s\", \"1m30s\", \"1:30\", \"250ms\" or \"3 breaths\"";

/// The reason why a text is no time or level: what to say, and what to type instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) message: String,
    pub(crate) hint: String,
    /// The text to type, where it is certain.
    pub(crate) instead: Option<String>,
}

impl Malformed {
    /// The finding about a string that stands there.
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

/// A number where a time should be.
pub(super) fn bare_number(span: Span, message: String, typed: &str, breath: Millis) -> Diagnostic {
    let hint = match time::meant(typed, breath) {
        Some(meant) if meant == format!("{typed}s") => {
            Hint::from(format!("write \"{typed}s\" or \"{typed}m\"")).instead(span, format!("\"{meant}\""))
        }
        Some(meant) => Hint::from(format!("write \"{meant}\"")).instead(span, format!("\"{meant}\"")),
        None => SUCH_AS.into(),
    };
    Diagnostic::error("bare-number", span, message).hint(hint)
}

/// A number where an offset should be; a negative one is from the end.
pub(super) fn bare_offset(span: Span, typed: &str, breath: Millis) -> Diagnostic {
    let sign = if typed.starts_with('-') { "-" } else { "" };
    let hint = match time::meant(typed, breath).map(|meant| format!("\"{sign}{meant}\"")) {
        Some(meant) => Hint::from(format!("write `at = {meant}`")).instead(span, meant),
        None => "write `at = \"2:30\"`, `at = \"-30s\"` or `at = \"50%\"`".into(),
    };
    Diagnostic::error("bare-number", span, "`at` must be a string with a unit").hint(hint)
}
