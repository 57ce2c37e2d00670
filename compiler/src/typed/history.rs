//! Measures, links and identities: which counter, which past events, which words are compared.

use super::build;
use super::error::Error;
use super::scalar::{Checker, GREATEST_COUNT, GREATEST_SUM, Rule, fact_type, field_at};
use super::{Expr, Kind, Type};
use crate::hir::{self, Fact, Link};
use crate::ir::print::word_name;
use crate::ir::schema::FieldType;
use crate::ir::{self, EventId, Input, IntervalSet, KeyPart, Schema, Word};
use crate::regions::RegionId;
use crate::source::Location;
use std::fmt::Write as _;

/// What a filter asks of an event: every word, and every word of a linked event, lies in its set.
#[derive(Default)]
struct Filter {
    words: Vec<(Word, IntervalSet)>,
    linked: Vec<(Input, IntervalSet)>,
}

impl Checker<'_> {
    /// A use of a link; the link itself is found or added.
    pub fn link(&mut self, link: &Link) -> ir::LinkUse {
        let key = link.key.as_ref().map(|key| Box::new(self.id_of(key)));
        if let Some((term, at)) = link.within {
            self.age(term, at);
        }
        let filter = match &link.filter {
            Some(filter) => self.filter(link.event, filter, false),
            None => Filter::default(),
        };
        let event = self.hir.schema.events.get(link.event.index());
        let named = event.map_or("", |e| e.name.name.as_str());
        let mut name = match &link.drawn {
            None => format!("link/{named}/{}", link.whose),
            Some(drawn) => format!("drawn/{named}/{}/{}", link.whose, drawn.identity),
        };
        name.push_str(&self.identity(link.event, &filter));
        match &link.given {
            None => {}
            Some((ir::Given::Kind(kind), _)) => {
                let kind = self.hir.model.kinds.get(kind.index()).map_or("", |k| k.name.name.as_str());
                let _ = write!(name, "/gave kind {kind}");
            }
            Some((ir::Given::Item { name: item, coupon }, _)) => {
                let _ = write!(name, "/gave {} {item}", if *coupon { "coupon" } else { "product" });
            }
        }
        let mut only = filter.words;
        let campaign = link.drawn.as_ref().and_then(|drawn| drawn.campaign);
        only.extend(campaign.map(|(from, to)| (Word::TIME, IntervalSet::range(from, to))));
        let new = ir::Link {
            counter: ir::key::stable_id(&name),
            event: link.event,
            code: link.past_code,
            only,
            given: link.given.as_ref().map(|(given, _)| given.clone()),
            drawn: link
                .drawn
                .as_ref()
                .map(|d| ir::Drawn { window: d.window, chance: d.per.iter().map(|fact| fact.word).collect() }),
        };
        let found = self.links.iter().position(|l| *l == new).unwrap_or_else(|| {
            self.links.push(new);
            self.links.len() - 1
        });
        if let Some((_, at)) = &link.given
            && !self.given.contains(&(found, *at))
        {
            self.given.push((found, *at));
        }
        ir::LinkUse {
            link: ir::LinkId(found as u32),
            key,
            within: link.within.map(|(term, _)| term),
            apart: link.apart,
            same_day: link.same_day,
            another: link.another,
            same: link.same,
            back: link.drawn.as_ref().map_or(0, |drawn| drawn.back),
        }
    }

    /// The tests of a filter over an event, one word at a time; what is none is reported. Where the event is only
    /// remembered, not counted, nothing is known of its own links.
    fn filter(&mut self, event: EventId, filter: &hir::Expr, may_link: bool) -> Filter {
        if filter.has_error() {
            return Filter::default();
        }
        let before = self.out.0.len();
        let mut rule = Rule::new(self, event);
        let mut tests = Vec::new();
        rule.conjuncts(filter, &mut tests);
        let mut found = Filter::default();
        for test in tests {
            if rule.checker.out.0.len() == before {
                rule.add_test(test, may_link, &mut found);
            }
        }
        if self.out.0.len() > before { Filter::default() } else { found }
    }

    /// What a filter adds to the identity of a counter: the same in both spellings, and for a catalogue or region
    /// tree that has grown elsewhere.
    fn identity(&self, event: EventId, filter: &Filter) -> String {
        let schema = &self.hir.schema;
        let mut tests: Vec<String> =
            filter.words.iter().map(|(word, set)| spelled(schema, event, *word, set)).collect();
        tests.extend(filter.linked.iter().map(|(input, set)| match input {
            Input::LinkWord(link, word) => {
                let past = self.links.get(link.link.index()).map_or(EventId(u32::MAX), |l| l.event);
                format!("{}.{}", self.link_identity(link), spelled(schema, past, *word, set))
            }
            Input::LinkPresent(link) => format!("{} known {:?}", self.link_identity(link), set.ranges()),
            _ => String::new(),
        }));
        tests.sort();
        if tests.is_empty() { String::new() } else { format!("/where {}", tests.join(" and ")) }
    }

    /// Does it read the last event of somebody? What is drawn changes until the draw is held, and cannot be counted by.
    fn of_last(&self, input: &Input) -> bool {
        let (Input::LinkPresent(link) | Input::LinkWord(link, _)) = input else { return false };
        self.links.get(link.link.index()).is_some_and(|link| link.drawn.is_none())
    }

    /// What a link looks up, the same in both spellings and after other links come and go.
    pub(super) fn link_identity(&self, link: &ir::LinkUse) -> String {
        let counter = self.links.get(link.link.index()).map_or(0, |l| l.counter);
        // Seconds as they were written before there were terms in days: the counters go on.
        let within = match link.within {
            Some(ir::Term::Seconds(seconds)) => format!("{:?}", Some(seconds)),
            other => format!("{other:?}"),
        };
        let (apart, day) = (link.apart, link.same_day);
        let (another, same) = (link.another.is_some(), link.same.is_some());
        let whose = match link.key.as_deref() {
            None | Some(KeyPart::Id { .. } | KeyPart::Same(_)) => String::new(),
            Some(KeyPart::LinkId { link, .. }) => self.link_identity(link),
        };
        if link.back > 0 {
            return format!("{counter:016x}[{whose} {} back]", link.back);
        }
        format!("{counter:016x}[{whose} {within} {apart:?} {day} {another} {same}]")
    }
}

