//! Random streams of events for a program, from its schema and the ends of its campaigns.

use crate::random::Random;
use promo_compiler::ir::key::{day_number, last_second, local_day};
use promo_compiler::ir::record::{EventRecord, Id};
use promo_compiler::ir::schema::{EventId, EventSchema, Field, FieldType, Schema, Word};
use promo_compiler::ir::{Program, Window};

/// Days a stream covers, from 2025-12-10 on.
const DAYS: i64 = 230;
/// Codes of the smallest pack in a stream; four fill the next pack.
const CODES: usize = 48;

/// `count` events in order of time. Parties and codes come from small pools, so that limits fill up, links are
/// found and measures grow; some events come twice, with the same id.
pub fn stream(program: &Program, count: usize, seed: u64) -> Vec<EventRecord> {
    let schema = &program.schema;
    let ends: Vec<i64> = program.policies.iter().map(|policy| policy.during.1 - 1).collect();
    let mut r = Random::new(seed ^ 0x0073_7472_6561_6D00);
    let start = day_number(2025, 12, 10).unwrap_or(20_000) * 86_400;
    let mut times: Vec<i64> = (0..count).map(|_| start + r.between(0, DAYS * 86_400)).collect();
    // A few crowded days, where daily and weekly bounds bite.
    let crowded: Vec<i64> = (0..6).map(|_| start + r.between(0, DAYS) * 86_400).collect();
    for time in &mut times {
        if r.chance(50) {
            *time = r.pick(&crowded) + r.between(0, 2 * 86_400);
        }
    }
    times.sort_unstable();
    let mut out: Vec<EventRecord> = Vec::new();
    for (n, time) in times.into_iter().enumerate() {
        if let (Some(last), true) = (out.last(), r.chance(4)) {
            out.push(last.clone());
            continue;
        }
        let mut event = event(schema, time, n, &mut r);
        if schema.events[event.event.index()].period_end == Some(Window::Ever)
            && let Some(end) = r.any(&ends)
        {
            event.words[Word::TIME.index()] = *end;
            event.words[Word::DAY.index()] = local_day(*end, schema.utc_offset);
        }
        out.push(event);
    }
    // Period ends move to the end of their period; the order of time is kept.
    out.sort_by_key(EventRecord::time);
    out
}

/// One event at about this time.
pub fn event(schema: &Schema, time: i64, n: usize, r: &mut Random) -> EventRecord {
    let kinds = schema.events.len();
    let mut kind = r.below(kinds);
    // Period ends are rare.
    if schema.events[kind].period_end.is_some() && r.chance(60) {
        kind = r.below(kinds);
    }
    let layout = &schema.events[kind];
    let time = layout.period_end.and_then(|w| last_second(w, time, schema.utc_offset)).unwrap_or(time);
    let mut words = vec![0; layout.words as usize];
    let code = r.below(CODES);
    let mut at = 0;
    for field in &layout.fields {
        if let Some(present) = field.present {
            // Decided by the field that stands right behind its presence word.
            let first = present.0 + 1 == field.word.0;
            if first {
                let owner_known = owner(layout, field).is_none_or(|o| words[o.index()] == 1);
                words[present.index()] = i64::from(owner_known && r.chance(65));
            }
            if words[present.index()] == 0 {
                continue;
            }
        }
        match &field.ty {
            FieldType::Id => {
                let id = id(schema, field, code, &mut at, n, r);
                let (lo, hi) = id.to_words();
                words[field.word.index()] = lo;
                words[field.word.next().index()] = hi;
            }
            _ if field.word == Word::TIME => words[Word::TIME.index()] = time,
            ty => words[field.word.index()] = value(schema, ty, field, code, r),
        }
    }
    words[Word::DAY.index()] = local_day(time, schema.utc_offset);
    EventRecord { event: EventId(kind as u32), words }
}

/// The presence word of the party a fact belongs to, if the fact has one of its own.
fn owner(layout: &EventSchema, field: &Field) -> Option<Word> {
    let party =
        layout.fields.iter().find(|f| f.ty == FieldType::Id && is_id(f) && f.path.first() == field.path.first())?;
    party.present.filter(|p| Some(*p) != field.present)
}

fn is_id(field: &Field) -> bool {
    field.path.len() == 2 && field.path[1].name == "id"
}

fn id(schema: &Schema, field: &Field, code: usize, packs: &mut usize, n: usize, r: &mut Random) -> Id {
    let name = field.path[0].name.as_str();
    let text = if name == "of" && field.path.len() == 1 {
        // An earlier event, mostly a late one.
        format!("e{}", n.saturating_sub(1 + r.below(12)))
    } else if field.word == Word::ID {
        format!("e{n}")
    } else if let (Some(pack), 1) = (schema.packs.iter().position(|p| p.name == name), field.path.len()) {
        *packs += 1;
        // The code itself, then what contains it.
        let at = code >> (2 * pack);
        if at % 7 == 3 { format!("{name}-with-a-long-code-{at}") } else { format!("{name}{at}") }
    } else if is_id(field) {
        format!("{name}{}", r.below(4))
    } else {
        format!("x{}", r.below(4))
    };
    Id::from_text(&text).unwrap_or_default()
}

fn value(schema: &Schema, ty: &FieldType, field: &Field, code: usize, r: &mut Random) -> i64 {
    match ty {
        FieldType::Instant => day_number(2026, 1, 1).unwrap_or(0) * 86_400 + r.between(-9_000_000, 20_000_000),
        FieldType::Date => day_number(2025, 6, 1).unwrap_or(0) + r.between(-900, 500),
        FieldType::Product if field.path.len() == 1 => {
            // All codes of the biggest pack are of one product.
            ((code >> 4) * 5 + r.below(2)) as i64 % schema.products.len().max(1) as i64
        }
        FieldType::Product => r.below(schema.products.len()) as i64,
        FieldType::Region => r.below(schema.regions.len()) as i64,
        FieldType::YesNo => r.between(0, 1),
        FieldType::OneOf(values) => r.below(values.len()) as i64,
        FieldType::Number { lo, hi, .. } => match r.below(6) {
            0 => *lo,
            1 => *hi,
            _ => r.between(*lo, *hi),
        },
        FieldType::Id => 0,
    }
}
