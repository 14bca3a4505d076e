//! The library of a project: its `sounds/` folder, and the sounds that need none.
#![allow(clippy::disallowed_methods, reason = "this is where sounds are read from the disk")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

use super::decode::decode;
use super::path::{PathError, project_path};
use super::sound::{Levelling, Sound, SoundError, Sounds};
use super::voice::{Voice, normalised};
use super::{built_in, level};
use crate::audio::{Clip, ClipFrames, Frame};
use crate::diag::{Diagnostic, Diagnostics, SourceMap, Spanned, did_you_mean};
use crate::dsp::make_seamless;
use crate::units::{Millis, SampleRate};

/// Where the voices of a project are, from its root.
const VOICES: &str = "sounds/voices";

/// A user's bed goes over into itself in this time.
const BED_CROSSFADE: Millis = Millis::from_secs(4);

type Slot = Arc<OnceLock<Result<Loaded, SoundError>>>;

/// A sound in memory.
#[derive(Clone)]
struct Loaded {
    clip: Arc<Clip>,
    /// The digest of the file it was read from; built-in sounds have none.
    digest: Option<Digest>,
}

/// The BLAKE3 digest of a file: equal digests, equal bytes.
pub type Digest = [u8; 32];

/// The sounds of one project, for one session's voices and rate.
pub struct FsLibrary {
    root: PathBuf,
    voices: Vec<Voice>,
    rate: SampleRate,
    loaded: Mutex<BTreeMap<Sound, Slot>>,
}

impl FsLibrary {
    /// Opens the library of the project at `root`. `voices` are folders of `sounds/voices/`, best first;
    /// those that are not there, and mistakes in a `voice.toml`, are added to `diagnostics`.
    pub fn open(
        root: &Path,
        voices: &[Spanned<String>],
        rate: SampleRate,
        sources: &mut SourceMap,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut open = Vec::with_capacity(voices.len());
        for name in voices {
            let path = format!("{VOICES}/{}/voice.toml", name.value);
            match project_path(root, &path).ok().and_then(|file| std::fs::read_to_string(file).ok()) {
                Some(text) => {
                    let file = sources.add(path, text.as_str());
                    open.push(Voice::read(&name.value, file, &text, diagnostics));
                }
                None => diagnostics.push(unknown_voice(root, name)),
            }
        }
        Self { root: root.to_owned(), voices: open, rate, loaded: Mutex::default() }
    }

    /// Loads sounds on all cores. What cannot be loaded is told to whoever asks for it.
    pub fn preload(&self, sounds: &[Sound]) {
        sounds.par_iter().for_each(|sound| drop(self.clip(sound)));
    }

    /// The digest of the file behind a sound that has been loaded from one.
    pub fn digest(&self, sound: &Sound) -> Option<Digest> {
        self.loaded(sound).ok()?.digest
    }

    fn loaded(&self, sound: &Sound) -> Result<Loaded, SoundError> {
        // The lock is held for the look-up only: two sounds load at once, one sound loads once.
        let slot = {
            let mut all = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
            all.entry(sound.clone()).or_default().clone()
        };
        slot.get_or_init(|| self.load(sound)).clone()
    }

    fn load(&self, sound: &Sound) -> Result<Loaded, SoundError> {
        let from_file = |path: &str, levelled: &dyn Fn(ClipFrames) -> Clip| {
            let (frames, digest) = self.read(path)?;
            Ok(Loaded { clip: Arc::new(levelled(frames)), digest: Some(digest) })
        };
        let made = |clip: Clip| Loaded { clip: Arc::new(clip), digest: None };
        match sound {
            Sound::Speech { text } => {
                from_file(&self.line(text)?, &|frames| level::speech(frames, self.rate))
            }
            Sound::File { path, levelling: Levelling::Speech } => {
                from_file(path, &|frames| level::speech(frames, self.rate))
            }
            Sound::File { path, levelling: Levelling::AsIs } => {
                from_file(path, &|frames| level::as_is(frames, self.rate))
            }
            Sound::Bell { name, pitch: Some(_) } if is_path(name) => Err(SoundError::Unreadable {
                path: name.clone(),
                reason: "only built-in bells can be given a pitch".to_owned(),
            }),
            Sound::Bell { name, .. } if is_path(name) => {
                from_file(name, &|frames| level::bell(frames, self.rate))
            }
            Sound::Bell { name, pitch } => built_in::bell(name, *pitch, self.rate).map(made),
            Sound::Bed { name } if is_path(name) => from_file(name, &|frames| self.bed(frames)),
            Sound::Bed { name } => built_in::bed(name, self.rate).map(made),
            Sound::Pacer { phase, length } => Ok(made(built_in::pacer(*phase, *length, self.rate))),
        }
    }

