//! That there is a player, who it is, and that it goes.

use std::process::{self, Command as Program};
use std::sync::mpsc::{self, RecvTimeoutError};

use super::{Bus, LIMIT, NAME, PATH, Running, status};
use crate::cli::ui::media_keys::SessionInfo;
use crate::cli::ui::media_keys::bus::appear_at;
use crate::playback::control::{Command, PlayState};
use crate::units::Millis;

#[test]
fn the_objects_are_those_of_the_specification() {
    let Some(bus) = Bus::start() else { return };
    let Some(follow) = bus.follow("{{status}}") else { return };
    let (mpris, commands) = bus.appear();
    mpris.show(&status(PlayState::Paused, Millis::from_secs(60)));
    follow.until("Paused");
    if Program::new("busctl").arg("--version").output().is_err() {
        return crate::judges::missing("busctl");
    }
    let address = format!("--address={}", bus.address);
    let seen = bus.says("busctl", &[&address, "--no-pager", "introspect", NAME, PATH]);
    let rows: Vec<Vec<&str>> = seen.lines().map(|row| row.split_whitespace().collect()).collect();
    let has = |row: &[&str]| rows.iter().any(|seen| row.iter().all(|word| seen.contains(word)));
    for row in [
        [".Quit", "method", "-", "-"],
        [".Raise", "method", "-", "-"],
        [".CanQuit", "property", "b", "true"],
        [".CanRaise", "property", "b", "false"],
        [".HasTrackList", "property", "b", "false"],
        [".Identity", "property", "s", "\"nidra\""],
        [".SupportedUriSchemes", "property", "as", "0"],
        [".SupportedMimeTypes", "property", "as", "0"],
        [".Next", "method", "-", "-"],
        [".Seek", "method", "x", "-"],
        [".SetPosition", "method", "ox", "-"],
        [".OpenUri", "method", "s", "-"],
        [".Seeked", "signal", "x", "-"],
        [".PlaybackStatus", "property", "s", "emits-change"],
        [".Metadata", "property", "a{sv}", "emits-change"],
        [".Volume", "property", "d", "writable"],
        [".Rate", "property", "d", "writable"],
        [".Position", "property", "x", "60000000"],
        [".CanControl", "property", "b", "const"],
    ] {
        assert!(has(&row), "no {row:?} in\n{seen}");
    }
    for absent in [".DesktopEntry", ".Fullscreen", ".LoopStatus", ".Shuffle"] {
        assert!(!has(&[absent]), "{absent}");
    }
    bus.says("gdbus", &["call", "-e", "-d", NAME, "-o", PATH, "-m", "org.mpris.MediaPlayer2.Quit"]);
    assert_eq!(commands.recv_timeout(LIMIT), Ok(Command::Quit));
}

#[test]
fn two_players_have_two_names_and_leave_them() {
    let Some(bus) = Bus::start() else { return };
    let arguments = ["--all-players", "--follow", "metadata", "--format", "{{status}}"];
    let Some(follow) = Running::start(bus.program("playerctl", &arguments)) else { return };
    let (first, _first) = bus.appear();
    first.show(&status(PlayState::Paused, Millis::ZERO));
    follow.until("Paused");
    let (second, _second) = bus.appear();
    second.show(&status(PlayState::Playing, Millis::ZERO));
    follow.until("Playing");
    let mut names: Vec<String> = bus.playerctl("--list-all").lines().map(str::to_owned).collect();
    names.sort();
    assert_eq!(names, ["nidra".to_owned(), format!("nidra.instance{}", process::id())]);
    drop(second);
    // It follows whoever is left.
    follow.until("Paused");
    assert_eq!(bus.playerctl("--list-all"), "nidra");
}

#[test]
fn no_bus_and_a_bus_that_dies_are_silence() {
    let (send, commands) = mpsc::channel();
    let nowhere = "unix:path=/nonexistent/bus".parse().unwrap();
    let mpris = appear_at(nowhere, SessionInfo::default(), send).unwrap();
    mpris.show(&status(PlayState::Playing, Millis::ZERO));
    // Its thread is gone, and the sender with it.
    assert_eq!(commands.recv_timeout(LIMIT), Err(RecvTimeoutError::Disconnected));
    mpris.show(&status(PlayState::Paused, Millis::ZERO));

    let Some(mut bus) = Bus::start() else { return };
    let Some(follow) = bus.follow("{{status}}") else { return };
    let (mpris, commands) = bus.appear();
    mpris.show(&status(PlayState::Playing, Millis::ZERO));
    follow.until("Playing");
    bus.daemon.end();
    mpris.show(&status(PlayState::Paused, Millis::ZERO));
    assert_eq!(commands.recv_timeout(LIMIT), Err(RecvTimeoutError::Disconnected));
    mpris.show(&status(PlayState::Playing, Millis::ZERO));
}
