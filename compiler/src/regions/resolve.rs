//! From text to region.

use super::{Region, RegionId, RegionTree, names};
use rustc_hash::FxHashMap;

/// Why a text is not one region, product or category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolveError {
    /// Nothing is called so.
    Unknown {
        /// What may have been meant, best first, as full paths; at most three.
        suggestions: Vec<String>,
    },
    /// Several are called so.
    Ambiguous {
        /// All of them, as full paths.
        choices: Vec<String>,
    },
}

/// Regions by code and by every form of their name.
#[derive(Debug, Default)]
pub(super) struct Index {
    codes: FxHashMap<Box<str>, RegionId>,
    /// In order of id. `true`: the form is a full name with its class word.
    names: FxHashMap<Box<str>, Vec<(RegionId, bool)>>,
}

impl Index {
    pub(super) fn new(regions: &[Region]) -> Index {
        let mut index = Index::default();
        for (id, region) in (0..).map(RegionId).zip(regions) {
            index.codes.insert(region.code.as_str().into(), id);
            names::forms(&region.name, |form, full| {
                let list = index.names.entry(form.into()).or_default();
                match list.iter_mut().find(|(known, _)| *known == id) {
                    Some((_, known_full)) => *known_full |= full,
                    None => list.push((id, full)),
                }
            });
        }
        index
    }

    /// By code; `51` and `5101` stand for `510000` and `510100`.
    fn code(&self, text: &str) -> Option<RegionId> {
        if let Some(id) = self.codes.get(text) {
            return Some(*id);
        }
        let short = matches!(text.len(), 2 | 4) && text.bytes().all(|b| b.is_ascii_digit());
        short.then(|| self.codes.get(format!("{text:0<6}").as_str()).copied()).flatten()
    }

    fn named(&self, form: &str) -> &[(RegionId, bool)] {
        self.names.get(form).map_or(&[], Vec::as_slice)
    }
}

/// Longer texts get no suggestions, so that a hostile one costs little.
const LONGEST_GUESS: usize = 40;
const MOST_SUGGESTIONS: usize = 3;

pub(super) fn resolve(tree: &RegionTree, index: &Index, text: &str) -> Result<RegionId, ResolveError> {
    let text = text.trim();
    if let Some(id) = index.code(text) {
        return Ok(id);
    }
    if let Some(id) = literal(tree, index, text) {
        return Ok(id);
    }
    let mut above: Option<Vec<RegionId>> = None;
    for part in parts(text) {
        let below = |id: RegionId| match &above {
            None => true,
            Some(tops) => tops.iter().any(|top| *top != id && tree.contains(*top, id)),
        };
        let mut fitting: Vec<(RegionId, bool)> =
            index.named(part).iter().copied().filter(|(id, _)| below(*id)).collect();
        if fitting.iter().any(|(_, full)| *full) {
            fitting.retain(|(_, full)| *full);
        }
        if fitting.is_empty() {
            return Err(ResolveError::Unknown { suggestions: suggest(tree, index, part, above.as_deref()) });
        }
        above = Some(fitting.into_iter().map(|(id, _)| id).collect());
    }
    choose(tree, &above.unwrap_or_default())
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['/', '／']).map(str::trim)
}

/// A path of full names, level by level from the top, means what it says even where a deeper region fits as well.
fn literal(tree: &RegionTree, index: &Index, text: &str) -> Option<RegionId> {
    let mut at = RegionId::ROOT;
    for part in parts(text) {
        let child = |id: &RegionId| tree.get(*id).is_some_and(|r| r.parent == Some(at) && r.name == part);
        at = index.named(part).iter().map(|(id, _)| *id).find(child)?;
    }
    Some(at)
}

/// The one meant, of those that fit: a province, or the one that contains all others.
fn choose(tree: &RegionTree, fitting: &[RegionId]) -> Result<RegionId, ResolveError> {
    if let [one] = fitting {
        return Ok(*one);
    }
    let top = |id: &&RegionId| tree.get(**id).is_none_or(|r| r.parent.is_none_or(|p| p == RegionId::ROOT));
    let mut tops = fitting.iter().filter(top);
    if let (Some(one), None) = (tops.next(), tops.next()) {
        return Ok(*one);
    }
    let widest = fitting.iter().find(|a| fitting.iter().all(|b| tree.contains(**a, *b)));
    match widest {
        Some(id) => Ok(*id),
        None if fitting.is_empty() => Err(ResolveError::Unknown { suggestions: Vec::new() }),
        None => Err(ResolveError::Ambiguous { choices: fitting.iter().map(|id| tree.path(*id)).collect() }),
    }
}

/// Regions of a similar name below those already found, else regions of this very name elsewhere.
fn suggest(tree: &RegionTree, index: &Index, part: &str, above: Option<&[RegionId]>) -> Vec<String> {
    let length = part.chars().count();
    if length == 0 || length > LONGEST_GUESS {
        return Vec::new();
    }
    let allowed = |id: RegionId| above.is_none_or(|tops| tops.iter().any(|top| *top != id && tree.contains(*top, id)));
    // Half of a two-character name may be wrong; of longer ones a third.
    let reach = (length / 3).max(1);
    let mut near: Vec<(usize, RegionId)> = Vec::new();
    for (id, region) in tree.iter().filter(|(id, _)| allowed(*id)) {
        let mut best = usize::MAX;
        names::forms(&region.name, |form, _| {
            if form.chars().count().abs_diff(length) <= reach {
                best = best.min(crate::package::similar::distance(part, form));
            }
        });
        if best <= reach && best < length {
            near.push((best, id));
        }
    }
    near.sort_unstable();
    let mut out: Vec<String> = near.iter().take(MOST_SUGGESTIONS).map(|(_, id)| tree.path(*id)).collect();
    if out.is_empty() {
        out = index.named(part).iter().take(MOST_SUGGESTIONS).map(|(id, _)| tree.path(*id)).collect();
    }
    out
}
