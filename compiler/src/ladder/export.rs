//! From a ladder to a sheet: what `import` reads, cell for cell.

use crate::ast::{Clause, ClauseKind, Expr, ExprKind, Give, Number, TierRow, Unit};
use crate::source::Spelling;

/// A ladder as a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The header, then the rows.
    pub rows: Vec<[String; 3]>,
}

/// Every ladder in the clauses of a policy, in the order written; `rule` counts the `on` and `every` blocks from 1.
/// `text` is the file they were parsed from.
pub fn export(clauses: &[Clause], rule: Option<usize>, text: &str, spelling: Spelling) -> Vec<Exported> {
    let mut found = Vec::new();
    let mut number = 0;
    for clause in clauses {
        match &clause.kind {
            ClauseKind::On { clauses, .. } | ClauseKind::Every { clauses, .. } => {
                number += 1;
                if rule.is_none_or(|wanted| wanted == number) {
                    clauses.iter().for_each(|c| inside(c, &mut found));
                }
            }
            _ if rule.is_none() => inside(clause, &mut found),
            _ => {}
        }
    }
    found.into_iter().map(|rows| sheet(rows, text, spelling)).collect()
}

fn inside<'a>(clause: &'a Clause, found: &mut Vec<&'a [TierRow]>) {
    match &clause.kind {
        ClauseKind::Give(Give { reward, .. }) => ladders(&reward.value, found),
        ClauseKind::Let(_, value) => ladders(value, found),
        _ => {}
    }
}

fn ladders<'a>(e: &'a Expr, found: &mut Vec<&'a [TierRow]>) {
    match &e.kind {
        ExprKind::Tiers { rows, .. } => found.push(rows),
        ExprKind::Binary(_, a, b)
        | ExprKind::Clamp { value: a, bound: b, .. }
        | ExprKind::RateOf { rate: a, base: b, .. } => {
            ladders(a, found);
            ladders(b, found);
        }
        ExprKind::Per { amount, .. } => ladders(amount, found),
        ExprKind::Table { rows, default, .. } => {
            rows.iter().for_each(|r| ladders(&r.value, found));
            default.iter().for_each(|d| ladders(d, found));
        }
        _ => {}
    }
}

/// A plain number's digits and unit.
fn plain<'a>(e: &'a Expr, text: &'a str) -> Option<(String, String)> {
    let ExprKind::Number(n) = &e.kind else { return None };
    let unit = match &n.unit {
        Unit::None => String::new(),
        Unit::Percent => "%".into(),
        Unit::Permille => "‰".into(),
        Unit::Named(name) => name.text.clone(),
    };
    Some((digits(n, text), unit))
}

fn digits(n: &Number, text: &str) -> String {
    let written = text.get(n.span.start as usize..n.span.end as usize).unwrap_or("");
    let all = written.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | '_'));
    all.filter(|c| *c != '_').collect()
}

/// The cells of a column and the unit they share; with different units each cell has its own.
fn column(cells: Vec<Option<(String, String)>>) -> (Vec<String>, String) {
    let mut units: Vec<&String> = cells.iter().flatten().map(|c| &c.1).collect();
    units.dedup();
    let shared = if let [one] = units.as_slice() { (*one).clone() } else { String::new() };
    let one = |cell: Option<(String, String)>| match cell {
        None => String::new(),
        Some((digits, unit)) if unit == shared => digits,
        Some((digits, unit)) => format!("{digits}{unit}"),
    };
    (cells.into_iter().map(one).collect(), shared)
}

fn sheet(rows: &[TierRow], text: &str, spelling: Spelling) -> Exported {
    let zh = spelling == Spelling::Zh;
    let written = |e: &Expr| text.get(e.span.start as usize..e.span.end as usize).unwrap_or("").trim().to_owned();
    let cell = |e: &Expr| plain(e, text).unwrap_or_else(|| (written(e), String::new()));
    let (from, from_unit) = column(rows.iter().map(|r| Some(cell(&r.bound))).collect());
    // A row with one bound ends where the next begins, and does not include that number if the next does.
    let ends = |i: usize, r: &TierRow| match (&r.until, rows.get(i + 1)) {
        (Some((until, included)), _) => Some((cell(until), *included)),
        (None, Some(next)) => Some((cell(&next.bound), next.strict)),
        (None, None) => None,
    };
    let ends: Vec<Option<((String, String), bool)>> = rows.iter().enumerate().map(|(i, r)| ends(i, r)).collect();
    let (to, to_unit) = column(ends.iter().map(|e| e.as_ref().map(|(cell, _)| cell.clone())).collect());
    let (value, value_unit) = column(rows.iter().map(|r| Some(cell(&r.value))).collect());
    let mut included: Vec<bool> = ends.iter().flatten().map(|(_, included)| *included).collect();
    included.dedup();
    // Said in the header where all rows agree and some row touches the next; else in each cell.
    let touches = ends.iter().zip(from.iter().skip(1)).any(|(e, next)| e.as_ref().is_some_and(|((d, _), _)| d == next));
    let edge = match (included.as_slice(), touches) {
        ([all], true) => Some(*all),
        _ => None,
    };
    let note = |name: &str, unit: &str, edge: Option<bool>| {
        let edge = match (edge, zh) {
            (Some(true), true) => "含",
            (Some(false), true) => "不含",
            (Some(true), false) => "included",
            (Some(false), false) => "excluded",
            (None, _) => "",
        };
        let parts: Vec<&str> = [unit, edge].into_iter().filter(|p| !p.is_empty()).collect();
        match (parts.is_empty(), zh) {
            (true, _) => name.to_owned(),
            (false, true) => format!("{name}（{}）", parts.join("，")),
            (false, false) => format!("{name} ({})", parts.join(", ")),
        }
    };
    let names = if zh { ["下限", "上限", "奖励"] } else { ["from", "to", "reward"] };
    let [from_name, to_name, value_name] = names;
    let mut out =
        vec![[note(from_name, &from_unit, None), note(to_name, &to_unit, edge), note(value_name, &value_unit, None)]];
    let mixed = included.len() > 1 && touches;
    for (((from, to), value), end) in from.into_iter().zip(to).zip(value).zip(&ends) {
        let to = match end {
            Some((_, included)) if mixed => format!("{}{to}", if *included { "≤" } else { "<" }),
            _ => to,
        };
        out.push([from, to, value]);
    }
    Exported { rows: out }
}
