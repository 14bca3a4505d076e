//! What is pressed arrives.

use std::sync::mpsc::TryRecvError;

use super::{Bus, LIMIT, NAME, PATH, status};
use crate::playback::control::{Command, Direction, PlayState, Status, Unit, Volume, VolumeChange};
use crate::units::{Decibels, Millis};

/// What arrives when `playerctl` is called so, while the session plays at a minute.
#[track_caller]
fn check(arguments: &[&str], expected: &[Command]) {
    let Some(bus) = Bus::start() else { return };
    let Some(follow) = bus.follow("{{status}}") else { return };
    let (mpris, commands) = bus.appear();
    mpris.show(&status(PlayState::Paused, Millis::from_secs(60)));
    follow.until("Paused");
    for call in arguments {
        bus.playerctl(call);
    }
    let arrived: Vec<Command> = expected.iter().map_while(|_| commands.recv_timeout(LIMIT).ok()).collect();
    assert_eq!(arrived, expected);
    assert_eq!(commands.try_recv(), Err(TryRecvError::Empty), "nothing else arrives");
}

#[test]
fn every_button_is_a_command_and_stop_is_a_pause() {
    check(
        &["play-pause", "play", "pause", "stop", "next", "previous"],
        &[
            Command::PauseOrResume,
            Command::Resume,
            Command::Pause,
            Command::Pause,
            Command::Step(Direction::Forward, Unit::Cue),
            Command::Step(Direction::Back, Unit::Cue),
        ],
    );
}

#[test]
fn a_player_seeks_by_and_to() {
    check(
        &["position 10+", "position 10-", "position 30", "position 0.0125"],
        &[
            Command::Seek(Direction::Forward, Millis(10_000)),
            Command::Seek(Direction::Back, Millis(10_000)),
            Command::SeekTo(Millis(30_000)),
            Command::SeekTo(Millis(13)),
        ],
    );
}

#[test]
fn a_seek_beyond_the_end_is_next_and_a_position_beyond_it_is_nothing() {
    check(
        &["position 1440.1+", "position 1500.1", "position 1440+"],
        &[Command::Step(Direction::Forward, Unit::Cue), Command::Seek(Direction::Forward, Millis(1_440_000))],
    );
}

#[test]
fn a_slider_is_a_volume_never_louder_than_the_track() {
    let to = |level| Command::Volume(VolumeChange::To(Volume::new(Decibels(level))));
    check(&["volume 1", "volume 0", "volume 7"], &[to(0.0), to(-60.0), to(0.0)]);
}

#[test]
fn a_slider_stays_where_it_was_moved() {
    let Some(bus) = Bus::start() else { return };
    let Some(follow) = bus.follow("{{volume}}") else { return };
    let (mpris, commands) = bus.appear();
    let playing = status(PlayState::Playing, Millis::from_secs(60));
    mpris.show(&playing);
    follow.until("1.0");
    bus.playerctl("volume 0.5");
    follow.until("0.5");
    assert_eq!(bus.playerctl("volume"), "0.500000");
    let Ok(Command::Volume(VolumeChange::To(volume))) = commands.recv_timeout(LIMIT) else { panic!() };
    let Decibels(level) = volume.decibels();
    assert!((level + 18.06).abs() < 0.01, "half of a slider is -18 dB, not {level}");
    mpris.show(&Status { volume, ..playing.clone() });
    assert_eq!(bus.playerctl("volume"), "0.500000");
    mpris.show(&Status { volume: Volume::new(Decibels(-60.0)), ..playing });
    follow.until("0.0");
}

#[test]
fn a_stale_track_moves_nothing() {
    let Some(bus) = Bus::start() else { return };
    let Some(follow) = bus.follow("{{status}}") else { return };
    let (mpris, commands) = bus.appear();
    mpris.show(&status(PlayState::Paused, Millis::from_secs(60)));
    follow.until("Paused");
    for track in ["/org/mpris/MediaPlayer2/TrackList/NoTrack", "/org/nidra/session"] {
        let method = "org.mpris.MediaPlayer2.Player.SetPosition";
        bus.says("gdbus", &["call", "-e", "-d", NAME, "-o", PATH, "-m", method, track, "5000000"]);
    }
    assert_eq!(commands.recv_timeout(LIMIT), Ok(Command::SeekTo(Millis(5000))));
    assert_eq!(commands.try_recv(), Err(TryRecvError::Empty));
}
