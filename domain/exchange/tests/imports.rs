//! Imports from the file to the ledger, on both databases.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;

use chrono::Duration;
use common::{House, LOOKING, because, denied, missing, plain};
use komainu_access::Scope;
use komainu_db::Db;
use komainu_db::testing::each_database;
use komainu_exchange::actions::{
    ApplyRefusal, Desk, MOST_IMPORTS, MOST_MAPPINGS, Preview, import_apply, import_choose, import_get,
    import_let_go, import_map, import_preview, import_remove, import_start, imports, imports_forget,
    ledger_export,
};
use komainu_exchange::rules::read_files;
use komainu_exchange::{
    Choices, Column, Decision, Every, FileKind, FileRefusal, ImportId, Mapping, Outcome, Sheet, State,
};
use komainu_exposure::model::ConnectionKind;
use komainu_files::{Files, Key};
use komainu_i18n::Lang;
use komainu_inventory::actions::{asset_add, asset_remove, assets, ledger};
use komainu_inventory::{AssetDetails, AssetKind, End, Fact, Ledger, Thing};
use komainu_web::{Failure, Refused};
use std::path::Path;
use std::sync::Arc;

struct Site {
    house: House,
    files: Files,
    _folder: tempfile::TempDir,
}

fn on_both(test: impl Fn(&Site)) {
    each_database(|db: Db| {
        let house = House::new(db);
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(&folder.path().join("key"), &house.nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key).unwrap();
        test(&Site { house, files, _folder: folder });
    });
}

impl Site {
    fn desk(&self) -> Desk<'_> {
        Desk { nature: &self.house.nature, files: &self.files, lang: Lang::Ja }
    }

    fn start(&self, scope: &Scope, files: &[(&str, &[u8])]) -> ImportId {
        let files: Vec<_> = files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
        let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
        let read = read_files(&files).unwrap();
        self.house.write(|tx| import_start(tx, self.desk(), scope, &names, &read)).unwrap()
    }

    fn csv(&self, scope: &Scope, text: &str) -> ImportId {
        self.start(scope, &[("台帳.csv", text.as_bytes())])
    }

    fn version(&self, scope: &Scope, id: ImportId) -> i64 {
        self.house.read(|tx| import_get(tx, scope, id)).unwrap().version
    }

    /// Takes the guessed columns.
    fn mapped(&self, scope: &Scope, id: ImportId) {
        let said = self.house.read(|tx| import_get(tx, scope, id)).unwrap().detail.mappings;
        let at = (id, self.version(scope, id));
        plain(self.house.write(|tx| import_map(tx, self.desk(), scope, at, &said, false))).unwrap();
    }

    fn choose(&self, scope: &Scope, id: ImportId, choices: &Choices) {
        let at = (id, self.version(scope, id));
        plain(self.house.write(|tx| import_choose(tx, scope, at, choices))).unwrap();
    }

    fn preview(&self, scope: &Scope, id: ImportId) -> Preview {
        self.house.read(|tx| import_preview(tx, self.desk(), scope, id)).unwrap()
    }

    fn apply(&self, scope: &Scope, id: ImportId) -> Result<(), Refused<ApplyRefusal>> {
        let revision = self.preview(scope, id).settled.revision;
        let at = (id, self.version(scope, id));
        self.house.write(|tx| import_apply(tx, self.desk(), scope, at, revision).map(drop))
    }

    fn ledger(&self, scope: &Scope) -> Ledger {
        Arc::unwrap_or_clone(self.house.read(|tx| ledger(tx, scope)).unwrap())
    }

    fn outcomes(&self, scope: &Scope, id: ImportId) -> Vec<Outcome> {
        self.preview(scope, id).settled.rows.iter().map(|seen| seen.outcome).collect()
    }
}

const LIST: &str = "管理番号,機器名,種別,設置場所,シリアル番号,導入日,台数,備考\r\n\
    0012,ｶﾙﾃ端末,ノートPC,受付,00123,令和2年4月1日,3台,窓口\r\n\
    0013,CT,医療機器,撮影室,00456,2021/10/1,,\r\n";

