//! What a run paid in all, for the person at the terminal.

use crate::console::{Console, Failure};
use crate::lang::Lang;
use promo_compiler::digits::{self, yuan};
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
    /// What was awarded, by reward kind.
    kinds: Vec<Sum>,
}

/// Awards of one kind.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    /// How many.
    count: u64,
    /// What payees receive: after tax.
    arrives: i128,
    /// Fen withheld.
    tax: i128,
}

impl Totals {
    /// Adds one decision.
    pub(crate) fn add(&mut self, decision: &Decision) {
        self.events += 1;
        self.held += decision.held.iter().filter(|held| held.amount > 0).count() as u64;
        for award in &decision.awards {
            let kind = award.kind.index();
            if self.kinds.len() <= kind {
                self.kinds.resize(kind + 1, Sum::default());
            }
            if let Some(sum) = self.kinds.get_mut(kind) {
                sum.count += 1;
                sum.arrives += i128::from(award.arrives());
                sum.tax += i128::from(award.tax);
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
        for (kind, sum) in program.kinds.iter().zip(&self.kinds) {
            if sum.count == 0 {
                continue;
            }
            let fen = |sum: i128| yuan(i64::try_from(sum).unwrap_or(i64::MAX));
            let whole = i64::try_from(sum.arrives).unwrap_or(i64::MAX);
            let (count, number) = (grouped(sum.count), grouped(whole.unsigned_abs()));
            let name = if console.lang == Lang::Zh && !kind.label.is_empty() { &kind.label } else { &kind.name };
            text.push_str(&match (console.lang, kind.unit) {
                (Lang::En, RewardUnit::Fen) if kind.tax.is_some() => format!(
                    "  {name}: {count} awards, {} yuan received, {} yuan of tax withheld, {} yuan before tax\n",
                    fen(sum.arrives),
                    fen(sum.tax),
                    fen(sum.arrives + sum.tax)
                ),
                (Lang::Zh, RewardUnit::Fen) if kind.tax.is_some() => format!(
                    "  {name}：{count} 笔，到手 {} 元，代扣个税 {} 元，税前 {} 元\n",
                    fen(sum.arrives),
                    fen(sum.tax),
                    fen(sum.arrives + sum.tax)
                ),
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

fn grouped(number: u64) -> String {
    digits::grouped(&number.to_string(), ',')
}
