//! Texts that cannot be said and sounds that cannot be had, in words: what is wrong, and what to do about it.
//!
//! Called by `measure`. Must not know lengths.

use crate::audio::SoundError;
use crate::diag::{Diagnostic, Edit, Hint, Place, Span, Spanned, did_you_mean_instead, quoted};
use crate::script::{Section, Unsaid, Wording};

/// The place at which a script asks for a sound.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SoundPlace {
    pub(crate) span: Span,
    /// Place of the words of a line, if they stand there as they are said.
    pub(crate) words: Option<Span>,
}

impl From<Span> for SoundPlace {
    fn from(span: Span) -> Self {
        Self { span, words: None }
    }
}

/// The diagnostic about a text that cannot be said.
pub(crate) fn unsaid(why: &Unsaid, span: Span, section: Option<&Section>, wording: &Wording) -> Diagnostic {
    let name = match why {
        Unsaid::NoWords(english) => {
            let language = wording.language();
            let message = format!("nidra would say \"{english}\", and this session speaks `{language}`");
            let hint = format!("add the words: `[words]` and under it `\"{english}\" = \"...\"`");
            return Diagnostic::error("no-words", span, message).hint(hint);
        }
        Unsaid::NoValue(name) => *name,
    };
    let places = section.map(|section| &section.places);
    let (why, hint) = match name {
        "side" | "other_side" => {
            let sides = "[\"left\", \"right\"]";
            let place = places.and_then(|places| places.sides.as_ref());
            let hint = Hint::from(format!("give the section `sides = {sides}`"));
            ("this section has no sides", hint.maybe_edit(place.map(|place| place.write(sides))))
        }
        "round" | "rounds" => {
            let place = places.and_then(|places| places.repeat.as_ref());
            let hint = Hint::from("give the section `repeat = 2`");
            ("nothing repeats here", hint.maybe_edit(place.map(|place| place.write("2"))))
        }
        _ => ("it is nothing here", "say it where there is time left".into()),
    };
    let message = format!("`{{{name}}}` cannot be said: {why}");
    Diagnostic::error("template-without-value", span, message).hint(hint)
}

/// The diagnostic about a missing sound; `None` if it was told already.
pub(super) fn missing(
    error: &SoundError,
    place: SoundPlace,
    voice: Option<&Place>,
    nearest_line: impl FnOnce(&str) -> Option<String>,
) -> Option<Diagnostic> {
    let (message, span) = (error.to_string(), place.span);
    Some(match error {
        SoundError::UnreadVoice { .. } => return None,
        SoundError::OfVoice { fault, file, nearest } => {
            return Some(of_voice(fault, *file, nearest.as_deref()));
        }
        SoundError::MissingLine { text } => {
            let near = nearest_line(text).map(|line| {
                let edit = place.words.map(|span| Edit { span, text: quoted(&line) });
                Hint::from(format!("the nearest line there is: \"{line}\"")).maybe_edit(edit)
            });
            Diagnostic::error("missing-line", span, message).maybe_hint(near).hint(format!(
                "record or synthesise it, and add it to the voice's voice.toml: [[clip]] text = \"{text}\""
            ))
        }
        SoundError::NoVoice { known, .. } => {
            let hint = match known {
                Some(name) => {
                    Hint::from(format!("write `voice = {}` at the top of the script", quoted(name)))
                        .maybe_edit(voice.map(|place| place.write(&quoted(name))))
                }
                None => {
                    "make a voice: a folder in sounds/voices/ with a voice.toml that names its lines".into()
                }
            };
            Diagnostic::error("missing-line", span, message).hint(hint)
        }
        SoundError::UnknownName { name, known, .. } => {
            let written = Spanned::new(name.clone(), span);
            let hint =
                did_you_mean_instead(&written, known.iter().map(String::as_str)).unwrap_or_else(|| {
                    format!("there is: {}; or a path such as \"sounds/mine.wav\"", known.join(", ")).into()
                });
            Diagnostic::error("unknown-sound", span, message).hint(hint)
        }
        SoundError::MissingFile { .. } => Diagnostic::error("missing-sound", span, message)
            .hint("the path is from the project root, as in \"sounds/mine.wav\""),
        SoundError::OutsideProject { .. } => Diagnostic::error("outside-project", span, message)
            .hint("copy the file into the project, as in \"sounds/mine.wav\""),
        SoundError::Unreadable { .. } | SoundError::Changed { .. } => {
            Diagnostic::error("unreadable-sound", span, message)
        }
    })
}

/// The diagnostic about the file of a voice's line, placed in `voice.toml`, where it is mended.
fn of_voice(fault: &SoundError, file: Span, nearest: Option<&str>) -> Diagnostic {
    let message = fault.to_string();
    match fault {
        SoundError::MissingFile { .. } => {
            let hint = match nearest {
                Some(name) => Hint::from(format!("did you mean `{name}`?")).instead(file, quoted(name)),
                None => "the path is from the folder of the voice, as in \"rest-here.wav\"".into(),
            };
            Diagnostic::error("missing-sound", file, message).hint(hint)
        }
        SoundError::OutsideProject { .. } => Diagnostic::error("outside-project", file, message)
            .hint("copy the file into the folder of the voice, as in \"rest-here.wav\""),
        _ => Diagnostic::error("unreadable-sound", file, message),
    }
}
