//! Checks of the episodes for what a directory would refuse, made before anything is uploaded.

use std::collections::BTreeMap;

use super::keys::{DATE_HINT, MAX_LINE_CHARACTERS};
use super::kinds::Order;
use super::notes::{ChapterList, MAX_NOTES_BYTES, notes};
use super::{Episode, Podcast, Released};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::text::one_line;

/// If more episodes than this have no date, they are not named one by one.
const MAX_UNDATED_NAMED: usize = 3;

/// Adds to `diagnostics` what is wrong with the episodes of a podcast, each at [`Episode::place`].
///
/// Pictures are not judged here: `build` has their bytes, and `sidecar::inspect` says what they are. Of
/// its faults Apple refuses those of size, shape and CMYK; the others are shown by most apps.
pub fn check(podcast: &Podcast, episodes: &[Episode], diagnostics: &mut Diagnostics) {
    if episodes.is_empty() {
        let message = "a podcast has at least one episode, and this one has none";
        diagnostics.push(
            Diagnostic::error("no-episodes", podcast.span, message)
                .hint("write a script: `nidra new evening-rest`"),
        );
    }
    let undated = episodes.iter().filter(|episode| episode.date.is_none()).count();
    if undated > MAX_UNDATED_NAMED && podcast.date.is_none() {
        let message = format!("{undated} episodes have no date, by which apps sort them");
        let diagnostic = Diagnostic::error("undated-episode", podcast.span, message);
        let for_all = "here for all of them, or in each script";
        diagnostics.push(diagnostic.hint(format!("{DATE_HINT}, {for_all}")));
    }
    for episode in episodes {
        check_texts(episode, diagnostics);
        check_date(podcast, episode, undated, diagnostics);
        check_audio(episode, diagnostics);
        if podcast.order == Order::Serial && episode.number.is_none() {
            let message = format!("`{}` has no number, and a serial is heard by number", episode.title);
            let diagnostic = Diagnostic::error("unnumbered-episode", episode.place, message);
            diagnostics
                .push(diagnostic.hint("add `track = 1` to the script, or write `type = \"episodic\"`"));
        }
    }
    check_same(podcast, episodes, diagnostics);
}

fn check_texts(episode: &Episode, diagnostics: &mut Diagnostics) {
    let title = one_line(&episode.title);
    let length = title.chars().count();
    if title.is_empty() {
        diagnostics.push(Diagnostic::error("empty-text", episode.place, "the episode has no title"));
    } else if length > MAX_LINE_CHARACTERS {
        let message =
            format!("the title has {length} characters, and directories take {MAX_LINE_CHARACTERS}");
        diagnostics.push(Diagnostic::error("long-text", episode.place, message));
    }
    if let Some(written) = number_in(&title) {
        let message = format!("the title says `{written}`, and apps show the number beside it");
        let diagnostic = Diagnostic::warning("number-in-title", episode.place, message);
        diagnostics.push(diagnostic.hint("leave it out of `title`, and write `track` with the number"));
    }
    let (notes, list) = notes(episode.description.as_deref(), &episode.chapters);
    if notes.len() > MAX_NOTES_BYTES {
        let message =
            format!("the description has {} bytes, and directories take {MAX_NOTES_BYTES}", notes.len());
        diagnostics.push(Diagnostic::error("long-text", episode.place, message));
    } else if list == ChapterList::NoRoom {
        let message = "the description has no room for the list of chapters, which is left out";
        let hint =
            format!("both have {MAX_NOTES_BYTES} bytes together; without the list Spotify shows no chapters");
        diagnostics.push(Diagnostic::warning("no-room-for-chapters", episode.place, message).hint(hint));
    }
}

fn check_date(podcast: &Podcast, episode: &Episode, undated: usize, diagnostics: &mut Diagnostics) {
    if let Some(date) = episode.date.as_ref().filter(|date| Released::read(&date.value).is_none()) {
        let message = format!("`{}` is no day", date.value);
        diagnostics.push(Diagnostic::error("malformed", date.span, message).hint(DATE_HINT));
    } else if episode.released(podcast).is_none() && undated <= MAX_UNDATED_NAMED {
        let message = format!("`{}` has no date, by which apps sort episodes", episode.title);
        let diagnostic = Diagnostic::error("undated-episode", episode.place, message);
        let for_all = "or write `date` in `[podcast]`, for all episodes that have none";
        diagnostics.push(diagnostic.hint(format!("{DATE_HINT}, {for_all}")));
    }
}

