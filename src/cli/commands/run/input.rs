//! The scripts that are meant, and what became of them: the beginning of all subcommands.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::build::{self, Compiled, Overrides, Project, Source, Stores};
use crate::cli::args::{DenyArgs, TrackArgs};
use crate::cli::exit::Exit;
use crate::cli::ui::diagnostics::{self, Said, say};
use crate::diag::{Diagnostics, SourceMap};
use crate::files::{ByteLimit, read_to_limit};

/// The scripts that were meant, each once: those named, or all of the project's. `Err` has been explained.
pub(crate) fn sources(paths: &[PathBuf]) -> Result<Vec<Source>, Exit> {
    let mut sources = Vec::new();
    let wanted = if paths.is_empty() { vec![default_folder()] } else { paths.to_vec() };
    for path in &wanted {
        if path == Path::new("-") {
            sources.push(piped("stdin", std::io::stdin())?);
            continue;
        }
        // `nidra check <(program)`: a script that is typed like a file and read like stdin.
        if !paths.is_empty() && is_pipe(path) {
            let name = format!("'{}'", path.display());
            let pipe = std::fs::File::open(path).map_err(|error| unreadable(&name, &error))?;
            sources.push(piped(&name, pipe)?);
            continue;
        }
        match build::scripts(std::slice::from_ref(path)) {
            Ok(scripts) => sources.extend(scripts.into_iter().map(Source::File)),
            Err(error) => {
                say(&format!("error: {error}"));
                if paths.is_empty() {
                    say(
                        "  = help: `nidra init .` makes a project here, `nidra render SCRIPT` renders one script",
                    );
                }
                return Err(Exit::Usage);
            }
        }
    }
    Ok(once(sources))
}

/// True of a pipe or a device.
pub(crate) fn is_pipe(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir())
}

/// The script that a pipe gives. `Err` has been explained.
fn piped(name: &str, pipe: impl Read) -> Result<Source, Exit> {
    let text = read_to_limit(pipe, ByteLimit::TEXT);
    text.map(Source::Text).map_err(|error| unreadable(name, &error))
}

fn unreadable(name: &str, error: &std::io::Error) -> Exit {
    say(&format!("error: could not read the script from {name}: {}", crate::output::plain_reason(error)));
    Exit::Failed
}

/// The scripts that are there now, of paths that were well before: nothing is said of those that are gone.
pub(crate) fn present(paths: &[PathBuf]) -> Vec<Source> {
    let default = paths.is_empty().then(default_folder);
    let scripts = paths.iter().chain(&default);
    let scripts = scripts.flat_map(|path| build::scripts(std::slice::from_ref(path)).unwrap_or_default());
    once(scripts.map(Source::File).collect())
}

/// Each script once.
fn once(mut sources: Vec<Source>) -> Vec<Source> {
    let mut seen = BTreeSet::new();
    sources.retain(|source| match source {
        Source::File(path) => seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())),
        Source::Text(_) => true,
    });
    sources
}

/// A script with its findings. `Err` has been explained: its file could not be read.
pub(crate) fn compiled(
    source: &Source,
    overrides: &Overrides,
    deny: &DenyArgs,
    shelves: &Stores,
) -> Result<Compiled, Exit> {
    match build::compile(source, overrides, shelves) {
        Ok(mut compiled) => {
            diagnostics::complete(&mut compiled, deny);
            Ok(compiled)
        }
        Err(error) => {
            say(&format!(
                "error: could not read '{}': {}",
                name(source),
                crate::output::plain_reason(&error)
            ));
            Err(Exit::Failed)
        }
    }
}

/// The one script of a subcommand that takes one, its findings printed. `Err` has been explained.
pub(crate) fn only(script: &Path, track: &TrackArgs) -> Result<Compiled, Exit> {
    let sources = sources(&[script.to_owned()])?;
    let [source] = sources.as_slice() else {
        say("error: this takes one script, not a folder");
        return Err(Exit::Usage);
    };
    let shelves = Stores::sparing();
    let compiled = compiled(source, &track.overrides(), &DenyArgs { deny: None }, &shelves)?;
    shelves.keep();
    diagnostics::print(&compiled.diagnostics, &compiled.sources, &compiled.shown, &mut Said::default());
    Ok(compiled)
}

/// A script as messages call it.
pub(crate) fn name(source: &Source) -> String {
    match source {
        Source::File(path) => path.display().to_string(),
        Source::Text(_) => "<stdin>".to_owned(),
    }
}

/// The folder of all scripts, seen from here.
pub(crate) fn default_folder() -> PathBuf {
    let project = Project::find(Path::new("."), &mut SourceMap::default(), &mut Diagnostics::default());
    let here = Path::new(".").canonicalize().unwrap_or_default();
    let scripts = project.root.join("scripts");
    scripts.strip_prefix(here).map_or(scripts.clone(), Path::to_owned)
}
