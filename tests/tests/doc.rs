//! `promo doc`: nothing a policy says is left out, in either language, for every package of the repository.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

use promo_compiler::ast::Item;
use promo_compiler::diagnostic::Lang;
use promo_compiler::doc::{self, Document, Request, html, markdown, tree::Block};
use promo_compiler::package::PackageInput;
use promo_compiler::pipeline::{Compilation, compile};
use promo_tests::literals::{self, Literal};
use promo_tests::packages;
use promo_tests::suite;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

const BOTH: [Lang; 2] = [Lang::Zh, Lang::En];

fn contract(c: &Compilation, lang: Lang) -> Document {
    doc::contract(c.hir.as_ref().unwrap(), c.program.as_ref().unwrap(), Request { name: "p", policies: &[], lang })
}

/// What has a document: the packages of the repository, and the good cases of the suite, which say the rest.
fn inputs() -> Vec<(String, PackageInput)> {
    let folders = packages::folders().unwrap().into_iter();
    let mut all: Vec<(String, PackageInput)> =
        folders.map(|folder| (folder.display().to_string(), packages::input(&folder).unwrap())).collect();
    all.extend(suite::cases("good").unwrap().into_iter().map(|case| (case.name, case.input)));
    all
}

/// The document without its hashes, which would differ whatever is left out.
fn body(document: &Document) -> Document {
    let end = document.blocks.iter().rposition(|b| matches!(b, Block::Heading { level: 2, .. })).unwrap();
    Document { blocks: document.blocks[..end].to_vec(), ..document.clone() }
}

/// What a reader takes from it: the sentences and cells, without the numbers of clauses and tables.
fn words(document: &Document) -> String {
    let mut text = String::new();
    for block in &body(document).blocks {
        match block {
            Block::Heading { .. } => {}
            Block::Paragraph(words) | Block::Clause { text: words, .. } => text.push_str(&format!("{words}\n")),
            Block::Table(table) => {
                let cells = table.header.iter().chain(table.rows.iter().flatten());
                text.push_str(&format!("{}\n", table.caption));
                cells.for_each(|cell| text.push_str(&format!("{cell}\n")));
            }
        }
    }
    text
}

/// Everything a promise can be written in: what belongs to no test and to no channel model, and is no template that nobody
/// fills.
fn promises(c: &Compilation) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    let instances = c.files.iter().flat_map(|file| &file.items).filter_map(|item| match item {
        Item::Instance(i) => Some(&i.template.text),
        _ => None,
    });
    let filled: BTreeSet<&String> = instances.collect();
    let of = |item: &Item| match item {
        Item::Policy(p) => Some(p.span),
        Item::Instance(i) => Some(i.span),
        Item::Template(t) if filled.contains(&t.name.text) => Some(t.span),
        Item::Group(g) => Some(g.span),
        Item::Coupon(c) => Some(c.span),
        Item::Invariant(i) => Some(i.span),
        Item::Experiment(e) => Some(e.span),
        _ => None,
    };
    for file in &c.files {
        let name = c.sources.get(file.source).unwrap().name.clone();
        let spans = file.items.iter().filter_map(of);
        found.extend(spans.map(|s| (name.clone(), s.start as usize..s.end as usize)));
    }
    found
}

#[test]
fn every_number_and_date_of_a_policy_is_in_its_document() {
    let (mut seen, mut missing) = (0, String::new());
    for (of, input) in inputs() {
        let c = compile(&input);
        let mut wanted = BTreeSet::new();
        for (name, span) in promises(&c) {
            let text = c.sources.iter().find(|(_, s)| s.name == name).unwrap().1.text.clone();
            wanted.extend(literals::values(&text[span], true));
        }
        for lang in BOTH {
            let told = literals::values(&words(&contract(&c, lang)), false);
            let lost: Vec<&Literal> = wanted.iter().filter(|v| !told.contains(v)).collect();
            if !lost.is_empty() {
                missing.push_str(&format!("{of} {lang:?}: {lost:?}\n"));
            }
            seen += wanted.len();
        }
    }
    assert!(missing.is_empty(), "{missing}");
    assert!(seen > 200, "{seen} literals");
}

