//! Things and lines of the ledger, from short tables or from the template.

use crate::stage::{Stage, done};
use chrono::Duration;
use komainu_access::Scope;
use komainu_exposure::model::{ConnectionKind, Control, State};
use komainu_i18n::Lang;
use komainu_inventory::actions::{
    Edit, asset_change, assets, ledger_edit, systems, template_apply, templates,
};
use komainu_inventory::rules::template::Ticks;
use komainu_inventory::{
    AssetDetails, AssetId, AssetKind, ConnectionDetails, ConnectionId, End, Fact, Facts, RelationKind,
    SystemId, Thing,
};
use komainu_vendor::VendorId;
use komainu_web::Failure;
use std::collections::BTreeMap;

/// What is known: a day may be written as `@` and days from the day of writing.
pub(crate) type Known = &'static [(Fact, &'static str)];

/// A thing. What it names are keys of things before it, or `system:` and a kind of system.
pub(crate) struct Item {
    pub(crate) key: &'static str,
    pub(crate) kind: AssetKind,
    pub(crate) name: &'static str,
    pub(crate) zone: &'static str,
    pub(crate) place: &'static str,
    pub(crate) system: &'static str,
    pub(crate) firm: Option<usize>,
    pub(crate) known: Known,
    pub(crate) present: &'static [Control],
    pub(crate) absent: &'static [Control],
    pub(crate) related: &'static [(RelationKind, &'static str)],
    pub(crate) note: &'static str,
}

/// A thing of which only kind and name are known.
pub(crate) const fn item(kind: AssetKind, key: &'static str, name: &'static str) -> Item {
    Item {
        key,
        kind,
        name,
        zone: "",
        place: "",
        system: "",
        firm: None,
        known: &[],
        present: &[],
        absent: &[],
        related: &[],
        note: "",
    }
}

/// A line. Its ends are keys of things, `system:` and a kind, `firm:` and its place in the list, or `internet`.
pub(crate) struct Cable {
    pub(crate) kind: ConnectionKind,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) name: &'static str,
    pub(crate) both_ways: bool,
    pub(crate) firm: Option<usize>,
    pub(crate) known: Known,
    pub(crate) present: &'static [Control],
    pub(crate) absent: &'static [Control],
}

/// A line of which only kind, ends and name are known.
pub(crate) const fn cable(
    kind: ConnectionKind,
    from: &'static str,
    to: &'static str,
    name: &'static str,
) -> Cable {
    Cable { kind, from, to, name, both_ways: false, firm: None, known: &[], present: &[], absent: &[] }
}

/// Where the tables' words lead.
struct Keys<'a> {
    firms: &'a [VendorId],
    systems: BTreeMap<String, SystemId>,
    things: BTreeMap<&'static str, AssetId>,
}

impl Keys<'_> {
    fn thing(&self, word: &str) -> Result<Thing, Failure> {
        let unknown = || Failure::internal(format!("the demo's ledger has no {word}"));
        match word.strip_prefix("system:") {
            Some(kind) => self.systems.get(kind).copied().map(Thing::System).ok_or_else(unknown),
            None => self.things.get(word).copied().map(Thing::Asset).ok_or_else(unknown),
        }
    }

    fn end(&self, word: &str) -> Result<End, Failure> {
        if word == "internet" {
            return Ok(End::Internet);
        }
        let firm = word.strip_prefix("firm:").and_then(|number| number.parse::<usize>().ok());
        match firm.and_then(|number| self.firms.get(number)) {
            Some(firm) => Ok(End::Vendor(*firm)),
            None => self.thing(word).map(End::Thing),
        }
    }

    fn asset(&self, word: &str) -> Result<Option<AssetId>, Failure> {
        if word.is_empty() { Ok(None) } else { self.thing(word).map(Thing::asset) }
    }

    fn details(&self, stage: &Stage<'_, '_>, item: &Item) -> Result<AssetDetails, Failure> {
        let mut details = AssetDetails::named(item.kind, item.name);
        details.zone = self.asset(item.zone)?;
        details.place = self.asset(item.place)?;
        details.system = self.systems.get(item.system).copied();
        details.vendor = item.firm.and_then(|firm| self.firms.get(firm).copied());
        details.facts = stage.facts(item.known)?;
        details.controls.extend(states(item.present, item.absent));
        for (relation, word) in item.related {
            details.relations.insert((*relation, self.thing(word)?));
        }
        item.note.clone_into(&mut details.note);
        Ok(details)
    }

    fn line(&self, stage: &Stage<'_, '_>, cable: &Cable) -> Result<ConnectionDetails, Failure> {
        let mut details = ConnectionDetails::between(cable.kind, self.end(cable.from)?, self.end(cable.to)?);
        cable.name.clone_into(&mut details.name);
        details.both_ways = cable.both_ways;
        details.vendor = cable.firm.and_then(|firm| self.firms.get(firm).copied());
        details.facts = stage.facts(cable.known)?;
        details.controls.extend(states(cable.present, cable.absent));
        Ok(details)
    }
}

