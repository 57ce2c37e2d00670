//! Resolve: from the files of a package to [`super::Package`].

use super::error::{Error, NameKind};
use super::model::{self, FactDef, FactType, Member, Model};
use super::scope::{LetDef, Scope};
use super::sets::{self, Report, Tree};
use super::table::{self, Table, TableTexts};
use super::term::term;
use super::{Budget, Coupon, Fact, Flow, Give, Limit, Package, Party, Policy, Rule, Share};
use super::{expr, layout, template};
use crate::ast::{self, Clause, ClauseKind};
use crate::calendar;
use crate::catalogue::Catalogue;
use crate::diagnostic::Diagnostics;
use crate::ir::schema::{EventSchema, FieldType, Schema};
use crate::ir::{EventId, IntervalSet, Window, WorkCalendar, key};
use crate::regions::RegionTree;
use crate::source::{Location, SourceId, Span, Spelling};
use rustc_hash::FxHashMap;

/// Where no event is at hand: budgets, coupons, names of events.
pub(super) const NO_EVENT: EventId = EventId(u32::MAX);

/// Everything names are looked up in.
pub struct Context<'a> {
    /// The channel model.
    pub model: Model,
    /// Record layout, products, regions.
    pub schema: Schema,
    /// Products by SKU and category.
    pub catalogue: &'a Catalogue,
    /// Coupons.
    pub coupons: Vec<CouponName>,
    /// Data tables.
    pub tables: Vec<Table>,
}

/// A coupon's name, known before its value is.
#[derive(Clone, Debug)]
pub struct CouponName {
    /// Name.
    pub name: String,
}

impl Context<'_> {
    /// The schema of an event kind; an empty one for an id of another package.
    pub fn event(&self, id: EventId) -> &EventSchema {
        static NONE: EventSchema = EventSchema {
            name: crate::ir::schema::Named { name: String::new(), label: String::new() },
            words: 0,
            fields: Vec::new(),
            actor: None,
            period_end: None,
            after: None,
        };
        self.schema.events.get(id.index()).unwrap_or(&NONE)
    }

    /// The event kind spelled `text`.
    pub fn event_named(&self, text: &str) -> Option<EventId> {
        self.schema.events.iter().position(|e| e.name.is(text)).map(|i| EventId(i as u32))
    }

    /// The fact of an event at a path; a party's own name means its id.
    pub fn fact(&self, event: EventId, names: &[&str]) -> Option<Fact> {
        let field = self.event(event).fields.iter().find(|f| {
            let same = f.path.len() == names.len() || (f.path.len() == names.len() + 1 && is_id(f));
            same && f.path.iter().zip(names).all(|(n, text)| n.is(text))
        })?;
        let ty = self.fact_type(event, field)?;
        Some(Fact { link: None, word: field.word, present: field.present, ty, name: super::scope::spelled(field) })
    }

    fn fact_type(&self, event: EventId, field: &crate::ir::schema::Field) -> Option<FactType> {
        let owner = field.path.first()?;
        let role = self.model.roles.iter().position(|r| r.name == *owner);
        let entity = self.model.entities.iter().position(|e| e.name == *owner);
        Some(match &field.ty {
            FieldType::YesNo => FactType::YesNo,
            FieldType::OneOf(values) => FactType::OneOf(values.clone()),
            FieldType::Number { lo, hi, unit } => FactType::Number { lo: *lo, hi: *hi, unit: unit.clone() },
            FieldType::Date => FactType::Date,
            FieldType::Instant => FactType::Instant,
            FieldType::Product => FactType::Product,
            FieldType::Region => FactType::Region,
            FieldType::Id if is_id(field) => match (role, entity) {
                (Some(r), _) => FactType::Role(r),
                (_, Some(e)) => FactType::Entity(e),
                _ => FactType::Text,
            },
            FieldType::Id => {
                let facts: &[FactDef] = match (role, entity) {
                    (Some(r), _) => self.model.roles.get(r).map_or(&[], |r| &r.facts),
                    (_, Some(e)) => self.model.entities.get(e).map_or(&[], |e| &e.facts),
                    _ => self.model.events.get(event.index()).map_or(&[], |e| &e.facts),
                };
                let last = field.path.last()?;
                facts.iter().find(|f| f.name == *last).map_or(FactType::Text, |f| f.ty.clone())
            }
        })
    }

    /// Names of the declared events that know a role or entity.
    pub fn events_knowing(&self, member: Member, spelling: Spelling) -> Vec<String> {
        let knows = |e: &&model::Event| {
            e.knows.iter().any(|(m, _)| *m == member) || matches!(member, Member::Role(r) if e.by.contains(&r))
        };
        self.model.events.iter().filter(knows).map(|e| e.name.said(spelling).to_owned()).collect()
    }

    /// The SKUs of a set of product ids: stable where ids are not.
    pub fn skus(&self, set: &IntervalSet) -> Vec<&str> {
        let ids = set.ranges().iter().flat_map(|(lo, hi)| *lo..*hi);
        ids.filter_map(|id| self.schema.products.get(usize::try_from(id).ok()?)).map(|p| p.sku.as_str()).collect()
    }
}

