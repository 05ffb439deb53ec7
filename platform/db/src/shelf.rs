//! What was made of many rows and holds until they change: kept in memory, so that they need not be read and unsealed for
//! every page.
//!
//! Only reading transactions put something there or take it: what a change sees of itself may be rolled back. Whoever keeps
//! something must be able to tell, by a look at the database, that it still holds, such as by a revision that grows with
//! each change.

use std::any::{Any, TypeId};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// How many things are kept, over all organisations; the one that was used longest ago goes first.
const PLACES: usize = 8;

type Kept = (TypeId, Uuid, Arc<dyn Any + Send + Sync>);

/// The shelf of one open database.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<Vec<Kept>>);

impl Shelf {
    /// What is kept of this type of an organisation.
    pub(crate) fn take<T: Any + Send + Sync>(&self, whose: Uuid) -> Option<Arc<T>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(what, of, _)| *what == TypeId::of::<T>() && *of == whose)?;
        let found = kept.remove(at);
        kept.push(found.clone());
        drop(kept);
        found.2.downcast().ok()
    }

    /// Keeps something in the place of what was kept of this type of the organisation.
    pub(crate) fn put<T: Any + Send + Sync>(&self, whose: Uuid, value: Arc<T>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(what, of, _)| *what != TypeId::of::<T>() || *of != whose);
        if kept.len() >= PLACES {
            kept.remove(0);
        }
        kept.push((TypeId::of::<T>(), whose, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_organisation_has_its_own_and_the_oldest_goes() {
        let shelf = Shelf::default();
        let whose = |number: usize| Uuid::from_u128(u128::try_from(number).unwrap());
        for number in 0..PLACES {
            shelf.put(whose(number), Arc::new(number));
        }
        assert_eq!(
            shelf.take::<usize>(whose(0)).as_deref(),
            Some(&0),
            "used, so it is not the oldest any more"
        );
        shelf.put(whose(PLACES), Arc::new(PLACES));
        assert_eq!(shelf.take::<usize>(whose(1)), None);
        assert_eq!(shelf.take::<usize>(whose(0)).as_deref(), Some(&0));
        assert_eq!(shelf.take::<String>(whose(0)), None, "another type");
        shelf.put(whose(0), Arc::new(7_usize));
        assert_eq!(shelf.take::<usize>(whose(0)).as_deref(), Some(&7));
    }
}
