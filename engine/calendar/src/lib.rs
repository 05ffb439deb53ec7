//! Dates, years and written forms as people in a Japanese institution use them.
//!
//! - A [`FiscalYear`] runs from April to March and is named by the era in Japanese.
//! - An [`Era`] (明治 to 令和) begins and ends on a day, not on New Year; [`EraDate`] converts both ways.
//! - [`parse_date`] reads what a clerk types, [`format_date`] writes what a reader expects in each language, and
//!   the first always understands the second.
//! - [`holiday`] knows the national holidays by rule, [`is_business_day`] and [`add_business_days`] count with them.
//! - [`fold`] makes two spellings of the same words equal for searching and comparing; [`digits`] keeps the
//!   digits of a telephone number, postcode or institution code.
//!
//! Nothing here asks what day it is: today is always a parameter.

mod era;
mod fiscal;
mod fold;
mod holiday;
mod numeral;
mod parse;
mod show;

pub use chrono::{Datelike, NaiveDate, Weekday};
pub use era::{Era, EraDate};
pub use fiscal::{FiscalYear, YearOutOfRange};
pub use fold::{digits, fold, is_hyphen};
pub use holiday::{HOLIDAY_YEARS, Holiday, YearEnd, add_business_days, holiday, is_business_day};
pub use numeral::{is_numeral, number};
pub use parse::{DateError, parse_date};
pub use show::{DateStyle, format_date, weekday_name};

/// The first year this crate converts: Japan took over the Gregorian calendar on 1 January 1873 (明治6年).
///
/// Before that day the lunisolar calendar was in force, so the month and day of an era date would be another day.
pub const FIRST_YEAR: i32 = 1873;

/// The last year accepted in input. Nothing an institution plans lies further away, so a larger year is a slip.
pub const LAST_YEAR: i32 = 2199;
