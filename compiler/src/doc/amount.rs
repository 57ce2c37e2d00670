//! Amounts in words. What has rows becomes a table the sentence refers to.

use super::Writer;
use super::words::{condition, say};
use crate::ast::{ArithOp, ClampOp, PerStep, RewardClass, Rounding, TaxSide, TierMode};
use crate::hir::model::round;
use crate::hir::{Expr, ExprKind, Per, Remainder, Reward, Unit};

/// The kind and tax side a prize inherits from the `give` around its draw.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Given {
    /// Index of the kind.
    pub(super) kind: Option<usize>,
    /// Net or gross.
    pub(super) tax_side: Option<TaxSide>,
}

impl Writer<'_> {
    /// What is given: `红包（税后）8.80元`.
    pub(super) fn reward(&mut self, reward: &Reward, outer: Given) -> String {
        let given = match reward.kind {
            None => Given { kind: outer.kind, tax_side: reward.tax_side.or(outer.tax_side) },
            Some(_) => Given { kind: reward.kind, tax_side: reward.tax_side },
        };
        if matches!(reward.value.kind, ExprKind::Nothing) {
            return say!(self, "nothing", "无");
        }
        // Rows of a draw may have kinds of their own; they inherit this one.
        let before = std::mem::replace(&mut self.given, given);
        let amount = self.amount(&reward.value);
        self.given = before;
        let kind = given.kind.and_then(|k| self.package.model.kinds.get(k));
        let Some(kind) = kind.map(|k| self.name(&k.name)) else { return amount };
        self.kinds.extend(given.kind);
        self.sides.extend(given.kind.zip(given.tax_side).map(|(kind, side)| (kind, side == TaxSide::Net)));
        let side = match given.tax_side {
            None => String::new(),
            Some(TaxSide::Net) => say!(self, " (net of tax)", "（税后）"),
            Some(TaxSide::Gross) => say!(self, " (before tax)", "（税前）"),
        };
        match &reward.value.kind {
            // `10 points` of the kind points says it already.
            ExprKind::Number(..) if side.is_empty() && amount.ends_with(kind.trim_end_matches('s')) => amount,
            ExprKind::Number(..) | ExprKind::ItemOf(..) => say!(self, "{kind}{side} {amount}", "{kind}{side}{amount}"),
            _ => say!(self, "{kind}{side}, namely {amount}", "{kind}{side}，数额为{amount}"),
        }
    }

    /// An amount, or any other value.
    pub(super) fn amount(&mut self, e: &Expr) -> String {
        match &e.kind {
            ExprKind::Number(mantissa, scale, unit) => self.number(*mantissa, *scale, unit),
            ExprKind::Date(day, false) => self.day(*day),
            ExprKind::Date(second, true) => self.instant(*second, false),
            ExprKind::Bool(true) => say!(self, "yes", "是"),
            ExprKind::Bool(false) => say!(self, "no", "否"),
            ExprKind::Today => say!(self, "the day of the event", "事件当天的日期"),
            ExprKind::Nothing => say!(self, "nothing", "无"),
            ExprKind::Fact(fact) => self.fact(fact),
            ExprKind::Link(link) => self.link(link),
            ExprKind::Measure(measure) => self.measure(measure),
            ExprKind::Account(account) => self.account(account),
            ExprKind::Cell(cell) => self.data_cell(cell),
            ExprKind::Binary(op, a, b) => {
                let (a, b) = match op {
                    ArithOp::Add => (self.amount(a), self.amount(b)),
                    ArithOp::Sub => (self.amount(a), self.factor(b)),
                    ArithOp::Mul => (self.factor(a), self.factor(b)),
                };
                let op = match op {
                    ArithOp::Add => '+',
                    ArithOp::Sub => '−',
                    ArithOp::Mul => '×',
                };
                format!("{a} {op} {b}")
            }
            ExprKind::RateOf(rate, base, rounding) => {
                let (rate, base) = (self.factor(rate), self.factor(base));
                let rounding = self.rounded(*rounding);
                say!(self, "{rate} of {base}{rounding}", "{base}的{rate}{rounding}")
            }
            ExprKind::PriceOf(pack, _) => {
                let pack = self.package.model.packs.get(*pack).map(|p| self.name(p)).unwrap_or_default();
                say!(self, "the catalogue price of this product per {pack}", "该产品每{pack}的目录价")
            }
            ExprKind::PackUnits(inner, outer, _) => {
                let name = |i: usize| self.package.model.packs.get(i).map(|p| p.name.clone()).unwrap_or_default();
                let (inner, outer) = (self.unit(&name(*inner), false), self.unit(&name(*outer), true));
                say!(self, "the number of {inner} in a {outer} of this product", "该产品每{outer}所含{inner}数")
            }
            ExprKind::ItemOf(count, name, coupon, price) => self.item(count, name, *coupon, *price),
            ExprKind::Table(fact, rows, rest, _) => self.fact_table(fact, rows, rest.as_deref()),
            ExprKind::Tiers(measure, part_of, mode, rows) => self.tiers(measure, part_of.as_deref(), *mode, rows),
            ExprKind::Draw(rows) => self.draw(rows),
            ExprKind::Random(lo, hi, step) => {
                self.drawn = true;
                let (lo, hi, step) = (self.amount(lo), self.amount(hi), self.amount(step));
                say!(
                    self,
                    "a random amount from {lo} to {hi} in steps of {step}, every step equally likely",
                    "{lo}至{hi}之间的随机金额，以{step}为一档，各档机会均等"
                )
            }
            ExprKind::Clamp(value, op, bound) => {
                let (value, bound) = (self.factor(value), self.amount(bound));
                match op {
                    ClampOp::Cap => say!(self, "{value}, but at most {bound}", "{value}（最高不超过{bound}）"),
                    ClampOp::Floor => say!(self, "{value}, but at least {bound}", "{value}（最低不少于{bound}）"),
                }
            }
            ExprKind::Per(per) => self.per(per),
            ExprKind::Quotient(value, by, rounding) => {
                let (value, by, rounding) = (self.factor(value), self.factor(by), self.rounded(*rounding));
                format!("{value} ÷ {by}{rounding}")
            }
            ExprKind::Pool(size, rows, used_up, _) => self.pool(size, rows, *used_up),
            condition!() => self.condition(e),
            // A package with one is not checked, and only a checked one is worded.
            ExprKind::Error => String::new(),
        }
    }

    /// An amount as a part of a formula: in brackets where the words would run together.
    pub(super) fn factor(&mut self, e: &Expr) -> String {
        let text = self.amount(e);
        match &e.kind {
            ExprKind::Tiers(_, _, Some(TierMode::Whole | TierMode::Marginal), _)
            | ExprKind::Binary(..)
            | ExprKind::Per(..)
            | ExprKind::Quotient(..)
            | ExprKind::Clamp(..)
            | ExprKind::RateOf(..)
            | ExprKind::Random(..)
            | condition!() => say!(self, "({text})", "（{text}）"),
            ExprKind::Number(..)
            | ExprKind::Date(..)
            | ExprKind::Bool(_)
            | ExprKind::Today
            | ExprKind::Nothing
            | ExprKind::Fact(_)
            | ExprKind::Link(_)
            | ExprKind::Measure(_)
            | ExprKind::Account(_)
            | ExprKind::Cell(_)
            | ExprKind::PriceOf(..)
            | ExprKind::PackUnits(..)
            | ExprKind::ItemOf(..)
            | ExprKind::Table(..)
            | ExprKind::Tiers(..)
            | ExprKind::Draw(_)
            | ExprKind::Pool(..)
            | ExprKind::Error => text,
        }
    }

    fn rounded(&self, rounding: Option<Rounding>) -> String {
        let Some(rounding) = rounding else { return String::new() };
        let how = self.rounding(round(rounding));
        say!(self, " (rounded {how})", "（{how}）")
    }

    /// `1份红葡萄酒（RED-WINE）`
    fn item(&mut self, count: &Expr, name: &str, coupon: bool, price: i64) -> String {
        let count = self.factor(count);
        if coupon {
            let item = self.coupon(name);
            return say!(self, "{count} of the coupon {item}", "{count}张{item}");
        }
        let item = self.thing_given(name, false);
        let price = self.money(price);
        say!(self, "{count} of {item}, catalogue price {price} each", "{count}份{item}，每份目录价{price}，")
            .trim_end_matches('，')
            .to_owned()
    }

    /// `“满 75 元赠 1 罐”（CAN1）`
    pub(super) fn coupon(&mut self, name: &str) -> String {
        let title = self.package.coupons.iter().find(|c| c.name == name).and_then(|c| c.title.clone());
        match title {
            Some(title) => say!(self, "“{title}” ({name})", "“{title}”（{name}）"),
            None => name.to_owned(),
        }
    }

    fn per(&mut self, per: &Per) -> String {
        let Per { amount, step, counted, remainder, rounding } = per;
        let unit = self.unit_of(counted);
        let (amount, counted) = (self.factor(amount), self.amount(counted));
        let mut text = match step {
            Some(((mantissa, scale, written), how)) => {
                let unit = if *written == Unit::Plain { unit } else { written.clone() };
                let step = self.number(*mantissa, *scale, &unit);
                match how {
                    PerStep::Full => say!(
                        self,
                        "{amount} for every full {step} of {counted} (an incomplete part does not count)",
                        "{counted}每满{step}得{amount}（不满的部分不计）"
                    ),
                    PerStep::Part => say!(
                        self,
                        "{amount} for every {step} of {counted}, and in proportion for a part of it",
                        "{counted}每{step}得{amount}，不足的部分按比例计"
                    ),
                }
            }
            None => {
                let one = self.number(1, 0, &unit);
                say!(self, "{amount} for each {one} of {counted}", "{counted}每{one}得{amount}")
            }
        };
        text.push_str(&self.rounded(*rounding));
        if let Some(Remainder { strict, bound: (mantissa, scale, unit), value, at: _ }) = remainder {
            let (bound, value) = (self.number(*mantissa, *scale, unit), self.amount(value));
            text.push_str(&match strict {
                true => say!(
                    self,
                    "; a remainder of more than {bound} gives {value} as well",
                    "；余数超过{bound}的，另得{value}"
                ),
                false => say!(
                    self,
                    "; a remainder of {bound} or more gives {value} as well",
                    "；余数达到{bound}的，另得{value}"
                ),
            });
        }
        text
    }

    /// What a value is counted in, for bounds and rows that do not say it again.
    pub(super) fn unit_of(&self, e: &Expr) -> Unit {
        use crate::hir::model::FactType;
        use crate::ir::schema::NumberUnit;
        let of_fact = |ty: &FactType| match ty {
            FactType::Number { unit, .. } => match unit {
                NumberUnit::Fen => Unit::Money,
                NumberUnit::Points => Unit::Points,
                NumberUnit::BasisPoints => Unit::Rate,
                NumberUnit::Thing(name) => Unit::Thing(name.clone()),
                NumberUnit::Plain => Unit::Plain,
            },
            _ => Unit::Plain,
        };
        match &e.kind {
            ExprKind::Number(_, _, unit) => unit.clone(),
            ExprKind::Fact(fact) => of_fact(&fact.ty),
            ExprKind::Measure(m) => m.add.as_ref().map_or(Unit::Times, |fact| of_fact(&fact.ty)),
            ExprKind::Cell(cell) => self.column(cell).map_or(Unit::Plain, |column| of_fact(&column.ty)),
            ExprKind::Account(account) => match self.package.model.kinds.get(account.kind).and_then(|k| k.class) {
                Some(RewardClass::Money) => Unit::Money,
                Some(RewardClass::Points) => Unit::Points,
                None => Unit::Plain,
            },
            ExprKind::PriceOf(..) => Unit::Money,
            ExprKind::PackUnits(inner, _, _) => {
                self.package.model.packs.get(*inner).map_or(Unit::Plain, |p| Unit::Thing(p.name.clone()))
            }
            ExprKind::Binary(ArithOp::Add | ArithOp::Sub, a, _) | ExprKind::Clamp(a, ..) => self.unit_of(a),
            ExprKind::Binary(ArithOp::Mul, a, b) => match self.unit_of(a) {
                Unit::Plain => self.unit_of(b),
                unit => unit,
            },
            ExprKind::RateOf(_, base, _) | ExprKind::Quotient(base, ..) => self.unit_of(base),
            _ => Unit::Plain,
        }
    }
}
