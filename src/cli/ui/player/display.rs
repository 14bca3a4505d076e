//! A session as it is seen: a line of a terminal that changes, or a sentence an event.
//!
//! Runs where it holds nothing up: the player puts news into a channel without an end, and of what piled up only the
//! newest is drawn.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "it draws so many times a second of real time"
)]

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::line::line;
use super::sentences::{clock_up, left, length, sentence};
use super::terminal::{Line, Terminal, width};
use super::wait::Waiting;
use crate::cli::clock::WallClock;
use crate::playback::control::{PlayState, PlaybackEvent, Status, Update};

/// From one drawing to the next: calm, and a second is never skipped.
const REDRAW_INTERVAL: Duration = Duration::from_millis(250);

/// Amount of news that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// One line that changes, and above it what the line does not tell.
    Line,
    /// A sentence an event, each a line of its own, without any order to a terminal.
    Plain,
    /// Mistakes only.
    Quiet,
}

impl Style {
    /// Returns the style that fits the output, unless one was asked for.
    pub(crate) fn new(is_quiet: bool, is_plain: bool, on_terminal: bool) -> Self {
        match (is_quiet, is_plain || !on_terminal) {
            (true, _) => Self::Quiet,
            (false, true) => Self::Plain,
            (false, false) => Self::Line,
        }
    }

    /// Returns [`Line::Shown`] if there is a line.
    pub(crate) fn line(self) -> Line {
        if self == Self::Line { Line::Shown } else { Line::None }
    }
}

/// Shows news.
pub(crate) struct Display {
    terminal: Arc<Terminal>,
    announcer: Announcer,
    is_wait_told: bool,
}

impl Display {
    /// On this terminal. Dropped, it gives the terminal back.
    pub(crate) fn new(terminal: Arc<Terminal>, style: Style) -> Self {
        let announcer = Announcer { style, clock: WallClock::here(), status: None, held: Vec::new() };
        Self { terminal, announcer, is_wait_told: false }
    }

