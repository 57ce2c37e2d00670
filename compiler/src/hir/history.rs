//! What a rule asks of the past: measures, links, and whether two identities are the same one.

use super::error::{Error, NameKind};
use super::expr::window;
use super::model::{FactType, Member};
use super::scope::{Scope, said};
use super::sets::{self, Tree};
use super::term::{longest, term};
use super::{Expr, ExprKind, Fact, Link, Measure, Party};
use crate::ast;
use crate::ir::schema::FieldType;
use crate::ir::{self, EventId, Fold, IntervalSet, KindId, Windows};
use crate::source::{Location, Span};

impl Scope<'_> {
    /// `count of open_box (…) by store this month`
    pub(super) fn measure(&mut self, m: &ast::Measure) -> Option<Measure> {
        let event = self.event_named(&m.event)?;
        let schema = self.cx.event(event);
        let add = match &m.fact {
            None => None,
            Some(fact) => Some(self.summed(event, fact)?),
        };
        let windows = self.windows((m.window, m.back), m.span)?;
        let filter = m.filter.as_ref().map(|f| self.said_of(event, |scope| scope.expr(f)));
        let (mut key, mut counted_key, mut key_names) = (Vec::new(), Vec::new(), Vec::new());
        for path in &m.by {
            let (asked, counted, name) = self.whose(m, event, path)?;
            key.push(asked);
            counted_key.push(counted);
            key_names.push(name);
        }
        let mut products: Option<IntervalSet> = None;
        let cx = self.cx;
        if let Some(only) = &m.only {
            products = Some(sets::set(cx, Tree::Products, only, &mut self.report()));
        }
        if let Some(except) = &m.except {
            let all = products.unwrap_or_else(|| IntervalSet::range(0, cx.schema.products.len() as i64));
            products = Some(all.minus(&sets::set(cx, Tree::Products, except, &mut self.report())));
        }
        let products = match products {
            Some(set) => {
                let field = schema.fields.iter().find(|f| f.ty == FieldType::Product && f.path.len() == 1);
                let Some(field) = field else {
                    let at = self.at(m.span);
                    self.error(Error::NoProduct { at, event: schema.name.said(self.spelling).to_owned() });
                    return None;
                };
                Some((field.word, set))
            }
            None => None,
        };
        let campaign = if m.window == ast::Window::Campaign { self.during } else { None };
        let counter = format!(
            "measure/{}/{}/{}/{:?}/{:?}/{:?}/{}",
            schema.name.name,
            add.as_ref().map_or("count", |f| f.name.as_str()),
            key_names.join(","),
            window(m.window),
            // Where it began: a campaign that is prolonged goes on counting.
            campaign.map(|(from, _)| from),
            products.as_ref().map(|(_, set)| self.cx.skus(set)),
            if campaign.is_some() { self.policy.as_str() } else { "" },
        );
        let window = window(m.window);
        Some(Measure { event, add, counted_key, key, key_names, window, campaign, windows, filter, products, counter })
    }

    fn summed(&mut self, event: EventId, fact: &ast::Name) -> Option<Fact> {
        let at = self.at(fact.span);
        match self.cx.fact(event, &[fact.text.as_str()]) {
            Some(f) if f.present.is_none() && matches!(f.ty, FactType::Number { lo: 0.., .. }) => Some(f),
            Some(f) => {
                self.error(Error::NotSummable { at, name: f.name });
                None
            }
            None => {
                let choices = self.cx.event(event).fields.iter().map(|f| said(f, self.spelling)).collect();
                self.error(Error::unknown(at, NameKind::EventFact, &fact.text, choices));
                None
            }
        }
    }

    /// Which windows are meant.
    pub(super) fn windows(&mut self, (window, back): (ast::Window, ast::Back), span: Span) -> Option<Windows> {
        let ast::Back { first, count, each, many } = back;
        if many && !(2..=Windows::MOST).contains(&count) {
            let at = self.at(span);
            self.error(Error::WindowCount { at, window, most: Windows::MOST });
            return None;
        }
        Some(Windows { first_back: first, count, fold: if each { Fold::Least } else { Fold::Sum } })
    }

    /// Whose: the id in this event, the id in the counted event, and the name both are known by.
    fn whose(&mut self, m: &ast::Measure, event: EventId, path: &ast::Path) -> Option<(Party, Party, String)> {
        if path.parts.len() > 1
            && let Some(link) = path.parts.first()
            && m.filter.as_ref().is_some_and(|filter| knows(filter, &link.text))
        {
            return self.whose_of_link(event, path);
        }
        let asked = self.party(path)?;
        let names = self.identity(&asked)?;
        let found = self.cx.fact(event, &names.iter().map(String::as_str).collect::<Vec<_>>());
        let name = names.join(".");
        let Some(fact) = found.filter(|f| same_sort(f, &asked.fact)) else {
            self.unknown_of(event, &name, asked.at);
            return None;
        };
        let counted = Party { role: asked.role, fact, at: asked.at };
        Some((asked, counted, name))
    }

    /// `by pair.guide` where the filter says `pair is known`: the counted event's own `pair`. A rule on the same kind
    /// of event asks for its own `pair.guide`, any other for the guide it knows.
    fn whose_of_link(&mut self, event: EventId, path: &ast::Path) -> Option<(Party, Party, String)> {
        let counted = self.said_of(event, |scope| scope.party(path))?;
        let names = self.identity(&counted)?;
        let name = names.join(".");
        let asked = match self.event == event {
            true => self.party(path)?,
            false => {
                let found = self.cx.fact(self.event, &names.iter().map(String::as_str).collect::<Vec<_>>());
                let Some(fact) = found.filter(|f| same_sort(f, &counted.fact)) else {
                    self.unknown_of(self.event, &name, counted.at);
                    return None;
                };
                Party { role: counted.role, fact, at: counted.at }
            }
        };
        Some((asked, counted, name))
    }

    fn unknown_of(&mut self, event: EventId, name: &str, at: Location) {
        let member = self.cx.model.role(name).map(Member::Role);
        let knowing = member.map(|m| self.cx.events_knowing(m, self.spelling)).unwrap_or_default();
        let event = self.cx.event(event).name.said(self.spelling).to_owned();
        self.error(Error::UnknownParty { at, role: name.to_owned(), event, knowing });
    }

    /// Resolves something that is said of another event.
    pub(super) fn said_of<T>(&mut self, event: EventId, resolve: impl FnOnce(&mut Self) -> T) -> T {
        let here = std::mem::replace(&mut self.event, event);
        let resolved = resolve(self);
        self.event = here;
        resolved
    }

    /// The role, entity, pack or text fact whose identity this is: how another event finds the same one.
    pub(super) fn identity(&mut self, party: &Party) -> Option<Vec<String>> {
        let model = &self.cx.model;
        let one = |name: &str| Some(vec![name.to_owned()]);
        // Through a link it is called after the link: `opened.case`.
        let own = match (&party.fact.link, party.fact.name.split_once('.')) {
            (Some(_), Some((_, own))) => own,
            _ => party.fact.name.as_str(),
        };
        match party.fact.ty {
            FactType::Role(r) => one(&model.roles.get(r)?.name.name),
            FactType::Entity(e) => one(&model.entities.get(e)?.name.name),
            FactType::Text => Some(own.split('.').map(str::to_owned).collect()),
            _ => {
                self.error(Error::NotAParty { at: party.at, name: party.fact.name.clone() });
                None
            }
        }
    }

    /// `last <event> (…) of this <pack, party or entity> …`
    pub(super) fn link(&mut self, link: &ast::Link) -> Option<Link> {
        let at = self.at(link.span);
        let past = self.event_named(&link.event)?;
        let (whose, past_code, name) = self.remembered_by(past, &link.of, at)?;
        let mut actors = None;
        if link.another || link.same_person {
            match (self.cx.event(past).actor, self.schema().actor) {
                (Some(theirs), Some(ours)) => actors = Some((theirs, ours)),
                (theirs, _) => {
                    let event = if theirs.is_none() {
                        self.cx.event(past).name.said(self.spelling).to_owned()
                    } else {
                        self.event_name()
                    };
                    self.error(Error::NoActor { at, event });
                    return None;
                }
            }
        }
        let (said, within) = (link.within.map(|d| self.at(d.span)), link.within.map(|d| term(&d)));
        let apart = match &link.apart {
            Some(gap) => Some(self.gap(gap)?),
            None => None,
        };
        if within.zip(apart).is_some_and(|(most, least)| longest(most) < least) {
            self.error(Error::NeverHolds { at });
            return None;
        }
        let given = match &link.gave {
            None => None,
            Some(name) => Some((self.given(name)?, self.at(name.span))),
        };
        let filter = link.filter.as_ref().map(|f| Box::new(self.said_of(past, |scope| scope.expr(f))));
        Some(Link {
            event: past,
            filter,
            given,
            whose: name,
            past_code: Some(past_code.word),
            key: Some(Box::new(whose.fact)),
            drawn: None,
            within: within.zip(said),
            apart,
            same_day: link.same_day,
            another: actors.filter(|_| link.another),
            same: actors.filter(|_| link.same_person),
        })
    }

    /// `this bottle`: what it is here, in the past event, and the name both know it by.
    pub(super) fn remembered_by(
        &mut self,
        past: EventId,
        of: &ast::Path,
        at: Location,
    ) -> Option<(Party, Fact, String)> {
        let whose = self.party(of)?;
        let names = self.identity(&whose)?;
        let found = self.cx.fact(past, &names.iter().map(String::as_str).collect::<Vec<_>>());
        let name = names.join(".");
        if let Some(fact) = found.filter(|f| same_sort(f, &whose.fact)) {
            return Some((whose, fact, name));
        }
        if whose.role.is_some() {
            self.unknown_of(past, &name, whose.at);
        } else {
            let event = self.cx.event(past).name.said(self.spelling).to_owned();
            self.error(Error::LinkPack { at, event, pack: name });
        }
        None
    }

    /// The reward kind, product or coupon of `that gave …`.
    pub(super) fn given(&mut self, name: &ast::Name) -> Option<ir::Given> {
        let (cx, text) = (self.cx, name.text.as_str());
        if let Some(kind) = cx.model.kind(text) {
            return Some(ir::Given::Kind(KindId(u32::try_from(kind).ok()?)));
        }
        let coupon = cx.coupons.iter().any(|c| c.name == text);
        if coupon || cx.catalogue.sku(text).is_some() {
            return Some(ir::Given::Item { name: text.to_owned(), coupon });
        }
        let kinds = cx.model.kinds.iter().map(|k| k.name.said(self.spelling).to_owned());
        let items = cx.coupons.iter().map(|c| c.name.clone());
        let choices = kinds.chain(items).chain(cx.schema.products.iter().map(|p| p.sku.clone())).collect();
        let at = self.at(name.span);
        self.error(Error::unknown(at, NameKind::Kind, text, choices));
        None
    }

    /// Does a single name after `is` name an identity here? Else it is one of the values of a one-of.
    pub(super) fn names_an_identity(&self, fact: &Fact, name: &ast::Name) -> bool {
        let comparable = sort(fact).is_some();
        let named = self.cx.fact(self.event, &[name.text.as_str()]).is_some();
        comparable && (named || self.lets.iter().any(|l| l.name.text == name.text))
    }

    /// `opened.store is store`
    pub(super) fn same_as(&mut self, one: Fact, other: &ast::Path, negated: bool) -> Option<ExprKind> {
        let at = self.at(other.span);
        let found: Expr = self.path(other);
        let two = match found.kind {
            ExprKind::Fact(fact) => fact,
            ExprKind::Error => return None,
            _ => {
                let name = other.parts.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(".");
                self.error(Error::NotAParty { at, name });
                return None;
            }
        };
        if !same_sort(&one, &two) {
            let (one, two) = (self.said(&one), self.said(&two));
            self.error(Error::OtherSort { at, one, two });
            return None;
        }
        Some(ExprKind::Same(Box::new(one), Box::new(two), negated))
    }
}

