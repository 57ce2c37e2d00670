//! Building the rows.

use super::lookup::Lookup;
use super::{Dimension, Kind, MAX_DIMENSIONS, MAX_ROW_WORDS, SlowDimension};
use promo_compiler::ir::{IntervalSet, Program, RuleId, Test, Word};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Words behind the last row, so that a block read from it stays inside.
const PADDING: usize = 8;

/// Per word, the set of each rule; `None`: the rule does not test it.
type Sets = BTreeMap<Word, Vec<Option<IntervalSet>>>;

pub(super) fn kinds(program: &Program) -> Box<[Kind]> {
    let mut rules: Vec<Vec<RuleId>> = vec![Vec::new(); program.schema.events.len()];
    for (id, rule) in (0u32..).zip(&program.rules) {
        if let Some(of_kind) = rules.get_mut(rule.event.index()) {
            of_kind.push(RuleId(id));
        }
    }
    // Narrow rows get one width in all kinds: the choice of a loop by width is then always the same.
    let widest = rules.iter().map(|of_kind| of_kind.len().div_ceil(64)).max().unwrap_or(0);
    let least = if widest <= 4 { widest.next_power_of_two() } else { 1 };
    let drafts: Vec<Draft> = rules.into_iter().map(|of_kind| draft(program, of_kind, least)).collect();
    // One order of words for all kinds, so that their searches can share machine code.
    let gates = order(drafts.iter().flat_map(|draft| &draft.gates));
    let conditions = order(drafts.iter().flat_map(|draft| &draft.conditions));
    drafts.into_iter().map(|draft| finish(draft, &gates, &conditions)).collect()
}

/// A kind before its words are put in order.
struct Draft {
    rules: Vec<RuleId>,
    width: usize,
    rows: Vec<u64>,
    gates: Vec<(f64, Dimension)>,
    conditions: Vec<(f64, Dimension)>,
    slow: [Box<[SlowDimension]>; 2],
}

fn draft(program: &Program, rules: Vec<RuleId>, least_width: usize) -> Draft {
    let (mut of_gates, mut of_conditions) = (Sets::new(), Sets::new());
    for (bit, id) in rules.iter().enumerate() {
        let Some(rule) = program.rules.get(id.index()) else {
            continue;
        };
        for gate in &rule.gates {
            restrict(&mut of_gates, gate.word, &gate.set, bit, rules.len());
        }
        for condition in &rule.conditions {
            if let Test::InSet(word, set) = &condition.test {
                restrict(&mut of_conditions, *word, set, bit, rules.len());
            }
        }
    }
    let width = match rules.len().div_ceil(64).max(least_width) {
        3 => 4,
        other => other,
    };
    let mut rows = Vec::new();
    let (gates, slow_gates) = part(of_gates, width, &mut rows);
    let (conditions, slow_conditions) = part(of_conditions, width, &mut rows);
    let slow = [slow_gates, slow_conditions];
    Draft { rules, width, rows, gates, conditions, slow }
}

/// The mean share of rules that hold, per word.
fn order<'a>(dimensions: impl Iterator<Item = &'a (f64, Dimension)>) -> BTreeMap<Word, f64> {
    let mut sums: BTreeMap<Word, (f64, f64)> = BTreeMap::new();
    for (share, dimension) in dimensions {
        let (sum, count) = sums.entry(dimension.word).or_default();
        *sum += share;
        *count += 1.0;
    }
    sums.into_iter().map(|(word, (sum, count))| (word, sum / count)).collect()
}

fn finish(draft: Draft, gates: &BTreeMap<Word, f64>, conditions: &BTreeMap<Word, f64>) -> Kind {
    let Draft { rules, width, mut rows, gates: of_gates, conditions: of_conditions, slow } = draft;
    let sorted = |mut dimensions: Vec<(f64, Dimension)>, order: &BTreeMap<Word, f64>| {
        let share = |dimension: &Dimension| order.get(&dimension.word).copied().unwrap_or(1.0);
        dimensions.sort_by(|(_, a), (_, b)| share(a).total_cmp(&share(b)).then(a.word.cmp(&b.word)));
        dimensions.into_iter().map(|(_, dimension)| dimension)
    };
    let mut of_gates = sorted(of_gates, gates);
    let lead = [of_gates.next(), of_gates.next()];
    let lead = lead.map(|dimension| dimension.unwrap_or_else(|| anything(rules.len(), width, &mut rows)));
    let others = of_gates.len();
    rows.resize(rows.len() + PADDING, 0);
    Kind {
        width,
        lead,
        others: of_gates.chain(sorted(of_conditions, conditions)).collect(),
        gates: others,
        rows: rows.into(),
        slow,
        rules: rules.into(),
    }
}

