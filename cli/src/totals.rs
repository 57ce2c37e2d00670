//! What a run paid in all, for the person at the terminal.

use crate::console::{Console, Failure};
use crate::lang::Lang;
use crate::summary::{grouped, yuan};
use promo_compiler::ir::settle::Decision;
use promo_compiler::ir::{Program, RewardUnit};

/// Sums over a run.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    /// Events decided.
    pub(crate) events: u64,
    /// Events that had been decided before (same id): nothing was paid again.
    repeated: u64,
    /// Awards that began to wait.
    held: u64,
    /// Awards made and their sum, by reward kind.
    kinds: Vec<(u64, i128)>,
}

impl Totals {
    /// Adds one decision.
    pub(crate) fn add(&mut self, decision: &Decision) {
        self.events += 1;
        self.held += decision.held.iter().filter(|held| held.amount > 0).count() as u64;
        for award in &decision.awards {
            let kind = award.kind.index();
            if self.kinds.len() <= kind {
                self.kinds.resize(kind + 1, (0, 0));
            }
            if let Some((count, sum)) = self.kinds.get_mut(kind) {
                *count += 1;
                *sum += i128::from(award.amount);
            }
        }
    }

    /// Counts an event whose answer was repeated.
    pub(crate) fn repeat(&mut self) {
        self.events += 1;
        self.repeated += 1;
    }

    /// Prints the sums to standard error.
    pub(crate) fn report(&self, program: &Program, console: &mut Console) -> Result<(), Failure> {
        let (events, repeated) = (grouped(self.events), grouped(self.repeated));
        let mut text = match console.lang {
            Lang::En => format!("{events} events, {repeated} of them repeated\n"),
            Lang::Zh => format!("{events} 个事件，其中 {repeated} 个重复\n"),
        };
        for (kind, (count, sum)) in program.kinds.iter().zip(&self.kinds) {
            if *count == 0 {
                continue;
            }
            let whole = i64::try_from(*sum).unwrap_or(i64::MAX);
            let (count, number) = (grouped(*count), grouped(whole.unsigned_abs()));
            let name = if console.lang == Lang::Zh && !kind.label.is_empty() { &kind.label } else { &kind.name };
            text.push_str(&match (console.lang, kind.unit) {
                (Lang::En, RewardUnit::Fen) => format!("  {name}: {count} awards, {} yuan\n", yuan(whole)),
                (Lang::En, RewardUnit::Points) => format!("  {name}: {count} awards, {number} points\n"),
                (Lang::En, RewardUnit::Pieces) => format!("  {name}: {count} awards, {number} pieces\n"),
                (Lang::Zh, RewardUnit::Fen) => format!("  {name}：{count} 笔，{} 元\n", yuan(whole)),
                (Lang::Zh, RewardUnit::Points) => format!("  {name}：{count} 笔，{number} 积分\n"),
                (Lang::Zh, RewardUnit::Pieces) => format!("  {name}：{count} 笔，{number} 件\n"),
            });
        }
        if self.held > 0 {
            let held = grouped(self.held);
            text.push_str(&match console.lang {
                Lang::En => format!("  {held} awards wait\n"),
                Lang::Zh => format!("  {held} 笔奖励等待补发\n"),
            });
        }
        console.note(&text)
    }
}
