//! Momentary and integrated loudness.

use ebur128::{Channel, EbuR128, Mode};

use crate::audio::{ChannelLayout, ClipFrames, Frame, MomentaryPower};
use crate::units::{Frames, Lufs, SampleRate};

/// From one window to the next.
const STEP_MS: u32 = 1000 / MomentaryPower::A_SECOND;

/// Frames that are interleaved at a time.
const CHUNK_FRAMES: usize = 4096;

/// The offset in dB that takes off the weighting filter's gain at 1 kHz (ITU-R BS.1770-5, annex 1, equation 2).
const OFFSET: f64 = -0.691;

/// No block under this counts (BS.1770-5, annex 1: the absolute gate).
pub const ABSOLUTE_GATE: Lufs = Lufs(-70.0);

/// Nor one that lies this far under the mean of all that do (the relative gate).
const RELATIVE_GATE: f64 = -10.0;

/// Measures the momentary power of a sound as it comes, in stretches of any length: of a sound of hours it holds no more
/// than what it says at the end.
pub struct Meter {
    meter: EbuR128,
    layout: ChannelLayout,
    rate: SampleRate,
    /// The frames that it has heard.
    heard: Frames,
    /// The power of every whole step of them.
    powers: Vec<f64>,
}

impl Meter {
    /// A meter of a sound that will be heard in a stereo mix.
    ///
    /// A mono sound goes to both speakers, so it is counted twice (`Channel::DualMono`): 3 LU louder than
    /// a mono file of the same samples.
    pub fn new(layout: ChannelLayout, rate: SampleRate) -> Self {
        let channels = u32::from(layout.channels());
        let mut meter = EbuR128::new(channels, rate.hz(), Mode::M).expect("one or two channels at a rate");
        if layout == ChannelLayout::Mono {
            meter.set_channel(0, Channel::DualMono).expect("there is a first channel");
        }
        Self { meter, layout, rate, heard: Frames::ZERO, powers: Vec::new() }
    }

    /// Hears the next frames, their samples interleaved.
    pub fn hear(&mut self, samples: &[f32]) {
        let channels = usize::from(self.layout.channels());
        let mut rest = samples;
        while !rest.is_empty() {
            let end = self.end_of(self.powers.len() + 1);
            let within = end.saturating_sub(self.heard).as_usize() * channels;
            let (now, later) = rest.split_at(within.min(rest.len()));
            self.meter.add_frames_f32(now).expect("the samples are whole frames of the meter's channels");
            self.heard += Frames((now.len() / channels) as u64);
            if self.heard == end {
                self.powers.push(self.meter.loudness_window(STEP_MS).map_or(0.0, power_of));
            }
            rest = later;
        }
    }

    /// The same of frames; of a mono sound both channels are one.
    pub fn hear_frames(&mut self, frames: &[Frame]) {
        for frames in frames.chunks(CHUNK_FRAMES) {
            let samples: Vec<f32> = match self.layout {
                ChannelLayout::Mono => frames.iter().map(|frame| frame.left).collect(),
                ChannelLayout::Stereo => frames.iter().flat_map(|frame| [frame.left, frame.right]).collect(),
            };
            self.hear(&samples);
        }
    }

    /// Returns the momentary power of what it has heard, until silence after it has passed all windows.
    pub fn finish(mut self) -> MomentaryPower {
        if self.heard > self.end_of(self.powers.len()) {
            let within = self.end_of(self.powers.len() + 1).saturating_sub(self.heard).as_usize();
            self.hear(&vec![0.0; within * usize::from(self.layout.channels())]);
        }
        // Before the sound and after it is silence, until the window holds nothing of it.
        let outside = [0.0; MomentaryPower::WINDOW - 1];
        let powers = self.powers;
        let powers = if powers.is_empty() { powers } else { [&outside, &powers[..], &outside].concat() };
        let mean = |window: &[f64]| window.iter().sum::<f64>() / MomentaryPower::WINDOW as f64;
        MomentaryPower(powers.windows(MomentaryPower::WINDOW).map(|window| mean(window) as f32).collect())
    }

    /// Returns the end of so many steps, which need not be whole numbers of frames.
    fn end_of(&self, steps: usize) -> Frames {
        Frames(steps as u64 * u64::from(self.rate.hz()) / u64::from(MomentaryPower::A_SECOND))
    }
}

/// The momentary power of a sound that is in memory.
pub fn momentary(sound: &ClipFrames, rate: SampleRate) -> MomentaryPower {
    let mut meter;
    match sound {
        ClipFrames::Mono(samples) => {
            meter = Meter::new(ChannelLayout::Mono, rate);
            meter.hear(samples);
        }
        ClipFrames::Stereo(frames) => {
            meter = Meter::new(ChannelLayout::Stereo, rate);
            meter.hear_frames(frames);
        }
    }
    meter.finish()
}

