//! The fit report: how the words of a session fit into its time.

use serde::Serialize;

use super::model::{CueKind, Timeline};
use crate::units::{FramePos, Frames};

/// The fit of one cue.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CueFit {
    /// Its first frame.
    #[serde(rename = "at_frame")]
    pub at: FramePos,
    /// Kind of the cue.
    pub kind: CueKind,
    /// The line that is said or the bell that is rung.
    pub text: String,
    /// The time it takes on the clock.
    #[serde(rename = "slot_frames")]
    pub slot: Frames,
    /// The part of that time that is speech.
    #[serde(rename = "speech_frames")]
    pub speech: Frames,
    /// From its last word to the next line or strike, or to the end of the track.
    #[serde(rename = "slack_frames")]
    pub slack: Frames,
    /// Words a minute, for speech.
    pub words_a_minute: Option<u64>,
}

/// The fit of a session.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FitReport {
    /// The whole track.
    #[serde(rename = "length_frames")]
    pub length: Frames,
    /// The practice clock.
    #[serde(rename = "counted_frames")]
    pub counted: Frames,
    /// All speech together.
    #[serde(rename = "speech_frames")]
    pub speech: Frames,
    /// The longest time without a word or a strike.
    #[serde(rename = "longest_silence_frames")]
    pub longest_silence: Frames,
    /// All words together.
    pub words: u64,
    /// The pace of the session over its clips.
    pub words_a_minute: Option<u64>,
    /// Each cue, in order.
    pub cues: Vec<CueFit>,
}

impl FitReport {
    /// Speech as a share of the track, in percent, rounded to nearest.
    pub fn speech_percent(&self) -> u64 {
        crate::units::div_nearest(self.speech.0 * 100, self.length.0.max(1))
    }
}

/// Measures the fit of the words of a timeline.
pub fn fit(timeline: &Timeline) -> FitReport {
    let end = FramePos::START + timeline.length;
    // The sounds that are heard, and their ends: a line to its last word, a strike for an instant.
    let heard: Vec<(FramePos, FramePos)> = timeline
        .cues
        .iter()
        .filter_map(|cue| {
            let (_, length) = cue.clip?;
            Some((cue.at, if cue.kind == CueKind::Bell { cue.at } else { cue.at + length }))
        })
        .collect();
    let next_heard = |after: FramePos| {
        heard.get(heard.partition_point(|(start, _)| *start < after)).map_or(end, |(start, _)| *start)
    };
    let mut report = FitReport {
        cues: Vec::with_capacity(timeline.cues.len()),
        counted: timeline.counted,
        length: timeline.length,
        speech: Frames::ZERO,
        words: 0,
        longest_silence: Frames::ZERO,
        words_a_minute: None,
    };
    for cue in timeline.cues.iter().filter(|cue| cue.kind != CueKind::Note) {
        let speech = match (cue.kind, cue.clip) {
            (CueKind::Say, Some((_, length))) => length,
            _ => Frames::ZERO,
        };
        let words = if cue.kind == CueKind::Say { cue.text.split_whitespace().count() as u64 } else { 0 };
        report.speech += speech;
        report.words += words;
        let own_end = cue.at + if cue.kind == CueKind::Bell { Frames(1) } else { speech };
        report.cues.push(CueFit {
            at: cue.at,
            kind: cue.kind,
            text: cue.text.clone(),
            slot: cue.slot,
            speech,
            slack: next_heard(own_end).saturating_since(own_end),
            words_a_minute: words_a_minute(words, speech, timeline.rate),
        });
    }
    report.words_a_minute = words_a_minute(report.words, report.speech, timeline.rate);
    let mut until = FramePos::START;
    for (start, stop) in heard.into_iter().chain([(end, end)]) {
        report.longest_silence = report.longest_silence.max(start.saturating_since(until));
        until = until.max(stop);
    }
    report
}

fn words_a_minute(words: u64, speech: Frames, rate: crate::units::SampleRate) -> Option<u64> {
    let minute = 60 * u64::from(rate.hz());
    (speech > Frames::ZERO).then(|| crate::units::div_nearest(words * minute, speech.0))
}
