//! Awards that wait: for a payee to become known, or for a limit to have room.
//!
//! When an award begins to wait, `once` is used up, its ticket is drawn and its budget is spent, so that nobody else can
//! have them. All other limits are asked when it is paid. The state keeps how much waits (a counter, 0 when it is paid,
//! below zero when it has lapsed), for whom and until when, and the record of its event. A later event decides it again,
//! as if its event happened then: the same codes and parties, the links and windows of that time.

use super::bounds::{counts_tickets, made, per_payee};
use super::follow_up::kept_key;
use super::{AwardOut, Context, Decision, DueAward, KeptOut, Refusal, Scratch, StateView, Waits};
use crate::ir::key::StateKey;
use crate::ir::record::{EventRecord, Id};
use crate::ir::tax::Figures;
use crate::ir::{Award, FollowUp, Held, ItemId, KindId, Limit, LimitUnit, Rule, RuleId, Term, Window, Word};
use serde::{Deserialize, Serialize};
use std::cell::OnceCell;

/// An award that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HeldOut {
    /// The rule that would pay.
    pub rule: RuleId,
    /// Index into the rule's awards.
    pub award: u32,
    /// Role of the payee: index into the schema's roles.
    pub role: u32,
    /// Who would be paid; [`Id::UNKNOWN`] if that is what it waits for.
    pub payee: Id,
    /// What.
    pub kind: KindId,
    /// Which product or coupon.
    pub item: Option<ItemId>,
    /// Fen, points or pieces; negative for what waits no longer because goods came back.
    pub amount: i64,
    /// Fen of tax that will be withheld.
    pub tax: i64,
    /// `Some(true)`: net of withheld tax; `Some(false)`: gross; `None`: no tax is withheld.
    pub net: Option<bool>,
    /// The last second at which it can still be paid.
    pub until: i64,
    /// Why it waits.
    pub because: Refusal,
}

impl HeldOut {
    /// The award it will be.
    pub fn award(&self) -> AwardOut {
        let HeldOut { rule, award, role, payee, kind, item, amount, tax, net, .. } = *self;
        AwardOut { rule, award, role, payee, kind, item, amount, tax, from: None, net }
    }
}

/// Which awards of a rule a limit is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// None: it has been asked.
    None,
    /// Those that do not wait.
    Paid,
    /// All.
    All,
}

impl Asked {
    /// Is it asked about this one?
    pub(super) fn of(self, award: &DueAward) -> bool {
        match self {
            Asked::None => false,
            Asked::Paid => award.waits.is_none(),
            Asked::All => true,
        }
    }
}

/// An award as it waits in the state.
struct Waiting {
    key: StateKey,
    /// How much waits: 0 when it is paid, below zero when it has lapsed.
    stands: i64,
    until: i64,
    role: u32,
    payee: Id,
    /// What began to wait.
    began: Figures,
}

