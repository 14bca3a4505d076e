//! News of a session, as sentences: for a terminal above its line, for a screen reader, a pipe, a log.

use super::keys;
use crate::cli::clock::WallClock;
use crate::playback::control::{End, PlaybackEvent, Status, Volume, WallTime};
use crate::text::visible;
use crate::units::{Decibels, Millis};

/// No line is longer, so that a screen reader can be followed and a log be read.
const MAX_CHARS: usize = 199;

/// The key to press when it waits.
const GOES_ON: &str = "space goes on";

/// The sentence of an event, by this clock; `status` is the newest one that is known.
pub(crate) fn sentence(event: &PlaybackEvent, status: Option<&Status>, on: &WallClock) -> Option<String> {
    let said = match event {
        PlaybackEvent::Opened { device, rate } => {
            format!("Playing on {device}, {} kHz.", f64::from(rate.hz()) / 1000.0)
        }
        PlaybackEvent::Listening(long) => {
            format!("Measuring the loudness of {} of recordings, first time only.", length(*long))
        }
        PlaybackEvent::Listened => "Their loudness is measured.".to_owned(),
        PlaybackEvent::Chapter { title, length: how_long, .. } if title.is_empty() => {
            format!("A section of {}.", length(*how_long))
        }
        PlaybackEvent::Chapter { title, length: how_long, .. } => format!("{title}: {}.", length(*how_long)),
        PlaybackEvent::Paused => match status {
            Some(status) => format!("Paused at {}.", status.at.clock()),
            None => "Paused.".to_owned(),
        },
        PlaybackEvent::Resumed(at) => format!("Going on at {}.", at.clock()),
        PlaybackEvent::Moved(at) => format!("Now at {}.", at.clock()),
        PlaybackEvent::NothingFurther => "Nothing comes after this.".to_owned(),
        PlaybackEvent::Volume => volume(status?.volume),
        PlaybackEvent::StillPaused => match status {
            Some(status) => format!("It is paused at {}; {GOES_ON}.", status.at.clock()),
            None => format!("It is paused; {GOES_ON}."),
        },
        PlaybackEvent::RestLonger(end) => format!("One more minute of rest. {}", ends(*end, on)),
        PlaybackEvent::Ends(end) => ends(*end, on),
        PlaybackEvent::TakenBack(end) => format!("The last change is taken back. {}", ends(*end, on)),
        PlaybackEvent::MuchLonger { length: how_long, end } => format!(
            "To end at {} would make it {} long; type it again to mean it.",
            on.show(*end),
            length(*how_long)
        ),
        PlaybackEvent::OutOfReach { wanted, earliest, latest } => {
            match just_missed(*wanted, *earliest, *latest) {
                Some(by) => format!("It cannot end at {} any more, but {by}.", on.show(*wanted)),
                None => format!("It cannot end at {}. {}", on.show(*wanted), reach(*earliest, *latest, on)),
            }
        }
        PlaybackEvent::Refused(why) => why.clone(),
        PlaybackEvent::Where(left) => left.clone(),
        PlaybackEvent::Keys => return Some(keys::help()),
        PlaybackEvent::NotRecorded(line) => {
            format!("The voice has no recording of \"{line}\", so it was not spoken.")
        }
        PlaybackEvent::LeftOut(why) => format!("It goes on without a sound: {why}."),
        PlaybackEvent::DeviceGone => "The audio device went away. It goes on when there is one.".to_owned(),
        PlaybackEvent::Slept(long) => {
            format!("The machine slept for {}. It is paused; {GOES_ON}.", length(*long))
        }
        PlaybackEvent::Stopped(long) => {
            format!("It was stopped for {}. It is paused; {GOES_ON}.", length(*long))
        }
        PlaybackEvent::Underruns(1) => "The sound was interrupted once: the machine is too busy.".to_owned(),
        PlaybackEvent::Underruns(times) => {
            format!("The sound was interrupted {times} times: the machine is too busy.")
        }
        PlaybackEvent::BedGoesOn => "The session is over. Its bed goes on.".to_owned(),
    };
    Some(short(&said))
}

/// When it ends.
fn ends(End { at, left }: End, on: &WallClock) -> String {
    match at {
        Some(at) => format!("It ends at {}, in {}.", on.show(at), length(left)),
        None => format!("{} left.", length(left)),
    }
}

/// By how much an end is out of reach, if that is less than the minute that a clock shows.
fn just_missed(wanted: WallTime, earliest: WallTime, latest: WallTime) -> Option<String> {
    const MINUTE: Millis = Millis(60_000);
    let by = |from: WallTime, to: WallTime| Millis(to.0.0.saturating_sub(from.0.0));
    match (by(wanted, earliest), by(latest, wanted)) {
        (later, _) if later > Millis::ZERO && later < MINUTE => Some(format!("{} later", length(later))),
        (_, sooner) if sooner > Millis::ZERO && sooner < MINUTE => Some(format!("{} sooner", length(sooner))),
        _ => None,
    }
}

