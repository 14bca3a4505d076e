//! The settings of tracks: what the project, the script and the command line say, one over the other.

use crate::audio::ChannelLayout;
use crate::diag::{Diagnostic, Edit, Hint, Spanned};
use crate::document::{Fields, Node};
use crate::encode::{Bits, Coding, Kbps, RateControl, VbrQuality};
use crate::master::Mastering;
use crate::script::{Loudness, Session};
use crate::units::{Preset, SampleRate};

/// The settings of tracks, as far as one place says them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Settings {
    /// Frames a second.
    pub rate: Option<SampleRate>,
    /// Channels.
    pub channels: Option<ChannelLayout>,
    /// The stored form of a sample.
    pub bits: Option<Bits>,
    /// The number of bits that the lossy formats take.
    pub rate_control: Option<RateControl>,
    /// The loudness.
    pub loudness: Loudness,
}

impl Settings {
    /// Returns the settings of a script.
    pub(super) fn of(session: &Session) -> Self {
        Self {
            rate: session.rate.and_then(|rate| SampleRate::new(rate.value)),
            channels: session.channels.map(|channels| channels.value),
            loudness: session.loudness,
            ..Self::default()
        }
    }

    /// Reads what `nidra.toml` says.
    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Self {
        let layouts = [("mono", ChannelLayout::Mono), ("stereo", ChannelLayout::Stereo)];
        let channels = fields.string("channels");
        let loudness = fields.value("loudness");
        Self {
            rate: ranged(fields, "rate", 8_000..=192_000, "tracks have 8000 to 192000 frames a second")
                .and_then(SampleRate::new),
            channels: channels.and_then(|name| fields.one_of(&name, "channel layout", &layouts)),
            bits: bits(fields),
            rate_control: rate_control(fields),
            loudness: loudness
                .map_or_else(Loudness::default, |value| Loudness::read(value, fields.diagnostics())),
        }
    }

    /// The rate of a session, its places from the most binding to the least.
    pub(super) fn rate(places: &[&Self]) -> SampleRate {
        places.iter().find_map(|place| place.rate).unwrap_or(SampleRate::HZ_48000)
    }

    /// Returns the coding of tracks.
    pub(super) fn coding(places: &[&Self]) -> Coding {
        Coding {
            layout: places.iter().find_map(|place| place.channels).unwrap_or(ChannelLayout::Stereo),
            bits: places.iter().find_map(|place| place.bits).unwrap_or(Bits::Int16),
            rate_control: places.iter().find_map(|place| place.rate_control),
        }
    }

    /// Returns the mastering of tracks. A preset replaces all that a less binding place says; a target alone leaves the
    /// rest.
    pub(super) fn mastering(places: &[&Self], layout: ChannelLayout) -> Mastering {
        let mut mastering = Mastering::new(Preset::Podcast, layout);
        for Self { loudness, .. } in places.iter().rev() {
            mastering = loudness.preset.map_or(mastering, |preset| Mastering::new(preset, layout));
            mastering.target = loudness.target.unwrap_or(mastering.target);
            mastering.ceiling = loudness.ceiling.unwrap_or(mastering.ceiling);
        }
        mastering
    }
}

fn ranged(
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    range: std::ops::RangeInclusive<u32>,
    what: &str,
) -> Option<u32> {
    let written = fields.integer(key)?;
    let fitting = u32::try_from(written.value).ok().filter(|number| range.contains(number));
    if fitting.is_none() {
        let message = format!("`{key}` is {}, and {what}", written.value);
        let nearest = written.value.clamp(i64::from(*range.start()), i64::from(*range.end()));
        let hint =
            Hint::from(format!("write `{key} = {nearest}`")).instead(written.span, nearest.to_string());
        fields.diagnostics().push(Diagnostic::error("out-of-range", written.span, message).hint(hint));
    }
    fitting
}

fn bits(fields: &mut Fields<'_, '_>) -> Option<Bits> {
    let written = fields.value("bits")?;
    let depths = [("16", Bits::Int16), ("24", Bits::Int24), ("32f", Bits::Float32)];
    // `bits = 24` and `bits = "24"` say the same; `32f` is no number.
    let name = match &written.value {
        Node::Integer(bits) => bits.to_string(),
        Node::String(name) => name.clone(),
        other => other.type_name().to_owned(),
    };
    let name = Spanned::new(name, written.span);
    fields.one_of(&name, "bit depth", &depths)
}

fn rate_control(fields: &mut Fields<'_, '_>) -> Option<RateControl> {
    let constant = fields.integer("bitrate");
    let variable = ranged(fields, "vbr", 0..=9, "goes from 0 (best) to 9 (smallest)");
    if let Some(written) = constant {
        let known = u16::try_from(written.value).ok().and_then(Kbps::new);
        if known.is_none() {
            let names = Kbps::ALL.map(|kbps| kbps.to_string());
            let message = format!("MP3 has no {} kilobits a second", written.value);
            let near = names.iter().min_by_key(|name| {
                name.parse().map_or(i64::MAX, |kbps: i64| kbps.saturating_sub(written.value).saturating_abs())
            });
            let edit = near.map(|name| Edit { span: written.span, text: name.clone() });
            let hint = Hint::from(format!("write one of: {}", names.join(", "))).maybe_edit(edit);
            fields.diagnostics().push(Diagnostic::error("out-of-range", written.span, message).hint(hint));
        }
        return known.map(RateControl::Constant);
    }
    let quality = variable.and_then(|quality| u8::try_from(quality).ok()).and_then(VbrQuality::new);
    quality.map(RateControl::Variable)
}
