//! A podcast: what `[podcast]` of `nidra.toml` says and what its episodes are, as an RSS feed and as a
//! playlist.
//!
//! Values in, text out: `build` renders the tracks, looks at the pictures and writes the folder. A feed is
//! a function of its podcast and its episodes: no clock, so the same sessions give the same bytes, and a feed
//! that did not change need not be uploaded. What a directory would refuse is a finding here, before anything
//! is uploaded. Must not know files, scripts, timelines or encoders.
//!
//! The rules are those of RSS 2.0, of Apple Podcasts ("A Podcaster's Guide to RSS", the strictest of the
//! directories) and of the `podcast` namespace, <https://podcastindex.org/namespace/1.0>.

mod address;
mod category;
mod check;
mod episode;
mod guid;
mod keys;
mod kinds;
mod language;
mod notes;
mod playlist;
mod podcast;
mod published;
mod released;
mod rss;

#[cfg(test)]
mod tests;

pub use address::{Address, AddressFault};
pub use category::{Category, NoCategory};
pub use check::check;
pub use episode::{Audio, Episode};
pub use guid::Guid;
pub use kinds::{Advisory, Completion, Listing, Lock, Medium, Order};
pub use playlist::{PlaylistEntry, playlist};
pub use podcast::{Funding, Inherited, Owner, Podcast};
pub use published::{Loss, Published};
pub use released::Released;
pub use rss::rss;
