//! Pools, shares, remainders, portions and quotients.

use super::amount::ROUNDS;
use super::history::WINNER;
use super::model::{Slot, Ty, Unit};
use super::scope::{Cx, Gen, Number, Text};

impl Gen {
    /// `, if unknown: …` where the payee may be.
    pub(super) fn if_unknown(&mut self, cx: &Cx, payee: &Slot) -> String {
        if cx.is_known(payee) {
            return String::new();
        }
        let known = cx.known_slots(|ty| matches!(ty, Ty::Party(_)));
        let to = self.r.any(&known).cloned();
        let answer = match to {
            Some(to) if self.r.chance(40) => format!("{} {}", self.k("to", "归"), self.s(&to)),
            // By then another would be drawn.
            _ if payee.path[0].en != WINNER && self.r.chance(35) => self.hold(),
            _ => self.k("skip", "跳过").to_owned(),
        };
        format!("{}{}{}{answer}", self.comma(), self.k("if unknown", "未知"), self.colon())
    }

    /// `hold 3 days then skip`
    pub(super) fn hold(&mut self) -> String {
        let (en, zh) = *self.r.pick(&[("2 hours", "2 小时"), ("3 days", "3 天"), ("30 days", "30 天")]);
        match self.zh {
            true => format!("等待 {zh}，然后 跳过"),
            false => format!("hold {en} then skip"),
        }
    }

    /// A `give` of a small pool, so that streams use it up.
    pub(super) fn pool_give(&mut self, cx: &Cx) -> Option<String> {
        let parties: Vec<Slot> = cx.slots.iter().filter(|s| matches!(s.ty, Ty::Party(_))).cloned().collect();
        let payee = self.r.any(&parties)?.clone();
        let kind = self.m.kinds[self.r.below(2)].clone();
        let side = if kind.taxed { self.k("net ", "税后 ") } else { "" };
        let kind = if self.zh { kind.name.zh } else { kind.name.en };
        let stars = &self.m.kinds[2].name;
        let stars = if self.zh { stars.zh.clone() } else { stars.en.clone() };
        let (colon, n) = (self.colon(), 1 + self.r.below(3));
        let (mut rows, mut total) = (Vec::new(), 0);
        for _ in 0..n {
            let tickets = self.r.between(1, 3);
            total += tickets;
            let prize = match self.r.below(3) {
                0 => format!("{stars} {}", self.lit(7, &Unit::Points)),
                _ => format!("{kind} {side}{}", self.money_lit(0, 1)),
            };
            rows.push(format!("{tickets}{colon}{prize}"));
        }
        if self.r.chance(60) {
            total += self.r.between(1, 5);
            rows.push(format!("{}{colon}{}", self.k("rest", "其余"), self.k("nothing", "无")));
        }
        let (pool, rows) = (self.k("pool of", "奖池"), rows.join(self.k("; ", "；")));
        let end = if self.r.chance(50) { self.k("nothing", "无") } else { self.k("stop", "停止") };
        let end = format!("{}{}{colon}{end}", self.comma(), self.k("when used up", "用完"));
        let unknown = self.if_unknown(cx, &payee);
        Some(format!("{} {} {pool} {total} {{ {rows} }}{end}{unknown}", self.k("give", "奖励"), self.s(&payee)))
    }

    /// A `share` of money or points.
    pub(super) fn share(&mut self, cx: &Cx) -> Option<String> {
        let parties: Vec<Slot> = cx.slots.iter().filter(|s| matches!(s.ty, Ty::Party(_))).cloned().collect();
        let kinds: Vec<_> = self.m.kinds.iter().filter(|k| k.money || !cx.money_only).cloned().collect();
        let kind = self.r.pick(&kinds).clone();
        let side = if kind.taxed { self.k("gross ", "税前 ") } else { "" };
        let value = self.amount(cx, kind.money, 1).tight();
        let name = if self.zh { kind.name.zh } else { kind.name.en };
        let n = 1 + self.r.below(3);
        let rest = self.r.below(n);
        let mut rows = Vec::new();
        for i in 0..n {
            let payee = self.r.any(&parties)?.clone();
            let part = match i == rest {
                true => self.k("rest", "其余").to_owned(),
                false => self.rate_lit(),
            };
            rows.push(format!("{}{}{part}{}", self.s(&payee), self.colon(), self.if_unknown(cx, &payee)));
        }
        Some(format!("{} {name} {side}{value} {{ {} }}", self.k("share", "分润"), rows.join(self.k("; ", "；"))))
    }

