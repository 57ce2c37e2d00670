//! Test blocks as data: events in the JSON a scan server would send, and what each must pay. Whoever runs them
//! decodes the events as any other, so a test cannot say what production could not.

mod event;

use crate::ast::{self, Closed, Expectation, Step, StepKind};
use crate::calendar;
use crate::diagnostic::Diagnostics;
use crate::hir::error::{Error, NameKind};
use crate::hir::{self, expr};
use crate::ir::Window;
use crate::source::{Location, SourceId, Spelling};
use event::Given;

/// A test block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub at: Location,
    /// Steps in order.
    pub steps: Vec<CaseStep>,
}

/// One step: events, and what they must pay together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseStep {
    /// Where it stands.
    pub at: Location,
    /// Events as JSON, in order.
    pub events: Vec<String>,
    /// What is expected of them, if the test says.
    pub expect: Option<Expected>,
}

/// What is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Where it stands.
    pub at: Location,
    /// Exactly these awards, in order of payee, kind and item; none: nothing is paid.
    pub awards: Vec<ExpectedAward>,
    /// Some policy refuses for this reason.
    pub because: Option<String>,
}

/// One expected award.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExpectedAward {
    /// The payee's id.
    pub to: String,
    /// Reward kind.
    pub kind: String,
    /// Item.
    pub item: Option<String>,
    /// Fen, points or pieces.
    pub amount: i64,
    /// Fen of tax withheld from it, if the test says.
    pub tax: Option<i64>,
    /// The last second by which it is to be paid, if the test says.
    pub due: Option<i64>,
    /// It is not paid but waits, until this second.
    pub held: Option<i64>,
}

/// The names a test may give as the reason of a refusal, in English and in Chinese; either may stand in any file.
pub const REASONS: &[(&str, &str)] = &[
    ("out_of_scope", "不在范围"),
    ("condition", "条件不成立"),
    ("not_selected", "未选中"),
    ("already_paid", "已奖励过"),
    ("claimed_by_another", "他人已领"),
    ("limit", "超出上限"),
    ("too_soon", "间隔太短"),
    ("invariant", "突破约束"),
    ("pool_used_up", "奖池已空"),
    ("balance", "余额不足"),
    ("claim_expired", "领取期已过"),
    ("claim_open", "仍可领取"),
    ("still_held", "等待中"),
    ("hold_expired", "等待已过"),
    ("budget", "预算不足"),
    ("unknown_party", "相关方未知"),
    ("nothing_due", "无应付奖励"),
    ("group_not_chosen", "未被择取"),
];

/// The reason spelled `text` in either language.
pub fn reason(text: &str) -> Option<(&'static str, &'static str)> {
    REASONS.iter().copied().find(|(en, zh)| *en == text || *zh == text)
}

/// Turns the test blocks of a package into events; what cannot be turned is reported.
pub fn cases(hir: &hir::Package, files: &[ast::File], out: &mut Diagnostics) -> Vec<Case> {
    let mut cases = Vec::new();
    for file in files {
        for item in &file.items {
            let ast::Item::Test(test) = item else { continue };
            let mut b = Builder {
                hir,
                source: file.source,
                spelling: file.spelling,
                out,
                given: Vec::new(),
                mentioned: Vec::new(),
                events: 0,
                last: 0,
                steps: Vec::new(),
            };
            b.mentioned = event::mentioned(&test.steps);
            for step in &test.steps {
                b.step(step);
            }
            let steps = b.steps;
            cases.push(Case { title: test.title.text.clone(), at: test.title.span.at(file.source), steps });
        }
    }
    cases
}

/// Builds one test.
pub(crate) struct Builder<'a> {
    hir: &'a hir::Package,
    source: SourceId,
    spelling: Spelling,
    out: &'a mut Diagnostics,
    given: Vec<Given<'a>>,
    /// Everybody and everything the test speaks of before or while something happens.
    mentioned: Vec<String>,
    events: usize,
    /// Number of the last event that is not about an earlier one.
    last: usize,
    steps: Vec<CaseStep>,
}

impl<'a> Builder<'a> {
    fn error(&mut self, e: Error) {
        self.out.push(e.into_diagnostic(self.spelling));
    }

