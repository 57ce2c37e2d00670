//! Who is paid what: `give` and `share`.

use super::Writer;
use super::amount::Given;
use super::words::{percent, say};
use crate::ast::Number;
use crate::hir::{Adjust, Effect, Flow, Give, Party, Share, expr};
use crate::ir::{Due, Term};

impl Writer<'_> {
    /// `付给门店：红包（税后）10元；门店未知的，本项不支付。`
    pub(super) fn give(&mut self, give: &Give) -> String {
        let Give { payee, reward, when, unknown, hold, claim_within, due, flow, from, at: _ } = give;
        let who = self.fact(&payee.fact);
        // What one party pays another is of no kind: it is money between the two.
        let what = match flow {
            Flow::Give | Flow::Take => self.reward(reward, Given::default()),
            Flow::Charge => self.amount(&reward.value),
        };
        let by = from.as_ref().map(|party| self.fact(&party.fact));
        let mut text = match (flow, by) {
            (Flow::Give, None) => say!(self, "Paid to {who}: {what}", "付给{who}：{what}"),
            (Flow::Give, Some(by)) => {
                say!(self, "Paid to {who} through {by}, who hands it over: {what}", "经由{by}付给{who}：{what}")
            }
            (Flow::Take, _) => say!(
                self,
                "Taken from what {who} has been given so far: {what}; if the balance does not hold as much, nothing of this \
                 article is paid or taken",
                "从{who}的账户余额中扣除：{what}；余额不足的，本条的支付和扣除都不发生"
            ),
            (Flow::Charge, by) => {
                let by = by.unwrap_or_default();
                say!(self, "{by} pays {who}: {what}", "由{by}向{who}支付：{what}")
            }
        };
        if let Some(when) = when {
            let when = self.all_of(when);
            text.push_str(&say!(self, "; only if {when}", "；仅当：{when}"));
        }
        if let Some((other, _)) = unknown {
            text.push_str(&self.unknown(payee, other.as_ref(), *hold));
        }
        if let Some(term) = claim_within {
            let within = self.term(*term);
            text.push_str(&say!(
                self,
                "; to be claimed within {within}, else it lapses and goes back to the budget",
                "；须在{within}领取，逾期作废，退回预算"
            ));
        }
        text.push_str(&due.map(|due| self.due(due)).unwrap_or_default());
        text + &say!(self, ".", "。")
    }

    /// When it is paid, counted from the event or the end of the period that is settled.
    fn due(&self, due: Due) -> String {
        let from = match self.schema(self.event).is_some_and(|e| e.period_end.is_some()) {
            true => say!(self, "the end of the period", "期间结束"),
            false => say!(self, "the event", "事件发生"),
        };
        match due {
            Due::NextMonth => {
                say!(self, "; paid by the end of the month after that of {from}", "；于{from}的次月底前支付")
            }
            Due::Within(term) => {
                let within = self.term(term);
                say!(self, "; paid within {within}, counted from {from}", "；于{from}后{within}支付")
            }
        }
    }

    /// `24小时内`; a term in days says when the last of them ends.
    pub(super) fn term(&self, term: Term) -> String {
        let length = self.length(term);
        match term {
            Term::Seconds(_) => say!(self, "{length}", "{length}内"),
            Term::Days(_) | Term::WorkingDays(_) => {
                say!(
                    self,
                    "{length} (the first day is not counted; until 24:00 of the last)",
                    "{length}内（当日不计，至最后一天24:00）"
                )
            }
        }
    }

    /// `24小时`, `15天`, `3个工作日`.
    pub(super) fn length(&self, term: Term) -> String {
        match term {
            Term::Seconds(seconds) => self.duration(seconds),
            Term::Days(1) => say!(self, "1 day", "1天"),
            Term::Days(days) => say!(self, "{days} days", "{days}天"),
            Term::WorkingDays(1) => say!(self, "1 working day", "1个工作日"),
            Term::WorkingDays(days) => say!(self, "{days} working days", "{days}个工作日"),
        }
    }

    /// `合格为否的，本条减半支付。`
    pub(super) fn adjust(&mut self, adjust: &Adjust) -> String {
        let Adjust { condition, effect, at: _ } = adjust;
        let when = condition.as_ref().map(|c| self.together(c));
        let when = when.map(|c| say!(self, "If {c}: ", "{c}的，")).unwrap_or_default();
        match effect {
            Effect::CancelAll => say!(self, "{when}this article pays nothing.", "{when}本条全部不支付。"),
            Effect::Half => say!(
                self,
                "{when}of what this article gives in money and points, half is paid.",
                "{when}本条给付的金额和积分减半支付。"
            ),
            Effect::Minus(less) => {
                let less = self.amount(less);
                say!(
                    self,
                    "{when}{less} is taken off what this article gives in money and points; several such clauses apply in \
                     the order written, and nothing falls below zero.",
                    "{when}从本条给付的金额和积分中扣减{less}；多项扣减按所列次序计算，扣完为止，不低于零。"
                )
            }
        }
    }

    /// `红包（税前）1元，由以下各方分得：门店60%；…`
    pub(super) fn share(&mut self, share: &Share) -> String {
        let Share { reward, parts, written: _, at: _ } = share;
        let whole = self.reward(reward, Given::default());
        let mut rows = Vec::new();
        for (part, give) in parts {
            let part = self.share_of(part.as_ref());
            let who = self.fact(&give.payee.fact);
            let mut row = say!(self, "{who}: {part}", "{who}得{part}");
            if let Some((other, _)) = &give.unknown {
                row.push_str(&self.unknown(&give.payee, other.as_ref(), give.hold));
            }
            rows.push(row);
        }
        let rows = rows.join(&say!(self, ". ", "。"));
        say!(
            self,
            "One amount is split, {whole}: {rows}. Every stated part is rounded down; the rest is exactly what they leave.",
            "分润，总额：{whole}。{rows}。写明比例的各方向下取整到分，其余方得剩下的全部，各方合计恰等于总额。"
        )
    }

    /// A part of a share.
    pub(super) fn share_of(&self, part: Option<&Number>) -> String {
        match part.and_then(expr::ppm) {
            Some(ppm) => percent(ppm),
            None => say!(self, "the rest", "其余部分"),
        }
    }

    /// What happens where the payee is unknown. One found through a scan is also unknown where there was no such event.
    fn unknown(&mut self, payee: &Party, other: Option<&Party>, hold: Option<Term>) -> String {
        let who = self.fact(&payee.fact);
        let linked = payee.fact.link.is_some();
        let none = if linked { say!(self, " or there is no such record", "或没有该记录") } else { String::new() };
        if let Some(hold) = hold {
            let within = self.term(hold);
            return say!(
                self,
                "; if {who} is unknown{none}, this waits and is paid as soon as it is known within {within}, else not at all",
                "；{who}未知{none}的，本项等待，{within}一经知道即补发，到期仍未知的不支付"
            );
        }
        match other {
            None => say!(self, "; if {who} is unknown{none}, this is not paid", "；{who}未知{none}的，本项不支付"),
            Some(other) => {
                let other = self.fact(&other.fact);
                say!(
                    self,
                    "; if {who} is unknown{none}, it is paid to {other} instead, and if that is unknown too, not at all",
                    "；{who}未知{none}的，改付给{other}，{other}也未知的不支付"
                )
            }
        }
    }
}
