//! What one payment of a reward kind may be: limits of a payment platform are data of the channel model, with the
//! product and the contract the brand has there, and no constants of the compiler.

use super::expr::fact_bound;
use super::model::Model;
use crate::ast::{Number, RewardClass, RewardDecl, Unit};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Text};
use crate::source::{SourceId, Spelling};

/// Least and most of one payment, in fen; reports what is no such range.
pub fn range(
    reward: &RewardDecl,
    source: SourceId,
    spelling: Spelling,
    model: &Model,
    out: &mut Diagnostics,
) -> Option<(i64, i64)> {
    let (least, most) = reward.each.as_ref()?;
    let money = |n: &Number| match &n.unit {
        Unit::Named(unit) if matches!(unit.text.as_str(), "yuan" | "元" | "fen" | "分") => {
            fact_bound(n, &n.unit, model)
        }
        _ => None,
    };
    let range = money(least).zip(money(most)).filter(|(least, most)| *least >= 1 && least <= most);
    let range = range.filter(|_| reward.class == RewardClass::Money);
    if range.is_none() {
        let at = least.span.to(most.span).at(source);
        let label = match reward.class {
            RewardClass::Money => {
                Text::new("not two sums above zero, the lesser first", "应为两个大于零的金额，小的在前")
            }
            RewardClass::Points => Text::new("nothing is paid of a kind in whole points", "积分不是付款"),
        };
        let line = match spelling {
            Spelling::En => "reward cash money, each payment 1 yuan .. 200 yuan",
            Spelling::Zh => "奖励种类 cash 金额，单笔 1元 至 200元",
        };
        let message = Text::new("what may one payment be?", "单笔可以付多少？");
        let help = Text::new(format!("write `{line}`"), format!("请写 `{line}`"));
        out.push(Diagnostic::error(Code::P0393, at, message, label).help(help));
    }
    range
}
