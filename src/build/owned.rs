//! Text files of nidra's in a folder of tracks: a playlist, a feed. Each has a line by which nidra knows it again, with a
//! digest of the rest, so that one that another program has changed is not nidra's any more. They are written only
//! where something changes.

use std::io::{self, Write};
use std::path::Path;

use super::render::{Overwrite, RenderError};
use crate::digest::{digest_of_bytes, hex};
use crate::files::{self, ByteLimit};
use crate::output::{NewFile, SinkError};

/// The words before the digest.
const MARK: &str = "Made by nidra ";

/// Hexadecimal digits of the digest: enough to know an edit by, and short to look at.
const DIGITS: usize = 16;

/// The comment syntax of a kind of file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comment {
    /// Before its words.
    pub(crate) opening: &'static str,
    /// After them, up to the end of the line.
    pub(crate) closing: &'static str,
}

/// The result for a file that was to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is new, or was replaced.
    New,
    /// It was there, byte for byte, and was not touched.
    Same,
}

/// The owner of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ownership {
    /// nidra wrote it, as it is.
    Ours,
    /// nidra wrote it, and another program has changed it.
    Edited,
    /// Another program wrote it.
    Foreign,
}

/// A text with a second line by which it is known again: a comment with the digest of all other lines.
pub(crate) fn marked(text: &str, comment: Comment) -> String {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let Comment { opening, closing } = comment;
    format!("{first}\n{opening}{MARK}{}{closing}\n{rest}", digest(first, rest))
}

/// The owner of a text, by its mark in such a comment.
pub(crate) fn ownership(bytes: &[u8], comment: Comment) -> Ownership {
    // An editor may have left other line ends, and nothing else.
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let parts = text.split_once('\n').and_then(|(first, rest)| Some((first, rest.split_once('\n')?)));
    let Some((first, (line, rest))) = parts else { return Ownership::Foreign };
    let mark = line.strip_prefix(comment.opening).and_then(|mark| mark.strip_suffix(comment.closing));
    match mark.and_then(|mark| mark.strip_prefix(MARK)) {
        Some(written) if written == digest(first, rest) => Ownership::Ours,
        Some(_) => Ownership::Edited,
        None => Ownership::Foreign,
    }
}

fn digest(first: &str, rest: &str) -> String {
    hex(&digest_of_bytes(format!("{first}\n{rest}").as_bytes()), DIGITS)
}

/// Refuses to replace a file that is not nidra's, so that it can be said before anything is made.
///
/// # Errors
/// [`RenderError::NotOurs`] or [`RenderError::Edited`], or if what is there cannot be read.
pub(crate) fn may_replace(
    path: &Path,
    overwrite: Overwrite,
    ownership: impl Fn(&[u8]) -> Ownership,
) -> Result<(), RenderError> {
    match (files::read(path, ByteLimit::PICTURE), overwrite) {
        (_, Overwrite::Anything) => Ok(()),
        (Err(error), _) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        (Err(error), _) => Err(SinkError::new("read", path, error).into()),
        (Ok(old), Overwrite::Ours) => match ownership(&old) {
            Ownership::Ours => Ok(()),
            Ownership::Edited => Err(RenderError::Edited(path.to_owned())),
            Ownership::Foreign => Err(RenderError::NotOurs(path.to_owned())),
        },
    }
}

/// Puts `bytes` at `path`, whole or not at all, unless they are there already. Its folder must be there.
///
/// # Errors
/// As for [`may_replace`], and if the file cannot be written.
pub(crate) fn write(
    path: &Path,
    bytes: &[u8],
    overwrite: Overwrite,
    ownership: impl Fn(&[u8]) -> Ownership,
) -> Result<Written, RenderError> {
    if is_there(path, bytes) {
        return Ok(Written::Same);
    }
    may_replace(path, overwrite, ownership)?;
    let mut file = NewFile::create(path)?;
    file.write_all(bytes).map_err(|error| SinkError::new("write", path, error))?;
    file.finish()?;
    Ok(Written::New)
}

/// True if an ordinary file of these bytes is at `path`.
pub(crate) fn is_there(path: &Path, bytes: &[u8]) -> bool {
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
                assert_eq!(ownership(text.as_bytes(), comment), expected, "{text}");
            };
            check(&own, Ownership::Ours);
            check(&own.replace('\n', "\r\n"), Ownership::Ours);
            check(&format!("{own}more\n"), Ownership::Edited);
            check(&own.replacen('q', "x", 1), Ownership::Edited);
            check(&format!(" {own}"), Ownership::Edited);
            check(text, Ownership::Foreign);
            check("", Ownership::Foreign);
            assert_eq!(ownership(b"\xff\n\xff\n\xff", comment), Ownership::Foreign);
        };
        check("#EXTM3U\nq\nc\n", Comment { opening: "# ", closing: "" });
        check("<?xml?>\n<q/>\n", Comment { opening: "<!-- ", closing: " -->" });
    }
}
