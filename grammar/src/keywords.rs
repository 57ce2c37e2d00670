//! Every keyword in both spellings. `keywords.pest` is written from this table, so the two cannot differ.
//!
//! An English keyword ends where no name could go on. A Chinese one also ends before an ASCII digit
//! (`最多20 次`); a *glued* one may be followed by anything, because that is how people write it (`每箱`, `按区域`).

use std::fmt::Write as _;

/// One keyword; rule `kw_<id>` of the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keyword {
    /// Name of its grammar rule without `kw_`.
    pub id: &'static str,
    /// English, words separated by one space; empty if the English order has no such word.
    pub en: &'static str,
    /// Chinese; empty if the Chinese order has no such word.
    pub zh: &'static str,
    /// The Chinese word may run into the next one.
    pub glued: bool,
}

const fn k(id: &'static str, en: &'static str, zh: &'static str) -> Keyword {
    Keyword { id, en, zh, glued: false }
}

const fn g(id: &'static str, en: &'static str, zh: &'static str) -> Keyword {
    Keyword { id, en, zh, glued: true }
}

/// The table, by where the words are used.
pub const KEYWORDS: &[Keyword] = &[
    // declarations
    k("channel", "channel", "渠道"),
    k("policy", "policy", "政策"),
    k("template", "template", "模板"),
    k("group", "group", "组合"),
    k("experiment", "experiment", "实验"),
    k("coupon", "coupon", "券"),
    k("invariant", "invariant", "约束"),
    k("table", "table", "数据表"),
    k("sheet", "sheet", "工作表"),
    k("test", "test", "测试"),
    k("taken_from", "from", "取自"),
    k("and_also", "and", "并且"),
    // channel model
    k("zone", "zone", "时区"),
    k("money", "money", "货币"),
    k("rounding", "rounding", "取整"),
    k("half_up", "half_up", "四舍五入"),
    k("half_even", "half_even", "银行家舍入"),
    k("down", "down", "向下"),
    k("up", "up", "向上"),
    k("to_unit", "to", "到"),
    k("role", "role", "角色"),
    k("is_person", "is person", "为 自然人"),
    k("pack", "pack", "包装"),
    k("layer", "layer", "码层"),
    k("on_pack", "on", "于"),
    k("hidden", "hidden", "隐藏"),
    k("exposed", "exposed", "外露"),
    k("entity", "entity", "实体"),
    k("event", "event", "事件"),
    k("scans", "scans", "扫"),
    k("about", "on", "关于"),
    k("by_role", "by", "由"),
    k("as_return", "as return", "作为 退货"),
    k("knows", "knows", "关联"),
    k("reward", "reward", "奖励种类"),
    k("identity", "identity", "身份"),
    k("class_money", "money", "金额"),
    k("class_whole", "whole", "整数"),
    k("tax", "tax incidental", "个税"),
    k("each_payment", "each payment", "单笔"),
    k("organiser", "organiser", "主办"),
    k("contact", "contact", "联系"),
    k("one_of", "one of", "之一"),
    // clauses
    k("kind", "kind", "费用"),
    k("tp", "TP", "渠道促销"),
    k("cp", "CP", "消费者促销"),
    k("during", "during", "期间"),
    k("redeem", "redeem", "兑付"),
    k("until", "until", "截至"),
    k("products", "products", "产品"),
    k("regions", "regions", "区域"),
    k("pilot", "pilot", "试点"),
    k("roll_out", "roll out to", "铺开"),
    k("by_hash", "by hash", ""),
    k("budget", "budget", "预算"),
    k("soft", "soft up to", "可超"),
    k("used_up", "when used up", "用完"),
    k("stop", "stop", "停止"),
    k("cut", "cut", "付余额"),
    k("owner", "owner", "负责"),
    k("owner_because", "because", "缘由"),
    k("delivery", "delivery", "发放"),
    k("announced_odds", "announced odds", "公布中奖率"),
    k("let", "let", "设"),
    k("on", "on", "当"),
    k("where", "where", "且"),
    g("every", "every", "每"),
    k("for", "for", "对"),
    k("once", "once", "一次"),
    k("give", "give", "奖励"),
    k("share", "share", "分润"),
    k("net", "net", "税后"),
    k("gross", "gross", "税前"),
    k("when", "when", "条件"),
    k("if_unknown", "if unknown", "未知"),
    k("skip", "skip", "跳过"),
    k("hold", "hold", "等待"),
    k("then", "then", "然后"),
    k("to_payee", "to", "归"),
    k("claim_within", "claim within", ""),
    k("claimed", "", "领取"),
    k("or_else", "else", "否则"),
    k("back_to_budget", "back to budget", "退回预算"),
    k("pay_next_month", "pay next month", "次月 支付"),
    k("pay_within", "pay within", ""),
    k("paid", "", "支付"),
    k("adjust_if", "if", "若"),
    k("cancel_all", "cancel all", "全部取消"),
    k("half", "half", "减半"),
    k("less", "minus", "扣减"),
    k("through", "through", "经由"),
    k("exchanged", "exchanged goods", "换得之物"),
    k("play_again", "play again", "再次参与"),
    k("no_further", "no further right", "不再参与"),
    k("take", "take from", "扣"),
    k("charge", "charge", "收"),
    k("limit", "at most", "最多"),
    k("apart", "apart", "间隔"),
    g("first_parties", "only the first", "仅限"),
    g("in_total", "in total", "合计"),
    k("in_total_after", "in total", ""),
    k("beyond", "beyond", "超出"),
    k("returned", "if returned", "退货"),
    k("take_back", "take back", "追回"),
    k("keep", "keep", "保留"),
    k("in_proportion", "in proportion", "按比例"),
    // sets
    k("category", "category", "分类"),
    k("except", "except", "不含"),
    k("and_except", "and", "和"),
    k("all", "all", "全部"),
    // groups and coupons
    k("best_of", "best of", "择优"),
    k("first_of", "first of", "择先"),
    k("all_of", "all of", "叠加"),
    k("holdout", "with holdout", "对照"),
    k("worth", "worth", "价值"),
    k("all_rewards", "all rewards", "全部奖励"),
    k("prize_value", "prize value", "奖品价值"),
    k("valid", "valid", "有效"),
    // windows and durations
    g("ever", "ever", "累计"),
    k("ever_after", "ever", ""),
    k("today", "today", "当天"),
    k("clock", "time of day", "时刻"),
    k("weekday", "weekday", "星期"),
    k("monday", "Monday", "周一"),
    k("tuesday", "Tuesday", "周二"),
    k("wednesday", "Wednesday", "周三"),
    k("thursday", "Thursday", "周四"),
    k("friday", "Friday", "周五"),
    k("saturday", "Saturday", "周六"),
    k("sunday", "Sunday", "周日"),
    // conditions
    k("and", "and", "且"),
    k("or", "or", "或"),
    k("not", "not", "非"),
    k("is", "is", "为"),
    k("is_not", "is not", "不为"),
    k("known", "is known", "已知"),
    k("unknown", "is unknown", "未知"),
    k("in", "in", "属于"),
    k("not_in", "not in", "不属于"),
    k("multiple", "is a multiple of", ""),
    k("multiple_zh", "", "整数倍"),
    k("at_least", "at least", "至少"),
    k("over", "over", "超过"),
    k("under", "under", "低于"),
    k("at_most", "at most", "至多"),
    k("equals", "equals", "等于"),
    k("yes", "yes", "是"),
    k("no", "no", "否"),
    // amounts
    k("nothing", "nothing", "无"),
    k("of", "of", ""),
    g("rate_of", "", "的"),
    g("item_of", "pieces of", "份"),
    k("price", "price", "价"),
    g("by", "by", "按"),
    k("part_of", "as part of", "占"),
    k("whole", "whole", "全额"),
    k("marginal", "marginal", "分段"),
    k("highest", "highest", "取高"),
    k("each", "each", "累加"),
    k("from", "from", "达到"),
    k("else", "else", "其他"),
    k("draw", "draw", "抽奖"),
    k("rest", "rest", "其余"),
    k("pool", "pool of", "奖池"),
    k("remainder", "remainder", "余数"),
    k("random", "random", "随机"),
    k("step", "step", "步长"),
    k("capped", "capped at", "封顶"),
    k("floored", "floored at", "保底"),
    k("rounded_half_up", "rounded half_up", "四舍五入"),
    k("rounded_half_even", "rounded half_even", "银行家舍入"),
    k("rounded_down", "rounded down", "向下取整"),
    k("rounded_up", "rounded up", "向上取整"),
    k("per", "per", ""),
    g("same", "same", "同一"),
    k("full", "full", ""),
    g("for_each", "", "每"),
    g("for_each_full", "", "每满"),
    // history
    k("count", "count of", ""),
    k("sum", "sum of", ""),
    k("count_zh", "", "次数"),
    k("sum_zh", "", "合计"),
    k("given_to", "given to", ""),
    k("gained", "", "所得"),
    k("balance", "balance of", ""),
    k("balance_zh", "", "余额"),
    k("last", "last", ""),
    g("latest", "", "最近"),
    k("this", "this", ""),
    g("this_zh", "", "本"),
    g("inside", "", "所在"),
    k("within", "within", ""),
    g("within_zh", "", "内"),
    k("another", "by another person", "他人"),
    k("same_person", "by the same person", "同一人"),
    k("same_day", "on the same day", "同一天"),
    g("ago", "ago", "前"),
    k("gave", "that gave", "已送"),
    g("drawn", "drawn", "抽中的"),
    k("one_chance", "with one chance", "一次机会"),
    g("chance_each", "each", "每次"),
    k("each_of_last", "in each of the last", ""),
    // tests
    k("given", "given", "设有"),
    k("at", "at", "于"),
    k("again", "again", "重试"),
    k("repeat", "x", ""),
    k("close", "close", "结算"),
    k("expect", "expect", "应得"),
    k("because", "because", "因"),
    k("due", "due", "最迟"),
    k("held_until", "held until", "等待 至"),
    k("withheld", "tax", "税"),
];

