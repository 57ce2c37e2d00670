//! What can be wrong with a name, and how it is said.

#![expect(missing_docs, reason = "the fields say what their message prints")]

use super::from_ast::Context;
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::source::{Location, Spelling};

/// What a name was expected to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A pack.
    Pack,
    /// A code layer.
    Layer,
    /// A role.
    Role,
    /// An entity.
    Entity,
    /// A role or an entity.
    RoleOrEntity,
    /// A fact type.
    Type,
    /// An event kind.
    Event,
    /// A fact of an event.
    EventFact,
    /// A fact, party, `let` or parameter.
    Value,
    /// A reward kind.
    Kind,
    /// A product.
    Product,
    /// A category.
    Category,
    /// A product or coupon.
    Item,
    /// A unit.
    Unit,
    /// A policy.
    Policy,
    /// A template.
    Template,
    /// A template's parameter.
    Parameter,
    /// A value of a one-of.
    Choice,
    /// An identity set.
    Identity,
    /// What an invariant is counted by.
    InvariantOf,
    /// Someone a test speaks of.
    TestParty,
    /// A data table.
    Table,
    /// A column of a data table.
    Column,
}

impl NameKind {
    fn text(self) -> (&'static str, &'static str) {
        match self {
            NameKind::Pack => ("pack", "包装"),
            NameKind::Layer => ("code layer", "码层"),
            NameKind::Role => ("role", "角色"),
            NameKind::Entity => ("entity", "实体"),
            NameKind::RoleOrEntity => ("role or entity", "角色或实体"),
            NameKind::Type => ("type", "类型"),
            NameKind::Event => ("event", "事件"),
            NameKind::EventFact => ("fact of this event", "该事件的信息"),
            NameKind::Value => ("fact, party or `let`", "信息、参与方或“设”"),
            NameKind::Kind => ("reward kind", "奖励种类"),
            NameKind::Product => ("product", "产品"),
            NameKind::Category => ("product category", "产品分类"),
            NameKind::Item => ("product or coupon", "产品或券"),
            NameKind::Unit => ("unit", "单位"),
            NameKind::Policy => ("policy", "政策"),
            NameKind::Template => ("template", "模板"),
            NameKind::Parameter => ("parameter", "参数"),
            NameKind::Choice => ("value", "取值"),
            NameKind::Identity => ("identity set", "同一身份"),
            NameKind::InvariantOf => ("pack, role, entity or event", "包装、角色、实体或事件"),
            NameKind::TestParty => ("party in this test", "测试中的参与方"),
            NameKind::Table => ("data table", "数据表"),
            NameKind::Column => ("column", "列"),
        }
    }

    fn code(self) -> Code {
        match self {
            NameKind::Event => Code::P0202,
            NameKind::Product | NameKind::Category | NameKind::Item => Code::P0205,
            NameKind::Unit => Code::P0206,
            NameKind::Choice => Code::P0207,
            NameKind::Kind => Code::P0208,
            _ => Code::P0201,
        }
    }
}

