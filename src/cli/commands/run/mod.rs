//! A run over scripts: the tracks that are meant, the files they go to, and the report on what became of them.
//!
//! `render`, `feed` and `watch` are runs, the other subcommands use its beginning.

pub(super) mod input;
pub(super) mod naming;
pub(super) mod place;
pub(super) mod plan;
pub(super) mod playlist;
pub(super) mod progress;
pub(super) mod report;
pub(super) mod stdout;
pub(super) mod summary;
