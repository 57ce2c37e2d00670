//! Identity sets: events that share an account, a phone or a device are of one user, and so is whoever shares one
//! with either of them.
//!
//! A union–find over the state. Every identifier is a node; a node that belongs to another points at it with two
//! counters (the halves of its 120 bits), a root points nowhere. An event with several identifiers unites their sets:
//! the greater set takes the smaller one in, of equal ones the lower root, so a set of n identifiers is at most log₂ n
//! steps deep and what is read stays bounded without a bound on the size of sets. The identifiers of the event are
//! then pointed straight at the root. What the limits have counted under a root that is taken in moves to the other.
//!
//! All of it is counters and guards, so the reads are planned and a commit on state that has moved on fails as any
//! other.

use super::{Context, Decision, StateFault, StateView};
use crate::ir::key::{StateKey, entity};
use crate::ir::record::{EventRecord, Id, value};
use crate::ir::{Identity, IdentityId};

/// The most identifiers an event can have for one identity set: the checker sees to it.
pub const MOST_IDENTIFIERS: usize = 8;

/// More steps than any set that fits a store is deep.
const MOST_STEPS: usize = 64;

/// A half of a node's 120 bits.
const HALF: u32 = 60;
/// The bits of a half.
const HALF_BITS: u128 = (1 << HALF) - 1;
/// What stands above the 120 bits in every node: see [`entity`].
const TOP: u128 = 0xFE << 120;

/// Where the three numbers of a node are stored.
#[derive(Clone, Copy)]
struct Places {
    low: StateKey,
    high: StateKey,
    size: StateKey,
}

impl Places {
    fn of(identity: &Identity, node: u128) -> Places {
        let [low, high, size] = identity.counters.map(|counter| StateKey { counter, entity: node, window: 0 });
        Places { low, high, size }
    }
}

/// One identifier of the event.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    node: u128,
    /// What it points at; itself if it is a root.
    parent: u128,
    root: u128,
}

/// The identifiers of one event with the roots of their sets.
#[derive(Clone, Copy, Debug, Default)]
struct Sets {
    found: [Found; MOST_IDENTIFIERS],
    len: usize,
}

impl Sets {
    fn iter(&self) -> impl Iterator<Item = &Found> {
        self.found.iter().take(self.len)
    }

    /// Each root once.
    fn roots(&self) -> impl Iterator<Item = u128> + '_ {
        let first = |at: usize, root: u128| self.iter().take(at).all(|before| before.root != root);
        self.iter().enumerate().filter(move |(at, found)| first(*at, found.root)).map(|(_, found)| found.root)
    }
}

/// The nodes of an event's known identifiers, each once.
fn nodes(identity: &Identity, event: &EventRecord, mut each: impl FnMut(u128)) {
    let identifiers = identity.events.iter().find(|(kind, _)| *kind == event.event).map(|(_, all)| all);
    let mut seen = [0u128; MOST_IDENTIFIERS];
    for (at, identifier) in identifiers.into_iter().flatten().take(MOST_IDENTIFIERS).enumerate() {
        let known = identifier.present.is_none_or(|word| value(&event.words, word) == 1);
        let id = Id::read(&event.words, identifier.word);
        if !known || !id.is_known() {
            continue;
        }
        // The same text as a phone and as a device is two identifiers.
        let node = entity(&[Id(u128::from(identifier.sort)), id]);
        if !seen.contains(&node) {
            if let Some(slot) = seen.get_mut(at) {
                *slot = node;
            }
            each(node);
        }
    }
}

/// Follows a node to its root; `read` is told every number on the way. `None` if the state cannot be one of ours.
fn root<S: StateView>(
    identity: &Identity,
    state: &S,
    node: u128,
    mut read: impl FnMut(StateKey, i64),
) -> Result<Found, StateKey> {
    let mut found = Found { node, parent: node, root: node };
    for step in 0..MOST_STEPS {
        let places = Places::of(identity, found.root);
        let (low, high) = (state.counter(&places.low), state.counter(&places.high));
        read(places.low, low);
        read(places.high, high);
        if (low, high) == (0, 0) {
            return Ok(found);
        }
        match (half(low), half(high)) {
            (Some(low), Some(high)) => found.root = TOP | high << HALF | low,
            _ => return Err(places.low),
        }
        if step == 0 {
            found.parent = found.root;
        }
    }
    Err(Places::of(identity, node).low)
}

fn half(number: i64) -> Option<u128> {
    u128::try_from(number).ok().filter(|bits| *bits <= HALF_BITS)
}

/// The two numbers that point at a node.
fn halves(node: u128) -> (i64, i64) {
    let part = |bits: u128| i64::try_from(bits & HALF_BITS).unwrap_or(0);
    (part(node), part(node >> HALF))
}

