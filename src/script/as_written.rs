//! The script as written: its tables, includes and all, no value judged yet.

use crate::diag::{Span, Spanned};
use crate::document::{Table, Value};

/// A script as written, includes and all. [`super::bind()`] makes a session of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    pub(crate) span: Span,
    /// All that is written; in the place of the path of an included file stands its table.
    pub(crate) table: Table,
    /// Its parameters.
    pub params: Vec<RawParam>,
    /// Its editions.
    pub editions: Vec<RawEdition>,
}

/// A parameter as written.
#[derive(Clone, Debug, PartialEq)]
pub struct RawParam {
    /// Its name.
    pub name: Spanned<String>,
    pub(crate) default: Option<Value>,
    pub(crate) min: Option<Value>,
    pub(crate) max: Option<Value>,
}

/// An edition as written.
#[derive(Clone, Debug, PartialEq)]
pub struct RawEdition {
    /// Its name, the end of the file name.
    pub name: Spanned<String>,
    pub(crate) set: Vec<(Spanned<String>, Value)>,
}
