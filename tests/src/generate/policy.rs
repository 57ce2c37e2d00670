//! Random policies: headers, rules, templates and groups.

use super::model::{Name, Slot, Ty, Unit};
use super::scope::{Cx, Gen, Named};

/// What a rule answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum On {
    /// A declared event.
    Event(usize),
    /// The end of a period for a role.
    Period(usize, usize),
}

const PERIODS: &[(&str, &str)] = &[("month", "月"), ("quarter", "季度"), ("year", "年"), ("campaign", "活动期")];
const PER: &[(&str, &str)] =
    &[("day", "天"), ("week", "周"), ("month", "月"), ("quarter", "季度"), ("year", "年"), ("campaign", "活动期")];

/// Policies that may overlap, under one group.
struct Cluster {
    on: Vec<On>,
    group: Option<(&'static str, &'static str)>,
    policies: Vec<String>,
}

impl Gen {
    /// All policies, templates and groups.
    pub(super) fn policies(&mut self) -> Vec<String> {
        let pays = |e: &usize| self.m.slots(*e).iter().any(|s| matches!(s.ty, Ty::Party(_)));
        let mut on: Vec<On> = (0..self.m.events.len()).filter(pays).map(On::Event).collect();
        for _ in 0..self.r.below(3) {
            let period = On::Period(self.r.below(PERIODS.len()), self.r.below(self.m.roles.len()));
            if !on.contains(&period) {
                on.push(period);
            }
        }
        let clusters = self.clusters(on);
        let mut out = Vec::new();
        let mut number = 0;
        for mut cluster in clusters {
            let (most, all) = if cluster.group.is_some() { (6, 2) } else { (1, 1) };
            let count = all + self.r.below(most);
            if cluster.group.is_some() && self.r.chance(30) {
                number += 1;
                out.push(self.template(&mut cluster, number));
            }
            while cluster.policies.len() < count {
                number += 1;
                out.push(self.policy(&mut cluster, number));
            }
            out.extend(self.group(&cluster));
        }
        out
    }

    /// Shares the events out, so that ungrouped policies cannot meet.
    fn clusters(&mut self, on: Vec<On>) -> Vec<Cluster> {
        let n = 1 + self.r.below(3).min(on.len() - 1);
        let rules = [("best of", "择优"), ("first of", "择先"), ("all of", "叠加")];
        let mut clusters: Vec<Cluster> = (0..n)
            .map(|_| Cluster {
                on: Vec::new(),
                group: self.r.chance(75).then(|| *self.r.clone().pick(&rules)),
                policies: Vec::new(),
            })
            .collect();
        for cluster in &mut clusters {
            if cluster.group.is_some() {
                cluster.group = Some(*self.r.pick(&rules));
            }
        }
        for (i, one) in on.into_iter().enumerate() {
            let to = if i < n { i } else { self.r.below(n) };
            clusters[to].on.push(one);
        }
        clusters
    }

    fn group(&mut self, cluster: &Cluster) -> Option<String> {
        let rule = cluster.group?;
        if let ([On::Event(event)], true) = (&cluster.on[..], self.r.chance(30)) {
            let parties = self.cx(&[*event]).known_slots(|t| matches!(t, Ty::Party(_)));
            let parties: Vec<Slot> = parties.into_iter().filter(|s| s.path.len() == 1).collect();
            if let Some(by) = self.r.any(&parties).cloned() {
                return Some(self.experiment(&cluster.policies, &by));
            }
        }
        let members = cluster.policies.join(self.comma());
        let mut text =
            format!("{} g_{} {} {{ {members} }}", self.k("group", "组合"), cluster.policies[0], self.k(rule.0, rule.1));
        if self.r.chance(50) {
            let events: Vec<usize> =
                cluster.on.iter().filter_map(|o| if let On::Event(e) = o { Some(*e) } else { None }).collect();
            let mut cx = self.cx(&events);
            if cluster.on.len() > events.len() {
                cx.slots.clear();
            }
            let whose = cx.known_slots(|t| matches!(t, Ty::Party(_) | Ty::Code(_) | Ty::Entity(_)));
            let whose = self.r.any(&whose).cloned();
            let max = self.r.between(1, 200);
            let window = self.r.chance(50);
            text.push('\n');
            text.push_str(&self.limit_text(whose.as_ref(), window, max, true, None, true));
        }
        Some(format!("{text}\n"))
    }

