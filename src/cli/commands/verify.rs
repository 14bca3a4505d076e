//! `nidra verify`: the script of a track, whether the track is whole, and whether it would be the same today.

use std::path::Path;

use anyhow::Result;
use clap::Parser;
use rayon::prelude::*;
use serde::Serialize;

use crate::build::{self, Change, Overrides, PathError, Project, Provenance, Source, Stores, project_path};
use crate::cli::args::{Args, Command, VerifyArgs};
use crate::cli::exit::Exit;
use crate::cli::ui::output::{print, print_json};
use crate::encode::{Condition, Format, TrackFile};
use crate::output::plain_reason;

/// Report on one file, for machines.
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
    /// It is cut off, has other sound, or has bytes behind its end.
    Damaged {
        made: Made,
        damage: String,
        /// Its tags were changed by another program, too.
        edited: bool,
    },
    /// Another program has changed what it says about itself.
    Edited { made: Made },
    /// Another program has made a file of its own of it.
    Remade { made: Made },
    /// Rendered again, it would be another.
    Changed { made: Made, changes: Vec<Change> },
    /// Its script is not where it was, or has no such edition any more.
    ScriptGone { made: Made },
    /// It names a script outside its project, which is not opened.
    ScriptOutside { made: Made },
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

pub(crate) fn verify(args: &VerifyArgs) -> Result<Exit> {
    let shelves = Stores::sparing();
    let verified: Vec<Verified> = args
        .files
        .par_iter()
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

fn verdict(file: &Path, shelves: &Stores) -> Verdict {
    let unreadable = |error| Verdict::Unreadable { reason: plain_reason(&error) };
    let mut track = match TrackFile::open(file) {
        Ok(Some(track)) => track,
        Ok(None) => return Verdict::Foreign,
        Err(error) => return unreadable(error),
    };
    let Some(by) = Provenance::parse(track.line()) else { return Verdict::Foreign };
    let made = Made { program: by.program.clone(), by };
    match track.condition() {
        // One without checksums is of another version of nidra, and so not current.
        Ok(Condition::Intact | Condition::Unknown) => {}
        Ok(Condition::Edited) => return Verdict::Edited { made },
        Ok(Condition::Remade) => return Verdict::Remade { made },
        Ok(Condition::Damaged(damage)) => {
            return Verdict::Damaged { made, damage: damage.to_string(), edited: false };
        }
        Ok(Condition::EditedAndDamaged(damage)) => {
            return Verdict::Damaged { made, damage: damage.to_string(), edited: true };
        }
        Err(error) => return unreadable(error),
    }
    against_script(file, made, shelves)
}

/// Compares a whole track to what its script would be now.
fn against_script(file: &Path, made: Made, shelves: &Stores) -> Verdict {
    let folder = file.parent().unwrap_or(Path::new("."));
    let root = Project::root_of(folder);
    // A stranger's track may name any file there is.
    let source = match project_path(&root, &made.by.script) {
        Ok(script) => Source::File(script),
        Err(PathError::Missing) => return Verdict::ScriptGone { made },
        Err(PathError::Outside) => return Verdict::ScriptOutside { made },
    };
    let Some((overrides, format)) = as_typed(&made.by) else { return Verdict::ScriptGone { made } };
    let Ok(compiled) = build::compile(&source, &overrides, shelves) else {
        return Verdict::ScriptGone { made };
    };
    let unknown_edition = compiled.diagnostics.iter().any(|finding| finding.id == "unknown-edition");
    match compiled.tracks.first() {
        Some(track) => {
            let changes = made.by.changes(&track.provenance(format));
            match changes.is_empty() {
                true => Verdict::Current { made },
                false => Verdict::Changed { made, changes },
            }
        }
        None if unknown_edition => Verdict::ScriptGone { made },
        None => Verdict::ScriptBroken { made },
    }
}

/// Reads the options that were typed when the track was made, as they would be read today.
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
        Verdict::Damaged { made, damage, edited: false } => {
            format!("damaged: {damage}; {}. `{} --verify` makes it again.", origin(made), command(made))
        }
        Verdict::Damaged { made, damage, edited: true } => format!(
            "damaged: {damage}, and its tags were changed by another program; {}. `{} --force` makes it again.",
            origin(made),
            command(made)
        ),
        Verdict::Edited { made } => {
            format!("{}; its sound is whole, its tags were changed by another program.", origin(made))
        }
        Verdict::Changed { made, changes } => {
            let changes: Vec<&str> = changes.iter().map(|change| words(*change)).collect();
            format!("{}; not current, because of {}.", origin(made), changes.join(" and "))
        }
        Verdict::Remade { made } => {
            format!("{}; another program has made a file of its own of it.", origin(made))
        }
        Verdict::ScriptGone { made } => format!("{}, which is not here any more.", origin(made)),
        Verdict::ScriptOutside { made } => format!("{}, which is outside the project here.", origin(made)),
        Verdict::ScriptBroken { made } => {
            format!("{}, which has mistakes now; see `nidra check {}`.", origin(made), made.by.script)
        }
        Verdict::Foreign => "not a track of nidra's.".to_owned(),
        Verdict::Unreadable { reason } => format!("could not be read: {reason}."),
    }
}

/// The command that makes a track, up to where it goes.
fn command(made: &Made) -> String {
    let Provenance { script, edition, format, options, .. } = &made.by;
    let mut words = vec!["nidra render".to_owned(), quoted(script)];
    words.extend(edition.iter().map(|edition| format!("--edition {}", quoted(edition))));
    words.extend(options.iter().map(|option| quoted(option)));
    if !options.iter().any(|option| option.starts_with("--format")) {
        words.push(format!("--format {format}"));
    }
    words.join(" ")
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:+".contains(c);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

fn words(change: Change) -> &'static str {
    match change {
        Change::Engine => "another sound engine of nidra",
        Change::Script => "a changed script",
        Change::Sounds => "changed sounds",
        Change::Settings => "changed settings",
    }
}
