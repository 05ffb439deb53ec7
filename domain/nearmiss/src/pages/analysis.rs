//! Why it happened: timeline, why-tree, SHEL and 4M4E in one form. Its buttons add rows and take them away without script; what
//! was typed comes back, and nothing is kept until it is saved.

use super::{UNPROCESSABLE, case_crumbs, id_of, path_of, version_of};
use crate::actions::{self, analysis_get, near_miss_get};
use crate::model::{
    Analysed, Analysis, Cause, Column, Event, Factor, Grid, NearMiss, NearMissId, ShelRow, Why,
};
use crate::rules::{self, AnalysisFault, Edit, List, MOST_ROWS, Method, why_order};
use crate::{t, words};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use komainu_i18n::Lang;
use komainu_institution::parts::{Difference, FormWords, differences};
use komainu_web::{
    Choice, Conflict, Crumb, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section, Shell,
    moment_text, page_with_status, redirect, with_flash,
};

/// A field of a row: its name, what it is called, what stands in it, what is wrong with it.
struct Cell {
    name: String,
    label: String,
    typed: String,
    fault: String,
}

struct EventView {
    moment: Cell,
    what: Cell,
    up: String,
    up_label: String,
    remove: String,
    remove_label: String,
}

struct WhyView {
    number_name: String,
    number: u32,
    under: Cell,
    parents: Vec<Choice>,
    words: Cell,
    below: String,
    below_label: String,
    remove: String,
    remove_label: String,
}

struct ShelView {
    factor: Cell,
    factors: Vec<Choice>,
    words: Cell,
    remove: String,
    remove_label: String,
}

struct GridView {
    cause: String,
    cells: Vec<Cell>,
}

/// A folded part: whether it is open, and in a line what it holds.
struct Fold {
    open: bool,
    holds: String,
}

struct Folds {
    timeline: Fold,
    whys: Fold,
    shel: Fold,
    grid: Fold,
}

#[derive(Template)]
#[template(path = "analysis.html")]
struct AnalysisPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    sides: String,
    crumbs: Vec<Crumb>,
    action: String,
    version: i64,
    happened: String,
    saved: String,
    folds: Folds,
    timeline: Vec<EventView>,
    whys: Vec<WhyView>,
    shel: Vec<ShelView>,
    grid: Vec<GridView>,
    conclusion: String,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

/// What stands in the form: what is stored, or what was sent and could not be taken.
struct Draft {
    analysis: Analysis,
    version: i64,
    errors: FieldErrors,
    differences: Vec<Difference>,
    /// The parts that are to be open.
    open: Vec<Method>,
}

/// `GET /near-miss/{id}/analysis`, with `?open=whys,grid` for the parts that are to be open.
pub async fn analysis(member: Member, Path(id): Path<String>, RawQuery(query): RawQuery) -> Outcome {
    let query = Form::read(query.unwrap_or_default().as_bytes())?;
    let open = query.text("open").split(',').filter_map(Method::of).collect();
    shown(&member, id_of(&id)?, StatusCode::OK, Err(open)).await
}

/// Shows a draft, or what is stored with these parts open.
async fn shown(
    member: &Member,
    id: NearMissId,
    status: StatusCode,
    draft: Result<Draft, Vec<Method>>,
) -> Outcome {
    let scope = member.scope.clone();
    let (near_miss, stored) =
        member.read(move |tx| Ok((near_miss_get(tx, &scope, id)?, analysis_get(tx, &scope, id)?))).await?;
    let draft = draft.unwrap_or_else(|open| Draft {
        analysis: if stored.version == 0 { beginning() } else { stored.analysis.clone() },
        version: stored.version,
        errors: FieldErrors::default(),
        differences: Vec::new(),
        open,
    });
    page_with_status(status, &view(member, &near_miss, &stored, draft))
}

/// Rows to begin with: people fill what is there sooner than they press a button. Empty ones are not kept.
fn beginning() -> Analysis {
    let shel = Factor::ALL.iter().map(|factor| ShelRow { factor: *factor, words: String::new() });
    Analysis {
        timeline: vec![Event::default(), Event::default(), Event::default()],
        whys: vec![Why { number: 1, under: None, words: String::new() }],
        shel: shel.collect(),
        ..Analysis::default()
    }
}

