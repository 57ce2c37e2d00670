//! Experiments, and whom a policy is rolled out to.

use super::Fmt;
use crate::ast::{Experiment, Name, Number};

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
        // English says the plural, which the model does not know.
        let singular = role.text.strip_suffix('s').and_then(|text| self.names.spelled(text, self.target));
        let text = singular.unwrap_or_else(|| self.mapped(&role.text));
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
        let plural = text.is_ascii() && !text.ends_with('s');
        self.put_bare(&if plural { format!("{text}s") } else { text });
        self.put(" ");
        self.kw("by_hash");
    }
}
