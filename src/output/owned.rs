//! Ownership of files that are not tracks: whether one may be replaced, by what it says itself or what was noted of it.
//!
//! A text that can hold a comment has a line by which nidra knows it again, with a digest of the rest: a playlist or a
//! feed is known so on another machine, too. What can hold none is known by digests: those that its track has of it, or
//! those of the manifest. One that another program has changed is not nidra's any more. Files are written only where
//! something changes. Must not know what is in them.

use std::io::{self, Write};
use std::path::Path;

use super::error::OutputError;
use super::new_file::{NewFile, sync_folder_of};
use super::notes::Notes;
use crate::digest::{digest_of_bytes, hex, short_hex};
use crate::files::{self, ByteLimit};

/// The words before the digest.
const MARK_WORDS: &str = "Made by nidra ";

/// Hexadecimal digits of the digest: enough to know an edit by, and short to look at.
const MARK_DIGITS: usize = 16;

/// The files that may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    /// Those that nidra has made.
    Ours,
    /// Anything.
    Anything,
}

/// The comment syntax of a kind of file.
#[derive(Clone, Copy, Debug)]
pub struct Comment {
    /// Before its words.
    pub opening: &'static str,
    /// After them, up to the end of the line.
    pub closing: &'static str,
}

/// The result for a file that was to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteResult {
    /// It is new, or was replaced.
    New,
    /// It was there, byte for byte, and was not touched.
    Same,
}

/// The owner of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// nidra wrote it, as it is.
    Ours,
    /// nidra wrote it, and another program has changed it.
    Edited,
    /// Another program wrote it.
    Foreign,
}

/// A text with a second line by which it is known again: a comment with the digest of all other lines.
pub fn marked(text: &str, comment: Comment) -> String {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let Comment { opening, closing } = comment;
    format!("{first}\n{opening}{MARK_WORDS}{}{closing}\n{rest}", digest(first, rest))
}

/// The evidence by which a file is known as ours.
#[derive(Clone, Copy, Debug)]
pub enum Evidence<'a> {
    /// The mark in its second line, in such a comment.
    Mark(Comment),
    /// Its digest, which is among those that tracks beside it have of it, or in the manifest.
    Digests(&'a [&'a str], Option<&'a Notes>),
    /// None: only what is as it would be written is ours.
    None,
}

/// The owner of a file at `path` with this content: the one answer for all files but tracks, which know it themselves.
pub fn ownership(path: &Path, bytes: &[u8], evidence: Evidence<'_>) -> Ownership {
    match evidence {
        Evidence::Mark(comment) => by_mark(bytes, comment),
        Evidence::Digests(known, notes) => {
            let digest = short_hex(&digest_of_bytes(bytes));
            let is_ours = known.contains(&digest.as_str());
            match is_ours || notes.is_some_and(|notes| notes.have(path, &digest)) {
                true => Ownership::Ours,
                false if known.is_empty() => Ownership::Foreign,
                false => Ownership::Edited,
            }
        }
        Evidence::None => Ownership::Foreign,
    }
}

fn by_mark(bytes: &[u8], comment: Comment) -> Ownership {
    // An editor may have left other line ends, and nothing else.
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let parts = text.split_once('\n').and_then(|(first, rest)| Some((first, rest.split_once('\n')?)));
    let Some((first, (line, rest))) = parts else { return Ownership::Foreign };
    let mark = line.strip_prefix(comment.opening).and_then(|mark| mark.strip_suffix(comment.closing));
    match mark.and_then(|mark| mark.strip_prefix(MARK_WORDS)) {
        Some(written) if written == digest(first, rest) => Ownership::Ours,
        Some(_) => Ownership::Edited,
        None => Ownership::Foreign,
    }
}

fn digest(first: &str, rest: &str) -> String {
    hex(&digest_of_bytes(format!("{first}\n{rest}").as_bytes()), MARK_DIGITS)
}

/// Refuses to replace a file that is not nidra's, so that it can be said before anything is made.
///
/// # Errors
/// [`OutputError::NotOurs`] or [`OutputError::Edited`], or if what is there cannot be read.
pub fn may_replace(path: &Path, overwrite: Overwrite, evidence: Evidence<'_>) -> Result<(), OutputError> {
    match (files::read(path, ByteLimit::PICTURE), overwrite) {
        (_, Overwrite::Anything) => Ok(()),
        (Err(error), _) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        (Err(error), _) => Err(OutputError::io("read", path, error)),
        (Ok(old), Overwrite::Ours) => match ownership(path, &old, evidence) {
            Ownership::Ours => Ok(()),
            Ownership::Edited => Err(OutputError::Edited(path.to_owned())),
            Ownership::Foreign => Err(OutputError::NotOurs(path.to_owned())),
        },
    }
}

/// Puts `bytes` at `path`, whole or not at all, unless they are there already. Its folder must be there.
///
/// # Errors
/// As for [`may_replace`], and if the file cannot be written.
pub fn write_owned(
    path: &Path,
    bytes: &[u8],
    overwrite: Overwrite,
    evidence: Evidence<'_>,
) -> Result<WriteResult, OutputError> {
    if is_there(path, bytes) {
        return Ok(WriteResult::Same);
    }
    may_replace(path, overwrite, evidence)?;
    place(path, bytes)?;
    sync_folder_of(path);
    Ok(WriteResult::New)
}

/// Puts `bytes` at `path`, whole or not at all. Its folder is to be synced: see [`NewFile::place`].
///
/// # Errors
/// If the file cannot be written.
pub fn place(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    let mut file = NewFile::create(path)?;
    file.write_all(bytes).map_err(|error| OutputError::io("write", path, error))?;
    file.place()
}

/// True if an ordinary file of these bytes is at `path`.
pub fn is_there(path: &Path, bytes: &[u8]) -> bool {
    files::read(path, ByteLimit(bytes.len() as u64)).is_ok_and(|old| old == bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_ours_until_somebody_changes_it() {
        let check = |text: &str, comment: Comment| {
            let own = marked(text, comment);
            let check = |text: &str, expected: Ownership| {
                assert_eq!(by_mark(text.as_bytes(), comment), expected, "{text}");
            };
            check(&own, Ownership::Ours);
            check(&own.replace('\n', "\r\n"), Ownership::Ours);
            check(&format!("{own}more\n"), Ownership::Edited);
            check(&own.replacen('q', "x", 1), Ownership::Edited);
            check(&format!(" {own}"), Ownership::Edited);
            check(text, Ownership::Foreign);
            check("", Ownership::Foreign);
            assert_eq!(by_mark(b"\xff\n\xff\n\xff", comment), Ownership::Foreign);
        };
        check("#EXTM3U\nq\nc\n", Comment { opening: "# ", closing: "" });
        check("<?xml?>\n<q/>\n", Comment { opening: "<!-- ", closing: " -->" });
    }
}
