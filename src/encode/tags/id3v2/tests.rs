//! Tags read by the crate `id3`.

use ::id3::TagLike;
use proptest::prelude::*;

use super::super::tests::{full, marker, picture, tagged};
use super::super::{Marker, Tags};
use super::*;

fn read(bytes: &[u8]) -> ::id3::Tag {
    ::id3::Tag::read_from2(std::io::Cursor::new(bytes)).unwrap()
}

/// The crate takes a slash for the end of a value, and gives a zero for it.
fn words(tag: &::id3::Tag, id: &str) -> Option<String> {
    Some(tag.get(id)?.content().text()?.replace('\0', "/"))
}

/// The chapters as a reader finds them: their order in the file, milliseconds and titles.
fn chapters(tag: &::id3::Tag) -> Vec<(u32, u32, String)> {
    let title =
        |chapter: &::id3::frame::Chapter| chapter.frames[0].content().text().unwrap().replace('\0', "/");
    tag.chapters().map(|chapter| (chapter.start_time, chapter.end_time, title(chapter))).collect()
}

#[test]
fn frames_come_in_order_each_with_the_oldest_encoding_that_holds_it() {
    let bytes = id3v2(&full());
    let order: Vec<String> = read(&bytes).frames().map(|frame| frame.id().to_owned()).collect();
    let expected = "TIT2 TPE1 TALB TRCK TCON TYER TDAT TLAN TLEN TSSE TXXX COMM CTOC CHAP CHAP APIC";
    assert_eq!(order.join(" "), expected);
    // ISO-8859-1, but UTF-16 for the dash in the title. The byte of the encoding follows the header of a frame.
    let encoding = |id: &str| {
        let at = bytes.windows(4).position(|window| window == id.as_bytes()).unwrap();
        bytes[at + 10]
    };
    let latin1 = expected.split(' ').filter(|id| !matches!(*id, "CTOC" | "CHAP") && encoding(id) == 0);
    assert_eq!(latin1.count(), 12);
    assert_eq!(encoding("TIT2"), 1);
}

#[test]
fn everything_that_is_said_is_read_back() {
    let tag = read(&id3v2(&full()));
    assert_eq!(tag.version(), ::id3::Version::Id3v23);
    let said =
        ["TIT2", "TPE1", "TALB", "TRCK", "TCON", "TYER", "TDAT", "TLAN", "TLEN"].map(|id| words(&tag, id));
    let expected =
        ["Legs up the wall – über", "Mira", "Evenings", "7", "Meditation", "2026", "0105", "eng", "60000"];
    assert_eq!(said, expected.map(|words| Some(words.to_owned())));
    let comment = tag.comments().next().unwrap();
    assert_eq!((comment.lang.as_str(), comment.description.as_str()), ("eng", ""));
    assert_eq!(comment.text, "Lie down.\nRest.");
    let own = tag.extended_texts().next().unwrap();
    assert_eq!((own.description.as_str(), own.value.as_str()), ("NIDRA", "nidra 0.1.0 script=abc"));
    let cover = tag.pictures().next().unwrap();
    assert_eq!(
        (cover.mime_type.as_str(), cover.picture_type),
        ("image/jpeg", ::id3::frame::PictureType::CoverFront)
    );
    assert_eq!(cover.data, vec![0xff; 40]);
    assert_eq!(chapters(&tag), [(0, 12_500, "Settle".to_owned()), (12_500, 60_000, "विश्राम 🧘".to_owned())]);
    assert!(tag.chapters().all(|chapter| (chapter.start_offset, chapter.end_offset) == (u32::MAX, u32::MAX)));
}

#[test]
fn a_genre_that_looks_like_a_number_of_id3v1_stays_words() {
    let tags = Tags { genre: Some("(sleep)".to_owned()), ..full() };
    assert_eq!(words(&read(&id3v2(&tags)), "TCON").unwrap(), "((sleep)");
}