    fn experiment(&mut self, policies: &[String], by: &Slot) -> String {
        let part = 100 / policies.len();
        let first = 100 - part * (policies.len() - 1);
        let arms: Vec<String> =
            policies.iter().enumerate().map(|(i, p)| format!("{}% {p}", if i == 0 { first } else { part })).collect();
        let holdout = if self.r.chance(50) { self.k(" with holdout 10%", " 对照 10%") } else { "" };
        format!(
            "{} x_{} {} {} {}{holdout}\n",
            self.k("experiment", "实验"),
            policies[0],
            arms.join(self.comma()),
            self.k("by", "按"),
            self.s(by)
        )
    }

    /// `at most …`
    fn limit_text(
        &mut self,
        whose: Option<&Slot>,
        window: bool,
        max: i64,
        money: bool,
        only: Option<&Name>,
        total: bool,
    ) -> String {
        let per: Vec<String> = whose.iter().map(|s| self.s(s)).collect();
        let window = if window { Some(*self.r.pick(PER)) } else { None };
        let times = if self.r.chance(50) { Unit::Times } else { Unit::Plain };
        let max = self.lit(max, if money { &Unit::Money } else { &times });
        let beyond = match money && self.r.chance(50) {
            true => self.k("cut", "付余额").to_owned(),
            // A member of a group may take, and an exchange cannot wait.
            false if !total && self.r.chance(35) => self.hold(),
            false => self.k("skip", "跳过").to_owned(),
        };
        let only =
            only.map_or(String::new(), |o| format!(" {} {}", self.k("for", "对"), if self.zh { &o.zh } else { &o.en }));
        if self.zh {
            let per: String = per.iter().map(|p| format!("每 {p} ")).collect();
            let window = window.map_or(String::new(), |w| format!("每 {} ", w.1));
            let total = if total { "合计 " } else { "" };
            format!("{per}{window}{total}最多 {max}{only}，超出：{beyond}")
        } else {
            let per: String = per.iter().map(|p| format!(" per {p}")).collect();
            let window = window.map_or(String::new(), |w| format!(" per {}", w.0));
            let total = if total { " in total" } else { "" };
            format!("at most {max}{per}{window}{total}{only}, beyond: {beyond}")
        }
    }

    fn header(&mut self, cx: &Cx, can_products: bool) -> Vec<String> {
        let mut out = Vec::new();
        let kind = match self.r.below(3) {
            0 => format!("{} 60% {} 40%", self.k("TP", "渠道促销"), self.k("CP", "消费者促销")),
            1 => self.k("CP", "消费者促销").to_owned(),
            _ => self.k("TP", "渠道促销").to_owned(),
        };
        out.push(format!("{} {kind}", self.k("kind", "费用")));
        if can_products && self.r.chance(25) {
            let set = self.product_set(3);
            out.push(format!("{} {set}", self.k("products", "产品")));
        }
        let regions: Vec<Slot> = cx.slots.iter().filter(|s| s.ty == Ty::Region).cloned().collect();
        if let (Some(by), true) = (self.r.any(&regions).cloned(), self.r.chance(28)) {
            let set = self.region_set(3);
            let unknown = if by.needs.is_empty() { "" } else { self.k(", if unknown: skip", "，未知：跳过") };
            out.push(format!("{} {set} {} {}{unknown}", self.k("regions", "区域"), self.k("by", "按"), self.s(&by)));
        }
        if let (Some(by), true) = (self.r.any(&regions).cloned(), self.r.chance(12)) {
            let set = self.region_set(3);
            let unknown = if by.needs.is_empty() { "" } else { self.k(", if unknown: skip", "，未知：跳过") };
            out.push(format!("{} {set} {} {}{unknown}", self.k("pilot", "试点"), self.k("by", "按"), self.s(&by)));
        }
        let parties: Vec<Slot> =
            cx.known_slots(|t| matches!(t, Ty::Party(_))).into_iter().filter(|s| s.path.len() == 1).collect();
        if let (Some(who), true) = (self.r.any(&parties).cloned(), self.r.chance(15)) {
            let (who, share) = (self.s(&who), self.r.between(30, 100));
            out.push(match self.zh {
                true => format!("铺开 {who} 的 {share}%"),
                false => format!("roll out to {share}% of {who} by hash"),
            });
        }
        out.push(self.budget());
        if self.r.chance(20) {
            out.push(format!("{} \"西南大区\"", self.k("owner", "负责")));
        }
        out
    }

