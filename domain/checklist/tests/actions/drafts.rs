//! What the ledger says about a row, and what becomes of it when a person takes it over.

use crate::*;
use calamine::{Reader as _, Xlsx};
use komainu_i18n::Lang;
use komainu_inventory::actions::{asset_add, system_add, system_change};
use komainu_inventory::{AssetDetails, AssetKind, Hosting, SystemDetails};

const REMOTE: &str = "remote-maintenance";

fn system(remote: Option<bool>) -> SystemDetails {
    SystemDetails {
        remote_maintenance: remote,
        ..SystemDetails::named("pacs".parse().unwrap(), "画像の機械", Hosting::OnPremises)
    }
}

impl World {
    fn drafted(
        &self,
        scope: &Scope,
        id: RoundId,
        placement: &str,
    ) -> Option<komainu_checklist::rules::Suggestion> {
        let view = self.view(id);
        let row = view.row(&row(placement)).unwrap();
        let today = self.nature.today();
        let drafts = self.db.read(|tx| LedgerDrafts::read(tx, scope, today, &view.round)).unwrap();
        drafts.and_then(|drafts| drafts.of(row))
    }

    fn take_draft(
        &self,
        scope: &Scope,
        id: RoundId,
        placement: &str,
        seen: (i64, AnswerKind),
    ) -> Result<AnswerSaved, Refused<SuggestionRefusal>> {
        let row = row(placement);
        let house = (&*self.catalog, &self.files, Lang::Ja);
        self.write(|tx| suggestion_take(tx, &self.nature, scope, house, (id, &row), seen))
    }
}

#[test]
fn a_draft_is_no_answer_until_somebody_takes_it_over() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        assert_eq!(world.drafted(&world.director, id, REMOTE), None, "an empty ledger says nothing");
        let system_id =
            world.write(|tx| system_add(tx, &world.nature, &world.director, &system(Some(false)))).unwrap();
        let said = world.drafted(&world.director, id, REMOTE).unwrap();
        assert_eq!(said.answer, AnswerKind::Yes);
        assert!(world.view(id).row(&row(REMOTE)).unwrap().answer.is_none(), "it never answers by itself");
        assert_eq!(world.drafted(&world.staff, id, REMOTE), None, "staff do not see the ledger");

        world
            .set(&world.director, id, REMOTE, &AnswerInput { note: "去年の控え".into(), ..typed("no", 0) })
            .unwrap();
        let changed = said_of(world.take_draft(&world.director, id, REMOTE, (0, AnswerKind::Yes)));
        assert!(matches!(changed, SuggestionRefusal::Answer(AnswerRefusal::Changed { .. })));
        let otherwise = said_of(world.take_draft(&world.director, id, REMOTE, (1, AnswerKind::No)));
        assert_eq!(otherwise, SuggestionRefusal::Otherwise, "another draft was seen");
        let pieces = || world.db.read(|tx| evidence_of_row(tx, &world.director, id, &row(REMOTE))).unwrap();
        assert!(pieces().is_empty(), "what is refused leaves no evidence");

        let saved = world.take_draft(&world.director, id, REMOTE, (1, AnswerKind::Yes)).unwrap();
        let content = saved.answer.content;
        assert_eq!((content.kind, content.target), (Some(AnswerKind::Yes), None));
        assert!(
            content.note.starts_with("去年の控え\n台帳からの下書き（令和8年11月23日）：はい\n・"),
            "{}",
            content.note
        );
        let piece = pieces().pop().unwrap();
        assert_eq!(piece.name, "台帳の写し_20261123.xlsx");
        let EvidenceTarget::File(digest) = &piece.target else { panic!("a file") };
        let bytes = world.files.get(world.here(), digest).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let cells: Vec<String> = book
            .worksheets()
            .into_iter()
            .flat_map(|(_, sheet)| sheet.cells().map(|(_, _, cell)| cell.to_string()).collect::<Vec<_>>())
            .collect();
        assert!(cells.iter().any(|cell| cell == "画像の機械"), "{cells:?}");
        let page = komainu_audit::Page { limit: 50, ..komainu_audit::Page::default() };
        let log = world.db.read(|tx| komainu_audit::entries(tx, &world.director, &page)).unwrap();
        for action in ["answer_set", "evidence_add"] {
            assert!(log.iter().any(|entry| entry.action == action), "{action}");
        }

        world
            .write(|tx| system_change(tx, &world.nature, &world.director, system_id, 1, &system(None)))
            .unwrap();
        assert_eq!(world.drafted(&world.director, id, REMOTE).unwrap().answer, AnswerKind::NotSure);
    });
}

#[test]
fn who_may_take_a_draft_over_and_when() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        world.write(|tx| system_add(tx, &world.nature, &world.director, &system(Some(false)))).unwrap();
        let seen = (0, AnswerKind::Yes);
        world.give(id, &[REMOTE], Some(&world.staff)).unwrap();
        for scope in [&world.staff, &world.inspector] {
            assert!(matches!(failed(world.take_draft(scope, id, REMOTE, seen)), Failure::Denied(_)));
        }
        assert!(matches!(failed(world.take_draft(&world.stranger, id, REMOTE, seen)), Failure::NotFound));
        world.take_draft(&world.operator, id, REMOTE, seen).unwrap();
        // Nothing is asked of the ledger where it does not speak of a row.
        assert_eq!(
            said_of(world.take_draft(&world.director, id, "two-factor", seen)),
            SuggestionRefusal::Otherwise
        );
        world.write(|tx| round_close(tx, &world.nature, &world.director, id)).unwrap();
        assert_eq!(
            said_of(world.take_draft(&world.director, id, REMOTE, (1, AnswerKind::Yes))),
            SuggestionRefusal::Answer(AnswerRefusal::Closed)
        );
    });
}

#[test]
fn a_ledger_with_gaps_gives_a_no_with_its_reasons() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        let terminal = AssetDetails::named(AssetKind::Terminal, "受付のパソコン");
        world.write(|tx| asset_add(tx, &world.nature, &world.director, &terminal)).unwrap();
        let said = world.drafted(&world.director, id, "asset-ledger").unwrap();
        assert_eq!(said.answer, AnswerKind::No);
        let saved = world.take_draft(&world.director, id, "asset-ledger", (0, AnswerKind::No)).unwrap();
        assert_eq!(saved.answer.content.kind, Some(AnswerKind::No));
        assert!(saved.answer.content.note.contains("棚卸し"), "{}", saved.answer.content.note);
    });
}

fn said_of<T: std::fmt::Debug>(result: Result<T, Refused<SuggestionRefusal>>) -> SuggestionRefusal {
    said(result)
}
