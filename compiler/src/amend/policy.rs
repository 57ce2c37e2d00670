//! A policy against its announced text: dates, budget, group, and which rules there are.

use super::finding::{Finding, Sort};
use super::rule::{self, Pair};
use super::{Side, say};
use crate::diagnostic::Text;
use crate::hir;
use crate::ir::{self, Beyond, GroupRule};
use crate::source::{Location, SourceMap};
use crate::typed::{Policy, Rule, Type};

/// Is the role one of natural persons?
pub(super) fn is_person(side: Side<'_>, role: u32) -> bool {
    side.hir.model.roles.get(role as usize).is_some_and(|r| r.person)
}

/// Does it pay a consumer, or take from one?
pub(super) fn faces_consumers(side: Side<'_>, policy: &Policy) -> bool {
    policy.rules.iter().any(|r| rule::faces_consumers(side, r))
}

/// Compares the announced policy with the present one of its name.
pub(super) fn compare(now: Side<'_>, was: Side<'_>, old: &Policy, sources: &SourceMap, found: &mut Vec<Finding>) {
    let Some(new) = now.typed.policies.iter().find(|p| p.name == old.name) else {
        let name = &old.name;
        let what = Text::new(format!("announced policy `{name}` is gone"), format!("已公布的政策 `{name}` 不见了"));
        found.push(Finding { now: None, was: old.at, what, sort: Sort::Gone });
        return;
    };
    let hash = |side: Side<'_>| side.program.policies.iter().find(|p| p.name == old.name).map(|p| p.hash.clone());
    if hash(now) == hash(was) && !chooses(now, new) && same_events(now, was) && same_coupons(now, was) {
        return;
    }
    group(now, was, new, old, found);
    budget(new, old, found);
    redeem(now, was, new, old, found);
    let mut matched = Vec::new();
    for (event, nth, theirs) in numbered(was, old) {
        let ours = numbered(now, new).find(|(e, n, _)| (*e, *n) == (event, nth));
        let Some((_, _, ours)) = ours else {
            if rule::faces_consumers(was, theirs) {
                let what = Text::new("an announced rule is gone", "已公布的规则不见了");
                found.push(Finding { now: Some(new.at), was: theirs.at, what, sort: Sort::Gone });
            }
            continue;
        };
        matched.push(ours.at);
        if rule::faces_consumers(was, theirs) {
            Pair::new(now, was, ours, theirs, sources).compare(
                hir_rule(now, new, ours),
                hir_rule(was, old, theirs),
                found,
            );
        } else {
            added(now, ours, old, &[], found);
        }
    }
    let counted: Vec<u64> = new.rules.iter().filter(|r| matched.contains(&r.at)).flat_map(counters).collect();
    for ours in new.rules.iter().filter(|r| !matched.contains(&r.at)) {
        added(now, ours, old, &counted, found);
    }
}

/// Rules with their event's name and their place among the policy's rules on it, by which their state is kept.
fn numbered<'a>(side: Side<'a>, policy: &'a Policy) -> impl Iterator<Item = (&'a str, usize, &'a Rule)> {
    policy.rules.iter().enumerate().map(move |(i, rule)| {
        let nth = policy.rules.iter().take(i).filter(|r| r.event == rule.event).count();
        let event = side.program.schema.events.get(rule.event.index()).map_or("", |e| e.name.name.as_str());
        (event, nth, rule)
    })
}

/// The rule as it was resolved.
fn hir_rule<'a>(side: Side<'a>, policy: &Policy, rule: &Rule) -> Option<(&'a hir::Policy, &'a hir::Rule)> {
    let home = side.hir.policies.iter().find(|p| p.name == policy.name)?;
    home.rules.iter().find(|r| r.number == rule.number && r.event == rule.event).map(|r| (home, r))
}

fn counters(rule: &Rule) -> impl Iterator<Item = u64> {
    rule.limits.iter().filter(|(l, _)| l.invariant.is_none()).map(|(l, _)| l.counter)
}

/// A rule that was not announced may give; it may neither take nor use up what announced rules are limited by.
fn added(now: Side<'_>, rule: &Rule, old: &Policy, counted: &[u64], found: &mut Vec<Finding>) {
    let takes = rule.awards.iter().find(|award| rule::takes(now, award));
    let shares = counters(rule).any(|counter| counted.contains(&counter));
    let what = match (takes, shares) {
        (Some(_), _) => {
            Text::new("a rule that takes from a consumer was not announced", "公布的条款里没有向消费者扣收的规则")
        }
        (None, true) => Text::new(
            "a rule that was not announced counts towards a limit of announced ones",
            "未公布的规则占用了已公布规则的上限",
        ),
        (None, false) => return,
    };
    let at = takes.map_or(rule.at, |award| award.at);
    found.push(Finding { now: Some(at), was: old.at, what, sort: Sort::Unproven });
}

