//! Invariants.

use super::Fmt;
use super::clause::window_words;
use crate::ast::{Invariant, InvariantMost, InvariantOf, InvariantSum, Name};

impl Fmt<'_> {
    pub(super) fn invariant(&mut self, i: &Invariant) {
        self.kw("invariant");
        self.put(" ");
        self.quote(&i.title.text);
        self.kw_between("for");
        self.kw("every");
        self.put(" ");
        match &i.of {
            InvariantOf::AnyEvent(_) => self.kw("event"),
            // a kind of event that is called as any event is
            InvariantOf::Path(path) => self.per_path(path),
        }
        if let Some(window) = i.window {
            let (en, zh) = window_words(window);
            self.put(" ");
            self.kw(if self.zh() { "for_each" } else { "per" });
            self.put(if self.zh() { zh } else { " " });
            self.put(if self.zh() { "" } else { en });
        }
        self.colon();
        match &i.sum {
            InvariantSum::All(_) => self.kw("all_rewards"),
            InvariantSum::Dearest(_) => self.kw("prize_value"),
            InvariantSum::Kind(name) => self.model(name),
        }
        self.kw_between("at_most");
        match &i.most {
            InvariantMost::Sum(e) => self.simple(e),
            InvariantMost::OfPrice { rate, pack } if self.zh() => {
                self.share_base(pack.as_ref());
                self.put(" ");
                self.kw("rate_of");
                self.put(" ");
                self.number(rate);
            }
            InvariantMost::OfPrice { rate, pack } => {
                self.number(rate);
                self.kw_between("of");
                self.share_base(pack.as_ref());
            }
        }
    }

    fn share_base(&mut self, pack: Option<&Name>) {
        match pack {
            Some(pack) => self.price_of(pack),
            None => self.kw("price"),
        }
    }
}
