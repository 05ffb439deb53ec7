//! Where and when daily backups are made.

use super::File;
use clap::Args;
use komainu_web::BackupSettings;
use std::path::PathBuf;

const HOUR: u32 = 3;
const DAILY: u32 = 7;
const WEEKLY: u32 = 5;
const MONTHLY: u32 = 12;
/// More than anyone keeps.
const MOST: u32 = 1_000;

/// Settings as they may be given.
#[derive(Args, Default)]
// The other settings are a group of the same name.
#[group(id = "backup-options")]
#[expect(clippy::struct_field_names, reason = "a field is the name of its flag")]
pub(crate) struct Options {
    /// Folder for daily backups, on another disk [default: none, and then none are made]
    #[arg(long, global = true, env = "KOMAINU_BACKUP_FOLDER", value_name = "DIR")]
    pub(super) backup_folder: Option<PathBuf>,
    /// Full hour at which they are made, by the clock in Japan [default: 3]
    #[arg(long, global = true, env = "KOMAINU_BACKUP_HOUR", value_name = "0-23")]
    pub(super) backup_hour: Option<String>,
    /// Of how many days the newest backup is kept [default: 7]
    #[arg(long, global = true, env = "KOMAINU_BACKUP_DAILY", value_name = "N")]
    pub(super) backup_daily: Option<String>,
    /// Of how many weeks [default: 5]
    #[arg(long, global = true, env = "KOMAINU_BACKUP_WEEKLY", value_name = "N")]
    pub(super) backup_weekly: Option<String>,
    /// Of how many months [default: 12]
    #[arg(long, global = true, env = "KOMAINU_BACKUP_MONTHLY", value_name = "N")]
    pub(super) backup_monthly: Option<String>,
}

impl Options {
    /// Puts flags, variables and file together.
    pub(super) fn settle(self, file: &File) -> Result<Option<BackupSettings>, String> {
        let hour = number("--backup-hour", self.backup_hour, file.backup_hour, HOUR, 23)?;
        let daily = number("--backup-daily", self.backup_daily, file.backup_daily, DAILY, MOST)?;
        let weekly = number("--backup-weekly", self.backup_weekly, file.backup_weekly, WEEKLY, MOST)?;
        let monthly = number("--backup-monthly", self.backup_monthly, file.backup_monthly, MONTHLY, MOST)?;
        let folder = self.backup_folder.or_else(|| file.backup_folder.clone());
        Ok(folder.map(|folder| BackupSettings { folder, hour, daily, weekly, monthly }))
    }
}

fn number(
    name: &str,
    given: Option<String>,
    file: Option<u32>,
    usual: u32,
    most: u32,
) -> Result<u32, String> {
    let wrong = |text: &str| format!("{name} {text}: a number from 0 to {most}");
    let number = match (given, file) {
        (Some(text), _) => text.parse().map_err(|_| wrong(&text))?,
        (None, file) => file.unwrap_or(usual),
    };
    if number <= most { Ok(number) } else { Err(wrong(&number.to_string())) }
}