fn states(present: &'static [Control], absent: &'static [Control]) -> impl Iterator<Item = (Control, State)> {
    let there = present.iter().map(|control| (*control, State::Present));
    there.chain(absent.iter().map(|control| (*control, State::Absent)))
}

impl Stage<'_, '_> {
    fn facts(&self, known: Known) -> Result<Facts, Failure> {
        let mut facts = Facts::default();
        for (fact, text) in known {
            let text = match text.strip_prefix('@').and_then(|days| days.parse::<i64>().ok()) {
                Some(days) => (self.clock.nature.today() + Duration::days(days)).to_string(),
                None => (*text).to_owned(),
            };
            facts.set(*fact, &text).map_err(|fault| Failure::internal(format!("{text}: {fault:?}")))?;
        }
        Ok(facts)
    }

    /// Writes down what stands in a house and how it is joined: a sitting a chapter, lines last.
    pub(crate) fn connect(
        &mut self,
        scope: &Scope,
        firms: &[VendorId],
        chapters: &[&[Item]],
        cables: &[Cable],
    ) -> Result<(), Failure> {
        let mut of_kind = BTreeMap::new();
        for system in systems(self.tx, scope)? {
            of_kind.entry(system.kind.to_string()).or_insert(system.id);
        }
        let mut keys = Keys { firms, systems: of_kind, things: BTreeMap::new() };
        for chapter in chapters {
            for item in *chapter {
                keys.things.insert(item.key, AssetId(self.clock.nature.id()));
            }
            let mut edits = Vec::new();
            for item in *chapter {
                let id = keys.asset(item.key)?.ok_or(Failure::NotFound)?;
                edits.push(Edit::AssetAdd(id, keys.details(self, item)?));
            }
            self.written(scope, &edits)?;
        }
        let mut edits = Vec::new();
        for cable in cables {
            let id = ConnectionId(self.clock.nature.id());
            edits.push(Edit::ConnectionAdd(id, keys.line(self, cable)?));
        }
        self.written(scope, &edits)
    }

    fn written(&mut self, scope: &Scope, edits: &[Edit]) -> Result<(), Failure> {
        done(ledger_edit(self.tx, &self.clock.nature, scope, None, "ledger", edits))?;
        self.clock.tick();
        Ok(())
    }

    /// Takes what the template ticks of its own accord: systems first, where there are none, then what stands beside them.
    pub(crate) fn template(&mut self, scope: &Scope) -> Result<(), Failure> {
        let catalog = self.app.catalog.clone();
        let offer = templates(self.tx, scope, &catalog, &Ticks::default().systems)?;
        let usual = offer.systems.iter().filter(|system| system.ticked);
        let systems = usual.map(|system| system.kind.clone()).collect();
        let offer = templates(self.tx, scope, &catalog, &systems)?;
        let usual = offer.pieces.iter().filter(|piece| piece.ticked);
        let ticks = Ticks { systems, pieces: usual.map(|piece| piece.id.clone()).collect() };
        done(template_apply(self.tx, &self.clock.nature, scope, &catalog, Lang::Ja, None, &ticks))?;
        self.clock.tick();
        Ok(())
    }

    /// Writes what is known beside things, by their names.
    pub(crate) fn know(
        &mut self,
        scope: &Scope,
        things: &[(&str, Known, &'static [Control])],
    ) -> Result<(), Failure> {
        let stored = assets(self.tx, scope)?;
        for &(name, known, absent) in things {
            let old = stored.iter().find(|asset| asset.details.name == name).ok_or(Failure::NotFound)?;
            let mut new = old.details.clone();
            for (fact, text) in self.facts(known)?.iter() {
                new.facts.set(fact, text).map_err(|fault| Failure::internal(format!("{fault:?}")))?;
            }
            new.controls.extend(states(&[], absent));
            done(asset_change(self.tx, &self.clock.nature, scope, old.id, old.version, &new))?;
            self.clock.tick();
        }
        Ok(())
    }
}