/// Words no bare name may be; quoted names may. English and Chinese together, since a file may mix both.
pub const RESERVED: &[&str] = &[
    "and",
    "or",
    "not",
    "is",
    "in",
    "of",
    "per",
    "by",
    "at",
    "if",
    "when",
    "where",
    "for",
    "as",
    "to",
    "within",
    "except",
    "capped",
    "floored",
    "rounded",
    "step",
    "soft",
    "claim",
    "beyond",
    "let",
    "through",
    "on",
    "every",
    "once",
    "give",
    "given",
    "expect",
    "close",
    "because",
    "from",
    "over",
    "under",
    "equals",
    "else",
    "rest",
    "draw",
    "remainder",
    "minus",
    "pay",
    "random",
    "yes",
    "no",
    "today",
    "yesterday",
    "nothing",
    "last",
    "this",
    "ever",
    "且",
    "或",
    "非",
    "为",
    "不为",
    "属于",
    "不属于",
    "的",
    "按",
    "每",
    "每满",
    "至",
    "达到",
    "超过",
    "低于",
    "至少",
    "至多",
    "等于",
    "封顶",
    "保底",
    "未知",
    "已知",
    "条件",
    "对",
    "由",
    "于",
    "当",
    "设",
    "奖励",
    "退货",
    "超出",
    "最多",
    "间隔",
    "一次",
    "合计",
    "用完",
    "其他",
    "其余",
    "否则",
    "不含",
    "和",
    "占",
    "是",
    "否",
    "当天",
    "昨天",
    "本小时",
    "上小时",
    "上周",
    "上月",
    "上季度",
    "上年",
    "同一天",
    "同一人",
    "已送",
    "本周",
    "本月",
    "本季度",
    "本年",
    "本活动",
    "累计",
    "无",
    "抽奖",
    "奖池",
    "余数",
    "若",
    "扣减",
    "次月",
    "随机",
    "步长",
    "最近",
    "所在",
    "所得",
    "经由",
    "他人",
    "次数",
    "领取",
    "可超",
    "以上",
    "以下",
    "设有",
    "结算",
    "应得",
    "因",
    "缘由",
    "归",
    "份",
    "向下取整",
    "向上取整",
    "四舍五入",
    "银行家舍入",
];