impl Rule<'_, '_> {
    fn add_test(&mut self, test: Expr, may_link: bool, out: &mut Filter) {
        let at = test.at;
        let test = match test.kind {
            Kind::And(a, b) => {
                self.add_test(*a, may_link, out);
                self.add_test(*b, may_link, out);
                return;
            }
            other => as_set(&other),
        };
        let empty = match test {
            Some((Kind::Const(_), set)) => set.is_empty(),
            Some((Kind::Word(word), set)) => match out.words.iter_mut().find(|(known, _)| *known == word) {
                Some((_, before)) => {
                    *before = before.intersect(&set);
                    before.is_empty()
                }
                None => {
                    out.words.push((word, set));
                    false
                }
            },
            Some((Kind::Input(input), set)) if may_link && self.checker.of_last(&input) => {
                out.linked.push((input, set));
                false
            }
            _ => {
                self.error(at, Error::FilterTest { at });
                return;
            }
        };
        if empty {
            self.error(at, Error::NeverFires { at, earlier: None });
        }
    }

    pub(super) fn measure(&mut self, m: &hir::Measure, at: Location) -> Expr {
        for party in &m.key {
            self.require(&party.fact, party.at);
        }
        let key: Vec<KeyPart> = m.key.iter().map(|p| self.checker.key_part(p)).collect();
        // What is counted is counted at any time, not only while this rule answers.
        let reach = self.checker.reach.take();
        let counted: Vec<KeyPart> = m.counted_key.iter().map(|p| self.checker.key_part(p)).collect();
        let filter = match &m.filter {
            Some(filter) => self.checker.filter(m.event, filter, true),
            None => Filter::default(),
        };
        self.checker.reach = reach;
        let mut name = m.counter.clone();
        for part in &counted {
            if let KeyPart::LinkId { link, .. } = part {
                let _ = write!(name, "/by {}", self.checker.link_identity(link));
            }
        }
        name.push_str(&self.checker.identity(m.event, &filter));
        let counter = ir::key::stable_id(&name);
        let mut only: Vec<(Word, IntervalSet)> = m.products.iter().cloned().collect();
        // An event whose product is unknown is in no set of products, and its word is the 0 of another one.
        let field = m.products.as_ref().and_then(|(word, _)| field_at(&self.checker.hir.schema, m.event, *word));
        only.extend(field.and_then(|f| f.present).map(|word| (word, IntervalSet::one(1))));
        if let Some((from, to)) = m.campaign {
            only.push((Word::TIME, IntervalSet::range(from, to)));
        }
        only.extend(filter.words);
        let max = if m.add.is_some() { GREATEST_SUM } else { GREATEST_COUNT };
        let found = self.checker.measures.iter().position(|known| known.counter == counter).unwrap_or_else(|| {
            self.checker.measures.push(ir::Measure {
                counter,
                window: m.window,
                max,
                contributions: vec![ir::Contribution {
                    event: m.event,
                    only,
                    linked: filter.linked,
                    key: counted,
                    add: m.add.as_ref().map(|f| f.word),
                }],
                paid: None,
                at,
            });
            self.checker.measures.len() - 1
        });
        let input = Input::Measure(ir::MeasureUse { measure: ir::MeasureId(found as u32), key, windows: m.windows });
        let ty = match &m.add {
            None => Type::Times,
            Some(fact) => fact_type(&self.checker.hir.schema, &fact.ty).0,
        };
        // The windows together hold at most `max`; this event's own contribution comes on top.
        let own = m.add.as_ref().map_or(1, |f| fact_type(&self.checker.hir.schema, &f.ty).2);
        let value = Expr { kind: Kind::Input(input), ty, lo: 0, hi: max + own, at };
        self.in_millionths(value, at)
    }

