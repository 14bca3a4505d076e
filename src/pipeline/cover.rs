//! The picture of a track: a file of the project, or one that is drawn.

use std::path::Path;

use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::library::project_path;
use crate::script::Meta;
use crate::sidecar::inspect;
use crate::sink::{Picture, plain_reason};

/// The picture of a track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cover {
    /// A file of the project.
    File(Picture),
    /// None was named: one is drawn from the timeline.
    Drawn,
    /// The script wants none.
    Bare,
}

/// The cover that a script or its project names. What is wrong with it is added to `diagnostics`.
pub(super) fn cover(meta: &Meta, root: &Path, diagnostics: &mut Diagnostics) -> Cover {
    let Some(path) = &meta.cover else { return Cover::Drawn };
    if path.value == "none" {
        return Cover::Bare;
    }
    let unreadable = |reason: &str| {
        let message = format!("could not read the cover `{}`: {reason}", path.value);
        let hint = "name a JPEG or PNG of the project, or leave `cover` out to have one drawn";
        Diagnostic::error("missing-cover", path.span, message).hint(hint)
    };
    let bytes = match project_path(root, &path.value) {
        Ok(file) => std::fs::read(file).map_err(|error| unreadable(&plain_reason(&error))),
        Err(error) => Err(unreadable(&error.to_string())),
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(finding) => {
            diagnostics.push(finding);
            return Cover::Bare;
        }
    };
    let facts = inspect(&bytes);
    let faults = facts.as_ref().map_or_else(|fault| vec![*fault], |facts| facts.faults());
    for fault in faults {
        let message = format!("`{}`: {fault}", path.value);
        diagnostics.push(match fault.severity() {
            Severity::Error => Diagnostic::error("unfit-cover", path.span, message),
            Severity::Warning => Diagnostic::warning("unfit-cover", path.span, message),
        });
    }
    facts.map_or(Cover::Bare, |facts| {
        Cover::File(Picture { mime: facts.mime(), width: facts.width, height: facts.height, bytes })
    })
}
