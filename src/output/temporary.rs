//! Files without a place yet, and what is left of them when a run is killed.
//!
//! A temporary file is locked as long as its owner lives: the system takes the lock away with the owner, whatever
//! ends it. So a run that gets the lock knows that the file has no owner. Must not know what is in the file, nor
//! its target.

use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// The parts of a name around its random letters.
const NAME_PREFIX: &str = ".nidra-";
const NAME_SUFFIX: &str = ".tmp";

/// Random letters of a name: with 62 kinds of them, there are 57 billion names.
const RANDOM_LETTERS: usize = 6;

/// The number of times a file is made before it is given up. A second try is for when another run clears the folder
/// between the making of a file and its locking; a third has not been seen.
const MAX_TRIES: usize = 8;

/// A new, locked file in `folder`, with the permissions of any new file.
///
/// # Errors
/// If it cannot be made.
pub(super) fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    locked(|| new_in(folder))
}

/// The first file of `make` that is locked and still there.
fn locked(mut make: impl FnMut() -> io::Result<NamedTempFile>) -> io::Result<NamedTempFile> {
    for _ in 0..MAX_TRIES {
        let temporary = make()?;
        match temporary.as_file().try_lock() {
            // It may have been cleared away before it was locked.
            Ok(()) if !is_at(temporary.as_file(), temporary.path()) => {}
            Ok(()) => return Ok(temporary),
            // A run that clears the folder has it.
            Err(TryLockError::WouldBlock) => {}
            // Where there are no locks no run gets one, so nothing is cleared.
            Err(TryLockError::Error(_)) => return Ok(temporary),
        }
    }
    Err(io::Error::other("another program takes away every temporary file"))
}

/// Removes the temporary files that runs which were killed have left in `folder`, and says how many. Those of living
/// runs stay, and so does everything where the file system has no locks.
///
/// Where machines share a folder, their locks must be shared as well, as they are by NFS, SMB and CephFS. Where they
/// are not, the file of a living run may go; that run then fails to put its track in place, and says so.
pub fn clear_leftovers(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let ours = entries.filter(|entry| is_name(&entry.file_name()));
    ours.filter(|entry| removed(&entry.path())).count()
}

/// Removes a file if it is an ordinary one that no run holds.
fn removed(path: &Path) -> bool {
    // A pipe would be waited for.
    if !std::fs::symlink_metadata(path).is_ok_and(|there| there.is_file()) {
        return false;
    }
    // NFS locks only what may be written.
    let Ok(file) = File::options().read(true).write(true).open(path) else { return false };
    // While it is locked here, no owner begins with it; and a name that is still its own is no run's target yet.
    file.try_lock().is_ok() && is_at(&file, path) && std::fs::remove_file(path).is_ok()
}

fn is_name(name: &OsStr) -> bool {
    let letters = name.to_str().and_then(|name| name.strip_prefix(NAME_PREFIX)?.strip_suffix(NAME_SUFFIX));
    letters.is_some_and(|letters| {
        letters.len() == RANDOM_LETTERS && letters.bytes().all(|letter| letter.is_ascii_alphanumeric())
    })
}

fn new_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(NAME_PREFIX).suffix(NAME_SUFFIX).rand_bytes(RANDOM_LETTERS);
    #[cfg(unix)]
    {
        // Temporary files are private; a track is a file like any other, so the umask decides.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// True if an ordinary file is at `path`, and it is this one.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |file: &std::fs::Metadata| (file.dev(), file.ino());
    let there = std::fs::symlink_metadata(path).ok().filter(std::fs::Metadata::is_file);
    there.zip(file.metadata().ok()).is_some_and(|(there, this)| identity(&there) == identity(&this))
}