fn is_id(field: &crate::ir::schema::Field) -> bool {
    field.path.len() == 2 && field.path.last().is_some_and(|n| n.name == "id")
}

/// First second of a campaign and first second after it; `None` if a date does not exist.
pub fn campaign(from: &ast::DateTime, to: &ast::DateTime, offset: i32) -> Option<(i64, i64)> {
    Some((calendar::instant(from, offset).ok()?, calendar::end_instant(to, offset).ok()?))
}

/// A policy's clauses before they are resolved, with the file each comes from.
pub(super) struct Draft<'a> {
    pub(super) name: &'a ast::Name,
    pub(super) title: Option<&'a ast::Text>,
    pub(super) clauses: Vec<(SourceId, Spelling, std::borrow::Cow<'a, [Clause]>)>,
    pub(super) at: Location,
    pub(super) span: Span,
}

/// Loads the products once the number of packs is known.
pub type LoadCatalogue<'a> = dyn Fn(usize, &mut Diagnostics) -> Catalogue + 'a;

/// The resolved package and the catalogue it was resolved against; `None` if there is no channel.
pub fn resolve(
    files: &[ast::File],
    regions: RegionTree,
    load: &LoadCatalogue<'_>,
    texts: &TableTexts<'_>,
    work: Option<WorkCalendar>,
    out: &mut Diagnostics,
) -> Option<Package> {
    let model = channel(files, out)?;
    let catalogue = load(model.packs.len(), out);
    let periods = periods(files, &model);
    let about = layout::About { claims: super::after::claims(files), holds: super::hold::holds(files) };
    let schema = layout::schema(&model, &periods, about, catalogue.products.clone(), regions);
    let mut cx = Context { model, schema, catalogue: &catalogue, coupons: Vec::new(), tables: Vec::new() };
    cx.coupons = coupon_names(files, &catalogue, out);
    cx.model.things.extend(table::units(&cx.model, files));
    cx.tables = table::resolve(&cx, files, texts, out);
    let identities = super::identity::resolve(&cx, files, out);
    // A template without an instance is no policy, but what it names must be there all the same.
    for template in template::unfilled(files) {
        policy(&cx, &template, out);
    }
    let drafts = drafts(files, out);
    let mut policies: Vec<Policy> = drafts.iter().map(|d| policy(&cx, d, out)).collect();
    policies.sort_by(|a, b| a.name.cmp(&b.name));
    let mut groups = super::group::groups(&cx, files, &policies, out);
    super::selection::experiments(&cx, files, &mut policies, &mut groups, out);
    let coupons = coupons(&cx, files, out);
    let invariants = super::invariant::resolve(&cx, files, out);
    let categories = catalogue.categories.clone();
    let (model, schema, tables) = (cx.model, cx.schema, cx.tables);
    Some(Package { model, schema, categories, policies, groups, coupons, identities, invariants, tables, work })
}

fn channel(files: &[ast::File], out: &mut Diagnostics) -> Option<Model> {
    let mut found: Option<(&ast::Channel, &ast::File)> = None;
    for file in files {
        for item in &file.items {
            let ast::Item::Channel(channel) = item else { continue };
            match found {
                None => found = Some((channel, file)),
                Some((first, home)) => {
                    let e = Error::SecondChannel {
                        at: channel.name.span.at(file.source),
                        first: first.name.span.at(home.source),
                    };
                    out.push(e.into_diagnostic(file.spelling));
                }
            }
        }
    }
    let Some((channel, file)) = found else {
        let file = files.first()?;
        out.push(Error::NoChannel { at: Span::new(0, 0).at(file.source) }.into_diagnostic(file.spelling));
        return None;
    };
    Some(model::resolve(channel, file.source, file.spelling, out))
}

/// The period ends some policy or template asks for, in a fixed order.
fn periods(files: &[ast::File], model: &Model) -> Vec<(Window, usize)> {
    let mut found = Vec::new();
    for item in files.iter().flat_map(|f| &f.items) {
        let clauses: &[Clause] = match item {
            ast::Item::Policy(p) => &p.clauses,
            ast::Item::Template(t) => &t.clauses,
            ast::Item::Instance(i) => &i.clauses,
            _ => continue,
        };
        for clause in clauses {
            if let ClauseKind::Every { period, role, .. } = &clause.kind {
                found.extend(model.role(&role.text).map(|r| (period_window(*period), r)));
            }
        }
    }
    found.sort_by_key(|(w, r)| (*w as u8, *r));
    found.dedup();
    found
}

