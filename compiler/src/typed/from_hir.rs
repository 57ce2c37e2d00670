//! Check: from resolved policies to typed rules, with every money question asked.

use super::after;
use super::build;
use super::chain;
use super::error::Error;
use super::exchanged;
use super::invariant;
use super::lint;
use super::overlap;
use super::prize_error::Error as PrizeError;
use super::scalar::{Checker, Presence, Rule as Scope};
use super::{Award, Expr, Kind, Package, Policy, Rule, Type};
use crate::ast;
use crate::calendar;
use crate::diagnostic::Diagnostics;
use crate::hir::model::{COUPON, GOODS};
use crate::hir::{self, Party};
use crate::ir::{self, Beyond, Gate, GateKind, IntervalSet, KeyPart, LimitUnit, OnReturn, RewardUnit, Word, key};
use crate::source::{Location, Spelling};
use rustc_hash::FxHashMap;

/// Basis points of the whole.
const WHOLE: u32 = 10_000;

/// Checks a package. All findings are reported; the result is meaningful only if none is an error.
pub fn check(hir: &hir::Package, spellings: &FxHashMap<u32, Spelling>, out: &mut Diagnostics) -> Package {
    let mut checker = Checker {
        hir,
        measures: Vec::new(),
        links: Vec::new(),
        given: Vec::new(),
        items: Vec::new(),
        identities: Vec::new(),
        invariants: Vec::new(),
        reach: None,
        spellings,
        out,
    };
    invariant::check(&mut checker);
    for coupon in &hir.coupons {
        if let Some(worth) = &coupon.worth {
            money(&mut checker, worth, |at| Error::CouponWorth { at });
        }
    }
    let groups: Vec<ir::Group> = hir
        .groups
        .iter()
        .map(|g| ir::Group {
            name: g.name.clone(),
            rule: match g.rule {
                ast::GroupRule::BestOf => ir::GroupRule::BestOf,
                ast::GroupRule::FirstOf => ir::GroupRule::FirstOf,
                ast::GroupRule::AllOf => ir::GroupRule::AllOf,
            },
            members: g.members.iter().map(|m| ir::PolicyId(*m as u32)).collect(),
            at: g.at,
        })
        .collect();
    let mut group_of: Vec<Option<usize>> = vec![None; hir.policies.len()];
    for (group, member) in hir.groups.iter().enumerate().flat_map(|(i, g)| g.members.iter().map(move |m| (i, *m))) {
        if let Some(of) = group_of.get_mut(member) {
            *of = of.or(Some(group));
        }
    }
    let mut policies: Vec<Policy> =
        hir.policies.iter().zip(group_of).map(|(p, group)| policy(&mut checker, group, p)).collect();
    invariant::report_idle(&mut checker);
    exchanged::check(&mut checker, &mut policies);
    for group in &hir.groups {
        check_group(&mut checker, group, &policies);
    }
    for (link, at) in std::mem::take(&mut checker.given) {
        if !is_given(checker.links.get(link), &policies) {
            checker.error(at, Error::NeverGiven { at });
        }
    }
    if !checker.out.has_errors() {
        overlap::report(&mut checker, &policies);
    }
    // The core of a package with errors is no measure of anything.
    if !checker.out.has_errors() {
        lint::check(&mut checker, &policies);
        super::rescan::warn(hir, spellings, checker.out);
    }
    let kinds = hir
        .model
        .kinds
        .iter()
        .map(|k| ir::RewardKind {
            name: k.name.name.clone(),
            label: k.name.label.clone(),
            unit: match k.class {
                Some(ast::RewardClass::Money) => RewardUnit::Fen,
                Some(ast::RewardClass::Points) => RewardUnit::Points,
                None => RewardUnit::Pieces,
            },
            tax: k.tax,
        })
        .collect();
    let Checker { measures, links, items, identities, .. } = checker;
    let tables = hir.tables.iter().map(|t| t.data.clone()).collect();
    let work = hir.work.clone();
    Package { schema: hir.schema.clone(), kinds, policies, groups, measures, links, items, identities, tables, work }
}

