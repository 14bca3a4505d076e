//! `nidra render`: scripts to tracks. A failing script is reported and the rest go on.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::RenderArgs;
use super::exit::Exit;
use super::findings::{self, say};
use super::input::{compiled, name, sources};
use super::place::{Place, Taken, shown};
use super::report::{Made, sentence};
use crate::pipeline::{self, Companions, Compiled, Overrides, Overwrite, RenderError, Source, Target, Track};
use crate::sink::Format;
use crate::units::Frames;
use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What all scripts of a run have in common.
struct Run {
    place: Place,
    overrides: Overrides,
    overwrite: Overwrite,
    stop: Arc<AtomicBool>,
    made: Vec<Made>,
    taken: Taken,
    /// Whether there is more than one script.
    several: bool,
}

pub(super) fn render(args: RenderArgs) -> Result<Exit> {
    let sources = match sources(&args.scripts) {
        Ok(sources) => sources,
        Err(exit) => return Ok(exit),
    };
    if let Some(jobs) = args.jobs {
        rayon::ThreadPoolBuilder::new()
            .num_threads(jobs.into())
            .build_global()
            .context("could not start threads")?;
    }
    let mut run = Run {
        place: Place::of(args.output.as_deref()),
        overrides: args.overrides(),
        overwrite: if args.force { Overwrite::Anything } else { Overwrite::Ours },
        stop: stop_on_interrupt()?,
        made: Vec::new(),
        taken: Taken::default(),
        several: sources.len() > 1,
    };
    if let (Place::Stdout, Some(why)) = (&run.place, unfit_for_stdout(&args)) {
        say(&format!("error: {why}"));
        return Ok(Exit::Usage);
    }
    let mut exit = Exit::Well;
    let mut failed = Vec::new();
    for source in &sources {
        let this = one(source, &args, &mut run);
        if this == Exit::Interrupted {
            say("Interrupted; nothing half-written was left.");
            return Ok(this);
        }
        if this != Exit::Well {
            failed.push(name(source));
        }
        exit = exit.and(this);
    }
    if run.several && !failed.is_empty() {
        say(&format!("{} of {} scripts failed: {}.", failed.len(), sources.len(), failed.join(", ")));
    }
    if args.json {
        serde_json::to_writer_pretty(std::io::stdout().lock(), &run.made)
            .context("could not print the result")?;
        writeln!(std::io::stdout())?;
    }
    Ok(exit)
}

/// Why a run cannot write its track to stdout.
fn unfit_for_stdout(args: &RenderArgs) -> Option<&'static str> {
    if std::io::stdout().is_terminal() {
        return Some("a track is not for a terminal; write `-o track.wav`, or pipe it: `-o - | ffplay -`");
    }
    if !args.with.is_empty() {
        return Some("`--with` writes files beside a track, and on stdout there is no beside");
    }
    args.json.then_some("`--json` and `-o -` both want stdout")
}

fn one(source: &Source, args: &RenderArgs, run: &mut Run) -> Exit {
    let compiled = match compiled(source, &run.overrides, &args.deny) {
        Ok(compiled) => compiled,
        Err(exit) => return exit,
    };
    findings::print(&compiled.diagnostics, &compiled.sources, &compiled.shown);
    let exit = Exit::of(&compiled.diagnostics);
    if exit != Exit::Well {
        return exit;
    }
    let formats = match run.place.formats(args, &compiled) {
        Ok(formats) => formats,
        Err(exit) => return exit,
    };
    let several = run.several || compiled.tracks.len() > 1 || formats.len() > 1;
    if matches!(run.place, Place::Stdout) && several {
        let choices = editions(&compiled);
        say(&format!("error: stdout has room for one track; choose one script, one format{choices}"));
        return Exit::Usage;
    }
    let mut exit = Exit::Well;
    for track in &compiled.tracks {
        exit = exit.and(self::track(track, &formats, &compiled, several, run));
        if exit == Exit::Interrupted {
            break;
        }
    }
    exit
}

