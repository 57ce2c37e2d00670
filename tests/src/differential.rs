//! The reference and the engine over generated packages and streams: every decision equal, every bound kept.

use crate::generate::{package, stream::stream};
use crate::random::Random;
use crate::state::State;
use promo_compiler::ir::key::{StateKey, parties};
use promo_compiler::ir::record::EventRecord;
use promo_compiler::ir::schema::{After, FieldType};
use promo_compiler::ir::settle::{AwardOut, Decision, Guard, KeyedDraws, Refusal, StateView, reference_decide};
use promo_compiler::ir::{Flow, Fold, GateKind, Input, KeyPart, LimitUnit, MeasureUse, Node, Program, Term, Word};
use promo_compiler::pipeline;
use promo_runtime::decision::reason_name;
use promo_runtime::{Engine, PolicySet, RunsOn, Scratch};
use std::collections::{BTreeMap, BTreeSet};

/// What a run has seen.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Packages made.
    pub packages: u64,
    /// Packages that compiled.
    pub accepted: u64,
    /// (package, event) pairs decided.
    pub pairs: u64,
    /// Awards made.
    pub awards: u64,
    /// Bytes of policy text compiled.
    pub bytes: u64,
    /// Codes of the packages that were refused, with a seed.
    pub refused: BTreeMap<String, (u64, u64)>,
    /// Kinds of nodes, inputs and refusals that occurred.
    pub kinds: BTreeSet<&'static str>,
}

impl Seen {
    /// Adds another run.
    pub fn add(&mut self, other: Seen) {
        self.packages += other.packages;
        self.accepted += other.accepted;
        self.pairs += other.pairs;
        self.awards += other.awards;
        self.bytes += other.bytes;
        for (code, (n, seed)) in other.refused {
            self.refused.entry(code).or_insert((0, seed)).0 += n;
        }
        self.kinds.extend(other.kinds);
    }
}

/// Every kind a long enough run must produce.
pub const KINDS: &[&str] = &[
    "const",
    "fact",
    "input",
    "add",
    "sub",
    "mul",
    "div",
    "min",
    "max",
    "eq",
    "lt",
    "le",
    "and",
    "or",
    "not",
    "select",
    "within",
    "lookup",
    "uniform",
    "quotient",
    "ticket",
    "link_present",
    "link_word",
    "measure",
    "measure of the window before",
    "measure of several windows",
    "measure of each window",
    "count with a filter",
    "count through a link",
    "count by a party of a link",
    "link of a party",
    "link of another link's party",
    "link at least so long ago",
    "link on the same day",
    "link within natural days",
    "link by the same person",
    "link with a filter",
    "drawn entry",
    "drawn entry of the window before",
    "drawn entry of a party",
    "drawn entry by somebody's chance",
    "link that gave",
    "identity",
    "bucket",
    "not_selected",
    "draw",
    "account",
    "take",
    "charge",
    "returned",
    "net of tax",
    "gross of tax",
    "tax undone",
    "same user",
    "first parties",
    "held",
    "held beyond a limit",
    "held and returned",
    "retried",
    "still_held",
    "hold_expired",
    "row",
    "cell_present",
    "cell",
    "out_of_scope during",
    "out_of_scope products",
    "out_of_scope regions",
    "out_of_scope pilot",
    "condition",
    "nothing_due",
    "unknown_party",
    "already_paid",
    "claimed_by_another",
    "limit",
    "too_soon",
    "invariant",
    "pool_used_up",
    "budget",
    "group_not_chosen",
];

/// Compiles the package of a seed and decides a stream of `events` on it in both ways.
///
/// # Errors
///
/// The first difference, with what is needed to see it again.
pub fn run(seed: u64, events: usize, seen: &mut Seen) -> Result<(), String> {
    let package = package(seed);
    seen.packages += 1;
    seen.bytes += package.files.iter().map(|f| f.1.len() as u64).sum::<u64>();
    let compiled = pipeline::compile(&package.input());
    let Some(program) = compiled.program else {
        let error = compiled.diagnostics.0.iter().find(|d| d.severity == promo_compiler::diagnostic::Severity::Error);
        let Some(error) = error else { return Err(format!("seed {seed}: refused without a diagnostic")) };
        seen.refused.entry(format!("{:?}", error.code)).or_insert((0, seed)).0 += 1;
        return Ok(());
    };
    seen.accepted += 1;
    note_nodes(&program, seen);
    note_past(&program, seen);
    let draws = KeyedDraws::new([seed as u8; 32]);
    let set = Engine::new(draws.clone()).load(program.clone()).map_err(|e| format!("seed {seed}: {e}"))?;
    if let RunsOn::Interpreter { because } = set.runs_on() {
        return Err(format!("seed {seed}: no machine code: {because:?}"));
    }
    let records = stream(&program, events, seed);
    let mut state = State::default();
    let mut r = Random::new(seed);
    let bounds = bounds(&program);
    for (n, event) in records.iter().enumerate() {
        let fail = |what: String| format!("seed {seed}, event {n} of {events}: {what}\n{event:?}");
        event.check(&program.schema).map_err(|e| fail(format!("the stream made a bad record: {e:?}")))?;
        let reference = reference_decide(&program, event, &state, &draws).map_err(|e| fail(format!("fault {e:?}")))?;
        note_refusals(&program, event, &reference, seen);
        let fast = compare(&set, event, &state, &reference).map_err(fail)?;
        if n % 8 == 0 {
            guards_are_honest(&program, event, &state, &draws, &reference, &reference.guards, &mut r).map_err(fail)?;
            guards_are_honest(&program, event, &state, &draws, &reference, &fast.guards, &mut r).map_err(fail)?;
        }
        state.apply(event, &reference);
        keeps_bounds(&program, event, &bounds, &state, &reference).map_err(fail)?;
        seen.pairs += 1;
        seen.awards += reference.awards.len() as u64;
    }
    Ok(())
}

