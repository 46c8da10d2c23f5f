//! Damaged pages with their gold, made from clean articles: for training, and
//! for telling how good the repairs are.
//!
//! A page is laid out like the text of a newspaper page (`layout`), loses lines
//! and endings (`losses`), has its characters damaged (`marks`, `tokens`,
//! `spacing`, `doubling`, `width`) and its blocks split, parted and taken twice
//! (`assembly`). How often is in [`Rates`], with where each figure comes from.
//!
//! It makes no damage that an editor could not see: no doubled character that
//! gives good Chinese, no letter-spacing of two characters, no copy of a
//! slogan. And it leaves gaps that are meant, in headlines, bylines, captions
//! and credits, as they are.
//!
//! Everything is drawn from an [`Rng`]: the same articles, rates and seed give
//! the same page, to the byte, on every platform.

mod article;
mod assembly;
mod breaks;
mod changes;
mod doubling;
mod duplicates;
mod layout;
mod losses;
mod marks;
mod names;
mod page;
mod pages;
mod rates;
mod rng;
mod spacing;
mod tokens;
mod width;

pub use article::{Article, articles};
pub use marks::{End, Stripped, StrippedPair, strip_marks};
pub use page::{Page, page};
pub use pages::pages;
pub use rates::{Counts, GapRates, Kind, Rates};
pub use rng::Rng;