fn editions(compiled: &Compiled) -> String {
    let editions = compiled.tracks.iter().filter_map(|track| track.session.edition.as_ref());
    let editions: Vec<String> = editions.map(|edition| format!("`--edition {edition}`")).collect();
    if editions.len() < 2 { String::new() } else { format!(" and one of {}", editions.join(", ")) }
}

/// One track in all formats, and what lies beside it.
fn track(track: &Track, formats: &[Format], compiled: &Compiled, several: bool, run: &mut Run) -> Exit {
    let paths: Vec<(Format, Option<PathBuf>)> =
        formats.iter().map(|format| (*format, run.place.file(track, *format, compiled, several))).collect();
    for path in paths.iter().filter_map(|(_, path)| path.as_deref()) {
        if let Err(other) = run.taken.take(path, &compiled.shown) {
            let both = format!("'{}' and '{}'", other, compiled.shown);
            say(&format!("error: {both} would both be '{}'; rename one of them", shown(path)));
            return Exit::Failed;
        }
    }
    let beside = paths.first().and_then(|(_, path)| path.as_deref());
    let companions = beside.map(|path| Companions::make(track, path, run.overwrite)).transpose();
    let companions = match companions {
        Ok(companions) => companions,
        Err(error) => return failed(&error),
    };
    let mut exit = Exit::Well;
    for (format, path) in &paths {
        match to(track, *format, path.as_deref(), run) {
            Ok(made) => run.made.extend(made.map(|mut made| {
                made.script.clone_from(&compiled.shown);
                made
            })),
            Err(this) => exit = exit.and(this),
        }
    }
    if exit != Exit::Well {
        return exit;
    }
    match companions.map_or(Ok(Vec::new()), Companions::write) {
        Ok(written) => {
            let names: Vec<String> = written.iter().map(|(_, path)| shown(path)).collect();
            if !names.is_empty() {
                say(&format!("Beside it: {}.", names.join(", ")));
            }
            if let Some(last) = run.made.last_mut() {
                last.with = names;
            }
            Exit::Well
        }
        Err(error) => failed(&error),
    }
}

/// One track in one format; what was made of it if it is a file. `Err` has been explained.
fn to(track: &Track, format: Format, path: Option<&Path>, run: &Run) -> Result<Option<Made>, Exit> {
    let bar = bar(track);
    let mut progress = |done: Frames| bar.set_position(done.0);
    let rendered = match path {
        None => {
            let mut stdout = std::io::stdout().lock();
            pipeline::render(track, format, Target::Stream(&mut stdout), &run.stop, &mut progress)
        }
        Some(path) => {
            pipeline::render(track, format, Target::File(path, run.overwrite), &run.stop, &mut progress)
        }
    };
    bar.finish_and_clear();
    match rendered {
        Ok(report) => {
            let name = path.map_or_else(|| track.name.clone(), shown);
            say(&sentence(&name, track, &report));
            Ok(path.map(|path| Made::new(track, format, shown(path), &report)))
        }
        // Whoever reads the pipe has got what they wanted.
        Err(RenderError::Stream(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(None),
        Err(error) => Err(failed(&error)),
    }
}

/// Says why a track was not made.
fn failed(error: &RenderError) -> Exit {
    if let RenderError::Interrupted = error {
        return Exit::Interrupted;
    }
    say(&format!("error: {error}"));
    if matches!(error, RenderError::Sound(_)) { Exit::Sound } else { Exit::Failed }
}

/// A bar on a terminal, nothing elsewhere.
fn bar(track: &Track) -> ProgressBar {
    if !findings::on_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent}% {eta}");
    let bar = ProgressBar::with_draw_target(Some(track.timeline.length.0), ProgressDrawTarget::stderr());
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(track.name.clone());
    bar
}

/// A flag that Ctrl-C and SIGTERM raise; whoever works looks at it once a block.
pub(super) fn stop_on_interrupt() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)).context("could not listen for Ctrl-C")?;
    Ok(stop)
}
