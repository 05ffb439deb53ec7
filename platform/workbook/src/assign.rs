//! The best pairing of rows and known items as a whole, not the best for each in turn.

/// Pairs each row with at most one column so that the sum of the scores is largest. Only pairs with a positive score are made.
/// Scores are whole numbers, so that the result never hangs on rounding. Cost: rows × columns × rows.
pub(crate) fn best_pairs(scores: &[Vec<i64>]) -> Vec<Option<usize>> {
    let rows = scores.len();
    let columns = scores.first().map_or(0, Vec::len);
    if rows == 0 || columns == 0 {
        return vec![None; rows];
    }
    // One dummy column a row stands for "no partner" and costs nothing.
    let width = columns + rows;
    let cost = |row: usize, column: usize| {
        if column < columns { -scores[row][column].max(0) } else { 0 }
    };
    // The Hungarian method with potentials (Kuhn 1955, in the shortest-path form of Jonker and Volgenant 1987).
    let mut row_potential = vec![0_i64; rows + 1];
    let mut column_potential = vec![0_i64; width + 1];
    let mut owner = vec![0_usize; width + 1];
    for row in 1..=rows {
        owner[0] = row;
        let path = shortest_path(&cost, &mut row_potential, &mut column_potential, &mut owner, width);
        augment(&mut owner, &path.previous, path.end);
    }
    let mut pairs = vec![None; rows];
    for column in 1..=columns {
        let row = owner[column];
        if row > 0 && scores[row - 1][column - 1] > 0 {
            pairs[row - 1] = Some(column - 1);
        }
    }
    pairs
}

struct Path {
    previous: Vec<usize>,
    end: usize,
}

fn shortest_path(
    cost: &impl Fn(usize, usize) -> i64,
    row_potential: &mut [i64],
    column_potential: &mut [i64],
    owner: &mut [usize],
    width: usize,
) -> Path {
    let mut slack = vec![i64::MAX; width + 1];
    let mut previous = vec![0; width + 1];
    let mut used = vec![false; width + 1];
    let mut here = 0;
    while owner[here] != 0 {
        used[here] = true;
        let row = owner[here];
        let (mut delta, mut next) = (i64::MAX, 0);
        for column in 1..=width {
            if used[column] {
                continue;
            }
            let reduced = cost(row - 1, column - 1) - row_potential[row] - column_potential[column];
            if reduced < slack[column] {
                slack[column] = reduced;
                previous[column] = here;
            }
            if slack[column] < delta {
                delta = slack[column];
                next = column;
            }
        }
        for column in 0..=width {
            if used[column] {
                row_potential[owner[column]] += delta;
                column_potential[column] -= delta;
            } else if slack[column] < i64::MAX {
                slack[column] -= delta;
            }
        }
        here = next;
    }
    Path { previous, end: here }
}

fn augment(owner: &mut [usize], previous: &[usize], end: usize) {
    let mut here = end;
    while here != 0 {
        let before = previous[here];
        owner[here] = owner[before];
        here = before;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn brute(scores: &[Vec<i64>], row: usize, taken: &mut Vec<bool>) -> i64 {
        if row == scores.len() {
            return 0;
        }
        let mut best = brute(scores, row + 1, taken);
        for column in 0..taken.len() {
            if !taken[column] && scores[row][column] > 0 {
                taken[column] = true;
                best = best.max(scores[row][column] + brute(scores, row + 1, taken));
                taken[column] = false;
            }
        }
        best
    }

    #[test]
    fn is_not_greedy() {
        assert_eq!(best_pairs(&[vec![9, 8], vec![8, 1]]), [Some(1), Some(0)]);
        assert_eq!(best_pairs(&[vec![-1, 0]]), [None]);
        assert_eq!(best_pairs(&[]), Vec::<Option<usize>>::new());
    }

    proptest! {
        #[test]
        fn finds_the_largest_sum(rows in 1_usize..5, columns in 1_usize..5, seed in proptest::collection::vec(-5_i64..20, 25)) {
            let scores: Vec<Vec<i64>> =
                (0..rows).map(|r| (0..columns).map(|c| seed[r * 5 + c]).collect()).collect();
            let pairs = best_pairs(&scores);
            let mut seen = std::collections::HashSet::new();
            let mut sum = 0;
            for (row, pair) in pairs.iter().enumerate() {
                if let Some(column) = pair {
                    prop_assert!(seen.insert(*column));
                    sum += scores[row][*column];
                }
            }
            prop_assert_eq!(sum, brute(&scores, 0, &mut vec![false; columns]));
        }
    }
}
