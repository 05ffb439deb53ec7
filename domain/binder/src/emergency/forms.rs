//! Forms to fill by hand: care without records, and what happens meanwhile.

use crate::pack::{Cell, Group, Look, Part, columns};
use crate::t;
use komainu_catalog::InstitutionKind;
use komainu_i18n::Lang;

/// Lines of a form: what a page holds.
const LINES: usize = 18;
/// A line high enough to write on; on paper the template makes it as high as the page allows.
const BLANK: &str = "\u{3000}\n\u{3000}";

fn blank<const N: usize>(heading: String, intro: String, columns: [(String, u8); N]) -> Part {
    let row = || (0..N).map(|_| Cell::from(BLANK)).collect::<Vec<_>>();
    let groups = vec![Group { heading: String::new(), rows: (0..LINES).map(|_| row()).collect() }];
    let columns = crate::pack::columns(columns);
    Part { heading, intro, columns, groups, empty: String::new(), picture: None, look: Look::Form }
}

/// Labels with room beside them.
fn questions(heading: String, intro: String, (label, answer): (String, String), all: &[String]) -> Part {
    let rows = all.iter().map(|question| vec![Cell::from(question.clone()), Cell::from(BLANK)]).collect();
    Part {
        heading,
        intro,
        columns: columns([(label, 34), (answer, 66)]),
        groups: vec![Group { heading: String::new(), rows }],
        empty: String::new(),
        picture: None,
        look: Look::Form,
    }
}

/// The forms, in the order of need: what happened, care as this kind of institution gives it, what authorities ask.
pub(super) fn parts(lang: Lang, kind: InstitutionKind) -> Vec<Part> {
    let mut all = vec![report(lang), timeline(lang), calls(lang)];
    all.extend(match kind {
        InstitutionKind::Hospital => vec![wards(lang), patients(lang), orders(lang), vitals(lang)],
        InstitutionKind::Clinic => vec![patients(lang), orders(lang), vitals(lang)],
        InstitutionKind::DentalClinic => vec![patients(lang), dental(lang)],
        InstitutionKind::MidwiferyHome => vec![patients(lang), mothers(lang), newborns(lang)],
        InstitutionKind::Pharmacy => vec![prescriptions(lang), dispensing(lang)],
        InstitutionKind::HomeVisitNursing => vec![visits(lang), visited(lang)],
        InstitutionKind::CareFacility => vec![residents(lang), cared(lang)],
    });
    all.extend([attack(lang), authority(lang)]);
    all
}

fn report(lang: Lang) -> Part {
    questions(
        t!(lang, "form-report"),
        t!(lang, "form-report-intro"),
        (t!(lang, "form-what"), t!(lang, "form-answer")),
        &[
            t!(lang, "form-report-when"),
            t!(lang, "form-report-where"),
            t!(lang, "form-report-seen"),
            t!(lang, "form-report-done"),
            t!(lang, "form-report-patients"),
            t!(lang, "form-report-who"),
        ],
    )
}

fn timeline(lang: Lang) -> Part {
    let columns = [(t!(lang, "form-time"), 16), (t!(lang, "form-happened"), 58), (t!(lang, "form-by"), 26)];
    blank(t!(lang, "form-timeline"), t!(lang, "form-timeline-intro"), columns)
}

fn calls(lang: Lang) -> Part {
    let columns = [
        (t!(lang, "form-time"), 16),
        (t!(lang, "form-called"), 28),
        (t!(lang, "form-said"), 40),
        (t!(lang, "form-by"), 16),
    ];
    blank(t!(lang, "form-calls"), t!(lang, "form-calls-intro"), columns)
}

/// Who lies where, when the list of the ward cannot be opened.
fn wards(lang: Lang) -> Part {
    let columns = [
        (t!(lang, "form-bed"), 12),
        (t!(lang, "form-patient"), 24),
        (t!(lang, "form-watch"), 26),
        (t!(lang, "form-running"), 22),
        (t!(lang, "form-meal"), 16),
    ];
    blank(t!(lang, "form-wards"), t!(lang, "form-wards-intro"), columns)
}

