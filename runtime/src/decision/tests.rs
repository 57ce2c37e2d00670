#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::event::EventDecoder;
use crate::store::MemoryStore;
use crate::store::tests::{NoDraws, opened, program};
use promo_compiler::ir::settle::{EmptyState, reference_decide};
use promo_compiler::ir::{LimitId, PolicyId};
use promo_compiler::source::Span;

#[test]
fn an_award_is_written_with_all_it_is() {
    let program = program();
    let decoder = EventDecoder::new(&program);
    let event = opened(&decoder, "e1", "C1", "S\"1\\\u{1}门").unwrap();
    let decision = reference_decide(&program, &event, &EmptyState, &NoDraws).unwrap();
    let line = DecisionWriter::new(&program).to_json(&event, &decision, &IdTexts::default(), Detail::Reasons);
    let expected = "{\"id\":\"e1\",\"event\":\"open_box\",\"awards\":[{\"policy\":\"open_box\",\"rule\":1,\"role\":\"store\",\
        \"payee\":\"S\\\"1\\\\\\u0001门\",\"kind\":\"cash\",\"amount\":30,\"unit\":\"fen\",\"side\":\"net\",\"net\":30,\"tax\":8,\"gross\":38,\"policy_hash\":\"p1\"}],\
        \"refusals\":[]}";
    assert_eq!(line, expected);
    let parsed: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(parsed["awards"][0]["payee"], "S\"1\\\u{1}门");
}

#[test]
fn long_ids_are_named_if_their_text_is_known() {
    let program = program();
    let decoder = EventDecoder::new(&program);
    let long = "a-store-with-a-long-id";
    let event = opened(&decoder, "e1", "C1", long).unwrap();
    let decision = reference_decide(&program, &event, &EmptyState, &NoDraws).unwrap();
    let writer = DecisionWriter::new(&program);
    let blind = writer.to_json(&event, &decision, &IdTexts::default(), Detail::Awards);
    let id = Id::from_text(long).unwrap();
    assert!(blind.contains(&format!("\"payee_hash\":\"{:032x}\"", id.0)), "{blind}");
    let mut texts = IdTexts::default();
    texts.intern(long);
    assert!(writer.to_json(&event, &decision, &texts, Detail::Awards).contains(&format!("\"payee\":\"{long}\"")));
}

#[test]
fn refusals_say_why_in_both_languages() {
    let mut program = program();
    let mut sources = SourceMap::default();
    let source = sources.add("a.promo", "每箱\n  一次");
    program.limits[0].at = Span::new(0, 15).at(source);
    let decoder = EventDecoder::new(&program);
    let event = opened(&decoder, "e1", "C1", "S1").unwrap();
    let first = reference_decide(&program, &event, &EmptyState, &NoDraws).unwrap();
    let mut store = MemoryStore::new();
    first.changes.iter().for_each(|c| store.set_counter(c.key, c.delta));
    let decision = reference_decide(&program, &event, &store, &NoDraws).unwrap();
    let writer = DecisionWriter::new(&program);
    let line = writer.to_json(&event, &decision, &IdTexts::default(), Detail::Reasons);
    assert!(
        line.ends_with(r#""awards":[],"refusals":[{"policy":"open_box","rule":1,"reason":"already_paid"}]}"#),
        "{line}"
    );
    let line = writer.to_json(&event, &decision, &IdTexts::default(), Detail::Explain(&sources));
    let parsed: serde_json::Value = serde_json::from_str(&line).unwrap();
    let refusal = &parsed["refusals"][0];
    assert_eq!(refusal["text"], "每箱 一次");
    assert_eq!(refusal["zh"], "此前已经奖励过：`每箱 一次`");
    assert_eq!(refusal["en"], "it was paid before: `每箱 一次`");
    assert!(!writer.to_json(&event, &decision, &IdTexts::default(), Detail::Awards).contains("refusals"));
}

#[test]
fn every_reason_has_a_name_and_two_sentences() {
    let program = program();
    let refusals = [
        (Refusal::OutOfScope(GateKind::During), "out_of_scope", "outside the time"),
        (Refusal::OutOfScope(GateKind::Products), "out_of_scope", "product"),
        (Refusal::OutOfScope(GateKind::Regions), "out_of_scope", "region"),
        (Refusal::Condition(2), "condition", "condition 2 does not hold"),
        (Refusal::NothingDue, "nothing_due", "nothing is due"),
        (Refusal::UnknownParty, "unknown_party", "a party is unknown"),
        (Refusal::AlreadyPaid, "already_paid", "paid before"),
        (Refusal::ClaimedByAnother, "claimed_by_another", "someone else"),
        (Refusal::Limit(LimitId(0)), "limit", "the limit of 1 time is reached"),
        (Refusal::Limit(LimitId(1)), "limit", "the limit of 1 yuan per day is reached"),
        (Refusal::Limit(LimitId(9)), "limit", "a limit is reached"),
        (Refusal::TooSoon(LimitId(0)), "too_soon", "at least 1 seconds ago"),
        (Refusal::PoolUsedUp(LimitId(0)), "pool_used_up", "no ticket is left in the pool"),
        (Refusal::Budget, "budget", "the budget does not cover it"),
        (Refusal::GroupNotChosen(PolicyId(0)), "group_not_chosen", "policy `open_box`"),
    ];
    let event = EventDecoder::new(&program);
    let event = opened(&event, "e1", "C1", "S1").unwrap();
    for (refusal, name, en) in refusals {
        let refused = RefusalOut { rule: RuleId(0), refusal };
        let text = reason_text(&program, None, &refused);
        assert_eq!(reason_name(refusal), name);
        assert!(text.en.contains(en), "{}", text.en);
        assert!(!text.zh.is_empty() && !text.zh.is_ascii());
        let decision = Decision { refusals: vec![refused], ..Decision::default() };
        let sources = SourceMap::default();
        let writer = DecisionWriter::new(&program);
        let line = writer.to_json(&event, &decision, &IdTexts::default(), Detail::Explain(&sources));
        let parsed: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(parsed["refusals"][0]["reason"], name);
        assert_eq!(parsed["refusals"][0]["en"], text.en);
    }
}
