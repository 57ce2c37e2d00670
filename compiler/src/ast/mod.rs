//! The syntax tree: what was written, with a span on everything and both spellings made one.
//!
//! Names are still text; units, roles and events are not looked up here. Comments are kept beside the
//! tree, so that `fmt` can print them back. Doc comments show each construct in English and in Chinese.

pub mod error;
pub mod fmt;
pub mod from_pairs;
pub mod print;

use crate::source::{SourceId, Span, Spelling};
use serde::Serialize;

/// One `.promo` file.
#[derive(Clone, Debug, Serialize)]
pub struct File {
    /// Which file.
    pub source: SourceId,
    /// Declarations in order.
    pub items: Vec<Item>,
    /// Every comment of the file in order of position.
    pub comments: Vec<Comment>,
    /// The spelling most of its keywords use; decides how help texts are spelled.
    pub spelling: Spelling,
}

/// A comment, kept with its markers (`// …` or `/* … */`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comment {
    /// The text with its markers.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// True when nothing but space stands before it on its line.
    pub own_line: bool,
}

/// A name as written, NFC-normalised. Chinese and English names are equals.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Name {
    /// The text; for a quoted name without the quotes.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A dotted path: `store.grade`, `门店.等级`, or one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Path {
    /// One or more names.
    pub parts: Vec<Name>,
    /// Whole path.
    pub span: Span,
}

/// A quoted text: `"春节开箱有礼"`.
pub type Text = Name;

/// A top-level declaration.
#[derive(Clone, Debug, Serialize)]
pub enum Item {
    /// `channel 白酒 { … }` · `渠道 白酒 { … }`
    Channel(Channel),
    /// `policy name "title" { … }` · `政策 …`
    Policy(Policy),
    /// `template name(amount: money, area: regions) { … }` · `模板 …`
    Template(Template),
    /// `policy name "title" from template { amount: 10 yuan; area: 四川 }` · `政策 名 "题" 取自 模板名 { … }`
    Instance(Instance),
    /// `group festival best of { a, b } …` · `组合 festival 择优 { a，b }`
    Group(Group),
    /// `coupon c75 "…" { worth 77 yuan; valid 7 days }` · `券 c75 "…" { 价值 77元；有效 7天 }`
    Coupon(Coupon),
    /// `test "…" { … }` · `测试 "…" { … }`
    Test(Test),
}

// ---------------------------------------------------------------- channel model

/// The channel model (渠道模型).
#[derive(Clone, Debug, Serialize)]
pub struct Channel {
    /// Its name.
    pub name: Name,
    /// Declarations in order.
    pub decls: Vec<ChannelDecl>,
    /// Whole declaration.
    pub span: Span,
}

/// One line of a channel model.
#[derive(Clone, Debug, Serialize)]
pub enum ChannelDecl {
    /// `zone Asia/Shanghai` · `时区 Asia/Shanghai` (the name is one token with slashes)
    Zone(Name),
    /// `money CNY` · `货币 CNY`
    Money(Name),
    /// `rounding half_up to fen` · `取整 四舍五入 到 分`
    Rounding(Rounding, Span),
    /// `role store "门店" is person { grade "等级": one of A, B, C; region "区域": region }`
    /// · `角色 store "门店" 为 自然人 { grade "等级": 之一 A，B，C；… }`
    Role(RoleDecl),
    /// `pack bottle "瓶" < case "箱" < pallet "垛"` · `包装 …`
    Pack(Vec<Labelled>, Span),
    /// `layer cap_inner "盖内码" on bottle hidden` · `码层 cap_inner "盖内码" 于 bottle 隐藏` (`exposed` · `外露`)
    Layer(LayerDecl),
    /// `entity banquet "宴席" { tables "桌数": 1..500 tables; host: host }` · `实体 …`
    Entity(EntityDecl),
    /// `event open_box "开箱" = store scans case_inner { place: region? } knows distributor, rep?`
    /// · `事件 open_box "开箱" = store 扫 case_inner { … } 关联 distributor，rep?`;
    /// `event order_paid "回款" by distributor { amount: 0..1_000_000_000 yuan }` · `事件 … 由 distributor { … }`;
    /// `event banquet_verified on banquet by store, host` · `事件 … 关于 banquet 由 store，host`
    Event(EventDecl),
    /// `reward cash "红包" money` · `奖励种类 cash "红包" 金额`; `points "积分" whole` · `整数`
    Reward(RewardDecl),
}

