//! The script as meant: a session with every value known, except the positions of its sounds.

use super::bed::{Bed, BedChange};
use super::loudness::Loudness;
use super::offset::{At, Check};
use super::params::{Param, ParamValue};
use super::template::Text;
use super::wording::Wording;
use crate::audio::{ChannelLayout, SoundRef};
use crate::diag::{Edit, Place, Span, Spanned};
use crate::units::{Decibels, Millis, Pan};

/// One session, bound to one edition or to given parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Its metadata.
    pub meta: Meta,
    /// Its words for numbers and times.
    pub wording: Wording,
    /// The edition it is, if the script has editions and one was asked for.
    pub edition: Option<String>,
    /// Voice folders, best first.
    pub voices: Vec<Spanned<String>>,
    /// Exact length of all counted sections together.
    pub length: Option<Spanned<Millis>>,
    /// Silence before everything.
    pub lead_in: Millis,
    /// Silence after everything.
    pub lead_out: Millis,
    /// The bed under everything.
    pub bed: Option<Bed>,
    /// The sections in order.
    pub sections: Vec<Section>,
    /// The values its parameters have.
    pub params: Vec<(String, ParamValue)>,
    /// The givers of these values, and the places where they count.
    pub given: Vec<Param>,
    /// The place where its length is written, or can be.
    pub length_place: Option<Place>,
    /// The place where its voice is written, or can be.
    pub voice_place: Option<Place>,
    /// Output rate, if the script says one.
    pub rate: Option<Spanned<u32>>,
    /// Output channels, if the script says them.
    pub channels: Option<Spanned<ChannelLayout>>,
    /// Its loudness, as far as the script says.
    pub loudness: Loudness,
}

impl Session {
    /// Every bed that sounds somewhere in it.
    pub fn beds(&self) -> impl Iterator<Item = &Bed> {
        let changes = self.sections.iter().filter_map(|section| match &section.bed {
            BedChange::Set(bed) => Some(bed),
            BedChange::Keep | BedChange::Stop => None,
        });
        self.bed.iter().chain(changes)
    }
}

/// The metadata of a session, as its script says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// Its title.
    pub title: String,
    /// The place where its title is written; the head of the script if it has none.
    pub span: Span,
    /// ISO 639 code.
    pub language: String,
    /// Its author.
    pub author: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Whom it is for.
    pub level: Option<String>,
    /// When it was made, as written.
    pub date: Option<Spanned<String>>,
    /// Path of a picture.
    pub cover: Option<Spanned<String>>,
    /// The series it belongs to.
    pub album: Option<String>,
    /// Its number in the series.
    pub track: Option<u32>,
    /// Its genre.
    pub genre: Option<String>,
    /// The props that are needed.
    pub props: Vec<Spanned<String>>,
    /// The place where one more prop can be written.
    pub prop_place: Option<Place>,
    /// Things to be careful of.
    pub cautions: Vec<String>,
    /// Free words.
    pub tags: Vec<String>,
}

/// One section, a chapter for listeners.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Its title.
    pub title: Spanned<Text>,
    /// Its place in the script.
    pub span: Span,
    /// Exact length of each pass.
    pub length: Option<Spanned<Millis>>,
    /// Its relation to the promised minutes.
    pub clock: Clock,
    /// Number of rounds.
    pub rounds: u32,
    /// The sides each round is done on; empty for none.
    pub sides: Vec<String>,
    /// Its change of the bed.
    pub bed: BedChange,
    /// The kind of pose it holds, for the lint.
    pub kind: Option<SectionKind>,
    /// Props it uses.
    pub props: Vec<Spanned<String>>,
    /// Its cues.
    pub cues: Vec<Cue>,
    /// The places where more can be said about it.
    pub places: SectionPlaces,
}

impl Section {
    /// The side and the other one, of each of the passes of a round; none if it has no sides.
    pub(crate) fn pairs_of_sides(&self) -> Vec<Option<(String, String)>> {
        let others = self.sides.iter().cycle().skip(1);
        let pairs = self.sides.iter().zip(others).map(|(side, other)| Some((side.clone(), other.clone())));
        if self.sides.is_empty() { vec![None] } else { pairs.collect() }
    }

