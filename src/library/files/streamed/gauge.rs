//! The loudness of a long bed, told by stretches of it: no listener waits until an hour was heard.
//!
//! Must not know levels, or its callers.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use super::{MISPLACED, NO_THREAD};
use crate::audio::MomentaryPower;
use crate::library::files::decode::{Outline, Recording, clip_frames};
use crate::library::files::open_file::OpenFile;
use crate::meter::{integrated, momentary};
use crate::units::{Frames, Lufs, Millis, SampleRate};

/// So many stretches of this length, each in the middle of its share. Beds are even, and lie under a voice. Of music that
/// is not, whose minutes differ by 4 LU, these tell the loudness to 0.8 LU (root mean square, measured), and to decode them
/// takes less than a tenth of a second.
const STRETCHES: u64 = 24;
const EACH: Millis = Millis::from_secs(1);

/// They come from no later than this: a reader that looks for a place in an MP3 reads all that is before it, and of
/// eight hours that takes longer than all the rest.
const WITHIN: Millis = Millis::from_secs(2 * 3600);

/// The integrated loudness of the stretches; `None` for silence. They are heard on all cores, from threads of their own:
/// those of rayon would take up other work meanwhile, and that could wait for this sound.
///
/// # Errors
/// In words, if it is broken there.
pub(super) fn gauge(file: &Arc<OpenFile>, outline: Outline) -> Result<Option<Lufs>, String> {
    let starts = starts(outline.length, outline.rate);
    let each = starts.len().div_ceil(rayon::current_num_threads());
    let heard: Result<Vec<_>, String> = thread::scope(|scope| {
        let begin =
            |starts| thread::Builder::new().spawn_scoped(scope, move || hear_from(starts, file, outline));
        let threads: Vec<_> = starts.chunks(each).map(begin).collect();
        let heard = threads.into_iter().map(|thread| {
            let thread = thread.map_err(|error| format!("{NO_THREAD}: {error}"))?;
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        });
        heard.collect()
    });
    let heard = heard?;
    let windows = || heard.iter().flatten().flat_map(MomentaryPower::whole);
    Ok(integrated(|| windows().map(|power| (f64::from(*power), 1))))
}

fn hear_from(
    starts: &[Frames],
    file: &Arc<OpenFile>,
    outline: Outline,
) -> Result<Vec<MomentaryPower>, String> {
    let each = EACH.to_frames(outline.rate);
    let mut recording = Recording::open_again(file.reader(), file.length(), outline).ok_or(MISPLACED)?;
    let heard = starts.iter().map(|&from| {
        let channels = recording.read(from, from + each)?;
        Ok(momentary(&clip_frames(channels.into_iter().map(Vec::into_boxed_slice)), outline.rate))
    });
    heard.collect()
}

/// Returns the positions at which they begin, in a recording that is longer than all of them.
fn starts(length: Frames, rate: SampleRate) -> Vec<Frames> {
    let within = length.min(WITHIN.to_frames(rate));
    let others = within.saturating_sub(EACH.to_frames(rate)).0;
    (0..STRETCHES).map(|n| Frames(others * (2 * n + 1) / (2 * STRETCHES))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_spread_evenly_over_what_is_looked_at() {
        let check = |seconds: u64, first: u64, last: u64| {
            let starts = starts(Frames(seconds * 1000), SampleRate::new(1000).unwrap());
            assert_eq!((starts[0], starts[23]), (Frames(first), Frames(last)), "{seconds} s");
            let steps: Vec<u64> = starts.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
            assert!(steps.iter().all(|step| step.abs_diff(steps[0]) <= 1), "{steps:?}");
        };
        check(61, 1250, 58_750);
        // Of the eighth hour nothing.
        check(8 * 3600, 149_979, 7_049_020);
    }
}
