//! A whole pool: every quantity comes out exactly, a retry meets the same ticket, and then it is used up.

use super::world::*;
use crate::ir::settle::*;
use crate::ir::*;

const SIZE: i64 = 1_000;

/// 5 tickets of 50 fen, 200 of 3 fen, the rest blanks.
fn pool(beyond: Beyond) -> Program {
    let mut p = program();
    p.policy("a");
    p.rule(vec![(STORE, CASH, 0)]);
    let limit = p.limit(SIZE, LimitUnit::Times, beyond);
    p.limits[0].window = Window::Ever;
    let counter = p.limits[0].counter;
    let rule = p.last();
    rule.inputs = vec![Input::Ticket(PoolUse { counter, size: SIZE, draw: 0 })];
    rule.nodes = vec![
        Node::Input(InputId(0)),
        Node::Const(5),
        Node::Const(205),
        Node::Lt(NodeId(0), NodeId(1)),
        Node::Lt(NodeId(0), NodeId(2)),
        Node::Const(50),
        Node::Const(3),
        Node::Const(0),
        Node::Select(NodeId(4), NodeId(6), NodeId(7)),
        Node::Select(NodeId(3), NodeId(5), NodeId(8)),
    ];
    rule.awards[0].amount = NodeId(9);
    rule.consumes_when_nothing = true;
    rule.limits = vec![per(limit, vec![])];
    p
}

fn decide_with(p: &Program, state: &Store) -> Decision {
    reference_decide(p, &opened("S", ""), state, &KeyedDraws::new([5; 32])).unwrap()
}

#[test]
fn every_quantity_of_a_pool_is_paid_exactly() {
    let p = pool(Beyond::Skip);
    let event = opened("S", "");
    let mut state = Store::default();
    let (mut high, mut low, mut blanks) = (0, 0, 0);
    for _ in 0..SIZE {
        let decision = decide_with(&p, &state);
        assert_eq!(decision, decide_with(&p, &state));
        match paid(&decision).as_slice() {
            [(STORE, 50)] => high += 1,
            [(STORE, 3)] => low += 1,
            other => {
                assert!(other.is_empty(), "{other:?}");
                blanks += 1;
            }
        }
        // exactly this many tickets were taken before
        assert!(decision.guards.iter().all(|g| g.lo == g.hi), "{:?}", decision.guards);
        state.apply(&event, &decision);
    }
    assert_eq!((high, low, blanks), (5, 200, SIZE - 205));
    let after = decide_with(&p, &state);
    assert_eq!(refusals(&after), [Refusal::PoolUsedUp(LimitId(0))]);
    assert!(after.changes.is_empty());
    assert_eq!((after.guards[0].lo, after.guards[0].hi), (SIZE, i64::MAX));
}

#[test]
fn a_used_up_pool_of_blanks_counts_no_more() {
    let p = pool(Beyond::Cut);
    let event = opened("S", "");
    let mut state = Store::default();
    for _ in 0..SIZE {
        let decision = decide_with(&p, &state);
        assert_eq!(decision.changes.len(), 1);
        state.apply(&event, &decision);
    }
    let after = decide_with(&p, &state);
    assert_eq!(refusals(&after), [Refusal::NothingDue]);
    assert!(after.changes.is_empty());
}
