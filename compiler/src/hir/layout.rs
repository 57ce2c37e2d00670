//! From the channel model to the event record: which word holds what.

use super::model::{Event, FactDef, FactType, Member, Model};
use crate::ir::schema::{After, EventSchema, Field, FieldType, Named, Product, Schema, Word};
use crate::ir::{Window, key};
use crate::regions::RegionTree;

/// The field of an event about an earlier one that has its id.
pub const ORIGINAL: &str = "of";

/// That field, in both spellings.
pub fn original() -> Named {
    name(ORIGINAL, "原事件")
}

/// The events about awards: claimed, and not claimed in time, where there are claims; decided again, where awards wait.
pub fn about_awards() -> [Named; 3] {
    [name("award_claimed", "奖励领取"), name("award_expired", "逾期未领"), name("award_retried", "补发")]
}

/// Which events about awards a package has.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Some award must be claimed.
    pub claims: bool,
    /// Some award can wait.
    pub holds: bool,
}

/// Builds the schema: declared events first, then the period ends that policies ask for.
pub fn schema(
    model: &Model,
    periods: &[(Window, usize)],
    about: About,
    products: Vec<Product>,
    regions: RegionTree,
) -> Schema {
    let mut events: Vec<EventSchema> = model.events.iter().map(|e| declared(model, e)).collect();
    events.extend(periods.iter().map(|(window, role)| period_end(model, *window, *role)));
    let [claimed, expired, retried] = about_awards();
    if about.claims {
        events.push(about_award(After::Claimed, claimed));
        events.push(about_award(After::Expired, expired));
    }
    if about.holds {
        events.push(about_award(After::Retried, retried));
    }
    let mut schema = Schema {
        channel: model.name.clone(),
        utc_offset: model.utc_offset,
        roles: model.roles.iter().map(|r| r.name.clone()).collect(),
        packs: model.packs.clone(),
        events,
        products,
        regions,
        hash: 0,
    };
    schema.hash = layout_hash(&schema);
    schema
}

/// Two schemas with this hash read each other's records: same kinds, fields, words, products and regions.
fn layout_hash(schema: &Schema) -> u64 {
    let mut text = String::new();
    for event in &schema.events {
        text.push_str(&format!("event {} {}\n", event.name.name, event.words));
        if let Some(after) = event.after {
            text.push_str(&format!("after {after:?}\n"));
        }
        for field in &event.fields {
            let path: Vec<&str> = field.path.iter().map(|n| n.name.as_str()).collect();
            text.push_str(&format!("{} {:?} {:?} {:?}\n", path.join("."), field.word, field.present, field.ty));
        }
    }
    for product in &schema.products {
        text.push_str(&format!("{}\n", product.sku));
    }
    text.push_str(&schema.regions.digest());
    key::stable_id(&text)
}

struct Layout {
    fields: Vec<Field>,
    next: u32,
}

fn name(name: &str, label: &str) -> Named {
    Named { name: name.into(), label: label.into() }
}

impl Layout {
    fn new() -> Layout {
        let fixed = |path: Named, ty, word| Field { path: vec![path], ty, word, present: None };
        Layout {
            fields: vec![
                fixed(name("time", "时间"), FieldType::Instant, Word::TIME),
                fixed(name("id", "编号"), FieldType::Id, Word::ID),
            ],
            next: Word::FIRST_FREE.0,
        }
    }

    fn take(&mut self, words: u32) -> Word {
        let word = Word(self.next);
        self.next += words;
        word
    }

    fn add(&mut self, path: Vec<Named>, ty: FieldType, present: Option<Word>) -> Word {
        let word = self.take(if ty == FieldType::Id { 2 } else { 1 });
        self.fields.push(Field { path, ty, word, present });
        word
    }

    /// The event that gave what this one is about.
    fn original(&mut self) {
        self.add(vec![original()], FieldType::Id, None);
    }