/// A bare name may not begin with these, because they run into the word after them (`每箱`, `按区域`, `的2%`).
pub const GLUED_STARTS: &[&str] = &["每", "按", "的"];

/// The keyword with this id.
pub fn keyword(id: &str) -> Option<&'static Keyword> {
    KEYWORDS.iter().find(|k| k.id == id)
}

/// True if `text` must be quoted to be a name although its characters would do.
pub fn is_reserved(text: &str) -> bool {
    RESERVED.contains(&text) || GLUED_STARTS.iter().any(|s| text.starts_with(s))
}

/// The text `keywords.pest` must have.
pub fn rules() -> String {
    let mut out =
        String::from("// Written from keywords.rs by `PROMO_BLESS=1 cargo test -p promo-grammar`. Do not edit.\n\n");
    for kw in KEYWORDS {
        let mut ways = Vec::new();
        if !kw.en.is_empty() {
            ways.push(format!("{} ~ en_end", words(kw.en, "gap")));
        }
        if !kw.zh.is_empty() {
            let end = if kw.glued { "" } else { " ~ zh_end" };
            ways.push(format!("{}{end}", words(kw.zh, "gap?")));
        }
        let _ = writeln!(out, "kw_{} = @{{ {} }}", kw.id, ways.join(" | "));
    }
    let (ascii, other): (Vec<&str>, Vec<&str>) = RESERVED.iter().partition(|w| w.is_ascii());
    let alternatives = |words: &[&str]| words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(" | ");
    // the longest first, so that a word is not hidden by its own beginning
    let longest_first = |mut words: Vec<&'static str>| {
        words.sort_by_key(|w| std::cmp::Reverse(w.len()));
        words
    };
    let _ = writeln!(
        out,
        "reserved = @{{ ({}) ~ en_end | ({}) ~ zh_end }}",
        alternatives(&longest_first(ascii)),
        alternatives(&longest_first(other))
    );
    let _ = writeln!(out, "glued_start = @{{ {} }}", alternatives(GLUED_STARTS));
    out
}

