//! The channel model with names resolved: who can act, what is scanned, what an event carries.

use super::error::{Error, NameKind};
use super::sets::Report;
use crate::ast;
use crate::calendar;
use crate::diagnostic::Diagnostics;
use crate::ir::Round;
use crate::ir::schema::{Named, NumberUnit};
use crate::source::{Location, SourceId, Span, Spelling};
use serde::Serialize;

/// Index of the built-in kind `goods` in [`Model::kinds`].
pub const GOODS: usize = 0;
/// Index of the built-in kind `coupon` in [`Model::kinds`].
pub const COUPON: usize = 1;

/// Index of the built-in kind `payment` in [`Model::kinds`]: what one party pays another.
pub const PAYMENT: usize = 2;

/// A channel model.
#[derive(Clone, Debug, Serialize)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// Seconds east of UTC.
    pub utc_offset: i32,
    /// Rounding where a policy does not say.
    pub rounding: Round,
    /// Who runs the promotions and how to reach them.
    pub organiser: Option<(String, String)>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Packs, smallest first.
    pub packs: Vec<Named>,
    /// Code layers.
    pub layers: Vec<Layer>,
    /// Entities.
    pub entities: Vec<Entity>,
    /// Event kinds as declared; period ends come behind them in the schema.
    pub events: Vec<Event>,
    /// Reward kinds; goods, coupons and payments come first.
    pub kinds: Vec<Kind>,
    /// Names of the identity sets.
    pub identities: Vec<Named>,
    /// Units of things (`tables`) that facts declare. One that is also the name of a fact has that fact's spellings.
    pub things: Vec<Named>,
}

/// A role.
#[derive(Clone, Debug, Serialize)]
pub struct Role {
    /// Name.
    pub name: Named,
    /// A natural person.
    pub person: bool,
    /// Facts.
    pub facts: Vec<FactDef>,
}

/// A layer.
#[derive(Clone, Debug, Serialize)]
pub struct Layer {
    /// Name.
    pub name: Named,
    /// Index of its pack.
    pub pack: usize,
    /// Hidden inside the pack.
    pub hidden: bool,
}

/// An entity.
#[derive(Clone, Debug, Serialize)]
pub struct Entity {
    /// Name.
    pub name: Named,
    /// Facts.
    pub facts: Vec<FactDef>,
}

/// An event kind.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// Name.
    pub name: Named,
    /// Scanned layer and scanning role.
    pub scan: Option<(usize, usize)>,
    /// Acting roles; the scanner is the first.
    pub by: Vec<usize>,
    /// Goods come back, or an event is undone.
    pub returns: bool,
    /// Facts of its own.
    pub facts: Vec<FactDef>,
    /// The entity it is about and the route.
    pub knows: Vec<(Member, bool)>,
}

/// A party or an entity on a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Member {
    /// Index into [`Model::roles`].
    Role(usize),
    /// Index into [`Model::entities`].
    Entity(usize),
}

/// A declared fact.
#[derive(Clone, Debug, Serialize)]
pub struct FactDef {
    /// Name.
    pub name: Named,
    /// Type.
    pub ty: FactType,
    /// May be unknown.
    pub optional: bool,
}

/// The type of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum FactType {
    /// yes/no
    YesNo,
    /// one of
    OneOf(Vec<Named>),
    /// `lo..=hi`
    Number {
        /// Least.
        lo: i64,
        /// Greatest.
        hi: i64,
        /// Unit.
        unit: NumberUnit,
    },
    /// Day number.
    Date,
    /// Seconds.
    Instant,
    /// Product id.
    Product,
    /// Region id.
    Region,
    /// An id with no declared role: a code, a text.
    Text,
    /// An id of a party.
    Role(usize),
    /// An id of an entity.
    Entity(usize),
}

/// A reward kind.
#[derive(Clone, Debug, Serialize)]
pub struct Kind {
    /// Name.
    pub name: Named,
    /// What it is counted in; `None` for goods and coupons.
    pub class: Option<ast::RewardClass>,
    /// Withheld tax in parts per million.
    pub tax: Option<i64>,
}

