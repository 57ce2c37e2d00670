//! Best of, first of, all of.

use super::world::*;
use crate::ir::settle::*;
use crate::ir::*;

/// Policies that pay these amounts to the store, in one group.
fn grouped(rule: GroupRule, amounts: &[i64]) -> Program {
    let mut p = program();
    let mut members = vec![];
    for (i, amount) in amounts.iter().enumerate() {
        members.push(p.policy(&format!("p{i}")));
        p.rule(vec![(STORE, CASH, *amount)]);
    }
    p.group(rule, members);
    p
}

#[test]
fn the_best_or_the_first_or_all_are_paid() {
    for (rule, amounts, winner) in [
        (GroupRule::BestOf, [5, 9, 7], 1),
        (GroupRule::BestOf, [9, 9, 7], 0),
        (GroupRule::BestOf, [0, 0, 7], 2),
        (GroupRule::FirstOf, [5, 9, 7], 0),
        (GroupRule::FirstOf, [0, 9, 7], 1),
    ] {
        let p = grouped(rule, &amounts);
        let decision = decide(&p, &opened("S", ""), &EmptyState);
        assert_eq!(paid(&decision), [(STORE, amounts[winner])], "{rule:?} {amounts:?}");
        let expect = |a: &i64| {
            if *a == 0 { Refusal::NothingDue } else { Refusal::GroupNotChosen(PolicyId(winner as u32)) }
        };
        let losers = amounts.iter().enumerate().filter(|(i, _)| *i != winner).map(|(_, a)| expect(a));
        assert_eq!(refusals(&decision), losers.collect::<Vec<_>>());
    }
    let all = grouped(GroupRule::AllOf, &[5, 9, 7]);
    assert_eq!(paid(&decide(&all, &opened("S", ""), &EmptyState)), [(STORE, 5), (STORE, 9), (STORE, 7)]);
}

#[test]
fn members_are_in_the_order_written() {
    let mut p = grouped(GroupRule::FirstOf, &[5, 9]);
    p.groups[0].members.reverse();
    assert_eq!(paid(&decide(&p, &opened("S", ""), &EmptyState)), [(STORE, 9)]);
}

#[test]
fn a_member_is_compared_by_what_its_bounds_leave() {
    let mut p = grouped(GroupRule::BestOf, &[50, 20]);
    let limit = p.limit(30, LimitUnit::Fen, Beyond::Cut);
    p.rules[0].limits = vec![per(limit, vec![party(STORE)])];
    let event = opened("S", "");
    let key = p.limit_key(limit, "S", &event);
    let state = |used| Store { counters: [(key, used)].into(), ..Store::default() };
    assert_eq!(paid(&decide(&p, &event, &state(0))), [(STORE, 30)]);
    assert_eq!(paid(&decide(&p, &event, &state(10))), [(STORE, 20)], "a tie goes to the earlier");
    let later = decide(&p, &event, &state(11));
    assert_eq!(paid(&later), [(STORE, 20)]);
    assert_eq!(refusals(&later), [Refusal::GroupNotChosen(PolicyId(1))]);
    // The loser's own reason is told where it has one, and its limit is not used.
    let full = decide(&p, &event, &state(30));
    assert_eq!(paid(&full), [(STORE, 20)]);
    assert_eq!(refusals(&full), [Refusal::Limit(limit)]);
    assert!(full.changes.is_empty());
    assert_eq!(full.guards, [Guard { key, lo: 30, hi: i64::MAX }]);
}

#[test]
fn all_rules_of_a_policy_count_and_win_together() {
    let mut p = program();
    let a = p.policy("a");
    p.rule(vec![(STORE, CASH, 6)]);
    p.rule(vec![(STORE, CASH, 6)]);
    let b = p.policy("b");
    p.rule(vec![(STORE, CASH, 11), (STORE, POINTS, 1000)]);
    p.group(GroupRule::BestOf, vec![b, a]);
    assert_eq!(paid(&decide(&p, &opened("S", ""), &EmptyState)), [(STORE, 6), (STORE, 6)]);
}

#[test]
fn a_member_that_pays_points_only_still_pays() {
    let mut p = program();
    let a = p.policy("a");
    p.rule(vec![(STORE, POINTS, 6)]);
    let b = p.policy("b");
    p.rule(vec![(STORE, CASH, 0)]);
    p.group(GroupRule::BestOf, vec![b, a]);
    assert_eq!(paid(&decide(&p, &opened("S", ""), &EmptyState)), [(STORE, 6)]);
}

#[test]
fn a_ceiling_of_the_group_holds_over_all_members() {
    let mut p = grouped(GroupRule::AllOf, &[50, 50, 50]);
    let ceiling = p.limit(120, LimitUnit::Fen, Beyond::Cut);
    p.rules.iter_mut().for_each(|r| r.limits = vec![per(ceiling, vec![party(STORE)])]);
    let decision = decide(&p, &opened("S", ""), &EmptyState);
    assert_eq!(paid(&decision), [(STORE, 50), (STORE, 50), (STORE, 20)]);
}

#[test]
fn a_rule_the_trial_refuses_may_be_paid_when_it_won() {
    // Both rules of `a` share a limit of one; a budget that another policy uses up stops the first of them only in
    // the final pass, so the second has the limit to itself.
    let mut p = program();
    let budget = p.budget(60, Beyond::Skip);
    p.policy("x");
    p.policies[0].budget = Some(budget);
    p.rule(vec![(STORE, CASH, 50)]);
    let a = p.policy("a");
    p.policies[1].budget = Some(budget);
    let limit = p.limit(1, LimitUnit::Times, Beyond::Skip);
    p.rule(vec![(STORE, CASH, 40)]);
    p.last().limits = vec![per(limit, vec![party(STORE)])];
    p.rule(vec![(STORE, CASH, 10)]);
    p.last().limits = vec![per(limit, vec![party(STORE)])];
    let b = p.policy("b");
    p.rule(vec![(STORE, CASH, 5)]);
    p.group(GroupRule::BestOf, vec![a, b]);
    let decision = decide(&p, &opened("S", ""), &EmptyState);
    assert_eq!(paid(&decision), [(STORE, 50), (STORE, 10)]);
    assert_eq!(refusals(&decision), [Refusal::Budget, Refusal::GroupNotChosen(a)]);
}
