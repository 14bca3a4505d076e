//! What holds for every mix: position decides, and silence is silent.

use std::sync::Arc;

use proptest::prelude::*;

use super::Renderer;
use crate::audio::{Clip, ClipFrames, ClipSound, Fault, Frame, Pages, SoundRef, Source};
use crate::timeline::{BedSpan, Bus, ClipId, Envelope, Event, Fades, Ramp, Timeline};
use crate::units::{FramePos, Frames, Gain, Pan, SampleRate};

/// Clips whose samples tell where they come from: a mono one of 3000 frames, a stereo one of 700.
fn clips() -> Vec<Arc<Clip>> {
    let mono = (0..3000).map(|i| (i % 97) as f32 / 97.0 - 0.3).collect();
    let stereo = (0..700).map(|i| Frame::new((i % 13) as f32 / 14.0, -((i % 7) as f32) / 8.0)).collect();
    [ClipFrames::Mono(mono), ClipFrames::Stereo(stereo)].map(|frames| Arc::new(Clip::from(frames))).into()
}

/// A clip that is read while it is heard.
#[derive(Debug)]
struct Recording(ClipFrames);

impl Pages for Recording {
    fn length(&self) -> Frames {
        Frames(self.0.len() as u64)
    }

    fn read(&self, from: Frames, out: &mut [Frame]) {
        let from = from.as_usize();
        match &self.0 {
            ClipFrames::Mono(samples) => {
                let samples = samples[from..from + out.len()].iter().map(|&sample| Frame::mono(sample));
                out.iter_mut().zip(samples).for_each(|(out, frame)| *out = frame);
            }
            ClipFrames::Stereo(frames) => out.copy_from_slice(&frames[from..from + out.len()]),
        }
    }

    fn bytes(&self) -> usize {
        7
    }

    fn fault(&self) -> Option<Fault> {
        (self.0.len() == 700).then(|| Fault::Changed { recording: "rain".to_owned() })
    }
}

/// The same clips, read while they are heard.
fn recordings() -> Vec<Arc<Clip>> {
    let recording = |clip: &Arc<Clip>| {
        let ClipSound::Held(frames) = &clip.sound else { unreachable!() };
        let sound = ClipSound::Paged(Arc::new(Recording(frames.clone())));
        Arc::new(Clip { sound, momentary: Arc::default() })
    };
    clips().iter().map(recording).collect()
}

fn timeline(length: u64, mut events: Vec<Event>, beds: Vec<BedSpan>) -> Timeline {
    events.sort_by_key(|event| event.start);
    Timeline {
        rate: SampleRate::new(1000).unwrap(),
        length: Frames(length),
        counted: Frames(length),
        // As many as the clips that these tests hand over at most.
        sounds: vec![SoundRef::bed("rain"); 2],
        events,
        beds,
        chapters: Vec::new(),
        cues: Vec::new(),
    }
}

fn event() -> impl Strategy<Value = Event> {
    (0u64..9000, 0u32..2, 1u64..3000, 0.0f32..3.0, -1.0f32..1.0, 0u64..300, 0u64..300, any::<bool>())
        .prop_map(|(start, clip, length, gain, pan, fade_in, fade_out, voice)| {
            let length = Frames(length.min(if clip == 0 { 3000 } else { 700 }));
            Event {
                start: FramePos(start),
                length,
                clip: ClipId(clip),
                gain: Gain(gain),
                pan: Pan(pan),
                fades: Fades {
                    fade_in: Frames(fade_in.min(length.0 / 2)),
                    fade_out: Frames(fade_out.min(length.0 / 2)),
                },
                bus: if voice { Bus::Voice } else { Bus::Bell },
            }
        })
}

fn bed() -> impl Strategy<Value = BedSpan> {
    (0u64..5000, 1u64..6000, 0.0f32..1.0, 0u64..500).prop_map(|(start, length, gain, fade)| {
        let ramp = |at, from, to| Ramp {
            start: FramePos(start + at),
            length: Frames(200),
            from: Gain(from),
            to: Gain(to),
        };
        BedSpan {
            start: FramePos(start),
            length: Frames(length),
            clip: ClipId(1),
            gain: Gain(gain),
            fades: Fades { fade_in: Frames(fade.min(length / 2)), fade_out: Frames(fade.min(length / 2)) },
            ducking: Envelope(vec![ramp(300, 1.0, 0.4), ramp(900, 0.4, 1.0)]),
        }
    })
}

