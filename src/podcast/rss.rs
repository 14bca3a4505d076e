//! The feed: RSS 2.0 with the tags of Apple (`itunes`), Atom (`atom:link`) and Podcasting 2.0 (`podcast`).
//!
//! The only home of the `rss` crate. There is no `lastBuildDate`, as there is no clock: the feed is as young
//! as its youngest episode.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rss::extension::itunes::{ITunesCategory, ITunesChannelExtension, ITunesItemExtension, ITunesOwner};
use rss::extension::{Extension, ExtensionMap};
use rss::{Channel, Enclosure, Image, Item};

use super::category::Category;
use super::kinds::{Completion, Listing, Lock};
use super::notes::notes;
use super::{Episode, Podcast};
use crate::text::one_line;
use crate::units::div_nearest;

/// The namespaces, letter for letter: apps compare them.
const NAMESPACES: [(&str, &str); 3] = [
    ("atom", "http://www.w3.org/2005/Atom"),
    ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
    ("podcast", "https://podcastindex.org/namespace/1.0"),
];

/// The media type of MP3 (RFC 3003).
const MP3_MEDIA_TYPE: &str = "audio/mpeg";

/// The program that made a feed, by which nidra knows its own.
pub(super) const GENERATOR: &str = env!("CARGO_PKG_NAME");

/// The text of the feed, UTF-8. `cover_file` is the name of the podcast's picture in the folder.
///
/// Episodes stand newest first, then those without a date; at one instant the later number comes
/// first, then the name of the file decides. Equal podcasts and episodes, in any order, give equal texts.
pub fn rss(podcast: &Podcast, cover_file: &str, episodes: &[Episode]) -> String {
    let mut sorted: Vec<&Episode> = episodes.iter().collect();
    sorted.sort_by_key(|episode| {
        (Reverse((episode.released(podcast), episode.number)), &episode.file, episode.guid)
    });
    let cover = podcast.folder.file(cover_file).to_string();
    let newest = sorted.iter().find_map(|episode| episode.released(podcast));
    let channel = Channel {
        title: podcast.title.clone(),
        link: podcast.link.to_string(),
        description: podcast.description.clone(),
        language: Some(podcast.language.clone()),
        copyright: podcast.copyright.clone(),
        pub_date: newest.map(|newest| newest.rfc2822()),
        generator: Some(GENERATOR.to_owned()),
        image: Some(Image {
            url: cover.clone(),
            title: podcast.title.clone(),
            link: podcast.link.to_string(),
            ..Image::default()
        }),
        items: sorted.into_iter().map(|episode| item(podcast, episode)).collect(),
        extensions: extensions(channel_elements(podcast)),
        itunes_ext: Some(itunes_channel(podcast, cover)),
        namespaces: NAMESPACES.map(|(prefix, name)| (prefix.to_owned(), name.to_owned())).into(),
        ..Channel::default()
    };
    let bytes = channel.pretty_write_to(Vec::new(), b' ', 2).expect("a vector takes all that is written");
    let mut text = String::from_utf8(bytes).expect("the feed is made of texts");
    text.push('\n');
    text
}

fn itunes_channel(podcast: &Podcast, cover: String) -> ITunesChannelExtension {
    let yes = |holds: bool| holds.then(|| "Yes".to_owned());
    let owner = podcast.owner.clone();
    ITunesChannelExtension {
        author: podcast.author.clone(),
        block: yes(podcast.listing == Listing::Hidden),
        categories: podcast.categories.iter().map(itunes_category).collect(),
        image: Some(cover),
        explicit: Some(podcast.advisory.name().to_owned()),
        complete: yes(podcast.completion == Completion::Complete),
        owner: owner.map(|owner| ITunesOwner { name: owner.name, email: Some(owner.email) }),
        r#type: Some(podcast.order.name().to_owned()),
        ..ITunesChannelExtension::default()
    }
}

