//! The parts of an analysis: what may be written, how rows come and go, the order of a why-tree.

use crate::model::{Analysis, Cause, Column, Event, Factor, ShelRow, Why};
use komainu_db::UnknownCode;
use std::str::FromStr;

/// Rows in each of the lists.
pub const MOST_ROWS: usize = 60;
/// Letters of a cell.
pub const MOST_CELL: usize = 500;
/// Letters of the time of an event.
pub const MOST_WHEN: usize = 100;
/// Letters of what it comes to.
pub const MOST_CONCLUSION: usize = 2_000;

/// The lists whose rows come and go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// What happened when.
    Timeline,
    /// The why-tree.
    Whys,
    /// SHEL.
    Shel,
}

impl List {
    const ALL: [List; 3] = [List::Timeline, List::Whys, List::Shel];

    /// The word in names of fields and in places of the page.
    pub const fn code(self) -> &'static str {
        match self {
            List::Timeline => "timeline",
            List::Whys => "whys",
            List::Shel => "shel",
        }
    }
}

/// The ways of an analysis; each is a part of the page that is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// What happened when.
    Timeline,
    /// The why-tree.
    Whys,
    /// SHEL.
    Shel,
    /// 4M4E.
    Grid,
}

impl Method {
    /// In the order of the page.
    pub const ALL: [Method; 4] = [Method::Timeline, Method::Whys, Method::Shel, Method::Grid];

    /// The word in names of fields and in places of the page.
    pub const fn code(self) -> &'static str {
        match self {
            Method::Timeline => List::Timeline.code(),
            Method::Whys => List::Whys.code(),
            Method::Shel => List::Shel.code(),
            Method::Grid => "grid",
        }
    }

    /// The one of this word.
    pub fn of(code: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.code() == code)
    }

    /// The one that a field belongs to, by the field's name.
    pub fn of_field(field: &str) -> Option<Method> {
        field.split(['-', '.']).next().and_then(Method::of)
    }

    /// How many rows or cells it holds.
    pub fn held(self, analysis: &Analysis) -> usize {
        match self {
            Method::Timeline => analysis.timeline.len(),
            Method::Whys => analysis.whys.len(),
            Method::Shel => analysis.shel.len(),
            Method::Grid => analysis.grid.filled(),
        }
    }
}

impl From<List> for Method {
    fn from(list: List) -> Method {
        match list {
            List::Timeline => Method::Timeline,
            List::Whys => Method::Whys,
            List::Shel => Method::Shel,
        }
    }
}

/// The methods in which two analyses differ.
pub fn changed(one: &Analysis, other: &Analysis) -> Vec<Method> {
    let differs = |method: &Method| match method {
        Method::Timeline => one.timeline != other.timeline,
        Method::Whys => one.whys != other.whys,
        Method::Shel => one.shel != other.shel,
        Method::Grid => one.grid != other.grid,
    };
    Method::ALL.into_iter().filter(differs).collect()
}

/// The methods that a page shows open: those that were asked for, and those that hold what is not saved. Where there is none, the
/// first that holds something, or the first.
pub fn open_methods(asked: &[Method], shown: &Analysis, stored: &Analysis) -> Vec<Method> {
    let unsaved = changed(shown, stored);
    let open = |method: &Method| asked.contains(method) || unsaved.contains(method);
    let open: Vec<Method> = Method::ALL.into_iter().filter(open).collect();
    if !open.is_empty() {
        return open;
    }
    let first = Method::ALL.into_iter().find(|method| method.held(shown) > 0);
    vec![first.unwrap_or(Method::Timeline)]
}

/// What a button of the form does to the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// One more row at the end.
    Add(List),
    /// The row changes places with the one before.
    Up(List, usize),
    /// The row goes.
    Remove(List, usize),
    /// One more "why?" under this row.
    Under(usize),
}

impl FromStr for Edit {
    type Err = UnknownCode;

    /// Reads what a button sends, such as `timeline.add` or `whys.under.3`.
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let unknown = UnknownCode("button of an analysis");
        let (list, act) = text.split_once('.').ok_or(unknown)?;
        let list = List::ALL.into_iter().find(|known| known.code() == list).ok_or(unknown)?;
        let row = |text: &str| text.parse::<usize>().map_err(|_| unknown);
        match act.split_once('.') {
            None if act == "add" => Ok(Edit::Add(list)),
            Some(("up", at)) if list != List::Whys => Ok(Edit::Up(list, row(at)?)),
            Some(("remove", at)) => Ok(Edit::Remove(list, row(at)?)),
            Some(("under", at)) if list == List::Whys => Ok(Edit::Under(row(at)?)),
            _ => Err(unknown),
        }
    }
}

