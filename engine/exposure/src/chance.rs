//! Probabilities as the algorithms use them: whole numbers, so that every machine finds the same answer.

use std::fmt;

/// A natural logarithm's unit in a [`Cost`]: 2²⁰ a nat, so a cost is exact to a millionth of the probability.
pub const UNITS_PER_NAT: f64 = 1_048_576.0;

/// −ln of a probability in units of 2⁻²⁰ nat, rounded; the costs of a path's steps add up.
pub type Cost = u32;

/// A probability in steps of 2⁻³². The greatest value stands for certainty.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chance(u32);

/// 2³².
const SCALE: f64 = 4_294_967_296.0;

impl Chance {
    /// It cannot happen.
    pub const NEVER: Chance = Chance(0);
    /// It always happens.
    pub const CERTAIN: Chance = Chance(u32::MAX);

    /// The nearest chance to a probability. What is below 0 or no number becomes [`Chance::NEVER`], what is above 1
    /// [`Chance::CERTAIN`]; what can happen at all never becomes `NEVER`.
    pub fn new(probability: f64) -> Chance {
        if probability.is_nan() || probability <= 0.0 {
            return Chance::NEVER;
        }
        // The cast saturates, which is what is wanted for 1 and above.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let steps = (probability * SCALE).round() as u32;
        Chance(steps.max(1))
    }

    /// As a number between 0 and 1.
    pub fn probability(self) -> f64 {
        if self == Chance::CERTAIN { 1.0 } else { f64::from(self.0) / SCALE }
    }

    /// −ln; of what never happens, the greatest cost there is.
    pub fn cost(self) -> Cost {
        match self {
            Chance::NEVER => Cost::MAX,
            Chance::CERTAIN => 0,
            // At most 22.2 nats, far below the greatest cost.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            Chance(_) => (-self.probability().ln() * UNITS_PER_NAT).round() as Cost,
        }
    }

    /// Whether a step of this chance succeeds with a lot in steps of 2⁻³².
    pub(crate) const fn exceeds(self, lot: u32) -> bool {
        self.0 == u32::MAX || lot < self.0
    }

    /// The chance in steps of 2⁻³².
    pub(crate) const fn steps(self) -> u32 {
        self.0
    }
}

impl fmt::Debug for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4}", self.probability())
    }
}

/// The cost of a probability: a budget for [`crate::blast::within`] from a least probability.
pub fn cost_of(probability: f64) -> Cost {
    Chance::new(probability).cost()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_ends_of_the_range() {
        for never in [0.0, -1.0, f64::NAN, f64::NEG_INFINITY] {
            assert_eq!(Chance::new(never), Chance::NEVER);
        }
        for certain in [1.0, 2.0, f64::INFINITY] {
            assert_eq!(Chance::new(certain), Chance::CERTAIN);
        }
        assert!(Chance::new(1e-300) > Chance::NEVER);
        assert_eq!(Chance::CERTAIN.cost(), 0);
        assert_eq!(Chance::NEVER.cost(), Cost::MAX);
        assert!(Chance::new(1e-300).cost() < 24_000_000);
    }

    proptest! {
        #[test]
        fn more_likely_is_never_dearer(a in 0.0..=1.0_f64, b in 0.0..=1.0_f64) {
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            prop_assert!(Chance::new(low).cost() >= Chance::new(high).cost());
            prop_assert!((Chance::new(a).probability() - a).abs() < 1e-9);
        }
    }
}
