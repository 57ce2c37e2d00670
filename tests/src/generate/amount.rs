//! Random numbers, amounts and prizes.

use super::model::{Slot, Ty, Unit};
use super::scope::{Cx, Gen, Number, Text};

pub(super) const WINDOWS: &[(&str, &str)] = &[
    ("today", "当天"),
    ("this week", "本周"),
    ("this month", "本月"),
    ("this quarter", "本季度"),
    ("this year", "本年"),
    ("this campaign", "本活动"),
    ("ever", "累计"),
    ("this hour", "本小时"),
    ("yesterday", "昨天"),
    ("last week", "上周"),
    ("last month", "上月"),
    ("last quarter", "上季度"),
    ("last 7 days", "最近 7 天"),
    ("last 24 hours", "最近 24 小时"),
    ("last 3 months", "最近 3 个月"),
    ("in each of the last 2 weeks", "最近 2 周 每周"),
    ("in each of the last 2 quarters", "最近 2 个季度 每季度"),
];
const MODES: &[(&str, &str)] = &[("whole", "全额"), ("marginal", "分段"), ("highest", "取高"), ("each", "累加")];
pub(super) const ROUNDS: &[(&str, &str)] = &[
    ("rounded down", "向下取整"),
    ("rounded up", "向上取整"),
    ("rounded half_up", "四舍五入"),
    ("rounded half_even", "银行家舍入"),
];

impl Gen {
    /// Something that counts: a fact, a measure, a named number.
    pub(super) fn number(&mut self, cx: &Cx) -> Option<Number> {
        if self.r.chance(45)
            && let Some(measure) = self.measure(cx)
        {
            return Some(measure);
        }
        let facts = cx.known_slots(|ty| matches!(ty, Ty::Number(..)));
        if let (Some(slot), true) = (self.r.any(&facts).cloned(), self.r.chance(75)) {
            return Some(self.of_slot(&slot));
        }
        if let (Some(named), true) = (self.r.any(&cx.named).cloned(), self.r.chance(70)) {
            return Some(Number { text: Text::simple(named.text), unit: named.unit, range: named.range });
        }
        let has_product =
            cx.slots.iter().any(|s| s.path.len() == 1 && s.ty == Ty::Product && s.path[0].en == "product");
        if has_product && self.r.chance(60) {
            return Some(self.price());
        }
        self.measure(cx)
    }

    fn of_slot(&self, slot: &Slot) -> Number {
        let (unit, range) = match &slot.ty {
            Ty::Number(lo, hi, unit) => (unit.clone(), (*lo, *hi)),
            _ => (Unit::Plain, (0, 1)),
        };
        Number { text: Text::simple(self.s(slot)), unit, range }
    }

    fn price(&mut self) -> Number {
        let pack = self.r.pick(&self.m.packs.clone()).clone();
        let text = if self.zh { format!("{}价", pack.zh) } else { format!("{} price", pack.en) };
        Number { text: Text::simple(text), unit: Unit::Money, range: (1, 900) }
    }

    /// `balance of stars of store`, `sum of cash given to store this month`
    fn account(&mut self, cx: &Cx) -> Option<Number> {
        let parties = cx.known_slots(|t| matches!(t, Ty::Party(_)));
        let whose = self.r.any(&parties).cloned()?;
        let whose = self.s(&whose);
        let kind = self.r.pick(&self.m.kinds.clone()).clone();
        let name = if self.zh { kind.name.zh } else { kind.name.en };
        let window = *self.r.pick(WINDOWS);
        let campaign = window.0 == "this campaign";
        let window = self.k(window.0, window.1);
        let text = match (self.r.chance(60) || campaign, self.zh) {
            (true, true) => format!("{whose} 的 {name} 余额"),
            (true, false) => format!("balance of {name} of {whose}"),
            (false, true) => format!("{window} {whose} 所得 {name} 合计"),
            (false, false) => format!("sum of {name} given to {whose} {window}"),
        };
        let unit = if kind.money { Unit::Money } else { Unit::Points };
        Some(Number { text: Text::long(text), unit, range: (0, 60) })
    }

