//! The class plan in Markdown.

use std::fmt::Write as _;

use super::{Plan, Row, RowKind};

// Writing to a string cannot fail, so the results of `write!` are left alone.
pub(super) fn markdown(plan: &Plan<'_>) -> String {
    let label = |english| escaped(&plan.phrases.label(english));
    let mut text = format!("# {}\n", escaped(&plan.title));
    if let Some(description) = &plan.description {
        let _ = write!(text, "\n{}\n", escaped(description));
    }
    text.push('\n');
    for (name, fact) in &plan.facts {
        let _ = writeln!(text, "- **{}:** {}", escaped(name), escaped(fact));
    }
    if !plan.cautions.is_empty() {
        let _ = write!(text, "\n> **{}**\n>\n", label("Take care"));
        plan.cautions.iter().for_each(|caution| {
            let _ = writeln!(text, "> - {}", escaped(caution));
        });
    }
    if !plan.props.is_empty() {
        let _ = write!(text, "\n## {}\n\n", label("Props"));
        plan.props.iter().for_each(|prop| {
            let _ = writeln!(text, "- [ ] {}", escaped(prop));
        });
    }
    let (time, length) = (label("Time"), label("Length"));
    let _ = write!(text, "\n## {}\n\n| {time} | {} | {length} |\n", label("At a glance"), label("Section"));
    text.push_str("| ---: | --- | ---: |\n");
    for part in &plan.parts {
        let _ = writeln!(text, "| {} | {} | {} |", part.at, escaped(&part.title), part.length);
    }
    for part in &plan.parts {
        let _ = write!(text, "\n## {} {}\n\n{}\n", part.at, escaped(&part.title), escaped(&part.about));
        if !part.rows.is_empty() {
            let (purpose, words, quiet) = (label("For"), label("Words and sounds"), label("Then quiet"));
            let _ =
                write!(text, "\n| {time} | {purpose} | {words} | {quiet} |\n| ---: | --- | --- | ---: |\n");
            part.rows.iter().for_each(|row| text.push_str(&table_row(row, plan)));
        }
    }
    let _ = write!(
        text,
        "\n---\n\n{}\n",
        escaped(&format!("{}: {}", plan.phrases.label("Track"), plan.track_name))
    );
    text
}

fn table_row(row: &Row, plan: &Plan<'_>) -> String {
    let role = row.role.map(|role| format!("**{}**", escaped(&plan.phrases.role(role)))).unwrap_or_default();
    let text = escaped(&row.text);
    let text = match row.kind {
        RowKind::Words => text,
        RowKind::Sound => format!("*{text}*"),
        RowKind::Note => format!("**{}:** {text}", escaped(&plan.phrases.label("Note"))),
    };
    format!("| {} | {role} | {text} | {} |\n", row.at, row.quiet)
}

/// A text without the characters that mean something inside a line (CommonMark 0.31, section 2.4), nor at the start
/// of one, where a number with a full stop would begin a list.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '&' | '~') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    if escaped.starts_with(['#', '+', '-', '=']) {
        escaped.insert(0, '\\');
    }
    let digits = escaped.chars().take_while(char::is_ascii_digit).count();
    if digits > 0 && escaped[digits..].starts_with(['.', ')']) {
        escaped.insert(digits, '\\');
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(escaped(text), expected);
    }

    #[test]
    fn what_would_be_markup_is_text() {
        check("Sit tall.", "Sit tall.");
        check("a *b* | <c> & [d] _e_", r"a \*b\* \| \<c\> \& \[d\] \_e\_");
        check("1. Sit", r"1\. Sit");
        check("- Sit", r"\- Sit");
        check("10 breaths", "10 breaths");
    }
}
