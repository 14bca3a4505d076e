//! The plan of a run: which tracks, of which scripts, in which files.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::input::{compile, name};
use super::naming::{self, Naming, Unnamed};
use super::place::OutputPlace;
use crate::build::{self, Compiled, Cost, Job, Outputs, Overrides, PathClash, ScriptSource, Shard, Stores};
use crate::cli::args::DenyArgs;
use crate::cli::exit::{Exit, Failure};
use crate::cli::ui::diagnostics::{self, PrintedDiagnostics};
use crate::encode::Format;

/// Settings for all scripts of a run.
pub(crate) struct Wanted {
    pub(crate) place: OutputPlace,
    /// The formats that were asked for; the project's, or WAV, if none was.
    pub(crate) formats: Vec<Format>,
    pub(crate) overrides: Overrides,
    pub(crate) deny: DenyArgs,
    pub(crate) shard: Shard,
    pub(crate) naming: Naming,
}

/// The plan of a run.
#[derive(Default)]
pub(crate) struct RunPlan {
    /// The tracks that can be made.
    pub(crate) jobs: Vec<Job>,
    /// The scripts that cannot, and how that counts.
    pub(crate) failed: Vec<(String, Exit)>,
    /// Number of scripts.
    pub(crate) scripts: usize,
    /// The folder of the tracks; of those of the first script, if they are of several projects.
    pub(crate) folder: PathBuf,
    /// The paths of all files of the run, those of other shards too.
    pub(crate) outputs: Outputs,
}

/// A script, and what is to be made of it.
struct Planned {
    name: String,
    compiled: Option<Compiled>,
    exit: Exit,
    items: Vec<Item>,
}

/// Work that a shard may have to do.
enum Item {
    /// To make a track.
    Track(Box<Job>),
    /// To say why there is none.
    Mistake(String),
    /// To print the diagnostics of a script that has no tracks.
    Diagnostics,
}

/// Compiles all scripts, on all cores, and says in their order what was found. A shard has its part of the
/// tracks, and says what concerns that part.
pub(crate) fn plan(
    sources: &[ScriptSource],
    wanted: &Wanted,
    stores: &Stores,
    said: &mut PrintedDiagnostics,
) -> RunPlan {
    let compiled: Vec<_> =
        sources.par_iter().map(|source| compile(source, &wanted.overrides, stores)).collect();
    let (mut planned, tracks): (Vec<Planned>, Vec<Vec<Unnamed>>) = sources
        .iter()
        .zip(compiled)
        .map(|(source, compiled)| planned(name(source), compiled, wanted))
        .unzip();
    // Names depend on all tracks, and every track has the same name in whichever shard.
    let owners: Vec<usize> =
        tracks.iter().enumerate().flat_map(|(owner, tracks)| vec![owner; tracks.len()]).collect();
    let folder = tracks.iter().flatten().next().map_or_else(PathBuf::new, |track| track.folder.clone());
    let mut outputs = Outputs::default();
    let named = naming::name(tracks.into_iter().flatten().collect(), wanted.naming, &mut outputs);
    for (owner, named) in owners.into_iter().zip(named) {
        let script = &mut planned[owner];
        script.items.push(match named {
            Ok(job) => Item::Track(Box::new(job)),
            Err(why) => {
                script.exit = Exit::Failed;
                Item::Mistake(why)
            }
        });
    }
    // All items are counted, so that every shard makes the same division.
    let costs: Vec<Cost> = planned.iter().flat_map(|script| script.items.iter().map(Item::cost)).collect();
    let mut takes = wanted.shard.takes(&costs).into_iter();
    let mut plan = RunPlan { folder, outputs, ..RunPlan::default() };
    for mut script in planned {
        script.items.retain(|_| takes.next().unwrap_or(false));
        plan.add(script, said);
    }
    plan
}

impl RunPlan {
    /// Gives the one file of the one track the name that was asked for.
    ///
    /// # Errors
    /// If another file of the run has it.
    pub(crate) fn name_the_one(&mut self, place: &OutputPlace) -> Result<(), Failure> {
        if let (OutputPlace::File(path), [Job { files, .. }]) = (place, self.jobs.as_mut_slice())
            && let ([(_, file)], true) = (files.as_mut_slice(), self.failed.is_empty())
        {
            file.clone_from(path);
            self.folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
            self.outputs = Outputs::default();
            return self.jobs.iter().try_for_each(|job| self.outputs.take_job(job)).map_err(refused);
        }
        Ok(())
    }

    /// Takes a path for a file that the run writes besides its tracks.
    ///
    /// # Errors
    /// If another file of the run has it.
    pub(crate) fn take(&mut self, path: &Path, what: &str) -> Result<(), Failure> {
        self.outputs.take(path, what.to_owned()).map_err(refused)
    }

    /// Returns the exit code of the run if all its tracks are made.
    pub(crate) fn exit(&self) -> Exit {
        self.failed.iter().fold(Exit::Well, |exit, (_, other)| exit.and(*other))
    }

    fn add(&mut self, script: Planned, said: &mut PrintedDiagnostics) {
        if script.items.is_empty() {
            return;
        }
        self.scripts += 1;
        if let Some(compiled) = &script.compiled {
            diagnostics::print(&compiled.diagnostics, &compiled.sources, &compiled.shown, said);
        }
        for item in script.items {
            match item {
                Item::Track(job) => self.jobs.push(*job),
                Item::Mistake(why) => said.mistake(&why),
                Item::Diagnostics => {}
            }
        }
        if script.exit != Exit::Well {
            self.failed.push((script.name, script.exit));
        }
    }
}

fn refused(clash: PathClash) -> Failure {
    Exit::Usage.because(naming::refusal(clash))
}

impl Item {
    fn cost(&self) -> Cost {
        match self {
            Self::Track(job) => build::cost(job),
            Self::Mistake(_) | Self::Diagnostics => Cost(0),
        }
    }
}

/// A script that has been compiled, and its tracks.
fn planned(name: String, compiled: Result<Compiled, Failure>, wanted: &Wanted) -> (Planned, Vec<Unnamed>) {
    let mut compiled = match compiled {
        Ok(compiled) => compiled,
        Err(failure) => {
            let items = vec![Item::Mistake(failure.to_string())];
            return (Planned { name, compiled: None, exit: failure.exit, items }, Vec::new());
        }
    };
    diagnostics::deny(&mut compiled.diagnostics, &wanted.deny);
    let exit = Exit::of(&compiled.diagnostics);
    if exit != Exit::Well {
        return (
            Planned { name, compiled: Some(compiled), exit, items: vec![Item::Diagnostics] },
            Vec::new(),
        );
    }
    let formats = match (wanted.formats.as_slice(), compiled.project.defaults.formats.as_slice()) {
        ([], []) => &[Format::Wav],
        ([], of_the_project) => of_the_project,
        (named, _) => named,
    };
    let formats = formats.to_vec();
    let folder = wanted.place.folder(&compiled.project);
    let unnamed = |track| Unnamed { track, folder: folder.clone(), formats: formats.clone() };
    let tracks = std::mem::take(&mut compiled.tracks).into_iter().map(unnamed).collect();
    (Planned { name, compiled: Some(compiled), exit, items: Vec::new() }, tracks)
}
