//! Bytes of a file to text: what is not UTF-8 is a diagnostic with its place, never a guess.

use crate::diag::{Diagnostic, Diagnostics, SourceMap, Span};

/// The text of the file that messages call `shown`. `None` if it is not UTF-8; then that is the one diagnostic
/// about the file, at its first wrong byte, because everything after it would be noise.
pub(super) fn text(
    shown: &str,
    bytes: Vec<u8>,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let error = match String::from_utf8(bytes) {
        Ok(text) => return Some(text),
        Err(error) => error,
    };
    // Nothing is replaced before the first wrong byte, so its place holds in the text that is shown, too.
    let at = error.utf8_error().valid_up_to();
    let file = sources.add(shown, String::from_utf8_lossy(error.as_bytes()));
    let span = Span::new(file, at..at + char::REPLACEMENT_CHARACTER.len_utf8());
    let diagnostic = Diagnostic::error("not-utf8", span, "this file is not UTF-8 text")
        .label("no letter in UTF-8")
        .hint("save it as UTF-8; editors call that its encoding");
    diagnostics.push(diagnostic);
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Result<&str, (usize, usize)>) {
        let (mut sources, mut diagnostics) = (SourceMap::default(), Diagnostics::default());
        let text = text("a.toml", bytes.to_vec(), &mut sources, &mut diagnostics);
        let places: Vec<_> = diagnostics.iter().map(|diagnostic| sources.locate(diagnostic.span)).collect();
        match expected {
            Ok(expected) => assert_eq!((text.as_deref(), places.len()), (Some(expected), 0)),
            Err((line, column)) => assert_eq!((text, places), (None, vec![("a.toml", line, column)])),
        }
    }

    #[test]
    fn utf8_is_taken_as_it_is() {
        check("title = \"Café\"".as_bytes(), Ok("title = \"Café\""));
        check(b"", Ok(""));
    }

    #[test]
    fn the_first_byte_that_is_not_utf8_is_the_one_finding() {
        check(b"title = \"Caf\xe9\"\nauthor = \"Ren\xe9\"", Err((1, 13)));
        check(b"a = 1\nb = \"\xff\"", Err((2, 6)));
        // A letter that is cut off at the end of the file.
        check(b"a\xc3", Err((1, 2)));
    }
}
