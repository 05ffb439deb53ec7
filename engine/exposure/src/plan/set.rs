//! A small set of fixes.

/// How many fixes an exact plan can choose among.
pub(super) const MOST_FIXES: usize = WORDS * 64;

const WORDS: usize = 8;

/// A set of fixes with numbers below [`MOST_FIXES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Set([u64; WORDS]);

impl Set {
    /// The fixes numbered below `count`.
    pub fn first(count: usize) -> Set {
        (0..count).collect()
    }

    #[must_use]
    pub fn with(mut self, fix: usize) -> Set {
        self.0[fix / 64] |= 1 << (fix % 64);
        self
    }

    #[must_use]
    pub fn without(mut self, fix: usize) -> Set {
        self.0[fix / 64] &= !(1 << (fix % 64));
        self
    }

    #[must_use]
    #[inline]
    pub fn and(mut self, other: Set) -> Set {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word &= other;
        }
        self
    }

    #[inline]
    pub fn meets(self, other: Set) -> bool {
        self.0.iter().zip(other.0).fold(0, |any, (word, other)| any | word & other) != 0
    }

    #[must_use]
    pub fn or(mut self, other: Set) -> Set {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word |= other;
        }
        self
    }

    pub fn is_empty(self) -> bool {
        self.0 == [0; WORDS]
    }

    pub fn len(self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// Its members in rising order.
    pub fn members(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(at, mut word)| {
            std::iter::from_fn(move || {
                (word != 0).then(|| {
                    let lowest = word.trailing_zeros() as usize;
                    word &= word - 1;
                    at * 64 + lowest
                })
            })
        })
    }
}

impl FromIterator<usize> for Set {
    fn from_iter<I: IntoIterator<Item = usize>>(fixes: I) -> Set {
        fixes.into_iter().fold(Set::default(), Set::with)
    }
}
