//! Independent programs that judge our files in tests: where one is missing, the test says so and goes on without it.
//! Where `NIDRA_JUDGES` is set, as in `.ci/run`, it fails.

/// Says that a program is missing.
///
/// # Panics
/// If none should be.
#[track_caller]
#[allow(clippy::disallowed_methods, reason = "a setting of the tests, not of the program")]
pub(crate) fn missing(program: &str) {
    assert!(
        std::env::var_os("NIDRA_JUDGES").is_none(),
        "{program} is not installed, and NIDRA_JUDGES is set"
    );
    eprintln!("skipped: {program} is not installed");
}
