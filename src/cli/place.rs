//! Where the tracks of a run go, and in which formats.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::args::RenderArgs;
use super::exit::Exit;
use super::findings::say;
use crate::pipeline::{Compiled, Track};
use crate::sink::Format;

/// Where the tracks of a run go.
pub(super) enum Place {
    /// To stdout.
    Stdout,
    /// To this file, if there is but one track.
    File(PathBuf),
    /// Into this folder.
    Folder(PathBuf),
    /// Into the folder of each project.
    Project,
}

impl Place {
    /// What `-o` means.
    pub(super) fn of(output: Option<&Path>) -> Self {
        match output {
            None => Self::Project,
            Some(path) if path == Path::new("-") => Self::Stdout,
            Some(path) if path.is_dir() || path.as_os_str().to_string_lossy().ends_with(['/', '\\']) => {
                Self::Folder(path.to_owned())
            }
            Some(path) => Self::File(path.to_owned()),
        }
    }

    /// The formats that are wanted: those named, the one that the file's ending names, the project's, or WAV.
    /// `Err` has been explained.
    pub(super) fn formats(&self, args: &RenderArgs, compiled: &Compiled) -> Result<Vec<Format>, Exit> {
        let mut seen = BTreeSet::new();
        let named = args.format.iter().map(|format| Format::from(*format));
        let named: Vec<Format> = named.filter(|format| seen.insert(*format)).collect();
        let ending = match self {
            Self::File(path) => path.extension().and_then(|ending| ending.to_str()),
            _ => None,
        };
        let ending = ending.map(str::to_ascii_lowercase);
        let ending = ending.and_then(|ending| Format::ALL.into_iter().find(|format| format.name() == ending));
        let project = &compiled.project.defaults.formats;
        match (named.as_slice(), ending, project.as_slice()) {
            (&[format], Some(ending), _) if format != ending => {
                let (format, ending) = (format.name(), ending.name());
                say(&format!(
                    "error: `--format {format}` and a file that ends in .{ending}; leave one of them out"
                ));
                Err(Exit::Usage)
            }
            ([_, ..], _, _) => Ok(named),
            ([], Some(ending), _) => Ok(vec![ending]),
            ([], None, [_, ..]) => Ok(project.clone()),
            ([], None, []) => Ok(vec![Format::Wav]),
        }
    }

    /// The file of a track; `None` for stdout. `several` if the run has more than one.
    pub(super) fn file(
        &self,
        track: &Track,
        format: Format,
        compiled: &Compiled,
        several: bool,
    ) -> Option<PathBuf> {
        let name = format!("{}.{}", track.name, format.name());
        match self {
            Self::Stdout => None,
            Self::File(path) if !several => Some(path.clone()),
            Self::File(folder) | Self::Folder(folder) => Some(folder.join(name)),
            Self::Project => Some(compiled.project.output().join(name)),
        }
    }
}

/// The files of a run and the scripts they are of: two tracks must not be one file.
#[derive(Default)]
pub(super) struct Taken(BTreeMap<PathBuf, String>);

impl Taken {
    /// Takes a file for a track of the script `shown`; the script that has it already, if one has.
    pub(super) fn take(&mut self, path: &Path, shown: &str) -> Result<(), String> {
        let Self(taken) = self;
        match taken.insert(path.to_owned(), shown.to_owned()) {
            None => Ok(()),
            Some(other) => Err(other),
        }
    }
}

/// A path as seen from here.
pub(super) fn shown(path: &Path) -> String {
    let here = Path::new(".").canonicalize().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}