    fn budget(&mut self) -> String {
        let hi = *self.r.pick(&[60, 900, 50_000, 5_000_000]);
        let amount = self.money_lit(5, hi);
        let soft = if self.r.chance(25) { self.k(", soft up to 5%", "，可超 5%") } else { "" };
        let used = if self.r.chance(50) { self.k("stop", "停止") } else { self.k("cut", "付余额") };
        format!("{} {amount}{soft}{}{used}", self.k("budget", "预算"), self.k(", when used up: ", "，用完："))
    }

    fn during(&mut self) -> String {
        // Mostly as long as the stream of events is: what lies outside is refused, and says little.
        let month = self.r.between(0, 2);
        let from = if month == 0 {
            format!("2025-12-{:02}", self.r.between(1, 28))
        } else {
            format!("2026-{month:02}-{:02}", self.r.between(1, 28))
        };
        let to = format!("2026-{:02}-{:02}", self.r.between(month + 3, 8), self.r.between(1, 28));
        let (during, until) = (self.k("during", "期间"), self.k("..", "至"));
        let redeem = if self.r.chance(25) {
            format!("\n  {} {} 2026-12-31 17:00", self.k("redeem", "兑付"), self.k("until", "截至"))
        } else {
            String::new()
        };
        format!("{during} {from} {until} {to}{redeem}")
    }

    fn policy(&mut self, cluster: &mut Cluster, number: usize) -> String {
        let name = format!("p{number}");
        let first = *self.r.pick(&cluster.on);
        let mut clauses = vec![self.during()];
        let body = self.body(cluster, first, &[]);
        clauses.extend(body);
        self.r.clone().below(2);
        let text = format!("{} {name} \"题{number}\" {{\n  {}\n}}\n", self.k("policy", "政策"), clauses.join("\n  "));
        cluster.policies.push(name);
        text
    }

    /// Header, `let` and rules.
    fn body(&mut self, cluster: &Cluster, first: On, params: &[Named]) -> Vec<String> {
        let money_only = cluster.group.is_some_and(|g| g.0 == "best of");
        let mut out = Vec::new();
        let mut cx = self.cx_on(first);
        cx.money_only = money_only;
        let is_scan = |g: &Gen, on: On| matches!(on, On::Event(e) if g.m.events[e].scan.is_some());
        // Everything in the header holds for every rule, so further rules answer the same events when it reads them.
        let header = self.header(&cx, is_scan(self, first));
        let bound = header.iter().any(|l| {
            [("products", "产品"), ("regions", "区域"), ("pilot", "试点"), ("roll out", "铺开")]
                .iter()
                .any(|w| l.starts_with(self.k(w.0, w.1)))
        });
        out.extend(header);
        out.extend(self.links(&mut cx));
        cx.named.extend(params.iter().cloned());
        if self.r.chance(30) {
            out.extend(self.let_number(&mut cx, "n"));
        }
        if self.r.chance(20) {
            let parties = cx.known_slots(|t| matches!(t, Ty::Party(_)));
            let whose = self.r.any(&parties).cloned();
            let single = bound || !cluster.on.iter().any(|o| *o != first);
            let max = self.r.between(1, 30);
            let money = self.r.chance(50);
            if let (Some(whose), true) = (whose, single) {
                let line = self.limit_text(Some(&whose), true, max, money, None, false);
                cx.cut = true;
                out.push(line);
                out.push(self.rule(first, &cx));
                return out;
            }
        }
        out.push(self.rule(first, &cx));
        if self.r.chance(35) {
            let next = if bound { first } else { *self.r.pick(&cluster.on) };
            let mut other = if next == first { cx.clone() } else { self.cx_on(next) };
            other.money_only = money_only;
            if next != first {
                other.named = params.to_vec();
            }
            out.push(self.rule(next, &other));
        }
        out
    }

