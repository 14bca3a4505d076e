//! Names that every phone, car and FAT stick can hold: small ASCII, no blanks, not too long, no device.

use std::path::{Component, Path, PathBuf};

use crate::digest::{digest_of_bytes, hex};

/// The longest name, its ending left out: head units of cars show and sort by about so much.
const MAX_NAME_LETTERS: usize = 64;

/// Names that Windows gives to devices, whatever their ending (Microsoft, "Naming Files, Paths, and Namespaces").
const DEVICE_NAMES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Devices that have a number from 1 to 9 behind their name.
const NUMBERED_DEVICE_NAMES: [&str; 2] = ["com", "lpt"];

/// The name of a track: its number in the series if it has one, its script, its edition, the values that were set.
pub(super) fn track_name(
    number: Option<u32>,
    stem: &str,
    edition: Option<&str>,
    set: &[(String, String)],
) -> String {
    let mut parts: Vec<String> = number.map(|number| format!("{number:02}")).into_iter().collect();
    parts.push(stem.to_owned());
    parts.extend(edition.map(str::to_owned));
    parts.extend(set.iter().map(|(name, value)| format!("{name}-{value}")));
    safe(&parts.join("-"))
}

/// The name of a track with that of its folder before it, for where all lie in one folder.
pub(super) fn name_with_folder(folder: &Path, name: &str) -> String {
    let mut parts: Vec<_> = folder.iter().map(|part| part.to_string_lossy()).collect();
    parts.push(name.into());
    safe(&parts.join("-"))
}

/// The folder of a track below that of all tracks: where its script is below `scripts/`.
pub(super) fn track_folder(script: &Path) -> PathBuf {
    let below = script.strip_prefix("scripts").ok().and_then(Path::parent).unwrap_or(Path::new(""));
    let names = below.components().filter_map(|component| match component {
        Component::Normal(name) => Some(safe(&name.to_string_lossy())),
        _ => None,
    });
    names.collect()
}

/// The same name for every text, and another one for another text as far as ASCII allows.
fn safe(text: &str) -> String {
    let kept =
        |c: char| if c.is_ascii_alphanumeric() || "_.".contains(c) { c.to_ascii_lowercase() } else { '-' };
    let spelled: String = deunicode::deunicode(text).chars().map(kept).collect();
    let words: Vec<&str> = spelled.split('-').filter(|word| !word.is_empty()).collect();
    let mut name = words.join("-").trim_matches(['-', '.']).to_owned();
    if name.is_empty() || is_device(&name) {
        name = format!("track-{name}").trim_end_matches('-').to_owned();
    }
    if name.len() > MAX_NAME_LETTERS {
        // Two long names that begin alike stay two.
        let rest = hex(&digest_of_bytes(name.as_bytes()), 8);
        name = format!("{}-{rest}", name[..MAX_NAME_LETTERS - 9].trim_end_matches(['-', '.']));
    }
    name
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let numbered = |device: &str| {
        stem.strip_prefix(device).is_some_and(|number| matches!(number.as_bytes(), [b'1'..=b'9']))
    };
    DEVICE_NAMES.contains(&stem) || NUMBERED_DEVICE_NAMES.iter().any(|device| numbered(device))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_small_ascii() {
        let check = |text: &str, expected: &str| assert_eq!(safe(text), expected, "{text}");
        check("Legs up the wall", "legs-up-the-wall");
        check("Légs über ночь", "legs-uber-noch");
        check("a: \"b\"/c?*", "a-b-c");
        check("  ..rest.. ", "rest");
        check("con", "track-con");
        check("COM1.old", "track-com1.old");
        check("com0", "com0");
        check("--", "track");
        check(&"long ".repeat(20), "long-long-long-long-long-long-long-long-long-long-long-9d9b747b");
    }

    #[test]
    fn a_track_is_named_after_what_it_is() {
        let set = [("hold".to_owned(), "7.5m".to_owned())];
        assert_eq!(track_name(None, "Rest", Some("5m"), &[]), "rest-5m");
        assert_eq!(track_name(Some(7), "rest", None, &set), "07-rest-hold-7.5m");
    }

    #[test]
    fn tracks_lie_as_their_scripts_do() {
        let check =
            |script: &str, expected: &str| assert_eq!(track_folder(Path::new(script)), Path::new(expected));
        check("scripts/rest.toml", "");
        check("scripts/Evening Sits/été/rest.toml", "evening-sits/ete");
        check("elsewhere/rest.toml", "");
        check("/tmp/scripts/rest.toml", "");
    }

    proptest! {
        #[test]
        fn every_name_is_fit_for_fat(text in "\\PC{0,90}") {
            let name = safe(&text);
            prop_assert!(!name.is_empty() && name.len() <= MAX_NAME_LETTERS);
            prop_assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c)));
            prop_assert!(!name.starts_with('.') && !name.ends_with('.') && !is_device(&name));
            prop_assert_eq!(safe(&name), name.clone());
        }
    }
}
