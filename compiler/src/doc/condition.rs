//! Conditions in words.

use super::Writer;
use super::words::say;
use crate::ast::CompareOp;
use crate::diagnostic::Lang;
use crate::hir::model::FactType;
use crate::hir::{Expr, ExprKind, Unit};

/// The days of the week.
const WEEKDAYS: [(&str, &str); 7] = [
    ("Monday", "星期一"),
    ("Tuesday", "星期二"),
    ("Wednesday", "星期三"),
    ("Thursday", "星期四"),
    ("Friday", "星期五"),
    ("Saturday", "星期六"),
    ("Sunday", "星期日"),
];

impl Writer<'_> {
    /// The conjuncts of a condition in the order written: the order in which they are tested.
    pub(super) fn conjuncts(&mut self, e: &Expr) -> Vec<String> {
        match &e.kind {
            ExprKind::And(a, b) => {
                let mut all = self.conjuncts(a);
                all.extend(self.conjuncts(b));
                all
            }
            _ => vec![self.condition(e)],
        }
    }

    /// `（1）…；（2）…`, or the one condition as it is.
    pub(super) fn all_of(&mut self, e: &Expr) -> String {
        let all = self.conjuncts(e);
        if let [one] = all.as_slice() {
            return one.clone();
        }
        let items: Vec<String> =
            (1..).zip(all).map(|(n, text): (u32, String)| say!(self, "({n}) {text}", "（{n}）{text}")).collect();
        items.join(&say!(self, "; ", "；"))
    }

    /// The same in one go, for a sentence that goes on.
    pub(super) fn together(&mut self, e: &Expr) -> String {
        let all = self.conjuncts(e);
        all.join(&say!(self, " and ", "且"))
    }

    /// One condition as half a sentence.
    pub(super) fn condition(&mut self, e: &Expr) -> String {
        match &e.kind {
            ExprKind::And(a, b) => {
                let (a, b) = (self.part(a), self.part(b));
                say!(self, "{a} and {b}", "{a}且{b}")
            }
            ExprKind::Or(a, b) => {
                let (a, b) = (self.part(a), self.part(b));
                say!(self, "{a} or {b}", "{a}或者{b}")
            }
            ExprKind::Not(a) => {
                let a = self.condition(a);
                say!(self, "it is not the case that ({a})", "并非（{a}）")
            }
            ExprKind::Compare(op, a, b) => self.compare(*op, a, b),
            ExprKind::IsIn(fact, ids, negated) => {
                let set = self.set(&fact.ty, ids);
                let tree = matches!(fact.ty, FactType::Region | FactType::Product);
                let fact = self.fact(fact);
                match (tree, negated) {
                    (true, false) => say!(self, "{fact} is in {set}", "{fact}属于{set}"),
                    (true, true) => say!(self, "{fact} is not in {set}", "{fact}不属于{set}"),
                    (false, false) => say!(self, "{fact} is {set}", "{fact}为{set}"),
                    (false, true) => say!(self, "{fact} is not {set}", "{fact}不为{set}"),
                }
            }
            ExprKind::Clock(from, until) => {
                let (from, until) = (self.time_of_day(*from), self.time_of_day(*until));
                say!(
                    self,
                    "the time of day is from {from} to just before {until}",
                    "当天时间在{from}（含）至{until}（不含）之间"
                )
            }
            ExprKind::Weekday(days) => {
                let name = |day: &u8| WEEKDAYS.get(usize::from(*day)).map(|(en, zh)| say!(self, "{en}", "{zh}"));
                let days: Vec<String> = days.iter().filter_map(name).collect();
                let days = days.join(&say!(self, " or ", "或"));
                say!(self, "the day is a {days}", "当天为{days}")
            }
            ExprKind::Same(one, two, negated) => {
                let (one, two) = (self.fact(one), self.fact(two));
                match negated {
                    false => say!(self, "{one} is the same as {two}", "{one}与{two}相同"),
                    true => say!(self, "{one} is not the same as {two}", "{one}与{two}不同"),
                }
            }
            ExprKind::Inside(inner, outer, negated) => {
                let (inner, outer) = (self.amount(inner), self.amount(outer));
                match negated {
                    false => say!(self, "{inner} is in {outer}", "{inner}属于{outer}"),
                    true => say!(self, "{inner} is not in {outer}", "{inner}不属于{outer}"),
                }
            }
            ExprKind::CellIn(cell, ids, negated) => {
                let ty = self.column(cell).map_or(FactType::Text, |column| column.ty.clone());
                let set = self.set(&ty, ids);
                let cell = self.data_cell(cell);
                match negated {
                    false => say!(self, "{cell} is in: {set}", "{cell}为{set}"),
                    true => say!(self, "{cell} is not in: {set}", "{cell}不为{set}"),
                }
            }
            ExprKind::Known(what, negated) => {
                let row = matches!(&what.kind, ExprKind::Cell(cell) if cell.column.is_none());
                let link = row || matches!(what.kind, ExprKind::Link(_));
                let what = self.amount(what);
                let new = what.strip_prefix("the ");
                match (link, negated) {
                    (true, false) => match new {
                        Some(new) => say!(self, "there is a {new}", "存在{new}"),
                        None => say!(self, "{what} exists", "存在{what}"),
                    },
                    (true, true) => match new {
                        Some(new) => say!(self, "there is no {new}", "不存在{new}"),
                        None => say!(self, "{what} does not exist", "不存在{what}"),
                    },
                    (false, false) => say!(self, "{what} is known", "{what}已知"),
                    (false, true) => say!(self, "{what} is unknown", "{what}未知"),
                }
            }
            ExprKind::Bool(true) => say!(self, "always", "任何情况"),
            ExprKind::Bool(false) => say!(self, "never", "任何情况都不"),
            ExprKind::Fact(_)
            | ExprKind::Number(..)
            | ExprKind::Date(..)
            | ExprKind::Today
            | ExprKind::Nothing
            | ExprKind::Link(_)
            | ExprKind::Binary(..)
            | ExprKind::RateOf(..)
            | ExprKind::PriceOf(..)
            | ExprKind::PackUnits(..)
            | ExprKind::ItemOf(..)
            | ExprKind::Measure(_)
            | ExprKind::Account(_)
            | ExprKind::Cell(_)
            | ExprKind::Table(..)
            | ExprKind::Tiers(..)
            | ExprKind::Draw(_)
            | ExprKind::Pool(..)
            | ExprKind::Quotient(..)
            | ExprKind::Random(..)
            | ExprKind::Clamp(..)
            | ExprKind::Per(..)
            | ExprKind::Error => {
                let value = self.amount(e);
                say!(self, "{value} is “yes”", "{value}为“是”")
            }
        }
    }

    /// A condition inside another one.
    fn part(&mut self, e: &Expr) -> String {
        let text = self.condition(e);
        match (&e.kind, self.lang) {
            (ExprKind::And(..) | ExprKind::Or(..), Lang::En) => format!("({text})"),
            (ExprKind::And(..) | ExprKind::Or(..), Lang::Zh) => format!("（{text}）"),
            _ => text,
        }
    }

    fn compare(&mut self, op: CompareOp, a: &Expr, b: &Expr) -> String {
        // A bare number is counted in what it is compared with.
        let right = match (&b.kind, self.unit_of(a)) {
            (ExprKind::Number(mantissa, scale, Unit::Plain), unit) if unit != Unit::Plain => {
                self.number(*mantissa, *scale, &unit)
            }
            _ => self.amount(b),
        };
        let left = self.amount(a);
        let dates = matches!(b.kind, ExprKind::Date(..) | ExprKind::Today);
        match (op, dates) {
            (CompareOp::AtLeast, true) => say!(self, "{left} is {right} or later", "{left}不早于{right}"),
            (CompareOp::Over, true) => say!(self, "{left} is after {right}", "{left}晚于{right}"),
            (CompareOp::Under, true) => say!(self, "{left} is before {right}", "{left}早于{right}"),
            (CompareOp::AtMost, true) => say!(self, "{left} is {right} or earlier", "{left}不晚于{right}"),
            (CompareOp::AtLeast, false) => say!(self, "{left} is at least {right}", "{left}不少于{right}"),
            (CompareOp::Over, false) => say!(self, "{left} is more than {right}", "{left}超过{right}"),
            (CompareOp::Under, false) => say!(self, "{left} is less than {right}", "{left}少于{right}"),
            (CompareOp::AtMost, false) => say!(self, "{left} is at most {right}", "{left}不超过{right}"),
            (CompareOp::MultipleOf, _) => {
                say!(self, "{left} is a whole multiple of {right}", "{left}为{right}的整数倍")
            }
            (CompareOp::Equals, _) => say!(self, "{left} equals {right}", "{left}等于{right}"),
        }
    }
}
