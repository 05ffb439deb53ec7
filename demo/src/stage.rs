//! The stage: people come in, organisations are founded.

use crate::clock::Clock;
use chrono::NaiveDate;
use komainu_access::{OrganisationId, PersonId, Role, Scope, Session, SessionId};
use komainu_catalog::InstitutionKind;
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_institution::actions::{institution_found, institution_get};
use komainu_institution::{NewInstitution, Particulars, Systems};
use komainu_people::actions::{NewInvitation, invitation_join, member_invite, person_make};
use komainu_people::model::{PasswordHash, Token};
use komainu_people::{InvitationId, NewPerson};
use komainu_setup::actions::{
    setup_finish, setup_lines, setup_people, setup_place, setup_running, setup_support, setup_systems,
};
use komainu_setup::{LinesAnswer, PeopleAnswer, PlaceAnswer, SystemsAnswer};
use komainu_web::{App, Failure, Refused};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

/// The one number of the demo: nobody can be called by it.
pub(crate) const PHONE: &str = "00-0000-0000";
/// The prefecture that forms demand; the made-up one has no number.
const PREFECTURE: &str = "13";

/// Somebody in a house: by what they do, never by a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// Where their account is found again.
    pub(crate) email: &'static str,
    pub(crate) name: &'static str,
    pub(crate) kana: &'static str,
    pub(crate) role: Role,
    pub(crate) title: &'static str,
}

/// A part, in the order in which lists of people are read.
pub(crate) const fn part(
    email: &'static str,
    (name, kana): (&'static str, &'static str),
    role: Role,
    title: &'static str,
) -> Part {
    Part { email, name, kana, role, title }
}

/// What is printed about an institution.
pub(crate) struct Front {
    pub(crate) name: (&'static str, &'static str),
    pub(crate) kind: InstitutionKind,
    pub(crate) beds: u32,
    pub(crate) address: &'static str,
    pub(crate) code: &'static str,
}

/// Everything that is needed to tell a story.
pub(crate) struct Stage<'a, 'tx> {
    pub(crate) app: &'a App,
    pub(crate) tx: &'a mut Tx<'tx>,
    pub(crate) clock: Clock,
    password: PasswordHash,
    known: BTreeMap<&'static str, PersonId>,
}

/// A refusal is a fault of the story.
pub(crate) fn done<T, R: std::fmt::Debug>(result: Result<T, Refused<R>>) -> Result<T, Failure> {
    result.map_err(|refused| match refused {
        Refused::Because(reason) => Failure::internal(format!("the demo was refused: {reason:?}")),
        Refused::Failed(failure) => failure,
    })
}

impl<'a, 'tx> Stage<'a, 'tx> {
    pub(crate) fn new(app: &'a App, tx: &'a mut Tx<'tx>, password: PasswordHash) -> Result<Self, Failure> {
        let clock = Clock::new(&app.catalog, app.nature.now())?;
        Ok(Stage { app, tx, clock, password, known: BTreeMap::new() })
    }

    /// The account of a part, made when it is first needed.
    fn person(&mut self, part: &Part, administrator: bool) -> Result<PersonId, Failure> {
        if let Some(known) = self.known.get(part.email) {
            return Ok(*known);
        }
        let new = NewPerson {
            name: part.name.to_owned(),
            name_kana: part.kana.to_owned(),
            email: part.email.parse().map_err(Failure::internal)?,
            password: self.password.clone(),
            administrator,
            lang: Lang::Ja,
        };
        let id = done(person_make(self.tx, &self.clock.nature, &new))?;
        self.known.insert(part.email, id);
        Ok(id)
    }

    /// A browser of that moment. It is never written down: nobody is left signed in.
    fn session(&self, part: &Part, person: PersonId, administrator: bool) -> Session {
        let now = self.clock.nature.now();
        Session {
            id: SessionId(self.clock.nature.id()),
            person,
            person_name: part.name.to_owned(),
            administrator,
            place: None,
            created_at: now,
            seen_at: now,
            user_agent: String::new(),
            proved_at: None,
            owes_factor: false,
            shared: None,
        }
    }