    /// Shows all news until there will be no more; `pass_on` gets each, too.
    pub(crate) fn run(&mut self, news: &Receiver<Update>, pass_on: &mut dyn FnMut(&Update)) {
        let mut drawn: Option<Instant> = None;
        let mut is_stale = false;
        loop {
            let wait = drawn.map_or(Duration::ZERO, |at| REDRAW_INTERVAL.saturating_sub(at.elapsed()));
            let next = match is_stale {
                true => news.recv_timeout(wait),
                false => news.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            let is_due = match next {
                Ok(next) => {
                    pass_on(&next);
                    let is_event = matches!(next, Update::Event(_));
                    let sentences = self.announcer.take(next);
                    self.say_all(&sentences);
                    is_event
                }
                Err(RecvTimeoutError::Timeout) => true,
                Err(RecvTimeoutError::Disconnected) => {
                    let rest = self.announcer.flush();
                    return self.say_all(&rest);
                }
            };
            is_stale = !is_due;
            if is_due {
                self.draw();
                drawn = Some(Instant::now());
            }
        }
    }

    /// Shows how long it is until the session begins, at the time of day `begins`.
    pub(crate) fn waiting(&mut self, waiting: Waiting, begins: &str) {
        match waiting {
            Waiting::Left(left) if self.announcer.style == Style::Line => {
                self.terminal.show(format!("Begins at {begins}, in {}", clock_up(left)));
            }
            Waiting::Left(_) if self.is_wait_told => {}
            Waiting::Left(left) | Waiting::Where(left) => {
                self.is_wait_told = true;
                self.say(&format!("It begins at {begins}, in {}.", length(left)));
            }
            Waiting::Keys => super::keys::help().lines().for_each(|line| self.say(line)),
        }
    }

    /// Says a sentence, unless quiet was asked for.
    pub(crate) fn say(&self, sentence: &str) {
        if self.announcer.style != Style::Quiet {
            self.terminal.say(sentence);
        }
    }

    fn say_all(&self, sentences: &[String]) {
        sentences.iter().for_each(|sentence| self.terminal.say(sentence));
    }

    fn draw(&self) {
        if let Some(status) = &self.announcer.status {
            self.terminal.note_paused(status.state != PlayState::Playing);
            // The last column stays free: some terminals go on to the next line when it is written.
            self.terminal.show(line(status, width().saturating_sub(1)));
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.terminal.close();
    }
}

/// The last status, and the events that wait for the next one to be announcer.
struct Announcer {
    style: Style,
    clock: WallClock,
    status: Option<Status>,
    held: Vec<PlaybackEvent>,
}

impl Announcer {
    /// Returns the sentences to be announcer now. A sentence that needs the status, and all after it, waits for the next
    /// one, because the one before may be from before a command.
    fn take(&mut self, news: Update) -> Vec<String> {
        match news {
            Update::Status(status) => {
                self.status = Some(status);
                self.flush()
            }
            Update::ResumePoint(_) => Vec::new(),
            Update::Event(event) => {
                self.held.push(event);
                let needs = |event: &PlaybackEvent| {
                    use PlaybackEvent::{Chapter, Paused, StillPaused, Volume};
                    matches!(event, Chapter { .. } | Paused | StillPaused | Volume)
                };
                if self.held.iter().any(needs) { Vec::new() } else { self.flush() }
            }
        }
    }

    /// All that waits.
    fn flush(&mut self) -> Vec<String> {
        let held = std::mem::take(&mut self.held);
        let texts = held.iter().filter_map(|event| Some((event, self.text(event)?)));
        texts
            .flat_map(|(event, text)| match event {
                PlaybackEvent::Keys => text.lines().map(str::to_owned).collect(),
                _ => vec![text],
            })
            .collect()
    }

    fn text(&self, event: &PlaybackEvent) -> Option<String> {
        let is_told = match self.style {
            Style::Plain => true,
            Style::Quiet => is_trouble(event),
            // The line shows these.
            Style::Line => !matches!(
                event,
                PlaybackEvent::Paused
                    | PlaybackEvent::Resumed(_)
                    | PlaybackEvent::Moved(_)
                    | PlaybackEvent::Volume
            ),
        };
        let text = sentence(event, self.status.as_ref(), &self.clock).filter(|_| is_told)?;
        match (event, &self.status) {
            (PlaybackEvent::Chapter { .. }, Some(status)) if self.style == Style::Plain => {
                Some(format!("{text} {}", left(status)))
            }
            _ => Some(text),
        }
    }
}

/// True if something is not as it should be.
fn is_trouble(event: &PlaybackEvent) -> bool {
    use PlaybackEvent::{DeviceGone, LeftOut, MuchLonger, NotRecorded, OutOfReach, Refused, Underruns};
    matches!(
        event,
        Refused(_)
            | OutOfReach { .. }
            | MuchLonger { .. }
            | NotRecorded(_)
            | LeftOut(_)
            | DeviceGone
            | Underruns(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playback::control::{Heard, Volume};
    use crate::units::{Decibels, Millis};

    fn status(at: u64) -> Update {
        Update::Status(Status {
            state: PlayState::Playing,
            at: Millis(at),
            length: Millis(600_000),
            chapter: 0,
            chapters: 1,
            title: "Rest".to_owned(),
            heard: Heard::Rest { left: Millis(1) },
            volume: Volume::new(Decibels(-3.0)),
        })
    }

    fn chapter() -> Update {
        Update::Event(PlaybackEvent::Chapter { number: 1, title: "Rest".to_owned(), length: Millis(600_000) })
    }

    #[track_caller]
    fn check(style: Style, news: Vec<Update>, expected: &[&str]) {
        let mut announcer = Announcer { style, clock: WallClock::utc(), status: None, held: Vec::new() };
        let mut sentences: Vec<String> = news.into_iter().flat_map(|news| announcer.take(news)).collect();
        sentences.extend(announcer.flush());
        assert_eq!(sentences, expected);
    }

    #[test]
    fn plain_says_every_event_and_what_is_left_at_a_chapter() {
        let events = vec![
            status(0),
            chapter(),
            Update::Event(PlaybackEvent::NothingFurther),
            status(60_000),
            Update::Event(PlaybackEvent::Volume),
            status(61_000),
            Update::Event(PlaybackEvent::Paused),
        ];
        let expected = [
            "Rest: 10 minutes. 9 minutes left.",
            "Nothing comes after this.",
            "Volume -3 dB.",
            "Paused at 1:01.",
        ];
        check(Style::Plain, events, &expected);
    }

    #[test]
    fn above_the_line_is_what_the_line_does_not_tell() {
        let shown = vec![
            status(0),
            Update::Event(PlaybackEvent::Paused),
            Update::Event(PlaybackEvent::Volume),
            status(0),
        ];
        check(Style::Line, shown, &[]);
        check(
            Style::Line,
            vec![chapter(), Update::Event(PlaybackEvent::DeviceGone)],
            &["Rest: 10 minutes.", "The audio device went away. It goes on when there is one."],
        );
    }

    #[test]
    fn quiet_tells_of_trouble_only() {
        let why = "There is no rest left.";
        check(
            Style::Quiet,
            vec![chapter(), Update::Event(PlaybackEvent::Refused(why.to_owned())), status(0)],
            &[why],
        );
    }

    #[test]
    fn the_style_is_what_was_asked_for_or_what_fits() {
        assert_eq!(Style::new(false, false, true), Style::Line);
        assert_eq!(Style::new(false, true, true), Style::Plain);
        assert_eq!(Style::new(false, false, false), Style::Plain);
        assert_eq!(Style::new(true, false, true), Style::Quiet);
    }

    #[test]
    fn all_news_are_passed_on_and_shown_to_the_end() {
        use super::super::terminal::Keys;
        let (sender, news) = std::sync::mpsc::channel();
        (0..1000).for_each(|at| sender.send(status(at)).unwrap());
        drop(sender);
        let terminal = Arc::new(Terminal::open(Keys::NotRead, Line::None));
        let mut display = Display::new(terminal, Style::Quiet);
        let mut passed = 0;
        display.run(&news, &mut |_| passed += 1);
        assert_eq!(passed, 1000);
        assert!(matches!(&display.announcer.status, Some(status) if status.at == Millis(999)));
    }
}