/// True where another policy's change can keep this one from being chosen.
fn chooses(side: Side<'_>, policy: &Policy) -> bool {
    let group = policy.group.and_then(|g| side.typed.groups.get(g));
    group.is_some_and(|g| g.rule != GroupRule::AllOf)
}

/// What a coupon is worth and how long it is valid is no part of the policy that gives it.
fn same_coupons(now: Side<'_>, was: Side<'_>) -> bool {
    let of = |side: Side<'_>, name: &str| {
        let found = side.hir.coupons.iter().find(|c| c.name == name);
        found.map(|c| (c.fen(), c.valid))
    };
    was.hir.coupons.iter().all(|c| of(now, &c.name) == of(was, &c.name))
}

/// Words and event kinds mean the same on both sides.
fn same_events(now: Side<'_>, was: Side<'_>) -> bool {
    now.program.schema.hash == was.program.schema.hash
}

/// In a group of which one is chosen, everything that can be chosen instead must be what was announced.
fn group(now: Side<'_>, was: Side<'_>, new: &Policy, old: &Policy, found: &mut Vec<Finding>) {
    let Some(group) = new.group.and_then(|g| now.typed.groups.get(g)).filter(|g| g.rule != GroupRule::AllOf) else {
        return;
    };
    let announced = old.group.and_then(|g| was.typed.groups.get(g));
    let policies = |side: Side<'_>, g: &ir::Group| -> Vec<(String, String)> {
        let member = |id: &ir::PolicyId| side.program.policies.get(id.index());
        let all: Vec<_> = g.members.iter().filter_map(member).map(|p| (p.name.clone(), p.hash.clone())).collect();
        // Behind the first that pays nobody is asked.
        let me = all.iter().position(|(name, _)| *name == new.name).unwrap_or(all.len());
        let asked = if g.rule == GroupRule::FirstOf { me } else { all.len() };
        all.into_iter().take(asked).filter(|(name, _)| *name != new.name).collect()
    };
    let others = policies(now, group);
    let same = announced.is_some_and(|a| a.rule == group.rule && policies(was, a) == others);
    if !others.is_empty() && !same {
        let what = Text::new(
            format!("what is paid instead of `{}` is not what was announced", new.name),
            format!("与 `{}` 择一支付的政策和公布的不一样", new.name),
        );
        let sort = Sort::Unproven;
        found.push(Finding { now: Some(group.at), was: announced.map_or(old.at, |a| a.at), what, sort });
    }
}

fn budget(new: &Policy, old: &Policy, found: &mut Vec<Finding>) {
    let Some(now) = &new.budget else { return };
    let Some(was) = &old.budget else {
        let what = Text::new("a budget was not announced", "公布的条款里没有预算");
        found.push(Finding { now: Some(now.at), was: old.at, what, sort: Sort::Worse });
        return;
    };
    let worse = |what| Finding { now: Some(now.at), was: was.at, what, sort: Sort::Worse };
    if now.max < was.max {
        let (a, b) = (say::amount(was.max, &Type::Money), say::amount(now.max, &Type::Money));
        found.push(worse(Text::new(
            format!("the budget was {}, now it is {}", a.en, b.en),
            format!("预算原来是 {}，现在是 {}", a.zh, b.zh),
        )));
    }
    if now.used_up == Beyond::Skip && was.used_up == Beyond::Cut {
        found.push(worse(Text::new(
            "the last award was paid in part when the budget ended, now it is not paid",
            "预算用完时最后一份原来付余额，现在不付",
        )));
    }
}

/// A last day to redeem that no rule reads is still a promise.
fn redeem(now: Side<'_>, was: Side<'_>, new: &Policy, old: &Policy, found: &mut Vec<Finding>) {
    let rules = |side: Side<'_>, policy: &Policy| {
        policy.rules.iter().any(|r| hir_rule(side, policy, r).is_some_and(|(_, r)| r.redeem.is_some()))
    };
    if rules(now, new) && rules(was, old) {
        return; // the rules' own times are compared
    }
    let Some(end) = new.redeem_until else { return };
    let written = |side: Side<'_>, policy: &Policy| -> Option<Location> {
        side.hir.policies.iter().find(|p| p.name == policy.name)?.redeem_until.as_ref().map(|(_, at)| *at)
    };
    let at = written(now, new);
    let offset = now.program.schema.utc_offset;
    let now_until = say::until(end, offset);
    match old.redeem_until {
        Some(before) if before > end => {
            let before = say::until(before, offset);
            let what = Text::new(
                format!("it could be redeemed until {before}, now until {now_until}"),
                format!("原来兑付到 {before}，现在只到 {now_until}"),
            );
            found.push(Finding { now: at, was: written(was, old).unwrap_or(old.at), what, sort: Sort::Worse });
        }
        None => {
            let what = Text::new(
                format!("an end of redeeming was not announced, now it is {now_until}"),
                format!("公布的条款里没有兑付截止，现在是 {now_until}"),
            );
            found.push(Finding { now: at, was: old.at, what, sort: Sort::Worse });
        }
        Some(_) => {}
    }
}