#[test]
fn more_than_255_chapters_are_listed_in_tables_of_their_own() {
    #[track_caller]
    fn check(count: u64, tables: &[usize]) {
        let all: Vec<Marker> = (0..count).map(|i| marker(i * 7, i * 7 + 5, &format!("Breath {i}"))).collect();
        let bytes = id3v2(&tagged(count * 7, all));
        let tag = read(&bytes);
        let found: Vec<usize> = tag.tables_of_contents().map(|table| table.elements.len()).collect();
        assert_eq!(found, tables);
        assert_eq!(tag.tables_of_contents().filter(|table| table.top_level).count(), tables.len().min(1));
        assert!(tag.tables_of_contents().all(|table| table.ordered));
        let expected: Vec<(u32, u32, String)> =
            (0..count as u32).map(|i| (i * 7, i * 7 + 5, format!("Breath {i}"))).collect();
        assert_eq!(chapters(&tag), expected);
    }
    check(0, &[]);
    check(1, &[1]);
    check(255, &[255]);
    check(256, &[2, 255, 1]);
    check(600, &[3, 255, 255, 90]);
}

#[test]
fn a_large_cover_and_a_long_comment_have_true_sizes() {
    let tags = Tags { comment: Some("ॐ".repeat(300_000)), cover: Some(picture(500_000)), ..full() };
    let written = id3v2(&tags);
    assert!(written[6..10].iter().all(|byte| *byte < 0x80) && written.len() > 1_100_000);
    let tag = read(&written);
    assert_eq!(tag.comments().next().unwrap().text.chars().count(), 300_000);
    assert_eq!(tag.pictures().next().unwrap().data, vec![0xff; 500_000]);
}

#[test]
fn a_date_is_a_year_or_a_day() {
    assert_eq!(year_and_day("2026"), Some(("2026", None)));
    assert_eq!(year_and_day("2026-05"), Some(("2026", None)));
    assert_eq!(year_and_day("2026-05-01"), Some(("2026", Some(("05", "01")))));
    assert_eq!(year_and_day("May 2026"), None);
    assert_eq!(year_and_day(""), None);
}

fn any_text() -> impl Strategy<Value = String> {
    let latin1 = prop::char::range('\0', '\u{ff}');
    let either = prop_oneof![prop::char::any().boxed(), latin1.boxed()];
    prop_oneof![
        prop::collection::vec(either, 0..20).prop_map(|chars| chars.into_iter().collect()),
        prop::collection::vec(prop::char::range('\0', '\u{ff}'), 0..20)
            .prop_map(|chars| chars.into_iter().collect::<String>())
    ]
}

fn any_tags() -> impl Strategy<Value = Tags> {
    let texts = (any_text(), prop::option::of(any_text()), prop::option::of(any_text()), any_text());
    let stretches = prop::collection::vec((0u64..3000, 1u64..100_000, any_text()), 0..40);
    (texts, stretches, prop::option::of(any::<u32>()), 8000u32..200_000).prop_map(
        |((title, artist, comment, provenance), stretches, track, hz)| {
            let mut at = 0;
            let mut chapters = Vec::new();
            for (gap, length, title) in stretches {
                // A millisecond at least, whatever the rate.
                let start = at + gap;
                at = start + length + u64::from(hz) / 500;
                chapters.push(marker(start, at, &format!("T{title}")));
            }
            let mut tags = tagged(at, chapters);
            tags.rate = crate::units::SampleRate::new(hz).unwrap();
            Tags { title, artist, comment, provenance, track, ..tags }
        },
    )
}

proptest! {
    #[test]
    fn any_tags_are_read_back(tags in any_tags()) {
        let bytes = id3v2(&tags);
        let tag = read(&bytes);
        let artist = tags.artist.as_deref().map(one_line);
        prop_assert_eq!(words(&tag, "TIT2").unwrap_or_default(), one_line(&tags.title));
        prop_assert_eq!(words(&tag, "TPE1"), artist);
        prop_assert_eq!(tag.track(), tags.track);
        let own = tag.extended_texts().next().unwrap();
        prop_assert_eq!(&own.value, &plain(&tags.provenance));
        let comment = tag.comments().next().map(|comment| comment.text.clone());
        prop_assert_eq!(comment, tags.comment.as_deref().map(plain));
        let ms = |at: crate::units::FramePos| at.to_millis(tags.rate).0 as u32;
        let expected: Vec<(u32, u32, String)> =
            tags.chapters.iter().map(|c| (ms(c.start), ms(c.end), one_line(&c.title))).collect();
        prop_assert_eq!(chapters(&tag), expected);
    }
}
