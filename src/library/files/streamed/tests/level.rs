//! What holds for the level of a long recording: it is that of what would be held, and nearly so for a bed, of which
//! stretches are heard.

use super::*;
use crate::units::Decibels;

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
fn as_recorded(Level { gain, momentary }: &Level) -> MomentaryPower {
    MomentaryPower::clone(momentary.as_ref().unwrap()).scaled(Gain(1.0 / gain.0))
}

#[test]
fn who_listens_knows_what_would_be_held() {
    for file in FILES.iter() {
        for treatment in TREATMENTS {
            let held = shaped(decode(file.bytes.clone()).unwrap().frames(), treatment, file.rate);
            let held = Level::of(&held, treatment, file.rate);
            let level = file.long().unwrap().level(treatment, Ask::Loudness).unwrap();
            let off = level.gain.to_decibels().0 - held.gain.to_decibels().0;
            // Of a bed only stretches are heard for its gain.
            let most = if treatment == Treatment::Bed { 0.2 } else { 0.0 };
            assert!(off.abs() <= most, "{off} dB, {:?} {treatment:?}", file.rate);
            let (MomentaryPower(powers), MomentaryPower(expected)) =
                (as_recorded(&level), as_recorded(&held));
            assert_eq!(powers.len(), expected.len());
            let off = powers.iter().zip(&expected).map(|(power, expected)| (power - expected).abs());
            assert!(off.fold(0.0, f32::max) < 1e-6, "{:?} {treatment:?}", file.rate);
        }
    }
}

#[test]
fn who_asks_for_a_gain_alone_gets_the_same() {
    for file in FILES.iter() {
        for treatment in TREATMENTS {
            let level = |ask| file.long().unwrap().level(treatment, ask).unwrap();
            let (all, told) = (level(Ask::Loudness), level(Ask::Gain));
            assert_eq!(told.gain, all.gain, "{:?} {treatment:?}", file.rate);
            // Of a bed nothing else is heard.
            assert_eq!(told.momentary, all.momentary.filter(|_| treatment != Treatment::Bed));
        }
    }
}

#[test]
fn stretches_of_a_bed_know_loud_parts_from_soft_ones() {
    // Ten minutes, each 3 dB softer than the one before.
    let noise = crate::dsp::Noise::new(1);
    let minute = u64::from(HZ) * 60;
    let softer = |n: u64| Decibels(-3.0 * (n / minute) as f64).to_gain().0;
    let file = wav((0..10 * minute).map(|n| noise.signed(n) * softer(n)));
    let gain = |treatment| file.long().unwrap().level(treatment, Ask::Gain).unwrap().gain.to_decibels().0;
    let (told, heard) = (gain(Treatment::Bed), gain(Treatment::Speech));
    assert!((told - heard).abs() < 0.3, "{told} for {heard}");
}

#[test]
fn the_strike_of_a_long_bell_is_found_wherever_it_is() {
    // Silence, and for a tenth of a second noise.
    let noise = crate::dsp::Noise::new(1);
    let strike = 317_000..317_800;
    let sample = |n: u64| if strike.contains(&n) { noise.signed(n) * 0.1 } else { 0.0 };
    let file = wav((0..70 * u64::from(HZ)).map(sample));
    let level = file.long().unwrap().level(Treatment::Bell, Ask::Gain).unwrap();
    let held = decode(file.bytes.clone()).unwrap().frames();
    assert_eq!(level.gain, Level::of(&held, Treatment::Bell, hz(HZ)).gain);
}
