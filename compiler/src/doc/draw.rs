//! Draws: every prize with its exact chance, and what follows from them.

use super::Writer;
use super::words::{condition, decimal, percent, say};
use crate::ast::{Number, PoolEnd, Unit as Written};
use crate::diagnostic::Lang;
use crate::hir::{DrawRow, Expr, ExprKind, Unit, expr};

/// Parts per million in one.
const MILLION: i64 = 1_000_000;

/// The chance of a row as a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chance {
    /// How many of …
    pub(super) share: i64,
    /// … how many.
    pub(super) total: i64,
    /// Written as a weight, not as a percentage.
    pub(super) weight: bool,
}

/// What a prize is worth, in half fen so that the mean of a random range is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Worth {
    /// On average, in half fen.
    pub(super) mean: i128,
    /// At most, in fen.
    pub(super) most: i64,
}

impl Writer<'_> {
    /// A draw as a table of its prizes.
    pub(super) fn draw(&mut self, rows: &[DrawRow]) -> String {
        let chances = chances(rows);
        let given = self.given;
        self.drawn = true;
        let mut cells = Vec::new();
        for (row, chance) in rows.iter().zip(&chances) {
            let prize = self.reward(&row.prize, given);
            cells.push(vec![prize, self.chance(*chance)]);
        }
        let facts = self.odds(rows, &chances);
        let caption = say!(self, "prizes of a draw; {facts}", "奖项与概率；{facts}");
        let header = vec![say!(self, "prize", "奖项"), say!(self, "chance in each draw", "每次抽奖的中奖概率")];
        let label = self.refer(caption, header, cells);
        say!(self, "what one draw by {label} wins", "按{label}抽奖一次所得")
    }

    /// A pool as a table of its tickets.
    pub(super) fn pool(&mut self, size: &Number, rows: &[DrawRow], used_up: Option<PoolEnd>) -> String {
        let total = expr::exact(size.mantissa, size.scale).unwrap_or_default();
        let tickets = tickets(total, rows);
        let given = self.given;
        self.drawn = true;
        let mut cells = Vec::new();
        for (row, ticket) in rows.iter().zip(&tickets) {
            let prize = self.reward(&row.prize, given);
            cells.push(vec![prize, decimal(ticket.share.into(), 0), self.chance(*ticket)]);
        }
        let facts = self.odds(rows, &tickets);
        let size = decimal(total.into(), 0);
        let end = match used_up {
            Some(PoolEnd::Stop) => say!(
                self,
                "when no ticket is left nothing is drawn any more and the chance is not used up",
                "全部抽完后不再抽奖，机会不作已使用"
            ),
            Some(PoolEnd::Nothing) | None => {
                say!(self, "when no ticket is left every draw wins nothing", "全部抽完后，抽奖均为未中")
            }
        };
        let caption = say!(
            self,
            "a pool of {size} tickets, drawn without being put back; {end}; for the first ticket: {facts}",
            "奖池共{size}份，抽出不放回；{end}；首次抽取时：{facts}"
        );
        let header = vec![
            say!(self, "prize", "奖项"),
            say!(self, "quantity", "数量"),
            say!(self, "chance in the first draw", "首次抽取的中奖概率"),
        ];
        let label = self.refer(caption, header, cells);
        say!(self, "what one ticket of the pool in {label} wins", "从{label}的奖池抽取一份所得")
    }

    /// `0.2%`, or `8,100 / 2,430,000` where weights were written.
    pub(super) fn chance(&self, chance: Chance) -> String {
        if chance.weight {
            let (share, total) = (decimal(chance.share.into(), 0), decimal(chance.total.into(), 0));
            format!("{share} / {total}")
        } else {
            percent(chance.share)
        }
    }

    /// Overall odds, greatest and mean worth of a draw.
    pub(super) fn odds(&mut self, rows: &[DrawRow], chances: &[Chance]) -> String {
        let total = chances.first().map_or(MILLION, |c| c.total);
        let weight = chances.first().is_some_and(|c| c.weight);
        let wins = rows.iter().zip(chances).filter(|(row, _)| !matches!(row.prize.value.kind, ExprKind::Nothing));
        let share = wins.map(|(_, c)| c.share).fold(0, i64::saturating_add);
        let wins = self.chance(Chance { share, total, weight });
        let mut facts = vec![say!(self, "chance to win anything: {wins}", "总中奖率{wins}")];
        let worths: Option<Vec<Worth>> = rows.iter().map(|row| self.worth(&row.prize.value)).collect();
        match worths {
            Some(worths) => {
                let most = self.money(worths.iter().map(|w| w.most).max().unwrap_or_default());
                facts.push(say!(self, "greatest worth of one prize: {most}", "单个奖项最高价值{most}"));
                let sum: i128 = worths.iter().zip(chances).map(|(w, c)| w.mean * i128::from(c.share)).sum();
                // Half fen to fen, to the nearest: the only rounded number of the document, and it says so.
                let whole = 2 * i128::from(total.max(1));
                let mean = self.money(i64::try_from((sum + whole / 2).div_euclid(whole)).unwrap_or(i64::MAX));
                facts.push(say!(
                    self,
                    "mean worth of one draw, to the nearest fen: {mean}",
                    "每次抽奖平均价值（四舍五入到分）{mean}"
                ));
            }
            None => facts.push(say!(
                self,
                "the worth of some prizes is not a fixed sum of money",
                "部分奖项没有固定的金额价值"
            )),
        }
        facts.join(&say!(self, "; ", "；"))
    }

    /// What a prize is worth at market price, if that is fixed.
    pub(super) fn worth(&self, e: &Expr) -> Option<Worth> {
        let fixed = |fen: i64| Some(Worth { mean: 2 * i128::from(fen), most: fen });
        match &e.kind {
            ExprKind::Nothing => fixed(0),
            ExprKind::Number(mantissa, scale, Unit::Money) => fixed(expr::exact(*mantissa, *scale)?),
            ExprKind::ItemOf(count, name, coupon, price) => {
                let ExprKind::Number(mantissa, scale, _) = &count.kind else { return None };
                let each = if *coupon { self.coupon_worth(name)? } else { *price };
                fixed(expr::exact(*mantissa, *scale)?.checked_mul(each)?)
            }
            ExprKind::Random(lo, hi, _) => {
                let (lo, hi) = (self.worth(lo)?, self.worth(hi)?);
                Some(Worth { mean: i128::from(lo.most) + i128::from(hi.most), most: hi.most })
            }
            // The mean of a draw inside a draw would be a fraction of its own.
            ExprKind::Draw(_)
            | ExprKind::Number(..)
            | ExprKind::Pool(..)
            | ExprKind::Quotient(..)
            | ExprKind::Date(..)
            | ExprKind::Bool(_)
            | ExprKind::Today
            | ExprKind::Fact(_)
            | ExprKind::Link(_)
            | ExprKind::Binary(..)
            | ExprKind::RateOf(..)
            | ExprKind::PriceOf(..)
            | ExprKind::PackUnits(..)
            | ExprKind::Measure(_)
            | ExprKind::Account(_)
            | ExprKind::Cell(_)
            | ExprKind::Table(..)
            | ExprKind::Tiers(..)
            | ExprKind::Clamp(..)
            | ExprKind::Per(..)
            | condition!()
            | ExprKind::Error => None,
        }
    }

    /// What a coupon is worth in fen, if it says so.
    pub(super) fn coupon_worth(&self, name: &str) -> Option<i64> {
        let coupon = self.package.coupons.iter().find(|c| c.name == name)?;
        match &coupon.worth.as_ref()?.kind {
            ExprKind::Number(mantissa, scale, Unit::Money) => expr::exact(*mantissa, *scale),
            _ => None,
        }
    }

    /// How draws are made: the same words in the contract and in the published notice.
    pub(super) fn draw_terms(&self) -> String {
        match self.lang {
            Lang::En => "The outcome of a draw follows from a secret fixed before the campaign and from what the draw is \
                         about (the policy, the rule and what it pays once), by a keyed hash: the same event draws the \
                         same prize however often it is sent, nobody can choose a winner, and after the campaign \
                         whoever holds the secret can check every draw."
                .to_owned(),
            Lang::Zh => "抽奖结果由活动开始前确定的密钥与抽奖资格（政策、条款及其只付一次的对象）经带密钥的哈希得出：同一事件无论发送几次，\
                         结果相同；任何人不能指定中奖者；活动结束后，持有密钥者可以逐一核验每次抽奖。"
                .to_owned(),
        }
    }
}

