//! FLAC, MP3, Ogg Vorbis, M4A, AIFF: everything that symphonia knows.

use std::fs::File;
use std::io::Cursor;

use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

use super::{Declared, Decoded, deinterleave};
use crate::units::{Frames, SampleRate};

pub(super) fn decode(bytes: Vec<u8>) -> Result<Decoded, String> {
    let mut format = opened(Box::new(Cursor::new(bytes)))?;
    let track = format.default_track(TrackType::Audio).ok_or("there is no sound in it")?;
    let (id, declared) = (track.id, track.num_frames);
    let parameters =
        track.codec_params.as_ref().and_then(|p| p.audio()).ok_or("its codec is not known")?.clone();
    let decoder =
        symphonia::default::get_codecs().make_audio_decoder(&parameters, &AudioDecoderOptions::default());
    let mut decoder = decoder.map_err(|error| error.to_string())?;
    let mut samples = Vec::new();
    let mut spec = None;
    while let Some(packet) = next_packet(format.as_mut())? {
        if packet.track_id != id {
            continue;
        }
        let decoded = decoder.decode(&packet).map_err(|error| format!("it is broken: {error}"))?;
        let this = (decoded.spec().rate(), decoded.spec().channels().count());
        if *spec.get_or_insert(this) != this {
            return Err("its rate or its channels change in the middle".to_owned());
        }
        let from = samples.len();
        samples.resize(from + decoded.samples_interleaved(), 0.0);
        decoded.copy_to_slice_interleaved(&mut samples[from..]);
    }
    let (hz, channels) = spec.ok_or("there is no sound in it")?;
    let read = (samples.len() / channels.max(1)) as u64;
    // A file that was cut off ends without an error, only early.
    if let Some(declared) = declared.filter(|declared| read < *declared) {
        return Err(format!("it ends after {read} of {declared} frames"));
    }
    let rate = SampleRate::new(hz).ok_or("its sample rate is zero")?;
    Ok(Decoded { channels: deinterleave(&samples, channels), rate })
}

/// What the header says, of a format that counts its frames.
pub(super) fn declared(file: File) -> Option<Declared> {
    let format = opened(Box::new(file)).ok()?;
    let track = format.default_track(TrackType::Audio)?;
    let parameters = track.codec_params.as_ref()?.audio()?;
    let channels = parameters.channels.as_ref()?.count();
    let rate = SampleRate::new(parameters.sample_rate?)?;
    (1..=2).contains(&channels).then_some(Declared { frames: Frames(track.num_frames?), rate })
}

fn opened(source: Box<dyn MediaSource>) -> Result<Box<dyn FormatReader>, String> {
    let stream = MediaSourceStream::new(source, MediaSourceStreamOptions::default());
    let probe = symphonia::default::get_probe();
    probe
        .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|_| "no sound format that nidra knows".to_owned())
}

fn next_packet(format: &mut dyn FormatReader) -> Result<Option<symphonia::core::packet::Packet>, String> {
    match format.next_packet() {
        Ok(packet) => Ok(packet),
        Err(Error::IoError(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(format!("it is broken: {error}")),
    }
}
