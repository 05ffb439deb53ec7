//! The pack as a PDF.

use crate::pack::{Cell, Drawing, Front, Look, Pack, Part, answer_text};
use crate::t;
use chrono::{DateTime, Utc};
use komainu_checklist::model::AnswerKind;
use komainu_map::paper::Picture;
use komainu_paper::{Paper, PaperError, Pdf, Stage, Template, qr};
use komainu_web::date_text;
use serde_json::{Value, json};
use std::ops::ControlFlow;

/// What the templates share.
const PACK_PARTS: (&str, &str) = ("pack-parts.typ", include_str!("../paper/pack-parts.typ"));
const PACK: Template =
    Template { name: "pack.typ", main: include_str!("../paper/pack.typ"), helpers: &[PACK_PARTS] };
const EMERGENCY: Template = Template {
    name: "emergency.typ",
    main: include_str!("../paper/emergency.typ"),
    helpers: &[PACK_PARTS, komainu_contact::paper::NETWORK],
};

/// Sets the pack.
pub(crate) fn set(
    paper: &Paper,
    pack: &Pack,
    made_at: DateTime<Utc>,
    go_on: &dyn Fn(Stage) -> ControlFlow<()>,
) -> Result<Pdf, PaperError> {
    let data = json!({
        "title": pack.title,
        "owner": pack.owner,
        "facts": pack.facts.iter().map(|(label, value)| json!([label, value])).collect::<Vec<_>>(),
        "note": pack.note,
        "parts": pack.parts.iter().map(|part| part_data(pack, part)).collect::<Vec<_>>(),
        "front": pack.front.as_ref().map(|front| front_data(pack, front)),
    });
    let template = if pack.front.is_some() { &EMERGENCY } else { &PACK };
    paper.render(template, &data, pack.lang, made_at, go_on)
}

fn front_data(pack: &Pack, front: &Front) -> Value {
    let numbers = front.numbers.iter().map(|one| {
        let night =
            (!one.night.is_empty()).then(|| t!(pack.lang, "front-night", number = one.night.as_str()));
        let day = (!one.day.is_empty()).then(|| one.day.clone());
        json!({ "who": one.who, "numbers": day.into_iter().chain(night).collect::<Vec<_>>() })
    });
    json!({
        "numbers": numbers.collect::<Vec<_>>(),
        "numbers-title": t!(pack.lang, "front-numbers"),
        "none": t!(pack.lang, "front-none"),
        "seen-title": t!(pack.lang, "front-seen"),
        "old": t!(pack.lang, "front-old"),
    })
}

fn part_data(pack: &Pack, part: &Part) -> Value {
    let groups: Vec<Value> = part
        .groups
        .iter()
        .map(|group| {
            let rows: Vec<Vec<Value>> =
                group.rows.iter().map(|row| row.iter().map(|cell| cell_data(pack, cell)).collect()).collect();
            // Only steps have headings of two lines; others are shown as people wrote them.
            let (heading, hint) = match part.look {
                Look::Steps => group.named(),
                Look::Table | Look::Large | Look::Form => (group.heading.as_str(), ""),
            };
            json!({ "heading": heading, "hint": hint, "rows": rows })
        })
        .collect();
    let (picture, network) = match &part.picture {
        Some(Drawing::Map(picture)) => (Some(picture_data(picture)), None),
        Some(Drawing::Network(network)) => (None, Some(network)),
        None => (None, None),
    };
    json!({
        "heading": part.heading,
        "look": part.look.code(),
        "intro": part.intro,
        "header": part.columns.iter().map(|column| &column.heading).collect::<Vec<_>>(),
        "widths": part.columns.iter().map(|column| column.width).collect::<Vec<_>>(),
        "groups": groups,
        "empty": if part.is_empty() { part.empty.as_str() } else { "" },
        "picture": picture,
        "network": network,
    })
}

fn picture_data(picture: &Picture) -> Value {
    json!({
        "secret": picture.secret,
        "svg": picture.svg,
        "alt": picture.alt,
        "legend": picture.legend,
    })
}

fn cell_data(pack: &Pack, cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => json!(text),
        Cell::Unconfirmed(text) => json!({ "unconfirmed": text }),
        Cell::Date(date) => json!(date.map(|date| date_text(pack.lang, date)).unwrap_or_default()),
        Cell::Qr(text) => json!({ "qr": qr(text).unwrap_or_default(), "alt": text }),
        Cell::Answer(None) => json!({ "answer": null }),
        Cell::Answer(Some(answer)) => {
            let mark = match answer {
                AnswerKind::Yes => "yes",
                AnswerKind::No => "no",
                AnswerKind::NotSure => "unsure",
                AnswerKind::NotApplicable => "not-applicable",
            };
            json!({ "answer": mark, "word": answer_text(pack.lang, *answer) })
        }
    }
}
