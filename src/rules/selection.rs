//! Which rules are to run.

use crate::edit::RuleId;

/// A choice of rules by stage (`width`) or id (`width/ascii-comma`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// If not empty, nothing else runs.
    pub only: Vec<String>,
    /// What does not run, even if `only` names it.
    pub skip: Vec<String>,
}

impl Selection {
    /// Just the rule or stage called `name`.
    #[must_use]
    pub fn just(name: &str) -> Self {
        Self { only: vec![name.to_owned()], skip: Vec::new() }
    }

    /// Whether the rule called `id` is to run.
    #[must_use]
    pub fn has(&self, id: &RuleId) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name == id.as_str() || name == id.stage());
        (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
    }
}
