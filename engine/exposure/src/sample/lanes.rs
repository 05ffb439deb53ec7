//! Many worlds in a few machine words.

use crate::chance::Chance;

/// Words in a block: 256 worlds, which common processors handle in one or two vector registers.
pub const LANES: u32 = 4;

/// One bit a world.
pub type Lanes = [u64; LANES as usize];

#[inline]
pub(crate) const fn none() -> Lanes {
    [0; LANES as usize]
}

#[inline]
pub(crate) fn is_none(lanes: &Lanes) -> bool {
    lanes.iter().fold(0, |any, lane| any | lane) == 0
}

#[inline]
pub(crate) const fn whole() -> Lanes {
    [u64::MAX; LANES as usize]
}

/// Stafford's thirteenth mixer, as in `SplitMix64`: every bit of the result depends on every bit of the argument.
#[inline]
pub(crate) const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// In which worlds the lot of a cause is below a chance; exactly `chance` of all worlds in the long run.
///
/// A lot is a number of 32 binary digits. Digit by digit, most significant first, the lots of all lanes are compared with
/// the chance at once; a lot is decided at the first digit that differs, so that after some nine digits nearly always all
/// are. A word's lots depend on seed, cause and the word's number only: not on how many words lie in a block, and not on
/// the chance, so that what succeeds with a small chance also does with a greater.
#[inline]
pub(crate) fn draw(seed: u64, first_word: u32, cause: u64, chance: Chance) -> Lanes {
    let key = key(seed, cause);
    let mut states = none();
    for (lane, state) in (0_u32..).zip(&mut states) {
        *state = start(key, first_word + lane);
    }
    let mut digits = chance.steps();
    let (mut below, mut open) = (none(), whole());
    // When the rest of the chance is all zeros no further lot can be below it.
    while digits != 0 && open.iter().fold(0, |any, open| any | open) != 0 {
        // All ones where the digit is 1, so that both cases are one calculation.
        let one = (u64::from(digits) >> 31 & 1).wrapping_neg();
        for lane in 0..states.len() {
            let lots = next(&mut states[lane]);
            below[lane] |= open[lane] & !lots & one;
            open[lane] &= !(lots ^ one);
        }
        digits <<= 1;
    }
    below
}

/// What a seed and a cause have in common in all worlds.
#[inline]
fn key(seed: u64, cause: u64) -> u64 {
    mix(seed ^ mix(cause.wrapping_add(GOLDEN)))
}

#[inline]
fn start(key: u64, word: u32) -> u64 {
    mix(key.wrapping_add(GOLDEN.wrapping_mul(u64::from(word) + 1)))
}

/// The next digit of 64 lots: Wang Yi's generator `wyrand`, one long multiplication.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the two halves of a product")]
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0xa076_1d64_78bd_642f);
    let product = u128::from(*state) * u128::from(*state ^ 0xe703_7ed1_a0b4_28db);
    (product >> 64) as u64 ^ product as u64
}

/// Whether the lot of a cause in one world is below a chance: the same lots as those of [`draw`], read one at a time and
/// only as far as needed, which is two digits on average.
pub(crate) fn succeeds(seed: u64, word: u32, bit: u32, cause: u64, chance: Chance) -> bool {
    if chance == Chance::CERTAIN {
        return true;
    }
    let (mut state, mut digits) = (start(key(seed, cause), word), chance.steps());
    while digits != 0 {
        let lot = u32::from(next(&mut state) >> bit & 1 == 1);
        if lot != digits >> 31 {
            return lot == 0;
        }
        digits <<= 1;
    }
    false
}

/// The lot of a cause in one world, in steps of 2⁻³²: a step succeeds where its chance is greater. The same lots as those
/// of [`draw`], read one at a time.
pub(crate) fn lot(seed: u64, word: u32, bit: u32, cause: u64) -> u32 {
    let mut state = start(key(seed, cause), word);
    let mut lot = 0_u32;
    for _ in 0..u32::BITS {
        lot = lot << 1 | u32::from(next(&mut state) >> bit & 1 == 1);
    }
    lot
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ones(lanes: &Lanes) -> u32 {
        lanes.iter().map(|lane| lane.count_ones()).sum()
    }

    proptest! {
        #[test]
        fn what_succeeds_with_less_also_does_with_more(seed: u64, cause: u64, a: u32, b: u32, word in 0_u32..1000) {
            let (low, high) = (a.min(b), a.max(b));
            let chance = |steps: u32| Chance::new(f64::from(steps) / 4_294_967_296.0);
            let (few, many) = (draw(seed, word, cause, chance(low)), draw(seed, word, cause, chance(high)));
            for lane in 0..few.len() {
                prop_assert_eq!(few[lane] & !many[lane], 0);
            }
        }
    }

    proptest! {
        #[test]
        fn one_lot_is_a_bit_of_all(seed: u64, cause: u64, steps in 1..u32::MAX, word in 0_u32..100, bit in 0_u32..64) {
            let chance = Chance::new(f64::from(steps) / 4_294_967_296.0);
            let together = draw(seed, word, cause, chance)[0] >> bit & 1 == 1;
            prop_assert_eq!(chance.exceeds(lot(seed, word, bit, cause)), together);
            prop_assert_eq!(succeeds(seed, word, bit, cause, chance), together);
        }
    }

    #[test]
    fn in_the_long_run_it_is_the_chance() {
        for probability in [0.001, 0.1, 0.25, 0.333, 0.5, 0.9, 0.999] {
            let chance = Chance::new(probability);
            let blocks = 4000_u32;
            let hits: u32 = (0..blocks).map(|at| ones(&draw(7, at * LANES, 42, chance))).sum();
            let worlds = f64::from(blocks * LANES * 64);
            let deviation = (probability * (1.0 - probability) / worlds).sqrt();
            let found = f64::from(hits) / worlds;
            assert!((found - probability).abs() < 5.0 * deviation, "{probability} became {found}");
        }
    }

    #[test]
    fn different_causes_and_seeds_are_independent() {
        let half = Chance::new(0.5);
        for (a, b) in [((1, 5), (1, 6)), ((1, 5), (2, 5)), ((0, 0), (0, 1)), ((0, 0), (1, 0))] {
            let mut agree = 0;
            for at in 0..1000 {
                let (x, y) = (draw(a.0, at * LANES, a.1, half), draw(b.0, at * LANES, b.1, half));
                agree += (0..x.len()).map(|lane| (!(x[lane] ^ y[lane])).count_ones()).sum::<u32>();
            }
            let share = f64::from(agree) / f64::from(1000 * LANES * 64);
            assert!((share - 0.5).abs() < 0.006, "{a:?} {b:?}: {share}");
        }
    }
}
