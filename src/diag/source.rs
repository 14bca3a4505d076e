//! The texts that spans point into.

use std::collections::BTreeSet;
use std::ops::Range;

/// One of the files of a session: the script itself or something it includes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u16);

/// A stretch of bytes in one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// `range` of `file`.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { file, start: byte(range.start), end: byte(range.end) }
    }

    /// The bytes as a range.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value and where it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value that was written.
    pub value: T,
    /// Its place in the text.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place, another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }
}

/// One text that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path as shown to people, relative to the project where it can be.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// All texts of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    /// Those that the others build on.
    foundations: BTreeSet<FileId>,
}

impl SourceMap {
    /// Adds a text; its id is valid for this map only.
    ///
    /// # Panics
    /// After 65,535 files, which the limit on includes rules out.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = u16::try_from(self.files.len()).expect("includes are limited long before this");
        self.files.push(SourceFile { path: path.into(), text: text.into() });
        FileId(id)
    }

    /// Adds a text unless it is there: a file that is included twice is one file, with one place for each of its
    /// mistakes.
    pub fn add_once(&mut self, path: &str, text: &str) -> FileId {
        let same = self.files.iter().position(|file| file.path == path && file.text == text);
        match same.and_then(|index| u16::try_from(index).ok()) {
            Some(index) => FileId(index),
            None => self.add(path, text),
        }
    }

    /// Adds a text that the others build on, as a voice's: its mistakes come first, because mistakes of the others may
    /// follow from them.
    pub fn add_foundation(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = self.add(path, text);
        self.foundations.insert(id);
        id
    }

    /// The rank of a text among those with mistakes.
    pub(super) fn rank(&self, id: FileId) -> (bool, FileId) {
        (!self.foundations.contains(&id), id)
    }

    /// The text behind an id, if the id is of this map.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(usize::from(id.0))
    }

    /// All texts, the script first.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter()
    }

    /// `path`, line and column of the start of a span, both from 1, columns in characters.
    pub fn locate(&self, span: Span) -> (&str, usize, usize) {
        let Some(file) = self.get(span.file) else { return ("", 1, 1) };
        let before = file.text.get(..span.start as usize).unwrap_or(&file.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (
            &file.path,
            before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }
}