/// A name with an optional label in the other language; both spell the same thing.
#[derive(Clone, Debug, Serialize)]
pub struct Labelled {
    /// Canonical name.
    pub name: Name,
    /// Second spelling, in quotes where it is declared, bare where it is used.
    pub label: Option<Text>,
}

/// How a fraction of the smallest unit is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Rounding {
    /// `half_up` · `四舍五入`: to the nearest, a half upwards.
    HalfUp,
    /// `down` · `向下`: towards minus infinity.
    Down,
    /// `up` · `向上`: towards plus infinity.
    Up,
    /// `half_even` · `银行家舍入`: to the nearest, a half to the even neighbour.
    HalfEven,
}

/// A role (角色).
#[derive(Clone, Debug, Serialize)]
pub struct RoleDecl {
    /// Name and label.
    pub name: Labelled,
    /// `is person` · `为 自然人`: a natural person (tax, identity).
    pub person: bool,
    /// Facts known of every party in this role.
    pub facts: Vec<FactDecl>,
    /// Whole declaration.
    pub span: Span,
}

/// A code layer (码层).
#[derive(Clone, Debug, Serialize)]
pub struct LayerDecl {
    /// Name and label.
    pub name: Labelled,
    /// The pack the code is printed on.
    pub pack: Name,
    /// Hidden: reading it proves the pack was opened.
    pub hidden: bool,
    /// Whole declaration.
    pub span: Span,
}

/// An entity with its own life, such as a banquet (宴席).
#[derive(Clone, Debug, Serialize)]
pub struct EntityDecl {
    /// Name and label.
    pub name: Labelled,
    /// Facts.
    pub facts: Vec<FactDecl>,
    /// Whole declaration.
    pub span: Span,
}

/// An event kind (事件).
#[derive(Clone, Debug, Serialize)]
pub struct EventDecl {
    /// Name and label.
    pub name: Labelled,
    /// Who does it, to what.
    pub source: EventSource,
    /// Facts that come with the event.
    pub facts: Vec<FactDecl>,
    /// The route: parties and entities the event is bound to.
    pub knows: Vec<Known>,
    /// Whole declaration.
    pub span: Span,
}

/// What kind of happening an event is.
#[derive(Clone, Debug, Serialize)]
pub enum EventSource {
    /// `= store scans case_inner`
    Scan {
        /// The scanning role.
        role: Name,
        /// The code layer read.
        layer: Name,
    },
    /// `on banquet by store, host`; either part may be missing.
    Other {
        /// The entity it is about.
        entity: Option<Name>,
        /// The acting roles; all are known.
        by: Vec<Name>,
    },
}

/// `rep?`: a party or entity on the route; `?` = may be unknown.
#[derive(Clone, Debug, Serialize)]
pub struct Known {
    /// Role or entity.
    pub name: Name,
    /// True when it may be unknown.
    pub optional: bool,
}

/// `grade "等级": one of A, B, C`
#[derive(Clone, Debug, Serialize)]
pub struct FactDecl {
    /// Name and label.
    pub name: Labelled,
    /// Its type.
    pub ty: FactType,
    /// True with a trailing `?`: may be unknown.
    pub optional: bool,
    /// Whole declaration.
    pub span: Span,
}

/// The type of a fact.
#[derive(Clone, Debug, Serialize)]
pub enum FactType {
    /// `yes/no` · `是/否`
    YesNo,
    /// `one of A, B, C` · `之一 A，B，C` (values may carry labels)
    OneOf(Vec<Labelled>),
    /// `0..500 tables` · `0..1_000 yuan` · `0..100` · `0%..100%`
    Range {
        /// Least value, included.
        lo: Number,
        /// Greatest value, included; carries the unit.
        hi: Number,
    },
    /// `date` · `日期`, `instant` · `时刻`, `product` · `产品`, `region` · `区域`, `text` · `文本`, or a role or entity name.
    Named(Name),
}

/// A reward kind (奖励种类).
#[derive(Clone, Debug, Serialize)]
pub struct RewardDecl {
    /// Name and label.
    pub name: Labelled,
    /// What it is counted in.
    pub class: RewardClass,
    /// `tax incidental 20%` · `个税 20%`: withheld; then `net` or `gross` must be said wherever it is given.
    pub tax: Option<Number>,
    /// Whole declaration.
    pub span: Span,
}