    /// `count of e by store this month`
    pub(super) fn measure(&mut self, cx: &Cx) -> Option<Number> {
        if self.r.chance(25)
            && let Some(account) = self.account(cx)
        {
            return Some(account);
        }
        let through = if self.r.chance(25) { self.counted_links(cx) } else { None };
        let event = through.as_ref().map_or_else(|| self.r.below(self.m.events.len()), |t| t.0);
        let theirs = self.m.slots(event);
        let m = &self.m;
        // The same one is found in the counted event under its role's, entity's or pack's own name.
        let same = |mine: &Slot| {
            let own = match mine.ty {
                Ty::Party(r) => &m.roles[r].name,
                Ty::Entity(e) => &m.entities[e].name,
                Ty::Code(p) if mine.path.len() == 1 => &m.packs[p],
                _ => return false,
            };
            theirs.iter().any(|t| t.path.len() == 1 && t.path[0] == *own)
        };
        let (through, linked) = through.map_or((None, Vec::new()), |(_, filter, by)| (Some(filter), by));
        let identities: Vec<Slot> = cx.slots.iter().filter(|s| cx.is_known(s) && same(s)).cloned().collect();
        let mut by: Vec<Slot> = linked;
        // A party of the counted event's link stands alone; else a path of a link is the asking event's.
        let more = if by.is_empty() { 1 + self.r.below(2) } else { 0 };
        for _ in 0..more {
            if let Some(slot) = self.r.any(&identities)
                && !by.iter().any(|b| b.ty == slot.ty)
                && (through.is_none() || slot.path.len() == 1)
            {
                by.push(slot.clone());
            }
        }
        if by.is_empty() && !self.r.chance(30) {
            return None;
        }
        let summable: Vec<Slot> = theirs
            .iter()
            .filter(|s| s.path.len() == 1 && s.needs.is_empty() && matches!(s.ty, Ty::Number(..)))
            .cloned()
            .collect();
        let sum = self.r.any(&summable).filter(|_| self.r.clone().chance(60)).cloned();
        let name = self.m.events[event].name.clone();
        let name = if self.zh { name.zh } else { name.en };
        let window = *self.r.pick(WINDOWS);
        let window = self.k(window.0, window.1);
        let by: Vec<String> = by.iter().map(|b| self.s(b)).collect();
        let by = by.join(self.comma());
        let scan = self.m.events[event].scan.is_some();
        let filter = match self.r.below(6) {
            0 if scan => format!(" {} {}", self.k("in", "属于"), self.product_set(1)),
            1 if scan => format!(" {} {}", self.k("except", "不含"), self.product_set(1)),
            _ => String::new(),
        };
        let own = through.unwrap_or_else(|| self.filter(event));
        let (what, unit, range) = match &sum {
            None => (name, Unit::Times, (0, 6)),
            Some(slot) => match &slot.ty {
                Ty::Number(_, hi, unit) => (format!("{name}.{}", self.s(slot)), unit.clone(), (0, hi * 2)),
                _ => return None,
            },
        };
        let text = if self.zh {
            let last = if sum.is_some() { "合计" } else { "次数" };
            let by = if by.is_empty() { String::new() } else { format!(" {by}") };
            format!("{window}{by} 的 {what}{own} {last}{filter}")
        } else {
            let first = if sum.is_some() { "sum of" } else { "count of" };
            let by = if by.is_empty() { String::new() } else { format!(" by {by}") };
            format!("{first} {what}{own}{by} {window}{filter}")
        };
        Some(Number { text: Text::long(text), unit, range })
    }

