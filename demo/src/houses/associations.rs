//! The tree of associations.

use crate::stage::{Part, Stage, done, part};
use komainu_access::{OrganisationId, Role};
use komainu_institution::actions::association_found;
use komainu_institution::{AssociationLevel, NewAssociation};
use komainu_web::Failure;

pub(crate) const NATIONAL: &[Part] = &[part(
    "jimukyoku@nihon-mihon-ishikai.example",
    ("全国事務局", "ぜんこくじむきょく"),
    Role::AssociationOfficer,
    "医療情報担当",
)];
pub(crate) const PREFECTURAL: &[Part] = &[part(
    "jimukyoku@mihonken-ishikai.example",
    ("県事務局", "けんじむきょく"),
    Role::AssociationOfficer,
    "システムの管理者",
)];
pub(crate) const DISTRICT: &[Part] = &[part(
    "jimukyoku@mihonshi-ishikai.example",
    ("市事務局", "しじむきょく"),
    Role::AssociationOfficer,
    "会員の窓口",
)];

/// Founds the three, one under the other, and answers the lowest. The prefecture's officer looks after the installation.
pub(crate) fn tell(stage: &mut Stage<'_, '_>) -> Result<OrganisationId, Failure> {
    stage.clock.begin(stage.clock.day(2, 4, 8));
    let national =
        found(stage, NATIONAL, ("日本見本医師会", "にほんみほんいしかい"), AssociationLevel::National, None)?;
    let prefectural = found(
        stage,
        PREFECTURAL,
        ("見本県医師会", "みほんけんいしかい"),
        AssociationLevel::Prefectural,
        Some(national),
    )?;
    found(
        stage,
        DISTRICT,
        ("見本市医師会", "みほんしいしかい"),
        AssociationLevel::District,
        Some(prefectural),
    )
}

fn found(
    stage: &mut Stage<'_, '_>,
    cast: &[Part],
    (name, kana): (&str, &str),
    level: AssociationLevel,
    parent: Option<OrganisationId>,
) -> Result<OrganisationId, Failure> {
    let officer = cast.first().ok_or(Failure::NotFound)?;
    let founder = stage.founder(officer, level == AssociationLevel::Prefectural)?;
    let new = NewAssociation { name: name.to_owned(), name_kana: kana.to_owned(), level, parent };
    let id = done(association_found(stage.tx, &stage.clock.nature, &founder, &new))?;
    stage.clock.tick();
    Ok(id)
}
