//! Building the rows of one event kind.

use super::lookup::Lookup;
use super::{Dimension, Kind, MAX_DIMENSIONS, MAX_ROW_WORDS, Part, SlowDimension};
use promo_compiler::ir::{EventId, IntervalSet, Program, RuleId, Test, Word};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Words behind the last row, so that a block read from it stays inside.
const PADDING: usize = 8;

/// Per word, the set of each rule; `None`: the rule does not test it.
type Sets = BTreeMap<Word, Vec<Option<IntervalSet>>>;

pub(super) fn kind(program: &Program, event: EventId) -> Kind {
    let rules: Vec<RuleId> = (0u32..)
        .zip(&program.rules)
        .filter(|(_, r)| r.event == event)
        .map(|(id, _)| RuleId(id))
        .collect();
    let (mut gates, mut conditions) = (Sets::new(), Sets::new());
    for (bit, id) in rules.iter().enumerate() {
        let Some(rule) = program.rules.get(id.index()) else {
            continue;
        };
        for gate in &rule.gates {
            restrict(&mut gates, gate.word, &gate.set, bit, rules.len());
        }
        for condition in &rule.conditions {
            if let Test::InSet(word, set) = &condition.test {
                restrict(&mut conditions, *word, set, bit, rules.len());
            }
        }
    }
    let width = rules.len().div_ceil(64);
    let mut rows = Vec::new();
    let gates = part(gates, width, &mut rows);
    let conditions = part(conditions, width, &mut rows);
    rows.resize(rows.len() + PADDING, 0);
    Kind {
        rules: rules.into(),
        width,
        gates,
        conditions,
        rows: rows.into(),
    }
}

fn restrict(sets: &mut Sets, word: Word, set: &IntervalSet, bit: usize, rules: usize) {
    if let Some(slot) = sets
        .entry(word)
        .or_insert_with(|| vec![None; rules])
        .get_mut(bit)
    {
        *slot = Some(match slot.take() {
            Some(before) => before.intersect(set),
            None => set.clone(),
        });
    }
}

fn part(sets: Sets, width: usize, rows: &mut Vec<u64>) -> Part {
    let (mut dimensions, mut slow) = (Vec::new(), Vec::new());
    for (word, sets) in sets {
        let built = if dimensions.len() < MAX_DIMENSIONS {
            dimension(word, &sets, width, rows)
        } else {
            None
        };
        match built {
            Some(built) => dimensions.push(built),
            None => slow.push(SlowDimension {
                word,
                sets: sets.into(),
            }),
        }
    }
    dimensions.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    Part {
        dimensions: dimensions.into_iter().map(|(_, d)| d).collect(),
        slow: slow.into(),
    }
}

/// Sweeps over the values: at each cut some rules begin or end to hold. Equal rows are kept once. The number is the
/// share of (value, rule) pairs that hold between the first and the last cut.
fn dimension(
    word: Word,
    sets: &[Option<IntervalSet>],
    width: usize,
    rows: &mut Vec<u64>,
) -> Option<(f64, Dimension)> {
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
    let mut known: FxHashMap<Box<[u64]>, u32> = FxHashMap::default();
    let (mut cuts, mut starts) = (Vec::new(), Vec::new());
    let (mut held, mut total) = (0.0, 0.0);
    let mut rest = changes.as_slice();
    loop {
        let start = match known.get(row.as_slice()) {
            Some(start) => *start,
            None => {
                if rows.len() - from + width > MAX_ROW_WORDS {
                    rows.truncate(from);
                    return None;
                }
                let start = u32::try_from(rows.len()).ok()?;
                rows.extend_from_slice(&row);
                known.insert(row.clone().into(), start);
                start
            }
        };
        starts.push(start);
        let Some(&(cut, _)) = rest.first() else { break };
        if let Some(before) = cuts.last() {
            let length = (cut as f64) - (*before as f64);
            held += length
                * row
                    .iter()
                    .map(|bits| f64::from(bits.count_ones()))
                    .sum::<f64>();
            total += length;
        }
        cuts.push(cut);
        let now = rest.partition_point(|(at, _)| *at == cut);
        let (here, later) = rest.split_at_checked(now)?;
        here.iter().for_each(|(_, bit)| flip(&mut row, *bit));
        rest = later;
    }
    let share = if total > 0.0 {
        held / total / sets.len() as f64
    } else {
        1.0
    };
    Some((
        share,
        Dimension {
            word,
            lookup: Lookup::new(&cuts, &starts),
        },
    ))
}

fn flip(row: &mut [u64], bit: usize) {
    if let Some(bits) = row.get_mut(bit / 64) {
        *bits ^= 1 << (bit % 64);
    }
}
