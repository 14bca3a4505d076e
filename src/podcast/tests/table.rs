//! What `[podcast]` says, and what is wrong with it.

use proptest::prelude::*;

use super::*;

fn hints(diagnostic: &crate::diag::Diagnostic) -> String {
    diagnostic.hints.iter().map(|hint| hint.text.as_str()).collect::<Vec<_>>().join("; ")
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let (_, found) = read(text, Defaults::default());
    let said: Vec<String> = found
        .sorted(&SourceMap::default())
        .iter()
        .map(|d| format!("{} {} [{}] {}", d.span.start, d.id, d.message, hints(d)))
        .collect();
    assert_eq!(said.len(), expected.len(), "{text}\n{said:#?}");
    for (said, expected) in said.iter().zip(expected) {
        assert!(expected.split(" .. ").all(|part| said.contains(part)), "{text}\n{said}\nis not\n{expected}");
    }
}

#[test]
fn a_podcast_says_five_things_and_the_rest_follows() {
    let podcast = podcast("");
    assert_eq!(podcast.folder.as_str(), "https://example.com/rest/");
    assert_eq!(podcast.link.as_str(), "https://example.com/rest/");
    assert_eq!(podcast.feed.as_str(), "https://example.com/rest/feed.xml");
    assert_eq!(podcast.guid, Guid::of_feed(&podcast.feed));
    assert_eq!((podcast.language.as_str(), podcast.author, podcast.owner), ("en", None, None));
    assert_eq!(
        (podcast.order, podcast.medium, podcast.lock),
        (Order::Episodic, Medium::Podcast, Lock::Locked)
    );
    assert_eq!((podcast.listing, podcast.completion), (Listing::Listed, Completion::Ongoing));
}

#[test]
fn a_project_s_language_author_and_cover_are_its_podcast_s() {
    let written = |text: &str| Spanned::new(text.to_owned(), Span::default());
    let project = || {
        let [language, author, cover] = ["de", "A teacher", "cover.jpg"].map(|text| Some(written(text)));
        Defaults { language, author, cover, ..Defaults::default() }
    };
    let check = |more: &str, expected: (&str, &str, Option<&str>)| {
        let (podcast, found) = read(&format!("{MINIMAL_PODCAST}{more}"), project());
        assert!(found.is_empty(), "{found:?}");
        let podcast = podcast.unwrap();
        let cover = podcast.cover.as_ref().map(|cover| cover.value.as_str());
        assert_eq!((podcast.language.as_str(), podcast.author.as_deref().unwrap(), cover), expected);
    };
    check("email = \"me@example.com\"", ("de", "A teacher", Some("cover.jpg")));
    check("language = \"en-GB\"\nauthor = \"Me\"\ncover = \"my.png\"", ("en-gb", "Me", Some("my.png")));
    let (podcast, found) = read(MINIMAL_PODCAST, Defaults { cover: Some(written("none")), ..project() });
    assert!(found.is_empty() && podcast.unwrap().cover.is_none());
    let (podcast, found) =
        read(MINIMAL_PODCAST, Defaults { language: Some(written("English")), ..project() });
    assert!(podcast.is_none() && found.has_errors());
}

#[test]
fn all_that_is_missing_is_said_at_once() {
    check(
        "",
        &[
            "missing-key .. a podcast needs `title` .. add `title = \"Evening rest\"`",
            "a podcast needs `description`",
            "a podcast needs `url` .. add `url = \"https://example.com/podcast/\"",
            "a podcast needs `category` .. add `category = \"Health & Fitness > Fitness\"`",
            "a podcast needs `explicit` .. add `explicit = false`",
        ],
    );
}

