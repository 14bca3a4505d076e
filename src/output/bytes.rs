//! Bytes on their way to a file or a pipe.

use std::io::{self, Write};

/// The destination of the bytes.
pub trait Output {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// If the world refuses them.
    fn put(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Takes `count` zeros, which a file need not store.
    ///
    /// # Errors
    /// If the world refuses them.
    fn zeros(&mut self, count: u64) -> io::Result<()>;
}

impl<O: Output + ?Sized> Output for &mut O {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        (**self).put(bytes)
    }

    fn zeros(&mut self, count: u64) -> io::Result<()> {
        (**self).zeros(count)
    }
}

/// A pipe: every byte is written, zeros too.
pub struct Stream<W>(pub W);

impl<W: Write> Output for Stream<W> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn zeros(&mut self, count: u64) -> io::Result<()> {
        io::copy(&mut io::Read::take(io::repeat(0), count), &mut self.0).map(|_| ())
    }
}
