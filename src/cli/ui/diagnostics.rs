//! Diagnostics as text: `file:line:column`, the line, a caret, and what to do.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use super::excerpt::{Excerpt, excerpts};
use super::output::{counted, say_all, say_styled};
pub(crate) use super::output::{on_terminal, say};
use crate::build::PROJECT_FILE;
use crate::cli::args::DenyArgs;
use crate::cli::exit::{Exit, Failure};
use crate::diag::{Diagnostic, Diagnostics, Edit, FileId, Severity, SourceMap};
use crate::text::visible;

/// Says why a run, or a part of it, failed, and returns how that counts. A reader that has got what it wanted, as in
/// `nidra show x | head`, is no failure.
pub(crate) fn say_failure(error: &anyhow::Error) -> Exit {
    if is_broken_pipe(error) {
        return Exit::Well;
    }
    let failure = error.downcast_ref::<Failure>();
    let why = format!("{error:#}");
    if !why.is_empty() {
        let help = failure.map_or("", |failure| failure.help);
        say_all([format!("error: {why}").as_str()].into_iter().chain(help.lines()));
    }
    failure.map_or(Exit::Failed, |failure| failure.exit)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let kind =
        |cause: &(dyn std::error::Error + 'static)| cause.downcast_ref::<io::Error>().map(io::Error::kind);
    error.chain().any(|cause| kind(cause) == Some(io::ErrorKind::BrokenPipe))
}

/// Makes errors of warnings, if that was asked for.
pub(crate) fn deny(diagnostics: &mut Diagnostics, args: &DenyArgs) {
    if args.deny.is_some() {
        diagnostics.iter_mut().for_each(|diagnostic| diagnostic.severity = Severity::Error);
    }
}

/// The diagnostics that were printed: one of `nidra.toml` concerns all scripts, and is said once a run. A run after
/// it, in the same process, says only what is new.
#[derive(Default)]
pub(crate) struct PrintedDiagnostics {
    diagnostics: BTreeSet<String>,
    /// Of each script: its diagnostics, and the texts they point into.
    now: BTreeMap<String, String>,
    before: BTreeMap<String, String>,
}

impl PrintedDiagnostics {
    /// Begins another run.
    pub(crate) fn again(&mut self) {
        self.diagnostics.clear();
        self.before = std::mem::take(&mut self.now);
    }

    /// The scripts whose diagnostics were printed in this run.
    pub(crate) fn news(&self) -> impl Iterator<Item = &str> {
        let is_new = |(script, all): &(&String, &String)| self.before.get(*script) != Some(*all);
        self.now.iter().filter(is_new).map(|(script, _)| script.as_str())
    }

    /// Says why there is no track, unless the run before said it.
    pub(crate) fn mistake(&mut self, why: &str) {
        // Kept as if it were a script without diagnostics: it is known by its words.
        self.now.insert(why.to_owned(), String::new());
        if !self.is_known(why) {
            say(&format!("error: {why}"));
        }
    }

    fn is_known(&self, script: &str) -> bool {
        self.before.get(script).is_some_and(|before| self.now.get(script) == Some(before))
    }
}

/// Prints all diagnostics, but those that were printed before, and how many there are. Those of `nidra.toml` are said
/// once, in its own name.
pub(crate) fn print(
    diagnostics: &Diagnostics,
    sources: &SourceMap,
    script: &str,
    said: &mut PrintedDiagnostics,
) {
    if diagnostics.is_empty() {
        return;
    }
    let colours = on_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let renderer = if colours { Renderer::styled() } else { Renderer::plain() };
    let texts: Vec<String> =
        diagnostics.iter().map(|diagnostic| rendered(diagnostic, sources, &renderer)).collect();
    said.now.insert(script.to_owned(), texts.concat() + &concerned(diagnostics, sources));
    if said.is_known(script) {
        return;
    }
    let (mut of_project, mut of_script) = (Vec::new(), Vec::new());
    for (diagnostic, text) in diagnostics.iter().zip(texts) {
        let is_new = said.diagnostics.insert(text.clone());
        if is_new {
            say_styled(&format!("{text}\n\n"));
        }
        match sources.get(diagnostic.span.file).is_some_and(|file| file.path == PROJECT_FILE) {
            true if is_new => of_project.push(diagnostic.severity),
            true => {}
            false => of_script.push(diagnostic.severity),
        }
    }
    say_counts(PROJECT_FILE, &of_project);
    say_counts(script, &of_script);
}

/// Says how many diagnostics a file has, if it has any.
fn say_counts(file: &str, severities: &[Severity]) {
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning")].map(|(severity, name)| {
        let count = severities.iter().filter(|other| **other == severity).count();
        (count > 0).then(|| counted(count, name))
    });
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    if !counts.is_empty() {
        say(&format!("{file}: {}.", counts.join(", ")));
    }
}

