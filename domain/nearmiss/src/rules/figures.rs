//! A year in figures.

use crate::model::{Level, Measure, MeasureState, Nature, NearMiss, State};
use chrono::{Datelike as _, NaiveDate};
use komainu_calendar::FiscalYear;
use komainu_clock::in_japan;
use std::collections::BTreeMap;

/// How many measures stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeasureCounts {
    /// Open, the late ones among them.
    pub open: usize,
    /// Open, and their day is over.
    pub late: usize,
    /// Done.
    pub done: usize,
    /// Given up.
    pub dropped: usize,
}

/// The near misses of a fiscal year. What was set aside is counted as such and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The year.
    pub year: FiscalYear,
    /// Reports that came in.
    pub received: usize,
    /// Of those: no matter of this kind, or reported twice.
    pub set_aside: usize,
    /// Of the rest: how many of each symptom, the most first.
    pub symptoms: Vec<(String, usize)>,
    /// How many of each level, and how many are not judged yet.
    pub levels: Vec<(Option<Level>, usize)>,
    /// How many of each nature, and how many are not judged yet.
    pub natures: Vec<(Option<Nature>, usize)>,
    /// How many at each place as it was written, the most first; empty for no place.
    pub places: Vec<(String, usize)>,
    /// How many came in each month, from April.
    pub months: [usize; 12],
    /// The median from coming in to being judged, in minutes; none where nothing was judged.
    pub judged_after: Option<i64>,
    /// Measures of the year's cases.
    pub measures: MeasureCounts,
}

/// Counts a year.
pub fn figures(
    year: FiscalYear,
    near_misses: &[NearMiss],
    measures: &[Measure],
    today: NaiveDate,
) -> Figures {
    let counted: Vec<&NearMiss> = near_misses.iter().filter(|one| one.state != State::SetAside).collect();
    let mut months = [0; 12];
    for one in &counted {
        months[month_of(in_japan(one.received_at).date_naive())] += 1;
    }
    Figures {
        year,
        received: near_misses.len(),
        set_aside: near_misses.len() - counted.len(),
        symptoms: most_first(counted.iter().map(|one| one.symptom.as_str())),
        levels: each(Level::ALL, counted.iter().map(|one| one.level)),
        natures: each(Nature::ALL, counted.iter().map(|one| one.nature)),
        places: most_first(counted.iter().map(|one| one.detail.place.as_str())),
        months,
        judged_after: median(
            counted.iter().filter_map(|one| Some((one.triaged_at? - one.received_at).num_minutes())),
        ),
        measures: measure_counts(measures, today),
    }
}

/// From 0 for April.
fn month_of(day: NaiveDate) -> usize {
    usize::try_from((day.month0() + 9) % 12).unwrap_or_default()
}

/// The month at a place of [`Figures::months`], from 1 for January.
pub const fn calendar_month(at: usize) -> usize {
    (at + 3) % 12 + 1
}

fn most_first<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> =
        counts.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
    // Sorting keeps the order of names where counts are the same.
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// How many of each, then how many of none.
fn each<T: Copy + PartialEq>(all: &[T], found: impl Iterator<Item = Option<T>>) -> Vec<(Option<T>, usize)> {
    let found: Vec<Option<T>> = found.collect();
    let wanted = all.iter().copied().map(Some).chain([None]);
    wanted.map(|one| (one, found.iter().filter(|other| **other == one).count())).collect()
}

fn median(numbers: impl Iterator<Item = i64>) -> Option<i64> {
    let mut numbers: Vec<i64> = numbers.collect();
    numbers.sort_unstable();
    let middle = numbers.len() / 2;
    let upper = *numbers.get(middle)?;
    if numbers.len() % 2 == 1 {
        return Some(upper);
    }
    Some(i64::midpoint(*numbers.get(middle - 1)?, upper))
}

fn measure_counts(measures: &[Measure], today: NaiveDate) -> MeasureCounts {
    let mut counts = MeasureCounts::default();
    for measure in measures {
        match measure.state {
            MeasureState::Open => {
                counts.open += 1;
                counts.late += usize::from(is_late(measure, today));
            }
            MeasureState::Done => counts.done += 1,
            MeasureState::Dropped => counts.dropped += 1,
        }
    }
    counts
}

