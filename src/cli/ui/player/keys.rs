//! The keys: one table, from which a key is understood, shown, and spoken.
//!
//! Must not know where keys come from: a terminal sends them as events, a pipe as single characters of a line.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MediaKeyCode};

use crate::playback::control::{Command, Direction, Unit, VolumeChange};
use crate::units::Millis;

/// Action of a key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum KeyAction {
    /// A command.
    Do(Command),
    /// Ends at the time that was asked for at the start, or asks for one.
    EndOnTime,
    /// Pauses, and gives the terminal back to the shell.
    Suspend,
}

/// A key as it is pressed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stroke {
    Char(char),
    Ctrl(char),
    Key(KeyCode),
    Media(MediaKeyCode),
}

/// Some keys that belong together.
struct Row {
    strokes: &'static [(Stroke, KeyAction)],
    /// Labels of the keys.
    keys: &'static str,
    does: &'static str,
    /// Spoken help on them; keys that only a screen makes sense of are not spoken of.
    spoken: Option<&'static str>,
}

/// A step of the arrow keys.
const ARROW_KEY_STEP: Millis = Millis::from_secs(10);

const PAUSE_OR_RESUME: KeyAction = KeyAction::Do(Command::PauseOrResume);
const NEXT: KeyAction = KeyAction::Do(Command::Step(Direction::Forward, Unit::Cue));
const BACK: KeyAction = KeyAction::Do(Command::Step(Direction::Back, Unit::Cue));
const FORWARD: KeyAction = KeyAction::Do(Command::Seek(Direction::Forward, ARROW_KEY_STEP));
const REWIND: KeyAction = KeyAction::Do(Command::Seek(Direction::Back, ARROW_KEY_STEP));
const LOUDER: KeyAction = KeyAction::Do(Command::Volume(VolumeChange::Louder));
const SOFTER: KeyAction = KeyAction::Do(Command::Volume(VolumeChange::Softer));
const QUIT: KeyAction = KeyAction::Do(Command::Quit);

