//! What is shown is seen.

use super::{Bus, LIMIT, status};
use crate::playback::control::{Command, PlayState, Status, VolumeChange};
use crate::units::Millis;

#[test]
fn a_desktop_sees_what_is_played_and_that_it_grows() {
    let Some(bus) = Bus::start() else { return };
    let Some(follow) = bus.follow("{{status}}|{{title}}|{{artist}}|{{album}}|{{mpris:length}}") else {
        return;
    };
    let (mpris, _commands) = bus.appear();
    let playing = status(PlayState::Playing, Millis::from_secs(60));
    mpris.show(&playing);
    let seen = follow.until("Playing");
    assert_eq!(seen, "Playing|Legs Up the Wall: Rest|Ada|Legs Up the Wall|1500000000");
    assert_eq!(bus.playerctl("metadata xesam:trackNumber"), "2");
    assert_eq!(bus.playerctl("metadata mpris:trackid"), "'/org/nidra/session'");
    mpris.show(&Status { length: Millis::from_secs(1560), ..playing.clone() });
    follow.until("|1560000000");
    mpris.show(&Status { chapter: 2, title: "Close".to_owned(), ..playing.clone() });
    follow.until("Legs Up the Wall: Close");
    mpris.show(&Status { state: PlayState::NoDevice, ..playing });
    follow.until("Paused");
}

#[test]
fn a_position_goes_on_by_itself_and_waits_in_a_pause() {
    let Some(bus) = Bus::start() else { return };
    let Some(follow) = bus.follow("{{status}}") else { return };
    let (mpris, _commands) = bus.appear();
    mpris.show(&status(PlayState::Playing, Millis::from_secs(60)));
    follow.until("Playing");
    let position = || bus.playerctl("position").parse::<f64>().unwrap();
    let (first, then) = (position(), position());
    assert!(60.0 <= first && first < then && then < 60.0 + LIMIT.as_secs_f64(), "{first} {then}");
    mpris.show(&status(PlayState::Paused, Millis(61_250)));
    follow.until("Paused");
    assert_eq!((position(), position()), (61.25, 61.25));
}

#[test]
fn only_what_changed_is_told_and_a_move_once() {
    let Some(bus) = Bus::start() else { return };
    let Some(follow) = bus.follow("{{status}}") else { return };
    let (mpris, commands) = bus.appear();
    mpris.show(&status(PlayState::Paused, Millis::from_secs(60)));
    follow.until("Paused");
    let Some(signals) = bus.signals(&mpris) else { return };
    let next = || signals.lines.recv_timeout(LIMIT).unwrap();
    for _ in 0..8 {
        mpris.show(&status(PlayState::Paused, Millis::from_secs(60)));
    }
    mpris.show(&status(PlayState::Paused, Millis::from_secs(57)));
    assert!(next().ends_with("MediaPlayer2.Player.Seeked (int64 57000000,)"));
    for _ in 0..8 {
        mpris.show(&status(PlayState::Paused, Millis::from_secs(57)));
    }
    bus.playerctl("volume 0.5");
    let told = next();
    assert!(told.ends_with("{'Volume': <0.5>}, @as [])"), "{told}");
    let Ok(Command::Volume(VolumeChange::To(volume))) = commands.recv_timeout(LIMIT) else { panic!() };
    mpris.show(&Status { volume, ..status(PlayState::Playing, Millis::from_secs(57)) });
    let told = next();
    assert!(told.ends_with("{'PlaybackStatus': <'Playing'>}, @as [])"), "{told}");
}
