//! The library of a session: the voices it speaks with, over the store of its project.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::analysis::cache_key::Origin;
use super::names::voice::{VoiceLine, normalised};
use super::names::voices::{OpenedVoice, VOICES, known_voices, nearest_file, voice};
use super::sound_store::SoundStore;
use crate::audio::{Clip, MomentaryPower, SoundError, SoundRef, SoundSource, Sounds};
use crate::diag::{Diagnostics, SourceMap, Span, Spanned};
use crate::digest::Digest;
use crate::units::{Frames, Millis, SampleRate};

/// The sounds of one session.
pub struct FsLibrary {
    shelf: Arc<SoundStore>,
    /// Those that it names, best first; none in the place of one that could not be read.
    voices: Vec<Option<OpenedVoice>>,
    /// A voice of the project for a session that names none.
    instead: Option<String>,
    rate: SampleRate,
}

impl FsLibrary {
    /// Opens the library of a session. `voices` are folders of `sounds/voices/`, best first; those that are not
    /// there, and mistakes in a `voice.toml`, are added to `diagnostics`.
    pub fn open(
        shelf: Arc<SoundStore>,
        voices: &[Spanned<String>],
        rate: SampleRate,
        sources: &mut SourceMap,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let instead = if voices.is_empty() { known_voices(shelf.root()).into_iter().next() } else { None };
        let mut named = BTreeSet::new();
        let voices = voices.iter().filter(|name| named.insert(&name.value));
        let voices = voices.map(|name| voice(&shelf, name, sources, diagnostics)).collect();
        Self { shelf, voices, instead, rate }
    }

    /// The library of a session whose voices are not known, because of a mistake that was told.
    pub fn unvoiced(shelf: Arc<SoundStore>, rate: SampleRate) -> Self {
        Self { shelf, voices: vec![None], instead: None, rate }
    }

    /// Measures sounds on all cores; to play them, finds out their lengths. What is wrong with one is told to the caller that
    /// asks for it.
    pub fn prefetch(&self, sounds: &[SoundRef]) {
        let origins: Vec<Origin> = sounds.iter().filter_map(|sound| self.origin(sound).ok()).collect();
        // A few at a time: a core that is given a quarter of hours of lines keeps the others waiting.
        let each = |look: &(dyn Fn(&Origin) + Sync)| origins.par_iter().with_max_len(8).for_each(look);
        // The system hears of all files before the first is waited for.
        each(&|origin| self.shelf.foresee(origin));
        each(&|origin| drop(self.shelf.prefetch(origin, self.rate)));
    }

    /// The sound, at the session rate, levelled, its edges faded. It is decoded once, however often it is asked
    /// for, as long as there is memory for it.
    ///
    /// # Errors
    /// If nothing has that name, or its file cannot be read, or is not what it was when it was looked at.
    pub fn clip(&self, sound: &SoundRef) -> Result<Arc<Clip>, SoundError> {
        self.shelf.clip(&self.origin(sound)?, self.rate)
    }

    /// Returns the loudness of a sound over time, as in its clip. All of it is listened to if it was never measured.
    ///
    /// # Errors
    /// As for [`FsLibrary::clip`].
    pub fn momentary(&self, sound: &SoundRef) -> Result<Arc<MomentaryPower>, SoundError> {
        self.shelf.momentary(&self.origin(sound)?, self.rate)
    }

    /// Returns the length of a sound that is still to be measured; `None` if it was, or cannot be.
    pub fn unmeasured(&self, sound: &SoundRef) -> Option<Millis> {
        self.shelf.unmeasured(&self.origin(sound).ok()?, self.rate)
    }

    /// The digest of the file behind a sound; built-in sounds have none.
    pub fn digest(&self, sound: &SoundRef) -> Option<Digest> {
        match self.origin(sound).ok()? {
            Origin::File(path, _) => self.shelf.digest(&path).ok(),
            Origin::BuiltIn(_) => None,
        }
    }

    fn origin(&self, sound: &SoundRef) -> Result<Origin, SoundError> {
        Ok(match &sound.source {
            SoundSource::Line(text) => Origin::File(self.line(text)?, sound.kind),
            SoundSource::File(path) => Origin::File(path.clone(), sound.kind),
            SoundSource::BuiltIn(built_in) => Origin::BuiltIn(built_in.clone()),
        })
    }

    /// The file of a line, in the first voice that has it.
    fn line(&self, text: &str) -> Result<String, SoundError> {
        if self.voices.is_empty() {
            return Err(SoundError::NoVoice { text: text.to_owned(), known: self.instead.clone() });
        }
        if let Some((opened, line)) = self.voiced(text) {
            return Ok(format!("{VOICES}/{}/{}", opened.voice.name, line.file));
        }
        let key = normalised(text);
        let may_have_had = |opened: &Option<OpenedVoice>| {
            opened.as_ref().is_none_or(|opened| opened.voice.may_have_had(&key))
        };
        if self.voices.iter().any(may_have_had) {
            return Err(SoundError::UnreadVoice { text: text.to_owned() });
        }
        Err(SoundError::MissingLine { text: text.to_owned() })
    }

    /// The first voice that has a line.
    fn voiced(&self, text: &str) -> Option<(&OpenedVoice, &VoiceLine)> {
        let key = normalised(text);
        self.voices.iter().flatten().find_map(|opened| Some((opened, opened.voice.lines.get(&key)?)))
    }

    /// A fault of the file of a line, told where the voice names it.
    fn of_voice(&self, sound: &SoundRef, fault: SoundError) -> SoundError {
        let SoundSource::Line(text) = &sound.source else { return fault };
        let Some((opened, line)) = self.voiced(text) else { return fault };
        let nearest = match fault {
            SoundError::MissingFile { .. } => nearest_file(self.shelf.root(), &opened.voice.name, &line.file),
            _ => None,
        };
        let file = Span::new(opened.file, line.place.clone());
        SoundError::OfVoice { fault: Box::new(fault), file, nearest }
    }
}