/// Does a rule on the link's event ever give what the link asks for?
fn is_given(link: Option<&ir::Link>, policies: &[Policy]) -> bool {
    let Some(link) = link else { return true };
    let rules = policies.iter().flat_map(|p| &p.rules).filter(|r| r.event == link.event);
    let mut leaves = rules.flat_map(|r| &r.awards).filter(|a| a.flow == ir::Flow::Give).map(|a| &a.leaf);
    match &link.given {
        None => true,
        Some(ir::Given::Kind(kind)) => leaves.any(|leaf| leaf.kind == kind.index()),
        Some(ir::Given::Item { name, coupon }) => leaves.any(|l| l.item.as_ref() == Some(&(name.clone(), *coupon))),
    }
}

/// A scope without an event, for constants.
pub(super) fn nowhere<'c, 'a>(checker: &'c mut Checker<'a>) -> Scope<'c, 'a> {
    Scope::new(checker, ir::EventId(u32::MAX))
}

/// A sum of money above zero that needs no event; anything else is reported, once.
fn money(checker: &mut Checker<'_>, e: &hir::Expr, error: impl Fn(Location) -> Error) -> Option<i64> {
    let value = nowhere(checker).scalar(e);
    if value.ty == Type::Error {
        return None;
    }
    let sum = value.as_const().filter(|v| value.ty == Type::Money && (1..=super::scalar::GREATEST_SUM).contains(v));
    if sum.is_none() {
        checker.error(e.at, error(e.at));
    }
    sum
}

fn policy(checker: &mut Checker<'_>, group: Option<usize>, p: &hir::Policy) -> Policy {
    let offset = checker.hir.model.utc_offset;
    let mut during = (0, 0);
    match &p.during {
        None => checker.error(p.at, Error::NoDuring { at: p.at }),
        Some((from, to, at)) => match hir::from_ast::campaign(from, to, offset) {
            Some((first, end)) if first < end => during = (first, end),
            Some(_) => checker.error(*at, Error::DuringOrder { at: *at }),
            None => bad_date(checker, *at),
        },
    }
    let mut redeem_until = None;
    if let Some((until, at)) = &p.redeem_until {
        match calendar::end_instant(until, offset).ok() {
            Some(end) if end < during.1 => {
                let campaign = p.during.as_ref().map_or(*at, |d| d.2);
                checker.error(*at, Error::RedeemOrder { at: *at, during: campaign });
            }
            Some(end) => redeem_until = Some(end),
            None => bad_date(checker, *at),
        }
    }
    chain::check(checker, p, during.1);
    let cp_share = cost_kind(checker, p);
    if p.written == 0 {
        checker.error(p.at, Error::NoRules { at: p.at, name: p.name.clone() });
    }
    let rules: Vec<Rule> = p.rules.iter().map(|r| rule(checker, p, group, r, during)).collect();
    let pool_cost: i128 = pool_cost(&rules);
    let costs = rules.iter().flat_map(|r| &r.awards).any(|a| a.leaf.unit_cost > 0);
    let budget = budget(checker, p, costs);
    if let Some(budget) = budget.as_ref().filter(|b| pool_cost > i128::from(b.max)) {
        let short = PrizeError::PoolBudget { at: budget.at, needs: pool_cost };
        checker.error(budget.at, Error::Prize(short));
    }
    Policy {
        name: p.name.clone(),
        title: p.title.clone(),
        cp_share,
        during,
        redeem_until,
        budget,
        group,
        rules,
        at: p.at,
    }
}

/// What the pools of a policy cost at least; a rule on two events is two rules with one pool.
fn pool_cost(rules: &[Rule]) -> i128 {
    let mut numbers = Vec::new();
    let first = |rule: &&Rule| {
        let new = !numbers.contains(&rule.number);
        numbers.push(rule.number);
        new
    };
    rules.iter().filter(first).map(|rule| rule.pool_cost).sum()
}

pub(super) fn bad_date(checker: &mut Checker<'_>, at: Location) {
    resolve_error(checker, hir::error::Error::BadDate { at }, at);
}

fn resolve_error(checker: &mut Checker<'_>, e: hir::error::Error, at: Location) {
    let spelling = checker.spellings.get(&at.source.0).copied().unwrap_or_default();
    checker.out.push(e.into_diagnostic(spelling));
}

