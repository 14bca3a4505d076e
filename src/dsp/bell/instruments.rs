//! The tables: what each bell's modes are, and what of it was measured.
//!
//! Ratios are to the lowest mode. A mode that is marked *estimated* fills in what no source gives: the
//! law of the shell for the next ratios, a level that goes on falling, and T60 by f^-0.8.

use crate::dsp::bell::strike::Strike;
use crate::units::Millis;

/// One bell.
#[derive(Debug)]
pub(super) struct Instrument {
    /// The pitch the T60s of the table belong to.
    pub table_pitch_hz: f64,
    /// The pitch it is rung at unless a script says otherwise.
    pub usual_pitch_hz: f64,
    /// Length of the tone's rise: the mallet stays in touch that long.
    pub onset: Millis,
    pub strike: Strike,
    pub modes: &'static [Mode],
}

/// One mode of vibration: a pair of partials.
#[derive(Debug)]
pub(super) struct Mode {
    /// The middle of the pair, as a multiple of the lowest mode.
    pub ratio: f64,
    /// Distance between the two, as a share of their middle.
    pub split: f64,
    /// The amplitude of the weaker (lower) over that of the stronger (upper), and so the depth of the beat.
    pub partner: f64,
    /// The amplitude of the pair at the strike, both together.
    pub level_db: f64,
    /// Seconds until it is 60 dB down, at the table's pitch.
    pub t60_s: f64,
}

const fn mode(ratio: f64, split: f64, partner: f64, level_db: f64, t60_s: f64) -> Mode {
    Mode { ratio, split, partner, level_db, t60_s }
}

/// Singing bowl. Modes 1-6: frequencies, splits, levels and T60 measured on a recording of a 220 Hz bowl,
/// whose ratios are within 2 % of Csound's table "Tibetan bowl 180 mm" (manual, appendix of modal
/// frequency ratios). Mode 7: ratio from that table. Modes 8 and 9, and all above 5 kHz: estimated, the
/// recording ends there. Beat depths measured were 0.4 to 0.9; those here are nearer the lower end, so
/// that a strike is never followed by a hole.
pub(super) const BOWL: Instrument = Instrument {
    table_pitch_hz: 221.3,
    usual_pitch_hz: 221.3,
    onset: Millis(8),
    strike: Strike {
        level_db: -24.0,
        corner_hz: 900.0,
        contact_t60_s: 0.05,
        room_db: -20.0,
        room_t60_s: 0.45,
    },
    modes: &[
        mode(1.0, 0.0100, 0.45, -17.0, 128.0),
        mode(2.787, 0.0130, 0.40, -5.3, 54.0),
        mode(5.199, 0.0050, 0.45, -22.4, 41.0),
        mode(8.141, 0.0063, 0.40, -17.4, 32.0),
        mode(11.542, 0.0031, 0.55, -32.3, 19.5),
        mode(15.334, 0.0081, 0.40, -31.6, 12.5),
        mode(19.99, 0.0040, 0.45, -37.0, 10.5),
        mode(24.8, 0.0050, 0.45, -41.0, 8.6),
        mode(30.0, 0.0045, 0.45, -45.0, 7.2),
    ],
};

/// Tingsha. No measured spectrum of one was found. Ratios 1, 2.76 and 5.15, the second loudest, and the T60
/// of the lowest were measured on a small cast bell of 1.3 kHz (T60 19.5, 5.6 and 1.2 s there; the second
/// and third lie between those and the law f^-0.8 here). Its two discs are "nearly equal" in tone, hence one
/// pair a mode, with a beat of some 7 Hz. Levels, splits and mode 4: estimated.
pub(super) const TINGSHA: Instrument = Instrument {
    table_pitch_hz: 1326.0,
    usual_pitch_hz: 1975.0,
    onset: Millis(3),
    strike: Strike {
        level_db: -22.0,
        corner_hz: 5000.0,
        contact_t60_s: 0.02,
        room_db: -26.0,
        room_t60_s: 0.5,
    },
    modes: &[
        mode(1.0, 0.0035, 0.60, -6.0, 19.5),
        mode(2.76, 0.0030, 0.55, -5.0, 7.0),
        mode(5.15, 0.0040, 0.50, -14.0, 3.2),
        mode(8.15, 0.0040, 0.50, -24.0, 1.6),
    ],
};

/// Large temple bell. Modes 1-3: 143.0, 319.0 and 395.4 Hz and a beat of about 1 Hz on the lowest, of the
/// bonshō of Hōjōbō, Isehara (Nakanishi and others: "Vibration analysis of a temple bell by finite element
/// method", Forum Acusticum Sevilla 2002; computed, and found near the struck bell). That a second mode may
/// beat ten times slower is measured too (King Seongdeok bell: 64.07/64.42 and 168.52/168.63 Hz). Later
/// ratios, all levels and T60: estimated, so that the stroke is full, its upper tones are gone in ten
/// seconds, and the lowest goes on swelling and sinking for a minute.
pub(super) const TEMPLE: Instrument = Instrument {
    table_pitch_hz: 143.0,
    usual_pitch_hz: 143.0,
    onset: Millis(10),
    strike: Strike {
        level_db: -18.0,
        corner_hz: 450.0,
        contact_t60_s: 0.09,
        room_db: -16.0,
        room_t60_s: 0.9,
    },
    modes: &[
        mode(1.0, 0.0070, 0.50, -8.0, 70.0),
        mode(2.231, 0.0025, 0.40, -7.0, 33.0),
        mode(2.765, 0.0040, 0.45, -9.0, 29.0),
        mode(4.16, 0.0030, 0.40, -17.0, 20.0),
        mode(5.13, 0.0050, 0.40, -19.0, 17.0),
        mode(6.62, 0.0040, 0.40, -25.0, 13.5),
        mode(8.05, 0.0045, 0.40, -28.0, 11.5),
        mode(9.84, 0.0040, 0.40, -33.0, 9.5),
        mode(11.6, 0.0050, 0.40, -37.0, 8.0),
        mode(13.9, 0.0040, 0.40, -42.0, 6.8),
    ],
};

/// Handbell. Ratios and splits of all modes: Csound's table "small handbell", 1312 Hz (manual, appendix of
/// modal frequency ratios; eight of its eleven pairs). That the lowest mode carries the pitch and the one
/// tuned near 3 is next: Rossing and Perrin, "Vibrations of Bells", Applied Acoustics 20 (1987). Levels and
/// T60: estimated, T60 somewhat under the 19.5 s measured on a small bell of that pitch.
pub(super) const HANDBELL: Instrument = Instrument {
    table_pitch_hz: 1313.0,
    usual_pitch_hz: 784.0,
    onset: Millis(4),
    strike: Strike {
        level_db: -28.0,
        corner_hz: 2500.0,
        contact_t60_s: 0.02,
        room_db: -24.0,
        room_t60_s: 0.45,
    },
    modes: &[
        mode(1.0, 0.0019, 0.55, -3.0, 14.0),
        mode(1.7956, 0.0041, 0.45, -24.0, 8.4),
        mode(2.5189, 0.0009, 0.45, -22.0, 6.6),
        mode(2.9895, 0.0011, 0.45, -11.0, 5.8),
        mode(3.7922, 0.0054, 0.45, -26.0, 4.7),
        mode(4.5678, 0.0014, 0.45, -25.0, 4.1),
        mode(5.0328, 0.0032, 0.45, -28.0, 3.7),
        mode(6.4216, 0.0048, 0.45, -32.0, 3.0),
    ],
};
