//! The second spelling of the channel model's names, for `promo fmt --lang`.

use crate::ast::{ChannelDecl, FactDecl, FactType, File, Item, Labelled, Number, Unit};
use crate::source::Spelling;
use std::collections::{BTreeMap, BTreeSet};

/// Names and labels of a channel model, paired.
#[derive(Debug, Default)]
pub struct SecondNames {
    /// From English to Chinese; `None` where two things of one name have different labels.
    to_zh: BTreeMap<String, Option<String>>,
    /// From Chinese to English, in the same way.
    to_en: BTreeMap<String, Option<String>>,
    /// Units of things, from English to Chinese: a unit may share its name with a fact that has another label.
    unit_to_zh: BTreeMap<String, Option<String>>,
    /// From Chinese to English.
    unit_to_en: BTreeMap<String, Option<String>>,
    /// How packs are spelled where they are counted.
    packs: BTreeSet<String>,
}

impl SecondNames {
    /// Those of the channel models and data tables in these files.
    pub fn of(files: &[File]) -> SecondNames {
        let mut names = SecondNames::default();
        for item in files.iter().flat_map(|file| &file.items) {
            match item {
                Item::Channel(channel) => channel.decls.iter().for_each(|decl| names.declaration(decl)),
                Item::Table(table) => names.with_facts(&table.name, &table.columns),
                _ => {}
            }
        }
        names
    }

    /// Of pairs, English first.
    pub fn from_pairs(pairs: &[(&str, &str)]) -> SecondNames {
        let mut names = SecondNames::default();
        for (en, zh) in pairs {
            enter(&mut names.to_zh, en, zh);
            enter(&mut names.to_en, zh, en);
        }
        names
    }

    /// What a spelling calls it; `None` for a name that has no other spelling, or more than one.
    pub fn spelled(&self, name: &str, target: Spelling) -> Option<String> {
        let (there, back) = match target {
            Spelling::Zh => (&self.to_zh, &self.to_en),
            Spelling::En => (&self.to_en, &self.to_zh),
        };
        // One way only would not come back.
        let second = there.get(name).cloned().flatten()?;
        (back.get(&second)?.as_deref() == Some(name)).then_some(second)
    }

    /// What a spelling calls a unit of things or packs; `None` as in [`SecondNames::spelled`]. English has a singular: `one`
    /// asks for `table` where the unit is `tables`, and both spell it.
    pub fn unit(&self, name: &str, one: bool, target: Spelling) -> Option<String> {
        let known = |en: &str| self.unit_to_zh.get(en).cloned().flatten().map(|zh| (en.to_owned(), zh));
        let en = self.unit_to_en.get(name).cloned().flatten();
        let (en, zh) = known(en.as_deref().unwrap_or(name)).or_else(|| known(&format!("{name}s")))?;
        match (target, en.strip_suffix('s')) {
            (Spelling::Zh, _) => Some(zh),
            (Spelling::En, Some(singular)) if one => Some(singular.to_owned()),
            (Spelling::En, _) => Some(en),
        }
    }

    /// Whether packs are counted by this name.
    pub fn is_pack(&self, name: &str) -> bool {
        self.packs.contains(name)
    }

    fn declaration(&mut self, decl: &ChannelDecl) {
        match decl {
            ChannelDecl::Zone(_) | ChannelDecl::Money(_) | ChannelDecl::Rounding(..) | ChannelDecl::Organiser(..) => {}
            ChannelDecl::Role(role) => self.with_facts(&role.name, &role.facts),
            ChannelDecl::Pack(packs, _) => packs.iter().for_each(|pack| self.pack(pack)),
            ChannelDecl::Layer(layer) => self.pair(&layer.name),
            ChannelDecl::Entity(entity) => self.with_facts(&entity.name, &entity.facts),
            ChannelDecl::Event(event) => self.with_facts(&event.name, &event.facts),
            ChannelDecl::Reward(reward) => self.pair(&reward.name),
            ChannelDecl::Identity(identity) => self.pair(&identity.name),
        }
    }

    /// A pack, which is also a unit: in English one `case`, several `cases`.
    fn pack(&mut self, pack: &Labelled) {
        self.pair(pack);
        let Some(label) = &pack.label else { return };
        if let Some((en, zh)) = in_order(&pack.name.text, &label.text) {
            let several = format!("{en}s");
            enter(&mut self.unit_to_zh, &several, zh);
            enter(&mut self.unit_to_en, zh, &several);
            self.packs.extend([en.to_owned(), several, zh.to_owned()]);
        }
    }

    fn with_facts(&mut self, name: &Labelled, facts: &[FactDecl]) {
        self.pair(name);
        for fact in facts {
            self.pair(&fact.name);
            match &fact.ty {
                FactType::OneOf(values) => values.iter().for_each(|value| self.pair(value)),
                FactType::Range { hi: Number { unit: Unit::Named(unit), .. }, label: Some(label), .. } => {
                    if let Some((en, zh)) = in_order(&unit.text, &label.text) {
                        enter(&mut self.unit_to_zh, en, zh);
                        enter(&mut self.unit_to_en, zh, en);
                    }
                }
                _ => {}
            }
        }
    }

    /// Which of the two is the Chinese one shows in its letters; two of one script stay as they are.
    fn pair(&mut self, labelled: &Labelled) {
        let Some(label) = &labelled.label else { return };
        if let Some((en, zh)) = in_order(&labelled.name.text, &label.text) {
            enter(&mut self.to_zh, en, zh);
            enter(&mut self.to_en, zh, en);
        }
    }
}

/// English first; `None` if both are of one script.
fn in_order<'a>(name: &'a str, label: &'a str) -> Option<(&'a str, &'a str)> {
    match (name.is_ascii(), label.is_ascii()) {
        (true, false) => Some((name, label)),
        (false, true) => Some((label, name)),
        _ => None,
    }
}

fn enter(map: &mut BTreeMap<String, Option<String>>, from: &str, to: &str) {
    map.entry(from.to_owned())
        .and_modify(|known| {
            if known.as_deref() != Some(to) {
                *known = None;
            }
        })
        .or_insert_with(|| Some(to.to_owned()));
}
