//! Stable digests: what a track was made of, what a sound is, as numbers that mean the same in every version of nidra.
//!
//! A leaf beside `units`. A value writes itself as named fields ([`Digested`]). These names are a format of their own: types,
//! fields and variants of the code may be renamed, and no digest changes, so nothing is rendered or measured again. A type
//! takes itself apart in its `digest_into`, so that a new field is not forgotten. Must not know what is digested, nor for
//! what.

#[cfg(test)]
mod tests;
mod units;

use std::io::{self, Read};

/// The revision of everything between a script and the bytes of a track: raised with every change that makes a session
/// sound different, or its files have other bytes. Tracks of another revision are rendered again; a release that changes neither renders
/// nothing again.
pub const ENGINE_REVISION: u32 = 2;

/// A BLAKE3 digest: equal digests, equal values.
pub type Digest = [u8; 32];

/// A value that has a stable digest.
pub trait Digested {
    /// Writes all of the value that its digest is to tell apart.
    fn digest_into(&self, to: &mut Digester);
}

/// A digest that is being made of fields.
pub struct Digester(blake3::Hasher);

impl Digester {
    /// Takes a field. `name` is a part of the digest for ever.
    pub fn field(&mut self, name: &'static str, value: &(impl Digested + ?Sized)) -> &mut Self {
        name.digest_into(self);
        value.digest_into(self);
        self
    }
}

/// The digest of a value.
pub fn digest_of(value: &(impl Digested + ?Sized)) -> Digest {
    let mut digester = Digester(blake3::Hasher::new());
    value.digest_into(&mut digester);
    *digester.0.finalize().as_bytes()
}

/// The digest of bytes as they are.
pub fn digest_of_bytes(bytes: &[u8]) -> Digest {
    *blake3::hash(bytes).as_bytes()
}

/// The digest of all bytes of a reader as they are.
///
/// # Errors
/// If it cannot be read.
pub fn digest_of_reader(bytes: impl Read) -> io::Result<Digest> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(bytes)?;
    Ok(*hasher.finalize().as_bytes())
}

/// The first `digits` hexadecimal digits of a digest.
pub fn hex(digest: &Digest, digits: usize) -> String {
    digest.iter().flat_map(|byte| [byte >> 4, byte & 15]).take(digits).map(hex_digit).collect()
}

/// The first 128 bits of a digest in hexadecimal digits: no two values will share them.
pub fn short_hex(digest: &Digest) -> String {
    hex(digest, 32)
}

fn hex_digit(value: u8) -> char {
    char::from_digit(value.into(), 16).unwrap_or('0')
}

impl Digested for str {
    fn digest_into(&self, to: &mut Digester) {
        to.0.update(&(self.len() as u64).to_le_bytes()).update(self.as_bytes());
    }
}

impl Digested for String {
    fn digest_into(&self, to: &mut Digester) {
        self.as_str().digest_into(to);
    }
}

impl Digested for u64 {
    fn digest_into(&self, to: &mut Digester) {
        to.0.update(&self.to_le_bytes());
    }
}

impl Digested for u32 {
    fn digest_into(&self, to: &mut Digester) {
        u64::from(*self).digest_into(to);
    }
}

/// By its bits: two zeros of other signs are two values.
impl Digested for f64 {
    fn digest_into(&self, to: &mut Digester) {
        self.to_bits().digest_into(to);
    }
}

impl Digested for Digest {
    fn digest_into(&self, to: &mut Digester) {
        to.0.update(self);
    }
}

impl<T: Digested + ?Sized> Digested for &T {
    fn digest_into(&self, to: &mut Digester) {
        (**self).digest_into(to);
    }
}

/// As a list of none or one.
impl<T: Digested> Digested for Option<T> {
    fn digest_into(&self, to: &mut Digester) {
        self.as_slice().digest_into(to);
    }
}

impl<T: Digested> Digested for [T] {
    fn digest_into(&self, to: &mut Digester) {
        (self.len() as u64).digest_into(to);
        self.iter().for_each(|value| value.digest_into(to));
    }
}

impl<T: Digested> Digested for Vec<T> {
    fn digest_into(&self, to: &mut Digester) {
        self.as_slice().digest_into(to);
    }
}

impl<A: Digested, B: Digested> Digested for (A, B) {
    fn digest_into(&self, to: &mut Digester) {
        self.0.digest_into(to);
        self.1.digest_into(to);
    }
}
