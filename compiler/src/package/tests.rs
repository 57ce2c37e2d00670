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
    insta::assert_snapshot!(shown, @"");
}

#[test]
fn broken_packages() {
    let case = |manifest: &str| run(&input(&[(MANIFEST, manifest), ("a.txt", "")]));
    insta::assert_snapshot!(case("[package\n"), @"");
    insta::assert_snapshot!(case("[package]\nname = \"a\"\nname = \"b\"\n"), @"");
    insta::assert_snapshot!(case(HEAD), @"");
    insta::assert_snapshot!(case(&format!("{HEAD}policies = [\"rules/*.promo\"]\n")), @"");
    insta::assert_snapshot!(case(&format!("\u{feff}{HEAD}channel = 3\n")), @"");
    insta::assert_snapshot!(case(""), @"");
    insta::assert_snapshot!(run(&input(&[("a.promo", "")])), @"");
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
    insta::assert_snapshot!(run(&with("code,name,parent\n1,东部,\n2,上海,7\n1,x,\n")), @"");
    insta::assert_snapshot!(run(&with("code;name;parent\n")), @"");
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
