//! Text to outlines and their exact width, by the one embedded font.
//!
//! The font is Literata, a book face that stays legible when it is small, as a subset for Latin, Greek,
//! Cyrillic and Vietnamese (`font/README.md`). No font of the system is ever asked, so that a cover is the same
//! on every machine and on one without fonts. Must not know what the text is for.

use std::fmt::Write as _;
use std::sync::Arc;

use resvg::tiny_skia::PathSegment;
use resvg::usvg::{Group, Node, Options, Tree, fontdb};

use crate::text::escaped;

/// Units of the outlines to one em. Literata is drawn on this grid, so its coordinates stay whole.
pub(super) const UNITS_AN_EM: f64 = 1000.0;

/// The height of a capital of Literata in ems (`OS/2.sCapHeight`, 712 of 1000).
pub(super) const CAPITAL: f64 = 0.712;

static FONT: &[u8] = include_bytes!("font/literata-cover.ttf");

/// A line of text as outlines.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Outline {
    /// The advance of the whole line, kerned, in ems.
    pub(super) width: f64,
    /// The `d` of an SVG path on a baseline at 0, in [`UNITS_AN_EM`], y downwards.
    pub(super) path: String,
}

/// The embedded font, ready to set text.
pub(super) struct Typeface {
    options: Options<'static>,
}

impl Typeface {
    /// The only one there is.
    pub(super) fn new() -> Self {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_source(fontdb::Source::Binary(Arc::new(FONT)));
        Self {
            options: Options {
                fontdb: Arc::new(fonts),
                font_family: "Literata".to_owned(),
                ..Options::default()
            },
        }
    }

    /// One line of text, or `None` if there is nothing to see or the font lacks one of its letters.
    pub(super) fn set(&self, line: &str) -> Option<Outline> {
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><text font-size="{UNITS_AN_EM}">{}</text></svg>"#,
            escaped(line)
        );
        let tree = Tree::from_str(&svg, &self.options).ok()?;
        let Some(Node::Text(text)) = tree.root().children().first() else { return None };
        let mut glyphs = text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
        // Glyph 0 is the box that stands for a missing letter (OpenType, `glyf`: .notdef).
        if glyphs.any(|glyph| glyph.id.0 == 0) {
            return None;
        }
        let mut path = String::new();
        write_outlines(text.flattened(), &mut path);
        (!path.is_empty())
            .then(|| Outline { width: f64::from(text.bounding_box().width()) / UNITS_AN_EM, path })
    }

    /// `text` without the signs that the font lacks, such as emoji, and with single spaces; `None` if it lacks
    /// a letter, because a word without one of its letters is another word.
    pub(super) fn settable(&self, text: &str) -> Option<String> {
        let kept: String = text
            .chars()
            .filter(|c| {
                // It has all of ASCII; asking only about the rest saves most of the time.
                let has = c.is_ascii_graphic() || c.is_alphanumeric() || c.is_whitespace();
                has || self.set(&c.to_string()).is_some()
            })
            .collect();
        let text = kept.split_whitespace().collect::<Vec<_>>().join(" ");
        self.set(&text).map(|_| text)
    }
}

fn write_outlines(group: &Group, d: &mut String) {
    for node in group.children() {
        match node {
            Node::Group(group) => write_outlines(group, d),
            Node::Path(path) => {
                for segment in path.data().segments() {
                    // Whole units: a thousandth of the letter's size is less than a pixel of any cover.
                    let _ = match segment {
                        PathSegment::MoveTo(p) => write!(d, "M{:.0} {:.0}", p.x, p.y),
                        PathSegment::LineTo(p) => write!(d, "L{:.0} {:.0}", p.x, p.y),
                        PathSegment::QuadTo(c, p) => {
                            write!(d, "Q{:.0} {:.0} {:.0} {:.0}", c.x, c.y, p.x, p.y)
                        }
                        PathSegment::CubicTo(a, b, p) => {
                            write!(d, "C{:.0} {:.0} {:.0} {:.0} {:.0} {:.0}", a.x, a.y, b.x, b.y, p.x, p.y)
                        }
                        PathSegment::Close => write!(d, "Z"),
                    };
                }
            }
            Node::Image(_) | Node::Text(_) => {}
        }
    }
}
