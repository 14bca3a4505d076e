//! How loud a sound is: ITU-R BS.1770 loudness. The home of `ebur128`.
//!
//! A leaf, used by the library to bring clips to one level. Measures whole sounds in memory; must not
//! know files or the timeline.

mod loudness;

pub use loudness::{integrated, momentary_max};
