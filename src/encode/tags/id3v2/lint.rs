//! The check that a finished tag is sound. It reads the bytes again and knows nothing of how they were made.

use std::collections::BTreeSet;

use super::super::lint::{TooLarge, size_fault};
use super::HEADER;
use super::parse::{Frame, frames, sync_safe, texts};

/// Something in a finished tag that readers stumble over, most of them silently.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Id3Fault {
    /// It does not begin as one.
    #[error("this is no ID3v2.3 tag without flags")]
    NotATag,
    /// Its size is not what it says.
    #[error("the tag says that it has {says} bytes, and it has {has}")]
    WrongSize {
        /// Written in its header.
        says: usize,
        /// Its bytes after the header.
        has: usize,
    },
    /// It is larger than all formats can hold.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// Bytes that are no frame: padding, a wrong size, a broken table.
    #[error("there is no frame at byte {at} of {inside}")]
    Broken {
        /// Counted from the start of what it stands in.
        at: usize,
        /// The tag, or the name of a chapter or table.
        inside: String,
    },
    /// Two chapters or tables have one name.
    #[error("two chapters or tables of contents are called `{0}`")]
    SameId(String),
    /// Not one table is the first, or more than one.
    #[error("{0} tables of contents are at the top level, and one must be")]
    Tops(usize),
    /// A table without children.
    #[error("the table of contents `{0}` lists nothing")]
    EmptyTable(String),
    /// A table lists what is not there.
    #[error("the table of contents `{table}` lists `{child}`, which is not there")]
    NoSuchChild {
        /// The table.
        table: String,
        /// The name it lists.
        child: String,
    },
    /// A chapter or a table would be shown twice.
    #[error("`{0}` is listed twice")]
    ListedTwice(String),
    /// A chapter or a table would not be shown.
    #[error("`{0}` is in no table of contents")]
    Unlisted(String),
    /// A chapter that ends where it starts, or before.
    #[error("chapter `{0}` is empty")]
    Empty(String),
    /// A chapter that stands after one that starts later: players show them in the order of the file.
    #[error("chapter `{0}` stands after one that starts later")]
    OutOfOrder(String),
    /// A chapter that starts before the one before it has ended.
    #[error("chapter `{0}` starts before the one before it has ended")]
    Overlap(String),
    /// A chapter that ends after the track.
    #[error("chapter `{id}` ends {by_ms} ms after the track")]
    PastTheEnd {
        /// The chapter.
        id: String,
        /// By how much, in milliseconds.
        by_ms: u64,
    },
}

struct Chapter {
    id: String,
    start: u32,
    end: u32,
}

struct Table {
    id: String,
    top: bool,
    children: Vec<String>,
}

/// Returns the faults of a finished tag, its header included; none if it may be written.
pub fn id3_faults(tag: &[u8]) -> Vec<Id3Fault> {
    let Some((header, body)) = tag.split_first_chunk::<HEADER>() else { return vec![Id3Fault::NotATag] };
    let [b'I', b'D', b'3', 3, 0, 0, size @ ..] = header else { return vec![Id3Fault::NotATag] };
    let Some(says) = sync_safe(*size) else { return vec![Id3Fault::NotATag] };
    let mut faults: Vec<Id3Fault> = size_fault(tag).map(Id3Fault::from).into_iter().collect();
    if says as usize != body.len() {
        faults.push(Id3Fault::WrongSize { says: says as usize, has: body.len() });
        return faults;
    }
    let all = match frames(body) {
        Ok(all) => all,
        Err(at) => {
            faults.push(Id3Fault::Broken { at: HEADER + at, inside: "the tag".to_owned() });
            return faults;
        }
    };
    let mut chapters = Vec::new();
    let mut tables = Vec::new();
    for frame in &all {
        match &frame.id {
            b"CHAP" => chapter(frame).map(|chapter| chapters.push(chapter)),
            b"CTOC" => table(frame).map(|table| tables.push(table)),
            _ => Ok(()),
        }
        .unwrap_or_else(|fault| faults.push(fault));
    }
    faults.extend(table_faults(&tables, &chapters));
    faults.extend(chapter_faults(&chapters, length(&all)));
    faults
}

