//! Commands as lines of text, from a pipe or another program.
//!
//! A line that is not understood is answered with a sentence; the end of the lines is not the end of playing,
//! because a service has `/dev/null` there.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::Sender;
use std::thread;

use super::keys::{KeyAction, action_of};
use crate::cli::args::parse_volume;
use crate::cli::clock::{TimeOfDay, WallClock};
use crate::cli::ui::diagnostics::say;
use crate::diag::did_you_mean;
use crate::playback::control::{Command, Direction, Unit, VolumeChange, WallTime};
use crate::script::parse_time;

/// No command is longer. Whatever sends more sends no commands, and must not fill the memory.
const MAX_BYTES_OF_A_LINE: u64 = 200;

/// Lines that are the same every time.
const WHOLE: &[(&str, Command)] = &[
    ("pause", Command::Pause),
    ("resume", Command::Resume),
    ("next", Command::Step(Direction::Forward, Unit::Cue)),
    ("back", Command::Step(Direction::Back, Unit::Cue)),
    ("next section", Command::Step(Direction::Forward, Unit::Section)),
    ("back section", Command::Step(Direction::Back, Unit::Section)),
    ("louder", Command::Volume(VolumeChange::Louder)),
    ("softer", Command::Volume(VolumeChange::Softer)),
    ("more", Command::MoreRest),
    ("undo", Command::TakeBack),
    ("where", Command::Where),
    ("keys", Command::Keys),
    ("quit", Command::Quit),
];

/// Lines that end in a value, as in this example.
const WITH_VALUE: &[(&str, &str)] = &[
    ("forward", "forward 10s"),
    ("back", "back 10s"),
    ("seek", "seek 2:30"),
    ("volume", "volume -6dB"),
    ("end", "end 07:30"),
];

/// When it is, and what was asked for at the start.
#[derive(Clone, Debug)]
pub(crate) struct Times {
    /// The clock on the wall.
    pub(crate) clock: WallClock,
    /// The time at which to end, if one was given.
    pub(crate) end_at: Option<TimeOfDay>,
}

/// Sends the commands of these lines until there are no more, or the player takes no more.
pub(crate) fn listen(lines: impl Read + Send + 'static, commands: Sender<Command>, times: Times) {
    let read = move || {
        let mut lines = BufReader::new(lines);
        let mut line = Vec::new();
        while let Ok(1..) = lines.by_ref().take(MAX_BYTES_OF_A_LINE).read_until(b'\n', &mut line) {
            if line.len() as u64 == MAX_BYTES_OF_A_LINE && !line.ends_with(b"\n") {
                say("This is no line of a command, so no more commands are read.");
                return;
            }
            match command(&String::from_utf8_lossy(&line), &times, WallClock::now()) {
                Ok(None) => {}
                Ok(Some(command)) => {
                    if commands.send(command).is_err() {
                        return;
                    }
                }
                Err(sentence) => say(&sentence),
            }
            line.clear();
        }
    };
    // Without a thread nothing is heard of the lines, and the session plays.
    let _ = thread::Builder::new().name("lines".to_owned()).spawn(read);
}

/// The command of a line, none if it is empty.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub(crate) fn command(line: &str, times: &Times, now: WallTime) -> Result<Option<Command>, String> {
    let line = line.trim_end_matches(['\n', '\r']);
    let mut letters = line.chars();
    if let (Some(letter), None) = (letters.next(), letters.next())
        && let Some(act) = action_of(letter)
    {
        return match act {
            KeyAction::Do(command) => Ok(Some(command)),
            KeyAction::EndOnTime => end("", times, now).map(Some),
            // No character is that, and a pipe has no terminal to give back.
            KeyAction::Suspend => Ok(Some(Command::Pause)),
        };
    }
    let words: Vec<String> = line.split_whitespace().map(str::to_lowercase).collect();
    let line = words.join(" ");
    if line.is_empty() {
        return Ok(None);
    }
    if let Some((_, command)) = WHOLE.iter().find(|(known, _)| *known == line) {
        return Ok(Some(*command));
    }
    let (word, value) = line.split_once(' ').unwrap_or((&line, ""));
    let seek = |direction| length(&line, value).map(|length| Command::Seek(direction, length));
    let command = match word {
        "forward" => seek(Direction::Forward),
        "back" => seek(Direction::Back),
        "seek" => length(&line, value).map(Command::SeekTo),
        "volume" => volume(&line, value),
        "end" => end(value, times, now),
        _ => Err(unknown(&line)),
    };
    command.map(Some)
}

