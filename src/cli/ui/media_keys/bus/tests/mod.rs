//! The player as other programs meet it: `playerctl` presses its buttons, `gdbus` and `busctl` look at it, on a bus of
//! the test's own.
#![allow(clippy::disallowed_types, reason = "a test that waits for nothing has an end")]

mod buttons;
mod display;
mod presence;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command as Program, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use super::{Mpris, NAME, PATH, appear_at};
use crate::cli::ui::media_keys::SessionInfo;
use crate::playback::control::{Command, Heard, PlayState, Status, Volume};
use crate::units::Millis;

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
            crate::judges::missing(&name);
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
        let address = format!("--address=unix:tmpdir={}", std::env::temp_dir().display());
        daemon.args(["--session", "--nofork", "--print-address=1", &address]);
        let daemon = Running::start(daemon)?;
        let address = daemon.until("unix:");
        Some(Self { daemon, address })
    }

    fn appear(&self) -> (Mpris, Receiver<Command>) {
        let (send, commands) = mpsc::channel();
        let session =
            SessionInfo { title: "Legs Up the Wall".to_owned(), artist: Some("Ada".to_owned()), album: None };
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
