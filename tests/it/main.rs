//! All integration tests, in one binary so that they link once.
#![allow(clippy::disallowed_methods, reason = "tests read their fixtures and run the program")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot go on fails; one that cannot judge says so"
)]

mod amend;
mod amend_properties;
mod amend_sessions;
mod answers;
mod architecture;
mod bad_scripts;
mod batch;
mod cli;
mod costly;
mod docs;
mod fake;
mod feed;
mod feed_folder;
mod golden;
mod harness;
mod hints;
mod hostile;
mod intact;
mod judges;
mod live;
mod long_bed;
mod phone;
mod play;
mod properties;
mod publish;
mod sessions;
mod sidecar_judges;
mod sidecars;
mod speaker;
mod suite;
mod terminal;
mod voices;
mod watch;
