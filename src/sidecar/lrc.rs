//! LRC, the lines of a song, for music players that show them as it plays.

use std::fmt::Write as _;

use super::captions::captions;
use super::wrap::Shape;
use super::{Subject, clock};
use crate::text::one_line;

/// A line of LRC is as long as it likes.
const SHAPE: Shape = Shape { columns: usize::MAX, lines: 1 };

pub(super) fn lrc(subject: &Subject<'_>) -> String {
    let meta = &subject.session.meta;
    let timeline = subject.timeline;
    let mut text = String::new();
    let mut tag = |name: &str, value: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "[{name}:{}]", plain(&one_line(value)));
    };
    tag("ti", subject.title);
    if let Some(author) = &meta.author {
        tag("ar", author);
    }
    // The editions of a session are the tracks of an album.
    tag("al", &meta.title);
    tag("length", &clock::length(timeline.length.to_millis(timeline.rate)));
    tag("re", "nidra");
    tag("ve", env!("CARGO_PKG_VERSION"));
    for caption in captions(subject, SHAPE) {
        let _ = writeln!(text, "[{}]{}", clock::lrc(caption.start), plain(&caption.lines.concat()));
    }
    text
}

/// LRC has no way to write a `[` that is not the start of a tag: players show `bell]`, or take a time for one.
fn plain(text: &str) -> String {
    text.replace('[', "(").replace(']', ")")
}
