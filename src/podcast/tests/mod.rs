//! Whole podcasts: from the table to the feed.

use super::*;
use crate::build::Defaults;
use crate::diag::{Diagnostics, SourceMap, Span, Spanned};
use crate::document;
use crate::units::Millis;

mod episodes;
mod feed;
mod table;

/// All that a podcast must say.
const MINIMAL_PODCAST: &str = r#"title = "Evening rest"
description = "Short rests for the evening."
url = "https://example.com/rest"
category = "Health & Fitness > Fitness"
explicit = false
"#;

fn read(text: &str, project: Defaults) -> (Option<Podcast>, Diagnostics) {
    let mut found = Diagnostics::default();
    let file = SourceMap::default().add("nidra.toml", text);
    let table = document::parse(file, text, &mut found);
    (Podcast::read(&Defaults { podcast: Some(table), ..project }, &mut found), found)
}

#[track_caller]
fn podcast(more: &str) -> Podcast {
    let (podcast, found) = read(&format!("{MINIMAL_PODCAST}{more}"), Defaults::default());
    assert!(found.is_empty(), "{found:?}");
    podcast.unwrap()
}

fn episode(podcast: &Podcast, name: &str) -> Episode {
    Episode {
        place: Span::default(),
        title: format!("The {name}"),
        description: None,
        guid: podcast.guid.of_episode(name, None),
        date: Some(dated("2026-05-01")),
        file: format!("{name}.mp3"),
        bytes: 1234,
        length: Millis(60_000),
        chapters: Vec::new(),
        chapters_file: None,
        captions_file: None,
        cover_file: None,
        language: "en".to_owned(),
        number: None,
    }
}

fn dated(date: &str) -> Spanned<String> {
    Spanned::new(date.to_owned(), Span::default())
}

fn chapters(all: &[(u64, &str)]) -> Vec<(Millis, String)> {
    all.iter().map(|&(at, title)| (Millis(at), title.to_owned())).collect()
}
