//! Chance without a clock: random numbers by seed and index.
//!
//! The base of everything random in nidra (synthesised noise, dither). Number 1000 costs as much as
//! number 0 and needs none of those before it, so a sound can be made from anywhere, in any block size,
//! by any thread. Must not know what the numbers are for.

/// The increment of SplitMix64, 2^64 divided by the golden ratio (Steele, Lea, Flood: "Fast Splittable
/// Pseudorandom Number Generators", OOPSLA 2014).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// An endless row of random numbers, the same for the same seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noise {
    key: u64,
}

impl Noise {
    /// The row that belongs to `seed`. Neighbouring seeds give unrelated rows.
    pub const fn new(seed: u64) -> Self {
        Self { key: mix(seed ^ GOLDEN) }
    }

    /// 64 random bits: output number `index` of SplitMix64 started at this row's key.
    pub const fn bits(self, index: u64) -> u64 {
        mix(self.key.wrapping_add(index.wrapping_add(1).wrapping_mul(GOLDEN)))
    }

    /// A number in 0.0 (included) to 1.0 (not included), evenly spread, in steps of 2^-24.
    pub fn unit(self, index: u64) -> f32 {
        to_unit(self.bits(index))
    }

    /// A number in -1.0 (included) to 1.0 (not included), evenly spread: white noise of power 1/3.
    pub fn signed(self, index: u64) -> f32 {
        self.unit(index) * 2.0 - 1.0
    }

    /// A number in -1.0 to 1.0 with a triangular density, the difference of two even ones: power 1/6.
    pub fn triangular(self, index: u64) -> f32 {
        let bits = self.bits(index);
        to_unit(bits) - to_unit(bits << 32)
    }
}

/// The upper 24 bits as a fraction: an f32 holds 24 bits, so the conversion is exact.
fn to_unit(bits: u64) -> f32 {
    (bits >> 40) as f32 * (1.0 / 16_777_216.0)
}

/// The finaliser of SplitMix64, Stafford's "Mix13" of MurmurHash3's.
const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNT: u64 = 200_000;

    /// Mean, power, and correlation with the neighbour `lag` indices on.
    fn statistics(value: impl Fn(u64) -> f32) -> (f64, f64, f64) {
        let at = |index| f64::from(value(index));
        let mean = (0..COUNT).map(at).sum::<f64>() / COUNT as f64;
        let power = (0..COUNT).map(|i| at(i) * at(i)).sum::<f64>() / COUNT as f64;
        let neighbours = (0..COUNT).map(|i| at(i) * at(i + 1)).sum::<f64>() / COUNT as f64;
        (mean, power, neighbours / power)
    }

    #[track_caller]
    fn check(value: impl Fn(u64) -> f32, power: f64) {
        let (mean, measured, neighbours) = statistics(value);
        assert!(mean.abs() < 0.005, "mean {mean}");
        assert!((measured - power).abs() < 0.003, "power {measured}");
        assert!(neighbours.abs() < 0.01, "neighbours {neighbours}");
    }

    #[test]
    fn numbers_are_those_of_the_published_generator() {
        // SplitMix64 started at 1234567, as in the reference C code of S. Vigna (prng.di.unimi.it).
        let published = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        let noise = Noise { key: 1_234_567 };
        assert_eq!([0, 1, 2].map(|index| noise.bits(index)), published);
    }

    #[test]
    fn white_noise_has_no_mean_its_power_and_no_memory() {
        check(|index| Noise::new(1).signed(index), 1.0 / 3.0);
        check(|index| Noise::new(1).triangular(index), 1.0 / 6.0);
    }

    #[test]
    fn neighbouring_seeds_are_unrelated() {
        let (a, b) = (Noise::new(7), Noise::new(8));
        let product: f64 = (0..COUNT).map(|i| f64::from(a.signed(i) * b.signed(i))).sum();
        assert!((product / COUNT as f64).abs() < 0.005);
        assert_ne!(a.bits(1), b.bits(0));
    }

    #[test]
    fn numbers_stay_within_their_range() {
        let noise = Noise::new(3);
        assert!((0..COUNT).all(|i| (0.0..1.0).contains(&noise.unit(i))));
        assert!((0..COUNT).all(|i| (-1.0..1.0).contains(&noise.signed(i))));
        assert!((0..COUNT).all(|i| noise.triangular(i).abs() < 1.0));
    }
}
