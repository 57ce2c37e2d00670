//! The schema of one event kind, prepared for reading: keys in both spellings lead to fields in one step.

use promo_compiler::ir::Window;
use promo_compiler::ir::schema::{EventId, EventSchema, Field, FieldType, Named};
use rustc_hash::FxHashMap;

/// An event kind.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    pub(super) id: EventId,
    pub(super) name: Named,
    pub(super) words: usize,
    pub(super) period_end: Option<Window>,
    pub(super) fields: Vec<Field>,
    /// For each field the id of the party or entity whose fact it is.
    pub(super) owners: Vec<Option<usize>>,
    /// Objects and leaves; the first is the event itself.
    pub(super) nodes: Vec<Node>,
}

/// A place in the JSON of an event.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// Both spellings of every key.
    pub(super) keys: FxHashMap<Box<str>, Key>,
    /// Canonical names of the keys, in the order declared.
    pub(super) names: Vec<String>,
    /// The field a bare value here sets: itself, or the id of the party.
    pub(super) field: Option<usize>,
}

/// What a key leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// The event kind.
    Event,
    /// The schema hash.
    Schema,
    /// A place below.
    Node(usize),
}

impl Kind {
    pub(super) fn new(id: EventId, schema: &EventSchema) -> Kind {
        let mut nodes = vec![Node::default()];
        for (at, field) in schema.fields.iter().enumerate() {
            let mut node = 0;
            for name in &field.path {
                node = child(&mut nodes, node, name);
            }
            if let Some(leaf) = nodes.get_mut(node) {
                leaf.field = Some(at);
            }
            if field.ty == FieldType::Id {
                let is_id = field.path.last().is_some_and(|n| n.name == "id");
                match is_id && field.path.len() > 1 {
                    // A party may be its bare id …
                    true => set_bare(&mut nodes, &field.path, at),
                    // … and where only an id is asked for, an object with nothing else will do.
                    false => {
                        let inner = child(&mut nodes, node, &id_name());
                        if let Some(leaf) = nodes.get_mut(inner) {
                            leaf.field = Some(at);
                        }
                    }
                }
            }
        }
        if let Some(top) = nodes.first_mut() {
            for (key, leads) in [("event", Key::Event), ("事件", Key::Event), ("schema", Key::Schema)] {
                top.keys.entry(key.into()).or_insert(leads);
            }
            top.names.insert(0, "event".into());
        }
        Kind {
            id,
            name: schema.name.clone(),
            words: schema.words as usize,
            period_end: schema.period_end,
            owners: schema.fields.iter().map(|f| owner(f, &schema.fields)).collect(),
            fields: schema.fields.clone(),
            nodes,
        }
    }

    /// The field at a path such as `store.grade`, in either spelling.
    pub(super) fn field(&self, path: &str) -> Option<usize> {
        let mut node = 0;
        for part in path.split('.') {
            match self.nodes.get(node)?.keys.get(part)? {
                Key::Node(next) => node = *next,
                _ => return None,
            }
        }
        self.nodes.get(node)?.field
    }
}

fn id_name() -> Named {
    Named { name: "id".into(), label: "编号".into() }
}

fn child(nodes: &mut Vec<Node>, parent: usize, name: &Named) -> usize {
    let new = nodes.len();
    let Some(node) = nodes.get_mut(parent) else {
        return parent;
    };
    if let Some(Key::Node(known)) = node.keys.get(name.name.as_str()) {
        return *known;
    }
    node.names.push(name.name.clone());
    node.keys.insert(name.name.as_str().into(), Key::Node(new));
    if !name.label.is_empty() {
        node.keys.entry(name.label.as_str().into()).or_insert(Key::Node(new));
    }
    nodes.push(Node::default());
    new
}

fn set_bare(nodes: &mut Vec<Node>, path: &[Named], field: usize) {
    let mut node = 0;
    for name in path.iter().take(path.len().saturating_sub(1)) {
        node = child(nodes, node, name);
    }
    if let Some(party) = nodes.get_mut(node) {
        party.field.get_or_insert(field);
    }
}

fn owner(field: &Field, fields: &[Field]) -> Option<usize> {
    let (last, party) = field.path.split_last()?;
    if party.is_empty() || last.name == "id" {
        return None;
    }
    let is_owner =
        |f: &Field| f.path.split_last().is_some_and(|(l, p)| l.name == "id" && p == party && f.ty == FieldType::Id);
    fields.iter().position(is_owner)
}
