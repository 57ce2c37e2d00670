//! What a reviewer reads about a package that compiled: one line per policy.

use crate::lang::Lang;
use crate::table::table;
use promo_compiler::digits::yuan;
use promo_compiler::ir::schema::Named;
use promo_compiler::ir::{Beyond, Budget, Policy, Program};

/// The table of policies under the name and hash of the package.
pub(crate) fn of(package: &str, program: &Program, lang: Lang) -> String {
    let header = match lang {
        Lang::En => ["policy", "title", "cost", "events", "rewards", "period", "budget", "hash"],
        Lang::Zh => ["政策", "标题", "费用", "事件", "奖励", "期间", "预算", "哈希"],
    };
    let rows: Vec<Vec<String>> = program.policies.iter().map(|policy| row(policy, program, lang)).collect();
    let first = match lang {
        Lang::En => format!("package {package}, hash {}\n\n", short(&program.semantic_hash)),
        Lang::Zh => format!("政策包 {package}，哈希 {}\n\n", short(&program.semantic_hash)),
    };
    first + &table(&header, &rows)
}

/// How many announced policies the present ones were compared with.
pub(crate) fn announced(compared: usize, lang: Lang) -> String {
    match lang {
        Lang::En if compared == 1 => {
            "1 announced policy compared: nothing changed but in the consumer's favour\n\n".to_owned()
        }
        Lang::En => format!("{compared} announced policies compared: nothing changed but in the consumer's favour\n\n"),
        Lang::Zh => format!("与已公布的 {compared} 条政策比较：只有对消费者有利的修改\n\n"),
    }
}

fn row(policy: &Policy, program: &Program, lang: Lang) -> Vec<String> {
    let first = policy.first_rule.index();
    let rules = program.rules.get(first..first + policy.rule_count as usize).unwrap_or_default();
    let events = rules.iter().filter_map(|rule| program.schema.events.get(rule.event.index()));
    let kinds = rules.iter().flat_map(|rule| &rule.awards).filter_map(|award| program.kinds.get(award.kind.index()));
    let budget = policy.budget.and_then(|id| program.budgets.get(id.index()));
    vec![
        policy.name.clone(),
        policy.title.clone().unwrap_or_default(),
        cost(policy.cp_share),
        list(events.map(|event| name(&event.name, lang))),
        list(kinds.map(|kind| match lang {
            Lang::Zh if !kind.label.is_empty() => kind.label.as_str(),
            _ => kind.name.as_str(),
        })),
        period(policy.during, program.schema.utc_offset),
        budget.map_or_else(String::new, |budget| money_budget(budget, lang)),
        short(&policy.hash).to_owned(),
    ]
}

/// The name in the language of messages, where the channel model gives one.
pub(crate) fn name(named: &Named, lang: Lang) -> &str {
    let chinese = |text: &str| !text.is_ascii();
    if !named.label.is_empty() && chinese(&named.label) == (lang == Lang::Zh) { &named.label } else { &named.name }
}

fn list<'t>(names: impl Iterator<Item = &'t str>) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen.join(" ")
}

/// `TP`, `CP`, or both with their shares.
fn cost(cp_share: u32) -> String {
    let percent = |share: u32| match share % 100 {
        0 => format!("{}%", share / 100),
        rest => format!("{}.{rest:02}%", share / 100),
    };
    match cp_share {
        0 => "TP".to_owned(),
        10_000 => "CP".to_owned(),
        share => format!("TP {} CP {}", percent(10_000_u32.saturating_sub(share)), percent(share)),
    }
}

/// First and last day in the channel's zone, both included.
fn period((first, after): (i64, i64), offset: i32) -> String {
    format!("{}..{}", day(first, offset), day(after.saturating_sub(1), offset))
}

fn day(time: i64, offset: i32) -> String {
    chrono::DateTime::from_timestamp(time.saturating_add(i64::from(offset)), 0)
        .map_or_else(|| "?".to_owned(), |time| time.date_naive().to_string())
}

fn money_budget(budget: &Budget, lang: Lang) -> String {
    let used_up = match (budget.used_up, lang) {
        (Beyond::Skip | Beyond::Hold(_), Lang::En) => "stop",
        (Beyond::Skip | Beyond::Hold(_), Lang::Zh) => "停止",
        (Beyond::Cut, Lang::En) => "cut",
        (Beyond::Cut, Lang::Zh) => "付余额",
    };
    let soft = match budget.max.saturating_sub(budget.announced) {
        0 => String::new(),
        more => format!("+{}", yuan(more)),
    };
    match lang {
        Lang::En => format!("{}{soft} yuan, {used_up}", yuan(budget.announced)),
        Lang::Zh => format!("{}{soft} 元，{used_up}", yuan(budget.announced)),
    }
}

/// Enough of a hash to compare by eye.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_shows_its_last_day() {
        // 2026-01-15 .. 2026-02-28, both included, in UTC+8.
        assert_eq!(period((1_768_406_400, 1_772_294_400), 28_800), "2026-01-15..2026-02-28");
    }

    #[test]
    fn a_split_cost_adds_up() {
        assert_eq!(cost(0), "TP");
        assert_eq!(cost(10_000), "CP");
        assert_eq!(cost(4_000), "TP 60% CP 40%");
        assert_eq!(cost(3_333), "TP 66.67% CP 33.33%");
    }
}