fn words(text: &str, gap: &str) -> String {
    text.split(' ').map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(&format!(" ~ {gap} ~ "))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn grammar_and_table_agree() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/keywords.pest");
        if std::env::var_os("PROMO_BLESS").is_some() {
            std::fs::write(path, rules()).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), rules(), "run with PROMO_BLESS=1");
    }

    #[test]
    fn every_keyword_is_used_and_every_used_one_is_declared() {
        let grammar = include_str!("promo.pest");
        let used: std::collections::BTreeSet<&str> = grammar
            .lines()
            .filter(|l| !l.trim_start().starts_with("//"))
            .flat_map(|l| l.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')))
            .filter_map(|w| w.strip_prefix("kw_"))
            .collect();
        let declared: std::collections::BTreeSet<&str> = KEYWORDS.iter().map(|k| k.id).collect();
        assert_eq!(used, declared);
        assert_eq!(declared.len(), KEYWORDS.len(), "an id is used twice");
    }

    #[test]
    fn every_keyword_has_a_spelling() {
        for k in KEYWORDS {
            assert!(!(k.en.is_empty() && k.zh.is_empty()), "{}", k.id);
            assert!(k.en.is_ascii(), "{}", k.id);
            assert!(!k.zh.is_ascii() || k.zh.is_empty(), "{}", k.id);
        }
    }
}
