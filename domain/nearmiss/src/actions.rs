//! What can be done with near misses: reporting and asking what became of it (`report`), handling (`handle`), measures
//! (`measure`), learning (`learn`).

mod handle;
mod learn;
mod measure;
mod report;

pub use handle::{
    JudgeInput, Seen, board, board_save, board_telltale, message_send, near_miss_count_new, near_miss_get,
    near_miss_judge, near_miss_photo, near_miss_see, near_miss_state_set, near_misses, near_misses_part,
};
pub use learn::{
    Sitting, analysis_get, analysis_save, board_entry, board_part, figure_years, figures_get, meeting_add,
    meeting_candidates, meeting_cases, meeting_get, meeting_save, meeting_see, meetings, meetings_part,
};
pub use measure::{
    MeasureChanged, measure_add, measure_change, measure_get, measure_settle, measures_open,
    measures_open_of, measures_part,
};
pub(crate) use report::MOST_PHOTO_BODY;
pub use report::{
    Followed, NewReport, ReportRefusal, Reported, posters_make, receipt_answer, receipt_see, report_take,
};

use crate::model::{Level, Nature as Kind, NearMiss, NearMissId};
use komainu_access::Scope;
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_web::{Conflict, Failure, Refused, log};
use serde::Serialize;

/// How the log names them.
const NEAR_MISS: &str = "near_miss";
/// How the log names measures.
const MEASURE: &str = "near_miss_measure";
/// How the log names meetings of the committee.
const MEETING: &str = "near_miss_meeting";

/// Somebody else changed the near miss first; this is how it is now.
pub type Changed = Refused<Conflict<NearMiss>>;

/// What the log keeps of a near miss: enough to tell which and how it stood, and none of the reporter's words.
#[derive(Serialize)]
struct Logged<'a> {
    number: String,
    symptom: &'a str,
    state: &'static str,
    level: Option<&'static str>,
    nature: Option<&'static str>,
    summary: &'a str,
    on_board: bool,
}

impl<'a> Logged<'a> {
    fn of(near_miss: &'a NearMiss) -> Logged<'a> {
        Logged {
            number: near_miss.number_text(),
            symptom: &near_miss.symptom,
            state: near_miss.state.code(),
            level: near_miss.level.map(Level::code),
            nature: near_miss.nature.map(Kind::code),
            summary: &near_miss.triage.summary,
            on_board: near_miss.board_at.is_some(),
        }
    }
}

fn log_change(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    action: &'static str,
    (before, after): (&NearMiss, &NearMiss),
) -> Result<(), Failure> {
    let id: NearMissId = after.id;
    log(tx, nature, scope, (action, NEAR_MISS, &id.to_string()), (Logged::of(before), Logged::of(after)))
}