/// The engine, explaining and fast, against the reference's decision; the fast decision.
fn compare(set: &PolicySet, event: &EventRecord, state: &State, reference: &Decision) -> Result<Decision, String> {
    let in_scope: Vec<_> =
        reference.refusals.iter().filter(|r| !matches!(r.refusal, Refusal::OutOfScope(_))).copied().collect();
    let (mut scratch, mut found) = (Scratch::default(), Decision::default());
    for explain in [true, false] {
        set.decide(event, state, &mut scratch, &mut found, explain).map_err(|e| format!("explain {explain}: {e}"))?;
        let differs = [
            ("awards", found.awards != reference.awards),
            ("held", found.held != reference.held),
            ("changes", found.changes != reference.changes),
            ("links", found.links != reference.links),
            ("kept", found.kept != reference.kept),
            ("guards", !guards_agree(explain, &found, reference)),
        ];
        if let Some((what, _)) = differs.iter().find(|d| d.1) {
            return Err(format!("explain {explain}: {what} differ:\n{found:?}\nreference:\n{reference:?}"));
        }
        let refusals_agree = match explain {
            true => found.refusals == in_scope,
            false => found.refusals.iter().all(|r| in_scope.contains(r)),
        };
        if !refusals_agree {
            return Err(format!("explain {explain}: refusals {:?}\nreference {in_scope:?}", found.refusals));
        }
    }
    Ok(found)
}

/// The same guards; without explanations a rule whose set conditions fail is not evaluated, so what only its other
/// conditions read need not be guarded.
fn guards_agree(explain: bool, found: &Decision, reference: &Decision) -> bool {
    if explain {
        return found.guards == reference.guards;
    }
    let wider = |g: &Guard| reference.guards.iter().any(|r| r.key == g.key && g.lo <= r.lo && g.hi >= r.hi);
    found.guards.iter().all(wider)
}

/// A state with another value in one counter.
struct With<'a> {
    state: &'a State,
    key: StateKey,
    value: i64,
}

impl StateView for With<'_> {
    fn counter(&self, key: &StateKey) -> i64 {
        if *key == self.key { self.value } else { self.state.counter(key) }
    }

    fn link(&self, key: &StateKey) -> Option<&[i64]> {
        self.state.link(key)
    }
}

/// For any stored value inside a guard the same decision comes out.
fn guards_are_honest(
    program: &Program,
    event: &EventRecord,
    state: &State,
    draws: &KeyedDraws,
    reference: &Decision,
    guards: &[Guard],
    r: &mut Random,
) -> Result<(), String> {
    for guard in guards {
        let stored = state.counters.get(&guard.key).copied().unwrap_or(0);
        if !(guard.lo..=guard.hi).contains(&stored) {
            return Err(format!("the guard {guard:?} excludes the stored value {stored}"));
        }
    }
    let Some(guard) = r.any(guards) else { return Ok(()) };
    let lo = guard.lo.max(0);
    let hi = guard.hi.min(lo.saturating_add(1_000_000));
    let value = match r.below(3) {
        0 => lo,
        1 => hi,
        _ => r.between(lo, hi),
    };
    let other = With { state, key: guard.key, value };
    let Ok(again) = reference_decide(program, event, &other, draws) else { return Ok(()) };
    if again.awards != reference.awards || again.held != reference.held || again.changes != reference.changes {
        return Err(format!(
            "inside the guard {guard:?} the value {value} decides otherwise:\n{again:?}\n{reference:?}"
        ));
    }
    Ok(())
}

