//! What is known of the sounds of a project, and the clips that are in memory: shared by all its sessions, so
//! that whatever several of them use is read, hashed and decoded once.
#![allow(clippy::disallowed_methods, reason = "this is where sounds are read from the disk")]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::built_in;
use super::cache::{Budget, Cache};
use super::decode::Recording;
use super::identity::{self, Digest, Origin, Treatment};
use super::level::Level;
use super::measures::{Measure, Measures, State};
use super::open_file::{OpenFile, Stamp};
use super::opened::Opened;
use super::path::{PathError, project_path};
use super::resamplers::Resamplers;
use super::sound::SoundError;
use super::voice::Voice;
use crate::audio::{Clip, ClipSound, Momentary};
use crate::dsp::resampled_length;
use crate::units::{Frames, SampleRate};

/// What was found out about each file, once.
type Looked<T> = Mutex<BTreeMap<String, Arc<OnceLock<Result<T, SoundError>>>>>;

/// How the length of a file is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lengths {
    /// It is decoded: all that is wrong with a sound is known before anything is made of it.
    #[default]
    Decoded,
    /// Its header says it, if it does, and what is heard may yet turn out to be broken: for a listener, who is not to
    /// wait until hours of speech are decoded.
    Declared,
}

/// The sounds of the project at a root.
pub struct Shelf {
    root: PathBuf,
    lengths: Lengths,
    /// What files hold, and how they were known when that was seen.
    digests: Looked<(Digest, Stamp)>,
    /// How many frames they say they have, and at which rate.
    declared: Looked<Option<(Frames, SampleRate)>>,
    voices: Mutex<BTreeMap<String, Arc<Voice>>>,
    measures: Mutex<Measures>,
    clips: Cache,
    resamplers: Arc<Resamplers>,
}

impl Shelf {
    /// The shelf of a project. `measures` is what [`Shelf::measures`] gave in another run, or nothing.
    pub fn new(root: PathBuf, measures: Vec<u8>, budget: Budget, lengths: Lengths) -> Self {
        Self {
            root,
            lengths,
            digests: Mutex::default(),
            declared: Mutex::default(),
            voices: Mutex::default(),
            measures: Mutex::new(Measures::read(measures)),
            clips: Cache::new(budget),
            resamplers: Arc::default(),
        }
    }

    /// How long and how loud its sounds are, for another run; nothing if that would not learn anything.
    pub fn measures(&self) -> Option<Vec<u8>> {
        let measures = locked(&self.measures);
        (measures.state() == State::Learnt).then(|| measures.write())
    }

    /// Forgets what files hold, because they may have changed. What was decoded stays: it is known by content.
    pub fn look_again(&self) {
        locked(&self.digests).clear();
        locked(&self.declared).clear();
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
        Ok(self.look(path)?.0)
    }

    fn look(&self, path: &str) -> Result<(Digest, Stamp), SoundError> {
        once(&self.digests, path, || {
            let file = self.open(path)?;
            // The stamp comes first, so that a change while the file is read is seen later.
            let look = Stamp::of(&file).and_then(|stamp| Ok((identity::of_bytes(file)?, stamp)));
            look.map_err(|error| unreadable(path, error.to_string()))
        })
    }

    /// How long a sound is; a file is decoded only if nobody has ever asked.
    pub(super) fn length(&self, origin: &Origin, rate: SampleRate) -> Result<Frames, SoundError> {
        match origin {
            Origin::BuiltIn(sound) => built_in::length(sound, rate),
            Origin::File(..) => match self.declared(origin, rate)? {
                Some(length) => Ok(length),
                None => Ok(self.measure(origin, rate)?.length),
            },
        }
    }

    /// The length that the header of a file tells, if that counts. A bed is heard from the start on, so it is measured
    /// before that, whatever it says.
    fn declared(&self, origin: &Origin, rate: SampleRate) -> Result<Option<Frames>, SoundError> {
        let (Lengths::Declared, Origin::File(path, treatment)) = (self.lengths, origin) else {
            return Ok(None);
        };
        if *treatment == Treatment::Bed {
            return Ok(None);
        }
        let declared = once(&self.declared, path, || {
            let file = self.open(path)?;
            let bytes = file.metadata().map_err(|error| unreadable(path, error.to_string()))?.len();
            Ok(Recording::open(file, bytes).map(|recording| (recording.length(), recording.rate())))
        })?;
        Ok(declared.map(|(length, own_rate)| resampled_length(length, own_rate, rate)))
    }

