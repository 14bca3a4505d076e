//! Spoken text with `{names}` in it.
//!
//! Parameters become words as soon as they are bound; what only the compiled timeline knows
//! (`{left}`, `{total}`...) stays a [`Piece`] until then, so that a track cannot say a number its
//! clock contradicts.

use super::wording::{Unsaid, Wording};
use super::words;
use crate::units::Millis;

/// A text in pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(pub Vec<Piece>);

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Said as it stands.
    Words(String),
    /// The value of a parameter, in English words.
    Value(String),
    /// `{side}`: the side of this pass.
    Side,
    /// `{other_side}`: the other one.
    OtherSide,
    /// `{round}`: which round this is.
    Round,
    /// `{rounds}`: how many there are.
    Rounds,
    /// `{total}`: the length of all counted sections.
    Total,
    /// `{left}`: from the start of this cue to the end of its pass.
    Left,
    /// `{length}`: the length of this pass.
    Length,
}

/// The names that every text can use.
pub(crate) const BUILT_IN: [(&str, Piece); 7] = [
    ("side", Piece::Side),
    ("other_side", Piece::OtherSide),
    ("round", Piece::Round),
    ("rounds", Piece::Rounds),
    ("total", Piece::Total),
    ("left", Piece::Left),
    ("length", Piece::Length),
];

/// The facts that the timeline knows about the place of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The side of this pass and the other one.
    pub sides: Option<(String, String)>,
    /// The round, from 1, and the number of rounds.
    pub round: Option<(u32, u32)>,
    /// The length of all counted sections.
    pub total: Millis,
    /// From the start of this cue to the end of its pass.
    pub left: Millis,
    /// The length of this pass.
    pub length: Millis,
}

impl Text {
    /// Its weight in a session, in short lines: lines that are repeated must not fill the memory.
    pub(crate) fn weight(&self) -> usize {
        /// Letters of a short line.
        const SHORT_LINE_LETTERS: usize = 50;
        let of = |piece: &Piece| match piece {
            Piece::Words(words) => words.len() / SHORT_LINE_LETTERS,
            _ => 1,
        };
        self.0.iter().map(of).sum()
    }

    /// A text without names.
    pub fn plain(words: impl Into<String>) -> Self {
        Self(vec![Piece::Words(words.into())])
    }

    /// The text as it is said at a place, in the language of the session.
    ///
    /// # Errors
    /// `{side}` outside `sides`, `{round}` outside `repeat`, a length of nothing, or a number that the
    /// session's language has no words for.
    pub fn resolve(&self, facts: &Facts, wording: &Wording) -> Result<String, Unsaid> {
        let nothing = |name| move || Unsaid::NoValue(name);
        let sides = |name| facts.sides.as_ref().ok_or_else(nothing(name));
        let round = |name| facts.round.ok_or_else(nothing(name));
        let time = |time, name| whole_seconds(time).ok_or_else(nothing(name));
        let mut said = String::new();
        for piece in &self.0 {
            said += &match piece {
                Piece::Words(words) => words.clone(),
                Piece::Side => sides("side")?.0.clone(),
                Piece::OtherSide => sides("other_side")?.1.clone(),
                Piece::Value(english) => wording.say(english)?,
                Piece::Round => wording.say(&words::number(round("round")?.0.into()))?,
                Piece::Rounds => wording.say(&words::number(round("rounds")?.1.into()))?,
                Piece::Total => wording.say(&time(facts.total, "total")?)?,
                Piece::Left => wording.say(&time(facts.left, "left")?)?,
                Piece::Length => wording.say(&time(facts.length, "length")?)?,
            };
        }
        Ok(match self.0.first() {
            Some(Piece::Words(_)) | None => said,
            Some(_) => words::capitalised(&said),
        })
    }
}

/// To the nearest second: half a second is less than the time it takes to say one.
fn whole_seconds(time: Millis) -> Option<String> {
    words::length(Millis((time.0 + 500) / 1000 * 1000))
}

/// A piece of a text as written: words, or the name between braces and where it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written<'t> {
    Words(String),
    Name { name: &'t str, at: usize },
    Unclosed { at: usize },
}

/// Splits a text at its `{names}`; `{{` and `}}` are braces that are meant.
pub(crate) fn split(text: &str) -> Vec<Written<'_>> {
    let mut pieces = Vec::new();
    let mut words = String::new();
    let mut at = 0;
    // Behind the last one no brace is closed, and none is looked for.
    let last_close = text.rfind('}').unwrap_or(0);
    while let Some(next) = text[at..].find(['{', '}']) {
        words.push_str(&text[at..at + next]);
        at += next;
        let rest = &text[at..];
        if rest.starts_with("{{") || rest.starts_with("}}") {
            words.push_str(&rest[..1]);
            at += 2;
            continue;
        }
        let is_closed = rest.starts_with('{') && at < last_close;
        match is_closed.then(|| rest.find('}')).flatten() {
            Some(close) => {
                if !words.is_empty() {
                    pieces.push(Written::Words(std::mem::take(&mut words)));
                }
                pieces.push(Written::Name { name: rest[1..close].trim(), at });
                at += close + 1;
            }
            None => {
                pieces.push(Written::Unclosed { at });
                at += 1;
            }
        }
    }
    words.push_str(&text[at..]);
    if !words.is_empty() {
        pieces.push(Written::Words(words));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_between_braces() {
        let name = |name, at| Written::Name { name, at };
        let words = |w: &str| Written::Words(w.to_owned());
        assert_eq!(split("Rest for {hold}."), [words("Rest for "), name("hold", 9), words(".")]);
        assert_eq!(split("{{not}} a name"), [words("{not} a name")]);
        assert_eq!(split("open {hold"), [Written::Unclosed { at: 5 }, words("open hold")]);
    }

    #[test]
    fn a_text_says_what_the_clock_says() {
        let text = Text(vec![Piece::Left, Piece::Words(" left.".into())]);
        let facts = Facts { left: Millis(59_700), ..Facts::default() };
        let english = Wording::new("en", Default::default());
        assert_eq!(text.resolve(&facts, &english).as_deref(), Ok("One minute left."));
        assert_eq!(Text(vec![Piece::Side]).resolve(&facts, &english), Err(Unsaid::NoValue("side")));
        let german = Wording::new("de", [("one minute".to_owned(), "eine Minute".to_owned())].into());
        assert_eq!(text.resolve(&facts, &german).as_deref(), Ok("Eine Minute left."));
        let none = Wording::new("de", Default::default());
        assert_eq!(text.resolve(&facts, &none), Err(Unsaid::NoWords("one minute".into())));
    }
}
