//! Redemption chains: who hands it on until when, and whether what is exchanged takes part again.

use super::*;

/// One level of a chain: `2026-09-30 17:00 by consumer` · `2026-09-30 17:00 由 消费者`
#[derive(Clone, Debug, Serialize)]
pub struct ChainLevel {
    /// Its last day, or the time of it.
    pub until: DateTime,
    /// Who redeems at this level.
    pub role: Name,
    /// Whole level.
    pub span: Span,
}

/// Do the goods of an exchange carry the right again that they were exchanged for?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Exchanged {
    /// `play again` · `再次参与`
    PlayAgain,
    /// `no further right` · `不再参与`
    NoFurther,
}
