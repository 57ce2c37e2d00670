//! Structural soundness of a program: what lowering guarantees and a damaged or hostile bundle may not keep.
//!
//! The reference evaluator is total without it; machine code is not, so nothing is emitted for a program that
//! fails here.

use super::abi::{MAX_ITEMS, MAX_WORDS};
pub(super) use crate::ir::eval::operands;
use crate::ir::{Node, NodeId, Program, Rule, RuleId, Test, Word};
use std::fmt;

/// What is wrong with a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// An event record longer than [`MAX_WORDS`], or shorter than its fixed head.
    RecordLength {
        /// Index of the event kind.
        event: u32,
    },
    /// More than [`MAX_ITEMS`] table words, constants, inputs, awards or conditions.
    TooLarge,
    /// A rule of an event kind that does not exist.
    Event {
        /// The rule.
        rule: RuleId,
    },
    /// A word outside the record.
    Word {
        /// The rule.
        rule: RuleId,
        /// The word.
        word: Word,
    },
    /// A node that refers to itself, a later one, or none.
    NodeOrder {
        /// The rule.
        rule: RuleId,
    },
    /// An input the rule does not have.
    Input {
        /// The rule.
        rule: RuleId,
    },
    /// A table the program does not have.
    Table {
        /// The rule.
        rule: RuleId,
    },
    /// A data table whose rows cannot be found by their keys.
    Data {
        /// Its number.
        table: u32,
    },
    /// A divisor, or a number of equal chances, below 1.
    Divisor {
        /// The rule.
        rule: RuleId,
    },
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Malformed::RecordLength { event } => {
                write!(f, "the record of event kind {event} is too long or too short")
            }
            Malformed::TooLarge => write!(f, "the program is too large"),
            Malformed::Event { rule } => write!(f, "rule {} answers an unknown event kind", rule.0),
            Malformed::Word { rule, word } => {
                write!(f, "rule {} reads word {} outside its record", rule.0, word.0)
            }
            Malformed::NodeOrder { rule } => {
                write!(f, "rule {} uses a value before it is computed", rule.0)
            }
            Malformed::Input { rule } => {
                write!(f, "rule {} reads an input it does not have", rule.0)
            }
            Malformed::Table { rule } => {
                write!(f, "rule {} reads a table that does not exist", rule.0)
            }
            Malformed::Data { table } => write!(f, "data table {table} is damaged"),
            Malformed::Divisor { rule } => write!(f, "rule {} divides by less than 1", rule.0),
        }
    }
}

impl std::error::Error for Malformed {}

/// Looks at every rule.
///
/// # Errors
/// The first fault found.
pub fn check(program: &Program) -> Result<(), Malformed> {
    for (event, kind) in (0u32..).zip(&program.schema.events) {
        if kind.words < Word::FIRST_FREE.0 || kind.words > MAX_WORDS {
            return Err(Malformed::RecordLength { event });
        }
    }
    if program.tables.iter().map(Vec::len).sum::<usize>() > MAX_ITEMS {
        return Err(Malformed::TooLarge);
    }
    if let Some(table) = (0u32..).zip(&program.data).find(|(_, table)| !table.is_sound()) {
        return Err(Malformed::Data { table: table.0 });
    }
    (0u32..).zip(&program.rules).try_for_each(|(id, rule)| check_rule(program, RuleId(id), rule))
}

fn check_rule(program: &Program, id: RuleId, rule: &Rule) -> Result<(), Malformed> {
    let Some(kind) = program.schema.events.get(rule.event.index()) else {
        return Err(Malformed::Event { rule: id });
    };
    if [rule.conditions.len(), rule.inputs.len(), rule.nodes.len(), rule.awards.len()].iter().any(|n| *n > MAX_ITEMS) {
        return Err(Malformed::TooLarge);
    }
    let word = |w: Word| {
        if w.0 < kind.words { Ok(()) } else { Err(Malformed::Word { rule: id, word: w }) }
    };
    let defined = |n: NodeId, before: usize| {
        if n.index() < before { Ok(()) } else { Err(Malformed::NodeOrder { rule: id }) }
    };
    for gate in &rule.gates {
        word(gate.word)?;
    }
    for condition in &rule.conditions {
        match &condition.test {
            Test::InSet(w, _) => word(*w)?,
            Test::Node(n) => defined(*n, rule.nodes.len())?,
        }
    }
    for award in &rule.awards {
        defined(award.amount, rule.nodes.len())?;
    }
    for (i, node) in rule.nodes.iter().enumerate() {
        for operand in operands(*node).into_iter().flatten() {
            defined(operand, i)?;
        }
        match *node {
            Node::Fact(w) => word(w)?,
            Node::Input(input) if input.index() >= rule.inputs.len() => {
                return Err(Malformed::Input { rule: id });
            }
            Node::Lookup(table, _) if table.index() >= program.tables.len() => {
                return Err(Malformed::Table { rule: id });
            }
            Node::Div(_, n, _) | Node::Uniform(_, n) if n < 1 => {
                return Err(Malformed::Divisor { rule: id });
            }
            _ => {}
        }
    }
    Ok(())
}
