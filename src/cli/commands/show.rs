//! `nidra show`: the cue sheet of a script.

use anyhow::Result;

use super::run::input::{compile, source};
use crate::build::Stores;
use crate::cli::args::{ShowArgs, ShowFormat};
use crate::cli::exit::Exit;
use crate::cli::ui::diagnostics::{self, PrintedDiagnostics};
use crate::cli::ui::output::{print, print_json, print_text};
use crate::timeline::{Sheet, sheet, sheet_lines};

pub(crate) fn show(args: &ShowArgs) -> Result<Exit> {
    let stores = Stores::sparing();
    let compiled = compile(&source(&args.script)?, &args.track.overrides(), &stores)?;
    stores.keep();
    diagnostics::print(
        &compiled.diagnostics,
        &compiled.sources,
        &compiled.shown,
        &mut PrintedDiagnostics::default(),
    );
    match args.format {
        ShowFormat::Text => {
            for (index, track) in compiled.tracks.iter().enumerate() {
                let gap = (index > 0).then(String::new);
                let session = &track.session;
                let lines = sheet_lines(&track.timeline, &session.meta.title, session.edition.as_deref());
                print(gap.into_iter().chain(lines))?;
            }
        }
        ShowFormat::Json if !compiled.tracks.is_empty() => {
            let sheets: Vec<Sheet> = compiled
                .tracks
                .iter()
                .map(|t| sheet(&t.timeline, &t.session.meta.title, t.session.edition.as_deref()))
                .collect();
            // One track is an object, several are a list: a script without editions stays simple to read.
            match sheets.as_slice() {
                [sheet] => print_json(sheet)?,
                sheets => print_json(&sheets)?,
            }
        }
        ShowFormat::Json => {}
        ShowFormat::Sidecar(kind) => {
            for track in &compiled.tracks {
                print_text(&String::from_utf8_lossy(&track.sidecar(kind)))?;
            }
        }
    }
    Ok(Exit::of(&compiled.diagnostics))
}
