//! What is decided about a device before and while it plays.
#![allow(clippy::disallowed_types, reason = "the wait for a device is a Duration")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rodio::cpal::{ErrorKind, SampleFormat, SupportedBufferSize, SupportedStreamConfigRange};

use super::super::alsa_guard;
use super::super::device_errors::DeviceErrors;
use super::super::feed::Feed;
use super::super::list::{DeviceInfo, find};
use super::super::setup::{Setup, setups};
use super::super::{DeviceClock, DeviceError};
use super::{push, queue};
use crate::audio::Frame;
use crate::dsp;
use crate::units::{FramePos, SampleRate};

fn outlets() -> Vec<DeviceInfo> {
    [
        ("default", "Default Audio Device"),
        ("plughw:CARD=PCH,DEV=0", "HDA Intel PCH, ALC257 Analog"),
        ("plughw:CARD=PCH,DEV=3", "HDA Intel PCH, HDMI 0"),
        ("plughw:CARD=PCH,DEV=7", "HDA Intel PCH, HDMI 1"),
    ]
    .map(|(name, description)| DeviceInfo {
        name: name.to_owned(),
        description: description.to_owned(),
        is_default: name == "default",
    })
    .to_vec()
}

#[test]
fn a_part_of_a_name_is_enough_if_it_means_one_device() {
    let outlets = outlets();
    assert_eq!(find(&outlets, "analog"), Ok(1));
    assert_eq!(find(&outlets, "DEV=7"), Ok(3));
    assert_eq!(find(&outlets, "HDA Intel PCH, hdmi 0"), Ok(2));
    let names = |indices: &[usize]| indices.iter().map(|&i| outlets[i].name.clone()).collect();
    assert_eq!(
        find(&outlets, "HDMI"),
        Err(DeviceError::SeveralDevices { name: "HDMI".to_owned(), known: names(&[2, 3]) })
    );
    assert_eq!(
        find(&outlets, "usb"),
        Err(DeviceError::NoSuchDevice { name: "usb".to_owned(), known: names(&[0, 1, 2, 3]) })
    );
}

#[test]
fn what_hangs_is_left_behind() {
    let (keep, until) = std::sync::mpsc::channel::<()>();
    assert_eq!(alsa_guard::within(Duration::from_millis(1), move || until.recv().is_ok()), None);
    assert_eq!(alsa_guard::within(Duration::from_secs(60), || 5), Some(5));
    drop(keep);
}

fn range(channels: u16, rates: (u32, u32), format: SampleFormat) -> SupportedStreamConfigRange {
    SupportedStreamConfigRange::new(channels, rates.0, rates.1, SupportedBufferSize::Unknown, format)
}

#[track_caller]
fn check_setup(ranges: &[SupportedStreamConfigRange], rate_hz: u32, channels: u16, format: SampleFormat) {
    assert_eq!(setups(ranges, 44_100).first(), Some(&Setup { rate_hz, channels, format }));
}

#[test]
fn a_device_is_opened_at_the_wanted_rate_in_stereo_in_floats_where_it_can() {
    use SampleFormat::{F32, I16, I32};
    let any = (8000, 96_000);
    check_setup(
        &[range(1, any, F32), range(6, any, F32), range(2, any, I16), range(2, any, F32)],
        44_100,
        2,
        F32,
    );
    check_setup(&[range(2, any, I16), range(2, any, I32)], 44_100, 2, I32);
    check_setup(&[range(2, (48_000, 48_000), F32), range(2, any, I16)], 44_100, 2, I16);
    check_setup(&[range(2, (96_000, 96_000), F32), range(2, (48_000, 192_000), I16)], 48_000, 2, I16);
    check_setup(&[range(1, any, F32), range(8, any, F32), range(4, any, F32)], 44_100, 4, F32);
    check_setup(&[range(1, any, F32)], 44_100, 1, F32);
    check_setup(&[range(2, (8000, 16_000), F32)], 16_000, 2, F32);
}

