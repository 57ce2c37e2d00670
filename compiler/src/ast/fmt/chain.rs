//! Redemption chains.

use super::Fmt;
use crate::ast::{ChainLevel, Exchanged};

impl Fmt<'_> {
    pub(super) fn redeem_chain(&mut self, levels: &[ChainLevel]) {
        self.head_kw("redeem");
        self.kw("until");
        self.put(" ");
        self.list(levels, |f, level| {
            f.datetime(&level.until);
            f.kw_between("by_role");
            f.model(&level.role);
        });
    }

    pub(super) fn exchanged(&mut self, answer: Exchanged) {
        self.kw("exchanged");
        self.colon();
        self.kw(match answer {
            Exchanged::PlayAgain => "play_again",
            Exchanged::NoFurther => "no_further",
        });
    }
}
