//! The files that a track may depend on: those of its project, but not what rounds write, nor what editors and other
//! programs keep for themselves. Knows paths alone, not what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::ops::Bound;
use std::path::{Path, PathBuf};

/// Depth to which a folder is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// The files in it.
    Flat,
    /// And those of all folders in it.
    Deep,
}

/// The folders that are heeded, and the files in them that are not.
#[derive(Default)]
pub(crate) struct WatchFilter {
    folders: BTreeMap<PathBuf, Reach>,
    /// The files that rounds write.
    ours: BTreeSet<PathBuf>,
}

impl WatchFilter {
    /// Heeds the files of a folder from now on.
    pub(crate) fn folder(&mut self, folder: &Path, reach: Reach) {
        let known = self.folders.entry(folder.to_owned()).or_insert(reach);
        *known = reach.max(*known);
    }

    /// Heeds these files no more: rounds write them.
    pub(crate) fn all_but(&mut self, files: impl IntoIterator<Item = PathBuf>) {
        self.ours.extend(files);
    }

    /// True if a track may depend on a file or a folder.
    pub(crate) fn counts(&self, path: &Path) -> bool {
        // A folder that a round makes is above a file of ours, which is what comes next in the order of paths.
        let from_here = (Bound::Included(path), Bound::Unbounded);
        let ours = self.ours.range::<Path, _>(from_here).next().is_some_and(|ours| ours.starts_with(path));
        let heeded = |(folder, reach): (&PathBuf, &Reach)| {
            let Ok(rest) = path.strip_prefix(folder) else { return false };
            let depth = rest.components().count();
            depth > 0 && (depth == 1 || *reach == Reach::Deep) && !rest.iter().any(is_noise)
        };
        !ours && self.folders.iter().any(heeded)
    }
}

/// True if a name is one that editors and other programs give to files that are not meant for anyone else.
pub(crate) fn is_noise(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with(['.', '#']) || name.ends_with('~') || name.ends_with(".tmp")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heed() -> WatchFilter {
        let mut heed = WatchFilter::default();
        heed.folder(Path::new("/home/.work/p"), Reach::Deep);
        heed.folder(Path::new("/alone"), Reach::Flat);
        heed.all_but(["/home/.work/p/out/one/rest.wav".into(), "/home/.work/p/rest.mp3".into()]);
        heed
    }

    #[test]
    fn what_a_track_may_depend_on_counts_and_nothing_else() {
        #[track_caller]
        fn check(path: &str, counts: bool) {
            assert_eq!(heed().counts(Path::new(path)), counts, "{path}");
        }
        check("/home/.work/p/scripts/rest.toml", true);
        check("/home/.work/p/scripts", true);
        check("/home/.work/p/out/one/other.wav", true);
        check("/home/.work/p/out/one/rest.wav", false);
        check("/home/.work/p/out/one", false);
        check("/home/.work/p/out", false);
        check("/home/.work/p/rest.mp3", false);
        check("/home/.work/p/.nidra/lengths", false);
        check("/home/.work/p/.git/index", false);
        check("/home/.work/p/scripts/.rest.toml.swp", false);
        check("/home/.work/p/scripts/rest.toml~", false);
        check("/home/.work/p/scripts/#rest.toml#", false);
        check("/home/.work/p/scripts/rest.tmp", false);
        check("/home/.work/p", false);
        check("/home/.work/q/rest.toml", false);
        check("/alone/rest.toml", true);
        check("/alone/deep/rest.toml", false);
    }
}