fn patients(lang: Lang) -> Part {
    let columns = [
        (t!(lang, "form-time"), 12),
        (t!(lang, "form-patient"), 26),
        (t!(lang, "form-born"), 16),
        (t!(lang, "form-allergy"), 20),
        (t!(lang, "form-complaint"), 26),
    ];
    blank(t!(lang, "form-patients"), t!(lang, "form-patients-intro"), columns)
}

fn orders(lang: Lang) -> Part {
    let columns = [
        (t!(lang, "form-time"), 12),
        (t!(lang, "form-patient"), 24),
        (t!(lang, "form-order"), 34),
        (t!(lang, "form-doctor"), 14),
        (t!(lang, "form-carried-out"), 16),
    ];
    blank(t!(lang, "form-orders"), t!(lang, "form-orders-intro"), columns)
}

fn vitals(lang: Lang) -> Part {
    let columns = [
        (t!(lang, "form-time"), 12),
        (t!(lang, "form-patient"), 24),
        (t!(lang, "form-measured"), 34),
        (t!(lang, "form-given"), 18),
        (t!(lang, "form-by"), 12),
    ];
    blank(t!(lang, "form-vitals"), t!(lang, "form-vitals-intro"), columns)
}

fn dental(lang: Lang) -> Part {
    let columns = [
        (t!(lang, "form-time"), 12),
        (t!(lang, "form-patient"), 22),
        (t!(lang, "form-tooth"), 14),
        (t!(lang, "form-treated"), 28),
        (t!(lang, "form-next"), 12),
        (t!(lang, "form-dentist"), 12),
    ];
    blank(t!(lang, "form-dental"), t!(lang, "form-dental-intro"), columns)
}

fn mothers(lang: Lang) -> Part {
    let columns = [
        (t!(lang, "form-time"), 12),
        (t!(lang, "form-mother"), 22),
        (t!(lang, "form-mother-measured"), 20),
        (t!(lang, "form-labour"), 20),
        (t!(lang, "form-heartbeat"), 14),
        (t!(lang, "form-by"), 12),
    ];
    blank(t!(lang, "form-mothers"), t!(lang, "form-mothers-intro"), columns)
}

fn newborns(lang: Lang) -> Part {
    let columns = [
        (t!(lang, "form-time"), 12),
        (t!(lang, "form-newborn"), 26),
        (t!(lang, "form-newborn-state"), 28),
        (t!(lang, "form-newborn-fed"), 22),
        (t!(lang, "form-by"), 12),
    ];
    blank(t!(lang, "form-newborns"), t!(lang, "form-newborns-intro"), columns)
}

fn prescriptions(lang: Lang) -> Part {
    let columns = [
        (t!(lang, "form-time"), 12),
        (t!(lang, "form-patient"), 22),
        (t!(lang, "form-born"), 14),
        (t!(lang, "form-prescribed-by"), 20),
        (t!(lang, "form-allergy"), 18),
        (t!(lang, "form-to-verify"), 14),
    ];
    blank(t!(lang, "form-prescriptions"), t!(lang, "form-prescriptions-intro"), columns)
}

fn dispensing(lang: Lang) -> Part {
    let columns = [
        (t!(lang, "form-time"), 12),
        (t!(lang, "form-patient"), 20),
        (t!(lang, "form-medicine"), 28),
        (t!(lang, "form-inquiry"), 22),
        (t!(lang, "form-dispensed-by"), 18),
    ];
    blank(t!(lang, "form-dispensing"), t!(lang, "form-dispensing-intro"), columns)
}

fn visits(lang: Lang) -> Part {
    let columns = [
        (t!(lang, "form-time"), 12),
        (t!(lang, "form-user"), 24),
        (t!(lang, "form-address"), 22),
        (t!(lang, "form-instructed"), 26),
        (t!(lang, "form-visitor"), 16),
    ];
    blank(t!(lang, "form-visits"), t!(lang, "form-visits-intro"), columns)
}

fn visited(lang: Lang) -> Part {
    let columns = [
        (t!(lang, "form-time"), 12),
        (t!(lang, "form-user"), 20),
        (t!(lang, "form-measured"), 26),
        (t!(lang, "form-nursed"), 20),
        (t!(lang, "form-passed-on"), 12),
        (t!(lang, "form-by"), 10),
    ];
    blank(t!(lang, "form-visited"), t!(lang, "form-visited-intro"), columns)
}