impl Edit {
    /// The list that it changes.
    pub const fn list(self) -> List {
        match self {
            Edit::Add(list) | Edit::Up(list, _) | Edit::Remove(list, _) => list,
            Edit::Under(_) => List::Whys,
        }
    }
}

/// The analysis with a row more, less or elsewhere. What cannot be done changes nothing.
#[must_use]
pub fn edited(mut analysis: Analysis, edit: Edit) -> Analysis {
    match edit {
        Edit::Add(List::Timeline) => grow(&mut analysis.timeline, Event::default()),
        Edit::Add(List::Shel) => {
            grow(&mut analysis.shel, ShelRow { factor: Factor::Software, words: String::new() });
        }
        Edit::Add(List::Whys) => add_why(&mut analysis.whys, None),
        Edit::Under(at) => {
            if let Some(under) = analysis.whys.get(at).map(|why| why.number) {
                add_why(&mut analysis.whys, Some(under));
                analysis.whys = in_order(&analysis.whys);
            }
        }
        Edit::Up(List::Timeline, at) => up(&mut analysis.timeline, at),
        Edit::Up(List::Shel, at) => up(&mut analysis.shel, at),
        Edit::Up(List::Whys, _) => {}
        Edit::Remove(List::Timeline, at) => cut(&mut analysis.timeline, at),
        Edit::Remove(List::Shel, at) => cut(&mut analysis.shel, at),
        Edit::Remove(List::Whys, at) => remove_why(&mut analysis.whys, at),
    }
    analysis
}

fn grow<T>(rows: &mut Vec<T>, row: T) {
    if rows.len() < MOST_ROWS {
        rows.push(row);
    }
}

fn up<T>(rows: &mut [T], at: usize) {
    if (1..rows.len()).contains(&at) {
        rows.swap(at - 1, at);
    }
}

fn cut<T>(rows: &mut Vec<T>, at: usize) {
    if at < rows.len() {
        rows.remove(at);
    }
}

fn add_why(whys: &mut Vec<Why>, under: Option<u32>) {
    let number = whys.iter().map(|why| why.number).max().unwrap_or_default().saturating_add(1);
    grow(whys, Why { number, under, words: String::new() });
}

/// What hung under a row that goes hangs under what that one hung under.
fn remove_why(whys: &mut Vec<Why>, at: usize) {
    if at >= whys.len() {
        return;
    }
    let gone = whys.remove(at);
    // In a ring a row may hang under itself; then what hung there comes to the top.
    let above = gone.under.filter(|under| *under != gone.number);
    for why in whys.iter_mut().filter(|why| why.under == Some(gone.number)) {
        why.under = above.filter(|under| *under != why.number);
    }
}

/// The order in which a why-tree is read: the place of each row, with its label such as `1-2`. Rows that hang nowhere come last,
/// without one.
pub fn why_order(whys: &[Why]) -> Vec<(usize, String)> {
    let mut order = Vec::with_capacity(whys.len());
    hang(whys, None, "", &mut order);
    let astray = |at: &usize| !order.iter().any(|(known, _)| known == at);
    let rest: Vec<usize> = (0..whys.len()).filter(astray).collect();
    order.extend(rest.into_iter().map(|at| (at, String::new())));
    order
}

fn hang(whys: &[Why], under: Option<u32>, label: &str, order: &mut Vec<(usize, String)>) {
    let here = whys.iter().enumerate().filter(|(_, why)| why.under == under);
    for (turn, (at, why)) in here.enumerate() {
        // Two of the same number would be walked twice.
        if order.iter().any(|(known, _)| *known == at) {
            continue;
        }
        let turn = turn + 1;
        let label = if label.is_empty() { turn.to_string() } else { format!("{label}-{turn}") };
        order.push((at, label.clone()));
        hang(whys, Some(why.number), &label, order);
    }
}

fn in_order(whys: &[Why]) -> Vec<Why> {
    why_order(whys).into_iter().filter_map(|(at, _)| whys.get(at).cloned()).collect()
}

