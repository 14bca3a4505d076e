//! Names of languages in two letters, as scripts give them, to names in three, as ID3 wants them.

use isolang::Language;

/// ISO 639-2 for a language that has no name: undetermined.
const UNKNOWN: &str = "und";

/// The code of a language in three letters: `eng` for `en`, `en-GB` and `eng`. It is that of ISO 639-3, which ISO
/// 639-2/T shares (`deu`, not `ger`); ID3v2.3 leaves open which of the two codes of ISO 639-2 it means.
pub(super) fn three_letters(language: &str) -> String {
    let primary = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    match Language::from_639_1(&primary) {
        Some(language) => language.to_639_3().to_owned(),
        None if primary.len() == 3 && primary.bytes().all(|b| b.is_ascii_lowercase()) => primary,
        None => UNKNOWN.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_three_letters() {
        #[track_caller]
        fn check(language: &str, three: &str) {
            assert_eq!(three_letters(language), three);
        }
        check("en", "eng");
        check("en-GB", "eng");
        check("DE", "deu");
        check("zu", "zul");
        check("aa", "aar");
        check("hi", "hin");
        check("gsw", "gsw");
        check("", "und");
        check("english", "und");
        check("xx", "und");
        check("日本語", "und");
    }
}
