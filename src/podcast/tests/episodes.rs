//! What a directory would refuse of episodes, and what listeners of an earlier feed would lose.

use super::*;
use crate::diag::Severity;

#[track_caller]
fn diagnostics(podcast: &Podcast, episodes: &[Episode], expected: &[(Severity, &str)]) {
    let mut found = Diagnostics::default();
    super::check(podcast, episodes, &mut found);
    let said: Vec<_> = found.iter().map(|d| (d.severity, d.id)).collect();
    assert_eq!(said, expected, "{found:?}");
}

#[test]
fn an_episode_without_faults_has_no_diagnostic() {
    let podcast = podcast("");
    diagnostics(&podcast, &[episode(&podcast, "rest"), episode(&podcast, "sleep")], &[]);
}

#[test]
fn what_apple_refuses_of_an_episode_is_refused() {
    use Severity::{Error, Warning};
    let show = podcast("");
    let one = |change: fn(&mut Episode), expected: &[(Severity, &str)]| {
        let mut episode = episode(&show, "rest");
        change(&mut episode);
        diagnostics(&show, &[episode], expected);
    };
    diagnostics(&show, &[], &[(Error, "no-episodes")]);
    one(|episode| episode.title = " \n".into(), &[(Error, "empty-text")]);
    one(|episode| episode.title = "\u{fc}".repeat(256), &[(Error, "long-text")]);
    one(|episode| episode.title = "\u{fc}".repeat(255), &[]);
    one(|episode| episode.title = "Episode 5: Rest".into(), &[(Warning, "number-in-title")]);
    one(|episode| episode.description = Some("x".repeat(4001)), &[(Error, "long-text")]);
    one(
        |episode| {
            episode.description = Some("x".repeat(3980));
            episode.chapters = chapters(&[(0, "A"), (1000, "B"), (2000, "C")]);
        },
        &[(Warning, "no-room-for-chapters")],
    );
    one(|episode| episode.date = None, &[(Error, "undated-episode")]);
    one(|episode| episode.date = Some(dated("2026")), &[(Error, "malformed")]);
    one(|episode| episode.bytes = 0, &[(Error, "unfit-audio")]);
    one(|episode| episode.length = Millis::ZERO, &[(Error, "unfit-audio")]);
}

#[test]
fn a_library_without_dates_is_one_diagnostic() {
    use Severity::Error;
    let check = |podcast: &Podcast, count: usize, expected: &[(Severity, &str)]| {
        let names: Vec<String> = (0..count).map(|number| number.to_string()).collect();
        let undated = names.iter().map(|name| Episode { date: None, ..episode(podcast, name) });
        diagnostics(podcast, &undated.collect::<Vec<_>>(), expected);
    };
    check(&podcast(""), 3, &[(Error, "undated-episode"); 3]);
    check(&podcast(""), 300, &[(Error, "undated-episode")]);
    check(&podcast("date = 2026-05-01"), 300, &[]);
}

#[test]
fn a_serial_is_heard_by_number() {
    use Severity::{Error, Warning};
    let (serial, episodic) = (podcast("type = \"serial\""), podcast(""));
    let numbered = |name: &str, number| Episode { number: Some(number), ..episode(&serial, name) };
    diagnostics(&serial, &[episode(&serial, "rest")], &[(Error, "unnumbered-episode")]);
    diagnostics(&serial, &[numbered("a", 1), numbered("b", 2)], &[]);
    let twice = [numbered("a", 1), numbered("b", 1)];
    diagnostics(&serial, &twice, &[(Error, "same-number")]);
    // Of one place, they are editions of one script.
    diagnostics(&episodic, &twice, &[]);
    let [a, b] = twice;
    let file = SourceMap::default().add("b.toml", "title = \"B\"");
    let twice = [a, Episode { place: Span::new(file, 8..11), ..b }];
    diagnostics(&serial, &twice, &[(Error, "same-number")]);
    diagnostics(&episodic, &twice, &[(Warning, "same-number")]);
}

#[test]
fn no_two_episodes_are_the_same() {
    use Severity::Error;
    let podcast = podcast("");
    let (a, b) = (episode(&podcast, "a"), episode(&podcast, "b"));
    diagnostics(&podcast, &[a.clone(), Episode { guid: a.guid, ..b.clone() }], &[(Error, "same-episode")]);
    diagnostics(&podcast, &[a, Episode { file: "A.mp3".into(), ..b }], &[(Error, "same-episode")]);
}

#[test]
fn the_date_of_the_podcast_stands_in_and_keeps_the_order_of_numbers() {
    let podcast = podcast("date = 2026-05-01");
    let written = |date: Option<&str>, number| {
        let date = date.map(dated);
        Episode { date, number, ..episode(&podcast, "a") }.released(&podcast).map(Released::rfc2822)
    };
    assert_eq!(written(None, None).as_deref(), Some("Fri, 1 May 2026 12:00:00 +0000"));
    assert_eq!(written(None, Some(1)), written(None, None));
    assert_eq!(written(None, Some(3)).as_deref(), Some("Fri, 1 May 2026 12:02:00 +0000"));
    assert_eq!(written(Some("2026-06-01"), Some(3)).as_deref(), Some("Mon, 1 Jun 2026 12:00:00 +0000"));
    assert_eq!(written(Some("June"), Some(3)), None);
}

#[test]
fn what_listeners_would_lose_is_noticed() {
    let before = podcast("");
    let episodes = ["a", "b"].map(|name| episode(&before, name));
    let published = Published::read(&rss(&before, "cover.jpg", &episodes)).unwrap();
    assert_eq!((published.guid, published.episodes.len()), (Some(before.guid), 2));
    assert_eq!(published.losses(&before, &episodes), []);
    let retitled = Episode { title: "Other".into(), length: Millis(5), ..episodes[0].clone() };
    let added = episode(&before, "c");
    assert_eq!(published.losses(&before, &[retitled, episodes[1].clone(), added]), []);
    assert_eq!(published.losses(&before, &episodes[..1]), [Loss::Episode("The b".into())]);
    let moved = podcast("feed = \"https://example.org/feed.xml\"");
    assert_eq!(published.losses(&moved, &episodes), [Loss::Podcast(before.guid)]);
    let moved_well = podcast(&format!("feed = \"https://example.org/feed.xml\"\nguid = \"{}\"", before.guid));
    assert_eq!(published.losses(&moved_well, &episodes), []);
    assert_eq!(Published::read("<html></html>"), None);
    assert_eq!(Published::read(""), None);
    let nested = |deep: usize| {
        let open = "<a:a>".repeat(deep) + &"</a:a>".repeat(deep);
        format!("<rss version=\"2.0\" xmlns:a=\"urn:a\"><channel><title>t</title>{open}</channel></rss>")
    };
    assert!(Published::read(&nested(20)).is_some());
    assert_eq!(Published::read(&nested(100_000)), None);
}
