//! Amounts, conditions and history.

use super::*;

/// An expression.
#[derive(Clone, Debug, Serialize)]
pub struct Expr {
    /// What.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// A decimal with its unit, exactly as written: `8.80 yuan` is mantissa 880, scale 2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Number {
    /// Digits without the point.
    pub mantissa: i128,
    /// How many of them stand after the point.
    pub scale: u8,
    /// The unit.
    pub unit: Unit,
    /// Where, unit included.
    pub span: Span,
}

/// The unit of a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// None written.
    None,
    /// `%` or `％`
    Percent,
    /// `‰`
    Permille,
    /// `yuan`, `元`, `fen`, `分`, `points`, `bottles`, `tables`, `次` …: looked up later.
    Named(Name),
}

/// A date, with or without a time of day, in the channel's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct DateTime {
    /// Year.
    pub year: i32,
    /// Month as written (checked later).
    pub month: u32,
    /// Day as written (checked later).
    pub day: u32,
    /// Hour, minute, second, if written.
    pub time: Option<(u32, u32, u32)>,
    /// Where.
    pub span: Span,
}

/// The expressions.
#[derive(Clone, Debug, Serialize)]
pub enum ExprKind {
    /// `10 yuan`, `2%`, `50 bottles`
    Number(Number),
    /// `2026-01-15`
    Date(DateTime),
    /// `yes` · `是`
    Yes,
    /// `no` · `否`
    No,
    /// `store.grade`, `pair.guide`, a `let`, a parameter; `today` · `当天` is the event's date
    Path(Path),
    /// `today` · `当天`
    Today,
    /// `time of day in 10:00 .. 20:30` · `时刻 属于 10:00 至 20:30`: from the first until just before the second
    Clock {
        /// Seconds after midnight.
        from: u32,
        /// Seconds after midnight; `24:00` is the end of the day.
        until: u32,
    },
    /// `weekday is Wednesday or Saturday` · `星期 为 周三 或 周六`: days after Monday, as written
    Weekday(Vec<u8>),
    /// `nothing` · `无`
    Nothing,
    /// `a + b`, `a - b`, `a * b`
    Binary(ArithOp, Box<Expr>, Box<Expr>),
    /// `2% of case price` · `箱价 的 2%` (also `case price 的 2%`); `speed of base`; `rounded down to fen`
    RateOf {
        /// The rate.
        rate: Box<Expr>,
        /// Of what.
        base: Box<Expr>,
        /// `rounded down` · `向下取整`: overrides the channel's rounding.
        rounding: Option<Rounding>,
    },
    /// `case price` · `箱价`: the catalogue price of this product per pack
    PriceOf(Name),
    /// `2 of SKU-6Y` · `2 份 SKU-6Y`
    ItemOf {
        /// How many.
        count: Box<Expr>,
        /// SKU or coupon.
        item: Name,
    },
    /// `count of open_box by store this month [in <set>]`, `sum of order_paid.amount by distributor this quarter except category 特价`
    /// · `本月 门店 的 open_box 次数`, `本季度 经销商 的 order_paid.amount 合计 不含 分类 特价`
    Measure(Measure),
    /// `balance of points of consumer` · `消费者 的 积分 余额`, `sum of cash given to consumer this month`
    /// · `本月 消费者 所得 红包 合计`
    Account(Account),
    /// `last guide_scan of this bottle within 24 hours by another person`
    /// · `24 小时内 本 瓶 最近 guide_scan 且 他人`
    Link(Link),
    /// `drawn registered last week with one chance per invoice` · `上周 抽中的 登录发票 且 每 发票 一次机会`
    Drawn(Drawn),
    /// `targets[distributor].quarter` · `任务表[经销商].季度任务`
    Lookup(Lookup),
    /// `by store.region { 四川/成都: 10 yuan; else: 5 yuan }` · `按 门店.区域 { 四川/成都：10元；其他：5元 }`
    Table {
        /// What picks the row: a fact, or `region` / `product` where only one is meant.
        by: Path,
        /// Rows in order.
        rows: Vec<TableRow>,
        /// `else: …` · `其他：…`
        default: Option<Box<Expr>>,
    },
    /// `by <measure> [as part of <target>] whole { from 50 bottles: 50 yuan; over 100 bottles: 150 yuan }`
    /// · `按 <measure> [占 <target>] 全额 { 达到 50 瓶：50元；超过 100 瓶：150元 }`;
    /// whole 全额 · marginal 分段 · highest 取高 · each 累加
    Tiers {
        /// What is measured.
        measure: Box<Expr>,
        /// `as part of target` · `占 target`
        part_of: Option<Box<Expr>>,
        /// `None`: not said, an error the checker reports.
        mode: Option<TierMode>,
        /// Rows in order.
        rows: Vec<TierRow>,
    },
    /// `draw { 1%: 88 yuan; 10%: cash net 8.80 yuan; rest: nothing }` · `抽奖 { 1%：88元；其余：无 }`
    Draw(Vec<DrawRow>),
    /// `pool of 5_000_000 { 50_000: 30 yuan; rest: nothing }, when used up: nothing`
    /// · `奖池 5_000_000 { 50_000：30元；其余：无 }，用完：无`
    Pool {
        /// How many tickets.
        size: Number,
        /// Quantities and prizes.
        rows: Vec<DrawRow>,
        /// `when used up: nothing | stop` · `用完：无 | 停止`
        used_up: Option<(PoolEnd, Span)>,
    },
    /// `random 0.30 yuan .. 1.20 yuan step 0.01 yuan` · `随机 0.30元 至 1.20元 步长 0.01元`
    Random {
        /// Least.
        lo: Box<Expr>,
        /// Greatest, included.
        hi: Box<Expr>,
        /// Grid.
        step: Box<Expr>,
    },
    /// `2% of x capped at 200 yuan` · `… 封顶 200元`; `floored at 1 yuan` · `保底 1元`
    Clamp {
        /// What.
        value: Box<Expr>,
        /// Cap or floor.
        op: ClampOp,
        /// The bound.
        bound: Box<Expr>,
    },
    /// `3 yuan per bottle`, `10 cases per full 200 cases of cases` · `每 桌 1 份 X`, `每满 200 箱 10 箱`
    Per {
        /// Amount for each.
        amount: Box<Expr>,
        /// `full N`: only whole multiples count. `per N` without `full`: in proportion.
        step: Option<(Number, PerStep)>,
        /// The unit, when there is no number (`per table`).
        unit: Option<Name>,
        /// `of <expr>`: what is counted, where the unit alone does not say.
        of: Option<Box<Expr>>,
        /// `rounded down` · `向下取整`, of a fraction of a point or fen: overrides the channel's.
        rounding: Option<Rounding>,
        /// `remainder over 1500 yuan: 1 of SKU-6Y` · `余数 超过 1500元：1 份 SKU-6Y`
        remainder: Option<Box<Remainder>>,
    },
    /// `600 yuan * a / b rounded half_up` · `600元 * a / b 四舍五入`
    Quotient {
        /// What is divided.
        value: Box<Expr>,
        /// By what.
        by: Box<Expr>,
        /// Overrides the channel's rounding.
        rounding: Option<Rounding>,
    },
    /// `a and b` · `a 且 b`
    And(Box<Expr>, Box<Expr>),
    /// `a or b` · `a 或 b`
    Or(Box<Expr>, Box<Expr>),
    /// `not a` · `非 a`
    Not(Box<Expr>),
    /// `x at least 50` · `x 至少 50`; `over` 超过, `under` 低于, `at most` 至多
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// `store.grade is A or B` · `门店.等级 为 A 或 B`; `is not` · `不为`
    IsOneOf {
        /// A fact.
        value: Box<Expr>,
        /// The values; `yes`/`no` appear as names `yes`, `no`.
        options: Vec<Name>,
        /// `is not`.
        negated: bool,
    },
    /// `store is opened.store` · `门店 为 opened.门店`; `is not` · `不为`: the same one. A name without a dot after `is`
    /// is an [`IsOneOf`](ExprKind::IsOneOf) until names are resolved.
    SameAs {
        /// A party, entity, code, product or other identity.
        value: Box<Expr>,
        /// The other.
        other: Path,
        /// `is not`.
        negated: bool,
    },
    /// `pair is known` · `pair 已知`; `is unknown` · `未知`
    Known {
        /// A party, link or optional fact.
        value: Box<Expr>,
        /// `is unknown`.
        negated: bool,
    },
    /// `store.region in 四川 except 四川/攀枝花` · `门店.区域 属于 四川`; `product in category 青花`; `not in` · `不属于`
    In {
        /// A region or product fact.
        value: Box<Expr>,
        /// The set.
        set: SetExpr,
        /// `not in`.
        negated: bool,
    },
    /// `place in distributor.territory` · `地点 属于 经销商.区域`; `not in` · `不属于`: in a region that is itself a fact. A
    /// name without a dot after `in` is an [`In`](ExprKind::In) until names are resolved.
    Inside {
        /// A region.
        value: Box<Expr>,
        /// The region it is to lie in, or be: a path or a cell.
        outer: Box<Expr>,
        /// `not in`.
        negated: bool,
    },
    /// What an instance puts in the place of a template's parameter; no parser makes it. Names in it are those of
    /// the instance's file.
    Argument {
        /// The instance's file.
        source: SourceId,
        /// Its spelling.
        spelling: Spelling,
        /// The argument.
        value: Box<Expr>,
    },
    /// A place the parser could not read; an error was already reported.
    Error,
}

