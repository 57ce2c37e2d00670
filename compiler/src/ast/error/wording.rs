//! The wording of syntax errors. The only place with sentences.

use super::examples::example;
use super::{Context, Error, ErrorKind, Expected, Found, Unexpected};
use crate::diagnostic::{Code, Diagnostic, Fix, Text};
use crate::source::{Span, Spelling};
use promo_grammar::keywords::{is_reserved, keyword};

/// More alternatives than this confuse more than they help.
const MAX_EXPECTED: usize = 6;

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Diagnostic {
        error.diagnostic()
    }
}

impl Error {
    fn error(&self, code: Code, at: Span, message: Text, label: Text) -> Diagnostic {
        Diagnostic::error(code, at.at(self.source), message, label)
    }

    fn diagnostic(&self) -> Diagnostic {
        match &self.kind {
            ErrorKind::Unexpected(u) => self.unexpected(u),
            ErrorKind::Unread(at) => self.error(
                Code::P0101,
                *at,
                Text::new("this could not be read", "这一段无法解析"),
                Text::new("a slip of the compiler: please report this line", "编译器自身的疏漏：请把这一行报告给我们"),
            ),
            ErrorKind::TooLong => self.error(
                Code::P0104,
                Span::default(),
                Text::new("the file is longer than 4 GiB", "文件超过 4 GiB"),
                Text::new("too long to be a policy", "不可能是一个政策文件"),
            ),
            ErrorKind::UnclosedText(at) => self
                .error(
                    Code::P0103,
                    *at,
                    Text::new("a text is not closed on its line", "引号在本行内没有闭合"),
                    Text::new("the closing quote is missing", "缺少右引号"),
                )
                .help(match self.spelling {
                    Spelling::En => shown("policy spring \"spring gift\" { kind TP }"),
                    Spelling::Zh => shown("政策 spring \"春节有礼\" { 费用 渠道促销 }"),
                }),
            ErrorKind::UnclosedComment(at) => self
                .error(
                    Code::P0103,
                    *at,
                    Text::new("a comment is not closed", "注释没有闭合"),
                    Text::new("nothing after this is read", "此后的内容都被当作注释"),
                )
                .help(Text::new("close it with `*/`", "用 `*/` 结束注释")),
            ErrorKind::Unclosed { open, close } => self.unclosed(*open, *close),
            ErrorKind::Stray(at) => self
                .error(
                    Code::P0102,
                    *at,
                    Text::new("a closing bracket without an opening one", "多出一个右括号"),
                    Text::new("nothing is open here", "此处没有未闭合的左括号"),
                )
                .help(Text::new("remove it, or open the block before it", "删去它，或在前面补上左括号")),
            ErrorKind::TooDeep(at) => self
                .error(
                    Code::P0104,
                    *at,
                    Text::new("nested too deeply", "嵌套过深"),
                    Text::new("more levels than can be read", "层数超过可以阅读的限度"),
                )
                .help(Text::new(
                    "give the inner part a name with `let` and use the name",
                    "用 `设` 给内层起个名字，再引用该名字",
                )),
            ErrorKind::NoSuchDate { span, last } => {
                let d = self.error(
                    Code::P0105,
                    *span,
                    Text::new("this date does not exist", "日期不存在"),
                    match last {
                        Some(n) => Text::new(format!("that month has {n} days"), format!("该月只有 {n} 天")),
                        None => Text::new("there is no such month", "没有这个月份"),
                    },
                );
                d.help(match self.spelling {
                    Spelling::En => shown("during 2026-01-15 .. 2026-02-28"),
                    Spelling::Zh => shown("期间 2026-01-15 至 2026-02-28"),
                })
            }
            ErrorKind::NoSuchTime(at) => self
                .error(
                    Code::P0105,
                    *at,
                    Text::new("this time does not exist", "时间不存在"),
                    Text::new("hours go to 23, minutes and seconds to 59", "小时至 23，分、秒至 59"),
                )
                .help(match self.spelling {
                    Spelling::En => shown("redeem until 2026-03-31 17:00"),
                    Spelling::Zh => shown("兑付 截至 2026-03-31 17:00"),
                }),
            ErrorKind::NumberTooLong(at) => self
                .error(
                    Code::P0106,
                    *at,
                    Text::new("a number with too many digits", "数字位数过多"),
                    Text::new("at most 18 digits can be read", "最多 18 位"),
                )
                .help(Text::new("group digits to see their number: `500_000`", "用下划线分组便于核对：`500_000`")),
            ErrorKind::UnclearBound { at, number, below, row } => self.unclear_bound(*at, number, *below, *row),
            ErrorKind::UnclearGrouping { at, what } => self
                .error(
                    Code::P0108,
                    *at,
                    Text::new("it is unclear what this applies to", "不清楚这一部分作用于谁"),
                    Text::new("to the whole, or only to the last part?", "作用于整个算式，还是只作用于最后一项？"),
                )
                .label(what.at(self.source), Text::new("the last part", "最后一项"))
                .help(match self.spelling {
                    Spelling::En => Text::new(
                        "say it with parentheses: `(a + b) capped at c` or `a + (b capped at c)`",
                        "用括号写明：`(a + b) capped at c` 或 `a + (b capped at c)`",
                    ),
                    Spelling::Zh => Text::new(
                        "say it with parentheses: `(a + b) 封顶 c` or `a + (b 封顶 c)`",
                        "用括号写明：`(a + b) 封顶 c` 或 `a + (b 封顶 c)`",
                    ),
                }),
            ErrorKind::SaidTwice(at) => self
                .error(
                    Code::P0109,
                    *at,
                    Text::new("the same part is written twice", "同一部分写了两次"),
                    Text::new("which of the two is meant?", "以哪一个为准？"),
                )
                .help(Text::new("keep one of them", "只保留一个")),
            ErrorKind::PriceOfPath(at) => self.plain(
                *at,
                Text::new("only a pack has a price", "只有包装单位才有价格"),
                Text::new("one name is expected before `price`", "“价”前应是一个包装名"),
                ("2% of case price", "箱价 的 2%"),
            ),
            ErrorKind::RowOfPath(at) => self.plain(
                *at,
                Text::new("only a data table has rows", "只有数据表才有行"),
                Text::new("one name is expected before `[`", "`[` 前应是一个表名"),
                ("targets[distributor].quarter", "任务表[经销商].季度任务"),
            ),
            ErrorKind::NotAnItem(at) => self.plain(
                *at,
                Text::new("this is not a product or coupon", "这不是产品或券"),
                Text::new("expected a name", "应是一个名称"),
                ("2 of SKU-6Y", "2 份 SKU-6Y"),
            ),
            ErrorKind::RoundsNothing(at) => self.plain(
                *at,
                Text::new("there is no rate here to round", "这里没有可以取整的比例"),
                Text::new("rounding follows a rate of a base", "取整写在“基数 的 比例”之后"),
                ("2% of case price rounded down", "箱价 的 2% 向下取整"),
            ),
            ErrorKind::RoundingUnit(at) => self.plain(
                *at,
                Text::new("money is rounded to fen", "金额只能取整到分"),
                Text::new("another unit cannot be chosen", "不能取整到别的单位"),
                ("rounding half_up to fen", "取整 四舍五入 到 分"),
            ),
            ErrorKind::TaxShare(at) => self.plain(
                *at,
                Text::new("a tax is a share of what is given", "个税应写成比例"),
                Text::new("write it in `%`, under 100%", "请写成 `%`，且小于 100%"),
                ("reward cash money tax incidental 20%", "奖励种类 cash 金额 个税 20%"),
            ),
            ErrorKind::TableByAmount(at) => self.plain(
                *at,
                Text::new("rows by name need a fact to choose by", "按名称分行需要一个信息"),
                Text::new("this is an amount, not a fact", "这是一个数量，不是信息"),
                ("by store.region { 四川: 8 yuan; else: 5 yuan }", "按 门店.区域 { 四川：8元；其他：5元 }"),
            ),
            ErrorKind::RowsMixed(at) => self.plain(
                *at,
                Text::new("a ladder has only rows with a lower bound", "阶梯中每一行都要写下限"),
                Text::new("this row has none", "这一行没有下限"),
                ("from 50 bottles: 50 yuan", "达到 50 瓶：50元"),
            ),
            ErrorKind::CountsAFact(at) => self.plain(
                *at,
                Text::new("events are counted, facts are added up", "次数数的是事件，合计加的是信息"),
                Text::new("this is a fact of an event", "这是事件的一个信息"),
                ("count of open_box by store this month", "本月 门店 的 open_box 次数"),
            ),
            ErrorKind::SumsNoFact(at) => self.plain(
                *at,
                Text::new("a sum needs an event and one of its facts", "合计需要写明事件和它的一个信息"),
                Text::new("expected `event.fact`", "应写成 `事件.信息`"),
                ("sum of order_paid.amount by distributor this quarter", "本季度 经销商 的 order_paid.amount 合计"),
            ),
            ErrorKind::PeriodForPath(at) => self.plain(
                *at,
                Text::new("a period settles with a role", "周期结算的对象是一个角色"),
                Text::new("expected one name", "应是一个名称"),
                ("every month for distributor { … }", "每 月 对 经销商 { … }"),
            ),
            ErrorKind::OnceInGroup(at) => self.plain(
                *at,
                Text::new("a group has ceilings only", "组合只能写上限"),
                Text::new("`once` and gaps belong into the policies", "“一次”和“间隔”应写在各政策中"),
                ("at most 20 yuan per bottle in total, beyond: cut", "每 瓶 合计 最多 20元，超出：付余额"),
            ),
        }
    }

