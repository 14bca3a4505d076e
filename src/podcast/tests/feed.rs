//! The text of a feed, and what an XML reader that is not ours finds in it.

use proptest::prelude::*;
use roxmltree::{Document, Node};

use super::*;
use crate::text::one_line;

fn full() -> (Podcast, Vec<Episode>) {
    let podcast = podcast(
        r#"
            link = "https://example.com/?a=1&b=2"
            language = "en-GB"
            author = "A teacher & friends"
            email = "me@example.com"
            type = "serial"
            medium = "course"
            copyright = "2026 A teacher"
            complete = true
            block = true
            funding = { url = "https://example.com/give", text = "Support the show" }
        "#,
    );
    let whole = Episode {
        title: "Rest \u{2013} \u{fc}ber <all>".into(),
        description: Some("A short rest & nothing else.\n\nLie down ]]> here.".into()),
        length: Millis(600_499),
        chapters: chapters(&[(0, "Arrive"), (30_500, "Rest & breathe"), (570_000, "Close")]),
        chapters_file: Some("rest.chapters.json".into()),
        captions_file: Some("rest.vtt".into()),
        cover_file: Some("rest.jpg".into()),
        number: Some(2),
        ..episode(&podcast, "rest")
    };
    let plain = Episode {
        number: Some(1),
        date: Some(dated("2026-04-24 07:30+02:00")),
        ..episode(&podcast, "sit down")
    };
    (podcast, vec![plain, whole])
}

#[test]
fn a_feed_is_this() {
    let (podcast, episodes) = full();
    let feed = rss(&podcast, "cover.jpg", &episodes);
    assert_eq!(feed, include_str!("feed.xml"), "{feed}");
}

#[test]
fn what_is_not_said_is_not_in_the_feed() {
    let check = |more: &str, has: &[&str], has_not: &[&str]| {
        let podcast = podcast(more);
        let feed = rss(&podcast, "cover.jpg", &[episode(&podcast, "rest")]);
        assert!(has.iter().all(|text| feed.contains(text)), "{feed}");
        assert!(!has_not.iter().any(|text| feed.contains(text)), "{feed}");
    };
    let optional =
        ["block", "complete", "funding", "owner", "author", "copyright", "itunes:episode>", "lastBuild"];
    check("", &["<itunes:type>episodic<", "<podcast:medium>podcast<"], &optional);
    check("locked = false\nmedium = \"music\"", &["<podcast:medium>music<"], &["podcast:locked"]);
    let email = "email = \"me@example.com\"";
    check(email, &["<podcast:locked owner=\"me@example.com\">yes</podcast:locked>"], &[]);
    check(&format!("{email}\nlocked = false"), &[">no</podcast:locked>"], &[]);
}

#[test]
fn a_length_is_whole_seconds_to_the_nearest_and_never_none() {
    let podcast = podcast("");
    for (length, seconds) in [(1, 1), (499, 1), (1_499, 1), (1_500, 2), (599_499, 599), (36_000_000, 36_000)]
    {
        let feed =
            rss(&podcast, "cover.jpg", &[Episode { length: Millis(length), ..episode(&podcast, "rest") }]);
        assert!(feed.contains(&format!("<itunes:duration>{seconds}</itunes:duration>")), "{length}\n{feed}");
    }
}

#[test]
fn a_podcast_for_some_says_so_of_every_episode() {
    let (podcast, found) = read(&MINIMAL_PODCAST.replace("false", "true"), Defaults::default());
    assert!(found.is_empty());
    let podcast = podcast.unwrap();
    let feed = rss(&podcast, "cover.jpg", &[episode(&podcast, "rest")]);
    assert_eq!(feed.matches("<itunes:explicit>true</itunes:explicit>").count(), 2);
}

#[test]
fn the_order_of_the_episodes_given_does_not_matter() {
    let (podcast, mut episodes) = full();
    episodes.extend(["b", "a"].map(|name| episode(&podcast, name)));
    episodes.push(Episode { date: None, ..episode(&podcast, "undated") });
    episodes.push(Episode { number: Some(3), ..episode(&podcast, "third") });
    let feed = rss(&podcast, "cover.jpg", &episodes);
    episodes.reverse();
    assert_eq!(rss(&podcast, "cover.jpg", &episodes), feed);
    let document = Document::parse(&feed).unwrap();
    let titles: Vec<_> = children(&document, "item").map(|item| text(item, "title")).collect();
    let expected =
        ["The third", "Rest \u{2013} \u{fc}ber <all>", "The a", "The b", "The sit down", "The undated"];
    assert_eq!(titles, expected);
}

fn children<'a>(document: &'a Document<'_>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    let channel = document.descendants().find(|node| node.has_tag_name("channel")).unwrap();
    channel.children().filter(move |node| node.has_tag_name(name))
}

fn text(item: Node<'_, '_>, name: &str) -> String {
    let found = item.children().find(|node| node.tag_name().name() == name);
    found.map_or_else(String::new, |node| node.children().filter_map(|text| text.text()).collect())
}

proptest! {
    #[test]
    fn whatever_the_texts_are_the_feed_is_xml_that_says_them(
        title in any::<String>(),
        description in any::<String>(),
        file in "[ -~]{1,20}",
        chapter in any::<String>(),
        length in 0u64..100_000_000,
    ) {
        let podcast = podcast("");
        let episode = Episode {
            title: title.clone(),
            description: Some(description),
            length: Millis(length),
            chapters: chapters(&[(0, "A"), (1000, &chapter), (2000, "C"), (3000, "D")]),
            chapters_file: Some(file.clone()),
            captions_file: Some(file),
            ..episode(&podcast, "rest")
        };
        let feed = rss(&podcast, "cover.jpg", &[episode]);
        let document = Document::parse(&feed).unwrap();
        let item = children(&document, "item").next().unwrap();
        prop_assert_eq!(text(item, "title"), one_line(&title));
        let seconds: u64 = text(item, "duration").parse().unwrap();
        prop_assert!(seconds.abs_diff(length / 1000) <= 1);
        // What is inside the description is a document, too.
        let notes = format!("<body>{}</body>", text(item, "description"));
        prop_assert!(Document::parse(&notes).is_ok(), "{}", notes);
        for url in item.descendants().filter_map(|node| node.attribute("url")) {
            prop_assert!(Address::parse(url).is_ok(), "{}", url);
        }
    }
}
