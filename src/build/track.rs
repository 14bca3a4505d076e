//! One compiled track: what it sounds like, what it says about itself, what it is made of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::cover::{Cover, drawn_picture};
use super::name::name_with_folder;
use super::provenance::Provenance;
use crate::audio::SoundError;
use crate::digest::{Digest, Digested, Digester, digest_of, short_hex};
use crate::encode::{Coding, Format, Marker, Picture, Tags};
use crate::library::FsLibrary;
use crate::master::{Master, Mastering};
use crate::output::Notes;
use crate::render::Renderer;
use crate::script::Session;
use crate::sidecar::{CoverSide, ListedChapter, Sidecar, Subject, content, drawn_cover, listed_chapters};
use crate::timeline::{Bus, ClipId, Timeline};

/// One track, ready to be rendered.
pub struct Track {
    /// The name of its file, without an ending.
    pub name: String,
    /// Its folder below that of all tracks, as its script lies below `scripts/`.
    pub folder: PathBuf,
    /// The session it is made of.
    pub session: Session,
    /// Its timeline.
    pub timeline: Timeline,
    /// The coding of its files.
    pub coding: Coding,
    /// The loudness and true peak that it is brought to.
    pub mastering: Mastering,
    /// The files that are wanted beside it.
    pub with: Vec<Sidecar>,
    /// Its picture.
    pub cover: Cover,
    pub(crate) origin: TrackOrigin,
    pub(crate) library: Arc<FsLibrary>,
}

impl Track {
    /// A digest of every sound of the track, in the order of the timeline.
    pub(super) fn sounds_digest(&self) -> Digest {
        // Built-in sounds have no file; their names and the revision of the engine say all.
        let sounds = self.timeline.sounds.iter().map(|sound| (sound, self.library.digest(sound)));
        digest_of(&sounds.collect::<Vec<_>>())
    }

