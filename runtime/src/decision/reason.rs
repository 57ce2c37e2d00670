//! Why a rule did not pay, in words.

use promo_compiler::diagnostic::Text;
use promo_compiler::ir::schema::Named;
use promo_compiler::ir::settle::{Refusal, RefusalOut};
use promo_compiler::ir::{Flow, GateKind, KeyPart, Limit, LimitUnit, LimitUse, Program, Window, Word};
use promo_compiler::source::{Location, SourceMap};

/// The stable name of a reason: `condition`, `limit` ….
pub const fn reason_name(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::OutOfScope(_) => "out_of_scope",
        Refusal::Condition(_) => "condition",
        Refusal::NotSelected(_) => "not_selected",
        Refusal::NothingDue => "nothing_due",
        Refusal::UnknownParty => "unknown_party",
        Refusal::AlreadyPaid => "already_paid",
        Refusal::ClaimedByAnother => "claimed_by_another",
        Refusal::Limit(_) => "limit",
        Refusal::TooSoon(_) => "too_soon",
        Refusal::Invariant(_) => "invariant",
        Refusal::PoolUsedUp(_) => "pool_used_up",
        Refusal::Balance => "balance",
        Refusal::ClaimExpired => "claim_expired",
        Refusal::ClaimOpen => "claim_open",
        Refusal::StillHeld => "still_held",
        Refusal::HoldExpired => "hold_expired",
        Refusal::Budget => "budget",
        Refusal::GroupNotChosen(_) => "group_not_chosen",
    }
}

