//! `--shard I/N`, as it is typed.

use crate::build::Shard;

/// The share of the work that `3/8` means: number 3 of 8, counted from 0.
pub(super) fn shard(typed: &str) -> Result<Shard, String> {
    let form = || "write INDEX/COUNT, as in 0/8: the first of eight shards; they count from 0".to_owned();
    let (index, count) = typed.split_once('/').ok_or_else(form)?;
    let (index, count) = (number(index).ok_or_else(form)?, number(count).ok_or_else(form)?);
    Shard::new(index, count).ok_or_else(|| match count {
        0 => "there is no such thing as none of none; write 0/1 for everything".to_owned(),
        1 => "one shard is everything; write 0/1".to_owned(),
        _ => format!("shards count from 0: of {count} they are 0/{count} to {}/{count}", count - 1),
    })
}

/// Digits only; `parse` would take a sign, too.
fn number(typed: &str) -> Option<u32> {
    typed.bytes().all(|byte| byte.is_ascii_digit()).then(|| typed.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: &str) {
        match shard(typed) {
            Ok(shard) => assert_eq!(shard.to_string(), expected),
            Err(why) => assert!(why.contains(expected), "'{why}' does not say '{expected}'"),
        }
    }

    #[test]
    fn shards_are_typed_as_index_and_count() {
        check("0/1", "0/1");
        check("3/8", "3/8");
        check("007/8", "7/8");
    }

    #[test]
    fn the_last_shard_is_one_less_than_their_number() {
        check("8/8", "shards count from 0: of 8 they are 0/8 to 7/8");
        check("9/8", "0/8 to 7/8");
        check("1/1", "write 0/1");
        check("0/0", "write 0/1 for everything");
    }

    #[test]
    fn whatever_else_is_typed_is_told_the_form() {
        for typed in ["", "3", "3 of 8", "3/", "/8", "-1/8", "+1/8", "1/8/9", "1.5/8", "1/4294967296", "a/b"]
        {
            check(typed, "write INDEX/COUNT, as in 0/8");
        }
    }
}