    fn plain(&self, at: Span, message: Text, label: Text, (en, zh): (&str, &str)) -> Diagnostic {
        let line = match self.spelling {
            Spelling::En => en,
            Spelling::Zh => zh,
        };
        self.error(Code::P0101, at, message, label).help(shown(line))
    }

    fn unclosed(&self, open: Span, close: Option<Span>) -> Diagnostic {
        let message = Text::new("a bracket is not closed", "括号没有闭合");
        let label = Text::new("opened here", "在此处打开");
        let d = self.error(Code::P0102, open, message, label);
        match close {
            Some(close) => d
                .label(close.at(self.source), Text::new("this closes another kind", "这里用另一种括号闭合"))
                .help(Text::new("close `(` with `)` and `{` with `}`", "`(` 用 `)` 闭合，`{` 用 `}` 闭合")),
            None => d.help(Text::new("add the closing bracket where the block ends", "在这一段结束处补上右括号")),
        }
    }

    fn unclear_bound(&self, at: Span, number: &str, below: bool, row: bool) -> Diagnostic {
        let (with, without) = match (row, below) {
            (true, _) => ("达到", "超过"),
            (false, false) => ("至少", "超过"),
            (false, true) => ("至多", "低于"),
        };
        let d = self
            .error(
                Code::P0107,
                at,
                Text::new("it is unclear whether the bound itself counts", "“以上/以下”没有说清是否包含本数"),
                Text::new(format!("with or without `{number}`?"), format!("包含 `{number}` 吗？")),
            )
            .help(Text::new(
                format!("say `{with} {number}` (with) or `{without} {number}` (without)"),
                format!("写成 `{with} {number}`（包含）或 `{without} {number}`（不包含）"),
            ));
        if row && below {
            d.help(Text::new(
                "a row says where it begins; it ends where the next row begins",
                "每档只写起点；下一档的起点就是本档的终点",
            ))
        } else {
            d
        }
    }

