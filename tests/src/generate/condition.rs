//! Random conditions; what a condition proves to be known is used behind it.

use super::model::{Slot, Ty, Unit};
use super::scope::{Cx, Gen, Number, Text};

impl Gen {
    /// The text behind `where`: conjuncts, each of which may use what those before it prove.
    pub(super) fn conjunction(&mut self, cx: &mut Cx, most: usize) -> Option<String> {
        let mut parts = Vec::new();
        for _ in 0..self.r.below(most + 1) {
            if let Some(part) = self.conjunct(cx) {
                // Two tests of one thing tend to exclude each other.
                if let Some(name) = part.split(' ').next() {
                    let name = name.to_owned();
                    let tested = |s: &Slot| s.spell(self.zh) == name && !matches!(s.ty, Ty::Party(_) | Ty::Entity(_));
                    if self.r.chance(90) {
                        cx.tested.extend(cx.slots.iter().filter(|s| tested(s)).map(Slot::key));
                    }
                }
                parts.push(part);
            }
        }
        cx.tested.clear();
        let and = self.k(" and ", " 且 ");
        (!parts.is_empty()).then(|| parts.join(and))
    }

    fn conjunct(&mut self, cx: &mut Cx) -> Option<String> {
        let unknown: Vec<Slot> = cx.slots.iter().filter(|s| !cx.is_known(s)).cloned().collect();
        if let (Some(slot), true) = (self.r.any(&unknown).cloned(), self.r.chance(45)) {
            return Some(self.about_unknown(cx, &slot));
        }
        let unproven: Vec<String> = cx.links.iter().filter(|l| !cx.known.contains(l)).cloned().collect();
        if let (Some(link), true) = (self.r.any(&unproven).cloned(), self.r.chance(60)) {
            cx.known.push(link.clone());
            return Some(format!("{link} {}", self.k("is known", "已知")));
        }
        match self.r.below(10) {
            0 | 1 => {
                let (a, b) = (self.test(cx)?, self.test(cx)?);
                Some(format!("({a} {} {b})", self.k("or", "或")))
            }
            2 => {
                let a = self.test(cx)?;
                Some(format!("{} ({a})", self.k("not", "非")))
            }
            3 => {
                let (a, b) = (self.test(cx)?, self.test(cx)?);
                Some(format!("{} ({a} {} {b})", self.k("not", "非"), self.k("and", "且")))
            }
            _ => self.test(cx),
        }
    }

    /// `x is known`, or a disjunction that reads x only where it is known.
    fn about_unknown(&mut self, cx: &mut Cx, slot: &Slot) -> String {
        let path = self.s(slot);
        if self.r.chance(65) {
            cx.known.extend(slot.needs.iter().cloned());
            return format!("{path} {}", self.k("is known", "已知"));
        }
        let mut inside = cx.clone();
        inside.known.extend(slot.needs.iter().cloned());
        match self.slot_test(&inside, slot) {
            Some(test) if self.r.chance(50) => {
                format!("({path} {} {} {test})", self.k("is unknown", "未知"), self.k("or", "或"))
            }
            Some(test) => {
                cx.known.extend(slot.needs.iter().cloned());
                format!("{path} {} {} {test}", self.k("is known", "已知"), self.k("and", "且"))
            }
            None => format!("{path} {}", self.k("is unknown", "未知")),
        }
    }

    /// A test of something known.
    pub(super) fn test(&mut self, cx: &Cx) -> Option<String> {
        if self.r.chance(10)
            && let Some(test) = self.identity_test(cx)
        {
            return Some(test);
        }
        if self.r.chance(35) {
            let number = self.number(cx).filter(|n| !n.text.text.ends_with('价') && !n.text.text.ends_with(" price"));
            if let Some(number) = number {
                return Some(self.compare(&number));
            }
        }
        if self.r.chance(6) {
            return Some(self.clock_test());
        }
        let testable = |ty: &Ty| !matches!(ty, Ty::Text | Ty::Party(_) | Ty::Entity(_) | Ty::Code(_));
        let mut slots = cx.known_slots(testable);
        slots.retain(|s| !cx.tested.contains(&s.key()));
        match self.r.any(&slots).cloned() {
            Some(slot) => self.slot_test(cx, &slot),
            None => Some(self.today_test()),
        }
    }

