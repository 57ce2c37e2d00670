//! Amounts that are paid by how many scans there were: scanned again, one and the same bottle counts again.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Text};
use crate::hir::from_ast::all_gives;
use crate::hir::{Expr, ExprKind, Measure, Package, TierRow, Unit};
use crate::source::{Location, Spelling};
use rustc_hash::FxHashMap;

/// Warns of every count of scans that decides how much somebody gets, where nothing says that each code counts once.
/// Conditions are left alone: `at most 20 a day` means scans, and `at least 1` is the same either way.
pub fn warn(hir: &Package, spellings: &FxHashMap<u32, Spelling>, out: &mut Diagnostics) {
    let mut found: Vec<(Location, &Measure)> = Vec::new();
    let rules = hir.policies.iter().flat_map(|p| &p.rules);
    rules.flat_map(all_gives).for_each(|give| counts(&give.reward.value, &mut found));
    // One amount may stand in several gives by its name, and in every instance of a template.
    found.sort_by_key(|(at, _)| *at);
    found.dedup_by_key(|(at, _)| *at);
    for (at, measure) in found {
        let spelling = spellings.get(&at.source.0).copied().unwrap_or(Spelling::En);
        out.0.extend(finding(hir, measure, at, spelling));
    }
}

/// The counts in an amount.
fn counts<'h>(e: &'h Expr, found: &mut Vec<(Location, &'h Measure)>) {
    match &e.kind {
        ExprKind::Measure(measure) if measure.add.is_none() => found.push((e.at, measure)),
        // `from 50 times` says that it means scans.
        ExprKind::Tiers(base, _, _, rows) if matches!(base.kind, ExprKind::Measure(_)) && rows.iter().all(in_times) => {
            rows.iter().for_each(|row| counts(&row.value, found));
        }
        _ => e.parts().into_iter().for_each(|part| counts(part, found)),
    }
}

fn in_times(row: &TierRow) -> bool {
    matches!(row.bound.kind, ExprKind::Number(_, _, Unit::Times))
}

/// `None` unless scans of codes are counted, each as often as it is scanned.
fn finding(hir: &Package, measure: &Measure, at: Location, spelling: Spelling) -> Option<Diagnostic> {
    let event = hir.model.events.get(measure.event.index())?;
    let pack = hir.model.packs.get(hir.model.layers.get(event.scan?.0)?.pack)?;
    // A count of one bottle's own scans is meant as it stands.
    let own = measure.key_names.iter().any(|name| hir.model.packs.iter().any(|p| p.name == *name));
    if own || measure.filter.as_ref().is_some_and(|filter| is_first(filter, measure, hir)) {
        return None;
    }
    let (pack, event) = (pack.said(spelling), event.name.said(spelling));
    let (line, count, times) = match spelling {
        Spelling::En => (
            format!("let before = last {event} of this {pack}"),
            format!("count of {event} (before is unknown) …"),
            "from 50 times",
        ),
        Spelling::Zh => {
            (format!("设 扫过 = 本 {pack} 最近 {event}"), format!("… {event} (扫过 未知) 次数"), "达到 50 次")
        }
    };
    let d = Diagnostic::error(
        Code::P0440,
        at,
        Text::new(
            format!("a second `{event}` of the same `{pack}` is paid again"),
            format!("同一“{pack}”再一次“{event}”，会再算一次钱"),
        ),
        Text::new("this counts scans", "这里数的是扫码"),
    );
    let d = d.help(Text::new(
        format!("to count each once: `{line}`, then `{count}`; tiers that mean scans say `{times}`"),
        format!("要每个只数一次：`{line}`，再写 `{count}`；阶梯本来就按扫码，写 `{times}`"),
    ));
    Some(d.warning())
}

/// Does a filter say that this is the first such scan of the code?
fn is_first(filter: &Expr, measure: &Measure, hir: &Package) -> bool {
    match &filter.kind {
        ExprKind::And(a, b) => is_first(a, measure, hir) || is_first(b, measure, hir),
        ExprKind::Known(link, true) => match &link.kind {
            ExprKind::Link(link) => link.event == measure.event && hir.model.packs.iter().any(|p| p.name == link.whose),
            _ => false,
        },
        _ => false,
    }
}