/// The keys an identity set reads for an event, as far as the state at hand leads: with more of it loaded there may be
/// more but never fewer, so that two answers of one length are the same answer.
pub(super) fn keys<S: StateView>(identity: &Identity, event: &EventRecord, state: &S, out: &mut Vec<StateKey>) {
    let [_, _, size] = identity.counters;
    nodes(identity, event, |node| {
        // Whatever is on the way may turn out to be the root. What is wrong with the state is said when it is decided on.
        let _ = root(identity, state, node, |key, _| out.extend([key, StateKey { counter: size, ..key }]));
    });
}

impl<S: StateView> Context<'_, S> {
    fn identity(&self, id: IdentityId) -> Option<&Identity> {
        self.program.identities.get(id.index())
    }

    fn sets(&self, identity: &Identity, mut read: impl FnMut(StateKey, i64)) -> Sets {
        let mut sets = Sets::default();
        nodes(identity, self.event, |node| match root(identity, self.state, node, &mut read) {
            Ok(found) => {
                if let Some(slot) = sets.found.get_mut(sets.len) {
                    *slot = found;
                    sets.len += 1;
                }
            }
            Err(key) => {
                // Only the first counts.
                let _ = self.fault.set(StateFault::Identity { key });
            }
        });
        sets
    }

    /// How many identifiers a set has.
    fn size(&self, identity: &Identity, root: u128) -> i64 {
        self.state.counter(&Places::of(identity, root).size).saturating_add(1)
    }

    /// The root the sets of this event have once they are united: of the greatest set, of equal ones the lowest.
    fn winner(&self, identity: &Identity, sets: &Sets) -> Option<u128> {
        sets.roots().max_by_key(|root| (self.size(identity, *root), std::cmp::Reverse(*root)))
    }

    /// Whose event this is; [`Id::UNKNOWN`] if none of the identifiers is known.
    pub(super) fn same(&self, id: IdentityId) -> Id {
        let root = self.identity(id).and_then(|identity| self.winner(identity, &self.sets(identity, |_, _| {})));
        root.map_or(Id::UNKNOWN, Id)
    }

    /// The counters that move when this event unites sets: of each limit, under each of the roots.
    pub(super) fn moving(&self, identity: &Identity, mut each: impl FnMut(StateKey)) {
        let sets = self.sets(identity, |_, _| {});
        if sets.roots().count() > 1 {
            for root in sets.roots() {
                identity.limits.iter().for_each(|(counter, window)| each(self.key_of(*counter, *window, root)));
            }
        }
    }

    /// Unites the sets of the event's identifiers; that happens whether or not anything is paid.
    pub(super) fn note_identities(&self, decision: &mut Decision) {
        for id in &self.program.past(self.event.event).identities {
            let Some(identity) = self.identity(*id) else { continue };
            let sets = self.sets(identity, |key, number| decision.guard(key, number, number));
            if let Some(winner) = self.winner(identity, &sets) {
                self.unite(identity, &sets, winner, decision);
            }
        }
    }

    /// Guards the sets of the event's identifiers, where nothing unites them.
    pub(super) fn guard_identities(&self, decision: &mut Decision) {
        for id in &self.program.past(self.event.event).identities {
            if let Some(identity) = self.identity(*id) {
                self.sets(identity, |key, number| decision.guard(key, number, number));
            }
        }
    }

    fn unite(&self, identity: &Identity, sets: &Sets, winner: u128, decision: &mut Decision) {
        let several = sets.roots().count() > 1;
        for root in sets.roots().filter(|_| several) {
            let size = Places::of(identity, root).size;
            let stored = self.state.counter(&size);
            decision.guard(size, stored, stored);
            if root == winner {
                continue;
            }
            point(identity, root, root, winner, decision);
            decision.change(Places::of(identity, winner).size, self.size(identity, root));
            for (counter, window) in &identity.limits {
                let from = self.key_of(*counter, *window, root);
                let counted = self.state.counter(&from);
                decision.guard(from, counted, counted);
                decision.change(from, counted.saturating_neg());
                decision.change(self.key_of(*counter, *window, winner), counted);
            }
        }
        for found in sets.iter().filter(|found| found.node != found.root && found.parent != winner) {
            point(identity, found.node, found.parent, winner, decision);
        }
    }
}

/// Points a node at another instead of at `from`, which is the node itself if it was a root.
fn point(identity: &Identity, node: u128, from: u128, to: u128, decision: &mut Decision) {
    let (old, new) = (if from == node { (0, 0) } else { halves(from) }, halves(to));
    let places = Places::of(identity, node);
    decision.change(places.low, new.0 - old.0);
    decision.change(places.high, new.1 - old.1);
}
