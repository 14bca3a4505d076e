//! The pixel format that a picture's file states, which FLAC and Opus want to know.

/// The pixel format of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::encode) struct Pixels {
    /// Bits of a pixel, of a colour where there is a palette.
    pub(in crate::encode) depth: u32,
    /// Colours of the palette; zero where there is none.
    pub(in crate::encode) colours: u32,
}

/// Of a JPEG or a PNG; nothing of anything else, or if it is broken.
pub(in crate::encode) fn pixels(file: &[u8]) -> Option<Pixels> {
    match file {
        [0xff, 0xd8, segments @ ..] => jpeg(segments),
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, chunks @ ..] => png(chunks),
        _ => None,
    }
}

/// Segments up to the start of the frame, which has the precision and the number of components (ITU-T T.81,
/// annex B).
fn jpeg(mut segments: &[u8]) -> Option<Pixels> {
    loop {
        match segments {
            // Fill bytes, and markers without a segment.
            [0xff, rest @ ..] if rest.first() == Some(&0xff) => segments = rest,
            [0xff, 0x01 | 0xd0..=0xd7, rest @ ..] => segments = rest,
            // SOF0 to SOF15; the three between are tables.
            [0xff, marker @ 0xc0..=0xcf, _, _, precision, _, _, _, _, components, ..]
                if !matches!(marker, 0xc4 | 0xc8 | 0xcc) =>
            {
                return Some(Pixels { depth: u32::from(*precision) * u32::from(*components), colours: 0 });
            }
            [0xff, _, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                segments = segments.get(2 + length..)?;
            }
            _ => return None,
        }
    }
}

/// The header, which is first, and for a picture with a palette its palette (ISO/IEC 15948, section 11.2).
fn png(chunks: &[u8]) -> Option<Pixels> {
    let header = chunk(chunks, b"IHDR")?;
    let [.., depth, colour_type, _, _, _] = header else { return None };
    let depth = u32::from(*depth);
    let samples = match colour_type {
        0 => 1,
        2 => 3,
        3 => {
            let palette = chunk(chunks, b"PLTE")?;
            // A palette has colours of three bytes.
            return Some(Pixels { depth: 24, colours: u32::try_from(palette.len() / 3).ok()? });
        }
        4 => 2,
        6 => 4,
        _ => return None,
    };
    Some(Pixels { depth: depth * samples, colours: 0 })
}

/// Returns the body of the first chunk of a name.
fn chunk<'c>(mut chunks: &'c [u8], name: &[u8; 4]) -> Option<&'c [u8]> {
    loop {
        let (size, rest) = chunks.split_first_chunk()?;
        let (id, rest) = rest.split_first_chunk::<4>()?;
        let (body, rest) = rest.split_at_checked(u32::from_be_bytes(*size) as usize)?;
        // A checksum of four bytes ends it.
        chunks = rest.get(4..)?;
        if id == name {
            return Some(body);
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The start of a JPEG of 64 by 48 pixels with so many components, as far as its size.
    pub(in super::super) fn jpeg_start(components: u8) -> Vec<u8> {
        let header: &[u8] =
            b"\xff\xd8\xff\xe0\x00\x04..\xff\xff\xc4\x00\x03.\xff\xc0\x00\x11\x08\0\x30\0\x40";
        [header, &[components, 0, 0, 0, 0, 0, 0, 0, 0, 0]].concat()
    }

    fn png_start(depth: u8, colour_type: u8) -> Vec<u8> {
        let header = [0, 0, 0, 64, 0, 0, 0, 48, depth, colour_type, 0, 0, 0];
        let chunk =
            |name: &[u8], body: &[u8]| [&(body.len() as u32).to_be_bytes(), name, body, &[0; 4]].concat();
        [
            &b"\x89PNG\r\n\x1a\n"[..],
            &chunk(b"IHDR", &header),
            &chunk(b"gAMA", &[0; 4]),
            &chunk(b"PLTE", &[0; 30]),
        ]
        .concat()
    }

    #[test]
    fn pixels_are_as_the_file_says() {
        #[track_caller]
        fn check(file: &[u8], expected: Option<(u32, u32)>) {
            assert_eq!(pixels(file), expected.map(|(depth, colours)| Pixels { depth, colours }));
            // However it is cut, it is that or nothing.
            for end in 0..file.len() {
                let cut = pixels(&file[..end]);
                assert!(cut.is_none() || cut == pixels(file), "{end}");
            }
        }
        check(&jpeg_start(3), Some((24, 0)));
        check(&jpeg_start(1), Some((8, 0)));
        check(&png_start(8, 0), Some((8, 0)));
        check(&png_start(16, 2), Some((48, 0)));
        check(&png_start(4, 3), Some((24, 10)));
        check(&png_start(8, 4), Some((16, 0)));
        check(&png_start(8, 6), Some((32, 0)));
        check(&png_start(8, 9), None);
        check(b"GIF89a", None);
    }
}
