//! The tanpura: four long strings, plucked one after the other and never damped.
//!
//! Its drone is alive because its flat bridge (*jivari*) feeds the string's energy into high harmonics that
//! come out one after another: after each pluck a bright formant walks down the harmonic series while the
//! string rings on (C. V. Raman: "On some Indian stringed instruments", 1921; the slow fall of the bright
//! region is what is imitated, its figures are estimated). Must not know pitches other than its own: a drone
//! under speech needs no key.

use crate::audio::Frame;
use crate::dsp::bed::circle::Circle;
use crate::dsp::fade::{fade_out, raised_cosine};
use crate::dsp::noise::Noise;
use crate::dsp::phasor::Phasor;
use crate::units::{Frames, Millis, SampleRate};

/// Six rounds of the strings, and exactly 1440 MP3 frames at 48 kHz.
pub(super) const LOOP_LENGTH: Millis = Millis(34_560);
const ROUNDS_A_LOOP: u64 = 6;

/// Sa, the tonic: C sharp under middle C, a usual pitch for a man's tanpura.
const SA_HZ: f64 = 138.6;

/// One string: its pitch over Sa, when it is plucked in the round, how loud, and where it sits from left to
/// right (both 0.0 to 1.0). The two middle strings are a little apart in pitch, so they beat slowly, and the
/// last and lowest is left to ring.
struct Strung {
    ratio: f64,
    plucked: f64,
    level: f64,
    side: f64,
}

const TANPURA_STRINGS: [Strung; 4] = [
    Strung { ratio: 0.75, plucked: 0.0, level: 0.85, side: 0.46 },
    Strung { ratio: 1.0, plucked: 0.22, level: 0.8, side: 0.64 },
    Strung { ratio: 1.0018, plucked: 0.42, level: 0.8, side: 0.36 },
    Strung { ratio: 0.5, plucked: 0.62, level: 1.0, side: 0.5 },
];

/// A finger strokes the string rather than picks it.
const PLUCK_ATTACK: Millis = Millis(70);

/// A pluck is heard this long: one round of the strings and a little, for the finger that plucks a string
/// stops what it still sang. (Left to ring, old and new would meet in chance phase and now and then cancel.)
const PLUCK_LENGTH: Millis = Millis(6_000);

/// Length of the fade as the finger stops it.
const PLUCK_STOP_FADE: Millis = Millis(400);

/// Harmonics above this are left out; real ones are weak there, and a bed must not hiss.
const MAX_HARMONIC_HZ: f64 = 4200.0;

/// Samples for which the level of a harmonic moves in a straight line.
const LEVEL_STEP_FRAMES: usize = 128;

/// Echoes off the walls: milliseconds to the left ear, to the right ear, and level. The sides take turns in
/// being first, so that the low tones do not lean.
const WALL_ECHOES: [(u64, u64, f32); 4] = [(13, 17, 0.2), (27, 22, 0.16), (38, 43, 0.13), (61, 56, 0.1)];

const PLUCK_CHANCE: Noise = Noise::new(0x7461_6E70_7572_6101);

pub(super) fn tanpura(length: Frames, rate: SampleRate) -> Vec<Frame> {
    let mut circle = Circle::new(length);
    for (number, string) in (0..).zip(&TANPURA_STRINGS) {
        let note = pluck(number, SA_HZ * string.ratio, rate);
        let (right, left) = libm::sincos(std::f64::consts::FRAC_PI_2 * string.side);
        for round in 0..ROUNDS_A_LOOP {
            // No hand is a machine: each pluck is up to 30 ms and 10 % away from the last one's place.
            let chance = |which: u64| f64::from(PLUCK_CHANCE.signed((round * 4 + number) * 2 + which));
            let start = (round as f64 + string.plucked) / ROUNDS_A_LOOP as f64 * length.0 as f64;
            let at = start + (chance(0) + 1.0) * 0.015 * f64::from(rate.hz());
            let level = string.level * (1.0 + 0.1 * chance(1));
            circle.add(at as u64, note.iter().copied(), (level * left) as f32, (level * right) as f32);
        }
    }
    with_room(circle.into_frames(), rate)
}

