//! The mix of nidra against the plain way to do it: every clip added to one long buffer.
//!
//! `cargo bench` runs both in the same run. The plain way holds the whole track in memory.
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark has no users")]

use std::sync::Arc;

use nidra::audio::{Block, Clip, ClipFrames, ClipSound, Frame};
use nidra::encode::for_each_block;
use nidra::render::Renderer;
use nidra::timeline::{Bus, ClipId, Event, Fades, Timeline};
use nidra::units::{FramePos, Frames, Gain, Pan, SampleRate};

const RATE: u64 = 48_000;

fn main() {
    divan::main();
}

/// Sixty lines of five seconds and twelve bells of half a minute in 25 minutes: two fifths of it sound.
fn session() -> (Timeline, Vec<Arc<Clip>>) {
    let clip = |seconds: u64| {
        let samples = (0..RATE * seconds).map(|i| (i % 101) as f32 / 400.0 - 0.12).collect();
        Arc::new(Clip::from(ClipFrames::Mono(samples)))
    };
    let event = |start: u64, clip: u32, seconds: u64, bus| Event {
        start: FramePos(start * RATE),
        length: Frames(seconds * RATE),
        clip: ClipId(clip),
        gain: Gain(0.8),
        pan: Pan::CENTRE,
        fades: Fades::default(),
        bus,
    };
    let voice = (0..60).map(|i| event(i * 25, 0, 5, Bus::Voice));
    let bells = (0..12).map(|i| event(i * 120, 1, 30, Bus::Bell));
    let mut events: Vec<Event> = voice.chain(bells).collect();
    events.sort_by_key(|event| event.start);
    let length = Frames(25 * 60 * RATE);
    let timeline = Timeline {
        rate: SampleRate::HZ_48000,
        length,
        counted: length,
        sounds: Vec::new(),
        events,
        beds: Vec::new(),
        chapters: Vec::new(),
        cues: Vec::new(),
    };
    (timeline, vec![clip(5), clip(30)])
}

#[divan::bench(sample_count = 10)]
fn nidra_blocks(bencher: divan::Bencher<'_, '_>) {
    let (timeline, clips) = session();
    bencher.bench(|| {
        let renderer = Renderer::new(&timeline, clips.clone());
        let mut sum = 0.0;
        for_each_block::<()>(&renderer, &mut |block| {
            if let Block::Sound(frames) = block {
                sum += frames[0].left;
            }
            Ok(())
        })
        .unwrap();
        sum
    });
}

#[divan::bench(sample_count = 10)]
fn one_long_buffer(bencher: divan::Bencher<'_, '_>) {
    let (timeline, clips) = session();
    bencher.bench(|| {
        let mut track = vec![Frame::SILENCE; timeline.length.as_usize()];
        for event in &timeline.events {
            let ClipSound::Held(ClipFrames::Mono(samples)) = &clips[event.clip.index()].sound else {
                continue;
            };
            for (sum, sample) in track[event.start.0 as usize..].iter_mut().zip(samples) {
                *sum += Frame::mono(*sample) * event.gain;
            }
        }
        track.iter().map(|frame| frame.peak()).fold(0.0, f32::max)
    });
}