impl Sounds for FsLibrary {
    fn length(&self, sound: &SoundRef) -> Result<Frames, SoundError> {
        let length = self.shelf.length(&self.origin(sound)?, self.rate);
        length.map_err(|fault| self.of_voice(sound, fault))
    }

    fn nearest_line(&self, text: &str) -> Option<String> {
        let nearest = self.voices.iter().flatten().filter_map(|opened| opened.voice.nearest(text));
        nearest.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, line)| line.text.clone())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "voices are in files")]

    use std::path::Path;

    use super::super::files::project_files::NotedDigests;
    use super::super::sound_store::SoundUse;
    use super::*;
    use crate::audio::SoundKind;

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
        open_for(root, voices, SoundUse::Rendering)
    }

    fn open_for(root: &Path, voices: &[&str], sound_use: SoundUse) -> (FsLibrary, Diagnostics) {
        let voices: Vec<_> =
            voices.iter().map(|v| Spanned::new((*v).to_owned(), Default::default())).collect();
        let mut found = Diagnostics::default();
        let shelf = Arc::new(SoundStore::new(root.to_owned(), Vec::new(), sound_use, NotedDigests::Trusted));
        let library =
            FsLibrary::open(shelf, &voices, SampleRate::HZ_48000, &mut SourceMap::default(), &mut found);
        (library, found)
    }

    fn say(text: &str) -> SoundRef {
        SoundRef::line(text)
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
        library.prefetch(&[say("One."), say("One."), say("None.")]);
        assert!(Arc::ptr_eq(&library.clip(&say("One.")).unwrap(), &library.clip(&say("One.")).unwrap()));
    }

    #[test]
    fn a_sound_that_is_only_looked_at_is_as_long_and_as_loud_as_its_clip() {
        let project = project(&[("first", "One.", 12_345)]);
        let file = |kind| SoundRef::file(kind, "sounds/voices/first/0.wav");
        let rain = SoundRef::bed("rain");
        for sound in [say("One."), file(SoundKind::Speech), file(SoundKind::AsIs), rain] {
            let (loading, _) = open(project.path(), &["first"]);
            let clip = loading.clip(&sound).unwrap();
            for sound_use in [SoundUse::Checking, SoundUse::Playing] {
                let (looking, _) = open_for(project.path(), &["first"], sound_use);
                assert_eq!(looking.length(&sound).unwrap(), clip.length(), "{sound:?}");
                assert_eq!(looking.momentary(&sound).unwrap(), clip.momentary, "{sound:?}");
                assert_eq!(looking.clip(&sound).unwrap(), clip, "{sound:?}");
            }
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let project = project(&[("heart", "Breathe in.", 1000)]);
        let (library, _) = open(project.path(), &["heart"]);
        let missing = SoundError::MissingLine { text: "Breathe on.".into() };
        assert_eq!(library.clip(&say("Breathe on.")), Err(missing));
        assert_eq!(library.nearest_line("Breathe on.").as_deref(), Some("Breathe in."));
        let (silent, _) = open(project.path(), &[]);
        assert_eq!(
            silent.clip(&say("Breathe in.")),
            Err(SoundError::NoVoice { text: "Breathe in.".into(), known: Some("heart".into()) })
        );
        let bell = |name: &str| SoundRef::bell(name, None);
        assert!(matches!(library.clip(&bell("gong")), Err(SoundError::UnknownName { .. })));
        assert!(matches!(library.clip(&bell("sounds/gong.wav")), Err(SoundError::MissingFile { .. })));
        assert!(matches!(library.clip(&bell("../gong.wav")), Err(SoundError::OutsideProject { .. })));
        std::fs::write(project.path().join("sounds/text.wav"), "no sound").unwrap();
        assert!(matches!(library.clip(&bell("sounds/text.wav")), Err(SoundError::Unreadable { .. })));
        let (unread, found) = open(project.path(), &["hart"]);
        let told_before = SoundError::UnreadVoice { text: "Breathe in.".into() };
        assert_eq!(unread.clip(&say("Breathe in.")), Err(told_before));
        let found: Vec<_> = found.iter().map(|d| (d.id, d.hints[0].text.clone())).collect();
        assert_eq!(found, [("unknown-voice", "did you mean `heart`?".to_owned())]);
    }

    #[cfg(unix)]
    #[test]
    fn a_voice_that_a_link_leads_out_to_is_not_read() {
        let (project, elsewhere) = (project(&[]), project(&[("heart", "Breathe in.", 1000)]));
        std::os::unix::fs::symlink(elsewhere.path().join("sounds"), project.path().join("sounds")).unwrap();
        let (library, found) = open(project.path(), &["heart"]);
        let found: Vec<_> = found.iter().map(|d| (d.id, d.message.as_str())).collect();
        assert_eq!(found, [("outside-project", "the voice `heart` is outside the project")]);
        assert!(matches!(library.clip(&say("Breathe in.")), Err(SoundError::UnreadVoice { .. })));
    }

    #[test]
    fn built_in_sounds_need_no_files() {
        let folder = tempfile::tempdir().unwrap();
        let (library, _) = open(folder.path(), &[]);
        for name in ["bowl", "tingsha", "temple", "handbell"] {
            assert!(library.clip(&SoundRef::bell(name, None)).is_ok());
        }
        for name in ["rain", "brown-noise", "tanpura"] {
            assert!(library.clip(&SoundRef::bed(name)).is_ok());
        }
    }
}
