//! Do the bells sound real? The checks of a bowl that was measured, made on the samples.
//!
//! The limits are those of a real recording (see `instruments`), written out here as they were published,
//! not read from the tables under test.

use super::*;
use crate::dsp::measure::{amplitude_at, band_envelope, centroid_hz, db, loudest_hz, rms, slope};

/// High enough for the bowl's nine modes, low enough to measure quickly.
const RATE: SampleRate = match SampleRate::new(16_000) {
    Some(rate) => rate,
    None => SampleRate::HZ_48000,
};

/// The measured middles of the bowl's doublets 1-6, and Csound's seventh ratio.
const BOWL_HZ: [f64; 7] = [221.3, 616.9, 1150.6, 1801.6, 2554.3, 3393.5, 4424.0];

fn rate(hz: u32) -> SampleRate {
    SampleRate::new(hz).unwrap()
}

fn bowl() -> Box<[f32]> {
    ring(BellKind::Bowl, BellKind::Bowl.pitch_hz(), RATE)
}

fn seconds(bell: &[f32], rate: SampleRate, from: f64, to: f64) -> &[f32] {
    let at = |s: f64| ((s * f64::from(rate.hz())) as usize).min(bell.len());
    &bell[at(from)..at(to)]
}

#[track_caller]
fn check_modes(kind: BellKind, pitch_hz: f64, rate: SampleRate, published: &[f64]) {
    let bell = ring(kind, pitch_hz, rate);
    let start = seconds(&bell, rate, 0.02, 0.52);
    for &hz in published {
        let found = loudest_hz(start, rate, hz * 0.95, hz * 1.05);
        assert!((found / hz - 1.0).abs() < 0.02, "{kind:?}: {found:.1} Hz instead of {hz}");
        // A mode stands out of its surroundings; an edge of the search or a noise floor does not.
        let beside = amplitude_at(start, rate, hz * 1.06).max(amplitude_at(start, rate, hz * 0.94));
        assert!(amplitude_at(start, rate, found) > 4.0 * beside, "{kind:?}: nothing at {hz} Hz");
    }
}

#[test]
fn every_mode_lies_within_two_percent_of_what_was_measured() {
    check_modes(BellKind::Bowl, 221.3, RATE, &BOWL_HZ);
    check_modes(BellKind::Temple, 143.0, RATE, &[143.0, 319.0, 395.4]);
    check_modes(BellKind::Handbell, 1312.0, SampleRate::HZ_48000, &[1312.0, 2358.0, 3308.0, 3926.0, 4980.0]);
    check_modes(BellKind::Tingsha, 1326.0, SampleRate::HZ_48000, &[1326.0, 3618.0, 6738.0]);
}

#[test]
fn another_pitch_moves_every_mode() {
    check_modes(BellKind::Bowl, 110.65, RATE, &BOWL_HZ.map(|hz| hz / 2.0));
    check_modes(BellKind::Bowl, 331.95, SampleRate::HZ_48000, &BOWL_HZ.map(|hz| hz * 1.5));
}

/// The beat of the mode at `hz`: its rate in Hz and its depth, (most - least) / (most + least).
fn beat(bell: &[f32], hz: f64) -> (f64, f64) {
    let hop = 40;
    let step_s = f64::from(hop as u32) / f64::from(RATE.hz());
    let envelope = band_envelope(seconds(bell, RATE, 0.5, 6.0), RATE, hz, 0.06 * hz, hop);
    let points: Vec<_> = (0..).map(f64::from).zip(envelope.iter().map(|e| libm::log(*e))).collect();
    let decay = slope(&points);
    let level: Vec<f64> =
        envelope.iter().enumerate().map(|(n, e)| e * libm::exp(-decay * n as f64)).collect();
    let (least, most) = level.iter().fold((f64::MAX, 0.0_f64), |m, &e| (m.0.min(e), m.1.max(e)));
    let middle = (least + most) / 2.0;
    let rises: Vec<usize> =
        (1..level.len()).filter(|&n| level[n - 1] < middle && level[n] >= middle).collect();
    let span = (rises[rises.len() - 1] - rises[0]) as f64 * step_s;
    ((rises.len() - 1) as f64 / span, (most - least) / (most + least))
}

#[test]
fn the_first_four_modes_of_the_bowl_beat() {
    let bell = bowl();
    for (hz, measured) in BOWL_HZ.into_iter().zip([2.23, 8.1, 5.9, 11.4]) {
        let (rate, depth) = beat(&bell, hz);
        assert!((0.002..=0.0135).contains(&(rate / hz)), "{hz} Hz: split {:.4}", rate / hz);
        assert!((rate / measured - 1.0).abs() < 0.05, "{hz} Hz: {rate:.2} beats a second, not {measured}");
        assert!((0.3..=0.9).contains(&depth), "{hz} Hz: depth {depth:.2}");
    }
}