/// A rendered diagnostic with another place in the line that names the file, after its arrow.
fn with_place(text: &str, shown: &str, place: &str) -> String {
    let names =
        |line: &&str| line.trim_end().ends_with(shown) && (line.contains("--> ") || line.contains("::: "));
    match text.split_inclusive('\n').find(names) {
        Some(line) => text.replacen(line, &line.replacen(shown, place, 1), 1),
        None => text.to_owned(),
    }
}

/// The texts that diagnostics point into, once each.
fn concerned(diagnostics: &Diagnostics, sources: &SourceMap) -> String {
    let files: BTreeSet<FileId> = diagnostics.iter().map(|diagnostic| diagnostic.span.file).collect();
    files.into_iter().filter_map(|file| sources.get(file)).map(|file| file.text.as_str()).collect()
}

/// A diagnostic as text. Columns are counted in the file, where an editor will go.
fn rendered(diagnostic: &Diagnostic, sources: &SourceMap, renderer: &Renderer) -> String {
    let excerpts = excerpts(sources, &diagnostic.spans().collect::<Vec<_>>());
    let text = renderer.render(&[group(diagnostic, &excerpts)]);
    let places =
        excerpts.iter().flat_map(|excerpt| excerpt.spans.iter().map(|span| (excerpt.place(span), span)));
    places
        .filter(|(shown, span)| *shown != span.written)
        .fold(text, |text, (shown, span)| with_place(&text, &shown, &span.written))
}

/// A diagnostic in visible words. The renderer takes no text with line breaks.
fn group<'a>(diagnostic: &Diagnostic, excerpts: &'a [Excerpt]) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(visible(&diagnostic.message)).id(diagnostic.id));
    for Excerpt { path, text, first_line, spans } in excerpts {
        let mut snippet = Snippet::source(text).path(path).line_start(*first_line);
        for span in spans {
            let (kind, label) = match span.index.checked_sub(1) {
                None => (AnnotationKind::Primary, &diagnostic.label),
                Some(related) => (AnnotationKind::Context, &diagnostic.related[related].1),
            };
            snippet = snippet.annotation(kind.span(span.range.clone()).label(visible(label)));
        }
        group = group.element(snippet);
    }
    for hint in &diagnostic.hints {
        group = group.element(Level::HELP.message(visible(&hint.text)));
    }
    group
}

/// A diagnostic for machines; lines and columns are counted from 1.
#[derive(Serialize)]
pub(crate) struct ReportedDiagnostic {
    severity: &'static str,
    id: &'static str,
    message: String,
    file: String,
    line: usize,
    column: usize,
    hints: Vec<String>,
    /// The changes that follow each hint; none where only a person can know them.
    edits: Vec<Vec<TextEdit>>,
}

/// A change of a file for machines: the bytes from `start` to `end` become `text`.
#[derive(Serialize)]
struct TextEdit {
    file: String,
    start: u32,
    end: u32,
    text: String,
}

impl TextEdit {
    fn new(edit: &Edit, sources: &SourceMap) -> Self {
        let (file, ..) = sources.locate(edit.span);
        Self { file: file.to_owned(), start: edit.span.start, end: edit.span.end, text: edit.text.clone() }
    }
}

/// All diagnostics for machines.
pub(crate) fn as_values(diagnostics: &Diagnostics, sources: &SourceMap) -> Vec<ReportedDiagnostic> {
    let value = |diagnostic: &Diagnostic| {
        let (file, line, column) = sources.locate(diagnostic.span);
        ReportedDiagnostic {
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            id: diagnostic.id,
            message: diagnostic.message.clone(),
            file: file.to_owned(),
            line,
            column,
            hints: diagnostic.hints.iter().map(|hint| hint.text.clone()).collect(),
            edits: diagnostic
                .hints
                .iter()
                .map(|hint| hint.edits.iter().map(|edit| TextEdit::new(edit, sources)).collect())
                .collect(),
        }
    };
    diagnostics.iter().map(value).collect()
}
