//! What holds for a whole policy: dates, products, regions, cost, budget, who answers for it.

use super::Writer;
use super::words::{decimal, percent, say};
use crate::ast::Unit;
use crate::hir::Policy;
use crate::ir::{Beyond, Policy as Checked};

impl Writer<'_> {
    /// The article before the rules.
    pub(super) fn scope(&mut self, policy: &Policy, checked: &Checked) {
        // A new part of a policy does not compile until it has words; rules and their limits have articles of their own.
        let Policy {
            name: _,
            title: _,
            kind: _,
            during: _,
            redeem_until: _,
            chain: _,
            products: _,
            has_regions: _,
            budget: _,
            owner: _,
            delivery: _,
            announced: _,
            rules: _,
            written: _,
            limits: _,
            at: _,
        } = policy;
        self.article(&say!(self, "Campaign", "活动"));
        if let Some((from, to, _)) = &policy.during {
            let (from, to, zone) = (self.moment(from, false), self.moment(to, true), self.zone());
            self.clause(say!(
                self,
                "The campaign runs from {from} to {to} ({zone}). What is paid is paid for events whose time lies in it.",
                "活动期间：{from}至{to}（{zone}）。以事件发生时间为准。"
            ));
        }
        for level in &policy.chain {
            let (until, zone) = (self.moment(&level.until, true), self.zone());
            let role = self.package.model.roles.get(level.role).map(|r| self.name(&r.name)).unwrap_or_default();
            self.clause(say!(self, "Redeemed by {role} until {until} ({zone}).", "{role}兑付截至{until}（{zone}）。"));
        }
        if let (Some((until, _)), true) = (&policy.redeem_until, policy.chain.is_empty()) {
            let (until, zone) = (self.moment(until, true), self.zone());
            self.clause(say!(self, "Rewards are redeemed until {until} ({zone}).", "奖励兑付截至{until}（{zone}）。"));
        }
        let products = match &policy.products {
            Some((set, _)) => self.products(set),
            None => say!(self, "no restriction", "不限产品"),
        };
        self.clause(say!(self, "Products: {products}.", "产品范围：{products}。"));
        if !policy.has_regions {
            self.clause(say!(self, "Regions: no restriction.", "区域范围：不限区域。"));
        }
        let cp = i64::from(checked.cp_share);
        let (cp, tp) = (percent(cp * 100), percent((10_000 - cp) * 100));
        self.clause(match checked.cp_share {
            0 => say!(self, "Cost: trade promotion (TP).", "费用性质：渠道促销费用（TP）。"),
            10_000 => say!(self, "Cost: consumer promotion (CP).", "费用性质：消费者促销费用（CP）。"),
            _ => say!(
                self,
                "Cost: {tp} trade promotion (TP), {cp} consumer promotion (CP).",
                "费用性质：渠道促销费用（TP）{tp}，消费者促销费用（CP）{cp}。"
            ),
        });
        self.budget(checked);
        if let Some((owner, because)) = &policy.owner {
            let because = because.as_ref();
            let why = because.map(|b| say!(self, "; reason: {b}", "；缘由：{b}")).unwrap_or_default();
            self.clause(say!(self, "Responsible: {owner}{why}.", "负责：{owner}{why}。"));
        }
        if let Some(how) = &policy.delivery {
            self.clause(say!(self, "Delivery: {how}", "发放方式：{how}"));
        }
        if let Some(odds) = self.announced(policy) {
            self.clause(say!(self, "Announced odds: {odds} of the draws win a prize.", "公布的中奖率：{odds}。"));
        }
    }

    /// The odds as announced, digit for digit: `33.0%`.
    pub(super) fn announced(&self, policy: &Policy) -> Option<String> {
        let (rate, _) = policy.announced.as_ref()?;
        let sign = if rate.unit == Unit::Permille { "‰" } else { "%" };
        Some(format!("{}{sign}", decimal(rate.mantissa, rate.scale)))
    }

    fn budget(&mut self, checked: &Checked) {
        let Some(budget) = checked.budget.and_then(|id| self.program.budgets.get(id.index())) else {
            // Only a policy whose rewards cost nothing may go without.
            self.clause(say!(self, "There is no budget: the rewards cost nothing.", "不设预算：奖励不产生费用。"));
            return;
        };
        let (announced, used_up, over) =
            (budget.announced, budget.used_up, budget.max.saturating_sub(budget.announced));
        let money = self.money(announced);
        let soft = match over {
            0 => String::new(),
            over => {
                // The rate is announced; what it comes to is said beside it.
                let rate = percent(rate_ppm(over, announced));
                let over = self.money(over);
                say!(
                    self,
                    " It may be exceeded by up to {rate} ({over}).",
                    "可以超出预算，超出部分不超过预算的{rate}（{over}）。"
                )
            }
        };
        let end = match used_up {
            Beyond::Skip | Beyond::Hold(_) => {
                say!(self, " An award that no longer fits is not paid at all.", "余额不足以支付的奖励不再支付。")
            }
            Beyond::Cut => say!(
                self,
                " The award that no longer fits is cut to what is left; after it nothing is paid.",
                "余额不足时只付余额，付完为止。"
            ),
        };
        self.clause(say!(self, "Budget: {money}.{soft}{end}", "预算：{money}。{soft}{end}"));
    }
}

/// What part of the announced budget its softness is, in parts per million.
fn rate_ppm(over: i64, announced: i64) -> i64 {
    let ppm = i128::from(over) * 1_000_000 + i128::from(announced) / 2;
    i64::try_from(ppm / i128::from(announced.max(1))).unwrap_or_default()
}