    fn facts(&mut self, under: &[Named], facts: &[FactDef], owner: Option<Word>) {
        for fact in facts {
            let present = if fact.optional { Some(self.take(1)) } else { owner };
            let mut path = under.to_vec();
            path.push(fact.name.clone());
            self.add(path, field_type(&fact.ty), present);
        }
    }

    /// A party or entity with its facts; returns the first word of its id.
    fn member(&mut self, named: &Named, facts: &[FactDef], optional: bool) -> Word {
        let present = optional.then(|| self.take(1));
        let word = self.add(vec![named.clone(), name("id", "编号")], FieldType::Id, present);
        self.facts(std::slice::from_ref(named), facts, present);
        word
    }
}

fn field_type(ty: &FactType) -> FieldType {
    match ty {
        FactType::YesNo => FieldType::YesNo,
        FactType::OneOf(values) => FieldType::OneOf(values.clone()),
        FactType::Number { lo, hi, unit } => FieldType::Number { lo: *lo, hi: *hi, unit: unit.clone() },
        FactType::Date => FieldType::Date,
        FactType::Instant => FieldType::Instant,
        FactType::Product => FieldType::Product,
        FactType::Region => FieldType::Region,
        FactType::Text | FactType::Role(_) | FactType::Entity(_) => FieldType::Id,
    }
}

fn declared(model: &Model, event: &Event) -> EventSchema {
    let mut layout = Layout::new();
    if let Some((layer, _)) = event.scan {
        let first = model.layers.get(layer).map_or(0, |l| l.pack);
        for pack in model.packs.iter().skip(first) {
            layout.add(vec![pack.clone()], FieldType::Id, None);
        }
        layout.add(vec![name("product", "产品")], FieldType::Product, None);
    }
    let mut actor = None;
    for role in &event.by {
        if let Some(role) = model.roles.get(*role) {
            let word = layout.member(&role.name, &role.facts, false);
            actor.get_or_insert(word);
        }
    }
    for (member, optional) in &event.knows {
        match member {
            Member::Role(r) => {
                if let Some(role) = model.roles.get(*r) {
                    layout.member(&role.name, &role.facts, *optional);
                }
            }
            Member::Entity(e) => {
                if let Some(entity) = model.entities.get(*e) {
                    layout.member(&entity.name, &entity.facts, *optional);
                }
            }
        }
    }
    if event.returns && event.scan.is_none() {
        layout.original();
    }
    layout.facts(&[], &event.facts, None);
    let (words, fields, after) = (layout.next, layout.fields, event.returns.then_some(After::Return));
    EventSchema { name: event.name.clone(), words, fields, actor, period_end: None, after }
}

/// Somebody claims what an event gave, the time for it is over, or what waits is decided again.
fn about_award(after: After, name: Named) -> EventSchema {
    let mut layout = Layout::new();
    layout.original();
    let (words, fields, after) = (layout.next, layout.fields, Some(after));
    EventSchema { name, words, fields, actor: None, period_end: None, after }
}

fn period_end(model: &Model, window: Window, role: usize) -> EventSchema {
    let mut layout = Layout::new();
    let (en, zh) = match window {
        Window::Quarter => ("quarter", "季结"),
        Window::Year => ("year", "年结"),
        Window::Ever => ("campaign", "期满"),
        _ => ("month", "月结"),
    };
    let (mut label, mut actor) = (String::new(), None);
    let mut role_name = String::new();
    if let Some(role) = model.roles.get(role) {
        actor = Some(layout.member(&role.name, &role.facts, false));
        role_name.clone_from(&role.name.name);
        if !role.name.label.is_empty() {
            label = format!("{}{zh}", role.name.label);
        }
    }
    EventSchema {
        name: Named { name: format!("{en}_end_{role_name}"), label },
        words: layout.next,
        fields: layout.fields,
        actor,
        period_end: Some(window),
        after: None,
    }
}
