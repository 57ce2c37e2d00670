//! What a condition or an amount is short of: the nodes that said no are evaluated again with one value moved, until
//! they say yes.

use super::{Change, Found, Missing, Place, untried};
use crate::ir::eval;
use crate::ir::key::{StateKey, local_day};
use crate::ir::record::value;
use crate::ir::schema::{EventSchema, Field, FieldType};
use crate::ir::settle::{Context, Decision, Draws, StateView};
use crate::ir::{
    EventId, Fold, Input, InputId, IntervalSet, LinkUse, MeasureUse, Node, NodeId, Rule, RuleId, Test, Window, Word,
};

/// Values so near are tried one by one where a test holds for single ones only (multiples of a step).
const ONE_BY_ONE: i64 = 1_000;
/// Times are looked for in these steps (opening hours and days of the week begin on them) for so many days, then at
/// the beginning of each day.
const STEP: i64 = 600;
const STEPS_A_DAY: i64 = 86_400 / STEP;
const DAYS_BY_STEPS: i64 = 8;
const DAYS: i64 = 400;

/// The values one rule was evaluated on.
pub(super) struct Search<'a, S> {
    context: &'a Context<'a, S>,
    rule: &'a Rule,
    inputs: Vec<i64>,
    /// What the event adds to measures.
    noted: Decision,
}

/// What can be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variable {
    Word(Word),
    Time,
    Input(InputId),
}

/// What a boolean node comes down to: one side plus `slack` is at most the other.
#[derive(Clone, Copy)]
struct AtMost(Side, Side, i64);

#[derive(Clone, Copy)]
enum Side {
    Node(NodeId),
    Value(i64),
}

/// What is wanted of a node.
#[derive(Clone, Copy)]
struct Wish {
    node: NodeId,
    /// It is true, or false; of an amount, above zero.
    want: Want,
    /// Where to look: the way a far value is approached. `None`: as `want`.
    towards: Option<AtMost>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    True,
    False,
    Positive,
}

/// Something found, the less the nearer.
type Ranked = ((u8, i64), Found);

impl<S: StateView> Context<'_, S> {
    /// The values this rule is evaluated on; `None` if the state is faulty.
    pub(super) fn search<'a, D: Draws>(&'a self, id: RuleId, rule: &'a Rule, draws: &D) -> Option<Search<'a, S>> {
        let (mut inputs, mut decision) = (Vec::new(), Decision::default());
        // What the event adds to a measure is part of it.
        self.note_history(draws, &mut decision);
        self.inputs(id, rule, draws, &mut decision, &mut inputs).ok()?;
        Some(Search { context: self, rule, inputs, noted: decision })
    }
}