    /// The file of a line, in the first voice that has it.
    fn line(&self, text: &str) -> Result<String, SoundError> {
        if self.voices.is_empty() {
            return Err(SoundError::NoVoice { text: text.to_owned() });
        }
        let key = normalised(text);
        let found = self.voices.iter().find_map(|voice| Some((voice, voice.lines.get(&key)?)));
        let Some((voice, line)) = found else {
            let nearest = self.voices.iter().filter_map(|voice| voice.nearest(text));
            let nearest = nearest.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, line)| line.text.clone());
            return Err(SoundError::MissingLine { text: text.to_owned(), nearest });
        };
        Ok(format!("{VOICES}/{}/{}", voice.name, line.file))
    }

    fn read(&self, path: &str) -> Result<(ClipFrames, Digest), SoundError> {
        let unreadable = |reason: String| SoundError::Unreadable { path: path.to_owned(), reason };
        let file = project_path(&self.root, path).map_err(|error| match error {
            PathError::Missing => SoundError::MissingFile { path: path.to_owned() },
            PathError::Outside => SoundError::OutsideProject { path: path.to_owned() },
        })?;
        let bytes = std::fs::read(file).map_err(|error| unreadable(error.to_string()))?;
        let digest = *blake3::hash(&bytes).as_bytes();
        Ok((decode(bytes).map_err(unreadable)?.at(self.rate), digest))
    }

    /// A user's bed: a loop without a seam.
    fn bed(&self, sound: ClipFrames) -> Clip {
        let frames: Box<[Frame]> = match sound {
            ClipFrames::Mono(samples) => samples.iter().map(|&sample| Frame::mono(sample)).collect(),
            ClipFrames::Stereo(frames) => frames,
        };
        let seamless = make_seamless(&frames, BED_CROSSFADE.to_frames(self.rate));
        level::bed(ClipFrames::Stereo(seamless), self.rate)
    }
}

impl Sounds for FsLibrary {
    fn clip(&self, sound: &Sound) -> Result<Arc<Clip>, SoundError> {
        self.loaded(sound).map(|loaded| loaded.clip)
    }
}

/// Built-in names are words; a path has a folder or an ending.
fn is_path(name: &str) -> bool {
    name.contains(['/', '.'])
}

