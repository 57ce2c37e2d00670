//! Which later events settle or undo which awards: follows from the schema and the awards alone.

use super::schema::{After, EventSchema, FieldType, Schema};
use super::{Beyond, EventId, Flow, FollowUp, Held, Kept, OnReturn, Part, Program, Rule, RuleId, Word, key};
use crate::hir::layout::ORIGINAL;

/// Says of every award what can happen to it, and where it is kept for that.
pub fn fill(program: &mut Program) {
    let mut found = Vec::new();
    let Program { schema, policies, rules, limits, .. } = program;
    for policy in policies.iter() {
        let mut before: Vec<EventId> = Vec::new();
        let first = policy.first_rule;
        for (at, rule) in (first.0..).zip(rules.iter_mut().skip(first.index()).take(policy.rule_count as usize)) {
            let name = schema.events.get(rule.event.index()).map_or("", |e| e.name.name.as_str());
            let place = before.iter().filter(|event| **event == rule.event).count();
            before.push(rule.event);
            let holds = rule.limits.iter().filter_map(|used| limits.get(used.limit.index()));
            let limit_holds = holds.into_iter().any(|limit| matches!(limit.beyond, Beyond::Hold(_)));
            for award in 0..rule.awards.len() {
                let id = |what: &str| key::stable_id(&format!("{what}/{}/{name}#{place}/{award}", policy.name));
                if let Some(follow) = retried(schema, rule, RuleId(at), award, limit_holds) {
                    let held = Held {
                        counter: id("held"),
                        record: key::stable_id(&format!("held/{name}")),
                        counted: key::stable_id(&format!("counted/{}/{name}#{place}", policy.name)),
                        returned: id("waits"),
                    };
                    if let Some(award) = rule.awards.get_mut(award) {
                        award.held = Some(held);
                    }
                    found.push(follow);
                }
                let follow = follow_ups(schema, rule, RuleId(at), award);
                let Some(by) = follow.first().map(|(_, by)| *by) else { continue };
                let counter = id("kept");
                if let Some(award) = rule.awards.get_mut(award) {
                    award.kept = Some(Kept { counter, by });
                }
                found.extend(follow.into_iter().map(|(follow, _)| follow));
            }
        }
    }
    program.follow_ups = found;
}

/// The event that decides a waiting award again, if this one can wait: until its payee is known, or a limit has room.
fn retried(schema: &Schema, rule: &Rule, id: RuleId, at: usize, limit_holds: bool) -> Option<FollowUp> {
    let award = rule.awards.get(at)?;
    if award.flow != Flow::Give || award.hold.is_none() && !limit_holds {
        return None;
    }
    let events = (0..).map(EventId).zip(&schema.events);
    let (event, layout) = events.into_iter().find(|(_, layout)| layout.after == Some(After::Retried))?;
    Some(FollowUp { event, does: After::Retried, rule: id, award: at as u32, by: original(layout)?, part: None })
}

/// What can happen to an award, and the word of the paying event it is kept by.
fn follow_ups(schema: &Schema, rule: &Rule, id: RuleId, at: usize) -> Vec<(FollowUp, Word)> {
    let Some(award) = rule.awards.get(at) else { return Vec::new() };
    let events = (0..).map(EventId).zip(&schema.events);
    let after = events.filter_map(|(event, layout)| Some((event, layout, layout.after?)));
    let all = after.filter_map(|(event, layout, does)| {
        let (by, kept_by, part) = match does {
            After::Claimed | After::Expired => {
                award.claim_within?;
                (original(layout)?, Word::ID, None)
            }
            After::Retried => return None,
            After::Return => {
                if !matches!(award.on_return, OnReturn::TakeBack | OnReturn::InProportion) {
                    return None;
                }
                returned(schema, schema.events.get(rule.event.index())?, layout, award.on_return)?
            }
        };
        Some((FollowUp { event, does, rule: id, award: at as u32, by, part }, kept_by))
    });
    all.collect()
}

/// How a return finds what was paid: by the code that was scanned, or by the event.
fn returned(
    schema: &Schema,
    paid: &EventSchema,
    back: &EventSchema,
    on_return: OnReturn,
) -> Option<(Word, Word, Option<Part>)> {
    match (scanned(schema, paid), scanned(schema, back)) {
        (None, None) => Some((original(back)?, Word::ID, None)),
        (Some((outer, kept_by)), Some((inner, code))) => {
            let by = code_of(schema, back, outer)?;
            let product = back.fields.iter().find(|f| f.ty == FieldType::Product && f.path.len() == 1)?.word;
            let in_proportion = on_return == OnReturn::InProportion;
            let part = Part { code, product, inner: inner as u32, outer: outer as u32, in_proportion };
            Some((by, kept_by, (inner != outer).then_some(part)))
        }
        // A scan is undone by its id only where no goods can be scanned back: it is kept in one place.
        (Some(_), None)
            if !schema.events.iter().any(|e| e.after == Some(After::Return) && scanned(schema, e).is_some()) =>
        {
            Some((original(back)?, Word::ID, None))
        }
        _ => None,
    }
}

/// The pack an event scans, and the word of its code.
pub fn scanned(schema: &Schema, event: &EventSchema) -> Option<(usize, Word)> {
    (0..schema.packs.len()).find_map(|pack| Some((pack, code_of(schema, event, pack)?)))
}

/// The word of a pack's code in an event.
fn code_of(schema: &Schema, event: &EventSchema, pack: usize) -> Option<Word> {
    let name = schema.packs.get(pack)?;
    let field = event.fields.iter().find(|f| f.ty == FieldType::Id && f.path.as_slice() == [name.clone()])?;
    Some(field.word)
}

fn original(event: &EventSchema) -> Option<Word> {
    let field = event
        .fields
        .iter()
        .find(|f| f.ty == FieldType::Id && f.path.len() == 1 && f.path.iter().all(|n| n.name == ORIGINAL))?;
    Some(field.word)
}
