//! The two objects of MPRIS: who the player is, and its buttons.
//!
//! What is pressed becomes a [`Command`] and nothing else; what is asked is read from the [`PlayerState`]. The optional
//! properties that a session has no use for (`Fullscreen`, `DesktopEntry`, `LoopStatus`, `Shuffle`) are left out, as
//! the specification allows. Must not know where commands go.
#![allow(
    clippy::disallowed_types,
    reason = "zbus names a HashMap in what its macro writes; a bus has no order"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, mpsc};
use std::time::Instant;

use zbus::object_server::SignalEmitter;
use zbus::{ObjectPath, Variant, fdo, interface};

use super::properties::{Micros, TRACK, slider};
use super::state::PlayerState;
use crate::playback::control::{Command, Direction, Unit, VolumeChange};

/// Identity of the player.
pub(super) struct Root {
    commands: mpsc::Sender<Command>,
}

impl Root {
    pub(super) fn new(commands: mpsc::Sender<Command>) -> Self {
        Self { commands }
    }
}

// Calls are answered in the order in which they come: who presses twice means it twice, in that order.
#[interface(name = "org.mpris.MediaPlayer2", spawn = false, introspection_docs = false)]
impl Root {
    /// There is no window to raise.
    fn raise(&self) {}

    /// The session fades out and ends.
    fn quit(&self) {
        press(&self.commands, Command::Quit);
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn can_quit(&self) -> bool {
        true
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn can_raise(&self) -> bool {
        false
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn has_track_list(&self) -> bool {
        false
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn identity(&self) -> &'static str {
        "nidra"
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn supported_uri_schemes(&self) -> Vec<String> {
        Vec::new()
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn supported_mime_types(&self) -> Vec<String> {
        Vec::new()
    }
}

/// The buttons.
pub(super) struct Player {
    state: Arc<PlayerState>,
    commands: mpsc::Sender<Command>,
}

impl Player {
    pub(super) fn new(state: Arc<PlayerState>, commands: mpsc::Sender<Command>) -> Self {
        Self { state, commands }
    }

    fn press(&self, command: Command) {
        press(&self.commands, command);
    }
}

#[interface(name = "org.mpris.MediaPlayer2.Player", spawn = false, introspection_docs = false)]
impl Player {
    /// The next cue, not the next session: a headset has four functions, and a listener who lies on the floor wants to
    /// hear a line again or be done with a rest.
    fn next(&self) {
        self.press(Command::Step(Direction::Forward, Unit::Cue));
    }

    fn previous(&self) {
        self.press(Command::Step(Direction::Back, Unit::Cue));
    }

    fn pause(&self) {
        self.press(Command::Pause);
    }

    fn play_pause(&self) {
        self.press(Command::PauseOrResume);
    }

    /// Pauses. On a headset it lies beside pause, under a finger without eyes; a session that was ended is over, a
    /// session that was paused goes on where it was. A listener who means the end has `Quit`.
    fn stop(&self) {
        self.press(Command::Pause);
    }

    fn play(&self) {
        self.press(Command::Resume);
    }

    /// By that many microseconds; beyond the end it is `Next` (MPRIS 2.2, `Seek`), before the start it is the start.
    #[zbus(name = "Seek")]
    fn seek(&self, offset: i64) {
        let there = self.state.position(Instant::now()).0.saturating_add(offset);
        let by = Micros(offset.saturating_abs()).to_millis();
        if there > self.state.length().0 {
            self.next();
        } else if offset > 0 {
            self.press(Command::Seek(Direction::Forward, by));
        } else if offset < 0 {
            self.press(Command::Seek(Direction::Back, by));
        }
    }

    /// To a place of the track that is played now; one of another track, or outside, is a stale wish and nothing is
    /// done (MPRIS 2.2, `SetPosition`).
    fn set_position(&self, track_id: ObjectPath<'_>, position: i64) {
        if track_id.as_str() == TRACK && (0..=self.state.length().0).contains(&position) {
            self.press(Command::SeekTo(Micros(position).to_millis()));
        }
    }

    /// nidra plays what it was started with.
    fn open_uri(&self, _uri: &str) -> fdo::Result<()> {
        Err(fdo::Error::NotSupported("nidra plays the session it was started with".to_owned()))
    }

    #[zbus(signal)]
    pub(super) async fn seeked(emitter: &SignalEmitter<'_>, position: i64) -> zbus::Result<()>;

    #[zbus(property)]
    fn playback_status(&self) -> &'static str {
        self.state.properties().playback
    }

    #[zbus(property)]
    fn rate(&self) -> f64 {
        1.0
    }

    /// A session has one speed. 0 is a pause (MPRIS 2.2, `Rate`).
    #[zbus(property)]
    fn set_rate(&self, rate: f64) {
        if rate == 0.0 {
            self.press(Command::Pause);
        }
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn minimum_rate(&self) -> f64 {
        1.0
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn maximum_rate(&self) -> f64 {
        1.0
    }

    #[zbus(property)]
    fn metadata(&self) -> BTreeMap<&'static str, Variant<'static>> {
        self.state.metadata()
    }

    #[zbus(property)]
    fn volume(&self) -> f64 {
        slider(self.state.properties().volume)
    }

    #[zbus(property)]
    fn set_volume(&self, slider: f64) -> fdo::Result<()> {
        if slider.is_nan() {
            return Err(fdo::Error::InvalidArgs("the volume is not a number".to_owned()));
        }
        let volume = self.state.slide(slider);
        self.press(Command::Volume(VolumeChange::To(volume)));
        Ok(())
    }

    #[zbus(property(emits_changed_signal = "false"))]
    fn position(&self) -> i64 {
        self.state.position(Instant::now()).0
    }

    #[zbus(property)]
    fn can_go_next(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_go_previous(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_play(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_pause(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_seek(&self) -> bool {
        true
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn can_control(&self) -> bool {
        true
    }
}

/// A press after the end is one too late, and no error.
fn press(commands: &mpsc::Sender<Command>, command: Command) {
    let _ = commands.send(command);
}