fn length(line: &str, value: &str) -> Result<crate::units::Millis, String> {
    parse_time(value).map_err(|why| format!("`{}`: {why}.", shown(line)))
}

fn volume(line: &str, value: &str) -> Result<Command, String> {
    let volume = parse_volume(value).map_err(|why| format!("`{}`: {why}.", shown(line)))?;
    Ok(Command::Volume(VolumeChange::To(volume)))
}

fn end(value: &str, times: &Times, now: WallTime) -> Result<Command, String> {
    let time = match (value, times.end_at) {
        ("", Some(asked)) => asked,
        ("", None) => return Err("Say when to end, as in `end 07:30`.".to_owned()),
        _ => TimeOfDay::parse(value).map_err(|why| format!("{why}."))?,
    };
    Ok(Command::EndAt(times.clock.next(time, now)))
}

fn unknown(line: &str) -> String {
    let shown = shown(line);
    let known = WHOLE.iter().map(|(known, _)| *known).chain(WITH_VALUE.iter().map(|(_, example)| *example));
    let word = shown.split(' ').next().unwrap_or_default();
    let first = WITH_VALUE.iter().find_map(|(known, example)| {
        did_you_mean(word, [*known]).map(|_| format!("did you mean a line as in `{example}`?"))
    });
    match did_you_mean(&shown, known).or(first) {
        Some(hint) => format!("`{shown}` is no command; {hint}"),
        None => format!("`{shown}` is no command; `keys` lists what can be asked for."),
    }
}