#[test]
fn a_list_in_shift_jis_becomes_things_and_says_the_same_the_next_time() {
    on_both(|site| {
        let scope = &site.house.director;
        let bytes = encoding_rs::SHIFT_JIS.encode(LIST).0.into_owned();
        let id = site.start(scope, &[("台帳.csv", &bytes)]);
        let import = site.house.read(|tx| import_get(tx, scope, id)).unwrap();
        assert_eq!((import.state, import.detail.kinds), (State::Mapping, vec![FileKind::Csv]));
        site.mapped(scope, id);
        let preview = site.preview(scope, id);
        assert_eq!((preview.settled.counts.new, preview.settled.counts.made), (2, 2));
        site.apply(scope, id).unwrap();
        let ledger = site.ledger(scope);
        let terminal = ledger.assets.iter().find(|asset| asset.details.name == "ｶﾙﾃ端末").unwrap();
        let details = &terminal.details;
        assert_eq!((details.kind, details.note.as_str()), (AssetKind::Terminal, "窓口"));
        assert_eq!((details.facts.text(Fact::Number), details.facts.text(Fact::Serial)), ("0012", "00123"));
        assert_eq!(
            (details.facts.text(Fact::Installed), details.facts.text(Fact::Count)),
            ("2020-04-01", "3")
        );
        let place = ledger.assets.iter().find(|asset| Some(asset.id) == details.place).unwrap();
        assert_eq!((place.details.kind, place.details.name.as_str()), (AssetKind::Place, "受付"));
        let done = site.house.read(|tx| import_get(tx, scope, id)).unwrap();
        assert_eq!((done.state, done.detail.result.unwrap().new), (State::Applied, 2));
        assert_eq!(site.house.log(scope).last().map(String::as_str), Some("ledger_edit"));
        assert_eq!(
            because(site.house.write(|tx| {
                import_apply(tx, site.desk(), scope, (id, done.version), ledger.revision).map(drop)
            })),
            ApplyRefusal::Stale,
            "it is done once"
        );

        let again = site.csv(scope, LIST);
        site.mapped(scope, again);
        assert_eq!(site.outcomes(scope, again), [Outcome::Undecided; 2]);
        assert_eq!(because(site.apply(scope, again)), ApplyRefusal::NotReady);
        site.choose(scope, again, &Choices { every: Some(Every::Same), ..Choices::default() });
        assert_eq!(site.outcomes(scope, again), [Outcome::Same; 2]);
        site.apply(scope, again).unwrap();
        assert_eq!(site.ledger(scope).revision, ledger.revision, "nothing changed");
    });
}

#[test]
fn columns_are_remembered_for_the_same_headings() {
    on_both(|site| {
        let scope = &site.house.director;
        let list = "なぞの欄,呼び名\r\n00123,端末\r\n";
        let first = site.csv(scope, list);
        let import = site.house.read(|tx| import_get(tx, scope, first)).unwrap();
        let said = Mapping {
            columns: vec![Some(Column::Fact(Fact::Serial)), Some(Column::Name)],
            thing_kind: Some(AssetKind::Terminal),
            ..import.detail.mappings[0].clone()
        };
        let at = (first, import.version);
        plain(
            site.house.write(|tx| import_map(tx, site.desk(), scope, at, std::slice::from_ref(&said), false)),
        )
        .unwrap();
        assert_eq!(site.outcomes(scope, first), [Outcome::New]);
        let stale =
            site.house.write(|tx| import_map(tx, site.desk(), scope, at, std::slice::from_ref(&said), false));
        assert_eq!(because(stale).0.version, import.version + 1);
        let second = site.csv(scope, list);
        let import = site.house.read(|tx| import_get(tx, scope, second)).unwrap();
        assert_eq!(import.detail.mappings, [said]);
        let other = site.csv(&site.house.neighbour, list);
        let import = site.house.read(|tx| import_get(tx, &site.house.neighbour, other)).unwrap();
        assert_eq!(
            import.detail.mappings[0].columns,
            [None, None],
            "another institution's memory is its own"
        );
    });
}

