//! The player as other programs meet it: `playerctl` presses its buttons, `gdbus` and `busctl` look at it, on a bus of
//! the test's own.
#![allow(clippy::disallowed_types, reason = "a test that waits for nothing has an end")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command as Program, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use super::super::SessionInfo;
use super::{Mpris, NAME, PATH, appear_at};
use crate::player::{Command, Direction, Heard, PlayState, Status, Unit, Volume, VolumeChange};
use crate::units::{Decibels, Millis};

/// How long a test waits for what never comes, on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// A program that is ended with the test, and its lines.
struct Running {
    program: Child,
    lines: Receiver<String>,
}

impl Running {
    /// `None` where there is no such program.
    fn start(mut command: Program) -> Option<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let Ok(mut program) = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn() else {
            eprintln!("skipped: {name} is not installed");
            return None;
        };
        let read = BufReader::new(program.stdout.take().unwrap());
        let (send, lines) = mpsc::channel();
        thread::spawn(move || read.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Some(Self { program, lines })
    }

    /// The next line with that in it.
    #[track_caller]
    fn until(&self, wanted: &str) -> String {
        let mut seen = Vec::new();
        loop {
            match self.lines.recv_timeout(LIMIT) {
                Ok(line) if line.contains(wanted) => return line,
                Ok(line) => seen.push(line),
                Err(error) => panic!("no `{wanted}` ({error}) in {seen:#?}"),
            }
        }
    }

    fn end(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// A bus, and a session on it.
struct Bus {
    daemon: Running,
    address: String,
}

impl Bus {
    fn start() -> Option<Self> {
        let mut daemon = Program::new("dbus-daemon");
        daemon.args(["--session", "--nofork", "--print-address=1", "--address=unix:tmpdir=/tmp"]);
        let daemon = Running::start(daemon)?;
        let address = daemon.until("unix:");
        Some(Self { daemon, address })
    }

    fn appear(&self) -> (Mpris, Receiver<Command>) {
        let (send, commands) = mpsc::channel();
        let session = SessionInfo {
            title: "Legs Up the Wall".to_owned(),
            artist: Some("Ada".to_owned()),
            album: None,
            art_url: Some("file:///legs.jpg".to_owned()),
        };
        (appear_at(self.address.parse().unwrap(), session, send).unwrap(), commands)
    }

    fn program(&self, name: &str, arguments: &[&str]) -> Program {
        let mut program = Program::new(name);
        program.args(arguments).env("DBUS_SESSION_BUS_ADDRESS", &self.address).env("LC_ALL", "C");
        program
    }

    /// What a program says to standard output, when it is done well.
    #[track_caller]
    fn says(&self, name: &str, arguments: &[&str]) -> String {
        let said = self.program(name, arguments).output().unwrap();
        assert!(said.status.success(), "{name} {arguments:?}: {}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8(said.stdout).unwrap().trim_end().to_owned()
    }

    #[track_caller]
    fn playerctl(&self, arguments: &str) -> String {
        let words: Vec<&str> = arguments.split(' ').collect();
        self.says("playerctl", &[&["--player=nidra"], words.as_slice()].concat())
    }

    /// What `playerctl` tells of a property whenever it changes, from the moment on at which there is a player.
    fn follow(&self, format: &str) -> Option<Running> {
        let arguments = ["--player=nidra", "--follow", "metadata", "--format", format];
        Running::start(self.program("playerctl", &arguments))
    }

    /// All signals of the player. The monitor says that it listens before it does, so the session moves to and fro
    /// until it is heard, and ends at a minute.
    fn signals(&self, mpris: &Mpris) -> Option<Running> {
        let arguments = ["monitor", "--session", "--dest", NAME, "--object-path", PATH];
        let signals = Running::start(self.program("gdbus", &arguments))?;
        signals.until("is owned by");
        for at in [10, 20].into_iter().cycle() {
            mpris.show(&status(PlayState::Paused, Millis::from_secs(at)));
            if signals.lines.recv_timeout(Duration::from_millis(50)).is_ok() {
                break;
            }
        }
        mpris.show(&status(PlayState::Paused, Millis::from_secs(60)));
        signals.until("Seeked (int64 60000000,)");
        Some(signals)
    }
}

fn status(state: PlayState, at: Millis) -> Status {
    Status {
        state,
        at,
        length: Millis::from_secs(1500),
        chapter: 1,
        chapters: 3,
        title: "Rest".to_owned(),
        heard: Heard::Rest { left: Millis::from_secs(60) },
        volume: Volume::FULL,
    }
}

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
    assert_eq!(commands.try_recv(), Err(mpsc::TryRecvError::Empty), "nothing else arrives");
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
    assert_eq!(bus.playerctl("metadata mpris:artUrl"), "file:///legs.jpg");
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
    let (mpris, _commands) = bus.appear();
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
    mpris.show(&status(PlayState::Playing, Millis::from_secs(57)));
    let told = next();
    assert!(told.ends_with("{'PlaybackStatus': <'Playing'>}, @as [])"), "{told}");
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
    assert_eq!(commands.try_recv(), Err(mpsc::TryRecvError::Empty));
}

#[test]
fn the_objects_are_those_of_the_specification() {
    let Some(bus) = Bus::start() else { return };
    let Some(follow) = bus.follow("{{status}}") else { return };
    let (mpris, commands) = bus.appear();
    mpris.show(&status(PlayState::Paused, Millis::from_secs(60)));
    follow.until("Paused");
    if Program::new("busctl").arg("--version").output().is_err() {
        return eprintln!("skipped: busctl is not installed");
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
    assert_eq!(names, ["nidra".to_owned(), format!("nidra.instance{}", std::process::id())]);
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
    assert_eq!(commands.recv_timeout(LIMIT), Err(mpsc::RecvTimeoutError::Disconnected));
    mpris.show(&status(PlayState::Paused, Millis::ZERO));

    let Some(mut bus) = Bus::start() else { return };
    let Some(follow) = bus.follow("{{status}}") else { return };
    let (mpris, commands) = bus.appear();
    mpris.show(&status(PlayState::Playing, Millis::ZERO));
    follow.until("Playing");
    bus.daemon.end();
    mpris.show(&status(PlayState::Paused, Millis::ZERO));
    assert_eq!(commands.recv_timeout(LIMIT), Err(mpsc::RecvTimeoutError::Disconnected));
    mpris.show(&status(PlayState::Playing, Millis::ZERO));
}
