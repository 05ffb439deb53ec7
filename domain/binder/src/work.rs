//! Making a pack in the background.

use crate::actions::{file_name, pack_gather, pack_note};
use crate::archive::{Archive, EVIDENCE_LIMIT, paths};
use crate::model::{KIND, Made, Order, PackForm};
use crate::pack::Pack;
use crate::{document, sheet};
use chrono::{DateTime, Duration, Utc};
use komainu_jobs::{Job, Progress, Work, WorkError};
use komainu_paper::{Paper, PaperError};
use komainu_web::App;
use std::sync::Arc;

/// Makes packs.
pub struct PackWork {
    app: App,
    paper: Arc<Paper>,
}

impl PackWork {
    /// With the program's parts and the place where documents are set.
    pub fn new(app: App, paper: Arc<Paper>) -> PackWork {
        PackWork { app, paper }
    }

    fn pdf(
        &self,
        pack: &Pack,
        made_at: DateTime<Utc>,
        progress: &Progress<'_>,
    ) -> Result<(Vec<u8>, usize), WorkError> {
        step(progress, 2, "setting")?;
        match document::set(&self.paper, pack, made_at, &|_| progress.step(2, "setting")) {
            Ok(pdf) => {
                if !pdf.remarks.is_empty() {
                    tracing::warn!(remarks = pdf.remarks, "typst remarked on the pack");
                }
                Ok((pdf.bytes, pdf.pages))
            }
            Err(PaperError::Cancelled(_)) => Err(WorkError::Cancelled),
            Err(error) => Err(error.into()),
        }
    }

    fn archive(
        &self,
        job: &Job,
        pack: &Pack,
        made_at: DateTime<Utc>,
        documents: [(&str, &[u8]); 2],
        progress: &Progress<'_>,
    ) -> Result<(Vec<u8>, Vec<String>), WorkError> {
        let mut archive = Archive::new(made_at);
        for (name, bytes) in documents {
            archive.put(name, bytes, true)?;
        }
        let (mut room, mut left_out) = (EVIDENCE_LIMIT, Vec::new());
        for (file, path) in pack.files.iter().zip(paths(&pack.files)) {
            step(progress, 4, "evidence")?;
            match self.app.files.get(job.scope.organisation(), &file.digest) {
                Ok(bytes) if bytes.len() <= room => {
                    room -= bytes.len();
                    archive.put(&path, &bytes, false)?;
                }
                Ok(_) => left_out.push(path),
                Err(error) => {
                    tracing::error!(digest = file.digest, %error, "evidence cannot be read");
                    left_out.push(path);
                }
            }
        }
        Ok((archive.finish(&left_out)?, left_out))
    }

    fn make(&self, job: &Job, order: Order, progress: &Progress<'_>) -> Result<Made, WorkError> {
        step(progress, 1, "gather")?;
        let made_at = self.app.nature.now();
        let pack = self.app.db.read(|tx| pack_gather(tx, &job.scope, &self.app.catalog, order, made_at))?;
        let (mut pages, mut left_out) = (None, Vec::new());
        let bytes = match order.form {
            PackForm::Pdf => {
                let (bytes, count) = self.pdf(&pack, made_at, progress)?;
                pages = Some(count);
                bytes
            }
            PackForm::Workbook => {
                step(progress, 3, "workbook")?;
                sheet::make(&pack, made_at)?
            }
            PackForm::Archive => {
                let (pdf, count) = self.pdf(&pack, made_at, progress)?;
                pages = Some(count);
                step(progress, 3, "workbook")?;
                let book = sheet::make(&pack, made_at)?;
                let documents = [("checklist.pdf", pdf.as_slice()), ("checklist.xlsx", book.as_slice())];
                let (bytes, missing) = self.archive(job, &pack, made_at, documents, progress)?;
                left_out = missing;
                bytes
            }
        };
        step(progress, 5, "keep")?;
        let digest = self.app.db.write(|tx| {
            let (files, nature) = (&self.app.files, &self.app.nature);
            let digest = files.keep(tx, &job.scope, nature, &bytes, order.form.media_type())?;
            pack_note(tx, nature, &job.scope, job.id, &digest)?;
            Ok::<_, WorkError>(digest)
        })?;
        Ok(Made { digest, name: file_name(&pack, order, made_at), size: bytes.len(), pages, left_out })
    }
}

impl Work for PackWork {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, job: &Job, progress: &Progress<'_>) -> Result<String, WorkError> {
        let order: Order = serde_json::from_str(&job.payload)?;
        let made = self.make(job, order, progress)?;
        Ok(serde_json::to_string(&made)?)
    }

    /// The row is how the house finds its pack again: two inspections long.
    fn kept(&self) -> Duration {
        Duration::days(2 * 366)
    }
}

fn step(progress: &Progress<'_>, step: i64, stage: &str) -> Result<(), WorkError> {
    if progress.step(step, stage).is_break() { Err(WorkError::Cancelled) } else { Ok(()) }
}
