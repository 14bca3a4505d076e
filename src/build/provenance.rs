//! The provenance of a track, as a line that lies in the track: the script, and digests of script, sounds and
//! settings. No clock and no name of a machine, so two renders are the same bytes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::digest::ENGINE_REVISION;
use crate::encode::Checksums;

/// The program and its version, for people: what counts is the revision of its engine.
const PROGRAM: &str = concat!("nidra ", env!("CARGO_PKG_VERSION"));

/// The provenance of a track: all that it was made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The program and its version, as in `nidra 0.1.0`.
    #[serde(skip)]
    pub program: String,
    /// The revision of the engine; none of a track of before there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<u32>,
    /// The script, from the root of its project.
    pub script: String,
    /// The edition, if the script has editions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// The format of the file, as in `mp3`.
    pub format: String,
    /// The options that were typed beside the script, and their values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// The files that were written beside it, which are ours as it is: their digests by their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub with: BTreeMap<String, String>,
    /// Digest of the script and its includes.
    pub script_digest: String,
    /// Digest of every sound it uses.
    pub sounds_digest: String,
    /// Digest of everything else that decides about a byte: format, loudness, tags, cover.
    pub settings_digest: String,
    /// The checksums of the file, as `encode` writes and reads them; none of a track of before there were any. They
    /// stand last, so that all before them is known when the track is begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksums: Option<String>,
}

/// The reason that a track is not what would be rendered now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StaleReason {
    /// Another revision of the engine.
    Engine,
    /// The script or something it includes.
    Script,
    /// A sound: a clip, a bell or a bed.
    Sounds,
    /// The settings of the project or of the command line, tags and cover included.
    Settings,
}

impl Provenance {
    /// The provenance of a track by this program, of what it was made of; without checksums yet.
    pub(super) fn now(rest: Self) -> Self {
        Self { program: PROGRAM.to_owned(), engine: Some(ENGINE_REVISION), ..rest }
    }

    /// The provenance with a placeholder for the checksums of the finished file.
    pub(super) fn with_place_for_checksums(self) -> Self {
        let checksums = Some(Checksums::placeholder(&self.line()));
        Self { checksums, ..self }
    }

    /// The provenance as one line of ASCII: the program, then the rest as JSON. Any tag holds ASCII as it is, so that
    /// checksums can be put into it.
    pub(super) fn line(&self) -> String {
        let rest = serde_json::to_string(self).expect("texts and lists of texts are JSON");
        // In JSON there are other letters only within texts.
        let mut line = format!("{} ", self.program);
        for c in rest.chars() {
            match (' '..='~').contains(&c) {
                true => line.push(c),
                false => line.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}"))),
            }
        }
        line
    }

    /// Reads such a line.
    pub fn parse(line: &str) -> Option<Self> {
        let (program, rest) = line.split_at(line.find('{')?);
        let read: Self = serde_json::from_str(rest).ok()?;
        Some(Self { program: program.trim().to_owned(), ..read })
    }

    /// Returns the reasons that a track of this provenance is not what `now` would be.
    pub fn changes(&self, now: &Self) -> Vec<StaleReason> {
        let pairs = [
            (StaleReason::Script, &self.script_digest, &now.script_digest),
            (StaleReason::Sounds, &self.sounds_digest, &now.sounds_digest),
            (StaleReason::Settings, &self.settings_digest, &now.settings_digest),
        ];
        // Without a revision the digests are of another kind, and without checksums it is not known whether it is
        // whole.
        if self.engine.is_none() || self.checksums.is_none() {
            return vec![StaleReason::Engine];
        }
        let engine = (self.engine != now.engine).then_some(StaleReason::Engine);
        let changed = pairs.into_iter().filter(|(_, then, now)| then != now).map(|(change, ..)| change);
        engine.into_iter().chain(changed).collect()
    }

    /// True if a track of this provenance is what `now` would be. The files beside it and its checksums follow from the
    /// rest, so that the names of those files are enough; the version of the program counts for nothing.
    pub(super) fn is_current(&self, now: &Self) -> bool {
        let follows = Self {
            program: self.program.clone(),
            with: self.with.clone(),
            checksums: self.checksums.clone(),
            ..now.clone()
        };
        self.checksums.is_some() && self.with.keys().eq(now.with.keys()) && *self == follows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let made = Provenance {
            program: PROGRAM.to_owned(),
            engine: Some(ENGINE_REVISION),
            script: "scripts/légs \"up\" 🧘.toml".to_owned(),
            edition: Some("10m".to_owned()),
            format: "mp3".to_owned(),
            options: vec!["--set".to_owned(), "hold=7m".to_owned()],
            with: BTreeMap::from([("vtt".to_owned(), "d".to_owned())]),
            script_digest: "a".to_owned(),
            sounds_digest: "b".to_owned(),
            settings_digest: "c".to_owned(),
            checksums: None,
        };
        assert_eq!(Provenance::parse(&made.line()), Some(made.clone()));
        assert_eq!((made.changes(&made), made.is_current(&made)), (vec![StaleReason::Engine], false));
        let made = made.with_place_for_checksums();
        assert!(made.line().is_ascii());
        assert_eq!(Provenance::parse(&made.line()), Some(made.clone()));
        let other =
            Provenance { script_digest: "x".to_owned(), settings_digest: "y".to_owned(), ..made.clone() };
        assert_eq!(made.changes(&other), [StaleReason::Script, StaleReason::Settings]);
        assert_eq!(made.changes(&made.clone()), []);
        assert!(made.is_current(&made) && !made.is_current(&other));
        // A release that changes no sound renders nothing again.
        let older = Provenance { program: "nidra 0.0.9".to_owned(), ..made.clone() };
        assert!(older.is_current(&made) && older.changes(&made).is_empty());
        let other = Provenance { engine: Some(ENGINE_REVISION + 1), ..made.clone() };
        assert!(!made.is_current(&other));
        assert_eq!(made.changes(&other), [StaleReason::Engine]);
        let before = Provenance { engine: None, script_digest: "x".to_owned(), ..made.clone() };
        assert_eq!((before.changes(&made), before.is_current(&made)), (vec![StaleReason::Engine], false));
        // What lies beside a track has the digests that follow from the rest; its names must be the same.
        let with = |name: &str| BTreeMap::from([(name.to_owned(), String::new())]);
        assert!(made.is_current(&Provenance { with: with("vtt"), ..made.clone() }));
        assert!(!made.is_current(&Provenance { with: with("srt"), ..made.clone() }));
        let alone = Provenance { with: BTreeMap::new(), ..made.clone() };
        assert!(!made.is_current(&alone) && !alone.is_current(&made));
        assert_eq!(Provenance::parse("nidra 0.1.0"), None);
        assert_eq!(Provenance::parse("nidra 0.1.0 {\"script\": 5}"), None);
    }
}
