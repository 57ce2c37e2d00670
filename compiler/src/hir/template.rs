//! Templates: an instance is the template's clauses with each parameter replaced by its argument, followed by the
//! instance's own clauses. A literal takes the span of the place it is put; an argument with names in it keeps its
//! own place ([`ExprKind::Argument`]), so that what is wrong with it is shown where it was written.

use super::error::{Error, NameKind};
use super::from_ast::Draft;
use super::sets::Report;
use crate::ast::{self, ArgValue, Chance, Clause, ClauseKind, Expr, ExprKind, SetAtom, SetExpr, SetItem};
use crate::source::{SourceId, Span, Spelling};
use rustc_hash::FxHashMap;

/// The clauses of an instance's template with its arguments put in.
pub fn expand(template: &ast::Template, instance: &ast::Instance, report: &mut Report<'_>) -> Vec<Clause> {
    // `None`: reported; whatever uses the parameter says nothing more.
    let mut given: FxHashMap<&str, Option<&ArgValue>> = template.params.iter().map(|p| (&*p.name.text, None)).collect();
    for arg in &instance.args {
        let at = arg.name.span.at(report.source);
        match template.params.iter().find(|p| p.name.text == arg.name.text) {
            None => {
                let choices = template.params.iter().map(|p| p.name.text.clone()).collect();
                report.error(Error::unknown(at, NameKind::Parameter, &arg.name.text, choices));
            }
            Some(param) if !fits(&param.ty.text, &arg.value) => {
                report.error(Error::ArgumentType { at, name: arg.name.text.clone(), ty: param.ty.text.clone() });
            }
            Some(_) => {
                if given.insert(&arg.name.text, Some(&arg.value)).flatten().is_some() {
                    report.error(Error::Duplicate { at, name: arg.name.text.clone(), first: None });
                }
            }
        }
    }
    for param in &template.params {
        if !instance.args.iter().any(|a| a.name.text == param.name.text) {
            let at = instance.name.span.at(report.source);
            report.error(Error::MissingArgument { at, name: param.name.text.clone(), ty: param.ty.text.clone() });
        }
    }
    substitute(template, Substitute { given, home: (report.source, report.spelling) })
}

/// The templates that no instance fills, as drafts of policies whose arguments are said to be missing already.
pub(super) fn unfilled(files: &[ast::File]) -> Vec<Draft<'_>> {
    let items = || files.iter().flat_map(|file| file.items.iter().map(move |item| (file, item)));
    let is_filled = |t: &ast::Template| {
        items().any(|(_, item)| matches!(item, ast::Item::Instance(i) if i.template.text == t.name.text))
    };
    let found = items().filter_map(|(file, item)| match item {
        ast::Item::Template(t) if !is_filled(t) => {
            let given = t.params.iter().map(|p| (&*p.name.text, None)).collect();
            let clauses = substitute(t, Substitute { given, home: (file.source, file.spelling) });
            Some(Draft {
                name: &t.name,
                title: None,
                clauses: vec![(file.source, file.spelling, clauses.into())],
                at: t.name.span.at(file.source),
                span: t.span,
            })
        }
        _ => None,
    });
    found.collect()
}

fn substitute(template: &ast::Template, s: Substitute<'_>) -> Vec<Clause> {
    let mut clauses = template.clauses.clone();
    clauses.iter_mut().for_each(|c| s.clause(c));
    clauses
}

/// Does an argument look like what its parameter asks for? Units are the checker's to prove.
fn fits(ty: &str, value: &ArgValue) -> bool {
    let number = |f: fn(&ast::Unit) -> bool| matches!(value, ArgValue::Expr(Expr { kind: ExprKind::Number(n), .. }) if f(&n.unit));
    match ty {
        "money" | "金额" => {
            number(|u| matches!(u, ast::Unit::Named(n) if matches!(n.text.as_str(), "yuan" | "元" | "fen" | "分")))
        }
        "rate" | "比例" => number(|u| matches!(u, ast::Unit::Percent | ast::Unit::Permille)),
        "number" | "数量" => number(|u| !matches!(u, ast::Unit::Percent | ast::Unit::Permille)),
        "products" | "产品" | "regions" | "区域" => match value {
            ArgValue::Set(_) => true,
            ArgValue::Expr(e) => matches!(&e.kind, ExprKind::Path(p) if p.parts.len() == 1),
            ArgValue::Text(_) => true,
        },
        "amount" | "数额" | "condition" | "条件" => matches!(value, ArgValue::Expr(_)),
        "item" | "物品" => match value {
            ArgValue::Expr(e) => matches!(&e.kind, ExprKind::Path(p) if p.parts.len() == 1),
            ArgValue::Text(_) => true,
            ArgValue::Set(_) => false,
        },
        "date" | "日期" => matches!(value, ArgValue::Expr(Expr { kind: ExprKind::Date(_), .. })),
        "text" | "文本" => matches!(value, ArgValue::Text(_)),
        _ => false,
    }
}

