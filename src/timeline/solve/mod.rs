//! The clock of a session: which length every pause gets, and what to write where there is none that fits.
//!
//! `share` divides frames by weight and bounds, `tree` does so for sequences in sequences, `layout` for a session and its
//! goal, `settle` until its texts agree. `infeasible` says what cannot be met, and `advice` what to write instead, after
//! `trial` has solved the session with it. Must not know sounds, but for their lengths.

pub(super) mod advice;
mod edits;
pub(super) mod faults;
pub(super) mod infeasible;
pub(super) mod layout;
pub(super) mod settle;
mod share;
pub(super) mod tree;
pub(super) mod trial;
