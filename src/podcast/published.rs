//! The contents of a feed that was made before, so that what would break for its listeners is noticed.
//!
//! Apps know podcasts and episodes by their guids. A script by another name, or a podcast at another address,
//! has other guids: listeners get every episode again, or lose those they have.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Episode, Guid, Podcast};

/// Elements in elements at most: those of feeds are four deep. `rss` calls itself for each.
const MAX_ELEMENT_DEPTH: usize = 64;

/// The guids and titles in an earlier feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// The guid of the podcast.
    pub guid: Option<Guid>,
    /// The titles of its episodes, by guid.
    pub episodes: BTreeMap<String, String>,
}

/// A loss to listeners of an earlier feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The podcast had this guid and has another one now, so that apps take it for another podcast.
    Podcast(Guid),
    /// No episode has the guid of the one that was called so.
    Episode(String),
}

impl Published {
    /// Reads an earlier feed; `None` if it is no feed.
    pub fn read(feed: &str) -> Option<Self> {
        if !is_flat(feed) {
            return None;
        }
        let channel = rss::Channel::read_from(feed.as_bytes()).ok()?;
        let written = channel.extensions.get("podcast").and_then(|elements| elements.get("guid")?.first());
        let guid = written.and_then(|element| Guid::parse(element.value.as_deref()?.trim()));
        let episodes = channel
            .items
            .into_iter()
            .filter_map(|item| Some((item.guid?.value, item.title.unwrap_or_default())));
        Some(Self { guid, episodes: episodes.collect() })
    }

    /// Returns what would be lost if the feed of these episodes came in its place.
    pub fn losses(&self, podcast: &Podcast, episodes: &[Episode]) -> Vec<Loss> {
        let moved = self.guid.filter(|guid| *guid != podcast.guid).map(Loss::Podcast);
        let guids: BTreeSet<String> = episodes.iter().map(|episode| episode.guid.to_string()).collect();
        let gone = self.episodes.iter().filter(|(guid, _)| !guids.contains(*guid));
        moved.into_iter().chain(gone.map(|(_, title)| Loss::Episode(title.clone()))).collect()
    }
}

/// True if its elements are nested no deeper than those of a feed may be.
fn is_flat(feed: &str) -> bool {
    let mut reader = Reader::from_str(feed);
    let mut depth: usize = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
        if depth > MAX_ELEMENT_DEPTH {
            return false;
        }
    }
}