    /// The cue at a place, also in a repeat.
    pub fn cue_at(&self, place: Span) -> Option<&Cue> {
        fn cue_at(cues: &[Cue], place: Span) -> Option<&Cue> {
            cues.iter().find_map(|cue| match &cue.action {
                Action::Repeat { cues, .. } => cue_at(cues, place),
                _ => (cue.span == place).then_some(cue),
            })
        }
        cue_at(&self.cues, place)
    }
}

/// The places where more can be said about a section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionPlaces {
    /// Its sides.
    pub sides: Option<Place>,
    /// Its number of rounds.
    pub repeat: Option<Place>,
    /// One more cue at its end.
    pub cue: Option<Place>,
}

/// The relation of a section to the promised minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// It belongs to them.
    Counted,
    /// Set-up or close.
    Outside,
}

/// Kinds of pose that need special care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// The spine bends backwards.
    Backbend,
    /// The heart is above the head, or the legs above the heart.
    Inversion,
}

/// One line of the script.
#[derive(Clone, Debug, PartialEq)]
pub struct Cue {
    /// Its place in the script.
    pub span: Span,
    /// Its action.
    pub action: Action,
    /// Pinned to this offset of its pass.
    pub at: Option<Spanned<At>>,
    /// The change that takes the pin away.
    pub unpin: Option<Edit>,
    /// Its mix.
    pub mix: CueMix,
    /// Its purpose.
    pub role: Option<Role>,
}

/// The mix of a cue: gain, pan and fades.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CueMix {
    /// Louder or softer.
    pub gain: Decibels,
    /// Position between the speakers.
    pub pan: Pan,
    /// A fade at its start.
    pub fade_in: Millis,
    /// A fade at its end.
    pub fade_out: Millis,
}

/// The purpose of a cue, as a teacher plans it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Placing props and body.
    Setup,
    /// Going into the pose.
    Enter,
    /// Staying.
    Hold,
    /// Coming out.
    Exit,
    /// When not to, and when to stop.
    Caution,
    /// An easier way.
    Option,
}

/// The action of a cue.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Speaks a line.
    Say(Spanned<Text>),
    /// Plays a file; with a text it is speech.
    Clip {
        /// The file.
        sound: Spanned<SoundRef>,
        /// The words that it says.
        text: Option<Spanned<Text>>,
    },
    /// Strikes a bell.
    Bell {
        /// A built-in bell or a file.
        sound: Spanned<SoundRef>,
        /// Its strikes.
        strikes: Strikes,
    },
    /// Silence of an exact length.
    Pause(Millis),
    /// Silence that shares what is left.
    Elastic {
        /// Its share.
        weight: u32,
        /// At least this.
        min: Millis,
        /// At most this.
        max: Option<Millis>,
        /// The place where its minimum is written, or can be.
        least: Option<Place>,
    },
    /// Breaths at a pace.
    Breathe {
        /// Number of breaths.
        breaths: u32,
        /// In, hold, out, rest.
        phases: [Millis; 4],
        /// The places where each of these is written, or can be.
        places: Box<[Option<Place>; 4]>,
        /// The way they are led.
        guide: Guide,
    },
    /// Numbers spoken at a pace.
    Count {
        /// From one to this.
        to: u32,
        /// From one number to the next.
        every: Millis,
        /// The place where that is written, or can be.
        place: Option<Place>,
    },
    /// Time checks in free space.
    Checks(Vec<Spanned<Check>>),
    /// Cues done several times.
    Repeat {
        /// Number of passes.
        times: u32,
        /// The cues of one pass.
        cues: Vec<Cue>,
    },
    /// For the teacher; never spoken.
    Note(String),
}

/// The strikes of a bell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strikes {
    /// Number of strikes.
    pub count: u32,
    /// From one strike to the next.
    pub every: Millis,
    /// From the last strike to the next cue; the tail rings on.
    pub ring: Millis,
}

impl Strikes {
    /// The time the bell takes on the clock.
    pub fn slot(self) -> Millis {
        self.every * u64::from(self.count.saturating_sub(1)) + self.ring
    }
}

/// The way breaths are led.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guide {
    /// The voice says each phase.
    Voice,
    /// A tone rises and falls.
    Tone,
    /// Nothing is heard.
    Silent,
}
