#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::diagnostic::render;
use crate::source::Spelling;

fn input(files: &[(&str, &str)]) -> PackageInput {
    let files = files.iter().map(|(name, text)| InputFile::new(*name, *text)).collect();
    PackageInput { root_name: "p".into(), files, manifest_optional: false }
}

/// The findings as short lines, or the names of the loaded files.
fn run(input: &PackageInput) -> String {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let data = read(input, &mut sources, &mut out);
    assert_eq!(data.is_none(), out.has_errors());
    let names = |data: PackageData| {
        let mut ids = data.promo_sources;
        ids.extend(data.products);
        ids.iter().map(|id| sources.get(*id).unwrap().name.as_str()).collect::<Vec<_>>().join(" ") + "\n"
    };
    data.map(names).unwrap_or_else(|| render::all(render::Format::Short, &out, &sources, Spelling::En, false))
}

const HEAD: &str = "[package]\nname = \"甲\"\nlanguage = \"1\"\n";

#[test]
fn a_package_is_its_manifest_and_the_files_it_names() {
    let manifest = format!(
        "{HEAD}channel = \"model/channel.txt\"\npolicies = [\"*.promo\"]\nlocale = \"zh\"\n[catalogue]\nproducts = \"商品.csv\"\n"
    );
    let input = input(&[
        ("b.promo", ""),
        ("sub/a.promo", ""),
        ("model/channel.txt", ""),
        ("README.md", ""),
        ("商品.csv", "sku,name,category,price,pack\nA,a,x,1,6\n"),
        (MANIFEST, &manifest),
    ]);
    assert_eq!(run(&input), "model/channel.txt b.promo sub/a.promo 商品.csv\n");
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let data = read(&input, &mut sources, &mut out).unwrap();
    assert_eq!((data.manifest.name.as_str(), data.manifest.locale), ("甲", Some(Spelling::Zh)));
    assert_eq!(load_catalogue(&data, 2, &sources, &mut out).unwrap().products[0].units, [1, 6]);
    assert!(load_catalogue(&data, 3, &sources, &mut out).is_none());
    let shown = render::human_all(&out, &sources, Spelling::Zh, false);
    insta::assert_snapshot!(shown, @r"
    错误[P0609]：包装列出了 1 个数，而渠道模型在最小包装之上有 2 级包装
       ╭─[ 商品.csv:2:9 ]
       │
     2 │ A,a,x,1,6
       │         ┬
       │         ╰── 第 2 行，`pack` 列
    ───╯
      = 帮助：从最小包装往上写：`6/6`
    ");
}

#[test]
fn every_mistake_of_the_manifest_is_reported() {
    let manifest = "\
nmae = 1
package = { nam = 1, language = \"2\", locale = \"de\", policies = \"x\" }
[catalog]
products = \"a.csv\"
[catalogue]
product = \"a.csv\"
regions = \"region.csv\"
[lints]
P0101 = \"deny\"
P9999 = 3
";
    let shown = run(&input(&[(MANIFEST, manifest), ("regions.csv", ""), ("a.promo", "")]));
    insta::assert_snapshot!(shown, @r"
    promo.toml:1:1: error[P0602]: the key `nmae` is unknown
    promo.toml:2:13: error[P0602]: the key `nam` is unknown
    promo.toml:2:33: error[P0606]: the language version `2` is unknown
    promo.toml:2:47: error[P0603]: the value of `locale` is not of the right kind
    promo.toml:2:64: error[P0603]: the value of `policies` is not of the right kind
    promo.toml:3:2: error[P0602]: the key `catalog` is unknown
    promo.toml:6:1: error[P0602]: the key `product` is unknown
    promo.toml:9:1: error[P0602]: `P0101` is not the code of a lint
    promo.toml:10:1: error[P0602]: `P9999` is not the code of a lint
    promo.toml:10:9: error[P0603]: the value of `P9999` is not of the right kind
    promo.toml:2:1: error[P0603]: `name` is missing
    promo.toml:7:11: error[P0604]: the package has no file `region.csv`
    ");
}

#[test]
fn broken_packages() {
    let case = |manifest: &str| run(&input(&[(MANIFEST, manifest), ("a.txt", "")]));
    insta::assert_snapshot!(case("[package\n"), @"promo.toml:1:9: error[P0601]: `promo.toml` is not valid TOML: unclosed table, expected `]`");
    insta::assert_snapshot!(case("[package]\nname = \"a\"\nname = \"b\"\n"), @"promo.toml:3:1: error[P0601]: `promo.toml` is not valid TOML: duplicate key");
    insta::assert_snapshot!(case(HEAD), @"promo.toml:1:2: error[P0613]: the package has no `.promo` file");
    insta::assert_snapshot!(case(&format!("{HEAD}policies = [\"rules/*.promo\"]\n")), @"promo.toml:4:13: error[P0604]: no file of the package fits `rules/*.promo`");
    insta::assert_snapshot!(case(&format!("\u{feff}{HEAD}channel = 3\n")), @r"
    promo.toml:4:11: error[P0603]: the value of `channel` is not of the right kind
    promo.toml:1:3: error[P0613]: the package has no `.promo` file
    ");
    insta::assert_snapshot!(case(""), @r"
    promo.toml:1:1: error[P0603]: `name` is missing
    promo.toml:1:1: error[P0603]: `language` is missing
    promo.toml:1:1: error[P0613]: the package has no `.promo` file
    ");
    insta::assert_snapshot!(run(&input(&[("a.promo", "")])), @"error[P0604]: the package has no `promo.toml`");
}

#[test]
fn bytes_that_are_not_utf8_are_pointed_at() {
    let mut input = input(&[(MANIFEST, &format!("{HEAD}[catalogue]\nproducts = \"p.csv\"\n")), ("a.promo", "")]);
    input.files.push(InputFile::from_bytes("p.csv", b"sku\n\xb0\xd7\xbe\xc6\n".to_vec()));
    input.files.push(InputFile::from_bytes("unused.csv", b"\xff".to_vec()));
    assert_eq!(run(&input), "p.csv:2:1: error[P0605]: `p.csv` is not UTF-8 text\n");
}

#[test]
fn own_regions_replace_the_built_in_tree() {
    let manifest = format!("{HEAD}[catalogue]\nregions = \"r.csv\"\n");
    let with = |regions: &str| input(&[(MANIFEST, &manifest), ("a.promo", ""), ("r.csv", regions)]);
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let data = read(&with("code,name,parent\n1,东部,\n2,上海区,1\n"), &mut sources, &mut out).unwrap();
    assert_eq!(data.regions.len(), 3);
    insta::assert_snapshot!(run(&with("code,name,parent\n1,东部,\n2,上海,7\n1,x,\n")), @r"
    r.csv:3:6: error[P0612]: no row has this parent's code
    r.csv:4:1: error[P0611]: this `code` was used in row 2
    ");
    insta::assert_snapshot!(run(&with("code;name;parent\n")), @r"
    r.csv:1:1: error[P0607]: the header has no column `code`
    r.csv:1:1: error[P0607]: the header has no column `name`
    r.csv:1:1: error[P0607]: the header has no column `parent`
    ");
}

#[test]
fn one_text_is_a_package_for_tests() {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let input = PackageInput::inline("t.promo", "channel x {}", Some("sku,name,category,price\nA,a,,1\n"));
    let data = read(&input, &mut sources, &mut out).unwrap();
    assert_eq!(load_catalogue(&data, 1, &sources, &mut out).unwrap().sku("A"), Some(0));
    let bare = read(&PackageInput::inline("t.promo", "", None), &mut sources, &mut out).unwrap();
    assert_eq!(load_catalogue(&bare, 3, &sources, &mut out).unwrap().products, []);
    assert_eq!(out, Diagnostics::default());
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    let nested = format!("{HEAD}policies = {}", "[".repeat(100_000));
    assert!(run(&input(&[(MANIFEST, &nested), ("a.promo", "")])).contains("P0601"));
    let tables = format!("{HEAD}[a{}]\n", ".a".repeat(100_000));
    assert!(run(&input(&[(MANIFEST, &tables), ("a.promo", "")])).contains("P060"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_panics(text in "(\\PC|[\"\\n\\[\\]=,./-]){0,60}", packs in 0usize..4) {
        let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
        let with = input(&[(MANIFEST, &format!("{HEAD}{text}")), (PRODUCTS, &text), (REGIONS, &text), ("a.promo", "")]);
        read(&with, &mut sources, &mut out);
        let data = PackageInput { manifest_optional: true, files: with.files[1..].to_vec(), ..with };
        read(&data, &mut sources, &mut out);
        for (head, read) in [
            ("sku,name,category,price,pack", (|t, n| Catalogue::from_csv(t, n).err()) as fn(&str, usize) -> _),
            ("code,name,parent", |t, _| RegionTree::from_csv(t).err()),
        ] {
            let text = format!("{head}\n{text}");
            let id = sources.add("d.csv", text.as_str());
            for error in read(&text, packs).into_iter().flatten() {
                out.push(error.diagnostic(id));
            }
        }
        for (_, format) in render::Format::ALL {
            render::all(*format, &out, &sources, Spelling::Zh, true);
        }
        let _ = RegionTree::builtin().resolve(&text);
        let _ = crate::calendar::parse_rfc3339(&text).and_then(|t| crate::calendar::print_rfc3339(t, 0));
        let _ = (crate::calendar::offset(&text), crate::calendar::parse_day(&text));
    }
}
