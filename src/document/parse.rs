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
    /// The way it is written.
    pub form: Form,
}

/// The ways a table is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// The file itself.
    #[default]
    File,
    /// Under its header, `[a]` or `[[a]]`.
    Header,
    /// `{ a = 1 }`
    Inline,
    /// By the keys in it alone, as in `a.b = 1`.
    Dotted,
}

impl Table {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.entries.iter_mut().find(|(name, _)| name.value == key).map(|(_, value)| value)
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
    // What is added at the head comes behind a mark of the byte order.
    let head = text.len() - text.trim_start_matches('\u{feff}').len();
    let whole = Span::new(file, head..text.len());
    Table { form: Form::File, ..table(&Written { file, text }, root.get_ref(), whole) }
}

/// The text that is read.
struct Written<'t> {
    file: FileId,
    text: &'t str,
}

fn table(written: &Written<'_>, raw: &DeTable<'_>, span: Span) -> Table {
    let file = written.file;
    let mut entries: Vec<_> = raw
        .iter()
        .map(|(key, value)| {
            let name = Spanned::new(key.get_ref().to_string(), Span::new(file, key.span()));
            (name, node(written, value))
        })
        .collect();
    entries.sort_by_key(|(key, _)| key.span.start);
    let form = match written.text.as_bytes().get(span.start as usize) {
        Some(b'{') => Form::Inline,
        Some(b'[') => Form::Header,
        _ => Form::Dotted,
    };
    Table { entries, span, form }
}

fn node(written: &Written<'_>, raw: &toml::Spanned<DeValue<'_>>) -> Value {
    let span = Span::new(written.file, raw.span());
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
        DeValue::Array(values) => Node::Array(values.iter().map(|value| node(written, value)).collect()),
        DeValue::Table(inner) => Node::Table(table(written, inner, span)),
    };
    Spanned::new(node, span)
}