    fn cx_on(&mut self, on: On) -> Cx {
        match on {
            On::Event(e) => self.cx(&[e]),
            On::Period(_, role) => {
                Cx { slots: self.m.member(super::model::Member::Role(role), false), ..Cx::default() }
            }
        }
    }

    fn let_number(&mut self, cx: &mut Cx, prefix: &str) -> Option<String> {
        let was = std::mem::replace(&mut cx.in_let, true);
        let named = match self.r.chance(50) {
            true => self.number(cx).map(|n| (n.text, n.unit, n.range)),
            false => Some((self.amount(cx, true, 2), Unit::Money, (0, 60))),
        };
        cx.in_let = was;
        let (text, unit, range) = named?;
        if unit == Unit::Rate {
            return None;
        }
        let name = format!("{prefix}{}", cx.named.len());
        cx.named.push(Named { text: name.clone(), unit, range });
        Some(format!("{} {name} = {}", self.k("let", "设"), text.text))
    }

    fn rule(&mut self, on: On, outer: &Cx) -> String {
        let mut cx = outer.clone();
        self.table_slots(&mut cx);
        let head = match on {
            On::Event(e) => {
                let word = |g: &Gen, n: &Name| if g.zh { n.zh.clone() } else { n.en.clone() };
                format!("{} {}", self.k("on", "当"), word(self, &self.m.events[e].name))
            }
            On::Period(p, role) => {
                let role = &self.m.roles[role].name;
                let role = if self.zh { &role.zh } else { &role.en };
                format!(
                    "{} {} {} {role}",
                    self.k("every", "每"),
                    self.k(PERIODS[p].0, PERIODS[p].1),
                    self.k("for", "对")
                )
            }
        };
        // Few tests: of many, one nearly always fails.
        let most = self.r.below(4).min(self.r.below(4));
        let condition = self.conjunction(&mut cx, most);
        let condition = condition.map_or(String::new(), |c| format!(" {} {c}", self.k("where", "且")));
        let mut lines = Vec::new();
        if self.r.chance(15) {
            // A rule may not name anew what the policy has named.
            lines.extend(self.let_number(&mut cx, "r"));
        }
        let scan = matches!(on, On::Event(e) if self.m.events[e].scan.is_some());
        lines.extend(self.bounds(&cx, scan));
        // A pool stands alone; what `best of` compares is money, and a pool's prizes may be anything.
        let pool = match !cx.money_only && self.r.chance(8) {
            true => self.pool_give(&cx),
            false => None,
        };
        let gives = if pool.is_some() { 0 } else { 1 + self.r.below(3) };
        let mut paid = usize::from(pool.is_some());
        lines.extend(pool);
        if gives > 0 && self.r.chance(12) {
            lines.extend(self.share(&cx));
        }
        for i in 0..gives * 2 {
            if (paid < gives || (paid == 0 && i + 1 == gives * 2))
                && let Some(line) = self.give(&cx)
            {
                lines.push(line);
                paid += 1;
            }
        }
        let whole = |line: &String| !["cut", "付余额", "hold", "等待"].iter().any(|word| line.contains(word));
        if !cx.money_only && !cx.cut && self.r.chance(20) && lines.iter().all(whole) {
            lines.extend(self.take(&cx));
        }
        // Pieces have no parts to take off.
        let pieces = [" of ", " 份 "]
            .iter()
            .any(|w| lines.iter().any(|l| l.contains(w) && l.starts_with(self.k("give", "奖励"))));
        if self.r.chance(15) {
            lines.extend(self.adjust(&cx, pieces));
        }
        if let (On::Event(e), true) = (on, !matches!(on, On::Period(..)))
            && (!self.m.is_final(e) || self.r.chance(30))
        {
            let mut answer = *self.r.pick(&[("take back", "追回"), ("keep", "保留"), ("in proportion", "按比例")]);
            if let (Some(_), Some((layer, _))) = (self.m.comes_back, self.m.events[e].scan) {
                // What is taken back is found by the code that pays once; what is to be claimed is not taken back.
                let pack = self.m.packs[self.m.layers[layer].pack].clone();
                let once = if self.zh { format!("每 {} 一次", pack.zh) } else { format!("once per {}", pack.en) };
                if lines.iter().any(|l| l.contains("claim within") || l.contains("领取")) {
                    answer = ("keep", "保留");
                } else if answer.0 != "keep" && !lines.contains(&once) {
                    lines.push(once);
                }
            }
            lines.push(format!("{}{}{}", self.k("if returned", "退货"), self.colon(), self.k(answer.0, answer.1)));
        }
        format!("{head}{condition} {{\n    {}\n  }}", lines.join("\n    "))
    }

