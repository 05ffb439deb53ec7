//! Near misses of the demo: what somebody noticed, and what the house made of it.

use crate::stage::{Stage, done};
use komainu_access::Scope;
use komainu_i18n::Lang;
use komainu_nearmiss::actions::{
    JudgeInput, NewReport, analysis_save, board_save, measure_add, measure_settle, meeting_add, message_send,
    near_miss_get, near_miss_judge, near_miss_state_set, report_take,
};
use komainu_nearmiss::rules::Receipt;
use komainu_nearmiss::{
    Analysis, Board, Detail, Level, MeasureState, MeetingContent, Nature, NearMissId, State, Triage,
};
use komainu_web::Failure;

/// Something that was noticed.
pub(crate) struct Noticed {
    pub(crate) symptom: &'static str,
    pub(crate) place: &'static str,
    pub(crate) taps: &'static [&'static str],
    pub(crate) words: &'static str,
    /// Whether whoever reported gave a name.
    pub(crate) named: bool,
}

/// What was judged.
pub(crate) struct Judged {
    pub(crate) level: Level,
    pub(crate) nature: Nature,
    pub(crate) summary: &'static str,
    pub(crate) patients: &'static str,
    pub(crate) note: &'static str,
}

impl Stage<'_, '_> {
    pub(crate) fn notice(&mut self, who: &Scope, noticed: &Noticed) -> Result<NearMissId, Failure> {
        self.clock.tick();
        let (nature, now) = (&self.clock.nature, self.clock.nature.now());
        let text = |words: &str| words.to_owned();
        let new = NewReport {
            sent_id: nature.id(),
            receipt: Receipt::new(nature.bytes()),
            symptom: text(noticed.symptom),
            detail: Detail {
                place: text(noticed.place),
                taps: noticed.taps.iter().map(|tap| text(tap)).collect(),
                words: text(noticed.words),
                name: if noticed.named { text(who.person_name()) } else { String::new() },
            },
            lang: Lang::Ja,
            seen_at: now,
            written_at: now,
            photo: None,
            alarm: None,
        };
        Ok(done(report_take(self.tx, nature, who, &self.app.files, &new))?.id)
    }

    pub(crate) fn judge(&mut self, who: &Scope, id: NearMissId, judged: &Judged) -> Result<(), Failure> {
        self.clock.tick();
        let version = near_miss_get(self.tx, who, id)?.version;
        let triage = Triage {
            summary: judged.summary.to_owned(),
            patients: judged.patients.to_owned(),
            note: judged.note.to_owned(),
        };
        let input = JudgeInput { level: judged.level, nature: judged.nature, triage };
        done(near_miss_judge(self.tx, &self.clock.nature, who, (id, version), &input))
    }

    /// A measure; one with a result is done at once.
    pub(crate) fn measure(
        &mut self,
        who: &Scope,
        id: NearMissId,
        (what, owner, days, result): (&str, &Scope, i64, &str),
    ) -> Result<(), Failure> {
        self.clock.tick();
        let (nature, due) = (&self.clock.nature, self.clock.ahead(days));
        let made = measure_add(self.tx, nature, who, id, (what, Some(owner.person()), Some(due)))?;
        if result.is_empty() {
            return Ok(());
        }
        done(measure_settle(self.tx, nature, who, (made, 1), (MeasureState::Done, result)))
    }

    pub(crate) fn tell_reporter(&mut self, who: &Scope, id: NearMissId, words: &str) -> Result<(), Failure> {
        self.clock.tick();
        message_send(self.tx, &self.clock.nature, who, id, words)
    }

    pub(crate) fn lead_on(&mut self, who: &Scope, id: NearMissId, state: State) -> Result<(), Failure> {
        self.clock.tick();
        let version = near_miss_get(self.tx, who, id)?.version;
        done(near_miss_state_set(self.tx, &self.clock.nature, who, (id, version), state))
    }

    pub(crate) fn put_up(
        &mut self,
        who: &Scope,
        id: NearMissId,
        [title, happened, learned, doing]: [&str; 4],
    ) -> Result<(), Failure> {
        self.clock.tick();
        let version = near_miss_get(self.tx, who, id)?.version;
        let board = Board {
            title: title.to_owned(),
            happened: happened.to_owned(),
            learned: learned.to_owned(),
            doing: doing.to_owned(),
        };
        done(board_save(self.tx, &self.clock.nature, who, (id, version), (&board, true)))
    }

    /// Why it happened, written for the first time.
    pub(crate) fn analyse(
        &mut self,
        who: &Scope,
        id: NearMissId,
        analysis: &Analysis,
    ) -> Result<(), Failure> {
        self.clock.tick();
        done(analysis_save(self.tx, &self.clock.nature, who, (id, 0), analysis))
    }

    /// A meeting of the committee that was held on the story's day.
    pub(crate) fn meet(&mut self, who: &Scope, content: &MeetingContent) -> Result<(), Failure> {
        self.clock.tick();
        let nature = &self.clock.nature;
        meeting_add(self.tx, nature, who, (nature.today(), content)).map(drop)
    }
}
