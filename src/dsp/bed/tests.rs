//! Do the beds go round unheard, and do they sound like what they are called?

use super::*;
use crate::dsp::measure::{Spectrum, amplitude_at, db, loudest_hz, rms, slope};

/// High enough for rain and the tanpura, low enough to measure quickly.
const RATE: SampleRate = match SampleRate::new(16_000) {
    Some(rate) => rate,
    None => SampleRate::HZ_48000,
};

/// 50 ms.
const WINDOW: usize = 800;

fn channels(frames: &[Frame]) -> [Vec<f32>; 2] {
    [frames.iter().map(|f| f.left).collect(), frames.iter().map(|f| f.right).collect()]
}

/// Two rounds, turned so that the seam lies in the middle.
fn across_the_seam(channel: &[f32]) -> Vec<f32> {
    let half = channel.len() / 2;
    [&channel[half..], &channel[..half]].concat()
}

/// The level in dB of each window of a stretch of `windows` windows with its middle at `middle`.
fn levels(samples: &[f32], middle: usize, windows: usize) -> Vec<f64> {
    let start = middle - windows * WINDOW / 2;
    samples[start..start + windows * WINDOW].chunks(WINDOW).map(|window| db(rms(window))).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The step over the seam, against the RMS of all steps of the round.
fn seam_step(channel: &[f32]) -> f64 {
    let steps: Vec<f32> = channel.windows(2).map(|pair| pair[1] - pair[0]).collect();
    f64::from((channel[0] - channel[channel.len() - 1]).abs()) / rms(&steps)
}

#[test]
fn no_step_at_the_seam_is_larger_than_those_everywhere() {
    for kind in BedKind::ALL {
        for channel in channels(&bed_loop(kind, RATE)) {
            assert!(seam_step(&channel) < 4.0, "{kind:?}: {}", seam_step(&channel));
        }
    }
}

#[test]
fn the_steps_over_many_seams_of_brown_noise_are_those_of_any_place() {
    // One seam may be small by chance, ten cannot: noise that began anew at each would be off by 5 to 12.
    let rates = [16_000, 22_050, 32_000, 44_100, 48_000];
    let steps: Vec<f64> = rates
        .iter()
        .flat_map(|&hz| channels(&bed_loop(BedKind::BrownNoise, SampleRate::new(hz).unwrap())))
        .map(|channel| seam_step(&channel))
        .collect();
    let power = mean(&steps.iter().map(|step| step * step).collect::<Vec<_>>());
    assert!(power.sqrt() < 2.0, "{steps:.1?}");
}

#[test]
fn noise_is_as_loud_at_the_seam_as_elsewhere() {
    for kind in [BedKind::BrownNoise, BedKind::Rain] {
        for channel in channels(&bed_loop(kind, RATE)) {
            let turned = across_the_seam(&channel);
            let all: Vec<f64> = channel.chunks_exact(WINDOW).map(|window| db(rms(window))).collect();
            let seam = mean(&levels(&turned, turned.len() / 2, 20));
            assert!((seam - mean(&all)).abs() < 1.0, "{kind:?}: {seam:.1} dB, not {:.1}", mean(&all));
        }
    }
}

#[test]
fn the_tanpura_begins_its_round_at_the_seam_as_it_begins_every_other() {
    for channel in channels(&bed_loop(BedKind::Tanpura, RATE)) {
        let turned = across_the_seam(&channel);
        let (seam, round) = (turned.len() / 2, turned.len() / 6);
        let starts: Vec<f64> = [-2, -1, 1, 2]
            .map(|n: isize| mean(&levels(&turned, seam.saturating_add_signed(n * round as isize), 20)))
            .to_vec();
        let (least, most) = starts.iter().fold((f64::MAX, f64::MIN), |m, &s| (m.0.min(s), m.1.max(s)));
        let found = mean(&levels(&turned, seam, 20));
        assert!(found > least - 1.0 && found < most + 1.0, "{found:.1} dB, others {starts:.1?}");
    }
}

#[test]
fn brown_noise_falls_by_six_decibels_an_octave() {
    for channel in channels(&bed_loop(BedKind::BrownNoise, SampleRate::HZ_48000)) {
        let spectrum = Spectrum::of(&channel, SampleRate::HZ_48000);
        let density = |low: f64| spectrum.band_db(low, 2.0 * low) - 10.0 * libm::log10(low);
        let octaves = [125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0].map(density);
        let fall = slope(&(0..).map(f64::from).zip(octaves).collect::<Vec<_>>());
        assert!((fall + 6.0).abs() < 0.3, "{fall:.2} dB an octave");
    }
}

#[test]
fn rain_is_a_hiss_without_rumble_and_without_a_whistle() {
    for channel in channels(&bed_loop(BedKind::Rain, SampleRate::HZ_48000)) {
        let spectrum = Spectrum::of(&channel, SampleRate::HZ_48000);
        let octave = |low: f64| spectrum.band_db(low, 2.0 * low);
        let hiss = [500.0, 1000.0, 2000.0, 4000.0].map(octave);
        assert!(hiss.iter().all(|level| (level - hiss[1]).abs() < 3.0), "{hiss:.1?}");
        assert!(octave(60.0) < hiss[1] - 10.0 && octave(10_000.0) < hiss[1]);
    }
}

/// How far the third loudest of all 20 ms lies over the middle one, at the loudest of some low frequencies.
fn standing_out_db(samples: &[f32]) -> f64 {
    let mut levels: Vec<f64> = samples
        .chunks_exact(320)
        .map(|stretch| (6..17).map(|n| amplitude_at(stretch, RATE, 100.0 * f64::from(n))).fold(0.0, f64::max))
        .collect();
    levels.sort_by(f64::total_cmp);
    db(levels[levels.len() - 3] / levels[levels.len() / 2])
}

#[test]
fn single_drops_stand_out_of_the_rain() {
    let length = loop_length(BedKind::Rain.length(), RATE);
    let [hiss, _] = channels(&rain::hiss(length, [5, 6].map(crate::dsp::Noise::new), RATE));
    let hiss = standing_out_db(&hiss);
    for channel in channels(&bed_loop(BedKind::Rain, RATE)) {
        let rain = standing_out_db(&channel);
        assert!(rain > hiss + 4.0, "{rain:.1} dB, hiss alone {hiss:.1} dB");
    }
}

#[test]
fn the_tanpura_sounds_pa_and_both_sas() {
    let [left, right] = channels(&bed_loop(BedKind::Tanpura, RATE));
    let middle: Vec<f32> = left.iter().zip(&right).map(|(l, r)| l + r).collect();
    // Each just after its own pluck: Pa, the tonic, the tonic an octave lower.
    for (from_s, hz) in [(0.1, 103.95), (1.4, 138.6), (3.7, 69.3)] {
        let start = (from_s * 16_000.0) as usize;
        let found = loudest_hz(&middle[start..start + 16_000], RATE, hz * 0.9, hz * 1.12);
        assert!((found / hz - 1.0).abs() < 0.01, "{found:.1} Hz instead of {hz}");
    }
}

#[test]
fn beds_are_wide_but_not_hollow() {
    for kind in BedKind::ALL {
        let frames = bed_loop(kind, RATE);
        let [left, right] = channels(&frames);
        let both = left.iter().zip(&right).map(|(l, r)| f64::from(l * r)).sum::<f64>();
        let correlation = both / (rms(&left) * rms(&right) * left.len() as f64);
        assert!((0.05..0.98).contains(&correlation), "{kind:?}: correlation {correlation:.2}");
        assert!(
            (db(rms(&left)) - db(rms(&right))).abs() < 1.0,
            "{kind:?} leans: {:.1} {:.1} dB",
            db(rms(&left)),
            db(rms(&right))
        );
    }
}

#[test]
fn beds_are_sound_at_every_rate() {
    for hz in [1000, 11_025, 44_100, 48_000] {
        let rate = SampleRate::new(hz).unwrap();
        for kind in BedKind::ALL {
            let frames = bed_loop(kind, rate);
            let seconds = frames.len() as f64 / f64::from(hz);
            assert!(
                (29.0..41.0).contains(&seconds) && frames.len().is_multiple_of(1152),
                "{kind:?} {hz} Hz: {seconds} s"
            );
            let peak = frames.iter().fold(0.0_f32, |peak, frame| peak.max(frame.peak()));
            assert!(frames.iter().all(|f| f.left.is_finite() && f.right.is_finite()));
            assert!((peak - BED_PEAK).abs() < 1e-6, "{kind:?} {hz} Hz: peak {peak}");
            for channel in channels(&frames) {
                let mean = channel.iter().map(|&s| f64::from(s)).sum::<f64>() / channel.len() as f64;
                assert!(mean.abs() < 1e-6, "{kind:?} {hz} Hz: 0 Hz at {mean}");
                assert!(rms(&channel) > 0.02, "{kind:?} {hz} Hz is hardly there");
            }
        }
    }
}

#[test]
fn a_bed_stays_at_its_level() {
    for (kind, spread_db) in [(BedKind::BrownNoise, 2.5), (BedKind::Rain, 2.5), (BedKind::Tanpura, 5.5)] {
        for channel in channels(&bed_loop(kind, RATE)) {
            // Over 400 ms, the window of momentary loudness (ITU-R BS.1771).
            let all = db(rms(&channel));
            for stretch in channel.chunks_exact(6400) {
                let level = db(rms(stretch));
                assert!((level - all).abs() < spread_db, "{kind:?}: {level:.1} dB, mean {all:.1}");
            }
        }
    }
}

#[test]
fn the_brightness_of_a_pluck_walks_down() {
    let note = tanpura::pluck(3, 69.3, RATE);
    let brightness = |from_s: f64| {
        let stretch = &note[(from_s * 16_000.0) as usize..][..8192];
        let spectrum = Spectrum::of(stretch, RATE);
        spectrum.band_db(1200.0, 4200.0) - spectrum.band_db(60.0, 1200.0)
    };
    let walk = [0.2, 1.0, 2.0, 4.0].map(brightness);
    assert!(walk.windows(2).all(|pair| pair[0] > pair[1] + 3.0), "{walk:.1?}");
}

#[test]
fn a_pluck_is_stroked_not_picked() {
    let note = tanpura::pluck(3, 69.3, RATE);
    let level = |from_ms: usize| rms(&note[from_ms * 16..(from_ms + 5) * 16]);
    assert!(note[0] == 0.0 && level(0) < level(80) / 30.0 && level(20) < level(80) / 2.0);
}

#[test]
fn the_same_bed_is_the_same_frames() {
    for kind in BedKind::ALL {
        assert_eq!(bed_loop(kind, RATE), bed_loop(kind, RATE), "{kind:?}");
    }
}

#[test]
fn beds_are_found_by_their_names() {
    for kind in BedKind::ALL {
        assert_eq!(BedKind::from_name(kind.name()), Some(kind));
    }
    assert_eq!(BedKind::from_name("brown noise"), None);
}