/// The integrated loudness of windows, each with its power and how often it is heard; `None` for silence.
/// The windows are asked for twice, because the relative gate is known only after the absolute one.
pub fn integrated<I: Iterator<Item = (f64, u64)>>(windows: impl Fn() -> I) -> Option<Lufs> {
    let over = |gate: f64| {
        let counted = windows().filter(|(power, _)| *power > gate);
        counted.fold((0.0, 0), |(sum, times), (power, heard)| (sum + power * heard as f64, times + heard))
    };
    let mean = |(sum, times): (f64, u64)| (times > 0).then(|| sum / times as f64);
    let absolute = power_of(ABSOLUTE_GATE.0);
    let relative = mean(over(absolute))? * libm::pow(10.0, RELATIVE_GATE / 10.0);
    mean(over(absolute.max(relative))).map(loudness)
}

/// The integrated loudness of one sound.
pub fn integrated_of(sound: &MomentaryPower) -> Option<Lufs> {
    integrated(|| sound.whole().iter().map(|power| (f64::from(*power), 1)))
}

/// The largest momentary loudness of a sound; `None` for silence.
pub fn momentary_max(MomentaryPower(windows): &MomentaryPower) -> Option<Lufs> {
    let loudest = loudness(f64::from(windows.iter().copied().fold(0.0, f32::max)));
    (loudest > ABSOLUTE_GATE).then_some(loudest)
}

/// The loudness of a power.
pub fn loudness(power: f64) -> Lufs {
    Lufs(OFFSET + 10.0 * libm::log10(power))
}

/// The power of a loudness.
pub fn power_of(loudness: f64) -> f64 {
    libm::pow(10.0, (loudness - OFFSET) / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: SampleRate = SampleRate::HZ_48000;

    /// A sine of 1 kHz at `dbfs`, `seconds` long.
    fn sine(dbfs: f64, seconds: f64) -> Vec<f32> {
        let amplitude = libm::pow(10.0, dbfs / 20.0);
        let samples = (seconds * 48_000.0) as usize;
        (0..samples)
            .map(|i| (amplitude * libm::sin(std::f64::consts::TAU * 1000.0 * i as f64 / 48_000.0)) as f32)
            .collect()
    }

    fn of(sound: &ClipFrames, rate: SampleRate) -> Option<Lufs> {
        integrated_of(&momentary(sound, rate))
    }

    fn stereo(samples: Vec<f32>) -> ClipFrames {
        ClipFrames::Stereo(samples.into_iter().map(Frame::mono).collect())
    }

    #[track_caller]
    fn check(measured: Option<Lufs>, expected: f64) {
        let Lufs(measured) = measured.unwrap();
        assert!((measured - expected).abs() <= 0.1, "{measured} for {expected}");
    }

    #[test]
    fn the_test_signals_of_the_standard_read_as_it_says() {
        // EBU Tech 3341, cases 1 to 3: within 0.1 LU.
        check(of(&stereo(sine(-23.0, 20.0)), RATE), -23.0);
        check(of(&stereo(sine(-33.0, 20.0)), RATE), -33.0);
        let gated = [sine(-36.0, 10.0), sine(-23.0, 60.0), sine(-36.0, 10.0)].concat();
        check(of(&stereo(gated), RATE), -23.0);
        check(momentary_max(&momentary(&stereo(sine(-23.0, 2.0)), RATE)), -23.0);
    }

    #[test]
    fn a_mono_sound_is_as_loud_as_the_stereo_it_becomes() {
        let tone = sine(-20.0, 3.0);
        let Lufs(both) = of(&stereo(tone.clone()), RATE).unwrap();
        check(of(&ClipFrames::Mono(tone.into()), RATE), both);
    }

    #[test]
    fn a_sound_that_comes_in_stretches_is_as_loud_as_in_one() {
        for hz in [48_000, 11_025] {
            let rate = SampleRate::new(hz).unwrap();
            let noise = crate::dsp::Noise::new(1);
            let sound: Vec<Frame> =
                (0..30_000).map(|n| Frame::new(noise.signed(n), noise.signed(n + 1) * 0.5)).collect();
            let whole = momentary(&ClipFrames::Stereo(sound.clone().into()), rate);
            for length in [1102, 4800, 7777] {
                let mut meter = Meter::new(ChannelLayout::Stereo, rate);
                sound.chunks(length).for_each(|stretch| meter.hear_frames(stretch));
                assert_eq!(meter.finish(), whole, "{length} at {hz} Hz");
            }
        }
    }

    #[test]
    fn silence_has_no_loudness_and_a_short_sound_has_one() {
        assert_eq!(of(&ClipFrames::Mono(vec![0.0; 48_000].into()), RATE), None);
        assert_eq!(of(&ClipFrames::Mono(Box::new([])), RATE), None);
        // A quarter of a block is a quarter of its power: 6 LU.
        check(of(&stereo(sine(-20.0, 0.1)), RATE), -26.0);
    }
}
