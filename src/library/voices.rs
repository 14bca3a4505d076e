//! The voices that a session names, found in its project and read once.
//!
//! Behind `fs.rs`. Must not know sounds.
#![allow(clippy::disallowed_methods, reason = "this is where voices are read from the disk")]

use std::path::Path;
use std::sync::Arc;

use super::path::{PathError, project_path};
use super::shelf::Shelf;
use super::voice::Voice;
use crate::diag::{Diagnostic, Diagnostics, SourceMap, Spanned, did_you_mean};
use crate::files::{self, ByteLimit};

/// Where the voices of a project are, from its root.
pub(super) const VOICES: &str = "sounds/voices";

/// A voice, read once if nothing is wrong with it. If something is, every script that names it says so.
pub(super) fn voice(
    shelf: &Shelf,
    name: &Spanned<String>,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Arc<Voice>> {
    if let Some(voice) = shelf.voice(&name.value) {
        return Some(voice);
    }
    let path = format!("{VOICES}/{}/voice.toml", name.value);
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
    let file = sources.add(path, text.as_str());
    let mut found = Diagnostics::default();
    let voice = Arc::new(Voice::read(&name.value, file, &text, &mut found));
    if found.is_empty() {
        shelf.keep_voice(&voice);
    }
    diagnostics.extend(found);
    Some(voice)
}

fn unknown_voice(root: &Path, name: &Spanned<String>) -> Diagnostic {
    let folders = std::fs::read_dir(root.join(VOICES)).into_iter().flatten().flatten();
    let mut known: Vec<String> = folders
        .filter(|entry| entry.path().join("voice.toml").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    known.sort();
    let hint = did_you_mean(&name.value, known.iter().map(String::as_str)).unwrap_or_else(|| {
        match known.as_slice() {
            [] => format!("a voice is a folder in {VOICES}/ with a voice.toml"),
            known => format!("there is: {}", known.join(", ")),
        }
    });
    let message = format!("no voice named `{}`", name.value);
    Diagnostic::error("unknown-voice", name.span, message).hint(hint)
}