fn cost_kind(checker: &mut Checker<'_>, p: &hir::Policy) -> u32 {
    let Some(parts) = &p.kind else {
        checker.error(p.at, Error::NoCostKind { at: p.at });
        return 0;
    };
    let at = parts.first().map_or(p.at, |part| part.2);
    let share = |n: &Option<ast::Number>| match n {
        None => Some(WHOLE),
        Some(n) => hir::expr::ppm(n).and_then(|ppm| u32::try_from(ppm / 100).ok()),
    };
    let mut total = 0u32;
    let mut cp = 0u32;
    for (kind, n, _) in parts {
        let Some(s) = share(n) else {
            checker.error(at, Error::CostShares { at });
            return 0;
        };
        total = total.saturating_add(s);
        if *kind == ast::CostKind::Cp {
            cp = cp.saturating_add(s);
        }
    }
    if total != WHOLE {
        checker.error(at, Error::CostShares { at });
    }
    cp
}

fn budget(checker: &mut Checker<'_>, p: &hir::Policy, costs: bool) -> Option<ir::Budget> {
    let Some(b) = &p.budget else {
        if costs {
            checker.error(p.at, Error::NoBudget { at: p.at });
        }
        return None;
    };
    let announced = money(checker, &b.amount, |at| Error::BudgetAmount { at })?;
    let soft = match &b.soft {
        None => 0,
        Some(n) => match hir::expr::ppm(n) {
            Some(ppm) if (0..=super::scalar::MILLION).contains(&ppm) => ppm,
            _ => {
                let at = n.span.at(b.at.source);
                checker.error(at, Error::FineRate { at });
                0
            }
        },
    };
    let Some(used_up) = b.used_up else {
        checker.error(b.at, Error::NoUsedUp { at: b.at });
        return None;
    };
    let extra =
        i64::try_from(i128::from(announced) * i128::from(soft) / i128::from(super::scalar::MILLION)).unwrap_or(0);
    Some(ir::Budget {
        counter: key::stable_id(&format!("budget/{}", p.name)),
        max: announced + extra,
        announced,
        used_up: match used_up {
            ast::UsedUp::Stop => Beyond::Skip,
            ast::UsedUp::Cut => Beyond::Cut,
        },
        at: b.at,
    })
}

