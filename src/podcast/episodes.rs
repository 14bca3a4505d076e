//! Tracks as episodes: what the feed says of each.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Audio, Episode, Podcast};
use crate::build::{Companion, Job, Track};
use crate::diag::{FileId, SourceMap, Span, Spanned};
use crate::files::{self, ByteLimit};
use crate::sidecar::{ListedChapter, Sidecar, listed_chapters};

/// The media type of MP3 (RFC 3003).
const MPEG: &str = "audio/mpeg";

/// The file of an episode.
pub(super) fn job_file(job: &Job) -> &Path {
    job.files.first().map_or(Path::new(""), |(_, path)| path)
}

/// The episodes that the jobs will be, in their order. The scripts are added to `sources`, each once.
pub(super) fn planned(podcast: &Podcast, root: &Path, jobs: &[Job], sources: &mut SourceMap) -> Vec<Episode> {
    let mut scripts: BTreeMap<String, FileId> = BTreeMap::new();
    let mut id = |track: &Track| {
        // Nothing but the findings needs the text, and they can do without.
        let text = || files::read_text(&root.join(track.script()), ByteLimit::TEXT).unwrap_or_default();
        let script = track.script().to_owned();
        *scripts.entry(script).or_insert_with_key(|script| sources.add(script.as_str(), text()))
    };
    jobs.iter().map(|job| episode(podcast, job, id(&job.track))).collect()
}

fn episode(podcast: &Podcast, job: &Job, script: FileId) -> Episode {
    let Job { track, .. } = job;
    let (meta, rate) = (&track.session.meta, track.timeline.rate);
    let beside = |wanted: Companion| {
        let there = track.companions().any(|companion| companion == wanted);
        there.then(|| name(&track.companion_file(wanted, job_file(job))))
    };
    let within = |span: Span| Span { file: script, ..span };
    let chapters = listed_chapters(&track.timeline).into_iter();
    Episode {
        place: within(meta.span),
        title: track.title(),
        description: meta.description.clone(),
        guid: podcast.guid.of_episode(track.script(), track.session.edition.as_deref()),
        date: meta.date.clone().map(|date| Spanned::new(date.value, within(date.span))),
        audio: Audio { file: name(job_file(job)), bytes: 1, mime: MPEG },
        length: track.timeline.length.to_millis(rate),
        chapters: chapters.map(|ListedChapter { start, title, .. }| (start.to_millis(rate), title)).collect(),
        chapters_file: beside(Companion::Text(Sidecar::ChaptersJson)),
        captions_file: beside(Companion::Text(Sidecar::WebVtt)),
        cover_file: beside(Companion::Cover),
        language: meta.language.clone(),
        season: None,
        number: meta.track,
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
