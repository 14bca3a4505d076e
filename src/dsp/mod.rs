//! Signal processing: fades, dither, and the sounds nidra makes itself (bells, beds, breath tones).
//!
//! A leaf of the pipeline: pure functions over samples that know only [`crate::units`] and
//! [`crate::audio`]. Must not know files, scripts, timelines, the clock or the machine: sines and
//! exponentials come from `libm`, chance comes from [`Noise`] (a hash of a seed and an index), so that
//! every sound is the same bits everywhere.

mod bed;
mod bell;
mod dither;
mod fade;
mod filter;
mod limiter;
#[cfg(test)]
mod measure;
mod noise;
mod pacer;
mod phasor;
mod resample;
mod sinc;
mod true_peak;

pub use bed::{BedKind, Seam, bed_length, bed_loop, make_seamless};
pub use bell::{BellKind, ring, ring_length};
pub use dither::{frame_to_i16, to_i16, to_i24};
pub use fade::{equal_power, fade_edges, fade_in, fade_out, raised_cosine};
pub use limiter::Limiter;
pub use noise::Noise;
pub use pacer::{Lead, pacer_tone};
pub use resample::{Resampler, resampled_length};
