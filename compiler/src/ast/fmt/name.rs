//! Names, texts, numbers, dates and sets.

use super::Fmt;
use crate::ast::{DateTime, Duration, DurationUnit, Labelled, Name, Number, Path, SetAtom, SetExpr, Unit};
use promo_grammar::names::{is_bare, is_slashed, is_word};

/// What every model has, in both spellings, where one follows from the other.
const BUILT_IN: &[(&str, &str)] = &[
    ("goods", "实物"),
    ("coupon", "券"),
    ("payment", "付款"),
    ("region", "区域"),
    ("product", "产品"),
    ("yuan", "元"),
    ("fen", "分"),
    ("times", "次"),
    ("award_claimed", "奖励领取"),
    ("award_expired", "逾期未领"),
    ("of", "原事件"),
    ("time", "时间"),
];

/// Units that hold in every model, but may be the names of other things in it.
const UNITS: &[(&str, &str)] = &[("points", "积分"), ("days", "天"), ("hours", "小时"), ("minutes", "分钟")];

/// Types of facts.
const FACT_TYPES: &[(&str, &str)] =
    &[("date", "日期"), ("instant", "时刻"), ("product", "产品"), ("region", "区域"), ("text", "文本")];

/// Types of template parameters.
const PARAM_TYPES: &[(&str, &str)] = &[
    ("money", "金额"),
    ("rate", "比例"),
    ("number", "数量"),
    ("amount", "数额"),
    ("condition", "条件"),
    ("item", "物品"),
    ("products", "产品"),
    ("regions", "区域"),
    ("date", "日期"),
    ("text", "文本"),
];

/// In Chinese these words end a name that runs into them.
const FUSED_STOPS: &[&str] = &["每", "最多", "间隔", "一次", "合计", "累计", "对", "所在", "最近", "的", "次数"];

