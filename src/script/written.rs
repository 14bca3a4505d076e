//! Times and offsets as scripts write them: what `time` reads, exact to the millisecond.

use super::model::At;
use crate::units::Millis;

/// A time as `time` reads it, exact to the millisecond.
pub(crate) fn written(time: Millis) -> String {
    let (hours, minutes, ms) = (time.0 / 3_600_000, time.0 / 60_000 % 60, time.0 % 60_000);
    let mut parts = Vec::new();
    if hours > 0 {
        parts.push(format!("{hours}h"));
    }
    if minutes > 0 {
        parts.push(format!("{minutes}m"));
    }
    if ms > 0 || parts.is_empty() {
        parts.push(format!("{}s", thousandths(ms)));
    }
    parts.join(" ")
}

/// A number of thousandths as a decimal, as in `1.5`.
fn thousandths(count: u64) -> String {
    let decimals = format!("{:03}", count % 1000);
    let decimals = decimals.trim_end_matches('0');
    let point = if decimals.is_empty() { "" } else { "." };
    format!("{}{point}{decimals}", count / 1000)
}

/// An offset as `at` reads it.
pub(crate) fn written_at(offset: At) -> String {
    match offset {
        At::FromStart(time) => written(time),
        At::BeforeEnd(time) => format!("-{}", written(time)),
        At::Share { millipercent } => {
            format!("{}%", thousandths(millipercent))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::time::{at, time};
    use super::*;

    #[test]
    fn a_time_that_is_written_is_read_again() {
        for ms in [0, 7, 1000, 26_784, 60_000, 90_500, 207_000, 3_600_000, 3_723_004, 86_400_000] {
            assert_eq!(time(&written(Millis(ms)), Millis(1)), Ok(Millis(ms)), "{}", written(Millis(ms)));
        }
        for offset in
            [At::FromStart(Millis(1500)), At::BeforeEnd(Millis(90_001)), At::Share { millipercent: 33_340 }]
        {
            assert_eq!(at(&written_at(offset), Millis(1)), Ok(offset));
        }
    }
}