    /// The finished sound of the track, at random access.
    ///
    /// # Errors
    /// If a clip cannot be loaded, or is not what it was when the track was compiled.
    pub fn master(&self) -> Result<Master<'_>, SoundError> {
        Ok(Master::new(self.renderer()?, self.mastering))
    }

    /// The mix of the track, before mastering.
    ///
    /// # Errors
    /// As for [`Track::master`].
    pub fn renderer(&self) -> Result<Renderer<'_>, SoundError> {
        let clips: Vec<_> = self.timeline.sounds.par_iter().map(|sound| self.library.clip(sound)).collect();
        Ok(Renderer::new(&self.timeline, clips.into_iter().collect::<Result<_, _>>()?))
    }

    /// The finished sound of the track before any of its clips is loaded, which are to be supplied before they are
    /// heard. It is the same sound to the last bit. Sounds that were never measured are measured now, on all cores; one
    /// that cannot be had is as if it were silent.
    ///
    /// # Errors
    /// As for [`Track::master`], of a sound on the bus of the voice, which the gain follows from.
    pub fn unloaded_master(&self) -> Result<Master<'_>, SoundError> {
        let spoken = self.timeline.events.iter().filter(|event| event.bus == Bus::Voice);
        let spoken: BTreeSet<ClipId> = spoken.map(|event| event.clip).collect();
        // One at a time: rayon would give a core a quarter of hours of speech, and the other would wait for it.
        let sounds = self.timeline.sounds.par_iter().with_max_len(1).enumerate();
        let measured = sounds.map(|(index, sound)| {
            let id = ClipId(index as u32);
            match self.library.momentary(sound) {
                Err(error) if spoken.contains(&id) => Err(error),
                momentary => Ok((id, momentary.unwrap_or_default())),
            }
        });
        let measured = measured.collect::<Result<Vec<_>, SoundError>>()?;
        Ok(Master::new(Renderer::unloaded(&self.timeline).measured(measured), self.mastering))
    }

    /// Its name with that of its folder before it, for where all tracks lie in one folder.
    pub fn name_with_folder(&self) -> String {
        name_with_folder(&self.folder, &self.name)
    }

    /// The script it was compiled from, from the root of its project.
    pub fn script(&self) -> &str {
        &self.origin.script
    }

    /// The title that listeners see: the script's, and which edition it is.
    pub fn title(&self) -> String {
        let title = &self.session.meta.title;
        match &self.session.edition {
            Some(edition) => format!("{title} ({edition})"),
            None => title.clone(),
        }
    }

    /// Returns the tags of the track in a file of that format that has such files beside it, their digests by their
    /// names. WAV has no place for a picture.
    pub fn tags(&self, format: Format, with: BTreeMap<String, String>) -> Tags {
        let cover = if format == Format::Wav { None } else { self.picture(CoverSide::Embedded) };
        let provenance = Provenance { with, ..self.provenance(format) }.with_place_for_checksums();
        Tags { provenance: provenance.line(), cover, ..self.plain_tags() }
    }

    /// Returns the provenance of the track, were it rendered now.
    pub fn provenance(&self, format: Format) -> Provenance {
        let (coding, mastering, cover) = (self.coding, self.mastering, &self.cover);
        let settings = FileSettings { format, coding, mastering, tags: &self.plain_tags(), cover };
        Provenance::now(Provenance {
            script: self.origin.script.clone(),
            edition: self.session.edition.clone(),
            format: format.name().to_owned(),
            options: self.origin.options.clone(),
            with: self.sidecars().map(|kind| (kind.name().to_owned(), String::new())).collect(),
            script_digest: short_hex(&self.origin.digest),
            sounds_digest: short_hex(&self.sounds_digest()),
            settings_digest: short_hex(&digest_of(&settings)),
            ..Provenance::default()
        })
    }

    /// Its picture: the project's file as it is, or a drawn one of that size.
    pub fn picture(&self, side: CoverSide) -> Option<Picture> {
        match &self.cover {
            Cover::Bare => None,
            Cover::File(picture) => Some(picture.clone()),
            Cover::Drawn => Some(drawn_picture(drawn_cover(&self.subject(&self.title()), side))),
        }
    }

    /// The files that belong beside the track, each once; no cover for a track that wants none.
    pub fn sidecars(&self) -> impl Iterator<Item = Sidecar> {
        let wanted: BTreeSet<Sidecar> = self.with.iter().copied().collect();
        wanted.into_iter().filter(|wanted| *wanted != Sidecar::Cover || self.cover != Cover::Bare)
    }

    /// The content of a file beside the track.
    pub fn sidecar(&self, kind: Sidecar) -> Vec<u8> {
        content(kind, &self.subject(&self.title()))
    }

    /// Returns the path of a file beside the track if the track is `track_file`.
    pub fn sidecar_file(&self, kind: Sidecar, track_file: &Path) -> PathBuf {
        let [first, other] = kind.endings();
        let is_png = matches!(&self.cover, Cover::File(picture) if picture.mime == "image/png");
        track_file.with_extension(if kind == Sidecar::Cover && is_png { other } else { first })
    }

    /// Returns the paths of all files beside the track if the track is `track_file`.
    pub fn sidecar_files(&self, track_file: &Path) -> Vec<PathBuf> {
        self.sidecars().map(|kind| self.sidecar_file(kind, track_file)).collect()
    }

    fn subject<'a>(&'a self, title: &'a str) -> Subject<'a> {
        let cover = match &self.cover {
            Cover::File(picture) => Some(picture.bytes.as_slice()),
            Cover::Drawn | Cover::Bare => None,
        };
        Subject { session: &self.session, timeline: &self.timeline, track_name: &self.name, title, cover }
    }

    fn plain_tags(&self) -> Tags {
        let meta = &self.session.meta;
        let chapters = listed_chapters(&self.timeline).into_iter();
        Tags {
            title: self.title(),
            artist: meta.author.clone(),
            album: meta.album.clone(),
            track: meta.track,
            genre: meta.genre.clone(),
            comment: meta.description.clone(),
            date: meta.date.as_ref().map(|date| date.value.clone()),
            language: meta.language.clone(),
            provenance: String::new(),
            cover: None,
            chapters: chapters
                .map(|ListedChapter { start, end, title }| Marker { start, end, title })
                .collect(),
            rate: self.timeline.rate,
            length: self.timeline.length,
        }
    }
}

/// The origin of a track.
#[derive(Clone, Debug)]
pub(crate) struct TrackOrigin {
    /// The notes of its project; none of a folder that is no project, which is not littered.
    pub(crate) notes: Option<Notes>,
    /// The script, from the root of its project.
    pub(super) script: String,
    /// The options that were typed beside it.
    pub(super) options: Vec<String>,
    /// Digest of the texts of the script and its includes.
    pub(crate) digest: Digest,
}

/// All that decides about a byte of a file besides the script and its sounds.
struct FileSettings<'a> {
    format: Format,
    coding: Coding,
    mastering: Mastering,
    tags: &'a Tags,
    cover: &'a Cover,
}

impl Digested for FileSettings<'_> {
    fn digest_into(&self, to: &mut Digester) {
        let Self { format, coding, mastering, tags, cover } = self;
        // What follows from the script, the sounds and the rest of this is no setting.
        let Tags { title, artist, album, track, genre, comment, date, language, rate, .. } = tags;
        to.field("format", format.name()).field("coding", coding).field("mastering", mastering);
        to.field("title", title).field("artist", artist).field("album", album).field("track", track);
        to.field("genre", genre).field("comment", comment).field("date", date).field("language", language);
        to.field("rate", rate).field("cover", *cover);
    }
}
