//! The evidence: what rules there are, the index, and the files of the archive.

use super::form::Sheet;
use crate::pack::{Cell, EvidenceFile, Group, Look, Part, columns};
use crate::t;
use komainu_access::{Permission, Scope};
use komainu_checklist::actions as checklist;
use komainu_checklist::model::{Evidence, EvidenceTarget};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_web::{Failure, date_text};

/// The item whose evidence is the house's written rules.
const RULES: &str = "rules";

/// The evidence of the year's forms, in the order of their rows.
pub(super) struct Papers<'a> {
    sheets: &'a [Sheet<'a>],
    of_sheets: Vec<Vec<Paper>>,
}

/// A piece of evidence and the number of its row.
struct Paper {
    number: String,
    piece: Evidence,
}

impl<'a> Papers<'a> {
    /// All of it, or nothing for those who may not read evidence.
    pub(super) fn of(tx: &mut Tx<'_>, scope: &Scope, sheets: &'a [Sheet<'a>]) -> Result<Papers<'a>, Failure> {
        let mut of_sheets = Vec::new();
        for sheet in sheets.iter().filter(|_| scope.may(Permission::EvidenceRead)) {
            let mut pieces = checklist::evidence_of_round(tx, scope, sheet.view.round.id)?;
            pieces.sort_by_key(|piece| sheet.find(&piece.placement).map(|(at, _)| at));
            of_sheets.push(
                pieces
                    .into_iter()
                    .map(|piece| Paper {
                        number: sheet
                            .find(&piece.placement)
                            .map(|(_, number)| number.to_owned())
                            .unwrap_or_default(),
                        piece,
                    })
                    .collect(),
            );
        }
        Ok(Papers { sheets, of_sheets })
    }

    /// One group of rows a form, with the form's name where there are several.
    fn groups(&self, lang: Lang, row: impl Fn(&Sheet<'_>, &Paper) -> Option<Vec<Cell>>) -> Vec<Group> {
        let forms = self.sheets.iter().zip(&self.of_sheets);
        let group = |(sheet, papers): (&Sheet<'_>, &Vec<Paper>)| Group {
            heading: if self.sheets.len() > 1 { sheet.heading(lang) } else { String::new() },
            rows: papers.iter().filter_map(|paper| row(sheet, paper)).collect(),
        };
        forms.map(group).filter(|group| !group.rows.is_empty()).collect()
    }

    /// The documents of the item on written rules.
    pub(super) fn rules_part(&self, lang: Lang) -> Part {
        let groups = self.groups(lang, |sheet, Paper { piece, .. }| {
            let row = sheet.form.row(&piece.placement)?;
            (row.item.id.as_str() == RULES)
                .then(|| vec![Cell::Text(piece.name.clone()), Cell::Text(added(lang, piece))])
        });
        Part {
            heading: t!(lang, "pack-rules"),
            intro: t!(lang, "pack-rules-intro"),
            columns: columns([(t!(lang, "column-name"), 70), (t!(lang, "column-added"), 30)]),
            groups,
            empty: t!(lang, "pack-rules-empty"),
            picture: None,
            look: Look::Table,
        }
    }

    /// Every piece with its hash.
    pub(super) fn index_part(&self, lang: Lang) -> Part {
        let groups = self.groups(lang, |_, Paper { number, piece }| {
            let hash = match &piece.target {
                EvidenceTarget::File(digest) => digest.clone(),
                _ => t!(lang, "evidence-record"),
            };
            let texts =
                [number.clone(), piece.name.clone(), added(lang, piece), piece.added_by_name.clone(), hash];
            Some(texts.map(Cell::Text).to_vec())
        });
        Part {
            heading: t!(lang, "pack-evidence"),
            intro: t!(lang, "pack-evidence-intro"),
            columns: columns([
                (t!(lang, "column-number"), 11),
                (t!(lang, "column-name"), 30),
                (t!(lang, "column-added"), 20),
                (t!(lang, "column-by"), 18),
                (t!(lang, "column-hash"), 40),
            ]),
            groups,
            empty: t!(lang, "pack-evidence-empty"),
            picture: None,
            look: Look::Table,
        }
    }

    /// The files for the archive.
    pub(super) fn files(&self) -> Vec<EvidenceFile> {
        let forms = self.sheets.iter().zip(&self.of_sheets);
        let files = forms.flat_map(|(sheet, papers)| {
            papers.iter().filter_map(|Paper { number, piece }| {
                let EvidenceTarget::File(digest) = &piece.target else { return None };
                let (vendor, number, name) = (sheet.vendor.clone(), number.clone(), piece.name.clone());
                Some(EvidenceFile { vendor, number, name, digest: digest.clone() })
            })
        });
        files.collect()
    }
}

fn added(lang: Lang, piece: &Evidence) -> String {
    date_text(lang, komainu_clock::in_japan(piece.added_at).date_naive())
}
