//! The project: where its root is, and what `nidra.toml` says of all its scripts. It is read once a run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::settings::Settings;
use super::text::text;
use crate::diag::{Diagnostic, Diagnostics, Place, SourceMap, Span, Spanned};
use crate::document::{self, Fields, Table};
use crate::encode::Format;
use crate::files::{self, ByteLimit};
use crate::output::{Notes, plain_reason};
use crate::sidecar::Sidecar;

/// The file that makes a folder a project.
pub const PROJECT_FILE: &str = "nidra.toml";

/// A project.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder that all paths are from.
    pub root: PathBuf,
    /// The values that hold where a script is silent.
    pub defaults: Defaults,
    /// The text that the values were read from; the texts of a script come after it.
    pub sources: SourceMap,
    /// Mistakes in it.
    pub diagnostics: Diagnostics,
}

/// The projects of a run, each read once.
#[derive(Default)]
pub(super) struct Projects(Mutex<BTreeMap<PathBuf, Arc<Project>>>);

impl Projects {
    /// The project that a script or a folder belongs to: see [`Project::root_of`].
    pub(super) fn of(&self, folder: &Path) -> Arc<Project> {
        let root = Project::root_of(folder);
        let mut projects = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        projects.entry(root).or_insert_with_key(|root| Arc::new(Project::read(root))).clone()
    }

    /// Forgets them all, because `nidra.toml` may have changed.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// The values that hold where a script is silent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Defaults {
    /// Voice folders, best first.
    pub voices: Vec<Spanned<String>>,
    /// The place where they are written, or can be.
    pub voice_place: Option<Place>,
    /// The author of the sessions.
    pub author: Option<Spanned<String>>,
    /// Their language.
    pub language: Option<Spanned<String>>,
    /// The series its tracks belong to.
    pub album: Option<String>,
    /// Their genre.
    pub genre: Option<String>,
    /// The settings of its tracks.
    pub settings: Settings,
    /// The formats they are written in; WAV if none is said.
    pub formats: Vec<Format>,
    /// The files that are written beside them.
    pub with: Vec<Sidecar>,
    /// The folder for tracks, from the root.
    pub output: Option<String>,
    /// Path of a picture.
    pub cover: Option<Spanned<String>>,
    /// The table `[podcast]`, as it is written; none if the tracks are no podcast.
    pub podcast: Option<Table>,
}

impl Project {
    fn read(root: &Path) -> Self {
        let (mut sources, mut diagnostics) = (SourceMap::default(), Diagnostics::default());
        let bytes = files::read(&root.join(PROJECT_FILE), ByteLimit::TEXT).unwrap_or_else(|error| {
            // Not to have one is well; to have one and to pass over what it says is not.
            if error.kind() != std::io::ErrorKind::NotFound {
                let span = Span::new(sources.add(PROJECT_FILE, ""), 0..0);
                let message = format!("could not read `{PROJECT_FILE}`: {}", plain_reason(&error));
                diagnostics.push(Diagnostic::error("unreadable-project", span, message));
            }
            Vec::new()
        });
        let text = text(PROJECT_FILE, bytes, &mut sources, &mut diagnostics).unwrap_or_default();
        let defaults = match text.is_empty() {
            true => Defaults::default(),
            false => Defaults::read(&text, &mut sources, &mut diagnostics),
        };
        Self { root: root.to_owned(), defaults, sources, diagnostics }
    }

    /// The root of the project that a folder belongs to: the nearest folder upwards with a `nidra.toml`, or with
    /// `scripts/` and `sounds/`; else the folder itself.
    pub fn root_of(folder: &Path) -> PathBuf {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let absolute = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        absolute.ancestors().find(|folder| Self::is_root(folder)).unwrap_or(&absolute).to_owned()
    }

    /// True if a folder is the root of a project.
    pub fn is_root(folder: &Path) -> bool {
        folder.join(PROJECT_FILE).is_file()
            || (folder.join("scripts").is_dir() && folder.join("sounds").is_dir())
    }

    /// The notes of the project at `root`; none of a folder that is no project, which is not littered.
    pub fn notes(root: &Path) -> Option<Notes> {
        Self::is_root(root).then(|| Notes::of(root))
    }

    /// The folder for tracks.
    pub fn output(&self) -> PathBuf {
        self.root.join(self.defaults.output.as_deref().unwrap_or("out"))
    }
}

impl Defaults {
    fn read(text: &str, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> Self {
        let file = sources.add(PROJECT_FILE, text);
        let table = document::parse(file, text, diagnostics);
        let mut fields = Fields::new(&table, "a project", diagnostics);
        let value = |text: Option<Spanned<String>>| text.map(|text| text.value);
        let voices = fields.strings("voice");
        let voice_place = fields.place("voice");
        let author = fields.string("author");
        let language = fields.string("language");
        let album = value(fields.string("album"));
        let genre = value(fields.string("genre"));
        let output = value(fields.string("output"));
        let cover = fields.string("cover");
        let settings = Settings::read(&mut fields);
        let known = Format::ALL.map(|format| (format.name(), format));
        let formats = fields.strings("formats");
        let formats = formats.iter().filter_map(|name| fields.one_of(name, "format", &known)).collect();
        let known = Sidecar::ALL.map(|kind| (kind.name(), kind));
        let with = fields.strings("with");
        let with = with.iter().filter_map(|name| fields.one_of(name, "sidecar", &known)).collect();
        let podcast = fields.table("podcast").cloned();
        fields.finish();
        Self {
            voices,
            voice_place,
            author,
            language,
            album,
            genre,
            settings,
            formats,
            with,
            output,
            cover,
            podcast,
        }
    }
}
