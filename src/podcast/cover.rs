//! The picture of a podcast: a file of the project, or one that is drawn.

use std::path::Path;

use super::Podcast;
use crate::build::{drawn_picture, project_picture};
use crate::diag::{Diagnostics, Severity};
use crate::digest::{digest_of_bytes, hex};
use crate::encode::Picture;
use crate::sidecar::{CoverFault, CoverText, drawn_podcast_cover};

/// Hexadecimal digits of the digest in the name of a cover: it is to differ from the few that were there before.
const COVER_NAME_DIGITS: usize = 8;

/// The picture of a podcast, at the size of a feed: the one it names, or a drawn one of its title and author. What a
/// directory would refuse of it is added to `diagnostics`; `None` if there is no picture to be had.
pub(super) fn podcast_cover(
    podcast: &Podcast,
    root: &Path,
    diagnostics: &mut Diagnostics,
) -> Option<Picture> {
    let Some(path) = &podcast.cover else {
        let (title, author) = (podcast.title.as_str(), podcast.author.as_deref());
        return Some(drawn_picture(drawn_podcast_cover(CoverText { title, subtitle: "", author })));
    };
    project_picture(path, root, refusal, diagnostics)
}

/// Returns the severity of a fault for a directory. Apple Podcasts refuses what is no square of 1400 to 3000 pixels
/// in RGB ("Artwork requirements"); the rest is shown by most apps.
fn refusal(fault: &CoverFault) -> Severity {
    match fault {
        CoverFault::NotSquare { .. } | CoverFault::TooSmall { .. } | CoverFault::TooLarge { .. } => {
            Severity::Error
        }
        other => other.severity(),
    }
}

/// The name of the file of a cover: another one for another picture.
pub(super) fn cover_name(cover: &Picture) -> String {
    let digest = hex(&digest_of_bytes(&cover.bytes), COVER_NAME_DIGITS);
    let ending = if cover.mime == "image/png" { "png" } else { "jpg" };
    format!("cover-{digest}.{ending}")
}

/// True if a file is named as by [`cover_name`].
pub(super) fn is_cover_name(name: &str) -> bool {
    let digest =
        name.strip_prefix("cover-").and_then(|rest| rest.strip_suffix(".jpg").or(rest.strip_suffix(".png")));
    digest.is_some_and(|digest| {
        digest.len() == COVER_NAME_DIGITS && digest.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}