    /// An amount of money or points.
    pub(super) fn amount(&mut self, cx: &Cx, money: bool, depth: usize) -> Text {
        let unit = if money { Unit::Money } else { Unit::Points };
        if depth == 0 {
            return self.plain_amount(cx, &unit);
        }
        let text = match self.r.below(16) {
            0 | 1 => self.rate_of(cx, &unit),
            2 => self.per(cx, &unit),
            3 | 4 => self.table(cx, depth, |g, cx, d| g.amount(cx, money, d)),
            5..=7 => self.tiers(cx, &unit, depth),
            8 if !cx.in_let => Some(self.random(&unit)),
            9 => {
                let (value, bound) = (self.amount(cx, money, depth - 1), self.r.between(1, 60));
                let op = if self.r.chance(60) { self.k("capped at", "封顶") } else { self.k("floored at", "保底") };
                Some(Text::long(format!("{} {op} {}", value.tight(), self.lit(bound, &unit))))
            }
            10 => {
                let (a, b) = (self.amount(cx, money, depth - 1), self.amount(cx, money, depth - 1));
                Some(Text::long(format!("{} + {}", a.tight(), b.tight())))
            }
            11 => {
                let (a, b) = (self.amount(cx, money, depth - 1), self.plain_amount(cx, &unit));
                let zero = self.lit(0, &unit);
                Some(Text::long(format!("({} - {}) {} {zero}", a.tight(), b.tight(), self.k("floored at", "保底"))))
            }
            12 => self.portion(cx, &unit),
            13 => self.quotient(cx, &unit),
            14 => self.remainder(cx, &unit),
            _ => self.times(cx, &unit),
        };
        text.unwrap_or_else(|| self.plain_amount(cx, &unit))
    }

    fn plain_amount(&mut self, cx: &Cx, unit: &Unit) -> Text {
        let fits: Vec<String> = cx.named.iter().filter(|n| n.unit == *unit).map(|n| n.text.clone()).collect();
        if let (Some(name), true) = (self.r.any(&fits).cloned(), self.r.chance(35)) {
            return Text::simple(name);
        }
        match unit {
            Unit::Money => Text::simple(self.money_lit(0, 60)),
            unit => {
                let n = self.r.between(0, 40);
                Text::simple(self.lit(n, unit))
            }
        }
    }

    fn rate(&mut self, cx: &Cx) -> String {
        let rates: Vec<String> = cx.named.iter().filter(|n| n.unit == Unit::Rate).map(|n| n.text.clone()).collect();
        let facts = cx.known_slots(|ty| matches!(ty, Ty::Number(_, _, Unit::Rate)));
        match (self.r.any(&rates).cloned(), self.r.any(&facts).cloned()) {
            (Some(name), _) if self.r.chance(60) => name,
            (_, Some(slot)) if self.r.chance(40) => self.s(&slot),
            _ => self.rate_lit(),
        }
    }

    fn rate_of(&mut self, cx: &Cx, unit: &Unit) -> Option<Text> {
        let base = (0..6).filter_map(|_| self.number(cx)).find(|n| n.unit == *unit)?;
        let rate = self.rate(cx);
        // Points have no rounding of the channel's to fall back on.
        let round = match *unit == Unit::Points || self.r.chance(50) {
            true => {
                let round = *self.r.pick(ROUNDS);
                format!(" {}", self.k(round.0, round.1))
            }
            false => String::new(),
        };
        let base = base.text.tight();
        Some(Text::long(if self.zh { format!("{base} 的 {rate}{round}") } else { format!("{rate} of {base}{round}") }))
    }

    /// `3 yuan per full 10 yuan of x`, `3 yuan per table of x`
    fn per(&mut self, cx: &Cx, unit: &Unit) -> Option<Text> {
        let n = self.r.between(1, 9);
        let amount = self.lit(n, unit);
        self.per_of(cx, &amount)
    }

    fn per_of(&mut self, cx: &Cx, amount: &str) -> Option<Text> {
        let counted = (0..6).filter_map(|_| self.number(cx)).find(|n| n.unit != Unit::Rate && n.unit != Unit::Plain)?;
        let path = counted.text.tight();
        let thing = match &counted.unit {
            Unit::Thing(t) if self.r.chance(50) => Some(t.clone()),
            _ => None,
        };
        let full = self.r.between(1, (counted.range.1 / 3).max(1));
        let full = self.lit(full, &counted.unit);
        Some(Text::long(match (thing, self.zh) {
            (Some(t), true) => format!("按 {path} 每 {t} {amount}"),
            (Some(t), false) => format!("{amount} per {t} of {path}"),
            (None, true) => format!("按 {path} 每满 {full} {amount}"),
            (None, false) => format!("{amount} per full {full} of {path}"),
        }))
    }

