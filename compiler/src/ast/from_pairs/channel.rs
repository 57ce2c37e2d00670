//! The channel model.

use super::{Builder, Kids, Pair, slip};
use crate::ast::error::ErrorKind;
use crate::ast::{
    Channel, ChannelDecl, EntityDecl, EventDecl, EventSource, FactDecl, FactType, IdentityDecl, Known, LayerDecl,
    Number, RewardClass, RewardDecl, RoleDecl, Rounding,
};
use crate::source::Span;
use promo_grammar::Rule;

impl<'i> Builder<'i> {
    pub(super) fn channel(&mut self, pair: Pair<'i>) -> Option<Channel> {
        let span = self.span(&pair);
        let (name, _) = self.head(&pair, Rule::channel_head, Rule::only_channel_head)?;
        let mut decls = Vec::new();
        let mut slips = slip::Slips::new(Rule::only_decl);
        for p in pair.into_inner() {
            let at = self.span(&p);
            match p.as_rule() {
                Rule::error_clause => self.slip(&mut slips, at),
                Rule::kw_channel | Rule::channel_head | Rule::bad_head | Rule::open | Rule::close => continue,
                _ => {
                    self.spelled(&p);
                    let decl = self.channel_decl(p, at);
                    decls.extend(self.or_unread(at, decl));
                }
            }
            slips.passed(at);
        }
        Some(Channel { name, decls, span })
    }

    fn channel_decl(&mut self, pair: Pair<'i>, span: Span) -> Option<ChannelDecl> {
        let rule = pair.as_rule();
        let kids = self.kids(pair);
        let first = kids.one(Rule::labelled);
        Some(match rule {
            Rule::zone => ChannelDecl::Zone(self.name(&kids.one(Rule::set_name)?)),
            Rule::money => ChannelDecl::Money(self.one_name(&kids)?),
            Rule::rounding => {
                let mode = self.kids(kids.one(Rule::rounding_mode)?).choose(|r| match r {
                    Rule::kw_half_up => Some(Rounding::HalfUp),
                    Rule::kw_half_even => Some(Rounding::HalfEven),
                    Rule::kw_down => Some(Rounding::Down),
                    Rule::kw_up => Some(Rounding::Up),
                    _ => None,
                })?;
                // the smallest unit is what money is counted in, so any other is a misunderstanding
                if let Some(unit) = self.one_name(&kids).filter(|n| n.text != "fen" && n.text != "分") {
                    self.errors.push(ErrorKind::RoundingUnit(unit.span));
                }
                ChannelDecl::Rounding(mode, span)
            }
            Rule::role => ChannelDecl::Role(RoleDecl {
                name: self.labelled(first?)?,
                person: kids.has(Rule::kw_is_person),
                facts: self.facts(&kids),
                span,
            }),
            Rule::identity => {
                let by = self.paths(&kids, Rule::path);
                ChannelDecl::Identity(IdentityDecl { name: self.labelled(first?)?, by, span })
            }
            Rule::pack => {
                let packs = kids.all(Rule::labelled).map(|p| self.labelled(p)).collect::<Option<Vec<_>>>()?;
                ChannelDecl::Pack(packs, span)
            }
            Rule::layer => ChannelDecl::Layer(LayerDecl {
                name: self.labelled(first?)?,
                pack: self.one_name(&kids)?,
                hidden: kids.has(Rule::kw_hidden),
                span,
            }),
            Rule::entity => {
                ChannelDecl::Entity(EntityDecl { name: self.labelled(first?)?, facts: self.facts(&kids), span })
            }
            Rule::event => {
                let knows = match kids.one(Rule::knows) {
                    Some(p) => self.kids(p).all(Rule::known).map(|p| self.known(p)).collect::<Option<Vec<_>>>()?,
                    None => Vec::new(),
                };
                ChannelDecl::Event(EventDecl {
                    name: self.labelled(first?)?,
                    source: self.event_source(&kids)?,
                    returns: kids.has(Rule::kw_as_return),
                    facts: self.facts(&kids),
                    knows,
                    span,
                })
            }
            Rule::organiser => {
                let mut texts = kids.all(Rule::text).map(|p| self.text_of(&p));
                ChannelDecl::Organiser(texts.next()?, texts.next()?, span)
            }
            Rule::reward_decl => ChannelDecl::Reward(RewardDecl {
                name: self.labelled(first?)?,
                class: if kids.has(Rule::kw_class_money) { RewardClass::Money } else { RewardClass::Points },
                tax: match kids.one(Rule::number) {
                    Some(p) => {
                        let tax = self.number(p)?;
                        // Read as nothing it would leave `net or gross` unasked.
                        if !is_share(&tax) {
                            self.errors.push(ErrorKind::TaxShare(tax.span));
                        }
                        Some(tax)
                    }
                    None => None,
                },
                each: match kids.one(Rule::payment_range) {
                    Some(p) => {
                        let kids = self.kids(p);
                        let least = self.number(kids.one(Rule::number)?)?;
                        Some((least, self.number(kids.last(Rule::number)?)?))
                    }
                    None => None,
                },
                span,
            }),
            _ => return None,
        })
    }

