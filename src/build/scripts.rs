//! The scripts that are meant: files, folders, or all of the project.

use std::path::{Path, PathBuf};

use crate::diag::nearest;

/// The reason that there are no scripts.
#[derive(Debug, thiserror::Error)]
pub enum ScriptsError {
    /// A path that is not there.
    #[error("there is no script or folder '{}'{}", .path.display(), suggestion(.meant.as_deref()))]
    Missing {
        /// The path.
        path: PathBuf,
        /// A script with a name that is like it.
        meant: Option<PathBuf>,
    },
    /// A folder without scripts.
    #[error("there is no script (*.toml) in '{0}'")]
    Empty(PathBuf),
    /// A folder that cannot be read.
    #[error("could not read the folder '{path}': {reason}")]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// The reason that the system gives.
        reason: String,
    },
}

fn suggestion(meant: Option<&Path>) -> String {
    meant.map_or_else(String::new, |meant| format!("; did you mean '{}'?", meant.display()))
}

/// The scripts that `paths` mean: files as they are, folders with all that is in them, sorted.
///
/// # Errors
/// If a path is not there, or a folder holds no script.
pub fn scripts(paths: &[PathBuf]) -> Result<Vec<PathBuf>, ScriptsError> {
    let mut scripts = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = scripts.len();
            walk(path, &mut scripts)?;
            if scripts.len() == before {
                return Err(ScriptsError::Empty(path.clone()));
            }
        } else if path.exists() {
            scripts.push(path.clone());
        } else {
            return Err(ScriptsError::Missing { path: path.clone(), meant: meant(path) });
        }
    }
    Ok(scripts)
}

/// The script that is likely meant by a path that is not there: one beside it, or in the folder of scripts.
fn meant(path: &Path) -> Option<PathBuf> {
    let beside = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(beside).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut scripts: Vec<PathBuf> = entries.filter(|entry| is_script(entry)).collect();
    scripts.sort();
    // What cannot be read is no help, and no other error.
    walk(Path::new("scripts"), &mut scripts).ok();
    let stem = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let stems: Vec<String> = scripts.iter().filter_map(|script| stem(script)).collect();
    let typed = stem(path)?;
    let found = nearest(&typed, stems.iter().map(String::as_str))?;
    scripts.into_iter().find(|script| stem(script).as_deref() == Some(found))
}

fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "toml") && path.is_file()
}

/// Adds the scripts of a folder and of those in it. Hidden folders and links to folders are left out, so
/// there is an end to it.
fn walk(folder: &Path, scripts: &mut Vec<PathBuf>) -> Result<(), ScriptsError> {
    let unreadable = |error: std::io::Error| ScriptsError::Unreadable {
        path: folder.to_owned(),
        reason: crate::output::plain_reason(&error),
    };
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(unreadable)?;
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if entry.is_dir() && !entry.is_symlink() {
            walk(&entry, scripts)?;
        } else if is_script(&entry) {
            scripts.push(entry);
        }
    }
    Ok(())
}
