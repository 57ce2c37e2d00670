//! How keys, links and measures are read: in one place for the decision and for the plan of what it will read.

use super::{Context, Decision, StateView};
use crate::diagnostic::{Code, Text};
use crate::ir::data::RowId;
use crate::ir::key::{Entity, StateKey, window_id};
use crate::ir::record::{EventRecord, Id, value, word_allowed};
use crate::ir::schema::EventSchema;
use crate::ir::{
    Contribution, DataTable, Input, KeyPart, LinkId, LinkUse, Measure, MeasureId, MeasureUse, Program, RowKey, RowUse,
    RuleId, Window, Word,
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
        Some(StateKey { counter, entity: self.entity(parts)?, window: window_id(window, self.event.day()) })
    }

    /// The record of the past event, if the link holds: there is one on this code, not later than this event, at
    /// most `within` seconds before it, and by another person where that is asked (both must be known).
    ///
    /// A stored record of another layout is a fault: its words would be read as something they are not.
    pub(super) fn link(&self, link: &LinkUse) -> Option<&[i64]> {
        let past = self.state.link(&link_key(self.program, self.event, link)?)?;
        if self.layout(link).is_none_or(|layout| layout.words as usize != past.len()) {
            self.fault(link);
            return None;
        }
        let age = self.event.time().checked_sub(value(past, Word::TIME))?;
        let in_time = age >= 0 && link.within.is_none_or(|most| age <= most);
        let other = link.another.is_none_or(|(theirs, ours)| {
            let (theirs, ours) = (Id::read(past, theirs), Id::read(&self.event.words, ours));
            theirs.is_known() && ours.is_known() && theirs != ours
        });
        (in_time && other).then_some(past)
    }

    /// What the nodes of a rule read besides the event; draws and tickets come from elsewhere.
    pub(super) fn input(&self, input: &Input, decision: &mut Decision) -> Result<i64, StateFault> {
        match input {
            Input::LinkPresent(link) => Ok(i64::from(self.link(link).is_some())),
            Input::LinkWord(link, word) => Ok(self.link_word(link, *word).unwrap_or(0)),
            Input::Measure(measure) => self.measure(measure, decision),
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

    fn fault(&self, link: &LinkUse) {
        let key = link_key(self.program, self.event, link).unwrap_or_default();
        // Only the first counts.
        let _ = self.fault.set(StateFault::Link { link: link.link, key });
    }

    /// A measure with this event's own contribution; the stored part is guarded to exactly this value.
    fn measure(&self, of: &MeasureUse, decision: &mut Decision) -> Result<i64, StateFault> {
        let Some(measure) = self.program.measures.get(of.measure.index()) else {
            return Ok(0);
        };
        let Some(key) = self.key(measure.counter, measure.window, &of.key) else {
            return Ok(0);
        };
        let stored = self.state.counter(&key);
        let own = decision.changes.iter().find(|c| c.key == key).map_or(0, |c| c.delta);
        decision.guard(key, stored, stored);
        if measure.paid.is_some() && (-measure.max..=measure.max).contains(&stored) {
            // What was taken back can exceed what is left: a debt buys nothing.
            return Ok(stored.max(0));
        }
        match stored.checked_add(own) {
            Some(value) if (0..=measure.max).contains(&value) => Ok(value),
            sum => Err(StateFault::Measure { measure: of.measure, key, value: sum.unwrap_or(stored) }),
        }
    }

    /// Notes what the event adds to measures and links; that happens whether or not anything is paid.
    pub(super) fn note_history(&self, decision: &mut Decision) {
        for measure in &self.program.measures {
            for contribution in measure.contributions.iter().filter(|c| c.event == self.event.event) {
                if let Some((key, delta)) = self.contribution(measure, contribution) {
                    decision.change(key, delta);
                }
            }
        }
        for link in self.program.links.iter().filter(|l| l.event == self.event.event) {
            let code = Id::read(&self.event.words, link.code);
            let key = StateKey { counter: link.counter, entity: code.0, window: 0 };
            if code.is_known() && !decision.links.contains(&key) {
                decision.links.push(key);
            }
        }
    }

    fn contribution(&self, measure: &Measure, contribution: &Contribution) -> Option<(StateKey, i64)> {
        let words = &self.event.words;
        if !contribution.only.iter().all(|(word, set)| set.contains(value(words, *word))) {
            return None;
        }
        let key = self.key(measure.counter, measure.window, &contribution.key)?;
        Some((key, contribution.add.map_or(1, |word| value(words, word))))
    }
}

/// Where the past event of a link use is stored, or `None` if this event has no such code.
pub(super) fn link_key(program: &Program, event: &EventRecord, link: &LinkUse) -> Option<StateKey> {
    let counter = program.links.get(link.link.index())?.counter;
    let code = Id::read(&event.words, link.code);
    code.is_known().then_some(StateKey { counter, entity: code.0, window: 0 })
}

fn known_id(words: &[i64], word: Word, present: Option<Word>) -> Id {
    match present {
        Some(present) if value(words, present) != 1 => Id::UNKNOWN,
        _ => Id::read(words, word),
    }
}