    fn unexpected(&self, u: &Unexpected) -> Diagnostic {
        let found = match &u.found {
            Found::Token(t) => Text::new(format!("`{t}`"), format!("`{t}`")),
            Found::End => Text::new("the end of the line", "行尾"),
        };
        let expected: Vec<Expected> = u.expected.iter().copied().filter(|e| self.has_spelling(*e)).collect();
        let wanted = self.wanted(&expected);
        let what = context_words(u.context);
        let message = match (u.begun, &u.found) {
            (true, Found::End) => Text::new(format!("{} is not complete", what.en), format!("{}不完整", what.zh)),
            (true, _) => Text::new(format!("{} does not fit here", found.en), format!("此处不应是 {}", found.zh)),
            (false, _) => Text::new(
                format!("{} does not begin {}", found.en, what.en),
                format!("{} 不是{}的开头", found.zh, what.zh),
            ),
        };
        // `88 yuan` alone in a draw: the law wants what the sheet leaves out.
        let odds = u.begun && u.context == Context::DrawRow && u.expected.contains(&Expected::Symbol(":"));
        let message = match odds {
            true => Text::new("how likely is this prize, or how many are there?", "这一项的概率或数量是多少？"),
            false => message,
        };
        let label = match &wanted {
            Some(w) => Text::new(format!("expected {}", w.en), format!("此处应为{}", w.zh)),
            None => Text::new("this does not fit anything before it", "与前文接不上"),
        };
        let code = if odds { Code::P0384 } else { Code::P0101 };
        let mut d = self.error(code, u.at, message, label);
        let mut leading = u.leading;
        // `每` begins a rule on a period, and a limit: what could follow says which of them was meant
        if leading == Some("every") && u.expected.contains(&Expected::Keyword("limit")) {
            leading = Some("limit");
        }
        if let Found::Token(token) = &u.found {
            let same = meant(token, &u.expected).map(|id| (id, spelled(id, self.spelling)));
            if let Some((id, word)) = same.or_else(|| nearest(token, &u.expected)) {
                leading = leading.or(Some(id));
                d = d.help(Text::new(format!("did you mean `{word}`?"), format!("是否想写 `{word}`？"))).fix(Fix {
                    title: Text::new(format!("write `{word}`"), format!("改为 `{word}`")),
                    at: u.at.at(self.source),
                    replacement: word.to_owned(),
                });
            } else if u.expected.contains(&Expected::Name) && is_reserved(token) {
                d = d.help(Text::new(
                    format!("`{token}` is a word of the language; as a name it needs quotes: `\"{token}\"`"),
                    format!("`{token}` 是关键字；作名称时需加引号：`\"{token}\"`"),
                ));
            } else if let Some(digits) = half_width(token) {
                d = d
                    .help(Text::new(
                        format!("digits are written half-width: `{digits}`"),
                        format!("数字请用半角：`{digits}`"),
                    ))
                    .fix(Fix {
                        title: Text::new(format!("write `{digits}`"), format!("改为 `{digits}`")),
                        at: u.at.at(self.source),
                        replacement: digits,
                    });
            }
        }
        match example(leading, u.context, self.spelling) {
            Some(line) => d.help(shown(line)),
            None => d,
        }
    }

