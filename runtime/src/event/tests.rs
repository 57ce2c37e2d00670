#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use promo_compiler::diagnostic::Code;
use promo_compiler::ir::Window;
use promo_compiler::ir::record::Id;
use promo_compiler::ir::schema::{EventSchema, FieldType, Named, NumberUnit, Product};
use promo_compiler::regions::RegionTree;
use proptest::prelude::*;

fn named(name: &str, label: &str) -> Named {
    Named { name: name.into(), label: label.into() }
}

/// Lays fields out one after the other; a presence word before the fields that name it.
struct Layout {
    fields: Vec<Field>,
    next: u32,
}

impl Layout {
    fn word(&mut self, words: u32) -> Word {
        self.next += words;
        Word(self.next - words)
    }

    fn add(&mut self, path: &[(&str, &str)], ty: FieldType, present: Option<Word>) -> Word {
        let word = self.word(if ty == FieldType::Id { 2 } else { 1 });
        let path = path.iter().map(|(n, l)| named(n, l)).collect();
        self.fields.push(Field { path, ty, word, present });
        word
    }
}

pub(crate) fn schema() -> Schema {
    let fixed = |path: Named, ty, word| Field { path: vec![path], ty, word, present: None };
    let base = || Layout {
        fields: vec![
            fixed(named("time", "时间"), FieldType::Instant, Word::TIME),
            fixed(named("id", "编号"), FieldType::Id, Word::ID),
        ],
        next: Word::FIRST_FREE.0,
    };
    let id = ("id", "编号");
    let mut open = base();
    open.add(&[("case", "箱")], FieldType::Id, None);
    open.add(&[("pallet", "托盘")], FieldType::Id, None);
    open.add(&[("product", "产品")], FieldType::Product, None);
    let store = ("store", "门店");
    let actor = open.add(&[store, id], FieldType::Id, None);
    let grades = FieldType::OneOf(vec![named("A", "甲"), named("B", "乙")]);
    open.add(&[store, ("grade", "等级")], grades, None);
    open.add(&[store, ("region", "区域")], FieldType::Region, None);
    let distributor = open.word(1);
    open.add(&[("distributor", "经销商"), id], FieldType::Id, Some(distributor));
    let banquet_known = open.word(1);
    let banquet = ("banquet", "宴席");
    open.add(&[banquet, id], FieldType::Id, Some(banquet_known));
    let tables = FieldType::Number { lo: 1, hi: 500, unit: NumberUnit::Thing("tables".into()) };
    open.add(&[banquet, ("tables", "桌数")], tables, Some(banquet_known));
    open.add(&[banquet, ("host", "主家")], FieldType::Id, Some(banquet_known));
    let on = open.word(1);
    open.add(&[banquet, ("on", "日期")], FieldType::Date, Some(on));
    let paid = open.word(1);
    open.add(&[("paid", "金额")], FieldType::Number { lo: 0, hi: 10_000, unit: NumberUnit::Fen }, Some(paid));
    let member = open.word(1);
    open.add(&[("member", "会员")], FieldType::YesNo, Some(member));
    let mut month = base();
    month.add(&[("distributor", "经销商"), id], FieldType::Id, None);
    let event = |name: Named, layout: Layout, actor, period_end| EventSchema {
        name,
        words: layout.next,
        fields: layout.fields,
        actor,
        period_end,
        after: None,
    };
    let product = |sku: &str| Product { sku: sku.into(), name: sku.into(), price: 100, units: vec![1] };
    Schema {
        channel: "白酒".into(),
        utc_offset: 28_800,
        roles: vec![named("store", "门店"), named("distributor", "经销商")],
        packs: vec![named("case", "箱"), named("pallet", "托盘")],
        events: vec![
            event(named("open_box", "开箱"), open, Some(actor), None),
            event(named("month_end_distributor", "经销商月结"), month, None, Some(Window::Month)),
        ],
        products: vec![product("SKU-1"), product("SKU-2")],
        regions: RegionTree::builtin(),
        hash: 0xABCD,
    }
}

fn decoder() -> EventDecoder {
    EventDecoder::of_schema(&schema())
}

