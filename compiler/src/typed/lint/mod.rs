//! What a checked package means well and may still regret: amounts its payment channel does not take, prizes the law
//! forbids, cliffs, tables nobody counts. Run over the integer core, once no error is left.

mod chances;
mod cliff;
mod error;
mod odds;
mod payment;
mod tables;
mod values;

use super::scalar::Checker;
use super::{Award, Policy, Rule};
use crate::hir;
use crate::ir::Flow;
use crate::source::Location;
use error::Error;

pub use cliff::{Ladder, Step};

/// Looks at everything.
pub fn check(checker: &mut Checker<'_>, policies: &[Policy]) {
    let hir = checker.hir;
    let mut found = Vec::new();
    found.extend(payment::check(hir, policies));
    found.extend(chances::check(hir, &checker.links, policies));
    found.extend(odds::check(hir, policies));
    found.extend(cliff::check(hir, policies));
    found.extend(tables::check(hir, policies));
    for (at, e) in found {
        let spelling = checker.spelling(at);
        checker.out.push(e.into_diagnostic(spelling));
    }
}

/// A finding and the file that is written in.
type Found = (Location, Error);

/// Everything a rule gives, not what it takes or charges.
fn given(rule: &Rule) -> impl Iterator<Item = &Award> {
    rule.awards.iter().filter(|award| award.flow == Flow::Give)
}

/// Is an award for natural persons? Somebody who stands in for an unknown payee counts too.
fn is_for_persons(hir: &hir::Package, award: &Award) -> bool {
    award.payees.iter().any(|payee| hir.model.roles.get(payee.role as usize).is_some_and(|role| role.person))
}
