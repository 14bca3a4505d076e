//! A playlist for players: extended M3U, in UTF-8 (`.m3u8`).
//!
//! There is no standard; this is what Winamp began and what VLC, foobar2000 and car radios read: a line
//! `#EXTINF` with whole seconds and a title before each path, and `#PLAYLIST` with the name of it all.

use crate::text::{one_line, visible};
use crate::units::{Millis, div_nearest};

/// One track of a playlist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaylistEntry {
    /// Its path from the folder of the playlist, with slashes.
    pub path: String,
    /// Its title.
    pub title: String,
    /// Its author.
    pub author: Option<String>,
    /// Its length.
    pub length: Millis,
}

/// The text of a playlist called `title`, its tracks as they stand. Seconds are rounded to nearest.
pub fn playlist(title: &str, entries: &[PlaylistEntry]) -> String {
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

    fn entry(path: &str, title: &str, author: Option<&str>, length: u64) -> PlaylistEntry {
        let (path, title, author) = (path.to_owned(), title.to_owned(), author.map(str::to_owned));
        PlaylistEntry { path, title, author, length: Millis(length) }
    }

    #[test]
    fn a_track_is_its_seconds_its_title_and_its_path() {
        let entries = [
            entry("01-rest.mp3", "Rest \u{2013} \u{fc}ber", Some("A teacher"), 599_500),
            entry("#2.mp3", "Two,\nwith a comma", None, 499),
            entry("sub/3.mp3", "Three", Some(" "), 1_499),
        ];
        let expected = "#EXTM3U\n#PLAYLIST:Evenings\n#EXTINF:600,A teacher - Rest \u{2013} \u{fc}ber\n01-rest.mp3\n\
            #EXTINF:0,Two, with a comma\n./#2.mp3\n#EXTINF:1,Three\nsub/3.mp3\n";
        assert_eq!(playlist("Even\u{7}ings", &entries), expected);
        let broken = playlist("None", &[entry("a\nb.mp3", "A\r\nb", None, 0)]);
        assert_eq!(broken, "#EXTM3U\n#PLAYLIST:None\n#EXTINF:0,A b\na\\nb.mp3\n");
        assert_eq!(playlist("None", &[]), "#EXTM3U\n#PLAYLIST:None\n");
    }
}
