//! The scripts that are meant, and what became of them: the beginning of all subcommands.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::build::{self, Compiled, Overrides, Project, ScriptSource, Stores};
use crate::cli::exit::{Exit, Failure};
use crate::files::{ByteLimit, read_to_limit};
use crate::output::plain_reason;
use crate::podcast::Podcast;

/// The scripts that were meant, each once: those named, or all of the project's.
///
/// # Errors
/// If one cannot be read or is not there.
pub(crate) fn sources(paths: &[PathBuf]) -> Result<Vec<ScriptSource>, Failure> {
    if paths.is_empty() {
        let help = "  = help: `nidra init .` makes a project here, `nidra render SCRIPT` renders one script";
        let scripts = build::scripts(&[default_folder()]);
        let scripts = scripts.map_err(|error| Exit::Usage.because(error).with_help(help))?;
        return Ok(once(scripts.into_iter().map(ScriptSource::File).collect()));
    }
    let mut sources = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            sources.push(piped("stdin", std::io::stdin())?);
        } else if is_pipe(path) {
            // `nidra check <(program)`: a script that is typed like a file and read like stdin.
            let name = format!("'{}'", path.display());
            let pipe = std::fs::File::open(path).map_err(|error| unreadable(&name, &error))?;
            sources.push(piped(&name, pipe)?);
        } else {
            let scripts = build::scripts(std::slice::from_ref(path));
            sources.extend(
                scripts.map_err(|error| Exit::Usage.because(error))?.into_iter().map(ScriptSource::File),
            );
        }
    }
    Ok(once(sources))
}

/// The script of a subcommand that takes one.
///
/// # Errors
/// If it cannot be read, is not there, or is several.
pub(crate) fn source(path: &Path) -> Result<ScriptSource, Failure> {
    let mut sources = sources(&[path.to_owned()])?;
    let one = sources.pop().filter(|_| sources.is_empty());
    one.ok_or_else(|| Exit::Usage.because("this takes one script, not a folder"))
}

/// True of a pipe or a device.
pub(crate) fn is_pipe(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir())
}

fn piped(name: &str, pipe: impl Read) -> Result<ScriptSource, Failure> {
    let text = read_to_limit(pipe, ByteLimit::TEXT);
    text.map(ScriptSource::Text).map_err(|error| unreadable(name, &error))
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    Exit::Failed.because(format!("could not read the script from {name}: {}", plain_reason(error)))
}

/// The scripts that are there now, of paths that were well before: nothing is said of those that are gone.
pub(crate) fn present(paths: &[PathBuf]) -> Vec<ScriptSource> {
    let default = paths.is_empty().then(default_folder);
    let scripts = paths.iter().chain(&default);
    let scripts = scripts.flat_map(|path| build::scripts(std::slice::from_ref(path)).unwrap_or_default());
    once(scripts.map(ScriptSource::File).collect())
}

/// Each script once.
fn once(mut sources: Vec<ScriptSource>) -> Vec<ScriptSource> {
    let mut seen = BTreeSet::new();
    sources.retain(|source| match source {
        ScriptSource::File(path) => seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())),
        ScriptSource::Text(_) => true,
    });
    sources
}

/// A script with its diagnostics, those of the podcast of its project too.
///
/// # Errors
/// If its file cannot be read.
pub(crate) fn compile(
    source: &ScriptSource,
    overrides: &Overrides,
    stores: &Stores,
) -> Result<Compiled, Failure> {
    let mut compiled = build::compile(source, overrides, stores).map_err(|error| {
        Exit::Failed.because(format!("could not read '{}': {}", name(source), plain_reason(&error)))
    })?;
    Podcast::read(&compiled.project.defaults, &mut compiled.diagnostics);
    compiled.diagnostics = std::mem::take(&mut compiled.diagnostics).sorted(&compiled.sources);
    if compiled.diagnostics.has_errors() {
        compiled.tracks.clear();
    }
    Ok(compiled)
}

/// A script as messages call it.
pub(crate) fn name(source: &ScriptSource) -> String {
    match source {
        ScriptSource::File(path) => path.display().to_string(),
        ScriptSource::Text(_) => "<stdin>".to_owned(),
    }
}

/// The folder of all scripts, seen from here.
pub(crate) fn default_folder() -> PathBuf {
    let here = Path::new(".").canonicalize().unwrap_or_default();
    let scripts = Project::root_of(Path::new(".")).join("scripts");
    scripts.strip_prefix(here).map_or(scripts.clone(), Path::to_owned)
}
