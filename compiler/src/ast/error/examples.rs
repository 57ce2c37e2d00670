//! One correct line for every construct, in both spellings: what a help shows.

use super::Context;
use crate::source::Spelling;
use promo_grammar::keywords::keyword;

/// Keyword, where it stands, English line, Chinese line. Every line parses (there is a test).
const EXAMPLES: &[(&str, Context, &str, &str)] = &[
    ("channel", Context::Item, "channel spirits { zone Asia/Shanghai }", "渠道 白酒 { 时区 Asia/Shanghai }"),
    (
        "policy",
        Context::Item,
        "policy spring \"spring gift\" { kind TP }",
        "政策 spring \"春节有礼\" { 费用 渠道促销 }",
    ),
    (
        "template",
        Context::Item,
        "template gift(amount: money) { kind TP }",
        "模板 gift(amount：金额) { 费用 渠道促销 }",
    ),
    ("group", Context::Item, "group festival best of { a, b }", "组合 festival 择优 { a，b }"),
    (
        "experiment",
        Context::Item,
        "experiment gifts 50% a, 50% b by consumer with holdout 10%",
        "实验 gifts 50% a，50% b 按 消费者 对照 10%",
    ),
    (
        "coupon",
        Context::Item,
        "coupon c75 \"75 off\" { worth 75 yuan; valid 7 days }",
        "券 c75 \"立减75\" { 价值 75元；有效 7 天 }",
    ),
    (
        "invariant",
        Context::Item,
        "invariant \"cost per bottle\" for every bottle: all rewards at most 15% of price",
        "约束 \"单瓶费用率\" 对 每 瓶：全部奖励 至多 价 的 15%",
    ),
    (
        "table",
        Context::Item,
        "table targets \"任务表\" from \"targets.csv\" by distributor { quarter \"季度任务\": 0..1_000_000 yuan }",
        "数据表 任务表 取自 \"targets.csv\" 按 经销商 { 季度任务：0..1_000_000元 }",
    ),
    (
        "test",
        Context::Item,
        "test \"pays once\" { given store S1 { grade: A } }",
        "测试 \"只付一次\" { 设有 门店 S1 { 等级：A } }",
    ),
    ("zone", Context::ChannelLine, "zone Asia/Shanghai", "时区 Asia/Shanghai"),
    ("money", Context::ChannelLine, "money CNY", "货币 CNY"),
    ("rounding", Context::ChannelLine, "rounding half_up to fen", "取整 四舍五入 到 分"),
    (
        "role",
        Context::ChannelLine,
        "role store \"门店\" { grade \"等级\": one of A, B, C; region \"区域\": region }",
        "角色 store \"门店\" { grade \"等级\"：之一 A，B，C；region \"区域\"：region }",
    ),
    ("pack", Context::ChannelLine, "pack bottle \"瓶\" < case \"箱\"", "包装 bottle \"瓶\" < case \"箱\""),
    (
        "layer",
        Context::ChannelLine,
        "layer cap_inner \"盖内码\" on bottle hidden",
        "码层 cap_inner \"盖内码\" 于 bottle 隐藏",
    ),
    (
        "entity",
        Context::ChannelLine,
        "entity banquet \"宴席\" { tables \"桌数\": 1..500 tables }",
        "实体 banquet \"宴席\" { tables \"桌数\"：1..500 桌 }",
    ),
    (
        "event",
        Context::ChannelLine,
        "event open_box \"开箱\" = store scans case_inner knows distributor, rep?",
        "事件 open_box \"开箱\" = store 扫 case_inner 关联 distributor，rep?",
    ),
    (
        "organiser",
        Context::ChannelLine,
        "organiser \"Spring River Ltd\" contact \"400-800-8888\"",
        "主办 \"春江酒业有限公司\" 联系 \"400-800-8888\"",
    ),
    (
        "identity",
        Context::ChannelLine,
        "identity user \"同一用户\" by consumer, consumer.phone, device",
        "身份 user \"同一用户\" 按 消费者，消费者.手机，设备",
    ),
    ("reward", Context::ChannelLine, "reward cash \"红包\" money", "奖励种类 cash \"红包\" 金额"),
    ("kind", Context::Clause, "kind TP", "费用 渠道促销"),
    ("during", Context::Clause, "during 2026-01-15 .. 2026-02-28", "期间 2026-01-15 至 2026-02-28"),
    ("redeem", Context::Clause, "redeem until 2026-03-31 17:00", "兑付 截至 2026-03-31 17:00"),
    ("products", Context::Clause, "products SKU-1, category 青花 except SKU-889", "产品 SKU-1，分类 青花 不含 SKU-889"),
    ("regions", Context::Clause, "regions 四川 except 四川/攀枝花, 重庆", "区域 四川 不含 四川/攀枝花，重庆"),
    ("pilot", Context::Clause, "pilot 四川/成都", "试点 四川/成都"),
    ("roll_out", Context::Clause, "roll out to 20% of stores by hash", "铺开 门店 的 20%"),
    ("budget", Context::Clause, "budget 500_000 yuan, when used up: stop", "预算 500_000元，用完：停止"),
    (
        "owner",
        Context::Clause,
        "owner \"Southwest TP\" because \"spring stocking\"",
        "负责 \"西南大区 TP\" 缘由 \"春节铺货\"",
    ),
    ("delivery", Context::Clause, "delivery \"to the wallet within 3 days\"", "发放 \"3 天内发到零钱\""),
    ("announced_odds", Context::Clause, "announced odds 5%", "公布中奖率 5%"),
    (
        "let",
        Context::Clause,
        "let pair = last guide_scan of this bottle within 24 hours",
        "设 pair = 24 小时内 本 瓶 最近 guide_scan",
    ),
    (
        "on",
        Context::Clause,
        "on open_box where store.grade is A { once per case }",
        "当 开箱 且 门店.等级 为 A { 每 箱 一次 }",
    ),
    (
        "every",
        Context::Clause,
        "every month for distributor { give distributor credit 100 yuan }",
        "每 月 对 经销商 { 奖励 经销商 货款 100元 }",
    ),
    ("once", Context::Clause, "once per case", "每 箱 一次"),
    ("give", Context::Clause, "give store cash net 10 yuan, if unknown: skip", "奖励 门店 红包 税后 10元，未知：跳过"),
    (
        "limit",
        Context::Clause,
        "at most 20 times per store per day, beyond: skip",
        "每 门店 每天 最多 20 次，超出：跳过",
    ),
    (
        "for_each",
        Context::Clause,
        "at most 20 times per store per day, beyond: skip",
        "每 门店 每天 最多 20 次，超出：跳过",
    ),
    ("first_parties", Context::Clause, "only the first 100 stores, beyond: skip", "仅限 前 100 名 门店，超出：跳过"),
    ("returned", Context::Clause, "if returned: take back", "退货：追回"),
    ("exchanged", Context::Clause, "exchanged goods: no further right", "换得之物：不再参与"),
    (
        "limit",
        Context::Ceiling,
        "at most 20 yuan per bottle in total, beyond: cut",
        "每 瓶 合计 最多 20元，超出：付余额",
    ),
    (
        "given",
        Context::Step,
        "given store S1 { grade: A; region: 四川/成都 }",
        "设有 门店 S1 { 等级：A；区域：四川/成都 }",
    ),
    ("at", Context::Step, "at 2026-02-01 10:00 open_box of C1 by S1", "于 2026-02-01 10:00 开箱 C1 由 S1"),
    ("close", Context::Step, "close 2026-03 for D1", "结算 2026-03 对 D1"),
    ("expect", Context::Step, "expect S1: 10 yuan cash, 2 of SKU-6Y", "应得 S1：10元 红包，2 份 SKU-6Y"),
    ("worth", Context::CouponLine, "worth 77 yuan", "价值 77元"),
    ("valid", Context::CouponLine, "valid 7 days", "有效 7 天"),
    ("from", Context::Row, "from 50 bottles: 50 yuan", "达到 50 瓶：50元"),
    ("over", Context::Row, "over 50 bottles: 50 yuan", "超过 50 瓶：50元"),
    ("else", Context::Row, "else: 5 yuan", "其他：5元"),
    ("", Context::Row, "四川/成都: 10 yuan", "四川/成都：10元"),
    (
        "share",
        Context::Clause,
        "share cash gross 1 yuan { store: 60%; distributor: rest }",
        "分润 红包 税前 1元 { 门店：60%；经销商：其余 }",
    ),
    ("rest", Context::ShareRow, "rep: rest, if unknown: skip", "业务员：其余，未知：跳过"),
    ("", Context::ShareRow, "store: 60%", "门店：60%"),
    ("rest", Context::DrawRow, "rest: 0.88 yuan", "其余：0.88元"),
    ("", Context::DrawRow, "1%: 88 yuan", "1%：88元"),
    ("", Context::Fact, "tables: 1..500 tables", "tables \"桌数\"：1..500 桌"),
    ("", Context::TestFact, "grade: A", "等级：A"),
    ("", Context::Argument, "amount: 10 yuan", "amount：10元"),
    ("", Context::Ceiling, "at most 20 yuan per bottle in total, beyond: cut", "每 瓶 合计 最多 20元，超出：付余额"),
    ("", Context::Clause, "give store cash net 10 yuan, if unknown: skip", "奖励 门店 红包 税后 10元，未知：跳过"),
];

