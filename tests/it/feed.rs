//! A feed as others read it, made from the table that `docs/feed.md` shows.

use std::fs;
use std::path::Path;
use std::process::Command;

use nidra::build::Defaults;
use nidra::diag::{Diagnostics, SourceMap, Span, Spanned};
use nidra::document;
use nidra::podcast::{Category, Episode, Podcast, check, rss};
use nidra::units::Millis;

use crate::harness::Project;

fn page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/feed.md")).unwrap()
}

fn example() -> String {
    page().split("```toml\n").nth(1).unwrap().split("```").next().unwrap().to_owned()
}

fn podcast() -> Podcast {
    let mut found = Diagnostics::default();
    let text = example();
    let file = SourceMap::default().add("nidra.toml", text.as_str());
    let table = document::parse(file, &text, &mut found);
    let table = document::Fields::new(&table, "a project", &mut found).table("podcast").cloned();
    let podcast = Podcast::read(&Defaults { podcast: table, ..Defaults::default() }, &mut found);
    assert!(found.is_empty(), "{found:?}");
    podcast.unwrap()
}

fn episode(podcast: &Podcast, number: u32) -> Episode {
    Episode {
        place: Span::default(),
        title: format!("Rest & breathe <{}>", "x".repeat(number as usize)),
        description: Some("Lie down.\n\nStay.".into()),
        guid: podcast.guid.of_episode("scripts/rest.toml", Some(&number.to_string())),
        date: Some(Spanned::new(format!("2026-05-{number:02}"), Span::default())),
        file: format!("rest {number}.mp3"),
        bytes: 1000,
        length: Millis(90_000),
        chapters: (0..4).map(|chapter| (Millis(chapter * 20_000), format!("Part {chapter}"))).collect(),
        chapters_file: Some(format!("rest {number}.chapters.json")),
        captions_file: Some(format!("rest {number}.vtt")),
        cover_file: None,
        language: "en".into(),
        number: Some(number),
    }
}

#[test]
fn a_feed_is_well_formed_to_another_program() {
    let podcast = podcast();
    let episodes: Vec<_> = (1..=20).map(|number| episode(&podcast, number)).collect();
    let mut found = Diagnostics::default();
    check(&podcast, &episodes, &mut found);
    assert!(found.is_empty(), "{found:?}");
    let feed = rss(&podcast, "cover.jpg", &episodes);
    let project = Project::with_lines(&[]).file("feed.xml", &feed);
    match Command::new("xmllint").arg("--noout").arg(project.path("feed.xml")).output() {
        Ok(output) => {
            let complaint = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && complaint.is_empty(), "{complaint}\n{feed}");
        }
        Err(_) => crate::judges::missing("xmllint"),
    }
    assert_eq!(feed.matches("<item>").count(), 20);
}

#[test]
fn every_category_of_the_page_is_one() {
    let page = page();
    let rows = page.split("## Categories").nth(1).unwrap().lines().filter(|line| line.starts_with("| "));
    let mut count = 0;
    for row in rows.skip(2) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let subcategories = cells[2].split(", ").filter(|name| !name.is_empty());
        for name in subcategories.map(|name| format!("{} > {name}", cells[1])).chain([cells[1].to_owned()]) {
            let found = Category::parse(&name).unwrap();
            let written =
                found.subcategory.map_or(found.name.to_owned(), |inner| format!("{} > {inner}", found.name));
            assert_eq!(written, name);
            count += 1;
        }
    }
    assert_eq!(count, 110);
}

#[test]
fn a_mistake_in_the_podcast_is_found_in_nidra_toml() {
    let check = |text: &str, code: i32, says: &[&str]| {
        let project =
            Project::with_lines(&["Rest."]).file("nidra.toml", &format!("voice = \"me\"\n{text}")).file(
                "scripts/rest.toml",
                "title = \"Rest\"\n[[section]]\ntitle = \"A\"\ncues = [{ say = \"Rest.\" }]",
            );
        project.run(&["check"]).expect(code, says);
    };
    check(&example(), 0, &[]);
    let wrong = example().replace("> Fitness", "> Fitnes").replace("explicit", "explict");
    check(
        &wrong,
        3,
        &[
            "nidra.toml:9:12",
            "Apple has no category",
            "did you mean `Fitness`?",
            "unknown key `explict`",
            "did you mean `explicit`?",
        ],
    );
    check("podcast = 5", 3, &["`podcast` must be a table"]);
}
