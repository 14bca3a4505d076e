//! Characters that steer the program that shows them instead of being shown.
//!
//! Controls, which terminals obey (ECMA-48; C1 by UTF-8, too); marks of direction, by which a text reads otherwise
//! than it is ("Trojan Source", CVE-2021-42574; Unicode TR36, 3.5, and UAX #9); separators of lines and paragraphs;
//! and what nothing is seen of (`Default_Ignorable_Code_Point`, which UTS #39 keeps out of names), so that two names
//! look like one, tags included, in which whole sentences can hide. No flag of England, Scotland or Wales is worth
//! those: without its tags it is a black flag.

/// A text character by character, each with whether it steers where it stands.
///
/// What scripts and emoji are written with does not: joiners, breaks between words without spaces, and variation
/// selectors, each directly behind a character that it can belong to.
pub(super) fn marked(text: &str) -> impl Iterator<Item = (char, bool)> {
    text.chars().scan(' ', |before, this| {
        let belongs = match (is_joiner(this), is_selector(this)) {
            (false, false) => true,
            // A heart becomes red by a selector before it is joined.
            (true, _) => !before.is_ascii() && is_shown(*before) || is_selector(*before),
            (_, true) => is_shown(*before),
        };
        let steers = !belongs || steers(this);
        // Nothing belongs to what will not be there.
        *before = if steers { ' ' } else { this };
        Some((this, steers))
    })
}

/// True of a character that steers wherever it stands.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Directions.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Ends of lines and paragraphs.
            | '\u{2028}' | '\u{2029}'
            // Nothing is seen of these.
            | '\u{ad}' | '\u{180e}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}'
            // No characters, and no XML can hold them (XML 1.0, production 2).
            | '\u{fffe}' | '\u{ffff}')
}

/// Invisible letters that scripts need: the joiners of Arabic, Persian, the scripts of India and emoji, the break
/// between words of Khmer and Thai, the joiner of Hebrew accents, and the fillers of old Korean.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
}

/// True of a variation selector, which chooses between the shapes of the character before it.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{e0100}'..='\u{e01ef}')
}

/// True of a visible character.
fn is_shown(c: char) -> bool {
    !c.is_whitespace() && !steers(c) && !is_joiner(c) && !is_selector(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, steering: &[char]) {
        let found: Vec<char> = marked(text).filter_map(|(c, steers)| steers.then_some(c)).collect();
        assert_eq!(found, steering, "{text:?}");
    }

    #[test]
    fn words_of_every_script_are_only_shown() {
        for text in [
            "Legs up the wall – über Nacht, 5 %",
            "Détente\u{a0}: 10 min",
            "עֲשֶׂרֶת דקות",
            "راحة",
            "می\u{200c}خواهم",
            "क्\u{200d}ष और क्\u{200c}ष",
            "ശ്രീ ന്\u{200d}",
            "ភាសា\u{200b}ខ្មែរ",
            "休息時間です\u{3000}葛\u{e0100}城",
            "👩\u{200d}🦰 ❤\u{fe0f}\u{200d}🔥 1\u{fe0f}\u{20e3} 👍🏽",
            "",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn what_steers_is_found_wherever_it_stands() {
        for c in ('\0'..='\u{1f}').chain('\u{7f}'..='\u{9f}') {
            check(&format!("a{c}b{c}"), &[c, c]);
        }
        for c in
            "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{200e}\u{200f}\u{61c}"
                .chars()
        {
            check(&format!("{c}אב{c}"), &[c, c]);
        }
        for c in
            "\u{2028}\u{2029}\u{feff}\u{2060}\u{ad}\u{3164}\u{fff9}\u{fffe}\u{ffff}\u{e0001}\u{e0065}".chars()
        {
            check(&format!("é{c}ö"), &[c]);
        }
    }

    #[test]
    fn what_scripts_need_is_suspect_where_no_script_needs_it() {
        check("pay\u{200d}pal", &['\u{200d}']);
        check("\u{200c}می", &['\u{200c}']);
        check("می \u{200c}", &['\u{200c}']);
        check("می\u{200c}\u{200c}\u{200d}", &['\u{200c}', '\u{200d}']);
        check("❤\u{fe0f}\u{fe0f}\u{e0101}", &['\u{fe0f}', '\u{e0101}']);
        check("\u{fe0f}a \u{fe0f}", &['\u{fe0f}', '\u{fe0f}']);
        check("rest\u{200b}", &['\u{200b}']);
        check("🏴\u{e0067}\u{e007f}", &['\u{e0067}', '\u{e007f}']);
    }
}
