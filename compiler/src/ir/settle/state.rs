//! How keys, links and measures are read: in one place for the decision and for the plan of what it will read.

use super::{AwardOut, Context, Decision, Draws, StateView};
use crate::diagnostic::{Code, Text};
use crate::ir::data::RowId;
use crate::ir::key::{Entity, StateKey, local_day, window_at, window_before};
use crate::ir::record::{Id, value, word_allowed};
use crate::ir::schema::EventSchema;
use crate::ir::{
    Contribution, DataTable, Flow, Fold, Given, Input, IntervalSet, KeyPart, Link, LinkId, LinkUse, Measure, MeasureId,
    MeasureUse, RowKey, RowUse, RuleId, Window, Windows, Word,
};
use std::fmt;

/// The state is not one this program can have written, or a value left its proven range: no decision is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateFault {
    /// A measure is negative or above the greatest value the compiler assumed.
    Measure {
        /// The measure.
        measure: MeasureId,
        /// Where it is stored.
        key: StateKey,
        /// What the rule would have read.
        value: i64,
    },
    /// A remembered event has another layout, or a value outside its declared bounds.
    Link {
        /// The link.
        link: LinkId,
        /// Where it is stored.
        key: StateKey,
    },
    /// A number of an identity set is none that could be there.
    Identity {
        /// Where it is stored.
        key: StateKey,
    },
    /// A value left the range the compiler proved: a bug of ours, or a record that was never checked.
    Arithmetic {
        /// The rule.
        rule: RuleId,
    },
    /// A candidate is not a rule of this program.
    NoSuchRule {
        /// The rule.
        rule: RuleId,
    },
}

impl StateFault {
    /// One sentence in both languages.
    pub fn text(&self) -> Text {
        match self {
            StateFault::Measure { key, value, .. } => Text::new(
                format!("the stored measure `{:016x}` comes to {value}, which this program cannot reach", key.counter),
                format!("存储的累计值 `{:016x}` 为 {value}，超出本政策包可能的范围", key.counter),
            ),
            StateFault::Link { key, .. } => Text::new(
                format!("the event remembered under `{:016x}` is not one of this channel model", key.counter),
                format!("`{:016x}` 下记录的历史事件与当前渠道模型不符", key.counter),
            ),
            StateFault::Identity { key } => Text::new(
                format!("the identity stored under `{:016x}` leads nowhere", key.counter),
                format!("`{:016x}` 下存储的同一身份关系无效", key.counter),
            ),
            StateFault::Arithmetic { rule } => Text::new(
                format!("rule {} met a value outside the range it was checked for", rule.0),
                format!("规则 {} 遇到超出检查范围的值", rule.0),
            ),
            StateFault::NoSuchRule { rule } => {
                Text::new(format!("there is no rule {}", rule.0), format!("不存在规则 {}", rule.0))
            }
        }
    }
}

impl fmt::Display for StateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", Code::P0516, self.text().en)
    }
}

impl std::error::Error for StateFault {}

