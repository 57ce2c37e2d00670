//! Measures and links, in the word order of either spelling.

use super::Fmt;
use crate::ast::{Account, Back, Expr, Link, Measure, Window};

impl Fmt<'_> {
    pub(super) fn measure(&mut self, m: &Measure) {
        if self.zh() {
            self.past_window((m.window, m.back));
            if !m.by.is_empty() {
                self.put(" ");
                self.list(&m.by, Self::path_fused);
            }
            self.kw_between("rate_of");
            self.measured(m);
            self.put(" ");
            self.kw(if m.fact.is_some() { "sum_zh" } else { "count_zh" });
        } else {
            self.kw(if m.fact.is_some() { "sum" } else { "count" });
            self.put(" ");
            self.measured(m);
            if !m.by.is_empty() {
                self.kw_between("by");
                self.list(&m.by, Self::path);
            }
            self.put(" ");
            self.past_window((m.window, m.back));
        }
        for (id, set) in [("in", &m.only), ("except", &m.except)] {
            if let Some(set) = set {
                self.kw_between(id);
                self.set(set);
            }
        }
    }

    /// `order_paid.amount (rush is yes)`
    fn measured(&mut self, m: &Measure) {
        // in Chinese the event runs into the word after it
        if self.zh() {
            self.model_fused(&m.event);
        } else {
            self.model(&m.event);
        }
        if let Some(fact) = &m.fact {
            self.put(".");
            if self.zh() { self.model_fused(fact) } else { self.model_any(fact) }
        }
        self.filter(m.filter.as_deref());
    }

    pub(super) fn filter(&mut self, filter: Option<&Expr>) {
        if let Some(filter) = filter {
            self.put(" ");
            self.in_parentheses(filter);
        }
    }

    pub(super) fn past_window(&mut self, (window, back): (Window, Back)) {
        let Back { first, count, each, many } = back;
        let zh = self.zh();
        if many {
            let (many, each_zh) = match window {
                Window::Hour => (("hours", "小时"), "每小时"),
                Window::Day => (("days", "天"), "每天"),
                Window::Week => (("weeks", "周"), "每周"),
                Window::Month => (("months", "个月"), "每月"),
                Window::Quarter => (("quarters", "个季度"), "每季度"),
                // the parser makes no others
                Window::Year | Window::Campaign | Window::Ever => (("years", "年"), "每年"),
            };
            self.kw(match (zh, each) {
                (true, _) => "latest",
                (false, true) => "each_of_last",
                (false, false) => "last",
            });
            self.put(&format!(" {count} {}", if zh { many.1 } else { many.0 }));
            if zh && each {
                self.put(" ");
                self.put(each_zh);
            }
            return;
        }
        let (this, last) = match window {
            Window::Hour => (("this hour", "本小时"), ("last hour", "上小时")),
            Window::Day => (("today", "当天"), ("yesterday", "昨天")),
            Window::Week => (("this week", "本周"), ("last week", "上周")),
            Window::Month => (("this month", "本月"), ("last month", "上月")),
            Window::Quarter => (("this quarter", "本季度"), ("last quarter", "上季度")),
            Window::Year => (("this year", "本年"), ("last year", "上年")),
            Window::Campaign => (("this campaign", "本活动"), ("this campaign", "本活动")),
            Window::Ever => (("ever", "累计"), ("ever", "累计")),
        };
        let (en, chinese) = if first == 0 { this } else { last };
        self.put(if zh { chinese } else { en });
    }

    pub(super) fn account(&mut self, a: &Account) {
        match (a.window, self.zh()) {
            (Some(window), true) => {
                self.past_window(window);
                self.put(" ");
                self.path_fused(&a.of);
                self.kw_between("gained");
                self.model_fused(&a.what);
                self.put(" ");
                self.kw("sum_zh");
            }
            (None, true) => {
                self.path_fused(&a.of);
                self.kw_between("rate_of");
                self.model(&a.what);
                self.put(" ");
                self.kw("balance_zh");
            }
            (Some(window), false) => {
                self.kw("sum");
                self.put(" ");
                self.model(&a.what);
                self.kw_between("given_to");
                self.path(&a.of);
                self.put(" ");
                self.past_window(window);
            }
            (None, false) => {
                self.kw("balance");
                self.put(" ");
                self.model(&a.what);
                self.kw_between("of");
                self.path(&a.of);
            }
        }
    }

    pub(super) fn link(&mut self, l: &Link) {
        if self.zh() {
            if let Some(d) = &l.within {
                self.duration(d);
                self.kw("within_zh");
                self.put(" ");
            }
            self.kw("this_zh");
            self.put(" ");
            if let Some(inner) = &l.inner {
                self.model_fused(inner);
                self.kw_between("inside");
            }
            self.path_fused(&l.of);
            self.kw_between("latest");
            self.model(&l.event);
        } else {
            self.kw("last");
            self.put(" ");
            self.model(&l.event);
        }
        self.filter(l.filter.as_deref());
        if !self.zh() {
            self.kw_between("of");
            self.kw("this");
            self.put(" ");
            if let Some(inner) = &l.inner {
                self.model(inner);
                self.put("'s ");
            }
            self.path(&l.of);
            if let Some(d) = &l.within {
                self.kw_between("within");
                self.duration(d);
            }
        }
        if let Some(d) = &l.apart {
            self.further();
            self.kw("at_least");
            self.put(" ");
            self.duration(d);
            self.put(if self.zh() { "" } else { " " });
            self.kw("ago");
        }
        for (said, id) in [(l.same_day, "same_day"), (l.another, "another"), (l.same_person, "same_person")] {
            if said {
                self.further();
                self.kw(id);
            }
        }
        if let Some(item) = &l.gave {
            self.further();
            self.kw("gave");
            self.put(" ");
            self.model(item);
        }
    }

    /// What joins one more thing said of a past event.
    pub(super) fn further(&mut self) {
        if self.zh() {
            self.kw_between("and");
        } else {
            self.put(" ");
        }
    }
}
