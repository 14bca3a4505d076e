//! Every example of `docs/script.md` compiles without a diagnostic.

use std::fs;
use std::path::Path;

use nidra::diag::{Diagnostics, SourceMap};
use nidra::script::{Binding, bind, read};
use nidra::timeline::{LevelCourse, compile};

use crate::fake::{FakeSounds, RATE};

#[test]
fn every_example_of_the_language_page_compiles() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/script.md")).unwrap();
    let examples: Vec<&str> =
        page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 5, "only {} examples were found", examples.len());
    for example in examples {
        check(example);
    }
}

#[track_caller]
fn check(example: &str) {
    let mut sources = SourceMap::default();
    let mut found = Diagnostics::default();
    let script = read("example.toml", example, &(), &mut sources, &mut found);
    let editions: Vec<_> = script.editions.iter().map(|edition| Some(edition.name.value.clone())).collect();
    for edition in editions.into_iter().chain([None]) {
        let session = bind(&script, &Binding { edition, ..Binding::default() }, &mut found);
        assert!(
            compile(&session, &FakeSounds, RATE, LevelCourse::Level, &mut found).is_some(),
            "{example}\n{found:?}"
        );
    }
    // Chimes and other bells that the fake library lacks are the only thing an example may miss.
    assert!(found.is_empty(), "{example}\n{found:?}");
}