/// How a number behind `per` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum PerStep {
    /// `per full 200 cases` · `每满 200 箱`: whole multiples only.
    Full,
    /// `per 10 yuan` · `每 10元`: in proportion.
    Part,
}

/// What is left over after the whole multiples of `per full N`.
#[derive(Clone, Debug, Serialize)]
pub struct Remainder {
    /// `over` instead of `from`: the bound itself is not enough.
    pub strict: bool,
    /// The bound.
    pub bound: Number,
    /// What it pays.
    pub value: Expr,
    /// Whole part.
    pub span: Span,
}

/// When no ticket is left in a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum PoolEnd {
    /// `nothing` · `无`: later chances are blanks.
    Nothing,
    /// `stop` · `停止`: later chances are refused and not used up.
    Stop,
}

/// Arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum ArithOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
}

/// Comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum CompareOp {
    /// `at least` · `至少`
    AtLeast,
    /// `over` · `超过`
    Over,
    /// `under` · `低于`
    Under,
    /// `at most` · `至多`
    AtMost,
    /// `equals` · `等于`: numbers and dates; enums use `is`.
    Equals,
    /// `is a multiple of 0.50 yuan` · `为 0.50元 的 整数倍`
    MultipleOf,
}

/// Cap or floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum ClampOp {
    /// `capped at` · `封顶`
    Cap,
    /// `floored at` · `保底`
    Floor,
}

