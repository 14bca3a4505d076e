//! A voice: a folder of clips and the `voice.toml` that says which line each of them speaks.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::diag::{Diagnostic, Diagnostics, Edit, FileId, Hint, Severity, Span, Spanned, nearest};
use crate::document::{self, Fields, Form, Node, Table};

/// A voice as its `voice.toml` describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Voice {
    /// The name of its folder.
    pub name: String,
    /// The text of its `voice.toml`.
    pub text: String,
    /// Its lines by normalised text.
    pub lines: BTreeMap<String, VoiceLine>,
    /// The lines, normalised, whose clip has a mistake.
    mistaken: BTreeSet<String>,
    /// The extent to which its lines are known.
    extent: Extent,
}

/// The extent to which the lines of a voice are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Extent {
    /// All of them are.
    #[default]
    Whole,
    /// A mistake may hide some.
    Part,
}

/// One line of a voice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoiceLine {
    /// The line as written.
    pub text: String,
    /// Its file, in the folder of the voice.
    pub file: String,
    /// The place where the file is named, in `voice.toml`.
    pub place: Range<usize>,
}

/// A text as lines are compared: small letters and digits, single spaces; punctuation, dashes and the
/// kind of apostrophe do not matter, words do.
pub fn normalised(text: &str) -> String {
    let kept = text.chars().flat_map(char::to_lowercase).filter_map(|c| match c {
        '\'' | '’' | 'ʼ' => None,
        c if c.is_alphanumeric() => Some(c),
        _ => Some(' '),
    });
    kept.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Voice {
    /// Reads a `voice.toml`. What is wrong with it is added to `diagnostics`.
    pub(crate) fn read(name: &str, file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Self {
        let mut broken = Diagnostics::default();
        let table = document::parse(file, text, &mut broken);
        let extent = if broken.is_empty() { Extent::Whole } else { Extent::Part };
        diagnostics.extend(broken);
        let mut fields = Fields::new(&table, "a voice", diagnostics);
        for key in ["name", "language", "description", "licence", "credit"] {
            fields.string(key);
        }
        let clips = fields.tables("clip");
        fields.finish();
        let mut voice = Self { name: name.to_owned(), text: text.to_owned(), extent, ..Self::default() };
        if table.get("clip").is_none() && table.has_like("clip") {
            voice.extent = Extent::Part;
        }
        for clip in clips {
            let mut found = Diagnostics::default();
            voice.add(clip, &mut found);
            if found.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
                voice.doubt(clip);
            }
            diagnostics.extend(found);
        }
        voice
    }

    /// Notes which line a clip with a mistake was to be.
    fn doubt(&mut self, clip: &Table) {
        let mut meant = clip.entries.iter().filter(|(key, _)| nearest(&key.value, ["text"]).is_some());
        match meant.next().map(|(_, value)| &value.value) {
            Some(Node::String(text)) => {
                self.mistaken.insert(normalised(text));
            }
            _ => self.extent = Extent::Part,
        }
    }

    /// True if a mistake that was told may be why the voice has no such line.
    pub(crate) fn may_have_had(&self, normalised: &str) -> bool {
        self.extent == Extent::Part || self.mistaken.contains(normalised)
    }

    fn add(&mut self, clip: &Table, diagnostics: &mut Diagnostics) {
        let mut fields = Fields::new(clip, "a clip", diagnostics);
        let text = fields.string("text");
        fields.require("text", &text, "\"Rest here.\"");
        let file = fields.string("file");
        fields.require("file", &file, "\"rest-here.flac\"");
        for key in ["made", "licence"] {
            fields.string(key);
        }
        fields.finish();
        let (Some(Spanned { value: text, span }), Some(file)) = (text, file) else { return };
        let line = VoiceLine { text, file: file.value, place: file.span.range() };
        let key = normalised(&line.text);
        if let Some(other) = self.lines.get(&key) {
            let message = format!("\"{}\" is in this voice twice, as `{}` too", line.text, other.file);
            let hint = Hint::from("keep one of them").maybe_edit(without(clip));
            diagnostics.push(Diagnostic::error("line-twice", span, message).hint(hint));
            return;
        }
        self.lines.insert(key, line);
    }

    /// The line of this voice that is most like `text`, if one is at all.
    pub(crate) fn nearest(&self, text: &str) -> Option<(f64, &VoiceLine)> {
        /// Less alike, it is another sentence.
        const ALIKE: f64 = 0.7;
        /// Pairs of letters that are compared: those of a line and a voice of a thousand lines.
        const MAX_COMPARISONS: usize = 2_000_000;
        let text = normalised(text);
        let letters = text.chars().count();
        let alike = |line: &str| strsim::normalized_damerau_levenshtein(&text, line);
        let mut compared = 0;
        let lines = self.lines.iter().filter(|(line, _)| {
            let others = line.chars().count();
            // As much as one is longer, they differ at least.
            let may_be = letters.min(others) as f64 >= ALIKE * letters.max(others) as f64;
            compared += if may_be { letters * others } else { 0 };
            may_be && compared <= MAX_COMPARISONS
        });
        let best = lines.map(|(key, line)| (alike(key), line)).max_by(|a, b| a.0.total_cmp(&b.0));
        best.filter(|(alike, _)| *alike >= ALIKE)
    }
}

/// The change that takes a clip under its own header away.
fn without(clip: &Table) -> Option<Edit> {
    let end = clip.entries.iter().map(|(_, value)| value.span.end).max()?;
    let span = Span { end, ..clip.span };
    (clip.form == Form::Header).then(|| Edit { span, text: String::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::SourceMap;

    #[test]
    fn punctuation_and_capitals_do_not_make_another_line() {
        for text in ["Don’t strain.", "don't  strain", "DON'T STRAIN!", "Don't\nstrain"] {
            assert_eq!(normalised(text), "dont strain");
        }
        assert_eq!(normalised("Très bien — écoute."), "très bien écoute");
        assert_ne!(normalised("Breathe in."), normalised("Breathe on."));
    }

    #[test]
    fn every_mistake_of_a_voice_is_reported() {
        let text = "nmae = \"x\"\n[[clip]]\ntext = \"One.\"\nfile = \"a.flac\"\n[[clip]]\ntext = \"one\"\nfile = \"b.flac\"\n[[clip]]\nfile = 5\n";
        let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
        let file = sources.add("voice.toml", text);
        let voice = Voice::read("x", file, text, &mut found);
        let ids: Vec<_> = found.iter().map(|d| (sources.locate(d.span).1, d.id)).collect();
        assert_eq!(ids, [(1, "unknown-key"), (6, "line-twice"), (9, "wrong-type"), (8, "missing-key")]);
        assert_eq!(voice.lines.len(), 1);
        assert_eq!(voice.nearest("One").unwrap().1.file, "a.flac");
        assert_eq!(voice.nearest("Something else entirely"), None);
    }
}
