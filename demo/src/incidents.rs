//! An exercise of the demo: records that do not open, led to its end.

use crate::stage::{Stage, done};
use komainu_access::Scope;
use komainu_catalog::TaskRole;
use komainu_incident::actions::{
    Declare, DutyNote, NewEntry, Owner, TaskInput, close, declare, duty_note, entry_write, incident_get,
    incident_see, role_give, sheet_save, state_set, task_save,
};
use komainu_incident::{Detail, EntryKind, Fields, IncidentId, Level, Sheet, State, TaskState};
use komainu_web::Failure;

impl Stage<'_, '_> {
    /// The yearly exercise.
    pub(crate) fn exercise(
        &mut self,
        (manager, operator, nurse): (&Scope, &Scope, &Scope),
    ) -> Result<(), Failure> {
        self.clock.tick();
        let wish = Declare {
            kind: "ransomware".to_owned(),
            level: Level::Serious,
            drill: true,
            near_miss: None,
            detail: Detail {
                title: "電子カルテが開かない（机上訓練）".to_owned(),
                summary: "3階病棟の端末に脅迫文が出たという想定。".to_owned(),
                care: "入院の記録を紙に切り替える想定。".to_owned(),
            },
            first_knew_at: self.clock.nature.now(),
        };
        let id = done(declare(self.tx, &self.clock.nature, manager, &self.app.catalog, &wish))?;
        for (role, who) in [(TaskRole::Systems, operator), (TaskRole::Care, nurse)] {
            self.clock.tick();
            role_give(self.tx, &self.clock.nature, manager, id, (role, &Owner::Member(who.person())))?;
        }
        self.write_down(
            manager,
            id,
            (EntryKind::Event, "外につながる線の場所が分からず、探すのに7分かかった。", ""),
        )?;
        self.write_down(
            manager,
            id,
            (
                EntryKind::Decision,
                "入院の記録は紙で続け、外来の新患は断る。",
                "画面が戻る時刻が分からないため。",
            ),
        )?;
        self.settle_tasks(operator, id)?;
        self.sheet_write(manager, (id, Sheet::Duties), &[("wrongful", "yes"), ("care-hindered", "yes")])?;
        self.clock.tick();
        let vendor = "訓練と伝えたうえで、夜間の番号につながることを確かめた。";
        let office = "訓練のため送らず、届け出る先と書くことを読み合わせた。";
        let told = [
            ("maintenance-vendor", vendor),
            ("mhlw", office),
            ("prefecture", office),
            ("police", office),
            ("ppc-preliminary", office),
            ("ppc-final-wrongful", office),
        ];
        for (duty, note) in told {
            let note =
                DutyNote { note: note.to_owned(), done_at: Some(self.clock.nature.now()), proof: None };
            done(duty_note(self.tx, &self.clock.nature, manager, &self.app.catalog, (id, duty, 0), &note))?;
            self.clock.tick();
        }
        let version = incident_get(self.tx, manager, id)?.version;
        let wish = (State::Recovering, "想定はここまで。");
        done(state_set(self.tx, &self.clock.nature, manager, (id, version), wish))?;
        let lessons = [
            ("learned", "抜く線の一覧と、紙の記録用紙の場所を全員が知っている必要がある。"),
            ("well", "宣言から紙への切り替えまで15分でできた。"),
            ("badly", "業者の夜間の番号が古かった。"),
            ("measures", "抜く線に札を付ける\n業者の番号を半年ごとに確かめる"),
        ];
        self.sheet_write(manager, (id, Sheet::Lessons), &lessons)?;
        self.clock.tick();
        let version = incident_get(self.tx, manager, id)?.version;
        done(close(self.tx, &self.clock.nature, manager, &self.app.files, (id, version), None))
    }

    fn write_down(
        &mut self,
        who: &Scope,
        id: IncidentId,
        (kind, words, reason): (EntryKind, &str, &str),
    ) -> Result<(), Failure> {
        self.clock.tick();
        let nature = &self.clock.nature;
        let new = NewEntry {
            sent_id: nature.id(),
            kind,
            happened_at: nature.now(),
            words: words.to_owned(),
            reason: reason.to_owned(),
            corrects: None,
        };
        entry_write(self.tx, nature, who, id, &new).map(drop)
    }

    /// All but the last first tasks are done.
    fn settle_tasks(&mut self, who: &Scope, id: IncidentId) -> Result<(), Failure> {
        let tasks = incident_see(self.tx, who, id)?.tasks;
        for task in tasks.split_last().map(|(_, others)| others).unwrap_or_default() {
            self.clock.tick();
            let input = TaskInput {
                owner_name: who.person_name().to_owned(),
                state: TaskState::Done,
                result: String::new(),
            };
            done(task_save(self.tx, &self.clock.nature, who, (task.id, task.version), &input))?;
        }
        Ok(())
    }

    fn sheet_write(
        &mut self,
        who: &Scope,
        (id, sheet): (IncidentId, Sheet),
        fields: &[(&str, &str)],
    ) -> Result<(), Failure> {
        self.clock.tick();
        let fields: Fields =
            fields.iter().map(|(name, said)| ((*name).to_owned(), (*said).to_owned())).collect();
        done(sheet_save(self.tx, &self.clock.nature, who, (id, sheet, 0), &fields))
    }
}