fn rule(checker: &mut Checker<'_>, p: &hir::Policy, group: Option<usize>, r: &hir::Rule, during: (i64, i64)) -> Rule {
    let gates = gates(checker, p, r, during);
    checker.reach = gates.iter().find(|g| g.kind == GateKind::During).and_then(|g| g.set.ranges().first().copied());
    let mut scope = Scope::new(checker, r.event);
    for (fact, _, at, answered) in r.regions.iter().chain(&r.pilot) {
        // What the one clause has tested the other need not ask again.
        let asked = scope.is_known(fact);
        match (fact.present, answered) {
            _ if asked && fact.present.is_some() => {}
            (Some(_), false) => {
                scope.error(*at, Error::RegionUnknown { at: *at, name: scope.said(fact, *at) });
            }
            (Some(word), true) => scope.known.push(Presence::Word(word)),
            (None, true) => scope.error(*at, Error::AlwaysKnown { at: *at, name: scope.said(fact, *at) }),
            (None, false) => {}
        }
    }
    // What the gates have tested is known.
    let products = gates.iter().filter(|g| g.kind == GateKind::Products && g.set == IntervalSet::one(1));
    let event = scope.checker.hir.schema.events.get(r.event.index());
    let tested =
        products.map(|g| g.word).filter(|w| event.is_some_and(|e| e.fields.iter().any(|f| f.present == Some(*w))));
    scope.known.extend(tested.map(Presence::Word));
    let mut conditions = Vec::new();
    if let Some(condition) = &r.condition {
        let before = scope.checker.out.0.len();
        scope.conjuncts(condition, &mut conditions);
        if condition.has_error() || scope.checker.out.0.len() > before {
            // What was reported is a constant here, and would seem never to hold.
            conditions.clear();
        }
    }
    scope.cancels(&r.adjusts, &mut conditions);
    let said_at = |kind: GateKind| match kind {
        GateKind::During => p.during.as_ref().map(|d| d.2),
        GateKind::Products => p.products.as_ref().map(|d| d.1),
        GateKind::Regions => r.regions.as_ref().map(|d| d.2),
        GateKind::Pilot => r.pilot.as_ref().map(|d| d.2),
    };
    let mut conditions = simplify(&mut scope, &gates, conditions, said_at);
    // Whom the policy is for comes before what it asks of them; that they are known may be said in the condition.
    let selected: Vec<Expr> = r.selected.iter().filter_map(|share| selected(&mut scope, share)).collect();
    conditions.splice(0..0, selected);
    if r.written.0 == 0 {
        scope.error(r.at, Error::NoGive { at: r.at });
    }
    let on_return = on_return(&mut scope, r);
    scope.returnable(r, on_return);
    let mut awards = Vec::new();
    for give in &r.gives {
        awards.extend(self::give(&mut scope, give, on_return));
    }
    for share in &r.shares {
        awards.extend(scope.share(share, on_return));
    }
    scope.adjust(&r.adjusts, &mut awards);
    scope.costs_fit(&awards);
    if let (Some(pool), true) = (scope.pools.first(), r.written.0 > 1) {
        let at = pool.at;
        scope.error(at, Error::Prize(PrizeError::PoolBeside { at }));
    }
    let gives: Vec<&hir::Give> = hir::from_ast::all_gives(r).collect();
    let consumes_when_nothing = scope.draws > 0;
    scope.whole_exchange(&r.gives, &r.limits);
    let mut limits = Vec::new();
    for limit in r.once.iter().chain(&r.limits) {
        limits.extend(self::limit(&mut scope, limit, &gives));
    }
    let group = group.and_then(|g| scope.checker.hir.groups.get(g)).map_or(&[][..], |g| &g.limits);
    scope.holds(r, group);
    for (event, limit) in group {
        if *event == r.event {
            limits.extend(self::limit(&mut scope, limit, &gives));
        }
    }
    limits.extend(invariant::uses(scope.checker, r.event, &awards));
    let ladders = std::mem::take(&mut scope.ladders);
    // Last of all: a chance that a limit refuses takes no ticket.
    let mut pool_cost = 0i128;
    for pool in &scope.pools {
        limits.push((pool.limit.clone(), Vec::new()));
        pool_cost += pool.least;
    }
    let scanned = scope.checker.hir.model.events.get(r.event.index()).is_some_and(|e| e.scan.is_some());
    if scanned && r.written.1 == 0 {
        let event = event_name(scope.checker, r.event, r.at);
        scope.error(r.at, Error::NoOnce { at: r.at, event });
    }
    // A draw is keyed by what pays once for ever, so that a second scan of the same code meets the same prize. What
    // pays once a day draws anew each day.
    let once = r.once.iter().find(|once| once.window == ir::Window::Ever);
    let entitlement = once.map_or_else(
        || vec![KeyPart::Id { word: Word::ID, present: None }],
        |once| once.per.iter().map(|party| scope.checker.key_part(party)).collect(),
    );
    Rule {
        number: r.number,
        event: r.event,
        gates,
        conditions,
        awards,
        limits,
        consumes_when_nothing,
        entitlement,
        pool_cost,
        ladders,
        at: r.at,
    }
}

/// An event's name as the file at a place would write it.
fn event_name(checker: &Checker<'_>, event: ir::EventId, at: Location) -> String {
    let spelling = checker.spelling(at);
    let event = checker.hir.schema.events.get(event.index());
    event.map(|e| e.name.said(spelling).to_owned()).unwrap_or_default()
}