    /// Two identities are the same one: both are known, and their words are equal.
    pub(super) fn same(&mut self, one: &Fact, two: &Fact, at: Location) -> Expr {
        self.require(one, at);
        self.require(two, at);
        let last = match one.ty {
            // One number; ids have two.
            hir::model::FactType::Product | hir::model::FactType::Region => 0,
            _ => 1,
        };
        let mut all = build::truth(true, at);
        for offset in 0..=last {
            let equal = build::eq(self.id_word(one, offset, at), self.id_word(two, offset, at), at);
            all = build::and(all, equal, at);
        }
        all
    }

    fn id_word(&mut self, fact: &Fact, offset: u32, at: Location) -> Expr {
        let word = if offset == 0 { fact.word } else { fact.word.next() };
        let kind = match &fact.link {
            None => Kind::Word(word),
            Some(link) => Kind::Input(Input::LinkWord(self.checker.link(link), word)),
        };
        Expr { kind, ty: Type::Party, lo: i64::MIN, hi: i64::MAX, at }
    }
}

/// A test as one word or input in a set; a constant is in all or in nothing.
fn as_set(test: &Kind) -> Option<(Kind, IntervalSet)> {
    let all = || IntervalSet::range(i64::MIN, i64::MAX);
    // `factor * what`, as rates are read, against a constant: the greatest value at or below it, and whether it is it.
    let against = |scaled: &Expr, bound: i64| {
        let (what, factor) = match &scaled.kind {
            Kind::Mul(what, factor) => (&what.kind, factor.as_const()?),
            what => (what, 1),
        };
        let plain = matches!(what, Kind::Word(_) | Kind::Input(_)) && factor >= 1;
        plain.then(|| (what.clone(), bound.div_euclid(factor), bound.rem_euclid(factor) == 0))
    };
    let below = |end: i64| IntervalSet::range(i64::MIN, end);
    Some(match test {
        Kind::Const(0) => (Kind::Const(0), IntervalSet::empty()),
        Kind::Const(value) => (Kind::Const(*value), all()),
        Kind::InSet(word, set) => (Kind::Word(*word), set.clone()),
        Kind::InputInSet(input, set) => (Kind::Input(input.clone()), set.clone()),
        Kind::Not(inner) => {
            let (what, set) = as_set(&inner.kind)?;
            (what, all().minus(&set))
        }
        Kind::Le(a, b) => match (a.as_const(), b.as_const()) {
            (Some(least), None) => {
                let (what, floor, exact) = against(b, least)?;
                (what, all().minus(&below(floor.checked_add(i64::from(!exact))?)))
            }
            (None, Some(most)) => {
                let (what, floor, _) = against(a, most)?;
                (what, below(floor.checked_add(1)?))
            }
            _ => return None,
        },
        Kind::Lt(a, b) => match (a.as_const(), b.as_const()) {
            (Some(under), None) => {
                let (what, floor, _) = against(b, under)?;
                (what, all().minus(&below(floor.checked_add(1)?)))
            }
            (None, Some(over)) => {
                let (what, floor, exact) = against(a, over)?;
                (what, below(floor.checked_add(i64::from(!exact))?))
            }
            _ => return None,
        },
        Kind::Eq(a, b) => {
            let (value, other) = match (a.as_const(), b.as_const()) {
                (Some(value), None) => (value, b),
                (None, Some(value)) => (value, a),
                _ => return None,
            };
            let (what, floor, exact) = against(other, value)?;
            (what, if exact { IntervalSet::one(floor) } else { IntervalSet::empty() })
        }
        _ => return None,
    })
}

/// A test of a word as text, ids of products, regions and values replaced by what they stand for.
fn spelled(schema: &Schema, event: EventId, word: Word, set: &IntervalSet) -> String {
    let name = word_name(schema, event, word);
    let names = |name: &dyn Fn(usize) -> Option<String>| {
        let ids = set.ranges().iter().flat_map(|(lo, hi)| *lo..*hi);
        ids.filter_map(|id| name(usize::try_from(id).ok()?)).collect::<Vec<_>>().join(" ")
    };
    let values = match field_at(schema, event, word).map(|f| &f.ty) {
        Some(FieldType::Product) => names(&|id| schema.products.get(id).map(|p| p.sku.clone())),
        Some(FieldType::Region) => {
            let region = |id: usize| (id < schema.regions.len()).then_some(RegionId(id as u32));
            names(&|id| region(id).map(|id| schema.regions.path(id)))
        }
        Some(FieldType::OneOf(values)) => names(&|id| values.get(id).map(|v| v.name.clone())),
        _ => format!("{:?}", set.ranges()),
    };
    format!("{name} in {values}")
}
