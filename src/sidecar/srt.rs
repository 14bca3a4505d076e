//! SubRip captions, for video players.

use super::captions::captions;
use super::wrap::Shape;
use super::{Subject, clock};

/// The Podcasting 2.0 transcript page asks for at most two lines of at most 32 characters.
const SHAPE: Shape = Shape { columns: 32, lines: 2 };

/// Lines end as the program ended them that the format is named after.
const NEW_LINE: &str = "\r\n";

pub(super) fn srt(subject: &Subject<'_>) -> String {
    let mut text = String::new();
    for (index, caption) in captions(subject, SHAPE).iter().enumerate() {
        let (start, end) = (clock::caption(caption.start, ','), clock::caption(caption.end, ','));
        let lines = caption.lines.iter().map(|line| plain(line)).collect::<Vec<_>>().join(NEW_LINE);
        let gap = if index == 0 { "" } else { NEW_LINE };
        text.push_str(&format!("{gap}{}{NEW_LINE}{start} --> {end}{NEW_LINE}{lines}{NEW_LINE}", index + 1));
    }
    text
}

/// SubRip has no way to write a `<` that is not the start of a tag, so it is written as the quotation mark that
/// looks like it; an arrow, which could be taken for a time line, goes the same way. What stands in braces players take
/// for a style, and do not show.
fn plain(text: &str) -> String {
    text.replace('<', "‹").replace('>', "›").replace('{', "(").replace('}', ")")
}
