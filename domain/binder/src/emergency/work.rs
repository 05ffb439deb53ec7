//! Making the binder, and making it again when it would say something else.

use super::actions::{ask, binder_gather, content};
use super::{door, store};
use crate::document;
use chrono::Duration;
use komainu_access::Scope;
use komainu_db::DbError;
use komainu_i18n::Lang;
use komainu_jobs::{Job, Progress, Watch, Work, WorkError};
use komainu_paper::{Paper, PaperError};
use komainu_web::{App, Failure};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The kind of job that makes it.
pub const KIND: &str = "emergency_binder";
/// Binders that one look goes on with.
const SOME: i64 = 5;
/// How long a binder is left alone between two looks: people write one thing after another.
const REST: Duration = Duration::minutes(2);
/// After how long a binder is looked at though nothing was logged.
const LONG: Duration = Duration::days(1);

/// What is wished for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Wish {
    pub(crate) lang: Lang,
}

/// Looks at a binder after something was logged: does it still say what is true?
pub struct Follower(pub App);

impl Watch for Follower {
    fn look(&self) -> Result<bool, DbError> {
        let (app, now) = (&self.0, self.0.nature.now());
        let behind = app.db.read(|tx| store::behind(tx, (now - REST, now - LONG), SOME))?;
        for (organisation, code, seq) in &behind {
            let scope = Scope::of_program(*organisation);
            let Ok(lang) = code.parse::<Lang>() else { continue };
            let says = app.db.read(|tx| {
                // Where no door stands, whatever it says leads nowhere.
                let Some(page) = door::standing(tx, &scope, &app.settings.public_url, now)? else {
                    return Ok(None);
                };
                let pack = binder_gather(tx, &scope, &app.catalog, (lang, &page), now)?;
                Ok::<_, Failure>(Some(content(&pack)))
            });
            let says = match says {
                Ok(says) => Some(says),
                Err(Failure::Db(error @ DbError::Unavailable(_))) => return Err(error),
                // One house's binder that cannot be told shall not keep those of the others from being made.
                Err(failure) => {
                    tracing::error!(error = ?failure, "an emergency binder could not be looked at");
                    None
                }
            };
            app.db.write(|tx| {
                let kept = store::binder_get(tx, &scope, code)?;
                store::seen(tx, &scope, code, (*seq, now))?;
                if says.is_some_and(|says| kept.is_some_and(|kept| says != Some(kept.content))) {
                    ask(tx, &app.nature, &scope, lang)?;
                }
                Ok::<_, DbError>(())
            })?;
        }
        Ok(!behind.is_empty())
    }
}

/// Makes binders.
pub struct BinderWork {
    app: App,
    paper: Arc<Paper>,
}

impl BinderWork {
    /// With the program's parts and the place where documents are set.
    pub fn new(app: App, paper: Arc<Paper>) -> BinderWork {
        BinderWork { app, paper }
    }
}

impl Work for BinderWork {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, job: &Job, progress: &Progress<'_>) -> Result<String, WorkError> {
        let (app, now) = (&self.app, self.app.nature.now());
        let Wish { lang } = serde_json::from_str(&job.payload)?;
        let again = |error: Failure| WorkError::Again(format!("{error:?}"));
        let at = (lang, app.settings.public_url.as_str());
        let page = app.db.write(|tx| door::open(tx, &app.nature, &job.scope, at)).map_err(again)?;
        let pack = app
            .db
            .read(|tx| binder_gather(tx, &job.scope, &app.catalog, (lang, &page), now))
            .map_err(again)?;
        let says = content(&pack);
        let kept = app.db.read(|tx| store::binder_get(tx, &job.scope, lang.code()))?;
        if kept.is_some_and(|kept| kept.content == says) {
            return Ok("unchanged".to_owned());
        }
        let pdf = match document::set(&self.paper, &pack, now, &|_| progress.step(1, "setting")) {
            Ok(pdf) => pdf,
            Err(PaperError::Cancelled(_)) => return Err(WorkError::Cancelled),
            Err(error) => return Err(error.into()),
        };
        let pages = i64::try_from(pdf.pages).unwrap_or(i64::MAX);
        app.db.write(|tx| {
            let digest = app.files.keep(tx, &job.scope, &app.nature, &pdf.bytes, "application/pdf")?;
            store::made(tx, &job.scope, lang.code(), (&says, &digest, pages), now)?;
            Ok::<_, WorkError>(())
        })?;
        Ok(format!("{pages} pages"))
    }
}
