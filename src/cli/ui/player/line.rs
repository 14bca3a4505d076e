//! The one line of a terminal that tells how a session stands, for any width.
//!
//! Only ASCII of its own, because terminals disagree about how wide other signs are; titles and words are as they
//! are. What tells most stays longest when there is little room: the time left, then the chapter.

use unicode_width::UnicodeWidthStr;

use super::sentences::{clock_up, level};
use crate::playback::control::{Heard, PlayState, Status, Volume};
use crate::text::visible;
use crate::units::Millis;

/// Between two parts.
const SEPARATOR: &str = " | ";

/// From this width on there is a bar.
const LEAST_WIDTH_WITH_BAR: usize = 60;

/// From this width on it says what is heard.
const LEAST_WIDTH_WITH_HEARD: usize = 40;

/// Mark in place of the rest of a text that is cut.
const ELLIPSIS: &str = "...";

/// Returns the state of a session, in at most `width` columns.
pub(crate) fn line(status: &Status, width: usize) -> String {
    let left = format!("{} left", clock_up(status.left()));
    let bar = if width >= LEAST_WIDTH_WITH_BAR { bar(status, width / 4) } else { String::new() };
    let fixed = left.width() + bar.width() + SEPARATOR.len() + if bar.is_empty() { 0 } else { 1 };
    let room = width.saturating_sub(fixed);
    if room < 2 * ELLIPSIS.len() {
        return cut(&left, width);
    }
    let text = if width >= LEAST_WIDTH_WITH_HEARD { text(status, room) } else { cut(&lead(status), room) };
    if bar.is_empty() {
        return format!("{text}{SEPARATOR}{left}");
    }
    // What follows stays where it is while words come and go.
    let padding = room - text.width();
    format!("{text}{:padding$}{SEPARATOR}{left} {bar}", "")
}

/// Chapter and what is heard.
fn text(status: &Status, room: usize) -> String {
    let (lead, heard) = (lead(status), heard(status, room));
    let needed = heard.width() + SEPARATOR.len();
    // The chapter gives way down to a third, then the words.
    let lead = cut(&lead, room.saturating_sub(needed).max(room / 3));
    let room = room.saturating_sub(lead.width() + SEPARATOR.len());
    format!("{lead}{SEPARATOR}{}", cut(&heard, room))
}

fn lead(status: &Status) -> String {
    match status.state {
        PlayState::Playing => visible(&status.title),
        PlayState::Paused => "Paused".to_owned(),
        PlayState::NoDevice => "No audio device".to_owned(),
        PlayState::BedOnly => "The bed goes on".to_owned(),
    }
}

fn heard(status: &Status, room: usize) -> String {
    let heard = match &status.heard {
        Heard::Rest { left } if room >= LEAST_WIDTH_WITH_BAR => {
            format!("rest, {} until the next words", clock_up(*left))
        }
        Heard::Rest { left } => format!("rest, {}", clock_up(*left)),
        Heard::Speech(words) | Heard::Bell(words) | Heard::Breathing(words) => visible(words),
    };
    if status.volume == Volume::FULL {
        return heard;
    }
    format!("{}{SEPARATOR}{heard}", level(status.volume))
}

/// The whole session in so many columns.
fn bar(status: &Status, width: usize) -> String {
    let inner = width.saturating_sub(2) as u64;
    let column = |at: Millis| at.0.min(status.length.0) * inner / status.length.0.max(1);
    let done = column(status.at);
    let sign = |column| if column < done { '=' } else { '-' };
    format!("[{}]", (0..inner).map(sign).collect::<String>())
}

