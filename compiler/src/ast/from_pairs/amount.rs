//! Amounts: arithmetic, `of`, caps, per-unit, tables, tiers, draws.

use super::{Builder, Kids, Pair, slip};
use crate::ast::error::ErrorKind;
use crate::ast::{
    ArithOp, Chance, ClampOp, DrawRow, Expr, ExprKind, Name, Number, Path, PerStep, Remainder, Reward, Rounding,
    TableRow, TaxSide, TierMode, TierRow, Unit,
};
use crate::source::Span;
use promo_grammar::Rule;

/// `per bottle`, `per full 3000 yuan`, as read before its amount is known.
struct Per {
    step: Option<(Number, PerStep)>,
    unit: Option<Name>,
    remainder: Option<Box<Remainder>>,
}

/// The rows of a block behind `by`.
#[derive(Default)]
struct Rows {
    tiers: Vec<TierRow>,
    named: Vec<TableRow>,
    default: Option<Box<Expr>>,
}

/// A flat list while it is read: sums of products of chains. Boxed, because a person may nest these, and every level
/// of nesting has one on the stack.
#[derive(Default)]
struct Terms {
    sum: Option<Box<Expr>>,
    /// The sign before the product being read.
    sign: Option<ArithOp>,
    product: Option<Box<Expr>>,
    /// The sign before the factor being read is `/`.
    divides: bool,
    /// Left sides of `of`, waiting for their right side: it groups to the right, `2% of 50% of x`.
    waiting: Vec<Expr>,
    current: Option<Box<Expr>>,
    /// The base before `的` or the count before `份`, waiting for its right side.
    left: Option<(Rule, Box<Expr>)>,
}

impl Terms {
    /// The chain read so far as one expression.
    fn fold(&mut self) -> Option<Box<Expr>> {
        let mut value = self.current.take()?;
        while let Some(left) = self.waiting.pop() {
            value = Box::new(of(left, *value));
        }
        Some(value)
    }

    /// Ends the chain: it is a factor of the product.
    fn factor(&mut self) -> Option<()> {
        let right = self.fold()?;
        self.product = Some(match self.product.take() {
            Some(left) if std::mem::take(&mut self.divides) => Box::new(quotient(left, right)),
            Some(left) => Box::new(binary(ArithOp::Mul, left, right)),
            None => right,
        });
        Some(())
    }

    /// Ends the product: it is a term of the sum.
    fn term(&mut self) -> Option<()> {
        self.factor()?;
        let right = self.product.take()?;
        self.sum = Some(match (self.sum.take(), self.sign.take()) {
            (Some(left), Some(sign)) => Box::new(binary(sign, left, right)),
            _ => right,
        });
        Some(())
    }

    fn operator(&mut self, rule: Rule) -> Option<()> {
        match rule {
            Rule::plus | Rule::minus => {
                self.term()?;
                self.sign = Some(if rule == Rule::plus { ArithOp::Add } else { ArithOp::Sub });
            }
            Rule::times => self.factor()?,
            Rule::divide => {
                self.factor()?;
                self.divides = true;
            }
            Rule::kw_of => self.waiting.push(*self.current.take()?),
            _ => self.left = Some((rule, self.fold()?)),
        }
        Some(())
    }

    /// Something stands before the chain, so that a suffix could mean the chain or the whole.
    fn is_last_of_more(&self) -> bool {
        self.sum.is_some() || self.product.is_some()
    }
}

impl<'i> Builder<'i> {
    /// A flat list of terms and operators (rules `arith`, `flat`, `each_flat`) as a tree.
    pub(super) fn arith(&mut self, pair: Pair<'i>) -> Option<Expr> {
        let whole = self.span(&pair);
        let kids: Vec<Pair<'i>> = pair.into_inner().collect();
        self.deeper(kids.len(), whole, |b| b.terms(kids))
    }

    fn terms(&mut self, kids: Vec<Pair<'i>>) -> Option<Expr> {
        let mut terms = Terms::default();
        for p in kids {
            match p.as_rule() {
                Rule::plus
                | Rule::minus
                | Rule::times
                | Rule::divide
                | Rule::kw_of
                | Rule::kw_rate_of
                | Rule::kw_item_of => {
                    terms.operator(p.as_rule())?;
                }
                Rule::capped | Rule::floored | Rule::rounded | Rule::per_suffix => self.suffixed(&mut terms, p)?,
                _ => {
                    terms.current = Some(self.primary(p)?);
                    self.joined(&mut terms)?;
                }
            }
        }
        terms.term()?;
        terms.sum.map(|e| *e)
    }

