//! All integration tests, in one binary so that they link once.
#![allow(clippy::disallowed_methods, reason = "tests read their fixtures and run the program")]

mod docs;
mod fake;
mod properties;
mod suite;
