//! What the past is made of: which windows a measure reads, which events are remembered only for what they gave, and
//! an index of what each event kind does to the state whether or not it pays.

use super::{EventId, FollowUp, IdentityId, KindId, LinkId, Measure, MeasureId, Paid, Program};
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

/// What is looked up in a program for every event; derived from it.
#[derive(Clone, Debug, Default)]
pub struct Index(OnceLock<Derived>);

#[derive(Clone, Debug, Default)]
struct Derived {
    /// Per event kind.
    adds: Vec<Adds>,
    /// The measures that are accounts.
    accounts: Vec<MeasureId>,
    /// Does any link draw one of its entries?
    draws_entries: bool,
}

/// What one event kind does to the state whether or not it pays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adds {
    /// Measures with the index of the contribution.
    pub measures: Vec<(MeasureId, usize)>,
    /// Links.
    pub links: Vec<LinkId>,
    /// Identity sets it is evidence for.
    pub identities: Vec<IdentityId>,
    /// What it does to earlier awards: indexes into [`Program::follow_ups`], in their order.
    pub follow_ups: Vec<usize>,
}

impl Adds {
    /// What an event kind does that nothing is about.
    pub const NOTHING: &'static Adds =
        &Adds { measures: Vec::new(), links: Vec::new(), identities: Vec::new(), follow_ups: Vec::new() };

    /// True if it does nothing.
    pub fn is_nothing(&self) -> bool {
        let Adds { measures, links, identities, follow_ups } = self;
        measures.is_empty() && links.is_empty() && identities.is_empty() && follow_ups.is_empty()
    }
}

impl Program {
    /// What events of a kind do to the state whether or not they pay. Found once: a program does not change after it is
    /// made, and a thousand policies have many measures that a scan has nothing to do with.
    pub fn past(&self, event: EventId) -> &Adds {
        self.derived().adds.get(event.index()).unwrap_or(Adds::NOTHING)
    }

    /// The measures over awards, with what they add up.
    pub fn accounts(&self) -> impl Iterator<Item = (&Measure, Paid)> {
        let measures = self.derived().accounts.iter().filter_map(|id| self.measures.get(id.index()));
        measures.filter_map(|account| Some((account, account.paid?)))
    }

    /// What events of a kind do to earlier awards.
    pub fn follow_ups_of(&self, event: EventId) -> impl Iterator<Item = &FollowUp> {
        self.past(event).follow_ups.iter().filter_map(|at| self.follow_ups.get(*at))
    }

    /// Does any link draw one of its entries?
    pub fn draws_entries(&self) -> bool {
        self.derived().draws_entries
    }

    fn derived(&self) -> &Derived {
        self.past.0.get_or_init(|| {
            let paid = (0..).map(MeasureId).zip(&self.measures).filter(|(_, measure)| measure.paid.is_some());
            let draws_entries = self.links.iter().any(|link| link.drawn.is_some());
            Derived { adds: self.adds(), accounts: paid.map(|(id, _)| id).collect(), draws_entries }
        })
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
        for (id, identity) in (0..).map(IdentityId).zip(&self.identities) {
            for (event, _) in &identity.events {
                if let Some(adds) = all.get_mut(event.index()) {
                    adds.identities.push(id);
                }
            }
        }
        for (at, follow) in self.follow_ups.iter().enumerate() {
            if let Some(adds) = all.get_mut(follow.event.index()) {
                adds.follow_ups.push(at);
            }
        }
        all
    }
}
