//! FLAC, MP3, Ogg Vorbis, M4A, AIFF: everything that symphonia knows.
//!
//! Any stretch of a file can be decoded by itself, and is to the bit what it is within the whole: packets say or show
//! where they are, and soon depend on none before them. Measured with files of ffmpeg and of our own: WAV (PCM, ADPCM,
//! A-law), AIFF, FLAC, Ogg Vorbis, ALAC, MP3. It is not so of AAC, whose decoder makes noise that goes on from packet to
//! packet; and without a header of LAME's kind the length of an MP3 is only guessed.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use symphonia::core::codecs::audio::well_known::{CODEC_ID_AAC, CODEC_ID_MP3};
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::Timestamp;

use super::{Decoded, deinterleave, ended};
use crate::units::{Frames, SampleRate};

/// A sound file whose packets are decoded one after another.
pub(super) struct Reader {
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    /// Its rate and its channels, as the first packet has them.
    spec: Option<(u32, usize)>,
}

/// What a file says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outline {
    pub(super) rate: SampleRate,
    pub(super) channels: usize,
    pub(super) length: Frames,
}

impl Reader {
    /// Opens a file of so many bytes.
    pub(super) fn open(file: impl Read + Seek + Send + Sync + 'static, bytes: u64) -> Result<Self, String> {
        let source = Box::new(Source { file, bytes });
        let stream = MediaSourceStream::new(source, MediaSourceStreamOptions::default());
        let probe = symphonia::default::get_probe();
        let format = probe
            .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
            .map_err(|_| "no sound format that nidra knows".to_owned())?;
        let track = format.default_track(TrackType::Audio).ok_or("there is no sound in it")?;
        let parameters =
            track.codec_params.as_ref().and_then(|p| p.audio()).ok_or("its codec is not known")?.clone();
        let decoder =
            symphonia::default::get_codecs().make_audio_decoder(&parameters, &AudioDecoderOptions::default());
        Ok(Self { track: track.id, decoder: decoder.map_err(|error| error.to_string())?, format, spec: None })
    }

    /// What the file says of itself, if any stretch of it can be decoded by itself.
    pub(super) fn outline(&self) -> Option<Outline> {
        let track = self.format.default_track(TrackType::Audio)?;
        let parameters = track.codec_params.as_ref()?.audio()?;
        let is_exact = match parameters.codec {
            CODEC_ID_AAC => false,
            CODEC_ID_MP3 => track.delay.is_some(),
            _ => true,
        };
        let outline = Outline {
            rate: SampleRate::new(parameters.sample_rate?)?,
            channels: parameters.channels.as_ref()?.count(),
            length: Frames(track.num_frames?),
        };
        is_exact.then_some(outline)
    }

    /// The next packet; `None` after the last one.
    pub(super) fn packet(&mut self) -> Result<Option<Packet>, String> {
        loop {
            match self.format.next_packet() {
                Ok(Some(packet)) if packet.track_id != self.track => {}
                Ok(packet) => return Ok(packet),
                Err(Error::IoError(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Ok(None);
                }
                Err(error) => return Err(broken(error)),
            }
        }
    }

    /// Decodes a packet and puts its samples, interleaved, after `samples`. Returns where in the file they begin.
    pub(super) fn decode(&mut self, packet: &Packet, samples: &mut Vec<f32>) -> Result<Frames, String> {
        let decoded = self.decoder.decode(packet).map_err(broken)?;
        let spec = (decoded.spec().rate(), decoded.spec().channels().count());
        if *self.spec.get_or_insert(spec) != spec {
            return Err("its rate or its channels change in the middle".to_owned());
        }
        let from = samples.len();
        samples.resize(from + decoded.samples_interleaved(), 0.0);
        decoded.copy_to_slice_interleaved(&mut samples[from..]);
        // What an encoder puts before the sound has places before nought, and is cut off.
        let begins = i128::from(packet.pts.get()) + i128::from(packet.trim_start.get());
        Ok(Frames(u64::try_from(begins).unwrap_or(0)))
    }

    /// Goes on with a packet that begins at `to` or before it; at nought, with the first of all.
    pub(super) fn seek(&mut self, to: Frames) -> Result<(), String> {
        let delay = self.format.tracks().iter().find(|track| track.id == self.track);
        let delay = i64::from(delay.and_then(|track| track.delay).unwrap_or(0));
        let at = if to == Frames::ZERO { -delay } else { i64::try_from(to.0).unwrap_or(i64::MAX) };
        let to = SeekTo::Timestamp { ts: Timestamp::from(at), track_id: self.track };
        self.format.seek(SeekMode::Accurate, to).map_err(broken)?;
        self.decoder.reset();
        Ok(())
    }
}

pub(super) fn decode(bytes: Vec<u8>) -> Result<Decoded, String> {
    let length = bytes.len() as u64;
    let mut reader = Reader::open(Cursor::new(bytes), length)?;
    let declared = reader.format.default_track(TrackType::Audio).and_then(|track| track.num_frames);
    let mut samples = Vec::new();
    while let Some(packet) = reader.packet()? {
        reader.decode(&packet, &mut samples)?;
    }
    let (hz, channels) = reader.spec.ok_or("there is no sound in it")?;
    let read = (samples.len() / channels.max(1)) as u64;
    // A file that was cut off ends without an error, only early.
    if let Some(declared) = declared.filter(|declared| read < *declared) {
        return Err(ended(read, declared));
    }
    let rate = SampleRate::new(hz).ok_or("its sample rate is zero")?;
    Ok(Decoded { channels: deinterleave(&samples, channels), rate })
}

fn broken(error: Error) -> String {
    format!("it is broken: {error}")
}

/// A file as symphonia takes it.
struct Source<F> {
    file: F,
    bytes: u64,
}

impl<F: Read> Read for Source<F> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.file.read(bytes)
    }
}

impl<F: Seek> Seek for Source<F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl<F: Read + Seek + Send + Sync> MediaSource for Source<F> {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.bytes)
    }
}
