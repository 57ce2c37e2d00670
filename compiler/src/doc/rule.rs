//! A rule as an article: when, for what, who is paid what, how often, and what a return does.

use super::amount::Given;
use super::words::say;
use super::{Paid, Writer};
use crate::ast::{Exchanged, OnReturn};
use crate::hir::{Flow, Limit, Party, Policy, Rule};
use crate::ir::{EventId, Window};

impl Writer<'_> {
    /// The articles of a policy's rules. A rule on several events is one article where it says the same of each.
    pub(super) fn rules(&mut self, policy: &Policy) {
        let shared = shared_limits(policy);
        let mut done: Vec<bool> = vec![false; policy.rules.len()];
        for (i, rule) in policy.rules.iter().enumerate() {
            if done.get(i) == Some(&true) {
                continue;
            }
            let mut events = vec![rule.event];
            let first = self.worded(rule, &shared);
            for (j, other) in policy.rules.iter().enumerate().skip(i + 1) {
                if other.number == rule.number && self.worded(other, &shared) == first {
                    events.push(other.event);
                    if let Some(done) = done.get_mut(j) {
                        *done = true;
                    }
                }
            }
            self.article_of(policy, rule, &events, &shared);
        }
        if !shared.is_empty() {
            self.article(&say!(self, "Limits over all rules of this policy", "本政策各条共同的上限"));
            for limit in &shared {
                let home = policy.rules.iter().find(|r| r.limits.iter().any(|l| l.counter == limit.counter));
                self.event = home.map_or(self.event, |r| r.event);
                let text = self.at_most(limit);
                self.clause(text);
            }
        }
    }

    /// The sentences of a rule, to see whether two are the same; what they would add to the document is taken back.
    fn worded(&mut self, rule: &Rule, shared: &[Limit]) -> Vec<String> {
        let (tables, shown, waiting) = (self.tables, self.shown.clone(), std::mem::take(&mut self.waiting));
        let links = self.links.clone();
        let mut all = self.terms_of(rule);
        all.extend(rule.gives.iter().map(|give| self.give(give)));
        all.extend(rule.shares.iter().map(|share| self.share(share)));
        all.extend(self.ends_of(rule, shared));
        (self.tables, self.shown, self.waiting, self.links) = (tables, shown, waiting, links);
        all
    }

    fn article_of(&mut self, policy: &Policy, rule: &Rule, events: &[EventId], shared: &[Limit]) {
        // `terms_of` and `ends_of` word the rest; a new part of a rule does not compile until it has words.
        let Rule {
            number: _,
            event: _,
            redeem,
            period: _,
            regions: _,
            pilot: _,
            selected: _,
            condition: _,
            once: _,
            limits: _,
            gives,
            shares,
            adjusts: _,
            written: _,
            returned: _,
            exchanged,
            at: _,
        } = rule;
        self.event = rule.event;
        let names: Vec<String> = events.iter().map(|e| self.event_name(*e)).collect();
        let names = names.join(&say!(self, " or ", "或"));
        let title = match rule.period {
            None => say!(self, "On {names}", "发生{names}时"),
            Some(_) => say!(self, "At {names}", "{names}"),
        };
        self.article(&title);
        let intro = match rule.period {
            None => say!(
                self,
                "This article holds for every {names} event (see the definitions).",
                "本条适用于每次{names}（定义见“释义”）。"
            ),
            Some(window) => self.period(rule, window),
        };
        self.clause(intro);
        if redeem.is_some() {
            self.clause(say!(
                self,
                "This article is for redeeming what was won: it goes on after the campaign until the end of redemption.",
                "本条用于兑付：活动结束后继续有效，至兑付截止时间为止。"
            ));
        }
        for text in self.terms_of(rule) {
            self.clause(text);
        }
        match exchanged.map(|(answer, _)| answer) {
            None => {}
            Some(Exchanged::PlayAgain) => {
                self.clause(say!(self, "Goods handed over here take part again.", "换得之物可再次参与。"));
            }
            Some(Exchanged::NoFurther) => {
                self.clause(say!(
                    self,
                    "Goods handed over here carry no further right.",
                    "换得之物不再参与，不能再次获得本权利。"
                ));
            }
        }
        let title = policy.title.clone().unwrap_or_else(|| policy.name.clone());
        for give in gives {
            let text = self.give(give);
            let clause = self.clause(text);
            let what = match give.flow {
                Flow::Give => self.reward(&give.reward, Given::default()),
                Flow::Take => {
                    let what = self.reward(&give.reward, Given::default());
                    say!(self, "has taken from it: {what}", "被扣除：{what}")
                }
                Flow::Charge => {
                    let from = give.from.as_ref().map(|party| self.fact(&party.fact)).unwrap_or_default();
                    let what = self.amount(&give.reward.value);
                    say!(self, "by {from}: {what}", "由{from}支付：{what}")
                }
            };
            self.pays(&title, &names, &give.payee, what, &clause);
        }
        for share in shares {
            let text = self.share(share);
            let clause = self.clause(text);
            let whole = self.reward(&share.reward, Given::default());
            for (part, give) in &share.parts {
                let part = self.share_of(part.as_ref());
                let what = say!(self, "{part} of {whole}", "{whole}，其中的{part}");
                self.pays(&title, &names, &give.payee, what, &clause);
            }
        }
        for text in self.ends_of(rule, shared) {
            self.clause(text);
        }
    }

    /// A line of the table at the top; what its words would add to the document stands there already.
    fn pays(&mut self, policy: &str, event: &str, payee: &Party, what: String, clause: &str) {
        self.waiting.clear();
        self.alone = true;
        let who = self.fact(&payee.fact);
        self.alone = false;
        let (policy, event, clause) = (policy.to_owned(), event.to_owned(), clause.to_owned());
        self.paid.push(Paid { policy, event, who, what, clause });
    }

    fn period(&mut self, rule: &Rule, window: Window) -> String {
        let role = rule.once.last().and_then(|l| l.per.first()).map(|p| self.fact(&p.fact)).unwrap_or_default();
        match window {
            Window::Quarter => say!(
                self,
                "Settled once with {role} for every calendar quarter that the campaign reaches into, at its last second; the whole quarter counts, \
                 also the days outside the campaign.",
                "活动期间所及的每个自然季度，在其最后一秒与每位{role}结算一次；按整季计算，包括活动期间以外的日子。"
            ),
            Window::Year => say!(
                self,
                "Settled once with {role} for every calendar year that the campaign reaches into, at its last second; the whole year counts, \
                 also the days outside the campaign.",
                "活动期间所及的每个自然年，在其最后一秒与每位{role}结算一次；按整年计算，包括活动期间以外的日子。"
            ),
            Window::Ever => say!(
                self,
                "Settled once with {role} when the campaign is over, at its last second.",
                "活动期满时，在其最后一秒与每位{role}结算一次。"
            ),
            Window::Month | Window::Hour | Window::Day | Window::Week | Window::Event => say!(
                self,
                "Settled once with {role} for every calendar month that the campaign reaches into, at its last second; the whole month counts, \
                 also the days outside the campaign.",
                "活动期间所及的每个自然月，在其最后一秒与每位{role}结算一次；按整月计算，包括活动期间以外的日子。"
            ),
        }
    }

    /// Regions, whom it is for, condition and `once`.
    fn terms_of(&mut self, rule: &Rule) -> Vec<String> {
        self.event = rule.event;
        let mut terms = Vec::new();
        terms.extend(self.regions(rule));
        terms.extend(rule.selected.iter().map(|selected| self.selection(selected)));
        if let Some(condition) = &rule.condition {
            let all = self.all_of(condition);
            terms.push(say!(self, "Required: {all}.", "须满足：{all}。"));
        }
        for once in rule.once.iter().filter(|once| rule.period.is_none() || !once.per_names.is_empty()) {
            terms.push(self.once(once));
        }
        terms
    }

    /// What is taken off, limits and returns.
    fn ends_of(&mut self, rule: &Rule, shared: &[Limit]) -> Vec<String> {
        self.event = rule.event;
        let own = rule.limits.iter().filter(|l| shared.iter().all(|s| s.counter != l.counter));
        let mut ends: Vec<String> = rule.adjusts.iter().map(|adjust| self.adjust(adjust)).collect();
        ends.extend(own.map(|limit| self.at_most(limit)));
        if rule.gives.iter().any(|give| give.flow != Flow::Give) {
            ends.push(say!(
                self,
                "This article is an exchange: all of it happens, or nothing of it.",
                "本条为交换：各项同时发生，否则全部不发生，不部分支付。"
            ));
        }
        ends.push(match rule.returned.map(|(answer, _)| answer) {
            Some(OnReturn::TakeBack) => {
                say!(self, "If the goods are returned, the whole reward is taken back.", "退货的，追回全部奖励。")
            }
            Some(OnReturn::Keep) => {
                say!(self, "If the goods are returned, the reward is kept.", "退货的，奖励保留，不追回。")
            }
            Some(OnReturn::InProportion) => say!(
                self,
                "If goods are returned, the reward is taken back in proportion to what is returned.",
                "退货的，按退货比例追回奖励。"
            ),
            None => say!(
                self,
                "The reward is final once paid; a return of goods does not change it.",
                "奖励一经支付即为最终，不因退货变动。"
            ),
        });
        ends
    }
}

/// Limits of the policy: those that several of its rules count under one counter.
fn shared_limits(policy: &Policy) -> Vec<Limit> {
    let mut shared: Vec<Limit> = Vec::new();
    for rule in &policy.rules {
        for limit in &rule.limits {
            let elsewhere = policy
                .rules
                .iter()
                .any(|other| other.number != rule.number && other.limits.iter().any(|l| l.counter == limit.counter));
            if elsewhere && shared.iter().all(|s| s.counter != limit.counter) {
                shared.push(limit.clone());
            }
        }
    }
    shared
}