/// Does a filter say that something of this name is known, whatever else it says?
fn knows(filter: &ast::Expr, name: &str) -> bool {
    match &filter.kind {
        ast::ExprKind::And(a, b) => knows(a, name) || knows(b, name),
        ast::ExprKind::Known { value, negated: false } => {
            matches!(&value.kind, ast::ExprKind::Path(p) if matches!(p.parts.as_slice(), [one] if one.text == name))
        }
        _ => false,
    }
}

/// What can be the same one.
#[derive(PartialEq)]
enum Sort {
    /// A person or firm: who scans as a guide can scan as a consumer.
    Party,
    /// An entity of one kind.
    Entity(usize),
    /// A code or another text, by its own name.
    Text(String),
    /// A product.
    Product,
    /// A region.
    Region,
}

fn sort(fact: &Fact) -> Option<Sort> {
    Some(match fact.ty {
        FactType::Role(_) => Sort::Party,
        FactType::Entity(e) => Sort::Entity(e),
        FactType::Text => Sort::Text(fact.name.rsplit('.').next().unwrap_or_default().to_owned()),
        FactType::Product => Sort::Product,
        FactType::Region => Sort::Region,
        _ => return None,
    })
}

fn same_sort(one: &Fact, two: &Fact) -> bool {
    sort(one).is_some_and(|s| Some(s) == sort(two))
}
