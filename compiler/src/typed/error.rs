//! What can be wrong with types, ranges and money, and how it is said. The money questions (what a contract's prose
//! leaves open) are errors that show the possible answers.

#![expect(missing_docs, reason = "the fields say what their message prints")]

use crate::ast::RewardClass;
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::source::{Location, Spelling};

/// A check error.
#[derive(Clone, Debug)]
pub enum Error {
    /// Another type is needed.
    Expected { at: Location, expected: (&'static str, &'static str), found: (String, String) },
    /// Two sides of different units.
    Units { at: Location, left: (String, String), right: (String, String), left_at: Location, right_at: Location },
    /// Read without being known.
    MayBeUnknown { at: Location, name: String },
    /// Could leave the range of exact arithmetic.
    Overflow { at: Location },
    /// A fraction of the smallest unit.
    Fraction { at: Location, unit: (&'static str, &'static str) },
    /// A rate finer than one millionth.
    FineRate { at: Location },
    /// Tiers without a mode.
    TierMode { at: Location },
    /// Bounds that do not rise.
    TierOrder { at: Location, previous: Location },
    /// A row that reaches into the next.
    TierOverlap { at: Location, next: Location },
    /// Values no row speaks of.
    TierGap { at: Location, next: Location },
    /// The last row ends and values above its end are possible.
    TierEnd { at: Location },
    /// A bound that is not a constant.
    TierBound { at: Location },
    /// A ladder without rows.
    NoRows { at: Location },
    /// A mode that cannot be used here.
    TierUse { at: Location, why: (&'static str, &'static str) },
    /// The whole may be zero.
    ZeroWhole { at: Location },
    /// Chances that do not add up.
    Chances { at: Location, total_ppm: i64 },
    /// Weights and percentages in one draw.
    MixedChances { at: Location },
    /// `rest` where nothing is left, or twice, or with weights.
    Rest { at: Location },
    /// A draw inside an expression.
    DrawInside { at: Location },
    /// A draw with a `when`: is the chance used up where it does not hold?
    DrawWhen { at: Location },
    /// A random range that is not a grid.
    RandomRange { at: Location },
    /// A cap or floor that changes nothing, or everything.
    Clamp { at: Location, why: (&'static str, &'static str) },
    /// A table without `else`, and the values no row speaks of, if they can be listed.
    NoElse { at: Location, missing: Vec<String> },
    /// A prize without a kind.
    NoKind { at: Location },
    /// An amount that does not fit its kind.
    KindAmount {
        at: Location,
        kind: String,
        wants: (&'static str, &'static str),
        found: (String, String),
        class: Option<RewardClass>,
    },
    /// Goods or a coupon of the wrong sort.
    WrongItem { at: Location, item: String, coupon: bool },
    /// Net or gross is not said.
    NetOrGross { at: Location, kind: String },
    /// Net or gross where nothing is withheld.
    NoTax { at: Location, kind: String },
    /// An amount may be negative.
    Negative { at: Location },
    /// No `during`.
    NoDuring { at: Location },
    /// A `during` that ends before it begins.
    DuringOrder { at: Location },
    /// Redemption ends before the campaign.
    RedeemOrder { at: Location, during: Location },
    /// No `kind`.
    NoCostKind { at: Location },
    /// Shares of `kind` that are not 100%.
    CostShares { at: Location },
    /// No budget.
    NoBudget { at: Location },
    /// No answer to "and when it is used up?".
    NoUsedUp { at: Location },
    /// A budget that is not a positive sum of money.
    BudgetAmount { at: Location },
    /// A coupon that is not worth a positive sum of money.
    CouponWorth { at: Location },
    /// No rules.
    NoRules { at: Location, name: String },
    /// A rule that pays nothing.
    NoGive { at: Location },
    /// No answer to "and if the payee is unknown?".
    NoUnknown { at: Location, name: String },
    /// An answer to a question that does not arise.
    AlwaysKnown { at: Location, name: String },
    /// The other payee may be unknown too, or is of no role.
    BadFallback { at: Location, name: String },
    /// No answer to "and beyond the limit?".
    NoBeyond { at: Location, money: bool },
    /// A limit that is not a positive number of times or sum of money.
    LimitBound { at: Location },
    /// `cut` or `hold` on the first so many parties.
    FirstWait { at: Location },
    /// `cut` on a number of times.
    CutTimes { at: Location },
    /// No answer to "how often per code?".
    NoOnce { at: Location, event: String },
    /// No answer to "and if the goods come back?".
    NoReturn { at: Location, event: String },
    /// A scope no event can be in.
    NeverFires { at: Location, earlier: Option<Location> },
    /// A part of a filter that is not one fact against fixed values.
    FilterTest { at: Location },
    /// `that gave …` of what nobody gives on that event.
    NeverGiven { at: Location },
    /// A region of the scope may be unknown and nothing is said about it.
    RegionUnknown { at: Location, name: String },
    /// `products` in a policy with period rules.
    PeriodProducts { at: Location },
    /// Two policies may pay the same role for one event.
    Overlap {
        at: Location,
        other: Location,
        policy: String,
        rival: String,
        role: String,
        event: String,
        witness: String,
    },
    /// A `best of` group that compares other things than money.
    BestOfMoney { at: Location, member: String },
    /// The bound of an invariant is not a sum of what it adds up.
    InvariantBound { at: Location, points: bool },
    /// A share of a price where no one product is at hand.
    InvariantPrice { at: Location },
    /// A window on what one event pays.
    InvariantWindow { at: Location },
    /// An invariant no rule is held by.
    IdleInvariant { at: Location, name: String },
    /// A limit by an identity set on an event with no identifier of it.
    NoIdentity { at: Location, event: String, known: Vec<String> },
    /// Of pools, shares, remainders and quotients.
    Prize(super::prize_error::Error),
    /// A group of fewer than two policies.
    SmallGroup { at: Location, name: String },
}