    /// A sum times a count.
    fn times(&mut self, cx: &Cx, unit: &Unit) -> Option<Text> {
        let count = (0..6)
            .filter_map(|_| self.number(cx))
            .find(|n| matches!(n.unit, Unit::Times | Unit::Plain | Unit::Thing(_)))?;
        let n = self.r.between(1, 5);
        Some(Text::long(format!("{} * {}", self.lit(n, unit), count.text.tight())))
    }

    fn random(&mut self, unit: &Unit) -> Text {
        let (lo, step, n) = (self.r.between(0, 9), self.r.between(1, 3), self.r.between(0, 8));
        let word = self.k("random", "随机");
        let (to, by) = (self.k("..", "至"), self.k("step", "步长"));
        let cents = |x: i64| if *unit == Unit::Money { format!("0.{x:02}") } else { x.to_string() };
        let tail = super::model::suffix(unit, self.zh);
        let text = format!("{word} {}{tail} {to} {}{tail} {by} {}{tail}", cents(lo), cents(lo + n * step), cents(step));
        Text::long(text)
    }

    /// `by fact { … }` with rows made by `row`.
    pub(super) fn table(
        &mut self,
        cx: &Cx,
        depth: usize,
        mut row: impl FnMut(&mut Gen, &Cx, usize) -> Text,
    ) -> Option<Text> {
        let keys = |ty: &Ty| matches!(ty, Ty::YesNo | Ty::OneOf(_) | Ty::Region | Ty::Product);
        let mut slots = cx.known_slots(keys);
        slots.retain(|s| !s.is_cell());
        let slot = self.r.any(&slots)?.clone();
        let (all, must_else): (Vec<String>, bool) = match &slot.ty {
            Ty::YesNo => (vec![self.k("yes", "是").into(), self.k("no", "否").into()], false),
            Ty::OneOf(values) => {
                (values.iter().map(|v| if self.zh { v.zh.clone() } else { v.en.clone() }).collect(), false)
            }
            Ty::Region => (self.m.regions.clone(), true),
            _ => (self.m.products.iter().map(|p| p.0.clone()).collect(), true),
        };
        let some = self.r.some(&all, 1);
        let some: Vec<String> = some.into_iter().take(5).collect();
        let complete = some.len() == all.len() && !must_else;
        let mut rows: Vec<String> = Vec::new();
        let mut at = 0;
        while at < some.len() {
            let n = 1 + self.r.below(2).min(some.len() - at - 1);
            let keys = some[at..at + n].join(self.comma());
            let value = row(self, cx, depth - 1);
            rows.push(format!("{keys}{}{}", self.colon(), value.text));
            at += n;
        }
        if !complete || self.r.chance(30) {
            let value = row(self, cx, depth - 1);
            rows.push(format!("{}{}{}", self.k("else", "其他"), self.colon(), value.text));
        }
        let (by, path) = (self.k("by", "按"), self.s(&slot));
        Some(Text::long(format!("{by} {path} {{ {} }}", rows.join(self.k("; ", "；")))))
    }

    /// A tier ladder that is one amount.
    fn tiers(&mut self, cx: &Cx, unit: &Unit, depth: usize) -> Option<Text> {
        let money = *unit == Unit::Money;
        let measure = (0..4).filter_map(|_| self.number(cx)).find(|n| n.unit != Unit::Rate)?;
        let of_money = measure.unit == Unit::Money;
        let mode = *self.r.pick(MODES);
        let mode = if of_money && !money && matches!(mode.0, "whole" | "marginal") { MODES[2] } else { mode };
        let share = mode.0 != "marginal" && self.r.chance(25);
        let rates = of_money && money && matches!(mode.0, "whole" | "marginal");
        let row = |g: &mut Gen, cx: &Cx| match rates {
            true => Text::simple(g.rate_lit()),
            false if mode.0 == "highest" || mode.0 == "each" => g.amount(cx, money, depth - 1),
            // Times the measure: a named number could be anything.
            false => {
                let n = g.r.between(0, 60);
                Text::simple(g.lit(n, if money { &Unit::Money } else { &Unit::Points }))
            }
        };
        self.ladder(cx, &measure, share, mode, row)
    }

