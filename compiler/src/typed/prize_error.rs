//! What can be wrong with pools, shares, remainders and quotients, and how it is said.

#![expect(missing_docs, reason = "the fields say what their message prints")]

use crate::diagnostic::{Code, Diagnostic, Text};
use crate::source::{Location, Spelling};

/// A check error of a prize.
#[derive(Clone, Debug)]
pub enum Error {
    /// A pool of no tickets, or of more than can be counted.
    PoolSize { at: Location },
    /// A row that is not a quantity, or a `rest` that is not the last or has nothing left.
    PoolRow { at: Location },
    /// Quantities that do not come to the size.
    PoolSum { at: Location, total: i64, size: i64 },
    /// A pool inside something that does not meet every payment.
    PoolInside { at: Location },
    /// A pool beside another reward of the rule.
    PoolBeside { at: Location },
    /// No answer to "and when no ticket is left?".
    PoolEnd { at: Location },
    /// A budget that cannot pay all tickets.
    PoolBudget { at: Location, needs: i128 },
    /// Parts of a share that do not leave exactly one rest.
    ShareParts { at: Location, rests: usize, taken: i64 },
    /// A share of pieces.
    ShareOfThings { at: Location },
    /// A divisor that can be below one.
    ZeroDivisor { at: Location },
    /// A quotient that is rounded before it is multiplied.
    EarlyQuotient { at: Location },
    /// A remainder where nothing remains.
    RemainderOfPart { at: Location },
    /// Points in fractions, and no rounding of them: the channel's is of fen.
    PointsRounding { at: Location, portion: bool },
    /// A part of something that has no parts.
    AdjustPieces { at: Location },
    /// A sum taken off, and several awards to take it off.
    AdjustWhich { at: Location },
    /// Neither a rate nor a sum of what is paid.
    AdjustBy { at: Location },
    /// A bound that no remainder reaches, or every one.
    RemainderBound { at: Location },
}

