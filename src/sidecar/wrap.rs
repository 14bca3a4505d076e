//! A text in pages of a few lines, divided where a reader would take a breath.
//!
//! As few pages as can be, and among those the ones that end with a sentence, then with a clause, then at a
//! word, and are of equal length. Widths are counted in characters, as the guidelines for captions count them.

use std::ops::Range;

/// The room for a caption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Characters a line.
    pub(super) columns: usize,
    /// Lines a page.
    pub(super) lines: usize,
}

/// The cost of a part too many: more than anything else together.
const PART_COST: u64 = 1 << 40;

/// The cost of ending a part at a clause or within one, against the squared widths of two captions: two parts
/// of 130 characters cost 8450 more if all is in one of them than if they are equal. So a sentence is worth any
/// imbalance, and no balance is worth a broken clause.
const CLAUSE_COST: u64 = 10_000;
const WORD_COST: u64 = 100_000;

/// A word, or a character of a word that is longer than a line.
#[derive(Clone, Copy, Debug)]
struct Token<'t> {
    text: &'t str,
    width: usize,
    /// True if a space stands before it.
    spaced: bool,
}

/// The pages of a text, each of one line at least; a text of nothing has none.
pub(super) fn pages(text: &str, shape: Shape) -> Vec<Vec<String>> {
    let tokens = tokens(text, shape.columns);
    let fits_line = |tokens: &[Token<'_>]| width(tokens) <= shape.columns;
    let fits_page = |tokens: &[Token<'_>]| lines_needed(tokens, shape.columns) <= shape.lines;
    divide(&tokens, fits_page)
        .into_iter()
        .map(|page| {
            let page = &tokens[page];
            divide(page, fits_line).into_iter().map(|line| joined(&page[line])).collect()
        })
        .collect()
}

fn tokens(text: &str, columns: usize) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for word in text.split_whitespace() {
        let whole = Token { text: word, width: word.chars().count(), spaced: true };
        if whole.width <= columns {
            tokens.push(whole);
        } else {
            let letters = letters(word).enumerate();
            tokens.extend(letters.map(|(i, text)| Token {
                text,
                width: text.chars().count(),
                spaced: i == 0,
            }));
        }
    }
    tokens
}

/// The characters of a word, each with the marks that are drawn on it, so that no cut tears them apart.
fn letters(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices();
        chars.next()?;
        let end = chars.find(|(_, c)| !is_mark(*c)).map_or(rest.len(), |(at, _)| at);
        let (letter, after) = rest.split_at(end);
        rest = after;
        Some(letter)
    })
}

/// Combining marks, joiners and variation selectors (Unicode blocks of those names).
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// The parts of least cost of which each fits; every token by itself must fit.
fn divide(tokens: &[Token<'_>], fits: impl Fn(&[Token<'_>]) -> bool) -> Vec<Range<usize>> {
    // The least cost of the first `end` tokens, and where their last part begins.
    let mut best: Vec<(u64, usize)> = vec![(0, 0)];
    for end in 1..=tokens.len() {
        let stop = if end == tokens.len() { 0 } else { stop_cost(tokens[end - 1].text) };
        let mut least = (u64::MAX, end - 1);
        for start in (0..end).rev() {
            let part = &tokens[start..end];
            if start + 1 < end && !fits(part) {
                break;
            }
            // The sum of squares is least where the parts are equal.
            let cost = best[start].0 + PART_COST + stop + (width(part) as u64).pow(2);
            if cost < least.0 {
                least = (cost, start);
            }
        }
        best.push(least);
    }
    let mut parts = Vec::new();
    let mut end = tokens.len();
    while end > 0 {
        let start = best[end].1;
        parts.push(start..end);
        end = start;
    }
    parts.reverse();
    parts
}

/// Returns the cost of ending a part with this word.
fn stop_cost(word: &str) -> u64 {
    let last = word.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']', '」']).chars().next_back();
    match last {
        Some('.' | '!' | '?' | '…' | '。' | '！' | '？') => 0,
        Some(',' | ';' | ':' | '–' | '—' | '、' | '，' | '；' | '：') => CLAUSE_COST,
        _ => WORD_COST,
    }
}

fn width(tokens: &[Token<'_>]) -> usize {
    let spaces = tokens.iter().skip(1).filter(|token| token.spaced).count();
    tokens.iter().map(|token| token.width).sum::<usize>() + spaces
}

/// Returns the number of lines that the tokens take when each line is filled.
fn lines_needed(tokens: &[Token<'_>], columns: usize) -> usize {
    let mut lines = 0;
    let mut used = 0;
    for token in tokens {
        let with = used + token.width + usize::from(token.spaced);
        if lines == 0 || with > columns {
            lines += 1;
            used = token.width;
        } else {
            used = with;
        }
    }
    lines
}

fn joined(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    for token in tokens {
        if token.spaced && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(token.text);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, columns: usize, expected: &[&[&str]]) {
        assert_eq!(pages(text, Shape { columns, lines: 2 }), expected);
    }

    #[test]
    fn a_text_that_fits_is_one_page() {
        check("", 20, &[]);
        check("Rest here.", 20, &[&["Rest here."]]);
        check("Rest here for three slow breaths.", 20, &[&["Rest here for three", "slow breaths."]]);
    }

    #[test]
    fn a_page_ends_with_a_sentence_if_it_can() {
        check(
            "Sit tall. Close your eyes, and rest both hands in your lap.",
            20,
            &[&["Sit tall.", "Close your eyes,"], &["and rest both", "hands in your lap."]],
        );
        check(
            "Bend your knees, and roll to one side. Press both hands into the floor.",
            22,
            &[&["Bend your knees,", "and roll to one side."], &["Press both hands", "into the floor."]],
        );
    }

    #[test]
    fn a_word_longer_than_a_line_is_cut_between_letters() {
        check("abcdefghijkl", 5, &[&["abc", "def"], &["ghi", "jkl"]]);
        check("e\u{301}e\u{301}e\u{301}e\u{301}", 4, &[&["e\u{301}e\u{301}", "e\u{301}e\u{301}"]]);
        check("躺下，放松你的身体。", 7, &[&["躺下，", "放松你的身体。"]]);
    }

    proptest! {
        #[test]
        fn no_letter_is_lost_and_no_line_is_too_long(
            text in "([a-zé\u{301}。,]{1,40}[.,]? ){0,30}",
            columns in 8usize..70,
            lines in 1usize..4,
        ) {
            let pages = pages(&text, Shape { columns, lines });
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&text), bare(&pages.concat().concat()));
            for page in &pages {
                prop_assert!((1..=lines).contains(&page.len()), "{:?}", page);
                // A letter with more marks than a line has columns cannot be cut.
                let marks = text.chars().filter(|c| is_mark(*c)).count();
                prop_assert!(page.iter().all(|line| line.chars().count() <= columns + marks), "{:?}", page);
            }
        }
    }
}
