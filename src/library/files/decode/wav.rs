//! WAV, read by hound.

use super::{Decoded, deinterleave, ended, too_many};

/// The reason that hound did not read a file.
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
    let rate = super::rate(spec.sample_rate).map_err(WavError::Broken)?;
    if channels > 2 {
        return Err(WavError::Broken(too_many(channels)));
    }
    let samples: Result<Vec<f32>, usize> = match spec.sample_format {
        hound::SampleFormat::Float => collect(reader.into_samples::<f32>(), |sample| sample),
        hound::SampleFormat::Int => {
            let full_scale = libm::exp2f(f32::from(spec.bits_per_sample) - 1.0);
            collect(reader.into_samples::<i32>(), move |sample| sample as f32 / full_scale)
        }
    };
    match samples {
        Ok(samples) => Ok(Decoded { channels: deinterleave(&samples, channels), rate }),
        Err(read) => {
            let frames = |samples: usize| (samples / channels.max(1)) as u64;
            Err(broken(&ended(frames(read), frames(declared))))
        }
    }
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
