//! Files that appear whole or not at all.
//!
//! Below everything that writes: encoders, files beside tracks, feeds, notes. Knows which files are nidra's to replace,
//! and not what is in them.
#![allow(clippy::disallowed_methods, reason = "here the program writes files")]

mod bytes;
mod error;
mod new_file;
mod notes;
mod owned;
mod temporary;

pub use bytes::{Output, Stream};
pub use error::{OutputError, plain_reason};
pub use new_file::{NewFile, make_folder_of, sync_folder_of};
pub use notes::Notes;
pub use owned::{
    Comment, Evidence, Overwrite, Ownership, WriteResult, is_there, marked, may_replace, ownership, place,
    write_owned,
};
pub use temporary::clear_leftovers;
