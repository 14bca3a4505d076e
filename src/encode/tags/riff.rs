//! The chunks after the samples of a WAV: its chapters and its words.

use super::Tags;
use super::text::software;
use crate::text::{one_line, plain};

/// `cue ` and `LIST adtl` with the names of the chapters (where there are any), then `LIST INFO` (Microsoft and
/// IBM, "Multimedia Programming Interface and Data Specifications 1.0", chapters 2 and 3). Each chunk is padded.
///
/// Text is UTF-8, which the specification is too old to know and every tool of today reads. A position in a
/// `cue ` has 32 bits, so a chapter that starts after a day at 48 kHz is left out.
pub(in crate::encode) fn riff_chunks(tags: &Tags) -> Vec<u8> {
    // The point of a chapter is called by its number, from one.
    let starts = tags.chapters.iter().map(|chapter| u32::try_from(chapter.start.0));
    let starts: Vec<(u32, u32)> = (1..).zip(starts.map_while(Result::ok)).collect();
    let mut chunks = Vec::new();
    if !starts.is_empty() {
        chunks.extend(cue(&starts));
        let names = starts.iter().zip(&tags.chapters);
        chunks.extend(list(b"adtl", names.flat_map(|((name, _), chapter)| label(*name, &chapter.title))));
    }
    chunks.extend(list(b"INFO", words(tags).into_iter().flat_map(|(id, words)| zero_ended(id, &[], &words))));
    chunks
}

/// Returns the texts under the names of the specification; `ISFT` is the program, and `ISRC` the source: what the
/// track was made of.
fn words(tags: &Tags) -> Vec<(&'static [u8; 4], String)> {
    let said = [
        (b"INAM", Some(one_line(&tags.title))),
        (b"IART", tags.artist.as_deref().map(one_line)),
        (b"IPRD", tags.album.as_deref().map(one_line)),
        (b"ITRK", tags.track.map(|track| track.to_string())),
        (b"IGNR", tags.genre.as_deref().map(one_line)),
        (b"ICMT", tags.comment.as_deref().map(plain)),
        (b"ICRD", tags.date.as_deref().map(one_line)),
        (b"ILNG", Some(one_line(&tags.language))),
        (b"ISFT", Some(software())),
        (b"ISRC", Some(plain(&tags.provenance))),
    ];
    said.into_iter().filter_map(|(id, words)| Some((id, words?))).collect()
}

/// Points in the only `data` chunk there is, where they start.
fn cue(points: &[(u32, u32)]) -> Vec<u8> {
    let mut body = size(points.len()).to_vec();
    for (name, start) in points {
        let (name, start) = (name.to_le_bytes(), start.to_le_bytes());
        // Name, place in the order of playing, chunk, start of the chunk and of the block (both for
        // compressed sound only), and the frame.
        body.extend([&name[..], &start, b"data", &[0; 4], &[0; 4], &start].concat());
    }
    chunk(b"cue ", &body)
}

fn label(name: u32, title: &str) -> Vec<u8> {
    zero_ended(b"labl", &name.to_le_bytes(), &one_line(title))
}

fn list(kind: &[u8; 4], items: impl Iterator<Item = u8>) -> Vec<u8> {
    chunk(b"LIST", &kind.iter().copied().chain(items).collect::<Vec<u8>>())
}

fn zero_ended(id: &[u8; 4], before: &[u8], text: &str) -> Vec<u8> {
    chunk(id, &[before, text.as_bytes(), &[0]].concat())
}

/// A chunk with the pad byte that its size does not count.
fn chunk(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let pad: &[u8] = if body.len() % 2 == 1 { &[0] } else { &[] };
    [&id[..], &size(body.len()), body, pad].concat()
}

/// A size of 32 bits. What is larger is refused by [`super::check_size`].
fn size(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{full, marker, tagged};
    use super::*;

    /// Every chunk and where a list holds chunks, they too, as `cue [52]` or `LIST/INAM A title`.
    fn outline(mut bytes: &[u8], inside: &str) -> Vec<String> {
        let mut lines = Vec::new();
        while let Some((header, rest)) = bytes.split_first_chunk::<8>() {
            let id = String::from_utf8_lossy(&header[..4]).into_owned();
            let size = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
            let body = &rest[..size];
            bytes = &rest[size.next_multiple_of(2)..];
            match id.as_str() {
                "LIST" => {
                    lines.extend(outline(&body[4..], &format!("{}/", String::from_utf8_lossy(&body[..4]))))
                }
                "cue " => lines.push(format!("cue [{size}]")),
                "labl" => lines.push(format!("{inside}{} {}", body[0], ended(&body[4..]))),
                _ => lines.push(format!("{inside}{id} {}", ended(body))),
            }
        }
        assert_eq!(bytes, b"");
        lines
    }

    fn ended(text: &[u8]) -> &str {
        let (zero, text) = text.split_last().unwrap();
        assert_eq!(*zero, 0);
        std::str::from_utf8(text).unwrap()
    }

    #[test]
    fn chapters_come_first_and_then_the_words() {
        let software = concat!("INFO/ISFT nidra ", env!("CARGO_PKG_VERSION"));
        let expected = [
            "cue [52]",
            "adtl/1 Settle",
            "adtl/2 विश्राम 🧘",
            "INFO/INAM Legs up the wall – über",
            "INFO/IART Mira",
            "INFO/IPRD Evenings",
            "INFO/ITRK 7",
            "INFO/IGNR Meditation",
            "INFO/ICMT Lie down.\nRest.",
            "INFO/ICRD 2026-05-01",
            "INFO/ILNG en",
            software,
            "INFO/ISRC nidra 0.1.0 script=abc",
        ];
        assert_eq!(outline(&riff_chunks(&full()), ""), expected);
    }

    #[test]
    fn without_chapters_there_are_only_words() {
        let chunks = riff_chunks(&tagged(10, Vec::new()));
        assert_eq!(&chunks[..4], b"LIST");
        assert_eq!(chunks.len() % 2, 0);
    }

    #[test]
    fn a_point_is_at_the_frame_of_its_chapter() {
        let late = u64::from(u32::MAX);
        let chapters = vec![marker(5, 9, "A"), marker(late, late + 1, "B"), marker(late + 1, late + 2, "C")];
        let chunks = riff_chunks(&tagged(late + 2, chapters));
        assert_eq!(chunks[4..16], [52, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0]);
        assert_eq!(&chunks[20..24], b"data");
        assert_eq!((chunks[32], &chunks[56..60]), (5, &u32::MAX.to_le_bytes()[..]));
    }
}
