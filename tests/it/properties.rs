//! What holds for every script: exact lengths, equal sides, sorted events, words that never meet.

use std::fmt::Write as _;

use nidra::diag::{Diagnostics, SourceMap};
use nidra::script::{Binding, bind, read};
use nidra::timeline::{Bus, Event, LevelCourse, Timeline, compile};
use nidra::units::{FramePos, Frames, Millis, SampleRate};
use proptest::prelude::*;

use crate::fake::{FakeSounds, RATE};

/// A cue of a random script.
#[derive(Clone, Debug)]
pub(crate) enum Cue {
    Say(usize),
    Pause(u64),
    Elastic { weight: u64, min: u64, span: u64 },
    Bell { strikes: u64, every: u64, ring: u64 },
    Breathe(u64),
    Checks,
    Repeat(u64, Vec<Cue>),
}

#[derive(Clone, Debug)]
pub(crate) struct Section {
    cues: Vec<Cue>,
    sides: bool,
    counts: bool,
    /// What is added to what the cues need at least, if the section has a length of its own.
    pub(crate) slack: Option<u64>,
}

fn cue() -> impl Strategy<Value = Cue> {
    let leaf = prop_oneof![
        (1usize..6).prop_map(Cue::Say),
        (1u64..9000).prop_map(Cue::Pause),
        (1u64..4, 0u64..3000, 0u64..500_000).prop_map(|(weight, min, span)| Cue::Elastic {
            weight,
            min,
            span
        }),
        (1u64..4, 100u64..3000, 0u64..5000).prop_map(|(strikes, every, ring)| Cue::Bell {
            strikes,
            every,
            ring
        }),
        (1u64..4).prop_map(Cue::Breathe),
        Just(Cue::Checks),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        (1u64..4, prop::collection::vec(inner, 1..3)).prop_map(|(times, cues)| Cue::Repeat(times, cues))
    })
}

pub(crate) fn section() -> impl Strategy<Value = Section> {
    (prop::collection::vec(cue(), 1..6), any::<bool>(), any::<bool>(), prop::option::of(0u64..200_000))
        .prop_map(|(cues, sides, counts, slack)| Section { cues, sides, counts, slack })
}

/// The least time a cue takes, in milliseconds.
fn least(cue: &Cue) -> u64 {
    match cue {
        Cue::Say(words) => 500 * *words as u64,
        Cue::Pause(ms) => *ms,
        Cue::Elastic { min, .. } => *min,
        Cue::Bell { strikes, every, ring } => (strikes - 1) * every + ring,
        Cue::Breathe(breaths) => breaths * 5000,
        Cue::Checks => 0,
        Cue::Repeat(times, cues) => times * cues.iter().map(least).sum::<u64>(),
    }
}

fn write_cue(script: &mut String, cue: &Cue) {
    match cue {
        Cue::Say(words) => write!(script, "{{ say = \"{}\" }}", vec!["word"; *words].join(" ")),
        Cue::Pause(ms) => write!(script, "{{ pause = \"{ms}ms\" }}"),
        Cue::Elastic { weight, min, span } => {
            write!(
                script,
                "{{ pause = {{ flex = {weight}, min = \"{min}ms\", max = \"{}ms\" }} }}",
                min + span
            )
        }
        Cue::Bell { strikes, every, ring } => write!(
            script,
            "{{ bell = \"bowl\", strikes = {strikes}, every = \"{every}ms\", ring = \"{ring}ms\" }}"
        ),
        Cue::Breathe(breaths) => {
            write!(script, "{{ breathe = {breaths}, in = \"2s\", out = \"3s\", guide = \"tone\" }}")
        }
        Cue::Checks => write!(script, "{{ checks = [\"halfway\", \"8s left\", \"3s left\", \"20s left\"] }}"),
        Cue::Repeat(times, cues) => {
            write!(script, "{{ repeat = {times}, cues = [").unwrap();
            cues.iter().for_each(|cue| write_cue(script, cue));
            write!(script, "] }}")
        }
    }
    .unwrap();
    script.push_str(", ");
}