impl<S: StateView> Search<'_, S> {
    /// What the test of a condition is short of.
    pub(super) fn test(&self, test: &Test) -> Option<Found> {
        match test {
            Test::InSet(word, set) => self.word_in(*word, set),
            Test::Node(node) => self.goal(*node, true).map(|ranked| ranked.1),
        }
    }

    /// What a word is short of lying in a set.
    pub(super) fn word_in(&self, word: Word, set: &IntervalSet) -> Option<Found> {
        if matches!(word, Word::TIME | Word::DAY) {
            let holds = |time: i64| set.contains(if word == Word::TIME { time } else { self.day(time) });
            return self.time(holds).map(|ranked| ranked.1);
        }
        let ranges = set.ranges().iter().flat_map(|(lo, hi)| [*lo, hi.saturating_sub(1)]);
        // Where a set of values without order begins and ends again.
        let edges: Vec<i64> = ranges.flat_map(|edge| [edge, edge.saturating_add(1)]).collect();
        self.word(word, |value| set.contains(value), &edges).map(|ranked| ranked.1)
    }

    /// Which awards have an amount.
    pub(super) fn due(&self) -> Vec<bool> {
        self.rule.awards.iter().map(|award| self.now(award.amount).is_some_and(|v| v > 0)).collect()
    }

    /// What the first of all amounts is short of being one.
    pub(super) fn amounts(&self) -> Option<Found> {
        let wish =
            |node| Wish { node, want: Want::Positive, towards: Some(AtMost(Side::Value(1), Side::Node(node), 0)) };
        let all = self.rule.awards.iter().filter_map(|award| self.leaf(wish(award.amount)));
        all.min_by_key(|ranked| ranked.0).map(|ranked| ranked.1)
    }

    /// What a node is short of being true or false. Of a conjunction the first part that fails counts: deciding again
    /// shows whether there are more. Of alternatives the nearest does.
    fn goal(&self, node: NodeId, want: bool) -> Option<Ranked> {
        let fails = |node: NodeId| self.now(node).is_none_or(|v| (v != 0) != want);
        let nearer = |a: Option<Ranked>, b: Option<Ranked>| match (a, b) {
            (Some(a), Some(b)) if b.0 < a.0 => Some(b),
            (a, b) => a.or(b),
        };
        let truth = if want { Want::True } else { Want::False };
        let towards = |towards| self.leaf(Wish { node, want: truth, towards });
        let at_most = |a, b, slack| Some(AtMost(Side::Node(a), Side::Node(b), slack));
        let below = |a: NodeId, b: NodeId| self.now(a) < self.now(b);
        match (*self.rule.nodes.get(node.index())?, want) {
            (Node::Not(a), _) => self.goal(a, !want),
            (Node::And(a, b), true) | (Node::Or(a, b), false) => {
                // A range, or days of the week: one thing to move, both parts to hold.
                match self.discrete(node) {
                    true => towards(None),
                    false => self.goal(if fails(a) { a } else { b }, want),
                }
            }
            (Node::And(a, b), false) | (Node::Or(a, b), true) => match self.discrete(node) {
                true => towards(None),
                false => nearer(self.goal(a, want), self.goal(b, want)),
            },
            (Node::Le(a, b), true) => towards(at_most(a, b, 0)),
            (Node::Le(a, b), false) => towards(at_most(b, a, 1)),
            (Node::Lt(a, b), true) => towards(at_most(a, b, 1)),
            (Node::Lt(a, b), false) => towards(at_most(b, a, 0)),
            (Node::Eq(a, b), true) if below(a, b) => towards(at_most(b, a, 0)),
            (Node::Eq(a, b), true) => towards(at_most(a, b, 0)),
            (Node::Within(a, lo, _), true) if self.now(a)? < lo => {
                towards(Some(AtMost(Side::Value(lo), Side::Node(a), 0)))
            }
            (Node::Within(a, _, hi), true) => towards(Some(AtMost(Side::Node(a), Side::Value(hi), 1))),
            _ => towards(None),
        }
    }

    /// Is there one thing to move, and it has no order: one of several values, or the time?
    fn discrete(&self, node: NodeId) -> bool {
        let variables = self.variables(&eval::cone(self.rule, node));
        let [variable] = variables.as_slice() else { return false };
        match variable {
            Variable::Time => true,
            Variable::Word(word) => match self.field(self.rule.event, *word) {
                Some(Slot::Value(field)) => values_of(self.context.program, &field.ty).is_some(),
                Some(Slot::Present(_)) => true,
                None => false,
            },
            Variable::Input(input) => match self.rule.inputs.get(input.index()) {
                Some(Input::LinkWord(link, word)) => {
                    let slot = self.past(link).and_then(|event| self.field(event, *word));
                    matches!(slot, Some(Slot::Value(field)) if values_of(self.context.program, &field.ty).is_some())
                }
                _ => false,
            },
        }
    }

    /// The nearest value of anything in a node with which it is as wished.
    fn leaf(&self, wish: Wish) -> Option<Ranked> {
        let cone = eval::cone(self.rule, wish.node);
        let found = self.variables(&cone).into_iter().filter_map(|variable| self.vary(variable, wish, &cone));
        found.min_by_key(|ranked| ranked.0)
    }

    fn vary(&self, variable: Variable, wish: Wish, cone: &[NodeId]) -> Option<Ranked> {
        let trial = |value: i64| {
            let (mut words, mut inputs) = (self.context.event.words.clone(), self.inputs.clone());
            match variable {
                Variable::Word(word) => set(&mut words, word.index(), value),
                Variable::Input(input) => set(&mut inputs, input.index(), value),
                Variable::Time => {
                    set(&mut words, Word::TIME.index(), value);
                    set(&mut words, Word::DAY.index(), self.day(value));
                }
            }
            eval::values(self.context.program, self.rule, cone, &words, &inputs)
        };
        let holds = |value: i64| {
            let found = trial(value).get(wish.node.index()).copied().flatten();
            found.is_some_and(|found| match wish.want {
                Want::True => found != 0,
                Want::False => found == 0,
                Want::Positive => found > 0,
            })
        };
        let near = |value: i64| match wish.towards {
            None => holds(value),
            Some(AtMost(a, b, slack)) => {
                let values = trial(value);
                let side = |side| match side {
                    Side::Node(node) => values.get(NodeId::index(node)).copied().flatten(),
                    Side::Value(value) => Some(value),
                };
                side(a).zip(side(b)).is_some_and(|(a, b)| i128::from(a) + i128::from(slack) <= i128::from(b))
            }
        };
        match variable {
            Variable::Time => self.time(holds),
            Variable::Word(word) => {
                let number = self.context.event.words.get(word.index()).copied()?;
                let edges: Vec<i64> = match self.field(self.rule.event, word)? {
                    Slot::Value(Field { ty, .. }) => match (bounds(ty), values_of(self.context.program, ty)) {
                        (Some(bounds), _) => far(number, bounds, near),
                        (None, Some(count)) => self.told_apart(Node::Fact(word), cone, count),
                        (None, None) => return None,
                    },
                    Slot::Present(_) => Vec::new(),
                };
                self.word(word, holds, &edges)
            }
            Variable::Input(input) => match self.rule.inputs.get(input.index())? {
                Input::Measure(used) => self.measure(used, *self.inputs.get(input.index())?, holds, near),
                Input::LinkWord(link, word) => {
                    let now = *self.inputs.get(input.index())?;
                    let apart = |count| self.told_apart(Node::Input(input), cone, count);
                    self.past_word(link, *word, now, holds, near, apart)
                }
                Input::LinkPresent(link) if holds(1) => self.earlier(link),
                Input::Row(row) | Input::CellPresent(row, _) if holds(1) => {
                    Some(((6, 0), untried(Missing::Row(row.table))))
                }
                Input::LinkPresent(_)
                | Input::Row(_)
                | Input::CellPresent(..)
                | Input::Cell(..)
                | Input::Bucket(_)
                | Input::Draw(_)
                | Input::Ticket(_) => None,
            },
        }
    }

    /// Moves a word of the event.
    fn word(&self, word: Word, holds: impl Fn(i64) -> bool, edges: &[i64]) -> Option<Ranked> {
        let place = Place { event: self.rule.event, link: None, word };
        let now = value(&self.context.event.words, word);
        match self.field(self.rule.event, word)? {
            Slot::Present(field) => {
                let known = holds(1);
                let place = Place { word: field.word, ..place };
                (known || holds(0)).then(|| ((4, 0), untried(Missing::Known { place, known })))
            }
            Slot::Value(field) => {
                let known = field.present.is_none_or(|present| value(&self.context.event.words, present) == 1);
                let ((rank, size), missing) = self.fact(place, field, now, holds, edges)?;
                let change = match &missing {
                    _ if !known => None,
                    Missing::Number { to, .. } => Some(Change::Word(word, *to)),
                    Missing::Value { of, .. } => Some(Change::Word(word, of.first()?)),
                    _ => None,
                };
                Some(((rank, size), Found { missing, change }))
            }
        }
    }

    /// Moves a word of an earlier event. What has happened does not change, so this is a hint for the next time.
    fn past_word(
        &self,
        link: &LinkUse,
        word: Word,
        now: i64,
        holds: impl Fn(i64) -> bool,
        near: impl Fn(i64) -> bool,
        apart: impl Fn(i64) -> Vec<i64>,
    ) -> Option<Ranked> {
        let event = self.past(link)?;
        let place = Place { event, link: Some(link.link), word };
        let Slot::Value(field) = self.field(event, word)? else { return None };
        let edges = match (bounds(&field.ty), values_of(self.context.program, &field.ty)) {
            (Some(bounds), _) => far(now, bounds, near),
            (None, count) => apart(count?),
        };
        let ((rank, size), missing) = self.fact(place, field, now, holds, &edges)?;
        Some(((rank + 2, size), untried(missing)))
    }

    fn fact(
        &self,
        place: Place,
        field: &Field,
        now: i64,
        holds: impl Fn(i64) -> bool,
        edges: &[i64],
    ) -> Option<((u8, i64), Missing)> {
        if let Some(count) = values_of(self.context.program, &field.ty) {
            let of = alike(count, edges).filter(|(first, _)| holds(*first));
            let of = IntervalSet::from_ranges(of);
            return (!of.is_empty()).then_some(((3, 0), Missing::Value { place, of }));
        }
        let (lo, hi) = bounds(&field.ty)?;
        let to = closest(now, (lo, hi), holds, edges)?;
        let by = to.checked_sub(now)?;
        let rank = if matches!(field.ty, FieldType::Number { .. }) { 1 } else { 5 };
        Some(((rank, by.saturating_abs()), Missing::Number { place, by, to }))
    }

    /// Moves a measure: up by what happens still, down by waiting until what happened is in its windows no more.
    fn measure(
        &self,
        used: &MeasureUse,
        now: i64,
        holds: impl Fn(i64) -> bool,
        near: impl Fn(i64) -> bool,
    ) -> Option<Ranked> {
        let measure = self.context.program.measures.get(used.measure.index())?;
        let most = measure.max;
        let edges = far(now, (0, most), near);
        let to = closest(now, (0, most), &holds, &edges)?;
        let stored: Vec<(StateKey, i64)> =
            self.context.measure_keys(used).map(|key| (key, self.context.state.counter(&key))).collect();
        if to < now && measure.window != Window::Ever && measure.paid.is_none() && used.windows.first_back == 0 {
            let own = now.saturating_sub(stored.iter().fold(0i64, |sum, (_, value)| sum.saturating_add(*value)));
            let own = if used.windows.fold == Fold::Sum { own.max(0) } else { 0 };
            return self.lapsed(measure.window, &stored, own, &holds);
        }
        // Only windows that are short count where each of them must reach it.
        let (back, key, value) = match used.windows.fold {
            Fold::Sum => stored.first().map(|(key, _)| (0, *key, now))?,
            Fold::Least => {
                let own = |at: usize| if at == 0 && used.windows.first_back == 0 { self.own(used) } else { 0 };
                let all = stored.iter().enumerate().map(|(at, (key, value))| (at, *key, value.saturating_add(own(at))));
                let mut short = all.filter(|(_, _, value)| *value < to);
                short.next().map(|(at, key, value)| (at as u32, key, value))?
            }
        };
        let by = to.checked_sub(value).filter(|by| *by != 0)?;
        let before = self.context.state.counter(&key);
        // A debt reads as nothing and must be paid first.
        let debt = if measure.paid.is_some() { before.min(0) } else { 0 };
        let by = by.checked_sub(debt)?;
        let missing =
            Missing::Measure { measure: used.measure, key, back: used.windows.first_back.checked_add(back)?, by };
        let change = Some(Change::Counter(key, before.checked_add(by)?));
        Some(((0, by.saturating_abs()), Found { missing, change }))
    }

    /// What this event itself adds to a measure in its own window.
    fn own(&self, used: &MeasureUse) -> i64 {
        let first = self.context.measure_keys(used).next();
        first.map_or(0, |key| self.noted.pending(&key))
    }

    /// When enough of the windows read now are behind.
    fn lapsed(
        &self,
        window: Window,
        stored: &[(StateKey, i64)],
        own: i64,
        holds: &impl Fn(i64) -> bool,
    ) -> Option<Ranked> {
        let offset = self.context.program.schema.utc_offset;
        let mut next = self.context.event.time();
        for passed in 1..=stored.len() {
            (_, next) = crate::calendar::window(window, next, offset)?;
            let left = stored.iter().take(stored.len() - passed).fold(0i64, |sum, (_, v)| sum.saturating_add(*v));
            if holds(left.saturating_add(own)) {
                return self.context.covers(self.rule, next).then(|| ((2, 0), untried(Missing::From(next))));
            }
        }
        None
    }

    /// The past event that is not there, or not yet so long ago.
    fn earlier(&self, link: &LinkUse) -> Option<Ranked> {
        let key = self.context.link_key(link);
        let known = key.and_then(|key| self.context.state.link(&key)).map(|past| value(past, Word::TIME));
        if let (Some(then), Some(apart)) = (known, link.apart) {
            let ripe = then.checked_add(apart)?;
            if self.context.event.time() < ripe && self.context.covers(self.rule, ripe) {
                return Some(((2, 0), untried(Missing::From(ripe))));
            }
        }
        Some(((4, 0), untried(Missing::Earlier(link.link))))
    }

    /// The next time at which it holds, else the last one at which it did.
    fn time(&self, holds: impl Fn(i64) -> bool) -> Option<Ranked> {
        let holds = |time: i64| holds(time) && self.context.covers(self.rule, time);
        let now = self.context.event.time();
        let step = now.div_euclid(STEP).checked_mul(STEP)?;
        let offset = self.context.program.schema.utc_offset;
        let today = self.day(now);
        let midnight = |ahead: i64| today.checked_add(ahead).map(|day| crate::calendar::day_start(day, offset));
        let steps = (1..=DAYS_BY_STEPS * STEPS_A_DAY).filter_map(|n| step.checked_add(n * STEP));
        let ahead = steps.chain((DAYS_BY_STEPS + 1..=DAYS).filter_map(midnight));
        let mut before = now;
        for time in ahead {
            if holds(time) {
                return Some(((2, 0), untried(Missing::From(edge(before, time, &holds)))));
            }
            before = time;
        }
        let steps = (0..=2 * STEPS_A_DAY).filter_map(|n| step.checked_sub(n * STEP)).filter(|time| *time < now);
        let behind = steps.chain((3..=DAYS).filter_map(|n| midnight(1 - n)?.checked_sub(1)));
        let mut after = now;
        for time in behind {
            if holds(time) {
                return Some(((5, 0), untried(Missing::Until(edge(after, time, &holds)))));
            }
            after = time;
        }
        None
    }

    fn day(&self, time: i64) -> i64 {
        local_day(time, self.context.program.schema.utc_offset)
    }

    /// The value of a node as it was.
    fn now(&self, node: NodeId) -> Option<i64> {
        let cone = eval::cone(self.rule, node);
        let values = eval::values(self.context.program, self.rule, &cone, &self.context.event.words, &self.inputs);
        values.get(node.index()).copied().flatten()
    }

    /// What the nodes of a cone read, each once; the time is one thing.
    fn variables(&self, cone: &[NodeId]) -> Vec<Variable> {
        let mut all = Vec::new();
        for node in cone.iter().filter_map(|node| self.rule.nodes.get(node.index())) {
            let variable = match node {
                Node::Fact(Word::TIME | Word::DAY) => Variable::Time,
                Node::Fact(word) => Variable::Word(*word),
                Node::Input(input) => Variable::Input(*input),
                _ => continue,
            };
            if !all.contains(&variable) {
                all.push(variable);
            }
        }
        all
    }

    /// Where the values of a word without order begin to be told apart by the nodes that read it: a table over three
    /// thousand regions tells a dozen of them.
    fn told_apart(&self, variable: Node, cone: &[NodeId], count: i64) -> Vec<i64> {
        let node = |id: NodeId| self.rule.nodes.get(id.index()).copied();
        let reads = |id: NodeId| node(id) == Some(variable);
        let mut edges = Vec::new();
        for user in cone.iter().filter_map(|id| node(*id)) {
            match user {
                Node::Within(a, lo, hi) if reads(a) => edges.extend([lo, hi]),
                Node::Eq(a, b) if reads(a) || reads(b) => match node(if reads(a) { b } else { a }) {
                    Some(Node::Const(value)) => edges.extend([value, value.saturating_add(1)]),
                    _ => return (0..count).collect(),
                },
                user if eval::operands(user).into_iter().flatten().any(reads) => return (0..count).collect(),
                _ => {}
            }
        }
        edges
    }

    fn past(&self, link: &LinkUse) -> Option<EventId> {
        Some(self.context.program.links.get(link.link.index())?.event)
    }

    fn field(&self, event: EventId, word: Word) -> Option<Slot<'_>> {
        let layout: &EventSchema = self.context.program.schema.events.get(event.index())?;
        let value = layout.fields.iter().find(|field| field.word == word).map(Slot::Value);
        value.or_else(|| layout.fields.iter().find(|field| field.present == Some(word)).map(Slot::Present))
    }
}