    /// How loud a sound is; it is decoded or made only if nobody has ever asked.
    pub(super) fn momentary(&self, origin: &Origin, rate: SampleRate) -> Result<Arc<Momentary>, SoundError> {
        Ok(self.measure(origin, rate)?.level.momentary)
    }

    /// The clip of a sound.
    pub(super) fn clip(&self, origin: &Origin, rate: SampleRate) -> Result<Arc<Clip>, SoundError> {
        let identity = self.identity(origin, rate)?;
        let clip = self.load(origin, &identity, rate);
        self.clips.handed_over(&identity);
        clip
    }

    fn measure(&self, origin: &Origin, rate: SampleRate) -> Result<Measure, SoundError> {
        let identity = self.identity(origin, rate)?;
        if let Some(known) = self.noted(&identity) {
            return Ok(known);
        }
        match (self.clips.budget(), origin) {
            // For one track it is decoded again when it is heard, so all that is left out now is time won.
            (Budget::Spare, Origin::File(path, treatment)) if *treatment != Treatment::Bed => {
                let opened = self.opened(path)?;
                let (length, level) = (opened.length(*treatment, rate), opened.level(*treatment)?);
                self.note(&identity, Measure { length, level });
            }
            _ => drop(self.load(origin, &identity, rate)?),
        }
        Ok(self.noted(&identity).expect("what was looked at is noted"))
    }

    fn noted(&self, identity: &Digest) -> Option<Measure> {
        locked(&self.measures).get(identity)
    }

    fn identity(&self, origin: &Origin, rate: SampleRate) -> Result<Digest, SoundError> {
        Ok(match origin {
            Origin::File(path, treatment) => identity::of_file(&self.digest(path)?, *treatment, rate),
            Origin::BuiltIn(sound) => identity::of_built_in(sound, rate),
        })
    }

    fn note(&self, identity: &Digest, measure: Measure) {
        locked(&self.measures).insert(*identity, measure);
    }

    fn load(&self, origin: &Origin, identity: &Digest, rate: SampleRate) -> Result<Arc<Clip>, SoundError> {
        self.clips.get(identity, || {
            let noted = self.noted(identity);
            let known = noted.as_ref().map(|noted| noted.level.clone());
            let (sound, level) = match origin {
                Origin::File(path, treatment) => {
                    let opened = self.opened(path)?;
                    let level = known.map_or_else(|| opened.level(*treatment), Ok)?;
                    (opened.heard(*treatment, rate, level.gain, &self.resamplers), level)
                }
                Origin::BuiltIn(sound) => {
                    let frames = built_in::frames(sound, rate)?;
                    let level = known.unwrap_or_else(|| Level::of(&frames, sound.treatment(), rate));
                    (ClipSound::Held(frames.scaled(level.gain)), level)
                }
            };
            let clip = Clip { sound, momentary: level.momentary.clone() };
            let length = clip.length();
            let promised = noted.as_ref().map(|noted| noted.length);
            if let Some(promised) = self.declared(origin, rate)?.or(promised)
                && promised != length
            {
                let reason = format!("it is {} frames long, not {} as it says", length.0, promised.0);
                return Err(unreadable(origin.name(), reason));
            }
            if noted.is_none() {
                self.note(identity, Measure { length, level });
            }
            Ok(Arc::new(clip))
        })
    }

    fn opened(&self, path: &str) -> Result<Opened, SoundError> {
        let (digest, stamp) = self.look(path)?;
        Opened::new(path, OpenFile::new(self.open(path)?, stamp), &digest, &self.resamplers)
    }

    fn open(&self, path: &str) -> Result<File, SoundError> {
        File::open(self.file(path)?).map_err(|error| unreadable(path, error.to_string()))
    }

    fn file(&self, path: &str) -> Result<PathBuf, SoundError> {
        project_path(&self.root, path).map_err(|error| match error {
            PathError::Missing => SoundError::MissingFile { path: path.to_owned() },
            PathError::Outside => SoundError::OutsideProject { path: path.to_owned() },
        })
    }
}

/// What was found out about a file, or now is.
fn once<T: Clone>(
    looked: &Looked<T>,
    path: &str,
    look: impl FnOnce() -> Result<T, SoundError>,
) -> Result<T, SoundError> {
    // The lock is held for the look-up only.
    let found = locked(looked).entry(path.to_owned()).or_default().clone();
    found.get_or_init(look).clone()
}

fn unreadable(path: &str, reason: String) -> SoundError {
    SoundError::Unreadable { path: path.to_owned(), reason }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
