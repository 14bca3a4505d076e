//! Places in a table where something can be written, added or taken away.
//!
//! For hints that can be typed. Must not know what the keys mean.

use super::parse::{Form, Node, Table};
use crate::diag::{Edit, Place, Span, nearest, quoted};

impl Table {
    /// The place of a key's value: where it stands, or where it can be added.
    pub fn place(&self, key: &str) -> Option<Place> {
        match self.get(key) {
            Some(value) => Some(Place::of(value)),
            None => self.room(&format!("{key} = ")),
        }
    }

    /// The place for one more item of a list of inline values: behind its last one, or where the list can be added. A
    /// single value that stands for a list becomes one.
    pub fn item_place(&self, key: &str) -> Option<Place> {
        let at = |span: Span, before: &str, after: &str| {
            Some(Place { span, before: before.to_owned(), after: after.to_owned() })
        };
        let Some(value) = self.get(key) else {
            let place = self.room(&format!("{key} = ["))?;
            return Some(Place { after: format!("]{}", place.after), ..place });
        };
        match &value.value {
            Node::Array(items) => match items.last().map(|item| (&item.value, item.span)) {
                None => at(value.span, "[", "]"),
                Some((Node::Table(table), _)) if table.form != Form::Inline => None,
                Some((_, last)) => at(Span { start: last.end, ..last }, ", ", ""),
            },
            Node::String(text) => at(value.span, &format!("[{}, ", quoted(text)), "]"),
            _ => None,
        }
    }

    /// True if there is a key that is likely meant to be this one.
    pub fn has_like(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| name.value != key && nearest(&name.value, [key]).is_some())
    }

    /// The change that takes a key and its value away.
    pub fn without(&self, key: &str) -> Option<Edit> {
        let index = self.entries.iter().position(|(name, _)| name.value == key)?;
        let (name, value) = &self.entries[index];
        let before = index.checked_sub(1).and_then(|index| self.entries.get(index));
        let (start, end) = match (self.form, before, self.entries.get(index + 1)) {
            (Form::Inline, Some((_, before)), _) => (before.span.end, value.span.end),
            (Form::Inline, None, Some((after, _))) => (name.span.start, after.span.start),
            (Form::Dotted, ..) => return None,
            _ => (name.span.start, value.span.end),
        };
        let span = Span { start, end, ..value.span };
        (start < end && is_simple(&value.value)).then(|| Edit { span, text: String::new() })
    }

    /// The place for a key that is not there.
    fn room(&self, opening: &str) -> Option<Place> {
        let (at, before, after) = match self.form {
            Form::File => (self.span.start, opening.to_owned(), "\n"),
            Form::Header => (self.span.end, format!("\n{opening}"), ""),
            // In front of what is there, because behind it there may be a comma already.
            Form::Inline if self.entries.is_empty() => (self.span.start + 1, format!(" {opening}"), " "),
            Form::Inline => (self.span.start + 1, format!(" {opening}"), ","),
            Form::Dotted => return None,
        };
        Some(Place { span: Span { start: at, end: at, ..self.span }, before, after: after.to_owned() })
    }
}

/// A value that stands in one piece behind its key.
fn is_simple(node: &Node) -> bool {
    match node {
        Node::Table(table) => table.form == Form::Inline,
        Node::Array(items) => items.iter().all(|item| is_simple(&item.value)),
        _ => true,
    }
}
