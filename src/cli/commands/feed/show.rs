//! The podcast of a run: which project it is of, which scripts are its episodes, where it goes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::build::{Job, PROJECT_FILE, Project, ScriptSource, Stores};
use crate::cli::args::FeedArgs;
use crate::cli::commands::run::input::sources;
use crate::cli::commands::run::place::shown;
use crate::cli::exit::{Exit, Failure};
use crate::cli::ui::diagnostics::{self, PrintedDiagnostics};
use crate::diag::{Diagnostics, SourceMap};
use crate::podcast::{Podcast, Release, podcast_scripts};

/// Help for a project without a podcast: all that a directory requires, to be typed or pasted.
const LEAST_PODCAST: &str = "  = help: add to nidra.toml, and see docs/feed.md for the rest:

[podcast]
title = \"Evening rest\"
description = \"Short rests for the evening.\"
url = \"https://example.com/podcast/\"   # where its files will lie
category = \"Health & Fitness > Fitness\"
explicit = false
date = 2026-05-01                      # of scripts without a `date`
";

/// The podcast of a run.
pub(crate) struct Show {
    pub(crate) project: Arc<Project>,
    /// None if it has mistakes.
    podcast: Option<Podcast>,
    /// `nidra.toml`, and once the episodes are known, their scripts.
    pub(crate) sources: SourceMap,
    /// Diagnostics in them about the podcast as a whole.
    pub(crate) found: Diagnostics,
    pub(crate) scripts: Vec<ScriptSource>,
    pub(crate) folder: PathBuf,
}

impl Show {
    /// Finds the project and the scripts that are meant.
    ///
    /// # Errors
    /// If a script is not there, or the project has no podcast.
    pub(crate) fn open(
        args: &FeedArgs,
        stores: &Stores,
        said: &mut PrintedDiagnostics,
    ) -> Result<Self, Failure> {
        let named = if args.scripts.is_empty() { Vec::new() } else { sources(&args.scripts)? };
        let project = stores.project(&folder_of_all(&named)?);
        let (texts, mut found) = (project.sources.clone(), project.diagnostics.clone());
        let podcast = Podcast::read(&project.defaults, &mut found);
        if podcast.is_none() && !found.has_errors() {
            diagnostics::print(&found, &texts, PROJECT_FILE, said);
            return Err(Exit::Script.because("this project has no `[podcast]`").with_help(LEAST_PODCAST));
        }
        let scripts = match &podcast {
            _ if !named.is_empty() => named,
            Some(podcast) if !podcast.scripts.is_empty() => {
                let scripts = podcast_scripts(podcast, &project.root, &mut found).into_iter();
                scripts.map(|script| ScriptSource::File(PathBuf::from(shown(&script)))).collect()
            }
            // What is wrong with the podcast is said with what is wrong with the scripts.
            _ => sources(&[])?,
        };
        let folder = args.output.clone().unwrap_or_else(|| project.output().join("feed"));
        Ok(Self { project, podcast, sources: texts, found, scripts, folder })
    }

    /// The podcast of these tracks, if there is one; what a directory would refuse of it is found.
    pub(crate) fn release(&mut self, jobs: &[Job]) -> Option<Release> {
        // Why no script has a track has been said.
        if jobs.is_empty() {
            return None;
        }
        let podcast = self.podcast.as_ref()?;
        Release::plan(podcast, &self.project, &self.folder, jobs, &mut self.sources, &mut self.found)
    }

    /// Prints what was found about the podcast.
    pub(crate) fn print(&self, said: &mut PrintedDiagnostics) {
        diagnostics::print(&self.found, &self.sources, "The podcast", said);
    }
}

/// Returns the folder in which to look for the one project of the scripts; the current folder if no script is named.
fn folder_of_all(scripts: &[ScriptSource]) -> Result<PathBuf, Failure> {
    let mut folders = BTreeSet::new();
    for script in scripts {
        let ScriptSource::File(path) = script else {
            let why = "an episode is known by the path of its script, and a script from stdin has none";
            return Err(Exit::Usage.because(why));
        };
        folders.insert(path.parent().unwrap_or(Path::new(".")).to_owned());
    }
    let roots: BTreeSet<PathBuf> = folders.iter().map(|folder| Project::root_of(folder)).collect();
    if let (Some(first), Some(last)) = (roots.first(), roots.last())
        && first != last
    {
        let (first, last) = (first.display(), last.display());
        let why = format!("a podcast is of one project, and these scripts are of '{first}' and '{last}'");
        return Err(Exit::Usage.because(why));
    }
    Ok(roots.into_iter().next().unwrap_or_else(|| PathBuf::from(".")))
}