    /// False for a keyword of the other word order: nobody could write it in a file of this spelling.
    fn has_spelling(&self, expected: Expected) -> bool {
        let Expected::Keyword(id) = expected else { return true };
        keyword(id).is_some_and(|k| match self.spelling {
            Spelling::En => !k.en.is_empty(),
            Spelling::Zh => !k.zh.is_empty(),
        })
    }

    /// `a number, `if unknown` or `when``.
    fn wanted(&self, expected: &[Expected]) -> Option<Text> {
        let mut en = Vec::new();
        let mut zh = Vec::new();
        for e in expected {
            let words = self.words(*e);
            if !en.contains(&words.en) {
                en.push(words.en);
                zh.push(words.zh);
            }
        }
        let more = en.len() > MAX_EXPECTED;
        en.truncate(MAX_EXPECTED);
        zh.truncate(MAX_EXPECTED);
        if more {
            return Some(Text::new(format!("{} …", en.join(", ")), format!("{}等", zh.join("、"))));
        }
        let (last_en, last_zh) = (en.pop()?, zh.pop()?);
        if en.is_empty() {
            return Some(Text::new(last_en, last_zh));
        }
        Some(Text::new(format!("{} or {last_en}", en.join(", ")), format!("{}或{last_zh}", zh.join("、"))))
    }

    fn words(&self, expected: Expected) -> Text {
        let (en, zh) = match expected {
            Expected::Keyword(id) => {
                let word = spelled(id, self.spelling);
                return Text::new(format!("`{word}`"), format!("`{word}`"));
            }
            Expected::Symbol(s) => {
                let s = match (self.spelling, s) {
                    (Spelling::Zh, ":") => "：",
                    (Spelling::Zh, "..") => "至",
                    _ => s,
                };
                return Text::new(format!("`{s}`"), format!("`{s}`"));
            }
            Expected::Name => ("a name", "名称"),
            Expected::Text => ("a quoted text", "带引号的文字"),
            Expected::Number => ("a number", "数字"),
            Expected::Date => ("a date", "日期"),
            Expected::Duration => ("a time span such as `24 hours`", "时长（如 `24 小时`）"),
            Expected::Amount => ("an amount", "数额"),
            Expected::Condition => ("a condition", "条件"),
            Expected::Set => ("products or regions", "产品或区域"),
            Expected::Value => ("a type or period", "类型或周期"),
            Expected::Operator => ("an operator", "运算符"),
            Expected::End => ("the end of it", "结束"),
        };
        Text::new(en, zh)
    }
}

/// What people write elsewhere, and the keywords that say it here.
const SYNONYMS: &[(&str, &[&str])] = &[
    (">=", &["at_least", "from"]),
    ("≥", &["at_least", "from"]),
    ("不少于", &["at_least", "from"]),
    ("不低于", &["at_least", "from"]),
    ("达到", &["at_least"]),
    ("至少", &["from"]),
    (">", &["over"]),
    ("大于", &["over"]),
    ("高于", &["over"]),
    ("<=", &["at_most"]),
    ("≤", &["at_most"]),
    ("不超过", &["limit", "at_most"]),
    ("不高于", &["limit", "at_most"]),
    ("至多", &["limit"]),
    ("最多", &["at_most"]),
    ("上限", &["limit", "capped"]),
    ("<", &["under"]),
    ("小于", &["under"]),
    ("少于", &["under"]),
    ("=", &["equals", "is"]),
    ("==", &["equals", "is"]),
    ("<>", &["is_not"]),
    ("是", &["is"]),
    ("并且", &["and", "where"]),
    ("或者", &["or"]),
    ("累进", &["marginal"]),
    ("progressive", &["marginal"]),
    ("否则", &["else"]),
    ("其它", &["else", "rest"]),
    ("排除", &["except"]),
    ("除外", &["except"]),
    ("到", &["until"]),
];