impl<S: StateView> Context<'_, S> {
    /// Which awards a limit is asked about. What pays once, and what bounds a single event, is asked when an award begins
    /// to wait, all else when it is paid; a rule counts once for its event, however many times it pays.
    pub(super) fn asked(&self, rule: &Rule, limit: &Limit) -> Asked {
        let once = limit.once || counts_tickets(rule, limit);
        let at_first = once || limit.window == Window::Event && !per_payee(limit);
        let times = limit.only_role.is_none() && matches!(limit.unit, LimitUnit::Times | LimitUnit::Seconds);
        match (self.retried, at_first) {
            (None, true) => Asked::All,
            (None, false) => Asked::Paid,
            (Some(_), true) => Asked::None,
            (Some(counted), false) if counted && times => Asked::None,
            (Some(_), false) => Asked::All,
        }
    }

    /// How an award waits whose payee is unknown, if it does.
    pub(super) fn awaited(&self, award: &Award) -> Option<(u32, Waits)> {
        let (term, _, payee) = (award.hold?, award.held?, award.payees.first()?);
        Some((payee.role, Waits { until: self.until(term), because: Refusal::UnknownParty }))
    }

    /// Lets those of a rule's awards wait of which `part` holds; what cannot wait is dropped. True if any waits.
    pub(super) fn wait(
        &self,
        rule: &Rule,
        term: Term,
        because: Refusal,
        awards: &mut Vec<DueAward>,
        part: impl Fn(&DueAward) -> bool,
    ) -> bool {
        let until = self.until(term);
        awards.retain_mut(|due| {
            if due.waits.is_some() || !part(due) {
                return true;
            }
            let can = rule.awards.get(due.award as usize).is_some_and(|award| award.held.is_some());
            due.waits = can.then_some(Waits { until, because });
            can && self.retried.is_none()
        });
        !awards.is_empty()
    }

    fn until(&self, term: Term) -> i64 {
        let (time, program) = (self.event.time(), self.program);
        // Of working days the checker knows the calendar for every event of the rule.
        term.last_second(time, program.schema.utc_offset, program.work.as_ref()).unwrap_or(time)
    }

    /// Remembers the awards of a rule that begin to wait.
    pub(super) fn hold(&self, id: RuleId, rule: &Rule, awards: &[DueAward], decision: &mut Decision) {
        let event = self.event.id();
        let mut counted = None;
        for due in awards {
            let Some(award) = rule.awards.get(due.award as usize) else { continue };
            let (Some(waits), Some(held)) = (due.waits, award.held) else { continue };
            let key = key_of(held.counter, event);
            let (lo, hi) = due.payee.to_words();
            decision.change(key, due.amount);
            let Figures { amount, cost, tax } = due.figures();
            let words = [waits.until, i64::from(due.role), lo, hi, amount, cost, tax];
            decision.kept.push(KeptOut { key, words });
            let record = key_of(held.record, event);
            if !decision.links.contains(&record) {
                decision.links.push(record);
            }
            // A return knows the code, not the event.
            let code = award.kept.filter(|kept| kept.by != Word::ID).map(|kept| Id::read(&self.event.words, kept.by));
            if let Some(code) = code.filter(|code| code.is_known()) {
                let (lo, hi) = event.to_words();
                let words = [waits.until, i64::from(due.role), lo, hi, amount, cost, tax];
                decision.kept.push(KeptOut { key: key_of(held.returned, code), words });
            }
            counted = Some(held.counted);
            decision.held.push(HeldOut {
                rule: id,
                award: due.award,
                role: due.role,
                payee: due.payee,
                kind: award.kind,
                item: award.item,
                amount: due.amount,
                tax,
                net: award.net,
                until: waits.until,
                because: waits.because,
            });
        }
        if let (Some(counted), true) = (counted, awards.iter().any(|due| due.waits.is_none())) {
            decision.change(key_of(counted, event), 1);
        }
    }

    /// Decides a waiting award again; `None` if this one never waited.
    pub(super) fn retry(
        &self,
        follow: &FollowUp,
        rule: &Rule,
        award: &Award,
        scratch: &mut Scratch,
        decision: &mut Decision,
    ) -> Option<Result<(), Refusal>> {
        let held = award.held?;
        let event = Id::read(&self.event.words, follow.by);
        let waiting = self.waiting(held, event, decision)?;
        Some(match waiting.stands {
            0 => Err(Refusal::AlreadyPaid),
            ..0 => Err(Refusal::HoldExpired),
            _ if self.event.time() > waiting.until => {
                self.lapse(rule, &waiting, waiting.stands, decision);
                Err(Refusal::HoldExpired)
            }
            _ => self.pay_again(follow, rule, award, held, event, &waiting, scratch, decision),
        })
    }

    #[expect(clippy::too_many_arguments, reason = "one step of `retry`, which has found them out")]
    fn pay_again(
        &self,
        follow: &FollowUp,
        rule: &Rule,
        award: &Award,
        held: Held,
        event: Id,
        waiting: &Waiting,
        scratch: &mut Scratch,
        decision: &mut Decision,
    ) -> Result<(), Refusal> {
        let Some(record) = original(self, rule, held, event) else {
            self.kept_fault(key_of(held.record, event));
            return Err(Refusal::StillHeld);
        };
        let key = key_of(held.counted, event);
        let before = self.state.counter(&key);
        decision.guard(key, before, before);
        let counted = before.saturating_add(decision.pending(&key)) != 0;
        let context = again(self, &record, counted);
        context.guard_identities(decision);
        let payee = match waiting.payee.is_known() {
            true => Some((waiting.role, waiting.payee)),
            false => context.payee(award),
        };
        let outcome = payee.ok_or(Refusal::StillHeld).and_then(|payee| {
            let Scratch { trial, used, .. } = scratch;
            trial.clear();
            // What is paid is what was reserved, whatever prices and taxes are now.
            let reserved = Some(waiting.began.standing(waiting.stands));
            let due = context.due_award(follow.award, award, payee, waiting.stands);
            trial.push(DueAward { reserved, ..due });
            context.bound(rule, trial, used, decision).map_err(|_| Refusal::StillHeld)?;
            let due = trial.first().ok_or(Refusal::StillHeld)?;
            context.keep(rule, due, waiting.began, decision);
            decision.awards.extend(made(rule, follow.rule, due));
            decision.change(waiting.key, waiting.stands.saturating_neg());
            decision.change(key, i64::from(!counted));
            Ok(())
        });
        if let Some(fault) = context.fault.into_inner() {
            // Only the first counts.
            let _ = self.fault.set(fault);
        }
        outcome
    }

    /// Lets what waits go, as far as it comes back with this event.
    pub(super) fn waits_no_longer(&self, follow: &FollowUp, rule: &Rule, award: &Award, decision: &mut Decision) {
        let Some((held, event)) = award.held.and_then(|held| Some((held, returned(self, follow, award, held)?))) else {
            return;
        };
        let Some(waiting) = self.waiting(held, event, decision).filter(|waiting| waiting.stands > 0) else { return };
        let Some(kept) = kept_key(self, follow, award) else { return };
        let Some(amount) = self.comes_back(follow, &kept, waiting.stands, waiting.began.amount, decision) else {
            return;
        };
        if amount <= 0 {
            return;
        }
        let less = self.lapse(rule, &waiting, amount, decision);
        decision.held.push(HeldOut {
            rule: follow.rule,
            award: follow.award,
            role: waiting.role,
            payee: waiting.payee,
            kind: award.kind,
            item: award.item,
            amount: amount.saturating_neg(),
            tax: less.tax.saturating_neg(),
            net: award.net,
            until: waiting.until,
            because: Refusal::HoldExpired,
        });
    }

    /// So much waits no longer, and its budget is free again; what was reserved for it.
    fn lapse(&self, rule: &Rule, waiting: &Waiting, amount: i64, decision: &mut Decision) -> Figures {
        // One below zero: it is not there any more, and was not paid.
        let gone = i64::from(amount >= waiting.stands);
        decision.change(waiting.key, amount.saturating_neg().saturating_sub(gone));
        let before = waiting.began.standing(waiting.stands);
        let after = waiting.began.standing(waiting.stands.saturating_sub(amount));
        let cost = before.cost.saturating_sub(after.cost);
        self.back_to_budget(rule, cost, decision);
        Figures { amount, cost, tax: before.tax.saturating_sub(after.tax) }
    }

    /// The award of an event as it waits, if it ever did.
    fn waiting(&self, held: Held, event: Id, decision: &mut Decision) -> Option<Waiting> {
        let key = event.is_known().then_some(key_of(held.counter, event))?;
        let words = self.state.link(&key)?;
        let stands = self.state.counter(&key);
        decision.guard(key, stands, stands);
        let read = match words {
            &[until, role, lo, hi, amount, cost, tax] => {
                u32::try_from(role).ok().map(|role| (until, role, lo, hi, Figures { amount, cost, tax }))
            }
            _ => None,
        };
        let Some((until, role, lo, hi, began)) = read else {
            self.kept_fault(key);
            return None;
        };
        Some(Waiting { key, stands, until, role, payee: Id::from_words(lo, hi), began })
    }
}

