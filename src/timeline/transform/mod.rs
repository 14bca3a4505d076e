//! A timeline to another: softer towards its end, longer by its last bed, spliced to the one before it.
//!
//! After `compile` and `live_edit`, before `render`. Must not know scripts or samples.

mod descent;
mod outro_bed;
mod splice;

pub use descent::LevelCourse;
pub(crate) use descent::apply_descent;
pub use outro_bed::add_outro_bed;
pub use splice::splice_bed_gain;
