//! The texts that every kind of tag has in the same way.

/// The beginning of our program's mark; the version follows.
pub(in crate::encode) const MAKER: &str = "nidra ";

/// The name of the provenance in ID3 (`TXXX`) and in Vorbis comments.
pub(in crate::encode) const PROVENANCE_KEY: &str = "NIDRA";

/// The name and version of this program: `nidra 0.1.0`.
pub(in crate::encode) fn software() -> String {
    format!("{MAKER}{}", env!("CARGO_PKG_VERSION"))
}
