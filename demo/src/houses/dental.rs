//! 見本歯科医院: set up the day before yesterday. Nothing is answered, nobody was interviewed; the ledger holds what the
//! template ticked.

use crate::stage::{Front, Part, Stage, part};
use komainu_access::Role;
use komainu_catalog::InstitutionKind;
use komainu_inventory::Fact;
use komainu_web::Failure;

const FRONT: Front = Front {
    name: ("見本歯科医院", "みほんしかいいん"),
    kind: InstitutionKind::DentalClinic,
    beds: 0,
    address: "見本市本町3-3-3",
    code: "",
};

pub(crate) const CAST: &[Part] = &[
    part("incho@mihon-shika.example", ("歯科院長", "しかいんちょう"), Role::Director, ""),
    part("uketsuke@mihon-shika.example", ("歯科受付", "しかうけつけ"), Role::Staff, "歯科衛生士と兼務"),
];

/// Tells the story.
pub(crate) fn tell(stage: &mut Stage<'_, '_>) -> Result<(), Failure> {
    stage.clock.begin(stage.clock.ago(2));
    let director = stage.found(&CAST[0], &FRONT, None)?;
    stage.join(&director, &CAST[1])?;
    stage.template(&director)?;
    stage.know(&director, &[("レントゲン装置と撮影用パソコン", &[(Fact::Count, "2")], &[])])
}
