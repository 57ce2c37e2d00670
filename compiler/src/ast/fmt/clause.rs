//! The clauses.

use super::Fmt;
use super::amount::Level;
use crate::ast::{
    Beyond, Chance, Charge, Clause, ClauseKind, CostKind, Duration, Effect, Expr, ExprKind, Give, Limit, OnReturn,
    Path, PayTerm, Period, ShareRow, Take, Unknown, UsedUp, Window,
};

impl Fmt<'_> {
    /// ` {`, clauses, `}`; `end` is where the brace stands.
    pub(super) fn clauses(&mut self, clauses: &[Clause], end: u32) {
        self.put(" {");
        self.open();
        for clause in clauses {
            self.line(clause.span.start);
            self.clause(clause);
        }
        self.close(end);
    }

    /// The keyword of a clause about the whole policy; their contents stand under each other.
    pub(super) fn head_kw(&mut self, id: &str) {
        let before = self.out.len();
        self.kw(id);
        // English keywords have up to eight letters, Chinese ones two characters
        let width = if self.zh() { 0 } else { 8usize.saturating_sub(self.out.len() - before) };
        self.put(if self.zh() { "   " } else { " " });
        for _ in 0..width {
            self.put(" ");
        }
    }

    fn clause(&mut self, clause: &Clause) {
        match &clause.kind {
            ClauseKind::Kind(shares) => {
                self.head_kw("kind");
                for (i, (kind, share, _)) in shares.iter().enumerate() {
                    if i > 0 {
                        self.put(" ");
                    }
                    self.kw(if *kind == CostKind::Tp { "tp" } else { "cp" });
                    if let Some(n) = share {
                        self.put(" ");
                        self.number(n);
                    }
                }
            }
            ClauseKind::During(first, last) => {
                self.head_kw("during");
                self.datetime(first);
                self.put(if self.zh() { " 至 " } else { " .. " });
                self.datetime(last);
            }
            ClauseKind::RedeemUntil(until) => {
                self.head_kw("redeem");
                self.kw("until");
                self.put(" ");
                self.datetime(until);
            }
            ClauseKind::RedeemChain(levels) => self.redeem_chain(levels),
            ClauseKind::Exchanged(answer) => self.exchanged(*answer),
            ClauseKind::Products(set) => {
                self.head_kw("products");
                self.set(set);
            }
            ClauseKind::RollOut { share, role } => {
                self.kw("roll_out");
                self.put(" ");
                self.roll_out(share, role);
            }
            ClauseKind::Regions { set, by, unknown } | ClauseKind::Pilot { set, by, unknown } => {
                self.head_kw(if matches!(clause.kind, ClauseKind::Pilot { .. }) { "pilot" } else { "regions" });
                self.set(set);
                if let Some(by) = by {
                    self.kw_between("by");
                    self.path(by);
                }
                if unknown.is_some() {
                    self.answer("if_unknown", "skip");
                }
            }
            ClauseKind::Budget { amount, soft, used_up } => {
                self.head_kw("budget");
                self.expr(amount, Level::Sum);
                if let Some(n) = soft {
                    self.kw_between("soft");
                    self.number(n);
                }
                if let Some((used_up, _)) = used_up {
                    self.answer("used_up", if *used_up == UsedUp::Stop { "stop" } else { "cut" });
                }
            }
            ClauseKind::Owner(owner, because) => {
                self.head_kw("owner");
                self.quote(&owner.text);
                if let Some(because) = because {
                    self.kw_between("owner_because");
                    self.quote(&because.text);
                }
            }
            ClauseKind::Delivery(how) => {
                self.head_kw("delivery");
                self.quote(&how.text);
            }
            ClauseKind::AnnouncedOdds(rate) => {
                self.head_kw("announced_odds");
                self.number(rate);
            }
            ClauseKind::Let(name, value) => {
                self.kw("let");
                self.put(" ");
                self.own(name);
                self.put(" = ");
                self.expr(value, Level::Or);
            }
            ClauseKind::On { events, redeem, condition, clauses } => {
                if redeem.is_some() {
                    self.kw("redeem");
                    self.put(" ");
                }
                self.kw("on");
                self.put(" ");
                self.list(events, Self::model);
                if let Some(condition) = condition {
                    self.kw_between("where");
                    self.expr(condition, Level::Or);
                }
                self.clauses(clauses, clause.span.end.saturating_sub(1));
            }
            ClauseKind::Every { period, role, condition, clauses } => {
                self.kw("every");
                self.put(" ");
                let (en, zh) = match period {
                    Period::Month => ("month", "月"),
                    Period::Quarter => ("quarter", "季度"),
                    Period::Year => ("year", "年"),
                    Period::Campaign => ("campaign", "活动期"),
                };
                self.put(if self.zh() { zh } else { en });
                self.kw_between("for");
                self.model(role);
                if let Some(condition) = condition {
                    self.kw_between("where");
                    self.expr(condition, Level::Or);
                }
                self.clauses(clauses, clause.span.end.saturating_sub(1));
            }
            ClauseKind::Once { per, window } => {
                if self.zh() {
                    self.each(per, *window);
                    self.kw("once");
                } else {
                    self.kw("once");
                    self.per_each(per, *window);
                }
            }
            ClauseKind::Apart { gap, per, window, beyond } => {
                if self.zh() {
                    self.each(per, *window);
                    self.kw("apart");
                    self.put(" ");
                    self.kw("at_least");
                    self.put(" ");
                    self.duration(gap);
                } else {
                    self.kw("at_least");
                    self.put(" ");
                    self.duration(gap);
                    self.put(" ");
                    self.kw("apart");
                    self.per_each(per, *window);
                }
                if let Some((beyond, _)) = beyond {
                    self.beyond(*beyond);
                }
            }
            ClauseKind::Give(give) => self.give(give),
            ClauseKind::Share { reward, rows } => {
                self.kw("share");
                self.put(" ");
                self.reward(reward);
                self.block(rows, |r| r.span, clause.span.end.saturating_sub(1), Self::share_row);
            }
            ClauseKind::Take(take) => self.take(take),
            ClauseKind::Charge(charge) => self.charge(charge),
            ClauseKind::Limit(limit) => self.limit(limit, false),
            ClauseKind::First(first) => self.first(first),
            ClauseKind::Adjust { condition, effect } => self.adjust(condition.as_ref(), effect),
            ClauseKind::Returned(answer) => {
                self.kw("returned");
                self.colon();
                self.kw(match answer {
                    OnReturn::TakeBack => "take_back",
                    OnReturn::Keep => "keep",
                    OnReturn::InProportion => "in_proportion",
                });
            }
        }
    }

    fn adjust(&mut self, condition: Option<&Expr>, effect: &Effect) {
        if let Some(condition) = condition {
            self.kw("adjust_if");
            self.put(" ");
            // `unknown:` would read as the question behind a payee.
            if ends_unknown(condition) {
                self.in_parentheses(condition);
            } else {
                self.expr(condition, Level::Or);
            }
            self.colon();
        }
        match effect {
            Effect::CancelAll => self.kw("cancel_all"),
            Effect::Half => self.kw("half"),
            Effect::Minus(amount) => {
                self.kw("less");
                self.put(" ");
                self.expr(amount, Level::Sum);
            }
        }
    }

    fn share_row(&mut self, row: &ShareRow) {
        self.path(&row.payee);
        self.colon();
        match &row.part {
            Chance::Share(n) => self.number(n),
            Chance::Rest(_) => self.kw("rest"),
            Chance::Named(name) => self.own(name),
        }
        self.unknown(row.unknown.as_ref());
    }

    /// `, if unknown: skip`
    pub(super) fn answer(&mut self, question: &str, answer: &str) {
        self.comma();
        self.kw(question);
        self.colon();
        self.kw(answer);
    }

    /// ` per store per day`
    pub(super) fn per_each(&mut self, per: &[Path], window: Option<Window>) {
        for path in per {
            self.kw_between("per");
            self.per_path(path);
        }
        match window {
            None => {}
            Some(Window::Ever) => {
                self.put(" ");
                self.kw("ever_after");
            }
            Some(w) => {
                self.kw_between("per");
                self.put(window_words(w).0);
            }
        }
    }

    /// A name that reads like a window is quoted.
    pub(super) fn per_path(&mut self, path: &Path) {
        if path.same {
            return self.same(path);
        }
        let windows =
            [Window::Hour, Window::Day, Window::Week, Window::Month, Window::Quarter, Window::Year, Window::Campaign];
        match path.parts.as_slice() {
            [one] => {
                let text = self.mapped(&one.text);
                if windows.iter().any(|w| [window_words(*w).0, window_words(*w).1].contains(&text.as_str())) {
                    self.quote(&text);
                } else if self.zh() {
                    self.path_fused(path);
                } else {
                    self.path(path);
                }
            }
            _ if self.zh() => self.path_fused(path),
            _ => self.path(path),
        }
    }

    /// `每 门店 每天 `
    pub(super) fn each(&mut self, per: &[Path], window: Option<Window>) {
        for path in per {
            self.kw("for_each");
            self.put(" ");
            self.per_path(path);
            self.put(" ");
        }
        match window {
            None => {}
            Some(Window::Ever) => {
                self.kw("ever");
                self.put(" ");
            }
            Some(w) => {
                self.kw("for_each");
                self.put(window_words(w).1);
                self.put(" ");
            }
        }
    }

    /// A limit of a rule, or a ceiling of a group.
    pub(super) fn limit(&mut self, limit: &Limit, in_total: bool) {
        if self.zh() {
            self.each(&limit.per, limit.window);
            if in_total {
                self.kw("in_total");
                self.put(" ");
            }
            self.kw("limit");
            self.put(" ");
            self.simple(&limit.max);
        } else {
            self.kw("limit");
            self.put(" ");
            self.simple(&limit.max);
            self.per_each(&limit.per, limit.window);
            if in_total {
                self.put(" ");
                self.kw("in_total_after");
            }
        }
        if let Some(only) = &limit.only {
            self.kw_between("for");
            self.path(only);
        }
        if let Some((beyond, _)) = limit.beyond {
            self.beyond(beyond);
        }
    }

    fn give(&mut self, give: &Give) {
        self.kw("give");
        self.put(" ");
        self.path(&give.payee);
        self.put(" ");
        self.reward(&give.reward);
        if let Some(when) = &give.when {
            self.kw_between("when");
            self.expr(when, Level::Or);
        }
        self.unknown(give.unknown.as_ref());
        if let Some(claim) = &give.claim {
            self.comma();
            if self.zh() {
                self.duration(&claim.within);
                self.kw("within_zh");
                self.put(" ");
                self.kw("claimed");
            } else {
                self.kw("claim_within");
                self.put(" ");
                self.duration(&claim.within);
            }
            self.comma();
            self.kw("or_else");
            self.put(" ");
            self.kw("back_to_budget");
        }
        match &give.pay {
            None => {}
            Some(PayTerm::NextMonth) => {
                self.comma();
                self.kw("pay_next_month");
            }
            Some(PayTerm::Within(within)) => {
                self.comma();
                if self.zh() {
                    self.duration(within);
                    self.kw("within_zh");
                    self.put(" ");
                    self.kw("paid");
                } else {
                    self.kw("pay_within");
                    self.put(" ");
                    self.duration(within);
                }
            }
        }
        if let Some(path) = &give.through {
            self.comma();
            self.kw("through");
            self.put(" ");
            self.path(path);
        }
    }

    fn take(&mut self, take: &Take) {
        self.kw("take");
        self.put(" ");
        self.path(&take.from);
        self.put(" ");
        self.reward(&take.reward);
    }

    fn charge(&mut self, charge: &Charge) {
        self.kw("charge");
        self.put(" ");
        self.path(&charge.from);
        self.put(" ");
        self.expr(&charge.value, Level::Sum);
        self.comma();
        self.kw("to_payee");
        self.put(" ");
        self.path(&charge.to);
    }
}

