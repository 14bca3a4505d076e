//! The picture of a track: a file of the project, or one that is drawn.

use std::path::Path;

use crate::diag::{Diagnostic, Diagnostics, Severity, Spanned};
use crate::digest::{Digested, Digester, digest_of_bytes};
use crate::encode::Picture;
use crate::files::{self, ByteLimit};
use crate::library::project_path;
use crate::output::plain_reason;
use crate::script::Meta;
use crate::sidecar::{CoverFault, CoverImage, ImageFacts, inspect};

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

impl Digested for Cover {
    fn digest_into(&self, to: &mut Digester) {
        match self {
            Self::File(picture) => to.field("file", &digest_of_bytes(&picture.bytes)),
            Self::Drawn => to.field("drawn", ""),
            Self::Bare => to.field("bare", ""),
        };
    }
}

/// The cover that a script or its project names. What is wrong with it is added to `diagnostics`.
pub(super) fn cover(meta: &Meta, root: &Path, diagnostics: &mut Diagnostics) -> Cover {
    match &meta.cover {
        None => Cover::Drawn,
        Some(path) if path.value == "none" => Cover::Bare,
        Some(path) => {
            let severity = |fault: &CoverFault| fault.severity();
            project_picture(path, root, severity, diagnostics).map_or(Cover::Bare, Cover::File)
        }
    }
}

/// A picture of the project at `path`. What is wrong with it is added to `diagnostics`, as severe as `severity` says.
pub(crate) fn project_picture(
    path: &Spanned<String>,
    root: &Path,
    severity: fn(&CoverFault) -> Severity,
    diagnostics: &mut Diagnostics,
) -> Option<Picture> {
    let unreadable = |reason: &str| {
        let message = format!("could not read the cover `{}`: {reason}", path.value);
        let hint = "name a JPEG or PNG of the project, or leave `cover` out to have one drawn";
        Diagnostic::error("missing-cover", path.span, message).hint(hint)
    };
    let bytes = match project_path(root, &path.value) {
        Ok(file) => files::read(&file, ByteLimit::PICTURE).map_err(|error| unreadable(&plain_reason(&error))),
        Err(error) => Err(unreadable(&error.to_string())),
    };
    let bytes = bytes.map_err(|diagnostic| diagnostics.push(diagnostic)).ok()?;
    let facts = inspect(&bytes);
    let faults = facts.map_or_else(|fault| vec![fault], |facts| facts.faults());
    for fault in faults {
        let message = format!("`{}`: {fault}", path.value);
        diagnostics.push(match severity(&fault) {
            Severity::Error => Diagnostic::error("unfit-cover", path.span, message),
            Severity::Warning => Diagnostic::warning("unfit-cover", path.span, message),
        });
    }
    let facts = facts.ok()?;
    let ImageFacts { width, height, bits_per_pixel, palette_colours, .. } = facts;
    Some(Picture { mime: facts.mime(), width, height, bits_per_pixel, palette_colours, bytes })
}

/// A drawn cover as the picture of a track: a JPEG in colour.
pub(crate) fn drawn_picture(CoverImage { side, bytes }: CoverImage) -> Picture {
    Picture { mime: "image/jpeg", width: side, height: side, bits_per_pixel: 24, palette_colours: 0, bytes }
}
