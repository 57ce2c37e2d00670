//! One test block, run: its events are decoded and decided as any other, and what they were answered is compared.
//! An event sent again (`again`) is answered as the first time, though nothing is paid twice.

use crate::console::Failure;
use crate::lang::Lang;
use crate::scanner::{EngineName, Scanner};
use promo_compiler::digits::yuan;
use promo_compiler::ir::record::Id;
use promo_compiler::ir::settle::Decision;
use promo_compiler::ir::{ItemId, KindId, Program, RewardUnit};
use promo_compiler::source::{Location, SourceMap};
use promo_compiler::testing::{Case, CaseStep, Expected, ExpectedAward};
use promo_runtime::Scanned;
use promo_runtime::decision::{nearest_text, reason_name, reason_text};
use promo_runtime::event::format_instant;
use std::collections::BTreeMap;

/// Payee, reward kind, item and when, if that is not at once.
type Key = (String, String, Option<String>, When);

/// When an award is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum When {
    /// At once, or the test does not ask.
    Now,
    /// By this second.
    Due(i64),
    /// It waits until this second.
    Held(i64),
}

/// What was paid, or is to be: several payments of one kind to one payee add up.
type Paid = BTreeMap<Key, Sum>;

/// An amount and, in fen, the tax withheld, where that is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    amount: i128,
    tax: Option<i128>,
}

impl Sum {
    fn add(&mut self, amount: i128, tax: Option<i128>) {
        self.amount += amount;
        self.tax = tax.map(|tax| tax + self.tax.unwrap_or(0)).or(self.tax);
    }
}

/// Draws of tests: the same every time.
const SECRET: [u8; 32] = [0; 32];

/// Runs a test block on an empty state and says what was not as expected, one text per step; none if it passed.
pub(crate) fn failures(
    case: &Case,
    program: &Program,
    sources: &SourceMap,
    engine: EngineName,
    lang: Lang,
) -> Result<Vec<String>, Failure> {
    let scanner = Scanner::new(program, engine, SECRET, Some(sources))?;
    let mut runner = Runner { scanner, answered: BTreeMap::new(), program, sources, lang };
    let mut found = Vec::new();
    for step in &case.steps {
        match runner.step(step) {
            Ok(None) => {}
            Ok(Some(mismatch)) => found.push(mismatch),
            // What follows would be decided on a state the test did not mean.
            Err(bad) => {
                found.push(bad);
                break;
            }
        }
    }
    Ok(found)
}

struct Runner<'a> {
    scanner: Scanner<'a>,
    /// What each event was answered, since a retry is answered the same.
    answered: BTreeMap<Id, Decision>,
    program: &'a Program,
    sources: &'a SourceMap,
    lang: Lang,
}

/// What the events of a step came to.
#[derive(Default)]
struct Outcome {
    paid: Paid,
    /// Names of reasons for not paying.
    reasons: Vec<&'static str>,
    /// The same for people.
    told: Vec<String>,
}

