//! TOML text to tables whose every key and value knows where it was written.
//!
//! A leaf, used by all who read TOML (`script`, `library` for voices, `build` for the project
//! file), and the only home of the `toml` crate. Parsing never fails: what is broken becomes a
//! diagnostic and the rest is returned. Must not know what the keys mean.

mod fields;
mod parse;
mod places;
#[cfg(test)]
mod tests;

pub use fields::{Fields, one_of};
pub use parse::{Form, Node, Table, Value, parse};
