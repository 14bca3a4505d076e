//! The script as written: every key with its place, no value judged yet.

use super::model::SectionPlaces;
use crate::diag::{Edit, Place, Span, Spanned};
use crate::document::Value;

/// A script as written, includes and all. [`super::bind()`] makes a session of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    pub(crate) span: Span,
    pub(crate) title: Option<Spanned<String>>,
    pub(crate) language: Option<Spanned<String>>,
    pub(crate) voices: Vec<Spanned<String>>,
    pub(crate) author: Option<Spanned<String>>,
    pub(crate) description: Option<Spanned<String>>,
    pub(crate) level: Option<Spanned<String>>,
    pub(crate) date: Option<Spanned<String>>,
    pub(crate) cover: Option<Spanned<String>>,
    pub(crate) album: Option<Spanned<String>>,
    pub(crate) track: Option<Spanned<i64>>,
    pub(crate) genre: Option<Spanned<String>>,
    pub(crate) props: Vec<Spanned<String>>,
    /// The place where one more prop can be written.
    pub(crate) prop_place: Option<Place>,
    pub(crate) length_place: Option<Place>,
    pub(crate) voice_place: Option<Place>,
    pub(crate) cautions: Vec<Spanned<String>>,
    pub(crate) tags: Vec<Spanned<String>>,
    pub(crate) length: Option<Value>,
    pub(crate) lead_in: Option<Value>,
    pub(crate) lead_out: Option<Value>,
    pub(crate) breath: Option<Value>,
    pub(crate) rate: Option<Spanned<i64>>,
    pub(crate) channels: Option<Spanned<String>>,
    pub(crate) loudness: Option<Value>,
    pub(crate) words: Vec<(Spanned<String>, Value)>,
    pub(crate) bed: Option<RawBed>,
    pub(crate) sections: Vec<RawSection>,
    /// Its parameters.
    pub params: Vec<RawParam>,
    /// Its editions.
    pub editions: Vec<RawEdition>,
}

/// A parameter as written.
#[derive(Clone, Debug, PartialEq)]
pub struct RawParam {
    /// Its name.
    pub name: Spanned<String>,
    pub(crate) default: Option<Value>,
    pub(crate) min: Option<Value>,
    pub(crate) max: Option<Value>,
}

/// An edition as written.
#[derive(Clone, Debug, PartialEq)]
pub struct RawEdition {
    /// Its name, the end of the file name.
    pub name: Spanned<String>,
    pub(crate) set: Vec<(Spanned<String>, Value)>,
}

/// A bed as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RawBed {
    pub(crate) span: Span,
    pub(crate) sound: Option<Spanned<String>>,
    pub(crate) level: Option<Spanned<String>>,
    pub(crate) fade_in: Option<Value>,
    pub(crate) fade_out: Option<Value>,
    pub(crate) duck: Option<Spanned<String>>,
}

/// A section as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RawSection {
    pub(crate) span: Span,
    pub(crate) title: Option<Spanned<String>>,
    pub(crate) length: Option<Value>,
    pub(crate) counts: Option<Spanned<bool>>,
    pub(crate) repeat: Option<Value>,
    pub(crate) sides: Vec<Spanned<String>>,
    pub(crate) bed: Option<RawBedChange>,
    pub(crate) kind: Option<Spanned<String>>,
    pub(crate) props: Vec<Spanned<String>>,
    pub(crate) cues: Vec<RawCue>,
    /// The place where one more side can be written.
    pub(crate) side_place: Option<Place>,
    pub(crate) places: SectionPlaces,
}

/// The change of the bed, as a section writes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RawBedChange {
    Named(Spanned<String>),
    Set(Box<RawBed>),
}

/// A cue as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RawCue {
    pub(crate) span: Span,
    pub(crate) action: RawAction,
    pub(crate) at: Option<Value>,
    /// The change that takes `at` away.
    pub(crate) unpin: Option<Edit>,
    pub(crate) gain: Option<Spanned<String>>,
    pub(crate) pan: Option<Spanned<f64>>,
    pub(crate) fade_in: Option<Value>,
    pub(crate) fade_out: Option<Value>,
    pub(crate) role: Option<Spanned<String>>,
}

/// The one action of a cue, as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RawAction {
    Say(Option<Spanned<String>>),
    Clip {
        path: Option<Spanned<String>>,
        text: Option<Spanned<String>>,
    },
    Bell {
        name: Option<Spanned<String>>,
        strikes: Option<Value>,
        every: Option<Value>,
        ring: Option<Value>,
        pitch: Option<Spanned<String>>,
    },
    Pause(RawPause),
    Breathe {
        breaths: Option<Value>,
        /// In, hold, out, rest.
        phases: [Option<Value>; 4],
        places: Box<[Option<Place>; 4]>,
        guide: Option<Spanned<String>>,
    },
    Count {
        to: Option<Value>,
        every: Option<Value>,
        place: Option<Place>,
    },
    Checks(Vec<Spanned<String>>),
    /// The cues of another file, in place of the include.
    Include(Vec<RawCue>),
    Repeat {
        times: Option<Value>,
        cues: Vec<RawCue>,
    },
    Note(Option<Spanned<String>>),
}

/// A pause as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RawPause {
    /// `"20s"` or `"flex"`.
    Written(Value),
    /// `{ flex = 2, min = "5s", max = "3m" }`
    Elastic { weight: Option<Value>, min: Option<Value>, max: Option<Value>, least: Option<Place> },
}
