//! The reference evaluator: it defines what the nodes of a rule mean. Machine code must agree with it.

use super::record::value;
use super::{Node, NodeId, Program, Round, Rule, RuleId, Test};

/// What [`RuleRunner::run`] answers when a value that is needed left the range the compiler proved: a bug of ours
/// or a record that was never checked, not a decision.
pub const FAULT: u32 = u32::MAX;

/// Evaluates the conditions and amounts of one rule.
pub trait RuleRunner {
    /// 0: all conditions hold and `amounts` is filled, one per award; k: condition k, counted from 1, is the first
    /// that fails; [`FAULT`]: a needed value left its proven range.
    fn run(&self, rule: RuleId, words: &[i64], inputs: &[i64], amounts: &mut [i64]) -> u32;
}

/// The reference: walks the nodes in order with checked arithmetic; conditions in source order, those the index
/// could answer and the others alike.
#[derive(Clone, Copy, Debug)]
pub struct Interpreter<'a>(pub &'a Program);

/// Rules with at most this many nodes are evaluated without allocation.
const ON_STACK: usize = 128;

impl RuleRunner for Interpreter<'_> {
    fn run(&self, rule: RuleId, words: &[i64], inputs: &[i64], amounts: &mut [i64]) -> u32 {
        let Some(rule) = self.0.rules.get(rule.index()) else {
            return FAULT;
        };
        let mut small = [None; ON_STACK];
        let mut large;
        let values: &mut [Option<i64>] = match small.get_mut(..rule.nodes.len()) {
            Some(small) => small,
            None => {
                large = vec![None; rule.nodes.len()];
                &mut large
            }
        };
        for (at, node) in rule.nodes.iter().enumerate() {
            let result = step(self.0, *node, words, inputs, values);
            if let Some(slot) = values.get_mut(at) {
                *slot = result;
            }
        }
        conclude(rule, words, values, amounts)
    }
}

fn conclude(rule: &Rule, words: &[i64], values: &[Option<i64>], amounts: &mut [i64]) -> u32 {
    for (at, condition) in rule.conditions.iter().enumerate() {
        let holds = match &condition.test {
            Test::InSet(word, set) => set.contains(value(words, *word)),
            Test::Node(node) => match get(values, *node) {
                Some(v) => v != 0,
                None => return FAULT,
            },
        };
        if !holds {
            return u32::try_from(at + 1).unwrap_or(FAULT);
        }
    }
    for (award, amount) in rule.awards.iter().zip(amounts) {
        match get(values, award.amount) {
            Some(v) => *amount = v,
            None => return FAULT,
        }
    }
    0
}

/// The nodes one node depends on, itself included, in evaluation order.
pub(in crate::ir) fn cone(rule: &Rule, node: NodeId) -> Vec<NodeId> {
    let mut needed = vec![false; rule.nodes.len()];
    let mut open = vec![node];
    while let Some(next) = open.pop() {
        if let (Some(seen @ false), Some(node)) = (needed.get_mut(next.index()), rule.nodes.get(next.index())) {
            *seen = true;
            open.extend(operands(*node).into_iter().flatten());
        }
    }
    (0..).map(NodeId).zip(needed).filter(|(_, needed)| *needed).map(|(id, _)| id).collect()
}

/// The values of these nodes, in evaluation order, by their numbers; `None` for all others.
pub(in crate::ir) fn values(
    program: &Program,
    rule: &Rule,
    cone: &[NodeId],
    words: &[i64],
    inputs: &[i64],
) -> Vec<Option<i64>> {
    let mut values = vec![None; rule.nodes.len()];
    for id in cone {
        let result = rule.nodes.get(id.index()).and_then(|node| step(program, *node, words, inputs, &values));
        if let Some(slot) = values.get_mut(id.index()) {
            *slot = result;
        }
    }
    values
}

/// The nodes a node reads.
pub fn operands(node: Node) -> [Option<NodeId>; 3] {
    match node {
        Node::Const(_) | Node::Fact(_) | Node::Input(_) => [None; 3],
        Node::Add(a, b)
        | Node::Sub(a, b)
        | Node::Mul(a, b)
        | Node::Quotient(a, b, _)
        | Node::Min(a, b)
        | Node::Max(a, b)
        | Node::Eq(a, b)
        | Node::Lt(a, b)
        | Node::Le(a, b)
        | Node::And(a, b)
        | Node::Or(a, b) => [Some(a), Some(b), None],
        Node::Select(c, a, b) => [Some(c), Some(a), Some(b)],
        Node::Div(a, _, _) | Node::Not(a) | Node::Within(a, _, _) | Node::Lookup(_, a) | Node::Uniform(a, _) => {
            [Some(a), None, None]
        }
    }
}