    fn event_source(&mut self, kids: &Kids<'i>) -> Option<EventSource> {
        if let Some(p) = kids.one(Rule::scan_source) {
            let mut names = self.names(&self.kids(p)).into_iter();
            return Some(EventSource::Scan { role: names.next()?, layer: names.next()? });
        }
        let kids = self.kids(kids.one(Rule::other_source)?);
        let entity = kids.one(Rule::about).and_then(|p| self.one_name(&self.kids(p)));
        let by = kids.one(Rule::by_roles).map_or_else(Vec::new, |p| self.names(&self.kids(p)));
        Some(EventSource::Other { entity, by })
    }

    fn known(&mut self, pair: Pair<'i>) -> Option<Known> {
        let kids = self.kids(pair);
        Some(Known { name: self.one_name(&kids)?, optional: kids.has(Rule::qmark) })
    }

    pub(super) fn facts(&mut self, kids: &Kids<'i>) -> Vec<FactDecl> {
        let mut facts = Vec::new();
        let Some(block) = kids.one(Rule::fact_block) else {
            return facts;
        };
        let mut slips = slip::Slips::new(Rule::only_fact);
        for p in block.into_inner() {
            let at = self.span(&p);
            match p.as_rule() {
                Rule::fact => {
                    let fact = self.fact(p, at);
                    facts.extend(self.or_unread(at, fact));
                }
                Rule::error_row => self.slip(&mut slips, at),
                _ => continue,
            }
            slips.passed(at);
        }
        facts
    }

    fn fact(&mut self, pair: Pair<'i>, span: Span) -> Option<FactDecl> {
        let kids = self.kids(pair);
        let name = self.labelled(kids.one(Rule::fact_name)?)?;
        let inner = kids.one(Rule::fact_type)?.into_inner().next()?;
        let ty = match inner.as_rule() {
            Rule::yes_no => FactType::YesNo,
            Rule::one_of => {
                let values = self.kids(inner).all(Rule::labelled).map(|p| self.labelled(p)).collect::<Option<Vec<_>>>();
                FactType::OneOf(values?)
            }
            Rule::fact_range => {
                let kids = self.kids(inner);
                let lo = self.number(kids.one(Rule::number)?)?;
                let label = kids.one(Rule::text).map(|text| self.text_of(&text));
                FactType::Range { lo, hi: self.number(kids.last(Rule::number)?)?, label }
            }
            _ => FactType::Named(self.name(&inner)),
        };
        Some(FactDecl { name, ty, optional: kids.has(Rule::qmark), span })
    }
}

/// A rate under 100%, fine enough to count with.
fn is_share(n: &Number) -> bool {
    crate::hir::expr::ppm(n).is_some_and(|ppm| (0..1_000_000).contains(&ppm))
}
