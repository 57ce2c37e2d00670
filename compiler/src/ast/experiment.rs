//! Experiments: policies that answer for different people.

use super::*;

/// `experiment gifts 50% a, 50% b by consumer with holdout 10%` · `实验 gifts 50% a，50% b 按 消费者 对照 10%`
#[derive(Clone, Debug, Serialize)]
pub struct Experiment {
    /// Its name: what its assignment depends on.
    pub name: Name,
    /// The policies, with the share of those not held out that each answers for.
    pub arms: Vec<Arm>,
    /// Who is assigned.
    pub by: Path,
    /// The share of everybody that no policy answers for.
    pub holdout: Option<Number>,
    /// Whole declaration.
    pub span: Span,
}

/// `50% a`
#[derive(Clone, Debug, Serialize)]
pub struct Arm {
    /// The share.
    pub share: Number,
    /// The policy.
    pub policy: Name,
}
