//! `nidra show`: the cue sheet of a script.

use std::io::Write;

use anyhow::Result;

use super::args::{ShowArgs, ShowFormat};
use super::exit::Exit;
use super::input::only;
use crate::timeline::{Sheet, sheet, sheet_text};

pub(super) fn show(args: &ShowArgs) -> Result<Exit> {
    let compiled = match only(&args.script, &args.track) {
        Ok(compiled) => compiled,
        Err(exit) => return Ok(exit),
    };
    let mut stdout = std::io::stdout().lock();
    match args.format {
        ShowFormat::Text => {
            for (index, track) in compiled.tracks.iter().enumerate() {
                let gap = if index > 0 { "\n" } else { "" };
                let session = &track.session;
                let text = sheet_text(&track.timeline, &session.meta.title, session.edition.as_deref());
                write!(stdout, "{gap}{text}")?;
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
                [sheet] => serde_json::to_writer_pretty(&mut stdout, sheet)?,
                sheets => serde_json::to_writer_pretty(&mut stdout, sheets)?,
            }
            writeln!(stdout)?;
        }
        ShowFormat::Json => {}
        ShowFormat::Companion(companion) => {
            for track in &compiled.tracks {
                stdout.write_all(&track.companion(companion))?;
            }
        }
    }
    Ok(Exit::of(&compiled.diagnostics))
}
