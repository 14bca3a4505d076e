//! Typed reading of one table: every wrong type and every unknown key is reported, none stops the reading.

use super::parse::{Node, Table, Value};
use crate::diag::{Diagnostic, Diagnostics, Spanned, did_you_mean};

/// Reads the keys of one table. Each accessor also makes its key known, so that
/// [`Fields::finish`] can tell which keys nobody asked for.
pub struct Fields<'t, 'd> {
    table: &'t Table,
    what: &'static str,
    known: Vec<&'static str>,
    diagnostics: &'d mut Diagnostics,
}

impl<'t, 'd> Fields<'t, 'd> {
    /// Starts to read `table`, called `what` in messages ("a section").
    pub fn new(table: &'t Table, what: &'static str, diagnostics: &'d mut Diagnostics) -> Self {
        Self { table, what, known: Vec::new(), diagnostics }
    }

    /// Any value.
    pub fn value(&mut self, key: &'static str) -> Option<&'t Value> {
        self.known.push(key);
        self.table.get(key)
    }

    /// Text.
    pub fn string(&mut self, key: &'static str) -> Option<Spanned<String>> {
        self.typed(key, "a string", |node| match node {
            Node::String(text) => Some(text.clone()),
            _ => None,
        })
    }

    /// A date, quoted or not, as it is written.
    pub fn date(&mut self, key: &'static str) -> Option<Spanned<String>> {
        self.typed(key, "a date", |node| match node {
            Node::String(text) | Node::Datetime(text) => Some(text.clone()),
            _ => None,
        })
    }

    /// A whole number.
    pub fn integer(&mut self, key: &'static str) -> Option<Spanned<i64>> {
        self.typed(key, "a whole number", |node| match node {
            Node::Integer(number) => Some(*number),
            _ => None,
        })
    }

    /// A number, whole or not.
    pub fn float(&mut self, key: &'static str) -> Option<Spanned<f64>> {
        self.typed(key, "a number", |node| match node {
            Node::Integer(number) => Some(*number as f64),
            Node::Float(number) => Some(*number),
            _ => None,
        })
    }

    /// True or false.
    pub fn boolean(&mut self, key: &'static str) -> Option<Spanned<bool>> {
        self.typed(key, "true or false", |node| match node {
            Node::Boolean(value) => Some(*value),
            _ => None,
        })
    }

    /// A table.
    pub fn table(&mut self, key: &'static str) -> Option<&'t Table> {
        match self.value(key)? {
            Spanned { value: Node::Table(table), .. } => Some(table),
            other => self.wrong(key, other, "a table"),
        }
    }

    /// A list of tables: `[[key]]` or `key = [{ ... }]`. Items of other types are reported and left out.
    pub fn tables(&mut self, key: &'static str) -> Vec<&'t Table> {
        let items = match self.value(key) {
            None => return Vec::new(),
            Some(Spanned { value: Node::Array(items), .. }) => items,
            Some(other) => {
                self.wrong::<()>(key, other, "a list of tables");
                return Vec::new();
            }
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items {
            match &item.value {
                Node::Table(table) => tables.push(table),
                _ => {
                    self.wrong::<()>(key, item, "a table");
                }
            }
        }
        tables
    }

    /// Texts: a list of strings, or a single one. Items of other types are reported and left out.
    pub fn strings(&mut self, key: &'static str) -> Vec<Spanned<String>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let items = match &value.value {
            Node::Array(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match &item.value {
                Node::String(text) => texts.push(Spanned::new(text.clone(), item.span)),
                _ => {
                    self.wrong::<()>(key, item, "a string");
                }
            }
        }
        texts
    }

    /// The findings, for mistakes only the caller can see.
    pub fn diagnostics(&mut self) -> &mut Diagnostics {
        self.diagnostics
    }

    /// Reports a required key that is not there.
    pub fn require<T>(&mut self, key: &'static str, value: &Option<T>, example: &str) {
        if value.is_none() && self.table.get(key).is_none() {
            let message = format!("{} needs `{key}`", self.what);
            let finding = Diagnostic::error("missing-key", self.table.span, message)
                .hint(format!("add `{key} = {example}`"));
            self.diagnostics.push(finding);
        }
    }

    /// Reports every key that no accessor asked for.
    pub fn finish(self) {
        for (key, _) in &self.table.entries {
            // A key without a readable name is what a syntax error left behind.
            if self.known.contains(&key.value.as_str()) || !key.value.contains(char::is_alphanumeric) {
                continue;
            }
            if self.diagnostics.is_full() {
                return;
            }
            let near = (!self.diagnostics.are_many()).then(|| {
                did_you_mean(&key.value, self.known.iter().copied())
                    .unwrap_or_else(|| format!("{} can have: {}", self.what, self.known.join(", ")))
            });
            let message = format!("unknown key `{}` in {}", key.value, self.what);
            self.diagnostics.push(Diagnostic::error("unknown-key", key.span, message).maybe_hint(near));
        }
    }

    fn typed<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        read: impl FnOnce(&Node) -> Option<T>,
    ) -> Option<Spanned<T>> {
        let value = self.value(key)?;
        match read(&value.value) {
            Some(read) => Some(Spanned::new(read, value.span)),
            None => self.wrong(key, value, wanted),
        }
    }

    fn wrong<T>(&mut self, key: &str, value: &Value, wanted: &str) -> Option<T> {
        // A value that stands nowhere is what a syntax error left behind; it has been reported.
        if value.span.start >= value.span.end {
            return None;
        }
        let message = format!("`{key}` must be {wanted}, not {}", value.value.type_name());
        self.diagnostics
            .push(Diagnostic::error("wrong-type", value.span, message).label(format!("{wanted} is wanted")));
        None
    }
}
