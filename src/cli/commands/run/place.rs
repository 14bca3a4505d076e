//! The place for the tracks of a run, and their formats.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::build::Project;
use crate::cli::exit::{Exit, Failure};
use crate::encode::Format;

/// Endings of sound that nidra does not write: a file that has one would not be what it says.
const FOREIGN_ENDINGS: [&str; 10] = ["m4a", "m4b", "mp4", "aac", "ogg", "oga", "aif", "aiff", "wma", "caf"];

/// The place for the tracks of a run.
pub(crate) enum OutputPlace {
    /// To stdout.
    Stdout,
    /// To this file, if there is but one track.
    File(PathBuf),
    /// Into this folder.
    Folder(PathBuf),
    /// Into this folder below that of the tracks of each project; empty for that itself.
    Project(&'static str),
}

impl OutputPlace {
    /// Returns the place that `-o` means; without it, a folder below that of the tracks of the project.
    pub(crate) fn of(output: Option<&Path>, folder: &'static str) -> Self {
        match output {
            None => Self::Project(folder),
            Some(path) if path == Path::new("-") => Self::Stdout,
            Some(path) if path.is_dir() || path.as_os_str().to_string_lossy().ends_with(['/', '\\']) => {
                Self::Folder(path.to_owned())
            }
            Some(path) => Self::File(path.to_owned()),
        }
    }

    /// The formats that were asked for: those named, or the one that the file's ending names.
    ///
    /// # Errors
    /// If the ending is that of another sound.
    pub(crate) fn formats(&self, named: &[Format]) -> Result<Vec<Format>, Failure> {
        let mut seen = BTreeSet::new();
        let named: Vec<Format> = named.iter().copied().filter(|format| seen.insert(*format)).collect();
        let ending = match self {
            Self::File(path) => path.extension().and_then(|ending| ending.to_str()),
            _ => None,
        };
        let ending = ending.map(str::to_ascii_lowercase);
        if let Some(ending) = ending.as_deref().filter(|ending| FOREIGN_ENDINGS.contains(ending)) {
            return Err(Exit::Usage.because(format!("nidra writes wav, mp3, flac and opus, and no {ending}")));
        }
        let ending = ending.and_then(|ending| Format::ALL.into_iter().find(|format| format.name() == ending));
        match (named.as_slice(), ending) {
            (&[format], Some(ending)) if format != ending => {
                let (format, ending) = (format.name(), ending.name());
                Err(Exit::Usage.because(format!(
                    "`--format {format}` and a file that ends in .{ending}; leave one of them out"
                )))
            }
            ([], Some(ending)) => Ok(vec![ending]),
            _ => Ok(named),
        }
    }

    /// The folder of tracks, if there are several.
    pub(crate) fn folder(&self, project: &Project) -> PathBuf {
        match self {
            Self::File(folder) | Self::Folder(folder) => folder.clone(),
            Self::Stdout => project.output(),
            Self::Project("") => project.output(),
            Self::Project(folder) => project.output().join(folder),
        }
    }
}

/// A path as seen from here.
pub(crate) fn shown(path: &Path) -> String {
    let here = Path::new(".").canonicalize().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}