/// A script that can be met: a section with a length has an elastic pause without a maximum.
pub(crate) fn script(sections: &[Section]) -> String {
    let mut script = "title = \"t\"\nlead_in = \"1s\"\n".to_owned();
    for section in sections {
        script.push_str("[[section]]\ntitle = \"s\"\n");
        if section.sides {
            script.push_str("sides = [\"left\", \"right\"]\n");
        }
        writeln!(script, "counts = {}", section.counts).unwrap();
        if let Some(slack) = section.slack {
            let length = slack + section.cues.iter().map(least).sum::<u64>();
            writeln!(script, "length = \"{length}ms\"").unwrap();
        }
        script.push_str("cues = [");
        section.cues.iter().for_each(|cue| write_cue(&mut script, cue));
        script.push_str("{ pause = \"flex\" } ]\n");
    }
    script
}

fn compiled(text: &str, rate: SampleRate) -> Timeline {
    let mut sources = SourceMap::default();
    let mut found = Diagnostics::default();
    let script = read("s.toml", text, &(), &mut sources, &mut found);
    let session = bind(&script, &Binding::default(), &mut found);
    let timeline = compile(&session, &FakeSounds, rate, LevelCourse::Level, &mut found);
    assert!(!found.has_errors(), "{text}\n{found:?}");
    timeline.unwrap()
}

fn minimum(sections: &[Section]) -> u64 {
    let passes = |section: &Section| if section.sides { 2 } else { 1 };
    let of = |section: &Section| {
        passes(section) * (section.slack.unwrap_or(0) + section.cues.iter().map(least).sum::<u64>())
    };
    sections.iter().filter(|section| section.counts).map(of).sum()
}

proptest! {
    #[test]
    fn a_section_is_exactly_as_long_as_it_says(sections in prop::collection::vec(section(), 1..4)) {
        let timeline = compiled(&script(&sections), RATE);
        let mut chapters = timeline.chapters.iter();
        for section in &sections {
            let passes: Vec<_> = chapters.by_ref().take(if section.sides { 2 } else { 1 }).collect();
            let least = section.cues.iter().map(least).sum::<u64>();
            for pass in &passes {
                prop_assert_eq!(pass.length, Frames(least + section.slack.unwrap_or(0)));
                prop_assert_eq!(pass.length, passes[0].length);
            }
        }
    }

    #[test]
    fn the_counted_part_is_exactly_as_long_as_the_script_says(
        sections in prop::collection::vec(section(), 1..4),
        slack in 0u64..300_000,
        hz in prop::sample::select(vec![1000u32, 44_100, 48_000]),
    ) {
        // An open counted section at the end can always take the rest.
        let mut sections = sections;
        sections.push(Section { cues: vec![Cue::Say(1)], sides: false, counts: true, slack: None });
        let length = Millis(minimum(&sections) + slack + 1000);
        let text = script(&sections).replace("lead_in", &format!("length = \"{}ms\"\nlead_in", length.0));
        let rate = SampleRate::new(hz).unwrap();
        let timeline = compiled(&text, rate);
        prop_assert_eq!(timeline.counted, length.to_frames(rate));
        let counted: Frames = timeline.chapters.iter().filter(|c| c.counted).map(|c| c.length).sum();
        prop_assert_eq!(timeline.counted, counted);
    }

    #[test]
    fn events_are_sorted_and_words_never_meet(sections in prop::collection::vec(section(), 1..4)) {
        let timeline = compiled(&script(&sections), RATE);
        prop_assert!(timeline.events.is_sorted_by_key(|event| event.start));
        let end = FramePos::START + timeline.length;
        prop_assert!(timeline.events.iter().all(|event| event.end() <= end));
        let voice: Vec<&Event> = timeline.events.iter().filter(|event| event.bus == Bus::Voice).collect();
        prop_assert!(voice.windows(2).all(|pair| pair[0].end() <= pair[1].start));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}", cut in 0usize..400) {
        let whole = format!("{}\n{text}", script(&[Section { cues: vec![Cue::Say(2)], sides: true, counts: true, slack: None }]));
        let cut = (0..=cut.min(whole.len())).rev().find(|at| whole.is_char_boundary(*at)).unwrap_or(0);
        for text in [text.as_str(), &whole, &whole[..cut]] {
            let mut found = Diagnostics::default();
            let mut sources = SourceMap::default();
            let script = read("s.toml", text, &(), &mut sources, &mut found);
            let session = bind(&script, &Binding::default(), &mut found);
            compile(&session, &FakeSounds, RATE, LevelCourse::Level, &mut found);
            for diagnostic in found.iter() {
                sources.locate(diagnostic.span);
            }
        }
    }
}
