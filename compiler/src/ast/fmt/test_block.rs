//! Tests. Parties, codes and reasons are the test's own names; facts, roles and events are the model's.

use super::Fmt;
use super::amount::Level;
use crate::ast::{Closed, Expectation, ExpectedAward, Expr, ExprKind, Name, StepKind, Test, TestFact};

impl Fmt<'_> {
    pub(super) fn test(&mut self, t: &Test) {
        self.kw("test");
        self.put(" ");
        self.quote(&t.title.text);
        self.put(" {");
        self.open();
        for step in &t.steps {
            self.line(step.span.start);
            self.step(&step.kind);
        }
        self.close(t.span.end.saturating_sub(1));
    }

    fn step(&mut self, step: &StepKind) {
        match step {
            StepKind::Given { kind, names, facts } => {
                self.kw("given");
                self.put(" ");
                self.model(kind);
                self.put(" ");
                self.list(names, Self::own);
                self.test_facts(facts);
            }
            StepKind::At { time, event, repeat, of, by, facts } => {
                self.kw("at");
                self.put(" ");
                self.datetime(time);
                self.put(" ");
                // a quoted `"again"` is an event of that name
                let quoted = self.text.get(event.span.start as usize..).is_some_and(|t| t.starts_with(['"', '“', '”']));
                if event.text == "again" && !quoted {
                    self.kw("again");
                } else if event.text == "again" || event.text == "重试" {
                    self.quote(&event.text);
                } else {
                    self.model(event);
                }
                if let Some(n) = repeat {
                    self.kw_between("repeat");
                    self.put(&n.to_string());
                }
                if !of.is_empty() {
                    if self.zh() {
                        self.put(" ");
                    } else {
                        self.kw_between("of");
                    }
                    self.codes(of, repeat.is_none());
                }
                if !by.is_empty() {
                    self.kw_between("by_role");
                    self.list(by, Self::own);
                }
                self.test_facts(facts);
            }
            StepKind::Close { closed, party, facts } => {
                self.kw("close");
                self.put(" ");
                match closed {
                    Closed::Month(year, month) => self.put(&format!("{year:04}-{month:02}")),
                    Closed::Quarter(year, quarter) => self.put(&format!("{year:04} Q{quarter}")),
                    Closed::Year(year) => self.put(&format!("{year:04}")),
                    Closed::Campaign(end) => self.datetime(end),
                }
                self.kw_between("for");
                self.own(party);
                self.test_facts(facts);
            }
            StepKind::Expect(expectation) => self.expect(expectation),
        }
    }

    /// The codes of an event. Without `of` before it a code named `x` would read as a repeat.
    fn codes(&mut self, of: &[Name], no_repeat: bool) {
        let first_is_x = of.first().is_some_and(|n| n.text == "x");
        if self.zh() && no_repeat && first_is_x {
            self.kw("of");
            self.put(" ");
        }
        self.list(of, Self::own);
    }

    fn test_facts(&mut self, facts: &[TestFact]) {
        let Some(last) = facts.last() else { return };
        let end = self.close_after(last.span.end);
        self.block(
            facts,
            |f| f.span,
            end,
            |f, fact| {
                f.model_any(&fact.name);
                f.colon();
                f.fact_value(&fact.value);
            },
        );
    }

    fn fact_value(&mut self, e: &Expr) {
        match &e.kind {
            // a party, a SKU, a region or a value with a label
            ExprKind::Path(p) => {
                if let Some(name) = p.parts.first() {
                    let text = self.names.spelled(&name.text, self.target).unwrap_or_else(|| name.text.clone());
                    self.slashed(&Name { text, span: name.span });
                }
            }
            _ => self.expr(e, Level::Sum),
        }
    }

    fn expect(&mut self, expectation: &Expectation) {
        self.kw("expect");
        self.put(" ");
        match expectation {
            Expectation::Nothing { because } => {
                self.kw("nothing");
                if let Some(reason) = because {
                    self.kw_between("because");
                    match crate::testing::reason(&reason.text) {
                        Some((en, zh)) => self.put_any(if self.zh() { zh } else { en }),
                        None => self.own_any(reason),
                    }
                }
            }
            Expectation::Awards(awards) => {
                let mut before: Option<&ExpectedAward> = None;
                for award in awards {
                    match before {
                        Some(b) if b.to.span == award.to.span => self.comma(),
                        _ => {
                            if before.is_some() {
                                self.put(if self.zh() { "；" } else { "; " });
                            }
                            match &award.held {
                                // What waits for somebody waits for a role, which has two names.
                                Some(_) => self.model(&award.to),
                                None => self.own(&award.to),
                            }
                            self.colon();
                        }
                    }
                    self.expr(&award.value, Level::Of);
                    if let Some(kind) = &award.kind {
                        self.put(" ");
                        self.model(kind);
                    }
                    if let Some(tax) = &award.tax {
                        self.kw_between("withheld");
                        self.number(tax);
                    }
                    if let Some(due) = &award.due {
                        self.kw_between("due");
                        self.datetime(due);
                    }
                    if let Some(until) = &award.held {
                        self.kw_between("held_until");
                        self.datetime(until);
                    }
                    before = Some(award);
                }
            }
        }
    }
}