/// Seconds until the mode at `hz` is 60 dB down, from the slope of its energy.
fn t60(bell: &[f32], hz: f64, over_s: f64) -> f64 {
    let hop = RATE.hz() as usize / 10;
    let envelope = band_envelope(seconds(bell, RATE, 0.5, 0.5 + over_s), RATE, hz, 0.06 * hz, hop);
    let points: Vec<_> = envelope.iter().enumerate().map(|(n, e)| (n as f64 / 10.0, db(*e))).collect();
    -60.0 / slope(&points)
}

#[test]
fn the_bowl_rings_as_long_as_the_measured_one_and_shorter_the_higher_the_mode() {
    let bell = bowl();
    let measured = [124.0..=133.0, 54.0..=54.0, 41.0..=41.0, 32.0..=32.0, 18.0..=21.0, 12.0..=13.0];
    let found: Vec<f64> =
        BOWL_HZ.iter().zip([40.0, 20.0, 15.0, 12.0, 8.0, 6.0]).map(|(&hz, s)| t60(&bell, hz, s)).collect();
    for (found, measured) in found.iter().zip(&measured) {
        assert!(*found > measured.start() * 0.92 && *found < measured.end() * 1.08, "{found:.1} s");
    }
    let points: Vec<_> = BOWL_HZ.iter().zip(&found).map(|(hz, t)| (libm::log(*hz), libm::log(*t))).collect();
    let exponent = slope(&points);
    assert!((-0.9..=-0.6).contains(&exponent), "exponent {exponent:.2}");
}

#[test]
fn a_bell_an_octave_higher_rings_shorter_by_two_to_the_minus_point_eight() {
    let high = ring(BellKind::Bowl, 442.6, RATE);
    let ratio = t60(&high, 442.6, 20.0) / t60(&bowl(), 221.3, 40.0);
    assert!((ratio / 0.574 - 1.0).abs() < 0.05, "{ratio:.3}"); // 2^-0.8
}

#[test]
fn the_bowl_decays_and_darkens_like_the_recorded_one() {
    let bell = bowl();
    let level = |at: f64| db(rms(seconds(&bell, RATE, at, at + 1.0)));
    // RMS -8.5, -14.8, -20.9 and -30.1 dB at 0, 6, 12 and 24 s; centroid 655, 591, 500 and 328 Hz from 1 s.
    for (at, fall) in [(6.0, 6.3), (12.0, 12.4), (24.0, 21.6)] {
        let found = level(0.0) - level(at);
        assert!((found - fall).abs() < 1.5, "after {at} s {found:.1} dB down instead of {fall}");
    }
    for (at, hz) in [(1.0, 655.0), (6.0, 591.0), (12.0, 500.0), (24.0, 328.0)] {
        let found = centroid_hz(seconds(&bell, RATE, at, at + 1.1), RATE);
        assert!((found / hz - 1.0).abs() < 0.15, "centroid {found:.0} Hz instead of {hz} at {at} s");
    }
}

#[test]
fn every_bell_darkens_as_it_rings() {
    for kind in BellKind::ALL {
        let bell = ring(kind, kind.pitch_hz(), SampleRate::HZ_48000);
        let centroids: Vec<f64> = [1.0, 3.0, 6.0, 12.0]
            .map(|at| centroid_hz(seconds(&bell, SampleRate::HZ_48000, at, at + 0.7), SampleRate::HZ_48000))
            .to_vec();
        assert!(centroids.windows(2).all(|pair| pair[0] > pair[1]), "{kind:?}: {centroids:.1?}");
    }
}

#[test]
fn the_second_mode_of_the_bowl_is_the_loudest() {
    let bell = bowl();
    let start = seconds(&bell, RATE, 0.0, 2.0);
    let level = |hz: f64| db(amplitude_at(start, RATE, loudest_hz(start, RATE, hz * 0.98, hz * 1.02)));
    let [first, second, third] = [221.3, 616.9, 1150.6].map(level);
    assert!(second > first + 6.0 && second > third + 6.0, "{first:.1} {second:.1} {third:.1}");
}

