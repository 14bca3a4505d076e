//! `nidra verify`: which script made a track, and whether it would be the same today.

use std::path::Path;

use anyhow::Result;
use clap::Parser;
use serde::Serialize;

use super::args::{Args, Command, VerifyArgs};
use super::exit::Exit;
use super::output::{print, print_json};
use crate::diag::{Diagnostics, SourceMap};
use crate::pipeline::{self, Change, Overrides, Project, Provenance, Shelves, Source};
use crate::sink::{Format, plain_reason, provenance};

/// What is known of one file, for machines.
#[derive(Serialize)]
struct Verified {
    file: String,
    #[serde(flatten)]
    verdict: Verdict,
}

#[derive(Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
enum Verdict {
    /// Rendered again, it would be the same bytes.
    Current { made: Made },
    /// Rendered again, it would be another.
    Changed { made: Made, changes: Vec<Change> },
    /// Its script is not where it was, or has no such edition any more.
    ScriptGone { made: Made },
    /// Its script has mistakes now.
    ScriptBroken { made: Made },
    /// No track of nidra's.
    Foreign,
    /// It cannot be read.
    Unreadable { reason: String },
}

#[derive(Serialize)]
struct Made {
    program: String,
    #[serde(flatten)]
    by: Provenance,
}

pub(super) fn verify(args: &VerifyArgs) -> Result<Exit> {
    let shelves = Shelves::sparing();
    let verified: Vec<Verified> = args
        .files
        .iter()
        .map(|file| Verified { file: file.display().to_string(), verdict: verdict(file, &shelves) })
        .collect();
    shelves.keep();
    let current = verified.iter().all(|one| matches!(one.verdict, Verdict::Current { .. }));
    if args.json {
        print_json(&verified)?;
    } else {
        print(verified.iter().map(|one| format!("{}: {}", one.file, sentence(&one.verdict))))?;
    }
    Ok(if current { Exit::Well } else { Exit::Failed })
}

fn verdict(file: &Path, shelves: &Shelves) -> Verdict {
    let made = match provenance(file) {
        Ok(line) => line.as_deref().and_then(Provenance::parse),
        Err(error) => return Verdict::Unreadable { reason: plain_reason(&error) },
    };
    let Some(by) = made else { return Verdict::Foreign };
    let made = Made { program: by.program.clone(), by };
    let folder = file.parent().unwrap_or(Path::new("."));
    let project = Project::find(folder, &mut SourceMap::default(), &mut Diagnostics::default());
    let source = Source::File(project.root.join(&made.by.script));
    let Some((overrides, format)) = as_typed(&made.by) else { return Verdict::ScriptGone { made } };
    let Ok(compiled) = pipeline::compile(&source, &overrides, shelves) else {
        return Verdict::ScriptGone { made };
    };
    let unknown_edition = compiled.diagnostics.iter().any(|finding| finding.id == "unknown-edition");
    match compiled.tracks.first() {
        Some(track) => {
            let changes = made.by.changes(&track.provenance(format));
            if changes.is_empty() { Verdict::Current { made } } else { Verdict::Changed { made, changes } }
        }
        None if unknown_edition => Verdict::ScriptGone { made },
        None => Verdict::ScriptBroken { made },
    }
}

/// What was typed when the track was made, read as it would be today.
fn as_typed(made: &Provenance) -> Option<(Overrides, Format)> {
    let words = ["nidra", "render"].into_iter().chain(made.options.iter().map(String::as_str));
    let Command::Render(render) = Args::try_parse_from(words).ok()?.command else { return None };
    let format = Format::ALL.into_iter().find(|format| format.name() == made.format)?;
    Some((Overrides { editions: made.edition.iter().cloned().collect(), ..render.overrides() }, format))
}

fn sentence(verdict: &Verdict) -> String {
    let origin = |made: &Made| {
        let edition = made.by.edition.as_ref().map_or_else(String::new, |name| format!(", edition {name}"));
        let options = if made.by.options.is_empty() { "" } else { ", with " };
        let options = format!("{options}{}", made.by.options.join(" "));
        format!("made by {} from {}{edition}{options}", made.program, made.by.script)
    };
    match verdict {
        Verdict::Current { made } => format!("{}; current.", origin(made)),
        Verdict::Changed { made, changes } => {
            let changes: Vec<&str> = changes.iter().map(|change| words(*change)).collect();
            format!("{}; not current, because of {}.", origin(made), changes.join(" and "))
        }
        Verdict::ScriptGone { made } => format!("{}, which is not here any more.", origin(made)),
        Verdict::ScriptBroken { made } => {
            format!("{}, which has mistakes now; see `nidra check {}`.", origin(made), made.by.script)
        }
        Verdict::Foreign => "not a track of nidra's.".to_owned(),
        Verdict::Unreadable { reason } => format!("could not be read: {reason}."),
    }
}

fn words(change: Change) -> &'static str {
    match change {
        Change::Program => "another version of nidra",
        Change::Script => "a changed script",
        Change::Sounds => "changed sounds",
        Change::Settings => "changed settings",
    }
}