impl Model {
    /// The role spelled `text`.
    pub fn role(&self, text: &str) -> Option<usize> {
        self.roles.iter().position(|r| r.name.is(text))
    }

    /// The pack spelled `text`, singular or plural.
    pub fn pack(&self, text: &str) -> Option<usize> {
        self.packs.iter().position(|p| p.is(text)).or_else(|| {
            let singular = text.strip_suffix('s')?;
            self.packs.iter().position(|p| p.name == singular)
        })
    }

    /// The entity spelled `text`.
    pub fn entity(&self, text: &str) -> Option<usize> {
        self.entities.iter().position(|e| e.name.is(text))
    }

    /// The identity set spelled `text`, where the keyword `同一` may be part of its label.
    pub fn identity(&self, text: &str) -> Option<usize> {
        let with = format!("同一{text}");
        self.identities.iter().position(|i| i.is(text) || i.is(&with))
    }

    /// The reward kind spelled `text`.
    pub fn kind(&self, text: &str) -> Option<usize> {
        self.kinds.iter().position(|k| k.name.is(text))
    }

    /// The declared event spelled `text`.
    pub fn event(&self, text: &str) -> Option<usize> {
        self.events.iter().position(|e| e.name.is(text))
    }
}

fn named(n: &ast::Labelled) -> Named {
    Named { name: n.name.text.clone(), label: n.label.as_ref().map(|l| l.text.clone()).unwrap_or_default() }
}

/// Resolves a channel declaration. All its errors are reported; what could be read is returned.
pub fn resolve(channel: &ast::Channel, source: SourceId, spelling: Spelling, out: &mut Diagnostics) -> Model {
    let fact_names = channel.decls.iter().flat_map(declared_facts).map(|f| named(&f.name)).collect();
    let mut r = Resolver { source, spelling, out, model: empty(&channel.name.text), fact_names };
    for decl in &channel.decls {
        r.first_pass(decl);
    }
    r.settings(channel);
    for decl in &channel.decls {
        r.second_pass(decl);
    }
    for decl in &channel.decls {
        r.events(decl);
    }
    r.model
}

fn declared_facts(decl: &ast::ChannelDecl) -> &[ast::FactDecl] {
    match decl {
        ast::ChannelDecl::Role(role) => &role.facts,
        ast::ChannelDecl::Entity(entity) => &entity.facts,
        ast::ChannelDecl::Event(event) => &event.facts,
        _ => &[],
    }
}

fn empty(name: &str) -> Model {
    let built_in = |name: &str, label: &str, class| Kind {
        name: Named { name: name.into(), label: label.into() },
        class,
        tax: None,
    };
    let payment = built_in("payment", "付款", Some(ast::RewardClass::Money));
    Model {
        name: name.into(),
        utc_offset: 8 * 3600,
        rounding: Round::HalfUp,
        organiser: None,
        roles: Vec::new(),
        packs: Vec::new(),
        layers: Vec::new(),
        entities: Vec::new(),
        events: Vec::new(),
        kinds: vec![built_in("goods", "实物", None), built_in("coupon", "券", None), payment],
        identities: Vec::new(),
        things: Vec::new(),
    }
}

/// The IR's rounding for a written one.
pub fn round(r: ast::Rounding) -> Round {
    match r {
        ast::Rounding::HalfUp => Round::HalfUp,
        ast::Rounding::Down => Round::Down,
        ast::Rounding::Up => Round::Up,
        ast::Rounding::HalfEven => Round::HalfEven,
    }
}

/// The columns of a data table as facts, beside what else its rows have.
pub fn columns(
    model: &Model,
    name: &str,
    facts: &[ast::FactDecl],
    beside: &[Named],
    (source, spelling): (SourceId, Spelling),
    out: &mut Diagnostics,
) -> Vec<FactDef> {
    let fact_names = model.things.clone();
    Resolver { source, spelling, out, model: model.clone(), fact_names }.facts(facts, beside, name)
}

/// What a file of this spelling calls something.
fn spelled(name: &ast::Labelled, spelling: Spelling) -> &str {
    match &name.label {
        Some(label) if spelling == Spelling::Zh => &label.text,
        _ => &name.name.text,
    }
}