/// What a reward is counted in. Goods and coupons are built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum RewardClass {
    /// `money` · `金额`: fen.
    Money,
    /// `whole` · `整数`: whole points.
    Points,
}

// ---------------------------------------------------------------- policies

/// A policy (政策).
#[derive(Clone, Debug, Serialize)]
pub struct Policy {
    /// Its name: the identity state is keyed by.
    pub name: Name,
    /// Title for people.
    pub title: Option<Text>,
    /// Clauses in order.
    pub clauses: Vec<Clause>,
    /// Whole declaration.
    pub span: Span,
}

/// A policy with typed parameters.
#[derive(Clone, Debug, Serialize)]
pub struct Template {
    /// Its name.
    pub name: Name,
    /// Parameters.
    pub params: Vec<Param>,
    /// Clauses that may use the parameters.
    pub clauses: Vec<Clause>,
    /// Whole declaration.
    pub span: Span,
}

/// `amount: money`
#[derive(Clone, Debug, Serialize)]
pub struct Param {
    /// Name used in the body.
    pub name: Name,
    /// `money` 金额 · `rate` 比例 · `number` 数量 · `products` 产品 · `regions` 区域 · `date` 日期 · `text` 文本
    pub ty: Name,
}

/// A policy made from a template.
#[derive(Clone, Debug, Serialize)]
pub struct Instance {
    /// The new policy's name.
    pub name: Name,
    /// Title for people.
    pub title: Option<Text>,
    /// The template.
    pub template: Name,
    /// `name: value` in order.
    pub args: Vec<Arg>,
    /// Clauses that add to the template's (`and { … }` · `并且 { … }`), such as `during`.
    pub clauses: Vec<Clause>,
    /// Whole declaration.
    pub span: Span,
}

/// One argument of an instance.
#[derive(Clone, Debug, Serialize)]
pub struct Arg {
    /// Parameter.
    pub name: Name,
    /// Value. A set parameter takes a set.
    pub value: ArgValue,
}

/// The value of an argument.
#[derive(Clone, Debug, Serialize)]
pub enum ArgValue {
    /// An amount, rate, number, date or name.
    Expr(Expr),
    /// Products or regions, when it is more than one name (a lone name parses as `Expr`).
    Set(SetExpr),
    /// `"text"`
    Text(Text),
}

/// A clause of a policy or of a rule. Which may stand where is the resolver's to say.
#[derive(Clone, Debug, Serialize)]
pub struct Clause {
    /// What it is.
    pub kind: ClauseKind,
    /// Whole clause.
    pub span: Span,
}

/// The clauses.
#[expect(clippy::large_enum_variant, reason = "a policy is mostly `give`s, so boxing them would save nothing")]
#[derive(Clone, Debug, Serialize)]
pub enum ClauseKind {
    /// `kind TP` · `kind TP 60% CP 40%` · `费用 渠道促销` · `费用 消费者促销`
    Kind(Vec<(CostKind, Option<Number>, Span)>),
    /// `during 2026-01-15 .. 2026-02-28` · `期间 2026-01-15 至 2026-02-28`; dates are whole days, both included
    During(DateTime, DateTime),
    /// `redeem until 2026-03-31 17:00` · `兑付 截至 2026-03-31 17:00`
    RedeemUntil(DateTime),
    /// `products 国窖1573, category 青花 except SKU-889` · `产品 国窖1573，分类 青花 不含 SKU-889`
    Products(SetExpr),
    /// `regions 四川 except 四川/攀枝花, 重庆 by store.region, if unknown: skip`
    /// · `区域 四川 不含 四川/攀枝花，重庆 按 门店.区域，未知：跳过`
    Regions {
        /// The regions.
        set: SetExpr,
        /// Which region fact is meant.
        by: Option<Path>,
        /// `if unknown: skip`.
        unknown: Option<Span>,
    },
    /// `budget 500_000 yuan, when used up: stop` · `预算 500_000元，用完：停止`
    Budget {
        /// The amount.
        amount: Expr,
        /// `soft up to 5%` · `可超 5%`
        soft: Option<Number>,
        /// `when used up: stop | cut` · `用完：停止 | 付余额`
        used_up: Option<(UsedUp, Span)>,
    },
    /// `owner "西南大区 TP" because "2026 春节铺货"` · `负责 "…" 缘由 "…"`
    Owner(Text, Option<Text>),
    /// `let pair = …` · `设 pair = …`
    Let(Name, Expr),
    /// `on open_box where … { … }` · `当 开箱 且 … { … }`
    On {
        /// One or more event kinds.
        events: Vec<Name>,
        /// The condition.
        condition: Option<Expr>,
        /// The rule's clauses.
        clauses: Vec<Clause>,
    },
    /// `every month for distributor where … { … }` · `每 月 对 经销商 且 … { … }` (month 月, quarter 季度, year 年)
    Every {
        /// The closed period.
        period: Period,
        /// Whom it settles with.
        role: Name,
        /// The condition.
        condition: Option<Expr>,
        /// The rule's clauses.
        clauses: Vec<Clause>,
    },
    /// `once per case` · `每箱一次` · `每 箱 一次`; `once per consumer per month`
    Once {
        /// Pack, role path or entity.
        per: Vec<Path>,
        /// Window, ever if missing.
        window: Option<Window>,
    },
    /// `give store cash net 10 yuan, if unknown: skip` · `奖励 门店 红包 税后 10元，未知：跳过`
    Give(Give),
    /// `at most 20 per store per day for rep, beyond: skip` · `每店每天最多 20 次 对 业务员，超出：跳过`
    Limit(Limit),
    /// `if returned: take back | keep | in proportion` · `退货：追回 | 保留 | 按比例`
    Returned(OnReturn),
}

