//! The properties of a session that a desktop shows, as MPRIS has them, and what changed between two moments.
//!
//! Functions of a [`Status`] and a [`SessionInfo`]. Must not know the bus nor what time it is.

use std::collections::BTreeMap;

use zbus::{ObjectPath, Variant};

use crate::cli::ui::media_keys::SessionInfo;
use crate::playback::control::{PlayState, Status, Volume};
use crate::text::one_line;
use crate::units::{Decibels, Gain, Millis};

/// The session, as one track. Not under `/org/mpris`, which is reserved (MPRIS 2.2, `Track_Id`).
pub(super) const TRACK: &str = "/org/nidra/session";

/// Exponent of the position of a slider: the position is the cube root of the factor on the samples, as in PulseAudio
/// and PipeWire (`pa_sw_volume_from_linear`), because half of it then sounds like half. nidra's softest, at -60 dB, is
/// at a tenth.
const SLIDER_EXPONENT: f64 = 3.0;

/// Microseconds, which all times of MPRIS are (`Time_In_Us`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Micros(pub(crate) i64);

impl Micros {
    /// The same time. A track of more than 290,000 years is that long.
    pub(super) fn of(Millis(millis): Millis) -> Self {
        Self(i64::try_from(millis).unwrap_or(i64::MAX).saturating_mul(1000))
    }

    /// To the nearest millisecond, halves up; nothing before zero.
    pub(super) fn to_millis(self) -> Millis {
        Millis(self.0.max(0).unsigned_abs().saturating_add(500) / 1000)
    }
}

/// Playback status of a session that sounds (`Playback_Status`).
pub(super) const PLAYING: &str = "Playing";

/// The properties of a player that change.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Properties {
    /// `Playback_Status`, in the words of MPRIS.
    pub(super) playback: &'static str,
    pub(super) volume: Volume,
    length: Option<Millis>,
    /// Number of the chapter, from 1, and its title.
    chapter: Option<(i32, String)>,
}

impl Properties {
    /// Those of a session that has not begun.
    pub(super) const STOPPED: Self =
        Self { playback: "Stopped", volume: Volume::FULL, length: None, chapter: None };

    pub(super) fn of(status: &Status) -> Self {
        let number = i32::try_from(status.chapter.saturating_add(1)).unwrap_or(i32::MAX);
        Self {
            playback: match status.state {
                // A bed that goes on can be heard and paused.
                PlayState::Playing | PlayState::BedOnly => PLAYING,
                // A session without a device waits for one, as if it was paused.
                PlayState::Paused | PlayState::NoDevice => "Paused",
            },
            volume: status.volume,
            length: Some(status.length),
            chapter: (status.chapters > 0).then(|| (number, status.title.clone())),
        }
    }

    /// Returns the metadata of the session (MPRIS 2.2, `Metadata_Map`). One track for the whole session, whose title
    /// has the chapter: a track a chapter would make every display begin at zero, and moves between chapters would not
    /// be seeks.
    pub(super) fn metadata(&self, session: &SessionInfo) -> BTreeMap<&'static str, Variant<'static>> {
        let track = ObjectPath::from_static_str_unchecked(TRACK);
        let mut map = BTreeMap::from([("mpris:trackid", track.into())]);
        if let Some(length) = self.length {
            map.insert("mpris:length", Micros::of(length).0.into());
        }
        map.insert("xesam:album", one_line(session.album.as_ref().unwrap_or(&session.title)).into());
        if let Some(artist) = &session.artist {
            map.insert("xesam:artist", vec![one_line(artist)].into());
        }
        let title = match &self.chapter {
            Some((number, chapter)) => {
                map.insert("xesam:trackNumber", (*number).into());
                format!("{}: {chapter}", session.title)
            }
            None => session.title.clone(),
        };
        map.insert("xesam:title", one_line(&title).into());
        map
    }

    /// The properties that are no longer as they were, with their values.
    pub(super) fn changes(
        &self,
        before: &Self,
        session: &SessionInfo,
    ) -> BTreeMap<&'static str, Variant<'static>> {
        let mut changes = BTreeMap::new();
        if self.playback != before.playback {
            changes.insert("PlaybackStatus", self.playback.into());
        }
        if self.volume != before.volume {
            changes.insert("Volume", slider(self.volume).into());
        }
        if (self.length, &self.chapter) != (before.length, &before.chapter) {
            changes.insert("Metadata", self.metadata(session).into());
        }
        changes
    }
}

/// Returns the position of a slider from 0 to 1 at a volume: 0 for silence.
pub(super) fn slider(volume: Volume) -> f64 {
    if volume.gain() == Gain(0.0) {
        return 0.0;
    }
    let Decibels(level) = volume.decibels();
    f64::from(Decibels(level / SLIDER_EXPONENT).to_gain().0)
}

/// The volume at which a slider stands there. Below 0 is silence, and above 1 is 1: nidra never plays a track louder
/// than it is.
pub(super) fn volume_at(slider: f64) -> Volume {
    let Decibels(level) = Gain(slider.clamp(0.0, 1.0) as f32).to_decibels();
    Volume::new(Decibels(level * SLIDER_EXPONENT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(level: f64, expected: f64) {
        let volume = Volume::new(Decibels(level));
        assert!((slider(volume) - expected).abs() < 1e-6, "{level} dB stands at {}", slider(volume));
        let Decibels(back) = volume_at(slider(volume)).decibels();
        assert!((back - volume.decibels().0).abs() < 1e-4, "{level} dB comes back as {back}");
    }

    #[test]
    fn a_slider_is_the_cube_root_of_the_factor_and_comes_back() {
        check(0.0, 1.0);
        check(-18.061_799_739_838_87, 0.5);
        check(-6.0, 0.794_328_2);
        check(-59.999, 0.100_003_8);
        check(-60.0, 0.0);
        assert_eq!(volume_at(1.5), Volume::FULL);
        assert_eq!(volume_at(-1.0).gain(), Gain(0.0));
    }

    #[test]
    fn a_display_gets_names_in_one_line_without_what_steers() {
        let chapter = Some((1, "Re\u{1b}st\u{202e}".to_owned()));
        let properties = Properties { chapter, ..Properties::STOPPED };
        let (title, artist) = ("A\nb\u{9b}".to_owned(), Some("Me\u{2028}you".to_owned()));
        let metadata = properties.metadata(&SessionInfo { title, artist, album: None });
        assert_eq!(metadata["xesam:title"], "A b: Rest".to_owned().into());
        assert_eq!(metadata["xesam:album"], "A b".to_owned().into());
        assert_eq!(metadata["xesam:artist"], vec!["Me you".to_owned()].into());
    }

    #[test]
    fn microseconds_are_rounded_to_the_nearest_millisecond() {
        let millis = [-1, 0, 499, 500, 1499, 1500, i64::MAX].map(|micros| Micros(micros).to_millis().0);
        assert_eq!(millis, [0, 0, 0, 1, 1, 2, 9_223_372_036_854_776]);
    }
}