/// True if some spelling means either.
fn same_spelling(a: &Named, b: &Named) -> bool {
    a.is(&b.name) || (!b.label.is_empty() && a.is(&b.label))
}

/// What every event has besides what a channel says of it, and what some have; parties and entities have an id too.
const OF_EVENTS: &[(&str, &str)] = &[
    ("id", "编号"),
    ("time", "时间"),
    ("event", "事件"),
    ("schema", "schema"),
    ("product", "产品"),
    (super::layout::ORIGINAL, "原事件"),
];

/// A name that is taken, as an error: by the channel, or by the language itself.
fn taken_name(at: Location, spelling: Spelling, by: &Named, new: Named, owner: &str) -> Error {
    let own = OF_EVENTS.iter().any(|(en, zh)| by.name == *en && by.label == *zh)
        || empty("").kinds.iter().map(|kind| &kind.name).chain(&super::layout::about_awards()).any(|name| name == by);
    let word = if by.is(&new.name) { new.name } else { new.label };
    if !own {
        return Error::Duplicate { at, name: word, first: None };
    }
    let instead = match spelling {
        Spelling::En => format!("{owner}_{word}"),
        Spelling::Zh => format!("{owner}{word}"),
    };
    Error::OwnName { at, name: word, instead }
}

/// What a party and an entity have besides their facts.
fn id_name() -> Named {
    Named { name: "id".into(), label: "编号".into() }
}

struct Resolver<'a> {
    source: SourceId,
    spelling: Spelling,
    out: &'a mut Diagnostics,
    model: Model,
    /// Names of all facts of the channel.
    fact_names: Vec<Named>,
}

