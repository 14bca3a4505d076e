//! Every key of the table, as terminals send it and as people read and hear it.

use super::*;

#[track_caller]
fn check(code: KeyCode, modifiers: KeyModifiers, expected: Option<KeyAction>) {
    assert_eq!(action(KeyEvent::new(code, modifiers)), expected, "{code:?} {modifiers:?}");
}

#[test]
fn every_key_does_what_it_says() {
    let section = |direction| Some(KeyAction::Do(Command::Step(direction, Unit::Section)));
    let expected = [
        (' ', Some(KeyAction::Do(Command::PauseOrResume))),
        ('n', Some(KeyAction::Do(Command::Step(Direction::Forward, Unit::Cue)))),
        ('b', Some(KeyAction::Do(Command::Step(Direction::Back, Unit::Cue)))),
        ('+', Some(KeyAction::Do(Command::Volume(VolumeChange::Louder)))),
        ('=', Some(KeyAction::Do(Command::Volume(VolumeChange::Louder)))),
        ('-', Some(KeyAction::Do(Command::Volume(VolumeChange::Softer)))),
        ('m', Some(KeyAction::Do(Command::MoreRest))),
        ('e', Some(KeyAction::EndOnTime)),
        ('u', Some(KeyAction::Do(Command::TakeBack))),
        ('w', Some(KeyAction::Do(Command::Where))),
        ('?', Some(KeyAction::Do(Command::Keys))),
        ('q', Some(KeyAction::Do(Command::Quit))),
        ('x', None),
        ('ß', None),
    ];
    for (letter, action) in expected {
        check(KeyCode::Char(letter), KeyModifiers::NONE, action);
        assert_eq!(action_of(letter), action);
    }
    // Terminals tell of the shift of capitals, or do not.
    for shift in [KeyModifiers::SHIFT, KeyModifiers::NONE] {
        check(KeyCode::Char('N'), shift, section(Direction::Forward));
        check(KeyCode::Char('B'), shift, section(Direction::Back));
    }
    let ten = Millis(10_000);
    let keys = [
        (KeyCode::Right, Command::Seek(Direction::Forward, ten)),
        (KeyCode::Left, Command::Seek(Direction::Back, ten)),
        (KeyCode::Up, Command::Volume(VolumeChange::Louder)),
        (KeyCode::Down, Command::Volume(VolumeChange::Softer)),
        (KeyCode::Home, Command::SeekTo(Millis::ZERO)),
        (KeyCode::Esc, Command::Quit),
    ];
    keys.into_iter().for_each(|(key, command)| check(key, KeyModifiers::NONE, Some(KeyAction::Do(command))));
    check(KeyCode::Enter, KeyModifiers::NONE, None);
}

#[test]
fn control_and_alt_make_other_keys_of_letters() {
    for letter in ['c', 'd', 'C'] {
        check(KeyCode::Char(letter), KeyModifiers::CONTROL, Some(KeyAction::Do(Command::Quit)));
    }
    check(KeyCode::Char('z'), KeyModifiers::CONTROL, Some(KeyAction::Suspend));
    for letter in ['n', 'q', 'm'] {
        check(KeyCode::Char(letter), KeyModifiers::CONTROL, None);
        check(KeyCode::Char(letter), KeyModifiers::ALT, None);
    }
    check(KeyCode::Right, KeyModifiers::CONTROL, None);
}

#[test]
fn media_keys_of_keyboards_do_the_same() {
    let media = [
        (MediaKeyCode::PlayPause, Command::PauseOrResume),
        (MediaKeyCode::Play, Command::Resume),
        (MediaKeyCode::Pause, Command::Pause),
        (MediaKeyCode::TrackNext, Command::Step(Direction::Forward, Unit::Cue)),
        (MediaKeyCode::TrackPrevious, Command::Step(Direction::Back, Unit::Cue)),
        (MediaKeyCode::FastForward, Command::Seek(Direction::Forward, Millis(10_000))),
        (MediaKeyCode::Rewind, Command::Seek(Direction::Back, Millis(10_000))),
        (MediaKeyCode::RaiseVolume, Command::Volume(VolumeChange::Louder)),
        (MediaKeyCode::LowerVolume, Command::Volume(VolumeChange::Softer)),
        (MediaKeyCode::Stop, Command::Quit),
    ];
    for (key, command) in media {
        check(KeyCode::Media(key), KeyModifiers::NONE, Some(KeyAction::Do(command)));
    }
    check(KeyCode::Media(MediaKeyCode::Record), KeyModifiers::NONE, None);
}

#[test]
fn a_key_that_is_let_go_does_nothing() {
    let event = |kind| KeyEvent::new_with_kind(KeyCode::Char('n'), KeyModifiers::NONE, kind);
    assert_eq!(action(event(KeyEventKind::Release)), None);
    assert_eq!(action(event(KeyEventKind::Repeat)), Some(NEXT));
}

#[test]
fn no_key_is_in_the_table_twice_and_all_are_shown() {
    let strokes: Vec<Stroke> = TABLE.iter().flat_map(|row| row.strokes).map(|(stroke, _)| *stroke).collect();
    for (index, stroke) in strokes.iter().enumerate() {
        assert!(!strokes[..index].contains(stroke), "{stroke:?}");
    }
    let help = help();
    assert_eq!(help.lines().count(), TABLE.len());
    assert!(help.starts_with("  space        pause, and go on\n  n            the next cue\n"), "{help}");
    assert!(help.lines().all(|line| line.len() < 80), "{help}");
}

#[test]
fn the_keys_are_spoken_in_order() {
    let expected = "Space. Pause, and go on. N. The next cue. B. Back to the cue before. \
        Shift N and shift B. A whole section. Right and left. Ten seconds forward, and back. \
        Up and down. Louder, and softer. M. One more minute of this rest. E. End on time. \
        U. Take the last change of length back. W. How much time is left. Q. End now, with a fade.";
    assert_eq!(spoken().collect::<Vec<_>>().join(" "), expected);
}
