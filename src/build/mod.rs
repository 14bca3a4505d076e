//! Joins the stages: a script to compiled tracks, a track to a file or a pipe.
//!
//! Stands above all stages and below the command line. Prints nothing.
#![allow(clippy::disallowed_methods, reason = "here the stages meet the files of a project")]

mod batch;
mod compile;
mod cost;
mod cover;
mod files;
mod name;
mod outputs;
mod playlist;
mod project;
mod provenance;
mod render;
mod renumber;
mod scheduler;
mod scripts;
mod settings;
mod shard;
mod sidecars;
mod stores;
mod text;
mod track;

pub use crate::library::{PathError, project_path};
pub use batch::{Job, JobEvent, JobResult, RebuildPolicy, RenderResult, batch};
pub use compile::{Compiled, Overrides, ScriptSource, compile};
pub use cost::cost;
pub use cover::Cover;
pub(crate) use cover::{drawn_picture, project_picture};
pub use outputs::{Outputs, PathClash, output_path};
pub use playlist::{PLAYLIST, may_replace_playlist, write_playlist};
pub use project::{Defaults, PROJECT_FILE, Project};
pub use provenance::{Provenance, StaleReason};
pub use render::{RenderError, Target, render};
pub use renumber::{others, renumber};
pub use scheduler::{Assigned, SchedulerError, assigned_shard};
pub use scripts::{ScriptsError, scripts};
pub use settings::Settings;
pub use shard::{Cost, Shard, shares};
pub use sidecars::Sidecars;
pub use stores::Stores;
pub use track::Track;
