//! A script to its tracks: read, bind each edition, open the library, place every sound.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cover::cover;
use super::files::ProjectFiles;
use super::name::{track_folder, track_name};
use super::project::Project;
use super::settings::Settings;
use super::stores::Stores;
use super::text::text;
use super::track::{Track, TrackOrigin};
use crate::audio::SoundSource;
use crate::diag::{Diagnostic, Diagnostics, SourceFile, SourceMap, did_you_mean};
use crate::digest::{Digest, digest_of};
use crate::files::{self, ByteLimit};
use crate::library::FsLibrary;
use crate::script::{Binding, Script, Session, bind, read};
use crate::sidecar::Sidecar;
use crate::timeline;

/// The source of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptSource {
    /// A file.
    File(PathBuf),
    /// A text that was typed or piped; it belongs to the project of the current folder.
    Text(Vec<u8>),
}

/// The options of the command line, which go over script and project.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// Only these editions.
    pub editions: Vec<String>,
    /// Values of parameters.
    pub set: Vec<(String, String)>,
    /// The settings of the tracks.
    pub settings: Settings,
    /// The settings that hold where script and project say nothing, either.
    pub otherwise: Settings,
    /// The files that are wanted beside the tracks; the project's if none are named.
    pub with: Vec<Sidecar>,
    /// All of the above as it was typed, but for the editions: what a track remembers of it.
    pub typed: Vec<String>,
}

/// A script and what became of it.
pub struct Compiled {
    /// Its name in messages.
    pub shown: String,
    /// The project it belongs to.
    pub project: Arc<Project>,
    /// The texts that the diagnostics point into.
    pub sources: SourceMap,
    /// Everything that was found.
    pub diagnostics: Diagnostics,
    /// Its tracks; none if there are errors.
    pub tracks: Vec<Track>,
}

/// Compiles a script. What it has in common with other scripts of its project is on the shelves.
///
/// # Errors
/// If its file cannot be read. What is wrong with the script itself is in [`Compiled::diagnostics`].
pub fn compile(source: &ScriptSource, overrides: &Overrides, shelves: &Stores) -> std::io::Result<Compiled> {
    let (folder, bytes) = match source {
        ScriptSource::File(path) => {
            (path.parent().unwrap_or(Path::new(".")).to_owned(), files::read(path, ByteLimit::TEXT)?)
        }
        ScriptSource::Text(bytes) => (PathBuf::from("."), bytes.clone()),
    };
    let project = shelves.project(&folder);
    let (mut sources, mut diagnostics) = (project.sources.clone(), project.diagnostics.clone());
    let shown = shown(source, &project.root);
    let Some(text) = text(&shown, bytes, &mut sources, &mut diagnostics) else {
        return Ok(Compiled::new(shown, project, sources, diagnostics, Vec::new()));
    };
    let files = ProjectFiles { root: project.root.clone() };
    let before = sources.files().count();
    let script = read(&shown, &text, &files, &mut sources, &mut diagnostics);
    let origin = TrackOrigin {
        notes: Project::notes(&project.root),
        script: shown.clone(),
        options: overrides.typed.clone(),
        digest: digest(sources.files().skip(before)),
    };
    let bindings = bindings(&script, overrides, &project, &mut diagnostics);
    if bindings.is_empty() {
        // A mistyped edition does not hide the other mistakes.
        bind(&script, &Binding::default(), &mut diagnostics);
    }
    let sessions: Vec<Session> = bindings
        .iter()
        .map(|binding| with_defaults(bind(&script, binding, &mut diagnostics), &project))
        .collect();
    let mut tracks = Vec::new();
    if let Some(first) = sessions.first() {
        // All editions of a script have its voices and its rate, so they share what is loaded.
        let scripts_own = Settings::of(first);
        let places = [&overrides.settings, &scripts_own, &project.defaults.settings, &overrides.otherwise];
        let rate = Settings::rate(&places);
        let shelf = shelves.of(&project);
        let library = if voices_are_unknown(first, &project, &diagnostics) {
            FsLibrary::unvoiced(shelf, rate)
        } else {
            FsLibrary::open(shelf, &first.voices, rate, &mut sources, &mut diagnostics)
        };
        let library = Arc::new(library);
        // The length of a built-in sound is known, and one that is too long to be made is an error of the timeline.
        let mut foreseeable: Vec<_> = sessions.iter().flat_map(timeline::foreseeable_sounds).collect();
        foreseeable.retain(|sound| !matches!(sound.source, SoundSource::BuiltIn(_)));
        library.prefetch(&foreseeable);
        let (stem, folder) = (stem(source), track_folder(Path::new(&shown)));
        let with = if overrides.with.is_empty() { &project.defaults.with } else { &overrides.with };
        let coding = Settings::coding(&places);
        let mastering = Settings::mastering(&places, coding.layout);
        let mut cues = 0;
        for (session, binding) in sessions.into_iter().zip(bindings) {
            if cues > MAX_CUES {
                diagnostics.push(too_many_cues(&script));
                break;
            }
            let timeline =
                timeline::compile(&session, library.as_ref(), rate, mastering.course, &mut diagnostics);
            cues += timeline.as_ref().map_or(0, |timeline| timeline.cues.len());
            // Bells and beds of nidra have a length before they are made; what has errors may be too much to make.
            if !diagnostics.has_errors() {
                timeline.iter().for_each(|timeline| library.prefetch(&timeline.sounds));
            }
            let name = track_name(session.meta.track, &stem, binding.edition.as_deref(), &binding.set);
            let cover = cover(&session.meta, &project.root, &mut diagnostics);
            tracks.extend(timeline.map(|timeline| Track {
                name,
                folder: folder.clone(),
                session,
                timeline,
                coding,
                mastering,
                with: with.clone(),
                cover,
                origin: origin.clone(),
                library: library.clone(),
            }));
        }
    }
    Ok(Compiled::new(shown, project, sources, diagnostics, tracks))
}

