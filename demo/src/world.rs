//! Finding the world again: ids for tests, by the accounts' addresses.

use crate::houses::{associations, clinic, dental, hospital, pharmacy};
use crate::stage::Part;
use komainu_access::{OrganisationId, Permission, PersonId, Role, Scope, Sessions};
use komainu_catalog::Catalog;
use komainu_checklist::actions::rounds;
use komainu_checklist::model::{RoundId, RoundSummary};
use komainu_db::Tx;
use komainu_people::actions::users;
use komainu_people::model::Person;
use komainu_web::Failure;

/// Somebody in an organisation.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Who.
    pub person: PersonId,
    /// What they are called: what they do.
    pub name: String,
    /// The address of their account.
    pub email: String,
    /// What they are there.
    pub role: Role,
}

/// An organisation with its people and rounds.
#[derive(Clone, Debug)]
pub struct Place {
    /// Which one.
    pub organisation: OrganisationId,
    /// Its people, the founder first. Who has left is not among them.
    pub people: Vec<Figure>,
    /// Its rounds, newest year first; none in an association.
    pub rounds: Vec<RoundSummary>,
}

impl Place {
    /// The first person in a role.
    pub fn figure(&self, role: Role) -> Option<&Figure> {
        self.people.iter().find(|figure| figure.role == role)
    }

    /// The scope of the first person in a role.
    pub fn scope(&self, role: Role) -> Option<Scope> {
        self.figure(role).map(|figure| Scope::new(figure.person, &figure.name, self.organisation, role))
    }

    /// The organisation's own round of a fiscal year.
    pub fn round(&self, fiscal_year: i32) -> Option<RoundId> {
        let own = |round: &&RoundSummary| round.fiscal_year == fiscal_year && round.vendor.is_none();
        self.rounds.iter().find(own).map(|round| round.id)
    }
}

/// Everything in the demo that has an id worth knowing.
#[derive(Clone, Debug)]
pub struct World {
    /// 日本見本医師会.
    pub national: Place,
    /// 見本県医師会; its officer looks after the installation.
    pub prefectural: Place,
    /// 見本市医師会, above hospital and clinic.
    pub district: Place,
    /// 見本中央病院: 120 beds, on premises, an operator on staff.
    pub hospital: Place,
    /// 見本駅前クリニック: cloud records, nobody for the systems.
    pub clinic: Place,
    /// 見本歯科医院: just set up.
    pub dental: Place,
    /// 見本薬局: ready for the inspection.
    pub pharmacy: Place,
}

impl World {
    /// Finds the world that [`crate::fill`] made.
    ///
    /// # Errors
    /// [`Failure::NotFound`] where the database holds something else.
    pub fn find(tx: &mut Tx<'_>, catalog: &Catalog) -> Result<World, Failure> {
        let people = users(tx)?;
        let mut find = |cast: &[Part]| place(tx, catalog, &people, cast);
        Ok(World {
            national: find(associations::NATIONAL)?,
            prefectural: find(associations::PREFECTURAL)?,
            district: find(associations::DISTRICT)?,
            hospital: find(hospital::CAST)?,
            clinic: find(clinic::CAST)?,
            dental: find(dental::CAST)?,
            pharmacy: find(pharmacy::CAST)?,
        })
    }

    /// The institutions.
    pub fn institutions(&self) -> [&Place; 4] {
        [&self.hospital, &self.clinic, &self.dental, &self.pharmacy]
    }

    /// Every organisation.
    pub fn places(&self) -> [&Place; 7] {
        [
            &self.national,
            &self.prefectural,
            &self.district,
            &self.hospital,
            &self.clinic,
            &self.dental,
            &self.pharmacy,
        ]
    }
}

fn place(tx: &mut Tx<'_>, catalog: &Catalog, known: &[Person], cast: &[Part]) -> Result<Place, Failure> {
    let person =
        |part: &Part| known.iter().find(|person| person.email == part.email).ok_or(Failure::NotFound);
    let founder = person(cast.first().ok_or(Failure::NotFound)?)?;
    let (organisation, _, role) =
        Sessions::places(tx, founder.id)?.into_iter().next().ok_or(Failure::NotFound)?;
    let mut people = Vec::new();
    for part in cast {
        let found = person(part)?;
        people.push(Figure {
            person: found.id,
            name: found.name.clone(),
            email: found.email.clone(),
            role: part.role,
        });
    }
    let scope = Scope::new(founder.id, &founder.name, organisation, role);
    let rounds = if scope.may(Permission::ChecklistRead) { rounds(tx, &scope, catalog)? } else { Vec::new() };
    Ok(Place { organisation, people, rounds })
}
