//! One entry drawn of all those of a window, in words.

use super::Writer;
use super::words::say;
use crate::hir::drawn::Drawn;
use crate::hir::{Fact, Link, Party};
use crate::ir::{EventId, Fold, Windows};

impl Writer<'_> {
    /// `从上一个自然周的全部“登录发票”中抽出的一次`
    pub(super) fn drawn_of(&mut self, name: &str, of: Option<&str>, drawn: &Drawn) -> String {
        self.drawn_among_all = true;
        let when = self.entries_of(drawn);
        match of {
            None => say!(
                self,
                "the {name} event drawn by lot among all of them{when}",
                "从{when}的全部{name}中抽签抽出的一次"
            ),
            Some(of) => say!(
                self,
                "the {name} event drawn by lot among all those of {of}{when}",
                "从{of}{when}的全部{name}中抽签抽出的一次"
            ),
        }
    }

    /// Who has how many chances.
    pub(super) fn chances(&mut self, event: EventId, drawn: &Drawn) -> String {
        if drawn.per.is_empty() {
            return say!(self, "each such event is one chance, all equally likely", "每次一个机会，各机会均等");
        }
        let per: Vec<String> = drawn.per.iter().map(|fact| self.said_of(event, |w| w.fact(fact))).collect();
        let per: Vec<String> = per.iter().map(|name| name.strip_prefix("the ").unwrap_or(name).to_owned()).collect();
        let per = self.list(&per);
        say!(
            self,
            "one chance for each different {per}, however many such events it has, all equally likely",
            "每个不同的{per}一个机会，多次参加仍为一个，各机会均等"
        )
    }

    /// When the entries come in.
    fn entries_of(&mut self, drawn: &Drawn) -> String {
        // A new part of a draw does not compile until it has words.
        let Drawn { window, back, campaign, per: _, identity: _ } = drawn;
        match campaign {
            Some((from, to)) => {
                let (from, to) = (self.instant(*from, false), self.instant(*to, true));
                say!(self, " from {from} to {to}", "{from}至{to}期间")
            }
            None => self.when(*window, Windows { first_back: *back, count: 1, fold: Fold::Sum }),
        }
    }

    /// For the notice: when and how one of all entries is drawn.
    pub(super) fn draw_held(&mut self, held: EventId, link: &Link) -> String {
        let alone = std::mem::replace(&mut self.alone, true);
        let (held, entries) = (self.event_name(held), self.link(link));
        self.alone = alone;
        let way = self.entry_draw_terms();
        say!(self, "When {held} is recorded: {entries}. {way}", "{held}时开奖：{entries}。{way}")
    }

    /// How one of all entries is drawn: the same words in the contract and in the published notice.
    pub(super) fn entry_draw_terms(&self) -> String {
        say!(
            self,
            "Where one is drawn among all entries, each chance has a rank, which follows by a keyed hash from a secret \
             fixed before the campaign, the draw and what the chance is for, and the lowest rank is drawn: the order \
             of the entries does not matter, nobody can choose a winner, and after the campaign whoever holds the \
             secret can check the draw from the entries.",
            "在全部参与中抽签的，每个机会有一个序值，由活动开始前确定的密钥与该次抽签、该机会经带密钥的哈希得出，序值最小者抽中：与参加先后无关，任何人\
             不能指定中奖者；活动结束后，持有密钥者可以据全部参与逐一核验。"
        )
    }
}

/// The draw among entries whose winner a party is.
pub(super) fn winner_of(party: &Party) -> Option<&Link> {
    fn behind(fact: &Fact) -> Option<&Link> {
        let link = fact.link.as_ref()?;
        if link.drawn.is_some() { Some(link) } else { behind(link.key.as_deref()?) }
    }
    behind(&party.fact)
}
