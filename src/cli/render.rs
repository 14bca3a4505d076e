//! `nidra render`: scripts to tracks. A failing script is reported and the rest go on.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::RenderArgs;
use super::exit::Exit;
use super::findings::{self, say};
use super::input::{compiled, name, sources};
use super::report::{Made, sentence};
use crate::pipeline::{self, Compiled, Overrides, Overwrite, RenderError, Source, Target, Track};
use crate::sink::Format;
use crate::units::Frames;
use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What all scripts of a run have in common.
struct Run {
    output: Option<PathBuf>,
    overrides: Overrides,
    overwrite: Overwrite,
    stop: Arc<AtomicBool>,
    made: Vec<Made>,
    /// The tracks of this run, and the scripts they are of: two must not be one file.
    taken: BTreeMap<PathBuf, String>,
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
        output: args.output.clone(),
        overrides: args.overrides(),
        overwrite: if args.force { Overwrite::Anything } else { Overwrite::Ours },
        stop: stop_on_interrupt()?,
        made: Vec::new(),
        taken: BTreeMap::new(),
    };
    let to_stdout = run.output.as_deref() == Some(Path::new("-"));
    if to_stdout && std::io::stdout().is_terminal() {
        say("error: a track is not for a terminal; write `-o track.wav`, or pipe it: `-o - | ffplay -`");
        return Ok(Exit::Usage);
    }
    if to_stdout && args.json {
        say("error: `--json` and `-o -` both want stdout");
        return Ok(Exit::Usage);
    }
    let several = sources.len() > 1;
    let mut exit = Exit::Well;
    let mut failed = Vec::new();
    for source in &sources {
        let this = one(source, &args, several, &mut run)?;
        if this == Exit::Interrupted {
            say("Interrupted; nothing half-written was left.");
            return Ok(this);
        }
        if this != Exit::Well {
            failed.push(name(source));
        }
        exit = exit.and(this);
    }
    if several && !failed.is_empty() {
        say(&format!("{} of {} scripts failed: {}.", failed.len(), sources.len(), failed.join(", ")));
    }
    if args.json {
        serde_json::to_writer_pretty(std::io::stdout().lock(), &run.made)
            .context("could not print the result")?;
        writeln!(std::io::stdout())?;
    }
    Ok(exit)
}

fn one(source: &Source, args: &RenderArgs, several: bool, run: &mut Run) -> Result<Exit> {
    let compiled = match compiled(source, &run.overrides, &args.deny) {
        Ok(compiled) => compiled,
        Err(exit) => return Ok(exit),
    };
    findings::print(&compiled.diagnostics, &compiled.sources, &compiled.shown);
    let exit = Exit::of(&compiled.diagnostics);
    if exit != Exit::Well {
        return Ok(exit);
    }
    if run.output.as_deref() == Some(Path::new("-")) && (several || compiled.tracks.len() > 1) {
        say(&format!("error: stdout has room for one track; choose one of {}", editions(&compiled)));
        return Ok(Exit::Usage);
    }
    let formats = formats(args, &compiled);
    if run.output.as_deref() == Some(Path::new("-")) && formats.len() > 1 {
        say("error: stdout has room for one track; choose one format");
        return Ok(Exit::Usage);
    }
    let several_files = several || compiled.tracks.len() > 1 || formats.len() > 1;
    let mut exit = Exit::Well;
    for track in &compiled.tracks {
        for &format in &formats {
            let this = track_to(track, format, &compiled, several_files, run);
            exit = exit.and(this);
            if this == Exit::Interrupted {
                return Ok(exit);
            }
        }
    }
    Ok(exit)
}

/// The formats that are wanted: those named, the one that the output's ending names, the project's, or WAV.
fn formats(args: &RenderArgs, compiled: &Compiled) -> Vec<Format> {
    let named: Vec<Format> = args.format.iter().map(|format| (*format).into()).collect();
    let ending = args.output.as_deref().filter(|path| !is_folder(path)).and_then(Path::extension);
    let ending = ending.and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    let ending = ending.and_then(|ending| Format::ALL.into_iter().find(|format| format.name() == ending));
    let project = &compiled.project.defaults.formats;
    let mut formats = match (named.as_slice(), ending, project.as_slice()) {
        ([_, ..], _, _) => named,
        ([], Some(ending), _) => vec![ending],
        ([], None, [_, ..]) => project.clone(),
        ([], None, []) => vec![Format::Wav],
    };
    let mut seen = BTreeSet::new();
    formats.retain(|format| seen.insert(*format));
    formats
}

/// Whether a path means a folder: it ends in a slash, or is one.
fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().to_string_lossy().ends_with(['/', '\\'])
}

fn editions(compiled: &Compiled) -> String {
    let editions = compiled.tracks.iter().filter_map(|track| track.session.edition.as_ref());
    editions.map(|edition| format!("`--edition {edition}`")).collect::<Vec<_>>().join(", ")
}

fn track_to(track: &Track, format: Format, compiled: &Compiled, several: bool, run: &mut Run) -> Exit {
    let file = format!("{}.{}", track.name, format.name());
    let path = match &run.output {
        Some(path) if path == Path::new("-") => None,
        Some(path) if several || is_folder(path) => Some(path.join(file)),
        Some(path) => Some(path.clone()),
        None => Some(compiled.project.output().join(file)),
    };
    if let Some(path) = &path
        && let Some(other) = run.taken.insert(path.clone(), compiled.shown.clone())
    {
        let both = format!("'{}' and '{}'", other, compiled.shown);
        say(&format!("error: {both} would both be '{}'; rename one of them", shown(path)));
        return Exit::Failed;
    }
    let bar = bar(track);
    let mut progress = |done: Frames| bar.set_position(done.0);
    let rendered = match &path {
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
            let name = path.as_deref().map_or_else(|| track.name.clone(), shown);
            say(&sentence(&name, track, &report));
            run.made
                .extend(path.map(|path| Made::new(track, format, &compiled.shown, shown(&path), &report)));
            Exit::Well
        }
        Err(RenderError::Interrupted) => Exit::Interrupted,
        // Whoever reads the pipe has got what they wanted.
        Err(RenderError::Stream(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Well,
        Err(error) => {
            say(&format!("error: {error}"));
            if matches!(error, RenderError::Sound(_)) { Exit::Sound } else { Exit::Failed }
        }
    }
}

/// A path as seen from here.
fn shown(path: &Path) -> String {
    let here = Path::new(".").canonicalize().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
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
