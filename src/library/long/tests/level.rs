//! What holds for the level of a long recording: it is that of what would be held, and nearly so if only stretches were
//! heard.

use super::*;
use crate::meter::integrated_of;
use crate::units::{Decibels, Lufs};

/// Mono, of 24 bits.
fn wav(samples: impl Iterator<Item = f32>) -> OnDisk {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: HZ,
        bits_per_sample: 24,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
    samples.for_each(|sample| writer.write_sample((sample * 8e6) as i32).unwrap());
    writer.finalize().unwrap();
    OnDisk::new(bytes.into_inner(), HZ)
}

/// How loud the recording itself is.
fn as_recorded(Level { gain, momentary, .. }: &Level) -> Momentary {
    Momentary::clone(momentary).scaled(Gain(1.0 / gain.0))
}

#[test]
fn who_looks_thoroughly_knows_what_would_be_held() {
    for file in FILES.iter() {
        for treatment in TREATMENTS {
            let held = shaped(decode(file.bytes.clone()).unwrap().frames(), treatment, file.rate);
            let held = Level::of(&held, treatment, file.rate);
            let level = file.long().unwrap().level(treatment, Look::Thorough).unwrap();
            assert_eq!(level.heard, Heard::All);
            let off = level.gain.to_decibels().0 - held.gain.to_decibels().0;
            // Of a bed only stretches are heard for its gain.
            let most = if treatment == Treatment::Bed { 0.2 } else { 0.0 };
            assert!(off.abs() <= most, "{off} dB, {:?} {treatment:?}", file.rate);
            let (Momentary(powers), Momentary(expected)) = (as_recorded(&level), as_recorded(&held));
            assert_eq!(powers.len(), expected.len());
            let off = powers.iter().zip(&expected).map(|(power, expected)| (power - expected).abs());
            assert!(off.fold(0.0, f32::max) < 1e-6, "{:?} {treatment:?}", file.rate);
        }
    }
}

#[test]
fn at_a_glance_stretches_tell_of_all() {
    for file in FILES.iter() {
        for treatment in TREATMENTS {
            let level = |look| file.long().unwrap().level(treatment, look).unwrap();
            let (all, told) = (level(Look::Thorough), level(Look::Glance));
            assert_eq!((told.heard, told.momentary.0.len()), (Heard::Stretches, all.momentary.0.len()));
            let off = (told.gain.to_decibels().0 - all.gain.to_decibels().0).abs();
            // A track over a bed is the same whoever asks.
            let most = if treatment == Treatment::Bed { 0.0 } else { 0.2 };
            assert!(off <= most, "{off} dB, {:?} {treatment:?}", file.rate);
        }
    }
}

#[test]
fn stretches_know_loud_parts_from_soft_ones() {
    // Ten minutes, each 3 dB softer than the one before.
    let noise = crate::dsp::Noise::new(1);
    let minute = u64::from(HZ) * 60;
    let softer = |n: u64| Decibels(-3.0 * (n / minute) as f64).to_gain().0;
    let file = wav((0..10 * minute).map(|n| noise.signed(n) * softer(n)));
    for (treatment, most) in [(Treatment::Speech, 0.1), (Treatment::Bed, 0.3)] {
        let loudness =
            |look| integrated_of(&as_recorded(&file.long().unwrap().level(treatment, look).unwrap()));
        let (Lufs(told), Lufs(heard)) = (loudness(Look::Glance).unwrap(), loudness(Look::Thorough).unwrap());
        assert!((told - heard).abs() < most, "{told} for {heard}, {treatment:?}");
    }
}

#[test]
fn the_strike_of_a_long_bell_is_found_wherever_it_is() {
    // Silence, and for a tenth of a second noise.
    let noise = crate::dsp::Noise::new(1);
    let strike = 317_000..317_800;
    let sample = |n: u64| if strike.contains(&n) { noise.signed(n) * 0.1 } else { 0.0 };
    let file = wav((0..70 * u64::from(HZ)).map(sample));
    let level = file.long().unwrap().level(Treatment::Bell, Look::Glance).unwrap();
    let held = decode(file.bytes.clone()).unwrap().frames();
    assert_eq!(level.gain, Level::of(&held, Treatment::Bell, hz(HZ)).gain);
}