#[test]
fn every_mistake_is_found_at_its_place() {
    let long = "x".repeat(4001);
    let text = format!("title = \"{}\"\ndescription = \"{long}\"\n", "x".repeat(256));
    check(
        &format!("{text}url = \"example.com\"\ncategory = [\"Yoga\", \"Fitnes\"]\nexplicit = \"no\"\n"),
        &[
            "8 long-text .. `title` has 256 characters, and directories take 255",
            "281 long-text .. `description` has 4001 bytes, and directories take 4000",
            "malformed .. write `https://example.com`",
            "unknown-name .. Apple has no category `Yoga`",
            "unknown-name .. did you mean `Fitness`?",
            "wrong-type .. `explicit` must be true or false, not a string",
        ],
    );
    let more = |more: &str, expected: &[&str]| check(&format!("{MINIMAL_PODCAST}{more}"), expected);
    more("lnk = \"https://example.com\"", &["unknown-key .. `lnk` in a podcast .. did you mean `link`?"]);
    more("language = \"german\"", &["unknown-name .. `german` is no language code .. write `de`"]);
    more("type = \"serials\"", &["unknown-name .. unknown type `serials` .. did you mean `serial`?"]);
    more("medium = \"video\"", &["unknown-name .. write one of: podcast, course, music, audiobook"]);
    more("guid = \"5\"", &["malformed .. `5` is no guid .. copy `podcast:guid`"]);
    more("date = \"May\"", &["malformed .. `May` is no day .. write `date = \"2026-05-01\"`"]);
    more("author = \" \"", &["empty-text .. `author` says nothing"]);
    more("cover = \"none\"", &["missing-cover .. leave `cover` out to have one drawn"]);
    more("owner = \"Me\"", &["missing-key .. add `email = \"me@example.com\"`"]);
    more("funding = { url = \"https://a.b/\" }", &["missing-key .. funding needs `text`"]);
    more("link = \"https://example.com/a b\"", &["malformed .. write `https://example.com/a%20b`"]);
    more("link = \"http://example.com/\"", &["plain-http .. write `https://example.com/`, if the server"]);
}

#[test]
fn what_is_no_podcast_has_a_diagnostic() {
    let keys = "title description url category explicit feed link language author owner email type medium locked \
        block complete cover copyright guid funding date scripts";
    let values =
        ["5", "true", "[]", "[5]", "{}", "\"\"", "\" \"", "\"none\"", "\"https://a.b\"", "2026-05-01"];
    for key in keys.split_whitespace() {
        for value in values {
            let other: String = MINIMAL_PODCAST
                .lines()
                .filter(|line| !line.starts_with(key))
                .fold(String::new(), |text, line| text + line + "\n");
            let (podcast, found) = read(&format!("{other}{key} = {value}"), Defaults::default());
            assert!(podcast.is_some() || found.has_errors(), "{key} = {value}");
            let unknown = found.iter().any(|diagnostic| diagnostic.id == "unknown-key");
            assert!(!unknown, "{key}");
        }
    }
}

#[test]
fn a_mail_address_stands_alone() {
    for email in
        ["me", "me@", "@b.c", "me@localhost", "me@b..c", "Me <me@b.c>", "m\u{fc}@b.c", "a@b@c.d", "me @b.c"]
    {
        check(&format!("{MINIMAL_PODCAST}email = \"{email}\""), &["malformed .. write it alone"]);
    }
    let owner = podcast("owner = \"Me\"\nemail = \" me+pod@mail.example.com \"").owner.unwrap();
    assert_eq!((owner.name.as_deref(), owner.email.as_str()), (Some("Me"), "me+pod@mail.example.com"));
}

#[test]
fn a_date_may_stand_without_quotes() {
    for date in ["2026-05-01", "\"2026-05-01\"", "2026-05-01T12:00:00Z", "2026-05-01T14:00:00.5+02:00"] {
        let released = podcast(&format!("date = {date}")).date.unwrap();
        assert_eq!(released.rfc2822().len(), "Fri, 1 May 2026 12:00:00 +0000".len(), "{date}");
    }
}

proptest! {
    #[test]
    fn whatever_is_typed_is_read_or_refused(text in "\\PC{0,12}", date in "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]?\\PC{0,9}") {
        if let Ok(address) = Address::folder(&format!("https://{text}")) {
            prop_assert!(address.as_str().is_ascii() && address.as_str().ends_with('/'));
        }
        if let Err(AddressFault::Unsafe(Some(better))) = Address::parse(&format!("https://example.com/{text}")) {
            prop_assert!(Address::parse(&better).is_ok(), "{}", better);
        }
        if let Some(released) = Released::read(&date) {
            // RFC 2822 has the day and the year as they were written, whatever the offset.
            let (year, day) = (&date[..4], date[8..10].trim_start_matches('0'));
            let written = released.rfc2822();
            prop_assert!(written.contains(year) && written.contains(&format!(", {day} ")), "{}: {}", date, written);
        }
        prop_assert!(Category::parse(&text).is_ok() || !Category::parse(&text).unwrap_err().hint.is_empty());
    }
}
