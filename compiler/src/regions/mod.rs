//! The region tree: provinces, cities and districts of GB/T 2260 with Hong Kong, Macao and Taiwan, or a CSV.
//! A region's id is its pre-order number, so "in 四川" is one range test.

use serde::{Deserialize, Serialize};

/// Pre-order number of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RegionId(pub u32);

/// One region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// Official code, as `510104`.
    pub code: String,
    /// Official full name, as `锦江区`.
    pub name: String,
    /// Its parent; the root (the whole country, id 0) has none.
    pub parent: Option<RegionId>,
    /// One past the last region below it: itself and all below are ids `self..end`.
    pub end: u32,
}

/// A tree of regions in pre-order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionTree {
    /// All regions; id 0 is the root.
    pub regions: Vec<Region>,
}
