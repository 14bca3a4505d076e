//! Numbers and lengths of time in words, so that a voice can say them.

use crate::units::Millis;

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// A whole number below a million in English words: `forty-two`, `one hundred and five`.
pub fn number(n: u64) -> String {
    match n {
        0..=19 => SMALL[n as usize].to_owned(),
        20..=99 if n.is_multiple_of(10) => TENS[n as usize / 10].to_owned(),
        20..=99 => format!("{}-{}", TENS[n as usize / 10], SMALL[n as usize % 10]),
        100..=999_999 => {
            let (size, name) = if n < 1000 { (100, "hundred") } else { (1000, "thousand") };
            let head = format!("{} {name}", number(n / size));
            match n % size {
                0 => head,
                rest if rest < 100 => format!("{head} and {}", number(rest)),
                rest => format!("{head} {}", number(rest)),
            }
        }
        _ => n.to_string(),
    }
}

/// A length of time in English words, to the second: `ten minutes`, `one minute and thirty seconds`.
///
/// `None` if it is more than half a second away from every whole second, which cannot happen for
/// lengths that authors write, or if it is nothing at all.
pub fn length(time: Millis) -> Option<String> {
    if !time.0.is_multiple_of(1000) || time == Millis::ZERO {
        return None;
    }
    let seconds = time.0 / 1000;
    let parts: Vec<String> =
        [(seconds / 3600, "hour"), (seconds / 60 % 60, "minute"), (seconds % 60, "second")]
            .into_iter()
            .filter(|&(n, _)| n > 0)
            .map(|(n, unit)| format!("{} {unit}{}", number(n), if n == 1 { "" } else { "s" }))
            .collect();
    Some(match parts.as_slice() {
        [head @ .., last] if !head.is_empty() => format!("{} and {last}", head.join(" ")),
        _ => parts.concat(),
    })
}

/// The first letter large, as at the start of a sentence.
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_as_people_say_them() {
        for (n, words) in [
            (0, "zero"),
            (15, "fifteen"),
            (20, "twenty"),
            (42, "forty-two"),
            (105, "one hundred and five"),
            (1250, "one thousand two hundred and fifty"),
        ] {
            assert_eq!(number(n), words);
        }
    }

    #[test]
    fn lengths_are_said_to_the_second() {
        for (ms, words) in [
            (600_000, Some("ten minutes")),
            (60_000, Some("one minute")),
            (90_000, Some("one minute and thirty seconds")),
            (5_400_000, Some("one hour and thirty minutes")),
            (3_723_000, Some("one hour two minutes and three seconds")),
            (1500, None),
            (0, None),
        ] {
            assert_eq!(length(Millis(ms)).as_deref(), words);
        }
    }
}
