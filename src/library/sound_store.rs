//! The store of what is known of the sounds of a project, and of the clips that are in memory: shared by all its
//! sessions, so that whatever several of them use is looked at and decoded once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::analysis::analysis_cache::{AnalysisCache, Measure, State};
use super::analysis::identity::{self, Known, Origin, Treatment};
use super::analysis::level::{Ask, Level};
use super::files::clip_cache::{Budget, Cache};
use super::files::project_files::{Files, Look};
use super::files::resamplers::Resamplers;
use super::files::streamed::LONG;
use super::names::built_in;
use super::names::voice::Voice;
use crate::audio::{Clip, ClipSound, MomentaryPower, SoundError};
use crate::digest::Digest;
use crate::dsp::resampled_length;
use crate::units::{Frames, Millis, SampleRate};

/// The sounds of the project at a root.
pub struct SoundStore {
    files: Files,
    voices: Mutex<BTreeMap<String, Arc<Voice>>>,
    measures: Mutex<AnalysisCache>,
    clips: Cache,
    resamplers: Arc<Resamplers>,
}

impl SoundStore {
    /// The store of a project. `measures` is what [`SoundStore::measures`] gave in another run, or nothing.
    pub fn new(root: PathBuf, measures: Vec<u8>, budget: Budget, look: Look) -> Self {
        Self {
            files: Files::new(root, look),
            voices: Mutex::default(),
            measures: Mutex::new(AnalysisCache::read(measures)),
            clips: Cache::new(budget),
            resamplers: Arc::default(),
        }
    }

    /// Returns the lengths and the loudness of its sounds, for another run; `None` if that would not learn anything.
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

    /// Returns the digest by which a file of the project is known: that of its bytes, unless it is only glanced at.
    pub(super) fn digest(&self, path: &str) -> Result<Digest, SoundError> {
        self.files.known(path)
    }

    /// Returns the length of a sound; a file is decoded only if that was never asked for.
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
                    None => Ok(self.measure(origin, rate, Ask::Gain)?.0),
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

    /// Returns the loudness of a sound over time; it is decoded or made only if that was never asked for.
    pub(super) fn momentary(
        &self,
        origin: &Origin,
        rate: SampleRate,
    ) -> Result<Arc<MomentaryPower>, SoundError> {
        let (_, level) = self.measure(origin, rate, Ask::Loudness)?;
        Ok(level.momentary.expect("it was asked for"))
    }

    /// The clip of a sound.
    pub(super) fn clip(&self, origin: &Origin, rate: SampleRate) -> Result<Arc<Clip>, SoundError> {
        let known = self.known(origin, rate)?;
        let clip = self.load(origin, &known, rate);
        self.clips.handed_over(&known.identity);
        clip
    }

    /// Returns the length of a recording that has to be listened to before its loudness is known. Zero if it was
    /// listened to before, or is short.
    pub(super) fn unheard(&self, origin: &Origin, rate: SampleRate) -> Result<Millis, SoundError> {
        let Origin::File(path, _) = origin else { return Ok(Millis::ZERO) };
        if self.told(&self.known(origin, rate)?, Ask::Loudness).is_some() {
            return Ok(Millis::ZERO);
        }
        let length = self.files.outline(path)?.map(|outline| outline.length.to_millis(outline.rate));
        Ok(length.filter(|length| *length > LONG).unwrap_or(Millis::ZERO))
    }

    fn measure(&self, origin: &Origin, rate: SampleRate, ask: Ask) -> Result<(Frames, Level), SoundError> {
        let (known, ask) = (self.known(origin, rate)?, self.closely(ask));
        if let Some(told) = self.told(&known, ask) {
            return Ok(told);
        }
        // For one track a file is decoded again when it is heard, so all that is left out now is time won.
        let is_decoded_again = self.clips.budget() == Budget::Spare
            && matches!(origin, Origin::File(_, treatment) if *treatment != Treatment::Bed);
        if !is_decoded_again {
            drop(self.load(origin, &known, rate)?);
        }
        match (self.told(&known, ask), origin) {
            (Some(told), _) => Ok(told),
            (None, Origin::File(path, treatment)) => {
                let opened = self.files.opened(path, &self.resamplers)?;
                let level = opened.level(*treatment, ask)?;
                // A caller that was told a length goes by it; that it was wrong is found when the clip is loaded.
                let told = self.noted(&known).map(|noted| noted.length);
                let length = told.unwrap_or_else(|| opened.length(*treatment, rate));
                self.note(&known, &Measure { length, level: Some(level.clone()) });
                Ok((length, level))
            }
            (None, Origin::BuiltIn(_)) => unreachable!("what is made is heard"),
        }
    }

    /// The length and the level of a sound, if that was noted and tells what is asked for.
    fn told(&self, known: &Known, ask: Ask) -> Option<(Frames, Level)> {
        let Measure { length, level } = self.noted(known)?;
        Some((length, level.filter(|level| level.tells(ask))?))
    }

    /// Returns the analysis that is needed where files are looked at so closely.
    fn closely(&self, ask: Ask) -> Ask {
        match self.files.look() {
            Look::Thorough => Ask::Loudness,
            Look::Glance => ask,
        }
    }

    fn noted(&self, known: &Known) -> Option<Measure> {
        let mut measures = locked(&self.measures);
        let measure = measures.get(&known.identity)?;
        if let Some(at_a_glance) = known.at_a_glance
            && !measures.get(&at_a_glance).is_some_and(|noted| noted.tells(Ask::Loudness))
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
            let (noted, ask) = (self.noted(known), self.closely(Ask::Gain));
            let told = self.told(known, ask).map(|(_, level)| level);
            let (sound, level) = match origin {
                Origin::File(path, treatment) => {
                    let opened = self.files.opened(path, &self.resamplers)?;
                    let measure = || opened.level(*treatment, ask);
                    let level = told.clone().map_or_else(measure, Ok)?;
                    (opened.heard(*treatment, rate, level.gain, &self.resamplers), level)
                }
                Origin::BuiltIn(sound) => {
                    let frames = built_in::frames(sound, rate)?;
                    let level = told.clone().unwrap_or_else(|| Level::of(&frames, sound.treatment(), rate));
                    (ClipSound::Held(frames.scaled(level.gain)), level)
                }
            };
            let clip = Clip { sound, momentary: level.momentary.clone().unwrap_or_default() };
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