/// `during`, `products` and `regions` as sets over the record.
fn gates(checker: &mut Checker<'_>, p: &hir::Policy, r: &hir::Rule, during: (i64, i64)) -> Vec<Gate> {
    let mut gates = Vec::new();
    // A period that begins in the campaign is settled at its end, which may lie behind the campaign's; the campaign itself
    // at its last second.
    let from = if r.period == Some(ir::Window::Ever) { during.1 - 1 } else { during.0 };
    let end = match r.period {
        Some(window) => {
            key::last_second(window, during.1 - 1, checker.hir.model.utc_offset).map_or(during.1, |s| s + 1)
        }
        // What was won is redeemed longer than it can be won.
        None => match (r.redeem, &p.redeem_until) {
            (Some(_), Some((last, _))) => {
                let until = hir::chain::level(&checker.hir.model, p, r).map_or(last, |level| &level.until);
                calendar::end_instant(until, checker.hir.model.utc_offset).unwrap_or(during.1).max(during.1)
            }
            (Some(at), None) => {
                checker.after(at, after::Error::RedeemUntil(at));
                during.1
            }
            (None, _) => during.1,
        },
    };
    gates.push(Gate { word: Word::TIME, set: IntervalSet::range(from, end), kind: GateKind::During });
    if let (Some((fact, set, at, _)), Some((announced, area, said, _))) = (&r.pilot, &r.regions)
        && fact.word == announced.word
        && set.intersect(area).is_empty()
    {
        checker.error(*at, Error::NeverFires { at: *at, earlier: Some(*said) });
    }
    if let Some((set, at)) = &p.products {
        let schema = checker.hir.schema.events.get(r.event.index());
        let field =
            schema.and_then(|e| e.fields.iter().find(|f| f.ty == ir::schema::FieldType::Product && f.path.len() == 1));
        match (field, r.period) {
            (Some(field), _) => {
                gates.extend(field.present.map(|word| Gate {
                    word,
                    set: IntervalSet::one(1),
                    kind: GateKind::Products,
                }));
                gates.push(Gate { word: field.word, set: set.clone(), kind: GateKind::Products });
            }
            (None, Some(_)) => checker.error(*at, Error::PeriodProducts { at: *at }),
            (None, None) => {
                let e = hir::error::Error::NoProduct { at: *at, event: event_name(checker, r.event, *at) };
                resolve_error(checker, e, *at);
            }
        }
    }
    for (kind, clause) in [(GateKind::Regions, &r.regions), (GateKind::Pilot, &r.pilot)] {
        let Some((fact, set, ..)) = clause else { continue };
        gates.extend(fact.present.map(|word| Gate { word, set: IntervalSet::one(1), kind }));
        gates.push(Gate { word: fact.word, set: set.clone(), kind });
    }
    gates
}

/// Drops conjuncts that always hold and reports those that never can, alone or together with what stands before.
fn simplify(
    scope: &mut Scope<'_, '_>,
    gates: &[Gate],
    conditions: Vec<Expr>,
    said_at: impl Fn(GateKind) -> Option<Location>,
) -> Vec<Expr> {
    let mut left: FxHashMap<Word, (IntervalSet, Option<Location>)> = FxHashMap::default();
    for gate in gates {
        let entry = left.entry(gate.word).or_insert_with(|| (gate.set.clone(), said_at(gate.kind)));
        entry.0 = entry.0.intersect(&gate.set);
    }
    let mut kept = Vec::new();
    for condition in conditions {
        let at = condition.at;
        if matches!(condition.kind, Kind::Const(0)) {
            scope.error(at, Error::NeverFires { at, earlier: None });
            continue;
        }
        if condition.as_const().is_some() {
            continue;
        }
        if let Kind::InSet(word, set) = &condition.kind {
            match left.get_mut(word) {
                Some((rest, earlier)) => {
                    let both = rest.intersect(set);
                    if both.is_empty() {
                        let earlier = *earlier;
                        scope.error(at, Error::NeverFires { at, earlier });
                    }
                    *rest = both;
                    *earlier = Some(at);
                }
                None => {
                    left.insert(*word, (set.clone(), Some(at)));
                }
            }
        }
        kept.push(condition);
    }
    kept
}

/// The test that a party is in a share; none where everybody is.
fn selected(scope: &mut Scope<'_, '_>, share: &hir::selection::Selected) -> Option<Expr> {
    scope.require(&share.party.fact, share.at);
    let (from, end) = share.buckets;
    let party = scope.checker.key_part(&share.party);
    let input = ir::Input::Bucket(ir::BucketUse { salt: key::stable_id(&share.salt), party });
    let everybody = from == 0 && end == super::scalar::MILLION;
    (!everybody).then(|| build::input_in_set(input, IntervalSet::range(from, end), share.at))
}

