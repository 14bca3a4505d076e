//! FLAC, MP3, Ogg Vorbis, M4A, AIFF: everything that symphonia knows.
//!
//! Any stretch of a file can be decoded by itself, and is to the bit what it is within the whole: packets say or show
//! where they are, and soon depend on none before them. Measured with files of ffmpeg and of our own: WAV (PCM, ADPCM,
//! A-law), AIFF, FLAC, Ogg Vorbis, ALAC, MP3. Of AAC it is so but for the noise that its decoder makes, which goes on
//! from packet to packet. Some files do not say how long they are; their packets are counted, which takes a hundredth of
//! the time to decode them.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use symphonia::core::codecs::audio::well_known::{CODEC_ID_AAC, CODEC_ID_MP3};
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::well_known::FORMAT_ID_ADTS;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, Track, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, TimeBase, Timestamp};

use super::{Decoded, deinterleave, ended, too_many};
use crate::units::{Frames, SampleRate};

/// No sound is longer: two months at the highest rate of recorders. Files can say more, to overflow sums.
const MAX_LENGTH: Frames = Frames(1 << 40);

/// Samples of a file that has to be held whole: so many, and so many more for each of its bytes. Speech has 16 for a byte
/// at 4 kbit/s; what has more is made to fill the memory.
const MAX_SAMPLES: usize = 12 << 20;
const MAX_SAMPLES_A_BYTE: usize = 16;

/// A sound file whose packets are decoded one after another.
pub(super) struct Reader {
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    /// The number of frames that it says it has; `None` if it does not say, and that would be a guess.
    said: Option<u64>,
    /// Its rate and its channels, as the first packet has them.
    spec: Option<(u32, usize)>,
}

/// The properties of a file that are known without decoding it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outline {
    pub(crate) rate: SampleRate,
    pub(crate) length: Frames,
    pub(crate) channels: usize,
    pub(super) stretches: Stretches,
}

