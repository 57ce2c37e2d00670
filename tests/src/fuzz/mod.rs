//! Fuzz targets as plain functions: `#[test]`s run some cases of each, `cargo run -p promo-tests --release --bin fuzz`
//! runs one for as long as it is told, and `tests/fuzz` hands them to libFuzzer where a nightly compiler is.

pub mod mutate;

use crate::generate::{Package, package, stream};
use crate::random::Random;
use mutate::Corpus;
use promo_compiler::ast::fmt::SecondNames;
use promo_compiler::ast::{File, fmt, from_pairs};
use promo_compiler::diagnostic::{Diagnostics, render};
use promo_compiler::ir::record::EventRecord;
use promo_compiler::ir::schema::{FieldType, Schema};
use promo_compiler::package::{InputFile, PackageInput};
use promo_compiler::pipeline;
use promo_compiler::source::{SourceId, Spelling};
use promo_runtime::event::{EventDecoder, format_instant};
use std::fmt::Write as _;

/// The targets by name.
pub const TARGETS: &[&str] = &["compile", "event", "fmt", "differ"];

/// Any bytes as a policy file: compiled and rendered in both languages, never a panic.
pub fn compile(data: &[u8]) {
    let files = vec![
        InputFile::from_bytes("fuzz.promo", data.to_vec()),
        InputFile::new(
            "products.csv",
            "sku,name,category,price,pack\nSKU-1,a,高端/青花,10.00,6/40\nSKU-2,b,饮料,5,6/40\n",
        ),
        InputFile::new("regions.csv", "code,name,parent\n1,四川省,\n11,成都市,1\n12,泸州市,1\n2,重庆市,\n"),
    ];
    let found = pipeline::compile(&PackageInput { root_name: "fuzz".into(), files, manifest_optional: true });
    assert!(found.program.is_some() != found.diagnostics.has_errors(), "a program or an error, not both or neither");
    for lang in [Spelling::En, Spelling::Zh] {
        let text = render::human_all(&found.diagnostics, &found.sources, lang, false);
        assert!(!text.is_empty() || found.diagnostics.0.is_empty());
    }
}

/// What event bytes are read against.
#[derive(Debug)]
pub struct Events {
    schema: Schema,
    decoder: EventDecoder,
}

impl Events {
    /// The events of the first generated package from `seed` on that compiles.
    pub fn new(seed: u64) -> Events {
        let program = (seed..).find_map(|s| pipeline::compile(&package(s).input()).program);
        let schema = program.map(|p| p.schema).expect("most seeds compile");
        Events { decoder: EventDecoder::of_schema(&schema), schema }
    }