/// True if an ordinary file is at `path`. The name of an open file is not free for another here.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|there| there.is_file())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn leave(folder: &Path, name: &str) -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, "half a track").unwrap();
        path
    }

    #[test]
    fn what_the_dead_left_goes_and_what_the_living_hold_stays() {
        let folder = tempfile::tempdir().unwrap();
        leave(folder.path(), ".nidra-aB3xYz.tmp");
        let living = temporary_in(folder.path()).unwrap();
        let dead = temporary_in(folder.path()).unwrap().keep().unwrap();
        drop(dead);
        assert_eq!(clear_leftovers(folder.path()), 2);
        let name = living.path().file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(names(folder.path()), [name]);
        drop(living);
        assert_eq!((clear_leftovers(folder.path()), names(folder.path()).len()), (0, 0));
        assert_eq!(clear_leftovers(&folder.path().join("none")), 0);
    }

    #[test]
    fn a_file_that_a_copy_of_its_handle_still_writes_is_held() {
        let folder = tempfile::tempdir().unwrap();
        let (file, path) = temporary_in(folder.path()).unwrap().keep().unwrap();
        let copy = file.try_clone().unwrap();
        drop(file);
        assert_eq!((clear_leftovers(folder.path()), path.exists()), (0, true));
        drop(copy);
        assert_eq!((clear_leftovers(folder.path()), path.exists()), (1, false));
    }

    #[test]
    fn what_is_not_exactly_ours_stays() {
        let folder = tempfile::tempdir().unwrap();
        let others = [
            ".nidra-aB3xY.tmp",
            ".nidra-aB3xYzz.tmp",
            ".nidra-aB3x-z.tmp",
            ".nidra-aB3xYz.tmp~",
            ".nidra-ab3é.tmp",
            "nidra-aB3xYz.tmp",
            ".Nidra-aB3xYz.tmp",
            "a.nidra-aB3xYz.tmp",
            ".nidra-.tmp",
            "track.wav",
        ];
        others.iter().for_each(|name| drop(leave(folder.path(), name)));
        std::fs::create_dir(folder.path().join(".nidra-folder.tmp")).unwrap();
        assert_eq!((clear_leftovers(folder.path()), names(folder.path()).len()), (0, others.len() + 1));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_and_what_it_points_to_stay() {
        let folder = tempfile::tempdir().unwrap();
        let work = leave(folder.path(), "work.txt");
        std::os::unix::fs::symlink(&work, folder.path().join(".nidra-aB3xYz.tmp")).unwrap();
        assert_eq!((clear_leftovers(folder.path()), names(folder.path()).len()), (0, 2));
    }

    #[test]
    fn a_file_that_went_before_it_was_locked_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let cleared = new_in(folder.path()).unwrap();
        assert!(is_at(cleared.as_file(), cleared.path()));
        std::fs::remove_file(cleared.path()).unwrap();
        assert!(!is_at(cleared.as_file(), cleared.path()));
        #[cfg(unix)]
        {
            // Of the same name, but not this one.
            leave(folder.path(), cleared.path().file_name().unwrap().to_str().unwrap());
            assert!(!is_at(cleared.as_file(), cleared.path()));
        }
    }

    #[test]
    fn a_file_that_another_run_takes_before_it_is_locked_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let (mut made, mut rival) = (0, None);
        let file = locked(|| {
            let file = new_in(folder.path())?;
            made += 1;
            match made {
                1 => std::fs::remove_file(file.path())?,
                2 => rival = Some(File::open(file.path()).inspect(|rival| rival.try_lock().unwrap())?),
                _ => {}
            }
            Ok(file)
        });
        let name = file.as_ref().unwrap().path().file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!((made, rival.is_some(), names(folder.path())), (3, true, vec![name]));
        let never =
            locked(|| new_in(folder.path()).inspect(|file| std::fs::remove_file(file.path()).unwrap()));
        assert!(never.is_err());
    }

    #[test]
    fn a_folder_that_is_cleared_all_the_time_harms_no_new_file() {
        const FILES: usize = 500;
        let folder = tempfile::tempdir().unwrap();
        let done = AtomicBool::new(false);
        let cleared = std::thread::scope(|scope| {
            let rival = scope.spawn(|| {
                let mut cleared = 0;
                while !done.load(Ordering::Relaxed) {
                    cleared += clear_leftovers(folder.path());
                }
                cleared
            });
            for number in 0..FILES {
                // What fails is missing at the end; a panic here would leave the rival at it.
                let file = temporary_in(folder.path());
                file.map(|file| file.persist(folder.path().join(number.to_string())).ok()).ok();
            }
            done.store(true, Ordering::Relaxed);
            rival.join().unwrap()
        });
        assert_eq!(names(folder.path()).len(), FILES, "and {cleared} that were not locked yet");
    }
}