/// The dependence of a stretch of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stretches {
    /// On its place alone.
    AreOfTheWhole,
    /// On where its decoder began, too.
    DependOnTheirBeginning,
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
            track.codec_params.as_ref().and_then(|p| p.audio()).ok_or("its codec is not known")?;
        // Bare packets of AAC say nothing, nor does an MP3 without a header of LAME's kind.
        let is_adts = format.format_info().format == FORMAT_ID_ADTS;
        let is_guessed = is_adts || parameters.codec == CODEC_ID_MP3 && track.delay.is_none();
        let said = track.num_frames.filter(|_| !is_guessed);
        Ok(Self { track: track.id, said, decoder: decoder(parameters)?, format, spec: None })
    }

    /// Returns the properties of the file, if a stretch of it can be decoded by itself.
    ///
    /// # Errors
    /// In words, if its packets have to be counted and one is broken.
    pub(super) fn outline(&mut self) -> Result<Option<Outline>, String> {
        let Some(outline) = self.without_length() else { return Ok(None) };
        if outline.stretches == Stretches::DependOnTheirBeginning && !self.begins_as_it_says(&outline)? {
            return Ok(None);
        }
        let length = match self.said {
            Some(said) => Frames(said),
            None => self.count()?,
        };
        // No reader can go to what lies behind the end that is guessed of it, but for the second that is decoded
        // before.
        let guessed = self.default_track().and_then(|track| track.num_frames);
        let is_reached = length <= MAX_LENGTH
            && guessed.is_none_or(|guessed| length.0 <= guessed + u64::from(outline.rate.hz()));
        Ok(is_reached.then_some(Outline { length, ..outline }))
    }

    fn without_length(&self) -> Option<Outline> {
        let track = self.default_track()?;
        let parameters = track.codec_params.as_ref()?.audio()?;
        let rate = super::rate(parameters.sample_rate?).ok()?;
        let channels = parameters.channels.as_ref()?.count();
        // Packets are to say in frames where they are.
        let is_in_frames =
            track.time_base.is_none_or(|base| Some(base) == TimeBase::try_from_recip(rate.hz()));
        let stretches = match parameters.codec {
            CODEC_ID_AAC => Stretches::DependOnTheirBeginning,
            _ => Stretches::AreOfTheWhole,
        };
        is_in_frames.then_some(Outline { rate, channels, stretches, length: Frames::ZERO })
    }

    /// True if what is decoded has the rate and the channels that the file tells. Of HE-AAC only the lower half is
    /// decoded.
    fn begins_as_it_says(&mut self, outline: &Outline) -> Result<bool, String> {
        let Some(packet) = self.packet()? else { return Ok(false) };
        self.decode(&packet, &mut Vec::new())?;
        self.seek(Frames::ZERO)?;
        Ok(self.spec == Some((outline.rate.hz(), outline.channels)))
    }

    /// Counts the frames that all of its packets hold.
    fn count(&mut self) -> Result<Frames, String> {
        let mut frames = Frames::ZERO;
        while let Some(packet) = self.packet()? {
            frames += Frames(packet.dur.get());
        }
        self.seek(Frames::ZERO)?;
        Ok(frames)
    }

    fn default_track(&self) -> Option<&Track> {
        self.format.default_track(TrackType::Audio)
    }

    /// The next packet; `None` after the last one.
    pub(super) fn packet(&mut self) -> Result<Option<Packet>, String> {
        loop {
            match self.format.next_packet() {
                Ok(Some(packet)) if packet.track_id != self.track => {}
                Ok(Some(mut packet)) => {
                    // What lies behind a guessed end is sound, too.
                    if self.said.is_none() {
                        packet.trim_end = Duration::ZERO;
                    }
                    return Ok(Some(packet));
                }
                Ok(None) => return Ok(None),
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

    /// Goes on, as if nothing had been decoded, with a packet that begins at `to` or before it; at nought, with the first of
    /// all.
    pub(super) fn seek(&mut self, to: Frames) -> Result<(), String> {
        let delay = self.format.tracks().iter().find(|track| track.id == self.track);
        let delay = i64::from(delay.and_then(|track| track.delay).unwrap_or(0));
        let at = if to == Frames::ZERO { -delay } else { i64::try_from(to.0).unwrap_or(i64::MAX) };
        let to = SeekTo::Timestamp { ts: Timestamp::from(at), track_id: self.track };
        self.format.seek(SeekMode::Accurate, to).map_err(broken)?;
        // A reset would leave the noise of AAC where it is.
        self.decoder = decoder(self.decoder.codec_params())?;
        Ok(())
    }
}

pub(super) fn decode(bytes: Vec<u8>) -> Result<Decoded, String> {
    let length = bytes.len();
    let most = MAX_SAMPLES + length.saturating_mul(MAX_SAMPLES_A_BYTE);
    let mut reader = Reader::open(Cursor::new(bytes), length as u64)?;
    let mut samples = Vec::new();
    while let Some(packet) = reader.packet()? {
        reader.decode(&packet, &mut samples)?;
        if samples.len() > most {
            return Err(format!("its {length} bytes hold more than {most} samples; save it as FLAC"));
        }
    }
    let (hz, channels) = reader.spec.ok_or("there is no sound in it")?;
    let rate = super::rate(hz)?;
    if channels > 2 {
        return Err(too_many(channels));
    }
    let read = (samples.len() / channels.max(1)) as u64;
    // A file that was cut off ends without an error, only early.
    if let Some(declared) = reader.said.filter(|declared| read < *declared) {
        return Err(ended(read, declared));
    }
    Ok(Decoded { channels: deinterleave(&samples, channels), rate })
}

fn decoder(parameters: &AudioCodecParameters) -> Result<Box<dyn AudioDecoder>, String> {
    let codecs = symphonia::default::get_codecs();
    codecs.make_audio_decoder(parameters, &AudioDecoderOptions::default()).map_err(|error| error.to_string())
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
