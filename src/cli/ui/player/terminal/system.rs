//! Facts about a terminal that only the system knows: its width, its modes, whose it is, and how a program is stopped.
//!
//! On systems that are not Unix most of it is nothing: there is no job control, and a console has no such modes.

#[cfg(unix)]
pub(crate) fn columns() -> Option<usize> {
    rustix::termios::tcgetwinsize(std::io::stderr()).ok().map(|size| size.ws_col.into())
}

#[cfg(not(unix))]
pub(crate) fn columns() -> Option<usize> {
    crossterm::terminal::size().ok().map(|(columns, _)| columns.into())
}

/// Does something with the terminal, which is stdin or, if a script comes from there, stderr.
#[cfg(unix)]
fn with_terminal<T>(act: impl FnOnce(std::os::fd::BorrowedFd<'_>) -> T) -> T {
    use std::io::IsTerminal;
    use std::os::fd::AsFd;
    let (input, output) = (std::io::stdin(), std::io::stderr());
    if input.is_terminal() { act(input.as_fd()) } else { act(output.as_fd()) }
}

/// Raw mode is for whole screens: it leaves the cursor where it is at the end of a line. Sentences of any thread,
/// a panic's too, are to begin on the left.
#[cfg(unix)]
pub(crate) fn keep_newlines() {
    use rustix::termios::{OptionalActions, OutputModes, tcgetattr, tcsetattr};
    with_terminal(|terminal| {
        if let Ok(mut modes) = tcgetattr(terminal) {
            modes.output_modes |= OutputModes::OPOST | OutputModes::ONLCR;
            let _ = tcsetattr(terminal, OptionalActions::Now, &modes);
        }
    });
}

#[cfg(not(unix))]
pub(crate) fn keep_newlines() {}

/// True if the terminal gives whole lines.
#[cfg(unix)]
pub(crate) fn is_cooked() -> bool {
    use rustix::termios::{LocalModes, tcgetattr};
    with_terminal(|terminal| {
        tcgetattr(terminal).is_ok_and(|modes| modes.local_modes.contains(LocalModes::ICANON))
    })
}

#[cfg(not(unix))]
pub(crate) fn is_cooked() -> bool {
    false
}

/// True if the terminal is this program's at the moment, and not a shell's that runs it with `&`.
#[cfg(unix)]
pub(crate) fn is_foreground() -> bool {
    let group = with_terminal(|terminal| rustix::termios::tcgetpgrp(terminal));
    // Where there is no job control, there is no background.
    group.map_or(true, |group| group == rustix::process::getpgrp())
}

#[cfg(not(unix))]
pub(crate) fn is_foreground() -> bool {
    true
}

/// As the terminal does on Ctrl-Z: everything of this job, so that the shell sees all of it stopped.
#[cfg(unix)]
pub(crate) fn stop_until_woken() {
    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
}

#[cfg(not(unix))]
pub(crate) fn stop_until_woken() {}