/// Words with another meaning in their place, so that a document that does not tell them apart is found.
const SWAPS: &[(&str, &str)] = &[
    ("至少", "超过"),
    ("超过", "至少"),
    ("低于", "至多"),
    ("至多", "低于"),
    ("达到", "超过"),
    ("超过", "达到"),
    ("取高", "累加"),
    ("累加", "取高"),
    ("全额", "取高"),
    ("分段", "全额"),
    ("停止", "付余额"),
    ("付余额", "停止"),
    ("追回", "保留"),
    ("保留", "追回"),
    ("按比例", "追回"),
    ("税后", "税前"),
    ("税前", "税后"),
    ("每天", "每月"),
    ("每月", "每年"),
    ("本年", "本季度"),
    ("本月", "累计"),
    ("当天", "本月"),
    ("择优", "叠加"),
    ("择先", "择优"),
    ("叠加", "择先"),
    ("且 他人", ""),
    ("他人", "同一人"),
    ("同一人", "他人"),
    (" 且 同一天", ""),
    ("最近 3 个月 每月", "最近 3 个月"),
    ("上月", "本月"),
    ("昨天", "当天"),
    ("每小时", "每天"),
    ("已送 红包", "已送 points"),
    ("(pair 已知) ", ""),
    ("by another person", "by the same person"),
    (" on the same day", ""),
    ("in each of the last", "last"),
    ("last month", "this month"),
    ("yesterday", "today"),
    ("that gave cash", "that gave points"),
    ("is not", "is"),
    ("减半", "全部取消"),
    ("全部取消", "减半"),
    ("次月 支付", "24 小时内 支付"),
    ("15 天内 支付", "15 小时内 支付"),
    ("30 个工作日内 支付", "30 天内 支付"),
    ("15 个自然日内", "15 小时内"),
    ("同一用户", "消费者"),
    ("全部奖励", "红包"),
    ("奖品价值", "全部奖励"),
    ("对 每 瓶", "对 每 箱"),
    ("对 每 消费者 每天", "对 每 消费者 每月"),
    ("试点 四川/成都", "试点 四川/泸州"),
    ("half", "cancel all"),
    ("cancel all", "half"),
    ("pay next month", "pay within 24 hours"),
    ("per same user", "per consumer"),
    ("all rewards", "cash"),
    ("prize value", "all rewards"),
    ("封顶", "保底"),
    ("保底", "封顶"),
    ("渠道促销", "消费者促销"),
    ("为 是", "为 否"),
    ("已知", "未知"),
    ("为 A", "不为 A"),
    ("at least", "over"),
    ("over", "at least"),
    ("under", "at most"),
    ("from", "over"),
    ("highest", "each"),
    ("each", "highest"),
    ("whole", "highest"),
    ("marginal", "whole"),
    ("stop", "cut"),
    ("cut", "stop"),
    ("take back", "keep"),
    ("keep", "take back"),
    ("in proportion", "keep"),
    ("net", "gross"),
    ("gross", "net"),
    ("per day", "per month"),
    ("this month", "this year"),
    ("this year", "ever"),
    ("TP", "CP"),
    ("is known", "is unknown"),
];

/// Every way to change a policy a little: another number, another day, another word, a line less.
fn mutants(text: &str, span: &Range<usize>) -> Vec<(Range<usize>, String)> {
    let mut all = Vec::new();
    let inside = &text[span.clone()];
    let shift = |r: Range<usize>| r.start + span.start..r.end + span.start;
    for found in literals::find(inside, true) {
        let written = &inside[found.range.clone()];
        let new = match found.value {
            Literal::Date(y, m, d) => format!("{y}-{m:02}-{:02}", if d > 27 { d - 1 } else { d + 1 }),
            _ => {
                // The last digit, so that `8.80` becomes `8.81`; a nine goes down.
                let (head, last) = written.split_at(written.len() - 1);
                let digit: u32 = last.parse().unwrap();
                format!("{head}{}", if digit == 9 { 8 } else { digit + 1 })
            }
        };
        all.push((shift(found.range), new));
    }
    for (old, new) in SWAPS {
        all.extend(inside.match_indices(old).map(|(at, _)| (shift(at..at + old.len()), (*new).to_owned())));
    }
    let mut at = 0;
    for line in inside.split_inclusive('\n') {
        all.push((shift(at..at + line.len()), "\n".to_owned()));
        at += line.len();
    }
    all
}

