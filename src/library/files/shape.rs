//! The ends of the sound of a file: those of speech are faded, those of a bed go over into each other.
//!
//! Behind `sound_store.rs`. Must not know how loud a sound is, or what is heard beside it.

use crate::audio::SoundKind;
use crate::audio::{ClipFrames, Frame};
use crate::dsp::{Seam, fade_edges, make_seamless};
use crate::units::{Frames, Millis, SampleRate};

/// Speech is faded over this at both ends; it takes the click of a hard cut away and no consonant.
pub(crate) const SPEECH_EDGE: Millis = Millis(8);

/// A user's bed goes over into itself in this time.
const BED_CROSSFADE: Millis = Millis::from_secs(4);

/// The sound of a short file at some rate as it will be heard. Only a bed changes its length.
pub(crate) fn shaped(sound: ClipFrames, treatment: SoundKind, rate: SampleRate) -> ClipFrames {
    match (treatment, sound) {
        (SoundKind::Speech, ClipFrames::Mono(mut samples)) => {
            fade_edges(&mut samples, SPEECH_EDGE.to_frames(rate));
            ClipFrames::Mono(samples)
        }
        (SoundKind::Speech, ClipFrames::Stereo(mut frames)) => {
            fade_edges(&mut frames, SPEECH_EDGE.to_frames(rate));
            ClipFrames::Stereo(frames)
        }
        (SoundKind::Bed, sound) => {
            let frames: Box<[Frame]> = match sound {
                ClipFrames::Mono(samples) => samples.iter().map(|&sample| Frame::mono(sample)).collect(),
                ClipFrames::Stereo(frames) => frames,
            };
            ClipFrames::Stereo(make_seamless(&frames, BED_CROSSFADE.to_frames(rate)))
        }
        (SoundKind::AsIs | SoundKind::Bell | SoundKind::Pacer, sound) => sound,
    }
}

/// Returns the length of the shaped sound, for a sound of that length.
pub(crate) fn shaped_length(length: Frames, treatment: SoundKind, rate: SampleRate) -> Frames {
    match treatment {
        SoundKind::Bed => length.saturating_sub(bed_overlap(length, rate)),
        SoundKind::Speech | SoundKind::AsIs | SoundKind::Bell | SoundKind::Pacer => length,
    }
}

/// Returns the length in which a bed goes over into itself.
pub(crate) fn bed_overlap(length: Frames, rate: SampleRate) -> Frames {
    Seam::length(length, BED_CROSSFADE.to_frames(rate))
}
