//! The texts that nidra writes of its own accord, in the words of the session.
//!
//! English where the session is English. In another language the script's `[words]` are asked for the same
//! English words; what they do not have is a sign or a time in figures, never the wrong language in a caption.
//! The class plan is read by the teacher, not heard by the listeners: its labels fall back to English.

use super::audible::LedBy;
use super::clock;
use crate::audio::BreathPhase;
use crate::script::words;
use crate::script::{Role, Wording};
use crate::text::one_line;
use crate::units::{Millis, div_nearest};

/// The words of a session.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phrases<'a>(pub(super) &'a Wording);

impl Phrases<'_> {
    fn say(self, english: &str) -> Option<String> {
        self.0.say(english).ok().map(|words| one_line(&words))
    }

    /// A label of the class plan.
    pub(super) fn label(self, english: &str) -> String {
        self.say(english).unwrap_or_else(|| english.to_owned())
    }

    /// So many strikes in a row: `[bell]`, `[three bells]`.
    pub(super) fn bells(self, strikes: usize) -> String {
        let english = match strikes {
            1 => "bell".to_owned(),
            _ => format!("{} bells", words::number(strikes as u64)),
        };
        let sign = || match strikes {
            1 => self.say("bell").unwrap_or_else(|| "♪".to_owned()),
            _ => format!("{} × {strikes}", self.say("bell").unwrap_or_else(|| "♪".to_owned())),
        };
        format!("[{}]", self.say(&english).unwrap_or_else(sign))
    }

    /// A file that is no speech, by its name: `[rain stick]`.
    pub(super) fn sound(self, path: &str) -> String {
        format!("[♪ {}]", readable(path))
    }

    /// `[ten minutes of silence]`, or `[ten minutes of rain]` where a bed sounds.
    pub(super) fn silence(self, length: Millis, bed: Option<&str>) -> String {
        let of = bed.map_or_else(|| "silence".to_owned(), readable);
        let time = words::length(rounded(length));
        let whole = time.as_ref().and_then(|time| self.say(&format!("{time} of {of}")));
        let text = whole.unwrap_or_else(|| {
            let time = time.and_then(|time| self.say(&time)).unwrap_or_else(|| clock::length(length));
            format!("{} {time}", self.say(&of).map_or_else(|| "…".to_owned(), |of| format!("{of},")))
        });
        format!("[{text}]")
    }

    /// Breaths as one thing: `[3 breaths]`, `[3 breaths with a tone]`.
    pub(super) fn breaths(self, breaths: &str, led: LedBy, length: Millis) -> String {
        let english = match led {
            LedBy::Tone => format!("{breaths} with a tone"),
            LedBy::Voice | LedBy::Nothing => breaths.to_owned(),
        };
        let sign = || match led {
            LedBy::Tone => format!("♪ {}", clock::length(length)),
            LedBy::Voice | LedBy::Nothing => format!("… {}", clock::length(length)),
        };
        format!("[{}]", self.say(&english).unwrap_or_else(sign))
    }

    /// The tone of one phase. What it tells by its pitch is told in the words a voice would lead it with.
    pub(super) fn tone(self, phase: BreathPhase) -> String {
        let (english, sign) = match phase {
            BreathPhase::In => ("Breathe in.", "↑"),
            BreathPhase::Hold => ("Hold.", "–"),
            BreathPhase::Out => ("Breathe out.", "↓"),
            BreathPhase::Rest => ("Rest.", "–"),
        };
        let words = self.say(english).unwrap_or_else(|| sign.to_owned());
        format!("[♪ {}]", words.trim_end_matches('.'))
    }

    /// Returns the label of a cue's role, in the class plan.
    pub(super) fn role(self, role: Role) -> String {
        self.label(match role {
            Role::Setup => "Set up",
            Role::Enter => "Go in",
            Role::Hold => "Stay",
            Role::Exit => "Come out",
            Role::Caution => "Caution",
            Role::Option => "Option",
        })
    }
}

/// The name of a sound as people would write it: `sounds/rain-stick.wav` is "rain stick".
pub(super) fn readable(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    one_line(&stem.replace(['-', '_'], " "))
}

/// A length as people say it. Under a minute it is exact to the second; a rest of ten minutes in which "I will be
/// quiet now for ten minutes" is said first leaves 9:53 of silence, which no listener would call anything but ten.
fn rounded(length: Millis) -> Millis {
    let step = match length.0 {
        0..60_000 => 1000,
        60_000..600_000 => 30_000,
        _ => 60_000,
    };
    // 9:53 belongs to the finer step, and its nearest half minute is ten minutes.
    Millis(div_nearest(length.0, step) * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(phrase: impl Fn(Phrases<'_>) -> String, language: &str, words: &[(&str, &str)], expected: &str) {
        let words =
            words.iter().map(|(english, other)| ((*english).to_owned(), (*other).to_owned())).collect();
        assert_eq!(phrase(Phrases(&Wording::new(language, words))), expected);
    }

    #[test]
    fn a_silence_is_as_long_as_people_would_say() {
        for (ms, expected) in [
            (12_000, "[twelve seconds of silence]"),
            (59_900, "[one minute of silence]"),
            (100_000, "[one minute and thirty seconds of silence]"),
            (293_190, "[five minutes of silence]"),
            (593_280, "[ten minutes of silence]"),
            (5_400_000, "[one hour and thirty minutes of silence]"),
        ] {
            check(|phrases| phrases.silence(Millis(ms), None), "en", &[], expected);
        }
        let rain = |phrases: Phrases<'_>| phrases.silence(Millis(120_000), Some("sounds/soft_rain.wav"));
        check(rain, "en-GB", &[], "[two minutes of soft rain]");
    }

    #[test]
    fn another_language_is_never_captioned_in_english() {
        let silence = |phrases: Phrases<'_>| phrases.silence(Millis(600_000), None);
        check(silence, "de", &[], "[… 10:00]");
        check(silence, "de", &[("silence", "Stille")], "[Stille, 10:00]");
        let parts = [("silence", "Stille"), ("ten minutes", "zehn Minuten")];
        check(silence, "de", &parts, "[Stille, zehn Minuten]");
        let whole = [("ten minutes of silence", "zehn Minuten Stille")];
        check(silence, "de", &whole, "[zehn Minuten Stille]");
        check(|phrases| phrases.bells(1), "de", &[], "[♪]");
        check(|phrases| phrases.bells(3), "de", &[("bell", "Glocke")], "[Glocke × 3]");
        check(|phrases| phrases.bells(3), "en", &[], "[three bells]");
        check(|phrases| phrases.tone(BreathPhase::In), "de", &[("Breathe in.", "Einatmen.")], "[♪ Einatmen]");
        check(|phrases| phrases.tone(BreathPhase::Out), "de", &[], "[♪ ↓]");
        let breaths = |phrases: Phrases<'_>| phrases.breaths("3 breaths", LedBy::Tone, Millis(30_000));
        check(breaths, "de", &[], "[♪ 0:30]");
        check(breaths, "en", &[], "[3 breaths with a tone]");
    }
}
