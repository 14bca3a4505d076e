//! The track that is played, and the same again for a device of another rate.

use std::path::Path;

use crate::build::{Compiled, Overrides, ScriptSource, Stores, Track};
use crate::cli::args::PlayArgs;
use crate::cli::commands::run::input::{compile, source};
use crate::cli::exit::{Exit, Failure};
use crate::cli::ui::diagnostics::{self, PrintedDiagnostics};
use crate::cli::ui::output::counted;
use crate::units::SampleRate;

/// The input that a track was compiled from.
pub(crate) struct PlayedScript {
    source: ScriptSource,
    overrides: Overrides,
    stores: Stores,
    /// Sentences on the script.
    pub(crate) remarks: Vec<String>,
}

impl PlayedScript {
    /// The first track of the script.
    ///
    /// # Errors
    /// If it cannot be read, or has mistakes, which have been told.
    pub(crate) fn compile(args: &PlayArgs) -> Result<(Self, Track), Failure> {
        let source = source(args.script.as_deref().unwrap_or(Path::new("-")))?;
        let (overrides, stores) = (args.track.overrides(), Stores::for_playing());
        let compiled = compile(&source, &overrides, &stores)?;
        let mut this = Self { source, overrides, stores, remarks: Vec::new() };
        this.keep();
        let Compiled { diagnostics: found, sources, shown, mut tracks, .. } = compiled;
        if found.has_errors() || tracks.is_empty() {
            diagnostics::print(&found, &sources, &shown, &mut PrintedDiagnostics::default());
            return Err(Exit::of(&found).as_told());
        }
        // A listener does not mend the script now: warnings are counted, not shown.
        if !found.is_empty() {
            let warnings = counted(found.iter().count(), "warning");
            this.remarks.push(format!("{shown}: {warnings}; `nidra check` shows what."));
        }
        let track = tracks.remove(0);
        let others: Vec<&str> = tracks.iter().filter_map(|track| track.session.edition.as_deref()).collect();
        if let (Some(edition), false) = (&track.session.edition, others.is_empty()) {
            let others = others.join(", ");
            this.remarks.push(format!("This is the edition {edition}; `--edition` plays another: {others}."));
        }
        Ok((this, track))
    }

    /// Notes what was measured while it played: bells and beds are made only when they are heard.
    pub(crate) fn keep(&self) {
        self.stores.keep();
    }

    /// The same track at another rate; none if the script has changed so that there is none.
    pub(crate) fn again(&self, rate: SampleRate) -> Option<Track> {
        let mut overrides = self.overrides.clone();
        overrides.settings.rate = Some(rate);
        let compiled = crate::build::compile(&self.source, &overrides, &self.stores).ok()?;
        compiled.tracks.into_iter().next()
    }
}