impl Resolver<'_> {
    fn at(&self, span: crate::source::Span) -> Location {
        span.at(self.source)
    }

    fn error(&mut self, e: Error) {
        self.out.push(e.into_diagnostic(self.spelling));
    }

    /// True if no earlier declaration spells this name; reports it otherwise.
    fn is_new(&mut self, n: &ast::Labelled) -> bool {
        let new = named(n);
        let taken = self.model.roles.iter().map(|r| &r.name);
        let taken = taken.chain(&self.model.packs).chain(self.model.layers.iter().map(|l| &l.name));
        let taken = taken.chain(self.model.entities.iter().map(|e| &e.name));
        let taken = taken.chain(self.model.events.iter().map(|e| &e.name));
        let about_awards = super::layout::about_awards();
        let taken = taken.chain(self.model.kinds.iter().map(|k| &k.name)).chain(&about_awards);
        let mut taken = taken.chain(&self.model.identities);
        let Some(by) = taken.find(|t| same_spelling(t, &new)).cloned() else { return true };
        let (at, owner) = (self.at(n.name.span), self.model.name.clone());
        self.error(taken_name(at, self.spelling, &by, new, &owner));
        false
    }

    /// Zone, money and rounding: each is said, and said once.
    fn settings(&mut self, channel: &ast::Channel) {
        let said = |of: fn(&ast::ChannelDecl) -> Option<Span>| channel.decls.iter().filter_map(of);
        let zone = said(|d| if let ast::ChannelDecl::Zone(name) = d { Some(name.span) } else { None });
        let money = said(|d| if let ast::ChannelDecl::Money(name) = d { Some(name.span) } else { None });
        let rounding = said(|d| if let ast::ChannelDecl::Rounding(_, span) = d { Some(*span) } else { None });
        let wanted: [(Vec<Span>, &'static str, (&'static str, &'static str)); 3] = [
            (zone.collect(), "zone", ("zone Asia/Shanghai", "时区 Asia/Shanghai")),
            (money.collect(), "money", ("money CNY", "货币 CNY")),
            (rounding.collect(), "rounding", ("rounding half_up to fen", "取整 四舍五入 到 分")),
        ];
        let mut organisers = said(|d| if let ast::ChannelDecl::Organiser(_, _, span) = d { Some(*span) } else { None });
        if let Some(first) = organisers.next() {
            for again in organisers {
                let (at, first) = (again.at(self.source), first.at(self.source));
                self.out.push(Error::Repeated { at, clause: "organiser", first }.into_diagnostic(self.spelling));
            }
        }
        for (spans, clause, line) in wanted {
            match spans.as_slice() {
                [] => {
                    let at = self.at(channel.name.span);
                    self.error(Error::ChannelLacks { at, line });
                }
                [first, rest @ ..] => {
                    for again in rest {
                        let (at, first) = (self.at(*again), self.at(*first));
                        self.error(Error::Repeated { at, clause, first });
                    }
                }
            }
        }
    }

    /// Zone, money, rounding, and the names of roles, packs and entities.
    fn first_pass(&mut self, decl: &ast::ChannelDecl) {
        match decl {
            ast::ChannelDecl::Zone(name) => match calendar::offset(&name.text) {
                Some(offset) => self.model.utc_offset = offset,
                None => {
                    let at = self.at(name.span);
                    self.error(Error::Zone { at, name: name.text.clone() });
                }
            },
            ast::ChannelDecl::Money(name) if name.text != "CNY" => {
                let at = self.at(name.span);
                self.error(Error::Money { at, name: name.text.clone() });
            }
            ast::ChannelDecl::Rounding(r, _) => self.model.rounding = round(*r),
            ast::ChannelDecl::Organiser(name, contact, _) => {
                let mut report = Report { source: self.source, spelling: self.spelling, out: self.out };
                report.not_blank(name, "organiser");
                report.not_blank(contact, "contact");
                self.model.organiser = Some((name.text.clone(), contact.text.clone()));
            }
            ast::ChannelDecl::Role(role) if self.is_new(&role.name) => {
                self.model.roles.push(Role { name: named(&role.name), person: role.person, facts: Vec::new() });
            }
            ast::ChannelDecl::Pack(packs, _) => {
                for pack in packs {
                    if self.is_new(pack) {
                        self.model.packs.push(named(pack));
                    }
                }
            }
            ast::ChannelDecl::Entity(entity) if self.is_new(&entity.name) => {
                self.model.entities.push(Entity { name: named(&entity.name), facts: Vec::new() });
            }
            ast::ChannelDecl::Identity(identity) if self.is_new(&identity.name) => {
                self.model.identities.push(named(&identity.name));
            }
            ast::ChannelDecl::Reward(reward) if self.is_new(&reward.name) => {
                let tax = reward.tax.as_ref().and_then(super::expr::ppm);
                self.model.kinds.push(Kind { name: named(&reward.name), class: Some(reward.class), tax });
            }
            _ => {}
        }
    }

    /// Layers, and the facts of roles and entities, which may name roles and entities declared later.
    fn second_pass(&mut self, decl: &ast::ChannelDecl) {
        match decl {
            ast::ChannelDecl::Layer(layer) => {
                if !self.is_new(&layer.name) {
                    return;
                }
                match self.model.pack(&layer.pack.text) {
                    Some(pack) => {
                        self.model.layers.push(Layer { name: named(&layer.name), pack, hidden: layer.hidden });
                    }
                    None => self.unknown(NameKind::Pack, &layer.pack),
                }
            }
            ast::ChannelDecl::Role(role) => {
                let facts = self.facts(&role.facts, &[id_name()], spelled(&role.name, self.spelling));
                if let Some(r) = self.model.role(&role.name.name.text).and_then(|i| self.model.roles.get_mut(i)) {
                    r.facts = facts;
                }
            }
            ast::ChannelDecl::Entity(entity) => {
                let facts = self.facts(&entity.facts, &[id_name()], spelled(&entity.name, self.spelling));
                let found = self.model.entity(&entity.name.name.text);
                if let Some(e) = found.and_then(|i| self.model.entities.get_mut(i)) {
                    e.facts = facts;
                }
            }
            _ => {}
        }
    }

    /// What an event carries besides its own facts.
    fn beside(&self, scan: Option<(usize, usize)>, by: &[usize], knows: &[(Member, bool)]) -> Vec<Named> {
        let name = |name: &str, label: &str| Named { name: name.into(), label: label.into() };
        let mut all = vec![id_name(), name("time", "时间"), name("event", "事件"), name("schema", "schema")];
        if let Some((layer, _)) = scan {
            all.push(name("product", "产品"));
            let first = self.model.layers.get(layer).map_or(0, |l| l.pack);
            all.extend(self.model.packs.iter().skip(first).cloned());
        }
        let known = knows.iter().filter_map(|(member, _)| match member {
            Member::Role(r) => self.model.roles.get(*r).map(|r| &r.name),
            Member::Entity(e) => self.model.entities.get(*e).map(|e| &e.name),
        });
        let acting = by.iter().filter_map(|r| self.model.roles.get(*r)).map(|r| &r.name);
        all.extend(acting.chain(known).cloned());
        all
    }

    fn unknown(&mut self, kind: NameKind, name: &ast::Name) {
        let choices: Vec<String> = match kind {
            NameKind::Pack => self.model.packs.iter().map(|p| p.said(self.spelling).to_owned()).collect(),
            NameKind::Layer => self.model.layers.iter().map(|l| l.name.said(self.spelling).to_owned()).collect(),
            NameKind::Role => self.model.roles.iter().map(|r| r.name.said(self.spelling).to_owned()).collect(),
            _ => {
                let roles = self.model.roles.iter().map(|r| r.name.said(self.spelling).to_owned());
                roles.chain(self.model.entities.iter().map(|e| e.name.said(self.spelling).to_owned())).collect()
            }
        };
        let at = self.at(name.span);
        self.error(Error::unknown(at, kind, &name.text, choices));
    }

    /// Facts whose names are not taken already, by each other or by what stands beside them.
    fn facts(&mut self, facts: &[ast::FactDecl], beside: &[Named], owner: &str) -> Vec<FactDef> {
        let mut out: Vec<FactDef> = Vec::new();
        for fact in facts {
            let name = named(&fact.name);
            let mut taken = beside.iter().chain(out.iter().map(|f| &f.name));
            if let Some(by) = taken.find(|n| same_spelling(n, &name)) {
                let at = self.at(fact.name.name.span);
                self.error(taken_name(at, self.spelling, by, name, owner));
                continue;
            }
            if let Some(ty) = self.fact_type(&fact.ty) {
                out.push(FactDef { name, ty, optional: fact.optional });
            }
        }
        out
    }

    fn fact_type(&mut self, ty: &ast::FactType) -> Option<FactType> {
        Some(match ty {
            ast::FactType::YesNo => FactType::YesNo,
            ast::FactType::OneOf(values) => {
                let mut out: Vec<Named> = Vec::new();
                for value in values {
                    let new = named(value);
                    if out.iter().any(|v| same_spelling(v, &new)) {
                        let at = self.at(value.name.span);
                        self.error(Error::Duplicate { at, name: new.name, first: None });
                    } else {
                        out.push(new);
                    }
                }
                FactType::OneOf(out)
            }
            ast::FactType::Range { lo, hi, label } => return self.range(lo, hi, label.as_ref()),
            ast::FactType::Named(name) => match name.text.as_str() {
                "date" | "日期" => FactType::Date,
                "instant" | "时刻" => FactType::Instant,
                "product" | "产品" => FactType::Product,
                "region" | "区域" => FactType::Region,
                "text" | "文本" => FactType::Text,
                other => match (self.model.role(other), self.model.entity(other)) {
                    (Some(role), _) => FactType::Role(role),
                    (_, Some(entity)) => FactType::Entity(entity),
                    _ => {
                        self.unknown(NameKind::Type, name);
                        return None;
                    }
                },
            },
        })
    }

    /// The unit of things spelled `text`, canonical; declared here if it is new.
    fn thing(&mut self, text: &str, label: Option<&ast::Text>) -> String {
        if let (None, Some(known)) = (label, self.model.things.iter().find(|t| t.is(text))) {
            return known.name.clone();
        }
        let thing = match label {
            Some(label) => Named { name: text.to_owned(), label: label.text.clone() },
            // `tables "桌数": 0..500 tables`: in Chinese both become 桌数, which must stay one unit.
            None => self
                .fact_names
                .iter()
                .find(|n| n.is(text))
                .cloned()
                .unwrap_or_else(|| Named { name: text.to_owned(), label: String::new() }),
        };
        let name = thing.name.clone();
        if !self.model.things.contains(&thing) {
            self.model.things.push(thing);
        }
        name
    }

    fn range(&mut self, lo: &ast::Number, hi: &ast::Number, label: Option<&ast::Text>) -> Option<FactType> {
        let unit = match &hi.unit {
            ast::Unit::None => NumberUnit::Plain,
            ast::Unit::Percent | ast::Unit::Permille => NumberUnit::BasisPoints,
            ast::Unit::Named(name) => match name.text.as_str() {
                "yuan" | "元" | "fen" | "分" => NumberUnit::Fen,
                "points" | "积分" => NumberUnit::Points,
                // As numbers count them in either spelling, so that a conversion leaves the record as it is.
                "times" | "time" | "次" => NumberUnit::Thing(self.thing("times", label)),
                other => match self.model.pack(other).and_then(|i| self.model.packs.get(i)) {
                    Some(pack) => NumberUnit::Thing(pack.name.clone()),
                    None => NumberUnit::Thing(self.thing(other, label)),
                },
            },
        };
        // Both bounds read in the unit of the upper one: `0..500 tables`, `0..1_000 yuan`.
        let read = |n: &ast::Number| {
            let unit = if n.unit == ast::Unit::None { &hi.unit } else { &n.unit };
            super::expr::fact_bound(n, unit, &self.model)
        };
        match (read(lo), read(hi)) {
            (Some(lo), Some(hi)) if lo <= hi => Some(FactType::Number { lo, hi, unit }),
            _ => {
                let at = self.at(lo.span.to(hi.span));
                self.error(Error::BadRange { at });
                None
            }
        }
    }

    fn events(&mut self, decl: &ast::ChannelDecl) {
        let ast::ChannelDecl::Event(event) = decl else { return };
        if !self.is_new(&event.name) {
            return;
        }
        let (mut scan, mut by, mut knows) = (None, Vec::new(), Vec::new());
        match &event.source {
            ast::EventSource::Scan { role, layer } => {
                let found_layer = self.model.layers.iter().position(|l| l.name.is(&layer.text));
                match (self.model.role(&role.text), found_layer) {
                    (Some(r), Some(l)) => {
                        scan = Some((l, r));
                        by.push(r);
                    }
                    (r, l) => {
                        if r.is_none() {
                            self.unknown(NameKind::Role, role);
                        }
                        if l.is_none() {
                            self.unknown(NameKind::Layer, layer);
                        }
                        return;
                    }
                }
            }
            ast::EventSource::Other { entity, by: actors } => {
                if let Some(name) = entity {
                    match self.model.entity(&name.text) {
                        Some(e) => knows.push((Member::Entity(e), false)),
                        None => self.unknown(NameKind::Entity, name),
                    }
                }
                for name in actors {
                    match self.model.role(&name.text) {
                        Some(r) if by.contains(&r) => {
                            let at = self.at(name.span);
                            self.error(Error::Duplicate { at, name: name.text.clone(), first: None });
                        }
                        Some(r) => by.push(r),
                        None => self.unknown(NameKind::Role, name),
                    }
                }
            }
        }
        for known in &event.knows {
            let member = match (self.model.role(&known.name.text), self.model.entity(&known.name.text)) {
                (Some(r), _) => Member::Role(r),
                (_, Some(e)) => Member::Entity(e),
                _ => {
                    self.unknown(NameKind::RoleOrEntity, &known.name);
                    continue;
                }
            };
            let twice = knows.iter().any(|(m, _)| *m == member) || matches!(member, Member::Role(r) if by.contains(&r));
            if twice {
                let at = self.at(known.name.span);
                self.error(Error::Duplicate { at, name: known.name.text.clone(), first: None });
            } else {
                knows.push((member, known.optional));
            }
        }
        let mut beside = self.beside(scan, &by, &knows);
        if event.returns && scan.is_none() {
            beside.push(super::layout::original());
        }
        let facts = self.facts(&event.facts, &beside, spelled(&event.name, self.spelling));
        self.model.events.push(Event { name: named(&event.name), scan, by, returns: event.returns, facts, knows });
    }
}
