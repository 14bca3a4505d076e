//! Did-you-mean: the known name nearest to a mistyped one.

/// The hint "did you mean `x`?" for the candidate nearest to `typed`, if one is near enough.
pub fn did_you_mean<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(typed, candidates).map(|name| format!("did you mean `{name}`?"))
}

/// The candidate nearest to `typed`, if one is near enough to be what was meant.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    candidates
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&typed, &name.to_lowercase()), name))
        // A third of the letters wrong, or two in a short word, is still a typing mistake.
        .filter(|&(distance, name)| {
            distance <= (name.chars().count() / 3).max(1) && distance < name.chars().count()
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}
