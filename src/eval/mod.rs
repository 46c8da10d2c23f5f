//! How good the repairs are: damaged pages with their gold.

pub mod damage;
