//! The check that the tags may be written: our own lint, because no player and no tagger complains of chapters that
//! overlap, run backwards or end after the track (measured with ffmpeg, mutagen, eyeD3 and kid3).

use super::{Marker, Tags};
use crate::text::one_line;
use crate::units::{FramePos, Millis};

/// The most bytes of one tag or picture: what the 24-bit size of a FLAC metadata block can say (RFC 9639,
/// section 8.1). ID3v2 could hold 256 MiB, but a track is to be taken or refused whatever its format.
pub const MOST_BYTES: usize = (1 << 24) - 1;

/// The most chapters of a track: 255 tables of contents of 255 chapters each, see `id3v2/chapters.rs`.
pub(super) const MOST_CHAPTERS: usize = 255 * 255;

/// A chapter that listeners could not use. Chapters are counted from one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChapterFault {
    /// It has no name that could be shown.
    #[error("chapter {number} has no title")]
    NoTitle {
        /// Number of the chapter.
        number: usize,
    },
    /// It lasts less than a millisecond, the unit of chapters in files.
    #[error("chapter {number}, `{title}`, is empty")]
    Empty {
        /// Number of the chapter.
        number: usize,
        /// Its name.
        title: String,
    },
    /// It starts before the one that is listed before it.
    #[error("chapter {number}, `{title}`, starts at {start}, before chapter {}", number - 1)]
    OutOfOrder {
        /// Number of the chapter.
        number: usize,
        /// Its name.
        title: String,
        /// Its start.
        start: Millis,
    },
    /// It starts before the one before it has ended.
    #[error("chapter {number}, `{title}`, starts {by} before chapter {} has ended", number - 1)]
    Overlap {
        /// Number of the chapter.
        number: usize,
        /// Its name.
        title: String,
        /// Length of the overlap.
        by: Millis,
    },
    /// It ends after the track.
    #[error("chapter {number}, `{title}`, ends at {end}, and the track at {length}")]
    PastTheEnd {
        /// Number of the chapter.
        number: usize,
        /// Its name.
        title: String,
        /// Its end.
        end: Millis,
        /// The end of the track.
        length: Millis,
    },
    /// There are more than files can list.
    #[error("there are {count} chapters, and a file can list {most}")]
    TooMany {
        /// Number of chapters.
        count: usize,
        /// The most chapters that a file can list.
        most: usize,
    },
}

/// A tag or picture that is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the tags of the track take {bytes} bytes, and a file can hold {MOST_BYTES}; take a smaller cover or a shorter text"
)]
pub struct TooLarge {
    /// Its size.
    pub bytes: usize,
}

/// Returns the faults of the chapters, in their order; none for most tracks, and for those without chapters.
pub fn chapter_faults(tags: &Tags) -> Vec<ChapterFault> {
    let mut faults = Vec::new();
    if tags.chapters.len() > MOST_CHAPTERS {
        faults.push(ChapterFault::TooMany { count: tags.chapters.len(), most: MOST_CHAPTERS });
    }
    let mut before: Option<&Marker> = None;
    for (chapter, number) in tags.chapters.iter().zip(1..) {
        let ms = |at: FramePos| at.to_millis(tags.rate);
        let title = one_line(&chapter.title);
        if title.is_empty() {
            faults.push(ChapterFault::NoTitle { number });
        }
        if ms(chapter.end) <= ms(chapter.start) {
            faults.push(ChapterFault::Empty { number, title: title.clone() });
        }
        match before {
            Some(before) if chapter.start < before.start => {
                let (title, start) = (title.clone(), ms(chapter.start));
                faults.push(ChapterFault::OutOfOrder { number, title, start });
            }
            Some(before) if chapter.start < before.end => {
                let by = before.end.saturating_since(chapter.start).to_millis(tags.rate);
                faults.push(ChapterFault::Overlap { number, title: title.clone(), by });
            }
            _ => {}
        }
        if chapter.end > FramePos::START + tags.length {
            let (end, length) = (ms(chapter.end), tags.length.to_millis(tags.rate));
            faults.push(ChapterFault::PastTheEnd { number, title, end, length });
        }
        before = Some(chapter);
    }
    faults
}

/// Says of a finished tag or picture, or of all chunks of a WAV, whether it is too large for a file.
pub fn size_fault(bytes: &[u8]) -> Option<TooLarge> {
    (bytes.len() > MOST_BYTES).then_some(TooLarge { bytes: bytes.len() })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{marker, tagged};
    use super::*;

    #[track_caller]
    fn check(chapters: &[(u64, u64, &str)], faults: &[&str]) {
        let chapters = chapters.iter().map(|&(start, end, title)| marker(start, end, title)).collect();
        let found = chapter_faults(&tagged(60_000, chapters));
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), faults);
    }

    #[test]
    fn chapters_one_after_another_are_well() {
        check(&[], &[]);
        check(&[(0, 60_000, "All")], &[]);
        check(&[(0, 12_000, "A"), (12_000, 58_000, "B"), (59_000, 60_000, "C")], &[]);
    }

    #[test]
    fn a_chapter_that_cannot_be_used_is_named() {
        check(&[(0, 10, " \0\n")], &["chapter 1 has no title"]);
        check(&[(10, 10, "Rest")], &["chapter 1, `Rest`, is empty"]);
        check(&[(10, 5, "Rest")], &["chapter 1, `Rest`, is empty"]);
        check(&[(0, 60_001, "Rest")], &["chapter 1, `Rest`, ends at 1:00.001, and the track at 1:00.000"]);
        check(
            &[(0, 30_000, "A"), (28_500, 40_000, "B")],
            &["chapter 2, `B`, starts 0:01.500 before chapter 1 has ended"],
        );
        check(
            &[(30_000, 40_000, "A"), (0, 30_000, "B")],
            &["chapter 2, `B`, starts at 0:00.000, before chapter 1"],
        );
    }

    #[test]
    fn a_chapter_under_a_millisecond_is_empty_in_a_file() {
        let mut tags = tagged(48_000, vec![marker(48_000, 48_010, "Blink")]);
        tags.rate = crate::units::SampleRate::HZ_48000;
        tags.length.0 = 96_000;
        assert_eq!(chapter_faults(&tags), [ChapterFault::Empty { number: 1, title: "Blink".to_owned() }]);
    }

    #[test]
    fn more_chapters_than_files_can_list_are_refused() {
        let chapters = |count: u64| (0..count).map(|i| marker(i, i + 1, "Breath")).collect();
        assert_eq!(chapter_faults(&tagged(65_025, chapters(65_025))), []);
        let most = MOST_CHAPTERS;
        assert_eq!(
            chapter_faults(&tagged(65_026, chapters(65_026))),
            [ChapterFault::TooMany { count: 65_026, most }]
        );
    }

    #[test]
    fn what_no_file_can_hold_is_refused() {
        assert_eq!(size_fault(&vec![0; MOST_BYTES]), None);
        let said = size_fault(&vec![0; MOST_BYTES + 1]).unwrap().to_string();
        assert!(said.starts_with("the tags of the track take 16777216 bytes, and a file can hold 16777215;"));
    }
}