impl Fmt<'_> {
    /// The name the target spelling uses for a name of the model.
    pub(super) fn mapped(&self, text: &str) -> String {
        self.names.spelled(text, self.target).or_else(|| self.paired(BUILT_IN, text)).unwrap_or_else(|| text.to_owned())
    }

    fn paired(&self, pairs: &[(&str, &str)], text: &str) -> Option<String> {
        let (en, zh) = pairs.iter().find(|(en, zh)| *en == text || *zh == text)?;
        Some((if self.zh() { *zh } else { *en }).to_owned())
    }

    pub(super) fn fact_type(&mut self, name: &Name) {
        let text = self.paired(FACT_TYPES, &name.text).unwrap_or_else(|| name.text.clone());
        self.put_any(&text);
    }

    pub(super) fn param_type(&mut self, name: &Name) {
        let text = self.paired(PARAM_TYPES, &name.text).unwrap_or_else(|| name.text.clone());
        self.put_any(&text);
    }

    /// A name as it is, in quotes where it needs them.
    pub(super) fn own(&mut self, name: &Name) {
        self.put_bare(&name.text);
    }

    /// A name of the model.
    pub(super) fn model(&mut self, name: &Name) {
        let text = self.mapped(&name.text);
        self.put_bare(&text);
    }

    /// A name of the model where any word may stand.
    pub(super) fn model_any(&mut self, name: &Name) {
        let text = self.mapped(&name.text);
        self.put_any(&text);
    }

    pub(super) fn own_any(&mut self, name: &Name) {
        self.put_any(&name.text);
    }

    /// A name of the model in a place where Chinese words run together.
    pub(super) fn model_fused(&mut self, name: &Name) {
        let text = self.mapped(&name.text);
        self.put_fused(&text);
    }

    pub(super) fn put_fused(&mut self, text: &str) {
        let stops = FUSED_STOPS.iter().any(|s| text.contains(s));
        let digits = !text.starts_with(|c: char| c.is_ascii()) && text.contains(|c: char| c.is_ascii_digit());
        if is_bare(text) && !(self.zh() && (stops || digits)) {
            self.put(text);
        } else {
            self.quote(text);
        }
    }

    pub(super) fn put_bare(&mut self, text: &str) {
        if is_bare(text) {
            self.put(text);
        } else {
            self.quote(text);
        }
    }

    pub(super) fn put_any(&mut self, text: &str) {
        if is_word(text) {
            self.put(text);
        } else {
            self.quote(text);
        }
    }

    pub(super) fn slashed(&mut self, name: &Name) {
        if is_slashed(&name.text) {
            self.put(&name.text);
        } else {
            self.quote(&name.text);
        }
    }

    /// A text in the quotes it does not contain.
    pub(super) fn quote(&mut self, text: &str) {
        let (open, close) = if text.contains('"') { ("“", "”") } else { ("\"", "\"") };
        self.put(open);
        self.put(text);
        self.put(close);
    }

    pub(super) fn labelled(&mut self, l: &Labelled) {
        self.own(&l.name);
        self.label(l);
    }

    /// A declared fact: any word may be its name.
    pub(super) fn labelled_any(&mut self, l: &Labelled) {
        self.own_any(&l.name);
        self.label(l);
    }

    fn label(&mut self, l: &Labelled) {
        if let Some(label) = &l.label {
            self.put(" ");
            self.quote(&label.text);
        }
    }

    pub(super) fn path(&mut self, path: &Path) {
        self.path_with(path, Self::put_bare, Self::put_any);
    }

    /// A path in a place where Chinese words run together.
    pub(super) fn path_fused(&mut self, path: &Path) {
        self.path_with(path, Self::put_fused, Self::put_fused);
    }

    /// `same user` · `同一用户`, whose label may have the keyword in it.
    pub(super) fn same(&mut self, path: &Path) {
        self.kw("same");
        for (i, part) in path.parts.iter().enumerate() {
            self.put(if i > 0 { "." } else { "" });
            let whole = self.names.spelled(&format!("同一{}", part.text), self.target);
            let text = whole.unwrap_or_else(|| self.mapped(&part.text));
            match self.zh() {
                true => self.put_fused(text.strip_prefix("同一").unwrap_or(&text)),
                false => {
                    self.put(if i > 0 { "" } else { " " });
                    self.put_bare(&text);
                }
            }
        }
    }

    fn path_with(&mut self, path: &Path, put: fn(&mut Self, &str), rest: fn(&mut Self, &str)) {
        for (i, part) in path.parts.iter().enumerate() {
            let own = i == 0 && self.declared.binary_search(&part.text.as_str()).is_ok();
            let text = if own { part.text.clone() } else { self.mapped(&part.text) };
            if i > 0 {
                self.put(".");

                rest(self, &text);
            } else {
                put(self, &text);
            }
        }
    }

    /// A number with the digits as they were written.
    pub(super) fn number(&mut self, n: &Number) {
        self.number_with(n, None);
    }

    /// A bound of a declared range: a unit that no pack and no other model has stays the name that is declared here.
    pub(super) fn declared_number(&mut self, n: &Number) {
        let unit = match &n.unit {
            Unit::Named(name) if self.is_declared_here(&name.text) => Some(name.text.as_str()),
            _ => None,
        };
        self.number_with(n, unit);
    }

    fn is_declared_here(&self, unit: &str) -> bool {
        let everywhere = unit == "points" || unit == "积分" || self.paired(BUILT_IN, unit).is_some();
        !everywhere && !self.names.is_pack(unit)
    }

    fn unit_name(&self, name: &str, one: bool) -> String {
        let known = self.paired(BUILT_IN, name).or_else(|| self.names.unit(name, one, self.target));
        known.or_else(|| self.unit_of_every_model(name)).unwrap_or_else(|| name.to_owned())
    }

    /// `积分` for `points`, unless the model calls a reward kind so that has another name in the other spelling: a test
    /// counts in those too.
    fn unit_of_every_model(&self, name: &str) -> Option<String> {
        let second = self.paired(UNITS, name)?;
        self.names.spelled(name, self.target).is_none_or(|own| own == second).then_some(second)
    }

    /// What `per` counts: a unit of things or a pack.
    pub(super) fn one_unit(&mut self, name: &Name, fused: bool) {
        let text = match (self.names.unit(&name.text, true, self.target), name.text.as_str()) {
            (Some(text), _) => text,
            // Not the moment of the event, which has the English singular for its name.
            (None, "time" | "times" | "次") => (if self.zh() { "次" } else { "time" }).to_owned(),
            (None, other) => self.mapped(other),
        };
        if fused { self.put_fused(&text) } else { self.put_bare(&text) }
    }

    fn number_with(&mut self, n: &Number, unit: Option<&str>) {
        if n.mantissa < 0 {
            self.put("-");
        }
        let written = self.text.get(n.span.start as usize..n.span.end as usize).unwrap_or("");
        let end = written
            .char_indices()
            .find(|(i, c)| {
                let point =
                    *c == '.' && written.get(i + 1..).is_some_and(|r| r.starts_with(|d: char| d.is_ascii_digit()));
                !c.is_ascii_digit() && *c != '_' && !point
            })
            .map_or(written.len(), |(i, _)| i);
        self.put(written.get(..end).unwrap_or(""));
        match &n.unit {
            Unit::None => {}
            Unit::Percent => self.put("%"),
            Unit::Permille => self.put("‰"),
            Unit::Named(name) => {
                let text =
                    unit.map_or_else(|| self.unit_name(&name.text, (n.mantissa, n.scale) == (1, 0)), str::to_owned);
                if text != "元" && text != "分" {
                    self.put(" ");
                }
                self.put(&text);
            }
        }
    }

    pub(super) fn datetime(&mut self, d: &DateTime) {
        let mut text = format!("{:04}-{:02}-{:02}", d.year, d.month, d.day);
        if let Some((hour, minute, second)) = d.time {
            text.push_str(&format!(" {hour:02}:{minute:02}"));
            if second > 0 {
                text.push_str(&format!(":{second:02}"));
            }
        }
        self.put(&text);
    }

    /// `time of day in 10:00 .. 20:30`
    pub(super) fn clock(&mut self, from: u32, until: u32) {
        let time = |t: u32| {
            let (hour, minute, second) = (t / 3_600, t / 60 % 60, t % 60);
            if second == 0 { format!("{hour:02}:{minute:02}") } else { format!("{hour:02}:{minute:02}:{second:02}") }
        };
        self.kw("clock");
        self.kw_between("in");
        self.put(&time(from));
        self.put(if self.zh() { " 至 " } else { " .. " });
        self.put(&time(until));
    }

    /// `weekday is Wednesday or Saturday`
    pub(super) fn weekday(&mut self, days: &[u8]) {
        const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        self.kw("weekday");
        let mut link = "is";
        for day in days.iter().filter_map(|d| DAYS.get(usize::from(*d))) {
            self.kw_between(link);
            self.kw(day);
            link = "or";
        }
    }

    pub(super) fn duration(&mut self, d: &Duration) {
        let (en, zh) = match d.unit {
            DurationUnit::Minutes => ("minutes", "分钟"),
            DurationUnit::Hours => ("hours", "小时"),
            DurationUnit::Days => ("days", "天"),
            DurationUnit::NaturalDays => ("natural days", "个自然日"),
            DurationUnit::WorkingDays => ("working days", "个工作日"),
        };
        let unit = if self.zh() { zh } else { en };
        self.put(&format!("{} {unit}", d.count));
    }

    pub(super) fn set(&mut self, set: &SetExpr) {
        self.list(&set.items, |f, item| {
            f.atom(&item.atom);
            for (i, except) in item.except.iter().enumerate() {
                f.kw_between(if i == 0 { "except" } else { "and_except" });
                f.atom(except);
            }
        });
    }

    pub(super) fn atom(&mut self, atom: &SetAtom) {
        match atom {
            SetAtom::Category(name) => {
                self.kw("category");
                self.put(" ");
                self.slashed(name);
            }
            SetAtom::Named(name) => self.slashed(name),
            SetAtom::All(_) => self.kw("all"),
        }
    }

    /// The key of a table row: a value of a fact, so it may have a label.
    pub(super) fn key(&mut self, atom: &SetAtom) {
        match atom {
            SetAtom::Named(name) => self.value(name),
            other => self.atom(other),
        }
    }

    /// A value of a fact where a set could stand.
    fn value(&mut self, name: &Name) {
        match self.value_text(name) {
            Some(text) => self.slashed(&Name { text, span: name.span }),
            None => self.kw(if name.text == "yes" { "yes" } else { "no" }),
        }
    }

    /// A value of a fact after `is`.
    pub(super) fn option(&mut self, name: &Name) {
        match self.value_text(name) {
            Some(text) => self.put_bare(&text),
            None => self.kw(if name.text == "yes" { "yes" } else { "no" }),
        }
    }

    /// The label of a value; `None` for the keywords `yes` and `no`.
    fn value_text(&self, name: &Name) -> Option<String> {
        let written = self.text.get(name.span.start as usize..name.span.end as usize).unwrap_or("");
        let keyword = matches!(name.text.as_str(), "yes" | "no") && !written.starts_with(['"', '“', '”']);
        if keyword {
            None
        } else {
            Some(self.names.spelled(&name.text, self.target).unwrap_or_else(|| name.text.clone()))
        }
    }
}
