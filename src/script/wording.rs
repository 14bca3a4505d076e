//! The words that nidra says of its own accord, in the language of the session.
//!
//! nidra counts in English. A script in another language brings the words it needs in `[words]`, and
//! what it does not bring is an error: nothing is ever said in the wrong language.

use std::collections::BTreeMap;

/// The words of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    language: String,
    words: BTreeMap<String, String>,
}

/// The reason why a text cannot be said at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsaid {
    /// A name that means nothing there.
    NoValue(&'static str),
    /// English words that the session's language has no words for.
    NoWords(String),
}

impl Wording {
    /// The words of a language, by what they are in English.
    pub fn new(language: &str, words: BTreeMap<String, String>) -> Self {
        Self { language: language.to_owned(), words }
    }

    /// True if nidra's own words are those of the session.
    pub fn is_english(&self) -> bool {
        self.language == "en" || self.language.starts_with("en-")
    }

    /// English words in the language of the session.
    ///
    /// # Errors
    /// If it is another language, and the script has no words for them.
    pub fn say(&self, english: &str) -> Result<String, Unsaid> {
        match self.words.get(english) {
            Some(words) => Ok(words.clone()),
            None if self.is_english() => Ok(english.to_owned()),
            None => Err(Unsaid::NoWords(english.to_owned())),
        }
    }

    /// The code of the language.
    pub fn language(&self) -> &str {
        &self.language
    }
}