const TABLE: &[Row] = &[
    Row {
        strokes: &[
            (Stroke::Char(' '), PAUSE_OR_RESUME),
            (Stroke::Media(MediaKeyCode::PlayPause), PAUSE_OR_RESUME),
            (Stroke::Media(MediaKeyCode::Play), KeyAction::Do(Command::Resume)),
            (Stroke::Media(MediaKeyCode::Pause), KeyAction::Do(Command::Pause)),
        ],
        keys: "space",
        does: "pause, and go on",
        spoken: Some("Space. Pause, and go on."),
    },
    Row {
        strokes: &[(Stroke::Char('n'), NEXT), (Stroke::Media(MediaKeyCode::TrackNext), NEXT)],
        keys: "n",
        does: "the next cue",
        spoken: Some("N. The next cue."),
    },
    Row {
        strokes: &[(Stroke::Char('b'), BACK), (Stroke::Media(MediaKeyCode::TrackPrevious), BACK)],
        keys: "b",
        does: "back to the cue before",
        spoken: Some("B. Back to the cue before."),
    },
    Row {
        strokes: &[
            (Stroke::Char('N'), KeyAction::Do(Command::Step(Direction::Forward, Unit::Section))),
            (Stroke::Char('B'), KeyAction::Do(Command::Step(Direction::Back, Unit::Section))),
        ],
        keys: "N, B",
        does: "a whole section, and back",
        spoken: Some("Shift N and shift B. A whole section."),
    },
    Row {
        strokes: &[
            (Stroke::Key(KeyCode::Right), FORWARD),
            (Stroke::Media(MediaKeyCode::FastForward), FORWARD),
            (Stroke::Key(KeyCode::Left), REWIND),
            (Stroke::Media(MediaKeyCode::Rewind), REWIND),
        ],
        keys: "right, left",
        does: "ten seconds forward, and back",
        spoken: Some("Right and left. Ten seconds forward, and back."),
    },
    Row {
        strokes: &[
            (Stroke::Key(KeyCode::Up), LOUDER),
            (Stroke::Char('+'), LOUDER),
            // The key of the plus on many keyboards, without shift.
            (Stroke::Char('='), LOUDER),
            (Stroke::Media(MediaKeyCode::RaiseVolume), LOUDER),
            (Stroke::Key(KeyCode::Down), SOFTER),
            (Stroke::Char('-'), SOFTER),
            (Stroke::Media(MediaKeyCode::LowerVolume), SOFTER),
        ],
        keys: "up, down",
        does: "louder, and softer; so do + and -",
        spoken: Some("Up and down. Louder, and softer."),
    },
    Row {
        strokes: &[(Stroke::Char('m'), KeyAction::Do(Command::MoreRest))],
        keys: "m",
        does: "one more minute of this rest",
        spoken: Some("M. One more minute of this rest."),
    },
    Row {
        strokes: &[(Stroke::Char('e'), KeyAction::EndOnTime)],
        keys: "e",
        does: "end on time",
        spoken: Some("E. End on time."),
    },
    Row {
        strokes: &[(Stroke::Char('u'), KeyAction::Do(Command::TakeBack))],
        keys: "u",
        does: "take the last change of length back",
        spoken: Some("U. Take the last change of length back."),
    },
    Row {
        strokes: &[(Stroke::Char('w'), KeyAction::Do(Command::Where))],
        keys: "w",
        does: "how much time is left",
        spoken: Some("W. How much time is left."),
    },
    Row {
        strokes: &[
            (Stroke::Char('q'), QUIT),
            (Stroke::Key(KeyCode::Esc), QUIT),
            (Stroke::Ctrl('c'), QUIT),
            (Stroke::Ctrl('d'), QUIT),
            (Stroke::Media(MediaKeyCode::Stop), QUIT),
        ],
        keys: "q",
        does: "end now, with a fade; so do Esc and Ctrl-C",
        spoken: Some("Q. End now, with a fade."),
    },
    Row {
        strokes: &[(Stroke::Key(KeyCode::Home), KeyAction::Do(Command::SeekTo(Millis::ZERO)))],
        keys: "Home",
        does: "from the start",
        spoken: None,
    },
    Row {
        strokes: &[(Stroke::Ctrl('z'), KeyAction::Suspend)],
        keys: "Ctrl-Z",
        does: "pause, and back to the shell; `fg` comes back",
        spoken: None,
    },
    Row {
        strokes: &[(Stroke::Char('?'), KeyAction::Do(Command::Keys))],
        keys: "?",
        does: "these keys",
        spoken: None,
    },
];

/// Returns the action of a key of a terminal. A key that is let go does nothing, one that is held does it again.
pub(crate) fn action(key: KeyEvent) -> Option<KeyAction> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let others = key.modifiers - KeyModifiers::SHIFT;
    let stroke = match key.code {
        KeyCode::Char(letter) if others == KeyModifiers::CONTROL => Stroke::Ctrl(letter.to_ascii_lowercase()),
        // Alt and the letters of another key combination belong to the terminal or its window.
        _ if !others.is_empty() => return None,
        KeyCode::Char(letter) => Stroke::Char(letter),
        KeyCode::Media(media) => Stroke::Media(media),
        code => Stroke::Key(code),
    };
    find(stroke)
}

/// Returns the action of a single character of a line.
pub(crate) fn action_of(letter: char) -> Option<KeyAction> {
    find(Stroke::Char(letter))
}

fn find(stroke: Stroke) -> Option<KeyAction> {
    TABLE.iter().flat_map(|row| row.strokes).find(|(known, _)| *known == stroke).map(|(_, action)| *action)
}

/// All keys, a line each, without a newline at the end.
pub(crate) fn help() -> String {
    let width = TABLE.iter().map(|row| row.keys.len()).max().unwrap_or(0);
    let lines: Vec<String> = TABLE.iter().map(|row| format!("  {:width$}  {}", row.keys, row.does)).collect();
    lines.join("\n")
}

/// Returns the spoken help on the keys, in this order.
pub(crate) fn spoken() -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter_map(|row| row.spoken)
}

#[cfg(test)]
mod tests;
