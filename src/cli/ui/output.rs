//! The doors to the terminal: results leave by stdout, everything else by stderr.
//!
//! All that is printed passes here, because titles, names of files and errors of the system come from strangers and must
//! not steer a terminal: what would is visible as an escape, on a pipe too. A sentence is one line, so a line break in
//! it came with a name, and is an escape as well. Elsewhere only the line of `play` is drawn.

use std::io::{self, IsTerminal, Write};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::text::{VisibleLines, visible, visible_json};

/// A sentence to stderr.
pub(crate) fn say(sentence: &str) {
    say_all([sentence]);
}

/// Sentences to stderr, in one go, so that those of two threads do not mingle.
pub(crate) fn say_all<T: AsRef<str>>(sentences: impl IntoIterator<Item = T>) {
    say_styled(&lines(sentences));
}

/// A text to stderr whose orders to the terminal are ours, and in which those of strangers are visible already. That no
/// program reads there is no reason to stop.
pub(crate) fn say_styled(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// True if stderr is a terminal that can show colours and move its cursor.
pub(crate) fn on_terminal() -> bool {
    io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Lines to stdout.
pub(crate) fn print<T: AsRef<str>>(them: impl IntoIterator<Item = T>) -> Result<()> {
    write(&lines(them))
}

/// A text to stdout that has lines of its own, as a file has.
pub(crate) fn print_text(text: &str) -> Result<()> {
    write(VisibleLines::of(text).text())
}

/// A value to stdout, for machines: JSON of characters that steer nothing.
pub(crate) fn print_json(value: &impl Serialize) -> Result<()> {
    let json = serde_json::to_string_pretty(value)?;
    write(&format!("{}\n", visible_json(&json)))
}

/// A number with its noun, as in `1 track` and `2 tracks`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn write(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    written.context("could not print the result")
}

fn lines<T: AsRef<str>>(them: impl IntoIterator<Item = T>) -> String {
    them.into_iter().map(|line| visible(line.as_ref()) + "\n").collect()
}
