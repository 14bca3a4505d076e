//! The ends of the sound of a file: those of speech are faded, those of a bed go over into each other.
//!
//! Behind `shelf.rs`. Must not know how loud a sound is, or what is heard beside it.

use super::identity::Treatment;
use crate::audio::{ClipFrames, Frame};
use crate::dsp::{fade_edges, make_seamless};
use crate::units::{Millis, SampleRate};

/// Speech is faded over this at both ends; it takes the click of a hard cut away and no consonant.
const SPEECH_EDGE: Millis = Millis(8);

/// A user's bed goes over into itself in this time.
const BED_CROSSFADE: Millis = Millis::from_secs(4);

/// The sound of a file at some rate as it will be heard. Only a bed changes its length.
pub(super) fn shaped(sound: ClipFrames, treatment: Treatment, rate: SampleRate) -> ClipFrames {
    match (treatment, sound) {
        (Treatment::Speech, ClipFrames::Mono(mut samples)) => {
            fade_edges(&mut samples, SPEECH_EDGE.to_frames(rate));
            ClipFrames::Mono(samples)
        }
        (Treatment::Speech, ClipFrames::Stereo(mut frames)) => {
            fade_edges(&mut frames, SPEECH_EDGE.to_frames(rate));
            ClipFrames::Stereo(frames)
        }
        (Treatment::Bed, sound) => {
            let frames: Box<[Frame]> = match sound {
                ClipFrames::Mono(samples) => samples.iter().map(|&sample| Frame::mono(sample)).collect(),
                ClipFrames::Stereo(frames) => frames,
            };
            ClipFrames::Stereo(make_seamless(&frames, BED_CROSSFADE.to_frames(rate)))
        }
        (Treatment::AsIs | Treatment::Bell | Treatment::Pacer, sound) => sound,
    }
}
