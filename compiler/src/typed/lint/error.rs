//! What the checks of a sound package find, and how it is said.

use super::cliff::Edge;
use crate::diagnostic::{Code, Diagnostic, Severity, Text};
use crate::ir::schema::Named;
use crate::law::GREATEST_PRIZE;
use crate::source::{Location, Spelling};

/// A finding.
#[derive(Clone, Debug)]
pub(super) enum Error {
    /// An amount outside the range its kind declares for one payment.
    Outside {
        at: Location,
        kind: Named,
        range: (i64, i64),
        amounts: (i64, i64),
        withheld: Option<i64>,
        others: Vec<(Location, (i64, i64))>,
    },
    /// What is left of a limit or budget may be too small to pay.
    Remainder { at: Location, kind: Named, least: i64, step: i64 },
    /// The draws of one event can bring more than the law allows.
    Greatest { at: Location, worth: i64, others: Vec<(Location, i64)> },
    /// `announced odds` that is no rate.
    OddsRate { at: Location },
    /// `announced odds` where nothing is drawn.
    OddsOfNothing { at: Location },
    /// `announced odds` of a draw that has no one rate.
    OddsVary { at: Location, draw: Location },
    /// Announced odds that are the true ones, rounded to the digits announced.
    OddsRounded { at: Location, draw: Location, odds: (i128, i128) },
    /// Announced odds that are not the true ones.
    OddsUntrue { at: Location, draw: Location, odds: (i128, i128) },
    /// One more unit pays more than it is worth.
    Cliff { at: Location, edge: Edge, pack: Option<Named>, worth: i64 },
    /// A declared number is paid for, with as few bottles as one likes.
    Unbacked { at: Location, name: Named, tables: i64 },
}

