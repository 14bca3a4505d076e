//! Tracks as episodes: what the feed says of each.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Episode, Podcast};
use crate::build::{Job, Track};
use crate::diag::{FileId, SourceMap, Span, Spanned};
use crate::files::{self, ByteLimit};
use crate::sidecar::{ListedChapter, Sidecar, listed_chapters};

/// The episodes that the jobs will be, in their order. The scripts are added to `sources`, each once.
pub(super) fn planned(podcast: &Podcast, root: &Path, jobs: &[Job], sources: &mut SourceMap) -> Vec<Episode> {
    let mut scripts: BTreeMap<String, FileId> = BTreeMap::new();
    let mut id = |track: &Track| {
        // Nothing but the diagnostics needs the text, and they can do without.
        let text = || files::read_text(&root.join(track.script()), ByteLimit::TEXT).unwrap_or_default();
        let script = track.script().to_owned();
        *scripts.entry(script).or_insert_with_key(|script| sources.add(script.as_str(), text()))
    };
    jobs.iter().map(|job| episode(podcast, job, id(&job.track))).collect()
}

fn episode(podcast: &Podcast, job: &Job, script: FileId) -> Episode {
    let Job { track, .. } = job;
    let (meta, rate) = (&track.session.meta, track.timeline.rate);
    let beside = |wanted: Sidecar| {
        let there = track.sidecars().any(|kind| kind == wanted);
        there.then(|| name(&track.sidecar_file(wanted, job.file())))
    };
    let within = |span: Span| Span { file: script, ..span };
    let chapters = listed_chapters(&track.timeline).into_iter();
    Episode {
        place: within(meta.span),
        title: track.title(),
        description: meta.description.clone(),
        guid: podcast.guid.of_episode(track.script(), track.session.edition.as_deref()),
        date: meta.date.clone().map(|date| Spanned::new(date.value, within(date.span))),
        file: name(job.file()),
        bytes: 1,
        length: track.timeline.length.to_millis(rate),
        chapters: chapters.map(|ListedChapter { start, title, .. }| (start.to_millis(rate), title)).collect(),
        chapters_file: beside(Sidecar::ChaptersJson),
        captions_file: beside(Sidecar::WebVtt),
        cover_file: beside(Sidecar::Cover),
        language: meta.language.clone(),
        number: meta.track,
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
