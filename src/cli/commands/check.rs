//! `nidra check`: every mistake, and how the words fit into the time.

use anyhow::Result;
use serde::Serialize;

use super::run::input::{compile, sources};
use crate::build::{Compiled, Stores, Track};
use crate::cli::args::CheckArgs;
use crate::cli::exit::Exit;
use crate::cli::ui::diagnostics::{self, PrintedDiagnostics, ReportedDiagnostic, say_failure};
use crate::cli::ui::output::{print, print_json};
use crate::timeline::{CueFit, CueKind, FitReport, fit};
use crate::units::Frames;

/// Report on one script, for machines.
#[derive(Serialize)]
struct Checked {
    script: String,
    #[serde(rename = "findings")]
    diagnostics: Vec<ReportedDiagnostic>,
    tracks: Vec<CheckedTrack>,
}

#[derive(Serialize)]
struct CheckedTrack {
    track: String,
    rate_hz: u32,
    #[serde(flatten)]
    fit: FitReport,
}

pub(crate) fn check(args: &CheckArgs) -> Result<Exit> {
    let sources = sources(&args.scripts)?;
    let mut exit = Exit::Well;
    let mut checked = Vec::new();
    let (stores, mut said) = (Stores::sparing(), PrintedDiagnostics::default());
    for source in &sources {
        let mut compiled = match compile(source, &args.track.overrides(), &stores) {
            Ok(compiled) => compiled,
            Err(failure) => {
                exit = exit.and(say_failure(&failure.into()));
                continue;
            }
        };
        diagnostics::deny(&mut compiled.diagnostics, &args.deny);
        exit = exit.and(Exit::of(&compiled.diagnostics));
        if args.json {
            checked.push(as_value(&compiled));
            continue;
        }
        diagnostics::print(&compiled.diagnostics, &compiled.sources, &compiled.shown, &mut said);
        for track in &compiled.tracks {
            print(report(track))?;
        }
    }
    stores.keep();
    if args.json {
        print_json(&checked)?;
    }
    Ok(exit)
}

fn as_value(compiled: &Compiled) -> Checked {
    let track = |track: &Track| CheckedTrack {
        track: track.name.clone(),
        rate_hz: track.timeline.rate.hz(),
        fit: fit(&track.timeline),
    };
    Checked {
        script: compiled.shown.clone(),
        diagnostics: diagnostics::as_values(&compiled.diagnostics, &compiled.sources),
        tracks: compiled.tracks.iter().map(track).collect(),
    }
}

/// The fit report for people.
fn report(track: &Track) -> Vec<String> {
    let report = fit(&track.timeline);
    let rate = track.timeline.rate;
    let time = |frames: Frames| frames.to_millis(rate).to_string();
    let head = format!("{:>11} {:>10} {:>10} {:>10} {:>4}", "at", "slot", "speech", "slack", "wpm");
    let mut lines = vec![track.name.clone(), String::new(), head];
    for cue in &report.cues {
        let wpm = cue.words_a_minute.map_or_else(String::new, |wpm| wpm.to_string());
        let speech = if cue.speech > Frames::ZERO { time(cue.speech) } else { String::new() };
        let what = what(cue);
        let (at, slot, slack) = (cue.at.to_millis(rate), time(cue.slot), time(cue.slack));
        let slack = if matches!(cue.kind, CueKind::Say) { slack } else { String::new() };
        lines.push(format!("{at:>11} {slot:>10} {speech:>10} {slack:>10} {wpm:>4}  {what}"));
    }
    lines.extend([String::new(), "Chapters:".to_owned()]);
    for chapter in &track.timeline.chapters {
        let counted = if chapter.counted { "" } else { ", not counted" };
        let at = chapter.at.to_millis(rate);
        lines.push(format!("{at:>11}  {} ({}{counted})", chapter.title, time(chapter.length)));
    }
    lines.push(String::new());
    lines.extend(totals(&report, track));
    lines.push(String::new());
    lines
}

fn what(cue: &CueFit) -> String {
    match cue.kind {
        CueKind::Say => cue.text.clone(),
        CueKind::Pause => "[pause]".to_owned(),
        CueKind::Elastic => "[elastic pause]".to_owned(),
        CueKind::Bell | CueKind::Clip | CueKind::Breathe | CueKind::Note => format!("[{}]", cue.text),
    }
}

fn totals(report: &FitReport, track: &Track) -> [String; 2] {
    let rate = track.timeline.rate;
    let pace = report.words_a_minute.map_or_else(String::new, |wpm| format!(" at {wpm} words a minute"));
    let clocks = format!(
        "Practice clock: {} ({} frames). File: {} ({} frames).",
        report.counted.to_millis(rate),
        report.counted.0,
        report.length.to_millis(rate),
        report.length.0,
    );
    let speech = format!(
        "Speech: {} words in {}{pace}, {} % of the file. Longest silence: {}.",
        report.words,
        report.speech.to_millis(rate),
        report.speech_percent(),
        report.longest_silence.to_millis(rate),
    );
    [clocks, speech]
}
