//! From a value to the row of its segment, without a search where that can be.

/// Most cells of a table with one cell per value.
const MAX_DENSE: i64 = 1 << 14;
/// Most cells of a table with one cell per `1 << shift` values.
const MAX_BUCKETS: i64 = 1 << 12;
/// Most cuts a cell may contain.
const MAX_INSIDE: usize = 3;

/// A function from values to rows that is constant between cuts.
#[derive(Clone, Debug)]
pub(super) enum Lookup {
    /// One cell per value from `base` on, and one for all below and one for all above.
    Dense {
        base: i64,
        last: i64,
        rows: Box<[u32]>,
    },
    /// One cell per `1 << shift` values, which leads to a segment near the right one: dates and times.
    Buckets {
        base: i64,
        shift: u32,
        last: i64,
        /// How many cuts a cell contains at most: so many steps to the right segment.
        inside: usize,
        first: Box<[u32]>,
        cuts: Box<[i64]>,
        rows: Box<[u32]>,
    },
    /// Binary search.
    Search { cuts: Box<[i64]>, rows: Box<[u32]> },
}

impl Lookup {
    /// `rows[k]` is the row of the values from `cuts[k − 1]` (or the least) up to before `cuts[k]`; cuts ascend
    /// and there is one row more than cuts.
    pub(super) fn new(cuts: &[i64], rows: &[u32]) -> Lookup {
        let search = || Lookup::Search {
            cuts: cuts.into(),
            rows: rows.into(),
        };
        let (Some(&low), Some(&high)) = (cuts.first(), cuts.last()) else {
            return search();
        };
        let row = |value: i64| {
            segment(cuts, value)
                .and_then(|k| rows.get(k))
                .copied()
                .unwrap_or(0)
        };
        let Some(span) = high.checked_sub(low) else {
            return search();
        };
        if span <= MAX_DENSE {
            // Cell 0 is below the first cut, the last is from the last cut on.
            let cells = (low.saturating_sub(1)..=high).map(row);
            return Lookup::Dense {
                base: low,
                last: span,
                rows: cells.collect(),
            };
        }
        for allowed in 1..=MAX_INSIDE {
            // The widest cells first: the smaller the table the better it stays in the cache.
            for shift in (0..62)
                .rev()
                .filter(|shift| (1..=MAX_BUCKETS).contains(&(span >> shift)))
            {
                let mut counts = vec![0usize; (span >> shift) as usize + 1];
                for cut in cuts {
                    if let Some(count) = counts.get_mut(((cut - low) >> shift) as usize) {
                        *count += 1;
                    }
                }
                if counts.iter().all(|count| *count <= allowed) {
                    return buckets(cuts, rows, low, span, shift, allowed);
                }
            }
        }
        search()
    }

    /// Where the row of a value begins.
    #[inline]
    pub(super) fn row(&self, value: i64) -> usize {
        let row = match self {
            Lookup::Dense { base, last, rows } => {
                rows.get(cell(value.saturating_sub(*base), *last)).copied()
            }
            Lookup::Buckets {
                base,
                shift,
                last,
                inside,
                first,
                cuts,
                rows,
            } => {
                let at = cell(value.saturating_sub(*base) >> shift, *last);
                let mut segment = first.get(at).copied().unwrap_or(0) as usize;
                for _ in 0..*inside {
                    segment += usize::from(cuts.get(segment).is_some_and(|cut| value >= *cut));
                }
                rows.get(segment).copied()
            }
            Lookup::Search { cuts, rows } => {
                segment(cuts, value).and_then(|k| rows.get(k)).copied()
            }
        };
        row.unwrap_or(0) as usize
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            Lookup::Dense { rows, .. } => size_of_val(&**rows),
            Lookup::Buckets {
                first, cuts, rows, ..
            } => size_of_val(&**first) + size_of_val(&**cuts) + size_of_val(&**rows),
            Lookup::Search { cuts, rows } => size_of_val(&**cuts) + size_of_val(&**rows),
        }
    }
}

/// 0 for what is below the table, 1 for its first cell, and so on; all above are in its last.
#[inline]
fn cell(distance: i64, last: i64) -> usize {
    (distance.clamp(-1, last) + 1) as usize
}

/// The segment a value lies in.
fn segment(cuts: &[i64], value: i64) -> Option<usize> {
    Some(cuts.partition_point(|cut| *cut <= value))
}

fn buckets(cuts: &[i64], rows: &[u32], low: i64, span: i64, shift: u32, inside: usize) -> Lookup {
    let cells = (span >> shift) + 1;
    let mut first = vec![0u32];
    for i in 0..cells {
        // The segment just before the cell: its own cuts come as steps.
        let before = low + (i << shift);
        first.push(cuts.partition_point(|cut| *cut < before) as u32);
    }
    Lookup::Buckets {
        base: low,
        shift,
        last: cells - 1,
        inside,
        first: first.into(),
        cuts: cuts.into(),
        rows: rows.into(),
    }
}
