//! WAV, read by hound.

use std::fs::File;
use std::io::{BufReader, Seek};

use super::{Declared, Decoded, deinterleave};
use crate::units::{Frames, SampleRate};

/// Why hound did not read a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum WavError {
    /// It is a WAV, and its codec is not PCM.
    Unsupported,
    /// It is broken, and this is how.
    Broken(String),
}

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, WavError> {
    let reader = hound::WavReader::new(bytes).map_err(failed)?;
    let spec = reader.spec();
    let (declared, channels) = (reader.len() as usize, usize::from(spec.channels));
    let rate = SampleRate::new(spec.sample_rate).ok_or_else(|| broken("its sample rate is zero"))?;
    let samples: Result<Vec<f32>, usize> = match spec.sample_format {
        hound::SampleFormat::Float => collect(reader.into_samples::<f32>(), |sample| sample),
        hound::SampleFormat::Int => {
            let full_scale = libm::exp2f(f32::from(spec.bits_per_sample) - 1.0);
            collect(reader.into_samples::<i32>(), move |sample| sample as f32 / full_scale)
        }
    };
    match samples {
        Ok(samples) => Ok(Decoded { channels: deinterleave(&samples, channels), rate }),
        Err(read) => Err(broken(&format!(
            "it ends after {} of {} frames",
            read / channels.max(1),
            declared / channels.max(1)
        ))),
    }
}

/// What the header says, if the file is long enough to hold it.
pub(super) fn declared(file: File) -> Option<Declared> {
    let size = file.metadata().ok()?.len();
    let reader = hound::WavReader::new(BufReader::new(file)).ok()?;
    let (spec, frames) = (reader.spec(), u64::from(reader.duration()));
    let bytes = u64::from(reader.len()) * u64::from(spec.bits_per_sample.div_ceil(8));
    let sound_from = reader.into_inner().stream_position().ok()?;
    let is_whole = sound_from + bytes <= size && (1..=2).contains(&spec.channels);
    let rate = SampleRate::new(spec.sample_rate)?;
    is_whole.then_some(Declared { frames: Frames(frames), rate })
}

/// All samples, or how many there were before the file broke off.
fn collect<S>(
    samples: impl Iterator<Item = hound::Result<S>>,
    convert: impl Fn(S) -> f32,
) -> Result<Vec<f32>, usize> {
    let mut read = Vec::new();
    for sample in samples {
        match sample {
            Ok(sample) => read.push(convert(sample)),
            Err(_) => return Err(read.len()),
        }
    }
    Ok(read)
}

fn failed(error: hound::Error) -> WavError {
    match error {
        hound::Error::Unsupported => WavError::Unsupported,
        other => broken(&other.to_string()),
    }
}

fn broken(reason: &str) -> WavError {
    WavError::Broken(reason.to_owned())
}