/// The expected keyword that says the same.
fn meant(token: &str, expected: &[Expected]) -> Option<&'static str> {
    let (_, ids) = SYNONYMS.iter().find(|(word, _)| *word == token)?;
    ids.iter().copied().find(|id| expected.contains(&Expected::Keyword(id)))
}

/// The word with half-width digits, if it begins with a full-width one.
fn half_width(token: &str) -> Option<String> {
    let digit = |c: char| ('０'..='９').contains(&c).then(|| u32::from(c) - u32::from('０'));
    token.chars().next().and_then(digit)?;
    Some(token.chars().map(|c| digit(c).and_then(|d| char::from_digit(d, 10)).unwrap_or(c)).collect())
}

/// The expected keyword a word is a slip of: its id and the spelling that is near.
fn nearest(token: &str, expected: &[Expected]) -> Option<(&'static str, &'static str)> {
    let mut best: Option<(usize, &'static str, &'static str)> = None;
    for e in expected {
        let Expected::Keyword(id) = e else { continue };
        let Some(k) = keyword(id) else { continue };
        for word in [k.en, k.zh] {
            // of several words the first is compared: the others are still there
            let first = word.split(' ').next().unwrap_or(word);
            let long = first.chars().count();
            if long < 2 || token == first {
                continue;
            }
            let far = distance(token, first);
            let close = if first.is_ascii() { far <= 1 + long / 5 && far < long } else { far == 1 };
            if close && best.is_none_or(|(b, _, _)| far < b) {
                best = Some((far, k.id, first));
            }
        }
    }
    best.map(|(_, id, word)| (id, word))
}

fn spelled(id: &str, spelling: Spelling) -> &'static str {
    let Some(k) = keyword(id) else { return "" };
    match spelling {
        Spelling::Zh if !k.zh.is_empty() => k.zh,
        Spelling::En if k.en.is_empty() => k.zh,
        _ => k.en,
    }
}

fn shown(line: &str) -> Text {
    Text::new(format!("for example: `{line}`"), format!("例如：`{line}`"))
}

fn context_words(context: Context) -> Text {
    let (en, zh) = match context {
        Context::Item => ("a declaration", "声明"),
        Context::Clause => ("a clause", "条款"),
        Context::ChannelLine => ("a line of a channel model", "渠道模型的一行"),
        Context::Step => ("a step of a test", "测试步骤"),
        Context::Ceiling => ("a ceiling of a group", "组合的上限"),
        Context::Fact | Context::TestFact => ("a fact", "信息"),
        Context::Argument => ("an argument", "参数"),
        Context::CouponLine => ("a line of a coupon", "券的一行"),
        Context::Row => ("a row", "表格的一行"),
        Context::ShareRow => ("a row of a share", "分润的一行"),
        Context::DrawRow => ("a row of a draw", "奖项的一行"),
        Context::Head => ("the header", "开头"),
    };
    Text::new(en, zh)
}

/// Edits between two words; two letters swapped count as one.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(24).collect();
    let b: Vec<char> = b.chars().take(24).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |r: &Vec<usize>, j: usize| r.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(&row, j) + usize::from(x != y)).min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{SYNONYMS, distance, half_width};
    use promo_grammar::keywords::keyword;

    #[test]
    fn synonyms_name_keywords() {
        for (word, ids) in SYNONYMS {
            assert!(ids.iter().all(|id| keyword(id).is_some()), "{word}");
        }
    }

    #[test]
    fn full_width_digits() {
        assert_eq!(half_width("２００元").as_deref(), Some("200元"));
        assert_eq!(half_width("元２"), None);
    }

    #[test]
    fn distances() {
        assert_eq!(distance("give", "give"), 0);
        assert_eq!(distance("gvie", "give"), 1);
        assert_eq!(distance("giv", "give"), 1);
        assert_eq!(distance("奖厉", "奖励"), 1);
        assert_eq!(distance("", "abc"), 3);
    }
}