/// When the session can end: whole minutes, because those can be typed.
fn reach(earliest: WallTime, latest: WallTime, on: &WallClock) -> String {
    const MINUTE: u64 = 60_000;
    const HALF_A_DAY: u64 = 12 * 60 * MINUTE;
    let (WallTime(Millis(least)), WallTime(Millis(most))) = (earliest, latest);
    let first = WallTime(Millis(least.div_ceil(MINUTE) * MINUTE));
    match (on.show(first), on.show(latest)) {
        _ if first > latest => format!("The session ends at {}, give or take seconds.", on.show(latest)),
        // A clock shows every time of a day, so the second one would say nothing.
        (first, _) if most - least >= HALF_A_DAY => format!("The session can end at {first} or later."),
        (first, last) if first == last => format!("The session can end at {first}."),
        (first, last) => format!("The session can end between {first} and {last}."),
    }
}

/// Returns a sentence on the time left of the track.
pub(crate) fn left(status: &Status) -> String {
    format!("{} left.", length(status.left()))
}

/// Returns a sentence on the volume.
pub(crate) fn volume(volume: Volume) -> String {
    match volume.gain().0 {
        0.0 => "Silent.".to_owned(),
        1.0 => "Full volume.".to_owned(),
        _ => format!("Volume {}.", level(volume)),
    }
}

/// In decibels, to a tenth: the slider of a desktop knows no round ones.
pub(crate) fn level(volume: Volume) -> String {
    let Decibels(level) = volume.decibels();
    format!("{} dB", (level * 10.0).round() / 10.0)
}

/// A length of time as people say it, to the second: `10 minutes`, `1 hour 5 minutes`, `1 minute 30 seconds`. From an
/// hour on it is whole minutes.
pub(crate) fn length(time: Millis) -> String {
    let seconds = (time.0 + 500) / 1000;
    let seconds = if seconds >= 3600 { (seconds + 30) / 60 * 60 } else { seconds };
    let units = [(seconds / 3600, "hour"), (seconds / 60 % 60, "minute"), (seconds % 60, "second")];
    let parts: Vec<String> = units
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") })
        .collect();
    if parts.is_empty() { "0 seconds".to_owned() } else { parts.join(" ") }
}

/// Returns the time left, as on a player. Nothing is left only at the end, so begun seconds count.
pub(crate) fn clock_up(time: Millis) -> String {
    Millis(time.0.div_ceil(1000) * 1000).clock()
}

