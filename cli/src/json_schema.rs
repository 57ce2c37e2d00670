//! The JSON Schema (draft 2020-12) of the events a package takes, from the record layout the checker relied on.

use promo_compiler::ir::Word;
use promo_compiler::ir::schema::{EventSchema, Field, FieldType, NumberUnit, Schema};
use serde_json::{Map, Value, json};

/// One schema that accepts every event kind of the channel model.
pub(crate) fn of(schema: &Schema) -> Value {
    let kinds: Vec<Value> = schema.events.iter().map(|event| kind(event, schema)).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": schema.channel,
        "oneOf": kinds,
    })
}

fn kind(event: &EventSchema, schema: &Schema) -> Value {
    let mut top = Object::default();
    top.property("event", json!({ "const": event.name.name }), true);
    top.property("schema", json!({ "const": format!("{:016x}", schema.hash) }), false);
    for field in &event.fields {
        let path: Vec<&str> = field.path.iter().map(|part| part.name.as_str()).collect();
        top.insert(&path, field, schema);
    }
    let mut value = top.into_value();
    if let Value::Object(map) = &mut value {
        map.insert("title".into(), json!(event.name.name));
        if !event.name.label.is_empty() {
            map.insert("description".into(), json!(event.name.label));
        }
    }
    value
}

/// An object under construction; a party is an object of its facts.
#[derive(Default)]
struct Object {
    /// Name, schema or nested object, and whether it must be there.
    members: Vec<(String, Member, bool)>,
    /// The presence word its first field has: facts that share it are always there when the object is.
    present: Option<Option<Word>>,
}

enum Member {
    Leaf(Value),
    Nested(Object),
}

impl Object {
    fn property(&mut self, name: &str, value: Value, required: bool) {
        if !self.members.iter().any(|(known, ..)| known == name) {
            self.members.push((name.to_owned(), Member::Leaf(value), required));
        }
    }

    fn insert(&mut self, path: &[&str], field: &Field, schema: &Schema) {
        match path {
            [] => {}
            [name] => {
                let party = *self.present.get_or_insert(if self.members.is_empty() { field.present } else { None });
                self.property(name, leaf(field, schema), field.present.is_none() || field.present == party);
            }
            [name, rest @ ..] => {
                let at = self.members.iter().position(|(known, ..)| known == name).unwrap_or_else(|| {
                    let required = field.present.is_none();
                    self.members.push(((*name).to_owned(), Member::Nested(Object::default()), required));
                    self.members.len() - 1
                });
                if let Some((_, Member::Nested(object), _)) = self.members.get_mut(at) {
                    object.insert(rest, field, schema);
                }
            }
        }
    }

    /// A party of which nothing but the id must be said may be a bare text.
    fn into_party(self) -> Value {
        let only_id = self.members.iter().all(|(name, _, required)| name == "id" || !required);
        let object = self.into_value();
        if only_id { json!({ "oneOf": [{ "type": "string", "minLength": 1 }, object] }) } else { object }
    }

    fn into_value(self) -> Value {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for (name, member, must) in self.members {
            if must {
                required.push(json!(name));
            }
            let value = match member {
                Member::Leaf(value) => value,
                Member::Nested(object) => object.into_party(),
            };
            properties.insert(name, value);
        }
        json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
    }
}

fn leaf(field: &Field, schema: &Schema) -> Value {
    let mut value = match &field.ty {
        FieldType::Instant => json!({ "type": "string", "format": "date-time" }),
        FieldType::Date => json!({ "type": "string", "format": "date" }),
        FieldType::Id => json!({ "type": "string", "minLength": 1 }),
        FieldType::Product => {
            json!({ "type": "string", "enum": schema.products.iter().map(|p| p.sku.as_str()).collect::<Vec<_>>() })
        }
        FieldType::Region => json!({ "type": "string", "description": "region path such as 四川/成都, or its code" }),
        FieldType::YesNo => json!({ "type": "boolean" }),
        FieldType::OneOf(values) => {
            json!({ "type": "string", "enum": values.iter().map(|v| v.name.as_str()).collect::<Vec<_>>() })
        }
        FieldType::Number { lo, hi, unit } => {
            json!({ "type": "integer", "minimum": lo, "maximum": hi, "description": unit_name(unit) })
        }
    };
    let label = field.path.last().map_or("", |name| name.label.as_str());
    if let (Value::Object(map), false) = (&mut value, label.is_empty()) {
        map.insert("title".into(), json!(label));
    }
    value
}

fn unit_name(unit: &NumberUnit) -> &str {
    match unit {
        NumberUnit::Fen => "fen",
        NumberUnit::Points => "points",
        NumberUnit::BasisPoints => "basis points, 10000 = 100%",
        NumberUnit::Thing(name) => name,
        NumberUnit::Plain => "number",
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use promo_compiler::ir::schema::Named;
    use promo_compiler::regions::RegionTree;

    fn named(name: &str, label: &str) -> Named {
        Named { name: name.into(), label: label.into() }
    }

    fn field(path: &[&str], ty: FieldType, word: u32, present: Option<u32>) -> Field {
        let path = path.iter().map(|part| named(part, "")).collect();
        Field { path, ty, word: Word(word), present: present.map(Word) }
    }

    fn schema() -> Schema {
        let fields = vec![
            field(&["time"], FieldType::Instant, 0, None),
            field(&["id"], FieldType::Id, 2, None),
            field(&["store", "id"], FieldType::Id, 4, None),
            field(&["store", "grade"], FieldType::OneOf(vec![named("A", ""), named("B", "")]), 6, None),
            field(&["store", "size"], FieldType::Number { lo: 0, hi: 9, unit: NumberUnit::Plain }, 8, Some(7)),
            field(&["rep", "id"], FieldType::Id, 10, Some(9)),
            field(&["host", "id"], FieldType::Id, 13, Some(12)),
            field(&["host", "vip"], FieldType::YesNo, 15, Some(12)),
        ];
        let event = EventSchema {
            name: named("open_box", "开箱"),
            words: 16,
            fields,
            actor: None,
            period_end: None,
            after: None,
        };
        Schema {
            channel: "test".into(),
            utc_offset: 28_800,
            roles: vec![],
            packs: vec![],
            events: vec![event],
            products: vec![],
            regions: RegionTree::default(),
            hash: 0x1f,
        }
    }

    #[test]
    fn what_must_be_there_is_required_and_what_may_be_unknown_is_not() {
        let schema = of(&schema());
        let event = &schema["oneOf"][0];
        assert_eq!(event["required"], json!(["event", "time", "id", "store"]));
        assert_eq!(event["properties"]["event"], json!({ "const": "open_box" }));
        assert_eq!(event["properties"]["schema"], json!({ "const": "000000000000001f" }));
        assert_eq!(event["additionalProperties"], json!(false));
        let store = &event["properties"]["store"];
        assert_eq!(store["required"], json!(["id", "grade"]));
        assert_eq!(store["properties"]["grade"]["enum"], json!(["A", "B"]));
        assert_eq!(store["properties"]["size"]["maximum"], json!(9));
    }

    #[test]
    fn a_party_of_which_only_the_id_is_needed_may_be_a_text() {
        let schema = of(&schema());
        let properties = &schema["oneOf"][0]["properties"];
        assert_eq!(properties["rep"]["oneOf"][0]["type"], json!("string"));
        // A fact that shares its party's presence is required when the party is there.
        assert_eq!(properties["host"]["required"], json!(["id", "vip"]));
    }
}
