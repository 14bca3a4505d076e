//! Diagnostics about a script: what is wrong, where, and what to do about it.
//!
//! A leaf: every stage that reads a script collects [`Diagnostics`] and goes on; nothing here prints.
//! `cli` turns them into text, so this module must not know terminals.

mod diagnostic;
mod hint;
mod source;
mod suggest;
#[cfg(test)]
mod tests;

pub use diagnostic::{Diagnostic, Diagnostics, Severity, TOO_MANY_DIAGNOSTICS};
pub use hint::{Edit, Hint, Place, quoted};
pub use source::{FileId, SourceFile, SourceMap, Span, Spanned};
pub use suggest::{did_you_mean, did_you_mean_instead, nearest};
