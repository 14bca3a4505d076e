//! The spanned tree of a TOML text.

use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Diagnostics, FileId, Span, Spanned};

/// A value and where it was written.
pub type Value = Spanned<Node>;

/// One TOML value.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// `"text"`
    String(String),
    /// `5`
    Integer(i64),
    /// `0.5`
    Float(f64),
    /// `true`
    Boolean(bool),
    /// `2026-01-01`
    Datetime(String),
    /// `[1, 2]`
    Array(Vec<Value>),
    /// `{ a = 1 }` or `[a]`
    Table(Table),
}

impl Node {
    /// The type as people call it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::String(_) => "a string",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Boolean(_) => "true or false",
            Self::Datetime(_) => "a date",
            Self::Array(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// A table, its entries as they stand in the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Keys and values.
    pub entries: Vec<(Spanned<String>, Value)>,
    /// The whole table, or its header.
    pub span: Span,
}

impl Table {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }
}

/// Reads a TOML text. Every syntax error is reported; what could be read is returned.
pub fn parse(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Table {
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let span = Span::new(file, error.span().unwrap_or(0..0));
        let message = error.message().trim().replace('\n', ", ");
        diagnostics.push(Diagnostic::error("syntax", span, message).label("not TOML"));
    }
    table(file, root.get_ref(), Span::new(file, root.span()))
}

fn table(file: FileId, raw: &DeTable<'_>, span: Span) -> Table {
    let mut entries: Vec<_> = raw
        .iter()
        .map(|(key, value)| {
            let name = Spanned::new(key.get_ref().to_string(), Span::new(file, key.span()));
            (name, node(file, value))
        })
        .collect();
    entries.sort_by_key(|(key, _)| key.span.start);
    Table { entries, span }
}

fn node(file: FileId, raw: &toml::Spanned<DeValue<'_>>) -> Value {
    let span = Span::new(file, raw.span());
    let node = match raw.get_ref() {
        DeValue::String(text) => Node::String(text.to_string()),
        // The lexer has checked the digits; only the size can still be wrong, and then the text says more.
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Node::String(number.as_str().to_owned()), Node::Integer),
        DeValue::Float(number) => {
            number.as_str().parse().map_or_else(|_| Node::String(number.as_str().to_owned()), Node::Float)
        }
        DeValue::Boolean(value) => Node::Boolean(*value),
        DeValue::Datetime(date) => Node::Datetime(date.to_string()),
        DeValue::Array(values) => Node::Array(values.iter().map(|value| node(file, value)).collect()),
        DeValue::Table(inner) => Node::Table(table(file, inner, span)),
    };
    Spanned::new(node, span)
}