fn view(member: &Member, near_miss: &NearMiss, stored: &Analysed, draft: Draft) -> AnalysisPage {
    let lang = member.lang;
    let Draft { analysis, version, errors, differences, open } = draft;
    AnalysisPage {
        folds: folds(lang, &analysis, &stored.analysis, (open, &errors)),
        page: member.shell(&t!(lang, "analysis-title", number = near_miss.number_text()), Section::NearMiss),
        lang,
        words: FormWords::in_lang(lang),
        sides: t!(lang, "sides"),
        crumbs: case_crumbs(lang, near_miss),
        action: format!("{}/analysis", path_of(near_miss.id)),
        version,
        happened: if near_miss.triage.summary.is_empty() {
            words::symptom_text(&member.app.catalog, lang, &near_miss.symptom)
        } else {
            near_miss.triage.summary.clone()
        },
        saved: stored
            .saved_at
            .map(|at| {
                let name = stored.saved_by_name.as_str();
                t!(lang, "saved-by", name = name, at = moment_text(lang, at))
            })
            .unwrap_or_default(),
        timeline: events(lang, &analysis.timeline, &errors),
        whys: whys(lang, &analysis.whys, &errors),
        shel: shel(lang, &analysis.shel, &errors),
        grid: grid(lang, &analysis.grid, &errors),
        conclusion: analysis.conclusion,
        errors,
        differences,
    }
}

fn folds(
    lang: Lang,
    analysis: &Analysis,
    stored: &Analysis,
    (mut asked, errors): (Vec<Method>, &FieldErrors),
) -> Folds {
    asked.extend(errors.0.iter().filter_map(|error| Method::of_field(&error.field)));
    let analysis = rules::cleaned(analysis.clone());
    let open = rules::open_methods(&asked, &analysis, stored);
    let fold = |method: Method| Fold { open: open.contains(&method), holds: holds(lang, &analysis, method) };
    Folds {
        timeline: fold(Method::Timeline),
        whys: fold(Method::Whys),
        shel: fold(Method::Shel),
        grid: fold(Method::Grid),
    }
}

/// What a part holds: how much, and how it begins.
fn holds(lang: Lang, analysis: &Analysis, method: Method) -> String {
    let mut cells = Cause::ALL.iter().flat_map(|cause| {
        let row = analysis.grid.row(*cause);
        Column::ALL.iter().map(move |column| row.cell(*column))
    });
    let first = match method {
        Method::Timeline => analysis.timeline.first().map(|event| format!("{} {}", event.when, event.what)),
        Method::Whys => analysis.whys.first().map(|why| why.words.clone()),
        Method::Shel => analysis.shel.first().map(|row| row.words.clone()),
        Method::Grid => cells.find(|cell| !cell.is_empty()).map(ToOwned::to_owned),
    };
    let Some(first) = first else { return t!(lang, "analysis-holds-nothing") };
    let (n, first) = (method.held(analysis).to_string(), beginning_of(&first));
    match method {
        Method::Grid => t!(lang, "analysis-holds-cells", n = n, first = first),
        Method::Timeline | Method::Whys | Method::Shel => {
            t!(lang, "analysis-holds", n = n, first = first)
        }
    }
}

/// A text in a line, cut where it is long.
fn beginning_of(text: &str) -> String {
    const MOST: usize = 40;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    line.chars().take(MOST).chain(['…']).collect()
}

/// A field, by its parts' names.
fn cell(errors: &FieldErrors, parts: &[&str], label: String, typed: &str) -> Cell {
    let name = parts.join("-");
    Cell { fault: errors.of(&name).to_owned(), name, label, typed: typed.to_owned() }
}

/// What a button of a row sends.
fn act(list: List, what: &str, at: usize) -> String {
    format!("{}.{what}.{at}", list.code())
}

fn events(lang: Lang, timeline: &[Event], errors: &FieldErrors) -> Vec<EventView> {
    let list = List::Timeline.code();
    let one = |(at, event): (usize, &Event)| {
        let (row, n) = (at.to_string(), (at + 1).to_string());
        EventView {
            moment: cell(
                errors,
                &[list, &row, "when"],
                t!(lang, "timeline-when", n = n.as_str()),
                &event.when,
            ),
            what: cell(errors, &[list, &row, "what"], t!(lang, "timeline-what", n = n.as_str()), &event.what),
            up: if at == 0 { String::new() } else { act(List::Timeline, "up", at) },
            up_label: t!(lang, "timeline-up", n = n.as_str()),
            remove: act(List::Timeline, "remove", at),
            remove_label: t!(lang, "timeline-remove", n = n.as_str()),
        }
    };
    timeline.iter().enumerate().map(one).collect()
}

