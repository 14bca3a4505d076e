//! Times as the formats write them.

use crate::units::{FramePos, Millis, SampleRate, div_nearest};

/// A length for people, to the nearest second.
pub(super) fn length(time: Millis) -> String {
    Millis(div_nearest(time.0, 1000) * 1000).clock()
}

/// `HH:MM:SS` and the milliseconds after `point`: a full stop in WebVTT (W3C, section 4.2), a comma in SubRip.
pub(super) fn caption(time: Millis, point: char) -> String {
    format!("{}{point}{:03}", time.long_clock(), time.0 % 1000)
}

/// `mm:ss.xx` with hundredths, to nearest; LRC has no hours, so the minutes go on past 99.
pub(super) fn lrc(time: Millis) -> String {
    let hundredths = div_nearest(time.0, 10);
    format!("{:02}:{:02}.{:02}", hundredths / 6000, hundredths / 100 % 60, hundredths % 100)
}

/// Seconds with six digits, to nearest, as Audacity writes its labels.
pub(super) fn seconds(at: FramePos, rate: SampleRate) -> String {
    let millionths = div_nearest(at.0 * 1_000_000, u64::from(rate.hz()));
    format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}

/// The 75ths of a second that a CUE sheet counts in (Red Book: 75 sectors a second), rounded down, so that a
/// chapter never begins after its first sample.
pub(super) fn sectors(at: FramePos, rate: SampleRate) -> u64 {
    at.0 * 75 / u64::from(rate.hz())
}

/// `mm:ss:ff` of so many 75ths of a second; the minutes go on past 99, as players read them.
pub(super) fn msf(sectors: u64) -> String {
    format!("{:02}:{:02}:{:02}", sectors / 4500, sectors / 75 % 60, sectors % 75)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_writes_the_same_instant_its_own_way() {
        let time = Millis(3_723_456);
        assert_eq!(length(Millis(136_500)), "2:17");
        assert_eq!(caption(time, '.'), "01:02:03.456");
        assert_eq!(caption(Millis(360_000_000), ','), "100:00:00,000");
        assert_eq!(lrc(time), "62:03.46");
        assert_eq!(lrc(Millis(59_995)), "01:00.00");
    }

    #[test]
    fn frames_become_seconds_and_sectors() {
        let rate = SampleRate::new(44_100).unwrap();
        assert_eq!(seconds(FramePos(1), rate), "0.000023");
        assert_eq!(seconds(FramePos(44_100 * 3600), rate), "3600.000000");
        assert_eq!(sectors(FramePos(587), rate), 0);
        assert_eq!(sectors(FramePos(588), rate), 1);
        assert_eq!(msf(75 * 61 + 3), "01:01:03");
        assert_eq!(msf(75 * 60 * 100), "100:00:00");
    }
}