#[test]
fn an_institution_remembers_the_newest_tables_and_not_without_end() {
    on_both(|site| {
        let scope = &site.house.director;
        let table = |number: i64| format!("なぞの欄{number},呼び名\r\n1,端末\r\n");
        let columns = vec![Some(Column::Fact(Fact::Serial)), Some(Column::Name)];
        let said = |id| {
            let import = site.house.read(|tx| import_get(tx, scope, id)).unwrap();
            let say = |guessed: Mapping| Mapping {
                sheet: Some(Sheet::Things),
                columns: columns.clone(),
                thing_kind: Some(AssetKind::Terminal),
                ..guessed
            };
            let said: Vec<Mapping> = import.detail.mappings.into_iter().map(say).collect();
            let at = (id, import.version);
            plain(site.house.write(|tx| import_map(tx, site.desk(), scope, at, &said, false))).unwrap();
            site.house.write(|tx| import_remove(tx, scope, id)).unwrap();
        };
        let remembered = |number| {
            let id = site.csv(scope, &table(number));
            let import = site.house.read(|tx| import_get(tx, scope, id)).unwrap();
            site.house.write(|tx| import_remove(tx, scope, id)).unwrap();
            import.detail.mappings[0].columns == columns
        };
        said(site.csv(scope, &table(0)));
        let other = site.csv(&site.house.neighbour, &table(0));
        site.mapped(&site.house.neighbour, other);
        assert!(remembered(0) && !remembered(1));
        site.house.fake.advance(Duration::minutes(1));
        let tables: Vec<String> = (1..=MOST_MAPPINGS).map(table).collect();
        let files: Vec<(&str, &[u8])> = tables.iter().map(|table| ("表.csv", table.as_bytes())).collect();
        said(site.start(scope, &files));
        assert!(!remembered(0), "the oldest is forgotten");
        assert!(remembered(1) && remembered(MOST_MAPPINGS));
    });
}

#[test]
fn one_faulty_row_stops_all_until_it_is_left_out() {
    on_both(|site| {
        let scope = &site.house.director;
        let list = "機器名,種別,導入日\r\n端末A,端末,2026/4/1\r\n端末B,端末,いつか\r\n端末C,謎の箱,\r\n";
        let id = site.csv(scope, list);
        site.mapped(scope, id);
        assert_eq!(site.outcomes(scope, id), [Outcome::New, Outcome::Faulty, Outcome::Faulty]);
        let preview = site.preview(scope, id);
        assert_eq!(preview.settled.rows[1].number, 3, "where a person finds it");
        assert_eq!(because(site.apply(scope, id)), ApplyRefusal::NotReady);
        assert_eq!(site.ledger(scope).assets.len(), 0);
        let rows = [(1, Decision::Skip), (2, Decision::Skip)].into();
        site.choose(scope, id, &Choices { rows, ..Choices::default() });
        site.apply(scope, id).unwrap();
        assert_eq!(site.ledger(scope).assets.len(), 1);
    });
}

#[test]
fn what_does_not_stand_together_is_not_half_done() {
    on_both(|site| {
        let scope = &site.house.director;
        let list = "名前,種類,relation.needs\r\n甲,サーバー,乙\r\n乙,サーバー,甲\r\n";
        let id = site.csv(scope, list);
        site.mapped(scope, id);
        assert_eq!(site.outcomes(scope, id), [Outcome::Faulty; 2], "it is told before anything is pressed");
        assert_eq!(because(site.apply(scope, id)), ApplyRefusal::NotReady);
        assert_eq!(site.ledger(scope).assets.len(), 0);
        assert_eq!(site.house.read(|tx| import_get(tx, scope, id)).unwrap().state, State::Preview);
    });
}

#[test]
fn nothing_is_deleted_but_by_a_mark() {
    on_both(|site| {
        let scope = &site.house.director;
        let nature = &site.house.nature;
        let add = |name: &str| {
            let new = AssetDetails::named(AssetKind::Terminal, name);
            site.house.write(|tx| asset_add(tx, nature, scope, &new))
        };
        let (Ok(keep), Ok(go)) = (add("残す"), add("消す")) else { panic!("they are added") };
        let list = |mark: &str| format!("id,削除,機器名\r\n{keep},,残す\r\n{go},{mark},消す\r\n");
        let id = site.csv(scope, &list(""));
        site.mapped(scope, id);
        assert_eq!(site.outcomes(scope, id), [Outcome::Same, Outcome::Same]);
        let only = site.csv(scope, &format!("id,機器名\r\n{keep},残す\r\n"));
        site.mapped(scope, only);
        site.apply(scope, only).unwrap();
        assert_eq!(site.ledger(scope).assets.len(), 2, "what is not in the file stays");
        let marked = site.csv(scope, &list("○"));
        site.mapped(scope, marked);
        assert_eq!(site.outcomes(scope, marked), [Outcome::Same, Outcome::Remove]);
        site.apply(scope, marked).unwrap();
        let left: Vec<_> = site.ledger(scope).assets.into_iter().map(|asset| asset.id).collect();
        assert_eq!(left, [keep]);
    });
}

