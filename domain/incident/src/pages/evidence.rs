//! Evidence: taken with its hash, handed on in writing, handed out as bytes and never shown.

use super::{Head, Side, UNPROCESSABLE, done, head, id_of, path_of, seen, when, writes};
use crate::actions::{self, ExhibitRefusal, MOST_EVIDENCE, NewExhibit};
use crate::model::{CustodyDetail, Exhibit, ExhibitDetail, ExhibitId, IncidentId};
use crate::{t, words};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_i18n::Lang;
use komainu_institution::parts::{FormWords, LONG, SHORT, text};
use komainu_web::{
    Failure, FieldErrors, Form, Member, Once, Outcome, Refused, Section, Shell, Upload, attachment,
    moment_text, page_with_status,
};

/// The largest body with a file of evidence, in bytes.
pub const EVIDENCE_BODY: usize = MOST_EVIDENCE + 64 * 1024;

struct ExhibitView {
    /// Keeps the fields of its form apart from those of others.
    idp: String,
    what: String,
    /// Label and text.
    facts: Vec<(String, String)>,
    sha256: String,
    file: String,
    custody_action: String,
    custody: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "incident_evidence.html")]
struct EvidencePage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    head: Head,
    leads: bool,
    action: String,
    /// Names the forms of the page.
    sent_id: String,
    exhibits: Vec<ExhibitView>,
    typed: ExhibitDetail,
    taken_by: String,
    errors: FieldErrors,
}

/// What a form held when it could not be taken.
#[derive(Default)]
struct Typed {
    detail: ExhibitDetail,
    taken_by: String,
    errors: FieldErrors,
}

/// `GET /incidents/{id}/evidence`
pub async fn evidence(member: Member, Path(id): Path<String>) -> Outcome {
    let typed = Typed { taken_by: member.scope.person_name().to_owned(), ..Typed::default() };
    shown(&member, id_of(&id)?, StatusCode::OK, typed).await
}

async fn shown(member: &Member, id: IncidentId, status: StatusCode, typed: Typed) -> Outcome {
    let case = seen(member, id).await?;
    let lang = member.lang;
    let path = format!("{}/evidence", path_of(id));
    page_with_status(
        status,
        &EvidencePage {
            page: member.shell(&words::title_text(lang, &case.incident), Section::Incident),
            lang,
            words: FormWords::in_lang(lang),
            head: head(member, &case.incident, Side::Evidence),
            leads: writes(member, &case.incident),
            exhibits: case.evidence.iter().map(|exhibit| view(lang, exhibit, &path)).collect(),
            action: path,
            sent_id: Once::id(&member.app.nature),
            typed: typed.detail,
            taken_by: typed.taken_by,
            errors: typed.errors,
        },
    )
}

fn view(lang: Lang, exhibit: &Exhibit, path: &str) -> ExhibitView {
    let by = |at, name: &str| t!(lang, "by", at = moment_text(lang, at), name = name);
    let mut facts = vec![
        (t!(lang, "exhibit-taken"), by(exhibit.taken_at, &exhibit.taken_by_name)),
        (t!(lang, "exhibit-added"), by(exhibit.added_at, &exhibit.added_by_name)),
    ];
    for (label, said) in [
        (t!(lang, "exhibit-source"), &exhibit.detail.source),
        (t!(lang, "exhibit-means"), &exhibit.detail.means),
        (t!(lang, "exhibit-kept"), &exhibit.detail.kept),
        (t!(lang, "exhibit-file"), &exhibit.name),
    ] {
        if !said.is_empty() {
            facts.push((label, said.clone()));
        }
    }
    let custody = exhibit.custody.iter().map(|one| {
        let (from, to) = (one.detail.from.as_str(), one.detail.to.as_str());
        let passed = t!(lang, "custody-line", from = from, to = to, why = one.detail.why.as_str());
        (moment_text(lang, one.handed_at), passed)
    });
    ExhibitView {
        idp: format!("{}-", exhibit.id),
        what: exhibit.detail.what.clone(),
        facts,
        sha256: exhibit.file.clone(),
        file: if exhibit.file.is_empty() { String::new() } else { format!("{path}/{}/file", exhibit.id) },
        custody_action: format!("{path}/{}/custody", exhibit.id),
        custody: custody.collect(),
    }
}