/// What people wrote without spaces around it, without empty rows, and the why-tree in the order in which it is read.
#[must_use]
pub fn cleaned(mut analysis: Analysis) -> Analysis {
    for event in &mut analysis.timeline {
        tidy(&mut event.when);
        tidy(&mut event.what);
    }
    for why in &mut analysis.whys {
        tidy(&mut why.words);
    }
    for row in &mut analysis.shel {
        tidy(&mut row.words);
    }
    for cause in Cause::ALL {
        for column in Column::ALL {
            tidy(analysis.grid.row_mut(*cause).cell_mut(*column));
        }
    }
    tidy(&mut analysis.conclusion);
    analysis.timeline.retain(|event| !event.when.is_empty() || !event.what.is_empty());
    analysis.shel.retain(|row| !row.words.is_empty());
    while let Some(at) = analysis.whys.iter().position(|why| why.words.is_empty()) {
        remove_why(&mut analysis.whys, at);
    }
    analysis.whys = in_order(&analysis.whys);
    analysis
}

fn tidy(text: &mut String) {
    if text.contains('\r') || text.trim().len() != text.len() {
        text.replace("\r\n", "\n").trim().clone_into(text);
    }
}

/// What is wrong at a place of an analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnalysisFault {
    /// More than so many letters.
    TooLong(usize),
    /// More than [`MOST_ROWS`] rows.
    TooMany,
    /// It says when, and not what.
    NothingHappened,
    /// Another row has the same number.
    Twice,
    /// It hangs under a row that is not there, or under itself by way of others.
    Astray,
}

/// Every fault of an analysis, with the place's name as in `timeline.0.what`.
pub fn faults(analysis: &Analysis) -> Vec<(String, AnalysisFault)> {
    let mut faults = Vec::new();
    let mut long = |place: String, text: &str, most: usize| {
        if text.chars().count() > most {
            faults.push((place, AnalysisFault::TooLong(most)));
        }
    };
    for (at, event) in analysis.timeline.iter().enumerate() {
        long(format!("timeline.{at}.when"), &event.when, MOST_WHEN);
        long(format!("timeline.{at}.what"), &event.what, MOST_CELL);
    }
    for (at, why) in analysis.whys.iter().enumerate() {
        long(format!("whys.{at}.words"), &why.words, MOST_CELL);
    }
    for (at, row) in analysis.shel.iter().enumerate() {
        long(format!("shel.{at}.words"), &row.words, MOST_CELL);
    }
    for cause in Cause::ALL {
        for column in Column::ALL {
            let cell = analysis.grid.row(*cause).cell(*column);
            long(format!("grid.{}.{}", cause.code(), column.code()), cell, MOST_CELL);
        }
    }
    long("conclusion".to_owned(), &analysis.conclusion, MOST_CONCLUSION);
    faults.extend(silent_events(&analysis.timeline));
    faults.extend(broken_tree(&analysis.whys));
    let lists = [
        (List::Timeline, analysis.timeline.len()),
        (List::Whys, analysis.whys.len()),
        (List::Shel, analysis.shel.len()),
    ];
    let full = lists.into_iter().filter(|(_, rows)| *rows > MOST_ROWS);
    faults.extend(full.map(|(list, _)| (list.code().to_owned(), AnalysisFault::TooMany)));
    faults
}

fn silent_events(timeline: &[Event]) -> Vec<(String, AnalysisFault)> {
    let silent = timeline.iter().enumerate().filter(|(_, event)| event.what.is_empty());
    silent.map(|(at, _)| (format!("timeline.{at}.what"), AnalysisFault::NothingHappened)).collect()
}

