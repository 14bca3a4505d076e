//! The tracks of a folder as a playlist for players: extended M3U, in UTF-8 (`.m3u8`), which nidra knows again by a
//! line in it.
//!
//! There is no standard; this is what Winamp began and what VLC, foobar2000 and car radios read: a line
//! `#EXTINF` with whole seconds and a title before each path, and `#PLAYLIST` with the name of it all.

use std::path::{Component, Path};

use super::track::Track;
use crate::output::{
    Comment, Evidence, OutputError, Overwrite, WriteResult, marked, may_replace, write_owned,
};
use crate::text::{one_line, visible};
use crate::units::{Millis, div_nearest};

/// The name of a playlist, in the folder of its tracks.
pub const PLAYLIST: &str = "playlist.m3u8";

/// A player takes such a line for a comment.
const M3U_COMMENT: Comment = Comment { opening: "# ", closing: "" };

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
) -> Result<WriteResult, OutputError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let entries: Vec<PlaylistEntry> = tracks.iter().map(|(track, file)| entry(track, file, folder)).collect();
    let text = marked(&playlist_text(title, &entries), M3U_COMMENT);
    write_owned(path, text.as_bytes(), overwrite, Evidence::Mark(M3U_COMMENT))
}

/// Refuses to replace a playlist that is not nidra's, so that it can be said before tracks are made.
///
/// # Errors
/// As for [`write_playlist`].
pub fn may_replace_playlist(path: &Path, overwrite: Overwrite) -> Result<(), OutputError> {
    may_replace(path, overwrite, Evidence::Mark(M3U_COMMENT))
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

/// One track of a playlist.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PlaylistEntry {
    /// Its path from the folder of the playlist, with slashes.
    path: String,
    /// Its title.
    title: String,
    /// Its author.
    author: Option<String>,
    /// Its length.
    length: Millis,
}

/// The text of a playlist called `title`, its tracks as they stand. Seconds are rounded to nearest.
fn playlist_text(title: &str, entries: &[PlaylistEntry]) -> String {
    let mut text = format!("#EXTM3U\n#PLAYLIST:{}\n", one_line(title));
    for PlaylistEntry { path, title, author, length } in entries {
        let author = author.as_deref().map(one_line).filter(|author| !author.is_empty());
        // Players take what is before ` - ` for the artist.
        let author = author.map_or_else(String::new, |author| format!("{author} - "));
        text.push_str(&format!("#EXTINF:{},{author}{}\n", div_nearest(length.0, 1000), one_line(title)));
        // A line that begins with `#` is a comment; of a path with a line break, which has no place here, one is
        // seen.
        text.push_str(if path.starts_with('#') { "./" } else { "" });
        text.push_str(&visible(path));
        text.push('\n');
    }
    text
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
        assert_eq!(write("A", Overwrite::Ours), Ok(WriteResult::New));
        assert_eq!(write("A", Overwrite::Ours), Ok(WriteResult::Same));
        assert_eq!(write("B", Overwrite::Ours), Ok(WriteResult::New));
        std::fs::write(&path, "#EXTM3U\nmine.mp3\n").unwrap();
        let refused = write("B", Overwrite::Ours).unwrap_err();
        assert!(refused.contains("playlist.m3u8' is there already"), "{refused}");
        assert!(may_replace_playlist(&path, Overwrite::Ours).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "#EXTM3U\nmine.mp3\n");
        assert_eq!(write("B", Overwrite::Anything), Ok(WriteResult::New));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("#EXTM3U\n# Made by nidra "), "{text}");
        std::fs::write(&path, text + "mine.mp3\n").unwrap();
        let refused = write("B", Overwrite::Ours).unwrap_err();
        assert!(refused.contains("was changed by another program"), "{refused}");
        assert_eq!(write("B", Overwrite::Anything), Ok(WriteResult::New));
        assert!(may_replace_playlist(&path, Overwrite::Ours).is_ok());
    }

    fn written(path: &str, title: &str, author: Option<&str>, length: u64) -> PlaylistEntry {
        let (path, title, author) = (path.to_owned(), title.to_owned(), author.map(str::to_owned));
        PlaylistEntry { path, title, author, length: Millis(length) }
    }

    #[test]
    fn a_track_is_its_seconds_its_title_and_its_path() {
        let entries = [
            written("01-rest.mp3", "Rest \u{2013} \u{fc}ber", Some("A teacher"), 599_500),
            written("#2.mp3", "Two,\nwith a comma", None, 499),
            written("sub/3.mp3", "Three", Some(" "), 1_499),
        ];
        let expected = "#EXTM3U\n#PLAYLIST:Evenings\n#EXTINF:600,A teacher - Rest \u{2013} \u{fc}ber\n01-rest.mp3\n\
            #EXTINF:0,Two, with a comma\n./#2.mp3\n#EXTINF:1,Three\nsub/3.mp3\n";
        assert_eq!(playlist_text("Even\u{7}ings", &entries), expected);
        let broken = playlist_text("None", &[written("a\nb.mp3", "A\r\nb", None, 0)]);
        assert_eq!(broken, "#EXTM3U\n#PLAYLIST:None\n#EXTINF:0,A b\na\\nb.mp3\n");
        assert_eq!(playlist_text("None", &[]), "#EXTM3U\n#PLAYLIST:None\n");
    }
}
