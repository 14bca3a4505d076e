//! What is said of a track that was made: a sentence for people, figures for machines.

use serde::Serialize;

use crate::master::{Anchor, Report};
use crate::pipeline::Track;
use crate::sink::Format;
use crate::units::Frames;

/// A track that was made, for machines. Loudness is as it is measured in the file.
#[derive(Serialize)]
pub(super) struct Made {
    pub(super) script: String,
    track: String,
    /// The files that were written beside it.
    pub(super) with: Vec<String>,
    format: &'static str,
    length_frames: Frames,
    counted_frames: Frames,
    rate_hz: u32,
    gain_db: f64,
    voice_lufs: Option<f64>,
    programme_lufs: Option<f64>,
    true_peak_dbtp: Option<f64>,
    largest_rise: Option<MadeRise>,
}

#[derive(Serialize)]
struct MadeRise {
    at_frame: u64,
    by_lu: f64,
    against_voice_lu: f64,
}

impl Made {
    /// A track that lies at `path`.
    pub(super) fn new(track: &Track, format: Format, path: String, report: &Report) -> Self {
        Self {
            script: String::new(),
            with: Vec::new(),
            track: path,
            format: format.name(),
            length_frames: track.timeline.length,
            counted_frames: track.timeline.counted,
            rate_hz: track.timeline.rate.hz(),
            gain_db: rounded(report.gain.0),
            voice_lufs: report.voice.map(|loudness| rounded(loudness.0)),
            programme_lufs: report.programme.map(|loudness| rounded(loudness.0)),
            true_peak_dbtp: Some(rounded(report.true_peak.0)).filter(|peak| peak.is_finite()),
            largest_rise: report.rise.map(|rise| MadeRise {
                at_frame: rise.at.0,
                by_lu: rounded(rise.by.0),
                against_voice_lu: rounded(rise.against_voice.0),
            }),
        }
    }
}

/// To a hundredth: what a meter promises.
fn rounded(level: f64) -> f64 {
    (level * 100.0).round() / 100.0
}

/// One sentence about a track that was made, and one more if something should be known before it is published.
pub(super) fn sentence(name: &str, track: &Track, report: &Report) -> String {
    let rate = track.timeline.rate;
    let length = track.timeline.length;
    let mut parts = vec![format!("{name}: {}, {} frames", length.to_millis(rate), length.0)];
    let mut levels = Vec::new();
    levels.extend(report.voice.map(|voice| format!("voice {voice}")));
    levels.extend(report.programme.map(|programme| format!("programme {programme}")));
    if report.true_peak.0.is_finite() {
        levels.push(format!("true peak {}", report.true_peak));
    }
    if !levels.is_empty() {
        parts.push(levels.join(", "));
    }
    if let Some(rise) = report.rise {
        let anchor = if report.anchor == Anchor::Voice { "voice" } else { "whole" };
        parts.push(format!(
            "the largest rise after quiet is {:.0} LU at {}, to {:+.1} LU against the {anchor}",
            rise.by.0,
            rise.at.to_millis(rate),
            rise.against_voice.0
        ));
    }
    let mut sentence = parts.join("; ") + ".";
    if report.anchor == Anchor::Programme {
        sentence += " There is no voice in it, so the whole programme was brought to the loudness.";
    }
    sentence
}
