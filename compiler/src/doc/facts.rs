//! Parties, facts, links, measures and events in words.

use super::Writer;
use super::words::say;
use crate::diagnostic::Lang;
use crate::hir::after::Account;
use crate::hir::model::Member;
use crate::hir::table::{Cell, Column};
use crate::hir::{Fact, Link, Measure, Party};
use crate::ir::schema::{EventSchema, Named};
use crate::ir::{EventId, Window};

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

    /// `该瓶最近一次“导购扫码”（…）`.
    ///
    /// It gets a name where it is first spoken of, and is called by it in the rest of the policy.
    pub(super) fn link(&mut self, link: &Link) -> String {
        let Link { event: _, pack: _, past_code: _, code: _, within: _, another: _ } = link;
        if let (Some(known), false) = (self.links.iter().position(|l| l == link), self.alone) {
            let number = known + 1;
            return say!(self, "scan {number}", "扫码记录{number}");
        }
        let pack = self.package.model.packs.get(link.pack).map(|p| self.name(p)).unwrap_or_default();
        let event = self.event_name(link.event);
        let mut terms = Vec::new();
        if let Some(within) = link.within {
            let within = self.duration(within);
            terms.push(say!(self, "at most {within} before this event", "距本次事件不超过{within}"));
        }
        if link.another.is_some() {
            terms.push(say!(self, "by another person", "由他人完成"));
        }
        if !self.alone {
            self.links.push(link.clone());
            let number = self.links.len();
            terms.push(say!(self, "below: scan {number}", "以下称“扫码记录{number}”"));
        }
        let terms = terms.join(&say!(self, ", ", "，"));
        let terms = if terms.is_empty() { terms } else { say!(self, " ({terms})", "（{terms}）") };
        say!(self, "the latest earlier {event} event of this {pack}{terms}", "该{pack}此前最近一次{event}{terms}")
    }

    /// `当月服务员的“服务员扫码”次数`.
    pub(super) fn measure(&mut self, m: &Measure) -> String {
        // A new part of a measure does not compile until it has words.
        let Measure {
            event: _,
            add: _,
            counted_key: _,
            key: _,
            key_names: _,
            window: _,
            campaign: _,
            products: _,
            counter: _,
        } = m;
        let event = self.event_name(m.event);
        let whose: Vec<String> = m.key.iter().map(|p| self.fact(&p.fact)).collect();
        let whose = match (self.lang, whose.is_empty()) {
            (_, true) => String::new(),
            (Lang::En, false) => format!(" of {}", self.list(&whose)),
            (Lang::Zh, false) => format!("{}的", whose.join("、")),
        };
        let only = m.products.as_ref().map(|(_, set)| self.products(set));
        let only = only.map(|set| say!(self, " for {set}", "（只计{set}）")).unwrap_or_default();
        let when = self.measured_window(m);
        let what = match &m.add {
            None => say!(self, "the number of {event} events", "{event}次数"),
            Some(fact) => {
                // The summed fact is one of the counted event's.
                let here = std::mem::replace(&mut self.event, m.event);
                let fact = self.fact(fact);
                self.event = here;
                say!(self, "the sum of {fact} over all {event} events", "{event}的{fact}合计")
            }
        };
        let own = m.event == self.event;
        let own = if own { say!(self, ", this one included", "（含本次）") } else { String::new() };
        say!(self, "{what}{whose}{only}{when}{own}", "{when}{whose}{what}{only}{own}")
    }

    /// `“任务表”中该经销商一行的季度任务`; without a column the row itself.
    pub(super) fn data_cell(&mut self, cell: &Cell) -> String {
        let Cell { row, column: _ } = cell;
        let Some(table) = self.package.tables.get(row.table) else { return String::new() };
        let name = self.name(&table.name);
        let keys: Vec<String> = table.keys.iter().map(|k| self.key_name(&k.name, &k.label)).collect();
        let keys = self.list(&keys);
        let linked = row.keys.iter().find_map(|key| key.link.clone());
        let of = linked.map(|link| self.link(&link));
        let of = of.map(|link| say!(self, " of {link}", "{link}的")).unwrap_or_default();
        let row = say!(self, "the row of table “{name}” for this {keys}{of}", "“{name}”表中{of}该{keys}的一行");
        match self.column(cell).map(|column| self.name(&column.name)) {
            Some(column) => say!(self, "“{column}” in {row}", "{row}所列“{column}”"),
            None => row,
        }
    }

    /// The column of a cell.
    pub(super) fn column(&self, cell: &Cell) -> Option<&Column> {
        self.package.tables.get(cell.row.table)?.columns.get(cell.column?)
    }

    fn key_name(&self, name: &str, label: &str) -> String {
        match self.lang {
            Lang::Zh if !label.is_empty() => label.replace('.', "的"),
            Lang::Zh => name.to_owned(),
            Lang::En => name.replace('_', " ").replace('.', "'s "),
        }
    }

    /// `消费者的积分余额`.
    pub(super) fn account(&mut self, account: &Account) -> String {
        let Account { kind, item, party, window } = account;
        let what = match item {
            Some((name, true)) => self.coupon(name),
            Some((name, false)) => {
                let product = self.package.schema.products.iter().position(|p| p.sku == *name);
                product.and_then(|id| self.product(id)).unwrap_or_else(|| name.clone())
            }
            None => self.package.model.kinds.get(*kind).map(|k| self.name(&k.name)).unwrap_or_default(),
        };
        let who = self.fact(&party.fact);
        let Some(window) = window else {
            return say!(
                self,
                "the balance of {what} of {who} (given less taken, by all policies together)",
                "{who}的{what}余额（全部政策所得减去已扣除）"
            );
        };
        let when = self.natural_window(*window);
        say!(
            self,
            "the sum of {what} given to {who}{when} by all policies together",
            "{when}{who}由全部政策所得的{what}合计"
        )
    }

    fn measured_window(&self, m: &Measure) -> String {
        if let Some((from, to)) = m.campaign {
            let (from, to) = (self.instant(from, false), self.instant(to, true));
            return say!(self, " from {from} to {to}", "{from}至{to}期间");
        }
        self.natural_window(m.window)
    }

    fn natural_window(&self, window: Window) -> String {
        match window {
            Window::Day => say!(self, " on the same calendar day", "当日"),
            Window::Week => say!(self, " in the same calendar week", "当周"),
            Window::Month => say!(self, " in the same calendar month", "当月"),
            Window::Quarter => say!(self, " in the same calendar quarter", "当季度"),
            Window::Year => say!(self, " in the same calendar year", "当年"),
            Window::Ever => say!(self, " so far in all", "历史累计"),
        }
    }

    /// What happens in an event of this kind: `消费者扫描盖内码（…）`.
    pub(super) fn happening(&mut self, event: EventId) -> String {
        let model = &self.package.model;
        let period = self.schema(event).and_then(|e| e.period_end);
        let Some(declared) = model.events.get(event.index()) else {
            let window = period.unwrap_or(Window::Ever);
            return match window {
                Window::Month => say!(self, "the end of a calendar month", "自然月结束"),
                Window::Quarter => say!(self, "the end of a calendar quarter", "自然季度结束"),
                Window::Year => say!(self, "the end of a calendar year", "自然年结束"),
                Window::Day | Window::Week | Window::Ever => say!(self, "the end of a period", "期间结束"),
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
