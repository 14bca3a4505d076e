//! Files that lie beside a track: captions, transcript, chapters, labels, a class plan, a cover.
//!
//! A stage beside `encode`: it turns a session and its timeline into text and pictures, as `encode` turns blocks into
//! sound. Every time in these files is a frame of the timeline, rounded once, so a caption stands where its words
//! sound. Pure functions: must not know files, encoders or samples.
//!
//! What nidra says here of its own accord (`[bell]`, "Props") is English unless the script's `[words]` say it
//! otherwise; in another language without those words, sounds and silences are written as signs.

mod audible;
mod captions;
mod chapters;
mod clock;
mod cover;
mod cue_sheet;
mod labels;
mod lrc;
mod phrases;
mod plan;
mod srt;
mod transcript;
mod vtt;
mod wrap;

use crate::script::Session;
use crate::timeline::Timeline;

pub use chapters::{ListedChapter, listed_chapters};
use cover::drawing;
pub use cover::{
    Colours, CoverFault, CoverImage, CoverSide, CoverText, ImageFacts, ImageKind, drawn_cover,
    drawn_podcast_cover, inspect,
};

/// A kind of file that lies beside a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sidecar {
    /// Captions as WebVTT (W3C), for podcast apps and browsers: lines of 65 characters, two a caption.
    WebVtt,
    /// Captions as SubRip, for video players: lines of 32 characters, two a caption.
    Srt,
    /// Lines as LRC, for music players.
    Lrc,
    /// All that is heard, as plain text to read.
    Transcript,
    /// Chapters as JSON, version 1.2 of Podcasting 2.0.
    ChaptersJson,
    /// Chapters and cues as a label track for Audacity.
    Labels,
    /// Chapters as a CUE sheet for the WAV track.
    CueSheet,
    /// The class plan in Markdown.
    PlanMarkdown,
    /// The class plan as a page to print, all in one file.
    PlanHtml,
    /// The picture of the track, large enough to be uploaded.
    Cover,
    /// The drawn picture as SVG.
    Drawing,
}

impl Sidecar {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::WebVtt,
        Self::Srt,
        Self::Lrc,
        Self::Transcript,
        Self::ChaptersJson,
        Self::Labels,
        Self::CueSheet,
        Self::PlanMarkdown,
        Self::PlanHtml,
        Self::Cover,
        Self::Drawing,
    ];

    /// The kind as it is typed; no two are the same.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WebVtt => "vtt",
            Self::Srt => "srt",
            Self::Lrc => "lrc",
            Self::Transcript => "txt",
            Self::ChaptersJson => "chapters",
            Self::Labels => "labels",
            Self::CueSheet => "cue",
            Self::PlanMarkdown => "plan",
            Self::PlanHtml => "html",
            Self::Cover => "cover",
            Self::Drawing => "svg",
        }
    }

    /// Returns the parts that may follow the name of the track and a dot in the name of the file: the first one, or the
    /// other if it is a PNG. No two kinds have one in common.
    pub const fn endings(self) -> [&'static str; 2] {
        let ending = match self {
            Self::Cover => return ["jpg", "png"],
            Self::Drawing => "svg",
            Self::WebVtt => "vtt",
            Self::Srt => "srt",
            Self::Lrc => "lrc",
            Self::Transcript => "txt",
            Self::ChaptersJson => "chapters.json",
            Self::Labels => "labels.txt",
            Self::CueSheet => "cue",
            Self::PlanMarkdown => "plan.md",
            Self::PlanHtml => "plan.html",
        };
        [ending; 2]
    }
}

/// The track that a file lies beside.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The session it is made of.
    pub session: &'a Session,
    /// Its timeline.
    pub timeline: &'a Timeline,
    /// The name of its file without an ending, as in `legs-up-the-wall-10m`.
    pub track_name: &'a str,
    /// Its title, as listeners see it.
    pub title: &'a str,
    /// The picture that was brought for it; if there is none, one is drawn.
    pub cover: Option<&'a [u8]>,
}

/// The content of a file beside a track: a text is UTF-8 without a byte order mark. Equal subjects give equal bytes.
pub fn content(sidecar: Sidecar, subject: &Subject<'_>) -> Vec<u8> {
    let text = match sidecar {
        Sidecar::Cover => {
            let drawn = || drawn_cover(subject, CoverSide::Feed).bytes;
            return subject.cover.map_or_else(drawn, <[u8]>::to_vec);
        }
        Sidecar::Drawing => drawing(subject),
        Sidecar::WebVtt => vtt::vtt(subject),
        Sidecar::Srt => srt::srt(subject),
        Sidecar::Lrc => lrc::lrc(subject),
        Sidecar::Transcript => transcript::transcript(subject),
        Sidecar::ChaptersJson => chapters::chapters_json(subject),
        Sidecar::Labels => labels::labels(subject),
        Sidecar::CueSheet => cue_sheet::cue_sheet(subject),
        Sidecar::PlanMarkdown => plan::markdown(subject),
        Sidecar::PlanHtml => plan::html(subject),
    };
    text.into_bytes()
}
