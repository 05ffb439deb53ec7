//! Handing in files, and the imports that one has begun.

use super::{IMPORT, crumbs, desk, find, read_at_bench};
use crate::actions::{import_let_go, import_remove, import_start, imports};
use crate::model::{Import, State};
use crate::t;
use crate::words::{Refusal, refusal_text};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_files::clean_name;
use komainu_i18n::Lang;
use komainu_web::{
    Crumb, FieldError, Form, Member, NoticeKind, Outcome, Section, Shell, Upload, moment_text,
    page_with_status, redirect, with_flash,
};

/// An import that was begun.
struct Begun {
    href: String,
    files: String,
    when: String,
    state: String,
    sign: &'static str,
}

#[derive(Template)]
#[template(path = "import_start.html")]
struct StartPage {
    page: Shell,
    lang: Lang,
    path: Vec<Crumb>,
    begun: Vec<Begun>,
    faults: Vec<FieldError>,
    /// What is wrong with the files and what to do; empty where nothing is.
    fault: String,
}

/// The form for files.
pub async fn start(member: Member) -> Outcome {
    shown(&member, StatusCode::OK, None).await
}

async fn shown(member: &Member, status: StatusCode, refusal: Option<Refusal>) -> Outcome {
    let (lang, scope) = (member.lang, member.scope.clone());
    let begun = member.read(move |tx| imports(tx, &scope)).await?;
    let faults =
        refusal.iter().map(|refusal| FieldError { field: "file".into(), message: refusal.what.clone() });
    let start = StartPage {
        page: member.shell(&t!(lang, "import-title"), Section::Ledger),
        lang,
        path: crumbs(lang).into_iter().take(1).collect(),
        begun: begun.iter().map(|import| line(lang, import)).collect(),
        faults: faults.collect(),
        fault: refusal.map(|refusal| format!("{} {}", refusal.what, refusal.todo)).unwrap_or_default(),
    };
    page_with_status(status, &start)
}

fn line(lang: Lang, import: &Import) -> Begun {
    let (state, sign) = match import.state {
        State::Mapping => (t!(lang, "state-mapping"), "attention"),
        State::Preview => (t!(lang, "state-preview"), "attention"),
        State::Applied => (t!(lang, "state-applied"), "ok"),
    };
    Begun {
        href: format!("{IMPORT}/{}", import.id),
        files: import.detail.files.join(", "),
        when: moment_text(lang, import.created_at),
        state,
        sign,
    }
}

/// Takes files.
pub async fn upload(member: Member, upload: Upload) -> Outcome {
    let lang = member.lang;
    let files: Vec<(String, Vec<u8>)> = upload
        .files
        .into_iter()
        .filter(|(field, ..)| field == "file")
        .map(|(_, name, bytes)| (named(lang, &name), bytes))
        .collect();
    let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
    let read = match read_at_bench(files).await? {
        Ok(read) => read,
        Err((file, why)) => {
            let refusal = refusal_text(lang, &file, &why);
            return shown(&member, StatusCode::UNPROCESSABLE_ENTITY, Some(refusal)).await;
        }
    };
    let (app, scope) = (member.app.clone(), member.scope.clone());
    let id = member.write(move |tx| import_start(tx, desk(&app, lang), &scope, &names, &read)).await?;
    Ok(redirect(&format!("{IMPORT}/{id}")))
}

/// A file's name, or a word where nothing is left of it.
fn named(lang: Lang, name: &str) -> String {
    let name = clean_name(name);
    if name.is_empty() { t!(lang, "file-nameless") } else { name }
}

/// Gives up an import.
pub async fn remove(member: Member, Path(id): Path<String>, _: Form) -> Outcome {
    let id = find(&member, &id).await?.id;
    let (scope, organisation) = (member.scope.clone(), member.scope.organisation());
    member.write(move |tx| import_remove(tx, &scope, id)).await?;
    import_let_go(&member.app.files, organisation, id);
    let text = t!(member.lang, "import-removed");
    Ok(with_flash(&member.app, redirect(IMPORT), NoticeKind::Success, &text))
}