impl Runner<'_> {
    /// `Err` if an event could not be decided at all.
    fn step(&mut self, step: &CaseStep) -> Result<Option<String>, String> {
        let mut outcome = Outcome::default();
        for event in &step.events {
            match self.scanner.scan(event.as_bytes()) {
                Ok(scanned) => {
                    let id = self.scanner.record().id();
                    if matches!(scanned, Scanned::Decided { .. }) {
                        self.answered.insert(id, self.scanner.decision().clone());
                    }
                    if let Some(decision) = self.answered.get(&id) {
                        self.note(decision, &mut outcome);
                    }
                }
                Err(bad) => return Err(format!("{}[{}] {}", self.place(step.at), bad.code, bad.text.get(self.lang))),
            }
        }
        Ok(step.expect.as_ref().and_then(|expected| self.compare(expected, &outcome)))
    }

    /// Adds a decision on the event scanned last.
    fn note(&self, decision: &Decision, outcome: &mut Outcome) {
        for award in &decision.awards {
            let due = self.program.due(self.scanner.record(), award).map_or(When::Now, When::Due);
            let to = self.name(award.payee);
            let key = self.key(to, award.kind, award.item, due);
            outcome.paid.entry(key).or_default().add(award.amount.into(), Some(award.tax.into()));
        }
        for held in &decision.held {
            let to = match held.payee.is_known() {
                true => self.name(held.payee),
                false => self.program.schema.roles.get(held.role as usize).map_or_else(String::new, |r| r.name.clone()),
            };
            let key = self.key(to, held.kind, held.item, When::Held(held.until));
            outcome.paid.entry(key).or_default().add(held.amount.into(), Some(held.tax.into()));
        }
        let nearest = decision.nearest.iter().map(Option::as_ref).chain(std::iter::repeat(None));
        for (refused, nearest) in decision.refusals.iter().zip(nearest) {
            outcome.reasons.push(reason_name(refused.refusal));
            let policy = self.program.rules.get(refused.rule.index());
            let policy = policy.and_then(|rule| self.program.policies.get(rule.policy.index()));
            let name = policy.map_or("", |policy| policy.name.as_str());
            let reason = reason_text(self.program, Some(self.sources), refused);
            outcome.told.push(format!("{name}: {}", reason.get(self.lang)));
            if let Some(nearest) = nearest {
                let nearest = nearest_text(self.program, self.scanner.record(), nearest);
                outcome.told.push(format!("  {}", nearest.get(self.lang)));
            }
        }
        // A rule in scope either pays or is refused; one that does neither was out of scope.
        let event = self.scanner.record().event;
        let answered = |rule| {
            decision.awards.iter().any(|award| award.rule == rule)
                || decision.held.iter().any(|held| held.rule == rule)
                || decision.refusals.iter().any(|r| r.rule == rule)
        };
        let rules = (0..).map(promo_compiler::ir::RuleId).zip(&self.program.rules);
        if rules.into_iter().any(|(id, rule)| rule.event == event && !answered(id)) {
            outcome.reasons.push("out_of_scope");
        }
    }

    fn name(&self, payee: Id) -> String {
        self.scanner.texts().text(payee).unwrap_or_else(|| format!("{:032x}", payee.0))
    }

    fn key(&self, to: String, kind: KindId, item: Option<ItemId>, when: When) -> Key {
        let kind = self.program.kinds.get(kind.index()).map_or_else(String::new, |kind| kind.name.clone());
        let item = item.and_then(|item| self.program.items.get(item.index())).map(|item| item.name.clone());
        (to, kind, item, when)
    }

    fn compare(&self, expected: &Expected, outcome: &Outcome) -> Option<String> {
        let mut wanted = Paid::new();
        for ExpectedAward { to, kind, item, amount, tax, due, held } in &expected.awards {
            let when = held.map(When::Held).or(due.map(When::Due)).unwrap_or(When::Now);
            let key = (to.clone(), kind.clone(), item.clone(), when);
            wanted.entry(key).or_default().add((*amount).into(), tax.map(i128::from));
        }
        // A step that says of no award when it is due does not ask.
        let mut found = outcome.paid.clone();
        if expected.awards.iter().all(|award| award.due.is_none()) {
            found = Paid::new();
            for ((to, kind, item, when), sum) in &outcome.paid {
                let when = if matches!(when, When::Due(_)) { When::Now } else { *when };
                found.entry((to.clone(), kind.clone(), item.clone(), when)).or_default().add(sum.amount, sum.tax);
            }
        }
        // Nor does one that says of an award no tax.
        for (key, sum) in &mut found {
            sum.tax = sum.tax.filter(|_| wanted.get(key).is_some_and(|wanted| wanted.tax.is_some()));
        }
        let because = expected.because.as_deref();
        let reason_missing = because.is_some_and(|because| !outcome.reasons.contains(&because));
        if wanted == found && !reason_missing {
            return None;
        }
        let (place, paid) = (self.place(expected.at), self.listed(&found));
        let wanted = match (because, self.lang) {
            (None, _) => self.listed(&wanted),
            (Some(because), Lang::En) => format!("{} because {because}", self.listed(&wanted)),
            (Some(because), Lang::Zh) => format!("{} 因 {because}", self.listed(&wanted)),
        };
        let mut text = match self.lang {
            Lang::En => format!("{place}expected {wanted}\n  paid     {paid}"),
            Lang::Zh => format!("{place}应得 {wanted}\n  实得 {paid}"),
        };
        for reason in &outcome.told {
            text.push_str("\n  ");
            text.push_str(reason);
        }
        Some(text)
    }

    /// `S1: 5 yuan cash, 2 SKU-1 goods; R1: 6 yuan credit`
    fn listed(&self, paid: &Paid) -> String {
        let mut text = String::new();
        let mut last = None;
        for ((to, kind, item, when), sum) in paid {
            text.push_str(match last {
                None => "",
                Some(before) if before == to => ", ",
                Some(_) => "; ",
            });
            if last != Some(to) {
                text.push_str(&format!("{to}: "));
            }
            last = Some(to);
            text.push_str(&self.amount(kind, item.as_deref(), sum.amount));
            if let Some(tax) = sum.tax {
                let tax = yuan(i64::try_from(tax).unwrap_or(i64::MAX));
                text.push_str(&match self.lang {
                    Lang::En => format!(" tax {tax} yuan"),
                    Lang::Zh => format!(" 税 {tax}元"),
                });
            }
            let (en, zh, second) = match when {
                When::Now => continue,
                When::Due(second) => ("due", "最迟", second),
                When::Held(second) => ("held until", "等待 至", second),
            };
            let word = if self.lang == Lang::Zh { zh } else { en };
            text.push_str(&format!(" {word} {}", format_instant(*second, self.program.schema.utc_offset)));
        }
        match (text.is_empty(), self.lang) {
            (false, _) => text,
            (true, Lang::En) => "nothing".to_owned(),
            (true, Lang::Zh) => "无".to_owned(),
        }
    }

    fn amount(&self, kind: &str, item: Option<&str>, amount: i128) -> String {
        let known = self.program.kinds.iter().find(|known| known.name == kind);
        let name = match known {
            Some(known) if self.lang == Lang::Zh && !known.label.is_empty() => known.label.as_str(),
            _ => kind,
        };
        let whole = i64::try_from(amount).unwrap_or(i64::MAX);
        match (known.map(|known| known.unit), item, self.lang) {
            (_, Some(item), Lang::En) => format!("{whole} of {item}"),
            (_, Some(item), Lang::Zh) => format!("{whole} 份 {item}"),
            (Some(RewardUnit::Fen), None, Lang::En) => format!("{} yuan {name}", yuan(whole)),
            (Some(RewardUnit::Fen), None, Lang::Zh) => format!("{}元 {name}", yuan(whole)),
            (_, None, _) => format!("{whole} {name}"),
        }
    }

    /// `policy.promo:30: `
    fn place(&self, at: Location) -> String {
        let name = self.sources.get(at.source).map_or("", |source| source.name.as_str());
        let line = self.sources.line_column(at.source, at.span.start).line;
        match self.lang {
            Lang::En => format!("{name}:{line}: "),
            Lang::Zh => format!("{name}:{line}："),
        }
    }
}
