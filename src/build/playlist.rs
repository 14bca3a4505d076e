//! The tracks of a folder as a playlist, which nidra knows again by a line in it.

use std::path::{Component, Path};

use super::owned::{self, Comment, Written, marked, ownership};
use super::render::{Overwrite, RenderError};
use super::track::Track;
use crate::feed::{PlaylistEntry, playlist};

/// The name of a playlist, in the folder of its tracks.
pub const PLAYLIST: &str = "playlist.m3u8";

/// A player takes such a line for a comment.
const COMMENT: Comment = Comment { opening: "# ", closing: "" };

/// Writes a playlist called `title` of these tracks and their files, in this order, unless it is there already. The
/// files lie in the folder of the playlist or below it; `path` and they begin in the same way.
///
/// # Errors
/// If a playlist is there that nidra did not write, or that another program changed, and `overwrite` spares it; if the
/// file cannot be written.
pub fn write_playlist(
    path: &Path,
    title: &str,
    tracks: &[(&Track, &Path)],
    overwrite: Overwrite,
) -> Result<Written, RenderError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let entries: Vec<PlaylistEntry> = tracks.iter().map(|(track, file)| entry(track, file, folder)).collect();
    let text = marked(&playlist(title, &entries), COMMENT);
    owned::write(path, text.as_bytes(), overwrite, |old| ownership(old, COMMENT))
}

/// Refuses to replace a playlist that is not nidra's, so that it can be said before tracks are made.
///
/// # Errors
/// As for [`write_playlist`].
pub fn may_replace_playlist(path: &Path, overwrite: Overwrite) -> Result<(), RenderError> {
    owned::may_replace(path, overwrite, |old| ownership(old, COMMENT))
}

fn entry(track: &Track, file: &Path, folder: &Path) -> PlaylistEntry {
    let below = file.strip_prefix(folder).unwrap_or(file).components();
    let names = below.filter(|part| !matches!(part, Component::CurDir));
    let names: Vec<_> = names.map(|part| part.as_os_str().to_string_lossy()).collect();
    PlaylistEntry {
        path: names.join("/"),
        title: track.title(),
        author: track.session.meta.author.clone(),
        length: track.timeline.length.to_millis(track.timeline.rate),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_not_written_again_and_what_is_somebodys_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("playlist.m3u8");
        let write = |title, overwrite| {
            write_playlist(&path, title, &[], overwrite).map_err(|error| error.to_string())
        };
        assert_eq!(write("A", Overwrite::Ours), Ok(Written::New));
        assert_eq!(write("A", Overwrite::Ours), Ok(Written::Same));
        assert_eq!(write("B", Overwrite::Ours), Ok(Written::New));
        std::fs::write(&path, "#EXTM3U\nmine.mp3\n").unwrap();
        let refused = write("B", Overwrite::Ours).unwrap_err();
        assert!(refused.contains("playlist.m3u8' is there already"), "{refused}");
        assert!(may_replace_playlist(&path, Overwrite::Ours).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "#EXTM3U\nmine.mp3\n");
        assert_eq!(write("B", Overwrite::Anything), Ok(Written::New));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("#EXTM3U\n# Made by nidra "), "{text}");
        std::fs::write(&path, text + "mine.mp3\n").unwrap();
        let refused = write("B", Overwrite::Ours).unwrap_err();
        assert!(refused.contains("was changed by another program"), "{refused}");
        assert_eq!(write("B", Overwrite::Anything), Ok(Written::New));
        assert!(may_replace_playlist(&path, Overwrite::Ours).is_ok());
    }
}
