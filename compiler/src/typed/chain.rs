//! Redemption chains: every level has its rule, and a later last day than the one before it.

use super::error::Error as Money;
use super::scalar::Checker;
use crate::calendar;
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::hir::{Policy, chain};
use crate::source::Location;

/// Checks the chain of a policy whose campaign ends at `end`.
pub(super) fn check(checker: &mut Checker<'_>, policy: &Policy, end: i64) {
    let model = &checker.hir.model;
    let offset = model.utc_offset;
    let said = |checker: &Checker<'_>, level: &chain::Level| {
        let name = model.roles.get(level.role).map(|role| role.name.said(checker.spelling(level.at)));
        name.unwrap_or_default().to_owned()
    };
    let campaign = policy.during.as_ref().map(|during| during.2);
    let mut before: Option<(&chain::Level, i64)> = None;
    for level in &policy.chain {
        let Ok(until) = calendar::end_instant(&level.until, offset) else {
            super::from_hir::bad_date(checker, level.at);
            continue;
        };
        match before {
            // The last level is compared with the campaign as a `redeem until` of everybody is.
            None if until < end && policy.chain.len() > 1 => {
                checker.error(level.at, Money::RedeemOrder { at: level.at, during: campaign.unwrap_or(level.at) });
            }
            Some((earlier, day)) if until <= day => {
                let names = (said(checker, earlier), said(checker, level));
                let days = (shown(day, offset), shown(until, offset));
                checker.out.push(no_later(level.at, earlier.at, &names, &days));
            }
            _ => {}
        }
        before = Some((level, until));
        let redeems = |rule: &&crate::hir::Rule| {
            rule.redeem.is_some() && chain::level(model, policy, rule).is_some_and(|l| l.role == level.role)
        };
        if !policy.rules.iter().any(|rule| redeems(&rule)) {
            let name = said(checker, level);
            checker.out.push(no_rule(level.at, &name));
        }
    }
    for rule in policy.rules.iter().filter(|rule| rule.redeem.is_some() && !policy.chain.is_empty()) {
        if chain::level(model, policy, rule).is_none() {
            let clause = policy.redeem_until.as_ref().map_or(rule.at, |(_, at)| *at);
            checker.out.push(no_level(rule.at, clause));
        }
    }
}

/// The last minute before `end`, or its day.
fn shown(end: i64, offset: i32) -> String {
    const DAY: i64 = 86_400;
    let local = end.saturating_add(i64::from(offset));
    let day = |n: i64| calendar::print_day(n).unwrap_or_default();
    match local.rem_euclid(DAY) {
        0 => day(local.div_euclid(DAY) - 1),
        seconds => format!("{} {:02}:{:02}", day(local.div_euclid(DAY)), seconds / 3600, seconds / 60 % 60),
    }
}

fn no_later(at: Location, earlier: Location, names: &(String, String), days: &(String, String)) -> Diagnostic {
    let ((first, second), (day, later)) = (names, days);
    Diagnostic::error(
        Code::P0395,
        at,
        Text::new(
            format!("`{second}` has until {later}, which is not later than {day} of `{first}`"),
            format!("`{second}` 截至 {later}，不晚于 `{first}` 的 {day}"),
        ),
        Text::new("leaves no time to hand it on", "没有留出交接的时间"),
    )
    .label(earlier, Text::new("until here they may still bring it", "到这时为止都可能有人来兑"))
    .help(Text::new(
        "whoever can hand in no later than their customers turns the last of them away (F20): give each level a later day",
        "上一级的期限不晚于下一级，最后来兑的人就会被拒（F20）：请逐级往后推",
    ))
}

fn no_rule(at: Location, role: &str) -> Diagnostic {
    Diagnostic::error(
        Code::P0396,
        at,
        Text::new(format!("no rule redeems for `{role}`"), format!("没有为 `{role}` 兑付的规则")),
        Text::new("a last day of nothing", "这个期限什么也没有限定"),
    )
    .help(Text::new(
        "a `redeem on` rule belongs to the first role of the chain that its event knows",
        "`兑付 当` 的规则属于事件所涉及的各方中在链上最靠前的角色",
    ))
}

fn no_level(at: Location, clause: Location) -> Diagnostic {
    Diagnostic::error(
        Code::P0396,
        at,
        Text::new("until when is this redeemed?", "这一条兑付到什么时候为止？"),
        Text::new("nobody of this event is in the chain", "这个事件的各方都不在链上"),
    )
    .label(clause, Text::new("the chain", "兑付的各级期限"))
    .help(Text::new("add the role with its last day", "请补上这个角色和它的期限"))
}
