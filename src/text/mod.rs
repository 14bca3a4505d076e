//! Text of strangers, made safe for where it goes: a terminal, a file, JSON.
//!
//! A leaf: titles, lines, names of files and whatever else a script, a track or a system brings along pass through here
//! before they are printed ([`visible`], [`VisibleLines`], [`visible_json`]) or written into a file beside a track, a
//! feed or a tag ([`one_line`], [`plain`]). What must not pass is decided once, in `steering.rs`. Must not know where
//! text comes from, nor print it.

mod file;
mod steering;
mod terminal;

pub use file::{escaped, one_line, plain};
pub use terminal::{VisibleLines, visible, visible_json};
