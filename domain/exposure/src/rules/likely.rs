//! A probability as one of five words: more would pretend to know more.

/// How likely something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likely {
    /// Below 1 %.
    Hardly,
    /// Below 5 %.
    Seldom,
    /// Below 20 %.
    Possible,
    /// Below 50 %.
    Easy,
    /// 50 % and more.
    Very,
}

impl Likely {
    /// The word for a probability.
    pub fn of(probability: f64) -> Likely {
        match probability {
            p if p >= 0.5 => Likely::Very,
            p if p >= 0.2 => Likely::Easy,
            p if p >= 0.05 => Likely::Possible,
            p if p >= 0.01 => Likely::Seldom,
            _ => Likely::Hardly,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_begins_where_the_one_before_ends() {
        for (probability, expected) in [
            (0.0, Likely::Hardly),
            (0.009, Likely::Hardly),
            (0.01, Likely::Seldom),
            (0.05, Likely::Possible),
            (0.199, Likely::Possible),
            (0.2, Likely::Easy),
            (0.5, Likely::Very),
            (1.0, Likely::Very),
            (f64::NAN, Likely::Hardly),
        ] {
            assert_eq!(Likely::of(probability), expected, "{probability}");
        }
    }
}
