//! What a run is to make: which tracks, of which scripts, in which files.

use rayon::prelude::*;

use super::args::DenyArgs;
use super::exit::Exit;
use super::findings::{self, Said, say};
use super::input::name;
use super::place::{self, Place, Taken};
use crate::pipeline::{self, Compiled, Job, Overrides, Shelves, Source};
use crate::sink::{Format, plain_reason};

/// What is wanted of all scripts of a run.
pub(super) struct Wanted {
    pub(super) place: Place,
    /// The formats that were asked for; the project's, or WAV, if none was.
    pub(super) formats: Vec<Format>,
    pub(super) overrides: Overrides,
    pub(super) deny: DenyArgs,
}

/// What a run is to make.
#[derive(Default)]
pub(super) struct Plan {
    /// The tracks that can be made.
    pub(super) jobs: Vec<Job>,
    /// The scripts that cannot, and how that counts.
    pub(super) failed: Vec<(String, Exit)>,
    /// How many scripts there are.
    pub(super) scripts: usize,
}

/// Compiles all scripts, on all cores, and says in their order what was found.
pub(super) fn plan(sources: &[Source], wanted: &Wanted, shelves: &Shelves, said: &mut Said) -> Plan {
    let compile = |source: &Source| pipeline::compile(source, &wanted.overrides, shelves);
    let compiled: Vec<_> = sources.par_iter().map(compile).collect();
    let mut plan = Plan { scripts: sources.len(), ..Plan::default() };
    let mut taken = Taken::default();
    for (source, compiled) in sources.iter().zip(compiled) {
        let exit = match compiled {
            Ok(compiled) => plan.add(compiled, wanted, &mut taken, said),
            Err(error) => {
                say(&format!("error: could not read '{}': {}", name(source), plain_reason(&error)));
                Exit::Failed
            }
        };
        if exit != Exit::Well {
            plan.failed.push((name(source), exit));
        }
    }
    plan
}

impl Plan {
    /// How the run ends if all its tracks are made.
    pub(super) fn exit(&self) -> Exit {
        self.failed.iter().fold(Exit::Well, |exit, (_, other)| exit.and(*other))
    }

    fn add(&mut self, mut compiled: Compiled, wanted: &Wanted, taken: &mut Taken, said: &mut Said) -> Exit {
        findings::deny(&mut compiled.diagnostics, &wanted.deny);
        findings::print(&compiled.diagnostics, &compiled.sources, &compiled.shown, said);
        let exit = Exit::of(&compiled.diagnostics);
        if exit != Exit::Well {
            return exit;
        }
        let Compiled { shown, project, tracks, .. } = compiled;
        let formats = match (wanted.formats.as_slice(), project.defaults.formats.as_slice()) {
            ([], []) => &[Format::Wav],
            ([], of_the_project) => of_the_project,
            (named, _) => named,
        };
        let mut exit = Exit::Well;
        for track in tracks {
            let folder = wanted.place.folder(&project).join(&track.folder);
            let file = |format: &Format| (*format, folder.join(format!("{}.{}", track.name, format.name())));
            let files: Vec<_> = formats.iter().map(file).collect();
            match taken.take(&files, &shown) {
                Ok(()) => self.jobs.push(Job { track, files }),
                Err((other, path)) => {
                    let path = place::shown(&path);
                    say(&format!(
                        "error: '{other}' and '{shown}' would both be '{path}'; rename one of them"
                    ));
                    exit = Exit::Failed;
                }
            }
        }
        exit
    }
}