    /// `once` and `at most`
    fn bounds(&mut self, cx: &Cx, needed: bool) -> Vec<String> {
        let mut out = Vec::new();
        let ids = cx.known_slots(|t| matches!(t, Ty::Party(_) | Ty::Code(_) | Ty::Entity(_)));
        let some = self.r.some(&ids, 1.min(ids.len()));
        let some: Vec<Slot> = some.into_iter().take(2).collect();
        if !some.is_empty() && self.r.chance(55) {
            let window = self.r.chance(40).then(|| *self.r.clone().pick(PER));
            let per: Vec<String> = some.iter().map(|s| self.s(s)).collect();
            out.push(if self.zh {
                let per: String = per.iter().map(|p| format!("每 {p} ")).collect();
                format!("{per}{}一次", window.map_or(String::new(), |w| format!("每 {} ", w.1)))
            } else {
                let per: String = per.iter().map(|p| format!(" per {p}")).collect();
                format!("once{per}{}", window.map_or(String::new(), |w| format!(" per {}", w.0)))
            });
        }
        let says_who = cx.known_slots(|t| matches!(t, Ty::Party(0 | 1))).iter().any(|s| s.path.len() == 1);
        if self.m.same_person && says_who && self.r.chance(50) {
            let times = self.r.between(1, 4);
            out.push(match self.zh {
                true => format!("每 同一人 每 月 最多 {times} 次，超出：跳过"),
                false => format!("at most {times} per same anyone per month, beyond: skip"),
            });
        }
        if self.r.chance(15) {
            let minutes = self.r.between(1, 50_000);
            let per = self.r.any(&ids).map(|s| self.s(s));
            out.push(if self.zh {
                let per = per.map_or(String::new(), |p| format!("每 {p} "));
                format!("{per}间隔 至少 {minutes} 分钟，超出：跳过")
            } else {
                let per = per.map_or(String::new(), |p| format!(" per {p}"));
                format!("at least {minutes} minutes apart{per}, beyond: skip")
            });
        }
        if let Some(party) = self.r.any(&ids).filter(|s| s.path.len() == 1).map(|s| self.s(s))
            && self.r.chance(15)
        {
            let places = self.r.between(1, 6);
            let window = self.r.chance(40);
            let plain = party.chars().all(|c| c.is_ascii_alphanumeric()) && !party.ends_with('s');
            out.push(match (self.zh, window) {
                (true, true) => format!("仅限 每月 前 {places} 名 {party}，超出：跳过"),
                (true, false) => format!("仅限 前 {places} 名 {party}，超出：跳过"),
                (false, true) => format!("only the first {places} {party} per month, beyond: skip"),
                (false, false) if plain => format!("only the first {places} {party}s, beyond: skip"),
                (false, false) => format!("only the first {places} {party}, beyond: skip"),
            });
        }
        if self.r.chance(45) || (needed && !out.iter().any(|l| l.starts_with("once") || l.ends_with("一次"))) {
            let whose = self.r.any(&ids).cloned();
            let money = self.r.chance(40);
            let max = if money { self.r.between(3, 120) } else { self.r.between(1, 8) };
            let role = self.r.pick(&self.m.roles.clone()).name.clone();
            let in_view = cx.slots.iter().any(|s| s.path.len() == 1 && s.path[0] == role);
            let only = (in_view && self.r.chance(25)).then_some(role);
            let window = self.r.chance(70);
            out.push(self.limit_text(whose.as_ref(), window, max, money, only.as_ref(), false));
        }
        out
    }

