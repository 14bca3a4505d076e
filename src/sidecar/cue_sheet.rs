//! A CUE sheet: the chapters as tracks of one WAV file, for players and CD writers.
//!
//! (A CUE sheet of audio people; the cue sheet of a session is `nidra show`.)

use std::fmt::Write as _;

use super::chapters::listed_chapters;
use super::{Subject, clock};
use crate::text::one_line;

/// A CD has no more tracks (Red Book), and a CUE sheet has two digits for them.
const MAX_TRACKS: usize = 99;

pub(super) fn cue_sheet(subject: &Subject<'_>) -> String {
    let rate = subject.timeline.rate;
    let mut tracks: Vec<(u64, String)> = Vec::new();
    for chapter in listed_chapters(subject.timeline) {
        let at = clock::sectors(chapter.start, rate);
        // Two tracks cannot begin at the same place; the longer one has the name.
        match tracks.last_mut() {
            Some(last) if last.0 == at => last.1 = chapter.title,
            _ => tracks.push((at, chapter.title)),
        }
    }
    let mut text = "REM COMMENT \"Made by nidra\"\n".to_owned();
    if tracks.len() > MAX_TRACKS {
        let left_out = tracks.len() - MAX_TRACKS;
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "REM COMMENT \"The last track has {left_out} more chapters: a CUE sheet holds 99\""
        );
        tracks.truncate(MAX_TRACKS);
    }
    let author = subject.session.meta.author.as_deref().map(quoted);
    if let Some(author) = &author {
        let _ = writeln!(text, "PERFORMER {author}");
    }
    let _ = writeln!(text, "TITLE {}", quoted(subject.title));
    let _ = writeln!(text, "FILE {} WAVE", quoted(&format!("{}.wav", subject.track_name)));
    for (index, (at, title)) in tracks.iter().enumerate() {
        let _ = writeln!(text, "  TRACK {:02} AUDIO", index + 1);
        let _ = writeln!(text, "    TITLE {}", quoted(title));
        if let Some(author) = &author {
            let _ = writeln!(text, "    PERFORMER {author}");
        }
        let _ = writeln!(text, "    INDEX 01 {}", clock::msf(*at));
    }
    text
}

/// A text between quotation marks. The format has no way to write one inside, so it becomes two single ones; before the
/// last one, some readers take a backslash for its escape.
fn quoted(text: &str) -> String {
    let text = one_line(text).replace('"', "''");
    let gap = if text.ends_with('\\') { " " } else { "" };
    format!("\"{text}{gap}\"")
}
