//! The store of what is known of the sounds of a project, and of the clips that are in memory: shared by all its
//! sessions, so that whatever several of them use is looked at and decoded once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::analysis::analysis_cache::AnalysisCache;
use super::analysis::cache_key::{Origin, key_of_built_in, key_of_file};
use super::analysis::measure::Measure;
use super::files::clip_cache::ClipCache;
use super::files::loaded_sound::LoadedSound;
use super::files::project_files::{NotedDigests, ProjectFiles};
use super::files::resamplers::Resamplers;
use super::files::shape::shaped_length;
use super::names::built_in;
use super::names::voice::Voice;
use crate::audio::{Clip, MomentaryPower, SoundError};
use crate::digest::Digest;
use crate::dsp::resampled_length;
use crate::units::{Frames, Millis, SampleRate};

/// The work that a run does with its sounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SoundUse {
    /// It makes many tracks, which share sounds. All sounds are measured before anything is made of them, and 256 MB of
    /// clips are kept that no track uses at the moment, 23 minutes of speech at 48 kHz.
    #[default]
    Rendering,
    /// It asks how long and loud sounds are. All are measured, and none is kept.
    Checking,
    /// It plays one track, which holds its sounds itself and begins at once: as long as a sound was never measured,
    /// it is as long as its file says.
    Playing,
}

/// The sounds of the project at a root.
pub struct SoundStore {
    files: ProjectFiles,
    voices: Mutex<BTreeMap<String, Arc<Voice>>>,
    cache: AnalysisCache,
    /// The reasons why sounds could not be measured, by their keys: that is not tried again.
    failed: Mutex<BTreeMap<Digest, SoundError>>,
    clips: ClipCache,
    resamplers: Arc<Resamplers>,
    sound_use: SoundUse,
}

impl SoundStore {
    /// The store of a project. `measures` is what [`SoundStore::measures`] gave in another run, or nothing.
    pub fn new(root: PathBuf, measures: Vec<u8>, sound_use: SoundUse, noted: NotedDigests) -> Self {
        Self {
            files: ProjectFiles::new(root, noted),
            voices: Mutex::default(),
            cache: AnalysisCache::read(measures),
            failed: Mutex::default(),
            clips: ClipCache::default(),
            resamplers: Arc::default(),
            sound_use,
        }
    }

    /// Returns what was measured of its sounds, for another run; `None` if that would not learn anything.
    pub fn measures(&self) -> Option<Vec<u8>> {
        self.cache.write()
    }

    /// Forgets what files hold, because they may have changed. What was decoded stays: it is known by content.
    pub fn invalidate(&self) {
        self.files.invalidate();
        locked(&self.failed).clear();
        locked(&self.voices).clear();
    }

    pub(super) fn root(&self) -> &Path {
        self.files.root()
    }

    /// A voice that was read before without a diagnostic.
    pub(super) fn voice(&self, name: &str) -> Option<Arc<Voice>> {
        locked(&self.voices).get(name).cloned()
    }

    pub(super) fn keep_voice(&self, voice: &Arc<Voice>) {
        locked(&self.voices).insert(voice.name.clone(), voice.clone());
    }

    /// Returns the digest of the bytes of a file of the project.
    pub(super) fn digest(&self, path: &str) -> Result<Digest, SoundError> {
        self.files.digest(path, &self.cache)
    }

    /// Measures a sound, or finds out its length if it is to be played, so that this is known when it is asked for.
    pub(super) fn prefetch(&self, origin: &Origin, rate: SampleRate) -> Result<(), SoundError> {
        match self.sound_use {
            SoundUse::Rendering | SoundUse::Checking => self.measure(origin, rate).map(drop),
            SoundUse::Playing => self.length(origin, rate).map(drop),
        }
    }

    /// Looks for a file, and has its beginning fetched from the disk meanwhile.
    pub(super) fn foresee(&self, origin: &Origin) {
        if let Origin::File(path, _) = origin {
            drop(self.files.stamp(path));
        }
    }

    /// Returns the length of a sound at a rate.
    pub(super) fn length(&self, origin: &Origin, rate: SampleRate) -> Result<Frames, SoundError> {
        let (path, treatment) = match origin {
            Origin::BuiltIn(sound) => return built_in::length(sound, rate),
            Origin::File(path, treatment) => (path, *treatment),
        };
        let known = self.known_key(origin, rate)?.and_then(|key| self.cached(&key));
        let outline = match (self.sound_use, known) {
            (SoundUse::Playing, None) => self.files.outline(path)?,
            _ => None,
        };
        let (length, own_rate) = match outline {
            Some(outline) => (outline.length, outline.rate),
            None => self.measure(origin, rate).map(|measure| (measure.length, measure.rate))?,
        };
        Ok(shaped_length(resampled_length(length, own_rate, rate), treatment, rate))
    }

