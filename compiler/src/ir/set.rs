//! Sets of integers as sorted, disjoint, non-touching half-open intervals: the one shape scopes have.

use serde::{Deserialize, Serialize};

/// A finite set of `i64`, as `[lo, hi)` intervals in ascending order with gaps between them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IntervalSet(Vec<(i64, i64)>);

impl IntervalSet {
    /// The empty set.
    pub const fn empty() -> IntervalSet {
        IntervalSet(Vec::new())
    }

    /// `lo..hi`; empty if `hi <= lo`.
    pub fn range(lo: i64, hi: i64) -> IntervalSet {
        if lo < hi { IntervalSet(vec![(lo, hi)]) } else { IntervalSet::empty() }
    }

    /// One value.
    pub fn one(value: i64) -> IntervalSet {
        IntervalSet::range(value, value.saturating_add(1))
    }

    /// Any intervals, in any order, overlapping or not.
    pub fn from_ranges(ranges: impl IntoIterator<Item = (i64, i64)>) -> IntervalSet {
        let mut all: Vec<(i64, i64)> = ranges.into_iter().filter(|(lo, hi)| lo < hi).collect();
        all.sort_unstable();
        let mut out: Vec<(i64, i64)> = Vec::with_capacity(all.len());
        for (lo, hi) in all {
            match out.last_mut() {
                Some(last) if lo <= last.1 => last.1 = last.1.max(hi),
                _ => out.push((lo, hi)),
            }
        }
        IntervalSet(out)
    }

    /// The intervals.
    pub fn ranges(&self) -> &[(i64, i64)] {
        &self.0
    }

    /// True if nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Membership.
    pub fn contains(&self, value: i64) -> bool {
        let next = self.0.partition_point(|r| r.0 <= value);
        next.checked_sub(1).and_then(|i| self.0.get(i)).is_some_and(|r| value < r.1)
    }

    /// The least value.
    pub fn first(&self) -> Option<i64> {
        self.0.first().map(|r| r.0)
    }

    /// In both.
    #[must_use]
    pub fn intersect(&self, other: &IntervalSet) -> IntervalSet {
        let (mut out, mut a, mut b) = (Vec::new(), self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            let (lo, hi) = (x.0.max(y.0), x.1.min(y.1));
            if lo < hi {
                out.push((lo, hi));
            }
            if x.1 <= y.1 {
                a.next();
            } else {
                b.next();
            }
        }
        IntervalSet(out)
    }

    /// True if some value is in both: [`IntervalSet::intersect`] without making the set.
    pub fn meets(&self, other: &IntervalSet) -> bool {
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            if x.0.max(y.0) < x.1.min(y.1) {
                return true;
            }
            if x.1 <= y.1 {
                a.next();
            } else {
                b.next();
            }
        }
        false
    }

    /// In either.
    #[must_use]
    pub fn union(&self, other: &IntervalSet) -> IntervalSet {
        IntervalSet::from_ranges(self.0.iter().chain(&other.0).copied())
    }

    /// In this one and not in the other.
    #[must_use]
    pub fn minus(&self, other: &IntervalSet) -> IntervalSet {
        let mut out = Vec::new();
        for &(lo, hi) in &self.0 {
            let mut from = lo;
            for &(a, b) in &other.0 {
                if b <= from {
                    continue;
                }
                if a >= hi {
                    break;
                }
                if from < a {
                    out.push((from, a));
                }
                from = from.max(b);
            }
            if from < hi {
                out.push((from, hi));
            }
        }
        IntervalSet(out)
    }
}

impl FromIterator<i64> for IntervalSet {
    fn from_iter<T: IntoIterator<Item = i64>>(values: T) -> IntervalSet {
        IntervalSet::from_ranges(values.into_iter().map(|v| (v, v.saturating_add(1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_agree_with_membership_on_every_small_set() {
        // All pairs of subsets of 0..6, against one bit per value.
        let set = |bits: u32| (0..6).filter(|v| bits >> v & 1 == 1).map(i64::from).collect::<IntervalSet>();
        for a in 0..64u32 {
            for b in 0..64u32 {
                assert_eq!(set(a).union(&set(b)), set(a | b));
                assert_eq!(set(a).intersect(&set(b)), set(a & b));
                assert_eq!(set(a).minus(&set(b)), set(a & !b));
                assert_eq!(set(a).meets(&set(b)), a & b != 0);
            }
            for v in -1..7 {
                assert_eq!(set(a).contains(v), (0..6).contains(&v) && a >> v & 1 == 1);
            }
        }
    }
}