impl Error {
    /// The finding, with example lines in the file's spelling.
    pub(super) fn into_diagnostic(self, spelling: Spelling) -> Diagnostic {
        let show = |en: &str, zh: &str| match spelling {
            Spelling::En => format!("`{en}`"),
            Spelling::Zh => format!("`{zh}`"),
        };
        let error = |code, at, (en, zh): (&str, &str), (label_en, label_zh): (&str, &str)| {
            Diagnostic::error(code, at, Text::new(en, zh), Text::new(label_en, label_zh))
        };
        let odds_line = show("announced odds 5%", "公布中奖率 5%");
        match self {
            Error::Outside { at, kind, range: (least, most), amounts, withheld, others } => {
                let kind = kind.said(spelling);
                let (low, high) = (yuan(least), yuan(most));
                let can = |(lo, hi): (i64, i64)| {
                    let (en, zh) = span(lo, hi);
                    (format!("can be {en}"), format!("可能是 {zh}"))
                };
                let mut can_be = can(amounts);
                if let Some(tax) = withheld {
                    let tax = percent(tax);
                    can_be.0 += &format!(", less {tax} tax");
                    can_be.1 += &format!("（已扣 {tax} 个税）");
                }
                let mut d = error(
                    Code::P0410,
                    at,
                    (
                        &format!("`{kind}` pays {low} to {high} yuan at a time"),
                        &format!("`{kind}` 单笔只能付 {low} 至 {high} 元"),
                    ),
                    (&can_be.0, &can_be.1),
                );
                for (at, amounts) in others {
                    let (en, zh) = can(amounts);
                    d = d.label(at, Text::new(en, zh));
                }
                if amounts.0 < least {
                    let line = show(
                        "reward transfer money, each payment 0.10 yuan .. 200 yuan",
                        "奖励种类 transfer \"转账\" 金额，单笔 0.10元 至 200元",
                    );
                    d = d.help(Text::new(
                        format!("give it in a kind whose channel takes such sums, for example one declared {line}"),
                        format!("请改用付款通道支持这样金额的奖励种类，例如在渠道模型中声明 {line}"),
                    ));
                } else {
                    d = d.help(Text::new(
                        "give it in a kind whose channel takes such sums; if the platform has agreed to them for this one, \
                         say so in the channel model",
                        "请改用付款通道支持这样金额的奖励种类；如果平台已为它放开额度，请在渠道模型中写明",
                    ));
                }
                match amounts.0 < least {
                    true => {
                        let line = show(&format!("floored at {low} yuan"), &format!("保底 {low}元"));
                        d.help(Text::new(
                            format!(
                                "or let it add up in a wallet and pay withdrawals, or give at least the least: {line}"
                            ),
                            format!("或先记入钱包、攒够后提现，或至少付到下限：{line}"),
                        ))
                    }
                    false => {
                        let line = show(&format!("capped at {high} yuan"), &format!("封顶 {high}元"));
                        d.help(Text::new(format!("or cap it: {line}"), format!("或封顶：{line}")))
                    }
                }
            }
            Error::Remainder { at, kind, least, step } => {
                let kind = kind.said(spelling);
                let (least, step) = (yuan(least), yuan(step.max(1)));
                error(
                    Code::P0411,
                    at,
                    (
                        &format!("what is left may be less than `{kind}` can pay"),
                        &format!("付余额可能低于 `{kind}` 的单笔下限"),
                    ),
                    (
                        &format!("can leave {step} yuan; the least payment is {least} yuan"),
                        &format!("可能只剩 {step} 元，单笔至少 {least} 元"),
                    ),
                )
                .help(Text::new(
                    "do not pay in part (`skip`, of a budget `stop`), or let every amount and the bound be multiples of the least",
                    "不付余额（上限写 `跳过`，预算写 `停止`），或让每笔金额与上限都是单笔下限的整数倍",
                ))
            }
            Error::Greatest { at, worth, others } => {
                let limit = yuan(GREATEST_PRIZE);
                let worth = yuan(worth);
                let mut d = error(
                    Code::P0390,
                    at,
                    (
                        &format!("one event can win {worth} yuan; the law allows {limit}"),
                        &format!("一次可以中得 {worth} 元，法律的上限是 {limit} 元"),
                    ),
                    ("the greatest prize", "最高的奖项"),
                );
                for (at, more) in others {
                    let more = yuan(more);
                    d = d.label(
                        at,
                        Text::new(
                            format!("and {more} yuan more for the same event"),
                            format!("同一事件还可中得 {more} 元"),
                        ),
                    );
                }
                d.help(Text::new(
                    format!(
                        "lower the prize: 反不正当竞争法 forbids prizes above {limit} yuan in a draw; several chances of one \
                         purchase add up, goods count at market price"
                    )
                    .replace("反不正当竞争法", "`反不正当竞争法` (article 10 of 2019)"),
                    format!(
                        "请降低奖额：《反不正当竞争法》（2019 年，第十条）规定抽奖式有奖销售最高奖不得超过 {limit} 元；一次购买的多次机会合并\
                         计算，实物按市价计算"
                    ),
                ))
            }
            Error::OddsRate { at } => error(
                Code::P0392,
                at,
                ("announced odds are a rate", "公布的中奖率应为比例"),
                ("not a percentage", "不是百分比"),
            )
            .help(Text::new(format!("write {odds_line}"), format!("请写 {odds_line}"))),
            Error::OddsOfNothing { at } => error(
                Code::P0392,
                at,
                ("the odds of what?", "是什么的中奖率？"),
                ("nothing is drawn in this policy", "这个政策没有抽奖"),
            )
            .help(Text::new(
                "take the line out, or give a `draw` or a `pool`",
                "请删去这一行，或写明 `抽奖` 或 `奖池`",
            )),
            Error::OddsVary { at, draw } => error(
                Code::P0392,
                at,
                ("the odds of which draw?", "是哪一种抽奖的中奖率？"),
                ("one rate is announced", "只公布了一个比例"),
            )
            .label(draw, Text::new("its rows do not win equally often", "各行的中奖率不同"))
            .help(Text::new(
                "write a policy for each rate, or make the draws equally likely",
                "请按中奖率分成几个政策，或使各行中奖率相同",
            )),
            Error::OddsRounded { at, draw, odds } => {
                let exact = exact(odds);
                let mut d = error(
                    Code::P0412,
                    at,
                    (&format!("the odds are {exact}"), &format!("实际中奖率为 {exact}")),
                    ("rounded to the digits announced", "公布的是约数"),
                )
                .label(draw, Text::new("this draw", "这个抽奖"));
                d.severity = Severity::Note;
                d
            }
            Error::OddsUntrue { at, draw, odds } => {
                let exact = exact(odds);
                let rate = percent_of(odds);
                let line = show(&format!("announced odds {rate}"), &format!("公布中奖率 {rate}"));
                error(
                    Code::P0391,
                    at,
                    (&format!("the odds are {exact}"), &format!("实际中奖率为 {exact}")),
                    ("not what is announced", "与公布的不符"),
                )
                .label(draw, Text::new("this draw", "这个抽奖"))
                .help(Text::new(
                    format!("announce what is true: {line}, or change the draw"),
                    format!("请如实公布：{line}，或修改抽奖"),
                ))
            }
            Error::Cliff { at, edge, pack, worth } => cliff(at, edge, pack, worth, spelling),
            Error::Unbacked { at, name, tables } => {
                let name = name.said(spelling);
                error(
                    Code::P0414,
                    at,
                    (&format!("no bottles are asked for per `{name}`"), &format!("没有按 `{name}` 要求瓶数")),
                    (
                        &format!("pays for {tables} of them with as few bottles as for one"),
                        &format!("报 {tables} 也照付，瓶数不必更多"),
                    ),
                )
                .warning()
                .help({
                    let line =
                        show("where banquet.opened at least 6 bottles per table", "且 宴席.开瓶数 至少 每 桌 6 瓶");
                    Text::new(
                        format!("let the bottles grow with the number, for example {line}"),
                        format!("请让瓶数随之增加，例如 {line}"),
                    )
                })
            }
        }
    }
}

