//! A queue for searches whose distances never fall: buckets in a ring, as wide as the cheapest step.
//!
//! Where no step is cheaper than a bucket is wide, everything in a bucket is final when its turn comes, in any order
//! (Denardo and Fox 1979), so no heap is needed. Where some are, the bucket whose turn it is becomes a heap, which is
//! small; the search then is Dijkstra's with cheaper insertions, and no worse than with one heap for all.

use crate::chance::Cost;
use crate::graph::StateId;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// At most this many buckets in the ring.
const MOST: u64 = 4096;

/// A state with its key; smaller keys come first.
type Item = (u64, StateId);

#[derive(Clone, Debug)]
pub(crate) struct Buckets {
    ring: Vec<Vec<Item>>,
    /// log₂ of the width of a bucket in keys.
    shift: u32,
    /// The number of the bucket whose turn it is, counted without the ring.
    turn: u64,
    now: Vec<Item>,
    heap: BinaryHeap<Reverse<Item>>,
    /// Whether a step may lead from a bucket into itself.
    sorted: bool,
    waiting: usize,
}

impl Buckets {
    /// A queue for steps of at least `cheapest` and at most `dearest`; the key's lower `spare` bits are not cost.
    pub fn new(cheapest: Cost, dearest: Cost, spare: u32) -> Buckets {
        // The widest power of two that is no more than the cheapest step, but wide enough for the ring.
        let need = u64::from(dearest).div_ceil(MOST).max(1).next_power_of_two().trailing_zeros();
        let wish = if cheapest == 0 { 0 } else { cheapest.ilog2() };
        let width = wish.max(need);
        let buckets = (u64::from(dearest) >> width) + 2;
        Buckets {
            ring: vec![Vec::new(); usize::try_from(buckets.next_power_of_two()).unwrap_or(1)],
            shift: width + spare,
            turn: 0,
            now: Vec::new(),
            heap: BinaryHeap::new(),
            sorted: u64::from(cheapest) < 1 << width,
            waiting: 0,
        }
    }

    /// Adds a state. The key must not be below the last one taken, nor above it by more than the dearest step.
    #[inline]
    pub fn push(&mut self, key: u64, state: StateId) {
        let bucket = key >> self.shift;
        if bucket == self.turn {
            if self.sorted {
                self.heap.push(Reverse((key, state)));
            } else {
                self.now.push((key, state));
            }
        } else {
            let slot = self.slot(bucket);
            self.ring[slot].push((key, state));
            self.waiting += 1;
        }
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the ring's size is a power of two")]
    fn slot(&self, bucket: u64) -> usize {
        bucket as usize & (self.ring.len() - 1)
    }

    /// Takes a state whose key is final, if it is not stale.
    #[inline]
    pub fn pop(&mut self) -> Option<Item> {
        loop {
            let item = if self.sorted { self.heap.pop().map(|Reverse(item)| item) } else { self.now.pop() };
            if item.is_some() {
                return item;
            }
            if self.waiting == 0 {
                self.turn = 0;
                return None;
            }
            self.advance();
        }
    }

    /// The turn passes to the next bucket that holds anything.
    fn advance(&mut self) {
        let mut slot = self.slot(self.turn);
        while self.ring[slot].is_empty() {
            self.turn += 1;
            slot = self.slot(self.turn);
        }
        self.waiting -= self.ring[slot].len();
        if self.sorted {
            self.heap.extend(self.ring[slot].drain(..).map(Reverse));
        } else {
            std::mem::swap(&mut self.now, &mut self.ring[slot]);
        }
    }
}
