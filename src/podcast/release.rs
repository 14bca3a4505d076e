//! A podcast as a folder: the tracks of a plan become its episodes, and their true sizes its feed.
//!
//! Joins tracks, which know nothing of feeds, and the feed, which knows no files. All that a directory would refuse is
//! found by [`Release::plan`], before a track is rendered; the feed is the last file that [`Release::publish`] writes,
//! so that it never names what is not there.
#![allow(clippy::disallowed_methods, reason = "the files of a podcast's folder")]

use std::path::{Path, PathBuf};

use super::check::check;
use super::cover::{cover_name, podcast_cover};
use super::episodes;
use super::table::FEED_FILE;
use super::unused::unused;
use super::{Episode, Loss, Order, Podcast, Published, rss};
use crate::build::{Job, PLAYLIST, Project, Track, may_replace_playlist, write_playlist};
use crate::diag::{Diagnostics, SourceMap};
use crate::encode::Picture;
use crate::files::{self, ByteLimit};
use crate::output::{
    Comment, Evidence, OutputError, Overwrite, WriteResult, marked, may_replace, write_owned,
};

/// After the XML declaration, where any comment may stand (XML 1.0, section 2.8).
const XML_COMMENT: Comment = Comment { opening: "<!-- ", closing: " -->" };

/// A podcast whose episodes can be made and published in a folder.
pub struct Release {
    podcast: Podcast,
    folder: PathBuf,
    cover: Picture,
    /// In the order of the jobs; until they are made, each is one byte long.
    episodes: Vec<Episode>,
}

/// The result of publishing a release.
pub struct Publication {
    /// The feed.
    pub feed: PathBuf,
    /// The result of writing it.
    pub written: WriteResult,
    /// The episodes in the order of the jobs, as they are in the folder.
    pub episodes: Vec<Episode>,
}

impl Release {
    /// Makes episodes of the tracks of `jobs`, all with their files in `folder`. What a directory would refuse is added
    /// to `diagnostics`, with its place in `sources`: those that the podcast was read from, to which the scripts are
    /// added. `None` if there is no cover to be had.
    pub fn plan(
        podcast: &Podcast,
        project: &Project,
        folder: &Path,
        jobs: &[Job],
        sources: &mut SourceMap,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let episodes = episodes::planned(podcast, &project.root, jobs, sources);
        check(podcast, &episodes, diagnostics);
        let cover = podcast_cover(podcast, &project.root, diagnostics)?;
        Some(Self { podcast: podcast.clone(), folder: folder.to_owned(), cover, episodes })
    }

    /// The file of the feed.
    pub fn feed_file(&self) -> PathBuf {
        self.folder.join(FEED_FILE)
    }

    /// The file of the playlist.
    pub fn playlist_file(&self) -> PathBuf {
        self.folder.join(PLAYLIST)
    }

    /// The file of the podcast's cover. A new picture has a new name, because apps keep what they have.
    pub fn cover_file(&self) -> PathBuf {
        self.folder.join(cover_name(&self.cover))
    }

    /// Returns the address that the feed will have.
    pub fn address(&self) -> &str {
        self.podcast.feed.as_str()
    }

    /// The episodes as they are planned, in the order of the jobs.
    pub fn episodes(&self) -> &[Episode] {
        &self.episodes
    }

    /// Returns the losses that listeners of the feed in the folder would have. If apps took it for another podcast, all
    /// episodes would be others too, and that goes without saying.
    pub fn losses(&self) -> Vec<Loss> {
        // One that cannot be read is an obstacle, and told as such.
        let published = files::read_text(&self.feed_file(), ByteLimit::PICTURE).ok();
        let published = published.and_then(|feed| Published::read(&feed));
        let losses = published.map_or_else(Vec::new, |feed| feed.losses(&self.podcast, &self.episodes));
        match losses.first() {
            Some(moved @ Loss::Podcast(_)) => vec![moved.clone()],
            _ => losses,
        }
    }

    /// Returns an error for each file that is not nidra's and would have to be replaced.
    pub fn obstacles(&self, overwrite: Overwrite) -> Vec<OutputError> {
        let feed = may_replace(&self.feed_file(), overwrite, Evidence::Mark(XML_COMMENT));
        let playlist = may_replace_playlist(&self.playlist_file(), overwrite);
        [feed, playlist].into_iter().filter_map(Result::err).collect()
    }

    /// Files of nidra's in the folder that the podcast does not use, by their names. `jobs` are those it was planned
    /// of.
    pub fn unused(&self, jobs: &[Job]) -> Vec<String> {
        let own = [FEED_FILE.to_owned(), PLAYLIST.to_owned(), cover_name(&self.cover)];
        unused(&self.folder, jobs, own)
    }

    /// Writes cover, playlist and, at last, the feed of episodes that are all there; what is there as it should be is
    /// not touched. What is wrong with the files is added to `diagnostics`, and then nothing is written.
    ///
    /// # Errors
    /// If a track is not there, a file cannot be written, or one that is not nidra's would be replaced.
    pub fn publish(
        &self,
        jobs: &[Job],
        overwrite: Overwrite,
        diagnostics: &mut Diagnostics,
    ) -> Result<Option<Publication>, OutputError> {
        let mut made = self.episodes.clone();
        for (episode, job) in made.iter_mut().zip(jobs) {
            episode.bytes = size(job.file())?;
        }
        let mut found = Diagnostics::default();
        check(&self.podcast, &made, &mut found);
        if found.has_errors() {
            diagnostics.extend(found);
            return Ok(None);
        }
        // The name says what is in it, so a file of that name with something else in it is not nidra's.
        write_owned(&self.cover_file(), &self.cover.bytes, overwrite, Evidence::None)?;
        write_playlist(&self.playlist_file(), &self.podcast.title, &self.heard(jobs), overwrite)?;
        let text = marked(&rss(&self.podcast, &cover_name(&self.cover), &made), XML_COMMENT);
        let feed = self.feed_file();
        let written = write_owned(&feed, text.as_bytes(), overwrite, Evidence::Mark(XML_COMMENT))?;
        Ok(Some(Publication { feed, written, episodes: made }))
    }

    /// The tracks as they are heard one after the other: by number in a serial, else the oldest first; what is left
    /// open is as the scripts are.
    fn heard<'a>(&self, jobs: &'a [Job]) -> Vec<(&'a Track, &'a Path)> {
        let mut heard: Vec<_> = self.episodes.iter().zip(jobs).collect();
        heard.sort_by_key(|(episode, _)| {
            let released = (self.podcast.order == Order::Episodic).then(|| episode.released(&self.podcast));
            (released, episode.number)
        });
        heard.into_iter().map(|(_, job)| (&job.track, job.file())).collect()
    }
}

fn size(path: &Path) -> Result<u64, OutputError> {
    std::fs::metadata(path).map(|file| file.len()).map_err(|error| OutputError::io("read", path, error))
}
