//! Chapters: `CTOC` and `CHAP` (id3v2-chapters-1.0, sections 3.1 and 3.2).
//!
//! A table of contents counts its children in 8 bits. More chapters go into tables of their own, which are
//! then the children of the first.

use super::super::limits::MAX_CHAPTERS;
use super::super::{Marker, Tags};
use super::frame::{frame, text};
use crate::text::one_line;
use crate::units::SampleRate;

/// Children of one table: the count is a byte.
const MAX_CHILDREN: usize = 255;

/// Flags of a table: it is the first one, and its children are to be played in their order.
const TOP_LEVEL: u8 = 0b10;
const ORDERED: u8 = 0b01;

/// An offset in bytes that is to be ignored; the times are what counts.
const NO_OFFSET: [u8; 4] = [0xff; 4];

/// The tables, then the chapters in their order; nothing where there are no chapters. What is over the most
/// that can be listed is left out, and refused by [`super::super::check_chapters`].
pub(super) fn chapters(tags: &Tags) -> Vec<u8> {
    let chapters = &tags.chapters[..tags.chapters.len().min(MAX_CHAPTERS)];
    if chapters.is_empty() {
        return Vec::new();
    }
    let ids: Vec<String> = (0..chapters.len()).map(|index| format!("ch{index}")).collect();
    let title = one_line(&tags.title);
    let mut bytes = if ids.len() <= MAX_CHILDREN {
        table("toc", TOP_LEVEL | ORDERED, &ids, &title)
    } else {
        let parts: Vec<&[String]> = ids.chunks(MAX_CHILDREN).collect();
        let names: Vec<String> = (0..parts.len()).map(|index| format!("toc{index}")).collect();
        let mut tables = table("toc", TOP_LEVEL | ORDERED, &names, &title);
        for (index, (part, name)) in parts.iter().zip(&names).enumerate() {
            let first = index * MAX_CHILDREN + 1;
            tables.extend(table(name, ORDERED, part, &format!("{first}-{}", first + part.len() - 1)));
        }
        tables
    };
    for (chapter, id) in chapters.iter().zip(&ids) {
        bytes.extend(one(chapter, id, tags.rate));
    }
    bytes
}

fn table(id: &str, flags: u8, children: &[String], title: &str) -> Vec<u8> {
    let count = u8::try_from(children.len()).expect("a table has at most 255 children");
    let mut body = [id.as_bytes(), &[0, flags, count]].concat();
    for child in children {
        body.extend([child.as_bytes(), &[0]].concat());
    }
    body.extend(text(b"TIT2", title));
    frame(b"CTOC", &body)
}

fn one(chapter: &Marker, id: &str, rate: SampleRate) -> Vec<u8> {
    // Milliseconds in 32 bits are 49 days.
    let ms = |frames: crate::units::FramePos| u32::try_from(frames.to_millis(rate).0).unwrap_or(u32::MAX);
    let body = [
        id.as_bytes(),
        &[0],
        &ms(chapter.start).to_be_bytes(),
        &ms(chapter.end).to_be_bytes(),
        &NO_OFFSET,
        &NO_OFFSET,
        &text(b"TIT2", &one_line(&chapter.title)),
    ]
    .concat();
    frame(b"CHAP", &body)
}
