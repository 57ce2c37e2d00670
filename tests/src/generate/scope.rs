//! What the generator knows at a place inside a rule.

use super::model::{Model, Slot, Ty, Unit};
use crate::random::Random;

/// The generator of one package.
#[derive(Clone, Debug)]
pub(super) struct Gen {
    /// Its choices.
    pub(super) r: Random,
    /// Chinese spelling.
    pub(super) zh: bool,
    /// The channel.
    pub(super) m: Model,
    /// Its data tables.
    pub(super) tables: Vec<super::table::Table>,
}

/// A number that has a name: a `let`, a template's parameter.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// How it is written.
    pub(super) text: String,
    /// Its unit.
    pub(super) unit: Unit,
    /// Its range, in the unit it is written in.
    pub(super) range: (i64, i64),
}

/// A place inside a rule.
#[derive(Clone, Debug, Default)]
pub(super) struct Cx {
    /// What can be read.
    pub(super) slots: Vec<Slot>,
    /// What is proven known.
    pub(super) known: Vec<String>,
    /// Facts the condition has tested already.
    pub(super) tested: Vec<String>,
    /// Named numbers.
    pub(super) named: Vec<Named>,
    /// The declared event a rule is on, if it is one.
    pub(super) on: Option<usize>,
    /// Links by name.
    pub(super) links: Vec<String>,
    /// Inside a `let`: no draws.
    pub(super) in_let: bool,
    /// Only money may be paid (a member of `best of`).
    pub(super) money_only: bool,
    /// A limit cuts here, so nothing is taken.
    pub(super) cut: bool,
}

impl Cx {
    /// Is this certain to be known?
    pub(super) fn is_known(&self, slot: &Slot) -> bool {
        slot.needs.iter().all(|n| self.known.contains(n))
    }

    /// Everything known that fits.
    pub(super) fn known_slots(&self, fits: impl Fn(&Ty) -> bool) -> Vec<Slot> {
        self.slots.iter().filter(|s| fits(&s.ty) && self.is_known(s)).cloned().collect()
    }
}

/// An expression as text.
#[derive(Clone, Debug)]
pub(super) struct Text {
    /// The text.
    pub(super) text: String,
    /// True if it needs no brackets anywhere.
    pub(super) simple: bool,
}

impl Text {
    /// A name or a literal.
    pub(super) fn simple(text: impl Into<String>) -> Text {
        Text { text: text.into(), simple: true }
    }

    /// Anything else.
    pub(super) fn long(text: impl Into<String>) -> Text {
        Text { text: text.into(), simple: false }
    }

    /// With brackets if it needs them.
    pub(super) fn tight(&self) -> String {
        if self.simple { self.text.clone() } else { format!("({})", self.text) }
    }
}

/// A number as text.
#[derive(Clone, Debug)]
pub(super) struct Number {
    /// The text.
    pub(super) text: Text,
    /// Its unit.
    pub(super) unit: Unit,
    /// What it usually lies between, in the unit it is written in.
    pub(super) range: (i64, i64),
}

impl Gen {
    /// The word in this package's spelling.
    pub(super) fn k(&self, en: &'static str, zh: &'static str) -> &'static str {
        if self.zh { zh } else { en }
    }

    /// A slot as written.
    pub(super) fn s(&self, slot: &Slot) -> String {
        slot.spell(self.zh)
    }

    /// A comma.
    pub(super) fn comma(&self) -> &'static str {
        self.k(", ", "，")
    }

    /// A colon.
    pub(super) fn colon(&self) -> &'static str {
        self.k(": ", "：")
    }

    /// A number with its unit.
    pub(super) fn lit(&self, value: i64, unit: &Unit) -> String {
        format!("{value}{}", super::model::suffix(unit, self.zh))
    }

    /// Money between these yuan, sometimes with fen.
    pub(super) fn money_lit(&mut self, lo: i64, hi: i64) -> String {
        let yuan = self.r.between(lo, hi);
        match self.r.below(10) {
            0 => format!("{}{}", yuan * 100 + self.r.between(0, 99), self.k(" fen", "分")),
            1 | 2 => format!("{yuan}.{:02}{}", self.r.between(0, 99), self.k(" yuan", "元")),
            _ => self.lit(yuan, &Unit::Money),
        }
    }

    /// A rate.
    pub(super) fn rate_lit(&mut self) -> String {
        match self.r.below(4) {
            0 => format!("{}‰", self.r.between(1, 99)),
            1 => format!("{}.{}%", self.r.between(0, 9), self.r.between(1, 9)),
            _ => format!("{}%", self.r.between(1, 30)),
        }
    }

    /// A date in the season the streams live in.
    pub(super) fn date(&mut self) -> String {
        let month = self.r.between(0, 6);
        let (year, month) = if month == 0 { (2025, 12) } else { (2026, month) };
        format!("{year}-{month:02}-{:02}", self.r.between(1, 28))
    }

    /// A set of products.
    pub(super) fn product_set(&mut self, items: usize) -> String {
        let mut parts: Vec<String> = Vec::new();
        for _ in 0..1 + self.r.below(items) {
            let (sku, category) = self.r.pick(&self.m.products.clone()).clone();
            let mut part = match self.r.below(10) {
                0 => self.k("all", "全部").to_owned(),
                1..5 => sku,
                _ => {
                    let path = self.m.categories[category];
                    format!("{} {path}", self.k("category", "分类"))
                }
            };
            let inside: Vec<String> = self.m.products.iter().filter(|p| p.1 == category).map(|p| p.0.clone()).collect();
            if part.contains(' ') && inside.len() > 1 && self.r.chance(40) {
                part = format!("{part} {} {}", self.k("except", "不含"), self.r.pick(&inside));
            }
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        parts.join(self.comma())
    }

    /// A set of regions.
    pub(super) fn region_set(&mut self, items: usize) -> String {
        let mut parts: Vec<String> = Vec::new();
        for _ in 0..1 + self.r.below(items) {
            let region = self.r.pick(&self.m.regions.clone()).clone();
            let below: Vec<String> =
                self.m.regions.iter().filter(|x| x.starts_with(&format!("{region}/"))).cloned().collect();
            let mut part = region;
            if let (Some(except), true) = (self.r.any(&below).cloned(), self.r.chance(40)) {
                part = format!("{part} {} {except}", self.k("except", "不含"));
            }
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        parts.join(self.comma())
    }

    /// What can be read in a rule on all of these events.
    pub(super) fn cx(&self, events: &[usize]) -> Cx {
        let mut all = events.iter().map(|e| self.m.slots(*e));
        let first = all.next().unwrap_or_default();
        let slots = all.fold(first, |common, other| common.into_iter().filter(|s| other.contains(s)).collect());
        let on = if let [one] = events { Some(*one) } else { None };
        Cx { slots, on, ..Cx::default() }
    }
}