fn whys(lang: Lang, whys: &[Why], errors: &FieldErrors) -> Vec<WhyView> {
    let list = List::Whys.code();
    let labels = labels(lang, whys);
    let one = |(at, why): (usize, &Why)| {
        let (row, label) = (at.to_string(), labels[at].as_str());
        let chosen = why.under.map(|under| under.to_string()).unwrap_or_default();
        let others = whys.iter().enumerate().filter(|(other, _)| *other != at);
        let parents = others.map(|(other, parent)| {
            let number = parent.number.to_string();
            let is_chosen = number == chosen;
            let label = t!(lang, "why-name", label = labels[other].as_str());
            Choice::new(number, label).chosen(is_chosen)
        });
        WhyView {
            number_name: format!("{list}-{row}-number"),
            number: why.number,
            under: cell(errors, &[list, &row, "under"], t!(lang, "why-parent", label = label), &chosen),
            parents: parents.collect(),
            words: cell(errors, &[list, &row, "words"], t!(lang, "why-name", label = label), &why.words),
            below: act(List::Whys, "under", at),
            below_label: t!(lang, "why-under", label = label),
            remove: act(List::Whys, "remove", at),
            remove_label: t!(lang, "why-remove", label = label),
        }
    };
    whys.iter().enumerate().map(one).collect()
}

/// How each row of a why-tree is called, in the order of the rows.
fn labels(lang: Lang, whys: &[Why]) -> Vec<String> {
    let mut labels = vec![t!(lang, "why-astray"); whys.len()];
    for (at, label) in why_order(whys) {
        if !label.is_empty() {
            labels[at] = label;
        }
    }
    labels
}

fn shel(lang: Lang, rows: &[ShelRow], errors: &FieldErrors) -> Vec<ShelView> {
    let list = List::Shel.code();
    let one = |(at, row): (usize, &ShelRow)| {
        let (place, n) = (at.to_string(), (at + 1).to_string());
        let factor = |factor: &Factor| {
            Choice::new(factor.code(), words::factor_text(lang, *factor)).chosen(*factor == row.factor)
        };
        ShelView {
            factor: cell(
                errors,
                &[list, &place, "factor"],
                t!(lang, "shel-factor", n = n.as_str()),
                row.factor.code(),
            ),
            factors: Factor::ALL.iter().map(factor).collect(),
            words: cell(errors, &[list, &place, "words"], t!(lang, "shel-words", n = n.as_str()), &row.words),
            remove: act(List::Shel, "remove", at),
            remove_label: t!(lang, "shel-remove", n = n.as_str()),
        }
    };
    rows.iter().enumerate().map(one).collect()
}

fn grid(lang: Lang, grid: &Grid, errors: &FieldErrors) -> Vec<GridView> {
    let one = |cause: &Cause| {
        let name = words::cause_text(lang, *cause);
        let cells = Column::ALL.iter().map(|column| {
            let label = words::column_text(lang, *column);
            let label = t!(lang, "grid-cell", cause = name.as_str(), column = label);
            cell(errors, &["grid", cause.code(), column.code()], label, grid.row(*cause).cell(*column))
        });
        let cells = cells.collect();
        GridView { cause: name, cells }
    };
    Cause::ALL.iter().map(one).collect()
}

