//! Did-you-mean: the known name nearest to a mistyped one.

use super::hint::{Hint, quoted};
use super::source::Spanned;

/// Letters of the longest name that is compared; a longer one was not mistyped.
const MAX_NAME_CHARS: usize = 64;

/// Names that are looked at: of ten thousand names one is as likely to be near by chance.
const MAX_CANDIDATES: usize = 2000;

/// The hint "did you mean `x`?" for the candidate nearest to `typed`, if one is near enough.
pub fn did_you_mean<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(typed, candidates).map(|name| format!("did you mean `{name}`?"))
}

/// The same for a string that is written in a file.
pub fn did_you_mean_instead<'a>(
    written: &Spanned<String>,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<Hint> {
    let name = nearest(&written.value, candidates)?;
    Some(Hint::from(format!("did you mean `{name}`?")).instead(written.span, quoted(name)))
}

/// The candidate nearest to `typed`, if one is near enough to be what was meant.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = typed.chars().take(MAX_NAME_CHARS + 1).count();
    if length > MAX_NAME_CHARS {
        return None;
    }
    let typed = typed.to_lowercase();
    candidates
        .into_iter()
        .take(MAX_CANDIDATES)
        // As many letters as are more or fewer are wrong at least.
        .filter(|name| {
            let letters = name.chars().count();
            letters <= 2 * MAX_NAME_CHARS && letters.abs_diff(length) <= (letters / 3).max(1)
        })
        .map(|name| (strsim::damerau_levenshtein(&typed, &name.to_lowercase()), name))
        // A third of the letters wrong, or two in a short word, is still a typing mistake.
        .filter(|&(distance, name)| {
            distance <= (name.chars().count() / 3).max(1) && distance < name.chars().count()
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}
