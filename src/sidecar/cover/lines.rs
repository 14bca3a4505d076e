//! A title to at most three lines as large as their box allows.
//!
//! Every width is the font's own, kerned. Must not know colours or where the box stands.

use super::typeface::{Outline, Typeface};

/// From baseline to baseline, in ems: tight, as titles are set, and still clear of an accent under a descender.
pub(super) const LEADING: f64 = 1.12;

/// No box holds more letters than this, however narrow they are, so what comes after them is not looked at.
const MAX_LETTERS: usize = 400;

/// Characters after which a line may end, besides a blank.
const HYPHENS: [char; 4] = ['-', '–', '—', '/'];

/// The box that lines have to fit into.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextBox {
    pub(super) width: f64,
    pub(super) height: f64,
    /// No letter is larger than this em.
    pub(super) largest: f64,
    /// Text that would have to be smaller than this em is cut short.
    pub(super) smallest: f64,
    pub(super) max_lines: usize,
}

/// Lines of one size.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lines {
    /// The em.
    pub(super) size: f64,
    /// From top to bottom.
    pub(super) lines: Vec<Outline>,
}

impl Lines {
    /// From the top of the first line's capitals to the last baseline.
    pub(super) fn height(&self) -> f64 {
        self.size * (super::typeface::CAPITAL + LEADING * (self.lines.len() - 1) as f64)
    }
}

/// Lines while they are chosen: the em at which they fit, and their text.
type Setting = (f64, Vec<String>);

/// Breaks `text` into lines that are as large as the box allows; `None` if the font cannot set it.
pub(super) fn fit(text: &str, within: TextBox, face: &Typeface) -> Option<Lines> {
    let text = face.settable(&text.chars().take(MAX_LETTERS).collect::<String>())?;
    let (mut size, mut lines) = broken(&text, |c| c == ' ', within, face);
    if text.contains(HYPHENS) {
        // A compound is kept together, unless that makes the whole title small: `Loving-` above `Kindness`.
        let at_hyphens = broken(&text, |c| c == ' ' || HYPHENS.contains(&c), within, face);
        if at_hyphens.0 > size * 1.35 {
            (size, lines) = at_hyphens;
        }
    }
    if size < within.smallest {
        lines = cut(&text, within, face);
    }
    let lines: Vec<Outline> = lines.iter().map(|line| face.set(line)).collect::<Option<_>>()?;
    let widest = lines.iter().map(|line| line.width).fold(0.0, f64::max);
    Some(Lines { size: size_of(widest, lines.len(), within), lines })
}

/// The best setting with line breaks only after characters of one kind.
fn broken(text: &str, may_end: impl Fn(char) -> bool, within: TextBox, face: &Typeface) -> Setting {
    let words: Vec<&str> = text.split_inclusive(may_end).collect();
    let width = |text: &str| face.set(text).map_or(0.0, |set| set.width);
    let space = width("n n") - width("nn");
    let measure =
        |word: &&str| Word { letters: width(word), blank: if word.ends_with(' ') { space } else { 0.0 } };
    let measured: Vec<Word> = words.iter().map(measure).collect();
    let mut best = (0.0, Vec::new());
    for n_lines in 1..=within.max_lines.min(words.len()) {
        let (widest, breaks) = balanced(&measured, n_lines);
        let size = size_of(widest, n_lines, within);
        // One line more must make the letters clearly larger, or it only makes the title harder to read.
        if size > best.0 * 1.25 {
            let lines = breaks.iter().map(|&(from, to)| words[from..to].concat().trim_end().to_owned());
            best = (size, lines.collect());
        }
    }
    best
}

/// The largest em at which so many lines, the widest of them `widest` ems, fit.
fn size_of(widest: f64, n_lines: usize, within: TextBox) -> f64 {
    let height = super::typeface::CAPITAL + LEADING * (n_lines - 1) as f64;
    within.largest.min(within.width / widest).min(within.height / height)
}

/// A piece of text after which a line may end: the widths of its letters and of the blank after them, in ems.
struct Word {
    letters: f64,
    blank: f64,
}

/// Breaks words into `n_lines` so that the widest line is as narrow as can be: its width and the words of each.
fn balanced(words: &[Word], n_lines: usize) -> (f64, Vec<(usize, usize)>) {
    let width = |words: &[Word]| {
        let all: f64 = words.iter().map(|word| word.letters + word.blank).sum();
        all - words.last().map_or(0.0, |last| last.blank)
    };
    if n_lines == 1 {
        return (width(words), vec![(0, words.len())]);
    }
    // The first line takes some of the words; the rest is the same question, one line less.
    let mut best = (f64::INFINITY, Vec::new());
    for first in 1..=words.len() + 1 - n_lines {
        if width(&words[..first]) > best.0 {
            break;
        }
        let (rest, breaks) = balanced(&words[first..], n_lines - 1);
        let widest = rest.max(width(&words[..first]));
        if widest < best.0 {
            let rest = breaks.iter().map(|&(from, to)| (from + first, to + first));
            best = (widest, std::iter::once((0, first)).chain(rest).collect());
        }
    }
    best
}

/// For the absurd: as many letters as fit at the smallest size, broken where the line is full, then an ellipsis.
fn cut(text: &str, within: TextBox, face: &Typeface) -> Vec<String> {
    let room = within.width / within.smallest;
    let mut lines = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let last = lines.len() == within.max_lines;
        let line = lines.last_mut().expect("there is always a line");
        let longer = format!("{line}{letter}");
        let ending = if last && letters.peek().is_some() { "…" } else { "" };
        if face.set(&format!("{longer}{ending}")).is_none_or(|set| set.width <= room) {
            *line = longer;
        } else if last {
            *line = format!("{}…", line.trim_end());
            break;
        } else {
            let full = line.trim_end().to_owned();
            // Go back to the last blank, if the line has one: words are broken only where they must be.
            let (keep, carry) = match longer.rsplit_once(' ') {
                Some((keep, carry)) if !keep.is_empty() => (keep.to_owned(), carry.to_owned()),
                _ => (full, letter.to_string()),
            };
            *line = keep;
            lines.push(carry);
        }
    }
    lines
}