fn changed(input: &PackageInput, name: &str, at: &Range<usize>, new: &str) -> Compilation {
    let mut input = input.clone();
    let file = input.files.iter_mut().find(|f| f.name == name).unwrap();
    file.text.replace_range(at.clone(), new);
    compile(&input)
}

#[test]
fn what_changes_the_meaning_changes_the_document() {
    let (mut seen, mut blind) = (0, String::new());
    for (of, input) in inputs() {
        let c = compile(&input);
        let hash = &c.program.as_ref().unwrap().semantic_hash;
        let before = BOTH.map(|lang| body(&contract(&c, lang)).blocks);
        for (name, span) in promises(&c) {
            let text = c.sources.iter().find(|(_, s)| s.name == name).unwrap().1.text.clone();
            for (at, new) in mutants(&text, &span) {
                let other = changed(&input, &name, &at, &new);
                // A change that does not compile or means the same is no change to tell.
                let Some(program) = &other.program else { continue };
                if program.semantic_hash == *hash {
                    continue;
                }
                seen += 1;
                for (lang, before) in BOTH.iter().zip(&before) {
                    if body(&contract(&other, *lang)).blocks == *before {
                        let was = &text[at.clone()];
                        let line = text[..at.start].lines().count();
                        blind.push_str(&format!("{of}/{name}:{line} {lang:?}: {was:?} -> {new:?}\n"));
                    }
                }
            }
        }
    }
    assert!(blind.is_empty(), "the document does not tell these apart:\n{blind}");
    assert!(seen > 300, "{seen} mutants");
}

#[test]
fn both_formats_say_the_same_and_the_page_needs_nothing_else() {
    for (of, input) in inputs() {
        let c = compile(&input);
        for lang in BOTH {
            let document = contract(&c, lang);
            let (md, page) = (markdown::render(&document), html::render(&document));
            for outside in ["<script", "http:", "https:", "src=", "@import", "url("] {
                assert!(!page.contains(outside), "{outside} in {of}");
            }
            for block in &document.blocks {
                if let Block::Clause { number, text } = block {
                    assert!(md.contains(&format!("**{number}** ")), "{number}");
                    assert!(page.contains(&html::escape(text)), "{number}");
                }
            }
            for policy in &c.hir.as_ref().unwrap().policies {
                assert!(page.contains(&format!("id=\"{}\"", html::escape(&policy.name))));
            }
            assert!(md.contains(&c.program.as_ref().unwrap().semantic_hash));
            let hole = |l: &&str| l.contains("  ") || l.contains("，。") || l.contains("（）");
            assert_eq!(md.lines().find(hole), None, "holes in the sentences of {of}");
        }
    }
}

#[test]
fn a_document_can_be_of_one_policy() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/order-gift");
    let c = compile(&packages::input(&folder).unwrap());
    let only = ["year_volume".to_owned()];
    let request = Request { name: "p", policies: &only, lang: Lang::Zh };
    let md = markdown::render(&doc::contract(c.hir.as_ref().unwrap(), c.program.as_ref().unwrap(), request));
    assert!(md.contains("year_volume") && !md.contains("order_gift"), "{md}");
}

