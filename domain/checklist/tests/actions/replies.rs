//! What a vendor answers through a link: who may make one, what it allows, and what becomes of the reply.

use crate::*;
use komainu_access::{Link, LinkToken, Links, Purpose};
use komainu_link::actions::{link_revoke, links};
use komainu_link::model::Made;

impl World {
    fn link_as(&self, scope: &Scope, id: RoundId, vendor: VendorId) -> Result<Made, Refused<AskRefusal>> {
        let rows = [row("patches"), row("mds-sds")];
        let question = (&rows[..], vendor, day("2026-12-07"));
        self.write(|tx| reply_link_make(tx, &self.nature, scope, &self.catalog, id, question))
    }

    /// A round that a vendor was asked about with a link, and the scope of whoever holds that link.
    fn asked(&self) -> (RoundId, Scope) {
        let (id, vendor) = (self.open(2026), self.vendor("A電子カルテ社"));
        let made = self.link_as(&self.director, id, vendor).unwrap();
        let scope = Scope::by_link(&self.found(&made.token).unwrap()).named("担当者");
        (id, scope)
    }

    fn found(&self, token: &LinkToken) -> Option<Link> {
        let now = self.nature.now();
        self.db.read(|tx| Ok::<_, Failure>(Links::find(tx, token, Purpose::LetterReply, now)?)).unwrap()
    }

    /// As the door does it: the use and the reply, or neither.
    fn reply(
        &self,
        scope: &Scope,
        replies: &[(&str, ReplyInput)],
    ) -> Result<Vec<Reply>, Refused<ReplyRefusal>> {
        let replies: Vec<_> = replies.iter().map(|(id, input)| (row(id), input.clone())).collect();
        self.write(|tx| {
            if !Links::spend(tx, scope, self.nature.now())? {
                return Err(Refused::Failed(Failure::LinkOver));
            }
            reply_give(tx, &self.nature, scope, &self.catalog, &replies)
        })
    }

    fn take(&self, scope: &Scope, id: ReplyId, version: i64) -> Result<AnswerSaved, Refused<AnswerRefusal>> {
        self.write(|tx| reply_take(tx, &self.nature, scope, &self.catalog, (id, version)))
    }

    fn replies_waiting(&self, id: RoundId, placement: &str) -> u32 {
        self.view(id).row(&row(placement)).unwrap().replies_waiting
    }
}

fn says(answer: &str, note: &str) -> ReplyInput {
    ReplyInput { answer: answer.to_owned(), target: String::new(), note: note.to_owned() }
}

#[test]
fn a_reply_waits_beside_the_row_until_somebody_takes_it_over() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        world
            .set(&world.director, id, "patches", &AnswerInput { note: "昨年の控え".into(), ..typed("no", 0) })
            .unwrap();
        let vendor = world.vendor("A電子カルテ社");
        let made = world.link_as(&world.director, id, vendor).unwrap();
        let link = world.found(&made.token).unwrap();
        assert_eq!((link.name.as_str(), link.organisation), ("A電子カルテ社", world.here()));
        let scope = Scope::by_link(&link).named("保守の担当者");
        let asked = world.db.read(|tx| reply_look(tx, &scope, &world.catalog)).unwrap();
        assert_eq!(asked.rows.len(), 2);
        let given = world
            .reply(&scope, &[("patches", says("yes", "版は3.2です")), ("mds-sds", says("", ""))])
            .unwrap();
        assert_eq!(given.len(), 1, "what was left empty stays open");
        let view = world.view(id);
        let patches = view.row(&row("patches")).unwrap();
        assert_eq!(patches.settled(), Some(AnswerKind::No), "nobody from outside writes into the form");
        assert!(patches.waits_for_vendor().is_none() && patches.replies_waiting == 1);
        assert!(view.row(&row("mds-sds")).unwrap().waits_for_vendor().is_some());

        assert!(matches!(said(world.take(&world.director, given[0].id, 0)), AnswerRefusal::Changed { .. }));
        assert_eq!(world.replies_waiting(id, "patches"), 1, "a refused take leaves it waiting");
        let saved = world.take(&world.director, given[0].id, 1).unwrap().answer.content;
        assert_eq!((saved.kind, saved.note.as_str()), (Some(AnswerKind::Yes), "昨年の控え\n版は3.2です"));
        assert_eq!(world.replies_waiting(id, "patches"), 0);
        assert!(matches!(failed(world.take(&world.director, given[0].id, 2)), Failure::Stale));

        let told = world.db.read(|tx| round_history(tx, &world.director, id, None)).unwrap().entries;
        let reply = told.iter().find(|entry| entry.action == "reply_give").unwrap();
        assert_eq!(reply.who, "保守の担当者（A電子カルテ社）");
        let page = komainu_audit::Page { limit: 20, ..komainu_audit::Page::default() };
        let log = world.db.read(|tx| komainu_audit::entries(tx, &world.director, &page)).unwrap();
        let entry = log.iter().find(|entry| entry.action == "reply_give").unwrap();
        assert_eq!(
            (entry.person, entry.link, entry.link_name.as_str()),
            (None, Some(link.id), "A電子カルテ社")
        );
        let text = made.token.text();
        assert!(log.iter().all(|entry| !entry.after.contains(&text)), "the log holds no secret");
        let verdict = world.db.read(|tx| komainu_audit::verify(tx, world.here())).unwrap();
        assert!(verdict.broken.is_none(), "{verdict:?}");
    });
}

