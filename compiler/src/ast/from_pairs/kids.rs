//! The parts of a pair, asked for by rule.

use super::Pair;
use promo_grammar::Rule;

/// The children of one pair. Meant for constructs with a handful of parts; lists are walked instead.
pub(super) struct Kids<'i>(Vec<Pair<'i>>);

impl<'i> Kids<'i> {
    pub(super) fn of(pair: Pair<'i>) -> Kids<'i> {
        Kids(pair.into_inner().collect())
    }

    /// The first child of a rule.
    pub(super) fn one(&self, rule: Rule) -> Option<Pair<'i>> {
        self.0.iter().find(|p| p.as_rule() == rule).cloned()
    }

    /// The last child of a rule.
    pub(super) fn last(&self, rule: Rule) -> Option<Pair<'i>> {
        self.0.iter().rfind(|p| p.as_rule() == rule).cloned()
    }

    /// True if there is a child of a rule.
    pub(super) fn has(&self, rule: Rule) -> bool {
        self.0.iter().any(|p| p.as_rule() == rule)
    }

    /// Every child of a rule.
    pub(super) fn all(&self, rule: Rule) -> impl Iterator<Item = Pair<'i>> + '_ {
        self.0.iter().filter(move |p| p.as_rule() == rule).cloned()
    }

    /// The first child for which a choice is known.
    pub(super) fn choose<T>(&self, choice: impl Fn(Rule) -> Option<T>) -> Option<T> {
        self.0.iter().find_map(|p| choice(p.as_rule()))
    }

    /// Children in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Pair<'i>> + '_ {
        self.0.iter().cloned()
    }
}