/// `POST /near-miss/{id}/analysis`: a row more or less, or all of it saved.
pub async fn analysis_submit(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id, version) = (member.lang, id_of(&id)?, version_of(&form));
    let sent = read(&form);
    if let Some(edit) = form.parse::<Edit>("do") {
        let draft = Draft {
            analysis: rules::edited(sent, edit),
            version,
            errors: FieldErrors::default(),
            differences: Vec::new(),
            open: vec![edit.list().into()],
        };
        return shown(&member, id, StatusCode::OK, Ok(draft)).await;
    }
    let analysis = rules::cleaned(sent);
    let errors = field_errors(lang, &analysis, |place| place.replace('.', "-"));
    if !errors.is_empty() {
        let draft = Draft { analysis, version, errors, differences: Vec::new(), open: Vec::new() };
        return shown(&member, id, UNPROCESSABLE, Ok(draft)).await;
    }
    let (scope, app, wish) = (member.scope.clone(), member.app.clone(), analysis.clone());
    let saved = member
        .write(move |tx| {
            let before = analysis_get(tx, &scope, id)?;
            actions::analysis_save(tx, &app.nature, &scope, (id, version), &wish)?;
            Ok::<_, Refused<Conflict<Analysed>>>(rules::changed(&wish, &before.analysis))
        })
        .await;
    match saved {
        Ok(changed) => {
            let text = t!(lang, "analysis-saved");
            // Whoever goes on writing finds open what was just written.
            let open = changed.into_iter().map(Method::code).collect::<Vec<_>>().join(",");
            let back = redirect(&format!("{}/analysis?open={open}", path_of(id)));
            Ok(with_flash(&member.app, back, NoticeKind::Success, &text))
        }
        Err(Refused::Because(Conflict(theirs))) => {
            let differences = compare(lang, &analysis, &theirs.analysis);
            let draft = Draft {
                analysis,
                version: theirs.version,
                errors: FieldErrors::default(),
                differences,
                open: Vec::new(),
            };
            shown(&member, id, StatusCode::CONFLICT, Ok(draft)).await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

fn read(form: &Form) -> Analysis {
    let rows = |list: List, cell: &str| -> Vec<String> {
        let before = |at: &usize| form.has(&format!("{}-{at}-{cell}", list.code()));
        (0..=MOST_ROWS).take_while(before).map(|at| format!("{}-{at}", list.code())).collect()
    };
    let text = |row: &str, cell: &str| form.text(&format!("{row}-{cell}")).to_owned();
    let timeline = rows(List::Timeline, "what").into_iter();
    let whys = rows(List::Whys, "words").into_iter();
    let shel = rows(List::Shel, "words").into_iter();
    let mut grid = Grid::default();
    for cause in Cause::ALL {
        for column in Column::ALL {
            let name = format!("grid-{}-{}", cause.code(), column.code());
            form.text(&name).clone_into(grid.row_mut(*cause).cell_mut(*column));
        }
    }
    Analysis {
        timeline: timeline.map(|row| Event { when: text(&row, "when"), what: text(&row, "what") }).collect(),
        whys: whys
            .map(|row| Why {
                number: form.parse(&format!("{row}-number")).unwrap_or_default(),
                under: form.parse(&format!("{row}-under")),
                words: text(&row, "words"),
            })
            .collect(),
        shel: shel
            .map(|row| ShelRow {
                factor: form.parse(&format!("{row}-factor")).unwrap_or(Factor::Software),
                words: text(&row, "words"),
            })
            .collect(),
        grid,
        conclusion: form.text("conclusion").to_owned(),
    }
}

/// The faults of an analysis in words, at fields as the asker names them.
pub(crate) fn field_errors(lang: Lang, analysis: &Analysis, field: impl Fn(&str) -> String) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for (place, fault) in rules::faults(analysis) {
        errors.add(
            &field(&place),
            match fault {
                AnalysisFault::TooLong(most) => t!(lang, "too-long", most = most.to_string()),
                AnalysisFault::TooMany => t!(lang, "too-many-rows", most = MOST_ROWS.to_string()),
                AnalysisFault::NothingHappened => t!(lang, "timeline-nothing"),
                AnalysisFault::Twice => t!(lang, "why-twice"),
                AnalysisFault::Astray => t!(lang, "why-astray-fault"),
            },
        );
    }
    errors
}

/// Both texts, part by part.
fn compare(lang: Lang, mine: &Analysis, theirs: &Analysis) -> Vec<Difference> {
    let both = |label: String, part: &dyn Fn(&Analysis) -> String| (label, part(mine), part(theirs));
    let mut all = vec![
        both(t!(lang, "timeline-title"), &|of: &Analysis| timeline_text(&of.timeline)),
        both(t!(lang, "whys-title"), &|of: &Analysis| tree_text(lang, &of.whys)),
        both(t!(lang, "shel-title"), &|of: &Analysis| shel_text(lang, &of.shel)),
    ];
    for cause in Cause::ALL {
        let name = words::cause_text(lang, *cause);
        for column in Column::ALL {
            let label = words::column_text(lang, *column);
            let label = t!(lang, "grid-cell", cause = name.as_str(), column = label);
            all.push(both(label, &|of: &Analysis| of.grid.row(*cause).cell(*column).to_owned()));
        }
    }
    all.push(both(t!(lang, "conclusion-title"), &|of: &Analysis| of.conclusion.clone()));
    differences(all)
}

/// Stands between rows that a table shows in one cell.
const BETWEEN: &str = " ／ ";

fn timeline_text(timeline: &[Event]) -> String {
    let rows = timeline.iter().map(|event| format!("{} {}", event.when, event.what).trim().to_owned());
    rows.collect::<Vec<_>>().join(BETWEEN)
}

fn tree_text(lang: Lang, whys: &[Why]) -> String {
    let labels = labels(lang, whys);
    let rows = whys.iter().zip(labels).map(|(why, label)| format!("{label} {}", why.words));
    rows.collect::<Vec<_>>().join(BETWEEN)
}

fn shel_text(lang: Lang, rows: &[ShelRow]) -> String {
    let rows = rows.iter().map(|row| format!("{} {}", words::factor_text(lang, row.factor), row.words));
    rows.collect::<Vec<_>>().join(BETWEEN)
}
