//! How many documents may be set at once.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How often a waiting render asks whether it is still wanted.
const ASK_EVERY: Duration = Duration::from_millis(200);

/// A counting semaphore for threads: a render costs a core and tens of megabytes, so they queue.
pub(crate) struct Slots {
    free: Mutex<usize>,
    freed: Condvar,
}

/// Holds one slot until dropped.
pub(crate) struct Slot<'a>(&'a Slots);

impl Slots {
    pub(crate) fn new(count: NonZeroUsize) -> Self {
        Self { free: Mutex::new(count.get()), freed: Condvar::new() }
    }

    /// Waits for a free slot, asking `go_on` first and then now and again; `None` when it says no.
    pub(crate) fn take(&self, go_on: &dyn Fn() -> ControlFlow<()>) -> Option<Slot<'_>> {
        // The guarded number is always whole, so a panic elsewhere does not spoil it.
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            // Asked without the lock: the answer may be slow, and renders that end must be able to say so.
            drop(free);
            if go_on().is_break() {
                return None;
            }
            free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
            if *free == 0 {
                free = self.freed.wait_timeout(free, ASK_EVERY).unwrap_or_else(PoisonError::into_inner).0;
            }
            if *free > 0 {
                *free -= 1;
                return Some(Slot(self));
            }
        }
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn never_more_at_once_than_slots() {
        let slots = Slots::new(NonZeroUsize::new(2).unwrap());
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let _slot = slots.take(&|| ControlFlow::Continue(())).unwrap();
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(20));
                    now.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(most.into_inner(), 2);
        assert_eq!(*slots.free.lock().unwrap(), 2);
    }

    #[test]
    fn a_waiting_render_can_be_called_off() {
        let slots = Slots::new(NonZeroUsize::MIN);
        let go = || ControlFlow::Continue(());
        let held = slots.take(&go).unwrap();
        let asked = AtomicUsize::new(0);
        let gives_up = || match asked.fetch_add(1, Ordering::SeqCst) {
            0 => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        };
        assert!(slots.take(&gives_up).is_none());
        drop(held);
        assert!(slots.take(&go).is_some());
    }
}