fn itunes_category(category: &Category) -> ITunesCategory {
    let named = |name: &str| ITunesCategory { text: name.to_owned(), subcategory: None };
    let subcategory = category.subcategory.map(|name| Box::new(named(name)));
    ITunesCategory { subcategory, ..named(category.name) }
}

/// Returns the elements that have no place of their own in the `rss` crate.
fn channel_elements(podcast: &Podcast) -> Vec<Extension> {
    let feed = podcast.feed.as_str();
    let mut elements = vec![
        element("atom:link", "", &[("href", feed), ("rel", "self"), ("type", "application/rss+xml")]),
        element("podcast:guid", &podcast.guid.to_string(), &[]),
        element("podcast:medium", podcast.medium.name(), &[]),
    ];
    // A host that wants to take it over must be able to ask the owner; without an address apps drop the lock.
    if let Some(owner) = &podcast.owner {
        let locked = if podcast.lock == Lock::Locked { "yes" } else { "no" };
        elements.push(element("podcast:locked", locked, &[("owner", owner.email.as_str())]));
    }
    if podcast.listing == Listing::Hidden {
        elements.push(element("podcast:block", "yes", &[]));
    }
    if let Some(funding) = &podcast.funding {
        elements.push(element("podcast:funding", &funding.text, &[("url", funding.page.as_str())]));
    }
    elements
}

fn item(podcast: &Podcast, episode: &Episode) -> Item {
    let address = |name: &String| podcast.folder.file(name).to_string();
    let number = |number: Option<u32>| number.map(|number| number.to_string());
    let (notes, _) = notes(episode.description.as_deref(), &episode.chapters);
    Item {
        title: Some(one_line(&episode.title)),
        description: (!notes.is_empty()).then_some(notes),
        enclosure: Some(Enclosure {
            url: address(&episode.file),
            length: episode.bytes.to_string(),
            mime_type: MP3_MEDIA_TYPE.to_owned(),
        }),
        guid: Some(rss::Guid { value: episode.guid.to_string(), permalink: false }),
        pub_date: episode.released(podcast).map(|released| released.rfc2822()),
        itunes_ext: Some(ITunesItemExtension {
            image: episode.cover_file.as_ref().map(address),
            // Nothing is shorter than a second to a player.
            duration: Some(div_nearest(episode.length.0, 1000).max(1).to_string()),
            explicit: Some(podcast.advisory.name().to_owned()),
            episode: number(episode.number),
            episode_type: Some("full".to_owned()),
            ..ITunesItemExtension::default()
        }),
        extensions: extensions(item_elements(podcast, episode)),
        ..Item::default()
    }
}

fn item_elements(podcast: &Podcast, episode: &Episode) -> Vec<Extension> {
    let address = |name: &String| podcast.folder.file(name).to_string();
    let chapters = episode.chapters_file.as_ref().map(|name| {
        element("podcast:chapters", "", &[("url", &address(name)), ("type", "application/json+chapters")])
    });
    let captions = episode.captions_file.as_ref().map(|name| {
        let language = episode.language.as_str();
        let url = address(name);
        let attributes =
            [("url", url.as_str()), ("type", "text/vtt"), ("language", language), ("rel", "captions")];
        element("podcast:transcript", "", &attributes)
    });
    chapters.into_iter().chain(captions).collect()
}

fn element(name: &str, text: &str, attributes: &[(&str, &str)]) -> Extension {
    Extension {
        name: name.to_owned(),
        // An empty text keeps the line end of the indenting out of an element that holds nothing.
        value: Some(text.to_owned()),
        attrs: attributes.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect(),
        children: BTreeMap::new(),
    }
}

/// Elements as the `rss` crate keeps them: by prefix, then by name.
fn extensions(elements: Vec<Extension>) -> ExtensionMap {
    let mut map = ExtensionMap::new();
    for element in elements {
        let (prefix, name) = element.name.split_once(':').expect("every element here has a prefix");
        let (prefix, name) = (prefix.to_owned(), name.to_owned());
        map.entry(prefix).or_default().entry(name).or_default().push(element);
    }
    map
}
