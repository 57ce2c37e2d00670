//! What a grammar rule is called in a message.

use crate::ast::error::{Context, Expected};
use promo_grammar::{Rule, keywords};

/// What could have followed, without repeats, the most telling first.
pub(super) fn expected(rules: &[Rule]) -> Vec<Expected> {
    let mut out = Vec::new();
    for rule in rules {
        for e in one(*rule) {
            if !out.contains(&e) {
                out.push(e);
            }
        }
    }
    out.sort_by_key(|e| match e {
        Expected::Name | Expected::Text | Expected::Number | Expected::Date | Expected::Amount => 0,
        Expected::Condition | Expected::Set | Expected::Duration | Expected::Value => 0,
        Expected::Symbol(_) => 1,
        Expected::Keyword(_) => 2,
        Expected::Operator => 3,
        Expected::End => 4,
    });
    out
}

/// The keywords a member of a list may begin with.
pub(super) fn openings(alone: Rule) -> Vec<Expected> {
    let ids: &[&'static str] = match alone {
        Rule::only_item => {
            &["policy", "channel", "template", "group", "experiment", "coupon", "invariant", "table", "test"]
        }
        Rule::only_clause => &[
            "on", "give", "once", "limit", "returned", "let", "during", "products", "regions", "budget", "kind",
            "owner", "redeem", "every", "share", "take", "charge", "pilot", "roll_out",
        ],
        Rule::only_decl => {
            &["role", "event", "layer", "pack", "entity", "reward", "identity", "zone", "money", "rounding"]
        }
        Rule::only_step => &["given", "at", "expect", "close"],
        Rule::only_limit => &["limit"],
        Rule::only_coupon => &["worth", "valid"],
        Rule::only_row => {
            return vec![Expected::Name, Expected::Keyword("from"), Expected::Keyword("else")];
        }
        Rule::only_draw => return vec![Expected::Number, Expected::Keyword("rest")],
        _ => return vec![Expected::Name],
    };
    ids.iter().map(|id| Expected::Keyword(id)).collect()
}

/// Which list a rule reads a member of.
pub(super) fn context(alone: Rule) -> Context {
    match alone {
        Rule::only_item => Context::Item,
        Rule::only_clause => Context::Clause,
        Rule::only_decl => Context::ChannelLine,
        Rule::only_step => Context::Step,
        Rule::only_limit => Context::Ceiling,
        Rule::only_fact => Context::Fact,
        Rule::only_arg => Context::Argument,
        Rule::only_coupon => Context::CouponLine,
        Rule::only_row => Context::Row,
        Rule::only_draw => Context::DrawRow,
        Rule::only_share => Context::ShareRow,
        Rule::only_test_fact => Context::TestFact,
        _ => Context::Head,
    }
}