/// How tier rows combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum TierMode {
    /// The rate of the reached row on everything.
    Whole,
    /// Each slice at its own rate.
    Marginal,
    /// Only the reached row's sum.
    Highest,
    /// All reached rows add up.
    Each,
}

/// A row of a table. Several keys share a row: `A, B: 10 yuan`.
#[derive(Clone, Debug, Serialize)]
pub struct TableRow {
    /// Keys.
    pub keys: Vec<SetAtom>,
    /// Value.
    pub value: Expr,
    /// Whole row.
    pub span: Span,
}

/// A row of a tier ladder.
#[derive(Clone, Debug, Serialize)]
pub struct TierRow {
    /// `over` instead of `from`: the bound itself does not reach the row.
    pub strict: bool,
    /// Lower bound.
    pub bound: Expr,
    /// `under 100 bottles` · `低于 100 瓶`, as sheets with two bounds per row have it: checked for gaps and overlaps.
    /// True when the bound itself still belongs to the row: `at most 100 bottles` · `至多 100 瓶`.
    pub until: Option<(Expr, bool)>,
    /// Value.
    pub value: Expr,
    /// Whole row.
    pub span: Span,
}

/// A row of a draw.
#[derive(Clone, Debug, Serialize)]
pub struct DrawRow {
    /// `1%`, a weight, or `rest`.
    pub chance: Chance,
    /// What is won.
    pub prize: Reward,
    /// Whole row.
    pub span: Span,
}

