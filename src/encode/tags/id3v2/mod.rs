//! ID3v2.3, which stands before the sound of an MP3.
//!
//! Version 2.3, ISO-8859-1 wherever a text fits into it, no padding, no unsynchronisation: what every car and
//! phone reads (2.4 and UTF-8 are not read by many; padding makes some readers warn). By hand rather than by
//! a crate: the frames are simple, and their order and encodings are ours to choose. The tests read them with the
//! crate `id3` and with the taggers of others.

mod chapters;
mod frame;
#[cfg(test)]
mod tests;

use super::text::software;
use super::{Tags, language};
use crate::text::{one_line, plain};
use frame::{comment, own, picture, text};

/// The whole tag. Chapters are taken as they are: see [`super::check_chapters`].
pub(in crate::encode) fn id3v2(tags: &Tags) -> Vec<u8> {
    let three = language::three_letters(&tags.language);
    let mut body = Vec::new();
    let mut put = |frame: Vec<u8>| body.extend(frame);
    put(text(b"TIT2", &one_line(&tags.title)));
    let said = [(b"TPE1", &tags.artist), (b"TALB", &tags.album)];
    for (id, said) in said {
        put(said.as_deref().map(|said| text(id, &one_line(said))).unwrap_or_default());
    }
    put(tags.track.map(|track| text(b"TRCK", &track.to_string())).unwrap_or_default());
    put(tags.genre.as_deref().map(|genre| text(b"TCON", &content_type(genre))).unwrap_or_default());
    if let Some((year, day)) = tags.date.as_deref().and_then(year_and_day) {
        put(text(b"TYER", year));
        put(day.map(|(month, day)| text(b"TDAT", &format!("{day}{month}"))).unwrap_or_default());
    }
    put(text(b"TLAN", &three));
    put(text(b"TLEN", &tags.length.to_millis(tags.rate).0.to_string()));
    // Encoders that make another file of ours overwrite this, so that it tells a track of ours from a copy.
    put(text(b"TSSE", &software()));
    put(own(super::text::PROVENANCE_KEY, &plain(&tags.provenance)));
    put(tags.comment.as_deref().map(|said| comment(&three, &plain(said))).unwrap_or_default());
    put(chapters::chapters(tags));
    // The picture is last: who looks for the chapters need not read over it.
    put(tags.cover.as_ref().map(picture).unwrap_or_default());
    [&b"ID3\x03\x00\x00"[..], &sync_safe(body.len()), &body].concat()
}

/// A genre in words. One that begins like a reference to a number of ID3v1, `(`, doubles it (section 4.2.1).
fn content_type(genre: &str) -> String {
    let genre = one_line(genre);
    if genre.starts_with('(') { format!("({genre}") } else { genre }
}

/// Seven bits a byte, so that no size looks like the start of sound (section 3.1). A size over 28 bits is
/// written as the largest there is, and refused by [`super::check_size`].
fn sync_safe(size: usize) -> [u8; 4] {
    let size = size.min((1 << 28) - 1);
    [21, 14, 7, 0].map(|shift| (size >> shift & 0x7f) as u8)
}

/// The year of a date as scripts give it (`2026`, `2026-05`, `2026-05-01`), and its month and day if both are
/// there, each as digits.
fn year_and_day(date: &str) -> Option<(&str, Option<(&str, &str)>)> {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let mut parts = date.trim().split('-');
    let year = parts.next().filter(|year| digits(year, 4))?;
    let month = parts.next().filter(|month| digits(month, 2));
    let day = parts.next().filter(|day| digits(day, 2));
    Some((year, month.zip(day)))
}