/// What a word of a record is.
enum Slot<'a> {
    Value(&'a Field),
    Present(&'a Field),
}

/// How many values there are, where they have no order.
fn values_of(program: &crate::ir::Program, ty: &FieldType) -> Option<i64> {
    let count = match ty {
        FieldType::YesNo => 2,
        FieldType::OneOf(values) => values.len(),
        FieldType::Product => program.schema.products.len(),
        FieldType::Region => program.schema.regions.len(),
        FieldType::Instant | FieldType::Date | FieldType::Id | FieldType::Number { .. } => return None,
    };
    i64::try_from(count).ok()
}

/// The values below `count` in ranges that begin at the edges: those of one range are not told apart.
fn alike(count: i64, edges: &[i64]) -> impl Iterator<Item = (i64, i64)> {
    let mut firsts: Vec<i64> = edges.iter().copied().filter(|edge| (1..count).contains(edge)).chain([0]).collect();
    firsts.sort_unstable();
    firsts.dedup();
    let ends: Vec<i64> = firsts.iter().skip(1).copied().chain([count]).collect();
    firsts.into_iter().zip(ends)
}

/// The least and the greatest value, where they have an order.
fn bounds(ty: &FieldType) -> Option<(i64, i64)> {
    use crate::ir::record::{DATES, INSTANTS};
    match ty {
        FieldType::Number { lo, hi, .. } => Some((*lo, *hi)),
        FieldType::Date => Some((DATES.0, DATES.1 - 1)),
        FieldType::Instant => Some((INSTANTS.0, INSTANTS.1 - 1)),
        FieldType::YesNo | FieldType::OneOf(_) | FieldType::Product | FieldType::Region | FieldType::Id => None,
    }
}

/// The nearest values above and below from which on `near` holds, if it does as far as that.
fn far(now: i64, (lo, hi): (i64, i64), near: impl Fn(i64) -> bool) -> Vec<i64> {
    let mut found = Vec::new();
    for end in [hi, lo] {
        let (mut before, mut step) = (now, 1i64);
        loop {
            let next = if end >= now { now.saturating_add(step).min(end) } else { now.saturating_sub(step).max(end) };
            if near(next) {
                found.push(edge(before, next, &near));
                break;
            }
            if next == end {
                break;
            }
            (before, step) = (next, step.saturating_mul(2));
        }
    }
    found
}

/// The nearest value inside the bounds for which it holds: one of the edges, else one by one where it is near.
fn closest(now: i64, (lo, hi): (i64, i64), holds: impl Fn(i64) -> bool, edges: &[i64]) -> Option<i64> {
    let inside = |value: &i64| (lo..=hi).contains(value);
    let edges = edges.iter().copied().filter(|value| inside(value) && holds(*value));
    edges.min_by_key(|value| value.abs_diff(now)).or_else(|| {
        let around = (1..=ONE_BY_ONE).flat_map(|d| [now.checked_add(d), now.checked_sub(d)]).flatten();
        around.filter(inside).find(|value| holds(*value))
    })
}

/// The value nearest to `no` for which it holds, of all between it and `yes`, for which it does.
fn edge(mut no: i64, mut yes: i64, holds: &impl Fn(i64) -> bool) -> i64 {
    while yes.abs_diff(no) > 1 {
        let middle = no.midpoint(yes);
        if holds(middle) {
            yes = middle;
        } else {
            no = middle;
        }
    }
    yes
}

fn set(values: &mut [i64], at: usize, value: i64) {
    if let Some(slot) = values.get_mut(at) {
        *slot = value;
    }
}
