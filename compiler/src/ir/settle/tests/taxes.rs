//! Withheld tax from the award to its undoing, on hand-built programs.

use super::world::*;
use crate::ir::schema::After;
use crate::ir::settle::*;
use crate::ir::*;

/// The balance of cash of stores.
fn wallet() -> Measure {
    let paid = Some(Paid { kind: CASH, item: None, role: STORE, balance: true });
    Measure { counter: 901, window: Window::Ever, max: 1_000_000, contributions: vec![], paid, at: AT }
}

/// 8 yuan for opening a box, which a guide's scan of it takes back.
fn program_of(net: bool, ppm: i64, budget: i64) -> Program {
    let mut p = program();
    p.kinds[CASH.index()].tax = Some(ppm);
    p.measures = vec![wallet()];
    p.schema.events[GUIDE_SCAN.index()].after = Some(After::Return);
    p.policy("packets");
    let budget = p.budget(budget, Beyond::Skip);
    p.policies[0].budget = Some(budget);
    p.rule(vec![(STORE, CASH, 800)]);
    let award = &mut p.last().awards[0];
    award.net = Some(net);
    award.on_return = OnReturn::TakeBack;
    award.kept = Some(Kept { counter: 77, by: CODE });
    let (does, rule) = (After::Return, RuleId(0));
    p.follow_ups = vec![FollowUp { event: GUIDE_SCAN, does, rule, award: 0, by: CODE, part: None }];
    p
}

fn wallet_of(state: &Store) -> i64 {
    state.counters.iter().filter(|(key, _)| key.counter == 901).map(|(_, value)| *value).sum()
}

fn scans(p: &Program, kind: EventId, id: &str, state: &mut Store) -> Decision {
    let scan = event(kind, id, 1_769_911_200, "C1", "S1", "", 0);
    let decision = decide(p, &scan, state);
    state.apply(&scan, &decision);
    decision
}

#[test]
fn a_wallet_holds_what_arrives_and_the_budget_is_used_by_the_gross() {
    for (net, arrives, tax, gross) in [(true, 800, 200, 1_000), (false, 640, 160, 800)] {
        let p = program_of(net, 200_000, 1_500);
        let mut state = Store::default();
        let first = scans(&p, OPEN_BOX, "e1", &mut state);
        let award = first.awards[0];
        assert_eq!((award.amount, award.arrives(), award.tax, award.gross()), (800, arrives, tax, gross));
        assert_eq!(wallet_of(&state), arrives);
        assert_eq!(state.counter(&p.budget_key(BudgetId(0))), gross);
        // What is left is less than another gross, and would have done for another net amount.
        assert_eq!(refusals(&scans(&p, OPEN_BOX, "e2", &mut state)), [Refusal::Budget]);
    }
}

#[test]
fn what_is_undone_is_what_was_paid_whatever_the_tax_is_now() {
    for (net, arrives, tax) in [(true, 800, 200), (false, 640, 160)] {
        let mut state = Store::default();
        scans(&program_of(net, 200_000, 1_000), OPEN_BOX, "e1", &mut state);
        // By then the tax has halved, and the policy says the other side.
        let now = program_of(!net, 100_000, 1_000);
        let back = scans(&now, GUIDE_SCAN, "e2", &mut state);
        let award = back.awards[0];
        assert_eq!((award.amount, award.arrives(), award.tax, award.net), (-800, -arrives, -tax, Some(net)));
        assert_eq!(award.gross(), -arrives - tax);
        assert_eq!((wallet_of(&state), state.counter(&now.budget_key(BudgetId(0)))), (0, 0));
    }
}
