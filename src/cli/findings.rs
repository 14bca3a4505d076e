//! Findings as text: `file:line:column`, the line, a caret, and what to do.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use super::args::DenyArgs;
use super::output::say_styled;
pub(super) use super::output::{on_terminal, say};
use crate::diag::{Diagnostic, Diagnostics, FileId, Severity, SourceFile, SourceMap, Span};
use crate::text::{VisibleLines, visible};

/// Makes errors of warnings, if that was asked for.
pub(super) fn deny(diagnostics: &mut Diagnostics, args: &DenyArgs) {
    if args.deny.is_some() {
        diagnostics.iter_mut().for_each(|finding| finding.severity = Severity::Error);
    }
}

/// The findings that were printed: one of `nidra.toml` concerns all scripts, and is said once a run. A run after
/// it, in the same process, says only what is new.
#[derive(Default)]
pub(super) struct Said {
    findings: BTreeSet<String>,
    /// Of each script: its findings, and the texts they point into.
    now: BTreeMap<String, String>,
    before: BTreeMap<String, String>,
}

impl Said {
    /// Begins another run.
    pub(super) fn again(&mut self) {
        self.findings.clear();
        self.before = std::mem::take(&mut self.now);
    }

    /// The scripts whose findings were printed in this run.
    pub(super) fn news(&self) -> impl Iterator<Item = &str> {
        let is_new = |(script, all): &(&String, &String)| self.before.get(*script) != Some(*all);
        self.now.iter().filter(is_new).map(|(script, _)| script.as_str())
    }

    /// Says why there is no track, unless the run before said it.
    pub(super) fn mistake(&mut self, why: &str) {
        // Kept as if it were a script without findings: it is known by its words.
        self.now.insert(why.to_owned(), String::new());
        if !self.is_known(why) {
            say(&format!("error: {why}"));
        }
    }

    fn is_known(&self, script: &str) -> bool {
        self.before.get(script).is_some_and(|before| self.now.get(script) == Some(before))
    }
}

/// Prints all findings, but those that were printed before, and how many there are.
pub(super) fn print(diagnostics: &Diagnostics, sources: &SourceMap, script: &str, said: &mut Said) {
    let colours = on_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let renderer = if colours { Renderer::styled() } else { Renderer::plain() };
    let files = shown(diagnostics, sources);
    let texts: Vec<String> =
        diagnostics.iter().map(|finding| renderer.render(&[group(finding, &files)])).collect();
    if !texts.is_empty() {
        said.now.insert(script.to_owned(), texts.concat() + &concerned(diagnostics, sources));
    }
    if said.is_known(script) {
        return;
    }
    for text in texts {
        if said.findings.insert(text.clone()) {
            say_styled(&format!("{text}\n\n"));
        }
    }
    let count = |severity, name| match diagnostics.iter().filter(|d| d.severity == severity).count() {
        0 => None,
        1 => Some(format!("1 {name}")),
        many => Some(format!("{many} {name}s")),
    };
    let counts: Vec<String> = [count(Severity::Error, "error"), count(Severity::Warning, "warning")]
        .into_iter()
        .flatten()
        .collect();
    if !counts.is_empty() {
        say(&format!("{script}: {}.", counts.join(", ")));
    }
}

/// The texts that findings point into, once each.
fn concerned(diagnostics: &Diagnostics, sources: &SourceMap) -> String {
    let files: BTreeSet<FileId> = diagnostics.iter().map(|finding| finding.span.file).collect();
    files.into_iter().filter_map(|file| sources.get(file)).map(|file| file.text.as_str()).collect()
}

/// A file that findings point into, as it is shown.
struct Shown<'a> {
    source: &'a SourceFile,
    path: String,
    lines: VisibleLines,
}

impl Shown<'_> {
    /// Where a stretch of the file stands in what is shown.
    fn place(&self, span: Span) -> Range<usize> {
        let Range { start, end } = within(span.range(), &self.source.text);
        self.lines.at(start)..self.lines.at(end)
    }
}

/// The files of all findings.
fn shown<'a>(diagnostics: &Diagnostics, sources: &'a SourceMap) -> BTreeMap<FileId, Shown<'a>> {
    let related = |finding: &Diagnostic| finding.related.iter().map(|(span, _)| span.file).collect::<Vec<_>>();
    let files = diagnostics.iter().flat_map(|finding| [vec![finding.span.file], related(finding)].concat());
    let files: BTreeSet<FileId> = files.collect();
    let shown = |source: &'a SourceFile| Shown {
        source,
        path: visible(&source.path),
        lines: VisibleLines::of(&source.text),
    };
    files.into_iter().filter_map(|id| Some((id, shown(sources.get(id)?)))).collect()
}

fn group<'a>(finding: &Diagnostic, files: &'a BTreeMap<FileId, Shown<'_>>) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(visible(&finding.message)).id(finding.id));
    // One snippet a file, the finding's own first.
    let mut ids = vec![finding.span.file];
    ids.extend(finding.related.iter().map(|(span, _)| span.file).filter(|file| *file != finding.span.file));
    ids.dedup();
    for id in ids {
        let Some(file) = files.get(&id) else { continue };
        let mut snippet = Snippet::source(file.lines.text()).path(file.path.as_str());
        if finding.span.file == id {
            let own = AnnotationKind::Primary.span(file.place(finding.span));
            snippet = snippet.annotation(own.label(visible(&finding.label)));
        }
        for (span, label) in finding.related.iter().filter(|(span, _)| span.file == id) {
            let there = AnnotationKind::Context.span(file.place(*span));
            snippet = snippet.annotation(there.label(visible(label)));
        }
        group = group.element(snippet);
    }
    for hint in &finding.hints {
        group = group.element(Level::HELP.message(visible(hint)));
    }
    group
}

/// A range that lies on characters of the text, whatever broken TOML has made of it.
fn within(range: Range<usize>, text: &str) -> Range<usize> {
    let whole = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = whole(range.start);
    start..whole(range.end).max(start)
}

/// A finding for machines; lines and columns are counted from 1.
#[derive(Serialize)]
pub(super) struct Finding {
    severity: &'static str,
    id: &'static str,
    message: String,
    file: String,
    line: usize,
    column: usize,
    hints: Vec<String>,
}

/// All findings for machines.
pub(super) fn as_values(diagnostics: &Diagnostics, sources: &SourceMap) -> Vec<Finding> {
    let value = |finding: &Diagnostic| {
        let (file, line, column) = sources.locate(finding.span);
        Finding {
            severity: match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            id: finding.id,
            message: finding.message.clone(),
            file: file.to_owned(),
            line,
            column,
            hints: finding.hints.clone(),
        }
    };
    diagnostics.iter().map(value).collect()
}
