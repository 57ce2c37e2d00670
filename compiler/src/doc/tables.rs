//! Tables by a fact and tier ladders, with bounds nobody can read two ways.

use super::Writer;
use super::tree::Table;
use super::words::{decimal, say};
use crate::ast::TierMode;
use crate::diagnostic::Lang;
use crate::hir::{Expr, ExprKind, Fact, TierRow, Unit};
use crate::ir::IntervalSet;

impl Writer<'_> {
    /// Puts a table below the clause that is being written and says its name; the same table is shown once.
    pub(super) fn refer(&mut self, caption: String, header: Vec<String>, rows: Vec<Vec<String>>) -> String {
        let same = |t: &&Table| t.caption == caption && t.header == header && t.rows == rows;
        if let Some(known) = self.shown.iter().find(same) {
            return known.label.clone();
        }
        self.tables += 1;
        let number = self.tables;
        let label = say!(self, "Table {number}", "表{number}");
        let table = Table { label: label.clone(), caption, header, rows };
        self.shown.push(table.clone());
        self.waiting.push(table);
        label
    }

    /// `by store.region { … }`
    pub(super) fn fact_table(&mut self, fact: &Fact, rows: &[(IntervalSet, Expr)], rest: Option<&Expr>) -> String {
        let by = self.fact(fact);
        let mut cells: Vec<Vec<String>> = Vec::new();
        for (set, value) in rows {
            let (set, value) = (self.set(&fact.ty, set), self.cell(value));
            // Rows written as one share a value; they stand together.
            match cells.last_mut() {
                Some(last) if last.get(1) == Some(&value) => {
                    if let Some(first) = last.first_mut() {
                        *first = say!(self, "{first}, {set}", "{first}、{set}");
                    }
                }
                _ => cells.push(vec![set, value]),
            }
        }
        if let Some(rest) = rest {
            let rest = self.cell(rest);
            cells.push(vec![say!(self, "everything else", "其他"), rest]);
        }
        let caption = say!(self, "by {by}", "按{by}");
        let header = vec![by, say!(self, "value", "数额")];
        let label = self.refer(caption, header, cells);
        say!(self, "the value in {label}", "{label}所列数额")
    }

    /// A value in a cell: with the kind its row gives, if it gives one.
    fn cell(&mut self, e: &Expr) -> String {
        self.amount(e)
    }

    /// A tier ladder.
    pub(super) fn tiers(
        &mut self,
        measure: &Expr,
        part_of: Option<&Expr>,
        mode: Option<TierMode>,
        rows: &[TierRow],
    ) -> String {
        // A count of scans may be written in bottles: the rows say it as their author did.
        let written = rows.iter().find_map(|row| match &row.bound.kind {
            ExprKind::Number(_, _, unit) if *unit != Unit::Plain => Some(unit.clone()),
            _ => None,
        });
        let measured_in = || self.unit_of(measure);
        let unit = if part_of.is_some() { Unit::Rate } else { written.unwrap_or_else(measured_in) };
        let measured = self.amount(measure);
        let reached = match part_of {
            None => measured.clone(),
            Some(whole) => {
                let (part, whole) = (self.factor(measure), self.factor(whole));
                say!(self, "{part} as a share of {whole}", "{part}占{whole}的比例")
            }
        };
        let mut cells = Vec::new();
        for (i, row) in rows.iter().enumerate() {
            let next = rows.get(i + 1);
            let range = match mode {
                // Everything reached adds up, so a row has no upper end.
                Some(TierMode::Each) => self.from(row, &unit),
                Some(TierMode::Marginal) => self.slice(row, next, &unit),
                Some(TierMode::Whole | TierMode::Highest) | None => self.range_of(row, next, &unit),
            };
            let value = self.cell(&row.value);
            cells.push(vec![range, value]);
        }
        let rate = rows.iter().all(|r| matches!(r.value.kind, ExprKind::Number(_, _, Unit::Rate)));
        let one = self.number(1, 0, &unit);
        let (how, column) = match mode {
            Some(TierMode::Highest) | None => {
                (say!(self, "only the row that is reached counts", "只按所达到的一档"), say!(self, "value", "数额"))
            }
            Some(TierMode::Each) => {
                (say!(self, "all rows that are reached add up", "所达到的各档累加"), say!(self, "value", "数额"))
            }
            Some(TierMode::Whole) if rate => (
                say!(self, "the rate of the row that is reached holds for the whole", "所达到一档的比例适用于全部"),
                say!(self, "rate on the whole", "适用于全部的比例"),
            ),
            Some(TierMode::Whole) => (
                say!(
                    self,
                    "the value of the row that is reached is paid for each {one} of the whole",
                    "所达到一档的数额按全部数量逐{one}计"
                ),
                say!(self, "for each {one}", "每{one}"),
            ),
            Some(TierMode::Marginal) if rate => (
                say!(self, "each slice at its own rate; rounded once, on the sum", "各段按各自比例计，合计后取整一次"),
                say!(self, "rate on this slice", "本段比例"),
            ),
            Some(TierMode::Marginal) => (
                say!(self, "each slice at its own value", "各段按各自数额计"),
                say!(self, "for each {one} of this slice", "本段内每{one}"),
            ),
        };
        let caption =
            say!(self, "by {reached}: {how}; below the first row: nothing", "按{reached}：{how}；未达到第一档的没有");
        let label = self.refer(caption, vec![reached, column], cells);
        match (mode, rate) {
            (Some(TierMode::Whole | TierMode::Marginal), _) => {
                say!(self, "{measured} reckoned by {label}", "{measured}按{label}计算所得")
            }
            (_, true) => say!(self, "the rate in {label}", "{label}所列比例"),
            (_, false) => say!(self, "the value in {label}", "{label}所列数额"),
        }
    }

    fn bound(&mut self, e: &Expr, unit: &Unit) -> String {
        match &e.kind {
            ExprKind::Number(mantissa, scale, Unit::Plain) => self.number(*mantissa, *scale, unit),
            _ => self.amount(e),
        }
    }

    /// True for what is counted in pieces: its next value is one more.
    fn pieces(unit: &Unit) -> bool {
        matches!(unit, Unit::Thing(_) | Unit::Times | Unit::Plain | Unit::Points)
    }

    fn from(&mut self, row: &TierRow, unit: &Unit) -> String {
        let bound = self.bound(&row.bound, unit);
        match (row.strict, Self::pieces(unit)) {
            (true, _) => say!(self, "more than {bound}", "超过{bound}"),
            (false, true) => say!(self, "{bound} or more", "满{bound}"),
            (false, false) => say!(self, "{bound} or more", "不低于{bound}"),
        }
    }

    /// A row that ends where the next begins.
    fn range_of(&mut self, row: &TierRow, next: Option<&TierRow>, unit: &Unit) -> String {
        let from = self.from(row, unit);
        let Some(next) = next else { return from };
        if let (Lang::En, true, false, false) = (self.lang, Self::pieces(unit), row.strict, next.strict)
            && let (Some(first), Some(last)) = (whole(&row.bound), whole(&next.bound).map(|n| n - 1))
        {
            let last_said = self.number(last, 0, unit);
            return if first == last {
                format!("exactly {last_said}")
            } else {
                format!("{} to {last_said}", decimal(first, 0))
            };
        }
        let end = self.bound(&next.bound, unit);
        match (next.strict, Self::pieces(unit)) {
            (true, _) => say!(self, "{from}, but at most {end}", "{from}但不超过{end}"),
            (false, true) => say!(self, "{from}, but less than {end}", "{from}不满{end}"),
            (false, false) => say!(self, "{from}, but less than {end}", "{from}但低于{end}"),
        }
    }

    /// A slice of a `marginal` ladder. Of money it is what lies above its bound; of things it begins with the thing
    /// that reaches it.
    fn slice(&mut self, row: &TierRow, next: Option<&TierRow>, unit: &Unit) -> String {
        let bound = self.bound(&row.bound, unit);
        let end = next.map(|next| (self.bound(&next.bound, unit), next.strict));
        if *unit == Unit::Money {
            return match end {
                None => say!(self, "the part above {bound}", "超过{bound}的部分"),
                Some((end, _)) => say!(self, "the part above {bound} up to {end}", "超过{bound}至{end}（含）的部分"),
            };
        }
        let begin = match row.strict {
            true => say!(self, "after number {bound}", "第{bound}之后"),
            false => say!(self, "from number {bound} on", "自第{bound}起"),
        };
        match end {
            None => begin,
            Some((end, true)) => {
                say!(self, "{begin}, up to and including number {end}", "{begin}，至第{end}为止（含）")
            }
            Some((end, false)) => say!(self, "{begin}, before number {end}", "{begin}，至第{end}之前"),
        }
    }
}

/// A bound that is a whole number.
fn whole(bound: &Expr) -> Option<i128> {
    match &bound.kind {
        ExprKind::Number(mantissa, 0, _) => Some(*mantissa),
        _ => None,
    }
}
