//! `nidra verify`: the script of a track, whether the track is whole, and whether it would be the same today.

use std::io;
use std::path::Path;

use anyhow::Result;
use clap::Parser;
use rayon::prelude::*;
use serde::Serialize;

use crate::build::{
    self, Overrides, PathError, Project, Provenance, ScriptSource, StaleReason, Stores, project_path,
};
use crate::cli::args::{Args, Command, VerifyArgs};
use crate::cli::exit::Exit;
use crate::cli::ui::output::{print, print_json};
use crate::encode::{Condition, Format, TrackFile};
use crate::output::plain_reason;

/// Report on one file, for machines.
#[derive(Serialize)]
struct Verified {
    file: String,
    /// Provenance, if nidra made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    made: Option<MadeBy>,
    #[serde(flatten)]
    verdict: Verdict,
}

#[derive(Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
enum Verdict {
    /// Rendered again, it would be the same bytes.
    Current,
    /// It is cut off, has other sound, or has bytes behind its end; its tags may be changed by another program, too.
    Damaged { damage: String, edited: bool },
    /// Another program has changed what it says about itself.
    Edited,
    /// Another program has made a file of its own of it.
    Remade,
    /// Rendered again, it would be another.
    Changed { changes: Vec<StaleReason> },
    /// Its script is not where it was, or has no such edition any more.
    ScriptGone,
    /// It names a script outside its project, which is not opened.
    ScriptOutside,
    /// Its script has mistakes now.
    ScriptBroken,
    /// No track of nidra's.
    Foreign,
    /// It cannot be read.
    Unreadable { reason: String },
}

#[derive(Serialize)]
struct MadeBy {
    program: String,
    #[serde(flatten)]
    by: Provenance,
}

pub(crate) fn verify(args: &VerifyArgs) -> Result<Exit> {
    let stores = Stores::sparing().reading_all();
    let verified: Vec<Verified> = args.files.par_iter().map(|file| verify_one(file, &stores)).collect();
    stores.keep();
    if args.json {
        print_json(&verified)?;
    } else {
        print(verified.iter().map(|one| format!("{}: {}", one.file, sentence(one))))?;
    }
    let is_current = verified.iter().all(|one| matches!(one.verdict, Verdict::Current));
    Ok(if is_current { Exit::Well } else { Exit::Failed })
}

fn verify_one(file: &Path, stores: &Stores) -> Verified {
    let (made, verdict) = match read(file) {
        Ok(Some((made, condition))) => {
            let verdict = verdict(file, &made.by, condition, stores);
            (Some(made), verdict)
        }
        Ok(None) => (None, Verdict::Foreign),
        Err(error) => (None, Verdict::Unreadable { reason: plain_reason(&error) }),
    };
    Verified { file: file.display().to_string(), made, verdict }
}

/// Reads all of a file: what made it, and its condition. `None` if it is no track of nidra's.
fn read(file: &Path) -> io::Result<Option<(MadeBy, Condition)>> {
    let Some(mut track) = TrackFile::open(file)? else { return Ok(None) };
    let Some(by) = Provenance::parse(track.line()) else { return Ok(None) };
    Ok(Some((MadeBy { program: by.program.clone(), by }, track.condition()?)))
}

fn verdict(file: &Path, made: &Provenance, condition: Condition, stores: &Stores) -> Verdict {
    match condition {
        // One without checksums is of another version of nidra, and so not current.
        Condition::Intact | Condition::Unknown => against_script(file, made, stores),
        Condition::Edited => Verdict::Edited,
        Condition::Remade => Verdict::Remade,
        Condition::Damaged(damage) => Verdict::Damaged { damage: damage.to_string(), edited: false },
        Condition::EditedAndDamaged(damage) => Verdict::Damaged { damage: damage.to_string(), edited: true },
    }
}

/// Compares a whole track to what its script would be now.
fn against_script(file: &Path, made: &Provenance, stores: &Stores) -> Verdict {
    let root = Project::root_of(file.parent().unwrap_or(Path::new(".")));
    // A stranger's track may name any file there is.
    let source = match project_path(&root, &made.script) {
        Ok(script) => ScriptSource::File(script),
        Err(PathError::Missing) => return Verdict::ScriptGone,
        Err(PathError::Outside) => return Verdict::ScriptOutside,
    };
    let Some((overrides, format)) = as_typed(made) else { return Verdict::ScriptGone };
    let Ok(compiled) = build::compile(&source, &overrides, stores) else { return Verdict::ScriptGone };
    match compiled.tracks.first() {
        Some(track) => match made.changes(&track.provenance(format)) {
            changes if changes.is_empty() => Verdict::Current,
            changes => Verdict::Changed { changes },
        },
        None if compiled.diagnostics.iter().any(|found| found.id == "unknown-edition") => Verdict::ScriptGone,
        None => Verdict::ScriptBroken,
    }
}

/// Reads the options that were typed when the track was made, as they would be read today.
fn as_typed(made: &Provenance) -> Option<(Overrides, Format)> {
    let words = ["nidra", "render"].into_iter().chain(made.options.iter().map(String::as_str));
    let Command::Render(render) = Args::try_parse_from(words).ok()?.command else { return None };
    let format = Format::ALL.into_iter().find(|format| format.name() == made.format)?;
    Some((Overrides { editions: made.edition.iter().cloned().collect(), ..render.overrides() }, format))
}

fn sentence(Verified { made, verdict, .. }: &Verified) -> String {
    let origin = made.as_ref().map_or_else(String::new, origin);
    let command = || made.as_ref().map_or_else(String::new, |made| command(&made.by));
    match verdict {
        Verdict::Current => format!("{origin}; current."),
        Verdict::Damaged { damage, edited: false } => {
            format!("damaged: {damage}; {origin}. `{} --verify` makes it again.", command())
        }
        Verdict::Damaged { damage, edited: true } => format!(
            "damaged: {damage}, and its tags were changed by another program; {origin}. `{} --force` makes it again.",
            command()
        ),
        Verdict::Edited => format!("{origin}; its sound is whole, its tags were changed by another program."),
        Verdict::Changed { changes } => {
            let changes: Vec<&str> = changes.iter().map(|change| words(*change)).collect();
            format!("{origin}; not current, because of {}.", changes.join(" and "))
        }
        Verdict::Remade => format!("{origin}; another program has made a file of its own of it."),
        Verdict::ScriptGone => format!("{origin}, which is not here any more."),
        Verdict::ScriptOutside => format!("{origin}, which is outside the project here."),
        Verdict::ScriptBroken => {
            let script = made.as_ref().map_or("", |made| &made.by.script);
            format!("{origin}, which has mistakes now; see `nidra check {script}`.")
        }
        Verdict::Foreign => "not a track of nidra's.".to_owned(),
        Verdict::Unreadable { reason } => format!("could not be read: {reason}."),
    }
}

fn origin(MadeBy { program, by }: &MadeBy) -> String {
    let edition = by.edition.as_ref().map_or_else(String::new, |name| format!(", edition {name}"));
    let options = if by.options.is_empty() { "" } else { ", with " };
    format!("made by {program} from {}{edition}{options}{}", by.script, by.options.join(" "))
}

/// The command that makes a track, up to where it goes.
fn command(made: &Provenance) -> String {
    let Provenance { script, edition, format, options, .. } = made;
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

fn words(change: StaleReason) -> &'static str {
    match change {
        StaleReason::Engine => "another sound engine of nidra",
        StaleReason::Script => "a changed script",
        StaleReason::Sounds => "changed sounds",
        StaleReason::Settings => "changed settings",
    }
}