/// Asks what a return does wherever goods can still come back after the reward.
fn on_return(scope: &mut Scope<'_, '_>, r: &hir::Rule) -> OnReturn {
    if let Some((answer, _)) = r.returned {
        return match answer {
            ast::OnReturn::TakeBack => OnReturn::TakeBack,
            ast::OnReturn::Keep => OnReturn::Keep,
            ast::OnReturn::InProportion => OnReturn::InProportion,
        };
    }
    if r.gives.iter().all(|give| give.flow != hir::Flow::Give) {
        // Nothing is given that goods could come back for.
        return OnReturn::NotSaid;
    }
    let model = &scope.checker.hir.model;
    let Some(event) = model.events.get(r.event.index()) else { return OnReturn::NotSaid };
    let final_scan = |layer: usize| model.layers.get(layer).is_some_and(|l| l.hidden && l.pack == 0);
    let comes_back = match event.scan {
        // Opening the smallest pack is final; a case or a sealed bottle can go back.
        Some((layer, _)) => !final_scan(layer),
        // Orders and payments are for goods; what is about an entity (a verified banquet) is final.
        None => !event.knows.iter().any(|(m, _)| matches!(m, hir::model::Member::Entity(_))),
    };
    if comes_back {
        let event = event_name(scope.checker, r.event, r.at);
        scope.error(r.at, Error::NoReturn { at: r.at, event });
    }
    OnReturn::NotSaid
}

/// Who is paid, in order of preference, and the question what happens where nobody of them is known.
pub fn payees(scope: &mut Scope<'_, '_>, give: &hir::Give) -> Vec<ir::Payee> {
    let payee = &give.payee;
    let known = scope.is_known(&payee.fact);
    let mut payees: Vec<ir::Payee> = Vec::new();
    payees.extend(as_payee(scope, payee));
    match &give.unknown {
        None if !known && give.flow == hir::Flow::Give => {
            // The link itself must hold or be answered for; so must the party on it.
            scope.error(payee.at, Error::NoUnknown { at: payee.at, name: scope.said(&payee.fact, payee.at) });
        }
        Some((_, at)) if known => {
            scope.error(*at, Error::AlwaysKnown { at: *at, name: scope.said(&payee.fact, payee.at) })
        }
        Some((Some(other), at)) => {
            if other.role.is_none() || !scope.is_known(&other.fact) {
                scope.error(*at, Error::BadFallback { at: *at, name: scope.said(&other.fact, *at) });
            }
            payees.extend(as_payee(scope, other));
        }
        _ => {}
    }
    payees
}

fn give(scope: &mut Scope<'_, '_>, give: &hir::Give, on_return: OnReturn) -> Vec<Award> {
    let payees = payees(scope, give);
    let draws = scope.draws;
    let from = give.from.as_ref().and_then(|party| {
        scope.require(&party.fact, party.at);
        as_payee(scope, party)
    });
    // What the condition proves holds wherever the amount is paid.
    let before = scope.known.len();
    let proven = give.when.as_ref().map(|when| scope.proves(when, true));
    scope.known.extend(proven.into_iter().flatten());
    scope.checker.terms(give.claim_within, give.due, give.at);
    let mut leaves = scope.moved(give);
    scope.known.truncate(before);
    if let Some(when) = &give.when {
        if scope.draws > draws {
            scope.error(when.at, Error::DrawWhen { at: when.at });
        }
        let test = scope.condition(when);
        for (leaf, _) in &mut leaves {
            let nothing = Expr::constant(0, leaf.amount.ty.clone(), give.at);
            leaf.amount = build::select(test.clone(), leaf.amount.clone(), nothing, give.at);
        }
    }
    leaves
        .into_iter()
        .map(|(leaf, flow)| Award {
            payees: payees.clone(),
            leaf,
            flow,
            from: from.clone(),
            claim_within: give.claim_within,
            due: give.due,
            hold: give.hold,
            on_return,
            at: give.at,
        })
        .collect()
}

fn as_payee(scope: &mut Scope<'_, '_>, party: &Party) -> Option<ir::Payee> {
    let role = u32::try_from(party.role?).ok()?;
    Some(ir::Payee { role, id: scope.checker.key_part(party) })
}

