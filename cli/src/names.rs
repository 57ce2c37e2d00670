//! The second spelling of the channel model's names, for `promo fmt --lang`.

use promo_compiler::ast::{ChannelDecl, FactDecl, FactType, File, Item, Labelled};
use promo_compiler::source::Spelling;
use std::collections::BTreeMap;

/// Names and labels of a channel model, paired.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// From English to Chinese; `None` where two things of one name have different labels.
    to_zh: BTreeMap<String, Option<String>>,
    /// From Chinese to English, in the same way.
    to_en: BTreeMap<String, Option<String>>,
}

impl Names {
    /// Those of the channel models in these files.
    pub(crate) fn of(files: &[File]) -> Names {
        let mut names = Names::default();
        for item in files.iter().flat_map(|file| &file.items) {
            if let Item::Channel(channel) = item {
                channel.decls.iter().for_each(|decl| names.declaration(decl));
            }
        }
        names
    }

    /// What a spelling calls it; `None` for a name that has no other spelling, or more than one.
    pub(crate) fn spelled(&self, name: &str, target: Spelling) -> Option<String> {
        let map = match target {
            Spelling::Zh => &self.to_zh,
            Spelling::En => &self.to_en,
        };
        map.get(name).cloned().flatten()
    }

    fn declaration(&mut self, decl: &ChannelDecl) {
        match decl {
            ChannelDecl::Zone(_)
            | ChannelDecl::Money(_)
            | ChannelDecl::Rounding(..)
            | ChannelDecl::Organiser(..) => {}
            ChannelDecl::Role(role) => self.with_facts(&role.name, &role.facts),
            ChannelDecl::Pack(packs, _) => packs.iter().for_each(|pack| self.pair(pack)),
            ChannelDecl::Layer(layer) => self.pair(&layer.name),
            ChannelDecl::Entity(entity) => self.with_facts(&entity.name, &entity.facts),
            ChannelDecl::Event(event) => self.with_facts(&event.name, &event.facts),
            ChannelDecl::Reward(reward) => self.pair(&reward.name),
        }
    }

    fn with_facts(&mut self, name: &Labelled, facts: &[FactDecl]) {
        self.pair(name);
        for fact in facts {
            self.pair(&fact.name);
            if let FactType::OneOf(values) = &fact.ty {
                values.iter().for_each(|value| self.pair(value));
            }
        }
    }

    /// Which of the two is the Chinese one shows in its letters; two of one script stay as they are.
    fn pair(&mut self, labelled: &Labelled) {
        let (name, label) = (&labelled.name.text, labelled.label.as_ref().map(|label| &label.text));
        let (en, zh) = match label {
            Some(label) if name.is_ascii() && !label.is_ascii() => (name, label),
            Some(label) if !name.is_ascii() && label.is_ascii() => (label, name),
            _ => return,
        };
        enter(&mut self.to_zh, en, zh);
        enter(&mut self.to_en, zh, en);
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
