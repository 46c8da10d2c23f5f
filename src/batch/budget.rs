//! How much may be in flight between reader and consumer.

use std::sync::{Condvar, Mutex, PoisonError};

/// A number of bytes that can be taken and given back.
#[derive(Debug)]
pub(super) struct Budget {
    capacity: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    taken: usize,
    closed: bool,
}

impl Budget {
    /// The least that anything weighs: it also bounds how many things are in
    /// flight.
    const LEAST: usize = 4 << 10;

    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Waits until `bytes` are free, and takes them: what is larger than the
    /// whole budget waits until nothing else is in flight. Gives what is to be
    /// given back; `None` once the budget is closed.
    pub(super) fn take(&self, bytes: usize) -> Option<usize> {
        let weight = bytes.clamp(Self::LEAST, self.capacity);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while !state.closed && state.taken + weight > self.capacity {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.closed {
            return None;
        }
        state.taken += weight;
        Some(weight)
    }

    /// Gives `weight` back.
    pub(super) fn give_back(&self, weight: usize) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).taken -= weight;
        self.changed.notify_one();
    }

    /// Nothing more is to be had: the run has stopped.
    pub(super) fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_waits_to_be_alone() {
        let budget = Budget::new(100 << 10);
        let small = budget.take(1).expect("open");
        std::thread::scope(|scope| {
            let large = scope.spawn(|| budget.take(usize::MAX));
            budget.give_back(small);
            assert_eq!(large.join().expect("no panic"), Some(100 << 10));
        });
        budget.close();
        assert_eq!(budget.take(1), None);
    }
}
