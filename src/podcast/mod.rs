//! A podcast: what `[podcast]` of `nidra.toml` says, with tracks as its episodes, as a folder with an RSS feed.
//!
//! Stands above `build`, which makes the tracks. `release` and what it calls meet the files of the folder; the rest is
//! values in, text out, and must not know files, scripts, timelines or encoders. A feed is a function of its podcast
//! and its episodes: no clock, so the same sessions give the same bytes, and a feed that did not change need not be
//! uploaded. What a directory would refuse is a diagnostic here, before anything is rendered.
//!
//! The rules are those of RSS 2.0, of Apple Podcasts ("A Podcaster's Guide to RSS", the strictest of the
//! directories) and of the `podcast` namespace, <https://podcastindex.org/namespace/1.0>.

mod address;
mod category;
mod check;
mod cover;
mod episode;
mod episodes;
mod guid;
mod keys;
mod kinds;
mod language;
mod notes;
mod published;
mod release;
mod released;
mod rss;
mod scripts;
mod table;
mod unused;

#[cfg(test)]
mod tests;

pub use address::{Address, AddressFault};
pub use category::{Category, NoCategory};
pub use check::check;
pub use episode::Episode;
pub use guid::Guid;
pub use kinds::{Advisory, Completion, Listing, Lock, Medium, Order};
pub use published::{Loss, Published};
pub use release::{Publication, Release};
pub use released::Released;
pub use rss::rss;
pub use scripts::podcast_scripts;
pub use table::{Funding, Owner, Podcast};
