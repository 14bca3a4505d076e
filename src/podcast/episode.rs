//! One episode, as plain values: what `build` knows of a track when it is written.

use super::{Guid, Podcast, Released};
use crate::diag::{Span, Spanned};
use crate::units::Millis;

/// One episode of a podcast.
#[derive(Clone, Debug, PartialEq)]
pub struct Episode {
    /// Its source, for diagnostics: the title in its script, or the script.
    pub place: Span,
    /// Its title, without a number.
    pub title: String,
    /// Its description, in any number of paragraphs.
    pub description: Option<String>,
    /// Its identity: [`Guid::of_episode`].
    pub guid: Guid,
    /// When it came out, as written in its script: see [`Released::read`].
    pub date: Option<Spanned<String>>,
    /// The name of the file with its sound, an MP3.
    pub file: String,
    /// The length of that file in bytes.
    pub bytes: u64,
    /// Its length.
    pub length: Millis,
    /// Starts and titles of its chapters, in the order of time.
    pub chapters: Vec<(Millis, String)>,
    /// The name of the file with its chapters as JSON.
    pub chapters_file: Option<String>,
    /// The name of the file with its captions as WebVTT.
    pub captions_file: Option<String>,
    /// The name of the file with its cover, if it has one of its own.
    pub cover_file: Option<String>,
    /// Its language (ISO 639-1).
    pub language: String,
    /// Its number, from 1.
    pub number: Option<u32>,
}

impl Episode {
    /// When it came out: its own date, or the date of the podcast, a minute later with each number so that
    /// apps that sort by date keep the order.
    pub fn released(&self, podcast: &Podcast) -> Option<Released> {
        match &self.date {
            Some(date) => Released::read(&date.value),
            None => podcast.date.map(|date| date.later(self.number.unwrap_or(1).saturating_sub(1))),
        }
    }
}