    /// Any bytes as an event: a record that keeps everything the compiler relied on, or an error.
    pub fn decode(&self, data: &[u8]) {
        match self.decoder.decode(data) {
            Ok(record) => assert_eq!(record.check(&self.schema), Ok(()), "{}", String::from_utf8_lossy(data)),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }

    /// A valid event as JSON, which must be read back as it was.
    pub fn sample(&self, r: &mut Random) -> String {
        let record = stream::event(&self.schema, 1_770_000_000 + r.between(0, 9_000_000), r.below(1_000), r);
        let (json, exact) = json(&self.schema, &record);
        match self.decoder.decode(&json) {
            Ok(back) => assert!(!exact || back == record, "{json}\n{record:?}\n{back:?}"),
            Err(error) => panic!("{error}: {json}"),
        }
        json
    }
}

/// An event as JSON, and whether all its ids can be read back from it.
fn json(schema: &Schema, record: &EventRecord) -> (String, bool) {
    use promo_compiler::ir::record::{Id, value};
    let layout = &schema.events[record.event.index()];
    let (mut top, mut exact) = (serde_json::Map::new(), true);
    top.insert("event".into(), layout.name.name.clone().into());
    for field in &layout.fields {
        if field.present.is_some_and(|p| value(&record.words, p) == 0) {
            continue;
        }
        let word = value(&record.words, field.word);
        let value: serde_json::Value = match &field.ty {
            FieldType::Instant => format_instant(word, schema.utc_offset).into(),
            FieldType::Date => {
                let (year, month, day) = promo_compiler::ir::key::civil(word);
                format!("{year:04}-{month:02}-{day:02}").into()
            }
            FieldType::Id => {
                let id = Id::read(&record.words, field.word);
                exact &= id.text().is_some();
                id.text().unwrap_or_else(|| format!("a-long-id-{:x}", id.0)).into()
            }
            FieldType::Product => schema.products[word as usize].sku.clone().into(),
            FieldType::Region => schema.regions.path(promo_compiler::regions::RegionId(word as u32)).into(),
            FieldType::YesNo => (word == 1).into(),
            FieldType::OneOf(values) => values[word as usize].name.clone().into(),
            FieldType::Number { .. } => word.into(),
        };
        let (last, owner) = (field.path[field.path.len() - 1].name.clone(), field.path[0].name.clone());
        if field.path.len() == 1 {
            top.insert(last, value);
        } else if let Some(object) = top.entry(owner).or_insert_with(|| serde_json::Map::new().into()).as_object_mut() {
            object.insert(last, value);
        }
    }
    (serde_json::Value::Object(top).to_string(), exact)
}

/// Formats the package of a seed, with comments strewn in: formatting is its own fixed point, Chinese to English and
/// back is the same text, and neither a comment nor the meaning is lost.
pub fn formatting(seed: u64) {
    let mut original = package(seed);
    let mut r = Random::new(seed ^ 0xF0F0);
    original.files.iter_mut().filter(|f| f.0.ends_with(".promo")).for_each(|f| f.1 = with_comments(&f.1, &mut r));
    let compiled = pipeline::compile(&original.input());
    let Some(program) = &compiled.program else { return };
    let names = SecondNames::of(&compiled.files);
    let spell = |of: &Package, target: Spelling| {
        let mut out = of.clone();
        for (name, text) in out.files.iter_mut().filter(|f| f.0.ends_with(".promo")) {
            let file = parsed(text, name, seed);
            let new = fmt::format(&file, text, target, &names);
            let again = fmt::format(&parsed(&new, name, seed), &new, target, &names);
            assert_eq!(new, again, "seed {seed}, {name}: {target:?} is not its own canonical form");
            let comments = |f: &File| f.comments.iter().map(|c| c.text.clone()).collect::<Vec<_>>();
            assert_eq!(comments(&file), comments(&parsed(&new, name, seed)), "seed {seed}, {name}: comments");
            *text = new;
        }
        out
    };
    let zh = spell(&original, Spelling::Zh);
    let en = spell(&zh, Spelling::En);
    let back = spell(&en, Spelling::Zh);
    for (one, two) in zh.files.iter().zip(&back.files) {
        assert_eq!(one, two, "seed {seed}: Chinese to English and back");
    }
    for (package, target) in [(&zh, "Chinese"), (&en, "English")] {
        let again = pipeline::compile(&package.input());
        let errors: Vec<_> = again.diagnostics.0.iter().map(|d| d.message.en.clone()).collect();
        let hash = again.program.map(|p| p.semantic_hash);
        assert_eq!(hash.as_ref(), Some(&program.semantic_hash), "seed {seed} in {target}: {errors:?}");
    }
}

fn parsed(text: &str, name: &str, seed: u64) -> File {
    let mut out = Diagnostics::default();
    let file = from_pairs::parse(SourceId(0), text, &mut out);
    let first = out.0.first().map(|d| d.message.en.clone());
    assert!(!out.has_errors(), "seed {seed}, {name}: formatted text has an error: {first:?}\n{text}");
    file
}

/// Comments behind and between some lines, and some blank lines.
fn with_comments(text: &str, r: &mut Random) -> String {
    let mut out = String::new();
    for (n, line) in text.lines().enumerate() {
        let indent: String = line.chars().take_while(|c| *c == ' ').collect();
        match r.below(12) {
            0 => {
                let _ = writeln!(out, "{line} // behind {n}，行尾");
            }
            1 => {
                let _ = writeln!(out, "{indent}// 在前 {n}\n{line}");
            }
            2 => {
                let _ = writeln!(out, "{indent}/* block {n}\n   two lines */\n{line}");
            }
            3 => {
                let _ = writeln!(out, "\n\n{line}");
            }
            _ => {
                let _ = writeln!(out, "{line}");
            }
        }
    }
    out
}

/// Reference and machine code on the package of a seed.
pub fn differ(seed: u64, events: usize) {
    if let Err(difference) = crate::differential::run(seed, events, &mut crate::differential::Seen::default()) {
        panic!("{difference}");
    }
}

/// Runs case number `seed` of a target; answers what was run, for a report of a panic.
pub fn case(target: &str, seed: u64, corpus: &Corpus, events: &Events) {
    let mut r = Random::new(seed);
    match target {
        "compile" => compile(&corpus.mutant(&mut r)),
        "event" => {
            let sample = events.sample(&mut r);
            events.decode(&corpus.damage(sample.into_bytes(), &mut r));
        }
        "fmt" => formatting(seed),
        _ => differ(seed, 60),
    }
}
