//! Rain: the hiss of thousands of far drops, and single near ones.
//!
//! What is heard of a drop in water is not the blow but the bubble it traps, a short sine that rises a
//! little as the bubble comes up (K. van den Doel: "Physically Based Models for Liquid Sounds", ACM Trans.
//! Applied Perception 2(4), 2005: 0.5 to 10 kHz, amplitude spread over decades). Many far ones make a hiss
//! that falls gently with frequency; its level drifts by a decibel or so, as rain does. Densities and levels
//! are estimated.

use crate::audio::Frame;
use crate::dsp::bed::circle::{Circle, round};
use crate::dsp::fade::raised_cosine;
use crate::dsp::filter::{HighPass, LowPass};
use crate::dsp::noise::Noise;
use crate::dsp::phasor::Phasor;
use crate::units::{Frames, Millis, SampleRate};

const HISS_WARM_UP: Millis = Millis(300);

/// The hiss is the sum of a dark and a bright part, which together fall by about 3 dB an octave between.
const HISS_PARTS: [(f64, f64); 2] = [(700.0, 1.0), (6500.0, 0.42)];

/// Without this the hiss would rumble.
const HISS_LOWEST_HZ: f64 = 180.0;

/// RMS of the hiss, against which the drops are set.
const HISS_LEVEL: f64 = 0.06;

/// Slow waves of the level: how often in a round (whole numbers, so that the round closes), and how far.
const GUSTS: [(u32, f64); 3] = [(2, 0.09), (5, 0.07), (11, 0.05)];

/// Leads (in turns) of the waves of the left and of the right: a gust seems to pass by.
const GUST_LEAD_TURNS: [f64; 2] = [0.0, 0.15];

/// Share of each channel's hiss that is common to both (amplitude).
const COMMON_HISS_SHARE: f64 = 0.3;

const COMMON_HISS: Noise = Noise::new(0x7261_696E_0000_0001);
const LEFT_HISS: Noise = Noise::new(0x7261_696E_0000_0002);
const RIGHT_HISS: Noise = Noise::new(0x7261_696E_0000_0003);

/// One sort of drops.
struct Drops {
    chance: Noise,
    per_second: u64,
    /// The lowest and the highest bubble; between them evenly in octaves.
    hz: (f64, f64),
    /// Seconds to -60 dB of the lowest bubble; higher ones are shorter in proportion.
    t60_s: f64,
    /// The loudest; most are much softer.
    amplitude: f64,
}

/// Fine ones on leaves and stone, and now and then a full one into a puddle.
const DROP_KINDS: [Drops; 2] = [
    Drops {
        chance: Noise::new(0x6472_6F70_0000_0001),
        per_second: 220,
        hz: (1800.0, 9000.0),
        t60_s: 0.018,
        amplitude: 0.3,
    },
    Drops {
        chance: Noise::new(0x6472_6F70_0000_0002),
        per_second: 9,
        hz: (500.0, 1700.0),
        t60_s: 0.07,
        amplitude: 0.36,
    },
];

/// A bubble rises in pitch by this share of its pitch in each T60.
const BUBBLE_RISE: f64 = 0.25;

pub(super) fn rain(length: Frames, rate: SampleRate) -> Vec<Frame> {
    let mut circle = Circle::from_frames(hiss(length, [LEFT_HISS, RIGHT_HISS], rate));
    for sort in &DROP_KINDS {
        add_drops(&mut circle, length, sort, rate);
    }
    circle.into_frames()
}

/// The far rain.
pub(super) fn hiss(length: Frames, sides: [Noise; 2], rate: SampleRate) -> Vec<Frame> {
    let [left, right] = sides.map(|side| coloured(length, side, rate));
    let mut frames: Vec<Frame> = left.zip(right).map(|(left, right)| Frame::new(left, right)).collect();

    let power = frames.iter().fold([0.0, 0.0], |[left, right], frame| {
        [
            left + f64::from(frame.left) * f64::from(frame.left),
            right + f64::from(frame.right) * f64::from(frame.right),
        ]
    });
    let gains = power.map(|power| HISS_LEVEL / (power / length.0 as f64).sqrt());
    let round_s = length.0 as f64 / f64::from(rate.hz());
    let mut gusts = GUST_LEAD_TURNS.map(|ahead| {
        GUSTS.map(|(times, depth)| {
            let times = f64::from(times);
            Phasor::new(times / round_s, depth, ahead * times, f64::INFINITY, rate)
        })
    });
    for frame in &mut frames {
        let [left, right] =
            gusts.each_mut().map(|waves| 1.0 + waves.iter_mut().map(Phasor::next).sum::<f64>());
        frame.left = (f64::from(frame.left) * gains[0] * left) as f32;
        frame.right = (f64::from(frame.right) * gains[1] * right) as f32;
    }
    frames
}

/// One channel of it, of no level yet.
fn coloured(length: Frames, side: Noise, rate: SampleRate) -> impl Iterator<Item = f32> {
    let own = (1.0 - COMMON_HISS_SHARE * COMMON_HISS_SHARE).sqrt();
    let white = move |place| {
        f64::from(COMMON_HISS.signed(place)) * COMMON_HISS_SHARE + f64::from(side.signed(place)) * own
    };
    let mut parts = HISS_PARTS.map(|(corner_hz, level)| (LowPass::new(corner_hz, rate), level));
    let mut highest = LowPass::new(11_000.0, rate);
    let mut lowest = HighPass::new(HISS_LOWEST_HZ, rate);
    round(length, HISS_WARM_UP.to_frames(rate), white, move |value| {
        let sum = parts.iter_mut().map(|(pole, level)| pole.next(value) * *level).sum::<f64>();
        lowest.next(highest.next(sum))
    })
}

/// Drops of one sort, scattered evenly over the round.
fn add_drops(circle: &mut Circle, length: Frames, sort: &Drops, rate: SampleRate) {
    let count = sort.per_second * length.0 / u64::from(rate.hz());
    let (lowest, highest) = sort.hz;
    for drop in 0..count {
        // Four numbers a drop: when, how high, how loud, from where.
        let chance = |which: u64| f64::from(sort.chance.unit(drop * 4 + which));
        let at = (chance(0) * length.0 as f64) as u64;
        let hz = lowest * libm::pow(highest / lowest, chance(1));
        if hz * (1.0 + BUBBLE_RISE) > 0.45 * f64::from(rate.hz()) {
            continue;
        }
        let loudness = chance(2);
        let amplitude = sort.amplitude * (0.04 + 0.96 * loudness * loudness * loudness * loudness);
        let (right, left) = libm::sincos(std::f64::consts::FRAC_PI_2 * (0.08 + 0.84 * chance(3)));
        let t60_s = sort.t60_s * (lowest / hz).sqrt();
        circle.add(at, bubble(hz, amplitude, t60_s, rate), left as f32, right as f32);
    }
}

/// The sound of one drop: a sine that rises a little and dies away, its start rounded off.
fn bubble(hz: f64, amplitude: f64, t60_s: f64, rate: SampleRate) -> impl Iterator<Item = f32> {
    let length = (t60_s * f64::from(rate.hz())) as u64;
    let rise = Millis(1).to_frames(rate).0;
    let mut phasor = Phasor::new(hz, amplitude, 0.0, t60_s, rate).rising(hz * BUBBLE_RISE / t60_s, rate);
    (0..length).map(move |at| (phasor.next() * f64::from(raised_cosine(at, rise))) as f32)
}
