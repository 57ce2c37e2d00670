//! Policies, their clauses, groups and coupons.

use super::*;

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
    /// `money` 金额 · `rate` 比例 · `number` 数量 · `amount` 数额 (any amount: tiers, a draw, a table) · `condition` 条件 ·
    /// `item` 物品 (what `1 of …` gives) · `products` 产品 · `regions` 区域 · `date` 日期 · `text` 文本
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
    /// `redeem until 2026-09-30 17:00 by consumer, 2026-10-15 by store` · `兑付 截至 2026-09-30 17:00 由 消费者，2026-10-15 由
    /// 门店`: from the first to the last who hand it on
    RedeemChain(Vec<ChainLevel>),
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
    /// `pilot 四川/成都` · `试点 四川/成都`: where it begins; `regions` stays what was announced. Without `by` the region
    /// that `regions` means
    Pilot {
        /// The regions.
        set: SetExpr,
        /// Which region fact is meant.
        by: Option<Path>,
        /// `if unknown: skip`.
        unknown: Option<Span>,
    },
    /// `roll out to 20% of stores by hash` · `铺开 门店 的 20%`
    RollOut {
        /// How many of them.
        share: Number,
        /// Of whom; English says the plural.
        role: Name,
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
    /// `delivery "credited to the wallet within 3 days"` · `发放 "3 天内发到零钱"`: how a prize reaches its winner, for
    /// the notice a lottery must publish
    Delivery(Text),
    /// `announced odds 5%` · `公布中奖率 5%`: how likely it was announced that anything is won
    AnnouncedOdds(Number),
    /// `let pair = …` · `设 pair = …`
    Let(Name, Expr),
    /// `on open_box where … { … }` · `当 开箱 且 … { … }`
    On {
        /// One or more event kinds.
        events: Vec<Name>,
        /// `redeem on …` · `兑付 当 …`: in reach until `redeem until`, not only `during`.
        redeem: Option<Span>,
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
    /// `at least 5 minutes apart per consumer, beyond: skip` · `每 消费者 间隔 至少 5 分钟，超出：跳过`: since the rule last
    /// paid them
    Apart {
        /// How long.
        gap: Duration,
        /// Whose payments are meant.
        per: Vec<Path>,
        /// `per day`, which a gap does not have.
        window: Option<Window>,
        /// `beyond: skip`
        beyond: Option<(Beyond, Span)>,
    },
    /// `give store cash net 10 yuan, if unknown: skip` · `奖励 门店 红包 税后 10元，未知：跳过`
    Give(Give),
    /// `share cash gross 1.00 yuan { store: 60%; guide: 20%, if unknown: to store; rep: rest }`
    /// · `分润 红包 税前 1.00元 { 门店：60%；导购：20%，未知：归 门店；业务员：其余 }`
    Share {
        /// What is split.
        reward: Reward,
        /// The parts in order.
        rows: Vec<ShareRow>,
    },
    /// `if failed at least 3: cancel all`, `if failed equals 2: half`, `minus 0.5% of actual per time of failed`
    /// · `若 failed 至少 3：全部取消`, `若 failed 等于 2：减半`, `扣减 按 failed 每 次 actual 的 0.5%`
    Adjust {
        /// `if`: always where it is missing.
        condition: Option<Expr>,
        /// What becomes of the rule's money.
        effect: Effect,
    },
    /// `take from consumer points 100` · `扣 消费者 积分 100`: out of what the party has been given
    Take(Take),
    /// `charge consumer 1 yuan, to store` · `收 消费者 1元，归 门店`: one party pays another
    Charge(Charge),
    /// `at most 20 per store per day for rep, beyond: skip` · `每店每天最多 20 次 对 业务员，超出：跳过`
    Limit(Limit),
    /// `only the first 100 stores, beyond: skip` · `仅限 前 100 名 门店，超出：跳过`
    First(First),
    /// `if returned: take back | keep | in proportion` · `退货：追回 | 保留 | 按比例`
    Returned(OnReturn),
    /// `exchanged goods: play again | no further right` · `换得之物：再次参与 | 不再参与`
    Exchanged(Exchanged),
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
    /// `hold 3 days then skip` · `等待 3 天，然后 跳过`: kept, and decided again until then.
    Hold(Duration),
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
    /// `pay next month` · `次月 支付`; at once if not said.
    pub pay: Option<PayTerm>,
    /// `through distributor` · `经由 经销商`: who hands it over.
    pub through: Option<Path>,
    /// Whole clause.
    pub span: Span,
}

/// `take from …` · `扣 …`
#[derive(Clone, Debug, Serialize)]
pub struct Take {
    /// Whose.
    pub from: Path,
    /// What, as in `give`.
    pub reward: Reward,
    /// Whole clause.
    pub span: Span,
}

/// `charge …` · `收 …`
#[derive(Clone, Debug, Serialize)]
pub struct Charge {
    /// Who pays.
    pub from: Path,
    /// How much.
    pub value: Expr,
    /// Who is paid.
    pub to: Path,
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

/// What an adjustment does.
#[expect(clippy::large_enum_variant, reason = "a rule has a handful of adjustments")]
#[derive(Clone, Debug, Serialize)]
pub enum Effect {
    /// `cancel all` · `全部取消`: the rule pays nothing, with this as the reason.
    CancelAll,
    /// `half` · `减半`
    Half,
    /// `minus 10%`, `minus 5 yuan` · `扣减 10%`: not below zero.
    Minus(Expr),
}

/// When an award is to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum PayTerm {
    /// `pay next month` · `次月 支付`: by the end of the month after the event's, or the period's.
    NextMonth,
    /// `pay within 15 days` · `15 天内 支付`
    Within(Duration),
}

/// One part of a share.
#[derive(Clone, Debug, Serialize)]
pub struct ShareRow {
    /// Whose.
    pub payee: Path,
    /// `60%` or `rest`.
    pub part: Chance,
    /// `if unknown: skip` · `未知：跳过`
    pub unknown: Option<Unknown>,
    /// Whole row.
    pub span: Span,
}

/// The answer to "and if the payee is unknown?".
#[derive(Clone, Debug, Serialize)]
pub enum Unknown {
    /// `skip` · `跳过`
    Skip(Span),
    /// `to store` · `归 门店`
    To(Path),
    /// `hold 7 days then skip` · `等待 7 天，然后 跳过`: kept, and decided again until then.
    Hold(Duration),
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

/// The first so many parties a rule pays.
#[derive(Clone, Debug, Serialize)]
pub struct First {
    /// How many.
    pub max: Number,
    /// Of whom; English says the plural.
    pub of: Name,
    /// `per day` · `每天`; ever if missing.
    pub window: Option<Window>,
    /// `beyond: skip` · `超出：跳过`
    pub beyond: Option<(Beyond, Span)>,
}

/// A natural window in the channel's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Window {
    /// `per hour` · `每小时`; `this hour` · `本小时`; clock hours, not sixty minutes back
    Hour,
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
    /// campaign · 活动期: what `during` says, the term of a contract
    Campaign,
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

/// minutes 分钟 · hours 小时 · days 天 · natural days 个自然日 · working days 个工作日
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum DurationUnit {
    /// 60 seconds.
    Minutes,
    /// 3,600 seconds.
    Hours,
    /// To the end of the last of them.
    Days,
    /// The same, as contracts say it.
    NaturalDays,
    /// By the package's calendar.
    WorkingDays,
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
