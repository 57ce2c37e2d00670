//! Shapes: rules that differ only in their constants share one function.
//!
//! Thousands of policies come from a few templates. Compiling a function costs 60–110 µs, a row of constants
//! nothing, so a rule becomes a [`Shape`] (everything but its constants) and a row. A shape that only one rule has
//! gets its scalar constants as immediates instead.
//!
//! Divisors, table numbers and words stay in the shape: a divisor must be a constant of the code for the division
//! not to need a trap.

use super::abi::MAX_ITEMS;
use super::check::{Malformed, check};
use crate::ir::{EventId, IntervalSet, Node, NodeId, Program, Rule, Test, Word};
use rustc_hash::FxHashMap;

/// Sets of up to this many intervals are compared one by one, larger ones searched.
pub const FEW: usize = 4;

/// Everything of a rule but its constants. In `nodes`, a constant is the number of its slot in the row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// The conditions.
    pub tests: Vec<ShapeTest>,
    /// The nodes: `Const(slot)`, `Within(a, slot of lo, slot of length)`, `Uniform(a, slot)`.
    pub nodes: Vec<Node>,
    /// The amount of each award.
    pub amounts: Vec<NodeId>,
}

/// A condition without its constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ShapeTest {
    /// A few intervals: from `slot` on, `count` pairs of (first value, length as unsigned).
    Few {
        /// The word tested.
        word: Word,
        /// First slot.
        slot: usize,
        /// How many intervals.
        count: usize,
    },
    /// Many intervals: from `slot` on, `1 << log2` first values ascending, then as many lengths; what is not used
    /// is filled with `i64::MAX` and length 0.
    Many {
        /// The word tested.
        word: Word,
        /// First slot.
        slot: usize,
        /// Binary logarithm of the number of intervals, rounded up.
        log2: u32,
    },
    /// A node is not zero.
    Node(NodeId),
}

/// How a rule is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RulePlan {
    /// Index into [`Plan::shapes`].
    pub shape: usize,
    /// Where its constants begin in [`Plan::data`].
    pub row: usize,
    /// How many they are.
    pub row_len: usize,
    /// The event kind it answers.
    pub event: EventId,
    /// Words of that kind's record.
    pub words: usize,
    /// State inputs it reads.
    pub inputs: usize,
    /// Amounts it writes.
    pub awards: usize,
}

/// What is to be compiled for a program.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The functions, in order of first use.
    pub shapes: Vec<Shape>,
    /// How many rules have each shape.
    pub uses: Vec<usize>,
    /// One per rule of the program.
    pub rules: Vec<RulePlan>,
    /// All tables, then the rows of all rules.
    pub data: Vec<i64>,
    /// Where each table begins in `data`, and its length.
    pub tables: Vec<(usize, usize)>,
    /// Words of `data` that are tables.
    pub tables_len: usize,
}

impl Plan {
    /// The constants of the only rule with this shape; `None` if several have it.
    pub(super) fn only_row(&self, shape: usize) -> Option<&[i64]> {
        if self.uses.get(shape) != Some(&1) {
            return None;
        }
        let rule = self.rules.iter().find(|r| r.shape == shape)?;
        self.data.get(rule.row..rule.row + rule.row_len)
    }
}

/// Splits every rule into its shape and its row.
///
/// # Errors
/// If the program fails [`check`].
pub fn plan(program: &Program) -> Result<Plan, Malformed> {
    check(program)?;
    let mut data: Vec<i64> = Vec::new();
    let mut tables = Vec::with_capacity(program.tables.len());
    for table in &program.tables {
        tables.push((data.len(), table.len()));
        data.extend_from_slice(table);
    }
    let tables_len = data.len();
    let mut known: FxHashMap<Shape, usize> = FxHashMap::default();
    let (mut shapes, mut uses): (Vec<Shape>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut rules = Vec::with_capacity(program.rules.len());
    for rule in &program.rules {
        let row = data.len();
        let shape = Splitter { from: row, data: &mut data }.rule(rule);
        let row_len = data.len() - row;
        if row_len > MAX_ITEMS {
            return Err(Malformed::TooLarge);
        }
        let shape = *known.entry(shape).or_insert_with_key(|shape| {
            shapes.push(shape.clone());
            uses.push(0);
            shapes.len() - 1
        });
        if let Some(n) = uses.get_mut(shape) {
            *n += 1;
        }
        rules.push(RulePlan {
            shape,
            row,
            row_len,
            event: rule.event,
            words: program.schema.events.get(rule.event.index()).map_or(0, |e| e.words as usize),
            inputs: rule.inputs.len(),
            awards: rule.awards.len(),
        });
    }
    Ok(Plan { shapes, uses, rules, data, tables, tables_len })
}

struct Splitter<'a> {
    from: usize,
    data: &'a mut Vec<i64>,
}

impl Splitter<'_> {
    fn slot(&mut self, value: i64) -> usize {
        self.data.push(value);
        self.data.len() - 1 - self.from
    }

    fn rule(&mut self, rule: &Rule) -> Shape {
        let tests = rule
            .conditions
            .iter()
            .map(|condition| match &condition.test {
                Test::InSet(word, set) => self.set(*word, set),
                Test::Node(node) => ShapeTest::Node(*node),
            })
            .collect();
        let nodes = rule.nodes.iter().map(|node| self.node(*node)).collect();
        Shape { tests, nodes, amounts: rule.awards.iter().map(|award| award.amount).collect() }
    }

    fn node(&mut self, node: Node) -> Node {
        // A slot is at most MAX_ITEMS, so the cast to i64 keeps it.
        match node {
            Node::Const(value) => Node::Const(self.slot(value) as i64),
            Node::Within(a, lo, hi) => {
                let (lo, length) = (self.slot(lo), self.slot(length(lo, hi)));
                Node::Within(a, lo as i64, length as i64)
            }
            Node::Uniform(a, n) => Node::Uniform(a, self.slot(n) as i64),
            other => other,
        }
    }

    fn set(&mut self, word: Word, set: &IntervalSet) -> ShapeTest {
        let (slot, ranges) = (self.data.len() - self.from, set.ranges());
        if ranges.len() <= FEW {
            self.data.extend(ranges.iter().flat_map(|&(lo, hi)| [lo, length(lo, hi)]));
            return ShapeTest::Few { word, slot, count: ranges.len() };
        }
        let size = ranges.len().next_power_of_two();
        let pad = size - ranges.len();
        self.data.extend(ranges.iter().map(|r| r.0).chain(std::iter::repeat_n(i64::MAX, pad)));
        self.data.extend(ranges.iter().map(|&(lo, hi)| length(lo, hi)).chain(std::iter::repeat_n(0, pad)));
        ShapeTest::Many { word, slot, log2: size.trailing_zeros() }
    }
}

/// `hi − lo` as the bits of a `u64`; 0 if the interval is empty.
const fn length(lo: i64, hi: i64) -> i64 {
    if lo < hi { hi.wrapping_sub(lo) } else { 0 }
}
