//! The voices that a session names, found in its project and read once.
//!
//! Behind `fs_library.rs`. Must not know sounds.
#![allow(clippy::disallowed_methods, reason = "this is where voices are read from the disk")]

use std::path::Path;
use std::sync::Arc;

use super::path::{PathError, project_path};
use super::voice::Voice;
use crate::diag::{Diagnostic, Diagnostics, FileId, SourceMap, Spanned, did_you_mean_instead, nearest};
use crate::files::{self, ByteLimit};
use crate::library::sound_store::SoundStore;

/// The path of the voices of a project, from its root.
pub(crate) const VOICES: &str = "sounds/voices";

/// A voice as a session reads it: its text is one of those that diagnostics point into.
pub(crate) struct OpenedVoice {
    pub(crate) voice: Arc<Voice>,
    pub(crate) file: FileId,
}

/// A voice, read once if nothing is wrong with it. If something is, every script that names it says so.
pub(crate) fn voice(
    shelf: &SoundStore,
    name: &Spanned<String>,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<OpenedVoice> {
    let path = format!("{VOICES}/{}/voice.toml", name.value);
    if let Some(voice) = shelf.voice(&name.value) {
        let file = sources.add_foundation(path, voice.text.as_str());
        return Some(OpenedVoice { voice, file });
    }
    let text = match project_path(shelf.root(), &path) {
        Ok(file) => files::read_text(&file, ByteLimit::TEXT).ok(),
        Err(PathError::Outside) => {
            let message = format!("the voice `{}` is outside the project", name.value);
            let hint = "a link leads there; copy its folder into the project";
            diagnostics.push(Diagnostic::error("outside-project", name.span, message).hint(hint));
            return None;
        }
        Err(PathError::Missing) => None,
    };
    let Some(text) = text else {
        diagnostics.push(unknown_voice(shelf.root(), name));
        return None;
    };
    let file = sources.add_foundation(path, text.as_str());
    let mut found = Diagnostics::default();
    let voice = Arc::new(Voice::read(&name.value, file, &text, &mut found));
    if found.is_empty() {
        shelf.keep_voice(&voice);
    }
    diagnostics.extend(found);
    Some(OpenedVoice { voice, file })
}

/// The voices of a project, by name.
pub(crate) fn known_voices(root: &Path) -> Vec<String> {
    let folders = std::fs::read_dir(root.join(VOICES)).into_iter().flatten().flatten();
    let mut known: Vec<String> = folders
        .filter(|entry| entry.path().join("voice.toml").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    known.sort();
    known
}

/// The file in the folder of a voice with a name that is most like `file`.
pub(crate) fn nearest_file(root: &Path, voice: &str, file: &str) -> Option<String> {
    let entries = std::fs::read_dir(root.join(VOICES).join(voice)).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    nearest(file, names.iter().map(String::as_str)).map(str::to_owned)
}

fn unknown_voice(root: &Path, name: &Spanned<String>) -> Diagnostic {
    let known = known_voices(root);
    // One of that name is there and could not be read.
    let others = known.iter().map(String::as_str).filter(|known| *known != name.value);
    let hint = did_you_mean_instead(name, others).unwrap_or_else(|| match known.as_slice() {
        [] => format!("a voice is a folder in {VOICES}/ with a voice.toml").into(),
        known => format!("there is: {}", known.join(", ")).into(),
    });
    let message = format!("no voice named `{}`", name.value);
    Diagnostic::error("unknown-voice", name.span, message).hint(hint)
}
