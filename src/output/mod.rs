//! Files that appear whole or not at all.
//!
//! Below everything that writes: encoders, files beside tracks, feeds, notes. Must not know what is in a file.
#![allow(clippy::disallowed_methods, reason = "here the program writes files")]

mod bytes;
mod error;
mod new_file;
mod temporary;

pub use bytes::{Output, Stream};
pub use error::{SinkError, plain_reason};
pub use new_file::{NewFile, make_folder_of, sync_folder_of};
pub use temporary::clear_leftovers;
