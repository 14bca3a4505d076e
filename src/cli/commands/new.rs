//! `nidra init` and `nidra new`: something to start from.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

use crate::build::Project;
use crate::cli::args::{InitArgs, NewArgs};
use crate::cli::exit::{Exit, Failure};
use crate::cli::ui::diagnostics::say;
use crate::text::one_line;

const PROJECT: &str = include_str!("new/nidra.toml");
const FIRST_SIT: &str = include_str!("new/first-sit.toml");
const VOICES: &str = include_str!("new/voices.md");
const SCRIPT: &str = include_str!("new/script.toml");

pub(crate) fn init(args: &InitArgs) -> Result<Exit> {
    let files = [
        ("nidra.toml", PROJECT),
        ("scripts/first-sit.toml", FIRST_SIT),
        ("sounds/voices/README.md", VOICES),
        (".gitignore", "/out\n"),
    ];
    // All are looked at before one is written: a project is made whole or not at all.
    if let Some((name, _)) = files.iter().find(|(name, _)| args.folder.join(name).exists()) {
        return Err(is_there(&args.folder.join(name)).into());
    }
    for (name, text) in files {
        create(&args.folder.join(name), text)?;
    }
    let folder = args.folder.display();
    say(&format!("Made a project in '{folder}'."));
    say(&format!("Next: `cd {folder} && nidra render` makes out/first-sit.wav."));
    Ok(Exit::Well)
}

pub(crate) fn new(args: &NewArgs) -> Result<Exit> {
    let stem = args.name.strip_suffix(".toml").unwrap_or(&args.name);
    if stem.is_empty() || stem.contains(['/', '\\']) || stem.starts_with('.') {
        return Err(Exit::Usage.because("a name is one word, as in `nidra new evening-rest`").into());
    }
    let path = Project::root_of(Path::new(".")).join("scripts").join(format!("{stem}.toml"));
    if path.exists() {
        return Err(is_there(&path).into());
    }
    let title = crate::script::words::capitalised(&one_line(&stem.replace(['-', '_'], " ")));
    create(&path, &SCRIPT.replace("TITLE", &title.replace('"', "'")))?;
    say(&format!("Made '{}'.", path.display()));
    Ok(Exit::Well)
}

fn is_there(path: &Path) -> Failure {
    Exit::Failed.because(format!("'{}' is there already; nothing was changed", path.display()))
}

/// Writes a file that is not there yet.
fn create(path: &Path, text: &str) -> Result<()> {
    let failed = || format!("could not write '{}'", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(failed)?;
    }
    let mut file = std::fs::File::create_new(path).with_context(failed)?;
    file.write_all(text.as_bytes()).with_context(failed)
}