    fn step(&mut self, step: &'a Step) {
        let at = step.span.at(self.source);
        match &step.kind {
            StepKind::Given { kind, names, facts } => self.given(kind, names, facts),
            StepKind::At { time, event, repeat, of, by, facts } => {
                if event.text == "again" {
                    self.again(at);
                    return;
                }
                let Some(found) =
                    self.hir.schema.events.iter().find(|e| e.name.is(&event.text) && e.period_end.is_none())
                else {
                    let choices = self.hir.model.events.iter().map(|e| e.name.said(self.spelling).to_owned()).collect();
                    let at = event.span.at(self.source);
                    self.error(Error::unknown(at, NameKind::Event, &event.text, choices));
                    return;
                };
                let Ok(second) = calendar::instant(time, self.hir.schema.utc_offset) else {
                    self.error(Error::BadDate { at: time.span.at(self.source) });
                    return;
                };
                let mut events = Vec::new();
                for n in 0..repeat.unwrap_or(1) as usize {
                    let code = of.get(n % of.len().max(1));
                    events.push(self.event(found, second, code, by, facts, repeat.is_some()));
                }
                self.steps.push(CaseStep { at, events, expect: None });
            }
            StepKind::Close { closed, party, facts } => self.close(*closed, party, facts, at),
            StepKind::Expect(expectation) => self.expect(expectation, at),
        }
    }

    fn again(&mut self, at: Location) {
        let last = self.steps.last().map(|s| s.events.clone()).unwrap_or_default();
        self.steps.push(CaseStep { at, events: last, expect: None });
    }

    fn close(&mut self, closed: Closed, party: &'a ast::Name, facts: &'a [ast::TestFact], at: Location) {
        let offset = self.hir.schema.utc_offset;
        let behind = |period: Option<(i64, i64)>| period.map(|(_, end)| end);
        let (window, end) = match closed {
            Closed::Month(year, month) => (Window::Month, behind(calendar::month(year, month, offset))),
            Closed::Quarter(year, quarter) => (Window::Quarter, behind(calendar::quarter(year, quarter, offset))),
            Closed::Year(year) => (Window::Year, behind(calendar::year(year, offset))),
            Closed::Campaign(end) => (Window::Ever, self.campaign_end(&end)),
        };
        let Some(end) = end else {
            self.error(Error::BadDate { at });
            return;
        };
        let role = self.given.iter().find(|g| g.name == party.text).map(|g| g.kind.clone());
        let ends_for = |e: &&crate::ir::schema::EventSchema| {
            e.period_end == Some(window)
                && e.fields
                    .iter()
                    .any(|f| f.path.len() == 2 && f.path.first().is_some_and(|n| Some(&n.name) == role.as_ref()))
        };
        let Some(event) = self.hir.schema.events.iter().find(ends_for) else {
            let at = party.span.at(self.source);
            self.error(match role {
                Some(_) => Error::NoPeriod { at, party: party.text.clone() },
                None => {
                    let choices = self.given.iter().map(|g| g.name.clone()).collect();
                    Error::unknown(at, NameKind::TestParty, &party.text, choices)
                }
            });
            return;
        };
        let by = std::slice::from_ref(party);
        let json = self.event(event, end - 1, None, by, facts, false);
        self.steps.push(CaseStep { at, events: vec![json], expect: None });
    }

    /// Behind the last second of the campaign that ends so: of one that ends on this day, whatever the hour, if a day is said.
    fn campaign_end(&self, end: &ast::DateTime) -> Option<i64> {
        let offset = self.hir.schema.utc_offset;
        let day = |date: &ast::DateTime| (date.year, date.month, date.day);
        let ends = self.hir.policies.iter().filter_map(|policy| policy.during.as_ref().map(|(_, to, _)| to));
        let same = ends.into_iter().find(|to| end.time.is_none() && day(to) == day(end));
        calendar::end_instant(same.unwrap_or(end), offset).ok()
    }

    fn expect(&mut self, expectation: &'a Expectation, at: Location) {
        let expected = match expectation {
            Expectation::Nothing { because } => {
                if let Some(name) = because.as_ref().filter(|name| reason(&name.text).is_none()) {
                    let zh = self.spelling == Spelling::Zh;
                    let choices = REASONS.iter().map(|r| if zh { r.1.to_owned() } else { r.0.to_owned() }).collect();
                    let at = name.span.at(self.source);
                    self.error(Error::unknown(at, NameKind::Choice, &name.text, choices));
                }
                Expected {
                    at,
                    awards: Vec::new(),
                    because: because.as_ref().and_then(|n| reason(&n.text)).map(|r| r.0.to_owned()),
                }
            }
            Expectation::Awards(awards) => {
                let mut all: Vec<ExpectedAward> = awards.iter().filter_map(|a| self.award(a)).collect();
                all.sort();
                Expected { at, awards: all, because: None }
            }
        };
        match self.steps.last_mut() {
            Some(step) => step.expect = Some(expected),
            None => self.error(Error::ExpectsFirst { at }),
        }
    }

