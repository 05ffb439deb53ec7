//! The demo's and the tests' world: a small medical community that does not exist, two years into its work.
//!
//! ```text
//! 日本見本医師会 ─ 見本県医師会 ─ 見本市医師会 ─┬─ 見本中央病院        120 beds, own servers, an operator, a year half done
//!                                               └─ 見本駅前クリニック  cloud records, last year waits to be confirmed
//!                                   見本歯科医院 (set up the day before yesterday)   見本薬局 (ready for the inspection)
//! ```
//!
//! Everything is made by the domains' own actions, with the scope of whoever does it and a clock that walks from the
//! spring of the year before last to today: log, rules and check dates are what they would be. Nobody in it has a
//! person's name; they are called by what they do. Addresses, numbers and firms are plainly made up.
//!
//! Rooms: [`stage`](self) (the clock, people, the ledger, its things and lines), sheets (rounds), papers (files made by code), houses (one
//! story each), [`World`] (finding it all again).

mod clock;
mod houses;
mod incidents;
mod ledger;
mod near_misses;
mod papers;
mod sheet;
mod stage;
mod things;
mod world;

pub use world::{Figure, Place, World};

use komainu_people::actions::users;
use komainu_people::model::Password;
use komainu_people::passwords::Hasher;
use komainu_web::{App, Failure};
use stage::Stage;

/// Fills a database in which there is nobody yet; does nothing where there is anybody. All of it, or nothing.
///
/// # Errors
/// [`Failure::Internal`] where a domain refuses a part of the story: then story and rules contradict each other.
pub fn fill(app: &App) -> Result<(), Failure> {
    if app.db.read(|tx| Ok::<_, Failure>(!users(tx)?.is_empty()))? {
        return Ok(());
    }
    // One hash for everybody, of a password that nobody knows: in a demo people come in by their cards.
    let unknown: String = app.nature.bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
    let password = Hasher::shared().hash(&app.nature, &Password::typed(&unknown))?;
    app.db.write(|tx| {
        if !users(tx)?.is_empty() {
            return Ok(());
        }
        let mut stage = Stage::new(app, tx, password)?;
        let district = houses::associations::tell(&mut stage)?;
        houses::hospital::tell(&mut stage, district)?;
        houses::clinic::tell(&mut stage, district)?;
        houses::pharmacy::tell(&mut stage)?;
        houses::dental::tell(&mut stage)
    })
}
