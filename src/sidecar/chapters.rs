//! Chapters as listeners see them, and as JSON: "JSON Chapters Format" 1.2 of the podcast namespace.

use serde::Serialize;

use super::Subject;
use crate::text::{one_line, plain};
use crate::timeline::Timeline;
use crate::units::{FramePos, SampleRate};

/// A chapter in a list to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedChapter {
    /// Position of its start.
    pub start: FramePos,
    /// Position of the next one's start, or of the end of the track.
    pub end: FramePos,
    /// Its title, in one line.
    pub title: String,
}

/// The chapters without gaps: the first begins with the track and each ends where the next one begins, so that a
/// player always has one to show. One that takes no time has no place in a list.
pub fn listed_chapters(timeline: &Timeline) -> Vec<ListedChapter> {
    let mut listed: Vec<ListedChapter> = Vec::with_capacity(timeline.chapters.len());
    for chapter in timeline.chapters.iter().filter(|chapter| chapter.length.0 > 0) {
        let start = if listed.is_empty() { FramePos::START } else { chapter.at };
        if let Some(before) = listed.last_mut() {
            before.end = start;
        }
        let end = FramePos::START + timeline.length;
        listed.push(ListedChapter { start, end, title: one_line(&chapter.title) });
    }
    listed
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Chapters {
    version: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    chapters: Vec<Chapter>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Chapter {
    start_time: f64,
    end_time: f64,
    title: String,
}

pub(super) fn chapters_json(subject: &Subject<'_>) -> String {
    let meta = &subject.session.meta;
    let rate = subject.timeline.rate;
    let chapters = listed_chapters(subject.timeline).into_iter().map(|chapter| Chapter {
        start_time: seconds(chapter.start, rate),
        end_time: seconds(chapter.end, rate),
        title: chapter.title,
    });
    let value = Chapters {
        version: "1.2.0",
        title: one_line(subject.title),
        author: meta.author.as_deref().map(one_line),
        description: meta.description.as_deref().map(plain),
        chapters: chapters.collect(),
    };
    let mut text = serde_json::to_string_pretty(&value).expect("texts and finite numbers are JSON");
    text.push('\n');
    text
}

/// Seconds to the millisecond: the format asks for a float, and its shortest text is what the clock says.
fn seconds(at: FramePos, rate: SampleRate) -> f64 {
    at.to_millis(rate).0 as f64 / 1000.0
}
