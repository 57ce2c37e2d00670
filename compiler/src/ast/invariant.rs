//! Invariants: bounds that hold over all policies together.

use super::*;

/// `invariant "单瓶费用率" for every bottle: all rewards at most 15% of price`
/// · `约束 "单瓶费用率" 对 每 瓶：全部奖励 至多 价 的 15%`
#[derive(Clone, Debug, Serialize)]
pub struct Invariant {
    /// What people call it: the identity its sum is kept under.
    pub title: Text,
    /// What it is counted by.
    pub of: InvariantOf,
    /// `per day` · `每天`; for ever if missing.
    pub window: Option<Window>,
    /// What is added up.
    pub sum: InvariantSum,
    /// The bound.
    pub most: InvariantMost,
    /// Whole declaration.
    pub span: Span,
}

/// What an invariant is counted by.
#[derive(Clone, Debug, Serialize)]
pub enum InvariantOf {
    /// `for every event` · `对 每 事件`: what one event pays, of whatever kind it is.
    AnyEvent(Span),
    /// A code's pack, a role, an entity or one event kind.
    Path(Path),
}

/// What an invariant adds up.
#[derive(Clone, Debug, Serialize)]
pub enum InvariantSum {
    /// `all rewards` · `全部奖励`: everything, at what it costs.
    All(Span),
    /// `prize value` · `奖品价值`: the dearest single reward, at what it costs.
    Dearest(Span),
    /// One reward kind.
    Kind(Name),
}

/// The bound of an invariant.
#[derive(Clone, Debug, Serialize)]
pub enum InvariantMost {
    /// `500 yuan`
    Sum(Expr),
    /// `15% of price`, `15% of case price` · `价 的 15%`, `箱价 的 15%`; without a pack the one it is counted by.
    OfPrice {
        /// The rate.
        rate: Number,
        /// The pack whose price is meant.
        pack: Option<Name>,
    },
}
