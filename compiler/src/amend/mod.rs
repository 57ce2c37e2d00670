//! Announced terms may be changed only in the consumer's favour: a package that keeps the text as it was announced is
//! compared with it, policy by policy.
//!
//! *In the consumer's favour* is meant for one event in one state of what the rules count: whenever the announced text
//! paid a consumer, the present one pays at least as much of the same thing, takes no more, and leaves at least as much
//! time. It is shown by structure alone, clause by clause; nothing is searched for. What this cannot show is an error
//! that says so, and never passes.
//!
//! | file | what is compared |
//! |---|---|
//! | `policy` | dates and budgets, groups, rules that are gone or new |
//! | `rule` | where and on what condition a rule answers, what it gives and takes |
//! | `limit` | `once` and `at most` |
//! | `value` | one amount is never below another |
//! | `truth` | one condition holds whenever another does |
//! | `chance` | the better prizes of a draw are not rarer |

mod chance;
mod finding;
mod limit;
mod policy;
mod rule;
mod say;
mod truth;
mod value;

pub(crate) use chance::odds;

use crate::diagnostic::Diagnostics;
use crate::hir;
use crate::ir;
use crate::source::SourceMap;
use crate::typed;

/// One of the two texts, as far as the compiler came with it.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// Resolved: where the clauses stand.
    pub hir: &'a hir::Package,
    /// Checked: what they say.
    pub typed: &'a typed::Package,
    /// Lowered: what the references mean, and the hashes.
    pub program: &'a ir::Program,
}

/// Compares every announced policy that pays consumers with the present one of its name; says how many there were.
pub fn compare(now: Side<'_>, announced: Side<'_>, sources: &SourceMap, out: &mut Diagnostics) -> usize {
    let mut found = Vec::new();
    let mut compared = 0;
    for old in &announced.typed.policies {
        if !policy::faces_consumers(announced, old) {
            continue;
        }
        compared += 1;
        policy::compare(now, announced, old, sources, &mut found);
    }
    found.into_iter().for_each(|finding| out.push(finding));
    compared
}