/// A resolve error.
#[derive(Clone, Debug)]
pub enum Error {
    /// Nothing has this name.
    Unknown { at: Location, kind: NameKind, name: String, close: Vec<String>, choices: Vec<String> },
    /// A unit with 万 or 亿 in it, and the amount written out.
    BigUnit { at: Location, name: String, written_out: String },
    /// Two things have this name.
    Duplicate { at: Location, name: String, first: Option<Location> },
    /// The language itself has something of this name; another one that would do.
    OwnName { at: Location, name: String, instead: String },
    /// No such region.
    UnknownRegion { at: Location, name: String, close: Vec<String> },
    /// Several regions have this name.
    AmbiguousRegion { at: Location, name: String, choices: Vec<String> },
    /// Several categories end in this name.
    AmbiguousCategory { at: Location, name: String, choices: Vec<String> },
    /// A zone without a fixed offset.
    Zone { at: Location, name: String },
    /// A currency other than CNY.
    Money { at: Location, name: String },
    /// The channel model does not say its zone, money or rounding.
    ChannelLacks { at: Location, line: (&'static str, &'static str) },
    /// More expressions than a rule may have.
    RuleTooLarge { at: Location, most: usize },
    /// Bounds of a range are inverted or not whole.
    BadRange { at: Location },
    /// A time of day that ends before it begins.
    ClockRange { at: Location },
    /// The package declares no channel.
    NoChannel { at: Location },
    /// The package declares more than one channel.
    SecondChannel { at: Location, first: Location },
    /// A clause that does not belong here.
    Misplaced { at: Location, clause: &'static str, inside_rule: bool },
    /// A clause that may stand once stands twice.
    Repeated { at: Location, clause: &'static str, first: Location },
    /// A text for readers that is empty.
    Blank { at: Location, clause: &'static str },
    /// The event does not know this party.
    UnknownParty { at: Location, role: String, event: String, knowing: Vec<String> },
    /// The event does not read this pack.
    NotOnEvent { at: Location, pack: String, event: String },
    /// More than one region fact could be meant.
    WhichRegion { at: Location, choices: Vec<String>, clause: &'static str },
    /// The event has no region at all.
    NoRegion { at: Location, event: String },
    /// The event has no product.
    NoProduct { at: Location, event: String },
    /// More than one fact counts in this unit.
    WhichCount { at: Location, unit: String, choices: Vec<String> },
    /// A value that is not a party where one is needed.
    NotAParty { at: Location, name: String },
    /// A payee that is no role.
    NotARole { at: Location, name: String },
    /// A test expects something before anything happened.
    ExpectsFirst { at: Location },
    /// A test closes a period that no rule settles.
    NoPeriod { at: Location, party: String },
    /// A parameter of a template is not given.
    MissingArgument { at: Location, name: String, ty: String },
    /// An argument of another type than the parameter's.
    ArgumentType { at: Location, name: String, ty: String },
    /// A `let` that uses itself.
    Cycle { at: Location, name: String },
    /// A draw inside a `let` would be drawn again at each use.
    DrawInLet { at: Location },
    /// A policy in two groups.
    TwoGroups { at: Location, name: String, first: Location },
    /// A table over a fact that is not an enum, region or product.
    TableBy { at: Location, name: String },
    /// Two rows of one table speak of the same thing.
    RowsOverlap { at: Location, first: Location, name: String },
    /// A set over a fact that is neither region nor product.
    SetOver { at: Location, name: String },
    /// `in` between two values of which this one is no region.
    NotARegion { at: Location },
    /// `is A` on a fact that is not a one-of.
    NotChoice { at: Location, name: String },
    /// A link to an event that does not read this pack.
    LinkPack { at: Location, event: String, pack: String },
    /// `by another person` where the past or this event has no actor.
    NoActor { at: Location, event: String },
    /// `last 1 month`, or more windows than a measure may read.
    WindowCount { at: Location, window: crate::ast::Window, most: u32 },
    /// A gap between payments with a window, with `cut`, or of no time at all.
    NotAGap { at: Location },
    /// A link whose least age is above its greatest.
    NeverHolds { at: Location },
    /// Two identities that can never be the same one.
    OtherSort { at: Location, one: String, two: String },
    /// A sum over a fact that is not a number, may be unknown or may be negative.
    NotSummable { at: Location, name: String },
    /// A date that does not exist.
    BadDate { at: Location },
    /// A value in a test that its fact cannot have.
    NotAmount { at: Location },
    /// An identity set by something no event says, or says in two ways.
    NoIdentifier { at: Location, name: String, choices: Vec<String> },
    /// More identifiers than an event can be looked up by.
    TooManyIdentifiers { at: Location, most: usize },
    /// An identity set beside another key.
    SameBeside { at: Location },
    /// A share of nobody, or of more than all.
    NoShare { at: Location },
    /// Arms of an experiment that are not everybody together.
    ArmShares { at: Location, total: i64 },
    /// An exception outside the item it is taken from.
    ExceptOutside { at: Location, name: String, outer: String },
}

/// A clause's keyword in the file's spelling.
fn word(clause: &'static str, spelling: Spelling) -> &'static str {
    match (spelling, clause) {
        (Spelling::En, _) => clause,
        (_, "kind") => "费用",
        (_, "during") => "期间",
        (_, "redeem") => "兑付",
        (_, "products") => "产品",
        (_, "regions") => "区域",
        (_, "pilot") => "试点",
        (_, "roll out") => "铺开",
        (_, "budget") => "预算",
        (_, "owner") => "负责",
        (_, "delivery") => "发放",
        (_, "announced odds") => "公布中奖率",
        (_, "organiser") => "主办",
        (_, "contact") => "联系",
        (_, "once") => "一次",
        (_, "give") => "奖励",
        (_, "apart") => "间隔",
        (_, "only the first") => "仅限",
        (_, "share") => "分润",
        (_, "if") => "若",
        (_, "if returned") => "退货",
        (_, "exchanged goods") => "换得之物",
        (_, "take from") => "扣",
        (_, "charge") => "收",
        (_, "on") => "当",
        (_, "every") => "每",
        (_, "by region") => "按 区域",
        (_, other) => other,
    }
}

/// A correct line of a clause whose text was empty.
fn blank_line(clause: &str) -> (&'static str, &'static str) {
    match clause {
        "delivery" => ("delivery \"to the wallet within 3 days\"", "发放 \"3 天内发到零钱\""),
        _ => (
            "organiser \"Spring River Ltd\" contact \"400-800-8888\"",
            "主办 \"春江酒业有限公司\" 联系 \"400-800-8888\"",
        ),
    }
}

fn list(items: &[String]) -> String {
    const SHOWN: usize = 8;
    let mut text = items.iter().take(SHOWN).map(|s| format!("`{s}`")).collect::<Vec<_>>().join(", ");
    if items.len() > SHOWN {
        text.push_str(&format!(", … ({})", items.len()));
    }
    text
}

/// The same with Chinese commas.
fn list_zh(items: &[String]) -> String {
    list(items).replace("`, ", "`、")
}

impl Error {
    /// An unknown name with the closest known ones.
    pub fn unknown(at: Location, kind: NameKind, name: &str, choices: Vec<String>) -> Error {
        let close = crate::package::similar::nearest(name, choices.iter().map(String::as_str));
        Error::Unknown { at, kind, name: name.to_owned(), close, choices }
    }

    /// An unknown SKU: people may have written the product's name.
    pub fn unknown_item(cx: &Context<'_>, at: Location, kind: NameKind, name: &str, choices: Vec<String>) -> Error {
        let named = cx.schema.products.iter().filter(|p| p.name == name).map(|p| p.sku.clone());
        let named: Vec<String> = named.collect();
        match Error::unknown(at, kind, name, choices) {
            Error::Unknown { at, kind, name, choices, .. } if !named.is_empty() => {
                Error::Unknown { at, kind, name, close: named, choices }
            }
            other => other,
        }
    }

    /// The finding, with example lines in the file's spelling.
    pub fn into_diagnostic(self, spelling: Spelling) -> Diagnostic {
        let show = |en: &str, zh: &str| match spelling {
            Spelling::En => format!("`{en}`"),
            Spelling::Zh => format!("`{zh}`"),
        };
        let error = Diagnostic::error;
        match self {
            Error::Unknown { at, kind, name, close, choices } => {
                let (en, zh) = kind.text();
                let d = error(
                    kind.code(),
                    at,
                    Text::new(format!("there is no {en} `{name}`"), format!("没有名为 `{name}` 的{zh}")),
                    Text::new("not declared", "未声明"),
                );
                if !close.is_empty() {
                    let (close, close_zh) = (list(&close), list_zh(&close));
                    d.help(Text::new(format!("close to it: {close}"), format!("相近的有：{close_zh}")))
                } else if !choices.is_empty() {
                    let (choices, choices_zh) = (list(&choices), list_zh(&choices));
                    d.help(Text::new(format!("known: {choices}"), format!("已声明的有：{choices_zh}")))
                } else {
                    d
                }
            }
            Error::BigUnit { at, name, written_out } => error(
                Code::P0206,
                at,
                Text::new(format!("there is no unit `{name}`"), format!("没有名为 `{name}` 的单位")),
                Text::new("numbers are written out", "数额请写全"),
            )
            .help(Text::new(format!("write `{written_out}`"), format!("请写 `{written_out}`"))),
            Error::OwnName { at, name, instead } => error(
                Code::P0203,
                at,
                Text::new(
                    format!("`{name}` is a name of the language itself"),
                    format!("`{name}` 是语言自带的名称"),
                ),
                Text::new("it has its meaning everywhere", "它已有固定含义"),
            )
            .help(Text::new(
                format!("take another name, as `{instead}`"),
                format!("请换一个名称，例如 `{instead}`"),
            )),
            Error::Duplicate { at, name, first } => {
                let d = error(
                    Code::P0203,
                    at,
                    Text::new(format!("`{name}` is declared twice"), format!("`{name}` 重复声明")),
                    Text::new("second declaration", "第二次声明"),
                );
                match first {
                    Some(first) => d.label(first, Text::new("first declared here", "第一次声明在此")),
                    None => d.help(Text::new(
                        "names and labels of roles, packs, layers, entities, events and rewards are one namespace",
                        "角色、包装、码层、实体、事件与奖励种类的名称和别名共用一个命名空间",
                    )),
                }
            }
            Error::UnknownRegion { at, name, close } => {
                let d = error(
                    Code::P0204,
                    at,
                    Text::new(format!("there is no region `{name}`"), format!("没有名为 `{name}` 的区域")),
                    Text::new("not in the region tree", "不在行政区划中"),
                );
                if close.is_empty() {
                    d.help(Text::new(
                        format!(
                            "write a province, city or district, as {}",
                            show("四川/成都/锦江区", "四川/成都/锦江区")
                        ),
                        format!("请写省、市或区县，如 {}", show("四川/成都/锦江区", "四川/成都/锦江区")),
                    ))
                } else {
                    let (close, close_zh) = (list(&close), list_zh(&close));
                    d.help(Text::new(format!("close to it: {close}"), format!("相近的有：{close_zh}")))
                }
            }
            Error::AmbiguousRegion { at, name, choices } => {
                let (choices, choices_zh) = (list(&choices), list_zh(&choices));
                error(
                    Code::P0209,
                    at,
                    Text::new(format!("several regions are called `{name}`"), format!("有多个区域名为 `{name}`")),
                    Text::new("which one?", "指哪一个？"),
                )
                .help(Text::new(format!("write one of {choices}"), format!("请写明其中之一：{choices_zh}")))
            }
            Error::AmbiguousCategory { at, name, choices } => {
                let (choices, choices_zh) = (list(&choices), list_zh(&choices));
                error(
                    Code::P0209,
                    at,
                    Text::new(format!("several categories are called `{name}`"), format!("有多个分类名为 `{name}`")),
                    Text::new("which one?", "指哪一个？"),
                )
                .help(Text::new(format!("write one of {choices}"), format!("请写明其中之一：{choices_zh}")))
            }
            Error::Zone { at, name } => error(
                Code::P0210,
                at,
                Text::new(format!("zone `{name}` is not supported"), format!("不支持时区 `{name}`")),
                Text::new("needs a zone without summer time", "只支持没有夏令时的时区"),
            )
            .help(Text::new(
                format!("write {}", show("zone Asia/Shanghai", "时区 Asia/Shanghai")),
                format!("请写 {}", show("zone Asia/Shanghai", "时区 Asia/Shanghai")),
            )),
            Error::Money { at, name } => error(
                Code::P0210,
                at,
                Text::new(format!("currency `{name}` is not supported"), format!("不支持货币 `{name}`")),
                Text::new("amounts are fen of CNY", "金额以人民币分计"),
            )
            .help(Text::new(
                format!("write {}", show("money CNY", "货币 CNY")),
                format!("请写 {}", show("money CNY", "货币 CNY")),
            )),
            Error::ChannelLacks { at, line } => {
                let line = show(line.0, line.1);
                error(
                    Code::P0229,
                    at,
                    Text::new("the channel leaves open how it counts", "渠道模型没有写明计算口径"),
                    Text::new("zone, money and rounding must each be said", "时区、货币和取整都必须写明"),
                )
                .help(Text::new(format!("write {line}"), format!("请写 {line}")))
            }
            Error::RuleTooLarge { at, most } => error(
                Code::P0230,
                at,
                Text::new(format!("a rule has more than {most} expressions"), format!("一条规则的算式超过 {most} 个")),
                Text::new("grown beyond the limit here", "在这里超出上限"),
            )
            .help(Text::new(
                "a `let` is put in wherever it is used: names that use each other twice double each time",
                "`设` 的内容会代入每一处：名称若互相用两次，每次都会翻倍",
            )),
            Error::BadRange { at } => error(
                Code::P0211,
                at,
                Text::new("this range holds no value the language can count", "该取值范围无效"),
                Text::new(
                    "needs low..high, whole in its unit and at most 10^12",
                    "应为 小..大，单位内为整数，且不超过 10^12",
                ),
            )
            .help(Text::new(
                format!("for example {}", show("0..1_000 yuan", "0..1_000元")),
                format!("例如 {}", show("0..1_000 yuan", "0..1_000元")),
            )),
            Error::ClockRange { at } => error(
                Code::P0211,
                at,
                Text::new("these hours end before they begin", "时段的终点不在起点之后"),
                Text::new("no time of day is in them", "没有任何时刻在内"),
            )
            .help(Text::new(
                format!(
                    "hours that pass midnight are two: {}",
                    show(
                        "time of day in 22:00 .. 24:00 or time of day in 00:00 .. 02:00",
                        "时刻 属于 22:00 至 24:00 或 时刻 属于 00:00 至 02:00",
                    )
                ),
                format!(
                    "跨零点的要写成两段：{}",
                    show(
                        "time of day in 22:00 .. 24:00 or time of day in 00:00 .. 02:00",
                        "时刻 属于 22:00 至 24:00 或 时刻 属于 00:00 至 02:00",
                    )
                ),
            )),
            Error::NoChannel { at } => error(
                Code::P0212,
                at,
                Text::new("the package declares no channel model", "包中没有渠道模型"),
                Text::new("policies need roles, events and rewards to speak of", "政策需要角色、事件与奖励种类"),
            )
            .help(Text::new(
                format!("add {}", show("channel 白酒 { … }", "渠道 白酒 { … }")),
                format!("请加上 {}", show("channel 白酒 { … }", "渠道 白酒 { … }")),
            )),
            Error::SecondChannel { at, first } => error(
                Code::P0212,
                at,
                Text::new("the package declares two channel models", "包中有两个渠道模型"),
                Text::new("second channel", "第二个渠道模型"),
            )
            .label(first, Text::new("first channel", "第一个渠道模型")),
            Error::Misplaced { at, clause, inside_rule } => {
                let clause = word(clause, spelling);
                let rule = show("on … { }", "当 … { }");
                let into = (format!("move it into {rule}"), format!("移到 {rule} 之内"));
                let (en, zh, label_en, label_zh) = if inside_rule {
                    (
                        "belongs to the policy, not to a rule",
                        "应写在政策里，而不是规则里",
                        "move it out of the rule",
                        "移到规则之外",
                    )
                } else {
                    ("belongs inside a rule", "应写在规则里", &*into.0, &*into.1)
                };
                error(
                    Code::P0213,
                    at,
                    Text::new(format!("`{clause}` {en}"), format!("`{clause}` {zh}")),
                    Text::new(label_en, label_zh),
                )
            }
            Error::Repeated { at, clause, first } => {
                let clause = word(clause, spelling);
                error(
                    Code::P0214,
                    at,
                    Text::new(format!("`{clause}` is said twice"), format!("`{clause}` 写了两次")),
                    Text::new("second time", "第二次"),
                )
                .label(first, Text::new("first time", "第一次"))
            }
            Error::Blank { at, clause } => {
                let (clause, line) = (word(clause, spelling), blank_line(clause));
                let line = show(line.0, line.1);
                error(
                    Code::P0273,
                    at,
                    Text::new(format!("`{clause}` says nothing"), format!("`{clause}` 没有内容")),
                    Text::new("this text is published as it stands", "这段文字会原样公布"),
                )
                .help(Text::new(format!("write {line}"), format!("请写 {line}")))
            }
            Error::UnknownParty { at, role, event, knowing } => {
                let d = error(
                    Code::P0215,
                    at,
                    Text::new(
                        format!("event `{event}` does not know a `{role}`"),
                        format!("事件 `{event}` 不涉及 `{role}`"),
                    ),
                    Text::new("nobody to speak of here", "这里没有这个参与方"),
                );
                if knowing.is_empty() {
                    d.help(Text::new(
                        format!("no event of the channel knows `{role}`: add it to the `knows` of the event"),
                        format!("渠道模型中没有事件涉及 `{role}`：请在事件的“关联”中加上它"),
                    ))
                } else {
                    let (knowing, knowing_zh) = (list(&knowing), list_zh(&knowing));
                    d.help(Text::new(
                        format!("events that know it: {knowing}"),
                        format!("涉及它的事件有：{knowing_zh}"),
                    ))
                }
            }
            Error::NotOnEvent { at, pack, event } => error(
                Code::P0216,
                at,
                Text::new(format!("event `{event}` has no `{pack}` code"), format!("事件 `{event}` 没有 `{pack}` 码")),
                Text::new("the scanned code does not lie inside one", "扫到的码不在其中"),
            )
            .help(Text::new(
                "a scan knows the scanned pack and the packs that contain it",
                "一次扫码只知道所扫的包装及其外层包装",
            )),
            Error::WhichRegion { at, choices, clause } => {
                let first = choices.first().cloned().unwrap_or_default();
                let (choices, choices_zh) = (list(&choices), list_zh(&choices));
                let line = match clause {
                    "regions" => show(&format!("regions … by {first}"), &format!("区域 … 按 {first}")),
                    _ => show(&format!("by {first} {{ … }}"), &format!("按 {first} {{ … }}")),
                };
                let clause = word(clause, spelling);
                error(
                    Code::P0217,
                    at,
                    Text::new(format!("`{clause}`: which region is meant?"), format!("`{clause}`：指哪个区域？")),
                    Text::new(format!("the event knows {choices}"), format!("该事件有 {choices_zh}")),
                )
                .help(Text::new(format!("say it: {line}"), format!("请写明：{line}")))
            }
            Error::NoRegion { at, event } => error(
                Code::P0217,
                at,
                Text::new(format!("event `{event}` knows no region"), format!("事件 `{event}` 没有区域信息")),
                Text::new("no party or place of this event has a region", "该事件的参与方和地点都没有区域"),
            ),
            Error::NoProduct { at, event } => error(
                Code::P0218,
                at,
                Text::new(format!("event `{event}` has no product"), format!("事件 `{event}` 没有产品")),
                Text::new("needs the product of the event", "需要该事件的产品"),
            )
            .help(Text::new(
                format!("give the event a fact {} in the channel model", show("product: product", "产品：产品")),
                format!("请在渠道模型中给该事件加上 {}", show("product: product", "产品：产品")),
            )),
            Error::WhichCount { at, unit, choices } => {
                let d = error(
                    Code::P0219,
                    at,
                    Text::new(format!("`per {unit}`: what is counted?"), format!("`每 {unit}`：数的是什么？")),
                    Text::new(
                        "not exactly one fact of this event has this unit",
                        "该事件中以它为单位的信息不止一个或没有",
                    ),
                );
                let example = choices.first().cloned().unwrap_or_else(|| match spelling {
                    Spelling::En => "banquet.tables".into(),
                    Spelling::Zh => "宴席.桌数".into(),
                });
                let d = d.help(Text::new(
                    format!(
                        "name it: {}",
                        show(&format!("… per {unit} of {example}"), &format!("按 {example} 每 {unit} …"))
                    ),
                    format!(
                        "请写明：{}",
                        show(&format!("… per {unit} of {example}"), &format!("按 {example} 每 {unit} …"))
                    ),
                ));
                if choices.is_empty() {
                    d
                } else {
                    let (choices, choices_zh) = (list(&choices), list_zh(&choices));
                    d.help(Text::new(format!("candidates: {choices}"), format!("候选：{choices_zh}")))
                }
            }
            Error::NotAParty { at, name } => error(
                Code::P0220,
                at,
                Text::new(
                    format!("`{name}` is not someone or something with an identity"),
                    format!("`{name}` 不是参与方、实体或码"),
                ),
                Text::new("needs a role, an entity or a pack", "这里应为角色、实体或包装"),
            ),
            Error::NotARole { at, name } => error(
                Code::P0220,
                at,
                Text::new(format!("`{name}` cannot be paid"), format!("不能向 `{name}` 支付")),
                Text::new("only a role is paid", "只有角色才能得到奖励"),
            ),
            Error::ExpectsFirst { at } => error(
                Code::P0213,
                at,
                Text::new("nothing has happened yet", "之前还没有任何事件"),
                Text::new("speaks of the step before it", "说的是上一步的结果"),
            ),
            Error::NoPeriod { at, party } => error(
                Code::P0202,
                at,
                Text::new(
                    format!("no rule settles such a period with `{party}`"),
                    format!("没有规则与 `{party}` 结算这样的周期"),
                ),
                Text::new("nothing is due at its end", "期末没有任何应付"),
            )
            .help(Text::new(
                format!("a rule begins with {}", show("every month for distributor { … }", "每 月 对 经销商 { … }")),
                format!("规则应以 {} 开头", show("every month for distributor { … }", "每 月 对 经销商 { … }")),
            )),
            Error::MissingArgument { at, name, ty } => error(
                Code::P0221,
                at,
                Text::new(format!("`{name}` is not given"), format!("没有给出 `{name}`")),
                Text::new(format!("the template asks for `{name}: {ty}`"), format!("模板要求 `{name}: {ty}`")),
            ),
            Error::ArgumentType { at, name, ty } => error(
                Code::P0221,
                at,
                Text::new(format!("`{name}` must be `{ty}`"), format!("`{name}` 应为 `{ty}`")),
                Text::new("of another kind", "种类不符"),
            ),
            Error::Cycle { at, name } => error(
                Code::P0222,
                at,
                Text::new(format!("`{name}` is defined by itself"), format!("`{name}` 用自己定义了自己")),
                Text::new("uses itself", "用到了自己"),
            ),
            Error::DrawInLet { at } => error(
                Code::P0223,
                at,
                Text::new("a draw cannot be named by `let`", "抽奖不能用“设”命名"),
                Text::new("each use would draw again", "每次使用都会重新抽一次"),
            )
            .help(Text::new(
                format!("write it in the {} that pays it", show("give", "奖励")),
                format!("请直接写在 {} 里", show("give", "奖励")),
            )),
            Error::TwoGroups { at, name, first } => error(
                Code::P0224,
                at,
                Text::new(format!("`{name}` is already in a group"), format!("`{name}` 已在另一个组合中")),
                Text::new("a policy belongs to one group at most", "一个政策最多属于一个组合"),
            )
            .label(first, Text::new("the other group", "另一个组合")),
            Error::TableBy { at, name } => error(
                Code::P0225,
                at,
                Text::new(format!("`{name}` cannot pick a row"), format!("不能按 `{name}` 取行")),
                Text::new("rows are picked by a region, a product or a one-of", "只能按区域、产品或“之一”取行"),
            )
            .help(Text::new(
                format!(
                    "for a number write {}",
                    show(&format!("by {name} highest {{ from 10: … }}"), &format!("按 {name} 取高 {{ 达到 10：… }}"))
                ),
                format!(
                    "数量请写 {}",
                    show(&format!("by {name} highest {{ from 10: … }}"), &format!("按 {name} 取高 {{ 达到 10：… }}"))
                ),
            )),
            Error::RowsOverlap { at, first, name } => error(
                Code::P0226,
                at,
                Text::new(format!("`{name}` has two rows"), format!("`{name}` 有两行")),
                Text::new("second row", "第二行"),
            )
            .label(first, Text::new("first row", "第一行")),
            Error::SetOver { at, name } => error(
                Code::P0225,
                at,
                Text::new(
                    format!("`{name}` is neither a region nor a product"),
                    format!("`{name}` 既不是区域也不是产品"),
                ),
                Text::new("`in` needs a region or a product", "“属于”只用于区域或产品"),
            ),
            Error::NotARegion { at } => error(
                Code::P0225,
                at,
                Text::new("this is not a region", "这不是区域"),
                Text::new("only a region can lie in another", "只有区域可以属于另一个区域"),
            )
            .help(Text::new(
                "`in` compares two regions, as in `place in distributor.territory`; whether two others are the same one is `store is opened.store`",
                "“属于”比较两个区域，如 `地点 属于 经销商.区域`；其他是否相同写 `门店 为 opened.门店`",
            )),
            Error::NotChoice { at, name } => error(
                Code::P0225,
                at,
                Text::new(format!("`{name}` has no values to choose from"), format!("`{name}` 没有可选的取值")),
                Text::new("`is` needs a one-of, yes/no, or another identity", "“为”只用于“之一”、是/否，或另一个身份"),
            ),
            Error::LinkPack { at, event, pack } => error(
                Code::P0216,
                at,
                Text::new(
                    format!("event `{event}` does not know this `{pack}`"),
                    format!("事件 `{event}` 不涉及该 `{pack}`"),
                ),
                Text::new("no such event can be found on it", "在它上面找不到这种事件"),
            ),
            Error::NoActor { at, event } => error(
                Code::P0215,
                at,
                Text::new(format!("nobody acts in event `{event}`"), format!("事件 `{event}` 没有操作人")),
                Text::new("cannot tell persons apart", "无法区分是否同一人"),
            ),
            Error::WindowCount { at, window, most } => error(
                Code::P0231,
                at,
                Text::new(
                    format!("a measure looks at 2 to {most} windows back"),
                    format!("累计值可回看 2 至 {most} 个时段"),
                ),
                Text::new("not that many", "个数不对"),
            )
            .help(Text::new(
                format!("one alone is said by name: {}", one_window(window, spelling)),
                format!("单独一个请用名称：{}", one_window(window, spelling)),
            )),
            Error::NotAGap { at } => error(
                Code::P0234,
                at,
                Text::new(
                    "a gap between payments is a time, whenever the last one was, and what falls into it is skipped",
                    "两次支付的间隔是一段时间，不分时段，间隔内的一律跳过",
                ),
                Text::new("cannot be written so", "不能这样写"),
            )
            .help(Text::new(
                format!(
                    "write {}",
                    show("at least 5 minutes apart per store, beyond: skip", "每 门店 间隔 至少 5 分钟，超出：跳过")
                ),
                format!(
                    "请写 {}",
                    show("at least 5 minutes apart per store, beyond: skip", "每 门店 间隔 至少 5 分钟，超出：跳过")
                ),
            )),
            Error::NeverHolds { at } => error(
                Code::P0232,
                at,
                Text::new("no past event can be both that near and that far", "没有过去的事件能同时这么近又这么远"),
                Text::new("the least age is above the greatest", "最短间隔大于最长间隔"),
            )
            .help(Text::new(
                format!("write {}", show("within 24 hours at least 5 minutes ago", "24 小时内 … 且 至少 5 分钟前")),
                format!("请写 {}", show("within 24 hours at least 5 minutes ago", "24 小时内 … 且 至少 5 分钟前")),
            )),
            Error::OtherSort { at, one, two } => error(
                Code::P0233,
                at,
                Text::new(
                    format!("`{one}` and `{two}` can never be the same one"),
                    format!("`{one}` 与 `{two}` 不可能是同一个"),
                ),
                Text::new("an identity of another sort", "另一类身份"),
            )
            .help(Text::new(
                "compare parties with parties, an entity or a code with one of the same kind",
                "参与方只能与参与方比，实体或码只能与同类的比",
            )),
            Error::NotSummable { at, name } => error(
                Code::P0225,
                at,
                Text::new(format!("`{name}` cannot be added up"), format!("`{name}` 不能求和")),
                Text::new(
                    "a sum needs a number that is always known and never below zero",
                    "求和需要一个必有且不小于零的数值",
                ),
            ),
            Error::BadDate { at } => error(
                Code::P0105,
                at,
                Text::new("this date or time does not exist", "该日期或时间不存在"),
                Text::new("not in the calendar", "日历中没有"),
            ),
            Error::NotAmount { at } => error(
                Code::P0228,
                at,
                Text::new("this is not a value a test can give here", "测试中这里不能写这样的值"),
                Text::new(
                    "needs an amount with its unit and kind, or a value of the fact's type",
                    "应为带单位和种类的数量，或与该信息类型相符的值",
                ),
            )
            .help(Text::new(
                format!(
                    "for example {}",
                    show("expect S1: 10 yuan cash, 2 of SKU-6Y", "应得 S1：10元 红包，2 份 SKU-6Y")
                ),
                format!("例如 {}", show("expect S1: 10 yuan cash, 2 of SKU-6Y", "应得 S1：10元 红包，2 份 SKU-6Y")),
            )),
            Error::NoIdentifier { at, name, choices } => {
                let (choices, choices_zh) = (list(&choices), list_zh(&choices));
                error(
                    Code::P0263,
                    at,
                    Text::new(format!("`{name}` identifies nobody"), format!("`{name}` 不能识别用户")),
                    Text::new("needs a party, or a text each event says once", "应为参与方，或每个事件至多一处的文本"),
                )
                .help(Text::new(format!("known: {choices}"), format!("已声明的有：{choices_zh}")))
            }
            Error::TooManyIdentifiers { at, most } => error(
                Code::P0263,
                at,
                Text::new(format!("at most {most} identifiers"), format!("最多 {most} 种标识")),
                Text::new("more than an event is looked up by", "超出一次事件可查的数量"),
            ),
            Error::SameBeside { at } => error(
                Code::P0264,
                at,
                Text::new("a user is counted alone", "同一用户须单独计数"),
                Text::new("beside another key", "与其他口径并列"),
            )
            .help(Text::new(
                format!(
                    "write {}, and a limit of its own for the other",
                    show("at most 1 per same user per day, beyond: skip", "每 同一用户 每天 最多 1 次，超出：跳过")
                ),
                format!(
                    "请写 {}，另一口径单独写一条",
                    show("at most 1 per same user per day, beyond: skip", "每 同一用户 每天 最多 1 次，超出：跳过")
                ),
            )),
            Error::NoShare { at } => error(
                Code::P0265,
                at,
                Text::new("this is not a share of them", "这不是其中的一部分"),
                Text::new("needs a rate above 0% and up to 100%", "应为大于 0%、至多 100% 的比例"),
            )
            .help(Text::new(
                format!("write {}", show("roll out to 20% of stores by hash", "铺开 门店 的 20%")),
                format!("请写 {}", show("roll out to 20% of stores by hash", "铺开 门店 的 20%")),
            )),
            Error::ArmShares { at, total } => {
                let percent = format!("{}.{:04}", total / 10_000, total % 10_000);
                let percent = format!("{}%", percent.trim_end_matches('0').trim_end_matches('.'));
                error(
                    Code::P0266,
                    at,
                    Text::new(
                        format!("the arms are {percent} of those not held out, not 100%"),
                        format!("各组合计为对照之外的 {percent}，不是 100%"),
                    ),
                    Text::new("must be exactly 100%", "必须正好 100%"),
                )
            }
            Error::ExceptOutside { at, name, outer } => error(
                Code::P0227,
                at,
                Text::new(format!("`{name}` is not part of `{outer}`"), format!("`{name}` 不在 `{outer}` 之内")),
                Text::new("nothing to except", "无可排除"),
            ),
        }
    }
}

/// The two windows that `last 1 months` may mean.
fn one_window(window: crate::ast::Window, spelling: Spelling) -> &'static str {
    use crate::ast::Window;
    let (en, zh) = match window {
        Window::Hour => ("`this hour` | `last hour`", "`本小时` | `上小时`"),
        Window::Day => ("`today` | `yesterday`", "`当天` | `昨天`"),
        Window::Week => ("`this week` | `last week`", "`本周` | `上周`"),
        Window::Month => ("`this month` | `last month`", "`本月` | `上月`"),
        Window::Quarter => ("`this quarter` | `last quarter`", "`本季度` | `上季度`"),
        // the parser makes no others
        Window::Year | Window::Campaign | Window::Ever => ("`this year` | `last year`", "`本年` | `上年`"),
    };
    match spelling {
        Spelling::En => en,
        Spelling::Zh => zh,
    }
}
