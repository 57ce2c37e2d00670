//! What the past is made of: which windows a measure reads, which events are remembered only for what they gave, and
//! an index of what each event kind adds.

use super::{EventId, KindId, LinkId, MeasureId, Program};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// The windows a measure is read over, counted back from the one the event lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Windows {
    /// How many windows before the event's own the latest of them lies.
    pub first_back: u32,
    /// How many there are, at least 1.
    pub count: u32,
    /// How their values become one.
    pub fold: Fold,
}

impl Windows {
    /// The most windows one measure may read: each is a key.
    pub const MOST: u32 = 366;

    /// Only the window the event lies in.
    pub const THIS: Windows = Windows { first_back: 0, count: 1, fold: Fold::Sum };
}

/// How the values of several windows become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fold {
    /// Added up.
    Sum,
    /// The least of them: what each of them reaches.
    Least,
}

/// What a decision must give for its event to be remembered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// An award of this reward kind.
    Kind(KindId),
    /// An award of this product or coupon.
    Item {
        /// SKU or coupon name.
        name: String,
        /// True for a coupon.
        coupon: bool,
    },
}

/// Per event kind what it adds to the past; derived from the measures and links of a program.
#[derive(Clone, Debug, Default)]
pub struct Index(OnceLock<Vec<Adds>>);

/// What one event kind adds to the past.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adds {
    /// Measures with the index of the contribution.
    pub measures: Vec<(MeasureId, usize)>,
    /// Links.
    pub links: Vec<LinkId>,
}

impl Adds {
    /// What an event kind adds that no measure and no link is about.
    pub const NOTHING: &'static Adds = &Adds { measures: Vec::new(), links: Vec::new() };

    /// True if it adds nothing.
    pub fn is_nothing(&self) -> bool {
        self.measures.is_empty() && self.links.is_empty()
    }
}

impl Program {
    /// What events of a kind add to measures and links. Found once: a program does not change after it is made, and
    /// a thousand policies have many measures that a scan has nothing to do with.
    pub fn past(&self, event: EventId) -> &Adds {
        self.past.0.get_or_init(|| self.adds()).get(event.index()).unwrap_or(Adds::NOTHING)
    }

    fn adds(&self) -> Vec<Adds> {
        let mut all = vec![Adds::default(); self.schema.events.len()];
        for (id, measure) in (0..).map(MeasureId).zip(&self.measures) {
            for (at, contribution) in measure.contributions.iter().enumerate() {
                if let Some(adds) = all.get_mut(contribution.event.index()) {
                    adds.measures.push((id, at));
                }
            }
        }
        for (id, link) in (0..).map(LinkId).zip(&self.links) {
            if let Some(adds) = all.get_mut(link.event.index()) {
                adds.links.push(id);
            }
        }
        all
    }
}
