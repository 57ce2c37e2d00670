//! The region tree: provinces, cities and districts of GB/T 2260 with Hong Kong, Macao and Taiwan, or a CSV.
//! A region's id is its pre-order number, so "in 四川" is one range test.
//!
//! The built-in data are in `gbt2260.csv`; `tools/regions/README.md` names their source and licence.

mod load;
mod names;
mod resolve;

pub use resolve::ResolveError;

use crate::package::error::DataError;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock};

/// Pre-order number of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RegionId(pub u32);

impl RegionId {
    /// The whole country, 全国.
    pub const ROOT: RegionId = RegionId(0);

    /// As an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One region.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// A tree of regions in pre-order. Cheap to clone; serialized as a name and digest when it is the built-in one.
#[derive(Clone)]
pub struct RegionTree(Arc<Inner>);

struct Inner {
    regions: Vec<Region>,
    builtin: bool,
    /// Built on the first look-up by name or code.
    index: OnceLock<resolve::Index>,
}

/// The data of the built-in tree; `tools/regions/generate.py` makes them.
const GBT2260: &str = include_str!("gbt2260.csv");

static BUILTIN: LazyLock<RegionTree> = LazyLock::new(|| {
    let regions = load::from_csv(GBT2260).unwrap_or_else(|_| load::root_only());
    RegionTree::new(regions, true)
});

impl RegionTree {
    fn new(regions: Vec<Region>, builtin: bool) -> RegionTree {
        RegionTree(Arc::new(Inner { regions, builtin, index: OnceLock::new() }))
    }

    /// GB/T 2260: provinces, cities and districts, with Hong Kong, Macao and Taiwan.
    pub fn builtin() -> RegionTree {
        BUILTIN.clone()
    }

    /// A tree from `code,name,parent` (`代码,名称,上级`) in any row order. A row without a parent is directly below the
    /// root. Siblings keep the order of their rows.
    ///
    /// # Errors
    ///
    /// Every bad row: a missing code or name, a code used twice, an unknown parent, a cycle, two siblings of one name.
    pub fn from_csv(text: &str) -> Result<RegionTree, Vec<DataError>> {
        Ok(RegionTree::new(load::from_csv(text)?, false))
    }

    /// How many regions there are, the root included; at least 1.
    #[expect(clippy::len_without_is_empty, reason = "a tree is never empty: it has its root")]
    pub fn len(&self) -> usize {
        self.0.regions.len()
    }

    /// The region of an id, or `None` for an id of another tree.
    pub fn get(&self, id: RegionId) -> Option<&Region> {
        self.0.regions.get(id.index())
    }

    /// All regions in pre-order.
    pub fn iter(&self) -> impl Iterator<Item = (RegionId, &Region)> {
        (0..).map(RegionId).zip(&self.0.regions)
    }

    /// The region and all below it, as the half-open range of their ids; empty for an id of another tree.
    pub fn range(&self, id: RegionId) -> (i64, i64) {
        self.get(id).map_or((0, 0), |r| (i64::from(id.0), i64::from(r.end)))
    }

    /// True if `inner` is `outer` or below it.
    pub fn contains(&self, outer: RegionId, inner: RegionId) -> bool {
        self.get(outer).is_some_and(|r| outer <= inner && inner.0 < r.end)
    }

    /// The path people write, as `四川省/成都市/锦江区`; the root is `全国`. Statistical nodes such as 市辖区 are left
    /// out (`北京市/朝阳区`). [`RegionTree::resolve`] finds the region again by it.
    pub fn path(&self, id: RegionId) -> String {
        let mut names = Vec::new();
        let mut at = Some(id);
        while let Some((this, region)) = at.and_then(|id| Some((id, self.get(id)?))) {
            let shown = this == id || !(self.0.builtin && names::is_statistical(&region.name));
            if shown && (this != RegionId::ROOT || id == RegionId::ROOT) {
                names.push(region.name.as_str());
            }
            at = region.parent;
        }
        names.reverse();
        names.join("/")
    }

    /// The region a text means: a name (`四川`, `四川省`), a path with levels left out (`四川/锦江区`), or an official
    /// code (`510104`, `51`).
    ///
    /// - Names count with or without their class word (省 市 区 县 自治区 …, and the peoples' names before 自治州).
    /// - A name written with its class word means only regions so called: `吉林市` is the city.
    /// - Where several fit, a province wins (`吉林` is the province, as people say it), then the one that contains all
    ///   the others (`长沙` is the city, not 长沙县 in it). Any other choice is an error: `朝阳` is a city of Liaoning
    ///   and a district of Beijing and of Changchun.
    ///
    /// # Errors
    ///
    /// No region or several regions fit.
    pub fn resolve(&self, text: &str) -> Result<RegionId, ResolveError> {
        resolve::resolve(self, self.index(), text)
    }

    fn index(&self) -> &resolve::Index {
        self.0.index.get_or_init(|| resolve::Index::new(&self.0.regions))
    }

    /// Identity of the tree's content: 32 hex digits.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for region in &self.0.regions {
            let parent = region.parent.map_or(u32::MAX, |p| p.0);
            for part in [region.code.as_bytes(), region.name.as_bytes(), &parent.to_le_bytes()] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part);
            }
        }
        hasher.finalize().to_hex().chars().take(32).collect()
    }
}

impl Default for RegionTree {
    /// Nothing but the root.
    fn default() -> RegionTree {
        RegionTree::new(load::root_only(), false)
    }
}

impl PartialEq for RegionTree {
    fn eq(&self, other: &RegionTree) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.regions == other.0.regions
    }
}

impl Eq for RegionTree {}

impl fmt::Debug for RegionTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.0.builtin { "gbt2260" } else { "csv" };
        write!(f, "RegionTree({name}, {} regions)", self.len())
    }
}

/// The serialized form: the built-in tree by its digest, another in full.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Saved {
    Gbt2260(String),
    /// Code, name and parent of every region but the root, in pre-order.
    Csv(Vec<(String, String, u32)>),
}

impl Serialize for RegionTree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let saved = if self.0.builtin {
            Saved::Gbt2260(self.digest())
        } else {
            let row = |r: &Region| Some((r.code.clone(), r.name.clone(), r.parent?.0));
            Saved::Csv(self.0.regions.iter().filter_map(row).collect())
        };
        saved.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RegionTree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RegionTree, D::Error> {
        use serde::de::Error as _;
        match Saved::deserialize(deserializer)? {
            Saved::Gbt2260(digest) if digest == RegionTree::builtin().digest() => Ok(RegionTree::builtin()),
            Saved::Gbt2260(_) => Err(D::Error::custom("the built-in regions are of another version")),
            Saved::Csv(rows) => {
                let regions =
                    load::from_preorder(rows).ok_or_else(|| D::Error::custom("the regions are not in pre-order"))?;
                Ok(RegionTree::new(regions, false))
            }
        }
    }
}

#[cfg(test)]
mod tests;