/// Whether a measure is open and its day is over.
pub fn is_late(measure: &Measure, today: NaiveDate) -> bool {
    measure.state == MeasureState::Open && measure.due_on.is_some_and(|day| day < today)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Board, Detail, MeasureDetail, MeasureId, NearMissId, Triage};
    use chrono::{DateTime, Duration, Utc};
    use komainu_db::uuid::Uuid;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn near_miss(symptom: &str, place: &str, received: &str) -> NearMiss {
        NearMiss {
            id: NearMissId(Uuid::nil()),
            fiscal_year: 2026,
            number: 1,
            symptom: symptom.to_owned(),
            place: None,
            link: None,
            person: None,
            detail: Detail { place: place.to_owned(), ..Detail::default() },
            lang: "ja".to_owned(),
            seen_at: at(received),
            written_at: at(received),
            received_at: at(received),
            state: State::New,
            level: None,
            nature: None,
            triage: Triage::default(),
            triaged_at: None,
            triaged_by_name: String::new(),
            board: Board::default(),
            board_at: None,
            closed_at: None,
            version: 1,
        }
    }

    fn judged(near_miss: NearMiss, level: Level, nature: Nature, after: i64) -> NearMiss {
        NearMiss {
            state: State::Triaged,
            level: Some(level),
            nature: Some(nature),
            triaged_at: Some(near_miss.received_at + Duration::minutes(after)),
            ..near_miss
        }
    }

    fn measure(state: MeasureState, due: Option<&str>) -> Measure {
        Measure {
            id: MeasureId(Uuid::nil()),
            near_miss: NearMissId(Uuid::nil()),
            detail: MeasureDetail::default(),
            owner: None,
            owner_name: String::new(),
            due_on: due.map(|day| day.parse().unwrap()),
            state,
            settled_at: None,
            settled_by_name: String::new(),
            version: 1,
        }
    }

    fn counted(near_misses: &[NearMiss], measures: &[Measure]) -> Figures {
        let year = FiscalYear::try_from(2026).unwrap();
        figures(year, near_misses, measures, "2026-12-01".parse().unwrap())
    }

    #[test]
    fn a_year_is_counted_by_what_where_when_and_how_far() {
        let aside =
            NearMiss { state: State::SetAside, ..near_miss("slow", "受付", "2026-05-01T00:00:00Z") };
        let all = [
            // In Japan it is the first of April already.
            judged(near_miss("printer", "受付", "2026-03-31T15:00:00Z"), Level::L2, Nature::Fault, 30),
            judged(near_miss("popup", "", "2026-05-01T00:00:00Z"), Level::L0, Nature::Attack, 90),
            judged(near_miss("printer", "3階", "2027-03-31T14:59:00Z"), Level::L2, Nature::Fault, 120),
            near_miss("printer", "受付", "2026-05-31T14:59:00Z"),
            aside,
        ];
        let found = counted(&all, &[]);
        assert_eq!((found.received, found.set_aside), (5, 1));
        let names = |counts: &[(String, usize)]| -> Vec<String> {
            counts.iter().map(|(name, count)| format!("{name} {count}")).collect()
        };
        assert_eq!(names(&found.symptoms), ["printer 3", "popup 1"]);
        assert_eq!(names(&found.places), ["受付 2", " 1", "3階 1"]);
        assert_eq!(found.months, [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        let levels: Vec<usize> = found.levels.iter().map(|(_, count)| *count).collect();
        assert_eq!(levels, [1, 0, 2, 0, 0, 0, 0, 0, 1]);
        assert_eq!(found.natures.last(), Some(&(None, 1)));
        assert_eq!(found.judged_after, Some(90));
    }

    #[test]
    fn the_median_lies_between_the_two_in_the_middle() {
        for (minutes, expected) in [
            (vec![], None),
            (vec![7], Some(7)),
            (vec![10, 30], Some(20)),
            (vec![500, 1, 3], Some(3)),
            (vec![4, 1, 2, 900], Some(3)),
        ] {
            assert_eq!(median(minutes.into_iter()), expected);
        }
    }

    #[test]
    fn a_measure_is_late_from_the_day_after_its_own() {
        let measures = [
            measure(MeasureState::Open, Some("2026-11-30")),
            measure(MeasureState::Open, Some("2026-12-01")),
            measure(MeasureState::Open, None),
            measure(MeasureState::Done, Some("2026-01-01")),
            measure(MeasureState::Dropped, Some("2026-01-01")),
        ];
        let expected = MeasureCounts { open: 3, late: 1, done: 1, dropped: 1 };
        assert_eq!(counted(&[], &measures).measures, expected);
    }

    #[test]
    fn months_begin_with_april() {
        let months: Vec<usize> = (0..12).map(calendar_month).collect();
        assert_eq!(months, [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]);
    }
}
