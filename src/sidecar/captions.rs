//! The captions and their times: they never meet, and each is shown where its words sound.
//!
//! A spoken line begins and ends with its clip, to the frame. All else gives way to it: a bell is shown until the
//! next thing begins, and what would be shown for too short a time to be read goes in front of what follows.

use super::Subject;
use super::audible::{Audible, AudibleKind, LedBy, audible};
use super::phrases::Phrases;
use super::wrap::{Shape, pages};
use crate::text::one_line;
use crate::units::{FramePos, Frames, Millis, SampleRate, div_nearest};

/// Shorter silences are not worth a caption: pauses between lines that belong together.
pub(super) const MIN_CAPTIONED_SILENCE: Millis = Millis::from_secs(10);

/// A sound that is shown for less cannot be read. 500 ms is half of what the BBC's and Netflix's guidelines ask
/// of a caption, and a bracketed word is half a caption.
const MIN_CAPTION_LENGTH: Millis = Millis(500);

/// A caption: some lines from one instant to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caption {
    pub(super) start: Millis,
    pub(super) end: Millis,
    pub(super) lines: Vec<String>,
}

/// All captions of a track, in time order, none before the end of the one before it.
pub(super) fn captions(subject: &Subject<'_>, shape: Shape) -> Vec<Caption> {
    let rate = subject.timeline.rate;
    let phrases = Phrases(&subject.session.wording);
    let all = audible(subject.timeline);
    let mut captions = Vec::new();
    for shown in settle(all.iter().filter_map(|heard| shown(heard, phrases, rate)).collect(), rate) {
        paginate(&shown, shape, rate, &mut captions);
    }
    for i in 0..captions.len() {
        // A clip of less than half a millisecond would be shown for no time, which no format allows.
        let start = captions[..i].last().map_or(Millis::ZERO, |before| before.end).max(captions[i].start);
        captions[i].start = start;
        captions[i].end = captions[i].end.max(start + Millis(1));
    }
    captions
}

/// A text from one instant to another.
#[derive(Clone, Debug, PartialEq)]
struct CaptionText {
    start: FramePos,
    end: FramePos,
    text: String,
    /// True if it may not be moved.
    spoken: bool,
}

/// Returns the text that shows something heard, if it is shown.
fn shown(heard: &Audible<'_>, phrases: Phrases<'_>, rate: SampleRate) -> Option<CaptionText> {
    let length = heard.end.saturating_since(heard.at).to_millis(rate);
    let text = match heard.what {
        AudibleKind::Line(text) => one_line(text),
        AudibleKind::Bell(_) => phrases.bells(1),
        AudibleKind::Sound(path) => phrases.sound(path),
        AudibleKind::Tone(phase) => phrases.tone(phase),
        AudibleKind::Breaths(breaths, LedBy::Nothing) => phrases.breaths(breaths, LedBy::Nothing, length),
        AudibleKind::Silence(bed) if length >= MIN_CAPTIONED_SILENCE => phrases.silence(length, bed),
        AudibleKind::Breaths(..) | AudibleKind::Silence(_) | AudibleKind::Note(_) => return None,
    };
    let spoken = matches!(heard.what, AudibleKind::Line(_));
    (!text.is_empty()).then_some(CaptionText { start: heard.at, end: heard.end, text, spoken })
}

/// Makes sounds give way to what comes after them and to the words before them.
fn settle(all: Vec<CaptionText>, rate: SampleRate) -> Vec<CaptionText> {
    let least = MIN_CAPTION_LENGTH.to_frames(rate);
    let mut settled: Vec<CaptionText> = Vec::with_capacity(all.len());
    let mut all = all.into_iter().peekable();
    while let Some(mut shown) = all.next() {
        if !shown.spoken {
            let free = settled.last().map_or(FramePos::START, |before| before.end);
            let next = all.peek().map_or(shown.end, |next| next.start);
            shown.start = shown.start.max(free);
            shown.end = shown.end.min(next);
            match all.peek_mut() {
                Some(next) if shown.end.saturating_since(shown.start) < least => {
                    next.text = format!("{} {}", shown.text, next.text);
                    continue;
                }
                _ => shown.end = shown.end.max(shown.start),
            }
        }
        settled.push(shown);
    }
    settled
}

/// The captions of one text: as many pages as it needs, each for as long as its share of the characters.
fn paginate(shown: &CaptionText, shape: Shape, rate: SampleRate, captions: &mut Vec<Caption>) {
    let pages = pages(&shown.text, shape);
    let characters = |page: &[String]| page.iter().map(|line| line.chars().count() as u64).sum::<u64>();
    let total = pages.iter().map(|page| characters(page)).sum::<u64>().max(1);
    let length = shown.end.saturating_since(shown.start);
    let at = |so_far| (shown.start + Frames(div_nearest(length.0 * so_far, total))).to_millis(rate);
    let mut so_far = 0;
    let mut parts: Vec<Caption> = Vec::with_capacity(pages.len());
    for lines in pages {
        let start = at(so_far);
        so_far += characters(&lines);
        parts.push(Caption { start, end: at(so_far), lines });
    }
    if parts.len() > 1 && parts.iter().any(|part| part.end <= part.start) {
        // There is no time to turn the page.
        let lines = parts.into_iter().flat_map(|part| part.lines).collect();
        captions.push(Caption { start: at(0), end: at(total), lines });
    } else {
        captions.append(&mut parts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: SampleRate = SampleRate::new(1000).unwrap();

    fn shown(start: u64, end: u64, text: &str) -> CaptionText {
        let spoken = !text.starts_with('[');
        CaptionText { start: FramePos(start), end: FramePos(end), text: text.to_owned(), spoken }
    }

    #[track_caller]
    fn check(all: &[(u64, u64, &str)], expected: &[(u64, u64, &str)]) {
        let settled = settle(all.iter().map(|&(start, end, text)| shown(start, end, text)).collect(), RATE);
        let got: Vec<_> = settled.iter().map(|s| (s.start.0, s.end.0, s.text.as_str())).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn a_bell_is_shown_until_the_next_thing_begins() {
        check(
            &[(0, 6000, "[bell]"), (4000, 9000, "Sit."), (9000, 20_000, "[silence]")],
            &[(0, 4000, "[bell]"), (4000, 9000, "Sit."), (9000, 20_000, "[silence]")],
        );
    }

    #[test]
    fn a_bell_with_no_time_of_its_own_goes_in_front_of_the_words() {
        check(
            &[(0, 6000, "[bell]"), (100, 6000, "[bell]"), (200, 900, "Sit.")],
            &[(200, 900, "[bell] [bell] Sit.")],
        );
    }

    #[test]
    fn words_are_never_moved() {
        check(
            &[(0, 4000, "[tone]"), (1000, 2000, "Halfway."), (1500, 4000, "[tone]")],
            &[(0, 1000, "[tone]"), (1000, 2000, "Halfway."), (2000, 4000, "[tone]")],
        );
    }

    #[test]
    fn pages_share_the_time_of_their_clip() {
        let text = "One two three four five. Six seven eight nine ten.";
        let mut captions = Vec::new();
        paginate(&shown(1000, 6000, text), Shape { columns: 16, lines: 2 }, RATE, &mut captions);
        let times: Vec<_> = captions.iter().map(|caption| (caption.start.0, caption.end.0)).collect();
        assert_eq!(times, [(1000, 3447), (3447, 6000)]);
        captions.clear();
        paginate(&shown(1000, 1001, text), Shape { columns: 13, lines: 2 }, RATE, &mut captions);
        assert_eq!(captions.len(), 1);
        assert_eq!(captions[0].lines.join(" "), text);
    }
}
