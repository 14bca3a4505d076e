//! A file's bytes to samples, whatever its format; told by its content, not by its name.

mod formats;
mod recording;
mod wav;

pub(crate) use formats::Outline;
pub(crate) use recording::Recording;

use std::cell::Cell;
use std::ops::RangeInclusive;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use super::resamplers::Resamplers;
use crate::audio::{ClipFrames, Frame};
use crate::units::{Frames, SampleRate};

/// Rates that sound has, in frames a second: from half that of a telephone to four times the highest of recorders.
const RATES: RangeInclusive<u32> = 4000..=768_000;

/// The loudest sample there is, 60 dB over full scale. A float file with louder ones was saved with another full scale,
/// as that of 16-bit numbers, and would only be guessed; what is no number at all is damage. Both are refused: made
/// silent, they would be a hole of which the author does not hear before the listener does.
const LOUDEST: f32 = 1000.0;

/// A decoded file: one or two channels at its own rate.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Decoded {
    /// One or two channels of equal length; full scale is 1.0.
    channels: Vec<Vec<f32>>,
    pub(crate) rate: SampleRate,
}

/// Decodes a file. `Err` says in words why not.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<Decoded, String> {
    guarded(|| decode_whole(bytes))
}

/// The result of a decoder. One that panics has found nonsense in its file, like one that says so.
fn guarded<T>(decode: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    silence_guarded_panics();
    GUARDED.set(true);
    // Nothing that it leaves half-done is used again.
    let result = catch_unwind(AssertUnwindSafe(decode));
    GUARDED.set(false);
    result.unwrap_or_else(|_| Err("it is broken: its decoder cannot make sense of it".to_owned()))
}

thread_local! {
    /// True on a thread that runs a decoder whose panic is an answer.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Keeps the words of a panic that is caught from the terminal; all others are printed as before.
fn silence_guarded_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                print(panic);
            }
        }));
    });
}

fn decode_whole(bytes: Vec<u8>) -> Result<Decoded, String> {
    let decoded = match (bytes.get(..4), bytes.get(8..12)) {
        (Some(b"RIFF"), Some(b"WAVE")) => wav::decode(&bytes).or_else(|error| match error {
            // WAV may hold codecs that hound does not know.
            wav::WavError::Unsupported => formats::decode(bytes),
            wav::WavError::Broken(reason) => Err(reason),
        }),
        (Some(_), _) => formats::decode(bytes),
        (None, _) => Err("it is empty".to_owned()),
    }?;
    match decoded.channels.len() {
        _ if decoded.channels.iter().all(Vec::is_empty) => Err("there is no sound in it".to_owned()),
        1 | 2 => {
            check(&decoded.channels, Frames::ZERO)?;
            Ok(decoded)
        }
        many => Err(too_many(many)),
    }
}

impl Decoded {
    /// The sound at its own rate.
    pub(crate) fn frames(&self) -> ClipFrames {
        clip_frames(self.channels.iter().map(|channel| channel.as_slice().into()))
    }

    /// Returns its length at its own rate.
    pub(crate) fn length(&self) -> Frames {
        Frames(self.channels.first().map_or(0, Vec::len) as u64)
    }

    /// The sound at the session rate.
    pub(crate) fn at(self, rate: SampleRate, resamplers: &Resamplers) -> ClipFrames {
        clip_frames(self.channels.into_iter().map(|channel| resamplers.resample(channel, self.rate, rate)))
    }
}

/// The frames of a sound from its one or two channels.
pub(crate) fn clip_frames(mut channels: impl Iterator<Item = Box<[f32]>>) -> ClipFrames {
    match (channels.next(), channels.next()) {
        (Some(left), Some(right)) => {
            ClipFrames::Stereo(left.iter().zip(&right).map(|(&l, &r)| Frame::new(l, r)).collect())
        }
        (mono, _) => ClipFrames::Mono(mono.unwrap_or_default()),
    }
}

/// Refuses samples that are no sound, of channels that begin at the frame `first` of their file.
fn check(channels: &[Vec<f32>], first: Frames) -> Result<(), String> {
    let is_sound = |sample: &f32| sample.abs() <= LOUDEST;
    let bad = channels.iter().flatten().filter(|sample| !is_sound(sample)).count();
    let at = channels.iter().filter_map(|channel| channel.iter().position(|sample| !is_sound(sample))).min();
    match at {
        None => Ok(()),
        Some(at) => Err(format!(
            "samples that are no numbers, or over 60 dB above full scale: {bad}, the first at frame {}; save it again \
             with full scale at 1.0",
            first.0 + at as u64
        )),
    }
}

/// A rate that sound can have.
fn rate(hz: u32) -> Result<SampleRate, String> {
    SampleRate::new(hz).filter(|_| RATES.contains(&hz)).ok_or_else(|| {
        format!("its sample rate is {hz} Hz, and sound has {} to {} Hz", RATES.start(), RATES.end())
    })
}

fn too_many(channels: usize) -> String {
    format!("it has {channels} channels; mix it down first: ffmpeg -i in.wav -ac 2 out.wav")
}

