//! Vorbis comments, for FLAC and for Opus.

use super::Tags;
use crate::text::{one_line, plain};

/// Chapters that have numbers of three digits (wiki.xiph.org, "Chapter Extension"); ffmpeg reads no more.
const MAX_NUMBERED_CHAPTERS: usize = 1000;

/// `NAME=text`, in the order in which they are written. Chapters over the thousandth have no place in them.
pub(in crate::encode) fn comments(tags: &Tags) -> Vec<String> {
    let line = |text: &Option<String>| text.as_deref().map(one_line);
    let named = [
        ("TITLE", Some(one_line(&tags.title))),
        ("ARTIST", line(&tags.artist)),
        ("ALBUM", line(&tags.album)),
        ("TRACKNUMBER", tags.track.map(|track| track.to_string())),
        ("GENRE", line(&tags.genre)),
        ("DATE", line(&tags.date)),
        ("LANGUAGE", Some(one_line(&tags.language))),
        (super::text::PROVENANCE_KEY, Some(plain(&tags.provenance))),
        // Xiph's own name for it. ffmpeg shows it as the comment, and would show a `COMMENT` beside it again.
        ("DESCRIPTION", tags.comment.as_deref().map(plain)),
    ];
    let mut comments: Vec<String> =
        named.into_iter().filter_map(|(name, text)| Some(format!("{name}={}", text?))).collect();
    for (index, chapter) in tags.chapters.iter().take(MAX_NUMBERED_CHAPTERS).enumerate() {
        let start = chapter.start.to_millis(tags.rate);
        comments.push(format!("CHAPTER{index:03}={}.{:03}", start.long_clock(), start.0 % 1000));
        comments.push(format!("CHAPTER{index:03}NAME={}", one_line(&chapter.title)));
    }
    comments
}