fn limit(scope: &mut Scope<'_, '_>, limit: &hir::Limit, gives: &[&hir::Give]) -> Option<(ir::Limit, Vec<KeyPart>)> {
    let max = scope.scalar(&limit.max);
    let unit = match max.ty {
        Type::Seconds if limit.apart => LimitUnit::Seconds,
        Type::Plain if limit.parties => LimitUnit::Parties,
        Type::Money => LimitUnit::Fen,
        Type::Plain | Type::Times => LimitUnit::Times,
        Type::Error => return None,
        _ => {
            scope.error(limit.max.at, Error::LimitBound { at: limit.max.at });
            return None;
        }
    };
    let Some(bound) = max.as_const().filter(|m| *m >= 1) else {
        scope.error(limit.max.at, Error::LimitBound { at: limit.max.at });
        return None;
    };
    let beyond = match limit.beyond {
        Some(ast::Beyond::Skip) => Beyond::Skip,
        Some(ast::Beyond::Cut) => Beyond::Cut,
        Some(ast::Beyond::Hold(within)) => Beyond::Hold(hir::term::term(&within)),
        None => {
            scope.error(limit.at, Error::NoBeyond { at: limit.at, money: unit == LimitUnit::Fen });
            return None;
        }
    };
    if beyond != Beyond::Skip && unit == LimitUnit::Parties {
        scope.error(limit.at, Error::FirstWait { at: limit.at });
        return None;
    }
    if beyond == Beyond::Cut && unit == LimitUnit::Times {
        scope.error(limit.at, Error::CutTimes { at: limit.at });
        return None;
    }
    for party in &limit.per {
        // A limit on one role's awards need not be answered where that very party is unknown and nobody else has this
        // role: nothing that it counts is paid then.
        let stand_ins = gives.iter().filter_map(|g| g.unknown.as_ref()?.0.as_ref());
        let mut payees = gives.iter().map(|g| &g.payee).chain(stand_ins).filter(|p| p.role == limit.only).peekable();
        let only_this = limit.only.is_some()
            && payees.peek().is_some()
            && payees.all(|p| (&p.fact.link, p.fact.word) == (&party.fact.link, party.fact.word));
        if !only_this {
            scope.require(&party.fact, party.at);
        }
    }
    let mut key: Vec<KeyPart> = limit.per.iter().map(|p| scope.checker.key_part(p)).collect();
    if let Some((same, at)) = limit.same {
        key.push(super::identity::key(scope, same, at)?);
    }
    let links = key.iter().filter_map(|part| match part {
        KeyPart::LinkId { link, .. } => Some(scope.checker.link_identity(link)),
        KeyPart::Id { .. } | KeyPart::Same(_) => None,
    });
    let links = links.collect::<Vec<_>>().join(",");
    let counter =
        if links.is_empty() { limit.counter } else { key::stable_id(&format!("{:016x}/{links}", limit.counter)) };
    let limit = ir::Limit {
        counter,
        max: bound,
        unit,
        window: limit.window,
        beyond,
        only_role: limit.only.and_then(|r| u32::try_from(r).ok()),
        once: limit.once,
        invariant: None,
        at: limit.at,
    };
    Some((limit, key))
}

fn check_group(checker: &mut Checker<'_>, group: &hir::Group, policies: &[Policy]) {
    if group.written < 2 && group.arms.is_none() {
        checker.error(group.at, Error::SmallGroup { at: group.at, name: group.name.clone() });
    }
    if group.rule != ast::GroupRule::BestOf {
        return;
    }
    for policy in group.members.iter().filter_map(|m| policies.get(*m)) {
        let kinds = &checker.hir.model.kinds;
        let money = |kind: usize| kinds.get(kind).is_some_and(|k| k.class == Some(ast::RewardClass::Money));
        let other = policy.rules.iter().flat_map(|r| &r.awards).any(|a| {
            let other = a.leaf.kind == GOODS || a.leaf.kind == COUPON || !money(a.leaf.kind);
            other || a.flow != ir::Flow::Give
        });
        if other {
            checker.error(group.at, Error::BestOfMoney { at: group.at, member: policy.name.clone() });
        }
    }
}
