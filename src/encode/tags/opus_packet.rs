//! The comment packet of Opus, with the picture that FLAC has in a block of its own.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::text::software;
use super::vorbis::comments;
use super::{Picture, Tags};

/// The front cover, as in ID3v2 (RFC 9639, section 8.8).
const FRONT_COVER: u32 = 3;

/// The body of FLAC's `VORBIS_COMMENT` block (RFC 9639, section 8.6): no size of its own, no framing bit.
#[cfg(test)]
pub(in crate::encode) fn vorbis_comment(tags: &Tags) -> Vec<u8> {
    block(&comments(tags))
}

/// The whole `OpusTags` packet (RFC 7845, section 5.2), with the cover in it.
pub(in crate::encode) fn opus_tags(tags: &Tags) -> Vec<u8> {
    let mut comments = comments(tags);
    // Last: who looks for the words need not read over it.
    let cover = tags.cover.as_ref();
    comments.extend(
        cover.map(|cover| format!("METADATA_BLOCK_PICTURE={}", STANDARD.encode(flac_picture(cover)))),
    );
    [&b"OpusTags"[..], &block(&comments)].concat()
}

/// The body of FLAC's `PICTURE` block for the front cover (RFC 9639, section 8.8).
pub(super) fn flac_picture(picture: &Picture) -> Vec<u8> {
    let mut body = Vec::new();
    let mut number = |number: u32, text: &[u8]| {
        body.extend(number.to_be_bytes());
        body.extend(text);
    };
    number(FRONT_COVER, &[]);
    number(size(picture.mime.len()), picture.mime.as_bytes());
    // No description.
    number(0, &[]);
    number(picture.width, &[]);
    number(picture.height, &[]);
    number(picture.bits_per_pixel, &[]);
    number(picture.palette_colours, &[]);
    number(size(picture.bytes.len()), &picture.bytes);
    body
}

/// The vendor, then how many comments there are, then the comments; each text with its size before it.
fn block(comments: &[String]) -> Vec<u8> {
    let sized = |text: &str| [&size(text.len()).to_le_bytes(), text.as_bytes()].concat();
    let mut bytes = sized(&software());
    bytes.extend(size(comments.len()).to_le_bytes());
    bytes.extend(comments.iter().flat_map(|comment| sized(comment)));
    bytes
}

/// A size of 32 bits. What is larger is refused by [`super::check_size`].
fn size(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{full, marker, picture, tagged};
    use super::*;

    /// The texts of a block, vendor first.
    fn read(mut block: &[u8]) -> Vec<String> {
        let number = |block: &mut &[u8]| {
            let (number, rest) = block.split_first_chunk::<4>().unwrap();
            *block = rest;
            u32::from_le_bytes(*number) as usize
        };
        let text = |block: &mut &[u8]| {
            let size = number(block);
            let (text, rest) = block.split_at(size);
            *block = rest;
            String::from_utf8(text.to_vec()).unwrap()
        };
        let mut texts = vec![text(&mut block)];
        for _ in 0..number(&mut block) {
            texts.push(text(&mut block));
        }
        assert_eq!(block, b"");
        texts
    }

    #[test]
    fn everything_that_is_said_has_its_comment() {
        let texts = read(&vorbis_comment(&full()));
        let expected = [
            concat!("nidra ", env!("CARGO_PKG_VERSION")),
            "TITLE=Legs up the wall – über",
            "ARTIST=Mira",
            "ALBUM=Evenings",
            "TRACKNUMBER=7",
            "GENRE=Meditation",
            "DATE=2026-05-01",
            "LANGUAGE=en",
            "NIDRA=nidra 0.1.0 script=abc",
            "DESCRIPTION=Lie down.\nRest.",
            "CHAPTER000=00:00:00.000",
            "CHAPTER000NAME=Settle",
            "CHAPTER001=00:00:12.500",
            "CHAPTER001NAME=विश्राम 🧘",
        ];
        assert_eq!(texts, expected);
        let opus = opus_tags(&full());
        let texts = read(opus.strip_prefix(b"OpusTags").unwrap());
        assert_eq!(texts[..14], expected);
        assert!(texts[14].starts_with("METADATA_BLOCK_PICTURE=AAAAAwAAAAppbWFnZS9qcGVn"), "{}", texts[14]);
        assert_eq!(texts.len(), 15);
    }

    #[test]
    fn a_chapter_without_a_number_of_three_digits_is_left_out() {
        let chapters = (0..1003).map(|i| marker(i, i + 1, "Breath")).collect();
        let texts = read(&vorbis_comment(&tagged(2000, chapters)));
        assert_eq!(texts.last().unwrap(), "CHAPTER999NAME=Breath");
    }

    #[test]
    fn a_picture_block_is_the_picture_and_its_sizes() {
        let picture = picture(500_000);
        let block = flac_picture(&picture);
        assert_eq!(&block[..18], b"\0\0\0\x03\0\0\0\x0aimage/jpeg");
        assert_eq!(&block[18..42], b"\0\0\0\0\0\0\0\x40\0\0\0\x30\0\0\0\x18\0\0\0\0\0\x07\xa1\x20");
        assert_eq!(block.len(), 42 + 500_000);
    }
}
