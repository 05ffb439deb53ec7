//! Pictures drawn on the server: no script, no inline style, readable in print and, by title and table, without eyes.

use crate::model::MonthEnd;

/// The picture's width, in its own units; the page scales it.
pub(crate) const WIDTH: u32 = 480;
/// The picture's height.
pub(crate) const HEIGHT: u32 = 240;
const LEFT: u32 = 34;
const BOTTOM: u32 = 34;
const TOP: u32 = 14;

/// A column of a month.
pub(crate) struct Column {
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// The number above it.
    pub(crate) value: u32,
}

/// A label on an axis.
pub(crate) struct Tick {
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) text: String,
}

/// The checks of a year by month, beside those of the year before.
pub(crate) struct MonthChart {
    pub(crate) columns: Vec<Column>,
    pub(crate) months: Vec<Tick>,
    pub(crate) scale: Vec<Tick>,
    /// The year before as points of a line; empty where there is none.
    pub(crate) before: String,
    /// The same points for their marks.
    pub(crate) dots: Vec<(u32, u32)>,
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) floor: u32,
    /// Where every row that has to be answered has its check.
    pub(crate) goal: u32,
}

impl MonthChart {
    /// Draws the months; `most` is how many rows there are.
    pub(crate) fn new(
        now: &[MonthEnd],
        before: &[MonthEnd],
        most: u32,
        label: impl Fn(&MonthEnd) -> String,
    ) -> MonthChart {
        let counts = now.iter().chain(before).filter_map(|end| end.checked);
        let top = counts.chain([most, 1]).max().unwrap_or(1);
        let floor = HEIGHT - BOTTOM;
        let y = |value: u32| floor - (floor - TOP) * value / top;
        let count = u32::try_from(now.len()).unwrap_or(12).max(1);
        let step = (WIDTH - LEFT) / count;
        let left_of = |at: usize| LEFT + step * u32::try_from(at).unwrap_or(0);
        let columns = now.iter().enumerate().filter_map(|(at, end)| {
            let value = end.checked?;
            Some(Column {
                x: left_of(at) + step / 6,
                y: y(value),
                width: step * 2 / 3,
                height: floor - y(value),
                value,
            })
        });
        let dots: Vec<(u32, u32)> = before
            .iter()
            .enumerate()
            .filter_map(|(at, end)| Some((left_of(at) + step / 2, y(end.checked?))))
            .collect();
        let points: Vec<String> = dots.iter().map(|(x, y)| format!("{x},{y}")).collect();
        let months = now.iter().enumerate();
        MonthChart {
            columns: columns.collect(),
            months: months
                .map(|(at, end)| Tick { x: left_of(at) + step / 2, y: floor + 22, text: label(end) })
                .collect(),
            scale: [0, most]
                .into_iter()
                .map(|value| Tick { x: LEFT - 6, y: y(value) + 5, text: value.to_string() })
                .collect(),
            before: points.join(" "),
            dots,
            left: LEFT,
            right: WIDTH,
            floor,
            goal: y(most),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever the numbers, nothing is drawn outside the picture, and a larger number is never drawn lower.
        #[test]
        fn everything_stays_inside(counts in prop::collection::vec(prop::option::of(0u32..1000), 12), most in 0u32..500) {
            let ends = |counts: &[Option<u32>]| -> Vec<MonthEnd> {
                let month = chrono::NaiveDate::MIN;
                counts.iter().map(|checked| MonthEnd { month, checked: *checked }).collect()
            };
            let chart = MonthChart::new(&ends(&counts), &ends(&counts), most, |_| String::new());
            for column in &chart.columns {
                prop_assert!(column.x + column.width <= WIDTH && column.y + column.height == chart.floor);
            }
            prop_assert!(chart.goal >= TOP && chart.goal <= chart.floor);
            for pair in chart.columns.windows(2) {
                prop_assert!(pair[0].value > pair[1].value || pair[0].y >= pair[1].y);
            }
        }
    }
}