fn period_window(p: ast::Period) -> Window {
    match p {
        ast::Period::Month => Window::Month,
        ast::Period::Quarter => Window::Quarter,
        ast::Period::Year => Window::Year,
        ast::Period::Campaign => Window::Ever,
    }
}

/// A coupon is given as a product is, `1 of NAME`, so it cannot have the name of one.
fn coupon_names(files: &[ast::File], catalogue: &Catalogue, out: &mut Diagnostics) -> Vec<CouponName> {
    let mut names: Vec<CouponName> = Vec::new();
    for file in files {
        for item in &file.items {
            let ast::Item::Coupon(c) = item else { continue };
            if names.iter().any(|n| n.name == c.name.text) || catalogue.sku(&c.name.text).is_some() {
                let at = c.name.span.at(file.source);
                out.push(
                    Error::Duplicate { at, name: c.name.text.clone(), first: None }.into_diagnostic(file.spelling),
                );
            } else {
                names.push(CouponName { name: c.name.text.clone() });
            }
        }
    }
    names
}

fn drafts<'a>(files: &'a [ast::File], out: &mut Diagnostics) -> Vec<Draft<'a>> {
    let mut drafts: Vec<Draft<'a>> = Vec::new();
    let mut named: FxHashMap<&str, Location> = FxHashMap::default();
    let mut templates: FxHashMap<&str, (&ast::File, &ast::Template)> = FxHashMap::default();
    for file in files {
        for item in &file.items {
            if let ast::Item::Template(t) = item {
                templates.entry(&t.name.text).or_insert((file, t));
            }
        }
    }
    for file in files {
        for item in &file.items {
            let draft = match item {
                ast::Item::Policy(p) => Draft {
                    name: &p.name,
                    title: p.title.as_ref(),
                    clauses: vec![(file.source, file.spelling, (&p.clauses[..]).into())],
                    at: p.name.span.at(file.source),
                    span: p.span,
                },
                ast::Item::Instance(i) => {
                    let template = templates.get(i.template.text.as_str()).copied();
                    let mut report = Report { source: file.source, spelling: file.spelling, out };
                    let Some((home, template)) = template else {
                        let at = i.template.span.at(file.source);
                        let names = files.iter().flat_map(|f| &f.items).filter_map(|item| match item {
                            ast::Item::Template(t) => Some(t.name.text.clone()),
                            _ => None,
                        });
                        let choices = names.collect();
                        report.error(Error::unknown(at, NameKind::Template, &i.template.text, choices));
                        continue;
                    };
                    let expanded = template::expand(template, i, &mut report);
                    Draft {
                        name: &i.name,
                        title: i.title.as_ref(),
                        clauses: vec![
                            (home.source, home.spelling, expanded.into()),
                            (file.source, file.spelling, (&i.clauses[..]).into()),
                        ],
                        at: i.name.span.at(file.source),
                        span: i.span,
                    }
                }
                _ => continue,
            };
            if let Some(first) = named.get(draft.name.text.as_str()) {
                let (at, name) = (draft.at, draft.name.text.clone());
                out.push(Error::Duplicate { at, name, first: Some(*first) }.into_diagnostic(file.spelling));
            } else {
                named.insert(&draft.name.text, draft.at);
                drafts.push(draft);
            }
        }
    }
    drafts
}

/// What the state of a rule is keyed by: its events, and which of the policy's rules on them it is. A rule added on
/// other events leaves the counts of this one alone.
#[derive(Default)]
struct Identities(Vec<String>);

impl Identities {
    fn next(&mut self, events: impl IntoIterator<Item = Option<EventId>>, cx: &Context<'_>) -> String {
        let names: Vec<&str> = events.into_iter().flatten().map(|e| cx.event(e).name.name.as_str()).collect();
        let events = names.join("+");
        let before = self.0.iter().filter(|known| **known == events).count();
        let identity = format!("{events}#{}", before + 1);
        self.0.push(events);
        identity
    }
}

