//! Whom a policy is for beyond its scope, who is the same user, and the bounds that hold over all policies.

use super::Writer;
use super::words::{percent, say};
use crate::diagnostic::Lang;
use crate::hir::Rule;
use crate::hir::identity::Identity;
use crate::hir::invariant::{Invariant, Most, Of, Sum};
use crate::hir::selection::Selected;

impl Writer<'_> {
    /// The regions of a policy and of its pilot.
    pub(super) fn regions(&mut self, rule: &Rule) -> Vec<String> {
        let mut terms = Vec::new();
        for (place, pilot) in [(&rule.regions, false), (&rule.pilot, true)] {
            let Some((fact, ids, _, unknown)) = place else { continue };
            let (set, fact) = (self.set(&fact.ty, ids), self.fact(fact));
            let mut text = match pilot {
                false => say!(self, "Only where {fact} is in {set}", "限{fact}属于：{set}"),
                true => {
                    say!(self, "For now, as a pilot, only where {fact} is in {set}", "试点期间，限{fact}属于：{set}")
                }
            };
            if *unknown {
                text.push_str(&say!(self, "; where it is unknown nothing is paid", "；{fact}未知的不支付"));
            }
            terms.push(text + &say!(self, ".", "。"));
        }
        terms
    }

    /// `仅适用于…选出的20%的门店。`
    pub(super) fn selection(&mut self, selected: &Selected) -> String {
        let Selected { salt, buckets: (from, to), party, at: _ } = selected;
        let who = self.whose(party);
        let (sort, name) = salt.split_once('/').unwrap_or(("", salt));
        let (share, lo, hi) = (percent(to - from), percent(*from), percent(*to));
        match sort {
            "rollout" => say!(
                self,
                "Only where the {who} is among the {share} picked by a hash of the name of this policy and of who it is: always \
                 the same ones, and a greater share only adds some.",
                "仅适用于{share}的{who}，由本政策名称与{who}编号的哈希值选出；选中的固定不变，提高比例只会增加。"
            ),
            "holdout" => say!(
                self,
                "Only where the {who} is not among the {lo} that experiment “{name}” holds out, picked by a hash.",
                "限{who}不属于实验“{name}”留作对照的{lo}（由哈希值选出）。"
            ),
            _ => say!(
                self,
                "Only where the {who} is among the {share} of the others that experiment “{name}” gives this policy: those whose \
                 hash lies from {lo} to below {hi}.",
                "限{who}属于其余对象中实验“{name}”分给本政策的{share}：哈希值处于{lo}（含）至{hi}（不含）的。"
            ),
        }
    }

    /// `同一用户`
    pub(super) fn same_one(&mut self, identity: usize) -> String {
        self.same.insert(identity);
        let named = self.package.model.identities.get(identity);
        let name = named.map(|n| self.name(n)).unwrap_or_default();
        match self.lang {
            Lang::En => format!("same {name}"),
            Lang::Zh if name.starts_with("同一") => name,
            Lang::Zh => format!("同一{name}"),
        }
    }

    /// What makes two events the same user's, for every identity set that was named.
    pub(super) fn identities(&mut self) -> Vec<String> {
        let named: Vec<usize> = self.same.iter().copied().collect();
        let mut all = Vec::new();
        for index in named {
            let Some(Identity { name: _, events }) = self.package.identities.get(index) else { continue };
            let mut by: Vec<String> = Vec::new();
            for (event, facts) in events {
                self.event = *event;
                for (_, fact) in facts {
                    let said = self.fact(fact);
                    if !by.contains(&said) {
                        by.push(said);
                    }
                }
            }
            let (who, by) = (self.same_one(index), self.list(&by));
            all.push(say!(
                self,
                "{who}: events that share one of these: {by}; also through others (if a first is one with a second and the second \
                 with a third, all three are one). Events that are not paid count for this as well; what is unknown says \
                 nothing.",
                "{who}：{by}之一相同的，视为{who}；可以传递（甲与乙、乙与丙为{who}的，三者均为{who}）。未获支付的事件也用于认定；未知的信息不作认定。"
            ));
        }
        all
    }

    /// The bounds over all policies together.
    pub(super) fn invariants(&mut self) {
        if self.package.invariants.is_empty() {
            return;
        }
        self.article(&say!(self, "Bounds over all policies together", "各政策共同的约束"));
        for invariant in &self.package.invariants {
            let text = self.invariant(invariant);
            self.clause(text);
        }
    }

    fn invariant(&mut self, invariant: &Invariant) -> String {
        let Invariant { name, of, window, sum, most, identity: _, at: _ } = invariant;
        let model = &self.package.model;
        let whom = match of {
            Of::AnyEvent => say!(self, "every event", "每次事件"),
            Of::Event(event) => {
                let event = self.event_name(*event);
                say!(self, "every {event} event", "每次{event}")
            }
            Of::Code(pack) => {
                let pack = model.packs.get(*pack).map(|p| self.name(p)).unwrap_or_default();
                say!(
                    self,
                    "every {pack} (what is paid to anybody on its own code)",
                    "每{pack}（凭该码付给任何人的合计）"
                )
            }
            Of::Role(role) => {
                let role = model.roles.get(*role).map(|r| self.name(&r.name)).unwrap_or_default();
                say!(self, "every {role} (what is paid to it)", "每{role}（付给其本身的合计）")
            }
            Of::Entity(entity) => {
                let entity = model.entities.get(*entity).map(|e| self.name(&e.name)).unwrap_or_default();
                say!(self, "every {entity} (what is paid for events about it)", "每{entity}（与其有关的事件所付合计）")
            }
        };
        let when = window.map(|w| self.per_window(w)).unwrap_or_default();
        let when_en = if when.is_empty() { String::new() } else { format!(" {when}") };
        let what = match sum {
            Sum::All => say!(
                self,
                "all rewards together (goods and coupons at what they cost) come to",
                "全部奖励（实物和券按成本计入）"
            ),
            Sum::Dearest => say!(self, "the dearest single reward is worth", "单个奖励的价值"),
            Sum::Kind(kind) => {
                let kind = model.kinds.get(*kind).map(|k| self.name(&k.name)).unwrap_or_default();
                say!(self, "{kind} comes to", "{kind}")
            }
        };
        let bound = match most {
            Most::Sum(sum) => self.amount(sum),
            Most::OfPrice { rate, pack, at: _ } => {
                let rate = percent(crate::hir::expr::ppm(rate).unwrap_or_default());
                let pack = pack.or(match of {
                    Of::Code(pack) => Some(*pack),
                    Of::AnyEvent | Of::Event(_) | Of::Role(_) | Of::Entity(_) => None,
                });
                let pack = pack.and_then(|p| self.package.model.packs.get(p)).map(|p| self.name(p)).unwrap_or_default();
                say!(
                    self,
                    "{rate} of the catalogue price of the product per {pack}, rounded down",
                    "该产品每{pack}目录价的{rate}（向下取整到分）"
                )
            }
        };
        say!(
            self,
            "“{name}”: for {whom}{when_en}, {what} at most {bound}. An award that would break this is not paid.",
            "“{name}”：{whom}{when}，{what}不超过{bound}。会超出此约束的奖励不支付。"
        )
    }
}