fn feed(channels: u16, format: SampleFormat, frames: &[Frame]) -> Feed {
    let (mut queue, callback) = queue();
    push(&mut queue, 0, frames);
    Feed::new(callback, Setup { rate_hz: 8000, channels, format }, Arc::default()).unwrap()
}

#[track_caller]
fn check_feed(channels: u16, format: SampleFormat, heard: &[f32]) {
    let pushed = [Frame::new(0.5, -0.25), Frame::new(0.125, 0.0)];
    assert_eq!(feed(channels, format, &pushed).take(heard.len()).collect::<Vec<_>>(), heard);
}

#[test]
fn every_device_hears_both_channels() {
    check_feed(2, SampleFormat::F32, &[0.5, -0.25, 0.125, 0.0]);
    check_feed(1, SampleFormat::F32, &[0.125, 0.0625]);
    check_feed(4, SampleFormat::F32, &[0.5, -0.25, 0.0, 0.0, 0.125, 0.0, 0.0, 0.0]);
}

#[test]
fn a_device_of_whole_numbers_gets_those_of_a_file() {
    let sound: Vec<Frame> = (0..1000).map(|i| Frame::mono((i as f32 - 500.0) / 501.0)).collect();
    for (at, sample) in feed(2, SampleFormat::I16, &sound).step_by(2).take(1000).enumerate() {
        // As rodio makes it an integer.
        let heard = (sample * 32_768.0) as i16;
        assert_eq!(heard, dsp::frame_to_i16(sound[at], FramePos(at as u64))[0]);
    }
    for (at, sample) in feed(2, SampleFormat::I24, &sound).step_by(2).take(1000).enumerate() {
        assert_eq!((sample * 8_388_608.0) as i32, dsp::to_i24(sound[at].left));
    }
}

#[test]
fn what_is_over_full_scale_is_held_there() {
    let loud = [Frame::mono(1.5)];
    let over = feed(2, SampleFormat::I24, &loud).next().unwrap();
    assert_eq!((over * 8_388_608.0) as i32, 8_388_607);
}

#[track_caller]
fn check_errors(kinds: &[ErrorKind], pulled: u64, gone: bool, underruns: u64) {
    let (mut queue, mut callback) = queue();
    push(&mut queue, 0, &[Frame::SILENCE; 9]);
    callback.next_frame();
    let frames = Arc::new(AtomicU64::new(0));
    let rate = SampleRate::new(8000).unwrap();
    let mut errors = DeviceErrors::new(callback.shared.clone(), frames.clone(), rate);
    for &kind in kinds {
        errors.on_error(kind);
        frames.fetch_add(pulled, Ordering::Relaxed);
    }
    assert_eq!(queue.is_gone(), gone);
    assert_eq!(queue.underruns(), underruns);
}

#[test]
fn a_device_is_given_up_when_it_says_so_or_does_nothing_but_fail() {
    use ErrorKind::{BackendError, DeviceChanged, DeviceNotAvailable, RealtimeDenied, Xrun};
    check_errors(&[DeviceChanged, RealtimeDenied], 0, false, 0);
    check_errors(&[DeviceNotAvailable], 0, true, 0);
    check_errors(&[Xrun, Xrun], 0, false, 2);
    check_errors(&[BackendError; 99], 0, false, 0);
    check_errors(&[BackendError; 100], 0, true, 0);
    // It fails whenever it has taken a period, or rarely.
    check_errors(&[BackendError; 100], 512, true, 0);
    check_errors(&[BackendError; 101], 2001, false, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn only_a_device_that_ends_in_nothing_has_no_clock() {
    use super::super::clock::clock_of;
    assert_eq!(clock_of("null"), DeviceClock::Freewheel);
    assert_eq!(clock_of("tee:null,'/dev/null',raw"), DeviceClock::Freewheel);
    assert_eq!(clock_of("nonesuch"), DeviceClock::Realtime);
}