/// One pluck of the string whose fundamental is `hz`, until the finger stops it.
pub(super) fn pluck(string: u64, hz: f64, rate: SampleRate) -> Vec<f32> {
    let mut note = vec![0.0_f32; PLUCK_LENGTH.to_frames(rate).as_usize()];
    let highest = MAX_HARMONIC_HZ.min(0.45 * f64::from(rate.hz()));
    let numbers = (1..).take_while(|&number| f64::from(number) * hz < highest);
    let mut harmonics: Vec<_> = numbers.map(|number| Harmonic::new(string, number, hz, rate)).collect();
    let (threes, last) = harmonics.as_chunks_mut::<3>();
    threes.iter_mut().for_each(|three| add(&mut note, three, rate));
    last.iter_mut().for_each(|harmonic| add(&mut note, std::array::from_mut(harmonic), rate));
    let attack = PLUCK_ATTACK.to_frames(rate).0;
    for (at, sample) in (0..attack).zip(&mut note) {
        *sample *= raised_cosine(at, attack);
    }
    fade_out(&mut note, PLUCK_STOP_FADE.to_frames(rate));
    note
}

/// Adds harmonics of a string. They turn in one loop: each waits for its own last turn, and a processor does several
/// in the time of one.
fn add<const N: usize>(note: &mut [f32], harmonics: &mut [Harmonic; N], rate: SampleRate) {
    let levels_at = |harmonics: &[Harmonic; N], at: usize| {
        harmonics.each_ref().map(|harmonic| harmonic.level(at as f64 / f64::from(rate.hz())))
    };
    let mut from = levels_at(harmonics, 0);
    let mut turning = harmonics.each_ref().map(|harmonic| harmonic.phasor);
    for (number, stretch) in note.chunks_mut(LEVEL_STEP_FRAMES).enumerate() {
        let to = levels_at(harmonics, (number + 1) * LEVEL_STEP_FRAMES);
        let mut levels =
            std::array::from_fn::<_, N, _>(|n| (from[n], (to[n] - from[n]) / LEVEL_STEP_FRAMES as f64));
        for sample in stretch {
            for (phasor, (level, step)) in turning.iter_mut().zip(&mut levels) {
                *sample += (phasor.next() * *level) as f32;
                *level += *step;
            }
        }
        from = to;
    }
}

/// One harmonic of a string that was plucked.
struct Harmonic {
    phasor: Phasor,
    /// Of its string, in Hz.
    fundamental: f64,
    number: f64,
    chance: f64,
    /// At the pluck, without the bridge.
    start: f64,
    t60_s: f64,
}

impl Harmonic {
    fn new(string: u64, number: u32, hz: f64, rate: SampleRate) -> Self {
        let chance = f64::from(PLUCK_CHANCE.unit(1000 + string * 100 + u64::from(number)));
        let number = f64::from(number);
        Self {
            phasor: Phasor::new(number * hz, 1.0, chance, f64::INFINITY, rate),
            fundamental: hz,
            number,
            chance,
            // The string itself: falls with the number, high harmonics die sooner, but slowly for a string.
            start: libm::pow(number, -1.1),
            t60_s: 17.0 * libm::pow(number, -0.3),
        }
    }

    /// Its amplitude, `seconds` after the pluck.
    fn level(&self, seconds: f64) -> f64 {
        let string = self.start * libm::exp(-std::f64::consts::LN_10 * 3.0 * seconds / self.t60_s);
        // The bridge: a bright region an octave wide that walks down from some 2.6 kHz to 500 Hz.
        let centre = (500.0 + 2100.0 * libm::exp(-seconds / 1.3)) / self.fundamental;
        let away = libm::log2(self.number / centre) / 0.55;
        let bridge = 1.0 + 4.0 * libm::exp(-away * away / 2.0);
        // The string swings in two planes that are not quite alike: every harmonic beats at its own slow rate.
        let beat_hz = 0.25 + 0.9 * self.chance;
        let planes = 1.0 + 0.3 * libm::cos(std::f64::consts::TAU * (beat_hz * seconds + self.chance * 7.0));
        string * bridge * planes
    }
}

/// A few early answers of the room, each side its own, taken round the circle so that the loop stays whole.
fn with_room(dry: Vec<Frame>, rate: SampleRate) -> Vec<Frame> {
    let mut wet = dry.clone();
    for (left_ms, right_ms, level) in WALL_ECHOES {
        let behind = |ms| Millis(ms).to_frames(rate).as_usize() % dry.len();
        let (left, right) = (behind(left_ms), behind(right_ms));
        let from = |delay: usize| dry[dry.len() - delay..].iter().chain(&dry[..dry.len() - delay]);
        // From the other side of the instrument: what comes late from the left was sent to the right.
        for ((frame, to_left), to_right) in wet.iter_mut().zip(from(left)).zip(from(right)) {
            *frame += Frame::new(to_left.right * level, to_right.left * level);
        }
    }
    wet
}