    fn award(&mut self, award: &'a ast::ExpectedAward) -> Option<ExpectedAward> {
        // What waits for somebody waits for a role.
        let role = self.hir.model.role(&award.to.text).filter(|_| award.held.is_some());
        let role = role.and_then(|role| self.hir.model.roles.get(role)).map(|role| role.name.name.clone());
        let named = self.mentioned.contains(&award.to.text);
        if !named && role.is_none() {
            let at = award.to.span.at(self.source);
            let choices = self.given.iter().map(|g| g.name.clone()).collect();
            self.error(Error::unknown(at, NameKind::TestParty, &award.to.text, choices));
        }
        let kinds = &self.hir.model.kinds;
        let mut kind = None;
        if let Some(name) = &award.kind {
            let found = self.hir.model.kind(&name.text).and_then(|k| kinds.get(k));
            let Some(found) = found else {
                let choices = kinds.iter().map(|k| k.name.said(self.spelling).to_owned()).collect();
                let at = name.span.at(self.source);
                self.error(Error::unknown(at, NameKind::Kind, &name.text, choices));
                return None;
            };
            kind = Some(found.name.name.clone());
        }
        let at = award.value.span.at(self.source);
        let (item, amount) = match &award.value.kind {
            ast::ExprKind::ItemOf { count, item } => {
                let coupon = self.hir.coupons.iter().any(|c| c.name == item.text);
                let skus = &self.hir.schema.products;
                if !coupon && !skus.iter().any(|p| p.sku == item.text) {
                    let choices = skus.iter().map(|p| p.sku.clone());
                    let choices = choices.chain(self.hir.coupons.iter().map(|c| c.name.clone())).collect();
                    let at = item.span.at(self.source);
                    self.error(Error::unknown(at, NameKind::Item, &item.text, choices));
                    return None;
                }
                kind.get_or_insert_with(|| if coupon { "coupon".into() } else { "goods".into() });
                (Some(item.text.clone()), self.whole(count))
            }
            value => {
                if let (None, ast::ExprKind::Number(ast::Number { unit: ast::Unit::Named(unit), .. })) = (&kind, value)
                {
                    // `20 points`: the unit is the kind's own name.
                    let own = self.hir.model.kind(&unit.text).and_then(|k| kinds.get(k));
                    kind = own.map(|k| k.name.name.clone());
                }
                let class = kinds.iter().find(|k| Some(&k.name.name) == kind.as_ref()).and_then(|k| k.class);
                (None, self.whole(&award.value).filter(|_| counted_in(class, &award.value)))
            }
        };
        let (Some(kind), Some(amount)) = (kind, amount) else {
            self.error(Error::NotAmount { at });
            return None;
        };
        let (due, held) = (self.last_second(award.due.as_ref())?, self.last_second(award.held.as_ref())?);
        let to = role.filter(|_| !named).unwrap_or_else(|| award.to.text.clone());
        let tax = match &award.tax {
            None => None,
            Some(tax) => {
                let fen = expr::fact_bound(tax, &tax.unit, &self.hir.model).filter(|_| is_money(&tax.unit));
                if fen.is_none() {
                    let at = tax.span.at(self.source);
                    self.error(Error::NotAmount { at });
                }
                Some(fen?)
            }
        };
        Some(ExpectedAward { to, kind, item, amount, tax, due, held })
    }

    /// A time is that second, a date the last of its day; `None` only if it is none.
    fn last_second(&mut self, date: Option<&ast::DateTime>) -> Option<Option<i64>> {
        let Some(date) = date else { return Some(None) };
        match calendar::end_instant(date, self.hir.model.utc_offset) {
            Ok(end) => Some(Some(end - i64::from(date.time.is_none()))),
            Err(_) => {
                let at = date.span.at(self.source);
                self.error(Error::BadDate { at });
                None
            }
        }
    }

    /// A literal in the units of the record.
    fn whole(&mut self, e: &ast::Expr) -> Option<i64> {
        let ast::ExprKind::Number(n) = &e.kind else { return None };
        expr::fact_bound(n, &n.unit, &self.hir.model)
    }
}

/// Is this literal an amount of a kind that is counted so?
fn counted_in(class: Option<ast::RewardClass>, e: &ast::Expr) -> bool {
    let ast::ExprKind::Number(n) = &e.kind else { return false };
    match (class, &n.unit) {
        (Some(ast::RewardClass::Money), unit) => is_money(unit),
        (Some(ast::RewardClass::Points), ast::Unit::Named(unit)) => matches!(&*unit.text, "points" | "point" | "积分"),
        (Some(ast::RewardClass::Points), ast::Unit::None) => true,
        _ => false,
    }
}

fn is_money(unit: &ast::Unit) -> bool {
    matches!(unit, ast::Unit::Named(name) if matches!(&*name.text, "yuan" | "元" | "fen" | "分"))
}