/// A word of which nothing is asked: one row with all rules.
fn anything(rules: usize, width: usize, rows: &mut Vec<u64>) -> Dimension {
    let first = rows.len();
    rows.resize(first + width, 0);
    let row = rows.get_mut(first..).unwrap_or_default();
    (0..rules).for_each(|bit| flip(row, bit));
    Dimension { word: Word::TIME, first, lookup: Lookup::constant() }
}

fn restrict(sets: &mut Sets, word: Word, set: &IntervalSet, bit: usize, rules: usize) {
    if let Some(slot) = sets.entry(word).or_insert_with(|| vec![None; rules]).get_mut(bit) {
        *slot = Some(match slot.take() {
            Some(before) => before.intersect(set),
            None => set.clone(),
        });
    }
}

/// The words with rows, each with its share of rules that hold, and those without.
fn part(sets: Sets, width: usize, rows: &mut Vec<u64>) -> (Vec<(f64, Dimension)>, Box<[SlowDimension]>) {
    let (mut dimensions, mut slow) = (Vec::new(), Vec::new());
    for (word, sets) in sets {
        let built = if dimensions.len() < MAX_DIMENSIONS { dimension(word, &sets, width, rows) } else { None };
        match built {
            Some(built) => dimensions.push(built),
            None => slow.push(SlowDimension { word, sets: sets.into() }),
        }
    }
    (dimensions, slow.into())
}

/// Sweeps over the values: at each cut some rules begin or end to hold. Equal rows are kept once. The number is the
/// share of (value, rule) pairs that hold between the first and the last cut.
fn dimension(word: Word, sets: &[Option<IntervalSet>], width: usize, rows: &mut Vec<u64>) -> Option<(f64, Dimension)> {
    let mut changes: Vec<(i64, usize)> = Vec::new();
    let mut row = vec![0u64; width];
    for (bit, set) in sets.iter().enumerate() {
        let Some(set) = set else {
            flip(&mut row, bit);
            continue;
        };
        for &(lo, hi) in set.ranges() {
            changes.push((lo, bit));
            changes.push((hi, bit));
        }
    }
    changes.sort_unstable();
    let from = rows.len();
    let mut known: FxHashMap<Box<[u64]>, u16> = FxHashMap::default();
    let (mut cuts, mut numbers) = (Vec::new(), Vec::new());
    let (mut held, mut total) = (0.0, 0.0);
    let mut rest = changes.as_slice();
    loop {
        let number = match (known.get(row.as_slice()), u16::try_from(known.len())) {
            (Some(number), _) => *number,
            (None, Ok(number)) if rows.len() - from + width <= MAX_ROW_WORDS => {
                rows.extend_from_slice(&row);
                known.insert(row.clone().into(), number);
                number
            }
            // Too many rows.
            _ => {
                rows.truncate(from);
                return None;
            }
        };
        numbers.push(number);
        let Some(&(cut, _)) = rest.first() else { break };
        if let Some(before) = cuts.last() {
            let length = (cut as f64) - (*before as f64);
            held += length * row.iter().map(|bits| f64::from(bits.count_ones())).sum::<f64>();
            total += length;
        }
        cuts.push(cut);
        let now = rest.partition_point(|(at, _)| *at == cut);
        let (here, later) = rest.split_at_checked(now)?;
        here.iter().for_each(|(_, bit)| flip(&mut row, *bit));
        rest = later;
    }
    let share = if total > 0.0 { held / total / sets.len() as f64 } else { 1.0 };
    Some((share, Dimension { word, first: from, lookup: Lookup::new(&cuts, &numbers) }))
}

fn flip(row: &mut [u64], bit: usize) {
    if let Some(bits) = row.get_mut(bit / 64) {
        *bits ^= 1 << (bit % 64);
    }
}
