//! The tracks of a folder as a playlist, which nidra knows again by a line in it.

use std::path::{Component, Path};

use super::owned::{self, Written};
use super::render::{Overwrite, RenderError};
use super::track::Track;
use crate::feed::{PlaylistEntry, playlist};

/// The name of a playlist, in the folder of its tracks.
pub const PLAYLIST: &str = "playlist.m3u8";

/// The first line of every playlist.
const HEADER: &str = "#EXTM3U\n";

/// The second line of a playlist of nidra's, before a digest of the others. A player takes it for a comment; whoever
/// adds a track by hand makes another digest, and the playlist is theirs.
const MARK: &str = "# Made by nidra ";

/// Hexadecimal digits of the digest: enough to know an edit by, and short to look at.
const DIGITS: usize = 16;

/// Writes a playlist called `title` of these tracks and their files, in this order, unless it is there already. The
/// files lie in the folder of the playlist or below it; `path` and they begin in the same way.
///
/// # Errors
/// If a playlist is there that nidra did not write, or that somebody changed, and `overwrite` spares it; if the file
/// cannot be written.
pub fn write_playlist(
    path: &Path,
    title: &str,
    tracks: &[(&Track, &Path)],
    overwrite: Overwrite,
) -> Result<Written, RenderError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let entries: Vec<PlaylistEntry> = tracks.iter().map(|(track, file)| entry(track, file, folder)).collect();
    owned::write(path, marked(&playlist(title, &entries)).as_bytes(), overwrite, is_ours)
}

/// Says no to a playlist of somebody's, so that it can be said before tracks are made.
///
/// # Errors
/// As for [`write_playlist`].
pub fn may_replace_playlist(path: &Path, overwrite: Overwrite) -> Result<(), RenderError> {
    owned::may_replace(path, overwrite, is_ours)
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

/// A playlist with the line that it is known by.
fn marked(text: &str) -> String {
    let rest = text.strip_prefix(HEADER).unwrap_or(text);
    format!("{HEADER}{MARK}{}\n{rest}", digest(rest))
}

fn is_ours(bytes: &[u8]) -> bool {
    // An editor may have left other line ends, and nothing else.
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let marked = text.strip_prefix(HEADER).and_then(|rest| rest.strip_prefix(MARK)?.split_once('\n'));
    marked.is_some_and(|(written, rest)| written == digest(rest))
}

fn digest(rest: &str) -> String {
    blake3::hash(rest.as_bytes()).to_hex()[..DIGITS].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Millis;

    #[test]
    fn a_playlist_is_ours_until_somebody_changes_it() {
        let entry = |path: &str| PlaylistEntry {
            path: path.to_owned(),
            title: "Rest".to_owned(),
            author: None,
            length: Millis(60_000),
        };
        let text = marked(&playlist("Evenings", &[entry("rest.mp3"), entry("deep/sit.mp3")]));
        assert!(text.starts_with("#EXTM3U\n# Made by nidra ") && text.ends_with("deep/sit.mp3\n"), "{text}");
        let check = |text: &str, expected: bool| assert_eq!(is_ours(text.as_bytes()), expected, "{text}");
        check(&text, true);
        check(&text.replace('\n', "\r\n"), true);
        check(&format!("{text}mine.mp3\n"), false);
        check(&text.replace("rest.mp3", "best.mp3"), false);
        check(&playlist("Evenings", &[entry("rest.mp3")]), false);
        check("", false);
        assert!(!is_ours(b"\xff#EXTM3U\n"));
    }

    #[test]
    fn what_is_there_is_not_written_again_and_what_is_somebodys_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/playlist.m3u8");
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
        assert!(may_replace_playlist(&path, Overwrite::Ours).is_ok());
    }
}