/// What the units on both sides of an edge are paid.
fn cliff(at: Location, edge: Edge, pack: Option<Named>, worth: i64, spelling: Spelling) -> Diagnostic {
    let more = yuan(edge.paid.1 - edge.paid.0);
    let (before, behind) = (yuan(edge.paid.0), yuan(edge.paid.1));
    let unit = |n: i64| match &pack {
        Some(pack) => (format!("{n} `{}`", pack.said(spelling)), format!("{n} `{}`", pack.said(spelling))),
        None => (format!("{} yuan", yuan(n)), format!("{} 元", yuan(n))),
    };
    let (one, one_more) = (unit(edge.units.0), unit(edge.units.1));
    let (en, zh) = match &pack {
        Some(pack) => {
            let (pack, worth) = (pack.said(spelling), yuan(worth));
            (
                format!("one more `{pack}` pays {more} yuan more; it costs at most {worth}"),
                format!("多 1 `{pack}` 多得 {more} 元，而它最贵 {worth} 元"),
            )
        }
        None => (format!("1 yuan more pays {more} yuan more"), format!("多 1 元就多得 {more} 元")),
    };
    let label = Text::new(
        format!("{} pay {before} yuan, {} pay {behind} yuan", one.0, one_more.0),
        format!("{}得 {before} 元，{}得 {behind} 元", one.1, one_more.1),
    );
    let (marginal, allow) = match spelling {
        Spelling::En => ("marginal", "P0413 = \"allow\""),
        Spelling::Zh => ("分段", "P0413 = \"allow\""),
    };
    Diagnostic::error(Code::P0413, at, Text::new(en, zh), label).warning().help(Text::new(
        format!("pay each slice at its own rate (`{marginal}`), or accept it in promo.toml: `{allow}`"),
        format!("请改为 `{marginal}`，每段按各自的比例，或在 promo.toml 中接受：`{allow}`"),
    ))
}

/// A sum between two, or one sum, in both languages.
fn span(lo: i64, hi: i64) -> (String, String) {
    let (a, b) = (yuan(lo), yuan(hi));
    if lo == hi {
        (format!("{a} yuan"), format!("{a} 元"))
    } else {
        (format!("{a} to {b} yuan"), format!("{a} 至 {b} 元"))
    }
}

/// Fen in yuan: `1_000.03`, as a file would write it.
fn yuan(fen: i64) -> String {
    let (sign, fen) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs());
    let whole = grouped(u128::from(fen / 100));
    match fen % 100 {
        0 => format!("{sign}{whole}"),
        rest => format!("{sign}{whole}.{rest:02}"),
    }
}

/// Digits in threes.
fn grouped(n: u128) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

/// Parts per million as a percentage.
fn percent(ppm: i64) -> String {
    percent_of((i128::from(ppm), 1_000_000))
}

/// A fraction as a percentage, rounded to four decimals, without noughts at its end.
fn percent_of((wins, of): (i128, i128)) -> String {
    let parts = (2 * wins.saturating_mul(1_000_000) + of).div_euclid((2 * of).max(1));
    let text = format!("{}.{:04}", parts / 10_000, parts % 10_000);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// `15_101 / 300_000 ≈ 5.0337%`; only the percentage where that is exact.
fn exact((wins, of): (i128, i128)) -> String {
    let percent = percent_of((wins, of));
    if wins.saturating_mul(1_000_000) % of == 0 {
        return percent;
    }
    let number = |n: i128| grouped(n.unsigned_abs());
    format!("{} / {} ≈ {percent}", number(wins), number(of))
}