    fn ladder(
        &mut self,
        cx: &Cx,
        measure: &Number,
        share: bool,
        mode: (&'static str, &'static str),
        mut row: impl FnMut(&mut Gen, &Cx) -> Text,
    ) -> Option<Text> {
        let mut bound = if self.r.chance(30) { 0 } else { 1 };
        let step = if share { 40 } else { (measure.range.1 / 3).max(1) };
        let mut bounds = Vec::new();
        for _ in 0..1 + self.r.below(4) {
            let strict = self.r.chance(30);
            bounds.push((bound, strict));
            bound += self.r.between(1, step) + i64::from(strict);
        }
        let unit = if share { Unit::Rate } else { measure.unit.clone() };
        let mut rows = Vec::new();
        for (i, (bound, strict)) in bounds.iter().enumerate() {
            let value = row(self, cx);
            let word = if *strict { self.k("over", "超过") } else { self.k("from", "达到") };
            let mut text = format!("{word} {}", self.lit(*bound, &unit));
            if let Some((next, over)) = bounds.get(i + 1).filter(|_| self.r.clone().chance(15)) {
                let until = if *over { self.k("at most", "至多") } else { self.k("under", "低于") };
                text = format!("{text} {until} {}", self.lit(*next, &unit));
            }
            rows.push(format!("{text}{}{}", self.colon(), value.text));
        }
        let part = match share {
            true => {
                let target = self.r.between(1, measure.range.1.max(2));
                let target = self.lit(target, &measure.unit);
                let target = if self.r.chance(50) { format!("({target})") } else { target };
                format!(" {} {target}", self.k("as part of", "占"))
            }
            false => String::new(),
        };
        let (by, mode, rows) = (self.k("by", "按"), self.k(mode.0, mode.1), rows.join(self.k("; ", "；")));
        Some(Text::long(format!("{by} {}{part} {mode} {{ {rows} }}", measure.text.text)))
    }

    /// What stands behind the payee: kind, tax side and value.
    pub(super) fn reward(&mut self, cx: &Cx, depth: usize) -> String {
        if !cx.money_only && self.r.chance(18) {
            let kind = self.r.chance(40);
            let prize = self.item(cx, depth, kind);
            return prize;
        }
        if !cx.in_let && self.r.chance(20) {
            return self.draw(cx, depth);
        }
        let kinds = self.m.kinds.clone();
        let kinds: Vec<_> = kinds.into_iter().filter(|k| k.money || !cx.money_only).collect();
        let kind = self.r.pick(&kinds).clone();
        let side = self.side(kind.taxed);
        let value = match self.r.below(5) {
            0 if depth > 0 => self.prize_table(cx, kind.money, depth),
            _ => self.amount(cx, kind.money, depth),
        };
        let name = if self.zh { kind.name.zh } else { kind.name.en };
        format!("{name} {side}{}", value.text)
    }

