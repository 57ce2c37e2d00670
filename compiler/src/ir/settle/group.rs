//! Groups that pay one member only: who is chosen.

use super::bounds::{arriving, take};
use super::{Context, Decision, Refusal, Scratch, StateView};
use crate::ir::{Group, GroupRule, PolicyId};
use std::ops::Range;

impl<S: StateView> Context<'_, S> {
    /// Chooses in every group with a due candidate: the rules of members not chosen are refused.
    pub(super) fn choose_in_groups(&self, scratch: &mut Scratch, decision: &mut Decision) {
        scratch.groups.clear();
        let mut at = 0;
        while let Some(candidate) = scratch.candidates.get(at) {
            at += 1;
            let rule = self.program.rules.get(candidate.rule.index()).filter(|_| candidate.due.is_ok());
            let group = rule.and_then(|r| self.program.policies.get(r.policy.index())).and_then(|p| p.group);
            let Some(id) = group else { continue };
            let Some(group) = self.program.groups.get(id.index()) else {
                continue;
            };
            if group.rule != GroupRule::AllOf && !scratch.groups.contains(&id) {
                scratch.groups.push(id);
                self.choose(group, scratch, decision);
            }
        }
    }

    fn choose(&self, group: &Group, scratch: &mut Scratch, decision: &mut Decision) {
        let contenders = group.members.iter().filter(|m| self.is_due(**m, scratch)).count();
        if contenders < 2 {
            return;
        }
        // Whoever pays now comes before whoever would have something wait.
        let mut winner: Option<(PolicyId, (bool, i64))> = None;
        for &member in &group.members {
            if let Some(paid) = self.attempt(member, scratch, decision)
                && winner.is_none_or(|(_, best)| better(group.rule, paid, best))
            {
                winner = Some((member, paid));
                if group.rule == GroupRule::FirstOf && paid.0 {
                    break;
                }
            }
        }
        let Some((winner, _)) = winner else { return };
        for &loser in group.members.iter().filter(|m| **m != winner) {
            let range = self.candidates_of(loser, scratch);
            for candidate in scratch.candidates.get_mut(range).unwrap_or(&mut []) {
                let reason = candidate.tried.unwrap_or(Refusal::GroupNotChosen(winner));
                candidate.due = candidate.due.and(Err(reason));
            }
        }
    }

    /// What one member would pay alone, on the state as it was read: `None` if nothing, else whether it pays now, and
    /// the fen that arrive in all, or those that would. The reason why a rule would be refused is noted: it is what a loser is
    /// told.
    fn attempt(&self, member: PolicyId, scratch: &mut Scratch, decision: &mut Decision) -> Option<(bool, i64)> {
        let range = self.candidates_of(member, scratch);
        let Scratch { candidates, due, trial, tried, .. } = scratch;
        tried.clear();
        let mut paid: Option<(bool, i64)> = None;
        for candidate in candidates.get_mut(range).unwrap_or(&mut []) {
            let (Ok(of), Some(rule)) = (candidate.due, self.program.rules.get(candidate.rule.index())) else {
                continue;
            };
            take(due, of, trial);
            match self.bound(rule, trial, tried, decision) {
                Err(refusal) => candidate.tried = Some(refusal),
                Ok(()) if trial.is_empty() => {}
                Ok(()) => {
                    let pays = trial.iter().any(|due| due.waits.is_none());
                    let sum = arriving(trial.iter().filter(|due| due.waits.is_none() == pays));
                    paid = Some(match paid {
                        Some((before, more)) if before == pays => (pays, more.saturating_add(sum)),
                        Some(before @ (true, _)) => before,
                        Some((false, _)) | None => (pays, sum),
                    });
                }
            }
        }
        paid
    }

    fn is_due(&self, member: PolicyId, scratch: &Scratch) -> bool {
        let range = self.candidates_of(member, scratch);
        scratch.candidates.get(range).is_some_and(|all| all.iter().any(|c| c.due.is_ok()))
    }

    /// The candidates that are rules of a policy: rules of a policy are contiguous and candidates ascend.
    fn candidates_of(&self, policy: PolicyId, scratch: &Scratch) -> Range<usize> {
        let Some(policy) = self.program.policies.get(policy.index()) else {
            return 0..0;
        };
        let (first, end) = (policy.first_rule.0, policy.first_rule.0.saturating_add(policy.rule_count));
        let from = scratch.candidates.partition_point(|c| c.rule.0 < first);
        from..scratch.candidates.partition_point(|c| c.rule.0 < end).max(from)
    }
}

/// Is a member better than the best before it? Of those that pay now, and of those that would have something wait, `first
/// of` keeps the first.
fn better(rule: GroupRule, paid: (bool, i64), best: (bool, i64)) -> bool {
    match rule {
        GroupRule::FirstOf => paid.0 && !best.0,
        GroupRule::BestOf | GroupRule::AllOf => paid > best,
    }
}
