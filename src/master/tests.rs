//! What holds for every mastered track: the voice is at its target, the peaks under the ceiling, rests silent.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::audio::{
    ChannelLayout, Clip, ClipFrames, ClipSound, Frame, MomentaryPower, SoundKind, SoundRef, Source,
};
use crate::dsp::Noise;
use crate::meter::{integrated_of, momentary};
use crate::render::Renderer;
use crate::timeline::{BedSpan, Bus, ClipId, Envelope, Event, Fades, Timeline};
use crate::units::{Dbtp, Decibels, FramePos, Frames, Gain, Lufs, Pan, Preset, SampleRate};

const RATE: SampleRate = SampleRate::HZ_48000;
const SECOND: u64 = 48_000;

/// Speech, as far as a meter cares: noise in syllables, `seconds` of it; and a bed that goes on.
fn clips() -> Vec<Arc<Clip>> {
    let clip = |length: u64, gain: &dyn Fn(u64) -> f32| {
        // Sounds that are no echoes of each other.
        let noise = Noise::new(length);
        let samples = (0..length).map(|n| noise.signed(n) * gain(n)).collect();
        let frames = ClipFrames::Mono(samples);
        let momentary = Arc::new(momentary(&frames, RATE));
        Arc::new(Clip { sound: ClipSound::Held(frames), momentary })
    };
    let syllables = |n: u64| if n % 12_000 < 8000 { 0.25 } else { 0.01 };
    vec![
        clip(3 * SECOND, &syllables),
        clip(2 * SECOND + 100, &|n| syllables(n) * 0.6),
        clip(5 * SECOND, &|_| 0.2),
    ]
}

/// How loud they are.
fn measured() -> impl Iterator<Item = (ClipId, Arc<MomentaryPower>)> {
    (0..).map(ClipId).zip(clips().into_iter().map(|clip| clip.momentary.clone()))
}

fn event(start: u64, clip: u32, gain: f32, bus: Bus) -> Event {
    let length = [3 * SECOND, 2 * SECOND + 100, 5 * SECOND][clip as usize];
    Event {
        start: FramePos(start),
        length: Frames(length),
        clip: ClipId(clip),
        gain: Gain(gain),
        pan: Pan::CENTRE,
        fades: Fades::default(),
        bus,
    }
}

fn timeline(seconds: u64, events: Vec<Event>, beds: Vec<BedSpan>) -> Timeline {
    let speech = |n: u32| SoundRef::line(n.to_string());
    let bell = SoundRef::bell("bowl", None);
    Timeline {
        rate: RATE,
        length: Frames(seconds * SECOND),
        counted: Frames(seconds * SECOND),
        sounds: vec![speech(0), SoundRef::file(SoundKind::Speech, "a"), bell],
        events,
        beds,
        chapters: Vec::new(),
        cues: Vec::new(),
    }
}

fn bed(seconds: u64, gain: f32) -> BedSpan {
    BedSpan {
        start: FramePos::START,
        length: Frames(seconds * SECOND),
        clip: ClipId(2),
        gain: Gain(gain),
        fades: Fades::default(),
        ducking: Envelope::default(),
    }
}

fn mastered(timeline: &Timeline, settings: Mastering) -> (Vec<Frame>, Report) {
    let master = Master::new(Renderer::new(timeline, clips()), settings);
    let mut out = vec![Frame::SILENCE; master.length().as_usize()];
    master.read(FramePos::START, &mut out);
    (out, master.report())
}

fn loudness(frames: Vec<Frame>) -> f64 {
    let Lufs(loudness) = integrated_of(&momentary(&ClipFrames::Stereo(frames.into()), RATE)).unwrap();
    loudness
}

fn podcast() -> Mastering {
    Mastering::new(Preset::Podcast, ChannelLayout::Stereo)
}

#[test]
fn the_voice_is_at_its_target_as_a_meter_hears_it() {
    let check = |settings: Mastering, measured: f64| {
        let lines = vec![
            event(0, 0, 1.0, Bus::Voice),
            event(7 * SECOND + 1234, 1, 0.7, Bus::Voice),
            event(15 * SECOND, 0, 1.0, Bus::Voice),
        ];
        let (out, report) = mastered(&timeline(20, lines, Vec::new()), settings);
        assert!((loudness(out) - measured).abs() < 0.1);
        assert!((report.voice.unwrap() - settings.target).0.abs() < 0.01);
    };
    check(podcast(), -16.0);
    check(Mastering { target: Lufs(-23.4), ..podcast() }, -23.4);
    // The stereo mix that makes a mono file of -19 LUFS is at -15.99.
    check(Mastering::new(Preset::Podcast, ChannelLayout::Mono), -15.99);
}

#[test]
fn silence_and_beds_do_not_move_the_voice() {
    let line = || vec![event(0, 0, 1.0, Bus::Voice), event(5 * SECOND, 2, 1.0, Bus::Bell)];
    let gain = |seconds, beds| mastered(&timeline(seconds, line(), beds), podcast()).1.gain;
    let alone = gain(10, Vec::new());
    assert_eq!(gain(60, Vec::new()), alone);
    assert_eq!(gain(60, vec![bed(60, 0.2)]), alone);
}

#[test]
fn what_the_report_says_of_the_programme_is_what_a_meter_hears() {
    let events = vec![
        event(0, 0, 1.0, Bus::Voice),
        event(4 * SECOND, 2, 0.8, Bus::Bell),
        event(6 * SECOND, 1, 1.0, Bus::Voice),
    ];
    let (out, report) = mastered(&timeline(30, events, vec![bed(30, 0.1)]), podcast());
    let Lufs(programme) = report.programme.unwrap();
    let measured = loudness(out);
    assert!((measured - programme).abs() < 0.2, "{measured} and {programme}");
}

