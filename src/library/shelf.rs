//! What is known of the sounds of a project, and the clips that are in memory: shared by all its sessions, so
//! that whatever several of them use is looked at and decoded once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::built_in;
use super::cache::{Budget, Cache};
use super::files::{Files, Look};
use super::identity::{self, Digest, Known, Origin, Treatment};
use super::level::Level;
use super::measures::{Measure, Measures, State};
use super::resamplers::Resamplers;
use super::sound::SoundError;
use super::voice::Voice;
use crate::audio::{Clip, ClipSound, Momentary};
use crate::dsp::resampled_length;
use crate::units::{Frames, SampleRate};

/// The sounds of the project at a root.
pub struct Shelf {
    files: Files,
    voices: Mutex<BTreeMap<String, Arc<Voice>>>,
    measures: Mutex<Measures>,
    clips: Cache,
    resamplers: Arc<Resamplers>,
}

impl Shelf {
    /// The shelf of a project. `measures` is what [`Shelf::measures`] gave in another run, or nothing.
    pub fn new(root: PathBuf, measures: Vec<u8>, budget: Budget, look: Look) -> Self {
        Self {
            files: Files::new(root, look),
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
        self.files.look_again();
        locked(&self.voices).clear();
    }

    pub(super) fn root(&self) -> &Path {
        self.files.root()
    }

    /// A voice that was read before without a finding.
    pub(super) fn voice(&self, name: &str) -> Option<Arc<Voice>> {
        locked(&self.voices).get(name).cloned()
    }

    pub(super) fn keep_voice(&self, voice: &Arc<Voice>) {
        locked(&self.voices).insert(voice.name.clone(), voice.clone());
    }

    /// How a file of the project is known: by the digest of its bytes, unless it is only glanced at.
    pub(super) fn digest(&self, path: &str) -> Result<Digest, SoundError> {
        self.files.known(path)
    }

    /// How long a sound is; a file is decoded only if nobody has ever asked.
    pub(super) fn length(&self, origin: &Origin, rate: SampleRate) -> Result<Frames, SoundError> {
        match origin {
            Origin::BuiltIn(sound) => built_in::length(sound, rate),
            Origin::File(path, treatment) => {
                let known = self.known(origin, rate)?;
                if let Some(noted) = self.noted(&known) {
                    return Ok(noted.length);
                }
                match self.declared(path, *treatment, rate)? {
                    Some(length) => {
                        self.note(&known, &Measure { length, level: None });
                        Ok(length)
                    }
                    None => Ok(self.measure(origin, rate)?.0),
                }
            }
        }
    }

    /// The length that the header of a file tells, if that counts. A bed is heard from the start on, so it is opened
    /// before that, whatever it says.
    fn declared(
        &self,
        path: &str,
        treatment: Treatment,
        rate: SampleRate,
    ) -> Result<Option<Frames>, SoundError> {
        if self.files.look() == Look::Thorough || treatment == Treatment::Bed {
            return Ok(None);
        }
        let outline = self.files.outline(path)?;
        Ok(outline.map(|outline| resampled_length(outline.length, outline.rate, rate)))
    }

    /// How loud a sound is; it is decoded or made only if nobody has ever asked.
    pub(super) fn momentary(&self, origin: &Origin, rate: SampleRate) -> Result<Arc<Momentary>, SoundError> {
        Ok(self.measure(origin, rate)?.1.momentary)
    }

    /// The clip of a sound.
    pub(super) fn clip(&self, origin: &Origin, rate: SampleRate) -> Result<Arc<Clip>, SoundError> {
        let known = self.known(origin, rate)?;
        let clip = self.load(origin, &known, rate);
        self.clips.handed_over(&known.identity);
        clip
    }

    /// Listens to all of a long recording if only stretches of it told how loud it is, and notes that for the next run.
    pub(super) fn hear_out(&self, origin: &Origin, rate: SampleRate) -> Result<(), SoundError> {
        let known = self.known(origin, rate)?;
        if let Origin::File(path, treatment) = origin
            && let Some(Measure { length, level: Some(told) }) = self.noted(&known)
            && !told.satisfies(Look::Thorough)
        {
            let level = self.files.opened(path, &self.resamplers)?.level(*treatment, Look::Thorough)?;
            let heard = Measure { length, level: Some(level) };
            locked(&self.measures).insert_for_the_next(known.identity, heard);
        }
        Ok(())
    }

    fn measure(&self, origin: &Origin, rate: SampleRate) -> Result<(Frames, Level), SoundError> {
        let known = self.known(origin, rate)?;
        if let Some(Measure { length, level: Some(level) }) = self.noted(&known)
            && level.satisfies(self.files.look())
        {
            return Ok((length, level));
        }
        match (self.clips.budget(), origin) {
            (Budget::Shared, _) | (_, Origin::BuiltIn(_) | Origin::File(_, Treatment::Bed)) => {
                drop(self.load(origin, &known, rate)?);
            }
            // For one track it is decoded again when it is heard, so all that is left out now is time won.
            (Budget::Spare, Origin::File(path, treatment)) => {
                let opened = self.files.opened(path, &self.resamplers)?;
                let level = opened.level(*treatment, self.files.look())?;
                // Whoever was told a length goes by it; that it was wrong is found when the clip is loaded.
                let told = self.noted(&known).map(|noted| noted.length);
                let length = told.unwrap_or_else(|| opened.length(*treatment, rate));
                self.note(&known, &Measure { length, level: Some(level) });
            }
        }
        let Measure { length, level } = self.noted(&known).expect("what was looked at is noted");
        Ok((length, level.expect("so is its level")))
    }

    fn noted(&self, known: &Known) -> Option<Measure> {
        let mut measures = locked(&self.measures);
        let measure = measures.get(&known.identity)?;
        if let Some(at_a_glance) = known.at_a_glance
            && !measures.get(&at_a_glance).is_some_and(|noted| noted.satisfies(Look::Thorough))
        {
            measures.insert(at_a_glance, measure.clone());
        }
        Some(measure)
    }

    fn known(&self, origin: &Origin, rate: SampleRate) -> Result<Known, SoundError> {
        Ok(match origin {
            Origin::File(path, treatment) => {
                let of_file = |digest| identity::of_file(&digest, *treatment, rate);
                let at_a_glance = match self.files.look() {
                    Look::Thorough => Some(of_file(self.files.at_a_glance(path)?)),
                    Look::Glance => None,
                };
                Known { identity: of_file(self.digest(path)?), at_a_glance }
            }
            Origin::BuiltIn(sound) => {
                Known { identity: identity::of_built_in(sound, rate), at_a_glance: None }
            }
        })
    }

    fn note(&self, known: &Known, measure: &Measure) {
        let mut measures = locked(&self.measures);
        for identity in std::iter::once(known.identity).chain(known.at_a_glance) {
            measures.insert(identity, measure.clone());
        }
    }

    fn load(&self, origin: &Origin, known: &Known, rate: SampleRate) -> Result<Arc<Clip>, SoundError> {
        self.clips.get(&known.identity, || {
            let noted = self.noted(known);
            let told = noted.as_ref().and_then(|noted| noted.level.clone());
            let (sound, level) = match origin {
                Origin::File(path, treatment) => {
                    let opened = self.files.opened(path, &self.resamplers)?;
                    let measure = || opened.level(*treatment, self.files.look());
                    let level = told.clone().map_or_else(measure, Ok)?;
                    (opened.heard(*treatment, rate, level.gain, &self.resamplers), level)
                }
                Origin::BuiltIn(sound) => {
                    let frames = built_in::frames(sound, rate)?;
                    let level = told.clone().unwrap_or_else(|| Level::of(&frames, sound.treatment(), rate));
                    (ClipSound::Held(frames.scaled(level.gain)), level)
                }
            };
            let clip = Clip { sound, momentary: level.momentary.clone() };
            let length = clip.length();
            if let Some(promised) = noted.map(|noted| noted.length).filter(|promised| *promised != length) {
                let reason = format!("it is {} frames long, not {} as it says", length.0, promised.0);
                return Err(SoundError::unreadable(origin.name(), reason));
            }
            if told.is_none() {
                self.note(known, &Measure { length, level: Some(level) });
            }
            Ok(Arc::new(clip))
        })
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