    /// The right side of `的` or `份` was read.
    fn joined(&mut self, terms: &mut Terms) -> Option<()> {
        let Some((rule, left)) = terms.left.take() else { return Some(()) };
        let right = terms.current.take()?;
        let joined = if rule == Rule::kw_rate_of {
            rate_of(*right, *left)
        } else {
            if !matches!(&right.kind, ExprKind::Path(p) if p.parts.len() == 1) {
                self.errors.push(ErrorKind::NotAnItem(right.span));
            }
            item_of(*left, *right)
        };
        terms.current = Some(Box::new(joined));
        Some(())
    }

    fn suffixed(&mut self, terms: &mut Terms, pair: Pair<'i>) -> Option<()> {
        if pair.as_rule() == Rule::rounded && terms.divides {
            // a quotient is rounded as a whole: the divisor has nothing to round
            terms.factor()?;
            terms.current = terms.product.take();
        }
        let value = terms.fold()?;
        if terms.is_last_of_more() && pair.as_rule() != Rule::rounded {
            self.errors.push(ErrorKind::UnclearGrouping { at: self.span(&pair), what: value.span });
        }
        terms.current = Some(self.suffix(value, pair)?);
        Some(())
    }

    pub(super) fn primary(&mut self, pair: Pair<'i>) -> Option<Box<Expr>> {
        match pair.as_rule() {
            Rule::paren => self.paren(pair),
            Rule::by_expr => self.by_expr(pair),
            Rule::draw => {
                let span = self.span(&pair);
                let kind = ExprKind::Draw(self.draw(pair));
                Some(Box::new(Expr { kind, span }))
            }
            Rule::each_expr => self.each_expr(pair),
            Rule::pool => self.pool(pair),
            Rule::random => self.random(pair),
            _ => self.leaf(pair),
        }
    }

    fn paren(&mut self, pair: Pair<'i>) -> Option<Box<Expr>> {
        let span = self.span(&pair);
        let cond = pair.into_inner().find(|p| p.as_rule() == Rule::cond)?;
        let mut inner = self.cond(cond).map(Box::new)?;
        inner.span = span;
        Some(inner)
    }