/// The event an award waits for, at the time of the event at hand; `None` if it is not there or of another layout.
pub(super) fn original<S: StateView>(
    context: &Context<'_, S>,
    rule: &Rule,
    held: Held,
    event: Id,
) -> Option<EventRecord> {
    let words = context.state.link(&key_of(held.record, event))?;
    let layout = context.program.schema.events.get(rule.event.index())?;
    if layout.words as usize != words.len() {
        return None;
    }
    let mut record = EventRecord { event: rule.event, words: words.to_vec() };
    for (word, now) in [(Word::TIME, context.event.time()), (Word::DAY, context.event.day())] {
        if let Some(slot) = record.words.get_mut(word.index()) {
            *slot = now;
        }
    }
    Some(record)
}

pub(super) fn again<'a, S>(context: &Context<'a, S>, record: &'a EventRecord, counted: bool) -> Context<'a, S> {
    let Context { program, state, .. } = *context;
    Context { program, event: record, state, retried: Some(counted), fault: OnceCell::new() }
}

/// The event whose waiting award a return is about.
pub(super) fn returned<S: StateView>(
    context: &Context<'_, S>,
    follow: &FollowUp,
    award: &Award,
    held: Held,
) -> Option<Id> {
    let by = Id::read(&context.event.words, follow.by);
    if award.kept?.by == Word::ID {
        return by.is_known().then_some(by);
    }
    let key = key_of(held.returned, by);
    match context.state.link(&key)? {
        &[_, _, lo, hi, _, _, _] => Some(Id::from_words(lo, hi)),
        _ => {
            context.kept_fault(key);
            None
        }
    }
}

pub(super) fn key_of(counter: u64, id: Id) -> StateKey {
    StateKey { counter, entity: id.0, window: 0 }
}