const GOOD: &str = r#"{"id":"e1","event":"open_box","time":"2026-02-01T10:00:00+08:00","product":"SKU-2","case":"C1",
  "pallet":"P1","store":{"id":"S1","grade":"B","region":"四川/成都/锦江区"},"distributor":"D1",
  "banquet":{"id":"B1","tables":12,"host":"H1"}}"#;

/// The value of a field, by path.
fn read(record: &EventRecord, path: &str) -> i64 {
    let schema = schema();
    let fields = &schema.events[record.event.index()].fields;
    let field = fields.iter().find(|f| super::path(f) == path).unwrap();
    record.words[field.word.index()]
}

fn read_id(record: &EventRecord, path: &str) -> Option<String> {
    let schema = schema();
    let fields = &schema.events[record.event.index()].fields;
    let field = fields.iter().find(|f| super::path(f) == path).unwrap();
    Id::read(&record.words, field.word).text()
}

#[test]
fn an_event_is_read_in_full() {
    let record = decoder().decode(GOOD).unwrap();
    let schema = schema();
    assert_eq!(record.check(&schema), Ok(()));
    assert_eq!((record.time(), record.day()), (1_769_911_200, 20_485));
    assert_eq!(record.id().text().as_deref(), Some("e1"));
    assert_eq!(read(&record, "product"), 1);
    assert_eq!(read(&record, "store.grade"), 1);
    let region = schema.regions.resolve("510104").unwrap();
    assert_eq!(read(&record, "store.region"), i64::from(region.0));
    assert_eq!(read_id(&record, "distributor.id").as_deref(), Some("D1"));
    assert_eq!(read(&record, "banquet.tables"), 12);
    assert_eq!(read_id(&record, "banquet.host").as_deref(), Some("H1"));
}

#[test]
fn both_spellings_and_any_order_are_one_event() {
    let zh = r#"{"箱":"C1","托盘":"P1","宴席":{"主家":{"编号":"H1"},"桌数":12,"编号":"B1"},"经销商":{"id":"D1"},
      "门店":{"等级":"乙","区域":"510104","编号":"S1"},"产品":"SKU-2","时间":"2026-02-01T02:00:00Z","编号":"e1",
      "schema":"000000000000abcd","金额":null,"事件":"开箱"}"#;
    assert_eq!(decoder().decode(zh).unwrap(), decoder().decode(GOOD).unwrap());
}

#[test]
fn unknown_parties_are_zero_words() {
    let json = r#"{"event":"open_box","id":"e","time":"2026-02-01T10:00:00Z","product":"SKU-1","case":"C","pallet":"P",
      "store":{"id":"S","grade":"A","region":"四川"},"distributor":null}"#;
    let record = decoder().decode(json).unwrap();
    assert_eq!(record.check(&schema()), Ok(()));
    assert_eq!(read_id(&record, "distributor.id"), None);
    assert_eq!(read(&record, "banquet.tables"), 0);
}

/// The good event with one piece of its text replaced.
fn broken(from: &str, to: &str) -> EventError {
    assert!(GOOD.contains(from), "{from}");
    decoder().decode(GOOD.replacen(from, to, 1)).unwrap_err()
}

