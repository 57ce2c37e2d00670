//! Declarations.

use super::Fmt;
use super::amount::Level;
use crate::ast::{Arg, ArgValue, Coupon, Group, GroupRule, Instance, Item, Name, Policy, Template, Text};
use crate::source::Span;

impl Fmt<'_> {
    pub(super) fn items(&mut self) {
        let file = self.file;
        let mut was_block = false;
        for item in &file.items {
            let (span, is_block) = match item {
                Item::Channel(c) => (c.span, true),
                Item::Policy(p) => (p.span, true),
                Item::Template(t) => (t.span, true),
                Item::Table(t) => (t.span, !t.columns.is_empty()),
                Item::Test(t) => (t.span, true),
                Item::Instance(i) => (i.span, false),
                Item::Group(g) => (g.span, false),
                Item::Coupon(c) => (c.span, false),
                Item::Experiment(e) => (e.span, false),
                Item::Invariant(i) => (i.span, false),
            };
            if was_block || is_block {
                self.line_apart(span.start);
            } else {
                self.line(span.start);
            }
            was_block = is_block;
            match item {
                Item::Channel(c) => self.channel(c),
                Item::Policy(p) => self.policy(p),
                Item::Template(t) => self.template(t),
                Item::Instance(i) => self.instance(i),
                Item::Group(g) => self.group(g),
                Item::Coupon(c) => self.coupon(c),
                Item::Experiment(e) => self.experiment(e),
                Item::Invariant(i) => self.invariant(i),
                Item::Table(t) => self.data_table(t),
                Item::Test(t) => self.test(t),
            }
        }
    }

    fn named(&mut self, id: &str, name: &Name, title: Option<&Text>) {
        self.kw(id);
        self.put(" ");
        self.own(name);
        if let Some(title) = title {
            self.put(" ");
            self.quote(&title.text);
        }
    }

    fn policy(&mut self, p: &Policy) {
        self.named("policy", &p.name, p.title.as_ref());
        self.clauses(&p.clauses, p.span.end.saturating_sub(1));
    }

    fn template(&mut self, t: &Template) {
        self.named("template", &t.name, None);
        self.put("(");
        self.list(&t.params, |f, param| {
            f.own(&param.name);
            f.colon();
            f.param_type(&param.ty);
        });
        self.put(")");
        self.clauses(&t.clauses, t.span.end.saturating_sub(1));
    }

    fn instance(&mut self, i: &Instance) {
        self.named("policy", &i.name, i.title.as_ref());
        self.kw_between("taken_from");
        self.own(&i.template);
        let last = i.args.last().map_or(i.template.span.end, |a| arg_span(a).end);
        self.block(&i.args, arg_span, self.close_after(last), |f, arg| {
            f.own_any(&arg.name);
            f.colon();
            match &arg.value {
                ArgValue::Expr(e) => f.argument(e),
                ArgValue::Set(set) => f.set(set),
                ArgValue::Text(text) => f.quote(&text.text),
            }
        });
        if !i.clauses.is_empty() {
            self.put(" ");
            self.kw("and_also");
            self.clauses(&i.clauses, i.span.end.saturating_sub(1));
        }
    }

    /// A lone name may be a product or region, which is no name of the model.
    fn argument(&mut self, e: &crate::ast::Expr) {
        match &e.kind {
            crate::ast::ExprKind::Path(p) if p.parts.len() == 1 => {
                if let Some(name) = p.parts.first() {
                    self.slashed(name);
                }
            }
            _ => self.expr(e, Level::Sum),
        }
    }

    fn group(&mut self, g: &Group) {
        self.named("group", &g.name, None);
        self.put(" ");
        self.kw(match g.rule {
            GroupRule::BestOf => "best_of",
            GroupRule::FirstOf => "first_of",
            GroupRule::AllOf => "all_of",
        });
        let last = g.members.last().map_or(g.name.span.end, |m| m.span.end);
        if self.has_comment_before(self.close_after(last)) {
            self.put(" {");
            self.open();
            for (i, member) in g.members.iter().enumerate() {
                if i > 0 {
                    self.put(if self.zh() { "，" } else { "," });
                }
                self.line(member.span.start);
                self.own(member);
            }
            self.close(self.close_after(last));
        } else {
            self.put(" { ");
            self.list(&g.members, Self::own);
            self.put(" }");
        }
        self.depth += 1;
        for limit in &g.limits {
            self.line(limit.span.start);
            self.limit(limit, true);
        }
        self.depth -= 1;
    }

    fn coupon(&mut self, c: &Coupon) {
        enum Line<'c> {
            Worth(&'c crate::ast::Expr),
            Valid(&'c crate::ast::Duration),
        }
        self.named("coupon", &c.name, c.title.as_ref());
        // the tree keeps the values; their keyword stands before them on the line
        let mut lines: Vec<(Line<'_>, Span)> = Vec::new();
        lines.extend(c.worth.iter().map(|w| (Line::Worth(w), self.with_keyword(w.span, &["worth", "价值"]))));
        lines.extend(c.valid.iter().map(|v| (Line::Valid(v), self.with_keyword(v.span, &["valid", "有效"]))));
        lines.sort_by_key(|(_, span)| span.start);
        self.block(
            &lines,
            |(_, span)| *span,
            c.span.end.saturating_sub(1),
            |f, (line, _)| match line {
                Line::Worth(value) => {
                    f.kw("worth");
                    f.put(" ");
                    f.expr(value, Level::Sum);
                }
                Line::Valid(d) => {
                    f.kw("valid");
                    f.put(" ");
                    f.duration(d);
                }
            },
        );
    }

    /// A value's span with the keyword before it.
    pub(super) fn with_keyword(&self, value: Span, words: &[&str]) -> Span {
        let before = self.text.get(..value.start as usize).unwrap_or("");
        let at = words.iter().filter_map(|w| before.rfind(w)).max().unwrap_or(before.len());
        Span::new(u32::try_from(at).unwrap_or(value.start), value.end)
    }
}

fn arg_span(arg: &Arg) -> Span {
    arg.name.span.to(match &arg.value {
        ArgValue::Expr(e) => e.span,
        ArgValue::Set(set) => set.span,
        ArgValue::Text(text) => text.span,
    })
}