/// The chance of every row; the rest is what the others leave.
pub(super) fn chances(rows: &[DrawRow]) -> Vec<Chance> {
    let weight = rows.iter().any(|r| r.chance.as_ref().is_some_and(|n| n.unit == Written::None));
    let share = |row: &DrawRow| {
        let n = row.chance.as_ref()?;
        if weight { expr::exact(n.mantissa, n.scale) } else { expr::ppm(n) }
    };
    let said = rows.iter().filter_map(share).fold(0, i64::saturating_add);
    let total = if weight { said } else { MILLION };
    let rest = total.saturating_sub(said);
    rows.iter().map(|row| Chance { share: share(row).unwrap_or(rest), total, weight }).collect()
}

/// How many of a pool's tickets every row has; the rest is what the others leave.
pub(super) fn tickets(total: i64, rows: &[DrawRow]) -> Vec<Chance> {
    let share = |row: &DrawRow| row.chance.as_ref().and_then(|n| expr::exact(n.mantissa, n.scale));
    let said = rows.iter().filter_map(share).fold(0, i64::saturating_add);
    let rest = total.saturating_sub(said);
    rows.iter().map(|row| Chance { share: share(row).unwrap_or(rest), total, weight: true }).collect()
}

/// The draws and random ranges of an amount, wherever in it they stand.
pub(super) fn draws_in(e: &Expr) -> Vec<&Expr> {
    match &e.kind {
        ExprKind::Draw(_) | ExprKind::Pool(..) | ExprKind::Random(..) => vec![e],
        _ => e.parts().into_iter().flat_map(draws_in).collect(),
    }
}
