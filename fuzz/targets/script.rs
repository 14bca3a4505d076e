//! Any text through the reader, the binder and the solver: diagnostics, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nidra::audio::{SoundError, SoundRef, Sounds};
use nidra::diag::{Diagnostics, SourceMap};
use nidra::script::{Binding, bind, read};
use nidra::timeline::{LevelCourse, compile, fit, sheet_lines};
use nidra::units::{Frames, SampleRate};

/// Every sound is a second long at 1000 Hz.
struct Second;

impl Sounds for Second {
    fn length(&self, _sound: &SoundRef) -> Result<Frames, SoundError> {
        Ok(Frames(1000))
    }
}

fuzz_target!(|text: &str| {
    let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
    let script = read("s.toml", text, &(), &mut sources, &mut found);
    let session = bind(&script, &Binding::default(), &mut found);
    let rate = SampleRate::new(1000).expect("not zero");
    if let Some(timeline) = compile(&session, &Second, rate, LevelCourse::Level, &mut found) {
        fit(&timeline);
        sheet_lines(&timeline, &session.meta.title, None);
    }
    for diagnostic in found.iter() {
        sources.locate(diagnostic.span);
    }
});