/// As much of a line as is worth repeating.
fn shown(line: &str) -> String {
    let clean = line.chars().filter(|letter| !letter.is_control());
    clean.take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playback::control::Volume;
    use crate::units::{Decibels, Millis};

    fn times(end_at: Option<&str>) -> Times {
        let end_at = end_at.map(|typed| TimeOfDay::parse(typed).unwrap());
        Times { clock: WallClock::utc(), end_at }
    }

    /// Midnight of a day, in a zone where that is a number of days.
    const NOW: WallTime = WallTime(Millis(86_400_000 * 20_000));

    fn at(hour: u64, minute: u64) -> Command {
        Command::EndAt(WallTime(NOW.0 + Millis::from_secs(hour * 3600 + minute * 60)))
    }

    #[track_caller]
    fn check(line: &str, expected: Command) {
        assert_eq!(command(line, &times(None), NOW), Ok(Some(expected)), "{line:?}");
    }

    #[track_caller]
    fn check_refused(line: &str, sentence: &str) {
        assert_eq!(command(line, &times(None), NOW), Err(sentence.to_owned()), "{line:?}");
    }

    #[test]
    fn every_line_is_understood() {
        use Direction::{Back, Forward};
        check("pause\n", Command::Pause);
        check("  RESUME\r\n", Command::Resume);
        check("next", Command::Step(Forward, Unit::Cue));
        check("back", Command::Step(Back, Unit::Cue));
        check("next  section", Command::Step(Forward, Unit::Section));
        check("back section", Command::Step(Back, Unit::Section));
        check("forward 10s", Command::Seek(Forward, Millis(10_000)));
        check("back 1m 30s", Command::Seek(Back, Millis(90_000)));
        check("seek 2:30", Command::SeekTo(Millis(150_000)));
        check("louder", Command::Volume(VolumeChange::Louder));
        check("softer", Command::Volume(VolumeChange::Softer));
        check("volume -6dB", Command::Volume(VolumeChange::To(Volume::new(Decibels(-6.0)))));
        check("volume 0 dB", Command::Volume(VolumeChange::To(Volume::FULL)));
        check("more", Command::MoreRest);
        check("undo", Command::TakeBack);
        check("end 07:30", at(7, 30));
        check("end 7:30 pm", at(19, 30));
        check("where", Command::Where);
        check("keys", Command::Keys);
        check("quit", Command::Quit);
        for (example, _) in WHOLE {
            assert!(command(example, &times(None), NOW).is_ok(), "{example}");
        }
        for (_, example) in WITH_VALUE {
            assert!(command(example, &times(None), NOW).is_ok(), "{example}");
        }
    }

    #[test]
    fn the_characters_of_the_keys_are_lines_too() {
        check(" \n", Command::PauseOrResume);
        check("n", Command::Step(Direction::Forward, Unit::Cue));
        check("N\n", Command::Step(Direction::Forward, Unit::Section));
        check("?", Command::Keys);
        check("u", Command::TakeBack);
        check("q\r\n", Command::Quit);
        assert_eq!(command("e", &times(Some("6:30")), NOW), Ok(Some(at(6, 30))));
        check_refused("e", "Say when to end, as in `end 07:30`.");
    }

    #[test]
    fn the_end_that_was_asked_for_at_the_start_is_meant_where_none_is_said() {
        assert_eq!(command("end", &times(Some("6:30")), NOW), Ok(Some(at(6, 30))));
        assert_eq!(command("end 7:30", &times(Some("6:30")), NOW), Ok(Some(at(7, 30))));
        check_refused("end", "Say when to end, as in `end 07:30`.");
    }

    #[test]
    fn what_is_not_understood_is_answered_with_a_sentence() {
        assert_eq!(command("\n", &times(None), NOW), Ok(None));
        assert_eq!(command("   \n", &times(None), NOW), Ok(None));
        check_refused("pasue", "`pasue` is no command; did you mean `pause`?");
        check_refused("nxt section", "`nxt section` is no command; did you mean `next section`?");
        check_refused("foward 30s", "`foward 30s` is no command; did you mean `forward 10s`?");
        check_refused("sek 17:30", "`sek 17:30` is no command; did you mean `seek 2:30`?");
        check_refused(
            "sek 1h 17m 30s",
            "`sek 1h 17m 30s` is no command; did you mean a line as in `seek 2:30`?",
        );
        check_refused("hello", "`hello` is no command; `keys` lists what can be asked for.");
        check_refused("back 10", "`back 10`: `10` has no unit; write \"10s\" or \"10m\".");
        check_refused("volume 3dB", "`volume 3db`: write a volume from -60dB to 0dB, as in -6dB.");
        check_refused("volume nandB", "`volume nandb`: write a volume from -60dB to 0dB, as in -6dB.");
        check_refused("end noon", "`noon` is no time of day; write one as in 7:30, 19:30 or 7:30pm.");
        check_refused("\x1b[2J", "`[2j` is no command; `keys` lists what can be asked for.");
    }

    fn sent(text: String) -> Vec<Command> {
        let (sender, commands) = std::sync::mpsc::channel();
        listen(std::io::Cursor::new(text), sender, times(None));
        commands.iter().collect()
    }

    #[test]
    fn lines_are_sent_to_their_end_whatever_is_between_them() {
        assert_eq!(sent("pause\nnonsense\n\nresume".to_owned()), [Command::Pause, Command::Resume]);
        assert_eq!(sent(String::new()), []);
    }

    #[test]
    fn what_has_no_lines_is_not_read_to_its_end() {
        assert_eq!(sent(format!("pause\n{}\nresume\n", "\0".repeat(1_000_000))), [Command::Pause]);
    }
}