#[test]
fn a_strike_rises_softly_and_never_clicks() {
    for kind in BellKind::ALL {
        for (hz, pitch) in [(11_025, 0.5), (44_100, 1.0), (48_000, 1.0), (48_000, 1.7), (96_000, 0.7)] {
            let bell = ring(kind, kind.pitch_hz() * pitch, rate(hz));
            let peak = bell.iter().fold(0.0_f32, |p, s| p.max(s.abs()));
            let onset = bell.iter().position(|s| s.abs() > 0.001).unwrap();
            let at = bell.iter().position(|s| s.abs() == peak).unwrap();
            let rise_ms = (at - onset) as f64 * 1000.0 / f64::from(hz);
            assert!((2.0..=20.0).contains(&rise_ms), "{kind:?} at {hz} Hz: {rise_ms:.1} ms");
            assert!((peak - BELL_PEAK).abs() < 1e-6 && bell[0].abs() < 0.001, "{kind:?} at {hz} Hz");
        }
    }
}

#[test]
fn nothing_folds_over_at_a_low_rate() {
    for (kind, hz) in [(BellKind::Bowl, 8000), (BellKind::Temple, 3000), (BellKind::Tingsha, 16_000)] {
        let (low, pitch) = (rate(hz), kind.pitch_hz());
        let bell = ring(kind, pitch, low);
        let later = seconds(&bell, low, 1.0, 2.0);
        let over: Vec<f64> =
            ring_ratios(kind).map(|r| r * pitch).filter(|f| *f > 0.45 * f64::from(hz)).collect();
        assert!(!over.is_empty(), "{kind:?}");
        for mode in over {
            let folded = (mode - f64::from(hz) * (mode / f64::from(hz)).round()).abs();
            // A doublet's two lie beside its middle: look there too.
            let found = loudest_hz(later, low, folded - 22.0, folded + 22.0);
            let level = db(amplitude_at(later, low, found));
            assert!(level < -75.0, "{kind:?}: {mode:.0} Hz is heard at {folded:.0} Hz, {level:.0} dB");
        }
    }
}

fn ring_ratios(kind: BellKind) -> impl Iterator<Item = f64> {
    kind.instrument().modes.iter().map(|mode| mode.ratio)
}

#[test]
fn a_bell_sounds_the_same_at_every_rate() {
    let level = |hz: u32| {
        let bell = ring(BellKind::Bowl, 221.3, rate(hz));
        db(rms(seconds(&bell, rate(hz), 1.0, 5.0)))
    };
    let usual = level(48_000);
    for hz in [16_000, 44_100, 96_000] {
        assert!((level(hz) - usual).abs() < 0.5, "{hz} Hz: {:.2} dB, not {usual:.2}", level(hz));
    }
}

#[test]
fn a_bell_ends_by_a_fade_when_it_can_no_longer_be_heard() {
    for kind in BellKind::ALL {
        let bell = ring(kind, kind.pitch_hz(), RATE);
        let length_s = bell.len() as f64 / f64::from(RATE.hz());
        let fade = seconds(&bell, RATE, length_s - 1.5, length_s);
        assert!(fade.iter().all(|s| s.abs() < 0.001), "{kind:?} is over -60 dBFS in its last fade");
        let before = db(rms(seconds(&bell, RATE, length_s - 2.5, length_s - 1.5)));
        assert!((-80.0..-60.0).contains(&before), "{kind:?} is at {before:.1} dB before its last fade");
        assert_eq!(*bell.last().unwrap(), 0.0);
        let tenths: Vec<f64> = fade.chunks(1600).map(rms).collect();
        assert!(tenths[14] < tenths[7] / 10.0 && tenths[7] < tenths[0], "{kind:?} {tenths:?}");
    }
}

#[test]
fn a_very_low_bell_is_faded_after_two_minutes() {
    let low = rate(4000);
    let bell = ring(BellKind::Bowl, 60.0, low);
    assert_eq!(bell.len(), 120 * 4000);
    assert!(rms(seconds(&bell, low, 104.0, 105.0)) > 0.001);
    assert!(rms(seconds(&bell, low, 119.5, 120.0)) < 1e-4);
}

#[test]
fn the_same_bell_is_the_same_samples() {
    for kind in BellKind::ALL {
        assert_eq!(ring(kind, 440.0, RATE), ring(kind, 440.0, RATE), "{kind:?}");
    }
}

#[test]
fn a_bell_that_fits_no_mode_is_empty() {
    for pitch in [8000.0, 0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(ring(BellKind::Bowl, pitch, RATE).is_empty(), "{pitch}");
    }
}

#[test]
fn bells_are_found_by_their_names() {
    for kind in BellKind::ALL {
        assert_eq!(BellKind::from_name(kind.name()), Some(kind));
    }
    assert_eq!(BellKind::from_name("gong"), None);
}