fn broken_tree(whys: &[Why]) -> Vec<(String, AnalysisFault)> {
    let twice = |at: usize, why: &Why| whys.iter().take(at).any(|earlier| earlier.number == why.number);
    let twins = whys.iter().enumerate().filter(|(at, why)| twice(*at, why));
    let twins = twins.map(|(at, _)| (format!("whys.{at}.number"), AnalysisFault::Twice));
    let astray = why_order(whys).into_iter().filter(|(_, label)| label.is_empty());
    let astray = astray.map(|(at, _)| (format!("whys.{at}.under"), AnalysisFault::Astray));
    twins.chain(astray).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn why(number: u32, under: Option<u32>) -> Why {
        Why { number, under, words: format!("なぜ{number}") }
    }

    fn labels(whys: &[Why]) -> Vec<(u32, String)> {
        why_order(whys).into_iter().map(|(at, label)| (whys[at].number, label)).collect()
    }

    fn of(whys: Vec<Why>) -> Analysis {
        Analysis { whys, ..Analysis::default() }
    }

    #[test]
    fn a_tree_is_read_from_the_top_each_why_under_its_own() {
        let whys = [why(1, None), why(2, None), why(3, Some(1)), why(4, Some(3)), why(5, Some(1))];
        let expected = [(1, "1"), (3, "1-1"), (4, "1-1-1"), (5, "1-2"), (2, "2")];
        assert_eq!(labels(&whys), expected.map(|(number, label)| (number, label.to_owned())));
        assert!(faults(&of(whys.to_vec())).is_empty());
    }

    #[test]
    fn a_ring_a_missing_row_and_a_number_twice_are_told() {
        for (whys, expected) in [
            (vec![why(1, Some(2)), why(2, Some(1))], vec!["whys.0.under", "whys.1.under"]),
            (vec![why(1, Some(1))], vec!["whys.0.under"]),
            (vec![why(1, None), why(2, Some(9))], vec!["whys.1.under"]),
            (vec![why(1, None), why(1, None)], vec!["whys.1.number"]),
        ] {
            let places: Vec<String> = faults(&of(whys)).into_iter().map(|(place, _)| place).collect();
            assert_eq!(places, expected);
        }
    }

    #[test]
    fn rows_come_go_and_change_places() {
        let whys = || vec![why(1, None), why(2, Some(1)), why(3, Some(2))];
        let numbers = |edit: &str| -> Vec<(u32, Option<u32>)> {
            let done = edited(of(whys()), edit.parse().unwrap());
            done.whys.iter().map(|why| (why.number, why.under)).collect()
        };
        assert_eq!(numbers("whys.under.0"), [(1, None), (2, Some(1)), (3, Some(2)), (4, Some(1))]);
        assert_eq!(numbers("whys.under.1"), [(1, None), (2, Some(1)), (3, Some(2)), (4, Some(2))]);
        assert_eq!(numbers("whys.add"), [(1, None), (2, Some(1)), (3, Some(2)), (4, None)]);
        assert_eq!(numbers("whys.remove.1"), [(1, None), (3, Some(1))], "what hung there hangs higher");
        assert_eq!(numbers("whys.remove.0"), [(2, None), (3, Some(2))]);
        assert_eq!(numbers("whys.remove.7"), [(1, None), (2, Some(1)), (3, Some(2))]);
        let event = |what: &str| Event { when: String::new(), what: what.to_owned() };
        let timeline = Analysis { timeline: vec![event("a"), event("b")], ..Analysis::default() };
        for (edit, expected) in [
            ("timeline.up.1", vec!["b", "a"]),
            ("timeline.up.0", vec!["a", "b"]),
            ("timeline.up.2", vec!["a", "b"]),
            ("timeline.remove.0", vec!["b"]),
            ("timeline.add", vec!["a", "b", ""]),
            ("shel.add", vec!["a", "b"]),
        ] {
            let done = edited(timeline.clone(), edit.parse().unwrap());
            let left: Vec<&str> = done.timeline.iter().map(|event| event.what.as_str()).collect();
            assert_eq!(left, expected, "{edit}");
        }
        for wrong in ["", "whys", "whys.up.1", "shel.under.0", "timeline.remove.x", "grid.add", "whys.add.1"]
        {
            assert!(wrong.parse::<Edit>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_page_opens_what_was_asked_for_and_what_is_not_saved_and_never_nothing() {
        use Method::{Grid, Shel, Timeline, Whys};
        let empty = Analysis::default();
        let tree = of(vec![why(1, None)]);
        let mut more = tree.clone();
        more.grid.man.found = "人".to_owned();
        for (asked, shown, stored, expected) in [
            (vec![], &empty, &empty, vec![Timeline]),
            (vec![], &tree, &tree, vec![Whys]),
            (vec![Shel], &tree, &tree, vec![Shel]),
            (vec![], &more, &tree, vec![Grid]),
            (vec![Shel], &more, &empty, vec![Whys, Shel, Grid]),
        ] {
            assert_eq!(open_methods(&asked, shown, stored), expected);
        }
        for (field, expected) in [
            ("timeline-0-what", Some(Timeline)),
            ("grid-man-found", Some(Grid)),
            ("whys", Some(Whys)),
            ("conclusion", None),
        ] {
            assert_eq!(Method::of_field(field), expected);
        }
        assert_eq!("whys.under.1".parse::<Edit>().unwrap().list(), List::Whys);
    }

    #[test]
    fn a_list_does_not_grow_without_end() {
        let full = of((1..=60).map(|number| why(number, None)).collect());
        assert_eq!(edited(full.clone(), Edit::Add(List::Whys)).whys.len(), MOST_ROWS);
        assert!(faults(&full).is_empty());
        let over = of((1..=61).map(|number| why(number, None)).collect());
        assert_eq!(faults(&over), [("whys".to_owned(), AnalysisFault::TooMany)]);
    }

    #[test]
    fn empty_rows_go_when_it_is_saved_and_what_is_too_long_is_told() {
        let mut analysis = of(vec![why(1, None), why(2, Some(1)), why(3, Some(2))]);
        analysis.whys[1].words = "  ".to_owned();
        analysis.timeline = vec![
            Event::default(),
            Event { when: " 8時 ".to_owned(), what: String::new() },
            Event { when: String::new(), what: "線を抜いた\r\n紙にした".to_owned() },
        ];
        analysis.shel = vec![ShelRow { factor: Factor::Person, words: " ".to_owned() }];
        analysis.grid.media.engineering = "あ".repeat(501);
        analysis.conclusion = "い".repeat(2_001);
        let clean = cleaned(analysis);
        assert_eq!(clean.whys, [why(1, None), why(3, Some(1))]);
        assert_eq!((clean.timeline.len(), clean.shel.len()), (2, 0));
        assert_eq!(clean.timeline[0].when, "8時");
        assert_eq!(clean.timeline[1].what, "線を抜いた\n紙にした");
        assert_eq!(clean.grid.filled(), 1);
        assert_eq!(
            faults(&clean),
            [
                ("grid.media.engineering".to_owned(), AnalysisFault::TooLong(500)),
                ("conclusion".to_owned(), AnalysisFault::TooLong(2_000)),
                ("timeline.0.what".to_owned(), AnalysisFault::NothingHappened),
            ]
        );
    }

    fn any_whys() -> impl Strategy<Value = Vec<Why>> {
        let row = (1_u32..8, prop::option::of(0_u32..8), any::<bool>());
        let row = row.prop_map(|(number, under, said)| Why {
            number,
            under,
            words: if said { "なぜ".to_owned() } else { String::new() },
        });
        prop::collection::vec(row, 0..10)
    }

    proptest! {
        #[test]
        fn whatever_is_sent_no_row_is_lost_and_a_removal_ends(whys in any_whys(), at in 0_usize..10) {
            let mut places: Vec<usize> = why_order(&whys).into_iter().map(|(at, _)| at).collect();
            places.sort_unstable();
            prop_assert_eq!(places, (0..whys.len()).collect::<Vec<_>>());
            let said = whys.iter().filter(|why| !why.words.is_empty()).count();
            prop_assert_eq!(cleaned(of(whys.clone())).whys.len(), said);
            let left = edited(of(whys.clone()), Edit::Remove(List::Whys, at)).whys.len();
            prop_assert_eq!(left, whys.len() - usize::from(at < whys.len()));
        }

        #[test]
        fn a_sound_tree_stays_sound_whatever_is_removed(parents in prop::collection::vec(0_usize..8, 1..9), at in 0_usize..9) {
            let whys: Vec<Why> = parents
                .iter()
                .enumerate()
                .map(|(own, parent)| {
                    let number = u32::try_from(own + 1).unwrap();
                    why(number, whole(*parent, own))
                })
                .collect();
            prop_assert!(faults(&of(whys.clone())).is_empty());
            prop_assert!(faults(&edited(of(whys), Edit::Remove(List::Whys, at))).is_empty());
        }
    }

    /// An earlier row as parent, or none.
    fn whole(parent: usize, own: usize) -> Option<u32> {
        (parent < own).then(|| u32::try_from(parent + 1).unwrap())
    }
}
