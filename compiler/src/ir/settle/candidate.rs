//! One rule alone: gates, inputs, conditions, amounts, payees.

use super::{
    Candidate, Context, Decision, Draws, Due, DueAward, Mode, Refusal, Scratch, StateFault, StateView, tickets,
};
use crate::ir::eval::{FAULT, RuleRunner};
use crate::ir::key::Entity;
use crate::ir::record::{Id, value};
use crate::ir::{Award, Flow, Input, Node, PoolUse, RewardUnit, Rule, RuleId, Test, Window, Withholding};

impl<S: StateView> Context<'_, S> {
    /// Evaluates a candidate and adds it to the scratch; a rule of another event kind is not a candidate.
    pub(super) fn evaluate<R: RuleRunner, D: Draws>(
        &self,
        id: RuleId,
        mode: Mode,
        runner: &R,
        draws: &D,
        scratch: &mut Scratch,
        decision: &mut Decision,
    ) -> Result<(), StateFault> {
        let rule = self.program.rules.get(id.index()).ok_or(StateFault::NoSuchRule { rule: id })?;
        if rule.event != self.event.event {
            return Ok(());
        }
        let due = self.due(id, rule, mode, runner, draws, scratch, decision)?;
        scratch.candidates.push(Candidate { rule: id, due, tried: None });
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "one step of `settle`, which has the same inputs")]
    fn due<R: RuleRunner, D: Draws>(
        &self,
        id: RuleId,
        rule: &Rule,
        mode: Mode,
        runner: &R,
        draws: &D,
        scratch: &mut Scratch,
        decision: &mut Decision,
    ) -> Result<Result<Due, Refusal>, StateFault> {
        let words = &self.event.words;
        if mode == Mode::All
            && let Some(gate) = rule.gates.iter().find(|g| !g.set.contains(value(words, g.word)))
        {
            return Ok(Err(Refusal::OutOfScope(gate.kind)));
        }
        self.guard_drawn(rule, draws, decision);
        self.inputs(id, rule, draws, decision, &mut scratch.inputs)?;
        scratch.amounts.clear();
        scratch.amounts.resize(rule.awards.len(), 0);
        match runner.run(id, words, &scratch.inputs, &mut scratch.amounts) {
            0 => Ok(self.payable(rule, scratch)),
            FAULT => Err(StateFault::Arithmetic { rule: id }),
            k if selects(rule, k) => Ok(Err(Refusal::NotSelected(k))),
            k => Ok(Err(Refusal::Condition(k))),
        }
    }

    /// Who is paid: the first that is known.
    pub(super) fn payee(&self, award: &Award) -> Option<(u32, Id)> {
        let mut payees = award.payees.iter().map(|payee| (payee.role, self.id(&payee.id)));
        payees.find(|(_, id): &(u32, Id)| id.is_known())
    }

    /// An award to somebody.
    pub(super) fn due_award(&self, at: u32, award: &Award, (role, payee): (u32, Id), amount: i64) -> DueAward {
        let kind = self.program.kinds.get(award.kind.index());
        DueAward {
            award: at,
            role,
            payee,
            kind: award.kind,
            from: award.from.as_ref().map(|from| (from.role, self.id(&from.id))),
            flow: award.flow,
            fen: award.flow != Flow::Charge && kind.is_some_and(|k| k.unit == RewardUnit::Fen),
            unit_cost: award.unit_cost.max(0),
            withheld: kind.and_then(|kind| Withholding::of(award, kind)),
            amount,
            waits: None,
            reserved: None,
        }
    }

    /// What the nodes of a rule read besides the event.
    pub(super) fn inputs<D: Draws>(
        &self,
        id: RuleId,
        rule: &Rule,
        draws: &D,
        decision: &mut Decision,
        out: &mut Vec<i64>,
    ) -> Result<(), StateFault> {
        out.clear();
        for input in &rule.inputs {
            out.push(match input {
                Input::Draw(n) => self.draw(rule, *n, draws),
                Input::Ticket(pool) => self.ticket(id, rule, pool, draws, decision)?,
                _ => self.input(input, decision)?,
            });
        }
        Ok(())
    }

    /// 64 bits that depend on the secret, the policy, the rule and what entitles to the draw: the same on a retry.
    fn draw<D: Draws>(&self, rule: &Rule, n: u32, draws: &D) -> i64 {
        let mut entitlement = Entity::default();
        if rule.entitlement.is_empty() {
            entitlement.push(self.event.id());
        }
        // An unknown part has the id 0 here; the `once` it comes from refuses the rule further on.
        rule.entitlement.iter().for_each(|part| entitlement.push(self.id(part)));
        let policy = self.program.policies.get(rule.policy.index()).map_or(0, |p| p.key);
        draws.draw(policy, rule.number, n, entitlement.get()) as i64
    }

    /// The ticket the next chance takes: the number taken before it, through the pool's permutation. What was read
    /// is guarded to exactly this value; of a pool that is used up it does not matter by how much.
    fn ticket<D: Draws>(
        &self,
        id: RuleId,
        rule: &Rule,
        pool: &PoolUse,
        draws: &D,
        decision: &mut Decision,
    ) -> Result<i64, StateFault> {
        let Some(key) = self.key(pool.counter, Window::Ever, &[]) else { return Ok(pool.size) };
        let taken = self.state.counter(&key);
        if taken >= pool.size {
            decision.guard(key, pool.size, i64::MAX);
            return Ok(pool.size);
        }
        decision.guard(key, taken, taken);
        let policy = self.program.policies.get(rule.policy.index()).map_or(0, |p| p.key);
        let found = tickets::ticket(draws, policy, rule.number, pool, taken);
        found.ok_or(StateFault::Arithmetic { rule: id })
    }

    /// The awards with an amount above zero and a payee who is known.
    fn payable(&self, rule: &Rule, scratch: &mut Scratch) -> Result<Due, Refusal> {
        let first = scratch.due.len();
        let mut amounts_due = false;
        for (at, (award, amount)) in (0..).zip(rule.awards.iter().zip(&scratch.amounts)) {
            if *amount <= 0 {
                continue;
            }
            amounts_due = true;
            let (payee, waits) = match self.payee(award) {
                Some(payee) => (payee, None),
                None => match self.awaited(award) {
                    Some((role, waits)) => ((role, Id::UNKNOWN), Some(waits)),
                    None => continue,
                },
            };
            scratch.due.push(DueAward { waits, ..self.due_award(at, award, payee, *amount) });
        }
        let count = scratch.due.len() - first;
        match (amounts_due, count) {
            (false, _) if !rule.consumes_when_nothing => Err(Refusal::NothingDue),
            (true, 0) => Err(Refusal::UnknownParty),
            _ => Ok(Due { first, count }),
        }
    }
}

/// Is condition number k one that asks for a party's bucket?
fn selects(rule: &Rule, k: u32) -> bool {
    let condition = (k as usize).checked_sub(1).and_then(|at| rule.conditions.get(at));
    let node = |id: crate::ir::NodeId| rule.nodes.get(id.index());
    let Some(Test::Node(test)) = condition.map(|c| &c.test) else { return false };
    let Some(Node::Within(value, ..)) = node(*test) else { return false };
    let Some(Node::Input(input)) = node(*value) else { return false };
    matches!(rule.inputs.get(input.index()), Some(Input::Bucket(_)))
}
