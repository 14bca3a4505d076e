//! Typed reading of one table: every wrong type and every unknown key is reported, none stops the reading.

use super::parse::{Node, Table, Value};
use crate::diag::{Diagnostic, Diagnostics, Edit, Hint, Place, Span, Spanned, did_you_mean_instead, nearest};

/// The most texts of a list. A longer one is no work of a person, and some cost time for each pair of their texts.
const MAX_TEXTS: usize = 1000;

/// Reads the keys of one table. Each accessor also makes its key known, so that [`Fields::finish`] can tell which keys
/// were never asked for.
pub struct Fields<'t, 'd> {
    table: &'t Table,
    what: &'static str,
    known: Vec<&'static str>,
    /// Required keys that are not there, each with an example.
    missing: Vec<(&'static str, String)>,
    diagnostics: &'d mut Diagnostics,
}

impl<'t, 'd> Fields<'t, 'd> {
    /// Starts to read `table`, called `what` in messages ("a section").
    pub fn new(table: &'t Table, what: &'static str, diagnostics: &'d mut Diagnostics) -> Self {
        Self { table, what, known: Vec::new(), missing: Vec::new(), diagnostics }
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

    /// Texts: a list of strings, or a single one. Items of other types, and those after a thousand, are reported and
    /// left out.
    pub fn strings(&mut self, key: &'static str) -> Vec<Spanned<String>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let items = match &value.value {
            Node::Array(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        };
        let items = self.up_to(MAX_TEXTS, key, items, |item| item.span);
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

    /// The first `most` items of a list; that it has more is reported.
    pub fn up_to<'i, T>(
        &mut self,
        most: usize,
        key: &str,
        items: &'i [T],
        span: impl Fn(&T) -> Span,
    ) -> &'i [T] {
        let Some((within, beyond)) = items.split_at_checked(most) else { return items };
        if let Some(first) = beyond.first() {
            let message = format!("`{key}` has {} entries, and can have {most}", items.len());
            let diagnostic = Diagnostic::error("too-many-entries", span(first), message);
            self.diagnostics.push(diagnostic.hint("take this one and those after it away"));
        }
        within
    }

    /// The place of a key's value: see [`Table::place`].
    pub fn place(&self, key: &str) -> Option<Place> {
        self.table.place(key)
    }

    /// The change that takes a key away: see [`Table::without`].
    pub fn without(&self, key: &str) -> Option<Edit> {
        self.table.without(key)
    }

    /// The value that a name means among those that are known; another name is reported as one of no `what`.
    pub fn one_of<T: Copy>(
        &mut self,
        written: &Spanned<String>,
        what: &str,
        known: &[(&str, T)],
    ) -> Option<T> {
        one_of(written, what, known, self.diagnostics)
    }

    /// The diagnostics, for mistakes only the caller can see.
    pub fn diagnostics(&mut self) -> &mut Diagnostics {
        self.diagnostics
    }

    /// Makes a key required: if it is not there, and not mistyped either, [`Fields::finish`] reports it.
    pub fn require<T>(&mut self, key: &'static str, value: &Option<T>, example: &str) {
        if value.is_none() && self.table.get(key).is_none() {
            self.missing.push((key, example.to_owned()));
        }
    }

    /// Reports every key that no accessor asked for, and those that are required and not there.
    pub fn finish(self) {
        let mut mistyped = Vec::new();
        // A key that is there cannot be there twice.
        let (there, others): (Vec<&str>, Vec<&str>) =
            self.known.iter().copied().partition(|known| self.table.get(known).is_some());
        for (key, _) in &self.table.entries {
            // A key without a readable name is what a syntax error left behind.
            if self.known.contains(&key.value.as_str()) || !key.value.contains(char::is_alphanumeric) {
                continue;
            }
            if self.diagnostics.is_full() {
                return;
            }
            let near = match nearest(&key.value, others.iter().copied()) {
                Some(name) => {
                    mistyped.push(name);
                    Hint::from(format!("did you mean `{name}`?")).instead(key.span, name)
                }
                None => match nearest(&key.value, there.iter().copied()) {
                    Some(name) => {
                        let hint = format!("did you mean `{name}`? it is there already: take this one away");
                        Hint::from(hint).maybe_edit(self.table.without(&key.value))
                    }
                    None => format!("{} can have: {}", self.what, self.known.join(", ")).into(),
                },
            };
            let message = format!("unknown key `{}` in {}", key.value, self.what);
            self.diagnostics.push(Diagnostic::error("unknown-key", key.span, message).hint(near));
        }
        for (key, example) in self.missing.into_iter().filter(|(key, _)| !mistyped.contains(key)) {
            let message = format!("{} needs `{key}`", self.what);
            let hint = Hint::from(format!("add `{key} = {example}`"));
            let edit = self.table.place(key).map(|place| place.write(&example));
            let diagnostic = Diagnostic::error("missing-key", self.table.span, message);
            self.diagnostics.push(diagnostic.hint(hint.maybe_edit(edit)));
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

/// Returns the value that a written name stands for; one that is none of the known names is reported.
pub fn one_of<T: Copy>(
    written: &Spanned<String>,
    what: &str,
    known: &[(&str, T)],
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    let found = known.iter().find(|(name, _)| *name == written.value);
    if found.is_none() {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        let hint = did_you_mean_instead(written, names.iter().copied())
            .unwrap_or_else(|| format!("write one of: {}", names.join(", ")).into());
        let message = format!("unknown {what} `{}`", written.value);
        diagnostics.push(Diagnostic::error("unknown-name", written.span, message).hint(hint));
    }
    found.map(|(_, value)| *value)
}