    /// The right of a founder, lent for the founding; `keeps` makes it the person's own.
    pub(crate) fn founder(&mut self, part: &Part, keeps: bool) -> Result<Session, Failure> {
        let person = self.person(part, keeps)?;
        Ok(self.session(part, person, true))
    }

    /// Founds an institution and answers its founder's scope.
    pub(crate) fn found(
        &mut self,
        part: &Part,
        front: &Front,
        parent: Option<OrganisationId>,
    ) -> Result<Scope, Failure> {
        let founder = self.founder(part, false)?;
        let code = (!front.code.is_empty()).then(|| front.code.parse()).transpose();
        let new = NewInstitution {
            particulars: Particulars {
                name: front.name.0.to_owned(),
                name_kana: front.name.1.to_owned(),
                kind: front.kind,
                beds: front.beds,
                prefecture: PREFECTURE.parse().map_err(Failure::internal)?,
                postal_code: Some("000-0000".parse().map_err(Failure::internal)?),
                address: front.address.to_owned(),
                phone: Some(PHONE.parse().map_err(Failure::internal)?),
                code: code.map_err(Failure::internal)?,
            },
            parent,
            role_of_founder: part.role,
            title: part.title.to_owned(),
        };
        let id = done(institution_found(self.tx, &self.clock.nature, &founder, &new))?;
        self.clock.tick();
        Ok(Scope::new(founder.person, part.name, id, part.role))
    }

    /// Invites somebody; the link is lost unless it is used.
    pub(crate) fn invite(&mut self, inviter: &Scope, part: &Part) -> Result<Token, Failure> {
        let new = NewInvitation {
            id: InvitationId(self.clock.nature.id()),
            name: part.name.to_owned(),
            role: part.role,
            title: part.title.to_owned(),
        };
        let invited = done(member_invite(self.tx, &self.clock.nature, inviter, &new))?;
        self.clock.tick();
        Ok(invited.token)
    }

    /// Invites somebody who joins at once.
    pub(crate) fn join(&mut self, inviter: &Scope, part: &Part) -> Result<Scope, Failure> {
        let token = self.invite(inviter, part)?;
        let person = self.person(part, false)?;
        let session = self.session(part, person, false);
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let nature = &self.clock.nature;
        let organisation = done(invitation_join(self.tx, nature, &session, address, &token))?;
        self.clock.tick();
        Ok(Scope::new(person, part.name, organisation, part.role))
    }

    /// Goes through the setup interview; systems and posts are in the ledger already.
    pub(crate) fn interview(
        &mut self,
        scope: &Scope,
        systems: Systems,
        operator: bool,
    ) -> Result<(), Failure> {
        let (nature, catalog) = (self.clock.nature.clone(), &self.app.catalog);
        let old = institution_get(self.tx, scope)?;
        let place = PlaceAnswer { kind: old.kind, beds: old.beds, prefecture: old.prefecture };
        done(setup_place(self.tx, &nature, scope, old.version, place))?;
        self.clock.tick();
        let version = institution_get(self.tx, scope)?.version;
        done(setup_running(self.tx, &nature, scope, version, systems))?;
        self.clock.tick();
        done(setup_systems(self.tx, &nature, scope, catalog, Lang::Ja, &SystemsAnswer::default()))?;
        done(setup_support(self.tx, &nature, scope, &[]))?;
        setup_lines(self.tx, &nature, scope, catalog, Lang::Ja, &LinesAnswer::default())?;
        self.clock.tick();
        let version = institution_get(self.tx, scope)?.version;
        let people = PeopleAnswer { version, operator_on_staff: Some(operator), posts: Vec::new() };
        done(setup_people(self.tx, &nature, scope, &people))?;
        self.clock.tick();
        done(setup_finish(self.tx, &nature, scope))
    }

    /// Goes on to the morning of a day.
    pub(crate) fn go(&self, day: NaiveDate) {
        self.clock.go(day);
    }
}