impl Fmt<'_> {
    /// `, if unknown: skip`, `, if unknown: to store`
    fn unknown(&mut self, answer: Option<&Unknown>) {
        match answer {
            None => {}
            Some(Unknown::Skip(_)) => self.answer("if_unknown", "skip"),
            Some(Unknown::Hold(within)) => {
                self.answer("if_unknown", "hold");
                self.then_skip(within);
            }
            Some(Unknown::To(path)) => {
                self.comma();
                self.kw("if_unknown");
                self.colon();
                self.kw("to_payee");
                self.put(" ");
                self.path(path);
            }
        }
    }
}

impl Fmt<'_> {
    /// `, beyond: skip`
    pub(super) fn beyond(&mut self, beyond: Beyond) {
        match beyond {
            Beyond::Skip => self.answer("beyond", "skip"),
            Beyond::Cut => self.answer("beyond", "cut"),
            Beyond::Hold(within) => {
                self.answer("beyond", "hold");
                self.then_skip(&within);
            }
        }
    }

    /// ` 7 days then skip`, behind `hold`
    fn then_skip(&mut self, within: &Duration) {
        self.put(" ");
        self.duration(within);
        if self.zh() {
            self.comma();
        } else {
            self.put(" ");
        }
        self.kw("then");
        self.put(" ");
        self.kw("skip");
    }
}

/// Does a condition end with `is unknown`?
fn ends_unknown(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Known { negated, .. } => *negated,
        ExprKind::And(_, last) | ExprKind::Or(_, last) | ExprKind::Not(last) => ends_unknown(last),
        _ => false,
    }
}

pub(super) fn window_words(window: Window) -> (&'static str, &'static str) {
    match window {
        Window::Hour => ("hour", "小时"),
        Window::Day => ("day", "天"),
        Window::Week => ("week", "周"),
        Window::Month => ("month", "月"),
        Window::Quarter => ("quarter", "季度"),
        Window::Year => ("year", "年"),
        Window::Campaign => ("campaign", "活动期"),
        Window::Ever => ("ever", "累计"),
    }
}
