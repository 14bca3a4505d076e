//! The report on a podcast, for machines.

use serde::Serialize;

use super::show::Show;
use super::{Ended, sentences};
use crate::cli::commands::run::place::shown;
use crate::cli::commands::run::plan::RunPlan;
use crate::cli::commands::run::report::Batch;
use crate::cli::ui::diagnostics::{self, ReportedDiagnostic};
use crate::output::WriteResult;
use crate::podcast::{Episode, Publication, Release};

/// The report of `nidra render`, and what became of the feed.
#[derive(Serialize)]
pub(crate) struct FeedReport {
    #[serde(flatten)]
    batch: Batch,
    feed: Feed,
}

#[derive(Serialize)]
struct Feed {
    state: State,
    file: String,
    /// Address at which it will be; nothing of a podcast that cannot be.
    address: Option<String>,
    cover: Option<String>,
    playlist: Option<String>,
    /// In the order of the tracks.
    episodes: Vec<EpisodeFile>,
    /// Losses of the listeners of the feed that was there, as sentences.
    losses: Vec<String>,
    /// Files of nidra's in the folder that are used no more.
    unused: Vec<String>,
    /// Diagnostics about the podcast as a whole.
    #[serde(rename = "findings")]
    diagnostics: Vec<ReportedDiagnostic>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Written,
    Current,
    /// It is as it was before the run, or not there.
    Left,
}

#[derive(Serialize)]
struct EpisodeFile {
    guid: String,
    title: String,
    /// In the folder of the feed.
    file: String,
    /// As long as the file is; nothing before it was published.
    bytes: Option<u64>,
    length_ms: u64,
    /// As its script has it.
    date: Option<String>,
    number: Option<u32>,
}

pub(crate) fn report(show: &Show, plan: &RunPlan, release: Option<&Release>, ended: &Ended) -> FeedReport {
    let publication = ended.publication.as_ref();
    let episodes = match publication {
        Some(publication) => publication.episodes.iter().map(|episode| file(episode, true)).collect(),
        None => release.into_iter().flat_map(Release::episodes).map(|episode| file(episode, false)).collect(),
    };
    let feed = Feed {
        state: match publication {
            None => State::Left,
            Some(Publication { written: WriteResult::New, .. }) => State::Written,
            Some(Publication { written: WriteResult::Same, .. }) => State::Current,
        },
        file: shown(&show.folder.join("feed.xml")),
        address: release.map(|release| release.address().to_owned()),
        cover: release.map(|release| shown(&release.cover_file())),
        playlist: release.map(|release| shown(&release.playlist_file())),
        episodes,
        losses: ended.losses.iter().map(sentences::sentence).collect(),
        unused: ended.unused.clone(),
        diagnostics: diagnostics::as_values(&show.found, &show.sources),
    };
    FeedReport { batch: Batch::new(plan, &ended.outcomes), feed }
}

fn file(episode: &Episode, published: bool) -> EpisodeFile {
    EpisodeFile {
        guid: episode.guid.to_string(),
        title: episode.title.clone(),
        file: episode.file.clone(),
        bytes: published.then_some(episode.bytes),
        length_ms: episode.length.0,
        date: episode.date.as_ref().map(|date| date.value.clone()),
        number: episode.number,
    }
}
