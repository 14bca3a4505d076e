//! The language codes that directories take: ISO 639-1, with a country or a script after it ("A Podcaster's
//! Guide to RSS", `language`).

use isolang::Language;

/// The code as feeds have it, or what the text might have meant, if that can be told.
pub(super) fn language_code(text: &str) -> Result<String, Option<&'static str>> {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    let region = parts.next();
    // `en-us`, `zh-hans`, `es-419`: a country (ISO 3166-1), a script (ISO 15924) or a region (UN M.49).
    let fits = |part: &str| match part.len() {
        2 | 4 => part.bytes().all(|b| b.is_ascii_alphabetic()),
        3 => part.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    };
    let lower = language.to_ascii_lowercase();
    if Language::from_639_1(&lower).is_some() && region.is_none_or(fits) && parts.next().is_none() {
        return Ok(text.to_ascii_lowercase());
    }
    let meant = Language::from_639_1(&lower)
        .or_else(|| Language::from_639_3(&lower))
        .or_else(|| Language::from_name_lowercase(&lower));
    Err(meant.and_then(|meant| meant.to_639_1()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_two_letters_and_perhaps_a_country() {
        let check = |text: &str, expected: Result<&str, Option<&'static str>>| {
            assert_eq!(language_code(text), expected.map(str::to_owned), "{text}");
        };
        check("en", Ok("en"));
        check("en-US", Ok("en-us"));
        check("es-419", Ok("es-419"));
        check("zh-Hans", Ok("zh-hans"));
        check("xx", Err(None));
        check("", Err(None));
        check("deu", Err(Some("de")));
        check("English", Err(Some("en")));
        check("en_US", Err(None));
        check("en-", Err(Some("en")));
        check("en-us-x", Err(Some("en")));
        check("\u{fc}", Err(None));
    }
}