    /// `if …: half` and the like.
    pub(super) fn adjust(&mut self, cx: &Cx, pieces: bool) -> Option<String> {
        let effect = match if pieces { 0 } else { self.r.below(4) } {
            0 => self.k("cancel all", "全部取消").to_owned(),
            1 => self.k("half", "减半").to_owned(),
            _ => format!("{} {}", self.k("minus", "扣减"), self.rate_lit()),
        };
        let test = self.test(cx)?;
        Some(format!("{} ({test}){}{effect}", self.k("if", "若"), self.colon()))
    }

    /// `, pay next month`
    pub(super) fn term(&mut self) -> String {
        let days = self.r.between(1, 40);
        let term = match self.r.below(12) {
            0 => self.k("pay next month", "次月 支付").to_owned(),
            1 if self.zh => format!("{days} 天内 支付"),
            1 => format!("pay within {days} days"),
            2 if self.zh => format!("{days} 个工作日内 支付"),
            2 => format!("pay within {days} working days"),
            _ => return String::new(),
        };
        format!("{}{term}", self.comma())
    }

    /// ` rounded down`, always where the value may be multiplied later, and of points: they have no rounding of the channel's
    /// to fall back on.
    fn rounding(&mut self, cx: &Cx, unit: &Unit) -> String {
        if !cx.in_let && *unit != Unit::Points && self.r.chance(40) {
            return String::new();
        }
        let round = *self.r.pick(ROUNDS);
        format!(" {}", self.k(round.0, round.1))
    }

    fn counted(&mut self, cx: &Cx) -> Option<Number> {
        (0..6).filter_map(|_| self.number(cx)).find(|n| n.unit != Unit::Rate && n.unit != Unit::Plain)
    }

    /// `0.125 yuan per 3 tables of x rounded down`
    pub(super) fn portion(&mut self, cx: &Cx, unit: &Unit) -> Option<Text> {
        let counted = self.counted(cx)?;
        let step = self.r.between(1, counted.range.1.max(2));
        let step = self.lit(step, &counted.unit);
        let amount =
            format!("{}.{:03}{}", self.r.between(0, 3), self.r.between(1, 999), super::model::suffix(unit, self.zh));
        let full = if self.r.chance(40) { self.k("full ", "满") } else { "" };
        let path = counted.text.tight();
        let round = self.rounding(cx, unit);
        Some(Text::long(match self.zh {
            true => format!("按 {path} 每{full} {step} {amount}{round}"),
            false => format!("{amount} per {full}{step} of {path}{round}"),
        }))
    }

    /// `5 yuan * a / (b floored at 1 table) rounded up`
    pub(super) fn quotient(&mut self, cx: &Cx, unit: &Unit) -> Option<Text> {
        let above = self.counted(cx)?;
        let below = (0..6).filter_map(|_| self.number(cx)).find(|n| n.unit == above.unit)?;
        let n = self.r.between(1, 9);
        let (amount, one) = (self.lit(n, unit), self.lit(1, &below.unit));
        let floor = self.k("floored at", "保底");
        let by = format!("({} {floor} {one})", below.text.tight());
        Some(Text::long(format!("{amount} * {} / {by}{}", above.text.tight(), self.rounding(cx, unit))))
    }

    /// `3 yuan per full 10 tables of x, remainder over 4 tables: 1 yuan`
    pub(super) fn remainder(&mut self, cx: &Cx, unit: &Unit) -> Option<Text> {
        let counted = self.counted(cx)?;
        let step = self.r.between(3, (counted.range.1 / 2).max(4));
        let bound = self.r.between(1, step - 2);
        let (n, more) = (self.r.between(1, 9), self.r.between(1, 9));
        let (amount, more) = (self.lit(n, unit), self.lit(more, unit));
        let (step, bound) = (self.lit(step, &counted.unit), self.lit(bound, &counted.unit));
        let word = if self.r.chance(50) { self.k("over", "超过") } else { self.k("from", "达到") };
        let (comma, colon, path) = (self.comma(), self.colon(), counted.text.tight());
        Some(Text::long(match self.zh {
            true => format!("按 {path} 每满 {step} {amount}{comma}余数 {word} {bound}{colon}{more}"),
            false => format!("{amount} per full {step} of {path}{comma}remainder {word} {bound}{colon}{more}"),
        }))
    }
}
