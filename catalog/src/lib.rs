//! The outside world's rules as data: the ministry's yearly checklist in our own words, and what surrounds it.
//!
//! An *edition* (版) is one fiscal year's publication. It holds *forms* (様式): one for institutions, one for
//! pharmacies, one for vendors, or as they were merged that year. A form has *rows* (掲載位置, [`Placement`]), each
//! of which prints an *item* (項目) at a number. Items are stable: `patches` is the same checkpoint whether a
//! form prints it once for all systems or three times for servers, terminals and network devices. Answers are
//! kept under the row's id ([`PlacementId`]: `patches`, `patches.server`), which is why carrying a year over is a
//! lookup.
//!
//! Around them stand the *sources* of every outside fact, the *rules* of filling, what *changed* from year to
//! year, published *figures* to compare with, the *attack routes* that order the work, the *steps* of work,
//! the *kinds of systems* for the setup interview, the *pieces* of the ledger's templates, the *symptoms* with their
//! first aid, and the *types* of the guideline.
//!
//! For the day on which something goes wrong there are the *kinds of incident* with their first tasks, the *duties* of telling
//! others with the *questions* that decide which apply, and the *stages* of time in which all that is due.
//!
//! Every outside fact carries `confirmed`. Where it is false the fact was taken over from a neighbouring year,
//! inferred or read second-hand, and must be shown as such; [`Standing`] carries the mark and its reason.
//!
//! All data lies in TOML files under `data/`. A file may hold any kinds of rows, so next year's edition, with its
//! sources, changes and steps, is one new file and no code. Loading checks every id, reference, language, number
//! and date and names the file and line of what is wrong. Nothing here does I/O or asks the time.

mod check;
mod duty;
mod edition;
mod first_aid;
mod incident;
mod load;
mod lookup;
mod model;
pub mod oscal;
mod parse;
mod template;
mod words;

pub use duty::{Applies, Clock, ClockStart, DutyAnswer, DutyKind, DutyQuestion, ReportingDuty};
pub use edition::{
    BadDate, BadNumber, Change, Condition, Edition, Form, FormData, FormRow, FormUse, NotApplicable, Number,
    Placement, PublishedOn, Remark, Section,
};
pub use first_aid::{Symptom, SymptomNature, Tap, TapOption};
pub use incident::{FirstTask, Grounds, IncidentKind, Stage, StageAct, TaskRole};
pub use load::{Catalog, CatalogError};
pub use lookup::{GuidelineTypeAnswer, fiscal_year_of};
pub use model::{
    AttackRoute, GuidelineReason, GuidelineRef, GuidelineType, Item, MaintenanceRoute, MeansFor, Rule,
    Source, Standing, Step, SurveyFigure, SystemKind,
};
pub use parse::{BadId, Located, UnknownCode, Words};
pub use template::{LineKind, LinePart, Piece, Reference, ThingKind, ThingPart};
pub use words::{
    AttackRouteId, ChangeId, ChangeKind, Doer, DutyId, DutyQuestionId, Effort, FigureId, FormAnswer,
    GuidelinePart, IncidentKindId, InstitutionKind, ItemId, KindGroup, Level, NumberBasis, PieceId,
    PlacementId, RemarkId, RouteOutcome, RuleId, Scope, SourceId, StageId, StepId, SymptomId, SystemKindId,
    SystemsStyle, TapId, Tier, TypeReason, UpdateDuty, Variant,
};
