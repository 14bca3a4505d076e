//! `nidra show`: the cue sheet of a script.

use std::io::Write;

use anyhow::Result;

use super::args::{ShowArgs, ShowFormat};
use super::exit::Exit;
use super::findings::{self, say};
use super::render::sources;
use crate::pipeline;
use crate::timeline::{Sheet, sheet, sheet_text};

pub(super) fn show(args: &ShowArgs) -> Result<Exit> {
    let sources = match sources(std::slice::from_ref(&args.script)) {
        Ok(sources) => sources,
        Err(exit) => return Ok(exit),
    };
    let [source] = sources.as_slice() else {
        say("error: `show` takes one script");
        return Ok(Exit::Usage);
    };
    let compiled = match pipeline::compile(source, &args.track.overrides()) {
        Ok(compiled) => compiled,
        Err(error) => {
            say(&format!("error: could not read the script: {}", crate::sink::plain_reason(&error)));
            return Ok(Exit::Failed);
        }
    };
    findings::print(&compiled.diagnostics, &compiled.sources, &compiled.shown);
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
    }
    Ok(Exit::of(&compiled.diagnostics))
}