fn one(rule: Rule) -> Vec<Expected> {
    // the rules of keywords are named after the table
    let name = format!("{rule:?}");
    if let Some(id) = name.strip_prefix("kw_") {
        return keywords::keyword(id).map(|k| Expected::Keyword(k.id)).into_iter().collect();
    }
    let kw = |ids: &[&'static str]| ids.iter().map(|id| Expected::Keyword(id)).collect();
    match rule {
        Rule::name
        | Rule::any_name
        | Rule::bare
        | Rule::any_bare
        | Rule::path
        | Rule::labelled
        | Rule::set_name
        | Rule::slashed
        | Rule::fused_name
        | Rule::fused_path
        | Rule::known
        | Rule::names
        | Rule::by_names
        | Rule::fused_word
        | Rule::option
        | Rule::fact_name
        | Rule::pack_name
        | Rule::every_head
        | Rule::on_head
        | Rule::policy_head
        | Rule::channel_head
        | Rule::template_head
        | Rule::coupon_head
        | Rule::table_head
        | Rule::param
        | Rule::expected_party
        | Rule::test_fact
        | Rule::fact
        | Rule::arg
        | Rule::event_path
        | Rule::measure_path => {
            vec![Expected::Name]
        }
        Rule::text | Rule::quoted | Rule::test_head => vec![Expected::Text],
        Rule::number | Rule::decimal | Rule::first_count | Rule::integer | Rule::digits | Rule::expected => {
            vec![Expected::Number]
        }
        Rule::datetime | Rule::date | Rule::closed | Rule::closed_year => vec![Expected::Date],
        Rule::duration => vec![Expected::Duration],
        Rule::minutes | Rule::hours | Rule::days | Rule::natural_days | Rule::working_days => vec![Expected::Duration],
        Rule::arith
        | Rule::reward
        | Rule::flat
        | Rule::limit_max
        | Rule::each_amount
        | Rule::each_flat
        | Rule::priced
        | Rule::price_zh
        | Rule::paren => vec![Expected::Amount],
        Rule::cond => vec![Expected::Condition],
        Rule::set | Rule::set_item | Rule::set_atom | Rule::key => vec![Expected::Set],
        Rule::fact_type => vec![Expected::Value],
        Rule::colon => vec![Expected::Symbol(":")],
        Rule::open | Rule::clause_block | Rule::row_block | Rule::arg_block | Rule::fact_block | Rule::test_facts => {
            vec![Expected::Symbol("{")]
        }
        Rule::by_table => {
            let modes = ["whole", "marginal", "highest", "each"].map(Expected::Keyword);
            [Expected::Symbol("{")].into_iter().chain(modes).collect()
        }
        Rule::close => vec![Expected::Symbol("}")],
        Rule::index | Rule::lbra => vec![Expected::Symbol("[")],
        Rule::rbra => vec![Expected::Symbol("]")],
        Rule::table_sheet => kw(&["sheet"]),
        Rule::lpar => vec![Expected::Symbol("(")],
        Rule::rpar => vec![Expected::Symbol(")")],
        Rule::equal => vec![Expected::Symbol("=")],
        Rule::range => vec![Expected::Symbol("..")],
        Rule::EOI => vec![Expected::End],
        Rule::plus | Rule::minus | Rule::times | Rule::divide => vec![Expected::Operator],
        Rule::window => kw(&["per"]),
        Rule::per_item | Rule::per_suffix => kw(&["per"]),
        Rule::each_item | Rule::each_expr | Rule::each_prefix => kw(&["for_each"]),
        Rule::capped => kw(&["capped"]),
        Rule::floored => kw(&["floored"]),
        Rule::rounded => kw(&["rounded_down", "rounded_half_up"]),
        Rule::when => kw(&["when"]),
        Rule::if_unknown | Rule::unknown_skip => kw(&["if_unknown"]),
        Rule::through => kw(&["through"]),
        Rule::multiple => kw(&["multiple"]),
        Rule::claim => kw(&["claim_within"]),
        Rule::pay => kw(&["pay_within", "pay_next_month"]),
        Rule::adjust => kw(&["adjust_if"]),
        Rule::less_part => kw(&["less"]),
        Rule::due => kw(&["due"]),
        Rule::held => kw(&["held_until"]),
        Rule::hold => kw(&["hold"]),
        Rule::withheld => kw(&["withheld"]),
        Rule::beyond => kw(&["beyond"]),
        Rule::only => kw(&["for"]),
        Rule::invariant_sum => [Expected::Keyword("all_rewards"), Expected::Name].into(),
        Rule::arm => vec![Expected::Number],
        Rule::holdout => kw(&["holdout"]),
        Rule::invariant_of => vec![Expected::Name],
        Rule::invariant_window => kw(&["per"]),
        Rule::invariant_most => vec![Expected::Amount],
        Rule::soft => kw(&["soft"]),
        Rule::used_up => kw(&["used_up"]),
        Rule::is_tail => kw(&["is"]),
        Rule::in_tail => kw(&["in"]),
        Rule::compare => kw(&["at_least", "over", "under", "at_most"]),
        Rule::remainder => kw(&["remainder"]),
        Rule::pool_end => kw(&["used_up"]),
        Rule::share_block => vec![Expected::Symbol("{")],
        Rule::share_row => vec![Expected::Name],
        Rule::tier_mode => kw(&["whole", "marginal", "highest", "each"]),
        Rule::measure_window => vec![Expected::Value],
        Rule::cost_share => kw(&["tp", "cp"]),
        Rule::group_rule => kw(&["best_of", "first_of", "all_of"]),
        Rule::instance_tail => kw(&["taken_from"]),
        Rule::knows => kw(&["knows"]),
        Rule::by_roles => kw(&["by_role"]),
        Rule::about => kw(&["about"]),
        Rule::scan_source => vec![Expected::Symbol("=")],
        Rule::other_source => kw(&["about", "by_role"]),
        Rule::period => vec![Expected::Value],
        Rule::rounding_mode => kw(&["half_up", "half_even", "down", "up"]),
        Rule::limit | Rule::counted => kw(&["limit"]),
        Rule::first_parties => kw(&["first_parties"]),
        Rule::draw_row => vec![Expected::Number, Expected::Keyword("rest")],
        _ => Vec::new(),
    }
}