fn session() -> impl Strategy<Value = Timeline> {
    (prop::collection::vec(event(), 0..12), prop::collection::vec(bed(), 0..3))
        .prop_map(|(events, beds)| timeline(14_000, events, beds))
}

fn whole(renderer: &Renderer<'_>) -> Vec<Frame> {
    let mut out = vec![Frame::SILENCE; renderer.length().as_usize()];
    renderer.read(FramePos::START, &mut out);
    out
}

proptest! {
    #[test]
    fn any_block_is_the_same_stretch_of_the_whole(
        timeline in session(), from in 0usize..14_000, length in 1usize..3000,
    ) {
        let renderer = Renderer::new(&timeline, clips());
        let whole = whole(&renderer);
        let to = (from + length).min(whole.len());
        let mut block = vec![Frame::new(9.0, 9.0); to - from];
        renderer.read(FramePos(from as u64), &mut block);
        prop_assert_eq!(&block, &whole[from..to]);
    }

    #[test]
    fn recordings_that_are_read_while_they_are_heard_make_the_same_mix(
        timeline in session(), from in 0usize..14_000, length in 1usize..3000,
    ) {
        let whole = whole(&Renderer::new(&timeline, clips()));
        let renderer = Renderer::new(&timeline, recordings());
        let to = (from + length).min(whole.len());
        let mut block = vec![Frame::new(9.0, 9.0); to - from];
        renderer.read(FramePos(from as u64), &mut block);
        prop_assert_eq!(&block, &whole[from..to]);
    }

    #[test]
    fn clips_that_are_supplied_when_they_are_missing_and_dropped_when_they_are_over_make_the_same_mix(
        timeline in session(), blocks in prop::collection::vec(1usize..3000, 1..40),
    ) {
        let whole = whole(&Renderer::new(&timeline, clips()));
        let mut renderer = Renderer::unloaded(&timeline);
        let mut from = 0;
        for length in blocks {
            let to = (from + length).min(whole.len());
            let (start, end) = (FramePos(from as u64), FramePos(to as u64));
            let missing = renderer.missing(start, end);
            missing.iter().for_each(|id| renderer.supply(*id, clips()[id.index()].clone()));
            prop_assert_eq!(renderer.missing(start, end), []);
            let mut block = vec![Frame::new(9.0, 9.0); to - from];
            renderer.read(start, &mut block);
            prop_assert_eq!(&block, &whole[from..to]);
            renderer.keep_only(end, end);
            from = to;
        }
    }

    #[test]
    fn the_stems_add_up_to_the_mix(timeline in session()) {
        let renderer = Renderer::new(&timeline, clips());
        let stems = [Bus::Voice, Bus::Bell, Bus::Bed].map(|bus| {
            let mut stem = vec![Frame::SILENCE; renderer.length().as_usize()];
            renderer.stem(bus, FramePos::START, &mut stem);
            stem
        });
        for (i, frame) in whole(&renderer).into_iter().enumerate() {
            let sum = stems[0][i] + stems[1][i] + stems[2][i];
            prop_assert!((sum + frame * Gain(-1.0)).peak() < 1e-5);
        }
    }
}

fn plain(start: u64, clip: u32) -> Event {
    let length = Frames(if clip == 0 { 3000 } else { 700 });
    Event {
        start: FramePos(start),
        length,
        clip: ClipId(clip),
        gain: Gain::UNITY,
        pan: Pan::CENTRE,
        fades: Fades::default(),
        bus: Bus::Voice,
    }
}