#[test]
fn a_zone_goes_with_the_rows_that_leave_it() {
    on_both(|site| {
        let (scope, nature) = (&site.house.director, &site.house.nature);
        let add = |new: &AssetDetails| site.house.write(|tx| asset_add(tx, nature, scope, new));
        let zone = add(&AssetDetails::named(AssetKind::Zone, "古い区画")).unwrap();
        let inside = AssetDetails { zone: Some(zone), ..AssetDetails::named(AssetKind::Terminal, "端末") };
        let terminal = add(&inside).unwrap();
        let list = format!("id,削除,機器名,zone\r\n{zone},○,古い区画,\r\n{terminal},,端末,\r\n");
        let id = site.csv(scope, &list);
        site.mapped(scope, id);
        assert_eq!(site.outcomes(scope, id), [Outcome::Faulty, Outcome::Same], "an empty cell says nothing");
        assert_eq!(because(site.apply(scope, id)), ApplyRefusal::NotReady);
        let id = site.csv(scope, &list.replace("端末,\r\n", "端末,[消去]\r\n"));
        site.mapped(scope, id);
        assert_eq!(site.outcomes(scope, id), [Outcome::Remove, Outcome::Change]);
        site.apply(scope, id).unwrap();
        let left = site.ledger(scope).assets;
        assert_eq!(left.iter().map(|it| (it.id, it.details.zone)).collect::<Vec<_>>(), [(terminal, None)]);
    });
}

#[test]
fn a_ledger_that_changed_meanwhile_is_shown_anew_and_choices_stay() {
    on_both(|site| {
        let (scope, nature) = (&site.house.director, &site.house.nature);
        let id = site.csv(scope, LIST);
        site.mapped(scope, id);
        let seen = site.preview(scope, id).settled.revision;
        site.choose(scope, id, &Choices { rows: [(1, Decision::Skip)].into(), ..Choices::default() });
        let new = AssetDetails::named(AssetKind::Terminal, "ｶﾙﾃ端末");
        let there = site.house.write(|tx| asset_add(tx, nature, scope, &new)).map_err(|_| ()).unwrap();
        let at = (id, site.version(scope, id));
        let refused = site.house.write(|tx| import_apply(tx, site.desk(), scope, at, seen));
        assert_eq!(because(refused), ApplyRefusal::Stale);
        assert_eq!(site.outcomes(scope, id), [Outcome::Undecided, Outcome::Skipped]);
        let version = site.house.read(|tx| assets(tx, scope)).unwrap()[0].version;
        plain(site.house.write(|tx| asset_remove(tx, nature, scope, there, version, false))).unwrap();
        assert_eq!(site.outcomes(scope, id), [Outcome::New, Outcome::Skipped]);
        site.apply(scope, id).unwrap();
    });
}

#[test]
fn imports_are_their_persons_own_and_let_go_after_a_day() {
    on_both(|site| {
        let (scope, other) = (&site.house.director, &site.house.neighbour);
        let id = site.csv(scope, LIST);
        missing(site.house.read(|tx| import_get(tx, other, id)));
        let colleague = Scope::new(
            common::person(&site.house.db, &site.house.nature, "同僚", false),
            "同僚",
            scope.organisation(),
            scope.role(),
        );
        missing(site.house.read(|tx| import_preview(tx, site.desk(), &colleague, id)));
        missing(site.house.write(|tx| import_remove(tx, &colleague, id)));
        assert_eq!(site.house.read(|tx| imports(tx, scope)).unwrap().len(), 1);
        for role in LOOKING {
            denied(site.house.read(|tx| imports(tx, &site.house.role(role))));
        }
        site.house.write(|tx| import_remove(tx, scope, id)).unwrap();
        import_let_go(&site.files, scope.organisation(), id);
        missing(site.house.read(|tx| import_get(tx, scope, id)));

        let old = site.csv(scope, LIST);
        site.house.fake.advance(Duration::hours(25));
        let new = site.csv(scope, LIST);
        let before = site.house.nature.now() - Duration::days(1);
        let forgotten: Result<usize, Failure> =
            site.house.write(|tx| imports_forget(tx, &site.files, before, 10));
        assert_eq!(forgotten.unwrap(), 1);
        missing(site.house.read(|tx| import_get(tx, scope, old)));
        assert_eq!(
            site.files.laid_aside(scope.organisation(), &format!("ledger-import/{old}")).unwrap(),
            None
        );
        assert!(site.house.read(|tx| import_preview(tx, site.desk(), scope, new)).is_ok());
    });
}