    /// What contains no other expression.
    fn leaf(&mut self, pair: Pair<'i>) -> Option<Box<Expr>> {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::number => ExprKind::Number(self.number(pair)?),
            Rule::datetime => ExprKind::Date(self.datetime(pair)?),
            Rule::kw_yes => ExprKind::Yes,
            Rule::kw_no => ExprKind::No,
            Rule::kw_today => ExprKind::Today,
            Rule::clock => self.clock(pair)?,
            Rule::weekday => super::token::weekday(pair),
            Rule::kw_nothing => ExprKind::Nothing,
            Rule::priced => self.priced(pair)?,
            Rule::price_zh => self.price_zh(pair)?,
            Rule::drawn | Rule::drawn_zh => ExprKind::Drawn(self.drawn(pair)?),
            Rule::measure => ExprKind::Measure(self.measure(pair)?),
            Rule::measure_zh => ExprKind::Measure(self.measure_zh(pair)?),
            Rule::account | Rule::account_zh => ExprKind::Account(self.account(pair)?),
            Rule::link => ExprKind::Link(self.link(pair)?),
            Rule::link_zh => ExprKind::Link(self.link_zh(pair)?),
            _ => return None,
        };
        Some(Box::new(Expr { kind, span }))
    }

    fn random(&mut self, pair: Pair<'i>) -> Option<Box<Expr>> {
        let span = self.span(&pair);
        let mut parts = Vec::new();
        for p in pair.into_inner().filter(|p| is_simple(p.as_rule())) {
            parts.push(self.primary(p)?);
        }
        let [lo, hi, step] = <[Box<Expr>; 3]>::try_from(parts).ok()?;
        Some(Box::new(Expr { kind: ExprKind::Random { lo, hi, step }, span }))
    }

    fn each_expr(&mut self, pair: Pair<'i>) -> Option<Box<Expr>> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let per = self.each_prefix(&kids)?;
        let amount = self.each_amount(kids.one(Rule::each_amount)?)?;
        Some(Box::new(Expr { kind: per.of(amount, None), span }))
    }

    /// `distributor.territory`, `areas[store].area`
    pub(super) fn named_value(&mut self, pair: Pair<'i>) -> Option<Box<Expr>> {
        let span = self.span(&pair);
        let kind = self.priced(pair)?;
        Some(Box::new(Expr { kind, span }))
    }

    /// `case price`, `pair.guide`, `x`.
    fn priced(&mut self, pair: Pair<'i>) -> Option<ExprKind> {
        let kids = self.kids(pair);
        let path = self.path(kids.one(Rule::path)?);
        if let Some(index) = kids.one(Rule::index) {
            return self.lookup(path, index).map(ExprKind::Lookup);
        }
        if !kids.has(Rule::kw_price) {
            return Some(ExprKind::Path(path));
        }
        if path.parts.len() > 1 {
            self.errors.push(ErrorKind::PriceOfPath(path.span));
        }
        path.parts.into_iter().next().map(ExprKind::PriceOf)
    }

    /// `箱价`, unless a `let` or parameter of that very name was declared before.
    fn price_zh(&mut self, pair: Pair<'i>) -> Option<ExprKind> {
        let whole = self.name(&pair);
        if self.price_like.contains(&whole.text) {
            return Some(ExprKind::Path(Self::as_path(whole)));
        }
        Some(ExprKind::PriceOf(self.name(&self.kids(pair).one(Rule::price_word)?)))
    }

    fn suffix(&mut self, value: Box<Expr>, pair: Pair<'i>) -> Option<Box<Expr>> {
        let span = value.span.to(self.span(&pair));
        let rule = pair.as_rule();
        let kids = self.kids(pair);
        let simple = |b: &mut Self| {
            let p = kids.iter().find(|p| is_simple(p.as_rule()))?;
            b.primary(p)
        };
        let kind = match rule {
            Rule::capped | Rule::floored => {
                let op = if rule == Rule::capped { ClampOp::Cap } else { ClampOp::Floor };
                ExprKind::Clamp { value, op, bound: simple(self)? }
            }
            Rule::rounded => {
                let how = kids.choose(|r| match r {
                    Rule::kw_rounded_down => Some(Rounding::Down),
                    Rule::kw_rounded_up => Some(Rounding::Up),
                    Rule::kw_rounded_half_up => Some(Rounding::HalfUp),
                    Rule::kw_rounded_half_even => Some(Rounding::HalfEven),
                    _ => None,
                })?;
                // As in the channel: whole yuan would be another amount.
                if let Some(unit) = self.one_name(&kids).filter(|n| n.text != "fen" && n.text != "分") {
                    self.errors.push(ErrorKind::RoundingUnit(unit.span));
                }
                match value.kind {
                    ExprKind::RateOf { rate, base, rounding: None } => {
                        ExprKind::RateOf { rate, base, rounding: Some(how) }
                    }
                    ExprKind::Quotient { value, by, rounding: None } => {
                        ExprKind::Quotient { value, by, rounding: Some(how) }
                    }
                    ExprKind::Per { amount, step, unit, of, rounding: None, remainder } => {
                        ExprKind::Per { amount, step, unit, of, rounding: Some(how), remainder }
                    }
                    other => {
                        self.errors.push(ErrorKind::RoundsNothing(span));
                        other
                    }
                }
            }
            Rule::per_suffix => {
                // `full 200 cases` is the first number; what `of` names comes after `of`
                let counts = if kids.has(Rule::kw_full) { PerStep::Full } else { PerStep::Part };
                let first = kids.iter().find(|p| matches!(p.as_rule(), Rule::number | Rule::name))?;
                let (step, unit) = match first.as_rule() {
                    Rule::number => (Some((self.number(first)?, counts)), None),
                    _ => (None, Some(self.name(&first))),
                };
                let remainder = self.remainder(&kids)?;
                let of = match kids.iter().skip_while(|p| p.as_rule() != Rule::kw_of).nth(1) {
                    Some(p) => Some(self.primary(p)?),
                    None => None,
                };
                Per { step, unit, remainder }.of(value, of)
            }
            _ => return None,
        };
        Some(Box::new(Expr { kind, span }))
    }

    /// `按 …`: a table, tiers, or what a per-unit amount counts.
    fn by_expr(&mut self, pair: Pair<'i>) -> Option<Box<Expr>> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let by = self.arith(kids.one(Rule::flat)?).map(Box::new)?;
        if let Some(table) = kids.one(Rule::by_table) {
            return self.by_table(by, table, span);
        }
        let per = self.each_prefix(&kids)?;
        let amount = self.each_amount(kids.one(Rule::each_amount)?)?;
        Some(Box::new(Expr { kind: per.of(amount, Some(by)), span }))
    }

    fn each_prefix(&mut self, whole: &Kids<'i>) -> Option<Per> {
        let remainder = self.remainder(whole)?;
        let kids = self.kids(whole.one(Rule::each_prefix)?);
        if let Some(p) = kids.one(Rule::number) {
            let counts = if kids.has(Rule::kw_for_each_full) { PerStep::Full } else { PerStep::Part };
            return Some(Per { step: Some((self.number(p)?, counts)), unit: None, remainder });
        }
        Some(Per { step: None, unit: Some(self.name(&kids.one(Rule::fused_name)?)), remainder })
    }

    /// `, remainder over 1500 yuan: …`, if there is one.
    fn remainder(&mut self, kids: &Kids<'i>) -> Option<Option<Box<Remainder>>> {
        let Some(pair) = kids.one(Rule::remainder) else { return Some(None) };
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let (strict, bound) = (kids.has(Rule::kw_over), self.number(kids.one(Rule::number)?)?);
        let value = self.arith(kids.one(Rule::arith)?)?;
        Some(Some(Box::new(Remainder { strict, bound, value, span })))
    }

    fn each_amount(&mut self, pair: Pair<'i>) -> Option<Box<Expr>> {
        let inner = pair.into_inner().next()?;
        match inner.as_rule() {
            Rule::each_flat => self.arith(inner).map(Box::new),
            Rule::each_table => {
                let span = self.span(&inner);
                let kids = self.kids(inner);
                let by = self.arith(kids.one(Rule::flat)?).map(Box::new)?;
                self.by_table(by, kids.one(Rule::by_table)?, span)
            }
            _ => self.primary(inner),
        }
    }

    fn by_table(&mut self, by: Box<Expr>, pair: Pair<'i>, span: Span) -> Option<Box<Expr>> {
        let kids = self.kids(pair);
        let part_of = match kids.one(Rule::flat) {
            Some(p) => Some(self.arith(p).map(Box::new)?),
            None => None,
        };
        let mode = kids.one(Rule::tier_mode).and_then(|p| {
            self.kids(p).choose(|r| match r {
                Rule::kw_whole => Some(TierMode::Whole),
                Rule::kw_marginal => Some(TierMode::Marginal),
                Rule::kw_highest => Some(TierMode::Highest),
                Rule::kw_each => Some(TierMode::Each),
                _ => None,
            })
        });
        let rows = self.rows(kids.one(Rule::row_block)?);
        Some(Box::new(Expr { kind: self.table_or_tiers(by, part_of, mode, rows), span }))
    }

    fn rows(&mut self, block: Pair<'i>) -> Rows {
        let mut rows = Rows::default();
        let mut slips = slip::Slips::new(Rule::only_row);
        for p in block.into_inner() {
            let at = self.span(&p);
            match p.as_rule() {
                Rule::tier_row => {
                    let row = self.tier_row(p);
                    rows.tiers.extend(self.or_unread(at, row));
                }
                Rule::table_row => {
                    let row = self.table_row(p);
                    rows.named.extend(self.or_unread(at, row));
                }
                Rule::default_row => self.default_row(p, at, &mut rows),
                Rule::error_row => self.slip(&mut slips, at),
                _ => continue,
            }
            slips.passed(at);
        }
        rows
    }

    fn default_row(&mut self, pair: Pair<'i>, at: Span, rows: &mut Rows) {
        let value = self.kids(pair).one(Rule::arith).and_then(|v| self.arith(v));
        let value = self.or_unread(at, value);
        if rows.default.is_some() {
            self.errors.push(ErrorKind::SaidTwice(at));
        }
        rows.default = value.map(Box::new);
    }

    /// Rows with a bound make a ladder, rows with names a table.
    fn table_or_tiers(
        &mut self,
        by: Box<Expr>,
        part_of: Option<Box<Expr>>,
        mode: Option<TierMode>,
        rows: Rows,
    ) -> ExprKind {
        if rows.tiers.is_empty() && mode.is_none() && part_of.is_none() {
            if let ExprKind::Path(path) = by.kind {
                return ExprKind::Table { by: path, rows: rows.named, default: rows.default };
            }
            self.errors.push(ErrorKind::TableByAmount(by.span));
            return ExprKind::Error;
        }
        if let Some(row) = rows.named.first().map(|r| r.span).or(rows.default.as_ref().map(|d| d.span)) {
            self.errors.push(ErrorKind::RowsMixed(row));
        }
        ExprKind::Tiers { measure: by, part_of, mode, rows: rows.tiers }
    }

    fn tier_row(&mut self, pair: Pair<'i>) -> Option<TierRow> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let until = match kids.one(Rule::tier_until) {
            Some(p) => {
                let kids = self.kids(p);
                Some((self.arith(kids.one(Rule::flat)?)?, kids.has(Rule::kw_at_most)))
            }
            None => None,
        };
        Some(TierRow {
            strict: kids.has(Rule::kw_over),
            bound: self.arith(kids.one(Rule::flat)?)?,
            until,
            value: self.arith(kids.one(Rule::arith)?)?,
            span,
        })
    }

    fn table_row(&mut self, pair: Pair<'i>) -> Option<TableRow> {
        let span = self.span(&pair);
        let mut keys = Vec::new();
        let mut value = None;
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::key => keys.push(self.key(p)?),
                Rule::arith => value = Some(self.arith(p)?),
                _ => {}
            }
        }
        Some(TableRow { keys, value: value?, span })
    }

    pub(super) fn draw(&mut self, pair: Pair<'i>) -> Vec<DrawRow> {
        let mut rows = Vec::new();
        let mut slips = slip::Slips::new(Rule::only_draw);
        for p in pair.into_inner() {
            let at = self.span(&p);
            match p.as_rule() {
                Rule::draw_row => {
                    let row = self.draw_row(p);
                    rows.extend(self.or_unread(at, row));
                }
                Rule::error_row => self.slip(&mut slips, at),
                _ => continue,
            }
            slips.passed(at);
        }
        rows
    }

    fn draw_row(&mut self, pair: Pair<'i>) -> Option<DrawRow> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let chance = match kids.one(Rule::number) {
            Some(p) => Chance::Share(self.number(p)?),
            None => Chance::Rest(self.span(&kids.one(Rule::kw_rest)?)),
        };
        Some(DrawRow { chance, prize: self.reward(kids.one(Rule::reward)?)?, span })
    }

    pub(super) fn reward(&mut self, pair: Pair<'i>) -> Option<Reward> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let kind = kids.one(Rule::reward_kind).and_then(|p| self.one_name(&self.kids(p)));
        let side = |rule, side| kids.one(rule).map(|p| (side, self.span(&p)));
        let tax_side = side(Rule::kw_net, TaxSide::Net).or_else(|| side(Rule::kw_gross, TaxSide::Gross));
        Some(Reward { kind, tax_side, value: self.arith(kids.one(Rule::arith)?)?, span })
    }
}