fn check_audio(episode: &Episode, diagnostics: &mut Diagnostics) {
    if episode.bytes == 0 || episode.length.0 == 0 {
        let message = format!("`{}` is empty", episode.file);
        diagnostics.push(Diagnostic::error("unfit-audio", episode.place, message));
    }
}

/// Checks what only one episode may have: its guid, its file, and its number.
fn check_same(podcast: &Podcast, episodes: &[Episode], diagnostics: &mut Diagnostics) {
    let mut guids = BTreeMap::new();
    let mut files = BTreeMap::new();
    let mut numbers: BTreeMap<_, Span> = BTreeMap::new();
    for episode in episodes {
        let same_guid = format!("two episodes have the guid {}, and apps show one of them", episode.guid);
        // Many servers and disks do not tell `A.mp3` from `a.mp3`.
        let same_file = format!("two episodes have the file `{}`", episode.file);
        let first_of_guid = guids.insert(episode.guid, episode.place);
        let first_of_file = files.insert(episode.file.to_lowercase(), episode.place);
        for (first, message) in [(first_of_guid, same_guid), (first_of_file, same_file)] {
            let Some(first) = first else { continue };
            let diagnostic = Diagnostic::error("same-episode", episode.place, message);
            diagnostics.push(diagnostic.related(first, "the other one"));
        }
        let Some(number) = episode.number else { continue };
        if let Some(first) = numbers.insert(number, episode.place) {
            let message = format!("two episodes have the number {number}");
            let diagnostic = match podcast.order {
                // A number is an order only if it is one episode's, and the editions of a script are several.
                Order::Serial => Diagnostic::error("same-number", episode.place, message)
                    .hint("give each script a `track` of its own; of editions publish one: `--edition 10m`"),
                Order::Episodic if first == episode.place => continue,
                Order::Episodic => Diagnostic::warning("same-number", episode.place, message),
            };
            diagnostics.push(diagnostic.related(first, "the other one"));
        }
    }
}

/// The words of a title that are an episode's number: `Episode 5`, `Ep. 5`, `#5`, `5.`, `5 - `, `S1E5`. A
/// length, as in `5 minutes`, is none.
fn number_in(title: &str) -> Option<String> {
    let words: Vec<&str> = title.split(' ').collect();
    let bare = |word: &str| word.trim_end_matches([':', '.', ',', ')', '-']).to_lowercase();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    for (index, word) in words.iter().enumerate() {
        let first = bare(word);
        let next = words.get(index + 1).map(|next| bare(next));
        let named = ["episode", "ep", "folge"].contains(&first.as_str());
        if let Some(next) = next.as_ref().filter(|next| named && digits(next.trim_start_matches('#'))) {
            return Some(format!("{word} {next}"));
        }
        let season = first.strip_prefix('s').and_then(|rest| rest.split_once('e'));
        let leads = index == 0 && digits(&first);
        let dash = next.is_some_and(|next| ["", "\u{2013}", "\u{2014}"].contains(&next.as_str()));
        let is_number = first.strip_prefix('#').is_some_and(digits)
            || season.is_some_and(|(season, number)| digits(season) && digits(number))
            || (leads && (dash || first.len() < word.len()));
        if is_number {
            return Some((*word).to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_from_a_length() {
        let check = |title: &str, expected: Option<&str>| {
            assert_eq!(number_in(title).as_deref(), expected, "{title}")
        };
        check("Episode 5: Rest", Some("Episode 5"));
        check("Rest, episode #12", Some("episode #12"));
        check("Ep. 5 Rest", Some("Ep. 5"));
        check("#5 Rest", Some("#5"));
        check("5. Rest", Some("5."));
        check("5 - Rest", Some("5"));
        check("5 \u{2013} Rest", Some("5"));
        check("S01E05 Rest", Some("S01E05"));
        check("Folge 3", Some("Folge 3"));
        for title in [
            "5 minutes of rest",
            "5-minute rest",
            "Rest 5",
            "Three 3s",
            "See",
            "Legs up, 10m",
            "Rest at 5 - or later",
            "Take 5. Rest",
            "Deep 5",
            "",
        ] {
            check(title, None);
        }
    }
}
