//! The track that is played, and the same again for a device of another rate.

use std::path::Path;

use crate::build::{Compiled, Overrides, Source, Stores, Track};
use crate::cli::args::{DenyArgs, PlayArgs};
use crate::cli::commands::run::input::{compiled, sources};
use crate::cli::exit::Exit;
use crate::cli::ui::diagnostics::{self, Said, say};
use crate::units::SampleRate;

/// The input that a track was compiled from.
pub(crate) struct Played {
    source: Source,
    overrides: Overrides,
    shelves: Stores,
    /// Sentences on the script.
    pub(crate) remarks: Vec<String>,
}

impl Played {
    /// The first track of the script. `Err` has been explained.
    pub(crate) fn compile(args: &PlayArgs) -> Result<(Self, Track), Exit> {
        let script = args.script.as_deref().unwrap_or(Path::new("-"));
        let mut sources = sources(&[script.to_owned()])?;
        let (Some(source), true) = (sources.pop(), sources.is_empty()) else {
            say("error: this takes one script, not a folder");
            return Err(Exit::Usage);
        };
        let (overrides, shelves) = (args.track.overrides(), Stores::for_playing());
        let mut this = Self { source, overrides, shelves, remarks: Vec::new() };
        let compiled = compiled(&this.source, &this.overrides, &DenyArgs { deny: None }, &this.shelves)?;
        if compiled.diagnostics.has_errors() {
            diagnostics::print(
                &compiled.diagnostics,
                &compiled.sources,
                &compiled.shown,
                &mut Said::default(),
            );
        } else {
            this.remarks.extend(remark(&compiled));
        }
        this.keep();
        let exit = Exit::of(&compiled.diagnostics);
        let others: Vec<String> =
            compiled.tracks.iter().skip(1).filter_map(|track| track.session.edition.clone()).collect();
        let track = compiled.tracks.into_iter().next().ok_or(exit)?;
        if let (Some(edition), false) = (&track.session.edition, others.is_empty()) {
            let others = others.join(", ");
            this.remarks.push(format!("This is the edition {edition}; `--edition` plays another: {others}."));
        }
        Ok((this, track))
    }

    /// Notes what was measured while it played: bells and beds are made only when they are heard.
    pub(crate) fn keep(&self) {
        self.shelves.keep();
    }

    /// The same track at another rate; none if the script has changed so that there is none.
    pub(crate) fn again(&self, rate: SampleRate) -> Option<Track> {
        let mut overrides = self.overrides.clone();
        overrides.settings.rate = Some(rate);
        let compiled = crate::build::compile(&self.source, &overrides, &self.shelves).ok()?;
        compiled.tracks.into_iter().next()
    }
}

/// A listener does not mend the script now: warnings are counted, not shown.
fn remark(compiled: &Compiled) -> Option<String> {
    let warnings = match compiled.diagnostics.iter().count() {
        0 => return None,
        1 => "1 warning".to_owned(),
        many => format!("{many} warnings"),
    };
    Some(format!("{}: {warnings}; `nidra check` shows what.", compiled.shown))
}
