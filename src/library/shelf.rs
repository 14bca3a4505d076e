//! What is known of the sounds of a project, and the clips that are in memory: shared by all its sessions, so
//! that whatever several of them use is read, hashed and decoded once.
#![allow(clippy::disallowed_methods, reason = "this is where sounds are read from the disk")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::cache::Cache;
use super::decode::decode;
use super::identity::{self, Digest, Origin, Treatment};
use super::lengths::Lengths;
use super::path::{PathError, project_path};
use super::sound::SoundError;
use super::voice::Voice;
use super::{built_in, level};
use crate::audio::{Clip, ClipFrames, Frame};
use crate::dsp::make_seamless;
use crate::units::{Frames, Millis, SampleRate};

/// A user's bed goes over into itself in this time.
const BED_CROSSFADE: Millis = Millis::from_secs(4);

type Looked = Arc<OnceLock<Result<Digest, SoundError>>>;

/// The sounds of the project at a root.
pub struct Shelf {
    root: PathBuf,
    digests: Mutex<BTreeMap<String, Looked>>,
    voices: Mutex<BTreeMap<String, Arc<Voice>>>,
    lengths: Mutex<Lengths>,
    clips: Cache,
}

impl Shelf {
    /// The shelf of a project. `lengths` is what [`Shelf::lengths`] gave in another run, or nothing.
    pub fn new(root: PathBuf, lengths: &str) -> Self {
        Self {
            root,
            digests: Mutex::default(),
            voices: Mutex::default(),
            lengths: Mutex::new(Lengths::read(lengths)),
            clips: Cache::default(),
        }
    }

    /// How long its sounds are, as text for another run.
    pub fn lengths(&self) -> String {
        locked(&self.lengths).write()
    }

    /// Forgets what files hold, because they may have changed. What was decoded stays: it is known by content.
    pub fn look_again(&self) {
        locked(&self.digests).clear();
        locked(&self.voices).clear();
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// A voice that was read before without a finding.
    pub(super) fn voice(&self, name: &str) -> Option<Arc<Voice>> {
        locked(&self.voices).get(name).cloned()
    }

    pub(super) fn keep_voice(&self, voice: &Arc<Voice>) {
        locked(&self.voices).insert(voice.name.clone(), voice.clone());
    }

    /// The digest of a file of the project; each is read once.
    pub(super) fn digest(&self, path: &str) -> Result<Digest, SoundError> {
        let looked = locked(&self.digests).entry(path.to_owned()).or_default().clone();
        let look = || {
            let read = File::open(self.file(path)?).and_then(identity::of_bytes);
            read.map_err(|error| unreadable(path, error.to_string()))
        };
        looked.get_or_init(look).clone()
    }

    /// How long a sound is; it is decoded only if nobody has ever asked.
    pub(super) fn length(&self, origin: &Origin, rate: SampleRate) -> Result<Frames, SoundError> {
        let identity = self.identity(origin, rate)?;
        let known = locked(&self.lengths).get(&identity);
        known.map_or_else(|| self.load(origin, &identity, rate).map(|clip| clip.length()), Ok)
    }

    /// The clip of a sound.
    pub(super) fn clip(&self, origin: &Origin, rate: SampleRate) -> Result<Arc<Clip>, SoundError> {
        self.load(origin, &self.identity(origin, rate)?, rate)
    }

    fn identity(&self, origin: &Origin, rate: SampleRate) -> Result<Digest, SoundError> {
        Ok(match origin {
            Origin::File(path, treatment) => identity::of_file(&self.digest(path)?, *treatment, rate),
            Origin::BuiltIn(sound) => identity::of_built_in(sound, rate),
        })
    }

    fn load(&self, origin: &Origin, identity: &Digest, rate: SampleRate) -> Result<Arc<Clip>, SoundError> {
        let clip = self.clips.get(identity, || match origin {
            Origin::File(path, treatment) => {
                Ok(Arc::new(treated(self.decoded(path, rate)?, *treatment, rate)))
            }
            Origin::BuiltIn(sound) => built_in::clip(sound, rate).map(Arc::new),
        })?;
        let mut lengths = locked(&self.lengths);
        match lengths.get(identity) {
            Some(known) if known != clip.length() => {
                Err(unreadable(&format!("{origin:?}"), "its length is not what was noted of it".to_owned()))
            }
            _ => {
                lengths.insert(*identity, clip.length());
                Ok(clip)
            }
        }
    }

    fn decoded(&self, path: &str, rate: SampleRate) -> Result<ClipFrames, SoundError> {
        let bytes = std::fs::read(self.file(path)?).map_err(|error| unreadable(path, error.to_string()))?;
        // Whoever saves a clip while it is used gets all of it or none of it.
        let now = identity::of_bytes(Cursor::new(&bytes)).ok();
        if now != self.digest(path).ok() {
            return Err(SoundError::Changed { path: path.to_owned() });
        }
        decode(bytes).map(|decoded| decoded.at(rate)).map_err(|reason| unreadable(path, reason))
    }

    fn file(&self, path: &str) -> Result<PathBuf, SoundError> {
        project_path(&self.root, path).map_err(|error| match error {
            PathError::Missing => SoundError::MissingFile { path: path.to_owned() },
            PathError::Outside => SoundError::OutsideProject { path: path.to_owned() },
        })
    }
}

fn treated(frames: ClipFrames, treatment: Treatment, rate: SampleRate) -> Clip {
    match treatment {
        Treatment::Speech => level::speech(frames, rate),
        Treatment::AsIs => level::as_is(frames, rate),
        Treatment::Bell => level::bell(frames, rate),
        Treatment::Bed => bed(frames, rate),
    }
}

/// A user's bed: a loop without a seam.
fn bed(sound: ClipFrames, rate: SampleRate) -> Clip {
    let frames: Box<[Frame]> = match sound {
        ClipFrames::Mono(samples) => samples.iter().map(|&sample| Frame::mono(sample)).collect(),
        ClipFrames::Stereo(frames) => frames,
    };
    let seamless = make_seamless(&frames, BED_CROSSFADE.to_frames(rate));
    level::bed(ClipFrames::Stereo(seamless), rate)
}

fn unreadable(path: &str, reason: String) -> SoundError {
    SoundError::Unreadable { path: path.to_owned(), reason }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