impl<S: StateView> Context<'_, S> {
    /// The id a key part names; [`Id::UNKNOWN`] if it is not known.
    pub(super) fn id(&self, part: &KeyPart) -> Id {
        match part {
            KeyPart::Id { word, present } => known_id(&self.event.words, *word, *present),
            KeyPart::Same(identity) => self.same(*identity),
            KeyPart::LinkId { link, word, present } => {
                self.link(link).map_or(Id::UNKNOWN, |past| known_id(past, *word, *present))
            }
        }
    }

    /// The entity several key parts name together, or `None` if one is unknown.
    pub(super) fn entity(&self, parts: &[KeyPart]) -> Option<u128> {
        let mut entity = Entity::default();
        for part in parts {
            let id = self.id(part);
            if !id.is_known() {
                return None;
            }
            entity.push(id);
        }
        Some(entity.get())
    }

    /// The key of a counter for this event, or `None` if a part is unknown.
    pub(super) fn key(&self, counter: u64, window: Window, parts: &[KeyPart]) -> Option<StateKey> {
        Some(self.key_of(counter, window, self.entity(parts)?))
    }

    /// The key of a counter for an entity, in the window of this event.
    pub(super) fn key_of(&self, counter: u64, window: Window, entity: u128) -> StateKey {
        StateKey { counter, entity, window: self.window(window) }
    }

    fn window(&self, window: Window) -> i64 {
        window_at(window, self.event.time(), self.event.day(), self.program.schema.utc_offset)
    }

    /// The key of a counter for an entity, in the window of an earlier time.
    pub(super) fn key_at(&self, counter: u64, window: Window, entity: u128, time: i64) -> StateKey {
        let offset = self.program.schema.utc_offset;
        StateKey { counter, entity, window: window_at(window, time, local_day(time, offset), offset) }
    }

    /// The keys of the windows a measure is read over, the latest first; none if a party is unknown.
    pub(super) fn measure_keys(&self, of: &MeasureUse) -> impl Iterator<Item = StateKey> {
        let measure = self.program.measures.get(of.measure.index());
        let this = measure.and_then(|measure| self.key(measure.counter, measure.window, &of.key));
        let Windows { first_back, count, .. } = of.windows;
        let backs = first_back..first_back.saturating_add(count);
        this.into_iter().flat_map(move |key| {
            backs.clone().map(move |back| StateKey { window: window_before(key.window, back), ..key })
        })
    }

    /// The record of the past event, if the link holds: there is one, not later than this event, at most `within` and
    /// at least `apart` seconds before it, on this day and by the same or another person where that is asked (both
    /// must be known).
    ///
    /// A stored record of another layout is a fault: its words would be read as something they are not.
    pub(super) fn link(&self, link: &LinkUse) -> Option<&[i64]> {
        let past = self.state.link(&self.link_key(link)?)?;
        if self.layout(link).is_none_or(|layout| layout.words as usize != past.len()) {
            self.fault(link);
            return None;
        }
        let age = self.event.time().checked_sub(value(past, Word::TIME))?;
        let in_time = age >= link.apart.unwrap_or(0).max(0) && self.within(link, value(past, Word::TIME))?;
        let on_day = !link.same_day || value(past, Word::DAY) == self.event.day();
        let persons = |words: Option<(Word, Word)>, same: bool| {
            words.is_none_or(|(theirs, ours)| {
                let (theirs, ours) = (Id::read(past, theirs), Id::read(&self.event.words, ours));
                theirs.is_known() && ours.is_known() && (theirs == ours) == same
            })
        };
        (in_time && on_day && persons(link.another, false) && persons(link.same, true)).then_some(past)
    }

    /// Is this event within the time the link asks for? A fault where the working days are not known.
    fn within(&self, link: &LinkUse, since: i64) -> Option<bool> {
        let Some(term) = link.within else { return Some(true) };
        // Later events are found later: their age is below zero.
        if since > self.event.time() {
            return Some(false);
        }
        let program = self.program;
        let holds = term.holds(since, self.event.time(), program.schema.utc_offset, program.work.as_ref());
        if holds.is_none() {
            self.fault(link);
        }
        holds
    }

    /// Where the past event of a link use is stored, or `None` if it is not known whose is meant.
    pub(super) fn link_key(&self, link: &LinkUse) -> Option<StateKey> {
        let known = self.program.links.get(link.link.index())?;
        let id = match &link.key {
            None => Id::UNKNOWN,
            Some(part) => Some(self.id(part)).filter(|id| id.is_known())?,
        };
        let window = known.drawn.as_ref().map_or(0, |drawn| window_before(self.window(drawn.window), link.back));
        Some(StateKey { counter: known.counter, entity: id.0, window })
    }

    /// What the nodes of a rule read besides the event; draws and tickets come from elsewhere.
    pub(super) fn input(&self, input: &Input, decision: &mut Decision) -> Result<i64, StateFault> {
        match input {
            Input::LinkPresent(link) => Ok(i64::from(self.link(link).is_some())),
            Input::LinkWord(link, word) => Ok(self.link_word(link, *word).unwrap_or(0)),
            Input::Measure(measure) => self.measure(measure, decision),
            Input::Bucket(bucket) => {
                let party = self.id(&bucket.party);
                // In no share, not even the whole: the checker asks that it be known.
                Ok(if party.is_known() { crate::ir::key::bucket(bucket.salt, party) } else { 1_000_000 })
            }
            Input::Draw(_) | Input::Ticket(_) => Ok(0),
            Input::Row(row) => Ok(i64::from(self.row(row).is_some())),
            Input::CellPresent(row, column) => Ok(i64::from(self.cell(row, *column).is_some())),
            Input::Cell(row, column) => Ok(self.cell(row, *column).unwrap_or_else(|| self.least(row, *column))),
        }
    }

    fn cell(&self, of: &RowUse, column: u32) -> Option<i64> {
        let (table, row) = self.row(of)?;
        table.cell(row, column)
    }

    fn least(&self, of: &RowUse, column: u32) -> i64 {
        self.program.data.get(of.table.index()).map_or(0, |table| table.least(column))
    }

    /// The row of a data table that this event picks; none if a part of its key is unknown.
    fn row(&self, of: &RowUse) -> Option<(&DataTable, usize)> {
        let table = self.program.data.get(of.table.index())?;
        let mut id: RowId = [0; 2];
        for (to, part) in id.iter_mut().zip(&of.keys) {
            *to = self.row_key(part)?;
        }
        Some((table, table.find(id, &self.program.schema.regions)?))
    }

    fn row_key(&self, part: &RowKey) -> Option<u128> {
        match part {
            RowKey::Id(part) => Some(self.id(part)).filter(|id| id.is_known()).map(|id| id.0),
            RowKey::Word { link, word, present } => {
                let words = match link {
                    None => self.event.words.as_slice(),
                    Some(link) => self.link(link)?,
                };
                if present.is_some_and(|present| value(words, present) != 1) {
                    return None;
                }
                let number = match link {
                    None => value(words, *word),
                    Some(link) => self.link_word(link, *word)?,
                };
                u128::try_from(number).ok()
            }
        }
    }

    fn link_word(&self, link: &LinkUse, word: Word) -> Option<i64> {
        let past = self.link(link)?;
        if !word_allowed(self.layout(link)?, past, word, &self.program.schema) {
            self.fault(link);
            return None;
        }
        Some(value(past, word))
    }

    fn layout(&self, link: &LinkUse) -> Option<&EventSchema> {
        let event = self.program.links.get(link.link.index())?.event;
        self.program.schema.events.get(event.index())
    }

    /// What is stored where an award is kept is none.
    pub(super) fn kept_fault(&self, key: StateKey) {
        // Only the first counts.
        let _ = self.fault.set(StateFault::Link { link: LinkId(u32::MAX), key });
    }

    pub(super) fn fault(&self, link: &LinkUse) {
        let key = self.link_key(link).unwrap_or_default();
        // Only the first counts.
        let _ = self.fault.set(StateFault::Link { link: link.link, key });
    }

    /// A measure with this event's own contribution; the stored part is guarded to exactly this value.
    fn measure(&self, of: &MeasureUse, decision: &mut Decision) -> Result<i64, StateFault> {
        let Some(measure) = self.program.measures.get(of.measure.index()) else {
            return Ok(0);
        };
        let paid = measure.paid.is_some();
        // Nothing bounds what awards add up to, so the most that arithmetic was checked for is the most that is read.
        let read = |value: i64| if paid { value.clamp(-measure.max, measure.max) } else { value };
        // What was taken back can exceed what is left of what was paid.
        let range = if paid { -measure.max..=measure.max } else { 0..=measure.max };
        let mut all: Option<i64> = None;
        for key in self.measure_keys(of) {
            let stored = self.state.counter(&key);
            // What is paid on this event is not there yet.
            let own = if paid { 0 } else { decision.pending(&key) };
            decision.guard(key, stored, stored);
            let fault = |value| StateFault::Measure { measure: of.measure, key, value };
            let value = read(stored.checked_add(own).ok_or(fault(stored))?);
            if !range.contains(&value) {
                return Err(fault(value));
            }
            let folded = match (all, of.windows.fold) {
                (None, _) => value,
                (Some(before), Fold::Sum) => before.saturating_add(value),
                (Some(before), Fold::Least) => before.min(value),
            };
            let folded = read(folded);
            if !range.contains(&folded) {
                return Err(fault(folded));
            }
            all = Some(folded);
        }
        // A debt buys nothing.
        let all = all.unwrap_or(0);
        Ok(if paid { all.max(0) } else { all })
    }

    /// Notes what the event adds to measures and links; that happens whether or not anything is paid.
    pub(super) fn note_history<D: Draws>(&self, draws: &D, decision: &mut Decision) {
        let adds = self.program.past(self.event.event);
        for (id, at) in &adds.measures {
            let measure = self.program.measures.get(id.index());
            let added = measure.and_then(|m| self.contribution(m, m.contributions.get(*at)?));
            if let Some((key, delta)) = added {
                decision.change(key, delta);
            }
        }
        self.note_links(draws, decision, |link, _| link.given.is_none());
    }

    /// Notes the links that remember this event for what its decision gives; that is known when all is paid.
    pub(super) fn note_given<D: Draws>(&self, draws: &D, decision: &mut Decision) {
        self.note_links(draws, decision, |link, decision| {
            let flow = |award: &AwardOut| {
                let rule = self.program.rules.get(award.rule.index());
                rule.and_then(|r| r.awards.get(award.award as usize)).map(|a| a.flow)
            };
            let gives = |award: &AwardOut| match &link.given {
                // What is taken or charged is not given.
                _ if flow(award) != Some(Flow::Give) => false,
                None => false,
                Some(Given::Kind(kind)) => award.kind == *kind,
                Some(Given::Item { name, coupon }) => award
                    .item
                    .and_then(|item| self.program.items.get(item.index()))
                    .is_some_and(|item| item.name == *name && item.coupon == *coupon),
            };
            decision.awards.iter().any(gives)
        });
    }

    fn note_links<D: Draws>(&self, draws: &D, decision: &mut Decision, remembered: impl Fn(&Link, &Decision) -> bool) {
        let links = &self.program.past(self.event.event).links;
        for link in links.iter().filter_map(|id| self.program.links.get(id.index())) {
            let Some(key) = self.remembered_under(link) else { continue };
            if !remembered(link, decision) || decision.links.contains(&key) {
                continue;
            }
            match &link.drawn {
                None => decision.links.push(key),
                Some(drawn) => self.enter(link, drawn, key, draws, decision),
            }
        }
    }

    /// Where a link keeps this event, if it is one it remembers for what it says.
    pub(super) fn remembered_under(&self, link: &Link) -> Option<StateKey> {
        let entity = match link.code {
            None => 0,
            Some(word) => Some(Id::read(&self.event.words, word)).filter(|id| id.is_known())?.0,
        };
        let window = link.drawn.as_ref().map_or(0, |drawn| self.window(drawn.window));
        self.inside(&link.only).then_some(StateKey { counter: link.counter, entity, window })
    }

    fn inside(&self, only: &[(Word, IntervalSet)]) -> bool {
        only.iter().all(|(word, set)| set.contains(value(&self.event.words, *word)))
    }

    fn contribution(&self, measure: &Measure, contribution: &Contribution) -> Option<(StateKey, i64)> {
        let words = &self.event.words;
        let linked = |(input, set): &(Input, IntervalSet)| match input {
            Input::LinkPresent(link) => set.contains(i64::from(self.link(link).is_some())),
            Input::LinkWord(link, word) => set.contains(self.link_word(link, *word).unwrap_or(0)),
            Input::Row(row) => set.contains(i64::from(self.row(row).is_some())),
            Input::CellPresent(row, column) => set.contains(i64::from(self.cell(row, *column).is_some())),
            Input::Cell(row, column) => {
                set.contains(self.cell(row, *column).unwrap_or_else(|| self.least(row, *column)))
            }
            // The compiler makes no other: what an event adds does not depend on sums or draws.
            Input::Measure(_) | Input::Bucket(_) | Input::Draw(_) | Input::Ticket(_) => false,
        };
        if !self.inside(&contribution.only) || !contribution.linked.iter().all(linked) {
            return None;
        }
        let key = self.key(measure.counter, measure.window, &contribution.key)?;
        Some((key, contribution.add.map_or(1, |word| value(words, word))))
    }
}

fn known_id(words: &[i64], word: Word, present: Option<Word>) -> Id {
    match present {
        Some(present) if value(words, present) != 1 => Id::UNKNOWN,
        _ => Id::read(words, word),
    }
}
