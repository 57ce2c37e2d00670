//! The syntax tree: what was written, with a span on everything and both spellings made one.
//!
//! Names are still text; units, roles and events are not looked up here. Comments are kept beside the
//! tree, so that `fmt` can print them back. Doc comments show each construct in English and in Chinese.

mod channel;
pub mod error;
mod chain;
mod experiment;
mod expr;
pub mod fmt;
pub mod from_pairs;
mod invariant;
mod policy;
pub mod print;
mod table;
mod test;

pub use channel::*;
pub use chain::*;
pub use experiment::*;
pub use expr::*;
pub use invariant::*;
pub use policy::*;
pub use table::*;
pub use test::*;

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
    /// `per same user` · `每 同一用户`: an identity set; the name may lack its leading `同一`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub same: bool,
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
    /// `experiment gifts 50% a, 50% b by consumer with holdout 10%` · `实验 gifts 50% a，50% b 按 消费者 对照 10%`
    Experiment(Experiment),
    /// `coupon c75 "…" { worth 77 yuan; valid 7 days }` · `券 c75 "…" { 价值 77元；有效 7天 }`
    Coupon(Coupon),
    /// `invariant "单瓶费用率" for every bottle: all rewards at most 15% of price`
    /// · `约束 "单瓶费用率" 对 每 瓶：全部奖励 至多 价 的 15%`
    Invariant(Invariant),
    /// `table targets "任务表" from "targets.csv" by distributor { … }` · `数据表 任务表 取自 "targets.csv" 按 经销商 { … }`
    Table(DataTable),
    /// `test "…" { … }` · `测试 "…" { … }`
    Test(Test),
}
