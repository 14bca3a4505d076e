//! Joins the stages: a script to compiled tracks, a track to a file or a pipe.
//!
//! Stands above all stages and below the command line. Prints nothing.
#![allow(clippy::disallowed_methods, reason = "here the stages meet the files of a project")]

mod batch;
mod companion;
mod compile;
mod cost;
mod cover;
mod files;
mod name;
pub(crate) mod notes;
mod outputs;
pub(crate) mod owned;
mod playlist;
mod project;
mod provenance;
mod render;
mod renumber;
mod scheduler;
mod scripts;
mod settings;
mod shard;
mod stores;
mod text;
mod track;

pub use crate::library::{PathError, project_path};
pub use batch::{Event, Job, Made, Outcome, RebuildPolicy, batch};
pub use companion::{Companion, Companions};
pub use compile::{Compiled, Overrides, Source, compile};
pub use cost::cost;
pub use cover::Cover;
pub(crate) use cover::{drawn_picture, project_picture};
pub use outputs::{Outputs, PathClash, output_path};
pub use owned::Written;
pub use playlist::{PLAYLIST, may_replace_playlist, write_playlist};
pub use project::{Defaults, Project};
pub(crate) use provenance::short;
pub use provenance::{Change, Provenance};
pub use render::{Overwrite, RenderError, Target, render};
pub use renumber::{others, renumber};
pub use scheduler::{Assigned, Scheduler, SchedulerError, assigned_shard};
pub use scripts::{ScriptsError, scripts};
pub use settings::Settings;
pub use shard::{Cost, Shard, shares};
pub use stores::Stores;
pub use track::Track;