#[test]
fn nobody_begins_without_end() {
    on_both(|site| {
        let scope = &site.house.director;
        for _ in 0..MOST_IMPORTS {
            site.csv(scope, LIST);
        }
        let read = read_files(&[("x.csv".to_owned(), LIST.as_bytes().to_vec())]).unwrap();
        let refused = site.house.write(|tx| import_start(tx, site.desk(), scope, &[], &read));
        assert!(matches!(refused, Err(Failure::Refused(_))));
    });
}

#[test]
fn ids_of_another_institution_are_unknown() {
    on_both(|site| {
        let nature = &site.house.nature;
        let new = AssetDetails::named(AssetKind::Zone, "となりの区画");
        let theirs = site
            .house
            .write(|tx| asset_add(tx, nature, &site.house.neighbour, &new))
            .map_err(|_| ())
            .unwrap();
        let list = format!("id,機器名,種類,zone\r\n{theirs},x,端末,\r\n,y,端末,asset:{theirs}\r\n");
        let id = site.csv(&site.house.director, &list);
        site.mapped(&site.house.director, id);
        assert_eq!(site.outcomes(&site.house.director, id), [Outcome::Faulty, Outcome::Faulty]);
    });
}

#[test]
fn taking_the_ledger_out_is_told_by_the_log() {
    on_both(|site| {
        let (scope, nature) = (&site.house.director, &site.house.nature);
        let out: Result<Arc<Ledger>, Failure> =
            site.house.write(|tx| ledger_export(tx, nature, scope, "csv"));
        assert_eq!(out.unwrap().assets.len(), 0);
        assert_eq!(site.house.log(scope).last().map(String::as_str), Some("ledger_export"));
        denied(site.house.write(|tx| ledger_export(tx, nature, &site.house.role(LOOKING[0]), "csv")));
    });
}

/// A real file that lies beside the project; none where it does not, which in CI is a failure.
fn shared(name: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    let found = std::fs::read(&path).ok();
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "{} is not there", path.display());
        eprintln!("skipped: {} is not there", path.display());
    }
    found
}

#[test]
fn inventories_of_glpi_become_things_and_lines_to_confirm() {
    let names = ["glpi-computer_1.json", "glpi-networkequipment_3.json"];
    let Some(files) = names.into_iter().map(shared).collect::<Option<Vec<_>>>() else { return };
    on_both(|site| {
        let scope = &site.house.director;
        let pairs: Vec<(&str, &[u8])> =
            names.iter().zip(&files).map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        let id = site.start(scope, &pairs);
        let import = site.house.read(|tx| import_get(tx, scope, id)).unwrap();
        assert_eq!((import.state, import.detail.kinds), (State::Preview, vec![FileKind::Glpi]));
        let preview = site.preview(scope, id);
        assert!(preview.settled.counts.ready(), "{:?}", preview.settled.counts);
        site.apply(scope, id).unwrap();
        let ledger = site.ledger(scope);
        assert!(ledger.assets.iter().any(|asset| asset.details.kind == AssetKind::NetworkDevice));
        let watched = ledger.assets.iter().find(|asset| asset.details.facts.known(Fact::RemotePrograms));
        if let Some(watched) = watched {
            let to = End::Thing(Thing::Asset(watched.id));
            let line = ledger.connections.iter().find(|line| line.details.to == to).unwrap();
            assert_eq!(
                (line.details.kind, line.details.from),
                (ConnectionKind::RemoteMaintenance, End::Internet)
            );
            assert!(!line.details.note.is_empty(), "it is to be confirmed");
        }
        let again = site.start(scope, &pairs);
        site.choose(scope, again, &Choices { every: Some(Every::Same), ..Choices::default() });
        let outcomes = site.outcomes(scope, again);
        assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Same), "{outcomes:?}");
    });
}

#[test]
fn files_that_are_none_leave_nothing_behind() {
    on_both(|site| {
        for bytes in [&b""[..], b"\0\x01\x02", b"PK\x03\x04broken", "名前\n".as_bytes()] {
            assert!(read_files(&[("x".to_owned(), bytes.to_vec())]).is_err());
        }
        assert_eq!(read_files(&[]).unwrap_err().1, FileRefusal::None);
        assert_eq!(site.house.read(|tx| imports(tx, &site.house.director)).unwrap(), []);
    });
}
