//! Values that a podcast is written in: lines, addresses, names of known things, each with what is wrong with
//! it.
//!
//! Every function reads one key and reports what is wrong at its place; none stops the reading.

use super::address::{Address, AddressFault};
use super::language::language_code;
use super::{Guid, Released};
use crate::diag::{Diagnostic, Diagnostics, Edit, Hint, Span, Spanned, quoted};
use crate::document::Fields;
use crate::text::{one_line, plain};

/// The longest line ("A Podcaster's Guide to RSS": tag values are limited to 255 characters).
pub(super) const MAX_LINE_CHARACTERS: usize = 255;

/// A text of one line.
pub(super) fn line(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<String> {
    let written = fields.string(key)?;
    checked_line(key, &written, MAX_LINE_CHARACTERS, fields.diagnostics())
}

/// `written` in one line, if it says something and is no longer than `most` characters.
pub(super) fn checked_line(
    key: &str,
    written: &Spanned<String>,
    most: usize,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let line = one_line(&written.value);
    let length = line.chars().count();
    fitting(key, written.span, (line, length), (most, "characters"), diagnostics)
}

/// A text of any number of paragraphs, at most `most` bytes.
pub(super) fn paragraphs(fields: &mut Fields<'_, '_>, key: &'static str, most: usize) -> Option<String> {
    let written = fields.string(key)?;
    let text = plain(&written.value);
    let length = text.len();
    fitting(key, written.span, (text, length), (most, "bytes"), fields.diagnostics())
}

/// A text of some length, if it says something and is no longer than `most` of such units.
fn fitting(
    key: &str,
    span: Span,
    (text, length): (String, usize),
    (most, unit): (usize, &str),
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    if text.is_empty() {
        diagnostics.push(Diagnostic::error("empty-text", span, format!("`{key}` says nothing")));
    } else if length > most {
        let message = format!("`{key}` has {length} {unit}, and directories take {most}");
        diagnostics.push(Diagnostic::error("long-text", span, message));
    }
    (!text.is_empty() && length <= most).then_some(text)
}

/// An address on the web.
pub(super) fn address(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Address> {
    let written = fields.string(key)?;
    checked_address(key, &written, Address::parse, fields.diagnostics())
}

/// The address of a folder.
pub(super) fn folder(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Address> {
    let written = fields.string(key)?;
    checked_address(key, &written, Address::folder, fields.diagnostics())
}

pub(super) fn checked_address(
    key: &str,
    written: &Spanned<String>,
    parse: fn(&str) -> Result<Address, AddressFault>,
    diagnostics: &mut Diagnostics,
) -> Option<Address> {
    let text = written.value.trim();
    let (message, hint, meant) = match parse(text) {
        Ok(address) => {
            if address.is_plain_http() {
                let message = format!("`{key}` is not private on its way: `{text}`");
                let private = format!("https://{}", address.without_scheme());
                let hint = Hint::from(format!("write `{private}`, if the server has it"))
                    .instead(written.span, quoted(&private));
                diagnostics.push(Diagnostic::warning("plain-http", written.span, message).hint(hint));
            }
            return Some(address);
        }
        Err(AddressFault::NotAbsolute) => {
            let whole = format!("https://{text}");
            let meant = (text.contains('.') && parse(&whole).is_ok()).then_some(whole);
            let shown = meant.as_deref().unwrap_or("https://example.com/podcast/");
            (format!("`{key}` is no whole address: `{text}`"), format!("write `{shown}`"), meant)
        }
        Err(AddressFault::Unsafe(Some(better))) => {
            let message = format!("`{key}` has signs that no address has: `{text}`");
            (message, format!("write `{better}`"), Some(better))
        }
        Err(AddressFault::Unsafe(None)) => {
            let hint =
                "copy it from the address bar of a browser; a host with other letters begins with `xn--`";
            (format!("`{key}` is no address: `{text}`"), hint.to_owned(), None)
        }
        Err(AddressFault::NotAFolder) => {
            let folder = text.split(['?', '#']).next().unwrap_or_default();
            (format!("no file can lie under `{text}`"), format!("write `{folder}`"), Some(folder.to_owned()))
        }
    };
    let edit = meant.map(|meant| Edit { span: written.span, text: quoted(&meant) });
    diagnostics
        .push(Diagnostic::error("malformed", written.span, message).hint(Hint::from(hint).maybe_edit(edit)));
    None
}

/// One of the known words.
pub(super) fn word<T: Copy>(
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    known: &[(&'static str, T)],
) -> Option<T> {
    let written = fields.string(key)?;
    fields.one_of(&written, key, known)
}

/// A language code.
pub(super) fn checked_language(written: &Spanned<String>, diagnostics: &mut Diagnostics) -> Option<String> {
    let fault = match language_code(written.value.trim()) {
        Ok(code) => return Some(code),
        Err(meant) => meant,
    };
    let message = format!("`{}` is no language code of ISO 639-1", written.value);
    let hint = fault.map_or_else(
        || Hint::from("write two letters, as in `en`, or with a country, as in `en-us`"),
        |meant| {
            let code = quoted(meant);
            Hint::from(format!("write `{meant}`")).instead(written.span, code)
        },
    );
    diagnostics.push(Diagnostic::error("unknown-name", written.span, message).hint(hint));
    None
}

/// An address for mail: something, `@`, and a host with a dot. Whether it exists only a letter can tell.
pub(super) fn email(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<String> {
    let written = fields.string(key)?;
    let text = written.value.trim();
    let host_fits = |host: &str| host.split('.').count() > 1 && host.split('.').all(|part| !part.is_empty());
    let fits = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>(),;:\"[]\\".contains(&byte));
    let fits = fits
        && text
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.contains('@') && host_fits(host));
    if !fits {
        let message = format!("`{key}` is no mail address: `{text}`");
        let diagnostic = Diagnostic::error("malformed", written.span, message);
        fields.diagnostics().push(diagnostic.hint("write it alone, as in `me@example.com`"));
    }
    fits.then(|| text.to_owned())
}

/// A guid that the podcast has already.
pub(super) fn guid(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Guid> {
    let written = fields.string(key)?;
    let guid = Guid::parse(written.value.trim());
    if guid.is_none() {
        let message = format!("`{}` is no guid", written.value);
        let hint = "copy `podcast:guid` from the feed that the podcast has, or leave it out";
        fields.diagnostics().push(Diagnostic::error("malformed", written.span, message).hint(hint));
    }
    guid
}

/// A date, quoted or not.
pub(super) fn date(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Released> {
    let written = fields.date(key)?;
    let date = Released::read(&written.value);
    if date.is_none() {
        fields.diagnostics().push(
            Diagnostic::error("malformed", written.span, format!("`{}` is no day", written.value))
                .hint(DATE_HINT),
        );
    }
    date
}

/// The hint that shows how dates are written.
pub(super) const DATE_HINT: &str = "write `date = \"2026-05-01\"` or `date = \"2026-05-01 07:30+02:00\"`";
