//! Asking for a time of day on a terminal, key by key.

use crossterm::event::KeyCode;

use crate::cli::clock::TimeOfDay;

/// The longest that makes sense: `07:30 pm`.
const MAX_CHARS: usize = 8;

/// A time that is being typed.
#[derive(Debug, Default)]
pub(crate) struct TimePrompt {
    typed: String,
}

/// Result of a key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// There is more to come.
    More,
    /// No time is given.
    GivenUp,
    /// This one.
    Given(TimeOfDay),
    /// The reason why the text is no time: a sentence.
    Unreadable(String),
}

impl TimePrompt {
    /// Takes a key. Keys that no time is written with do nothing.
    pub(crate) fn press(&mut self, key: KeyCode) -> Answer {
        match key {
            KeyCode::Esc => return Answer::GivenUp,
            KeyCode::Enter if self.typed.trim().is_empty() => return Answer::GivenUp,
            KeyCode::Enter => {
                return TimeOfDay::parse(&self.typed).map_or_else(Answer::Unreadable, Answer::Given);
            }
            KeyCode::Backspace => drop(self.typed.pop()),
            KeyCode::Char(letter)
                if self.typed.len() < MAX_CHARS && "0123456789:. apmAPM".contains(letter) =>
            {
                self.typed.push(letter);
            }
            _ => {}
        }
        Answer::More
    }

    /// Returns the line that is shown while it is typed.
    pub(crate) fn line(&self) -> String {
        format!("End at (as in 7:30, Enter; Esc gives up): {}", self.typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(keys: &str, expected: &Answer) {
        let mut prompt = TimePrompt::default();
        let code = |key| match key {
            '\n' => KeyCode::Enter,
            '\x1b' => KeyCode::Esc,
            '\x7f' => KeyCode::Backspace,
            letter => KeyCode::Char(letter),
        };
        let answers: Vec<Answer> = keys.chars().map(|key| prompt.press(code(key))).collect();
        let (last, others) = answers.split_last().unwrap();
        assert!(others.iter().all(|answer| *answer == Answer::More), "{keys:?}");
        assert_eq!(last, expected, "{keys:?}");
    }

    #[test]
    fn a_time_is_typed_corrected_or_given_up() {
        let given = |time| Answer::Given(TimeOfDay::parse(time).unwrap());
        check("0730\n", &given("7:30"));
        check("7:30\n", &given("7:30"));
        check("7:30pm\n", &given("19:30"));
        check("7:3xyz1\x7f0\n", &given("7:30"));
        check("\x7f\x7f6:00\n", &given("6:00"));
        check("7:30\x1b", &Answer::GivenUp);
        check("\n", &Answer::GivenUp);
        check("99\n", &Answer::Unreadable(TimeOfDay::parse("99").unwrap_err()));
        check("0000000000000", &Answer::More);
    }

    #[test]
    fn what_is_typed_is_seen() {
        let mut prompt = TimePrompt::default();
        "073012345".chars().for_each(|key| assert_eq!(prompt.press(KeyCode::Char(key)), Answer::More));
        assert!(prompt.line().ends_with(": 07301234"), "{}", prompt.line());
    }
}
