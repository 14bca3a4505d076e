//! Apple's categories, the ones that every directory takes.

use crate::diag::nearest;
use crate::text::one_line;

/// Each category with its subcategories, letter for letter: case and ampersands count. ScriptSource: "Apple Podcasts
/// categories" (Apple, support page 1691), as the feed validator of the W3C has it (`itunes.py`).
const CATEGORIES: &str = include_str!("categories.txt");

/// The categories, each with its subcategories.
fn categories() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    let lines = CATEGORIES.lines().filter_map(|line| line.split_once(':'));
    lines.map(|(name, inner)| {
        (name, inner.split(',').map(str::trim).filter(|inner| !inner.is_empty()).collect())
    })
}

/// A category, and a subcategory of it if one was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category {
    /// As in `Health & Fitness`.
    pub name: &'static str,
    /// As in `Fitness`.
    pub subcategory: Option<&'static str>,
}

/// The reason why a text is no category, and the category that is meant, if that is clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoCategory {
    /// The advice on what to do about it.
    pub hint: String,
    /// The category to type.
    pub meant: Option<String>,
}

impl Category {
    /// The category that `text` names: `Health & Fitness > Fitness`, `Health & Fitness`, or `Fitness` alone,
    /// as no two have the same name. Case and spaces do not matter here, and `and` is `&`.
    ///
    /// # Errors
    /// A hint that can be typed, if there is no such category.
    pub fn parse(text: &str) -> Result<Self, NoCategory> {
        match text.split_once('>') {
            Some((name, subcategory)) => within(name, subcategory),
            None => alone(text),
        }
    }
}

fn alone(text: &str) -> Result<Category, NoCategory> {
    let typed = plain(text);
    for (name, subcategories) in categories() {
        if plain(name) == typed {
            return Ok(Category { name, subcategory: None });
        }
        if let Some(found) = subcategories.into_iter().find(|inner| plain(inner) == typed) {
            return Ok(Category { name, subcategory: Some(found) });
        }
    }
    let all = categories().flat_map(|(name, inner)| std::iter::once(name).chain(inner));
    Err(nearest(text.trim(), all).map_or_else(any, |meant| likely(meant, meant.to_owned())))
}

fn within(name: &str, subcategory: &str) -> Result<Category, NoCategory> {
    let typed = plain(name);
    let Some((name, subcategories)) = categories().find(|(known, _)| plain(known) == typed) else {
        // The subcategory may be right, and then it says which category was meant.
        return Err(alone(subcategory).map_or_else(
            |_| {
                let meant = nearest(name.trim(), categories().map(|(known, _)| known));
                meant.map_or_else(any, |meant| {
                    let whole = format!("{meant} > {}", subcategory.trim());
                    let is_one = Category::parse(&whole).is_ok();
                    NoCategory { meant: is_one.then_some(whole), ..likely(meant, String::new()) }
                })
            },
            |meant| certain(format!("{} > {}", meant.name, meant.subcategory.unwrap_or_default())),
        ));
    };
    let typed = plain(subcategory);
    if let Some(found) = subcategories.iter().copied().find(|known| plain(known) == typed) {
        return Ok(Category { name, subcategory: Some(found) });
    }
    if subcategories.is_empty() {
        let hint = format!("`{name}` has no subcategories; write `{name}`");
        return Err(NoCategory { hint, meant: Some(name.to_owned()) });
    }
    Err(nearest(subcategory.trim(), subcategories.iter().copied()).map_or_else(
        || NoCategory { hint: format!("`{name}` has: {}", subcategories.join(", ")), meant: None },
        |meant| likely(meant, format!("{name} > {meant}")),
    ))
}

fn likely(name: &str, meant: String) -> NoCategory {
    NoCategory { hint: format!("did you mean `{name}`?"), meant: Some(meant) }
}

fn certain(meant: String) -> NoCategory {
    NoCategory { hint: format!("write `{meant}`"), meant: Some(meant) }
}

fn any() -> NoCategory {
    let names: Vec<_> = categories().map(|(name, _)| name).collect();
    let hint = format!("write `Health & Fitness > Fitness`, or another of: {}", names.join(", "));
    NoCategory { hint, meant: None }
}

/// Returns the form in which names are compared.
fn plain(name: &str) -> String {
    one_line(name).to_lowercase().replace(" and ", " & ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: (&str, Option<&str>)) {
        let found = Category::parse(text).map(|found| (found.name, found.subcategory));
        assert_eq!(found, Ok(expected), "{text}");
    }

    #[track_caller]
    fn refused(text: &str, hint: &str) {
        let found = Category::parse(text).unwrap_err();
        assert!(found.hint.contains(hint), "{text}: {}", found.hint);
        assert!(found.meant.is_none_or(|meant| Category::parse(&meant).is_ok()), "{text}");
    }

    #[test]
    fn a_category_is_easy_to_type() {
        check("Health & Fitness > Fitness", ("Health & Fitness", Some("Fitness")));
        check("health and fitness>mental health", ("Health & Fitness", Some("Mental Health")));
        check("Health & Fitness", ("Health & Fitness", None));
        check("Fitness", ("Health & Fitness", Some("Fitness")));
        check("  True   Crime ", ("True Crime", None));
        check("Society & Culture > Places & Travel", ("Society & Culture", Some("Places & Travel")));
    }

    #[test]
    fn a_wrong_name_is_refused_with_what_to_type_instead() {
        refused("Fitnes", "did you mean `Fitness`?");
        refused("Yoga", "write `Health & Fitness > Fitness`, or another of: Arts, Business");
        refused("Health & Fitness > Yoga", "`Health & Fitness` has: Alternative Health, Fitness, Medicine");
        refused("Health & Fitness > Medicin", "did you mean `Medicine`?");
        refused("Health > Fitness", "write `Health & Fitness > Fitness`");
        refused("Helth & Fitness > Yoga", "did you mean `Health & Fitness`?");
        refused("Sport > Yoga", "did you mean `Sports`?");
        refused("History > Europe", "`History` has no subcategories; write `History`");
        refused("", "write `Health & Fitness > Fitness`");
        refused(" > ", "write `Health & Fitness > Fitness`");
    }

    #[test]
    fn no_two_have_the_same_name_and_there_are_as_many_as_apple_has() {
        let names = categories().flat_map(|(name, inner)| std::iter::once(name).chain(inner));
        let mut names: Vec<String> = names.map(plain).collect();
        // 19 categories and 91 subcategories.
        assert_eq!((categories().count(), names.len()), (19, 110));
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 110);
    }
}