/// Names are unique, and all of them hang on the one table at the top, each once.
fn table_faults(tables: &[Table], chapters: &[Chapter]) -> Vec<Id3Fault> {
    let mut faults = Vec::new();
    let mut unseen = BTreeSet::new();
    for id in tables.iter().map(|table| &table.id).chain(chapters.iter().map(|chapter| &chapter.id)) {
        if !unseen.insert(id) {
            faults.push(Id3Fault::SameId(id.clone()));
        }
    }
    let tops: Vec<&Table> = tables.iter().filter(|table| table.top).collect();
    let expected = usize::from(!unseen.is_empty());
    if tops.len() != expected {
        faults.push(Id3Fault::Tops(tops.len()));
    }
    let known = unseen.clone();
    let mut open = tops;
    open.iter().for_each(|top| _ = unseen.remove(&top.id));
    while let Some(table) = open.pop() {
        if table.children.is_empty() {
            faults.push(Id3Fault::EmptyTable(table.id.clone()));
        }
        for child in &table.children {
            if !known.contains(child) {
                faults.push(Id3Fault::NoSuchChild { table: table.id.clone(), child: child.clone() });
            } else if unseen.remove(child) {
                open.extend(tables.iter().filter(|table| table.id == *child));
            } else {
                faults.push(Id3Fault::ListedTwice(child.clone()));
            }
        }
    }
    faults.extend(unseen.into_iter().map(|id| Id3Fault::Unlisted(id.clone())));
    faults
}

/// Chapters run forward, one after another, inside the track.
fn chapter_faults(chapters: &[Chapter], length: Option<u64>) -> Vec<Id3Fault> {
    let mut faults = Vec::new();
    let mut before: Option<&Chapter> = None;
    for chapter in chapters {
        let id = || chapter.id.clone();
        if chapter.end <= chapter.start {
            faults.push(Id3Fault::Empty(id()));
        }
        match before {
            Some(before) if chapter.start < before.start => faults.push(Id3Fault::OutOfOrder(id())),
            Some(before) if chapter.start < before.end => faults.push(Id3Fault::Overlap(id())),
            _ => {}
        }
        if let Some(length) = length.filter(|length| u64::from(chapter.end) > *length) {
            faults.push(Id3Fault::PastTheEnd { id: id(), by_ms: u64::from(chapter.end) - length });
        }
        before = Some(chapter);
    }
    faults
}

/// The length of the track in milliseconds, if the tag says it.
fn length(frames: &[Frame<'_>]) -> Option<u64> {
    let said = frames.iter().find(|frame| &frame.id == b"TLEN")?;
    texts(said.body)?.first()?.parse().ok()
}

fn chapter(frame: &Frame<'_>) -> Result<Chapter, Id3Fault> {
    let (id, rest) = name(frame.body)?;
    let broken = |at| Id3Fault::Broken { at, inside: format!("chapter `{id}`") };
    // Start and end, then two offsets in bytes.
    let (times, inner) = rest.split_first_chunk::<16>().ok_or_else(|| broken(0))?;
    let &[a, b, c, d, e, f, g, h, ..] = times;
    frames(inner).map_err(broken)?;
    let (start, end) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
    Ok(Chapter { id, start, end })
}

fn table(frame: &Frame<'_>) -> Result<Table, Id3Fault> {
    let (id, rest) = name(frame.body)?;
    let broken = |at| Id3Fault::Broken { at, inside: format!("the table of contents `{id}`") };
    let ([flags, count], mut rest) = rest.split_first_chunk().ok_or_else(|| broken(0))?;
    let mut children = Vec::new();
    for _ in 0..*count {
        let (child, after) = name(rest).map_err(|_| broken(0))?;
        children.push(child);
        rest = after;
    }
    frames(rest).map_err(broken)?;
    Ok(Table { id, top: flags & 0b10 != 0, children })
}

/// A name that a zero ends, and what follows it.
fn name(bytes: &[u8]) -> Result<(String, &[u8]), Id3Fault> {
    let nameless = || Id3Fault::Broken { at: 0, inside: "a chapter or table of contents".to_owned() };
    let end = bytes.iter().position(|byte| *byte == 0).filter(|end| *end > 0).ok_or_else(nameless)?;
    Ok((bytes[..end].iter().copied().map(char::from).collect(), &bytes[end + 1..]))
}