    fn side(&mut self, taxed: bool) -> &'static str {
        match (taxed, self.r.chance(50)) {
            (false, _) => "",
            (true, true) => self.k("net ", "税后 "),
            (true, false) => self.k("gross ", "税前 "),
        }
    }

    /// A table or ladder whose rows may be draws or nothing.
    fn prize_table(&mut self, cx: &Cx, money: bool, depth: usize) -> Text {
        let row = |g: &mut Gen, cx: &Cx| match g.r.below(5) {
            0 => Text::simple(g.k("nothing", "无")),
            1 if !cx.in_let => {
                let rows = g.draw_rows(cx, |g, cx| g.amount(cx, money, 0).text);
                Text::long(format!("{} {{ {rows} }}", g.k("draw", "抽奖")))
            }
            _ => g.amount(cx, money, depth.saturating_sub(1)),
        };
        let text = match self.r.chance(50) {
            true => self.table(cx, depth, |g, cx, _| row(g, cx)),
            false => {
                let mode = MODES[2 + self.r.below(2)];
                let measure = (0..4).filter_map(|_| self.number(cx)).find(|n| n.unit != Unit::Rate);
                let share = self.r.chance(20);
                measure.and_then(|m| self.ladder(cx, &m, share, mode, row))
            }
        };
        text.unwrap_or_else(|| self.amount(cx, money, 0))
    }

    /// Pieces of something.
    fn item(&mut self, cx: &Cx, depth: usize, say_kind: bool) -> String {
        let coupon = self.r.chance(30);
        let thing = match coupon {
            true => self.m.coupons[0].clone(),
            false => self.r.pick(&self.m.products.clone()).0.clone(),
        };
        let n = self.r.between(1, 4);
        let piece = |g: &Gen, n: i64| if g.zh { format!("{n} 份 {thing}") } else { format!("{n} of {thing}") };
        let one = piece(self, n);
        let text = match self.r.below(4) {
            0 if depth > 0 => self.table(cx, depth, |g, _, _| {
                let n = g.r.between(1, 9);
                Text::simple(piece(g, n))
            }),
            1 if depth > 0 => {
                let measure = self.number(cx);
                measure.filter(|m| m.unit != Unit::Rate).and_then(|m| {
                    self.ladder(cx, &m, false, MODES[2], |g, _| {
                        let n = g.r.between(1, 9);
                        Text::simple(piece(g, n))
                    })
                })
            }
            2 if self.zh => self.per_of(cx, &one),
            2 => self.per_of(cx, &format!("({one})")),
            _ => None,
        };
        let text = text.unwrap_or_else(|| Text::simple(one));
        let kind = match (say_kind, coupon) {
            (false, _) => "",
            (true, true) => self.k("coupon ", "券 "),
            (true, false) => self.k("goods ", "实物 "),
        };
        format!("{kind}{}", text.text)
    }

    /// A draw, its kind in front or in its rows.
    fn draw(&mut self, cx: &Cx, depth: usize) -> String {
        let word = self.k("draw", "抽奖");
        let kind = self.m.kinds[self.r.below(2)].clone();
        let side = self.side(kind.taxed);
        let name = if self.zh { kind.name.zh.clone() } else { kind.name.en.clone() };
        if self.r.chance(60) || cx.money_only {
            let rows = self.draw_rows(cx, |g, cx| g.amount(cx, true, depth.min(1)).text);
            return format!("{name} {side}{word} {{ {rows} }}");
        }
        let rows = self.draw_rows(cx, |g, cx| match g.r.below(4) {
            0 => g.item(cx, 0, true),
            1 => {
                let stars = &g.m.kinds[2].name;
                let stars = if g.zh { stars.zh.clone() } else { stars.en.clone() };
                let n = g.r.between(1, 90);
                format!("{stars} {}", g.lit(n, &Unit::Points))
            }
            _ => format!("{name} {side}{}", g.amount(cx, true, 0).text),
        });
        format!("{word} {{ {rows} }}")
    }

    fn draw_rows(&mut self, cx: &Cx, mut prize: impl FnMut(&mut Gen, &Cx) -> String) -> String {
        let weights = self.r.chance(35);
        let mut left = 100;
        let mut rows = Vec::new();
        let n = 1 + self.r.below(4);
        for i in 0..n {
            let last = i + 1 == n;
            let value = prize(self, cx);
            let colon = self.colon();
            if weights {
                rows.push(format!("{}{colon}{value}", self.r.between(1, 9_000)));
            } else if last && self.r.chance(30) {
                rows.push(format!("{left}%{colon}{value}"));
                left = 0;
            } else {
                let share = self.r.between(1, (left - 1).clamp(1, 30));
                left -= share;
                rows.push(format!("{share}%{colon}{value}"));
            }
        }
        if !weights && left > 0 {
            let rest = match self.r.chance(50) {
                true => self.k("nothing", "无").to_owned(),
                false => prize(self, cx),
            };
            rows.push(format!("{}{}{rest}", self.k("rest", "其余"), self.colon()));
        }
        rows.join(self.k("; ", "；"))
    }
}