    /// Returns the loudness of a sound over time, as in its clip. It is decoded or made only if it was never measured.
    pub(super) fn momentary(
        &self,
        origin: &Origin,
        rate: SampleRate,
    ) -> Result<Arc<MomentaryPower>, SoundError> {
        Ok(self.measure(origin, rate)?.momentary)
    }

    /// Returns the length of a sound that is still to be measured; `None` if it was, or cannot be.
    pub(super) fn unmeasured(&self, origin: &Origin, rate: SampleRate) -> Option<Millis> {
        let key = self.known_key(origin, rate).ok()?;
        let is_tried = |key| self.cached(&key).is_some() || locked(&self.failed).contains_key(&key);
        if key.is_some_and(is_tried) {
            return None;
        }
        self.length(origin, rate).ok().map(|length| length.to_millis(rate))
    }

    /// The clip of a sound.
    pub(super) fn clip(&self, origin: &Origin, rate: SampleRate) -> Result<Arc<Clip>, SoundError> {
        let key = self.key(origin, rate)?;
        let clip = self.load(origin, &key, rate);
        if self.sound_use != SoundUse::Rendering {
            // The caller holds it now.
            self.clips.remove(&(key, rate));
        }
        clip
    }

    fn key(&self, origin: &Origin, rate: SampleRate) -> Result<Digest, SoundError> {
        Ok(match origin {
            Origin::File(path, treatment) => key_of_file(&self.digest(path)?, *treatment),
            Origin::BuiltIn(sound) => key_of_built_in(sound, rate),
        })
    }

    /// The key of a sound, if it is known without reading it.
    fn known_key(&self, origin: &Origin, rate: SampleRate) -> Result<Option<Digest>, SoundError> {
        Ok(match origin {
            Origin::File(path, treatment) => {
                let digest = self.files.known_digest(path, &self.cache)?;
                digest.map(|digest| key_of_file(&digest, *treatment))
            }
            Origin::BuiltIn(sound) => Some(key_of_built_in(sound, rate)),
        })
    }

    fn cached(&self, key: &Digest) -> Option<Measure> {
        Measure::from_bytes(&self.cache.get(key)?)
    }

    /// Returns what was measured of a sound, all of which is heard if it never was.
    fn measure(&self, origin: &Origin, rate: SampleRate) -> Result<Measure, SoundError> {
        let key = self.key(origin, rate)?;
        if let Some(measure) = self.cached(&key) {
            return Ok(measure);
        }
        if let Some(error) = locked(&self.failed).get(&key) {
            return Err(error.clone());
        }
        let measure = match (self.sound_use, origin) {
            // It is heard soon.
            (SoundUse::Rendering, _) | (SoundUse::Playing, Origin::BuiltIn(_)) => {
                let loaded = self.load(origin, &key, rate);
                loaded.map(|_| self.cached(&key).expect("what is loaded was measured"))
            }
            // It is decoded again when it is heard, so that memory does not grow with the length of a session.
            (SoundUse::Playing, Origin::File(..)) | (SoundUse::Checking, _) => {
                self.open(origin, rate).and_then(|sound| self.measure_loaded(&key, origin, &sound))
            }
        };
        measure.inspect_err(|error| drop(locked(&self.failed).insert(key, error.clone())))
    }

    fn measure_loaded(
        &self,
        key: &Digest,
        origin: &Origin,
        sound: &LoadedSound,
    ) -> Result<Measure, SoundError> {
        let measure = sound.measure(origin.treatment())?;
        self.cache.insert(*key, &measure.to_bytes());
        Ok(measure)
    }

    fn open(&self, origin: &Origin, rate: SampleRate) -> Result<LoadedSound, SoundError> {
        Ok(match origin {
            Origin::File(path, _) => self.files.load(path, &self.digest(path)?, &self.resamplers)?,
            Origin::BuiltIn(sound) => LoadedSound::Synthesised(built_in::frames(sound, rate)?, rate),
        })
    }

    fn load(&self, origin: &Origin, key: &Digest, rate: SampleRate) -> Result<Arc<Clip>, SoundError> {
        self.clips.get(&(*key, rate), || {
            let sound = self.open(origin, rate)?;
            let measure = self.cached(key).map_or_else(|| self.measure_loaded(key, origin, &sound), Ok)?;
            let sound = sound.prepare_at(rate, origin.treatment(), measure.gain, &self.resamplers);
            Ok(Arc::new(Clip { sound, momentary: measure.momentary }))
        })
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