/// `POST /incidents/{id}/evidence`
pub async fn evidence_add(member: Member, Path(id): Path<String>, upload: Upload) -> Outcome {
    let (lang, id) = (member.lang, id_of(&id)?);
    let Upload { form, files } = upload;
    let mut errors = FieldErrors::default();
    let detail = ExhibitDetail {
        what: text(&form, lang, &mut errors, "what", SHORT, true),
        source: text(&form, lang, &mut errors, "source", LONG, false),
        means: text(&form, lang, &mut errors, "means", LONG, false),
        kept: text(&form, lang, &mut errors, "kept", LONG, false),
    };
    let taken_by = text(&form, lang, &mut errors, "taken_by", SHORT, true);
    let taken_at = when(&form, lang, &mut errors, member.app.nature.now());
    if !errors.is_empty() {
        return shown(&member, id, UNPROCESSABLE, Typed { detail, taken_by, errors }).await;
    }
    let file = files.into_iter().find(|(field, ..)| field == "file").map(|(_, name, bytes)| (name, bytes));
    let new = NewExhibit { file, detail: detail.clone(), taken_at, taken_by_name: taken_by.clone() };
    let (scope, app) = (member.scope.clone(), member.app.clone());
    let place = format!("{}/evidence", path_of(id));
    let once = Once::of(&form, &place);
    let added = member
        .write(move |tx| {
            let once = match &new.file {
                Some((name, bytes)) => once.with_file(name, bytes),
                None => once,
            };
            once.done(tx, &app.nature, &scope, |tx| {
                actions::exhibit_add(tx, &app.nature, &scope, &app.files, (id, &new))?;
                Ok::<_, Refused<ExhibitRefusal>>(place)
            })
        })
        .await;
    match added {
        Ok(to) => Ok(done(&member, &to, &t!(lang, "exhibit-saved"))),
        Err(Refused::Because(reason)) => {
            errors.add("file", refusal(lang, reason));
            shown(&member, id, UNPROCESSABLE, Typed { detail, taken_by, errors }).await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

pub(crate) fn refusal(lang: Lang, reason: ExhibitRefusal) -> String {
    match reason {
        ExhibitRefusal::Empty => t!(lang, "exhibit-empty"),
        ExhibitRefusal::TooLarge => t!(lang, "exhibit-too-large"),
    }
}

fn exhibit_of(text: &str) -> Result<ExhibitId, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

/// `GET /incidents/{id}/evidence/{exhibit}/file`
pub async fn evidence_file(member: Member, Path((_, exhibit)): Path<(String, String)>) -> Outcome {
    let exhibit = exhibit_of(&exhibit)?;
    let (scope, app) = (member.scope.clone(), member.app.clone());
    let (exhibit, bytes) =
        member.read(move |tx| actions::exhibit_bytes(tx, &scope, &app.files, exhibit)).await?;
    // Whatever it is, no browser opens it.
    Ok(attachment(&exhibit.name, "application/octet-stream", bytes))
}

/// `POST /incidents/{id}/evidence/{exhibit}/custody`
pub async fn custody_add(member: Member, Path((id, exhibit)): Path<(String, String)>, form: Form) -> Outcome {
    let (lang, id, exhibit) = (member.lang, id_of(&id)?, exhibit_of(&exhibit)?);
    let mut errors = FieldErrors::default();
    let detail = CustodyDetail {
        from: text(&form, lang, &mut errors, "from", SHORT, true),
        to: text(&form, lang, &mut errors, "to", SHORT, true),
        why: text(&form, lang, &mut errors, "why", LONG, false),
    };
    let handed_at = when(&form, lang, &mut errors, member.app.nature.now());
    if !errors.is_empty() {
        for error in &mut errors.0 {
            error.field = format!("{exhibit}-{}", error.field);
        }
        let taken_by = member.scope.person_name().to_owned();
        return shown(&member, id, UNPROCESSABLE, Typed { taken_by, errors, ..Typed::default() }).await;
    }
    let (scope, app) = (member.scope.clone(), member.app.clone());
    let place = format!("{}/evidence", path_of(id));
    let once = Once::of(&form, &format!("{place}/{exhibit}/custody"));
    let to = member
        .write(move |tx| {
            once.done(tx, &app.nature, &scope, |tx| {
                actions::custody_add(tx, &app.nature, &scope, exhibit, (&detail, handed_at))?;
                Ok::<_, Failure>(place)
            })
        })
        .await?;
    Ok(done(&member, &to, &t!(lang, "custody-saved")))
}
