//! The machine's audio device, and the end of the line that is on its thread.
#![cfg(feature = "play")]

use nidra::audio::Frame;
use nidra::device::{Fade, OutputQueue};
use nidra::units::{Frames, Gain, SampleRate};

#[test]
fn the_device_thread_never_allocates() {
    let (mut line, mut tap) = OutputQueue::new(SampleRate::new(8000).unwrap());
    line.push(&[Frame::mono(0.5); 400]);
    line.answer(&[Frame::mono(0.1); 100]);
    line.go(Frames(0));
    let mut heard = 0.0;
    let counted = allocation_counter::measure(|| {
        let mut pull = |count: usize| (0..count).for_each(|_| heard += tap.next_frame().left);
        pull(50);
        line.fade(Fade { to: Gain(0.5), over: Frames(10) });
        line.volume(Fade { to: Gain(0.5), over: Frames(10) });
        line.hush(Frames(0));
        pull(50);
        line.hold(Frames(10));
        line.cut(200);
        pull(50);
        line.go(Frames(10));
        pull(300);
        line.finish();
        pull(5);
    });
    assert!(heard > 0.0);
    assert!(line.is_done());
    assert_eq!(counted.count_total, 0);
}

#[cfg(target_os = "linux")]
mod linux {
    use crate::harness::{Project, nidra};

    #[test]
    fn a_machine_without_a_device_says_so_and_its_libraries_say_nothing() {
        let script = "title = \"t\"\n[[section]]\ntitle = \"s\"\ncues = [ { say = \"Rest.\" } ]\n";
        let project = Project::with_lines(&["Rest."]).file("scripts/one.toml", script).file("no.conf", "");
        let run = nidra(&project.path(""))
            .args(["play", "scripts/one.toml"])
            // Nothing is set up here, whatever the machine has.
            .env("ALSA_CONFIG_PATH", project.path("no.conf"))
            .output()
            .unwrap();
        let said = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(5), "{said}");
        // What would be played, and until when, stands first.
        let said: Vec<&str> = said.lines().collect();
        assert!(matches!(said[..], [first, _] if first.starts_with("t, 0 seconds, ends at ")), "{said:?}");
        assert_eq!(said[1], "error: there is no audio device to play through; `nidra render` needs none");
        assert_eq!(run.stdout, b"");
    }
}