#[test]
fn a_reply_can_be_set_aside_and_is_kept() {
    each_database(|db| {
        let world = World::new(db);
        let (id, scope) = world.asked();
        let reply = world.reply(&scope, &[("patches", says("not_sure", ""))]).unwrap().remove(0);
        let aside = |by: &Scope| world.write(|tx| reply_set_aside(tx, &world.nature, by, reply.id));
        assert!(matches!(failed(aside(&world.staff)), Failure::Denied(_)));
        assert!(matches!(failed(aside(&world.stranger)), Failure::NotFound));
        assert!(matches!(failed(world.take(&world.inspector, reply.id, 0)), Failure::Denied(_)));
        assert!(matches!(failed(world.take(&world.stranger, reply.id, 0)), Failure::NotFound));
        aside(&world.operator).unwrap();
        let kept = world.db.read(|tx| replies_of_row(tx, &world.director, id, &row("patches"))).unwrap();
        assert_eq!(kept[0].outcome, Some(ReplyOutcome::SetAside));
        assert_eq!(kept[0].settled_by_name, "システム運用担当者");
        assert!(world.view(id).row(&row("patches")).unwrap().answer.is_none());
    });
}

#[test]
fn a_link_that_is_over_does_nothing() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        let vendor = world.vendor("A電子カルテ社");
        let over = |name: &str, scope: &Scope, token: &LinkToken| {
            assert!(world.found(token).is_none(), "{name}");
            let sent = world.reply(scope, &[("mds-sds", says("yes", ""))]);
            assert!(matches!(failed(sent), Failure::LinkOver), "{name}");
        };
        let open = || {
            let made = world.link_as(&world.director, id, vendor).unwrap();
            let scope = Scope::by_link(&world.found(&made.token).unwrap()).named("担当者");
            (made, scope)
        };
        let (used, scope) = open();
        let refused = world.reply(&scope, &[("patches", says("perhaps", ""))]);
        assert!(matches!(said(refused), ReplyRefusal::Faults(_)));
        assert_eq!(said(world.reply(&scope, &[])), ReplyRefusal::Nothing);
        let elsewhere = world.reply(&scope, &[("bcp", says("yes", ""))]);
        assert!(matches!(failed(elsewhere), Failure::NotFound), "only what was asked");
        assert!(world.found(&used.token).is_some(), "what failed has used nothing up");
        world.reply(&scope, &[("patches", says("yes", ""))]).unwrap();
        over("used", &scope, &used.token);

        let (withdrawn, scope) = open();
        assert!(matches!(
            world.write(|tx| link_revoke(tx, &world.nature, &world.stranger, withdrawn.id)),
            Err(Failure::NotFound)
        ));
        world.write(|tx| link_revoke(tx, &world.nature, &world.operator, withdrawn.id)).unwrap();
        over("withdrawn", &scope, &withdrawn.token);

        let (expired, scope) = open();
        assert_eq!(expired.expires_at.to_rfc3339(), "2026-12-21T14:59:59+00:00");
        let listed = world.db.read(|tx| links(tx, &world.director, None)).unwrap().links;
        assert_eq!(listed.len(), 3);
        assert!(world.db.read(|tx| links(tx, &world.stranger, None)).unwrap().links.is_empty());
        world.clock.advance(Duration::days(29));
        over("expired", &scope, &expired.token);
        let (ended, scope) = {
            let rows = [row("patches")];
            let question = (&rows[..], vendor, day("2027-01-07"));
            let made = world
                .write(|tx| reply_link_make(tx, &world.nature, &world.director, &world.catalog, id, question))
                .unwrap();
            let scope = Scope::by_link(&world.found(&made.token).unwrap());
            (made, scope)
        };
        world.write(|tx| Links::end_all(tx, world.nature.now())).unwrap();
        over("ended by a restore", &scope, &ended.token);
    });
}

#[test]
fn of_two_uses_at_once_one_counts() {
    each_database(|db| {
        let world = World::new(db);
        let (id, scope) = world.asked();
        let start = Barrier::new(4);
        let kept = std::thread::scope(|threads| {
            let all: Vec<_> = (0..4)
                .map(|_| {
                    threads.spawn(|| {
                        start.wait();
                        world.reply(&scope, &[("patches", says("yes", ""))]).is_ok()
                    })
                })
                .collect();
            all.into_iter().map(|thread| thread.join().unwrap()).filter(|kept| *kept).count()
        });
        assert_eq!((kept, world.replies_waiting(id, "patches")), (1, 1));
    });
}

#[test]
fn who_may_not_give_links_gives_none() {
    each_database(|db| {
        let world = World::new(db);
        let id = world.open(2026);
        let vendor = world.vendor("A電子カルテ社");
        for role in Role::ALL {
            let scope = Scope::new(world.director.person(), "役割", world.here(), role);
            let may = role.may(Permission::LinksManage) && role.may(Permission::ChecklistAnswer);
            assert_eq!(world.link_as(&scope, id, vendor).is_ok(), may, "{role}");
        }
        let narrowed = |permission| {
            let chosen = komainu_access::Permissions::chosen([permission, Permission::LedgerRead]);
            world.director.clone().narrowed_to(Some(chosen))
        };
        for permission in [Permission::ChecklistAnswer, Permission::LinksManage] {
            let made = world.link_as(&narrowed(permission), id, vendor);
            assert!(matches!(failed(made), Failure::Denied(_)), "{permission:?} alone is not enough");
        }
        let made = world.link_as(&world.director, id, vendor).unwrap();
        let link = world.found(&made.token).unwrap();
        let elsewhere = Scope::by_link(&Link { organisation: world.there(), ..link });
        let looked = world.db.read(|tx| reply_look(tx, &elsewhere, &world.catalog));
        assert!(matches!(looked, Err(Failure::LinkOver)), "another house's letter is nobody's");
        for scope in [&world.director, &world.staff] {
            let looked = world.db.read(|tx| reply_look(tx, scope, &world.catalog));
            assert!(matches!(looked, Err(Failure::Denied(_))), "a member has no link");
        }
    });
}