/// Greatest value of each bounded counter.
fn bounds(program: &Program) -> BTreeMap<u64, i64> {
    // The counter of a gap holds a time, which nothing bounds; a share of a price is another bound for each product;
    // two users who turn out to be one bring what both have had.
    let fixed = |l: &&promo_compiler::ir::Limit| {
        let moves = program.identities.iter().any(|i| i.limits.iter().any(|(counter, _)| *counter == l.counter));
        // That of a `once` holds who has claimed it.
        let claimed = l.once && l.unit == LimitUnit::Times;
        !moves && !claimed && l.unit != LimitUnit::Seconds && l.invariant.as_ref().is_none_or(|i| i.of_price.is_none())
    };
    let limits = program.limits.iter().filter(fixed).flat_map(|l| match l.unit {
        // One for each of the first, and how many they are.
        LimitUnit::Parties => vec![(l.counter, 1), (parties(l.counter), l.max)],
        _ => vec![(l.counter, l.max)],
    });
    limits.chain(program.budgets.iter().map(|b| (b.counter, b.max))).collect()
}

fn keeps_bounds(
    program: &Program,
    event: &EventRecord,
    bounds: &BTreeMap<u64, i64>,
    state: &State,
    decision: &Decision,
) -> Result<(), String> {
    for change in &decision.changes {
        let key: StateKey = change.key;
        let (Some(max), Some(value)) = (bounds.get(&key.counter), state.counters.get(&key)) else { continue };
        if value > max {
            return Err(format!("counter {key:?} stands at {value}, its bound is {max}"));
        }
    }
    let after = program.schema.events.get(event.event.index()).and_then(|e| e.after);
    let follows = after.is_some_and(|after| after != After::Retried);
    let taken = |a: &AwardOut| {
        let award = program.rules.get(a.rule.index()).and_then(|r| r.awards.get(a.award as usize));
        let undone = follows && award.is_some_and(|award| award.kept.is_some());
        undone || award.is_some_and(|award| matches!(award.flow, Flow::Take(_)))
    };
    let taxed = |a: &AwardOut| a.gross() - a.arrives() == a.tax && (a.tax == 0 || (a.tax < 0) == (a.amount < 0));
    let wrong = |a: &&AwardOut| a.amount == 0 || (a.amount < 0) != taken(a) || !taxed(a) || !a.payee.is_known();
    match decision.awards.iter().find(wrong) {
        Some(award) => Err(format!("an award of nothing or to nobody: {award:?}")),
        None => Ok(()),
    }
}

/// Which of the ways to ask of the past a program uses.
fn note_past(program: &Program, seen: &mut Seen) {
    for contribution in program.measures.iter().flat_map(|m| &m.contributions) {
        let through = contribution.key.iter().any(|part| matches!(part, KeyPart::LinkId { .. }));
        let ways = [
            (!contribution.only.is_empty(), "count with a filter"),
            (!contribution.linked.is_empty(), "count through a link"),
            (through, "count by a party of a link"),
        ];
        seen.kinds.extend(ways.iter().filter(|w| w.0).map(|w| w.1));
    }
    for link in &program.links {
        let drawn = link.drawn.as_ref();
        let ways = [
            (!link.only.is_empty(), "link with a filter"),
            (link.given.is_some(), "link that gave"),
            (drawn.is_some(), "drawn entry"),
            (drawn.is_some() && link.code.is_some(), "drawn entry of a party"),
            (drawn.is_some_and(|drawn| !drawn.chance.is_empty()), "drawn entry by somebody's chance"),
        ];
        seen.kinds.extend(ways.iter().filter(|w| w.0).map(|w| w.1));
    }
    for rule in &program.rules {
        let fields = program.schema.events.get(rule.event.index()).map_or(&[][..], |e| &e.fields);
        let id = |word: &Word| fields.iter().any(|f| f.ty == FieldType::Id && f.word.next() == *word);
        let limits = rule.limits.iter().filter_map(|used| program.limits.get(used.limit.index()));
        if limits.into_iter().any(|limit| limit.unit == LimitUnit::Parties) {
            seen.kinds.insert("first parties");
        }
        if rule.limits.iter().flat_map(|used| &used.key).any(|part| matches!(part, KeyPart::Same(_))) {
            seen.kinds.insert("same user");
        }
        if rule.nodes.iter().any(|n| matches!(n, Node::Fact(word) if id(word))) {
            seen.kinds.insert("identity");
        }
        for input in &rule.inputs {
            let ways = match input {
                Input::LinkPresent(link) | Input::LinkWord(link, _) => {
                    let is_code = |w: &Word| fields.iter().any(|f| f.word == *w && f.path.len() == 1);
                    vec![
                        (
                            matches!(link.key.as_deref(), Some(KeyPart::Id { word, .. }) if !is_code(word)),
                            "link of a party",
                        ),
                        (matches!(link.key.as_deref(), Some(KeyPart::LinkId { .. })), "link of another link's party"),
                        (link.back > 0, "drawn entry of the window before"),
                        (link.apart.is_some(), "link at least so long ago"),
                        (link.same_day, "link on the same day"),
                        (matches!(link.within, Some(Term::Days(_))), "link within natural days"),
                        (link.same.is_some(), "link by the same person"),
                    ]
                }
                Input::Measure(used) => vec![
                    (used.windows.first_back > 0, "measure of the window before"),
                    (used.windows.count > 1 && used.windows.fold == Fold::Sum, "measure of several windows"),
                    (used.windows.fold == Fold::Least, "measure of each window"),
                ],
                Input::Draw(_)
                | Input::Ticket(_)
                | Input::Bucket(_)
                | Input::Row(_)
                | Input::CellPresent(..)
                | Input::Cell(..) => vec![],
            };
            seen.kinds.extend(ways.iter().filter(|w| w.0).map(|w| w.1));
        }
    }
}

