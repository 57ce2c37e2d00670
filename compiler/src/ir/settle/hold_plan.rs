//! What deciding a waiting award again reads: what it is and the record of its event, then what that record leads to.

use super::hold::{again, key_of, original, returned};
use super::{Context, StateView, follow_up};
use crate::ir::key::StateKey;
use crate::ir::record::{EventRecord, Id};
use crate::ir::schema::After;
use crate::ir::{Award, FollowUp, Held, LinkUse, Program, Rule, Word};

/// The follow-ups of an event kind that concern what waits: with the rule, the award and where it waits.
fn concerned<'p>(
    program: &'p Program,
    event: &EventRecord,
) -> impl Iterator<Item = (&'p FollowUp, &'p Rule, &'p Award, Held)> {
    program.follow_ups_of(event.event).filter_map(move |follow| {
        let (rule, award) = follow_up::followed(program, follow)?;
        Some((follow, rule, award, award.held?))
    })
}

/// The rules whose waiting awards this event decides again, with the event each is of as far as the state at hand shows
/// it.
fn originals<'p, S: StateView>(context: &Context<'p, S>) -> impl Iterator<Item = (&'p Rule, &'p Award, EventRecord)> {
    concerned(context.program, context.event).filter(|(follow, ..)| follow.does == After::Retried).filter_map(
        |(follow, rule, award, held)| {
            let event = Id::read(&context.event.words, follow.by);
            Some((rule, award, original(context, rule, held, event)?))
        },
    )
}

/// The links that deciding again reads: true if, with those read, there may be more.
pub(super) fn links<S: StateView>(
    context: &Context<'_, S>,
    out: &mut Vec<StateKey>,
    mut links_of: impl FnMut(&Rule, &mut dyn FnMut(&LinkUse)),
) -> bool {
    let mut behind = false;
    for (follow, _, award, held) in concerned(context.program, context.event) {
        let by = Id::read(&context.event.words, follow.by);
        match follow.does {
            After::Retried => {
                out.extend([key_of(held.counter, by), key_of(held.record, by)]);
                behind = true;
            }
            After::Return if award.kept.is_some_and(|kept| kept.by != Word::ID) => {
                out.push(key_of(held.returned, by));
                out.extend(returned(context, follow, award, held).map(|event| key_of(held.counter, event)));
                behind = true;
            }
            After::Return => out.push(key_of(held.counter, by)),
            After::Claimed | After::Expired => {}
        }
    }
    for (rule, _, record) in originals(context) {
        let context = again(context, &record, false);
        links_of(rule, &mut |link| out.extend(context.link_key(link)));
    }
    behind
}

/// The events this one decides again, as far as the state at hand shows them.
pub(super) fn records<S: StateView>(program: &Program, event: &EventRecord, state: &S) -> Vec<EventRecord> {
    originals(&Context::new(program, event, state)).map(|(_, _, record)| record).collect()
}

/// The counters that deciding again reads; `limits` adds those of a rule's limits.
pub(super) fn counters<S: StateView>(
    context: &Context<'_, S>,
    out: &mut Vec<StateKey>,
    mut limits: impl FnMut(&Context<'_, S>, &Rule, Id, &mut Vec<StateKey>),
) {
    for (follow, _, award, held) in concerned(context.program, context.event) {
        match follow.does {
            After::Retried => {
                let by = Id::read(&context.event.words, follow.by);
                out.extend([key_of(held.counter, by), key_of(held.counted, by)]);
            }
            After::Return => {
                out.extend(returned(context, follow, award, held).map(|event| key_of(held.counter, event)))
            }
            After::Claimed | After::Expired => {}
        }
    }
    for (rule, award, record) in originals(context) {
        let payee = award.held.and_then(|held| match context.state.link(&key_of(held.counter, record.id()))? {
            &[_, _, lo, hi, _, _, _] => Some(Id::from_words(lo, hi)),
            _ => None,
        });
        limits(&again(context, &record, false), rule, payee.unwrap_or_default(), out);
    }
}