    fn today_test(&mut self) -> String {
        let op = *self.r.pick(&[("at least", "至少"), ("under", "低于"), ("over", "超过"), ("at most", "至多")]);
        let date = self.date();
        format!("{} {} {date}", self.k("today", "当天"), self.k(op.0, op.1))
    }

    /// Hours of the day, or days of the week.
    fn clock_test(&mut self) -> String {
        if self.r.chance(50) {
            let days = [("Monday", "周一"), ("Wednesday", "周三"), ("Saturday", "周六"), ("Sunday", "周日")];
            let some: Vec<&str> = self.r.some(&days, 1).iter().map(|(en, zh)| self.k(en, zh)).collect();
            let or = format!(" {} ", self.k("or", "或"));
            return format!("{} {} {}", self.k("weekday", "星期"), self.k("is", "为"), some.join(&or));
        }
        let (from, until) = (self.r.below(20), 21 + self.r.below(4));
        let clock = self.k("time of day", "时刻");
        format!("{clock} {} {from:02}:30 {} {until}:00", self.k("in", "属于"), self.k("..", "至"))
    }

    fn slot_test(&mut self, cx: &Cx, slot: &Slot) -> Option<String> {
        let path = self.s(slot);
        Some(match &slot.ty {
            Ty::YesNo => match self.r.below(3) {
                0 => path,
                1 => format!("{path} {} {}", self.k("is", "为"), self.k("yes", "是")),
                _ => format!("{path} {} {}", self.k("is not", "不为"), self.k("yes", "是")),
            },
            Ty::OneOf(values) => {
                let values = values.clone();
                let mut some = self.r.some(&values, 1);
                if some.len() == values.len() {
                    some.pop();
                }
                let word = |n: &super::model::Name| if self.zh { n.zh.clone() } else { n.en.clone() };
                let some: Vec<String> = some.iter().map(word).collect();
                let or = format!(" {} ", self.k("or", "或"));
                let is = if self.r.chance(75) { self.k("is", "为") } else { self.k("is not", "不为") };
                format!("{path} {is} {}", some.join(&or))
            }
            Ty::Number(lo, hi, unit) => {
                let number = Number { text: Text::simple(path), unit: unit.clone(), range: (*lo, *hi) };
                self.compare(&number)
            }
            Ty::Date => {
                if self.r.chance(30) {
                    let days = self.lit(self.r.clone().between(0, 2_000), &Unit::Days);
                    return Some(format!("{} - {path} {} {days}", self.k("today", "当天"), self.k("at least", "至少")));
                }
                let op = *self.r.pick(&[("at least", "至少"), ("under", "低于"), ("equals", "等于")]);
                let date = self.date();
                format!("{path} {} {date}", self.k(op.0, op.1))
            }
            Ty::Instant => {
                let op = *self.r.pick(&[("at least", "至少"), ("under", "低于")]);
                let date = self.date();
                format!("{path} {} {date} 10:30", self.k(op.0, op.1))
            }
            Ty::Region => {
                let regions: Vec<Slot> = cx.known_slots(|ty| *ty == Ty::Region);
                let set = match self.r.any(&regions).cloned() {
                    Some(other) if self.r.chance(40) => self.s(&other),
                    _ => self.region_set(1),
                };
                format!(
                    "{path} {} {set}",
                    if self.r.chance(80) { self.k("in", "属于") } else { self.k("not in", "不属于") }
                )
            }
            Ty::Product => {
                let set = self.product_set(1);
                format!(
                    "{path} {} {set}",
                    if self.r.chance(80) { self.k("in", "属于") } else { self.k("not in", "不属于") }
                )
            }
            Ty::Text | Ty::Party(_) | Ty::Entity(_) | Ty::Code(_) => return self.any_number_test(cx),
        })
    }

    fn any_number_test(&mut self, cx: &Cx) -> Option<String> {
        let number = self.number(cx)?;
        Some(self.compare(&number))
    }

    fn compare(&mut self, number: &Number) -> String {
        let ops = [("at least", "至少"), ("over", "超过"), ("under", "低于"), ("at most", "至多"), ("equals", "等于")];
        let op = *self.r.pick(&ops);
        let (lo, hi) = number.range;
        // Away from the ends, where a test would always or never hold.
        let bound = self.r.between((lo + 1).min(hi), (hi - 1).max(lo));
        let text = match &number.text {
            t if t.simple => t.text.clone(),
            t => t.text.clone(),
        };
        format!("{text} {} {}", self.k(op.0, op.1), self.lit(bound, &number.unit))
    }
}
