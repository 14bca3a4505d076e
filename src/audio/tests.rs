//! What all who handle sound rely on: a clip reads the same however it is kept, and no two sounds are taken for one.

use std::sync::Arc;

use super::*;
use crate::digest::digest_of;
use crate::units::{Frames, Gain, Millis, Pitch, SampleRate};

/// A recording whose every frame says where it is.
#[derive(Debug)]
struct Ramp;

impl Pages for Ramp {
    fn length(&self) -> Frames {
        Frames(10)
    }

    fn read(&self, from: Frames, out: &mut [Frame]) {
        for (frame, at) in out.iter_mut().zip(from.0..) {
            *frame = Frame::mono(at as f32);
        }
    }

    fn bytes(&self) -> usize {
        0
    }

    fn fault(&self) -> Option<Fault> {
        None
    }
}

#[test]
fn a_clip_reads_the_same_however_it_is_kept() {
    let mono = ClipSound::Held(ClipFrames::Mono((0..10).map(|at| at as f32).collect()));
    let stereo = ClipSound::Held(ClipFrames::Stereo((0..10).map(|at| Frame::mono(at as f32)).collect()));
    for sound in [mono, stereo, ClipSound::Paged(Arc::new(Ramp))] {
        let clip = Clip { sound, momentary: Arc::default() };
        assert_eq!(clip.length(), Frames(10));
        let mut out = [Frame::SILENCE; 4];
        clip.read(Frames(6), &mut out);
        assert_eq!(out.map(|frame| frame.left), [6.0, 7.0, 8.0, 9.0], "{clip:?}");
        assert_eq!(out.map(|frame| frame.right), [6.0, 7.0, 8.0, 9.0], "{clip:?}");
    }
}

#[test]
fn a_word_is_a_built_in_sound_and_a_path_is_a_file() {
    let is_file = |sound: &SoundRef| matches!(sound.source, SoundSource::File(_));
    for (name, file) in [("bowl", false), ("gong.wav", true), ("sounds/gong", true), ("../gong", true)] {
        for sound in [SoundRef::bell(name, None), SoundRef::bed(name)] {
            assert_eq!((is_file(&sound), sound.name()), (file, name), "{sound:?}");
        }
    }
}

#[test]
fn no_two_sounds_have_one_digest() {
    let pitch = Some(Pitch { millihertz: 220_000 });
    let sounds = [
        SoundRef::line("bowl"),
        SoundRef::line("rain"),
        SoundRef::file(SoundKind::Speech, "a.wav"),
        SoundRef::file(SoundKind::AsIs, "a.wav"),
        SoundRef::bell("a.wav", None),
        SoundRef::bed("a.wav"),
        SoundRef::bell("bowl", None),
        SoundRef::bell("bowl", pitch),
        SoundRef::bed("bowl"),
        SoundRef::pacer(BreathPhase::In, Millis(4000)),
        SoundRef::pacer(BreathPhase::Out, Millis(4000)),
        SoundRef::pacer(BreathPhase::In, Millis(4001)),
    ];
    for (index, sound) in sounds.iter().enumerate() {
        for other in &sounds[..index] {
            assert_ne!(digest_of(sound), digest_of(other), "{sound:?} and {other:?}");
        }
    }
}

#[test]
fn momentary_power_is_counted_in_steps_of_a_tenth_of_a_second() {
    let rate = SampleRate::new(1000).unwrap();
    let windows = |length| MomentaryPower::windows(Frames(length), rate);
    assert_eq!([0, 1, 100, 101, 1000].map(windows), [0, 4, 4, 5, 13]);
    // The windows that reach over an end are left out, but for a sound that fits into none.
    let power = |count: usize| MomentaryPower((0..count).map(|at| at as f32).collect());
    assert_eq!(power(13).whole(), [3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    assert_eq!(power(4).whole(), [3.0]);
    assert!(power(0).whole().is_empty());
    assert_eq!(power(2).scaled(Gain(0.5)).0[1], 0.25);
}

#[test]
fn no_sample_is_beyond_numbers() {
    let wild = Frame::new(f32::NAN, f32::INFINITY).bounded();
    assert_eq!((wild.left, (wild.right * wild.right).is_finite()), (0.0, true));
    let tame = Frame::new(0.5, -1.5);
    assert_eq!(tame.bounded(), tame);
}
