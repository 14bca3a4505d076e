//! The whole track as blocks, in order, rendered on all cores.

use rayon::prelude::*;

use super::renderer::Renderer;
use crate::audio::{Block, Frame};
use crate::units::{FramePos, Frames};

/// Frames that one thread renders at a time: long enough to be worth a hand-over, short enough that a
/// few of them are no memory to speak of (half a megabyte each).
const CHUNK: usize = 65_536;

/// Chunks rendered for each thread before they are handed on in order.
const CHUNKS_A_THREAD: usize = 2;

/// Calls `emit` with every block of the track from `from` on: silence as silence, sound in frames.
/// Memory does not grow with the track.
///
/// # Errors
/// The first error of `emit`, which ends the rendering.
pub fn for_each_block<E>(
    renderer: &Renderer<'_>,
    from: FramePos,
    emit: &mut dyn FnMut(Block<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut buffers = vec![vec![Frame::SILENCE; CHUNK]; rayon::current_num_threads() * CHUNKS_A_THREAD];
    let mut at = from;
    for &(start, end) in renderer.regions().iter().filter(|(_, end)| *end > from) {
        if start > at {
            emit(Block::Silence(start.saturating_since(at)))?;
            at = start;
        }
        while at < end {
            let chunks: Vec<(FramePos, &mut [Frame])> = cut(at, end, &mut buffers);
            let next = chunks.last().map_or(end, |(at, chunk)| *at + Frames(chunk.len() as u64));
            let rendered: Vec<&mut [Frame]> = chunks
                .into_par_iter()
                .map(|(at, chunk)| {
                    renderer.render(at, chunk);
                    chunk
                })
                .collect();
            for chunk in rendered {
                emit(Block::Sound(chunk))?;
            }
            at = next;
        }
    }
    let end = FramePos::START + renderer.length();
    if end > at {
        emit(Block::Silence(end.saturating_since(at)))?;
    }
    Ok(())
}

/// As many chunks from `at` on as there are buffers, none beyond `end`.
fn cut(at: FramePos, end: FramePos, buffers: &mut [Vec<Frame>]) -> Vec<(FramePos, &mut [Frame])> {
    let mut at = at;
    let mut chunks = Vec::with_capacity(buffers.len());
    for buffer in buffers {
        let length = end.saturating_since(at).min(Frames(CHUNK as u64));
        if length == Frames::ZERO {
            break;
        }
        chunks.push((at, &mut buffer[..length.as_usize()]));
        at += length;
    }
    chunks
}
