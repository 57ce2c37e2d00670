//! Declarations other than the channel model and tests.

use super::{Builder, Pair, slip};
use crate::ast::error::ErrorKind;
use crate::ast::{
    Arg, ArgValue, Clause, Coupon, Expr, ExprKind, Group, GroupRule, Instance, Item, Name, Param, Policy, SetAtom,
    Template, Text,
};
use promo_grammar::Rule;

impl<'i> Builder<'i> {
    /// One declaration, or a report of what stands in its place.
    pub(super) fn item(&mut self, pair: Pair<'i>, slips: &mut slip::Slips) {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        let item = match rule {
            Rule::EOI => return,
            Rule::error_item => {
                self.slip(slips, span);
                slips.passed(span);
                return;
            }
            _ => {
                self.spelled(&pair);
                match rule {
                    Rule::channel => self.channel(pair).map(Item::Channel),
                    Rule::policy => self.policy(pair),
                    Rule::template => self.template(pair).map(Item::Template),
                    Rule::group => self.group(pair).map(Item::Group),
                    Rule::coupon => self.coupon(pair).map(Item::Coupon),
                    Rule::experiment => self.experiment(pair).map(Item::Experiment),
                    Rule::invariant => self.invariant(pair).map(Item::Invariant),
                    Rule::table => self.table(pair).map(Item::Table),
                    Rule::test => self.test(pair).map(Item::Test),
                    _ => None,
                }
            }
        };
        slips.passed(span);
        let item = self.or_unread(span, item);
        self.items.extend(item);
    }

    /// The name and title of a head, or an empty name if the head cannot be read.
    pub(super) fn head(&mut self, pair: &Pair<'i>, head: Rule, alone: Rule) -> Option<(Name, Option<Text>)> {
        let span = self.span(pair);
        let kids = self.kids(pair.clone());
        if let Some(p) = kids.one(head) {
            let kids = self.kids(p);
            let title = kids.one(Rule::text).map(|p| self.text_of(&p));
            return Some((self.one_name(&kids)?, title));
        }
        let bad = self.span(&kids.one(Rule::bad_head)?);
        self.slip_head(span.start, bad, alone);
        Some((Self::word("", bad), None))
    }

    fn policy(&mut self, pair: Pair<'i>) -> Option<Item> {
        let span = self.span(&pair);
        let (name, title) = self.head(&pair, Rule::policy_head, Rule::only_policy_head)?;
        let kids = self.kids(pair);
        let Some(tail) = kids.one(Rule::instance_tail) else {
            let clauses = self.clauses(kids.one(Rule::clause_block)?);
            return Some(Item::Policy(Policy { name, title, clauses, span }));
        };
        let kids = self.kids(tail);
        let template = self.one_name(&kids)?;
        let args = self.args(kids.one(Rule::arg_block)?);
        let clauses = kids.one(Rule::clause_block).map_or_else(Vec::new, |p| self.clauses(p));
        Some(Item::Instance(Instance { name, title, template, args, clauses, span }))
    }

    fn args(&mut self, block: Pair<'i>) -> Vec<Arg> {
        let mut args = Vec::new();
        let mut slips = slip::Slips::new(Rule::only_arg);
        for p in block.into_inner() {
            let at = self.span(&p);
            match p.as_rule() {
                Rule::arg => {
                    let arg = self.arg(p);
                    args.extend(self.or_unread(at, arg));
                }
                Rule::error_row => self.slip(&mut slips, at),
                _ => continue,
            }
            slips.passed(at);
        }
        args
    }

    fn arg(&mut self, pair: Pair<'i>) -> Option<Arg> {
        let kids = self.kids(pair);
        let name = self.name(&kids.one(Rule::any_name)?);
        let value = if let Some(p) = kids.one(Rule::text) {
            ArgValue::Text(self.text_of(&p))
        } else if let Some(p) = kids.one(Rule::set) {
            let set = self.set(p)?;
            match set.items.as_slice() {
                [item] if item.except.is_empty() => match &item.atom {
                    SetAtom::Named(name) => {
                        ArgValue::Expr(Expr { kind: ExprKind::Path(Self::as_path(name.clone())), span: name.span })
                    }
                    _ => ArgValue::Set(set),
                },
                _ => ArgValue::Set(set),
            }
        } else {
            ArgValue::Expr(self.arith(kids.one(Rule::arith)?)?)
        };
        Some(Arg { name, value })
    }

    fn template(&mut self, pair: Pair<'i>) -> Option<Template> {
        let span = self.span(&pair);
        let (name, _) = self.head(&pair, Rule::template_head, Rule::only_template_head)?;
        let kids = self.kids(pair);
        let mut params = Vec::new();
        if let Some(head) = kids.one(Rule::template_head) {
            for p in self.kids(head).all(Rule::param) {
                let kids = self.kids(p);
                let param = Param { name: self.one_name(&kids)?, ty: self.name(&kids.one(Rule::any_name)?) };
                self.declare(&param.name.text);
                params.push(param);
            }
        }
        let clauses: Vec<Clause> = self.clauses(kids.one(Rule::clause_block)?);
        Some(Template { name, params, clauses, span })
    }

    fn group(&mut self, pair: Pair<'i>) -> Option<Group> {
        let span = self.span(&pair);
        let kids: Vec<Pair<'i>> = pair.into_inner().collect();
        let mut names = Vec::new();
        let mut rule = None;
        let mut limits = Vec::new();
        let mut slips = slip::Slips::new(Rule::only_limit);
        for p in kids {
            let at = self.span(&p);
            match p.as_rule() {
                Rule::name => names.push(self.name(&p)),
                Rule::group_rule => {
                    rule = self.kids(p).choose(|r| match r {
                        Rule::kw_best_of => Some(GroupRule::BestOf),
                        Rule::kw_first_of => Some(GroupRule::FirstOf),
                        Rule::kw_all_of => Some(GroupRule::AllOf),
                        _ => None,
                    });
                }
                Rule::limit => {
                    let kids = self.kids(p);
                    limits.push(self.limit(&kids, Rule::per_item, at)?);
                }
                Rule::counted => {
                    let kids = self.kids(p);
                    if kids.has(Rule::kw_once) || kids.has(Rule::kw_apart) {
                        self.errors.push(ErrorKind::OnceInGroup(at));
                    } else {
                        limits.push(self.limit(&kids, Rule::each_item, at)?);
                    }
                }
                Rule::error_clause => self.slip(&mut slips, at),
                _ => continue,
            }
            slips.passed(at);
        }
        let mut names = names.into_iter();
        Some(Group { name: names.next()?, rule: rule?, members: names.collect(), limits, span })
    }

    fn coupon(&mut self, pair: Pair<'i>) -> Option<Coupon> {
        let span = self.span(&pair);
        let (name, title) = self.head(&pair, Rule::coupon_head, Rule::only_coupon_head)?;
        let mut coupon = Coupon { name, title, worth: None, valid: None, span };
        let mut slips = slip::Slips::new(Rule::only_coupon);
        for p in pair.into_inner() {
            let at = self.span(&p);
            let again = match p.as_rule() {
                Rule::worth => {
                    let value = self.arith(self.kids(p).one(Rule::arith)?)?;
                    coupon.worth.replace(value).is_some()
                }
                Rule::valid => {
                    let value = self.duration(self.kids(p).one(Rule::duration)?)?;
                    coupon.valid.replace(value).is_some()
                }
                Rule::error_row => {
                    self.slip(&mut slips, at);
                    false
                }
                _ => continue,
            };
            if again {
                self.errors.push(ErrorKind::SaidTwice(at));
            }
            slips.passed(at);
        }
        Some(coupon)
    }
}