/// A sentence on one line that is not too long.
pub(crate) fn short(text: &str) -> String {
    let text = visible(text);
    match text.char_indices().nth(MAX_CHARS) {
        None => text,
        Some(_) => text.chars().take(MAX_CHARS - 3).collect::<String>() + "...",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playback::control::{Heard, PlayState};
    use crate::units::SampleRate;

    fn status() -> Status {
        Status {
            state: PlayState::Playing,
            at: Millis(250_900),
            length: Millis(1_500_000),
            chapter: 0,
            chapters: 1,
            title: "Rest".to_owned(),
            heard: Heard::Rest { left: Millis(1000) },
            volume: Volume::new(Decibels(-6.0)),
        }
    }

    /// A moment of a day.
    fn at(hour: u64, minute: u64, second: u64) -> WallTime {
        WallTime(Millis::from_secs((20_000 * 24 + hour) * 3600 + minute * 60 + second))
    }

    #[track_caller]
    fn check(event: PlaybackEvent, expected: &str) {
        assert_eq!(sentence(&event, Some(&status()), &WallClock::utc()).as_deref(), Some(expected));
    }

    #[test]
    fn every_event_is_a_sentence() {
        let rate = SampleRate::new(44_100).unwrap();
        check(
            PlaybackEvent::Opened { device: "Speakers".to_owned(), rate },
            "Playing on Speakers, 44.1 kHz.",
        );
        let first = "Measuring the loudness of 1 hour of recordings, first time only.";
        check(PlaybackEvent::Listening(Millis::from_secs(3600)), first);
        check(PlaybackEvent::Listened, "Their loudness is measured.");
        let chapter = |title: &str, seconds| PlaybackEvent::Chapter {
            number: 2,
            title: title.to_owned(),
            length: Millis::from_secs(seconds),
        };
        check(chapter("Rest", 600), "Rest: 10 minutes.");
        check(chapter("", 90), "A section of 1 minute 30 seconds.");
        check(PlaybackEvent::Paused, "Paused at 4:10.");
        check(PlaybackEvent::Resumed(Millis(248_000)), "Going on at 4:08.");
        check(PlaybackEvent::Moved(Millis::ZERO), "Now at 0:00.");
        check(PlaybackEvent::NothingFurther, "Nothing comes after this.");
        check(PlaybackEvent::Volume, "Volume -6 dB.");
        check(PlaybackEvent::StillPaused, "It is paused at 4:10; space goes on.");
        let end = |at, left| End { at, left: Millis(left) };
        let longer = PlaybackEvent::RestLonger(end(Some(at(20, 14, 59)), 1_309_100));
        check(longer, "One more minute of rest. It ends at 20:14, in 21 minutes 49 seconds.");
        let longer = PlaybackEvent::RestLonger(end(None, 1_309_100));
        check(longer, "One more minute of rest. 21 minutes 49 seconds left.");
        check(PlaybackEvent::Ends(end(Some(at(20, 14, 0)), 720_000)), "It ends at 20:14, in 12 minutes.");
        let back = PlaybackEvent::TakenBack(end(Some(at(20, 14, 0)), 720_000));
        check(back, "The last change is taken back. It ends at 20:14, in 12 minutes.");
        let longer = PlaybackEvent::MuchLonger { length: Millis(7_800_000), end: at(7, 30, 0) };
        check(longer, "To end at 7:30 would make it 2 hours 10 minutes long; type it again to mean it.");
        check(PlaybackEvent::Refused("There is no rest left.".to_owned()), "There is no rest left.");
        check(PlaybackEvent::Where("Four minutes left.".to_owned()), "Four minutes left.");
        check(PlaybackEvent::Keys, &keys::help());
        let line = "Four minutes left.".to_owned();
        let expected = "The voice has no recording of \"Four minutes left.\", so it was not spoken.";
        check(PlaybackEvent::NotRecorded(line), expected);
        let why = "there is no file `sounds/gong.wav`".to_owned();
        check(PlaybackEvent::LeftOut(why), "It goes on without a sound: there is no file `sounds/gong.wav`.");
        check(PlaybackEvent::DeviceGone, "The audio device went away. It goes on when there is one.");
        check(
            PlaybackEvent::Slept(Millis(3_900_000)),
            "The machine slept for 1 hour 5 minutes. It is paused; space goes on.",
        );
        check(
            PlaybackEvent::Stopped(Millis(61_000)),
            "It was stopped for 1 minute 1 second. It is paused; space goes on.",
        );
        check(PlaybackEvent::Underruns(1), "The sound was interrupted once: the machine is too busy.");
        check(PlaybackEvent::Underruns(3), "The sound was interrupted 3 times: the machine is too busy.");
        check(PlaybackEvent::BedGoesOn, "The session is over. Its bed goes on.");
    }

    #[test]
    fn the_reach_is_told_in_minutes_that_can_be_typed_and_are_granted() {
        let check = |earliest, latest, expected: &str| {
            let event = PlaybackEvent::OutOfReach { wanted: at(7, 30, 0), earliest, latest };
            super::super::sentences::tests::check(event, &format!("It cannot end at 7:30. {expected}"));
        };
        check(at(19, 41, 1), at(20, 10, 59), "The session can end between 19:42 and 20:10.");
        check(at(19, 42, 0), at(20, 10, 0), "The session can end between 19:42 and 20:10.");
        check(at(9, 25, 1), at(21, 25, 0), "The session can end between 9:26 and 21:25.");
        check(at(9, 25, 1), at(33, 17, 0), "The session can end at 9:26 or later.");
        check(at(19, 42, 1), at(19, 43, 30), "The session can end at 19:43.");
        check(at(19, 42, 1), at(19, 42, 50), "The session ends at 19:42, give or take seconds.");
    }

    #[test]
    fn before_anything_is_known_as_much_is_said_as_is_known() {
        let sentence = |event| sentence(&event, None, &WallClock::utc());
        assert_eq!(sentence(PlaybackEvent::Paused).as_deref(), Some("Paused."));
        assert_eq!(sentence(PlaybackEvent::StillPaused).as_deref(), Some("It is paused; space goes on."));
        assert_eq!(sentence(PlaybackEvent::Volume), None);
        assert_eq!(left(&status()), "20 minutes 49 seconds left.");
    }

    #[test]
    fn volumes_are_told_as_what_they_are() {
        assert_eq!(volume(Volume::FULL), "Full volume.");
        assert_eq!(volume(Volume::new(Decibels(-4.5))), "Volume -4.5 dB.");
        assert_eq!(volume(Volume::new(Decibels(-18.061_799_739_838_87))), "Volume -18.1 dB.");
        assert_eq!(volume(Volume::new(Decibels(-90.0))), "Silent.");
    }

    #[test]
    fn lengths_are_told_as_people_say_them() {
        let check = |ms, expected| assert_eq!(length(Millis(ms)), expected);
        check(0, "0 seconds");
        check(499, "0 seconds");
        check(1000, "1 second");
        check(59_600, "1 minute");
        check(61_000, "1 minute 1 second");
        check(3_599_600, "1 hour");
        check(3_661_000, "1 hour 1 minute");
        check(7_199_000, "2 hours");
        check(28_800_000, "8 hours");
    }

    #[test]
    fn instants_are_told_as_on_a_player() {
        assert_eq!(clock_up(Millis(1)), "0:01");
        assert_eq!(clock_up(Millis::ZERO), "0:00");
    }

    #[test]
    fn a_sentence_is_one_short_line_whatever_is_in_it() {
        check(PlaybackEvent::Refused("a\u{1b}[2J\r\n\tb\u{2028}c".to_owned()), r"a\u{1b}[2J\r\n\tb\u{2028}c");
        let long = sentence(&PlaybackEvent::Refused("é".repeat(500)), None, &WallClock::utc()).unwrap();
        assert_eq!((long.chars().count(), long.ends_with("é...")), (MAX_CHARS, true));
    }
}
