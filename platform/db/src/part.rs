//! Long lists are read in parts.

/// A part of a list in the order of its key: the rows after a key, so many at most. The database finds the place by an
/// index, however long the list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<K> {
    /// The key of the last row of the part before; none for the first part.
    pub after: Option<K>,
    /// How many rows.
    pub limit: i64,
}

impl<K: Ord> Part<K> {
    /// This part of a list that is at hand as a whole, in the order of its key.
    pub fn of<T>(&self, rows: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
        let later = |row: &T| self.after.as_ref().is_none_or(|after| key(row) > *after);
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        rows.into_iter().filter(later).take(limit).collect()
    }
}

impl<I: crate::Id> Part<I> {
    /// The key to compare with: below every id where this is the first part.
    pub fn after_id(&self) -> I {
        self.after.unwrap_or_else(|| I::from_uuid(uuid::Uuid::nil()))
    }
}
