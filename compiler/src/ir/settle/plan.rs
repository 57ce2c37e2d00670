//! What a decision will read, so that a store can be asked in batches: first the links, then the identity sets of the
//! event, step by step towards their roots, then, since a key can contain a party of a linked event or a root, the
//! counters. Links of what another link finds take one more batch.

use super::accounts::accounts_of;
use super::bounds::budget_key;
use super::{Context, StateView, follow_up, hold_plan, identity};
use crate::ir::key::StateKey;
use crate::ir::record::{EventRecord, Id};
use crate::ir::{Flow, Input, KeyPart, LimitUnit, LinkUse, Program, RowKey, Rule, RuleId, Window};

/// The links the candidates, and what the event adds to measures, look up; each once, as far as `known` shows whose
/// they are. `out` is cleared first. True if some are of what another link finds: with those read, there may be more.
pub fn link_keys<S: StateView>(
    program: &Program,
    event: &EventRecord,
    candidates: &[RuleId],
    known: &S,
    out: &mut Vec<StateKey>,
) -> bool {
    out.clear();
    let context = Context::new(program, event, known);
    let mut behind = false;
    let mut found = |link: &LinkUse| {
        behind |= matches!(link.key.as_deref(), Some(KeyPart::LinkId { .. }));
        out.extend(context.link_key(link));
    };
    for rule in rules(program, candidates) {
        links_of(rule, &mut found);
    }
    for (id, at) in &program.past(event.event).measures {
        let measure = program.measures.get(id.index());
        let Some(contribution) = measure.and_then(|m| m.contributions.get(*at)) else { continue };
        contribution.key.iter().for_each(|part| link_in(part, &mut found));
        contribution.linked.iter().for_each(|(input, _)| links_in(input, &mut found));
    }
    follow_up::keys(&context, false, out);
    let again = hold_plan::links(&context, out, |rule, mut found| {
        links_of_awards(rule, &mut found);
        links_of_limits(rule, &mut found);
    });
    out.sort_unstable();
    out.dedup();
    behind || again
}

/// The numbers of the identity sets of an event, as far as the state at hand leads: ask again with these loaded until
/// the answer grows no more. A set of n identifiers takes at most log₂ n rounds more than the two an event without a
/// known user takes; a program without identity sets takes none. `out` is cleared first.
pub fn identity_keys<S: StateView>(program: &Program, event: &EventRecord, state: &S, out: &mut Vec<StateKey>) {
    out.clear();
    let records = hold_plan::records(program, event, state);
    for event in std::iter::once(event).chain(&records) {
        program.identities.iter().for_each(|identity| identity::keys(identity, event, state, out));
    }
    out.sort_unstable();
    out.dedup();
}

/// The counters the candidates may read, each once, given a state in which the links and identity sets are there.
/// `out` is cleared first. Limits and budgets of rules that turn out not to pay are among them.
pub fn counter_keys<S: StateView>(
    program: &Program,
    event: &EventRecord,
    candidates: &[RuleId],
    links: &S,
    out: &mut Vec<StateKey>,
) {
    out.clear();
    let context = Context::new(program, event, links);
    for rule in rules(program, candidates) {
        for input in &rule.inputs {
            if let Input::Measure(used) = input {
                out.extend(context.measure_keys(used));
            }
        }
        for (award, account) in accounts_of(&rule.awards) {
            let payees = award.payees.iter().map(|payee| context.id(&payee.id)).filter(|id| id.is_known());
            out.extend(payees.filter_map(|id| context.taken_from(Flow::Take(account), id)));
        }
        limit_keys(&context, rule, Id::UNKNOWN, out);
        let budget = program.policies.get(rule.policy.index()).and_then(|p| p.budget);
        out.extend(budget.and_then(|id| program.budgets.get(id.index())).map(budget_key));
    }
    let links = program.past(event.event).links.iter().filter_map(|id| program.links.get(id.index()));
    out.extend(links.filter(|link| link.drawn.is_some()).filter_map(|link| context.remembered_under(link)));
    follow_up::keys(&context, true, out);
    hold_plan::counters(&context, out, limit_keys);
    program.identities.iter().for_each(|identity| context.moving(identity, |key| out.push(key)));
    out.sort_unstable();
    out.dedup();
}

/// The counters of a rule's limits; `payee` is paid besides those the event names.
fn limit_keys<S: StateView>(context: &Context<'_, S>, rule: &Rule, payee: Id, out: &mut Vec<StateKey>) {
    for used in &rule.limits {
        let limit = context.program.limits.get(used.limit.index()).filter(|l| l.window != Window::Event);
        let Some(limit) = limit else { continue };
        if !limit.invariant.as_ref().is_some_and(|invariant| invariant.per_payee) {
            out.extend(context.key(limit.counter, limit.window, &used.key));
            out.extend((limit.unit == LimitUnit::Parties).then(|| context.parties_key(limit)));
            continue;
        }
        // Whoever may be paid: who is, is not known yet.
        let payees = rule.awards.iter().flat_map(|award| &award.payees);
        let named = payees.filter(|payee| limit.only_role.is_none_or(|role| role == payee.role));
        let ids = named.map(|payee| context.id(&payee.id)).chain([payee]).filter(|id| id.is_known());
        out.extend(ids.map(|id| context.key_of(limit.counter, limit.window, id.0)));
    }
}

fn rules<'a>(program: &'a Program, ids: &'a [RuleId]) -> impl Iterator<Item = &'a Rule> {
    ids.iter().filter_map(|id| program.rules.get(id.index()))
}

/// Every use of a link in a rule, those behind another after it.
pub(super) fn links_of(rule: &Rule, found: &mut impl FnMut(&LinkUse)) {
    rule.inputs.iter().for_each(|input| links_in(input, found));
    links_of_awards(rule, found);
    links_of_limits(rule, found);
    rule.entitlement.iter().for_each(|part| link_in(part, found));
}

fn links_of_awards(rule: &Rule, found: &mut impl FnMut(&LinkUse)) {
    for award in &rule.awards {
        award.payees.iter().chain(&award.from).for_each(|payee| link_in(&payee.id, found));
    }
}

fn links_of_limits(rule: &Rule, found: &mut impl FnMut(&LinkUse)) {
    for limit in &rule.limits {
        limit.key.iter().for_each(|part| link_in(part, found));
    }
}

fn links_in(input: &Input, found: &mut impl FnMut(&LinkUse)) {
    match input {
        Input::LinkPresent(link) | Input::LinkWord(link, _) => one(link, found),
        Input::Measure(measure) => measure.key.iter().for_each(|part| link_in(part, found)),
        Input::Bucket(bucket) => link_in(&bucket.party, found),
        // The counter of a pool is that of a limit.
        Input::Draw(_) | Input::Ticket(_) => {}
        Input::Row(row) | Input::CellPresent(row, _) | Input::Cell(row, _) => {
            for key in &row.keys {
                match key {
                    RowKey::Id(part) => link_in(part, found),
                    RowKey::Word { link, .. } => link.iter().for_each(|link| one(link, found)),
                }
            }
        }
    }
}

fn link_in(part: &KeyPart, found: &mut impl FnMut(&LinkUse)) {
    if let KeyPart::LinkId { link, .. } = part {
        one(link, found);
    }
}

/// A link, and before it those it is found through.
fn one(link: &LinkUse, found: &mut impl FnMut(&LinkUse)) {
    link.key.iter().for_each(|key| link_in(key, found));
    found(link);
}
