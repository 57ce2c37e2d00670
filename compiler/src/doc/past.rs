//! What a rule asks of the past in words: earlier events, what was counted, what a party was given.

use super::Writer;
use super::words::say;
use crate::diagnostic::Lang;
use crate::hir::after::Account;
use crate::hir::{Fact, Link, Measure, Party};
use crate::ir::{EventId, Fold, Given, Term, Window, Windows};

impl Writer<'_> {
    /// `该瓶此前最近一次“导购扫码”（须…）`.
    ///
    /// It gets a name where it is first spoken of, and is called by it in the rest of the policy.
    pub(super) fn link(&mut self, link: &Link) -> String {
        // A new part of a link does not compile until it has words.
        let Link { event, filter, given, whose: _, past_code: _, key, within, apart, same_day, another, same, drawn } =
            link;
        if let Some(known) = self.called(link) {
            return known;
        }
        let of = key.as_ref().map(|key| self.this(key));
        let name = self.event_name(*event);
        let mut only = Vec::new();
        if let Some(filter) = filter {
            let outer = std::mem::take(&mut self.seen);
            let filter = self.said_of(*event, |w| w.together(filter));
            self.seen = outer;
            only.push(say!(self, "where, when it happened, {filter}", "发生时{filter}"));
        }
        if let Some((given, _)) = given {
            let what = self.given_thing(given);
            only.push(say!(self, "for which {what} was paid", "当次已支付{what}"));
        }
        let here = match self.elsewhere {
            true => say!(self, "that event", "所计事件"),
            false => say!(self, "this event", "本次事件"),
        };
        let mut must = Vec::new();
        if let Some((term, _)) = within {
            let within = self.length(*term);
            must.push(match term {
                Term::Seconds(_) => say!(self, "at most {within} before {here}", "距{here}不超过{within}"),
                Term::Days(_) | Term::WorkingDays(_) => say!(
                    self,
                    "at most {within} before {here}, the first day not counted and each to its end",
                    "距{here}不超过{within}（当日不计，每天算到24:00）"
                ),
            });
        }
        if let Some(apart) = apart {
            let apart = self.duration(*apart);
            must.push(say!(self, "at least {apart} before {here}", "距{here}不少于{apart}"));
        }
        if *same_day {
            must.push(say!(self, "on the same calendar day as {here}", "与{here}在同一自然日"));
        }
        if another.is_some() {
            must.push(say!(self, "by another person", "由他人完成"));
        }
        if same.is_some() {
            must.push(say!(self, "by the same person", "由同一人完成"));
        }
        let mut terms = Vec::new();
        if !only.is_empty() {
            let only = only.join(&say!(self, " and ", "，且"));
            terms.push(say!(self, "looking only at those {only}", "只看{only}的"));
        }
        if !must.is_empty() {
            let must = must.join(&say!(self, " and ", "、"));
            terms.push(say!(self, "it must be {must}", "该次须{must}"));
        }
        let which = match drawn {
            Some(drawn) => {
                terms.push(self.chances(*event, drawn));
                self.drawn_of(&name, of.as_deref(), drawn)
            }
            None => {
                let of = of.unwrap_or_default();
                say!(self, "the latest earlier {name} event of {of}", "{of}此前最近一次{name}")
            }
        };
        if let Some(called) = self.call(link) {
            terms.push(say!(self, "below: {called}", "以下称“{called}”"));
        }
        let terms = terms.join(&say!(self, "; ", "；"));
        let terms = if terms.is_empty() { terms } else { say!(self, " ({terms})", "（{terms}）") };
        say!(self, "{which}{terms}", "{which}{terms}")
    }

    /// What a link that was spoken of before is called.
    pub(super) fn called(&self, link: &Link) -> Option<String> {
        let known = |links: &[Link]| links.iter().position(|l| l == link);
        match (self.elsewhere, self.alone) {
            (true, _) => known(&self.seen).map(|at| self.seen_name(at)),
            (false, true) => None,
            (false, false) => {
                let number = known(&self.links)? + 1;
                Some(say!(self, "record {number}", "记录{number}"))
            }
        }
    }

    /// Gives a link a name, where one may be used.
    fn call(&mut self, link: &Link) -> Option<String> {
        match (self.elsewhere, self.alone) {
            (true, _) => self.seen.push(link.clone()),
            (false, true) => {}
            (false, false) => self.links.push(link.clone()),
        }
        self.called(link)
    }

    /// What a counted event saw.
    fn seen_name(&self, at: usize) -> String {
        let number = if at == 0 { String::new() } else { format!(" {}", at + 1) };
        let zh = number.trim();
        say!(self, "its record{number}", "其记录{zh}")
    }

    /// `该瓶`, `记录1的门店`: whom or what an earlier event is looked up by.
    fn this(&mut self, key: &Fact) -> String {
        let named = self.fact(key);
        if key.link.is_some() {
            return named;
        }
        let this = if self.elsewhere { "that" } else { "this" };
        match self.lang {
            Lang::Zh => format!("该{named}"),
            Lang::En => format!("{this} {}", named.strip_prefix("the ").unwrap_or(&named)),
        }
    }

    /// Words of something that is said of another event.
    pub(super) fn said_of<T>(&mut self, event: EventId, write: impl FnOnce(&mut Self) -> T) -> T {
        let here = (self.event, self.elsewhere);
        (self.event, self.elsewhere) = (event, true);
        let written = write(self);
        (self.event, self.elsewhere) = here;
        written
    }

    fn given_thing(&mut self, given: &Given) -> String {
        match given {
            Given::Kind(kind) => {
                self.kinds.insert(kind.index());
                self.package.model.kinds.get(kind.index()).map(|k| self.name(&k.name)).unwrap_or_default()
            }
            Given::Item { name, coupon } => self.thing_given(name, *coupon),
        }
    }

    /// A product or coupon by its name.
    pub(super) fn thing_given(&mut self, name: &str, coupon: bool) -> String {
        if coupon {
            return self.coupon(name);
        }
        let product = self.package.schema.products.iter().position(|p| p.sku == name);
        product.and_then(|id| self.product(id)).unwrap_or_else(|| name.to_owned())
    }

    /// `当月服务员的“服务员扫码”次数`.
    pub(super) fn measure(&mut self, m: &Measure) -> String {
        // A new part of a measure does not compile until it has words.
        let Measure {
            event,
            add,
            counted_key,
            key,
            key_names: _,
            window,
            campaign,
            windows,
            filter,
            products,
            counter: _,
        } = m;
        let name = self.event_name(*event);
        let outer = std::mem::take(&mut self.seen);
        let mut only = Vec::new();
        if let Some((_, set)) = products {
            let set = self.products(set);
            only.push(say!(self, "of {set}", "产品为{set}"));
        }
        if let Some(filter) = filter {
            let filter = self.said_of(*event, |w| w.together(filter));
            only.push(say!(self, "where, when they happened, {filter}", "发生时{filter}"));
        }
        let mut whose = Vec::new();
        for (asked, counted) in key.iter().zip(counted_key) {
            if counted.fact.link.is_none() {
                whose.push(self.fact(&asked.fact));
                continue;
            }
            // Counted under a party of the link that each counted event saw.
            let asked = self.this(&asked.fact);
            let counted = self.said_of(*event, |w| w.fact(&counted.fact));
            only.push(say!(self, "where {counted} is {asked}", "{counted}即{asked}"));
        }
        let whose = match (self.lang, whose.is_empty()) {
            (_, true) => String::new(),
            (Lang::En, false) => format!(" of {}", self.list(&whose)),
            (Lang::Zh, false) => format!("{}的", whose.join("、")),
        };
        let mut notes = Vec::new();
        let limited = !only.is_empty();
        if limited {
            let only = only.join(&say!(self, " and ", "，且"));
            notes.push(say!(self, "counting only those {only}", "只计{only}的"));
        }
        match (*event == self.event && windows.first_back == 0, limited) {
            (false, _) => {}
            (true, false) => notes.push(say!(self, "this one included", "含本次")),
            (true, true) => notes.push(say!(self, "this one included if it is one of them", "本次符合的计入")),
        }
        let notes = match notes.join(&say!(self, "; ", "；")) {
            notes if notes.is_empty() => notes,
            notes => say!(self, " ({notes})", "（{notes}）"),
        };
        let when = match campaign {
            Some((from, to)) => {
                let (from, to) = (self.instant(*from, false), self.instant(*to, true));
                say!(self, " from {from} to {to}", "{from}至{to}期间")
            }
            None => self.when(*window, *windows),
        };
        let what = match add {
            None => say!(self, "the number of {name} events", "{name}次数"),
            Some(fact) => {
                let fact = self.said_of(*event, |w| w.fact(fact));
                say!(self, "the sum of {fact} over all {name} events", "{name}的{fact}合计")
            }
        };
        self.seen = outer;
        let text = say!(self, "{what}{whose}{when}{notes}", "{when}{whose}{what}{notes}");
        self.folded(windows.fold, text)
    }

    /// `消费者的积分余额`.
    pub(super) fn account(&mut self, account: &Account) -> String {
        let Account { kind, item, party, window, windows } = account;
        let what = match item {
            Some((name, coupon)) => self.thing_given(name, *coupon),
            None => self.package.model.kinds.get(*kind).map(|k| self.name(&k.name)).unwrap_or_default(),
        };
        let Party { fact, .. } = party;
        let who = self.fact(fact);
        let Some(window) = window else {
            return say!(
                self,
                "the balance of {what} of {who} (given less taken, by all policies together)",
                "{who}的{what}余额（全部政策所得减去已扣除）"
            );
        };
        let when = self.when(*window, *windows);
        let text = say!(
            self,
            "the sum of {what} given to {who}{when} by all policies together",
            "{when}{who}由全部政策所得的{what}合计"
        );
        self.folded(windows.fold, text)
    }

    fn folded(&self, fold: Fold, text: String) -> String {
        match fold {
            Fold::Sum => text,
            Fold::Least => say!(self, "the lowest value of {text}", "{text}的最低值"),
        }
    }

    /// When something was: `当月`, `最近3个自然月（含当月）`.
    pub(super) fn when(&self, window: Window, windows: Windows) -> String {
        let (en, zh, now) = match window {
            Window::Hour => ("clock hour", "个钟点小时", "当小时"),
            Window::Day => ("calendar day", "个自然日", "当日"),
            Window::Week => ("calendar week", "个自然周", "当周"),
            Window::Month => ("calendar month", "个自然月", "当月"),
            Window::Quarter => ("calendar quarter", "个自然季度", "当季度"),
            Window::Year => ("calendar year", "个自然年", "当年"),
            Window::Ever => return say!(self, " so far in all", "历史累计"),
            Window::Event => return say!(self, " in this event", "本次事件"),
        };
        let Windows { first_back, count, fold } = windows;
        let each = match fold {
            Fold::Sum => String::new(),
            Fold::Least => say!(self, " each of", "，每{zh}"),
        };
        match (first_back, count) {
            (0, 1) if window == Window::Day => say!(self, " on the same {en}", "{now}"),
            (0, 1) => say!(self, " in the same {en}", "{now}"),
            (1, 1) => say!(self, " in the {en} before this one", "上一{zh}"),
            (0, _) => say!(
                self,
                " in{each} the last {count} {en}s, the current one included",
                "最近{count}{zh}（含{now}）{each}"
            ),
            (1, _) => {
                say!(self, " in{each} the {count} {en}s before this one", "此前{count}{zh}（不含{now}）{each}")
            }
            (back, _) => say!(
                self,
                " in{each} the {count} {en}s that end {back} before this one",
                "截至{back}{zh}之前的{count}{zh}{each}"
            ),
        }
    }
}
