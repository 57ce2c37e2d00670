//! Awards that wait: `hold 7 days then skip`, where a payee is unknown or a limit is reached.

use crate::ast::{self, Beyond, ClauseKind, Unknown};

/// Can any award of these files wait?
pub fn holds(files: &[ast::File]) -> bool {
    files.iter().flat_map(|f| &f.items).any(|item| match item {
        ast::Item::Policy(p) => held(&p.clauses),
        ast::Item::Template(t) => held(&t.clauses),
        ast::Item::Instance(i) => held(&i.clauses),
        ast::Item::Group(g) => g.limits.iter().any(|limit| beyond(limit.beyond.as_ref())),
        _ => false,
    })
}

fn held(clauses: &[ast::Clause]) -> bool {
    let unknown = |answer: &Option<Unknown>| matches!(answer, Some(Unknown::Hold(_)));
    clauses.iter().any(|clause| match &clause.kind {
        ClauseKind::On { clauses, .. } | ClauseKind::Every { clauses, .. } => held(clauses),
        ClauseKind::Give(give) => unknown(&give.unknown),
        ClauseKind::Share { rows, .. } => rows.iter().any(|row| unknown(&row.unknown)),
        ClauseKind::Limit(limit) => beyond(limit.beyond.as_ref()),
        ClauseKind::Apart { beyond: answer, .. } => beyond(answer.as_ref()),
        _ => false,
    })
}

fn beyond<S>(answer: Option<&(Beyond, S)>) -> bool {
    matches!(answer, Some((Beyond::Hold(_), _)))
}
