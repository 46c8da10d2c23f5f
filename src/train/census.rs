//! Which features turn up often enough to learn from.

use super::Learner;
use crate::model::{Feature, Weights};

/// On how many pages features turn up that a model without weights would learn
/// from. What stands on a single page can only be learned by heart, and there is so
/// much of it that it would share the place of nearly every other weight.
#[derive(Clone, Debug)]
pub struct Census {
    counters: Vec<Counter>,
    page: u8,
}

/// Of the features that share it.
#[derive(Clone, Copy, Debug, Default)]
struct Counter {
    pages: u8,
    /// The page that was counted last.
    last: u8,
}

/// Binary logarithm of the number of counters: eight for each feature of the
/// corpora that MODEL.md names.
const BITS: u32 = 26;
/// Pages from which a feature is learned from.
const LEAST: u8 = 2;

impl Default for Census {
    fn default() -> Self {
        Self { counters: vec![Counter::default(); 1 << BITS], page: 0 }
    }
}

impl Census {
    /// What comes now stands on another page.
    pub fn turn_page(&mut self) {
        // 0 is the page of counters that were never asked.
        self.page = self.page % u8::MAX + 1;
    }

    /// Whether `feature` turned up on two pages.
    #[must_use]
    pub fn knows(&self, feature: Feature) -> bool {
        self.counters[feature.place(BITS)].pages >= LEAST
    }
}

impl Weights for Census {
    fn weight(&self, _: Feature) -> f32 {
        0.0
    }
}

impl Learner for Census {
    fn step(&mut self, feature: Feature, _: f32) {
        let counter = &mut self.counters[feature.place(BITS)];
        if counter.last != self.page {
            counter.last = self.page;
            counter.pages = counter.pages.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Template;

    #[test]
    fn what_stands_on_one_page_is_unknown() {
        let mut census = Census::default();
        let feature = Template(1).value(7);
        census.turn_page();
        census.step(feature, 1.0);
        census.step(feature, 1.0);
        assert!(!census.knows(feature));
        census.turn_page();
        census.step(feature, 1.0);
        assert!(census.knows(feature));
    }
}
