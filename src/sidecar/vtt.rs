//! WebVTT (W3C Candidate Recommendation of 4 April 2019), the captions podcast apps ask for.
//!
//! No `<v Speaker>`: a session has one voice, and the name of its folder is no person's.

use super::captions::captions;
use super::wrap::Shape;
use super::{Subject, clock};
use crate::text::{escaped, one_line};

/// The Podcasting 2.0 transcript page recommends lines of at most 65 characters; players show two.
const SHAPE: Shape = Shape { columns: 65, lines: 2 };

pub(super) fn vtt(subject: &Subject<'_>) -> String {
    let title = comment(subject.title);
    let language = comment(&subject.session.meta.language);
    let mut text = format!("WEBVTT\n\nNOTE {title} ({language}). Made by nidra.\n");
    for caption in captions(subject, SHAPE) {
        let (start, end) = (clock::caption(caption.start, '.'), clock::caption(caption.end, '.'));
        text.push_str(&format!("\n{start} --> {end}\n"));
        for line in &caption.lines {
            text.push_str(&escaped(line));
            text.push('\n');
        }
    }
    text
}

/// A text inside a `NOTE`, which must not hold an arrow (section 3.1).
fn comment(text: &str) -> String {
    one_line(text).replace("-->", "→")
}
