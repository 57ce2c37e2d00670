//! Expressions. A level says how tightly the place binds; a weaker expression there gets parentheses.

use super::Fmt;
use crate::ast::{
    ArithOp, Chance, ClampOp, DrawRow, Expr, ExprKind, Name, Number, PerStep, PoolEnd, Remainder, Reward, Rounding,
    TableRow, TaxSide, TierMode, TierRow, Unit,
};
use promo_grammar::names::is_bare;

/// How tightly an expression binds, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Or,
    And,
    Not,
    Test,
    Sum,
    Product,
    /// Caps and per-units: after a term, or in parentheses.
    Suffix,
    /// A rate with its rounding.
    Rounded,
    /// `a of b`
    Of,
    Primary,
}

impl Level {
    pub(super) fn tighter(self) -> Level {
        match self {
            Level::Or => Level::And,
            Level::And => Level::Not,
            Level::Not => Level::Test,
            Level::Test => Level::Sum,
            Level::Sum => Level::Product,
            Level::Product => Level::Suffix,
            Level::Suffix => Level::Rounded,
            Level::Rounded => Level::Of,
            Level::Of | Level::Primary => Level::Primary,
        }
    }
}

impl Fmt<'_> {
    fn level(&self, e: &Expr) -> Level {
        match &e.kind {
            ExprKind::Or(..) => Level::Or,
            ExprKind::And(..) => Level::And,
            ExprKind::Not(_) => Level::Not,
            ExprKind::Compare(..)
            | ExprKind::IsOneOf { .. }
            | ExprKind::SameAs { .. }
            | ExprKind::Known { .. }
            | ExprKind::In { .. }
            | ExprKind::Inside { .. } => Level::Test,
            ExprKind::Binary(ArithOp::Add | ArithOp::Sub, ..) => Level::Sum,
            ExprKind::Binary(ArithOp::Mul, ..) | ExprKind::Quotient { .. } => Level::Product,
            ExprKind::Clamp { .. } => Level::Suffix,
            // in Chinese the unit stands before the amount and would take in a product after it
            ExprKind::Per { .. } if self.zh() => Level::Sum,
            ExprKind::Per { .. } => Level::Suffix,
            ExprKind::RateOf { rounding: Some(_), .. } => Level::Rounded,
            ExprKind::RateOf { .. } | ExprKind::ItemOf { .. } => Level::Of,
            _ => Level::Primary,
        }
    }

    /// An expression where a level is wanted.
    pub(super) fn expr(&mut self, e: &Expr, at: Level) {
        if self.level(e) < at {
            self.in_parentheses(e);
        } else {
            self.expr_bare(e, false);
        }
    }

    pub(super) fn in_parentheses(&mut self, e: &Expr) {
        self.put("(");
        self.expr_bare(e, false);
        self.put(")");
    }

    /// An operand; in a flat place only what has no block and no suffix stands without parentheses.
    fn operand(&mut self, e: &Expr, at: Level, flat: bool) {
        let not_flat = matches!(
            e.kind,
            ExprKind::Table { .. }
                | ExprKind::Tiers { .. }
                | ExprKind::Draw(_)
                | ExprKind::Pool { .. }
                | ExprKind::Random { .. }
                | ExprKind::Quotient { rounding: Some(_), .. }
                | ExprKind::Per { .. }
                | ExprKind::Clamp { .. }
                | ExprKind::RateOf { rounding: Some(_), .. }
        );
        if self.level(e) < at || (flat && not_flat) {
            self.in_parentheses(e);
        } else {
            self.expr_bare(e, flat);
        }
    }

    /// What stands after `by`, as a bound, or as the target: arithmetic of simple values.
    fn flat(&mut self, e: &Expr) {
        self.operand(e, Level::Sum, true);
    }

    /// One number, name or price, else parentheses.
    pub(super) fn simple(&mut self, e: &Expr) {
        match e.kind {
            ExprKind::Number(_) | ExprKind::Path(_) | ExprKind::Lookup(_) | ExprKind::PriceOf(_) => {
                self.expr_bare(e, true)
            }
            _ => self.in_parentheses(e),
        }
    }

    fn expr_bare(&mut self, e: &Expr, flat: bool) {
        match &e.kind {
            ExprKind::Number(n) => self.number(n),
            ExprKind::Date(d) => self.datetime(d),
            ExprKind::Yes => self.kw("yes"),
            ExprKind::No => self.kw("no"),
            ExprKind::Path(p) => self.path(p),
            ExprKind::Today => self.kw("today"),
            ExprKind::Clock { from, until } => self.clock(*from, *until),
            ExprKind::Weekday(days) => self.weekday(days),
            ExprKind::Nothing => self.kw("nothing"),
            ExprKind::Binary(op, l, r) => self.binary(*op, l, r, flat),
            ExprKind::RateOf { rate, base, rounding } => self.rate_of(rate, base, *rounding, flat),
            ExprKind::PriceOf(pack) => self.price_of(pack),
            ExprKind::ItemOf { count, item } => {
                self.operand(count, Level::Primary, flat);
                match (&count.kind, self.zh()) {
                    (ExprKind::Number(n), false) if !matches!(n.unit, Unit::Percent | Unit::Permille) => {
                        self.kw_between("of");
                    }
                    _ => self.kw_between("item_of"),
                }
                self.own(item);
            }
            ExprKind::Measure(m) => self.measure(m),
            ExprKind::Account(a) => self.account(a),
            ExprKind::Link(l) => self.link(l),
            ExprKind::Drawn(d) => self.drawn(d),
            ExprKind::Lookup(l) => self.lookup(l),
            ExprKind::Table { by, rows, default } => {
                self.kw("by");
                self.put(" ");
                self.path(by);
                self.table_rows(rows, default.as_deref(), e.span.end.saturating_sub(1));
            }
            ExprKind::Tiers { measure, part_of, mode, rows } => {
                self.kw("by");
                self.put(" ");
                self.flat(measure);
                if let Some(target) = part_of {
                    self.kw_between("part_of");
                    self.flat(target);
                }
                if let Some(mode) = mode {
                    self.put(" ");
                    self.kw(match mode {
                        TierMode::Whole => "whole",
                        TierMode::Marginal => "marginal",
                        TierMode::Highest => "highest",
                        TierMode::Each => "each",
                    });
                }
                self.block(rows, |r| r.span, e.span.end.saturating_sub(1), Self::tier_row);
            }
            ExprKind::Draw(rows) => {
                self.kw("draw");
                self.block(rows, |r| r.span, e.span.end.saturating_sub(1), Self::draw_row);
            }
            ExprKind::Pool { size, rows, used_up } => {
                self.kw("pool");
                self.put(" ");
                self.number(size);
                let end = used_up.map_or(e.span.end, |(_, at)| at.start);
                let brace = self.text.get(..end as usize).and_then(|t| t.rfind(['}', '｝'])).unwrap_or_default();
                self.block(rows, |r| r.span, u32::try_from(brace).unwrap_or(end), Self::draw_row);
                if let Some((used_up, _)) = used_up {
                    self.answer("used_up", if *used_up == PoolEnd::Stop { "stop" } else { "nothing" });
                }
            }
            ExprKind::Quotient { value, by, rounding } => {
                self.operand(value, Level::Product, flat);
                self.put(" / ");
                self.operand(by, Level::Rounded, flat);
                self.rounding(*rounding);
            }
            ExprKind::Random { lo, hi, step } => {
                self.kw("random");
                self.put(" ");
                self.simple(lo);
                self.put(if self.zh() { " 至 " } else { " .. " });
                self.simple(hi);
                self.kw_between("step");
                self.simple(step);
            }
            ExprKind::Clamp { value, op, bound } => {
                // a per-unit may be capped without parentheses in either order of words
                if ends_in_remainder(value) {
                    self.in_parentheses(value);
                } else if matches!(value.kind, ExprKind::Per { .. }) {
                    self.expr_bare(value, false);
                } else {
                    self.expr(value, Level::Suffix);
                }
                self.kw_between(if *op == ClampOp::Cap { "capped" } else { "floored" });
                self.simple(bound);
            }
            ExprKind::Per { amount, step, unit, of, rounding, remainder } => {
                self.per(amount, step.as_ref(), unit.as_ref(), of.as_deref());
                if let Some(remainder) = remainder {
                    self.remainder(remainder);
                }
                self.rounding(*rounding);
            }
            ExprKind::And(l, r) => self.both_or_either("and", Level::And, l, r),
            ExprKind::Or(l, r) => self.both_or_either("or", Level::Or, l, r),
            ExprKind::Not(inner) => {
                self.kw("not");
                self.put(" ");
                self.expr(inner, Level::Not);
            }
            ExprKind::Compare(op, l, r) => self.compare(*op, l, r),
            ExprKind::IsOneOf { value, options, negated } => {
                self.expr(value, Level::Sum);
                self.kw_between(if *negated { "is_not" } else { "is" });
                for (i, option) in options.iter().enumerate() {
                    if i > 0 {
                        self.kw_between("or");
                    }
                    self.option(option);
                }
            }
            ExprKind::SameAs { value, other, negated } => {
                self.expr(value, Level::Sum);
                self.kw_between(if *negated { "is_not" } else { "is" });
                self.path(other);
            }
            ExprKind::Known { value, negated } => {
                self.expr(value, Level::Sum);
                self.put(" ");
                self.kw(if *negated { "unknown" } else { "known" });
            }
            ExprKind::In { value, set, negated } => {
                self.expr(value, Level::Sum);
                self.kw_between(if *negated { "not_in" } else { "in" });
                self.set(set);
            }
            ExprKind::Inside { value, outer, negated } => {
                self.expr(value, Level::Sum);
                self.kw_between(if *negated { "not_in" } else { "in" });
                self.expr(outer, Level::Sum);
            }
            ExprKind::Argument { value, .. } => self.expr(value, Level::Sum),
            // what could not be read stays as it was written
            ExprKind::Error => {
                let written = self.text.get(e.span.start as usize..e.span.end as usize).unwrap_or("").to_owned();
                self.put(&written);
            }
        }
    }

    fn binary(&mut self, op: ArithOp, l: &Expr, r: &Expr, flat: bool) {
        let (sign, level) = match op {
            ArithOp::Add => (" + ", Level::Sum),
            ArithOp::Sub => (" - ", Level::Sum),
            ArithOp::Mul => (" * ", Level::Product),
        };
        if ends_in_remainder(l) {
            self.in_parentheses(l);
        } else {
            self.operand(l, level, flat);
        }
        self.put(sign);
        // a cap or per-unit on the last term is asked about, so it keeps its parentheses
        let right = match r.kind {
            ExprKind::Binary(ArithOp::Mul, ..) if op != ArithOp::Mul => Level::Product,
            _ => Level::Rounded,
        };
        self.operand(r, right, flat);
    }

    fn rate_of(&mut self, rate: &Expr, base: &Expr, rounding: Option<Rounding>, flat: bool) {
        if self.zh() {
            self.operand(base, Level::Of, flat);
            self.kw_between("rate_of");
            self.operand(rate, Level::Primary, flat);
        } else {
            self.operand(rate, Level::Primary, flat);
            self.kw_between("of");
            self.operand(base, Level::Of, flat);
        }
        self.rounding(rounding);
    }

    fn rounding(&mut self, rounding: Option<Rounding>) {
        let Some(how) = rounding else { return };
        self.put(" ");
        self.kw(match how {
            Rounding::HalfUp => "rounded_half_up",
            Rounding::HalfEven => "rounded_half_even",
            Rounding::Down => "rounded_down",
            Rounding::Up => "rounded_up",
        });
    }

    fn remainder(&mut self, r: &Remainder) {
        self.comma();
        self.kw("remainder");
        self.put(" ");
        self.kw(if r.strict { "over" } else { "from" });
        self.put(" ");
        self.number(&r.bound);
        self.colon();
        self.expr(&r.value, Level::Sum);
    }

    pub(super) fn price_of(&mut self, pack: &Name) {
        let text = self.mapped(&pack.text);
        let joined = format!("{text}价");
        let fuses = self.zh()
            && is_bare(&text)
            && !text.is_ascii()
            && !text.contains('价')
            && is_bare(&joined)
            && self.declared.binary_search(&joined.as_str()).is_err();
        if fuses {
            self.put(&joined);
        } else {
            self.model(pack);
            self.put(" ");
            self.kw("price");
        }
    }

    fn per(&mut self, amount: &Expr, step: Option<&(Number, PerStep)>, unit: Option<&Name>, of: Option<&Expr>) {
        if self.zh() {
            if let Some(of) = of {
                self.kw("by");
                self.put(" ");
                self.flat(of);
                self.put(" ");
            }
            let full = matches!(step, Some((_, PerStep::Full)));
            self.kw(if full { "for_each_full" } else { "for_each" });
            self.put(" ");
            self.counted(step, unit, true);
            self.put(" ");
            match amount.kind {
                ExprKind::Table { .. }
                | ExprKind::Tiers { .. }
                | ExprKind::Draw(_)
                | ExprKind::Pool { .. }
                | ExprKind::Random { .. } => {
                    self.expr_bare(amount, false);
                }
                _ => self.operand(amount, Level::Of, true),
            }
        } else {
            self.expr(amount, Level::Suffix);
            self.kw_between("per");
            if let Some((_, PerStep::Full)) = step {
                self.kw("full");
                self.put(" ");
            }
            self.counted(step, unit, false);
            if let Some(of) = of {
                self.kw_between("of");
                self.simple(of);
            }
        }
    }

    fn counted(&mut self, step: Option<&(Number, PerStep)>, unit: Option<&Name>, fused: bool) {
        match (step, unit) {
            (Some((n, _)), _) => self.number(n),
            (None, Some(unit)) => self.one_unit(unit, fused),
            (None, None) => {}
        }
    }

    fn table_rows(&mut self, rows: &[TableRow], default: Option<&Expr>, end: u32) {
        enum Row<'r> {
            Keys(&'r TableRow),
            Else(&'r Expr),
        }
        let mut all: Vec<Row<'_>> = rows.iter().map(Row::Keys).collect();
        all.extend(default.map(Row::Else));
        // the span of an `else` row begins at its keyword, of which the tree keeps only the value
        let else_at = |f: &Self, value: &Expr| {
            let before = f.text.get(..value.span.start as usize).unwrap_or("");
            let at = ["else", "其他"].iter().filter_map(|w| before.rfind(w)).max().unwrap_or(before.len());
            crate::source::Span::new(u32::try_from(at).unwrap_or(value.span.start), value.span.end)
        };
        let spans: Vec<_> = all
            .iter()
            .map(|row| match row {
                Row::Keys(r) => r.span,
                Row::Else(value) => else_at(self, value),
            })
            .collect();
        let mut all: Vec<_> = all.into_iter().zip(spans).collect();
        // in the order they were written, so that comments stay with their rows
        all.sort_by_key(|(_, span)| span.start);
        self.block(
            &all,
            |(_, span)| *span,
            end,
            |f, (row, _)| match row {
                Row::Keys(row) => {
                    f.list(&row.keys, Self::key);
                    f.colon();
                    f.expr(&row.value, Level::Sum);
                }
                Row::Else(value) => {
                    f.kw("else");
                    f.colon();
                    f.expr(value, Level::Sum);
                }
            },
        );
    }

    fn tier_row(&mut self, row: &TierRow) {
        self.kw(if row.strict { "over" } else { "from" });
        self.put(" ");
        self.flat(&row.bound);
        if let Some((until, included)) = &row.until {
            self.kw_between(if *included { "at_most" } else { "under" });
            self.flat(until);
        }
        self.colon();
        self.expr(&row.value, Level::Sum);
    }

    pub(super) fn draw_row(&mut self, row: &DrawRow) {
        match &row.chance {
            Chance::Share(n) => self.number(n),
            Chance::Rest(_) => self.kw("rest"),
            Chance::Named(name) => self.own(name),
        }
        self.colon();
        self.reward(&row.prize);
    }

    pub(super) fn reward(&mut self, reward: &Reward) {
        if let Some(kind) = &reward.kind {
            self.model(kind);
            self.put(" ");
        }
        if let Some((side, _)) = reward.tax_side {
            self.kw(if side == TaxSide::Net { "net" } else { "gross" });
            self.put(" ");
        }
        self.expr(&reward.value, Level::Sum);
    }
}

/// What comes behind the value of a remainder would belong to it.
fn ends_in_remainder(e: &Expr) -> bool {
    matches!(e.kind, ExprKind::Per { remainder: Some(_), .. })
}
