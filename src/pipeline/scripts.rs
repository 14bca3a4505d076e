//! Which scripts are meant: files, folders, or all of the project.

use std::path::{Path, PathBuf};

/// Why there are no scripts.
#[derive(Debug, thiserror::Error)]
pub enum ScriptsError {
    /// A path that is not there.
    #[error("there is no script or folder '{0}'")]
    Missing(PathBuf),
    /// A folder without scripts.
    #[error("there is no script (*.toml) in '{0}'")]
    Empty(PathBuf),
    /// A folder that cannot be read.
    #[error("could not read the folder '{path}': {reason}")]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
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
            return Err(ScriptsError::Missing(path.clone()));
        }
    }
    Ok(scripts)
}

/// Adds the scripts of a folder and of those in it. Hidden folders and links to folders are left out, so
/// there is an end to it.
fn walk(folder: &Path, scripts: &mut Vec<PathBuf>) -> Result<(), ScriptsError> {
    let unreadable = |error: std::io::Error| ScriptsError::Unreadable {
        path: folder.to_owned(),
        reason: crate::sink::plain_reason(&error),
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
        } else if entry.extension().is_some_and(|ending| ending == "toml") && entry.is_file() {
            scripts.push(entry);
        }
    }
    Ok(())
}