impl Per {
    fn of(self, amount: Box<Expr>, of: Option<Box<Expr>>) -> ExprKind {
        ExprKind::Per { amount, step: self.step, unit: self.unit, of, rounding: None, remainder: self.remainder }
    }
}

pub(super) fn is_simple(rule: Rule) -> bool {
    matches!(rule, Rule::paren | Rule::number | Rule::price_zh | Rule::priced)
}

/// `a of b`: so many of an item where `a` is a count and `b` one name, else a rate of a base.
fn of(left: Expr, right: Expr) -> Expr {
    if is_count(&left) && matches!(&right.kind, ExprKind::Path(p) if p.parts.len() == 1) {
        return item_of(left, right);
    }
    rate_of(left, right)
}

/// A number that is not a rate.
fn is_count(e: &Expr) -> bool {
    matches!(&e.kind, ExprKind::Number(n) if !matches!(n.unit, Unit::Percent | Unit::Permille))
}

fn rate_of(rate: Expr, base: Expr) -> Expr {
    let span = rate.span.to(base.span);
    Expr { kind: ExprKind::RateOf { rate: Box::new(rate), base: Box::new(base), rounding: None }, span }
}

fn item_of(count: Expr, item: Expr) -> Expr {
    let span = count.span.to(item.span);
    match item.kind {
        ExprKind::Path(Path { parts, .. }) if parts.len() == 1 => match parts.into_iter().next() {
            Some(item) => Expr { kind: ExprKind::ItemOf { count: Box::new(count), item }, span },
            None => Expr { kind: ExprKind::Error, span },
        },
        // not an item: the checker will ask what this is a rate of
        kind => rate_of(count, Expr { kind, span: item.span }),
    }
}

fn quotient(value: Box<Expr>, by: Box<Expr>) -> Expr {
    let span = value.span.to(by.span);
    Expr { kind: ExprKind::Quotient { value, by, rounding: None }, span }
}

fn binary(op: ArithOp, left: Box<Expr>, right: Box<Expr>) -> Expr {
    let span = left.span.to(right.span);
    Expr { kind: ExprKind::Binary(op, left, right), span }
}