fn unknown_voice(root: &Path, name: &Spanned<String>) -> Diagnostic {
    let folders = std::fs::read_dir(root.join(VOICES)).into_iter().flatten().flatten();
    let mut known: Vec<String> = folders
        .filter(|entry| entry.path().join("voice.toml").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    known.sort();
    let hint = did_you_mean(&name.value, known.iter().map(String::as_str)).unwrap_or_else(|| {
        match known.as_slice() {
            [] => format!("a voice is a folder in {VOICES}/ with a voice.toml"),
            known => format!("there is: {}", known.join(", ")),
        }
    });
    let message = format!("no voice named `{}`", name.value);
    Diagnostic::error("unknown-voice", name.span, message).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A project whose voices `first` and `second` have lines in files of that many frames.
    fn project(lines: &[(&str, &str, u32)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (index, (voice, text, frames)) in lines.iter().enumerate() {
            let place = folder.path().join(VOICES).join(voice);
            std::fs::create_dir_all(&place).unwrap();
            let spec = hound::WavSpec {
                channels: 1,
                sample_rate: 24_000,
                bits_per_sample: 16,
                sample_format: hound::SampleFormat::Int,
            };
            let mut wav = hound::WavWriter::create(place.join(format!("{index}.wav")), spec).unwrap();
            (0..*frames).for_each(|i| wav.write_sample((i % 200) as i16 * 50).unwrap());
            wav.finalize().unwrap();
            let mut toml = std::fs::read_to_string(place.join("voice.toml")).unwrap_or_default();
            toml += &format!("[[clip]]\ntext = \"{text}\"\nfile = \"{index}.wav\"\n");
            std::fs::write(place.join("voice.toml"), toml).unwrap();
        }
        folder
    }

    fn open(root: &Path, voices: &[&str]) -> (FsLibrary, Diagnostics) {
        let voices: Vec<_> =
            voices.iter().map(|v| Spanned::new((*v).to_owned(), Default::default())).collect();
        let mut found = Diagnostics::default();
        let library =
            FsLibrary::open(root, &voices, SampleRate::HZ_48000, &mut SourceMap::default(), &mut found);
        (library, found)
    }

    fn say(text: &str) -> Sound {
        Sound::Speech { text: text.to_owned() }
    }

    #[test]
    fn the_first_voice_that_has_the_line_speaks_it() {
        let project = project(&[("first", "One.", 1000), ("second", "One.", 2000), ("second", "Two.", 3000)]);
        let (library, found) = open(project.path(), &["first", "second"]);
        assert!(found.is_empty());
        let length = |text| library.clip(&say(text)).unwrap().length().0;
        assert_eq!((length("one"), length("Two!")), (2000, 6000));
        let (library, _) = open(project.path(), &["second", "first"]);
        assert_eq!(library.clip(&say("One.")).unwrap().length().0, 4000);
    }

    #[test]
    fn a_sound_is_decoded_once() {
        let project = project(&[("first", "One.", 1000)]);
        let (library, _) = open(project.path(), &["first"]);
        library.preload(&[say("One."), say("One."), say("None.")]);
        assert!(Arc::ptr_eq(&library.clip(&say("One.")).unwrap(), &library.clip(&say("One.")).unwrap()));
    }

    #[test]
    fn what_is_missing_is_named() {
        let project = project(&[("heart", "Breathe in.", 1000)]);
        let (library, _) = open(project.path(), &["heart"]);
        let nearest = Some("Breathe in.".to_owned());
        assert_eq!(
            library.clip(&say("Breathe on.")),
            Err(SoundError::MissingLine { text: "Breathe on.".into(), nearest })
        );
        let (silent, _) = open(project.path(), &[]);
        assert_eq!(silent.clip(&say("Breathe in.")), Err(SoundError::NoVoice { text: "Breathe in.".into() }));
        let bell = |name: &str| Sound::Bell { name: name.into(), pitch: None };
        assert!(matches!(library.clip(&bell("gong")), Err(SoundError::UnknownName { .. })));
        assert!(matches!(library.clip(&bell("sounds/gong.wav")), Err(SoundError::MissingFile { .. })));
        assert!(matches!(library.clip(&bell("../gong.wav")), Err(SoundError::OutsideProject { .. })));
        std::fs::write(project.path().join("sounds/text.wav"), "no sound").unwrap();
        assert!(matches!(library.clip(&bell("sounds/text.wav")), Err(SoundError::Unreadable { .. })));
        let (_, found) = open(project.path(), &["hart"]);
        let found: Vec<_> = found.iter().map(|d| (d.id, d.hints.concat())).collect();
        assert_eq!(found, [("unknown-voice", "did you mean `heart`?".to_owned())]);
    }

    #[test]
    fn built_in_sounds_need_no_files() {
        let folder = tempfile::tempdir().unwrap();
        let (library, _) = open(folder.path(), &[]);
        for name in ["bowl", "tingsha", "temple", "handbell"] {
            assert!(library.clip(&Sound::Bell { name: name.into(), pitch: None }).is_ok());
        }
        for name in ["rain", "brown-noise", "tanpura"] {
            assert!(library.clip(&Sound::Bed { name: name.into() }).is_ok());
        }
    }
}
