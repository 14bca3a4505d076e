//! A whole track as blocks, in order: block on all cores for a file, or by the thread that plays them.

use std::sync::{Mutex, PoisonError};

use super::ordered_par_map::ordered_par_map;
use crate::audio::{Block, Frame, Source};
use crate::units::{FramePos, Frames};

/// Frames that one thread makes at a time: long enough to be worth a hand-over, short enough that a few of them
/// are no memory to speak of (half a megabyte each).
const BLOCK_FRAMES: Frames = Frames(65_536);

/// Calls `emit` with every block of the track: silence as silence, sound in frames. They are block, and
/// `emit` is called, by the threads of the pool. Memory does not grow with the track.
///
/// # Errors
/// The first error of `emit`, which ends the work.
pub fn for_each_block<E: Send>(
    source: &dyn Source,
    emit: &mut (dyn FnMut(Block<'_>) -> Result<(), E> + Send),
) -> Result<(), E> {
    // Buffers go round: fresh memory for every block would cost more than the mix (measured: ten times).
    let spare: Mutex<Vec<Vec<Frame>>> = Mutex::default();
    let spare = || spare.lock().unwrap_or_else(PoisonError::into_inner);
    let read = |stretch| match stretch {
        Stretch::Silence(length) => RenderedBlock::Silence(length),
        Stretch::Sound(at, length) => {
            let mut frames = spare().pop().unwrap_or_default();
            frames.resize(length.as_usize(), Frame::SILENCE);
            source.read(at, &mut frames);
            RenderedBlock::Sound(frames)
        }
    };
    ordered_par_map(stretches(source, BLOCK_FRAMES), read, |block| match block {
        RenderedBlock::Silence(length) => emit(Block::Silence(length)),
        RenderedBlock::Sound(frames) => {
            let emitted = emit(Block::Sound(&frames));
            spare().push(frames);
            emitted
        }
    })
}

/// A stretch that one thread makes.
enum Stretch {
    Silence(Frames),
    Sound(FramePos, Frames),
}

enum RenderedBlock {
    Silence(Frames),
    Sound(Vec<Frame>),
}

/// The track without gaps or overlaps, no sound longer than `longest`.
fn stretches(source: &dyn Source, longest: Frames) -> impl Iterator<Item = Stretch> {
    let end = FramePos::START + source.length();
    let mut regions = source.regions().iter().peekable();
    let mut at = FramePos::START;
    std::iter::from_fn(move || {
        while regions.next_if(|region| region.end <= at).is_some() {}
        let next = regions.peek().map_or(end, |region| region.start);
        let stretch = if at < next {
            Stretch::Silence(next.saturating_since(at))
        } else {
            let region = regions.peek()?;
            Stretch::Sound(at, region.end.saturating_since(at).min(longest))
        };
        at += match stretch {
            Stretch::Silence(length) | Stretch::Sound(_, length) => length,
        };
        Some(stretch)
    })
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use proptest::prelude::*;

    use super::*;
    use crate::units::SampleRate;

    /// A track whose samples tell their position; silent between its regions.
    struct Counting {
        regions: Vec<Range<FramePos>>,
        length: Frames,
    }

    impl Source for Counting {
        fn rate(&self) -> SampleRate {
            SampleRate::HZ_48000
        }

        fn length(&self) -> Frames {
            self.length
        }

        fn regions(&self) -> &[Range<FramePos>] {
            &self.regions
        }

        fn read(&self, from: FramePos, out: &mut [Frame]) {
            for (at, frame) in (from.0..).zip(out) {
                let sounds = self.regions.iter().any(|region| region.contains(&FramePos(at)));
                *frame = if sounds { Frame::mono(at as f32 + 1.0) } else { Frame::SILENCE };
            }
        }
    }

    proptest! {
        #[test]
        fn blocks_in_order_are_the_whole_whatever_the_threads(
            marks in prop::collection::btree_set(0u64..90_000, 0..8), threads in 1usize..4,
        ) {
            let marks: Vec<u64> = marks.into_iter().collect();
            let regions = marks.chunks_exact(2).map(|pair| FramePos(pair[0])..FramePos(pair[1])).collect();
            let source = Counting { regions, length: Frames(100_000) };
            let mut whole = vec![Frame::SILENCE; 100_000];
            source.read(FramePos::START, &mut whole);
            let mut out: Vec<Frame> = Vec::new();
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| for_each_block::<()>(&source, &mut |block| {
                match block {
                    Block::Silence(length) => out.resize(out.len() + length.as_usize(), Frame::SILENCE),
                    Block::Sound(frames) => out.extend_from_slice(frames),
                }
                Ok(())
            })).unwrap();
            prop_assert_eq!(&out, &whole);
        }
    }
}