impl Compiled {
    fn new(
        shown: String,
        project: Arc<Project>,
        sources: SourceMap,
        diagnostics: Diagnostics,
        tracks: Vec<Track>,
    ) -> Self {
        let tracks = if diagnostics.has_errors() { Vec::new() } else { tracks };
        let diagnostics = diagnostics.sorted(&sources);
        Self { shown, project, sources, diagnostics, tracks }
    }
}

/// True if a session names no voice because of a mistake that was found.
fn voices_are_unknown(session: &Session, project: &Project, diagnostics: &Diagnostics) -> bool {
    let places = [session.voice_place.as_ref(), project.defaults.voice_place.as_ref()];
    let is_typed = |diagnostic: &Diagnostic, key| {
        diagnostic.hints.iter().flat_map(|hint| &hint.edits).any(|edit| edit.text == key)
    };
    let hides_voices = |diagnostic: &Diagnostic| {
        ["syntax", "not-utf8", "unreadable-project"].contains(&diagnostic.id)
            || (diagnostic.id == "unknown-key" && is_typed(diagnostic, "voice"))
            || places.iter().flatten().any(|place| place.holds(diagnostic.span))
    };
    session.voices.is_empty() && diagnostics.iter().any(hides_voices)
}

/// The most cues of all editions of a script, those of the last one not counted: what is laid out in a second or two.
const MAX_CUES: usize = 100_000;

fn too_many_cues(script: &Script) -> Diagnostic {
    let span = script.editions.last().map_or(script.span, |edition| edition.name.span);
    let message = format!("the editions of this script have more than {MAX_CUES} cues together");
    Diagnostic::error("too-long", span, message).hint("put some of them into a script of their own")
}

/// A digest of the texts of a script and its includes, each told from the next by its length.
fn digest<'s>(files: impl Iterator<Item = &'s SourceFile>) -> Digest {
    digest_of(&files.map(|file| file.text.as_str()).collect::<Vec<_>>())
}

/// The path of a script from the root, or as it was given.
fn shown(source: &ScriptSource, root: &Path) -> String {
    let ScriptSource::File(path) = source else { return "<stdin>".to_owned() };
    let absolute = path.canonicalize().unwrap_or_else(|_| path.clone());
    absolute.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn stem(source: &ScriptSource) -> String {
    match source {
        ScriptSource::File(path) => {
            path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
        }
        ScriptSource::Text(_) => "stdin".to_owned(),
    }
}

/// The tracks that are wanted: all editions, those that were named, or the one that parameters make.
fn bindings(
    script: &Script,
    overrides: &Overrides,
    project: &Project,
    diagnostics: &mut Diagnostics,
) -> Vec<Binding> {
    let known: Vec<&str> = script.editions.iter().map(|edition| edition.name.value.as_str()).collect();
    // Of a script that is broken TOML it is not known which editions it has.
    let readable = diagnostics.iter().all(|diagnostic| diagnostic.id != "syntax");
    for name in overrides.editions.iter().filter(|name| readable && !known.contains(&name.as_str())) {
        let hint = did_you_mean(name, known.iter().copied()).unwrap_or_else(|| match known.as_slice() {
            [] => "this script has no editions".to_owned(),
            known => format!("there is: {}", known.join(", ")),
        });
        let message = format!("no edition named `{name}`");
        let span = script.editions.first().map_or(script.span, |edition| edition.name.span);
        diagnostics.push(Diagnostic::error("unknown-edition", span, message).hint(hint));
    }
    let of = |edition: Option<&str>| Binding {
        edition: edition.map(str::to_owned),
        set: overrides.set.clone(),
        language: project.defaults.language.clone().map(|language| language.value),
    };
    let named = |name: &&str| overrides.editions.iter().any(|wanted| wanted == name);
    match (known.is_empty(), overrides.editions.is_empty(), overrides.set.is_empty()) {
        (true, _, _) | (false, true, false) => vec![of(None)],
        (false, true, true) => known.iter().map(|name| of(Some(name))).collect(),
        (false, false, _) => known.iter().filter(|name| named(name)).map(|name| of(Some(name))).collect(),
    }
}

fn with_defaults(mut session: Session, project: &Project) -> Session {
    let defaults = &project.defaults;
    if session.voices.is_empty() {
        session.voices.clone_from(&defaults.voices);
    }
    session.meta.author = session.meta.author.or_else(|| defaults.author.clone().map(|author| author.value));
    session.meta.album = session.meta.album.or_else(|| defaults.album.clone());
    session.meta.genre = session.meta.genre.or_else(|| defaults.genre.clone());
    session.meta.cover = session.meta.cover.or_else(|| defaults.cover.clone());
    session
}