impl Error {
    /// The finding, with example lines in the file's spelling.
    pub fn into_diagnostic(self, spelling: Spelling) -> Diagnostic {
        let show = |en: &str, zh: &str| match spelling {
            Spelling::En => format!("`{en}`"),
            Spelling::Zh => format!("`{zh}`"),
        };
        let write = |en: &str, zh: &str| {
            let line = show(en, zh);
            Text::new(format!("write {line}"), format!("请写 {line}"))
        };
        let either = |(en1, zh1): (&str, &str), (en2, zh2): (&str, &str)| {
            let (one, two) = (show(en1, zh1), show(en2, zh2));
            Text::new(format!("write one of {one}, {two}"), format!("请写其中之一：{one}、{two}"))
        };
        let error = |code, at, (en, zh): (&str, &str), (label_en, label_zh): (&str, &str)| {
            Diagnostic::error(code, at, Text::new(en, zh), Text::new(label_en, label_zh))
        };
        const POOL: (&str, &str) = (
            "give consumer cash net pool of 1_000 { 10: 88 yuan; rest: nothing }, when used up: nothing",
            "奖励 消费者 红包 税后 奖池 1_000 { 10：88元；其余：无 }，用完：无",
        );
        match self {
            Error::PoolSize { at } => error(
                Code::P0345,
                at,
                ("a pool has 1 to 1,000,000,000 tickets", "奖池应有 1 至 10 亿份"),
                ("not such a whole number", "不是这样的整数"),
            )
            .help(write(POOL.0, POOL.1)),
            Error::PoolRow { at } => error(
                Code::P0345,
                at,
                ("a row of a pool is a number of tickets", "奖池各行应为份数"),
                (
                    "a whole number of at least 1, or `rest` in the last row for what is left",
                    "应为不小于 1 的整数，或在末行写“其余”表示剩下的份数",
                ),
            )
            .help(write(POOL.0, POOL.1)),
            Error::PoolSum { at, total, size } => error(
                Code::P0345,
                at,
                (
                    &format!("the rows come to {total} tickets, the pool has {size}"),
                    &format!("各行合计 {total} 份，奖池有 {size} 份"),
                ),
                ("must be the same", "必须相等"),
            )
            .help(write("rest: nothing", "其余：无")),
            Error::PoolInside { at } => error(
                Code::P0346,
                at,
                ("a pool is the whole of a reward", "奖池应是整个奖励"),
                ("would a ticket be taken where this part is not paid?", "这一部分不付时，算不算取走一份？"),
            )
            .help(write(POOL.0, POOL.1)),
            Error::PoolBeside { at } => error(
                Code::P0346,
                at,
                ("a pool is the only reward of its rule", "奖池应是规则中唯一的奖励"),
                ("would a ticket be taken if only the other reward is paid?", "只付另一项奖励时，算不算取走一份？"),
            )
            .help(Text::new(
                "give the other reward in a rule of its own on the same event",
                "请把另一项奖励写成同一事件上的另一条规则",
            )),
            Error::PoolEnd { at } => error(
                Code::P0347,
                at,
                ("and when the pool is used up?", "奖池用完后怎么办？"),
                ("who comes later: a blank, or no chance at all?", "后来的人：算未中奖，还是不再有机会？"),
            )
            .help(either(("when used up: nothing", "用完：无"), ("when used up: stop", "用完：停止"))),
            Error::PoolBudget { at, needs } => {
                let yuan = format!("{}.{:02}", needs / 100, needs % 100);
                error(
                    Code::P0348,
                    at,
                    (
                        &format!("the budget does not cover the pool: it costs {yuan} yuan"),
                        &format!("预算不够付奖池：要用 {yuan} 元"),
                    ),
                    ("less than is promised", "少于承诺的数额"),
                )
                .help(Text::new("raise the budget, or take prizes out of the pool", "请提高预算，或减少奖品"))
            }
            Error::ShareParts { at, rests, taken } => {
                let percent = format!("{}.{:04}", taken / 10_000, taken % 10_000);
                let percent = format!("{}%", percent.trim_end_matches('0').trim_end_matches('.'));
                let label = match rests {
                    1 => (format!("the other parts take {percent}"), format!("其他各份已占 {percent}")),
                    n => (
                        format!("there are {n}, and the parts take {percent}"),
                        format!("现有 {n} 个，各份共占 {percent}"),
                    ),
                };
                error(
                    Code::P0349,
                    at,
                    (
                        "one part is the rest, and the others leave it something",
                        "应有一份且仅一份写“其余”，其他各份合计低于 100%",
                    ),
                    (&label.0, &label.1),
                )
                .help(write("rep: rest, if unknown: to store", "业务员：其余，未知：归 门店"))
            }
            Error::ShareOfThings { at } => error(
                Code::P0349,
                at,
                ("pieces cannot be split by percent", "实物或券不能按比例分"),
                ("only money and points can", "只有金额和积分可以"),
            )
            .help(write(
                "share cash gross 1 yuan { store: 60%; distributor: rest }",
                "分润 红包 税前 1元 { 门店：60%；经销商：其余 }",
            )),
            Error::ZeroDivisor { at } => error(
                Code::P0350,
                at,
                ("this divisor can be zero", "除数可能为零"),
                ("its bounds include zero", "取值范围包含零"),
            )
            .help(Text::new(
                format!(
                    "let the fact begin at 1 in the channel model, or write {}",
                    show("(… floored at 1)", "(… 保底 1)")
                ),
                format!("请在渠道模型中让它从 1 起，或写 {}", show("(… floored at 1)", "(… 保底 1)")),
            )),
            Error::EarlyQuotient { at } => error(
                Code::P0351,
                at,
                ("this quotient would be rounded before it is multiplied", "这里会先取整再相乘"),
                ("a fraction is lost here", "此处会丢掉尾数"),
            )
            .help(Text::new(
                format!(
                    "multiply first, {}, or say how it is rounded, {}",
                    show("600 yuan * a / b", "600元 * a / b"),
                    show("(a / b rounded down) * 600 yuan", "(a / b 向下取整) * 600元")
                ),
                format!(
                    "请先乘后除：{}；或写明如何取整：{}",
                    show("600 yuan * a / b", "600元 * a / b"),
                    show("(a / b rounded down) * 600 yuan", "(a / b 向下取整) * 600元")
                ),
            )),
            Error::AdjustPieces { at } => error(
                Code::P0353,
                at,
                ("pieces cannot be reduced by a part", "实物或券不能扣减"),
                ("this rule gives some", "本规则给出了实物或券"),
            )
            .help(Text::new(
                format!("give them in a rule of their own, or write {}", show("if …: cancel all", "若 …：全部取消")),
                format!("请另写一条规则给出，或写 {}", show("if …: cancel all", "若 …：全部取消")),
            )),
            Error::AdjustWhich { at } => error(
                Code::P0353,
                at,
                ("which of the awards is this taken off?", "从哪一项奖励中扣减？"),
                (
                    "a rate is taken off each of them, a sum only where there is one",
                    "比例从每一项中扣，金额只能在仅有一项时扣",
                ),
            )
            .help(write("minus 10%", "扣减 10%")),
            Error::AdjustBy { at } => error(
                Code::P0353,
                at,
                ("what is taken off is a rate, or as much of what is paid", "扣减的应是比例，或与奖励同类的数额"),
                ("this is neither, or may be below zero", "这里都不是，或可能为负"),
            )
            .help(either(("minus 10%", "扣减 10%"), ("minus 5 yuan", "扣减 5元"))),
            Error::PointsRounding { at, portion } => error(
                Code::P0354,
                at,
                ("and what becomes of a fraction of a point?", "不满一分的积分怎么办？"),
                ("the channel says how fen are rounded, not points", "渠道模型只说了金额如何取整，没有说积分"),
            )
            .help(match portion {
                true => either(
                    ("1 point per 20 points of … rounded down", "按 … 每 20 积分 1 积分 向下取整"),
                    ("1 point per full 20 points of …", "按 … 每满 20 积分 1 积分"),
                ),
                false => either(
                    ("2% of points rounded down", "积分 的 2% 向下取整"),
                    ("100 points * a / b rounded half_up", "100 积分 * 甲 / 乙 四舍五入"),
                ),
            }),
            Error::RemainderOfPart { at } => error(
                Code::P0352,
                at,
                ("there is no remainder here", "这里没有余数"),
                ("only `per full N` leaves one", "只有“每满 N”才有余数"),
            )
            .help(write(
                "1 of SKU-6Y per full 3000 yuan of order_paid.amount, remainder over 1500 yuan: 1 of WATER",
                "按 order_paid.amount 每满 3000元 1 份 SKU-6Y，余数 超过 1500元：1 份 WATER",
            )),
            Error::RemainderBound { at } => error(
                Code::P0352,
                at,
                ("this bound of the remainder is never reached, or always", "余数的起点永远达不到，或总能达到"),
                ("what is left lies between 0 and what is counted in full", "余数在 0 与整份数量之间"),
            )
            .help(write("per full 3000 yuan, remainder over 1500 yuan: …", "每满 3000元 …，余数 超过 1500元：…")),
        }
    }
}