fn get(values: &[Option<i64>], node: NodeId) -> Option<i64> {
    values.get(node.index()).copied().flatten()
}

/// The value of one node; `None` is a value outside the proven ranges, which matters only if it is used: a branch
/// not taken, or a side of `and`/`or` that is not needed, is not used.
fn step(program: &Program, node: Node, words: &[i64], inputs: &[i64], values: &[Option<i64>]) -> Option<i64> {
    let at = |id: NodeId| get(values, id);
    match node {
        Node::Const(v) => Some(v),
        Node::Fact(word) => Some(value(words, word)),
        Node::Input(input) => inputs.get(input.index()).copied(),
        Node::Add(a, b) => at(a)?.checked_add(at(b)?),
        Node::Sub(a, b) => at(a)?.checked_sub(at(b)?),
        Node::Mul(a, b) => at(a)?.checked_mul(at(b)?),
        Node::Div(a, divisor, round) => divide(at(a)?, divisor, round),
        Node::Quotient(a, b, round) => divide(at(a)?, at(b)?, round),
        Node::Min(a, b) => Some(at(a)?.min(at(b)?)),
        Node::Max(a, b) => Some(at(a)?.max(at(b)?)),
        Node::Eq(a, b) => Some(i64::from(at(a)? == at(b)?)),
        Node::Lt(a, b) => Some(i64::from(at(a)? < at(b)?)),
        Node::Le(a, b) => Some(i64::from(at(a)? <= at(b)?)),
        Node::And(a, b) => match at(a)? {
            0 => Some(0),
            _ => Some(i64::from(at(b)? != 0)),
        },
        Node::Or(a, b) => match at(a)? {
            0 => Some(i64::from(at(b)? != 0)),
            _ => Some(1),
        },
        Node::Not(a) => Some(i64::from(at(a)? == 0)),
        Node::Select(c, a, b) => at(if at(c)? != 0 { a } else { b }),
        Node::Within(a, lo, hi) => at(a).map(|v| i64::from((lo..hi).contains(&v))),
        Node::Lookup(table, a) => {
            let index = usize::try_from(at(a)?).ok()?;
            program.tables.get(table.index())?.get(index).copied()
        }
        Node::Uniform(a, n) => uniform(at(a)?, n),
    }
}

/// `a ÷ divisor` rounded; `None` if the divisor is not positive.
pub fn divide(a: i64, divisor: i64, round: Round) -> Option<i64> {
    if divisor < 1 {
        return None;
    }
    let (floor, rest) = (a.div_euclid(divisor), a.rem_euclid(divisor));
    let twice = i128::from(rest) * 2;
    let up = match round {
        Round::Down => false,
        Round::Up => rest > 0,
        Round::HalfUp => twice >= i128::from(divisor),
        Round::HalfEven => twice > i128::from(divisor) || (twice == i128::from(divisor) && floor & 1 == 1),
    };
    floor.checked_add(i64::from(up))
}

/// A uniform number in `0..n` from 64 uniform bits; `None` if n is not positive.
pub fn uniform(bits: i64, n: i64) -> Option<i64> {
    let n = u128::try_from(n).ok().filter(|n| *n > 0)?;
    i64::try_from((u128::from(bits as u64) * n) >> 64).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_agrees_with_twice_the_value_on_a_grid() {
        for a in -50..=50i64 {
            for d in 1..=12i64 {
                let exact = a as f64 / d as f64;
                assert_eq!(divide(a, d, Round::Down), Some(exact.floor() as i64));
                assert_eq!(divide(a, d, Round::Up), Some(exact.ceil() as i64));
                assert_eq!(divide(a, d, Round::HalfUp), Some((exact + 0.5 + 1e-12).floor() as i64), "{a}/{d}");
                assert_eq!(divide(a, d, Round::HalfEven), Some(exact.round_ties_even() as i64), "{a}/{d}");
            }
        }
        assert_eq!(divide(i64::MAX, 1, Round::Up), Some(i64::MAX));
        assert_eq!(divide(i64::MIN, i64::MAX, Round::HalfUp), Some(-1));
        assert_eq!(divide(1, 0, Round::Up), None);
    }

    #[test]
    fn uniform_covers_its_range_and_nothing_else() {
        assert_eq!(uniform(0, 10), Some(0));
        assert_eq!(uniform(-1, 10), Some(9));
        assert_eq!(uniform(i64::MIN, 10), Some(5));
        assert_eq!(uniform(-1, i64::MAX), Some(i64::MAX - 1));
        assert_eq!(uniform(5, 0), None);
        assert_eq!(uniform(5, -1), None);
    }
}
