//! Experiments, whom a policy is rolled out to, and the first parties it pays.

use super::Fmt;
use crate::ast::{Experiment, First, Name, Number};

impl Fmt<'_> {
    pub(super) fn experiment(&mut self, e: &Experiment) {
        self.kw("experiment");
        self.put(" ");
        self.own(&e.name);
        self.put(" ");
        self.list(&e.arms, |f, arm| {
            f.number(&arm.share);
            f.put(" ");
            f.own(&arm.policy);
        });
        self.kw_between("by");
        self.path(&e.by);
        if let Some(holdout) = &e.holdout {
            self.kw_between("holdout");
            self.number(holdout);
        }
    }

    pub(super) fn roll_out(&mut self, share: &Number, role: &Name) {
        let text = self.several(role);
        if self.zh() {
            self.put_fused(&text);
            self.put(" ");
            self.kw("rate_of");
            self.put(" ");
            self.number(share);
            return;
        }
        self.number(share);
        self.kw_between("of");
        self.put_bare(&text);
        self.put(" ");
        self.kw("by_hash");
    }

    /// What several parties are called: English says the plural, which the model does not know.
    fn several(&self, party: &Name) -> String {
        let singular = party.text.strip_suffix('s').and_then(|text| self.names.spelled(text, self.target));
        let text = singular.unwrap_or_else(|| self.mapped(&party.text));
        let plural = !self.zh() && text.is_ascii() && !text.ends_with('s');
        if plural { format!("{text}s") } else { text }
    }

    /// `only the first 100 stores per day`, `仅限 每天 前 100 名 门店`
    pub(super) fn first(&mut self, first: &First) {
        let of = self.several(&first.of);
        self.kw("first_parties");
        if self.zh() {
            self.put(" ");
            self.each(&[], first.window);
            self.put("前 ");
            self.number(&first.max);
            self.put(" 名 ");
            self.put_bare(&of);
        } else {
            self.put(" ");
            self.number(&first.max);
            self.put(" ");
            self.put_bare(&of);
            self.per_each(&[], first.window);
        }
        if let Some((beyond, _)) = first.beyond {
            self.beyond(beyond);
        }
    }
}
