//! Addresses on the web, as feeds may hold them: absolute, and nothing but ASCII (RFC 3986).

use std::fmt;

use fluent_uri::Uri;
use fluent_uri::pct_enc::EString;
use fluent_uri::pct_enc::encoder::{Data, Path};

/// An absolute `http` or `https` address with a host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address(String);

/// The reason why a text is no address for a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressFault {
    /// It does not begin with `https://` and a host.
    NotAbsolute,
    /// It has a space or another sign that must be percent-encoded; if that is all, this is how it is
    /// written.
    Unsafe(Option<String>),
    /// It has a `?` or a `#`, and files are to lie under it.
    NotAFolder,
}

impl Address {
    /// The address that `text` is.
    ///
    /// # Errors
    /// If it is none that a feed may hold.
    pub fn parse(text: &str) -> Result<Self, AddressFault> {
        if rest_of(text).is_none() {
            return Err(AddressFault::NotAbsolute);
        }
        let parsed = Uri::parse(text).map_err(|_| AddressFault::Unsafe(encoded(text)))?;
        match parsed.authority() {
            Some(authority) if !authority.host().is_empty() => Ok(Self(text.to_owned())),
            _ => Err(AddressFault::NotAbsolute),
        }
    }

    /// The address of a folder, which ends in a slash whether one was written or not.
    ///
    /// # Errors
    /// As for [`Address::parse`], and if files cannot lie under it.
    pub fn folder(text: &str) -> Result<Self, AddressFault> {
        let Self(mut text) = Self::parse(text)?;
        if text.contains(['?', '#']) {
            return Err(AddressFault::NotAFolder);
        }
        if !text.ends_with('/') {
            text.push('/');
        }
        Ok(Self(text))
    }

    /// The address of the file called `name` in this folder, its name percent-encoded.
    pub fn file(&self, name: &str) -> Self {
        let mut encoded = EString::<Path>::new();
        encoded.encode_str::<Data>(name);
        Self(format!("{}{encoded}", self.0))
    }

    /// As it stands in a feed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True if everyone on the way can read what is sent.
    pub fn is_plain_http(&self) -> bool {
        !self.0.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"))
    }

    /// Without the scheme.
    pub(super) fn without_scheme(&self) -> &str {
        rest_of(&self.0).unwrap_or(&self.0)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns the part after `http://` or `https://`; schemes know no case (RFC 3986, 3.1).
fn rest_of(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    let known = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    (known && !rest.is_empty()).then_some(rest)
}

/// `text` with every sign after its host percent-encoded that has to be, if that makes it an address. A host
/// in other letters has another ASCII form (RFC 3492), which is for its owner to look up.
fn encoded(text: &str) -> Option<String> {
    let host_end = text.len() - rest_of(text)?.split_once('/')?.1.len();
    let mut encoded = text[..host_end].to_owned();
    for sign in text[host_end..].chars() {
        // Reserved and unreserved signs (RFC 3986, 2.2 and 2.3) and the sign of an encoding stay.
        if sign.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(sign) {
            encoded.push(sign);
        } else {
            let mut one = EString::<Path>::new();
            one.encode_str::<Data>(sign.encode_utf8(&mut [0; 4]));
            encoded.push_str(one.as_str());
        }
    }
    Uri::parse(encoded.as_str()).is_ok().then_some(encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, AddressFault>) {
        assert_eq!(Address::folder(text).as_ref().map(Address::as_str), expected.as_ref().copied(), "{text}");
    }

    #[test]
    fn an_address_is_absolute_and_ascii() {
        let unsafe_but = |better: &str| AddressFault::Unsafe(Some(better.to_owned()));
        check("https://example.com/rest", Ok("https://example.com/rest/"));
        check("HTTP://example.com:8080/", Ok("HTTP://example.com:8080/"));
        check("example.com/rest", Err(AddressFault::NotAbsolute));
        check("/rest", Err(AddressFault::NotAbsolute));
        check("https://", Err(AddressFault::NotAbsolute));
        check("https:///rest", Err(AddressFault::NotAbsolute));
        check("ftp://example.com/", Err(AddressFault::NotAbsolute));
        check("https://example.com/my rest/", Err(unsafe_but("https://example.com/my%20rest/")));
        check("https://example.com/r\u{fc}he/", Err(unsafe_but("https://example.com/r%C3%BChe/")));
        check("https://r\u{fc}he.com/", Err(AddressFault::Unsafe(None)));
        check("https://example.com/100%/", Err(AddressFault::Unsafe(None)));
        check("https://example.com/?id=5", Err(AddressFault::NotAFolder));
        assert!(Address::parse("https://example.com/?id=5").is_ok());
    }

    #[test]
    fn a_file_name_is_percent_encoded() {
        let folder = Address::folder("https://example.com/rest").unwrap();
        assert_eq!(folder.file("a+b/c.mp3").as_str(), "https://example.com/rest/a%2Bb%2Fc.mp3");
        assert_eq!(folder.file("a-5m.mp3").as_str(), "https://example.com/rest/a-5m.mp3");
        assert_eq!(
            folder.file("my r\u{fc}he #1.mp3").as_str(),
            "https://example.com/rest/my%20r%C3%BChe%20%231.mp3"
        );
    }

    #[test]
    fn only_https_is_private() {
        for (text, plain) in
            [("https://example.com", false), ("HTTPS://example.com", false), ("http://example.com", true)]
        {
            assert_eq!(Address::parse(text).unwrap().is_plain_http(), plain, "{text}");
        }
    }
}
