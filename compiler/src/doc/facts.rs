//! Parties, facts and events in words.

use super::Writer;
use super::words::say;
use crate::diagnostic::Lang;
use crate::hir::model::Member;
use crate::hir::{Fact, Party};
use crate::ir::schema::{After, EventSchema, Named};
use crate::ir::{EventId, Window, Word};

impl Writer<'_> {
    /// The layout of an event kind.
    pub(super) fn schema(&self, event: EventId) -> Option<&EventSchema> {
        self.package.schema.events.get(event.index())
    }

    /// `“开瓶”`; it is explained among the definitions.
    pub(super) fn event_name(&mut self, event: EventId) -> String {
        self.used.insert(event);
        let name = self.schema(event).map(|e| self.name(&e.name)).unwrap_or_default();
        format!("“{name}”")
    }

    /// A fact of this event or of a linked one.
    pub(super) fn fact(&mut self, fact: &Fact) -> String {
        let event = fact.link.as_ref().map_or(self.event, |link| link.event);
        let path = self.schema(event).and_then(|e| e.fields.iter().find(|f| f.word == fact.word));
        let mut path: Vec<Named> = path.map(|f| f.path.clone()).unwrap_or_default();
        if path.len() > 1 && path.last().is_some_and(|n| n.name == "id") {
            path.pop();
        }
        let names: Vec<String> = path.iter().map(|n| self.name(n)).collect();
        let own = match (self.lang, names.as_slice()) {
            _ if fact.word == Word::TIME => say!(self, "the moment", "时刻"),
            (Lang::Zh, names) => names.join("的"),
            (Lang::En, [owner, rest @ ..]) if !rest.is_empty() => format!("the {owner}'s {}", rest.join("'s ")),
            (Lang::En, names) => format!("the {}", names.join(" ")),
        };
        match &fact.link {
            None => own,
            Some(link) => {
                let link = self.link(link);
                say!(self, "{own} of {link}", "{link}的{own}")
            }
        }
    }

    /// Whose, as `per store` and `每门店` say it.
    pub(super) fn whose(&mut self, party: &Party) -> String {
        let text = self.fact(&party.fact);
        match self.lang {
            Lang::Zh => text,
            Lang::En => text.strip_prefix("the ").map(str::to_owned).unwrap_or(text),
        }
    }

    /// What happens in an event of this kind: `消费者扫描盖内码（…）`.
    pub(super) fn happening(&mut self, event: EventId) -> String {
        let model = &self.package.model;
        let (period, after) = self.schema(event).map_or((None, None), |e| (e.period_end, e.after));
        let Some(declared) = model.events.get(event.index()) else {
            match after {
                Some(After::Claimed) => return say!(self, "an award is claimed", "领取奖励"),
                Some(After::Expired) => {
                    return say!(self, "the time to claim an award is over", "奖励领取期限届满");
                }
                Some(After::Retried) => {
                    return say!(self, "an award that waits is decided again", "补发等待中的奖励");
                }
                Some(After::Return) | None => {}
            }
            let window = period.unwrap_or(Window::Ever);
            return match window {
                Window::Month => say!(self, "the end of a calendar month", "自然月结束"),
                Window::Quarter => say!(self, "the end of a calendar quarter", "自然季度结束"),
                Window::Year => say!(self, "the end of a calendar year", "自然年结束"),
                Window::Ever => say!(self, "the end of the campaign", "活动期满"),
                Window::Hour | Window::Day | Window::Week | Window::Event => {
                    say!(self, "the end of a period", "期间结束")
                }
            };
        };
        let role = |i: &usize| model.roles.get(*i).map(|r| self.name(&r.name)).unwrap_or_default();
        let known = |m: &Member, optional: bool| {
            let name = match m {
                Member::Role(r) => role(r),
                Member::Entity(e) => model.entities.get(*e).map(|e| self.name(&e.name)).unwrap_or_default(),
            };
            if optional { say!(self, "{name} (may be unknown)", "{name}（可能未知）") } else { name }
        };
        let by: Vec<String> = declared.by.iter().map(role).collect();
        let by = self.list(&by);
        let mut text = match declared.scan.and_then(|(layer, who)| Some((model.layers.get(layer)?, role(&who)))) {
            Some((layer, who)) => {
                let pack = model.packs.get(layer.pack).map(|p| self.name(p)).unwrap_or_default();
                let code = self.name(&layer.name);
                if layer.hidden {
                    say!(
                        self,
                        "the {who} scans the {code} code of a {pack}, which can only be read once it is opened",
                        "{who}扫描{pack}上的{code}，该码须打开包装才能读到"
                    )
                } else {
                    say!(self, "the {who} scans the {code} code of a {pack}", "{who}扫描{pack}上的{code}")
                }
            }
            None if by.is_empty() => say!(self, "recorded by the organiser", "由主办方记录"),
            None => say!(self, "recorded for the {by}", "就{by}记录"),
        };
        if declared.returns {
            text.push_str(&match declared.scan {
                Some(_) => say!(self, "; the goods with this code come back", "；带有该码的货物退回"),
                None => say!(self, "; it undoes an earlier event that it names", "；撤销其指明的原事件"),
            });
        }
        let about: Vec<String> = declared.knows.iter().map(|(m, optional)| known(m, *optional)).collect();
        if !about.is_empty() {
            let about = self.list(&about);
            text.push_str(&say!(self, "; bound to: {about}", "；关联：{about}"));
        }
        let facts: Vec<String> = declared
            .facts
            .iter()
            .map(|f| {
                let name = self.name(&f.name);
                if f.optional { say!(self, "{name} (may be unknown)", "{name}（可能未知）") } else { name }
            })
            .collect();
        if !facts.is_empty() {
            let facts = self.list(&facts);
            text.push_str(&say!(self, "; recorded: {facts}", "；记录：{facts}"));
        }
        text
    }
}
