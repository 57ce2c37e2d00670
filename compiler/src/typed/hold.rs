//! Awards that wait: where nothing can wait, and how long is no time.

use super::scalar::Rule;
use crate::ast::Beyond;
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::hir;
use crate::ir::Term;
use crate::source::{Location, Spelling};

/// What can be wrong there.
#[derive(Clone, Copy, Debug)]
pub enum Error {
    /// In a rule that takes or charges.
    Exchange(Location),
    /// For no time.
    NoTime(Location),
    /// For a party that is drawn.
    Drawn(Location),
}

impl Error {
    /// The finding.
    pub fn into_diagnostic(self, spelling: Spelling) -> Diagnostic {
        let write = |en: &str, zh: &str| {
            let line = match spelling {
                Spelling::En => en,
                Spelling::Zh => zh,
            };
            Text::new(format!("write `{line}`"), format!("请写 `{line}`"))
        };
        match self {
            Error::Exchange(at) => Diagnostic::error(
                Code::P0374,
                at,
                Text::new("a rule that takes or charges cannot wait", "有扣除或收款的规则不能等待"),
                Text::new("what is taken would be gone meanwhile", "等待期间，扣除的已经扣掉了"),
            )
            .help(write("beyond: skip", "超出：跳过")),
            Error::Drawn(at) => Diagnostic::error(
                Code::P0376,
                at,
                Text::new("who is drawn cannot be waited for", "抽出的一方不能等待"),
                Text::new("by then another draw would be the latest", "到那时，最近的一次抽取已是另一次"),
            )
            .help(write("if unknown: skip", "未知：跳过")),
            Error::NoTime(at) => Diagnostic::error(
                Code::P0375,
                at,
                Text::new("how long does it wait?", "等待多久？"),
                Text::new("no time is no wait", "时间为零就是不等待"),
            )
            .help(write("hold 7 days then skip", "等待 7 天，然后 跳过")),
        }
    }
}

impl Rule<'_, '_> {
    /// Reports what cannot wait.
    pub fn holds(&mut self, rule: &hir::Rule, group: &[(crate::ir::EventId, hir::Limit)]) {
        let exchange = rule.gives.iter().any(|give| give.flow != hir::Flow::Give);
        let gives = hir::from_ast::all_gives(rule);
        let gives = gives.filter_map(|give| Some((give.hold?, give.unknown.as_ref().map_or(give.at, |(_, at)| *at))));
        let grouped = group.iter().filter(|(event, _)| *event == rule.event).map(|(_, limit)| limit);
        let limits = rule.limits.iter().chain(grouped).filter_map(|limit| match limit.beyond {
            Some(Beyond::Hold(within)) => Some((hir::term::term(&within), limit.at)),
            Some(Beyond::Skip | Beyond::Cut) | None => None,
        });
        let terms = gives.chain(limits).collect::<Vec<_>>();
        let drawn = |party: &hir::Party| party.fact.link.as_ref().is_some_and(|link| link.drawn.is_some());
        for give in hir::from_ast::all_gives(rule).filter(|_| !terms.is_empty()) {
            let waits = give.hold.and(Some(&give.payee));
            for party in waits.into_iter().chain(&give.from).filter(|party| drawn(party)) {
                let spelling = self.checker.spelling(party.at);
                self.checker.out.push(Error::Drawn(party.at).into_diagnostic(spelling));
            }
        }
        for (term, at) in terms {
            self.checker.terms(Some(term), None, at);
            let error = match term {
                Term::Days(0) | Term::WorkingDays(0) | Term::Seconds(0) => Error::NoTime(at),
                _ if exchange => Error::Exchange(at),
                _ => continue,
            };
            let spelling = self.checker.spelling(at);
            self.checker.out.push(error.into_diagnostic(spelling));
        }
    }
}
