//! Loudness of a sound, by ITU-R BS.1770. The home of `ebur128`.
//!
//! A leaf, used by the library to bring clips to one level and by mastering to bring a track to it.
//! Measures sounds as they come; must not know files or the timeline.

mod loudness;

pub use loudness::{
    ABSOLUTE_GATE, Meter, integrated, integrated_of, loudness, momentary, momentary_max, power_of,
};
