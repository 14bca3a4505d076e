//! The frames of a tag (id3v2.3.0, section 4), each with its own encoding.

use super::super::Picture;

/// The front cover (section 4.15).
const FRONT_COVER: u8 = 3;

/// The encoding of a frame's texts (section 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    /// ISO-8859-1. The only one that old players know.
    Latin1 = 0,
    /// UTF-16 with a byte order mark.
    Utf16 = 1,
}

/// A frame with its header; without flags.
pub(super) fn frame(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    // A body over 4 GiB makes a tag that `check_size` refuses for its size.
    let size = u32::try_from(body.len()).unwrap_or(u32::MAX);
    [&id[..], &size.to_be_bytes(), &[0, 0], body].concat()
}

/// A text frame. A text is not terminated, as its frame ends where it ends.
pub(super) fn text(id: &[u8; 4], text: &str) -> Vec<u8> {
    let encoding = encoding_of(&[text]);
    frame(id, &[&[encoding as u8][..], &encoded(encoding, text)].concat())
}

/// `TXXX`: a text under a name of our own.
pub(super) fn own(name: &str, text: &str) -> Vec<u8> {
    let encoding = encoding_of(&[name, text]);
    let body =
        [&[encoding as u8][..], &encoded(encoding, name), end(encoding), &encoded(encoding, text)].concat();
    frame(b"TXXX", &body)
}

/// `COMM` without a short description: the one that players show. `language` has three letters.
pub(super) fn comment(language: &str, text: &str) -> Vec<u8> {
    let encoding = encoding_of(&[text]);
    let body = [
        &[encoding as u8][..],
        language.as_bytes(),
        &encoded(encoding, ""),
        end(encoding),
        &encoded(encoding, text),
    ]
    .concat();
    frame(b"COMM", &body)
}

/// `APIC`: the front cover.
pub(super) fn picture(picture: &Picture) -> Vec<u8> {
    let latin1 = Encoding::Latin1 as u8;
    // The type of the file, the type of the picture, and an empty description.
    let body =
        [&[latin1][..], picture.mime.as_bytes(), &[0, FRONT_COVER], end(Encoding::Latin1), &picture.bytes]
            .concat();
    frame(b"APIC", &body)
}

fn encoding_of(texts: &[&str]) -> Encoding {
    let fits = texts.iter().all(|text| text.chars().all(|c| u8::try_from(c).is_ok()));
    if fits { Encoding::Latin1 } else { Encoding::Utf16 }
}

fn encoded(encoding: Encoding, text: &str) -> Vec<u8> {
    match encoding {
        Encoding::Latin1 => text.chars().filter_map(|c| u8::try_from(c).ok()).collect(),
        // Little-endian, as nearly all taggers write it; the mark stands before each text of a frame.
        Encoding::Utf16 => {
            [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
        }
    }
}

/// Returns the separator of two texts of a frame.
fn end(encoding: Encoding) -> &'static [u8] {
    match encoding {
        Encoding::Latin1 => &[0],
        Encoding::Utf16 => &[0, 0],
    }
}
