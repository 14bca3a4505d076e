//! The nidra program. Everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    nidra::cli::run()
}
