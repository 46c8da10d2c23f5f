//! Repairs as data: what a stage proposes ([`Repair`], [`Note`]), how
//! conflicts are settled ([`resolve`]), how text is made from what is left
//! ([`apply`]) and where every character of it came from ([`OffsetMap`]).
//!
//! Nothing here knows what damage is; nothing outside here makes text.

mod apply;
mod inverse;
mod offset_map;
mod repair;
mod resolve;

pub use apply::apply;
pub use inverse::Inverse;
pub use offset_map::{OffsetMap, Origin, Piece};
pub use repair::{Confidence, Edit, Note, Repair, Replacement, RuleId, Ruling, Verdict};
pub use resolve::{Resolved, resolve};
