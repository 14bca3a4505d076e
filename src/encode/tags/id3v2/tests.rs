//! Tags read by the crate `id3`, and broken ones refused.

use ::id3::TagLike;
use proptest::prelude::*;

use super::super::tests::{full, marker, tagged};
use super::super::{Marker, Picture, Tags};
use super::frame::{frame, text};
use super::parse::frames;
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
    assert_eq!(id3_faults(&bytes), []);
    let encodings: Vec<(String, u8)> = frames(&bytes[HEADER..])
        .unwrap()
        .iter()
        .map(|frame| (String::from_utf8(frame.id.to_vec()).unwrap(), frame.body[0]))
        .filter(|(id, _)| id != "CTOC" && id != "CHAP")
        .collect();
    let expected = [
        ("TIT2", 1),
        ("TPE1", 0),
        ("TALB", 0),
        ("TRCK", 0),
        ("TCON", 0),
        ("TYER", 0),
        ("TDAT", 0),
        ("TLAN", 0),
        ("TLEN", 0),
        ("TSSE", 0),
        ("TXXX", 0),
        ("COMM", 0),
        ("APIC", 0),
    ];
    assert_eq!(encodings, expected.map(|(id, encoding)| (id.to_owned(), encoding)));
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
        assert_eq!(id3_faults(&bytes), []);
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
    let bytes = vec![0xff; 500_000];
    let tags = Tags {
        comment: Some("ॐ".repeat(300_000)),
        cover: Some(Picture { mime: "image/png", width: 3000, height: 3000, bytes: bytes.clone() }),
        ..full()
    };
    let written = id3v2(&tags);
    assert!(written[6..10].iter().all(|byte| *byte < 0x80) && written.len() > 1_100_000);
    assert_eq!(id3_faults(&written), []);
    let tag = read(&written);
    assert_eq!(tag.comments().next().unwrap().text.chars().count(), 300_000);
    assert_eq!(tag.pictures().next().unwrap().data, bytes);
}

#[test]
fn a_tag_over_sixteen_mebibytes_is_refused() {
    let picture = |size| Some(Picture { mime: "image/png", width: 1, height: 1, bytes: vec![0; size] });
    let faults = |size| id3_faults(&id3v2(&Tags { cover: picture(size), ..full() }));
    assert_eq!(faults(16_000_000), []);
    let [Id3Fault::TooLarge(_)] = faults(1 << 24)[..] else { panic!("{:?}", faults(1 << 24)) };
}

fn tag(frames: &[Vec<u8>]) -> Vec<u8> {
    let body = frames.concat();
    [&b"ID3\x03\x00\x00"[..], &sync_safe(body.len()), &body].concat()
}

fn chap(id: &str, start: u32, end: u32) -> Vec<u8> {
    let body = [id.as_bytes(), &[0], &start.to_be_bytes(), &end.to_be_bytes(), &[0xff; 8]].concat();
    frame(b"CHAP", &body)
}

fn ctoc(id: &str, flags: u8, children: &[&str]) -> Vec<u8> {
    let listed = children.iter().map(|child| format!("{child}\0")).collect::<String>();
    frame(b"CTOC", &[id.as_bytes(), &[0, flags, children.len() as u8], listed.as_bytes()].concat())
}

#[test]
fn a_broken_tag_is_refused_with_what_is_wrong() {
    #[track_caller]
    fn check(tag: &[u8], faults: &[&str]) {
        assert_eq!(id3_faults(tag).iter().map(ToString::to_string).collect::<Vec<_>>(), faults);
    }
    let length = text(b"TLEN", "60");
    check(&tag(&[length.clone(), ctoc("toc", 3, &["a", "b"]), chap("a", 0, 9), chap("b", 9, 60)]), &[]);
    check(b"", &["this is no ID3v2.3 tag without flags"]);
    check(&id3v2(&full())[1..], &["this is no ID3v2.3 tag without flags"]);
    check(&[tag(&[]), vec![0]].concat(), &["the tag says that it has 0 bytes, and it has 1"]);
    check(&tag(&[length.clone(), vec![0; 20]]), &["there is no frame at byte 23 of the tag"]);
    check(
        &tag(&[ctoc("toc", 3, &["a", "gone"]), chap("a", 0, 1)]),
        &["the table of contents `toc` lists `gone`, which is not there"],
    );
    check(&tag(&[ctoc("toc", 3, &["a", "a"]), chap("a", 0, 1)]), &["`a` is listed twice"]);
    check(&tag(&[ctoc("toc", 3, &["a", "toc"]), chap("a", 0, 1)]), &["`toc` is listed twice"]);
    check(
        &tag(&[ctoc("toc", 3, &["a"]), chap("a", 0, 1), chap("b", 1, 2)]),
        &["`b` is in no table of contents"],
    );
    check(
        &tag(&[ctoc("toc", 3, &["a"]), chap("a", 0, 1), chap("a", 1, 2)]),
        &["two chapters or tables of contents are called `a`"],
    );
    check(
        &tag(&[ctoc("one", 3, &["a"]), ctoc("two", 3, &["b"]), chap("a", 0, 1), chap("b", 1, 2)]),
        &["2 tables of contents are at the top level, and one must be"],
    );
    check(
        &tag(&[chap("a", 0, 1)]),
        &["0 tables of contents are at the top level, and one must be", "`a` is in no table of contents"],
    );
    // A ring of tables that nobody reaches.
    check(
        &tag(&[ctoc("toc", 3, &["a"]), ctoc("x", 1, &["y"]), ctoc("y", 1, &["x"]), chap("a", 0, 1)]),
        &["`x` is in no table of contents", "`y` is in no table of contents"],
    );
    check(&tag(&[ctoc("toc", 3, &[])]), &["the table of contents `toc` lists nothing"]);
    // What an encoder does that counts 256 children in a byte.
    let many = ["a"; 256];
    check(&tag(&[ctoc("toc", 3, &many)]), &["there is no frame at byte 0 of the table of contents `toc`"]);
    let two = |a: (u32, u32), b: (u32, u32)| {
        tag(&[length.clone(), ctoc("toc", 3, &["a", "b"]), chap("a", a.0, a.1), chap("b", b.0, b.1)])
    };
    check(&two((30, 40), (0, 30)), &["chapter `b` stands after one that starts later"]);
    check(&two((0, 31), (30, 40)), &["chapter `b` starts before the one before it has ended"]);
    check(&two((0, 30), (30, 61)), &["chapter `b` ends 1 ms after the track"]);
    check(&two((0, 30), (30, 30)), &["chapter `b` is empty"]);
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
    fn any_tags_are_read_back_and_the_lint_has_nothing_to_say(tags in any_tags()) {
        let bytes = id3v2(&tags);
        prop_assert_eq!(super::super::chapter_faults(&tags), []);
        prop_assert_eq!(id3_faults(&bytes), []);
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

    #[test]
    fn the_lint_reads_any_bytes(mut bytes in prop::collection::vec(any::<u8>(), 0..300), at in 0usize..900, to: u8) {
        id3_faults(&bytes);
        let size = sync_safe(bytes.len());
        bytes.splice(0..0, [&b"ID3\x03\x00\x00"[..], &size].concat());
        id3_faults(&bytes);
        let mut ours = id3v2(&full());
        let at = at % ours.len();
        ours[at] = to;
        id3_faults(&ours);
        id3_faults(&ours[..at]);
    }
}