fn is_account(program: &Program, used: &MeasureUse) -> bool {
    program.measures.get(used.measure.index()).is_some_and(|m| m.paid.is_some())
}

fn note_nodes(program: &Program, seen: &mut Seen) {
    for rule in &program.rules {
        for node in &rule.nodes {
            seen.kinds.insert(match node {
                Node::Const(_) => "const",
                Node::Fact(_) => "fact",
                Node::Input(_) => "input",
                Node::Add(..) => "add",
                Node::Sub(..) => "sub",
                Node::Mul(..) => "mul",
                Node::Div(..) => "div",
                Node::Quotient(..) => "quotient",
                Node::Min(..) => "min",
                Node::Max(..) => "max",
                Node::Eq(..) => "eq",
                Node::Lt(..) => "lt",
                Node::Le(..) => "le",
                Node::And(..) => "and",
                Node::Or(..) => "or",
                Node::Not(_) => "not",
                Node::Select(..) => "select",
                Node::Within(..) => "within",
                Node::Lookup(..) => "lookup",
                Node::Uniform(..) => "uniform",
            });
        }
        for award in &rule.awards {
            match award.flow {
                Flow::Give => {}
                Flow::Take(_) => drop(seen.kinds.insert("take")),
                Flow::Charge => drop(seen.kinds.insert("charge")),
            }
        }
        for input in &rule.inputs {
            seen.kinds.insert(match input {
                Input::LinkPresent(_) => "link_present",
                Input::LinkWord(..) => "link_word",
                Input::Measure(used) if is_account(program, used) => "account",
                Input::Measure(_) => "measure",
                Input::Bucket(_) => "bucket",
                Input::Draw(_) => "draw",
                Input::Ticket(_) => "ticket",
                Input::Row(_) => "row",
                Input::CellPresent(..) => "cell_present",
                Input::Cell(..) => "cell",
            });
        }
    }
}

fn note_refusals(program: &Program, event: &EventRecord, decision: &Decision, seen: &mut Seen) {
    let after = program.schema.events.get(event.event.index()).and_then(|e| e.after);
    if after == Some(After::Return) && !decision.awards.is_empty() {
        seen.kinds.insert("returned");
    }
    let ways = [
        (!decision.held.is_empty(), "held"),
        (decision.held.iter().any(|held| held.payee.is_known() && held.amount > 0), "held beyond a limit"),
        (decision.held.iter().any(|held| held.amount < 0), "held and returned"),
        (after == Some(After::Retried) && !decision.awards.is_empty(), "retried"),
    ];
    seen.kinds.extend(ways.iter().filter(|w| w.0).map(|w| w.1));
    note_taxes(program, decision, seen);
    for refusal in &decision.refusals {
        seen.kinds.insert(match refusal.refusal {
            Refusal::OutOfScope(GateKind::During) => "out_of_scope during",
            Refusal::OutOfScope(GateKind::Products) => "out_of_scope products",
            Refusal::OutOfScope(GateKind::Regions) => "out_of_scope regions",
            Refusal::OutOfScope(GateKind::Pilot) => "out_of_scope pilot",
            other => reason_name(other),
        });
    }
}

/// Which taxed awards were made out of budgets, and that none of them leaves anything open.
fn note_taxes(program: &Program, decision: &Decision, seen: &mut Seen) {
    for paid in decision.awards.iter().filter(|paid| paid.tax != 0) {
        let rule = program.rules.get(paid.rule.index());
        let policy = rule.and_then(|rule| program.policies.get(rule.policy.index()));
        if policy.is_some_and(|policy| policy.budget.is_some()) {
            seen.kinds.insert(match paid.net {
                _ if paid.tax < 0 => "tax undone",
                Some(true) => "net of tax",
                _ => "gross of tax",
            });
        }
    }
}
