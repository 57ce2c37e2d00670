//! The channel model (渠道模型).

use super::*;

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
    /// `organiser "Spring River Ltd" contact "400-800-8888"` · `主办 "某某酒业有限公司" 联系 "400-800-8888"`
    Organiser(Text, Text, Span),
    /// `identity user "同一用户" by consumer, consumer.phone, device` · `身份 … 按 消费者，消费者.手机，设备`
    Identity(IdentityDecl),
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
    /// `as return` · `作为 退货`: goods come back, or an event is undone.
    pub returns: bool,
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
    /// `0..500 tables "桌"` · `0..1_000 yuan` · `0..100` · `0%..100%`
    Range {
        /// Least value, included.
        lo: Number,
        /// Greatest value, included; carries the unit.
        hi: Number,
        /// The unit's second spelling.
        label: Option<Text>,
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
    /// `, each payment 1 yuan .. 200 yuan` · `，单笔 1元 至 200元`: least and most that one payment of it may be.
    pub each: Option<(Number, Number)>,
    /// Whole declaration.
    pub span: Span,
}

/// An identity set (同一身份): what makes two events those of one user.
#[derive(Clone, Debug, Serialize)]
pub struct IdentityDecl {
    /// Name and label.
    pub name: Labelled,
    /// A role, or a text of a role or an event.
    pub by: Vec<Path>,
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
