//! How loud a long recording is, told by stretches of it: no listener waits until an hour was heard.
//!
//! Must not know levels, or who asks.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use super::MISPLACED;
use crate::audio::Momentary;
use crate::library::decode::{Outline, Recording, clip_frames};
use crate::library::identity::Treatment;
use crate::library::open_file::OpenFile;
use crate::meter::momentary;
use crate::units::{Frames, Millis, SampleRate};

/// How stretches are spread over a recording, each in the middle of its share: at most so many, and each so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Spread {
    most: u64,
    each: Millis,
}

/// Beds are even, and lie under a voice. Of music that is not, whose minutes differ by 4 LU, these tell the loudness to
/// 0.8 LU (root mean square, measured), and to decode them takes less than a tenth of a second.
const OF_A_BED: Spread = Spread { most: 24, each: Millis::from_secs(1) };

/// Three minutes of an hour of speech tell its loudness to 0.2 LU, to 0.5 LU if nearly all of it is pauses (root mean
/// square, measured; 1.4 LU at worst). That is too little for a file, and enough for who would wait for more.
const OF_SPEECH: Spread = Spread { most: 60, each: Millis::from_secs(3) };

/// They come from no later than this: who looks for a place in an MP3 reads all that is before it, and of eight hours that
/// takes longer than all the rest.
const WITHIN: Millis = Millis::from_secs(2 * 3600);

/// How loud a recording is when, in so many windows, as far as some stretches tell: each stands for its share of the
/// whole.
///
/// # Errors
/// In words, if it is broken there.
pub(super) fn gauge(
    file: &Arc<OpenFile>,
    outline: Outline,
    treatment: Treatment,
    windows: usize,
) -> Result<Momentary, String> {
    let spread = match treatment {
        Treatment::Bed => OF_A_BED,
        Treatment::Speech | Treatment::AsIs | Treatment::Bell | Treatment::Pacer => OF_SPEECH,
    };
    let heard = spread.hear(file, outline)?;
    let told = (0..windows).map(|n| {
        let share = heard[n * heard.len() / windows].whole();
        share[n % share.len()]
    });
    Ok(Momentary(told.collect()))
}

impl Spread {
    /// Hears them on all cores, from threads of their own: those of rayon would take up other work meanwhile, and that
    /// could wait for this sound.
    fn hear(self, file: &Arc<OpenFile>, outline: Outline) -> Result<Vec<Momentary>, String> {
        let starts = self.starts(outline.length, outline.rate);
        let threads = rayon::current_num_threads();
        let heard: Result<Vec<_>, String> = thread::scope(|scope| {
            let hear = |starts| {
                thread::Builder::new().spawn_scoped(scope, move || self.hear_from(starts, file, outline))
            };
            let threads: Vec<_> = starts.chunks(starts.len().div_ceil(threads)).map(hear).collect();
            let heard = threads.into_iter().map(|thread| {
                let thread = thread.map_err(|error| format!("the system has no thread to spare: {error}"))?;
                thread.join().unwrap_or_else(|panic| resume_unwind(panic))
            });
            heard.collect()
        });
        heard.map(|heard| heard.concat())
    }

    /// Where they begin.
    fn starts(self, length: Frames, rate: SampleRate) -> Vec<Frames> {
        let each = self.each.to_frames(rate);
        let within = length.min(WITHIN.to_frames(rate));
        let count = self.most.min(within.0 / each.0);
        let others = within.saturating_sub(each).0;
        (0..count).map(|n| Frames(others * (2 * n + 1) / (2 * count))).collect()
    }

    fn hear_from(
        self,
        starts: &[Frames],
        file: &Arc<OpenFile>,
        outline: Outline,
    ) -> Result<Vec<Momentary>, String> {
        let each = self.each.to_frames(outline.rate);
        let mut recording = Recording::open_again(file.reader(), file.length(), outline).ok_or(MISPLACED)?;
        let heard = starts.iter().map(|&from| {
            let channels = recording.read(from, from + each)?;
            Ok(momentary(&clip_frames(channels.into_iter().map(Vec::into_boxed_slice)), outline.rate))
        });
        heard.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_spread_evenly_over_what_is_looked_at() {
        let check = |spread: Spread, seconds: u64, count: usize, first: u64, last: u64| {
            let rate = SampleRate::new(1000).unwrap();
            let starts = spread.starts(Frames(seconds * 1000), rate);
            assert_eq!(starts.len(), count);
            assert_eq!((starts[0], starts[count - 1]), (Frames(first), Frames(last)), "{seconds} s");
            let steps: Vec<u64> = starts.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
            assert!(steps.iter().all(|step| step.abs_diff(steps[0]) <= 1), "{steps:?}");
        };
        check(OF_SPEECH, 63, 21, 1428, 58_571);
        check(OF_SPEECH, 3600, 60, 29_975, 3_567_025);
        check(OF_A_BED, 61, 24, 1250, 58_750);
        // Of the eighth hour nothing.
        check(OF_A_BED, 8 * 3600, 24, 149_979, 7_049_020);
    }
}
