//! The project: where its root is, and what `nidra.toml` says of all its scripts.

use std::path::{Path, PathBuf};

use super::companion::Companion;
use super::settings::Settings;
use super::text::text;
use crate::diag::{Diagnostic, Diagnostics, Place, SourceMap, Span, Spanned};
use crate::document::{self, Fields, Table, one_of};
use crate::encode::Format;
use crate::files::{self, ByteLimit};

/// The file that makes a folder a project.
const FILE: &str = "nidra.toml";

/// A project.
#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    /// The folder that all paths are from.
    pub root: PathBuf,
    /// The values that hold where a script is silent.
    pub defaults: Defaults,
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
    pub with: Vec<Companion>,
    /// The folder for tracks, from the root.
    pub output: Option<String>,
    /// Path of a picture.
    pub cover: Option<Spanned<String>>,
    /// The table `[podcast]`, as it is written; none if the tracks are no podcast.
    pub podcast: Option<Table>,
}

impl Project {
    /// The project that a script or a folder belongs to: the nearest folder upwards with a `nidra.toml`, or
    /// with `scripts/` and `sounds/`; else the folder itself. Mistakes in `nidra.toml` are added to `diagnostics`.
    pub fn find(folder: &Path, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> Self {
        let root = Self::root_of(folder);
        let bytes = files::read(&root.join(FILE), ByteLimit::TEXT).unwrap_or_else(|error| {
            // Not to have one is well; to have one and to pass over what it says is not.
            if error.kind() != std::io::ErrorKind::NotFound {
                let span = Span::new(sources.add(FILE, ""), 0..0);
                let message = format!("could not read `{FILE}`: {}", crate::output::plain_reason(&error));
                diagnostics.push(Diagnostic::error("unreadable-project", span, message));
            }
            Vec::new()
        });
        let text = text(FILE, bytes, sources, diagnostics).unwrap_or_default();
        let defaults = if text.is_empty() { Defaults::default() } else { read(&text, sources, diagnostics) };
        Self { root, defaults }
    }

    /// The root of the project that a folder belongs to, as for [`Project::find`].
    pub fn root_of(folder: &Path) -> PathBuf {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let absolute = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        absolute.ancestors().find(|folder| Self::is_root(folder)).unwrap_or(&absolute).to_owned()
    }

    /// True if a folder is the root of a project.
    pub fn is_root(folder: &Path) -> bool {
        folder.join(FILE).is_file() || (folder.join("scripts").is_dir() && folder.join("sounds").is_dir())
    }

    /// The folder for tracks.
    pub fn output(&self) -> PathBuf {
        self.root.join(self.defaults.output.as_deref().unwrap_or("out"))
    }
}

fn read(text: &str, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> Defaults {
    let file = sources.add(FILE, text);
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
    let formats =
        formats.iter().filter_map(|name| one_of(name, "format", &known, fields.diagnostics())).collect();
    let known: Vec<_> = Companion::all().map(|companion| (companion.name(), companion)).collect();
    let with = fields.strings("with");
    let with =
        with.iter().filter_map(|name| one_of(name, "companion", &known, fields.diagnostics())).collect();
    let podcast = fields.table("podcast").cloned();
    fields.finish();
    Defaults {
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
