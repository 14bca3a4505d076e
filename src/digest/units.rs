//! Digests of quantities, which are numbers in one unit each.

use super::{Digested, Digester};
use crate::units::{Dbtp, Lufs, Millis, Pitch, SampleRate};

impl Digested for Millis {
    fn digest_into(&self, to: &mut Digester) {
        self.0.digest_into(to);
    }
}

impl Digested for SampleRate {
    fn digest_into(&self, to: &mut Digester) {
        self.hz().digest_into(to);
    }
}

impl Digested for Pitch {
    fn digest_into(&self, to: &mut Digester) {
        self.millihertz.digest_into(to);
    }
}

impl Digested for Lufs {
    fn digest_into(&self, to: &mut Digester) {
        self.0.digest_into(to);
    }
}

impl Digested for Dbtp {
    fn digest_into(&self, to: &mut Digester) {
        self.0.digest_into(to);
    }
}