/// The construct a piece of text begins, if a keyword says so.
pub(in crate::ast) fn leading(text: &str, context: Context) -> Option<&'static str> {
    let begins = |word: &str| !word.is_empty() && text.starts_with(word.split(' ').next().unwrap_or(word));
    let mut best: Option<(&'static str, usize)> = None;
    for (id, at, _, _) in EXAMPLES {
        let (Some(k), true) = (keyword(id), *at == context || context == Context::Head) else {
            continue;
        };
        for word in [k.en, k.zh] {
            if begins(word) && best.is_none_or(|(_, len)| word.len() > len) {
                best = Some((id, word.len()));
            }
        }
    }
    best.map(|(id, _)| id)
}

/// A correct line of that construct, or of that list.
pub(super) fn example(leading: Option<&str>, context: Context, spelling: Spelling) -> Option<&'static str> {
    let of = |id: &str| EXAMPLES.iter().find(|(e, at, _, _)| *e == id && (*at == context || context == Context::Head));
    let (_, _, en, zh) = of(leading.unwrap_or("")).or_else(|| of(""))?;
    Some(match spelling {
        Spelling::En => en,
        Spelling::Zh => zh,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::from_pairs::parse;
    use crate::diagnostic::Diagnostics;
    use crate::source::SourceId;

    #[test]
    fn every_example_parses() {
        for (id, context, en, zh) in EXAMPLES {
            for line in [en, zh] {
                let file = match context {
                    Context::Item => (*line).to_owned(),
                    Context::Clause => format!("policy p {{\n{line}\n}}"),
                    Context::ChannelLine => format!("channel c {{\n{line}\n}}"),
                    Context::Step => format!("test \"t\" {{\n{line}\n}}"),
                    Context::Ceiling => format!("group g best of {{ a, b }}\n{line}"),
                    Context::Fact => format!("channel c {{ role r {{ {line} }} }}"),
                    Context::TestFact => format!("test \"t\" {{ given store S1 {{ {line} }} }}"),
                    Context::Argument => format!("policy p from t {{ {line} }}"),
                    Context::CouponLine => format!("coupon c {{ {line} }}"),
                    Context::Row => format!("policy p {{ let x = by store.region {{ {line} }} }}"),
                    Context::DrawRow => {
                        format!("policy p {{ on e {{ give store cash draw {{ {line} }} }} }}")
                    }
                    Context::ShareRow => {
                        format!("policy p {{ on e {{ share cash 1 yuan {{ {line} }} }} }}")
                    }
                    Context::Head => continue,
                };
                let mut out = Diagnostics::default();
                let parsed = parse(SourceId(0), &file, &mut out);
                assert!(out.0.is_empty(), "{id}: {file}\n{out:#?}");
                assert_eq!(parsed.items.len(), 1, "{file}");
            }
        }
    }

    #[test]
    fn the_longest_keyword_leads() {
        assert_eq!(leading("owner x", Context::Clause), Some("owner"));
        assert_eq!(leading("奖励种类 x", Context::ChannelLine), Some("reward"));
        assert_eq!(leading("at most 3", Context::Clause), Some("limit"));
        assert_eq!(leading("nonsense", Context::Clause), None);
    }
}
