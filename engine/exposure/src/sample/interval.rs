//! How sure a sampled probability is.

use serde::{Deserialize, Serialize};

/// A sampled probability with its 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The share of worlds.
    pub probability: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
    /// In how many worlds it happened.
    pub hits: u32,
    /// Of how many.
    pub worlds: u32,
}

/// Wilson's interval (1927) at 95 %, which stays within 0 to 1 and is sound also where nothing or everything happened.
///
/// It says how far sampling may be off, not how good the table of probabilities is.
pub fn wilson(hits: u32, worlds: u32) -> Estimate {
    /// The normal distribution's 97.5 % point.
    const Z: f64 = 1.959_963_984_540_054;
    if worlds == 0 {
        return Estimate { probability: 0.0, low: 0.0, high: 1.0, hits, worlds };
    }
    let n = f64::from(worlds);
    let share = f64::from(hits) / n;
    let scale = 1.0 + Z * Z / n;
    let middle = (share + Z * Z / (2.0 * n)) / scale;
    let half = Z / scale * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let low = if hits == 0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if hits == worlds { 1.0 } else { (middle + half).min(1.0) };
    Estimate { probability: share, low, high, hits, worlds }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_intervals() {
        // Computed by hand from Wilson's formula; the second also stands in Newcombe (1998), table I.
        for (hits, worlds, low, high) in [
            (0, 10, 0.0, 0.2775),
            (81, 263, 0.2553, 0.3662),
            (10, 10, 0.7225, 1.0),
            (50, 100, 0.4038, 0.5962),
        ] {
            let found = wilson(hits, worlds);
            assert!((found.low - low).abs() < 1e-3 && (found.high - high).abs() < 1e-3, "{found:?}");
            assert!(found.low <= found.probability && found.probability <= found.high);
        }
        assert_eq!((wilson(0, 0).low, wilson(0, 0).high), (0.0, 1.0));
    }
}
