//! The index: which rules of an event's kind can apply, in time that follows the rules that do.
//!
//! Every set test of a rule (gates, and conditions of the form "word in set") is turned around: for each word, the
//! values at which any rule's answer changes cut the number line into segments, and each segment has a *row* with
//! one bit per rule. An event picks one row per word; the AND of them is the rules whose tests all hold. It is
//! exact, not a filter: [`settle`](promo_compiler::ir::settle::settle) relies on it.
//!
//! Rows of gates and rows of conditions are kept apart: without the latter one gets the rules in scope, whose
//! refusals an explanation names.

mod build;
mod lookup;
#[cfg(test)]
mod tests;

use lookup::Lookup;
use promo_compiler::ir::record::value;
use promo_compiler::ir::settle::Mode;
use promo_compiler::ir::{EventId, IntervalSet, Program, RuleId, Word};

/// Most words of one part (gates, conditions) that rows are kept for; what is beyond is tested rule by rule.
const MAX_DIMENSIONS: usize = 16;

/// Most words of memory the rows of one tested word may take; beyond that it is tested rule by rule.
const MAX_ROW_WORDS: usize = 1 << 20;

/// The index of a program.
#[derive(Clone, Debug)]
pub struct Index {
    kinds: Box<[Kind]>,
}

/// The index of one event kind.
#[derive(Clone, Debug, Default)]
struct Kind {
    /// Bit → rule, ascending.
    rules: Box<[RuleId]>,
    /// Words of a row.
    width: usize,
    gates: Part,
    conditions: Part,
    /// All rows, with some words of padding behind the last.
    rows: Box<[u64]>,
}

/// The tests of one sort.
#[derive(Clone, Debug, Default)]
struct Part {
    /// Those with rows, the most selective first.
    dimensions: Box<[Dimension]>,
    /// Those without.
    slow: Box<[SlowDimension]>,
}

#[derive(Clone, Debug)]
struct Dimension {
    word: Word,
    /// Value → where its row begins.
    lookup: Lookup,
}

#[derive(Clone, Debug)]
struct SlowDimension {
    word: Word,
    /// One per rule; `None` holds always.
    sets: Box<[Option<IntervalSet>]>,
}

impl Index {
    /// Builds the index of all event kinds.
    pub fn new(program: &Program) -> Index {
        let kinds = (0u32..)
            .zip(&program.schema.events)
            .map(|(id, _)| build::kind(program, EventId(id)));
        Index {
            kinds: kinds.collect(),
        }
    }

    /// The rules of an event's kind that can pay, ascending, in `out`, which is cleared first.
    ///
    /// [`Mode::Fast`]: gates and set conditions hold; [`Mode::Scoped`]: gates hold; [`Mode::All`]: all rules of the
    /// kind. An event kind that does not exist has none; words the record lacks count as 0.
    pub fn candidates(&self, event: EventId, words: &[i64], mode: Mode, out: &mut Vec<RuleId>) {
        out.clear();
        let Some(kind) = self.kinds.get(event.index()) else {
            return;
        };
        match mode {
            Mode::All => out.extend_from_slice(&kind.rules),
            Mode::Scoped => kind.run(words, false, out),
            Mode::Fast => kind.run(words, true, out),
        }
    }

    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        self.kinds.iter().map(Kind::bytes).sum()
    }
}

impl Kind {
    #[inline]
    fn run(&self, words: &[i64], conditions: bool, out: &mut Vec<RuleId>) {
        match self.width {
            0 => {}
            1 => self.narrow(words, conditions, out),
            2 => self.wide::<2>(words, conditions, out),
            3 | 4 => self.wide::<4>(words, conditions, out),
            _ => self.wide::<8>(words, conditions, out),
        }
    }

    fn parts(&self, conditions: bool) -> [&[Dimension]; 2] {
        [
            &self.gates.dimensions,
            if conditions {
                &self.conditions.dimensions
            } else {
                &[]
            },
        ]
    }

    /// Up to 64 rules: stops as soon as none is left.
    fn narrow(&self, words: &[i64], conditions: bool, out: &mut Vec<RuleId>) {
        let mut rest = u64::MAX;
        for part in self.parts(conditions) {
            for pair in part.chunks(2) {
                for dimension in pair {
                    rest &= self.rows.get(dimension.row(words)).copied().unwrap_or(0);
                }
                if rest == 0 {
                    return;
                }
            }
        }
        self.emit(0, rest, words, conditions, out);
    }

    /// More rules: rows are read in blocks of `N` words. A block may reach into the next row; what it finds there
    /// is not looked at.
    fn wide<const N: usize>(&self, words: &[i64], conditions: bool, out: &mut Vec<RuleId>) {
        let mut starts = [0usize; 2 * MAX_DIMENSIONS];
        let dimensions = self.parts(conditions).into_iter().flatten();
        let count = starts
            .iter_mut()
            .zip(dimensions)
            .map(|(at, dimension)| *at = dimension.row(words))
            .count();
        let starts = starts.get(..count).unwrap_or_default();
        for block in (0..self.width).step_by(N) {
            let mut rest = [u64::MAX; N];
            for start in starts {
                let row = self
                    .rows
                    .get(start + block..)
                    .and_then(|rows| rows.first_chunk::<N>());
                let row = row.unwrap_or(&[0; N]);
                rest.iter_mut()
                    .zip(row)
                    .for_each(|(bits, row)| *bits &= row);
            }
            for (i, bits) in rest.into_iter().enumerate().take(self.width - block) {
                if bits != 0 {
                    self.emit(block + i, bits, words, conditions, out);
                }
            }
        }
    }

    /// The rules of the bits of word number `word`. Bits behind the last rule are set only where nothing is tested;
    /// they have no rule.
    fn emit(
        &self,
        word: usize,
        mut bits: u64,
        words: &[i64],
        conditions: bool,
        out: &mut Vec<RuleId>,
    ) {
        while bits != 0 {
            let bit = word * 64 + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            if let Some(rule) = self.rules.get(bit)
                && self.gates.slowly(bit, words)
                && (!conditions || self.conditions.slowly(bit, words))
            {
                out.push(*rule);
            }
        }
    }

    fn bytes(&self) -> usize {
        let part = |part: &Part| {
            part.dimensions
                .iter()
                .map(|d| d.lookup.bytes())
                .sum::<usize>()
        };
        size_of_val(&*self.rules)
            + size_of_val(&*self.rows)
            + part(&self.gates)
            + part(&self.conditions)
    }
}

impl Dimension {
    fn row(&self, words: &[i64]) -> usize {
        self.lookup.row(value(words, self.word))
    }
}

impl Part {
    fn slowly(&self, bit: usize, words: &[i64]) -> bool {
        self.slow
            .iter()
            .all(|dimension| match dimension.sets.get(bit) {
                Some(Some(set)) => set.contains(value(words, dimension.word)),
                _ => true,
            })
    }
}
