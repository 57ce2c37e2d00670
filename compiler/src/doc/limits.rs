//! `once` and `at most` in words.

use super::Writer;
use super::words::say;
use crate::ast::Beyond;
use crate::diagnostic::Lang;
use crate::hir::term::term;
use crate::hir::{Expr, ExprKind, Limit, Unit};
use crate::ir::Window;

impl Writer<'_> {
    /// `每箱只支付一次。`
    pub(super) fn once(&mut self, once: &Limit) -> String {
        let per = self.per_whom(once);
        let window = self.per_window(once.window);
        match (self.lang, once.window) {
            (Lang::En, Window::Ever) => format!("Paid only once{per}, for ever."),
            (Lang::Zh, Window::Ever) => format!("{per}只支付一次，长期有效。"),
            (Lang::En, _) => format!("Paid only once{per} {window}."),
            (Lang::Zh, _) => format!("{per}{window}只支付一次。"),
        }
    }

    /// `每门店每自然日最多支付20次；超出的不支付。`
    pub(super) fn at_most(&mut self, limit: &Limit) -> String {
        // A new part of a limit does not compile until it has words.
        let Limit {
            max: _,
            per: _,
            per_names: _,
            same: _,
            window: _,
            only: _,
            beyond: _,
            once: _,
            apart,
            parties,
            counter: _,
            at: _,
        } = limit;
        let per = self.per_whom(limit);
        if *apart {
            let gap = self.amount(&limit.max);
            if let Some(Beyond::Hold(within)) = limit.beyond {
                let within = self.term(term(&within));
                return say!(
                    self,
                    "Between two payments{per} under this article at least {gap} must lie; what comes sooner waits and is \
                     paid as soon as that is so within {within}, else not at all. A draw that wins nothing counts as a payment.",
                    "本条{per}前后两次支付须间隔至少{gap}，间隔不足的等待，{within}间隔足够时补发，到期仍不足的不支付；\
                     抽奖未中也视为一次支付。"
                );
            }
            return say!(
                self,
                "Between two payments{per} under this article at least {gap} must lie; what comes sooner is not paid. A draw \
                 that wins nothing counts as a payment, and nothing is paid for an event that comes in after a later one was \
                 paid.",
                "本条{per}前后两次支付须间隔至少{gap}，间隔不足的不支付；抽奖未中也视为一次支付，晚于其后事件送达的不支付。"
            );
        }
        if *parties {
            let whose: Vec<String> = limit.per.iter().map(|party| self.whose(party)).collect();
            let (who, max) = (whose.join(""), self.amount(&limit.max));
            let (en, zh) = match limit.window {
                Window::Ever => (String::new(), String::new()),
                _ => (format!(" {}", self.per_window(limit.window)), self.per_window(limit.window)),
            };
            return say!(
                self,
                "This article pays only the first {max} of those it pays{en}, counted by {who}; who is among them goes on being \
                 paid, nobody else is.",
                "本条{zh}仅支付最先获付的前{max}名{who}；已在其中的继续支付，其余不再支付。"
            );
        }
        let window = self.per_window(limit.window);
        let money = matches!(limit.max.kind, ExprKind::Number(_, _, Unit::Money));
        let max = self.bound_of(&limit.max);
        let only = limit.only.and_then(|r| self.package.model.roles.get(r)).map(|r| self.name(&r.name));
        let only = only
            .map(|role| {
                say!(self, " Only what the {role} is paid is counted and stopped.", "只计算和限制付给{role}的奖励。")
            })
            .unwrap_or_default();
        let beyond = match limit.beyond {
            Some(Beyond::Cut) => say!(self, "beyond that only what is left is paid", "超出时只付余额"),
            Some(Beyond::Hold(within)) => {
                let within = self.term(term(&within));
                say!(
                    self,
                    "what is beyond that waits and is paid as soon as there is room within {within}, else not at all",
                    "超出的等待，{within}有余量时补发，到期仍超出的不支付"
                )
            }
            Some(Beyond::Skip) | None => say!(self, "beyond that nothing is paid", "超出的不支付"),
        };
        let window = match (self.lang, limit.window) {
            (Lang::En, Window::Ever) => " in all".to_owned(),
            (Lang::Zh, Window::Ever) => "累计".to_owned(),
            (Lang::En, _) => format!(" {window}"),
            (Lang::Zh, _) => window,
        };
        match (self.lang, money) {
            (Lang::En, true) => format!("At most {max}{per}{window}; {beyond}.{only}"),
            (Lang::En, false) => format!("At most {max}{per}{window} is it paid; {beyond}.{only}"),
            (Lang::Zh, true) => format!("{per}{window}最多支付{max}；{beyond}。{only}"),
            (Lang::Zh, false) => format!("{per}{window}最多支付{max}；{beyond}。{only}"),
        }
    }

    fn bound_of(&mut self, max: &Expr) -> String {
        match &max.kind {
            ExprKind::Number(mantissa, scale, Unit::Plain) => self.number(*mantissa, *scale, &Unit::Times),
            _ => self.amount(max),
        }
    }

    /// ` per store and per case`, `每门店每箱`.
    fn per_whom(&mut self, limit: &Limit) -> String {
        let mut whose: Vec<String> = limit.per.iter().map(|party| self.whose(party)).collect();
        whose.extend(limit.same.map(|(identity, _)| self.same_one(identity)));
        match self.lang {
            Lang::En => whose.iter().map(|w| format!(" per {w}")).collect(),
            Lang::Zh => whose.iter().map(|w| format!("每{w}")).collect(),
        }
    }
}
