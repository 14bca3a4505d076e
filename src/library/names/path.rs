//! Paths as scripts write them: from the project root, and never out of it.
#![allow(
    clippy::disallowed_methods,
    reason = "whether a path leaves the project is known only to the file system"
)]

use std::path::{Component, Path, PathBuf};

/// The reason that a path of a script leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// It is absolute, climbs out with `..`, or a link in it leads out.
    #[error("it is outside the project")]
    Outside,
}

/// The file that `path` means in the project at `root`.
///
/// # Errors
/// If it leaves the project, by whatever way, or is not there.
pub fn project_path(root: &Path, path: &str) -> Result<PathBuf, PathError> {
    path_within(&root.canonicalize().map_err(|_| PathError::Missing)?, path)
}

/// The same in a project whose root has no links in it.
pub(crate) fn path_within(root: &Path, path: &str) -> Result<PathBuf, PathError> {
    place_within(root, path).and_then(|file| if file.is_file() { Ok(file) } else { Err(PathError::Missing) })
}

/// The file or folder that `path` means in such a project.
pub(crate) fn place_within(root: &Path, path: &str) -> Result<PathBuf, PathError> {
    stays_within(path)?;
    let place = root.join(path).canonicalize().map_err(|_| PathError::Missing)?;
    if place.starts_with(root) { Ok(place) } else { Err(PathError::Outside) }
}

/// Checks that a path leads nowhere out of the project, but for links.
pub(crate) fn stays_within(path: &str) -> Result<(), PathError> {
    // Scripts are the same on every system: a path with backslashes or a drive is one of another system.
    if path.contains(['\\', ':']) || Path::new(path).is_absolute() {
        return Err(PathError::Outside);
    }
    let mut depth = 0usize;
    for component in Path::new(path).components() {
        depth = match component {
            Component::Normal(_) => depth + 1,
            Component::CurDir => depth,
            _ => depth.checked_sub(1).ok_or(PathError::Outside)?,
        };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_project() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("project");
        std::fs::create_dir_all(root.join("sounds")).unwrap();
        std::fs::write(root.join("sounds/a.wav"), "").unwrap();
        std::fs::write(folder.path().join("secret.wav"), "").unwrap();
        let check = |path: &str, expected: Result<(), PathError>| {
            assert_eq!(project_path(&root, path).map(|_| ()), expected, "{path}");
        };
        check("sounds/a.wav", Ok(()));
        check("./sounds/../sounds/a.wav", Ok(()));
        check("sounds/b.wav", Err(PathError::Missing));
        check("sounds", Err(PathError::Missing));
        check("../secret.wav", Err(PathError::Outside));
        check("sounds/../../secret.wav", Err(PathError::Outside));
        check("/etc/hostname", Err(PathError::Outside));
        check("C:\\a.wav", Err(PathError::Outside));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path().join("secret.wav"), root.join("sounds/link.wav"))
                .unwrap();
            check("sounds/link.wav", Err(PathError::Outside));
        }
    }
}
