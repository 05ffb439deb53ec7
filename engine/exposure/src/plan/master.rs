//! Which fixes to choose so that as much weight as possible has all its clauses hit: exact, by branch and bound.

use super::set::Set;

/// Goals in worlds that need the same: weight, and the clauses that must all be hit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Demand {
    pub clauses: Vec<Set>,
    pub weight: u64,
}

/// The best choice found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Best {
    pub choice: Set,
    /// The weight whose clauses it hits.
    pub weight: u64,
    /// No choice within the budget hits more than this; equal to `weight` unless the search was cut short.
    pub bound: u64,
}

/// A search over choices.
pub(super) struct Master<'a> {
    minutes: &'a [u32],
    best: Best,
    /// Looks at demands that are left.
    left: u32,
    /// The highest bound of a node that was given up for want of time.
    given_up: u64,
}

impl<'a> Master<'a> {
    /// Solves to the end, or until so many looks were taken at demands, which are counted down. Exponential at worst; the
    /// bounds keep it short.
    pub fn solve(minutes: &'a [u32], budget: u32, demands: &[Demand], looks: &mut u32) -> Best {
        let best = Best { choice: Set::default(), weight: 0, bound: 0 };
        let mut master = Master { minutes, best, left: *looks, given_up: 0 };
        let all = Set::first(minutes.len());
        let demands: Vec<&Demand> = demands.iter().collect();
        master.branch(Set::default(), all, budget, 0, &demands);
        *looks = master.left;
        master.best.bound = master.best.weight.max(master.given_up);
        master.best
    }

    /// Looks at all choices that contain `chosen` and otherwise only fixes of `free`, with `budget` minutes left and
    /// `safe` weight already won; `open` are the demands that are not.
    fn branch(&mut self, chosen: Set, free: Set, budget: u32, safe: u64, open: &[&Demand]) {
        let free = self.affordable(free, budget);
        let mut safe = safe;
        let mut rest: Vec<&Demand> = Vec::with_capacity(open.len());
        let mut value = vec![0_u64; self.minutes.len()];
        for &demand in open {
            match self.need(demand, chosen, free, budget) {
                Need::Won => safe += demand.weight,
                Need::Lost => {}
                Need::OneOf(clause) => {
                    rest.push(demand);
                    clause.members().for_each(|fix| value[fix] += demand.weight);
                }
            }
        }
        if safe > self.best.weight {
            self.best = Best { choice: chosen, weight: safe, bound: 0 };
        }
        if rest.is_empty() {
            return;
        }
        let bound = safe + self.knapsack(&value, budget, &rest);
        if bound <= self.best.weight {
            return;
        }
        if self.left == 0 {
            self.given_up = self.given_up.max(bound);
            return;
        }
        self.left = self.left.saturating_sub(u32::try_from(open.len()).unwrap_or(u32::MAX));
        let Some(fix) = self.densest(&value) else { return };
        let free = free.without(fix);
        self.branch(chosen.with(fix), free, budget - self.minutes[fix], safe, &rest);
        self.branch(chosen, free, budget, safe, &rest);
    }

    fn affordable(&self, free: Set, budget: u32) -> Set {
        free.members().filter(|&fix| self.minutes[fix] <= budget).collect()
    }

    /// Whether a demand is won, lost, or hangs on one of a set of fixes: the smallest clause not yet hit.
    fn need(&self, demand: &Demand, chosen: Set, free: Set, budget: u32) -> Need {
        let mut smallest: Option<Set> = None;
        // Clauses without a common fix must each be paid for.
        let (mut taken, mut least) = (Set::default(), 0_u64);
        for &clause in demand.clauses.iter().filter(|clause| !clause.meets(chosen)) {
            let can = clause.and(free);
            if can.is_empty() {
                return Need::Lost;
            }
            if !can.meets(taken) {
                taken = taken.or(can);
                least += u64::from(can.members().map(|fix| self.minutes[fix]).min().unwrap_or(0));
                if least > u64::from(budget) {
                    return Need::Lost;
                }
            }
            if smallest.is_none_or(|known| can.len() < known.len()) {
                smallest = Some(can);
            }
        }
        smallest.map_or(Need::Won, Need::OneOf)
    }

    /// No choice wins more than this: each demand hangs on one of a set of fixes and is credited to all of them, and
    /// the budget is filled with the fixes that are worth most a minute, the last one in part.
    fn knapsack(&self, value: &[u64], budget: u32, rest: &[&Demand]) -> u64 {
        fill(value, self.minutes, budget).min(rest.iter().map(|demand| demand.weight).sum())
    }

    /// The fix that is worth most a minute; among equals the first.
    fn densest(&self, value: &[u64]) -> Option<usize> {
        by_density(value, self.minutes).into_iter().next()
    }
}

/// The value of the fractional knapsack, rounded up.
pub(super) fn fill(value: &[u64], minutes: &[u32], budget: u32) -> u64 {
    let (mut left, mut sum) = (u64::from(budget), 0_u64);
    for fix in by_density(value, minutes) {
        let cost = u64::from(minutes[fix]);
        if cost <= left {
            left -= cost;
            sum += value[fix];
        } else {
            let part = u128::from(value[fix]) * u128::from(left);
            sum += u64::try_from(part.div_ceil(u128::from(cost))).unwrap_or(u64::MAX);
            break;
        }
    }
    sum
}

/// Fixes of any value by falling value a minute; among equals by number.
fn by_density(value: &[u64], minutes: &[u32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..value.len()).filter(|&fix| value[fix] > 0).collect();
    let cross = |a: usize, b: usize| u128::from(value[a]) * u128::from(minutes[b]);
    order.sort_by(|&a, &b| cross(b, a).cmp(&cross(a, b)).then(a.cmp(&b)));
    order
}

enum Need {
    Won,
    Lost,
    OneOf(Set),
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_good_as_trying_every_choice(
            minutes in prop::collection::vec(0_u32..20, 1..9),
            demands in prop::collection::vec((prop::collection::vec(0_u8..=255, 0..4), 1_u64..50), 0..12),
            budget in 0_u32..60,
        ) {
            let set = |bits: u16| (0..minutes.len()).filter(|&fix| bits >> fix & 1 == 1).collect::<Set>();
            let demands: Vec<Demand> = demands.into_iter().map(|(clauses, weight)| {
                Demand { clauses: clauses.into_iter().map(|bits| set(bits.into())).collect(), weight }
            }).collect();
            let worth = |choice: Set| -> u64 {
                let won = |demand: &&Demand| demand.clauses.iter().all(|clause| clause.meets(choice));
                demands.iter().filter(won).map(|demand| demand.weight).sum()
            };
            let cost = |choice: Set| choice.members().map(|fix| minutes[fix]).sum::<u32>();
            let every = (0..1_u16 << minutes.len()).map(set);
            let best = every.filter(|&choice| cost(choice) <= budget).map(worth).max().unwrap();
            let (mut many, mut few) = (u32::MAX, 2);
            let found = Master::solve(&minutes, budget, &demands, &mut many);
            prop_assert_eq!(found.weight, best);
            prop_assert_eq!(found.bound, best);
            prop_assert_eq!(worth(found.choice), best);
            prop_assert!(cost(found.choice) <= budget);
            let hasty = Master::solve(&minutes, budget, &demands, &mut few);
            prop_assert!(hasty.weight <= best && best <= hasty.bound);
        }
    }
}