#[test]
fn a_clip_sounds_at_exactly_its_frame_and_no_other() {
    let timeline = timeline(5000, vec![plain(1234, 1)], Vec::new());
    let clips = clips();
    let ClipSound::Held(ClipFrames::Stereo(source)) = &clips[1].sound else { unreachable!() };
    let out = whole(&Renderer::new(&timeline, clips.clone()));
    assert!(out[..1234].iter().all(|frame| *frame == Frame::SILENCE));
    assert_eq!(out[1234..1934], source[..]);
    assert!(out[1934..].iter().all(|frame| *frame == Frame::SILENCE));
}

#[test]
fn fades_begin_and_end_in_silence() {
    let fades = Fades { fade_in: Frames(100), fade_out: Frames(200) };
    let steady = Arc::new(Clip::from(ClipFrames::Mono(vec![0.5; 1000].into())));
    let event = Event { length: Frames(1000), fades, ..plain(0, 0) };
    let timeline = timeline(1000, vec![event], Vec::new());
    let out = whole(&Renderer::new(&timeline, vec![steady]));
    assert_eq!(out[0], Frame::SILENCE);
    assert!((out[50].left - 0.25).abs() < 1e-6);
    assert_eq!(out[500], Frame::mono(0.5));
    assert!((out[900].left - 0.25).abs() < 1e-6);
    assert!(out[999].left < 1e-4);
    assert!(out.windows(2).all(|pair| (pair[1].left - pair[0].left).abs() < 0.01));
}

#[test]
fn a_bed_goes_round_ducks_and_comes_back() {
    let steady = Arc::new(Clip::from(ClipFrames::Mono(vec![0.5; 77].into())));
    let ramp = |start, from, to| Ramp {
        start: FramePos(start),
        length: Frames(100),
        from: Gain(from),
        to: Gain(to),
    };
    let bed = BedSpan {
        start: FramePos(100),
        length: Frames(2000),
        clip: ClipId(0),
        gain: Gain(0.5),
        fades: Fades::default(),
        ducking: Envelope(vec![ramp(500, 1.0, 0.2), ramp(1000, 0.2, 1.0)]),
    };
    let timeline = timeline(3000, Vec::new(), vec![bed]);
    let out = whole(&Renderer::new(&timeline, vec![steady]));
    let check = |at: usize, level: f32| assert!((out[at].left - level).abs() < 1e-6, "{at}: {:?}", out[at]);
    check(99, 0.0);
    check(100, 0.25);
    check(499, 0.25);
    check(550, 0.15);
    check(600, 0.05);
    check(999, 0.05);
    check(1100, 0.25);
    check(2099, 0.25);
    check(2100, 0.0);
}

#[test]
fn what_is_missing_is_named_once_in_the_order_in_which_it_is_heard() {
    let timeline = timeline(9000, vec![plain(4000, 0), plain(4500, 1), plain(5500, 1)], Vec::new());
    let mut renderer = Renderer::unloaded(&timeline);
    let missing = |renderer: &Renderer<'_>, from, to| {
        let ids = renderer.missing(FramePos(from), FramePos(to));
        ids.iter().map(|id| id.0).collect::<Vec<_>>()
    };
    assert_eq!(missing(&renderer, 0, 4000), [] as [u32; 0]);
    assert_eq!(missing(&renderer, 0, 4001), [0]);
    assert_eq!(missing(&renderer, 0, 9000), [0, 1]);
    assert_eq!(missing(&renderer, 6999, 9000), [0]);
    assert_eq!(missing(&renderer, 7000, 9000), [] as [u32; 0]);
    renderer.supply(ClipId(0), clips()[0].clone());
    assert_eq!(missing(&renderer, 0, 9000), [1]);
    renderer.keep_only(FramePos(0), FramePos(4000));
    assert_eq!(missing(&renderer, 0, 9000), [0, 1]);
}

#[test]
fn a_fault_of_a_recording_is_told() {
    let timeline = timeline(9000, vec![plain(4000, 0)], Vec::new());
    let renderer = Renderer::new(&timeline, recordings()[..1].to_vec());
    assert_eq!((renderer.fault(), renderer.bytes()), (None, 7));
    let renderer = Renderer::new(&timeline, recordings());
    assert_eq!(renderer.fault(), Some(Fault::Changed { recording: "rain".to_owned() }));
}
