//! The channel model. Its names are declared here, so they are printed as they are.

use super::Fmt;
use crate::ast::{
    Channel, ChannelDecl, EventDecl, EventSource, FactDecl, FactType, Labelled, Name, RewardClass, Rounding,
};
use crate::source::Span;

impl Fmt<'_> {
    pub(super) fn channel(&mut self, c: &Channel) {
        self.kw("channel");
        self.put(" ");
        self.own(&c.name);
        self.put(" {");
        self.open();
        for decl in &c.decls {
            self.line(start(self, decl));
            self.channel_decl(decl);
        }
        self.close(c.span.end.saturating_sub(1));
    }

    fn begin(&mut self, id: &str, name: &Labelled) {
        self.kw(id);
        self.put(" ");
        self.labelled(name);
    }

    fn channel_decl(&mut self, decl: &ChannelDecl) {
        match decl {
            ChannelDecl::Zone(name) => {
                self.kw("zone");
                self.put(" ");
                self.slashed(name);
            }
            ChannelDecl::Money(name) => {
                self.kw("money");
                self.put(" ");
                self.own(name);
            }
            ChannelDecl::Rounding(how, _) => {
                self.kw("rounding");
                self.put(" ");
                self.kw(match how {
                    Rounding::HalfUp => "half_up",
                    Rounding::HalfEven => "half_even",
                    Rounding::Down => "down",
                    Rounding::Up => "up",
                });
                self.kw_between("to_unit");
                self.put(if self.zh() { "分" } else { "fen" });
            }
            ChannelDecl::Role(r) => {
                self.begin("role", &r.name);
                if r.person {
                    self.put(" ");
                    self.kw("is_person");
                }
                self.facts(&r.facts);
            }
            ChannelDecl::Pack(packs, _) => {
                self.kw("pack");
                for (i, pack) in packs.iter().enumerate() {
                    self.put(if i > 0 { " < " } else { " " });
                    self.labelled(pack);
                }
            }
            ChannelDecl::Layer(l) => {
                self.begin("layer", &l.name);
                self.kw_between("on_pack");
                self.own(&l.pack);
                self.put(" ");
                self.kw(if l.hidden { "hidden" } else { "exposed" });
            }
            ChannelDecl::Entity(e) => {
                self.begin("entity", &e.name);
                self.facts(&e.facts);
            }
            ChannelDecl::Event(e) => self.event(e),
            ChannelDecl::Organiser(name, contact, _) => {
                self.kw("organiser");
                self.put(" ");
                self.quote(&name.text);
                self.kw_between("contact");
                self.quote(&contact.text);
            }
            ChannelDecl::Reward(r) => {
                self.begin("reward", &r.name);
                self.put(" ");
                self.kw(if r.class == RewardClass::Money { "class_money" } else { "class_whole" });
                if let Some(tax) = &r.tax {
                    self.kw_between("tax");
                    self.number(tax);
                }
                if let Some((least, most)) = &r.each {
                    self.comma();
                    self.kw("each_payment");
                    self.put(" ");
                    self.number(least);
                    self.put(if self.zh() { " 至 " } else { " .. " });
                    self.number(most);
                }
            }
            ChannelDecl::Identity(i) => {
                self.begin("identity", &i.name);
                self.kw_between("by");
                self.list(&i.by, Self::path);
            }
        }
    }

    fn event(&mut self, e: &EventDecl) {
        self.begin("event", &e.name);
        match &e.source {
            EventSource::Scan { role, layer } => {
                self.put(" = ");
                self.own(role);
                self.kw_between("scans");
                self.own(layer);
            }
            EventSource::Other { entity, by } => {
                if let Some(entity) = entity {
                    self.kw_between("about");
                    self.own(entity);
                }
                if !by.is_empty() {
                    self.kw_between("by_role");
                    self.list(by, Self::own);
                }
            }
        }
        if e.returns {
            self.put(" ");
            self.kw("as_return");
        }
        self.facts(&e.facts);
        if !e.knows.is_empty() {
            self.kw_between("knows");
            self.list(&e.knows, |f, known| {
                f.own(&known.name);
                if known.optional {
                    f.put("?");
                }
            });
        }
    }

    pub(super) fn facts(&mut self, facts: &[FactDecl]) {
        let Some(last) = facts.last() else { return };
        let end = self.close_after(last.span.end);
        self.block(
            facts,
            |f| f.span,
            end,
            |f, fact| {
                f.labelled_any(&fact.name);
                f.colon();
                match &fact.ty {
                    FactType::YesNo => f.put(if f.zh() { "是/否" } else { "yes/no" }),
                    FactType::OneOf(values) => {
                        f.kw("one_of");
                        f.put(" ");
                        f.list(values, Self::labelled);
                    }
                    FactType::Range { lo, hi, label } => {
                        // A labelled unit stands beside its label, as every other name of the model does.
                        f.declared_number(lo);
                        f.put("..");
                        f.declared_number(hi);
                        if let Some(label) = label {
                            f.put(" ");
                            f.quote(&label.text);
                        }
                    }
                    FactType::Named(name) => f.fact_type(name),
                }
                if fact.optional {
                    f.put("?");
                }
            },
        );
    }
}

/// Where a line of the model begins.
fn start(f: &Fmt<'_>, decl: &ChannelDecl) -> u32 {
    let named = |name: &Name, words: &[&str]| f.with_keyword(name.span, words);
    let span: Span = match decl {
        ChannelDecl::Zone(name) => named(name, &["zone", "时区"]),
        ChannelDecl::Money(name) => named(name, &["money", "货币"]),
        ChannelDecl::Rounding(_, span) | ChannelDecl::Pack(_, span) | ChannelDecl::Organiser(_, _, span) => *span,
        ChannelDecl::Role(r) => r.span,
        ChannelDecl::Layer(l) => l.span,
        ChannelDecl::Entity(e) => e.span,
        ChannelDecl::Event(e) => e.span,
        ChannelDecl::Reward(r) => r.span,
        ChannelDecl::Identity(i) => i.span,
    };
    span.start
}
