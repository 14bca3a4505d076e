//! The class plan as a page to print.
//!
//! One file that needs nothing else: no script, no font, no picture. Headings and tables are marked as what they are,
//! so that a screen reader can walk through it, and nothing is told by colour alone.

use std::fmt::Write as _;

use super::{Part, Plan, Row, RowKind};
use crate::script::Role;

const STYLE: &str = include_str!("style.css");

// Writing to a string cannot fail, so the results of `write!` are left alone.
pub(super) fn html(plan: &Plan<'_>) -> String {
    let label = |english| escaped(&plan.phrases.label(english));
    let title = escaped(&plan.title);
    let mut page = String::new();
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"generator\" content=\"nidra\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n",
        escaped(&plan.language)
    );
    if let Some(description) = &plan.description {
        let _ = writeln!(page, "<p>{}</p>", escaped(description));
    }
    page.push_str("<dl>\n");
    for (name, fact) in &plan.facts {
        let _ = writeln!(page, "<div><dt>{}</dt><dd>{}</dd></div>", escaped(name), escaped(fact));
    }
    page.push_str("</dl>\n</header>\n<main>\n");
    list(&mut page, "care", &label("Take care"), &plan.cautions);
    page.push_str("<div class=\"beside\">\n");
    list(&mut page, "props", &label("Props"), &plan.props);
    glance(&mut page, plan);
    page.push_str("</div>\n");
    for (index, part) in plan.parts.iter().enumerate() {
        section(&mut page, index, part, plan);
    }
    let _ = write!(
        page,
        "</main>\n<footer>{}: {}</footer>\n</body>\n</html>\n",
        label("Track"),
        escaped(plan.track_name)
    );
    page
}

/// A list under a heading, if there is anything in it.
fn list(page: &mut String, class: &str, heading: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    let _ = writeln!(
        page,
        "<section class=\"{class}\" aria-labelledby=\"{class}\">\n<h2 id=\"{class}\">{heading}</h2>\n<ul>"
    );
    for item in items {
        let _ = writeln!(page, "<li>{}</li>", escaped(item));
    }
    page.push_str("</ul>\n</section>\n");
}

/// All parts with their times on the first page.
fn glance(page: &mut String, plan: &Plan<'_>) {
    let label = |english| escaped(&plan.phrases.label(english));
    let _ = write!(
        page,
        "<section class=\"glance\" aria-labelledby=\"glance\">\n<h2 id=\"glance\">{}</h2>\n<table>\n<thead><tr>\
         <th scope=\"col\" class=\"time\">{}</th><th scope=\"col\">{}</th><th scope=\"col\" class=\"time\">{}</th>\
         </tr></thead>\n<tbody>\n",
        label("At a glance"),
        label("Time"),
        label("Section"),
        label("Length")
    );
    for (index, part) in plan.parts.iter().enumerate() {
        let _ = writeln!(
            page,
            "<tr><td class=\"time\">{}</td><th scope=\"row\"><a href=\"#part-{}\">{}</a></th><td class=\"time\">{}</td></tr>",
            part.at,
            index + 1,
            escaped(&part.title),
            part.length
        );
    }
    page.push_str("</tbody>\n</table>\n</section>\n");
}

fn section(page: &mut String, index: usize, part: &Part, plan: &Plan<'_>) {
    let label = |english| escaped(&plan.phrases.label(english));
    let id = format!("part-{}", index + 1);
    let _ = write!(
        page,
        "<section class=\"part\" aria-labelledby=\"{id}\">\n<h2 id=\"{id}\"><span class=\"time\">{}</span> {}</h2>\n\
         <p class=\"about\">{}</p>\n",
        part.at,
        escaped(&part.title),
        escaped(&part.about)
    );
    if !part.rows.is_empty() {
        let _ = write!(
            page,
            "<table>\n<thead><tr><th scope=\"col\" class=\"time\">{}</th><th scope=\"col\" class=\"for\">{}</th>\
             <th scope=\"col\">{}</th><th scope=\"col\" class=\"time\">{}</th></tr></thead>\n<tbody>\n",
            label("Time"),
            label("For"),
            label("Words and sounds"),
            label("Then quiet")
        );
        part.rows.iter().for_each(|row| page.push_str(&table_row(row, plan)));
        page.push_str("</tbody>\n</table>\n");
    }
    page.push_str("</section>\n");
}

fn table_row(row: &Row, plan: &Plan<'_>) -> String {
    let text = escaped(&row.text);
    let (class, text) = match row.kind {
        RowKind::Words => ("words", text),
        RowKind::Sound => ("sound", text),
        RowKind::Note => ("note", format!("<b>{}:</b> {text}", escaped(&plan.phrases.label("Note")))),
    };
    let role = row.role.map_or_else(String::new, |role| {
        let class = if role == Role::Caution { "role caution" } else { "role" };
        format!("<span class=\"{class}\">{}</span>", escaped(&plan.phrases.role(role)))
    });
    format!(
        "<tr class=\"{class}\"><th scope=\"row\" class=\"time\">{}</th><td class=\"for\">{role}</td><td>{text}</td><td class=\"time\">{}</td></tr>\n",
        row.at, row.quiet
    )
}

/// A text inside an element or between double quotation marks (HTML, section 13.1).
fn escaped(text: &str) -> String {
    crate::text::escaped(text).replace('"', "&quot;")
}