/// Whose promotion cost it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum CostKind {
    /// Consumer promotion (消费者促销).
    Cp,
    /// Trade promotion (渠道促销).
    Tp,
}

/// What happens when a budget is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum UsedUp {
    /// `stop` · `停止`: an award that does not fit is not paid.
    Stop,
    /// `cut` · `付余额`: the last award is cut to what is left.
    Cut,
}

/// What a limit does beyond its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Beyond {
    /// `skip` · `跳过`
    Skip,
    /// `cut` · `付余额`: cut to the remainder (money limits only).
    Cut,
}

/// What a return of the goods does to the reward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum OnReturn {
    /// `take back` · `追回`
    TakeBack,
    /// `keep` · `保留`
    Keep,
    /// `in proportion` · `按比例`
    InProportion,
}

/// `give …` · `奖励 …`
#[derive(Clone, Debug, Serialize)]
pub struct Give {
    /// Who is paid: a role, or `let.role` of a link.
    pub payee: Path,
    /// What.
    pub reward: Reward,
    /// `when …` · `条件 …`: this award only if.
    pub when: Option<Expr>,
    /// `if unknown: skip` · `未知：跳过`; `if unknown: to store` · `未知：归 门店`
    pub unknown: Option<Unknown>,
    /// `claim within 24 hours, else back to budget` · `24 小时内 领取，否则 退回预算`
    pub claim: Option<Claim>,
    /// Whole clause.
    pub span: Span,
}

/// What is given: kind, tax side, amount. In a draw the rows may carry it instead.
#[derive(Clone, Debug, Serialize)]
pub struct Reward {
    /// `cash`, `credit`, `points`, or the built-in `goods` · `实物` and `coupon` · `券`. `None`: each draw row says.
    pub kind: Option<Name>,
    /// `net` · `税后`, `gross` · `税前`
    pub tax_side: Option<(TaxSide, Span)>,
    /// The amount: money, points, or `2 of SKU-6Y` · `2 份 SKU-6Y`.
    pub value: Expr,
    /// Whole reward.
    pub span: Span,
}

/// Which side of the withheld tax an amount is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum TaxSide {
    /// What the payee receives.
    Net,
    /// Before withholding.
    Gross,
}

/// The answer to "and if the payee is unknown?".
#[derive(Clone, Debug, Serialize)]
pub enum Unknown {
    /// `skip` · `跳过`
    Skip(Span),
    /// `to store` · `归 门店`
    To(Path),
}

/// The answer to "and if nobody claims it?".
#[derive(Clone, Debug, Serialize)]
pub struct Claim {
    /// How long.
    pub within: Duration,
    /// Whole part.
    pub span: Span,
}

/// A limit.
#[derive(Clone, Debug, Serialize)]
pub struct Limit {
    /// `20`, `20 times` · `20 次`, `200 yuan` · `200元`
    pub max: Expr,
    /// `per store`, `per pair.guide`, `per bottle`; empty in a group's ceiling means all together.
    pub per: Vec<Path>,
    /// `per day` · `每天`; ever if missing.
    pub window: Option<Window>,
    /// `for rep` · `对 业务员`: counts and limits only this role's awards.
    pub only: Option<Path>,
    /// `beyond: skip` · `超出：跳过`
    pub beyond: Option<(Beyond, Span)>,
    /// Whole clause.
    pub span: Span,
}