/// As much of a text as fits into so many columns, with dots if it is not all of it.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let dots = &ELLIPSIS[..ELLIPSIS.len().min(width)];
    let room = width - dots.len();
    // The width of signs that are joined is not the sum of theirs, so it is taken of the whole.
    let ends = text.char_indices().map(|(at, letter)| at + letter.len_utf8());
    let fits = ends.take_while(|end| text[..*end].width() <= room).last().unwrap_or(0);
    let kept = text[..fits].trim_end_matches(|letter: char| letter.is_whitespace() || letter == '\u{200d}');
    format!("{kept}{dots}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::units::Decibels;

    fn status(heard: Heard) -> Status {
        Status {
            state: PlayState::Playing,
            at: Millis(150_000),
            length: Millis(600_000),
            chapter: 1,
            chapters: 3,
            title: "Rest".to_owned(),
            heard,
            volume: Volume::FULL,
        }
    }

    fn rest() -> Status {
        status(Heard::Rest { left: Millis(129_500) })
    }

    #[track_caller]
    fn check(status: &Status, width: usize, expected: &str) {
        let line = line(status, width);
        assert_eq!(line, expected);
        assert!(line.width() <= width, "{}", line.width());
    }

    #[test]
    fn a_wide_line_has_all_and_a_bar() {
        let text = "Rest | rest, 2:10 until the next words";
        check(&rest(), 120, &format!("{text:77} | 7:30 left [=======---------------------]"));
    }

    #[test]
    fn less_room_means_less_said() {
        check(&rest(), 60, "Rest | rest, 2:10                | 7:30 left [===----------]");
        check(&rest(), 45, "Rest | rest, 2:10 | 7:30 left");
        check(&rest(), 39, "Rest | 7:30 left");
        check(&rest(), 20, "Rest | 7:30 left");
        check(&rest(), 15, "7:30 left");
        check(&rest(), 6, "7:3...");
        check(&rest(), 1, ".");
        check(&rest(), 0, "");
    }

    #[test]
    fn long_words_and_titles_give_way() {
        let words = "Let your whole weight rest on the floor, and breathe out.";
        let mut long = status(Heard::Speech(words.to_owned()));
        check(&long, 45, "Rest | Let your whole weight r... | 7:30 left");
        long.title = "A very long title of a chapter".to_owned();
        check(&long, 45, "A very l... | Let your whole w... | 7:30 left");
        check(&long, 20, "A ver... | 7:30 left");
    }

    #[test]
    fn what_is_not_as_usual_is_said_first() {
        let with = |state| Status { state, ..rest() };
        check(&with(PlayState::Paused), 30, "Paused | 7:30 left");
        check(&with(PlayState::NoDevice), 30, "No audio device | 7:30 left");
        check(&with(PlayState::BedOnly), 30, "The bed goes on | 7:30 left");
        let soft = Status { volume: Volume::new(Decibels(-6.0)), ..rest() };
        check(&soft, 50, "Rest | -6 dB | rest, 2:10 | 7:30 left");
    }

    #[test]
    fn wide_signs_take_two_columns_and_orders_to_the_terminal_are_seen() {
        let mut wide = rest();
        wide.title = "休息時間です".to_owned();
        check(&wide, 20, "休息... | 7:30 left");
        check(&wide, 18, "休... | 7:30 left");
        wide.title = "Rest\u{1b}[2J\r\nnow".to_owned();
        check(&wide, 39, r"Rest\u{1b}[2J\r\nnow | 7:30 left");
    }

    #[test]
    fn the_bar_is_empty_at_the_start_and_full_at_the_end() {
        let at = |at| bar(&Status { at: Millis(at), ..rest() }, 12);
        assert_eq!(at(0), "[----------]");
        assert_eq!(at(60_000), "[=---------]");
        assert_eq!(at(599_999), "[=========-]");
        assert_eq!(at(600_000), "[==========]");
        assert_eq!(at(700_000), "[==========]");
        assert_eq!(bar(&Status { length: Millis::ZERO, ..rest() }, 5), "[---]");
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_its_terminal(
            title in ".{0,60}", words in ".{0,200}", width in 0_usize..200, at in 0_u64..700_000,
        ) {
            let status = Status { title, at: Millis(at), ..status(Heard::Speech(words)) };
            let line = line(&status, width);
            prop_assert!(line.width() <= width, "{} columns: {line}", line.width());
            prop_assert!(!line.chars().any(char::is_control));
            prop_assert!(width < 20 || line.contains(" left"));
        }
    }
}
