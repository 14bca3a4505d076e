//! Text for a terminal, or for a program that reads what a terminal would get.
//!
//! What would steer it stands there as an escape, so that a name that has it can be told from one that has not:
//! `\u{1b}`, and in JSON `\u001b`. Made visible twice, a text is the same as once.

use super::steering::marked;

/// A text as one line: line breaks and tabs are escapes, too, so that a name with a line break prints no second line.
pub fn visible(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for (c, steers) in marked(text) {
        if steers { line.extend(c.escape_default()) } else { line.push(c) }
    }
    line
}

/// JSON with the same value, in which what steers is an escape. Only its line feeds, which stand between values, stay.
pub fn visible_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for (c, steers) in marked(json) {
        if !steers || c == '\n' {
            escaped.push(c);
        } else {
            let units =
                c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
            escaped.push_str(&units);
        }
    }
    escaped
}

/// A text of many lines with its line breaks and tabs, and a way to find places of the text that it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisibleLines {
    text: String,
    /// Behind each character that became longer: its end in the text it was made of, and its end now.
    ends: Vec<(usize, usize)>,
}

impl VisibleLines {
    /// The lines of `text`; they end with a line feed, or with a carriage return before it.
    pub fn of(text: &str) -> Self {
        let mut this = Self { text: String::with_capacity(text.len()), ends: Vec::new() };
        let mut end = 0;
        for (c, steers) in marked(text) {
            end += c.len_utf8();
            if !steers || matches!(c, '\n' | '\t') || c == '\r' && text[end..].starts_with('\n') {
                this.text.push(c);
            } else {
                this.text.extend(c.escape_default());
                this.ends.push((end, this.text.len()));
            }
        }
        this
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place in the visible text of the byte `at`, the first of a character or the end of the text.
    pub fn at(&self, at: usize) -> usize {
        let longer = self.ends.partition_point(|(end, _)| *end <= at);
        self.ends[..longer].last().map_or(at, |(end, now)| now + (at - end))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_would_steer_a_terminal_is_seen() {
        let check = |text: &str, expected: &str| assert_eq!(visible(text), expected);
        check("Rest – über 休息 👩\u{200d}🦰", "Rest – über 休息 👩\u{200d}🦰");
        check("a\u{1b}[31mb\u{7}\0", r"a\u{1b}[31mb\u{7}\u{0}");
        check("a\r\nerror: b\tc", r"a\r\nerror: b\tc");
        check("\u{7f}\u{9b}31m\u{85}", r"\u{7f}\u{9b}31m\u{85}");
        check("\u{202e}txt\u{202c}\u{2066}\u{200f}\u{2028}", r"\u{202e}txt\u{202c}\u{2066}\u{200f}\u{2028}");
        check("\u{feff}pay\u{200d}pal\u{e0041}", r"\u{feff}pay\u{200d}pal\u{e0041}");
        check("C:\\users \"it's\"", "C:\\users \"it's\"");
    }

    #[test]
    fn json_says_the_same_in_characters_that_steer_nothing() {
        let value = "é\u{1b}\u{7f}\u{9b}\u{202e}\u{2028}\u{e0041}\u{fffe}";
        let json = serde_json::to_string_pretty(&[value]).unwrap();
        let shown = "[\n  \"é\\u001b\\u007f\\u009b\\u202e\\u2028\\udb40\\udc41\\ufffe\"\n]";
        assert_eq!(visible_json(&json), shown);
        assert_eq!(serde_json::from_str::<[String; 1]>(shown).unwrap(), [value]);
    }

    #[test]
    fn lines_keep_their_ends_and_places_are_found_again() {
        let text = "A\u{1b}X\r\n\tY\rZ\u{202e}\n\u{9b}W";
        let lines = VisibleLines::of(text);
        assert_eq!(lines.text(), "A\\u{1b}X\r\n\tY\\rZ\\u{202e}\n\\u{9b}W");
        for letter in ['A', 'X', '\t', 'Y', 'Z', 'W'] {
            assert_eq!(
                lines.at(text.find(letter).unwrap()),
                lines.text().find(letter).unwrap(),
                "{letter:?}"
            );
        }
        assert_eq!(lines.at(text.rfind('\n').unwrap()), lines.text().rfind('\n').unwrap());
        assert_eq!(lines.at(text.find('\u{1b}').unwrap()), 1);
        assert_eq!(lines.at(text.len()), lines.text().len());
    }

    proptest! {
        #[test]
        fn a_text_made_visible_is_visible(text in any::<String>()) {
            let line = visible(&text);
            prop_assert!(marked(&line).all(|(_, steers)| !steers), "{line:?}");
            prop_assert_eq!(visible(&line), line);
            let lines = VisibleLines::of(&text);
            prop_assert!(VisibleLines::of(lines.text()).ends.is_empty());
            for (at, c) in text.char_indices() {
                let now = &lines.text()[lines.at(at)..];
                prop_assert!(now.starts_with(c) || now.starts_with(&c.escape_default().to_string()));
            }
            let json = serde_json::to_string(&text).unwrap();
            let shown = visible_json(&json);
            prop_assert!(marked(&shown).all(|(_, steers)| !steers), "{shown:?}");
            prop_assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text);
        }
    }
}