    fn give(&mut self, cx: &Cx) -> Option<String> {
        let parties: Vec<Slot> = cx.slots.iter().filter(|s| matches!(s.ty, Ty::Party(_))).cloned().collect();
        let payee = self.r.any(&parties)?.clone();
        let depth = self.r.below(4);
        let reward = self.reward(cx, depth);
        let mut line = format!("{} {} {reward}", self.k("give", "奖励"), self.s(&payee));
        // A draw is used up whether or not it wins, so it has no condition of its own.
        let draws = ["draw", "random", "抽奖", "随机"].iter().any(|w| reward.contains(w));
        if !draws
            && self.r.chance(40)
            && let Some(test) = self.test(cx)
        {
            line.push_str(&format!("{}{} {test}", self.comma(), self.k("when", "条件")));
        }
        line.push_str(&self.if_unknown(cx, &payee));
        if self.r.chance(15) {
            let (count, zh) = (self.r.between(1, 30), self.zh);
            let (en_unit, zh_unit) = *self.r.pick(&[
                ("hours", "小时"),
                ("days", "天"),
                ("natural days", "个自然日"),
                ("working days", "个工作日"),
            ]);
            line.push_str(&match zh {
                true => format!("，{count} {zh_unit}内 领取，否则 退回预算"),
                false => format!(", claim within {count} {en_unit}, else back to budget"),
            });
        }
        line.push_str(&self.term());
        Some(line)
    }

    /// `take from store stars 5`, or what one party pays another.
    fn take(&mut self, cx: &Cx) -> Option<String> {
        let parties = cx.known_slots(|t| matches!(t, Ty::Party(_)));
        let from = self.r.any(&parties).cloned()?;
        if let (Some(to), true) = (self.r.any(&parties).cloned(), self.r.chance(30)) {
            let (amount, to) = (self.money_lit(1, 9), self.s(&to));
            let (charge, comma, into) = (self.k("charge", "收"), self.comma(), self.k("to", "归"));
            return Some(format!("{charge} {} {amount}{comma}{into} {to}", self.s(&from)));
        }
        let kind = self.r.pick(&self.m.kinds.clone()).clone();
        let amount = if kind.money { self.money_lit(1, 20) } else { self.r.between(1, 40).to_string() };
        let kind = if self.zh { kind.name.zh } else { kind.name.en };
        Some(format!("{} {} {kind} {amount}", self.k("take from", "扣"), self.s(&from)))
    }

    /// A template and two or three policies made from it.
    fn template(&mut self, cluster: &mut Cluster, number: usize) -> String {
        let first = *self.r.pick(&cluster.on);
        let params = vec![
            Named { text: "amount".into(), unit: Unit::Money, range: (1, 60) },
            Named { text: "share".into(), unit: Unit::Rate, range: (1, 30) },
        ];
        let money = self.k("money", "金额");
        let rate = self.k("rate", "比例");
        let body = self.body(cluster, first, &params);
        let mut text = format!(
            "{} t{number}(amount{}{money}{}share{}{rate}) {{\n  {}\n}}\n",
            self.k("template", "模板"),
            self.colon(),
            self.comma(),
            self.colon(),
            body.join("\n  ")
        );
        for i in 0..2 + self.r.below(2) {
            let name = format!("t{number}_{i}");
            let (amount, share, during) = (self.money_lit(1, 60), self.rate_lit(), self.during());
            let (policy, from, and) = (self.k("policy", "政策"), self.k("from", "取自"), self.k("and", "并且"));
            let (colon, semi) = (self.colon(), self.k("; ", "；"));
            text.push_str(&format!(
                "{policy} {name} \"实例{i}\" {from} t{number} {{ amount{colon}{amount}{semi}share{colon}{share} }} {and} {{ {during} }}\n"
            ));
            cluster.policies.push(name);
        }
        text
    }
}
