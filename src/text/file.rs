//! Text for a file that others read: captions, chapters, a plan, a playlist, a feed, a tag.
//!
//! There what steers is left out, because listeners are no use for an escape; where it parted words, a space parts
//! them.

use super::steering::marked;

/// A text in one line: white space is one space, and what steers is left out.
pub fn one_line(text: &str) -> String {
    let shown: String =
        marked(text).filter_map(|(c, steers)| (!steers || c.is_whitespace()).then_some(c)).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text of any number of lines: each ends with a line feed, tabs stay, and what else steers is left out.
pub fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let shown = marked(&text).filter_map(|(c, steers)| match c {
        '\n' | '\t' => Some(c),
        _ if steers && c.is_whitespace() => Some('\n'),
        _ => (!steers).then_some(c),
    });
    shown.collect::<String>().trim().to_owned()
}

/// A text between the tags of HTML, XML or WebVTT.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_keeps_its_words_and_nothing_that_steers() {
        let check = |text: &str, expected: &str| assert_eq!(one_line(text), expected);
        check("  Rest\0 – über\r\nnow\u{7}\u{85} ", "Rest – über now");
        check("one\n\ttwo\u{2028}three\u{2029}four\u{b}five", "one two three four five");
        check("a\u{1b}[31mb\u{9b}c\u{7f}\u{202e}d\u{feff}\u{e0041}\u{fffe}", "a[31mbcd");
        check("می\u{200c}خواهم 👩\u{200d}🦰 pay\u{200d}pal", "می\u{200c}خواهم 👩\u{200d}🦰 paypal");
        check("\u{1b}\n", "");
    }

    #[test]
    fn lines_stay_lines() {
        let check = |text: &str, expected: &str| assert_eq!(plain(text), expected);
        check("one\r\ntwo\0\rthree\n", "one\ntwo\nthree");
        check("a  b\tc\u{85}d\u{2028}e\u{c}f\u{1b}\u{202e}", "a  b\tc\nd\ne\nf");
    }

    proptest! {
        #[test]
        fn nothing_that_steers_comes_into_a_file(text in any::<String>()) {
            let line = one_line(&text);
            prop_assert!(marked(&line).all(|(_, steers)| !steers), "{line:?}");
            prop_assert_eq!(one_line(&line), line);
            let lines = plain(&text);
            prop_assert!(marked(&lines).all(|(c, steers)| !steers || matches!(c, '\n' | '\t')), "{lines:?}");
            prop_assert_eq!(plain(&lines), lines);
        }
    }
}
