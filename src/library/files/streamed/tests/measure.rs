//! What holds for the measurements of a long recording: they are those of what would be held.

use super::*;

#[test]
fn a_long_recording_measures_what_would_be_held() {
    for file in FILES.iter() {
        for treatment in TREATMENTS.into_iter().chain([SoundKind::Bell]) {
            let decoded = decode(file.bytes.clone()).unwrap();
            let held = shaped(decoded.frames(), treatment, file.rate);
            let expected = Measure::of(&held, treatment, decoded.length(), file.rate);
            let measured = file.long().unwrap().measure(treatment).unwrap();
            assert_eq!((measured.length, measured.rate), (expected.length, expected.rate));
            assert_eq!(measured.gain, expected.gain, "{:?} {treatment:?}", file.rate);
            let (MomentaryPower(powers), MomentaryPower(expected)) =
                (&*measured.momentary, &*expected.momentary);
            assert_eq!(powers.len(), expected.len());
            let off = powers.iter().zip(expected).map(|(power, expected)| (power - expected).abs());
            assert!(off.fold(0.0, f32::max) < 1e-6, "{:?} {treatment:?}", file.rate);
        }
    }
}

#[test]
fn with_one_core_it_measures_the_same() {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let measure = || FILES[0].long().unwrap().measure(SoundKind::Bed).unwrap();
    assert_eq!(one.install(measure), measure());
}