/// The chance of a draw row.
#[derive(Clone, Debug, Serialize)]
pub enum Chance {
    /// `1%`, `0.5‰`, or a bare weight `8_100`.
    Share(Number),
    /// `rest` · `其余`
    Rest(Span),
    /// In a share: a parameter of the template it stands in.
    Named(Name),
}

/// A state measure.
#[derive(Clone, Debug, Serialize)]
pub struct Measure {
    /// The event kind counted.
    pub event: Name,
    /// `sum of event.fact`; `None` counts events.
    pub fact: Option<Name>,
    /// `(passed is no)` · `（合格 为 否）`: only events of which this holds, said of their own facts.
    pub filter: Option<Box<Expr>>,
    /// `by store` · `门店 的`
    pub by: Vec<Path>,
    /// The window.
    pub window: Window,
    /// Which of these windows.
    pub back: Back,
    /// `in <set>`: only these products.
    pub only: Option<SetExpr>,
    /// `except <set>`: not these products.
    pub except: Option<SetExpr>,
    /// Whole expression.
    pub span: Span,
}

/// Windows counted back from the one the event lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Back {
    /// 0: `this month` · `本月`; 1: `last month` · `上月`.
    pub first: u32,
    /// `last 3 months` · `最近 3 个月`, this month included; 1 if not said.
    pub count: u32,
    /// `in each of the last 3 months` · `最近 3 个月 每月`: the least over them instead of the sum.
    pub each: bool,
    /// Said as a number of windows, be it `last 1 months` · `最近 1 个月`, which is a question.
    pub many: bool,
}

impl Back {
    /// The window the event lies in.
    pub const THIS: Back = Back { first: 0, count: 1, each: false, many: false };
}

/// What a party was given so far.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    /// A reward kind, a product or a coupon.
    pub what: Name,
    /// Whose.
    pub of: Path,
    /// Given in this window, or these; `None`: the balance, given less taken.
    pub window: Option<(Window, Back)>,
    /// Whole expression.
    pub span: Span,
}

/// The latest earlier event of a kind of someone or something.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    /// The event kind looked for.
    pub event: Name,
    /// `(passed is no)` · `（合格 为 否）`: only events of which this holds are remembered.
    pub filter: Option<Box<Expr>>,
    /// Whose: a code (`this bottle`, `this bottle's case` names `case`), a party, an entity, or one of another link.
    pub of: Path,
    /// The pack said to lie in it, `bottle` in `this bottle's case` · `本 瓶 所在 箱`; `None` if not said.
    pub inner: Option<Name>,
    /// `within 24 hours` · `24 小时内`
    pub within: Option<Duration>,
    /// `at least 5 minutes ago` · `至少 5 分钟前`
    pub apart: Option<Duration>,
    /// `on the same day` · `同一天`
    pub same_day: bool,
    /// `by another person` · `他人`: its actor is not this event's actor.
    pub another: bool,
    /// `by the same person` · `同一人`: its actor is this event's actor.
    pub same_person: bool,
    /// `that gave cash` · `已送 红包`: its decision gave this reward kind, product or coupon.
    pub gave: Option<Name>,
    /// Whole expression.
    pub span: Span,
}

/// One event of all those of a window, picked by lot.
#[derive(Clone, Debug, Serialize)]
pub struct Drawn {
    /// The event kind: each is an entry.
    pub event: Name,
    /// `(passed is yes)` · `（合格 为 是）`: only events of which this holds are entries.
    pub filter: Option<Box<Expr>>,
    /// `of this store` · `本 门店`: among the entries of this party, code or entity; `None`: among all.
    pub of: Option<Path>,
    /// Of which window.
    pub window: Window,
    /// How far back.
    pub back: Back,
    /// `that gave cash` · `已送 红包`: only events whose decision gave this are entries.
    pub gave: Option<Name>,
    /// `with one chance per invoice` · `每 发票 一次机会`; empty: `with one chance each` · `每次 一次机会`. `None`: not said,
    /// a question the checker asks.
    pub chance: Option<Vec<Path>>,
    /// Whole expression.
    pub span: Span,
}