/// A natural window in the channel's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Window {
    /// `per day` · `每天`; in measures `today` · `当天`
    Day,
    /// `per week` · `每周`; `this week` · `本周`; weeks begin on Monday
    Week,
    /// `per month` · `每月`; `this month` · `本月`
    Month,
    /// `per quarter` · `每季度`; `this quarter` · `本季度`
    Quarter,
    /// `per year` · `每年`; `this year` · `本年`
    Year,
    /// `per campaign` · `每活动期`; `this campaign` · `本活动`: the policy's `during`
    Campaign,
    /// `ever` · `累计`
    Ever,
}

/// A closed period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Period {
    /// month · 月
    Month,
    /// quarter · 季度
    Quarter,
    /// year · 年
    Year,
}

/// `24 hours` · `24 小时`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Duration {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: DurationUnit,
    /// Where.
    pub span: Span,
}

/// minutes 分钟 · hours 小时 · days 天
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum DurationUnit {
    /// 60 seconds.
    Minutes,
    /// 3,600 seconds.
    Hours,
    /// 86,400 seconds.
    Days,
}

/// Products or regions: items with exceptions.
#[derive(Clone, Debug, Serialize)]
pub struct SetExpr {
    /// Each item with its own exceptions.
    pub items: Vec<SetItem>,
    /// Whole list.
    pub span: Span,
}

/// `category 青花 except SKU-889, SKU-890`; exceptions bind to the item before them and are separated by `and` · `和`.
#[derive(Clone, Debug, Serialize)]
pub struct SetItem {
    /// What.
    pub atom: SetAtom,
    /// `except a and b` · `不含 a 和 b`
    pub except: Vec<SetAtom>,
    /// Whole item.
    pub span: Span,
}

/// One product, category, region or everything.
#[derive(Clone, Debug, Serialize)]
pub enum SetAtom {
    /// `category 青花` · `分类 青花`
    Category(Name),
    /// A SKU, or a region path with `/` inside one name (`四川/成都`), or a template parameter.
    Named(Name),
    /// `all` · `全部`
    All(Span),
}

/// A group of policies (组合).
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// Its name.
    pub name: Name,
    /// How members relate.
    pub rule: GroupRule,
    /// Members in order.
    pub members: Vec<Name>,
    /// Ceilings: `at most 20 yuan per bottle in total, beyond: cut` · `每瓶合计最多 20元，超出：付余额`
    pub limits: Vec<Limit>,
    /// Whole declaration.
    pub span: Span,
}

/// How the policies of a group relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum GroupRule {
    /// `best of` · `择优`
    BestOf,
    /// `first of` · `择先`
    FirstOf,
    /// `all of` · `叠加`
    AllOf,
}

/// A coupon kind (券).
#[derive(Clone, Debug, Serialize)]
pub struct Coupon {
    /// Its name.
    pub name: Name,
    /// Title for people.
    pub title: Option<Text>,
    /// `worth 77 yuan` · `价值 77元`
    pub worth: Option<Expr>,
    /// `valid 7 days` · `有效 7天`
    pub valid: Option<Duration>,
    /// Whole declaration.
    pub span: Span,
}

// ---------------------------------------------------------------- expressions

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
    /// `last guide_scan of this bottle within 24 hours by another person`
    /// · `24 小时内 本 瓶 最近 guide_scan 且 他人`
    Link(Link),
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
        /// `full N`: only whole multiples count.
        full: Option<Number>,
        /// The unit, when `full` has none (`per table`).
        unit: Option<Name>,
        /// `of <expr>`: what is counted, where the unit alone does not say.
        of: Option<Box<Expr>>,
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
    /// A place the parser could not read; an error was already reported.
    Error,
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
}

/// A state measure.
#[derive(Clone, Debug, Serialize)]
pub struct Measure {
    /// The event kind counted.
    pub event: Name,
    /// `sum of event.fact`; `None` counts events.
    pub fact: Option<Name>,
    /// `by store` · `门店 的`
    pub by: Vec<Path>,
    /// The window.
    pub window: Window,
    /// `in <set>`: only these products.
    pub only: Option<SetExpr>,
    /// `except <set>`: not these products.
    pub except: Option<SetExpr>,
    /// Whole expression.
    pub span: Span,
}