/// A table of more than fifty rows stands for itself: twenty of them and how many there are.
#[test]
fn a_long_data_table_is_begun_and_counted() {
    let mut input = packages::input(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/per-store")).unwrap();
    for (rows, shown) in [(50, 50), (51, 20)] {
        let core = input.files.iter_mut().find(|f| f.name == "core.csv").unwrap();
        core.text = (1..=rows).map(|n| format!("\nS{n:03}")).fold("门店".to_owned(), |all, row| all + &row);
        let c = compile(&input);
        for lang in BOTH {
            let document = contract(&c, lang);
            let at =
                document.blocks.iter().position(|b| matches!(b, Block::Table(t) if t.rows[0] == ["S001"])).unwrap();
            let (Block::Clause { text, .. }, Block::Table(table)) = (&document.blocks[at - 1], &document.blocks[at])
            else {
                panic!("{:?}", document.blocks[at - 1]);
            };
            assert!(text.contains(&rows.to_string()), "{text}");
            assert_eq!(table.rows.len(), shown);
            assert_eq!(table.rows[shown - 1], [format!("S{shown:03}")]);
        }
    }
}

#[test]
fn contracts_read_as_in_their_snapshots() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies");
    let names = [
        "taishan-prizes",
        "rebate-split",
        "rebate-marginal",
        "linked-store",
        "order-gift",
        "redbull-case",
        "banquet-life",
        "returns",
        "per-store",
        "meal-coupons",
    ];
    let library = names.iter().map(|name| (*name, packages::input(&root.join(name)).unwrap()));
    let cases =
        ["history_zh", "drawn_entries_zh", "prizes_zh", "roll_out_zh", "same_user_zh", "invariants_zh"].into_iter();
    let cases =
        cases.map(|name| (name, suite::read(&suite::folder().join(format!("check/good/{name}.promo"))).unwrap().input));
    settings.bind(|| {
        for (name, input) in library.chain(cases) {
            let c = compile(&input);
            for (lang, tag) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
                let document = contract(&c, lang);
                insta::assert_snapshot!(format!("doc@{name}.{tag}.md"), markdown::render(&document));
                if name == "taishan-prizes" {
                    insta::assert_snapshot!(format!("doc@{name}.{tag}.html"), html::render(&document));
                }
            }
        }
    });
}

#[test]
fn the_notice_of_the_example_reads_as_in_its_snapshot() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let c = compile(&packages::input(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/liquor")).unwrap());
    settings.bind(|| {
        for (lang, tag) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
            let request = Request { name: "春江酒业", policies: &[], lang };
            let found = doc::disclosure(c.hir.as_ref().unwrap(), c.program.as_ref().unwrap(), request, &c.files);
            insta::assert_snapshot!(format!("notice@{tag}.md"), markdown::render(&found.unwrap().unwrap()));
        }
    });
}

/// The chances a document states are those the machine draws by: the upper ends of its comparisons.
#[test]
fn the_stated_chances_are_those_of_the_machine() {
    use promo_compiler::ir::Node;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/taishan-prizes");
    let c = compile(&packages::input(&folder).unwrap());
    let document = contract(&c, Lang::En);
    let tables = document.blocks.iter().filter_map(|b| if let Block::Table(t) = b { Some(t) } else { None });
    let table = tables.into_iter().find(|t| t.caption.starts_with("prizes")).unwrap();
    let stated: Vec<i64> = table
        .rows
        .iter()
        .map(|row| match literals::find(&row[1], false)[0].value {
            Literal::Rate(millionths) => (millionths / 100) as i64,
            other => panic!("{other:?}"),
        })
        .collect();
    let nodes = &c.program.as_ref().unwrap().rules[0].nodes;
    let of_draw = |id: &promo_compiler::ir::NodeId| matches!(nodes[id.index()], Node::Uniform(_, 1_000_000));
    let mut ends: Vec<i64> = nodes
        .iter()
        .filter_map(|node| match node {
            Node::Lt(a, b) if of_draw(a) => match nodes[b.index()] {
                Node::Const(end) => Some(end),
                _ => None,
            },
            _ => None,
        })
        .collect();
    ends.sort_unstable();
    ends.dedup();
    let mut sum = 0;
    let totals: Vec<i64> = stated
        .iter()
        .map(|share| {
            sum += share;
            sum
        })
        .collect();
    assert_eq!(sum, 1_000_000);
    // The last row is what the others leave; the machine may test it or not.
    ends.retain(|end| *end < sum);
    assert_eq!(ends, totals[..totals.len() - 1]);
}