/// Header clauses that may stand once.
#[derive(Default)]
struct Once(Vec<(&'static str, Location)>);

impl Once {
    fn first(&mut self, clause: &'static str, at: Location) -> Result<(), Error> {
        match self.0.iter().find(|(c, _)| *c == clause) {
            Some((_, first)) => Err(Error::Repeated { at, clause, first: *first }),
            None => {
                self.0.push((clause, at));
                Ok(())
            }
        }
    }
}

fn policy(cx: &Context<'_>, draft: &Draft<'_>, out: &mut Diagnostics) -> Policy {
    let mut policy = Policy {
        name: draft.name.text.clone(),
        title: draft.title.map(|t| t.text.clone()),
        kind: None,
        during: None,
        redeem_until: None,
        chain: Vec::new(),
        products: None,
        has_regions: false,
        budget: None,
        owner: None,
        delivery: None,
        announced: None,
        rules: Vec::new(),
        written: 0,
        limits: Vec::new(),
        at: draft.at,
    };
    let _ = draft.span;
    let mut seen = Once::default();
    // Header first: rules need `during` (for `this campaign`), `regions` and the `let` names.
    let mut regions: Regions<'_> = None;
    let mut selection = super::selection::Clauses::default();
    let mut lets: Vec<LetDef<'_>> = Vec::new();
    for (source, spelling, clauses) in &draft.clauses {
        for clause in clauses.iter() {
            let at = clause.span.at(*source);
            let mut report = Report { source: *source, spelling: *spelling, out };
            let once = match &clause.kind {
                ClauseKind::Kind(parts) => {
                    policy.kind = Some(parts.iter().map(|(k, n, s)| (*k, n.clone(), s.at(*source))).collect());
                    seen.first("kind", at)
                }
                ClauseKind::During(from, to) => {
                    policy.during = Some((*from, *to, at));
                    seen.first("during", at)
                }
                ClauseKind::RedeemUntil(until) => {
                    policy.redeem_until = Some((*until, at));
                    seen.first("redeem", at)
                }
                ClauseKind::RedeemChain(levels) => {
                    policy.chain = super::chain::levels(&cx.model, levels, &mut report);
                    policy.redeem_until = levels.last().map(|level| (level.until, at));
                    seen.first("redeem", at)
                }
                ClauseKind::Exchanged(_) => Err(Error::Misplaced { at, clause: "exchanged goods", inside_rule: false }),
                ClauseKind::Products(set) => {
                    policy.products = Some((sets::set(cx, Tree::Products, set, &mut report), at));
                    seen.first("products", at)
                }
                ClauseKind::Regions { set, by, unknown } => {
                    policy.has_regions = true;
                    regions = Some((set, by.as_ref(), unknown.is_some(), at, *source, *spelling));
                    seen.first("regions", at)
                }
                ClauseKind::Owner(who, because) => {
                    policy.owner = Some((who.text.clone(), because.as_ref().map(|b| b.text.clone())));
                    seen.first("owner", at)
                }
                ClauseKind::Delivery(how) => {
                    report.not_blank(how, "delivery");
                    policy.delivery = Some(how.text.clone());
                    seen.first("delivery", at)
                }
                ClauseKind::AnnouncedOdds(rate) => {
                    policy.announced = Some((rate.clone(), at));
                    seen.first("announced odds", at)
                }
                ClauseKind::Pilot { set, by, unknown } => {
                    let by = by.as_ref();
                    selection.pilot = Some((set, by, unknown.is_some(), at, *source, *spelling));
                    seen.first("pilot", at)
                }
                ClauseKind::RollOut { share, role } => {
                    selection.roll_out = Some((share, role, at, (*source, *spelling)));
                    seen.first("roll out", at)
                }
                ClauseKind::Budget { .. } => seen.first("budget", at),
                ClauseKind::Let(name, value) => {
                    let taken = already_named(cx, &lets, name, *source);
                    lets.push(LetDef { name, value, home: (*source, *spelling) });
                    taken.map_or(Ok(()), Err)
                }
                ClauseKind::Apart { .. } => Err(Error::Misplaced { at, clause: "apart", inside_rule: false }),
                ClauseKind::First(_) => Err(Error::Misplaced { at, clause: "only the first", inside_rule: false }),
                ClauseKind::Give(_) => Err(Error::Misplaced { at, clause: "give", inside_rule: false }),
                ClauseKind::Adjust { .. } => Err(Error::Misplaced { at, clause: "if", inside_rule: false }),
                ClauseKind::Share { .. } => Err(Error::Misplaced { at, clause: "share", inside_rule: false }),
                ClauseKind::Take(_) => Err(Error::Misplaced { at, clause: "take from", inside_rule: false }),
                ClauseKind::Charge(_) => Err(Error::Misplaced { at, clause: "charge", inside_rule: false }),
                ClauseKind::Returned(_) => Err(Error::Misplaced { at, clause: "if returned", inside_rule: false }),
                ClauseKind::On { .. } | ClauseKind::Every { .. } | ClauseKind::Limit(_) | ClauseKind::Once { .. } => {
                    Ok(())
                }
            };
            if let Err(e) = once {
                report.error(e);
            }
        }
    }
    let during = policy.during.and_then(|(from, to, _)| campaign(&from, &to, cx.model.utc_offset));
    // A budget is an amount that needs no event; any event kind will do to resolve it.
    let mut number = 0;
    let mut identities = Identities::default();
    for (source, spelling, clauses) in &draft.clauses {
        for clause in clauses.iter() {
            let at = clause.span.at(*source);
            let file = (*source, *spelling);
            let name = policy.name.clone();
            match &clause.kind {
                ClauseKind::Budget { amount, soft, used_up } => {
                    let amount = Scope::new(cx, file, NO_EVENT, &[], &name, during, out).expr(amount);
                    let used_up = used_up.map(|(u, _)| u);
                    policy.budget = Some(Budget { amount, soft: soft.clone(), used_up, at });
                }
                ClauseKind::On { events, redeem, condition, clauses } => {
                    number += 1;
                    let identity = identities.next(events.iter().map(|e| cx.event_named(&e.text)), cx);
                    for written in events {
                        let head = written.span.at(*source);
                        let mut scope = Scope::new(cx, file, NO_EVENT, &lets, &name, during, out);
                        let Some(event) = scope.event_named(written) else { continue };
                        scope.event = event;
                        scope.rule.clone_from(&identity);
                        let mut rule = rule(&mut scope, number, None, condition.as_ref(), clauses, head, regions);
                        selection.apply(&mut scope, &mut rule, regions);
                        rule.redeem = redeem.map(|span| span.at(*source));
                        policy.rules.push(rule);
                    }
                }
                ClauseKind::Every { period, role, condition, clauses } => {
                    number += 1;
                    let window = period_window(*period);
                    let Some(role_id) = cx.model.role(&role.text) else {
                        let choices = cx.model.roles.iter().map(|r| r.name.said(*spelling).to_owned()).collect();
                        let e = Error::unknown(role.span.at(*source), NameKind::Role, &role.text, choices);
                        Report { source: *source, spelling: *spelling, out }.error(e);
                        continue;
                    };
                    let event = cx.schema.events.iter().position(|e| {
                        e.period_end == Some(window)
                            && e.fields
                                .iter()
                                .any(|f| is_id(f) && cx.model.roles.get(role_id).map(|r| &r.name) == f.path.first())
                    });
                    let Some(event) = event else { continue };
                    let head = role.span.at(*source);
                    let mut scope = Scope::new(cx, file, EventId(event as u32), &lets, &name, during, out);
                    scope.rule = identities.next([Some(scope.event)], cx);
                    let mut rule = rule(&mut scope, number, Some(window), condition.as_ref(), clauses, head, regions);
                    selection.apply(&mut scope, &mut rule, regions);
                    rule.once.extend(period_once(&scope, role, window));
                    policy.rules.push(rule);
                }
                _ => {}
            }
        }
    }
    policy.written = number;
    policy_limits(cx, draft, &mut policy, &lets, during, out);
    policy
}

/// A `let` means the same wherever it is used, so its name is nobody else's: not another `let`'s in reach, and not a
/// role's, which would then be paid without being named.
fn already_named(cx: &Context<'_>, lets: &[LetDef<'_>], name: &ast::Name, source: SourceId) -> Option<Error> {
    let (at, text) = (name.span.at(source), name.text.clone());
    if let Some(first) = lets.iter().find(|l| l.name.text == text) {
        return Some(Error::Duplicate { at, name: text, first: Some(first.name.span.at(first.home.0)) });
    }
    let model = &cx.model;
    let declared = model.role(&text).is_some() || model.entity(&text).is_some() || model.pack(&text).is_some();
    declared.then_some(Error::Duplicate { at, name: text, first: None })
}

/// A period is settled once per party.
fn period_once(scope: &Scope<'_>, role: &ast::Name, window: Window) -> Option<Limit> {
    let fact = scope.cx.fact(scope.event, &[role.text.as_str()])?;
    let at = scope.at(role.span);
    let role = scope.cx.model.role(&role.text);
    Some(Limit {
        max: super::Expr { kind: super::ExprKind::Number(1, 0, super::Unit::Times), at },
        per: vec![Party { role, fact, at }],
        per_names: Vec::new(),
        same: None,
        window,
        only: None,
        beyond: Some(ast::Beyond::Skip),
        once: true,
        apart: false,
        parties: false,
        counter: key::stable_id(&format!("period/{}/{}", scope.policy, scope.rule)),
        at,
    })
}

/// `once` and limits written in the policy hold over all its rules: they are resolved in each rule's event, under one
/// counter.
fn policy_limits(
    cx: &Context<'_>,
    draft: &Draft<'_>,
    policy: &mut Policy,
    lets: &[LetDef<'_>],
    during: Option<(i64, i64)>,
    out: &mut Diagnostics,
) {
    let mut index = 0;
    for (source, spelling, clauses) in &draft.clauses {
        for clause in clauses.iter() {
            if let ClauseKind::Once { per, window } = &clause.kind {
                for rule in &mut policy.rules {
                    let mut scope = Scope::new(cx, (*source, *spelling), rule.event, lets, &policy.name, during, out);
                    "-".clone_into(&mut scope.rule);
                    rule.written.1 += 1;
                    let at = clause.span.at(*source);
                    rule.once.extend(resolve_once(&mut scope, per, *window, at));
                }
            }
            let ClauseKind::Limit(limit) = &clause.kind else { continue };
            index += 1;
            let concerned = policy.rules.iter().any(|rule| pays(cx, rule, limit));
            for rule in policy.rules.iter_mut().filter(|rule| !concerned || pays(cx, rule, limit)) {
                let mut scope = Scope::new(cx, (*source, *spelling), rule.event, lets, &policy.name, during, out);
                rule.written.1 += 1;
                rule.limits.extend(resolve_limit(&mut scope, limit, &format!("limit/{}/-/{index}", policy.name)));
            }
        }
    }
}

/// Can a limit on one role's awards meet an award of this rule? Where it cannot, it need not be resolved: a month end
/// knows no consumer.
pub(super) fn pays(cx: &Context<'_>, rule: &Rule, limit: &ast::Limit) -> bool {
    let Some(role) = limit.only.as_ref().and_then(|path| match path.parts.as_slice() {
        [role] => cx.model.role(&role.text),
        _ => None,
    }) else {
        return true;
    };
    let stand_in = |give: &Give| give.unknown.as_ref().and_then(|(other, _)| other.as_ref()?.role);
    all_gives(rule).any(|give| give.payee.role == Some(role) || stand_in(give) == Some(role))
}

/// What is given, the parts of shares included.
pub fn all_gives(rule: &Rule) -> impl Iterator<Item = &Give> {
    rule.gives.iter().chain(rule.shares.iter().flat_map(|s| s.parts.iter().map(|(_, give)| give)))
}

/// The policy's `regions`: set, which fact, `if unknown` answered, and where.
pub(super) type Regions<'a> = Option<(&'a ast::SetExpr, Option<&'a ast::Path>, bool, Location, SourceId, Spelling)>;

fn rule<'a>(
    scope: &mut Scope<'a>,
    number: u32,
    period: Option<Window>,
    condition: Option<&'a ast::Expr>,
    clauses: &'a [Clause],
    at: Location,
    regions: Regions<'_>,
) -> Rule {
    for clause in clauses {
        if let ClauseKind::Let(name, value) = &clause.kind {
            if let Some(e) = already_named(scope.cx, &scope.lets, name, scope.source) {
                scope.error(e);
            }
            scope.lets.push(LetDef { name, value, home: (scope.source, scope.spelling) });
        }
    }
    let mut rule = Rule {
        number,
        event: scope.event,
        redeem: None,
        period,
        regions: None,
        pilot: None,
        selected: Vec::new(),
        condition: condition.map(|c| scope.expr(c)),
        once: Vec::new(),
        limits: Vec::new(),
        gives: Vec::new(),
        shares: Vec::new(),
        adjusts: Vec::new(),
        written: (0, 0),
        returned: None,
        exchanged: None,
        at,
    };
    if let Some((set, by, unknown, clause_at, source, spelling)) = regions {
        rule.regions = super::selection::region(scope, set, by, unknown, clause_at, (source, spelling));
    }
    let mut returned: Option<Location> = None;
    let (mut limits, mut gaps) = (0, 0);
    for clause in clauses {
        let at = scope.at(clause.span);
        let misplaced = |clause| Error::Misplaced { at, clause, inside_rule: true };
        match &clause.kind {
            ClauseKind::Once { per, window } => {
                rule.written.1 += 1;
                rule.once.extend(resolve_once(scope, per, *window, at));
            }
            ClauseKind::Limit(limit) => {
                rule.written.1 += 1;
                // Other clauses can come and go while the count goes on.
                limits += 1;
                let id = format!("limit/{}/{}/{limits}", scope.policy, scope.rule);
                rule.limits.extend(resolve_limit(scope, limit, &id));
            }
            ClauseKind::Apart { gap, per, window, beyond } => {
                gaps += 1;
                let id = format!("apart/{}/{}/{gaps}", scope.policy, scope.rule);
                let beyond = beyond.map(|(b, _)| b);
                if window.is_some() || beyond == Some(ast::Beyond::Cut) || gap.count == 0 {
                    scope.error(Error::NotAGap { at });
                    continue;
                }
                rule.limits.extend(resolve_apart(scope, gap, per, beyond, &id, at));
            }
            ClauseKind::First(first) => rule.limits.extend(scope.first_parties(first, at)),
            ClauseKind::Give(give) => {
                rule.written.0 += 1;
                rule.gives.extend(resolve_give(scope, give));
            }
            ClauseKind::Adjust { condition, effect } => {
                let condition = condition.as_ref().map(|c| scope.expr(c));
                let effect = match effect {
                    ast::Effect::CancelAll => super::Effect::CancelAll,
                    ast::Effect::Half => super::Effect::Half,
                    ast::Effect::Minus(amount) => super::Effect::Minus(scope.expr(amount)),
                };
                rule.adjusts.push(super::Adjust { condition, effect, at });
            }
            ClauseKind::Share { reward, rows } => {
                rule.written.0 += 1;
                let share = resolve_share(scope, reward, rows, at);
                rule.shares.push(share);
            }
            ClauseKind::Take(take) => {
                rule.written.0 += 1;
                rule.gives.extend(scope.take(take));
            }
            ClauseKind::Charge(charge) => {
                rule.written.0 += 1;
                rule.gives.extend(scope.charge(charge));
            }
            ClauseKind::Returned(answer) => {
                if let Some(first) = returned {
                    scope.error(Error::Repeated { at, clause: "if returned", first });
                }
                returned = Some(at);
                rule.returned = Some((*answer, at));
            }
            ClauseKind::Exchanged(answer) => {
                if let Some((_, first)) = rule.exchanged {
                    scope.error(Error::Repeated { at, clause: "exchanged goods", first });
                }
                rule.exchanged = Some((*answer, at));
            }
            ClauseKind::Let(..) => {}
            ClauseKind::Kind(_) => scope.error(misplaced("kind")),
            ClauseKind::During(..) => scope.error(misplaced("during")),
            ClauseKind::RedeemUntil(_) | ClauseKind::RedeemChain(_) => scope.error(misplaced("redeem")),
            ClauseKind::Products(_) => scope.error(misplaced("products")),
            ClauseKind::Regions { .. } => scope.error(misplaced("regions")),
            ClauseKind::Pilot { .. } => scope.error(misplaced("pilot")),
            ClauseKind::RollOut { .. } => scope.error(misplaced("roll out")),
            ClauseKind::Budget { .. } => scope.error(misplaced("budget")),
            ClauseKind::Owner(..) => scope.error(misplaced("owner")),
            ClauseKind::Delivery(_) => scope.error(misplaced("delivery")),
            ClauseKind::AnnouncedOdds(_) => scope.error(misplaced("announced odds")),
            ClauseKind::On { .. } => scope.error(misplaced("on")),
            ClauseKind::Every { .. } => scope.error(misplaced("every")),
        }
    }
    rule
}

fn resolve_once(scope: &mut Scope<'_>, per: &[ast::Path], window: Option<ast::Window>, at: Location) -> Option<Limit> {
    let (per, names, same) = super::identity::counted_by(scope, per)?;
    let ir_window = window.map_or(Window::Ever, expr::window);
    let id = format!("once/{}/{}/{}/{ir_window:?}", scope.policy, scope.rule, counted_as(&per));
    Some(Limit {
        max: super::Expr { kind: super::ExprKind::Number(1, 0, super::Unit::Times), at },
        per,
        per_names: names,
        same,
        window: ir_window,
        only: None,
        beyond: Some(ast::Beyond::Skip),
        once: true,
        apart: false,
        parties: false,
        counter: key::stable_id(&id),
        at,
    })
}

/// Whom a counter counts. The name of a `let` is no part of it: it can be another word in the other spelling. Which
/// link is meant is added when links have an identity.
fn counted_as(per: &[Party]) -> String {
    let names = per.iter().map(|party| match (&party.fact.link, party.fact.name.split_once('.')) {
        (Some(_), Some((_, name))) => name,
        _ => &party.fact.name,
    });
    names.collect::<Vec<_>>().join(",")
}

/// A limit of a rule, a policy or a group; `id` says which of them.
pub(super) fn resolve_limit(scope: &mut Scope<'_>, limit: &ast::Limit, id: &str) -> Option<Limit> {
    let at = scope.at(limit.span);
    let max = scope.expr(&limit.max);
    let (per, names, same) = super::identity::counted_by(scope, &limit.per)?;
    let mut only = None;
    if let Some(path) = &limit.only {
        match scope.party(path)?.role {
            Some(role) => only = Some(role),
            None => {
                let name = path.parts.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(".");
                let at = scope.at(path.span);
                scope.error(Error::NotAParty { at, name });
                return None;
            }
        }
    }
    let window = limit.window.map_or(Window::Ever, expr::window);
    let unit = if matches!(max.kind, super::ExprKind::Number(_, _, super::Unit::Money)) { "fen" } else { "times" };
    // What is counted is the counter's identity; the bound may change and the count goes on.
    let counter = key::stable_id(&format!("{id}/{}/{window:?}/{unit}/{only:?}", counted_as(&per)));
    let beyond = limit.beyond.map(|(b, _)| b);
    Some(Limit {
        max,
        per,
        per_names: names,
        same,
        window,
        only,
        beyond,
        once: false,
        apart: false,
        parties: false,
        counter,
        at,
    })
}

/// A gap is a limit whose counter holds the second of the last payment.
fn resolve_apart(
    scope: &mut Scope<'_>,
    gap: &ast::Duration,
    per: &[ast::Path],
    beyond: Option<ast::Beyond>,
    id: &str,
    at: Location,
) -> Option<Limit> {
    let per: Vec<Party> = per.iter().map(|p| scope.party(p)).collect::<Option<_>>()?;
    let names: Vec<String> = per.iter().map(|p| p.fact.name.clone()).collect();
    let counter = key::stable_id(&format!("{id}/{}", counted_as(&per)));
    let seconds = super::ExprKind::Number(i128::from(scope.gap(gap)?), 0, super::Unit::Duration(1));
    Some(Limit {
        max: super::Expr { kind: seconds, at },
        per,
        counter,
        per_names: names,
        same: None,
        window: Window::Ever,
        only: None,
        beyond,
        once: false,
        apart: true,
        parties: false,
        at,
    })
}

fn resolve_give(scope: &mut Scope<'_>, give: &ast::Give) -> Option<Give> {
    let at = scope.at(give.span);
    let payee = scope.role(&give.payee);
    let reward = scope.reward(&give.reward);
    let when = give.when.as_ref().map(|w| scope.expr(w));
    let payee = payee?;
    let unknown = unknown(scope, give.unknown.as_ref())?;
    let claim_within = give.claim.as_ref().map(|c| term(&c.within));
    let due = give.pay.map(|pay| match pay {
        ast::PayTerm::NextMonth => crate::ir::Due::NextMonth,
        ast::PayTerm::Within(d) => crate::ir::Due::Within(term(&d)),
    });
    let hold = waits(give.unknown.as_ref());
    let from = match &give.through {
        Some(path) => Some(scope.role(path)?),
        None => None,
    };
    Some(Give { payee, reward, when, unknown, hold, claim_within, due, flow: Flow::Give, from, at })
}

/// The amount is resolved once; each part is a `give` of its own to whom it goes.
fn resolve_share(scope: &mut Scope<'_>, reward: &ast::Reward, rows: &[ast::ShareRow], at: Location) -> Share {
    let whole = scope.reward(reward);
    let mut parts = Vec::new();
    for row in rows {
        let at = scope.at(row.span);
        let reward = super::Reward { value: super::Expr { kind: super::ExprKind::Nothing, at }, ..whole.clone() };
        let give = scope.role(&row.payee).and_then(|payee| {
            let unknown = unknown(scope, row.unknown.as_ref())?;
            let hold = waits(row.unknown.as_ref());
            Some(Give { unknown, hold, ..Give::of(payee, reward, at) })
        });
        let part = match &row.part {
            ast::Chance::Share(n) => Some(n.clone()),
            ast::Chance::Rest(_) => None,
            // A template puts its argument here; what is left is nobody's parameter.
            ast::Chance::Named(name) => {
                let at = scope.at(name.span);
                scope.error(Error::unknown(at, NameKind::Parameter, &name.text, Vec::new()));
                continue;
            }
        };
        parts.extend(give.map(|give| (part, give)));
    }
    Share { reward: whole, parts, written: rows.len(), at }
}

/// The answer for an unknown payee; `None` only if it could not be resolved.
fn unknown(scope: &mut Scope<'_>, answer: Option<&ast::Unknown>) -> Option<Option<(Option<Party>, Location)>> {
    Some(match answer {
        None => None,
        Some(ast::Unknown::Skip(span) | ast::Unknown::Hold(ast::Duration { span, .. })) => {
            Some((None, scope.at(*span)))
        }
        Some(ast::Unknown::To(path)) => Some((Some(scope.party(path)?), scope.at(path.span))),
    })
}

/// How long an award waits for its payee.
fn waits(answer: Option<&ast::Unknown>) -> Option<crate::ir::Term> {
    match answer {
        Some(ast::Unknown::Hold(within)) => Some(term(within)),
        Some(ast::Unknown::Skip(_) | ast::Unknown::To(_)) | None => None,
    }
}

fn coupons(cx: &Context<'_>, files: &[ast::File], out: &mut Diagnostics) -> Vec<Coupon> {
    let mut coupons = Vec::new();
    for file in files {
        for item in &file.items {
            let ast::Item::Coupon(c) = item else { continue };
            let mut scope = Scope::new(cx, (file.source, file.spelling), NO_EVENT, &[], "", None, out);
            let worth = c.worth.as_ref().map(|w| scope.expr(w));
            let title = c.title.as_ref().map(|t| t.text.clone());
            let valid = c.valid.as_ref().map(term);
            coupons.push(Coupon { name: c.name.text.clone(), title, worth, valid, at: c.name.span.at(file.source) });
        }
    }
    coupons
}