fn residents(lang: Lang) -> Part {
    let columns = [
        (t!(lang, "form-user"), 24),
        (t!(lang, "form-eating"), 20),
        (t!(lang, "form-medicines"), 20),
        (t!(lang, "form-moving"), 18),
        (t!(lang, "form-family"), 18),
    ];
    blank(t!(lang, "form-residents"), t!(lang, "form-residents-intro"), columns)
}

fn cared(lang: Lang) -> Part {
    let columns = [
        (t!(lang, "form-time"), 12),
        (t!(lang, "form-user"), 22),
        (t!(lang, "form-eaten"), 20),
        (t!(lang, "form-toilet"), 12),
        (t!(lang, "form-condition"), 22),
        (t!(lang, "form-by"), 12),
    ];
    blank(t!(lang, "form-cared"), t!(lang, "form-cared-intro"), columns)
}

/// What the common form for ransomware and the police ask about an attack.
fn attack(lang: Lang) -> Part {
    questions(
        t!(lang, "form-attack"),
        t!(lang, "form-attack-intro"),
        (t!(lang, "form-what"), t!(lang, "form-answer")),
        &[
            t!(lang, "form-attack-note"),
            t!(lang, "form-attack-ending"),
            t!(lang, "form-attack-kind"),
            t!(lang, "form-attack-way"),
            t!(lang, "form-attack-traces"),
            t!(lang, "form-attack-kept"),
            t!(lang, "form-attack-touched"),
        ],
    )
}

/// What the commission asks.
fn authority(lang: Lang) -> Part {
    questions(
        t!(lang, "form-authority"),
        t!(lang, "form-authority-intro"),
        (t!(lang, "form-what"), t!(lang, "form-answer")),
        &[
            t!(lang, "form-nine-overview"),
            t!(lang, "form-nine-data"),
            t!(lang, "form-nine-people"),
            t!(lang, "form-nine-cause"),
            t!(lang, "form-nine-harm"),
            t!(lang, "form-nine-told"),
            t!(lang, "form-nine-published"),
            t!(lang, "form-nine-prevented"),
            t!(lang, "form-nine-other"),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_institution_has_the_forms_of_its_own_work() {
        use InstitutionKind::{
            CareFacility, Clinic, DentalClinic, HomeVisitNursing, Hospital, MidwiferyHome, Pharmacy,
        };
        for lang in Lang::ALL {
            let of = |kind| parts(lang, kind).into_iter().map(|part| part.heading).collect::<Vec<_>>();
            for (kind, own, not) in [
                (Hospital, t!(lang, "form-wards"), t!(lang, "form-dispensing")),
                (Clinic, t!(lang, "form-orders"), t!(lang, "form-wards")),
                (DentalClinic, t!(lang, "form-dental"), t!(lang, "form-vitals")),
                (MidwiferyHome, t!(lang, "form-newborns"), t!(lang, "form-orders")),
                (Pharmacy, t!(lang, "form-dispensing"), t!(lang, "form-orders")),
                (HomeVisitNursing, t!(lang, "form-visited"), t!(lang, "form-patients")),
                (CareFacility, t!(lang, "form-cared"), t!(lang, "form-orders")),
            ] {
                let headings = of(kind);
                assert!(headings.contains(&own) && !headings.contains(&not), "{lang} {kind:?}: {headings:?}");
                let (first, last) = (headings.first(), headings.last());
                assert_eq!(first, Some(&t!(lang, "form-report")));
                assert_eq!(last, Some(&t!(lang, "form-authority")));
            }
        }
    }

    #[test]
    fn every_form_fills_the_width_of_its_page() {
        let kinds = InstitutionKind::ALL.iter().copied();
        for part in kinds.flat_map(|kind| parts(Lang::En, kind)) {
            let width: u32 = part.columns.iter().map(|column| u32::from(column.width)).sum();
            assert_eq!(width, 100, "{}", part.heading);
            assert!(part.groups[0].rows.iter().all(|row| row.len() == part.columns.len()));
        }
    }
}
