//! The clips that a renderer has: all from the start for a file, those that are heard soon for a speaker.
//!
//! So playing begins before everything is decoded, and a night of speech fits into memory. Must not know where clips
//! come from, nor wait for one.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Renderer;
use crate::audio::Clip;
use crate::timeline::ClipId;
use crate::units::FramePos;

impl Renderer<'_> {
    /// Hands over a clip; to hand it over again does nothing.
    pub fn supply(&mut self, id: ClipId, clip: Arc<Clip>) {
        self.clips[id.index()] = Some(clip);
    }

    /// The clips that sound somewhere between two instants and are not here, each once, in the order in which they are
    /// heard.
    pub fn missing(&self, from: FramePos, to: FramePos) -> Vec<ClipId> {
        let mut heard: Vec<(FramePos, ClipId)> = self.heard(from, to).collect();
        heard.retain(|(_, id)| self.clips[id.index()].is_none());
        heard.sort();
        let mut seen = BTreeSet::new();
        heard.into_iter().map(|(_, id)| id).filter(|id| seen.insert(*id)).collect()
    }

    /// Returns the memory that the clips that are here take, in bytes.
    pub fn bytes(&self) -> usize {
        self.clips.iter().flatten().map(|clip| clip.bytes()).sum()
    }

    /// Lets go of every clip that does not sound between two instants.
    pub fn keep_only(&mut self, from: FramePos, to: FramePos) {
        let heard: BTreeSet<ClipId> = self.heard(from, to).map(|(_, id)| id).collect();
        for (index, clip) in self.clips.iter_mut().enumerate() {
            if clip.is_some() && !heard.contains(&ClipId(index as u32)) {
                *clip = None;
            }
        }
    }

    /// The clips that are here, in the order of the sounds of the timeline.
    pub fn clips(&self) -> &[Option<Arc<Clip>>] {
        &self.clips
    }

    /// Returns the clips that sound between two instants, each with the first instant at which it does.
    fn heard(&self, from: FramePos, to: FramePos) -> impl Iterator<Item = (FramePos, ClipId)> + use<'_> {
        let beds = self.beds(from, to).map(|bed| (bed.start, bed.clip));
        let events = self.events(from, to).map(|event| (event.start, event.clip));
        beds.chain(events).map(move |(start, id)| (start.max(from), id))
    }
}