struct Substitute<'a> {
    given: FxHashMap<&'a str, Option<&'a ArgValue>>,
    /// Where the arguments stand.
    home: (SourceId, Spelling),
}

impl Substitute<'_> {
    fn clause(&self, clause: &mut Clause) {
        match &mut clause.kind {
            ClauseKind::Products(set) => self.set(set),
            ClauseKind::Regions { set, .. } | ClauseKind::Pilot { set, .. } => self.set(set),
            ClauseKind::Budget { amount, .. } => self.expr(amount),
            ClauseKind::Let(_, value) => self.expr(value),
            ClauseKind::On { condition, clauses, .. } | ClauseKind::Every { condition, clauses, .. } => {
                if let Some(c) = condition {
                    self.expr(c);
                }
                clauses.iter_mut().for_each(|c| self.clause(c));
            }
            ClauseKind::Give(give) => {
                self.expr(&mut give.reward.value);
                if let Some(when) = &mut give.when {
                    self.expr(when);
                }
            }
            ClauseKind::Share { reward, rows } => {
                self.expr(&mut reward.value);
                rows.iter_mut().for_each(|row| self.part(&mut row.part));
            }
            ClauseKind::Adjust { condition, effect } => {
                if let Some(condition) = condition {
                    self.expr(condition);
                }
                if let ast::Effect::Minus(amount) = effect {
                    self.expr(amount);
                }
            }
            ClauseKind::Take(take) => self.expr(&mut take.reward.value),
            ClauseKind::Charge(charge) => self.expr(&mut charge.value),
            ClauseKind::Limit(limit) => self.expr(&mut limit.max),
            ClauseKind::Kind(_)
            | ClauseKind::During(..)
            | ClauseKind::RedeemUntil(_)
            | ClauseKind::RedeemChain(_)
            | ClauseKind::Exchanged(_)
            | ClauseKind::Owner(..)
            | ClauseKind::Delivery(_)
            | ClauseKind::AnnouncedOdds(_)
            | ClauseKind::RollOut { .. }
            | ClauseKind::Once { .. }
            | ClauseKind::Apart { .. }
            | ClauseKind::First(_)
            | ClauseKind::Returned(_) => {}
        }
    }

    /// A part of a share.
    fn part(&self, part: &mut Chance) {
        let Chance::Named(name) = part else { return };
        match self.given.get(name.text.as_str()) {
            Some(Some(ArgValue::Expr(Expr { kind: ExprKind::Number(n), .. }))) => {
                let span = name.span;
                *part = Chance::Share(ast::Number { span, ..n.clone() });
            }
            // The missing argument is reported.
            Some(None) => *part = Chance::Rest(name.span),
            _ => {}
        }
    }

    fn set(&self, set: &mut SetExpr) {
        let mut items = Vec::with_capacity(set.items.len());
        for mut item in set.items.drain(..) {
            let argument = match &item.atom {
                SetAtom::Named(name) => self.given.get(name.text.as_str()).copied(),
                _ => None,
            };
            match argument {
                Some(None) => {
                    // All of them: an empty set would contradict whatever else the policy says.
                    item.atom = SetAtom::All(item.span);
                    item.except.clear();
                    items.push(item);
                }
                Some(Some(ArgValue::Set(arg))) => {
                    // A set argument brings its own items; the exceptions written here hold for each of them.
                    for inner in &arg.items {
                        let mut except = inner.except.clone();
                        except.extend(item.except.iter().cloned());
                        let mut new = SetItem { atom: inner.atom.clone(), except, span: item.span };
                        respan_atom(&mut new.atom, item.span);
                        new.except.iter_mut().for_each(|e| respan_atom(e, item.span));
                        items.push(new);
                    }
                }
                Some(Some(ArgValue::Expr(Expr { kind: ExprKind::Path(path), .. }))) => {
                    if let Some(name) = path.parts.first() {
                        item.atom = SetAtom::Named(ast::Name { text: name.text.clone(), span: item.span });
                    }
                    items.push(item);
                }
                Some(Some(ArgValue::Text(text))) => {
                    item.atom = SetAtom::Named(ast::Name { text: text.text.clone(), span: item.span });
                    items.push(item);
                }
                _ => items.push(item),
            }
        }
        set.items = items;
    }

    /// What a parameter's name stands for.
    fn argument(&self, e: &Expr) -> Option<ExprKind> {
        let ExprKind::Path(path) = &e.kind else { return None };
        let [name] = path.parts.as_slice() else { return None };
        match self.given.get(name.text.as_str())? {
            // A literal becomes part of its new place; anything with names in it keeps its own.
            Some(ArgValue::Expr(arg)) if matches!(arg.kind, ExprKind::Number(_) | ExprKind::Date(_)) => {
                Some(arg.kind.clone())
            }
            Some(ArgValue::Expr(arg)) => {
                let (source, spelling) = self.home;
                Some(ExprKind::Argument { source, spelling, value: Box::new(arg.clone()) })
            }
            Some(_) => None,
            None => Some(ExprKind::Error),
        }
    }

    fn expr(&self, e: &mut Expr) {
        if let Some(kind) = self.argument(e) {
            e.kind = kind;
            match &mut e.kind {
                ExprKind::Number(n) => {
                    n.span = e.span;
                    if let ast::Unit::Named(unit) = &mut n.unit {
                        unit.span = e.span;
                    }
                }
                ExprKind::Date(d) => d.span = e.span,
                _ => {}
            }
            return;
        }
        // Of a thing nobody named nothing more is said.
        if matches!(&e.kind, ExprKind::ItemOf { item, .. } if matches!(self.given.get(item.text.as_str()), Some(None)))
        {
            e.kind = ExprKind::Error;
        }
        match &mut e.kind {
            ExprKind::Binary(_, a, b)
            | ExprKind::And(a, b)
            | ExprKind::Or(a, b)
            | ExprKind::Compare(_, a, b)
            | ExprKind::RateOf { rate: a, base: b, .. }
            | ExprKind::Quotient { value: a, by: b, .. }
            | ExprKind::Clamp { value: a, bound: b, .. } => {
                self.expr(a);
                self.expr(b);
            }
            ExprKind::Not(a)
            | ExprKind::Known { value: a, .. }
            | ExprKind::SameAs { value: a, .. }
            | ExprKind::IsOneOf { value: a, .. } => self.expr(a),
            ExprKind::ItemOf { count, item } => {
                self.expr(count);
                let named = match self.given.get(item.text.as_str()) {
                    Some(Some(ArgValue::Expr(Expr { kind: ExprKind::Path(path), .. }))) => {
                        path.parts.first().map(|name| &name.text)
                    }
                    Some(Some(ArgValue::Text(text))) => Some(&text.text),
                    _ => None,
                };
                if let Some(text) = named {
                    item.text.clone_from(text);
                }
            }
            ExprKind::In { value, set, .. } => {
                self.expr(value);
                self.set(set);
            }
            ExprKind::Inside { value, outer, .. } => {
                self.expr(value);
                self.expr(outer);
            }
            ExprKind::Measure(m) => {
                m.only.iter_mut().chain(m.except.iter_mut()).for_each(|s| self.set(s));
                m.filter.iter_mut().for_each(|f| self.expr(f));
            }
            ExprKind::Link(link) => link.filter.iter_mut().for_each(|f| self.expr(f)),
            ExprKind::Drawn(drawn) => drawn.filter.iter_mut().for_each(|f| self.expr(f)),
            ExprKind::Table { rows, default, .. } => {
                rows.iter_mut().for_each(|r| self.expr(&mut r.value));
                if let Some(d) = default {
                    self.expr(d);
                }
            }
            ExprKind::Tiers { measure, part_of, rows, .. } => {
                self.expr(measure);
                if let Some(p) = part_of {
                    self.expr(p);
                }
                for row in rows {
                    self.expr(&mut row.bound);
                    self.expr(&mut row.value);
                    if let Some((until, _)) = &mut row.until {
                        self.expr(until);
                    }
                }
            }
            ExprKind::Draw(rows) | ExprKind::Pool { rows, .. } => {
                rows.iter_mut().for_each(|r| self.expr(&mut r.prize.value))
            }
            ExprKind::Random { lo, hi, step } => [lo, hi, step].into_iter().for_each(|x| self.expr(x)),
            ExprKind::Per { amount, of, remainder, .. } => {
                self.expr(amount);
                if let Some(remainder) = remainder {
                    self.expr(&mut remainder.value);
                }
                if let Some(of) = of {
                    self.expr(of);
                }
            }
            ExprKind::Number(_)
            | ExprKind::Date(_)
            | ExprKind::Yes
            | ExprKind::No
            | ExprKind::Path(_)
            | ExprKind::Lookup(_)
            | ExprKind::Today
            | ExprKind::Clock { .. }
            | ExprKind::Weekday(_)
            | ExprKind::Nothing
            | ExprKind::PriceOf(_)
            | ExprKind::Account(_)
            | ExprKind::Argument { .. }
            | ExprKind::Error => {}
        }
    }
}

fn respan_atom(atom: &mut SetAtom, span: Span) {
    match atom {
        SetAtom::Category(name) | SetAtom::Named(name) => name.span = span,
        SetAtom::All(s) => *s = span,
    }
}
