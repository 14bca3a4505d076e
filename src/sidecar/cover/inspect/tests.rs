//! Headers as they are, as they should not be, and as they never were.

use proptest::prelude::*;

use super::*;

/// A JPEG of nothing but its header: a comment, fill bytes, then the frame.
fn jpeg(sof: u8, width: u16, height: u16, components: u8) -> Vec<u8> {
    let ([x1, x0], [y1, y0]) = (width.to_be_bytes(), height.to_be_bytes());
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xFE, 0, 4, b'h', b'i', 0xFF, 0xFF, 0xFF, sof, 0, 8];
    bytes.extend([8, y1, y0, x1, x0, components]);
    bytes
}

fn png(width: u32, height: u32, colour_type: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR".to_vec();
    bytes.extend([width.to_be_bytes(), height.to_be_bytes()].concat());
    bytes.extend([8, colour_type, 0, 0, 0]);
    bytes
}

#[track_caller]
fn check(bytes: &[u8], mime: &str, faults: &[CoverFault]) {
    let facts = inspect(bytes).unwrap();
    assert_eq!(facts.mime(), mime);
    assert_eq!(facts.faults(), faults);
}

#[test]
fn a_good_cover_has_no_faults() {
    check(&jpeg(0xC0, 1400, 1400, 3), "image/jpeg", &[]);
    check(&jpeg(0xC1, 3000, 3000, 3), "image/jpeg", &[]);
    check(&png(2000, 2000, 2), "image/png", &[]);
    check(&png(2000, 2000, 3), "image/png", &[]);
}

#[test]
fn each_fault_of_a_cover_is_named() {
    let (width, height) = (3001, 1399);
    check(
        &jpeg(0xC2, 3001, 1399, 4),
        "image/jpeg",
        &[
            CoverFault::Cmyk,
            CoverFault::NotSquare { width, height },
            CoverFault::TooSmall { width, height },
            CoverFault::TooLarge { width, height },
            CoverFault::Progressive,
        ],
    );
    check(&jpeg(0xC0, 1500, 1500, 1), "image/jpeg", &[CoverFault::Grey]);
    check(&png(1500, 1500, 6), "image/png", &[CoverFault::Transparent]);
    let square = CoverFault::NotSquare { width: 640, height: 480 };
    assert_eq!(square.to_string(), "the cover is 640 by 480 pixels; podcast apps want a square");
    assert_eq!(square.severity(), Severity::Warning);
    assert_eq!(CoverFault::Cmyk.severity(), Severity::Error);
}

#[test]
fn a_pixel_and_a_palette_are_as_large_as_the_file_says() {
    #[track_caller]
    fn check(bytes: &[u8], bits_per_pixel: u32, palette_colours: u32) {
        let facts = inspect(bytes).unwrap();
        assert_eq!((facts.bits_per_pixel, facts.palette_colours), (bits_per_pixel, palette_colours));
    }
    check(&jpeg(0xC0, 64, 48, 3), 24, 0);
    check(&jpeg(0xC0, 64, 48, 1), 8, 0);
    for (colour_type, bits) in [(0, 8), (2, 24), (4, 16), (6, 32)] {
        check(&png(64, 48, colour_type), bits, 0);
    }
    let palette = b"\0\0\0\0\0\0\0\x04gAMA\0\0\0\0\0\0\0\0\0\0\0\x1EPLTE";
    check(&[&png(64, 48, 3)[..], palette].concat(), 24, 10);
    check(&png(64, 48, 3), 24, 0);
}

#[test]
fn what_cannot_be_read_as_a_picture_is_said_so() {
    for bytes in [&b""[..], b"\xFF\xD8", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"<svg/>"] {
        assert_eq!(inspect(bytes), Err(CoverFault::NotAnImage));
    }
    let whole = jpeg(0xC0, 1400, 1400, 3);
    for end in 3..whole.len() {
        assert_eq!(inspect(&whole[..end]), Err(CoverFault::Broken { mime: "image/jpeg" }), "{end}");
    }
    let whole = png(1400, 1400, 2);
    for end in 8..26 {
        assert_eq!(inspect(&whole[..end]), Err(CoverFault::Broken { mime: "image/png" }), "{end}");
    }
    // No picture has no width, and none has its frame after its scan.
    assert!(inspect(&png(0, 1400, 2)).is_err());
    assert!(inspect(&jpeg(0xC0, 1400, 0, 3)).is_err());
    assert!(inspect(&jpeg(0xDA, 1400, 1400, 3)).is_err());
}

proptest! {
    #[test]
    fn no_bytes_make_the_inspection_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), start in 0..4) {
        let starts: [&[u8]; 4] =
            [b"", b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR"];
        let bytes = [starts[start as usize], &bytes].concat();
        if let Ok(facts) = inspect(&bytes) {
            prop_assert!(facts.width > 0 && facts.height > 0);
        }
    }
}
