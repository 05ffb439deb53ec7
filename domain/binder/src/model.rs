//! What is ordered and what was made.

use komainu_i18n::Lang;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use utoipa::ToSchema;

/// The kind of job that makes a pack.
pub const KIND: &str = "pack_make";

/// Steps of that job, for its progress bar.
pub const STEPS: i64 = 5;

/// In what form a pack is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PackForm {
    /// A4, to print and to show.
    Pdf,
    /// An Excel workbook.
    Workbook,
    /// Both, with every evidence file.
    Archive,
}

impl PackForm {
    /// Every form, in the order of the page.
    pub const ALL: [PackForm; 3] = [PackForm::Pdf, PackForm::Workbook, PackForm::Archive];

    /// The word in forms.
    pub const fn code(self) -> &'static str {
        match self {
            PackForm::Pdf => "pdf",
            PackForm::Workbook => "workbook",
            PackForm::Archive => "archive",
        }
    }

    /// The ending of the file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            PackForm::Pdf => "pdf",
            PackForm::Workbook => "xlsx",
            PackForm::Archive => "zip",
        }
    }

    /// The media type it is served as.
    pub const fn media_type(self) -> &'static str {
        match self {
            PackForm::Pdf => "application/pdf",
            PackForm::Workbook => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            PackForm::Archive => "application/zip",
        }
    }
}

impl FromStr for PackForm {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        PackForm::ALL.into_iter().find(|form| form.code() == code).ok_or(())
    }
}

/// What someone asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The fiscal year whose round is shown.
    pub fiscal_year: i32,
    /// The language of the pack.
    pub lang: Lang,
    /// The form.
    pub form: PackForm,
}

/// What was made: the job's result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// SHA-256 of the file, under which it is kept.
    pub digest: String,
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: usize,
    /// Pages of the PDF.
    pub pages: Option<usize>,
    /// Evidence that was too much for one archive or cannot be read, by its path there.
    pub left_out: Vec<String>,
}
