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
pub(crate) mod search;
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
#[derive(Clone, Debug)]
struct Kind {
    /// Bit → rule, ascending.
    rules: Box<[RuleId]>,
    /// Words of a row.
    width: usize,
    /// The two most selective words that gates test, filled up with words that nothing is asked of. Most events have
    /// no candidate, and these two mostly say so: one branch that is hard to predict, the same for every kind.
    lead: [Dimension; 2],
    /// The other tested words that have rows: those of gates, then those of conditions, the most selective first.
    others: Box<[Dimension]>,
    /// How many of `others` are those of gates.
    gates: usize,
    /// All rows, with some words of padding behind the last.
    rows: Box<[u64]>,
    /// The tested words that have no rows: of gates, of conditions.
    slow: [Box<[SlowDimension]>; 2],
}

/// A tested word.
#[derive(Clone, Debug)]
struct Dimension {
    word: Word,
    /// Where its rows begin in [`Kind::rows`].
    first: usize,
    /// Value → number of its row.
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
        Index { kinds: build::kinds(program) }
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

    /// The rules of the bits that a [`search`] has found, in `out`, which is cleared first.
    #[inline]
    pub(crate) fn found(&self, event: EventId, bits: &[u64], words: &[i64], conditions: bool, out: &mut Vec<RuleId>) {
        out.clear();
        let Some(kind) = self.kinds.get(event.index()) else {
            return;
        };
        for (i, bits) in bits.iter().enumerate().take(kind.width) {
            kind.emit(i, *bits, words, conditions, out);
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
            1 => self.narrow::<1>(words, conditions, out),
            2 => self.narrow::<2>(words, conditions, out),
            4 => self.narrow::<4>(words, conditions, out),
            _ => self.wide(words, conditions, out),
        }
    }

    #[inline]
    fn others(&self, conditions: bool) -> &[Dimension] {
        let count = if conditions { self.others.len() } else { self.gates };
        self.others.get(..count).unwrap_or_default()
    }

    /// Where the row of an event begins.
    #[inline(always)]
    fn row(&self, dimension: &Dimension, words: &[i64]) -> usize {
        dimension.first + dimension.lookup.row(value(words, dimension.word)) * self.width
    }

    /// The row itself, or as much as `N` words of it.
    #[inline(always)]
    fn bits<const N: usize>(&self, start: usize) -> &[u64; N] {
        // INVARIANT: there is padding behind the last row.
        self.rows.get(start..).and_then(|rows| rows.first_chunk()).unwrap_or(&[0; N])
    }

    /// Up to 256 rules: the rows as wholes.
    #[inline]
    fn narrow<const N: usize>(&self, words: &[i64], conditions: bool, out: &mut Vec<RuleId>) {
        let [a, b] = &self.lead;
        let (a, b) = (self.bits::<N>(self.row(a, words)), self.bits::<N>(self.row(b, words)));
        let mut rest = and(*a, b);
        if !any(&rest) {
            return;
        }
        for dimension in self.others(conditions) {
            rest = and(rest, self.bits(self.row(dimension, words)));
        }
        for (i, bits) in rest.into_iter().enumerate() {
            self.emit(i, bits, words, conditions, out);
        }
    }

    /// More rules: blocks of eight words. The last block may reach into the next row; what it finds there is not
    /// looked at.
    fn wide(&self, words: &[i64], conditions: bool, out: &mut Vec<RuleId>) {
        let mut starts = [0usize; 2 * MAX_DIMENSIONS];
        let mut count = 0;
        for (start, dimension) in starts.iter_mut().zip(self.lead.iter().chain(self.others(conditions))) {
            *start = self.row(dimension, words);
            count += 1;
        }
        let starts = starts.get(..count).unwrap_or_default();
        for block in (0..self.width).step_by(8) {
            let mut rest = [u64::MAX; 8];
            for start in starts {
                rest = and(rest, self.bits(start + block));
            }
            if any(&rest) {
                for (i, bits) in rest.into_iter().enumerate().take(self.width - block) {
                    self.emit(block + i, bits, words, conditions, out);
                }
            }
        }
    }

    /// The rules of the bits of word number `word`. Bits behind the last rule are set only where nothing is tested;
    /// they have no rule.
    fn emit(&self, word: usize, mut bits: u64, words: &[i64], conditions: bool, out: &mut Vec<RuleId>) {
        while bits != 0 {
            let bit = word * 64 + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            if let Some(rule) = self.rules.get(bit)
                && self.slow.iter().take(1 + usize::from(conditions)).flatten().all(|d| d.holds(bit, words))
            {
                out.push(*rule);
            }
        }
    }

    fn bytes(&self) -> usize {
        let lookups = self.lead.iter().chain(&self.others).map(|d| d.lookup.bytes());
        let lookups: usize = lookups.sum();
        size_of_val(&*self.rules) + size_of_val(&*self.rows) + size_of_val(&*self.others) + lookups
    }
}

#[inline(always)]
fn and<const N: usize>(mut a: [u64; N], b: &[u64; N]) -> [u64; N] {
    a.iter_mut().zip(b).for_each(|(a, b)| *a &= b);
    a
}

#[inline(always)]
fn any<const N: usize>(bits: &[u64; N]) -> bool {
    bits.iter().fold(0, |any, bits| any | bits) != 0
}

impl SlowDimension {
    fn holds(&self, bit: usize, words: &[i64]) -> bool {
        match self.sets.get(bit) {
            Some(Some(set)) => set.contains(value(words, self.word)),
            _ => true,
        }
    }
}
