//! The limits of tags: faults of a script's own texts and pictures that no file can carry.

use super::Tags;
use crate::text::one_line;

/// The most bytes of one tag or picture: what the 24-bit size of a FLAC metadata block can say (RFC 9639,
/// section 8.1). ID3v2 could hold 256 MiB, but a track is to be taken or refused whatever its format.
pub(in crate::encode) const MAX_TAG_BYTES: usize = (1 << 24) - 1;

/// The most chapters of a track: 255 tables of contents of 255 chapters each, see `id3v2/chapters.rs`.
pub(super) const MAX_CHAPTERS: usize = 255 * 255;

/// A fault of tags, for which the track is refused in every format. Chapters are counted from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::encode) enum TagFault {
    /// It has no name that could be shown.
    #[error("chapter {number} has no title")]
    NoTitle {
        /// Number of the chapter.
        number: usize,
    },
    /// There are more than files can list.
    #[error("there are {count} chapters, and a file can list {MAX_CHAPTERS}")]
    TooManyChapters {
        /// Number of chapters.
        count: usize,
    },
    /// A tag or a picture is too large.
    #[error(
        "the tags of the track take {bytes} bytes, and a file can hold {MAX_TAG_BYTES}; \
         take a smaller cover or a shorter text"
    )]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
}

/// Checks that listeners can use the chapters.
///
/// # Errors
/// The first chapter without a title, or their number if there are too many.
pub(in crate::encode) fn check_chapters(tags: &Tags) -> Result<(), TagFault> {
    let count = tags.chapters.len();
    if count > MAX_CHAPTERS {
        return Err(TagFault::TooManyChapters { count });
    }
    let nameless = (1..).zip(&tags.chapters).find(|(_, chapter)| one_line(&chapter.title).is_empty());
    nameless.map_or(Ok(()), |(number, _)| Err(TagFault::NoTitle { number }))
}

/// Checks that a finished tag or picture, or all chunks of a WAV, are small enough for a file.
///
/// # Errors
/// Their size, if it is over [`MAX_TAG_BYTES`].
pub(in crate::encode) fn check_size(bytes: &[u8]) -> Result<(), TagFault> {
    let bytes = bytes.len();
    if bytes > MAX_TAG_BYTES { Err(TagFault::TooLarge { bytes }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{marker, tagged};
    use super::*;

    #[track_caller]
    fn check(count: u64, title: &str, expected: Result<(), TagFault>) {
        let chapters = (0..count).map(|i| marker(i, i + 1, if i + 1 < count { "Breath" } else { title }));
        assert_eq!(check_chapters(&tagged(60_000, chapters.collect())), expected);
    }

    #[test]
    fn chapters_that_cannot_be_used_are_refused() {
        check(0, "", Ok(()));
        check(3, "Rest", Ok(()));
        check(2, " \0\n", Err(TagFault::NoTitle { number: 2 }));
        check(65_025, "Rest", Ok(()));
        check(65_026, "Rest", Err(TagFault::TooManyChapters { count: 65_026 }));
    }

    #[test]
    fn a_tag_over_sixteen_mebibytes_is_refused() {
        assert_eq!(check_size(&vec![0; MAX_TAG_BYTES]), Ok(()));
        let fault = check_size(&vec![0; 1 << 24]).unwrap_err();
        assert_eq!(
            fault.to_string(),
            "the tags of the track take 16777216 bytes, and a file can hold 16777215; \
             take a smaller cover or a shorter text"
        );
    }
}