/// Says that a file holds less than it should.
fn ended(read: u64, declared: u64) -> String {
    format!("it ends after {read} of {declared} frames")
}

/// Interleaved samples, one vector a channel.
fn deinterleave(samples: &[f32], channels: usize) -> Vec<Vec<f32>> {
    (0..channels).map(|channel| samples.iter().skip(channel).step_by(channels).copied().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wav(bits: u16, format: hound::SampleFormat, channels: u16, samples: &[i32]) -> Vec<u8> {
        let spec =
            hound::WavSpec { channels, sample_rate: 48_000, bits_per_sample: bits, sample_format: format };
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        for sample in samples {
            match format {
                hound::SampleFormat::Int => writer.write_sample(*sample).unwrap(),
                hound::SampleFormat::Float => writer.write_sample(*sample as f32 / 100.0).unwrap(),
            }
        }
        writer.finalize().unwrap();
        bytes.into_inner()
    }

    #[test]
    fn every_depth_of_wav_has_the_same_full_scale() {
        use hound::SampleFormat::{Float, Int};
        let check = |bytes: Vec<u8>, channels: Vec<Vec<f32>>| {
            assert_eq!(decode(bytes), Ok(Decoded { channels, rate: SampleRate::HZ_48000 }));
        };
        check(wav(8, Int, 1, &[64, -128]), vec![vec![0.5, -1.0]]);
        check(wav(16, Int, 1, &[16_384, -32_768]), vec![vec![0.5, -1.0]]);
        check(wav(24, Int, 2, &[1 << 22, -(1 << 23)]), vec![vec![0.5], vec![-1.0]]);
        check(wav(32, Int, 1, &[1 << 30]), vec![vec![0.5]]);
        check(wav(32, Float, 1, &[50, -100]), vec![vec![0.5, -1.0]]);
    }

    #[test]
    fn what_cannot_be_decoded_says_why() {
        let whole = wav(16, hound::SampleFormat::Int, 1, &[1; 500]);
        let check = |bytes: &[u8], reason: &str| {
            let error = decode(bytes.to_vec()).unwrap_err();
            assert!(error.contains(reason), "{error}");
        };
        check(b"", "it is empty");
        let of_rate = |hz: u32| {
            let mut bytes = whole.clone();
            bytes[24..28].copy_from_slice(&hz.to_le_bytes());
            bytes[28..32].copy_from_slice(&(2 * hz).to_le_bytes());
            bytes
        };
        check(&of_rate(3999), "its sample rate is 3999 Hz, and sound has 4000 to 768000 Hz");
        check(&of_rate(768_001), "its sample rate is 768001 Hz");
        assert!(decode(of_rate(4000)).is_ok() && decode(of_rate(768_000)).is_ok());
        let floats = |samples: [f32; 4]| {
            let mut bytes = wav(32, hound::SampleFormat::Float, 2, &[0; 4]);
            let at = bytes.len() - 16;
            bytes[at..].copy_from_slice(&samples.map(f32::to_le_bytes).concat());
            bytes
        };
        assert!(decode(floats([1000.0, -1000.0, 0.0, 1e-30])).is_ok());
        check(&floats([0.5, 0.5, 0.5, f32::NAN]), "above full scale: 1, the first at frame 1;");
        check(&floats([0.5, f32::INFINITY, -3e38, 1001.0]), "above full scale: 3, the first at frame 0;");
        check(&whole[..600], "it ends after 278 of 500 frames");
        check(&whole[..30], "");
        check(&wav(16, hound::SampleFormat::Int, 1, &[]), "there is no sound in it");
        check(&wav(16, hound::SampleFormat::Int, 6, &[1; 12]), "it has 6 channels");
        check(b"This is a text, and no sound at all, however long it may go on.", "no sound format");
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_sound_or_a_reason(mut bytes in prop::collection::vec(any::<u8>(), 0..600), at in 0usize..80, kind in 0usize..6) {
            let whole_or_why = |bytes| match decode(bytes) {
                Ok(Decoded { channels, .. }) => {
                    assert!((1..=2).contains(&channels.len()) && channels.iter().all(|c| c.len() == channels[0].len()));
                    assert!(channels.concat().iter().all(|sample| sample.abs() <= LOUDEST) && !channels[0].is_empty());
                }
                Err(reason) => assert!(!reason.is_empty() && !reason.contains('\n'), "{reason:?}"),
            };
            whole_or_why(bytes.clone());
            // Bytes that begin as a format does get further.
            let starts: [&[u8]; 6] = [b"fLaC", b"OggS", b"ID3\x03", b"\xff\xfb\x90\x64", b"FORM\0\0\0\x40AIFF", b"\0\0\0\x18ftypM4A "];
            bytes.splice(..0, starts[kind].iter().copied());
            whole_or_why(bytes);
            let mut broken = wav(16, hound::SampleFormat::Int, 2, &[7; 40]);
            let at = at.min(broken.len() - 1);
            broken[at] ^= 0x55;
            whole_or_why(broken);
        }
    }
}