/// The latest earlier event of a kind on a code.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    /// The event kind looked for.
    pub event: Name,
    /// The pack whose code is meant: `this bottle`, `this bottle's case` names `case`.
    pub pack: Name,
    /// The pack said to lie in it, `bottle` in `this bottle's case` · `本 瓶 所在 箱`; `None` if not said.
    pub inner: Option<Name>,
    /// `within 24 hours` · `24 小时内`
    pub within: Option<Duration>,
    /// `by another person` · `他人`: its actor is not this event's actor.
    pub another: bool,
    /// Whole expression.
    pub span: Span,
}

// ---------------------------------------------------------------- tests

/// A test beside the policies (测试).
#[derive(Clone, Debug, Serialize)]
pub struct Test {
    /// What it shows.
    pub title: Text,
    /// Steps in order.
    pub steps: Vec<Step>,
    /// Whole declaration.
    pub span: Span,
}

/// A step of a test.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// What.
    pub kind: StepKind,
    /// Where.
    pub span: Span,
}

/// The steps.
#[derive(Clone, Debug, Serialize)]
pub enum StepKind {
    /// `given store S1 { grade: A; region: 四川/成都/锦江区 }` · `设有 门店 S1 { 等级：A；… }`;
    /// `given case C1 { product: SKU-1 }`, `given bottle B1 { in: C1 }`, `given banquet W1 { tables: 12 }`
    Given {
        /// Role, entity or pack.
        kind: Name,
        /// One or more names given at once: `given bottle B1, B2 { in: C1 }`.
        names: Vec<Name>,
        /// Facts.
        facts: Vec<TestFact>,
    },
    /// `at 2026-02-01 10:00 open_box of C1 by S1 { distributor: D1 }`
    /// · `于 2026-02-01 10:00 开箱 C1 由 S1 { 经销商：D1 }`;
    /// `again` · `重试` repeats the event before it with the same id
    At {
        /// When.
        time: DateTime,
        /// The event kind; `again` in both spellings for `again` · `重试`.
        event: Name,
        /// `x 12`: so many events, one after another, with ids of their own (codes in `of` are taken in turn).
        repeat: Option<u32>,
        /// `of C1`: codes or the entity the event is about.
        of: Vec<Name>,
        /// `by S1`: acting parties.
        by: Vec<Name>,
        /// Further parties and facts.
        facts: Vec<TestFact>,
    },
    /// `close 2026-03 for D1 { … }` · `结算 2026-03 对 D1`; `close 2026 Q1`, `close 2026`
    Close {
        /// Year.
        year: i32,
        /// Month 1–12, or quarter 1–4, or neither for the year.
        part: ClosePart,
        /// The party.
        party: Name,
        /// Further facts.
        facts: Vec<TestFact>,
    },
    /// `expect S1: 10 yuan cash, 2 of SKU-6Y; R1: 2 yuan credit` · `应得 S1：10元 红包`;
    /// `expect nothing because already_paid` · `应得 无 因 already_paid`. Speaks of the step before it.
    Expect(Expectation),
}

/// Which part of a year is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ClosePart {
    /// `2026-03`
    Month(u32),
    /// `2026 Q1`
    Quarter(u32),
    /// `2026`
    Year,
}

/// `grade: A` in a test.
#[derive(Clone, Debug, Serialize)]
pub struct TestFact {
    /// Fact, role, entity or `in`.
    pub name: Name,
    /// Value: a number, date, yes/no, or a name (party, SKU, region, enum value).
    pub value: Expr,
    /// Whole fact.
    pub span: Span,
}

/// What a test step must have paid.
#[derive(Clone, Debug, Serialize)]
pub enum Expectation {
    /// `expect nothing because limit`; the reason is one of the refusal names (`docs/language.md`).
    Nothing {
        /// The refusal expected of some policy.
        because: Option<Name>,
    },
    /// Exactly these awards, no others.
    Awards(Vec<ExpectedAward>),
}

/// One expected award.
#[derive(Clone, Debug, Serialize)]
pub struct ExpectedAward {
    /// The party's name in the test.
    pub to: Name,
    /// Money, points, or `2 of SKU-6Y`.
    pub value: Expr,
    /// The kind; may be left out for items.
    pub kind: Option<Name>,
    /// Whole award.
    pub span: Span,
}
