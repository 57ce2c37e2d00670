//! From a value to the number of its row, without a search where that can be.

/// Most cells of a table with one cell per value.
const MAX_DENSE: i64 = 1 << 14;
/// Most cells of a table with one cell per `1 << shift` values.
const MAX_CELLS: i64 = 1 << 12;
/// Most cuts inside a cell.
const MAX_STEPS: u32 = 3;
/// In place of a number of steps: there is no table.
pub(super) const SEARCH: u32 = u32::MAX;

/// A function from values to row numbers that is constant between cuts.
///
/// A table has one cell per `1 << shift` values from `lo` to `hi`. Small domains (products, regions, grades) have
/// `shift` 0 and the cells are row numbers. In others (times) a cell leads to the segment of its first value, from
/// which at most `steps` cuts lead to the right one. Where even that takes too much room, the cuts are searched.
#[derive(Clone, Debug)]
pub(super) struct Lookup {
    /// Lower values have the row of this one.
    pub(super) lo: i64,
    /// Higher values have the row of this one, but for the very greatest, which no range contains.
    pub(super) hi: i64,
    pub(super) shift: u32,
    pub(super) steps: u32,
    /// The row of the very greatest value.
    pub(super) top: u16,
    pub(super) cells: Box<[u16]>,
    /// With one `i64::MAX` behind the last.
    pub(super) cuts: Box<[i64]>,
    pub(super) rows: Box<[u16]>,
}

impl Lookup {
    /// `rows[k]` is the row of the values from `cuts[k − 1]` (or the least) up to before `cuts[k]`; cuts ascend
    /// and there is one row more than cuts.
    pub(super) fn new(cuts: &[i64], rows: &[u16]) -> Lookup {
        let row = |value: i64| rows.get(segment(cuts, value)).copied().unwrap_or(0);
        // One value below the first cut, and the last cut, stand for all beyond. "From 5 on" ends at the greatest
        // value and "up to 5" begins at the least: these two ends must not stretch the table.
        let mut inner = cuts.iter().filter(|cut| (i64::MIN + 1..i64::MAX).contains(cut));
        let (lo, hi) = match inner.next() {
            Some(first) => (first - 1, *inner.next_back().unwrap_or(first)),
            None => (0, 0),
        };
        let whole = Lookup {
            lo,
            hi,
            shift: 0,
            steps: SEARCH,
            top: row(i64::MAX),
            cells: Box::default(),
            cuts: cuts.iter().copied().chain([i64::MAX]).collect(),
            rows: rows.into(),
        };
        let Some(span) = hi.checked_sub(lo) else {
            return whole;
        };
        if span < MAX_DENSE {
            let cells = (lo..=hi).map(row).collect();
            return Lookup { steps: 0, cells, cuts: Box::default(), rows: Box::default(), ..whole };
        }
        for steps in 1..=MAX_STEPS {
            // The widest cells first: the smaller the table the better it stays in the cache.
            for shift in (0..63).rev().filter(|shift| (1..MAX_CELLS).contains(&(span >> shift))) {
                if let Some(cells) = cells(cuts, lo, span, shift, steps) {
                    return Lookup { shift, steps, cells, ..whole };
                }
            }
        }
        whole
    }

    /// The row of a value.
    #[inline(always)]
    pub(super) fn row(&self, value: i64) -> usize {
        let within = value.max(self.lo).min(self.hi);
        // INVARIANT: `hi − lo` does not overflow where there are cells.
        let cell = (within.wrapping_sub(self.lo) as u64 >> self.shift) as usize;
        match self.cells.get(cell) {
            Some(cell) if value < i64::MAX => {
                let cell = usize::from(*cell);
                if self.steps == 0 { cell } else { self.step(within, cell) }
            }
            _ => self.search(value),
        }
    }

    /// A table with one cell: the same row for every value.
    pub(super) fn constant() -> Lookup {
        Lookup::new(&[], &[0])
    }

    #[inline]
    fn step(&self, value: i64, mut segment: usize) -> usize {
        for _ in 0..self.steps {
            segment += usize::from(self.cuts.get(segment).is_some_and(|cut| value >= *cut));
        }
        self.rows.get(segment).copied().unwrap_or(0).into()
    }

    #[cold]
    fn search(&self, value: i64) -> usize {
        if value == i64::MAX {
            return self.top.into();
        }
        self.rows.get(segment(&self.cuts, value)).copied().unwrap_or(0).into()
    }

    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.cells) + size_of_val(&*self.cuts) + size_of_val(&*self.rows)
    }

    /// How the row is found: the number of steps; `None`: by search.
    #[cfg(test)]
    pub(super) fn steps(&self) -> Option<u32> {
        (self.steps != SEARCH).then_some(self.steps)
    }
}

/// The segment a value lies in.
fn segment(cuts: &[i64], value: i64) -> usize {
    cuts.partition_point(|cut| *cut <= value)
}

/// The segment of the first value of each cell, if no cell needs more steps to its last.
fn cells(cuts: &[i64], lo: i64, span: i64, shift: u32, steps: u32) -> Option<Box<[u16]>> {
    let cell = |i: i64| {
        let first = lo + (i << shift);
        let from = segment(cuts, first);
        let to = segment(cuts, first.saturating_add((1 << shift) - 1));
        if to - from <= steps as usize { u16::try_from(from).ok() } else { None }
    };
    (0..=span >> shift).map(cell).collect()
}