#[test]
fn errors_name_the_field_and_what_was_expected() {
    let cases = [
        (
            r#""open_box""#,
            r#""open_bx""#,
            Code::P0501,
            "event",
            "no event kind is called `open_bx`; there is `open_box`",
        ),
        (r#""id":"e1","#, "", Code::P0503, "id", "it is missing; expected an id as text that is not empty"),
        (r#","region":"四川/成都/锦江区""#, "", Code::P0503, "store.region", "it is missing"),
        (r#""tables":12,"#, "", Code::P0503, "banquet.tables", "expected a whole number from 1 to 500 tables"),
        (r#"{"id":"B1","tables":12,"host":"H1"}"#, r#""B1""#, Code::P0503, "banquet.tables", "it is missing"),
        (
            r#"{"id":"B1","tables":12,"host":"H1"}"#,
            r#"{"on":"2026-02-01"}"#,
            Code::P0503,
            "banquet.id",
            "it is missing",
        ),
        ("12", r#""12""#, Code::P0504, "banquet.tables", "expected a whole number from 1 to 500 tables, found `12`"),
        ("12", "12.5", Code::P0504, "banquet.tables", "found `12.5`"),
        ("12", "[1]", Code::P0504, "banquet.tables", "found `[…]`"),
        ("12", "{}", Code::P0504, "banquet.tables", "found `{…}`"),
        ("12", "501", Code::P0505, "banquet.tables", "expected 1 to 500 tables, found 501"),
        ("12", "18446744073709551615", Code::P0505, "banquet.tables", "found `18446744073709551615`"),
        (r#""C1""#, r#""""#, Code::P0504, "case", "expected an id as text that is not empty, found ``"),
        (r#""C1""#, "7", Code::P0504, "case", "expected an id as text that is not empty, found `7`"),
        ("SKU-2", "SKU-3", Code::P0506, "product", "no product has the SKU `SKU-3`; did you mean `SKU-1` or `SKU-2`"),
        ("四川/成都/锦江区", "四川/成都/绵江区", Code::P0507, "store.region", "did you mean `四川省/成都市/锦江区`"),
        ("四川/成都/锦江区", "朝阳", Code::P0508, "store.region", "`朝阳` can be several regions"),
        (r#""grade""#, r#""grad""#, Code::P0509, "store.grad", "there is `grade`"),
        (r#""case""#, r#""xyz""#, Code::P0509, "xyz", "there is `event`, `time`, `id`, `case`"),
        ("2026-02-01T", "2026-02-30T", Code::P0510, "time", "found `2026-02-30T10:00:00+08:00`"),
        (r#""2026-02-01T10:00:00+08:00""#, "1769911200", Code::P0510, "time", "found `1769911200`"),
        (
            r#""case""#,
            r#""schema":"ffff","case""#,
            Code::P0511,
            "schema",
            "schema `ffff`, this package has `000000000000abcd`",
        ),
        (r#""case""#, r#""时间":"2026-02-01T10:00:00Z","case""#, Code::P0513, "时间", "it is given twice"),
        (r#""case""#, r#""event":"open_box","case""#, Code::P0513, "event", "it is given twice"),
        (r#""grade":"B""#, r#""grade":"C""#, Code::P0514, "store.grade", "expected one of `A`, `B`, found `C`"),
    ];
    for (from, to, code, field, message) in cases {
        let error = broken(from, to);
        assert_eq!((error.code(), error.field()), (code, field), "{to}: {error}");
        assert!(error.text().en.contains(message), "{to}: {}", error.text().en);
        assert!(error.text().zh.starts_with(&format!("字段 `{field}`：")), "{}", error.text().zh);
        assert_eq!(error.text().en.to_lowercase().chars().next(), error.text().en.chars().next());
        assert!(!error.text().en.ends_with('.'));
    }
}

#[test]
fn every_truncation_is_an_error_and_says_so() {
    let decoder = decoder();
    for (end, _) in GOOD.char_indices() {
        let error = decoder.decode(GOOD.get(..end).unwrap()).unwrap_err();
        assert_eq!(error.code(), Code::P0502, "{end}: {error}");
        assert!(matches!(error.kind(), EventErrorKind::NotJson { truncated: true, .. }), "{end}: {error}");
    }
    // In the middle of a character it is not even text.
    let inside = GOOD.find('四').unwrap() + 1;
    assert_eq!(decoder.decode(&GOOD.as_bytes()[..inside]).unwrap_err().code(), Code::P0502);
    for junk in ["[]", "5", "null", "\"open_box\"", "{} {}", "{'a':1}", &format!("{GOOD}}}"), &"[".repeat(100_000)] {
        let error = decoder.decode(junk).unwrap_err();
        assert!([Code::P0502, Code::P0503].contains(&error.code()), "{junk}: {error}");
    }
}

#[test]
fn a_period_ends_at_its_last_second() {
    let json = |at: &str| format!(r#"{{"event":"经销商月结","id":"m","time":"{at}","distributor":"D1"}}"#);
    assert!(decoder().decode(json("2026-01-31T23:59:59+08:00")).is_ok());
    assert!(decoder().decode(json("2026-01-31T15:59:59Z")).is_ok());
    let error = decoder().decode(json("2026-01-31T23:59:58+08:00")).unwrap_err();
    assert_eq!((error.code(), error.field()), (Code::P0512, "time"));
    assert!(error.text().en.contains("`2026-01-31T23:59:59+08:00`"), "{error}");
    let error = decoder().decode(json("2026-02-01T00:00:00+08:00")).unwrap_err();
    assert!(error.text().zh.contains("`2026-02-28T23:59:59+08:00`"));
}

#[test]
fn long_ids_keep_their_text_beside_the_record() {
    let long = "https://example.com/code/0123456789";
    let (mut record, mut texts) = (EventRecord { event: EventId(0), words: vec![] }, IdTexts::default());
    let json = GOOD.replace("\"S1\"", &format!("\"{long}\""));
    decoder().decode_into(json.as_bytes(), &mut record, &mut texts).unwrap();
    let id = Id::from_text(long).unwrap();
    assert_eq!(texts.text(id).as_deref(), Some(long));
    assert_eq!(texts.text(Id::from_text("S9").unwrap()).as_deref(), Some("S9"));
    assert_eq!(texts.text(Id::from_text("another text that is long").unwrap()), None);
    assert!(decoder().decode_into(b"{", &mut record, &mut texts).is_err());
    assert!(record.words.is_empty());
}

#[test]
fn the_builder_makes_the_same_record() {
    let decoder = decoder();
    let field = |path: &str| decoder.field("open_box", path).unwrap();
    let build = || {
        EventBuilder::new(&decoder, "开箱")
            .unwrap()
            .at(1_769_911_200)
            .id("e1")
            .set(field("case"), "C1")
            .set(field("pallet"), "P1")
            .set(field("产品"), "SKU-2")
            .set(field("store.id"), Id::from_text("S1").unwrap())
            .set(field("门店.等级"), "B")
            .set(field("store.region"), schema().regions.resolve("510104").unwrap())
            .set(field("distributor"), "D1")
            .set(field("banquet.id"), "B1")
            .set(field("banquet.tables"), 12)
    };
    let record = build().set(field("banquet.host"), "H1").build().unwrap();
    assert_eq!(record, decoder.decode(GOOD).unwrap());
    let missing = build().build().unwrap_err();
    assert_eq!((missing.code(), missing.field()), (Code::P0503, "banquet.host"));
    let wrong = build().set(field("banquet.host"), 5).build().unwrap_err();
    assert_eq!((wrong.code(), wrong.field()), (Code::P0504, "banquet.host"));
    let twice = build().set(field("case"), "C2").build().unwrap_err();
    assert_eq!((twice.code(), twice.field()), (Code::P0513, "case"));
    let other = decoder.field("month_end_distributor", "distributor").unwrap();
    assert_eq!(build().set(other, "D").build().unwrap_err().code(), Code::P0511);
    assert_eq!(decoder.field("open_box", "store.grad").unwrap_err().code(), Code::P0509);
    assert_eq!(EventBuilder::new(&decoder, "x").unwrap_err().code(), Code::P0501);
}

proptest! {
    #[test]
    fn no_text_panics_and_what_is_read_is_sound(text in ".{0,200}") {
        prop_assert!(decoder().decode(&text).is_err());
    }

    #[test]
    fn no_edit_of_an_event_panics(at in 0usize..400, cut in 0usize..20, put in "[\\PC{}\\[\\]\":,0-9]{0,4}") {
        let schema = schema();
        let chars: Vec<char> = GOOD.chars().collect();
        let at = at % chars.len();
        let text: String = chars[..at].iter().copied().chain(put.chars()).chain(chars[(at + cut).min(chars.len())..].iter().copied()).collect();
        if let Ok(record) = EventDecoder::of_schema(&schema).decode(&text) {
            prop_assert_eq!(record.check(&schema), Ok(()));
        }
    }
}