/// The source text of the clause a refusal comes from, on one line.
pub(super) fn clause(program: &Program, sources: &SourceMap, refused: &RefusalOut) -> Option<String> {
    let at = place(program, refused)?;
    let text = sources.text(at).split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

fn place(program: &Program, refused: &RefusalOut) -> Option<Location> {
    let rule = program.rules.get(refused.rule.index())?;
    match refused.refusal {
        Refusal::Condition(k) | Refusal::NotSelected(k) => Some(rule.conditions.get((k as usize).checked_sub(1)?)?.at),
        Refusal::Limit(limit) | Refusal::PoolUsedUp(limit) | Refusal::TooSoon(limit) | Refusal::Invariant(limit) => {
            Some(program.limits.get(limit.index())?.at)
        }
        Refusal::AlreadyPaid | Refusal::ClaimedByAnother => {
            let mut limits = rule.limits.iter().filter_map(|used| program.limits.get(used.limit.index()));
            Some(limits.find(|limit| limit.once)?.at)
        }
        Refusal::Balance => Some(rule.awards.iter().find(|a| matches!(a.flow, Flow::Take(_)))?.at),
        Refusal::Budget => {
            let budget = program.policies.get(rule.policy.index())?.budget?;
            Some(program.budgets.get(budget.index())?.at)
        }
        _ => None,
    }
}

/// One sentence in both languages; with the sources it quotes the clause.
pub fn reason_text(program: &Program, sources: Option<&SourceMap>, refused: &RefusalOut) -> Text {
    let quote = sources.and_then(|sources| clause(program, sources, refused));
    let (en, zh) = match &quote {
        Some(quote) => (format!(": `{quote}`"), format!("：`{quote}`")),
        None => (String::new(), String::new()),
    };
    let policy = |id: promo_compiler::ir::PolicyId| program.policies.get(id.index()).map_or("", |p| p.name.as_str());
    match refused.refusal {
        Refusal::OutOfScope(GateKind::During) => {
            Text::new("the event is outside the time of the campaign", "事件不在活动期间内")
        }
        Refusal::OutOfScope(GateKind::Products) => {
            Text::new("the product is not one of the policy's", "产品不在政策范围内")
        }
        Refusal::OutOfScope(GateKind::Regions) => {
            Text::new("the region is not one of the policy's", "区域不在政策范围内")
        }
        Refusal::OutOfScope(GateKind::Pilot) => Text::new("the region is not one of the pilot's", "区域不在试点范围内"),
        Refusal::NotSelected(_) => {
            Text::new(format!("the policy is for others{en}"), format!("不在政策选取的范围内{zh}"))
        }
        Refusal::Condition(k) => {
            Text::new(format!("condition {k} does not hold{en}"), format!("第 {k} 个条件不成立{zh}"))
        }
        Refusal::NothingDue => {
            Text::new("nothing is due: every amount comes to zero", "没有应付的奖励：各项金额均为零")
        }
        Refusal::UnknownParty => Text::new(
            "a party is unknown: whoever would be paid, or whoever a limit counts by",
            "相关方未知：收款方或限额所依据的一方",
        ),
        Refusal::AlreadyPaid => Text::new(format!("it was paid before{en}"), format!("此前已经奖励过{zh}")),
        Refusal::ClaimedByAnother if counts_a_code(program, refused) => {
            Text::new(format!("this code was claimed by someone else before{en}"), format!("此码此前已被他人领取{zh}"))
        }
        Refusal::ClaimedByAnother => {
            Text::new(format!("someone else has claimed it before{en}"), format!("此前已被他人领取{zh}"))
        }
        Refusal::Limit(id) => match program.limits.get(id.index()) {
            Some(limit) => {
                let most = most(limit);
                Text::new(format!("the limit of {} is reached{en}", most.en), format!("已达到{}的上限{zh}", most.zh))
            }
            None => Text::new(format!("a limit is reached{en}"), format!("已达到上限{zh}")),
        },
        Refusal::TooSoon(id) => {
            let (en_gap, zh_gap) = program.limits.get(id.index()).map_or_else(Default::default, |l| gap(l.max));
            Text::new(
                format!("it is too soon: the last payment must be at least {en_gap} ago{en}"),
                format!("间隔太短：距上次支付至少 {zh_gap}{zh}"),
            )
        }
        Refusal::Invariant(id) => {
            let name = program.limits.get(id.index()).and_then(|limit| limit.invariant.as_ref());
            let name = name.map_or("", |invariant| invariant.name.as_str());
            Text::new(format!("it would break the invariant `{name}`{en}"), format!("会突破约束“{name}”{zh}"))
        }
        Refusal::PoolUsedUp(_) => Text::new(format!("no ticket is left in the pool{en}"), format!("奖池已用完{zh}")),
        Refusal::Balance => Text::new(format!("the account does not hold as much{en}"), format!("账户余额不足{zh}")),
        Refusal::ClaimExpired => Text::new("it was to be claimed earlier", "已过领取期限"),
        Refusal::ClaimOpen => Text::new("there is still time to claim it", "领取期限未到"),
        Refusal::StillHeld => Text::new(
            "it waits on: whoever would be paid is unknown, or a limit has no room",
            "仍在等待：收款方仍未知，或限额仍无余量",
        ),
        Refusal::HoldExpired => Text::new("it waits no longer, and is back in the budget", "等待期限已过，已退回预算"),
        Refusal::Budget => Text::new(format!("the budget does not cover it{en}"), format!("预算不足{zh}")),
        Refusal::GroupNotChosen(winner) => Text::new(
            format!("policy `{}` of the same group was chosen", policy(winner)),
            format!("同组的政策 `{}` 已被选中", policy(winner)),
        ),
    }
}

/// Does the `once` of a rule count by the code of a pack?
fn counts_a_code(program: &Program, refused: &RefusalOut) -> bool {
    let Some(rule) = program.rules.get(refused.rule.index()) else { return false };
    let Some(layout) = program.schema.events.get(rule.event.index()) else { return false };
    let once = |used: &&LimitUse| program.limits.get(used.limit.index()).is_some_and(|limit| limit.once);
    let pack = |path: &[Named]| matches!(path, [name] if program.schema.packs.contains(name));
    let code = |word: Word| layout.fields.iter().any(|f| f.word == word && pack(&f.path));
    let by_code = |part: &KeyPart| matches!(part, KeyPart::Id { word, .. } if code(*word));
    rule.limits.iter().find(once).is_some_and(|used| used.key.iter().any(by_code))
}

/// A gap in the largest unit that says it whole.
fn gap(seconds: i64) -> (String, String) {
    let units = [(86_400, "days", "天"), (3_600, "hours", "小时"), (60, "minutes", "分钟"), (1, "seconds", "秒")];
    let whole = units.into_iter().find(|(unit, ..)| seconds % unit == 0);
    whole.map_or_else(Default::default, |(unit, en, zh)| {
        (format!("{} {en}", seconds / unit), format!("{} {zh}", seconds / unit))
    })
}

/// A natural window; `None` for all of time, and for a single event.
pub(super) const fn window_text(window: Window) -> Option<(&'static str, &'static str)> {
    Some(match window {
        Window::Hour => ("hour", "小时"),
        Window::Day => ("day", "天"),
        Window::Week => ("week", "周"),
        Window::Month => ("month", "月"),
        Window::Quarter => ("quarter", "季度"),
        Window::Year => ("year", "年"),
        Window::Ever | Window::Event => return None,
    })
}

fn most(limit: &Limit) -> Text {
    let (window_en, window_zh) = match window_text(limit.window) {
        Some((en, zh)) => (format!(" per {en}"), format!("每{zh}")),
        None => (String::new(), String::new()),
    };
    let max = limit.max;
    match limit.unit {
        LimitUnit::Times => {
            let s = if max == 1 { "" } else { "s" };
            Text::new(format!("{max} time{s}{window_en}"), format!("{window_zh} {max} 次").trim().to_owned())
        }
        LimitUnit::Parties => {
            Text::new(format!("the first {max} parties{window_en}"), format!("{window_zh}前 {max} 名"))
        }
        LimitUnit::Seconds => {
            let (en, zh) = gap(max);
            Text::new(format!("{en} between payments"), format!("间隔 {zh}"))
        }
        // What invariants count is said by their name.
        LimitUnit::Fen | LimitUnit::Cost | LimitUnit::Amount | LimitUnit::Dearest => {
            let (yuan, fen) = (max.unsigned_abs() / 100, max.unsigned_abs() % 100);
            let amount = if fen == 0 { format!("{yuan}") } else { format!("{yuan}.{fen:02}") };
            Text::new(format!("{amount} yuan{window_en}"), format!("{window_zh} {amount} 元").trim().to_owned())
        }
    }
}
