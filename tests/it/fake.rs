//! A library and a project in memory: every word takes half a second, a bell rings for ten seconds.

use std::collections::BTreeMap;
use std::io;

use nidra::audio::{BuiltIn, SoundError, SoundKind, SoundRef, SoundSource, Sounds};
use nidra::script::IncludedFiles;
use nidra::units::{Frames, SampleRate};

/// One frame is one millisecond.
pub(crate) const RATE: SampleRate = SampleRate::new(1000).expect("not zero");

/// Sounds with lengths that can be read off the script.
pub(crate) struct FakeSounds;

impl Sounds for FakeSounds {
    fn nearest_line(&self, text: &str) -> Option<String> {
        (text == "Rest heer.").then(|| "Rest here.".to_owned())
    }

    fn length(&self, sound: &SoundRef) -> Result<Frames, SoundError> {
        let milliseconds = match (&sound.source, sound.kind) {
            (SoundSource::Line(text), _) if text == "Rest heer." || text.contains("unrecorded") => {
                return Err(SoundError::MissingLine { text: text.clone() });
            }
            (SoundSource::Line(text), _) => 500 * text.split_whitespace().count() as u64,
            (SoundSource::File(path), SoundKind::Bell) => {
                let known = vec!["bowl".to_owned()];
                return Err(SoundError::UnknownName { kind: "bell", name: path.clone(), known });
            }
            (SoundSource::File(path), _) if path.contains("missing") => {
                return Err(SoundError::MissingFile { path: path.clone() });
            }
            (SoundSource::BuiltIn(BuiltIn::Bell { name, .. }), _)
                if !["bowl", "tingsha"].contains(&name.as_str()) =>
            {
                let known = vec!["bowl".to_owned()];
                return Err(SoundError::UnknownName { kind: "bell", name: name.clone(), known });
            }
            (SoundSource::BuiltIn(BuiltIn::Bed { name }), _)
                if !["rain", "brown-noise", "tanpura"].contains(&name.as_str()) =>
            {
                let known = vec!["rain".to_owned()];
                return Err(SoundError::UnknownName { kind: "bed", name: name.clone(), known });
            }
            (SoundSource::BuiltIn(BuiltIn::Pacer { length, .. }), _) => length.0,
            (SoundSource::File(_) | SoundSource::BuiltIn(_), _) => 10_000,
        };
        Ok(Frames(milliseconds))
    }
}

/// The files of a project, by path.
#[derive(Default)]
pub(crate) struct FakeFiles(pub(crate) BTreeMap<String, String>);

impl IncludedFiles for FakeFiles {
    fn read(&self, path: &str) -> io::Result<String> {
        self.0.get(path).cloned().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such file"))
    }
}
