//! The section that is meant: by its title, the beginning of it, or its number.

use crate::diag::did_you_mean;

/// The index of the section that was typed, of these titles in order.
///
/// # Errors
/// Why it is none of them, or more than one: a sentence without its full stop.
pub(crate) fn section(typed: &str, titles: &[&str]) -> Result<usize, String> {
    let wanted = typed.trim().to_lowercase();
    let lower: Vec<String> = titles.iter().map(|title| title.trim().to_lowercase()).collect();
    // A title that is a number is a title; of the same ones the first is meant.
    if let Some(index) = lower.iter().position(|title| *title == wanted) {
        return Ok(index);
    }
    if let Ok(number) = wanted.parse::<usize>() {
        let there = (1..=titles.len()).contains(&number).then(|| number - 1);
        return there.ok_or_else(|| match titles.len() {
            1 => format!("there is no section {number}; there is only one"),
            many => format!("there is no section {number}; there are {many}"),
        });
    }
    let begin: Vec<usize> = (0..lower.len()).filter(|index| lower[*index].starts_with(&wanted)).collect();
    match begin.as_slice() {
        [] => {
            let hint = did_you_mean(&wanted, titles.iter().copied()).unwrap_or_else(|| list(titles));
            Err(format!("there is no section `{}`; {hint}", typed.trim()))
        }
        [first, others @ ..] if others.iter().all(|other| lower[*other] == lower[*first]) => Ok(*first),
        several => {
            let titles: Vec<&str> = several.iter().map(|index| titles[*index]).collect();
            Err(format!("`{}` could be `{}`", typed.trim(), titles.join("` or `")))
        }
    }
}

fn list(titles: &[&str]) -> String {
    format!("there are `{}`", titles.join("`, `"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: Result<usize, &str>) {
        let titles = ["Set-up", "Rest", "Roll the back", "Roll the arms", "Rest", "3"];
        assert_eq!(section(typed, &titles), expected.map_err(str::to_owned), "{typed}");
    }

    #[test]
    fn a_section_is_known_by_title_beginning_or_number() {
        check("Rest", Ok(1));
        check(" rest ", Ok(1));
        check("SET", Ok(0));
        check("re", Ok(1));
        check("roll the a", Ok(3));
        check("1", Ok(0));
        check("4", Ok(3));
        check("3", Ok(5));
    }

    #[test]
    fn what_is_none_or_more_than_one_is_explained() {
        check("roll", Err("`roll` could be `Roll the back` or `Roll the arms`"));
        check("Rets", Err("there is no section `Rets`; did you mean `Rest`?"));
        check("7", Err("there is no section 7; there are 6"));
        check("0", Err("there is no section 0; there are 6"));
        let list = "there are `Set-up`, `Rest`, `Roll the back`, `Roll the arms`, `Rest`, `3`";
        check("savasana", Err(&format!("there is no section `savasana`; {list}")));
    }
}