#[test]
fn without_a_voice_the_programme_is_the_anchor_and_silence_needs_none() {
    let ringing = timeline(10, vec![event(0, 2, 0.5, Bus::Bell)], Vec::new());
    let (out, report) = mastered(&ringing, podcast());
    assert_eq!((report.anchor, report.voice), (LoudnessReference::Programme, None));
    assert!((loudness(out) + 16.0).abs() < 0.1);
    let (out, report) = mastered(&timeline(1, Vec::new(), Vec::new()), podcast());
    assert_eq!((report.anchor, report.programme, report.rise), (LoudnessReference::Silence, None, None));
    assert!(out.iter().all(|frame| *frame == Frame::SILENCE));
}

#[test]
fn peaks_come_down_to_the_ceiling_and_rests_stay_silent() {
    let loud = Mastering { target: Lufs(-8.0), ceiling: Dbtp(-3.0), ..podcast() };
    let lines = vec![event(SECOND, 0, 1.0, Bus::Voice), event(2 * SECOND, 2, 1.5, Bus::Bell)];
    let (out, report) = mastered(&timeline(12, lines, Vec::new()), loud);
    let highest = out.iter().map(|frame| frame.peak()).fold(0.0, f32::max);
    assert!(highest <= Dbtp(-3.0).to_magnitude(), "{highest}");
    assert!((-3.1..=-2.99).contains(&report.true_peak.0), "{:?}", report.true_peak);
    let rest = &out[7 * SECOND as usize..];
    assert!(out[..SECOND as usize].iter().chain(rest).all(|frame| *frame == Frame::SILENCE));
}

#[test]
fn a_sudden_sound_after_a_long_quiet_is_found() {
    let lines = vec![
        event(0, 0, 1.0, Bus::Voice),
        event(50 * SECOND, 2, 0.25, Bus::Bell),
        event(70 * SECOND, 0, 1.0, Bus::Voice),
    ];
    let rise = mastered(&timeline(80, lines, vec![bed(80, 0.01)]), podcast()).1.rise.unwrap();
    assert!(rise.at.0.abs_diff(50 * SECOND) <= 4800, "{rise:?}");
    assert!((rise.by.0 - 28.0).abs() < 1.0, "{rise:?}");
    let busy = (0..8).map(|n| event(n * 10 * SECOND, 0, 1.0, Bus::Voice)).collect();
    assert_eq!(mastered(&timeline(80, busy, Vec::new()), podcast()).1.rise, None);
}

/// Lines that may overlap, so loud that the limiter works.
fn overlapping(starts: Vec<(u64, u32)>) -> (Timeline, Mastering) {
    let mut events: Vec<Event> =
        starts.into_iter().map(|(start, clip)| event(start, clip, 2.0, Bus::Voice)).collect();
    events.sort_by_key(|event| event.start);
    (timeline(14, events, Vec::new()), Mastering { target: Lufs(-9.0), ..podcast() })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_stretch_is_the_same_part_of_the_whole(
        starts in prop::collection::vec((0..8 * SECOND, 0u32..3), 1..5), from in 0usize..400_000, length in 1usize..50_000,
    ) {
        let (timeline, loud) = overlapping(starts);
        let (whole, _) = mastered(&timeline, loud);
        let master = Master::new(Renderer::new(&timeline, clips()), loud);
        let mut part = vec![Frame::mono(9.0); length];
        master.read(FramePos(from as u64), &mut part);
        prop_assert_eq!(&part, &whole[from..from + length]);
    }

    #[test]
    fn clips_that_come_when_they_are_missing_make_the_same_sound(
        starts in prop::collection::vec((0..8 * SECOND, 0u32..3), 1..5), from in 0usize..400_000, length in 1usize..50_000,
    ) {
        let (timeline, loud) = overlapping(starts);
        let (whole, report) = mastered(&timeline, loud);
        let mut master = Master::new(Renderer::unloaded(&timeline).measured(measured()), loud);
        prop_assert_eq!(master.gain().to_decibels(), report.gain);
        let (start, end) = (FramePos(from as u64), FramePos((from + length) as u64));
        for id in master.missing(start, end) {
            master.supply(id, clips()[id.index()].clone());
        }
        master.keep_only(start, end);
        let mut part = vec![Frame::mono(9.0); length];
        master.read(start, &mut part);
        prop_assert_eq!(&part, &whole[from..from + length]);
    }
}

#[test]
fn a_clip_that_only_the_limiter_looks_at_is_missing_too() {
    // A line whose first frame is 30 ms after the stretch.
    let line = timeline(10, vec![event(2 * SECOND + 1440, 0, 1.0, Bus::Voice)], Vec::new());
    let master = Master::new(Renderer::unloaded(&line).measured(measured()), podcast());
    assert_eq!(master.missing(FramePos(SECOND), FramePos(2 * SECOND)), [ClipId(0)]);
    assert_eq!(master.missing(FramePos(0), FramePos(SECOND)), []);
}

#[test]
fn a_session_that_is_solved_again_goes_on_at_the_gain_it_had() {
    let line = |gain| timeline(10, vec![event(SECOND, 0, gain, Bus::Voice)], Vec::new());
    let (first, second) = (line(1.0), line(0.5));
    let first = Master::new(Renderer::new(&first, clips()), podcast());
    let other = Master::new(Renderer::new(&second, clips()), podcast());
    assert_ne!(other.gain(), first.gain());
    let second = Master::with_gain(Renderer::new(&second, clips()), podcast(), first.gain());
    assert_eq!(second.gain(), first.gain());
    let Decibels(fallen) = second.report().voice.unwrap() - first.report().voice.unwrap();
    assert!((fallen + 6.02).abs() < 0.01, "{fallen}");
}