impl Error {
    /// The finding, with example lines in the file's spelling.
    pub fn into_diagnostic(self, spelling: Spelling) -> Diagnostic {
        let show = |en: &str, zh: &str| match spelling {
            Spelling::En => format!("`{en}`"),
            Spelling::Zh => format!("`{zh}`"),
        };
        // A help that shows correct lines in the file's spelling.
        let write = |en: &str, zh: &str| {
            let line = show(en, zh);
            Text::new(format!("write {line}"), format!("请写 {line}"))
        };
        let one_of = |lines: &[(&str, &str)]| {
            let lines = lines.iter().map(|(en, zh)| show(en, zh)).collect::<Vec<_>>();
            Text::new(format!("write one of {}", lines.join(", ")), format!("请写其中之一：{}", lines.join("、")))
        };
        let error = |code, at, en: &str, zh: &str, label_en: &str, label_zh: &str| {
            Diagnostic::error(code, at, Text::new(en, zh), Text::new(label_en, label_zh))
        };
        match self {
            Error::Expected { at, expected, found } => error(
                Code::P0301,
                at,
                &format!("expected {}", expected.0),
                &format!("这里应为{}", expected.1),
                &format!("this is {}", found.0),
                &format!("这是{}", found.1),
            ),
            Error::Units { at, left, right, left_at, right_at } => error(
                Code::P0302,
                at,
                &format!("{} and {} do not mix", left.0, right.0),
                &format!("{}与{}不能混用", left.1, right.1),
                "different units",
                "单位不同",
            )
            .label(left_at, Text::new(format!("this is {}", left.0), format!("这是{}", left.1)))
            .label(right_at, Text::new(format!("this is {}", right.0), format!("这是{}", right.1))),
            Error::MayBeUnknown { at, name } => {
                let d = error(
                    Code::P0303,
                    at,
                    &format!("`{name}` may be unknown here"),
                    &format!("`{name}` 在这里可能未知"),
                    "not every such event knows it",
                    "并非每次事件都有",
                );
                d.help(write(&format!("where {name} is known and …"), &format!("且 {name} 已知 且 …")))
            }
            Error::Overflow { at } => error(
                Code::P0304,
                at,
                "this number can grow beyond exact arithmetic",
                "这个数可能超出精确计算的范围",
                "greater than 4.6 × 10^18 in the worst case",
                "最坏情况下超过 4.6 × 10^18",
            )
            .help(Text::new(
                "narrow the bounds of the facts in the channel model, or cap the amount",
                "请在渠道模型中收窄取值范围，或给金额封顶",
            )),
            Error::Fraction { at, unit } => {
                let d = error(
                    Code::P0305,
                    at,
                    &format!("the smallest unit is one {}", unit.0),
                    &format!("最小单位是{}", unit.1),
                    "a fraction of it",
                    "不足最小单位",
                );
                if unit.0 == "fen" {
                    let rate = show("2% of case price", "箱价 的 2%");
                    d.help(Text::new(
                        format!("let it come out whole; a rate ({rate}) is rounded as the channel says"),
                        format!("请写成整数分；按比例计算（如 {rate}）则按渠道模型的规定取整"),
                    ))
                } else {
                    d.help(Text::new("let it come out whole", "请写成整数"))
                }
            }
            Error::FineRate { at } => error(
                Code::P0305,
                at,
                "rates have at most four decimals of a percent",
                "比例最多到百分数后四位小数",
                "finer than one millionth",
                "比百万分之一更细",
            ),
            Error::TierMode { at } => error(
                Code::P0306,
                at,
                "how do the tiers combine?",
                "各档如何合计？",
                "the mode is not said",
                "没有说明计算方式",
            )
            .help(one_of(&[
                ("whole", "全额"),
                ("marginal", "分段"),
                ("highest", "取高"),
                ("each", "累加"),
            ]))
            .help(Text::new(
                "whole: the reached row's rate, or its sum for each unit, on everything; marginal: each slice at its own rate or sum per unit; highest: only the reached row's sum, once; each: all reached rows' sums, once each",
                "全额：全部数量按达到的一档计（写比例或每单位金额）；分段：每段各按本档计（写比例或每单位金额）；取高：只给达到的最高一档，整笔；累加：达到的各档都给，整笔相加",
            )),
            Error::TierOrder { at, previous } => error(
                Code::P0307,
                at,
                "tier bounds must rise",
                "各档起点必须递增",
                "not above the row before it",
                "不高于上一档",
            )
            .label(previous, Text::new("the row before it", "上一档")),
            Error::TierOverlap { at, next } => error(
                Code::P0308,
                at,
                "two tiers overlap",
                "两档重叠",
                "this row ends after the next begins",
                "本档的终点在下一档起点之后",
            )
            .label(next, Text::new("the next row begins here", "下一档从这里开始"))
            .help(Text::new(
                format!("end the row with {} instead of {}, or give each row one bound", show("under", "低于"), show("at most", "至多")),
                format!("用 {} 代替 {} 结束这一档，或每档只写起点", show("under", "低于"), show("at most", "至多")),
            )),
            Error::TierGap { at, next } => error(
                Code::P0309,
                at,
                "a gap between two tiers",
                "两档之间有空缺",
                "values from here to the next row belong to nobody",
                "从这里到下一档之间的数没有归属",
            )
            .label(next, Text::new("the next row begins here", "下一档从这里开始"))
            .help(Text::new(
                format!("begin the next row where this one ends: {} has the bound in it, {} has not", show("from", "达到"), show("over", "超过")),
                format!("让下一档从本档结束处开始：{} 包含本数，{} 不包含", show("from", "达到"), show("over", "超过")),
            )),
            Error::TierEnd { at } => error(
                Code::P0309,
                at,
                "what do values above the last tier earn?",
                "超出最后一档的怎么算？",
                "values from here on belong to nobody",
                "从这里往上的数没有归属",
            )
            .help(Text::new(
                "leave the end of the last row out, so that it goes on, or write one more row, for example `from 46: 0 yuan`",
                "最后一档不写终点，就一直算下去；或再写一档，例如 `达到 46：0元`",
            )),
            Error::TierBound { at } => error(
                Code::P0310,
                at,
                "a tier bound must be a plain number",
                "各档起点必须是确定的数",
                "depends on the event",
                "取决于事件",
            ),
            Error::NoRows { at } => error(Code::P0310, at, "there are no rows", "没有任何一行", "empty", "空的")
                .help(write("from 50 bottles: 50 yuan", "达到 50 瓶：50元")),
            Error::TierUse { at, why } => {
                error(Code::P0311, at, why.0, why.1, "cannot be used here", "不能用在这里")
            }
            Error::ZeroWhole { at } => error(
                Code::P0312,
                at,
                "a share of something that may be zero",
                "占比的整体可能为零",
                "its bounds include zero",
                "取值范围包含零",
            )
            .help(Text::new(
                "let the fact begin at 1 in the channel model, or cap it: `floored at 1 yuan`",
                "请在渠道模型中让它从 1 起，或写 `保底 1元`",
            )),
            Error::Chances { at, total_ppm } => {
                let percent = format!("{}.{:04}", total_ppm / 10_000, total_ppm % 10_000);
                let percent = format!("{}%", percent.trim_end_matches('0').trim_end_matches('.'));
                let d = error(
                    Code::P0313,
                    at,
                    &format!("the chances add up to {percent}, not 100%"),
                    &format!("各奖项概率之和为 {percent}，不是 100%"),
                    "must be exactly 100%",
                    "必须正好 100%",
                );
                if total_ppm < 1_000_000 { d.help(write("rest: nothing", "其余：无")) } else { d }
            }
            Error::MixedChances { at } => error(
                Code::P0314,
                at,
                "weights and percentages in one draw",
                "同一抽奖中既有权重又有百分比",
                "the others are of the other sort",
                "与其他行不同",
            ),
            Error::Rest { at } => error(
                Code::P0314,
                at,
                "`rest` stands last, once, and only beside percentages",
                "“其余”只能写一次，放在最后，且只与百分比同用",
                "nothing is left for it",
                "没有剩余可言",
            ),
            Error::DrawInside { at } => error(
                Code::P0315,
                at,
                "a draw is a whole reward, not a part of a sum",
                "抽奖是整个奖励，不能作为算式的一部分",
                "write it right behind the reward kind",
                "请直接写在奖励种类之后",
            )
            .help(write("give consumer cash net draw { 1%: 88 yuan; rest: nothing }", "奖励 消费者 红包 税后 抽奖 { 1%：88元；其余：无 }")),
            Error::DrawWhen { at } => error(
                Code::P0337,
                at,
                "a draw has no condition of its own",
                "抽奖不能单独带条件",
                "would the chance be used up where this does not hold?",
                "条件不成立时，机会算不算用掉？",
            )
            .help(write("on open_bottle where consumer.member is yes { … }", "当 开瓶 且 消费者.会员 为 是 { … }")),
            Error::RandomRange { at } => error(
                Code::P0316,
                at,
                "this random range has no grid",
                "随机范围与步长不符",
                "needs low .. high with a step that divides the difference",
                "应为 低 至 高，且步长能整除其差",
            )
            .help(write("random 0.30 yuan .. 1.20 yuan step 0.01 yuan", "随机 0.30元 至 1.20元 步长 0.01元")),
            Error::Clamp { at, why } => error(
                Code::P0317,
                at,
                "this cap or floor always applies",
                "封顶或保底始终起作用",
                why.0,
                why.1,
            )
            .help(write("2% of case price floored at 1 yuan capped at 200 yuan", "箱价的2% 保底 1元 封顶 200元")),
            Error::NoElse { at, missing } => {
                let names = missing.iter().map(|m| format!("`{m}`")).collect::<Vec<_>>();
                let (en, zh) = if names.is_empty() {
                    ("the rows do not cover everything".to_owned(), "各行没有覆盖全部情况".to_owned())
                } else {
                    (format!("no row speaks of {}", names.join(", ")), format!("没有一行写到 {}", names.join("、")))
                };
                let asked = ("what is paid in all other cases?", "其他情况给多少？");
                error(Code::P0318, at, asked.0, asked.1, &en, &zh)
            }
            .help(one_of(&[("else: nothing", "其他：无"), ("else: 5 yuan", "其他：5元")])),
            Error::NoKind { at } => error(
                Code::P0319,
                at,
                "what is given?",
                "给的是什么？",
                "no reward kind is said",
                "没有说明奖励种类",
            )
            .help(write("give store cash net 10 yuan", "奖励 门店 红包 税后 10元")),
            Error::KindAmount { at, kind, wants, found, class } => {
                let (en, zh) = match class {
                    Some(RewardClass::Money) => (format!("{kind} 10 yuan"), format!("{kind} 10元")),
                    Some(RewardClass::Points) => (format!("{kind} 10"), format!("{kind} 10")),
                    None => (format!("{kind} 1 of SKU-6Y"), format!("{kind} 1 份 SKU-6Y")),
                };
                error(
                    Code::P0319,
                    at,
                    &format!("`{kind}` is given in {}", wants.0),
                    &format!("`{kind}` 应以{}计", wants.1),
                    &format!("this is {}", found.0),
                    &format!("这是{}", found.1),
                )
                .help(Text::new(
                    format!("for example {}", show(&en, &zh)),
                    format!("例如 {}", show(&en, &zh)),
                ))
            }
            Error::WrongItem { at, item, coupon } => {
                let (en, zh) = if coupon { ("a coupon", "券") } else { ("a product", "产品") };
                error(
                    Code::P0319,
                    at,
                    &format!("`{item}` is {en}"),
                    &format!("`{item}` 是{zh}"),
                    "given as another kind",
                    "与奖励种类不符",
                )
                .help(one_of(&[("goods 1 of SKU", "实物 1 份 SKU"), ("coupon 1 of C1", "券 1 份 C1")]))
            }
            Error::NetOrGross { at, kind } => error(
                Code::P0320,
                at,
                &format!("is this `{kind}` net of tax or gross?"),
                &format!("这笔 `{kind}` 是税后还是税前？"),
                "tax is withheld from it",
                "该种类要代扣个税",
            )
            .help(one_of(&[(&format!("{kind} net"), &format!("{kind} 税后")), (&format!("{kind} gross"), &format!("{kind} 税前"))])),
            Error::NoTax { at, kind } => error(
                Code::P0320,
                at,
                &format!("no tax is withheld from `{kind}`"),
                &format!("`{kind}` 不代扣个税"),
                "`net` and `gross` mean nothing here",
                "不必写税前或税后",
            ),
            Error::Negative { at } => error(
                Code::P0321,
                at,
                "this amount can be below zero",
                "这个金额可能小于零",
                "nobody can be paid less than nothing",
                "不能支付负数",
            )
            .help(write("… floored at 0 yuan", "… 保底 0元")),
            Error::NoDuring { at } => error(Code::P0322, at, "when does it run?", "活动期间是什么时候？", "no `during`", "没有期间")
                .help(write("during 2026-01-15 .. 2026-02-28", "期间 2026-01-15 至 2026-02-28")),
            Error::DuringOrder { at } => error(
                Code::P0323,
                at,
                "the campaign ends before it begins",
                "活动结束早于开始",
                "dates out of order",
                "日期次序颠倒",
            )
            .help(write("during 2026-01-15 .. 2026-02-28", "期间 2026-01-15 至 2026-02-28")),
            Error::RedeemOrder { at, during } => error(
                Code::P0323,
                at,
                "redemption ends before the campaign does",
                "兑付截止早于活动结束",
                "a reward of the last day could not be redeemed",
                "最后一天的奖励将无法兑付",
            )
            .help(write("redeem until 2026-03-31 17:00", "兑付 截至 2026-03-31 17:00"))
            .label(during, Text::new("the campaign", "活动期间")),
            Error::NoCostKind { at } => error(
                Code::P0324,
                at,
                "whose cost is it: consumer or trade promotion?",
                "费用属于消费者促销还是渠道促销？",
                "no `kind`",
                "没有费用性质",
            )
            .help(one_of(&[("kind TP", "费用 渠道促销"), ("kind CP", "费用 消费者促销"), ("kind TP 60% CP 40%", "费用 渠道促销 60% 消费者促销 40%")])),
            Error::CostShares { at } => error(
                Code::P0324,
                at,
                "the shares of `kind` are not 100%",
                "费用性质的比例之和不是 100%",
                "must be exactly 100%",
                "必须正好 100%",
            ),
            Error::NoBudget { at } => error(Code::P0325, at, "how much may it cost?", "最多花多少钱？", "no `budget`", "没有预算")
                .help(write("budget 500_000 yuan, when used up: stop", "预算 500_000元，用完：停止")),
            Error::NoUsedUp { at } => error(
                Code::P0326,
                at,
                "what happens when the budget is gone?",
                "预算用完怎么办？",
                "not said",
                "没有说明",
            )
            .help(one_of(&[("when used up: stop", "用完：停止"), ("when used up: cut", "用完：付余额")]))
            .help(Text::new(
                "stop: an award that does not fit is not paid; cut: the last one is cut to what is left",
                "停止：放不下的奖励不付；付余额：最后一笔付到剩余为止",
            )),
            Error::BudgetAmount { at } => error(
                Code::P0325,
                at,
                "a budget is a sum of money above zero",
                "预算应为大于零的金额",
                "not such a sum",
                "不是这样的金额",
            )
            .help(write("budget 500_000 yuan, when used up: stop", "预算 500_000元，用完：停止")),
            Error::CouponWorth { at } => error(
                Code::P0301,
                at,
                "a coupon is worth a sum of money above zero",
                "券的价值应为大于零的金额",
                "not such a sum",
                "不是这样的金额",
            )
            .help(write("worth 77 yuan", "价值 77元")),
            Error::NoRules { at, name } => error(
                Code::P0327,
                at,
                &format!("policy `{name}` has no rule"),
                &format!("政策 `{name}` 没有规则"),
                "nothing is ever paid",
                "永远不会支付",
            )
            .help(write("on open_box { once per case give store cash net 10 yuan }", "当 开箱 { 每 箱 一次 奖励 门店 红包 税后 10元 }")),
            Error::NoGive { at } => error(Code::P0327, at, "this rule gives nothing", "这条规则不给任何奖励", "no `give`", "没有“奖励”")
                .help(write("give store cash net 10 yuan", "奖励 门店 红包 税后 10元")),
            Error::NoUnknown { at, name } => error(
                Code::P0328,
                at,
                &format!("and if `{name}` is unknown?"),
                &format!("如果 `{name}` 未知怎么办？"),
                "not every such event knows who this is",
                "并非每次事件都知道是谁",
            )
            .help(one_of(&[("…, if unknown: skip", "…，未知：跳过"), ("…, if unknown: to store", "…，未知：归 门店"), ("…, if unknown: hold 7 days then skip", "…，未知：等待 7 天，然后 跳过")])),
            Error::AlwaysKnown { at, name } => error(
                Code::P0401,
                at,
                &format!("`{name}` is always known here"),
                &format!("`{name}` 在这里总是已知"),
                "this answer is never used",
                "这个回答不会用到",
            )
            .warning(),
            Error::BadFallback { at, name } => error(
                Code::P0328,
                at,
                &format!("`{name}` cannot stand in: it may be unknown too, or is not a role"),
                &format!("`{name}` 不能代替：它也可能未知，或不是角色"),
                "needs someone who is always known",
                "应为必然已知的参与方",
            ),
            Error::NoBeyond { at, money } => {
                let d = error(
                    Code::P0329,
                    at,
                    "and beyond the limit?",
                    "超出部分怎么办？",
                    "not said",
                    "没有说明",
                );
                // a number of times cannot be paid in part
                let (skip, cut) = (("beyond: skip", "超出：跳过"), ("beyond: cut", "超出：付余额"));
                let hold = ("beyond: hold 3 days then skip", "超出：等待 3 天，然后 跳过");
                d.help(if money { one_of(&[skip, cut, hold]) } else { one_of(&[skip, hold]) })
            }
            Error::LimitBound { at } => error(
                Code::P0330,
                at,
                "a limit is a number of times or parties, or a sum of money, at least one",
                "上限应为次数、名额或金额，且不小于一",
                "not such a bound",
                "不是这样的上限",
            )
            .help(one_of(&[("at most 20 per store per day, beyond: skip", "每 门店 每天 最多 20 次，超出：跳过"), ("at most 200 yuan per store per day, beyond: cut", "每 门店 每天 最多 200元，超出：付余额")])),
            Error::FirstWait { at } => error(
                Code::P0330,
                at,
                "who is not among the first is skipped",
                "不在前几名之内的一律跳过",
                "a place is not paid in part, nor does one become free",
                "名额不能“付余额”，也不会空出来",
            )
            .help(write("beyond: skip", "超出：跳过")),
            Error::CutTimes { at } => error(
                Code::P0330,
                at,
                "a number of times cannot be cut",
                "次数不能“付余额”",
                "only sums of money can be paid in part",
                "只有金额可以部分支付",
            )
            .help(write("beyond: skip", "超出：跳过")),
            Error::NoOnce { at, event } => error(
                Code::P0331,
                at,
                &format!("how often does one code pay on `{event}`?"),
                &format!("一个码在 `{event}` 上可以领几次？"),
                "neither `once` nor a limit is said",
                "没有“一次”也没有上限",
            )
            .help(one_of(&[("once per case", "每 箱 一次"), ("once per bottle", "每 瓶 一次"), ("at most 20 per store per day, beyond: skip", "每 门店 每天 最多 20 次，超出：跳过")])),
            Error::NoReturn { at, event } => error(
                Code::P0332,
                at,
                "and if the goods are returned?",
                "退货怎么办？",
                &format!("goods can still come back after `{event}`"),
                &format!("`{event}` 之后货物仍可能退回"),
            )
            .help(one_of(&[("if returned: take back", "退货：追回"), ("if returned: keep", "退货：保留"), ("if returned: in proportion", "退货：按比例")])),
            Error::NeverFires { at, earlier } => {
                let d = error(
                    Code::P0333,
                    at,
                    "no event can satisfy this",
                    "没有事件能满足这个条件",
                    if earlier.is_some() { "nothing is left of both together" } else { "it never holds" },
                    if earlier.is_some() { "两者合起来，什么也不剩" } else { "永远不成立" },
                );
                match earlier {
                    Some(earlier) => d.label(earlier, Text::new("contradicts this", "与此矛盾")),
                    None => d,
                }
            }
            Error::FilterTest { at } => error(
                Code::P0338,
                at,
                "a filter tests one fact of the past event at a time against fixed values",
                "筛选条件只能逐项用过去事件的一项信息与固定的值比较",
                "not such a test",
                "不是这样的条件",
            )
            .help(write("count of display_checked (passed is no) by store this month", "本月 门店 的 陈列核查（合格 为 否）次数"))
            .help(Text::new(
                "join several tests with `and`; for either of two, add two counts",
                "多个条件用“且”连接；两者取其一请把两个次数相加",
            )),
            Error::NeverGiven { at } => error(
                Code::P0339,
                at,
                "no rule on that event gives this",
                "该事件没有任何规则给过它",
                "such an event is never remembered",
                "这样的事件永远不会被记住",
            ),
            Error::RegionUnknown { at, name } => error(
                Code::P0328,
                at,
                &format!("and if `{name}` is unknown?"),
                &format!("如果 `{name}` 未知怎么办？"),
                "not every such event knows this region",
                "并非每次事件都知道这个区域",
            )
            .help(write(&format!("regions … by {name}, if unknown: skip"), &format!("区域 … 按 {name}，未知：跳过"))),
            Error::PeriodProducts { at } => error(
                Code::P0334,
                at,
                "a period has no product",
                "一个结算期没有产品",
                "`products` cannot gate an `every` rule",
                "“产品”不能限定“每月/每季/每年”规则",
            )
            .help(write("sum of order_paid.amount by distributor this month in category 高端", "本月 经销商 的 order_paid.amount 合计 属于 分类 高端")),
            Error::Overlap { at, other, policy, rival, role, event, witness } => error(
                Code::P0335,
                at,
                &format!("`{policy}` and `{rival}` can both pay the `{role}` for one `{event}`"),
                &format!("`{policy}` 与 `{rival}` 可能为同一次 `{event}` 都向 `{role}` 支付"),
                &format!("for example `{witness}`"),
                &format!("例如 `{witness}`"),
            )
            .label(other, Text::new("the other policy", "另一个政策"))
            .help(one_of(&[
                (&format!("group g best of {{ {policy}, {rival} }}"), &format!("组合 g 择优 {{ {policy}，{rival} }}")),
                (&format!("group g first of {{ {policy}, {rival} }}"), &format!("组合 g 择先 {{ {policy}，{rival} }}")),
                (&format!("group g all of {{ {policy}, {rival} }}"), &format!("组合 g 叠加 {{ {policy}，{rival} }}")),
            ])),
            Error::BestOfMoney { at, member } => error(
                Code::P0336,
                at,
                "`best of` compares sums of money",
                "“择优”只能比较金额",
                &format!("`{member}` gives something else"),
                &format!("`{member}` 给的不是钱"),
            )
            .help(one_of(&[("first of", "择先"), ("all of", "叠加")])),
            Error::InvariantBound { at, points } => error(
                Code::P0370,
                at,
                if points { "points are bounded by points" } else { "rewards are bounded by a sum of money" },
                if points { "积分的上限应为积分数" } else { "奖励的上限应为金额" },
                "not a fixed sum above zero",
                "不是大于零的固定数额",
            )
            .help(if points {
                write("points at most 1_000 points", "积分 至多 1_000 积分")
            } else {
                one_of(&[("at most 500 yuan", "至多 500元"), ("at most 15% of price", "至多 价 的 15%")])
            }),
            Error::InvariantPrice { at } => error(
                Code::P0370,
                at,
                "the price of what?",
                "是什么的价格？",
                "no one product is at hand here",
                "这里没有确定的产品",
            )
            .help(one_of(&[
                ("for every bottle: all rewards at most 15% of price", "对 每 瓶：全部奖励 至多 价 的 15%"),
                ("for every open_box: all rewards at most 15% of case price", "对 每 开箱：全部奖励 至多 箱价 的 15%"),
            ])),
            Error::InvariantWindow { at } => error(
                Code::P0371,
                at,
                "one event happens once",
                "一次事件只发生一次",
                "a window bounds nothing here",
                "这里写时间段没有作用",
            )
            .help(one_of(&[
                ("for every event: all rewards at most 500 yuan", "对 每 事件：全部奖励 至多 500元"),
                ("for every consumer per day: all rewards at most 500 yuan", "对 每 消费者 每天：全部奖励 至多 500元"),
            ])),
            Error::IdleInvariant { at, name } => error(
                Code::P0372,
                at,
                &format!("no rule is held by the invariant `{name}`"),
                &format!("没有规则受约束“{name}”限制"),
                "nothing it counts is ever paid",
                "它计算的奖励从未发放",
            )
            .help(Text::new(
                "a reward counts for a code or entity only if its event carries it, and for a role only if it is paid to it",
                "奖励只有在事件带有该码或实体时才计入，对角色则只计付给该角色的",
            ))
            .warning(),
            Error::NoIdentity { at, event, known } => {
                let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
                error(
                    Code::P0373,
                    at,
                    &format!("event `{event}` does not say whose it is"),
                    &format!("事件 `{event}` 没有说明是谁"),
                    "it has none of the identifiers",
                    "它没有任何一种标识",
                )
                .help(Text::new(
                    format!("known to {}", names.join(", ")),
                    format!("有标识的事件：{}", names.join("、")),
                ))
            }
            Error::Prize(e) => e.into_diagnostic(spelling),
            Error::SmallGroup { at, name } => error(
                Code::P0402,
                at,
                &format!("group `{name}` relates fewer than two policies"),
                &format!("组合 `{name}` 中的政策少于两个"),
                "nothing to combine",
                "无可组合",
            )
            .warning(),
        }
    }
}
