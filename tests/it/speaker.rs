//! The machine's audio device, and the end of the queue that is on its thread.
#![cfg(feature = "play")]

use nidra::audio::Frame;
use nidra::device::{DeviceClock, OutputQueue, StreamEnd};
use nidra::units::{FramePos, Frames, Gain, SampleRate};

#[test]
fn the_device_thread_never_allocates() {
    let (mut queue, mut callback) = OutputQueue::new(SampleRate::new(8000).unwrap(), DeviceClock::Realtime);
    queue.push(FramePos(0), &[Frame::mono(0.5); 400], StreamEnd::Open);
    queue.speak(&[Frame::mono(0.1); 100], Frames(0));
    let mut heard = 0.0;
    let counted = allocation_counter::measure(|| {
        let mut pull = |count: usize| (0..count).for_each(|_| heard += callback.next_frame().left);
        pull(50);
        queue.set_volume(Gain(0.5));
        queue.fade_out_prompt(Frames(10));
        pull(50);
        assert_eq!(queue.splice(FramePos(200)), FramePos(200));
        queue.push(FramePos(200), &[Frame::mono(0.5); 400], StreamEnd::Open);
        pull(150);
        queue.stop(Frames(10));
        pull(50);
        queue.push(FramePos(7), &[Frame::mono(0.5); 300], StreamEnd::Reached);
        pull(305);
    });
    assert!(heard > 0.0);
    assert!(queue.is_idle());
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
